//! An entry about a group of alerts, read in one pass: of a million entries nearly all are that. Serde reads an enum whose
//! kind stands inside of it into a tree first, which takes twice as long.

use jiff::Timestamp;
use serde::Deserialize;

use super::{AlertTurn, Entry, Event};
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

/// The entry, if it is one of those and reads as such; whatever else it is, the usual way says.
pub(super) fn read(json: &[u8]) -> Option<Entry> {
    json.windows(BEGINS.len()).position(|at| at == BEGINS)?;
    let AlertEntry { seq, id, at, by, event } = serde_json::from_slice(json).ok()?;
    let Turned { key, source, group, title, severity, turn, firing, when, first, links, .. } = event;
    let event = Event::AlertTurned { key, source, group, title, severity, turn, firing, when, first, links };
    Some(Entry { seq, id, at, by, event })
}

#[cfg(test)]
mod tests {
    use super::*;

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
            assert_eq!(read(json.as_bytes()), Some(entry));
            // A later version may add a field.
            let longer = json.replace("\"severity\"", "\"colour\":[1],\"severity\"");
            assert_eq!(read(longer.as_bytes()), serde_json::from_str(&longer).ok());
        }
    }

    #[test]
    fn all_else_is_left_to_the_usual_way() {
        let note = r#"{"seq":1,"id":"00000000-0000-0000-0000-000000000001","at":"1970-01-01T00:00:00Z","by":"a","event":{"kind":"noted","text":"\"event\":{\"kind\":\"alert_turned\","}}"#;
        assert_eq!(read(note.as_bytes()), None);
        assert_eq!(read(br#"{"seq":1,"event":{"kind":"alert_turned","key":5}}"#), None);
    }
}
