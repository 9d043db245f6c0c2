//! The words of teams for how bad an alert is and where it stands.
//!
//! Most tools have words of their own for both. Those that are common are known here; what a team made up is said in its
//! configuration, and comes before them.

use std::collections::BTreeMap;

use super::{AlertState, Severity};

/// What a team says of its own words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AlertWords {
    /// The label or field that names the severity; empty for the [usual ones](SEVERITY_LABELS).
    pub severity_label: String,
    /// Words for severities, [in plain letters](plain).
    pub severities: BTreeMap<String, Severity>,
    /// Words for where an alert stands, in plain letters.
    pub states: BTreeMap<String, Standing>,
    /// Names of alerts that fire on purpose, all the time: when one of them stops, alerting itself may be dead.
    pub always_firing: Vec<String>,
}

/// What a word says of an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is one, in this state.
    In(AlertState),
    /// All is well: it is none, or none any more.
    Well,
}

/// Where a severity is looked for; the first of them whose word is known counts.
pub const SEVERITY_LABELS: [&str; 6] = ["severity", "priority", "urgency", "level", "criticality", "sev"];

/// How a warning begins that says that a word for a severity is not known.
pub const UNKNOWN_SEVERITY: &str = "severity ";

/// How a priority or a severity is counted: `P1`, `SEV-1`, `prio 1`, 0 and 1 being the worst.
const COUNTED: [&str; 6] = ["priority", "prio", "severity", "sev", "p", "s"];

const CRITICAL: &str = "critical crit page pager paging error err emergency emerg fatal alert panic disaster blocker \
                        blocking major urgent high highest severe catastrophic immediate outage showstopper extreme";
const WARNING: &str = "warning warn medium moderate average minor ticket elevated degraded yellow amber";
const INFO: &str =
    "info information informational informative notice low lowest trivial cosmetic debug verbose ok okay clear cleared";
/// Of what fires on purpose.
const NONE: &str = "none watchdog";

/// Words after which a severity is the opposite of what it says.
const NEGATIONS: [&str; 3] = ["not", "non", "no"];

/// 0 as monitoring of the Nagios family has it; the others are its warning, critical and unknown.
const WELL: &str = "ok okay 0 resolved inactive up normal healthy closed operational passing pass passed good fine well \
                    success successful succeeded complete completed done finished fixed green clear cleared recovered \
                    recovering postmortem cancelled canceled dismissed archived merged online available running stable \
                    none autoresolved";
const PENDING: &str = "pending grace new scheduled queued waiting started unstarted untested";
const SILENCED: &str = "silenced suppressed muted snoozed ignored maintenance paused disabled downtime muting";
const FIRING: &str = "firing fired alerting alert alarm alarming triggered trigger open opened reopened active critical \
                      crit warning warn major minor error errored err failed failing failure fail down offline red \
                      yellow amber orange unhealthy degraded problem bad broken unreachable unavailable unknown nodata \
                      timeout late missing dead crashed unstable breached violated acknowledged acked ack unacknowledged \
                      unresolved escalated assigned investigating identified monitoring verifying outage incident 1 2 3";
/// Those of more than one word.
const PHRASES: [(&str, Standing); 12] = [
    ("in maintenance", Standing::In(AlertState::Silenced)),
    ("under maintenance", Standing::In(AlertState::Silenced)),
    ("in downtime", Standing::In(AlertState::Silenced)),
    ("not started", Standing::In(AlertState::Pending)),
    ("auto resolved", Standing::Well),
    ("all clear", Standing::Well),
    ("in progress", Standing::In(AlertState::Firing)),
    ("no data", Standing::In(AlertState::Firing)),
    ("insufficient data", Standing::In(AlertState::Firing)),
    ("degraded performance", Standing::In(AlertState::Firing)),
    ("partial outage", Standing::In(AlertState::Firing)),
    ("major outage", Standing::In(AlertState::Firing)),
];

/// Ends of the names that alerts have which fire on purpose.
const WATCHDOGS: [&str; 5] = ["watchdog", "deadmansswitch", "deadmanswitch", "alwaysfiring", "alwaysonalert"];

impl AlertWords {
    /// The severity of an alert that has this name and these labels. What fires on purpose has none.
    pub fn severity<W: AsRef<str>>(&self, name: &str, label: impl Fn(&str) -> Option<W>) -> Severity {
        if self.fires_on_purpose(name) {
            return Severity::None;
        }
        let own = Some(self.severity_label.as_str()).filter(|label| !label.is_empty());
        let words = own.into_iter().chain(SEVERITY_LABELS).filter_map(label);
        let mut severities = words.map(|word| self.severity_of(word.as_ref()));
        severities.find(|severity| *severity != Severity::Unknown).unwrap_or_default()
    }

    /// The word for the severity of such an alert that nobody knows; `None` where one is known, or none is said.
    pub fn unknown_severity<W: AsRef<str>>(&self, name: &str, label: impl Fn(&str) -> Option<W>) -> Option<W> {
        if self.severity(name, &label) != Severity::Unknown {
            return None;
        }
        let own = Some(self.severity_label.as_str()).filter(|label| !label.is_empty());
        // Under the other labels stands much that is no severity at all.
        let mut said = own.into_iter().chain(["severity"]).filter_map(label);
        said.find(|word| !plain(word.as_ref()).is_empty())
    }

    fn severity_of(&self, word: &str) -> Severity {
        let word = plain(word);
        self.severities.get(&word).copied().unwrap_or_else(|| severity_of(&word))
    }

    /// What a word says of an alert; `None` where nobody knows it.
    pub fn standing(&self, word: &str) -> Option<Standing> {
        let known = |word: &str| {
            let word = plain(word);
            self.states.get(&word).copied().or_else(|| standing_of(&word))
        };
        // `Normal (NoData)`: what stands in brackets is why.
        known(word).or_else(|| known(word.split_once('(')?.0))
    }

    /// Whether an alert of this name fires all the time, to show that alerting is alive.
    pub fn fires_on_purpose(&self, name: &str) -> bool {
        let letters: String = plain(name).split(' ').collect();
        self.always_firing.iter().any(|always| always == name) || WATCHDOGS.iter().any(|end| letters.ends_with(end))
    }
}

/// A word as it is compared: letters and digits in lower case, one space for whatever stands between them.
pub fn plain(word: &str) -> String {
    let lower = word.to_lowercase();
    lower.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The severity that a plain word names, or a few of them: `1 critical`.
fn severity_of(plain: &str) -> Severity {
    if let Some(severity) = counted(plain) {
        return severity;
    }
    let mut words = plain.split(' ');
    if words.clone().any(|word| NEGATIONS.contains(&word)) {
        return Severity::Unknown;
    }
    let known = |word: &str| {
        let lists = [
            (CRITICAL, Severity::Critical),
            (WARNING, Severity::Warning),
            (INFO, Severity::Info),
            (NONE, Severity::None),
        ];
        lists.into_iter().find(|(list, _)| has(list, word)).map(|(_, severity)| severity)
    };
    words.find_map(known).unwrap_or_default()
}

/// `p1`, `sev 2`, `prio 3 low`.
fn counted(plain: &str) -> Option<Severity> {
    let rest = COUNTED.iter().find_map(|unit| plain.strip_prefix(unit))?;
    let number = rest.trim_start().split(' ').next().unwrap_or_default();
    match number.parse::<u8>().ok()? {
        0 | 1 => Some(Severity::Critical),
        2 => Some(Severity::Warning),
        _ => Some(Severity::Info),
    }
}

fn standing_of(plain: &str) -> Option<Standing> {
    let lists = [
        (WELL, Standing::Well),
        (PENDING, Standing::In(AlertState::Pending)),
        (SILENCED, Standing::In(AlertState::Silenced)),
        ("inhibited", Standing::In(AlertState::Inhibited)),
        (FIRING, Standing::In(AlertState::Firing)),
    ];
    let phrase = PHRASES.iter().find(|(phrase, _)| *phrase == plain).map(|(_, standing)| *standing);
    phrase.or_else(|| lists.into_iter().find(|(list, _)| has(list, plain)).map(|(_, standing)| standing))
}

fn has(list: &str, word: &str) -> bool {
    !word.is_empty() && list.split_whitespace().any(|known| known == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn severity(label: &str, word: &str) -> Severity {
        AlertWords::default().severity("x", |asked| (asked == label).then_some(word))
    }

    #[test]
    fn severities_of_many_teams() {
        for word in [
            "critical",
            "CRIT",
            "P0",
            "p1",
            "P-1",
            "Prio 1",
            "SEV0",
            "sev-1",
            "Sev 1",
            "S1",
            "severity_1",
            "blocker",
            "disaster",
            "major",
            "urgent",
            "page",
            "emergency",
            "fatal",
            "1 - Critical",
            "P1 (critical)",
            "very high",
        ] {
            assert_eq!(severity("severity", word), Severity::Critical, "{word}");
        }
        for word in ["warning", "P2", "SEV2", "s2", "medium", "minor", "average", "moderate"] {
            assert_eq!(severity("severity", word), Severity::Warning, "{word}");
        }
        for word in ["info", "P3", "P4", "P5", "SEV5", "low", "informational", "OK", "trivial"] {
            assert_eq!(severity("severity", word), Severity::Info, "{word}");
        }
        for word in ["", "platform", "3", "non-critical", "not urgent", "sevilla", "p", "prod"] {
            assert_eq!(severity("severity", word), Severity::Unknown, "{word}");
        }
        assert_eq!(severity("severity", "none"), Severity::None);
    }

    #[test]
    fn a_severity_is_found_under_many_names() {
        for label in SEVERITY_LABELS {
            assert_eq!(severity(label, "P1"), Severity::Critical, "{label}");
        }
        assert_eq!(severity("colour", "P1"), Severity::Unknown);
        let both = |asked: &str| match asked {
            "severity" => Some("team-a"),
            "priority" => Some("P2"),
            _ => None,
        };
        assert_eq!(AlertWords::default().severity("x", both), Severity::Warning, "the first whose word is known");
    }

    #[test]
    fn what_a_team_says_comes_first() {
        let words = AlertWords {
            severity_label: "stufe".into(),
            severities: [("p2".into(), Severity::Critical), ("rot".into(), Severity::Critical)].into(),
            states: [("open".into(), Standing::Well), ("zu".into(), Standing::Well)].into(),
            always_firing: vec!["Puls".into()],
        };
        let severity = |label: &str, word: &'static str| words.severity("x", |asked| (asked == label).then_some(word));
        assert_eq!((severity("severity", "P2"), severity("stufe", "Rot")), (Severity::Critical, Severity::Critical));
        assert_eq!((words.standing("OPEN"), words.standing("zu")), (Some(Standing::Well), Some(Standing::Well)));
        assert_eq!(words.severity("Puls", |_| Some("critical")), Severity::None);
    }

    #[test]
    fn a_word_that_nobody_knows_is_named_where_it_was_meant_as_a_severity() {
        let unknown = |words: &AlertWords, pairs: &[(&str, &'static str)]| {
            words.unknown_severity("x", |asked| pairs.iter().find(|(label, _)| *label == asked).map(|(_, word)| *word))
        };
        let usual = AlertWords::default();
        assert_eq!(unknown(&usual, &[("severity", "sev-blue")]), Some("sev-blue"));
        assert_eq!(unknown(&usual, &[("severity", "team-a"), ("priority", "P2")]), None, "another label is known");
        assert_eq!(unknown(&usual, &[("severity", "")]), None);
        assert_eq!(unknown(&usual, &[("level", "top")]), None, "a level may be of anything");
        assert_eq!(unknown(&usual, &[]), None);
        let own = AlertWords {
            severity_label: "stufe".into(),
            severities: [("sev blue".into(), Severity::Warning)].into(),
            ..AlertWords::default()
        };
        assert_eq!(unknown(&own, &[("stufe", "drei"), ("severity", "sev-red")]), Some("drei"));
        assert_eq!(unknown(&own, &[("stufe", "sev-blue")]), None);
    }

    #[test]
    fn states_of_many_tools() {
        let words = AlertWords::default();
        for word in [
            "ok",
            "0",
            "success",
            "passed",
            "completed",
            "postmortem",
            "inactive",
            "Normal",
            "healthy",
            "UP",
            "green",
            "Resolved",
            "closed",
            "Normal (NoData)",
            "auto-resolved",
        ] {
            assert_eq!(words.standing(word), Some(Standing::Well), "{word}");
        }
        for word in ["paused", "muted", "snoozed", "under_maintenance", "disabled"] {
            assert_eq!(words.standing(word), Some(Standing::In(AlertState::Silenced)), "{word}");
        }
        for word in ["new", "pending", "not started"] {
            assert_eq!(words.standing(word), Some(Standing::In(AlertState::Pending)), "{word}");
        }
        for word in [
            "1",
            "2",
            "Alerting",
            "firing",
            "triggered",
            "open",
            "active",
            "critical",
            "down",
            "failed",
            "failing",
            "red",
            "unhealthy",
            "PROBLEM",
            "Alerting (Error)",
            "NO_DATA",
            "acknowledged",
        ] {
            assert_eq!(words.standing(word), Some(Standing::In(AlertState::Firing)), "{word}");
        }
        for word in ["", "quarantined", "not ok", "unwell"] {
            assert_eq!(words.standing(word), None, "{word}");
        }
    }

    #[test]
    fn what_fires_on_purpose_is_known_by_its_name() {
        let is = |name: &str| AlertWords::default().fires_on_purpose(name);
        assert!(["Watchdog", "DeadMansSwitch", "dead-mans-switch", "PrometheusWatchdog"].into_iter().all(is));
        assert!(!["InfoInhibitor", "WatchdogTimeout", "HeartbeatLost", ""].into_iter().any(is));
    }
}
