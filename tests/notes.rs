//! The notes of a whole incident, as they are pasted: looked at in three formats, byte for byte the same after a replay,
//! and harmless whatever strangers wrote into it.

#[path = "notes/scenario.rs"]
mod scenario;

use stanch::incident::{Event, Incident, report, timeline};

use scenario::Log;

#[test]
fn an_outage_as_it_is_pasted() {
    let incident = Incident::replay(scenario::outage());
    insta::assert_snapshot!("outage_markdown", report::markdown(&incident));
    insta::assert_snapshot!("outage_html", report::html(&incident));
    insta::assert_snapshot!("outage_json", report::json(&incident));
    insta::assert_snapshot!("outage_log", timeline::text(&incident));
}

#[test]
fn an_incident_that_has_just_begun() {
    let mut log = Log::new("2026-11-22T03:10:00Z");
    log.add("alice@host", 0, Event::IncidentOpened { title: "checkout 5xx".into(), drill: true });
    insta::assert_snapshot!("empty_markdown", report::markdown(&Incident::replay(log.entries)));
}

#[test]
fn an_incident_without_any_entry_has_notes_too() {
    let notes = report::markdown(&Incident::default());
    assert!(notes.starts_with("# Incident without a title\n"), "{notes}");
}

#[test]
fn live_replayed_and_imported_notes_are_the_same_bytes() {
    let entries = scenario::outage();
    let mut live = Incident::default();
    entries.iter().cloned().for_each(|entry| live.apply(entry));
    let replayed = Incident::replay(entries);
    let json = report::json(&live);
    let imported = report::from_json(&json).expect("our own export");
    for other in [&replayed, &imported] {
        assert_eq!(report::markdown(&live), report::markdown(other));
        assert_eq!(report::html(&live), report::html(other));
        assert_eq!(json, report::json(other));
        assert_eq!(timeline::items(&live), timeline::items(other));
    }
}

#[test]
fn what_is_not_an_export_says_so() {
    #[track_caller]
    fn check(text: &str, expected: &str) {
        let error = report::from_json(text).expect_err("not an export").to_string();
        assert!(error.starts_with(expected), "{error}");
    }
    check("", "not an export of an incident: EOF");
    check("{}", "not an export of an incident: missing field `format`");
    check(r#"{"format":1}"#, "not an export of an incident: missing field `entries`");
    check(r#"{"format":9,"entries":[]}"#, "an export of format 9; this version reads format 1");
}

#[test]
fn what_was_undone_is_not_told() {
    let mut log = Log::new("2026-11-22T03:10:00Z");
    log.add("alice@host", 0, Event::IncidentOpened { title: "checkout".into(), drill: false });
    let note = log.note(1, "a slip of the tongue");
    let row = log.hypothesis(2, "sunspots");
    let stays = log.hypothesis(3, "bad deploy");
    for entry in [note, row] {
        log.add("alice@host", 4, Event::Undone { entry });
    }
    let incident = Incident::replay(log.entries);
    let notes = report::markdown(&incident);
    assert!(!notes.contains("slip") && !notes.contains("sunspots"), "{notes}");
    assert!(notes.contains("**B bad deploy**"), "labels do not shift: {notes}");
    assert!(incident.board.hypothesis(stays).is_some());
    let undone: Vec<_> = timeline::items(&incident).into_iter().filter(|item| item.undone).map(|i| i.what).collect();
    assert_eq!(undone, ["a slip of the tongue", "a hypothesis taken back hypothesis: sunspots"]);
}
