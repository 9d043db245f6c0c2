//! What the words of an answer name: a process, which ends a branch, or a person, which never does.
//!
//! Lists of plain English words; whoever writes otherwise says `process:` or ends the branch by key.

use crate::incident::Incident;

/// Reads what was typed as an answer: `process: no review of config pushes` ends the branch, and so does what plainly
/// says that something is missing which a team would have as a process. What names a person ends nothing.
pub fn read<'t>(text: &'t str, incident: &Incident) -> (&'t str, bool) {
    let text = text.trim();
    if let Some((head, rest)) = text.split_once(':')
        && head.trim().eq_ignore_ascii_case("process")
        && !rest.trim().is_empty()
    {
        return (rest.trim(), true);
    }
    (text, names_process(text) && !People::of(incident).are_named_in(text))
}

/// Something a team has, or has not, whoever is on duty.
const PROCESSES: [&str; 40] = [
    "alarm",
    "alert",
    "alerting",
    "approval",
    "budget",
    "canary",
    "check",
    "checklist",
    "checks",
    "ci",
    "documentation",
    "drill",
    "drills",
    "gate",
    "guardrail",
    "handover",
    "lint",
    "limit",
    "monitoring",
    "owner",
    "ownership",
    "policy",
    "practice",
    "procedure",
    "process",
    "quota",
    "review",
    "reviews",
    "rollback",
    "rollout",
    "rotation",
    "rule",
    "runbook",
    "sop",
    "staging",
    "standard",
    "test",
    "tests",
    "training",
    "validation",
];

fn names_process(text: &str) -> bool {
    let words: Vec<String> = words(text).map(str::to_lowercase).collect();
    let missing = |word: &String| matches!(word.as_str(), "no" | "without" | "missing" | "lacks" | "lack" | "nobody's");
    words.iter().any(missing) && words.iter().any(|word| PROCESSES.contains(&word.as_str()))
}

/// Words that look for a person at the end of a branch.
const BLAME: [&str; 21] = [
    "human error",
    "operator error",
    "user error",
    "human mistake",
    "should have",
    "should've",
    "shouldn't have",
    "should not have",
    "could have been more careful",
    "forgot",
    "careless",
    "carelessness",
    "negligent",
    "negligence",
    "not careful",
    "not paying attention",
    "did not pay attention",
    "inattentive",
    "sloppy",
    "incompetent",
    "somebody's fault",
];

/// Accounts that are nobody, and names that are words unless they begin with a capital.
const NOBODY: [&str; 16] = [
    "admin", "bot", "cd", "ci", "deploy", "dev", "ops", "oncall", "on-call", "root", "sre", "system", "team", "ubuntu",
    "user", "stanch",
];
const ALSO_WORDS: [&str; 12] =
    ["art", "bill", "chase", "dean", "frank", "grace", "mark", "max", "may", "pat", "sue", "will"];

/// Who is known by name here.
pub(super) struct People(Vec<String>);

impl People {
    pub(super) fn of(incident: &Incident) -> Self {
        let changed = incident.changes.iter().filter_map(|known| known.change.who.as_deref());
        let owners = incident.board.hypotheses.iter().filter_map(|row| row.owner.as_deref());
        let actions = incident.actions.iter().map(|action| action.owner.as_str());
        let mut names: Vec<String> = incident
            .authors
            .iter()
            .map(String::as_str)
            .chain(changed)
            .chain(owners)
            .chain(actions)
            .map(|name| name.split('@').next().unwrap_or_default().trim().to_lowercase())
            .filter(|name| name.chars().count() > 1 && !NOBODY.contains(&name.as_str()) && !name.contains("bot"))
            .collect();
        names.sort_unstable();
        names.dedup();
        Self(names)
    }

    /// Whether a text looks for a person: by name, by `he` or `she`, or by words of blame.
    pub(super) fn are_named_in(&self, text: &str) -> bool {
        let lower = text.to_lowercase().replace('’', "'");
        let padded = format!(" {} ", words(&lower).collect::<Vec<_>>().join(" "));
        let said = |phrase: &str| padded.contains(&format!(" {phrase} "));
        let named = words(text).any(|word| {
            let word = word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).unwrap_or(word);
            let small = word.to_lowercase();
            let is_word = ALSO_WORDS.contains(&small.as_str()) && !word.starts_with(char::is_uppercase);
            matches!(small.as_str(), "he" | "she") || (!is_word && self.0.contains(&small))
        });
        named || BLAME.iter().any(|phrase| said(phrase))
    }
}

/// The words of a text, with what stands within them.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let between = |c: char| !(c.is_alphanumeric() || matches!(c, '\'' | '’' | '-' | '_' | '.' | '@'));
    text.split(between).map(|word| word.trim_matches(['\'', '’', '-', '.', '@'])).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incident::{Event, fixture};

    #[test]
    fn who_is_blamed_is_asked_on() {
        #[track_caller]
        fn check(text: &str, person: bool) {
            let incident = fixture::at_once("maria@host", [Event::Noted { text: "x".into(), when: None }]);
            assert_eq!(People::of(&incident).are_named_in(text), person, "{text}");
        }
        check("Maria pushed it", true);
        check("that was maria's push", true);
        check("the maria-db pool is small", false);
        check("human error", true);
        check("someone should have looked", true);
        check("she did not know", true);
        check("The retry forgot the jitter", true);
        check("he said: no", true);
        check("the heap is full", false);
        check("no review of config pushes", false);
    }

    #[test]
    fn a_process_is_read_off_the_words() {
        #[track_caller]
        fn check(typed: &str, text: &str, process: bool) {
            let incident = fixture::at_once("maria@host", [Event::WhyParked { text: "x".into() }]);
            assert_eq!(read(typed, &incident), (text, process));
        }
        check("no review of config pushes", "no review of config pushes", true);
        check("process: settings are typed twice", "settings are typed twice", true);
        check("process:", "process:", false);
        check("there is no canary", "there is no canary", true);
        check("the check failed", "the check failed", false);
        check("no memory left", "no memory left", false);
        check("maria made no review", "maria made no review", false);
    }
}
