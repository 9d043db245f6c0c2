//! An entry about a group of alerts, read in one pass: of a million entries nearly all are that. Serde reads an enum whose
//! kind stands inside of it into a tree first, which takes twice as long.

use jiff::Timestamp;
use memchr::memmem;
use serde::Deserialize;

use super::{AlertTurn, Event};
use crate::{
    incident::Id,
    signal::{Severity, alert::AlertLinks},
};

/// How the event of such an entry begins.
const BEGINS: &[u8] = br#""event":{"kind":"alert_turned","#;

#[derive(Deserialize)]
struct AlertEntry {
    seq: u64,
    id: Id,
    at: Timestamp,
    by: String,
    event: Turned,
}

#[derive(Deserialize)]
struct Turned {
    #[serde(rename = "kind")]
    _kind: Kind,
    key: String,
    source: String,
    group: String,
    title: String,
    severity: Severity,
    turn: AlertTurn,
    firing: usize,
    when: Timestamp,
    #[serde(default)]
    first: bool,
    #[serde(default)]
    links: AlertLinks,
}

#[derive(Deserialize)]
enum Kind {
    #[serde(rename = "alert_turned")]
    AlertTurned,
}

/// The parts of the entry (number, id, time, author, event), if it is one of those and reads as such; whatever else it is,
/// the usual way says.
pub(super) fn read(json: &[u8]) -> Option<(u64, Id, Timestamp, String, Event)> {
    memmem::find(json, BEGINS)?;
    let AlertEntry { seq, id, at, by, event } = serde_json::from_slice(json).ok()?;
    let Turned { key, source, group, title, severity, turn, firing, when, first, links, .. } = event;
    let event = Event::AlertTurned { key, source, group, title, severity, turn, firing, when, first, links };
    Some((seq, id, at, by, event))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incident::Entry;

    #[track_caller]
    fn check(json: &str) {
        let (seq, id, at, by, event) = read(json.as_bytes()).expect("an entry about alerts");
        assert_eq!(Entry { seq, id, at, by, event }, serde_json::from_str(json).expect("an entry"));
    }

    #[test]
    fn it_is_read_as_it_would_be_otherwise() {
        let links = AlertLinks { runbook: Some("https://x/y".into()), ..AlertLinks::default() };
        for (first, links) in [(true, links), (false, AlertLinks::default())] {
            let event = Event::AlertTurned {
                key: "alert|am|g|0|fired".into(),
                source: "am".into(),
                group: "{alertname=\"A\"}".into(),
                title: "A \u{e9}".into(),
                severity: Severity::Critical,
                turn: AlertTurn::Fired,
                firing: 3,
                when: Timestamp::UNIX_EPOCH,
                first,
                links,
            };
            let entry = Entry { seq: 7, id: Id::small(7), at: Timestamp::UNIX_EPOCH, by: "ann".into(), event };
            let json = serde_json::to_string(&entry).expect("JSON");
            check(&json);
            // A later version may add a field.
            check(&json.replace("\"severity\"", "\"colour\":[1],\"severity\""));
        }
    }

    #[test]
    fn all_else_is_left_to_the_usual_way() {
        let note = r#"{"seq":1,"event":{"kind":"noted","text":"\"event\":{\"kind\":\"alert_turned\","}}"#;
        assert_eq!(read(note.as_bytes()), None);
        assert_eq!(read(br#"{"seq":1,"event":{"kind":"alert_turned","key":5}}"#), None);
    }
}
