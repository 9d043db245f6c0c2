//! Words that people of other tools look for an action by, and what is said where there is no such action.

use super::Action;

/// Words, and the actions that are meant by them, the likeliest first.
const SYNONYMS: &[(&[&str], &[Action])] = &[
    (&["ack", "assign", "claim", "owner", "mine"], &[Action::Acknowledge]),
    (&["runbook", "sop", "playbook", "procedure"], &[Action::Runbook]),
    (&["dashboard"], &[Action::Evidence]),
    (&["mute", "quiet", "hush"], &[Action::Silence]),
    (&["rollback", "revert", "deploy", "deploys", "release"], &[Action::Guard, Action::Act]),
    (&["fix", "remedy", "restart", "failover"], &[Action::Mitigate]),
    (&["resolve", "resolved", "mitigated", "recovered", "done", "stop"], &[Action::Stanched]),
    (&["reopen", "again"], &[Action::Bleeding, Action::Reopen]),
    (&["cause", "theory", "suspect", "rival", "row"], &[Action::AddHypotheses]),
    (&["column", "observation", "evidence", "alert"], &[Action::TakeSymptom, Action::Evidence]),
    (&["query", "promql", "test", "probe"], &[Action::SetCheck, Action::SignHere, Action::RunAll]),
    (&["comment", "message", "timeline", "event", "annotate"], &[Action::Note, Action::Log]),
    (&["bookmark", "snapshot", "screenshot", "keep"], &[Action::Pin]),
    (&["group", "storm", "deduplicate", "collapse"], &[Action::FoldStorm]),
    (&["search", "find", "grep", "match", "where"], &[Action::Filter, Action::Highlight]),
    (&["zoom", "range", "time", "window", "period"], &[Action::Narrower, Action::Wider, Action::PanBack]),
    (&["maximize", "fullscreen", "detail", "details", "inspect"], &[Action::Open]),
    (&["logs", "context", "lines"], &[Action::LogsAround, Action::NextError, Action::Highlight]),
    (&["mark"], &[Action::Highlight]),
    (&["now", "today", "current"], &[Action::Live]),
    (&["yesterday", "earlier", "before", "baseline", "offset", "against"], &[Action::Compare]),
    (&["url", "drilldown", "browser", "jump"], &[Action::Links]),
    (&["timezone", "clock", "local"], &[Action::Zone]),
    (&["reload", "redraw", "poll", "retry"], &[Action::Refresh]),
    (&["clipboard", "yank"], &[Action::Copy]),
    (&["export", "postmortem", "notes", "exit", "write", "close"], &[Action::Quit, Action::Closed]),
    (&["rename", "name"], &[Action::Title, Action::Edit]),
    (&["priority", "sev", "sev1", "p1"], &[Action::Severity]),
    (&["began", "start", "started", "beginning"], &[Action::Onset]),
    (&["skip", "later", "snooze", "dismiss", "ignore"], &[Action::NotNow]),
    (&["next", "step", "advice", "suggest"], &[Action::Coach]),
    (&["incidents", "other", "resume", "history"], &[Action::Switch, Action::New]),
    (&["import", "template"], &[Action::Load]),
    (&["grafana", "panels"], &[Action::Dashboards, Action::Variable]),
    (&["namespace", "cluster"], &[Action::Variable]),
    (&["todo", "task", "ticket", "followup", "jira"], &[Action::AddAction]),
    (&["5whys", "why", "root"], &[Action::Learn, Action::ParkWhy]),
    (&["keys", "shortcuts", "manual", "commands"], &[Action::Help]),
];

/// Words for which there is no action, and where it is done instead; the keys of actions stand for `{}`.
const ELSEWHERE: &[(&[&str], &str, &[Action])] = &[
    (&["unsilence", "unmute", "expire"], "a silence is ended at its Alertmanager, not here", &[]),
    (&["inhibit"], "alerts are inhibited by rules of their Alertmanager, not here", &[]),
    (
        &["theme", "themes", "color", "colors", "colour", "colours", "dark", "light"],
        "`theme = \"light\"` in stanch.toml",
        &[],
    ),
    (
        &["sort", "order", "orderby"],
        "alerts stand worst first, changes newest first; {} narrows a pane",
        &[Action::Filter],
    ),
    (
        &["page", "escalate", "oncall", "notify"],
        "nobody is paged from here; who was told is worth a note: {}",
        &[Action::Note],
    ),
    (&["keymap", "remap", "bind"], "`[keys]` in stanch.toml", &[]),
    (&["config", "settings", "preferences", "options"], "stanch.toml has them; `stanch init` writes one", &[]),
];

/// The actions meant by a word, or by its beginning.
pub(in crate::app) fn meant_by(word: &str) -> impl Iterator<Item = Action> + use<'_> {
    let rows = SYNONYMS.iter().filter(move |(words, _)| begins_one(words, word, 2));
    rows.flat_map(|(_, actions)| actions.iter().copied())
}

/// Where it is done, when a word names something that is not done here.
pub fn elsewhere(word: &str, key: impl Fn(Action) -> String) -> Option<String> {
    let word = word.trim().to_lowercase();
    let (_, said, actions) = ELSEWHERE.iter().find(|(words, ..)| begins_one(words, &word, 3))?;
    Some(actions.iter().fold((*said).to_owned(), |said, action| said.replacen("{}", &key(*action), 1)))
}

/// Whether a word of at least so many letters begins one of these.
fn begins_one(words: &[&str], word: &str, least: usize) -> bool {
    word.len() >= least && words.iter().any(|known| known.starts_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_other_tools_find_their_action() {
        let first = |word: &str| meant_by(word).next();
        assert_eq!(first("sop"), Some(Action::Runbook));
        assert_eq!(first("ack"), Some(Action::Acknowledge));
        assert_eq!(first("snoo"), Some(Action::NotNow));
        assert_eq!(first("unbook"), None);
        assert_eq!(first("s"), None);
        assert_eq!(first("mute"), Some(Action::Silence));
        let elsewhere = |word: &str| elsewhere(word, |action| format!("`{}`", action.spec().name));
        assert_eq!(elsewhere("unmute").as_deref(), Some("a silence is ended at its Alertmanager, not here"));
        assert!(elsewhere("sort").is_some_and(|said| said.ends_with("; `filter` narrows a pane")));
        assert!(elsewhere("Theme").is_some());
        assert_eq!(elsewhere("zzz"), None);
    }
}
