//! An incident in short: what it is called, where it stands, and whether anything has said that users were hurt.
//!
//! The one fold for that, and it keeps no entry. The incident has one beside its other facts, and a list of incidents makes
//! one from a journal without the rest: it may skip every kind of event that [`Summary::reads`] does not ask for. What a
//! check does to its column is decided in [`check`](super::check).

use std::collections::HashMap;

use jiff::Timestamp;

use super::{
    Entry, Event, Id, ObservationState, Status,
    check::{is_overruled, settled},
};
use crate::signal::Severity;

/// Where an incident stands that nothing has yet said to be one.
const WATCHING: &str = "watching";

/// Kinds of events that are read to the end.
const ALWAYS: [&str; 5] = ["incident_opened", "retitled", "severity_set", "status_set", "onset_set"];

/// Kinds that are read until something has hurt: columns and their checks, and whatever has a key, because of those that
/// have the same one only the first counts.
const UNTIL_HURT: [&str; 14] = [
    "watch_started",
    "alert_turned",
    "alert_flapped",
    "watchdog_turned",
    "left_out",
    "source_lost",
    "source_back",
    "vital_crossed",
    "change_seen",
    "observation_added",
    "observation_set",
    "check_set",
    "check_started",
    "check_turned",
];

/// An incident in short.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Summary {
    /// What it is called.
    pub title: String,
    /// Whether it is an exercise.
    pub drill: bool,
    /// The team's own word for how bad it is.
    pub severity: Option<String>,
    /// Where it stands.
    pub status: Status,
    /// When the journal was opened.
    pub opened: Option<Timestamp>,
    /// A person decided on the status or the onset, a vital left its range, or an alert paged where no vital tells: none of
    /// it is ever unsaid.
    hurt: bool,
    /// Whether vitals tell whether users are hurt: a cockpit that has some has watched.
    pub measured: bool,
    columns: HashMap<Id, Sign>,
}

/// As much of a column as says whether its symptom is there.
#[derive(Clone, Debug, PartialEq)]
struct Sign {
    state: ObservationState,
    has_query: bool,
    asked: Option<Asked>,
}

/// A run of a column's check.
#[derive(Clone, Debug, PartialEq)]
struct Asked {
    run: Id,
    /// When a person last settled the column since it began.
    said: Option<Timestamp>,
}

impl Summary {
    /// Whether an event of this kind can still change it: `incident_opened`.
    pub fn reads(&self, kind: &str) -> bool {
        ALWAYS.contains(&kind) || !self.hurt && UNTIL_HURT.contains(&kind)
    }

    /// Takes in an entry that takes effect.
    pub fn follow(&mut self, entry: &Entry) {
        match &entry.event {
            Event::IncidentOpened { title, drill } => {
                self.title.clone_from(title);
                self.drill = *drill;
                self.opened.get_or_insert(entry.at);
            }
            Event::Retitled { title } => self.title.clone_from(title),
            Event::SeveritySet { severity } => self.severity = Some(severity.clone()).filter(|word| !word.is_empty()),
            Event::StatusSet { status, .. } => (self.status, self.hurt) = (*status, true),
            Event::OnsetSet { .. } => self.hurt = true,
            Event::VitalCrossed { inside, .. } => self.hurt |= !inside,
            Event::WatchStarted { vitals: true, .. } => {
                self.hurt = self.has_bled();
                self.measured = true;
            }
            Event::AlertTurned { severity, .. } => self.hurt |= *severity == Severity::Critical && !self.measured,
            _ => self.follow_column(entry),
        }
    }

    fn follow_column(&mut self, entry: &Entry) {
        if let Event::ObservationAdded { state, check, .. } = &entry.event {
            self.columns.insert(entry.id, Sign { state: *state, has_query: check.query.is_some(), asked: None });
        }
        let (Event::ObservationSet { observation, .. }
        | Event::CheckSet { observation, .. }
        | Event::CheckStarted { observation }
        | Event::CheckTurned { observation, .. }) = &entry.event
        else {
            return;
        };
        let Some(sign) = self.columns.get_mut(observation) else { return };
        match &entry.event {
            Event::ObservationSet { state, .. } => {
                sign.state = *state;
                if let Some(asked) = &mut sign.asked {
                    asked.said = Some(entry.at);
                }
            }
            Event::CheckSet { check, .. } => (sign.has_query, sign.asked) = (check.query.is_some(), None),
            Event::CheckStarted { .. } if sign.has_query => sign.asked = Some(Asked { run: entry.id, said: None }),
            Event::CheckTurned { run, state, when, .. } => {
                let said = sign.asked.as_ref().filter(|asked| asked.run == *run).and_then(|asked| asked.said);
                if !is_overruled(*when, said) {
                    sign.state = settled(sign.state, *state).unwrap_or(sign.state);
                }
            }
            _ => {}
        }
    }

    /// Whether anything has said that users were hurt: a person, a vital out of its range; where there is no vital to tell,
    /// an alert that pages, or a symptom. An incident is open, and its status `bleeding`, from its first entry on; until
    /// then it is being watched.
    pub fn has_bled(&self) -> bool {
        self.hurt || !self.measured && self.columns.values().any(|sign| sign.state == ObservationState::Present)
    }

    /// Whether it bleeds, as far as is known.
    pub fn is_bleeding(&self) -> bool {
        self.status == Status::Bleeding && self.has_bled()
    }

    /// The word for where it stands: that of its status, or `watching` while nothing says that users are hurt.
    pub fn status_word(&self) -> &'static str {
        match self.status {
            Status::Bleeding if !self.has_bled() => WATCHING,
            status => status.word(),
        }
    }
}

#[cfg(test)]
mod tests {
    use ObservationState::{Absent, Present, Unclear, Untested};
    use proptest::prelude::*;

    use super::*;
    use crate::incident::{
        AlertTurn, Incident,
        board::CheckSpec,
        effective::{Admitted, Effective},
    };

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1000 + second).expect("a time")
    }

    /// Of few columns, checks and keys, so that events meet.
    fn events() -> impl Strategy<Value = Event> {
        let id = || (1..8u128).prop_map(Id::small);
        let state = || prop::sample::select(vec![Present, Absent, Unclear, Untested]);
        let query = crate::incident::board::CheckQuery {
            source: "prom".into(),
            query: "pool".into(),
            present: "> 0.5".parse().expect("a condition"),
            empty: None,
        };
        let check =
            prop::sample::select(vec![CheckSpec { query: Some(query), ..CheckSpec::default() }, CheckSpec::default()]);
        let added = (state(), check.clone()).prop_map(|(state, check)| Event::ObservationAdded {
            text: String::new(),
            state,
            origin: Some("x".into()),
            when: None,
            evidence: None,
            check,
        });
        let turned = (id(), id(), state(), 0..12i64, 0..9u8).prop_map(|(observation, run, state, second, key)| {
            Event::CheckTurned {
                key: key.to_string(),
                observation,
                run,
                state,
                was: None,
                shown: String::new(),
                times: 0,
                or_longer: false,
                when: at(second),
            }
        });
        let alert = (prop::bool::weighted(0.1), 0..9u8).prop_map(|(pages, key)| Event::AlertTurned {
            key: key.to_string(),
            source: "am".into(),
            group: "g".into(),
            title: "x".into(),
            severity: if pages { Severity::Critical } else { Severity::Warning },
            turn: AlertTurn::Resolved,
            firing: 0,
            when: at(0),
            first: false,
            links: Default::default(),
        });
        let crossed = (prop::bool::weighted(0.9), 0..9u8).prop_map(|(inside, key)| Event::VitalCrossed {
            key: key.to_string(),
            vital: "x".into(),
            value: 0.0,
            shown: String::new(),
            ok: String::new(),
            inside,
            when: at(0),
        });
        prop_oneof![
            6 => added,
            4 => (id(), state()).prop_map(|(observation, state)| Event::ObservationSet { observation, state, note: String::new(), when: None }),
            2 => (id(), check).prop_map(|(observation, check)| Event::CheckSet { observation, check }),
            4 => id().prop_map(|observation| Event::CheckStarted { observation }),
            6 => turned,
            1 => alert,
            1 => crossed,
            2 => id().prop_map(|entry| Event::Undone { entry }),
            1 => id().prop_map(|entry| Event::Redone { entry }),
            1 => (id(), prop::bool::ANY).prop_map(|(session, vitals)| Event::WatchStarted { session, vitals }),
            1 => "[ab]".prop_map(|title| Event::Retitled { title }),
            1 => (0..9u8).prop_map(|key| Event::SourceLost { key: key.to_string(), source: "am".into(), error: String::new(), when: at(0) }),
        ]
    }

    fn kind(event: &Event) -> String {
        serde_json::to_value(event).expect("json")["kind"].as_str().expect("a kind").to_owned()
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn whoever_skips_what_is_not_read_comes_to_the_same(events in prop::collection::vec(events(), 0..24)) {
            let entry = |(seq, event): (u64, Event)| Entry { seq, id: Id::small(seq.into()), at: at(seq as i64), by: "a".into(), event };
            let entries: Vec<_> = (1..).zip(events).map(entry).collect();
            let incident = Incident::replay(entries.clone());

            let mut effective = Effective::after(entries.iter().map(|entry| &entry.event));
            let mut short = Summary::default();
            for entry in &entries {
                if short.reads(&kind(&entry.event)) && effective.admit(entry) == Admitted::Yes {
                    short.follow(entry);
                }
            }
            prop_assert_eq!((short.has_bled(), &short.title, short.status), (incident.has_bled(), &incident.summary.title, incident.summary.status));

            // What a check does to its column is told twice: here, and on the board.
            for column in &incident.board.observations {
                prop_assert_eq!(incident.summary.columns[&column.id].state, column.state);
            }
            prop_assert_eq!(incident.summary.columns.len(), incident.board.observations.len());
        }
    }

    /// The kinds of events with a key, as the journal calls them: of those that have the same one only the first counts, so
    /// whoever skips one of them may count a later one.
    #[test]
    fn whatever_has_a_key_is_read_until_something_has_hurt() {
        let about = include_str!("event/about.rs");
        let keyed = about.split_once("fn dedup_key").and_then(|(_, rest)| rest.split_once("=> Some(key)"));
        let (keyed, _) = keyed.expect("the kinds with a key");
        let names = keyed.split("Self::").skip(1).filter_map(|rest| rest.split_once(" {")).map(|(name, _)| name);
        let kinds: Vec<String> = names.map(snake).collect();
        assert!(kinds.len() >= 7, "{kinds:?}");
        for kind in kinds {
            assert!(UNTIL_HURT.contains(&kind.as_str()), "{kind} has a key");
        }
    }

    /// `AlertTurned` as `alert_turned`.
    fn snake(name: &str) -> String {
        let spaced = |c: char| if c.is_uppercase() { format!("_{}", c.to_lowercase()) } else { c.to_string() };
        name.chars().map(spaced).collect::<String>().trim_start_matches('_').to_owned()
    }

    #[test]
    fn kinds_are_called_as_in_the_journal() {
        let events = include_str!("event.rs");
        for kind in ALWAYS.iter().chain(&UNTIL_HURT) {
            let name: String = kind.split('_').map(|word| word[..1].to_uppercase() + &word[1..]).collect();
            assert!(events.contains(&format!("\n    {name} {{\n")), "{kind}");
        }
    }
}
