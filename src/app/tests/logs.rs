//! Log lines: folded, unfolded, followed, opened, copied.

use super::*;
use crate::{
    app::{
        screen::{overlay::LogSheet, watch},
        world::rows::cache,
    },
    config::{PaneKind, Read, Shape},
    dashboard::PaneId,
    signal::{Column, Level, LogLine, Table},
};

/// A cockpit with one pane, which shows this.
fn showing(kind: PaneKind, shape: Shape, data: Data) -> (Cockpit, PaneId) {
    let read = Read { shape, ..Read::default() };
    let settings = Settings { http: Some(http()), read: Some(read), ..Settings::default() };
    let mut cockpit = Cockpit::with(Config {
        sources: vec![source("app", "http", settings, None)],
        panes: vec![Pane { kind, sources: vec!["app".into()], ..Pane::titled("App") }],
        ..Config::default()
    });
    let pane = cockpit.app.world.plan.panes[0].id;
    cockpit.poll(0, data);
    (cockpit, pane)
}

fn said(time: &str, text: &str) -> LogLine {
    LogLine { at: Some(at(time)), level: Level::Error, labels: Labels::of([("pod", time)]), text: text.into() }
}

fn lines() -> Vec<LogLine> {
    vec![
        said("03:05:00", "timed out after 30 ms"),
        said("03:05:01", "pool exhausted"),
        said("03:05:02", "timed out after 31 ms"),
        said("03:05:03", "no such host"),
    ]
}

#[track_caller]
fn check_shown(cockpit: &Cockpit, pane: PaneId, expected: &[(&str, usize)]) {
    let rows = cache::rows(&cockpit.app, cockpit.app.world.plan.pane(pane).expect("it"));
    let text = |row: usize| rows.log_lines(row).next_back().map(|line| line.text.clone()).unwrap_or_default();
    let shown: Vec<_> = (0..rows.len()).map(|row| (text(row), rows.repeats(row))).collect();
    let shown: Vec<_> = shown.iter().map(|(text, count)| (text.as_str(), *count)).collect();
    assert_eq!(shown, expected);
}

fn copied(cockpit: &Cockpit) -> Option<&str> {
    cockpit.effects.iter().rev().find_map(|effect| match effect {
        Effect::Copy(text) => Some(text.as_str()),
        _ => None,
    })
}

fn opened(cockpit: &Cockpit) -> &LogSheet {
    match &cockpit.app.screen.overlay {
        Some(Overlay::LogLine(sheet)) => sheet,
        other => panic!("{other:?}"),
    }
}

#[test]
fn lines_that_say_the_same_are_one_row_until_a_key_says_otherwise() {
    let (mut cockpit, pane) = showing(PaneKind::Logs, Shape::Logs, Data::Logs(lines()));
    check_shown(&cockpit, pane, &[("pool exhausted", 1), ("timed out after 31 ms", 2), ("no such host", 1)]);
    cockpit.press("kF");
    check_shown(
        &cockpit,
        pane,
        &[("timed out after 30 ms", 1), ("pool exhausted", 1), ("timed out after 31 ms", 1), ("no such host", 1)],
    );
    let on = watch::selected_row(&cockpit.app, pane);
    cockpit.press("k");
    assert_ne!(watch::selected_row(&cockpit.app, pane), on, "the cursor stayed on its line, and moves from there");
    cockpit.press("kF");
    let row = watch::selected_row(&cockpit.app, pane).expect("a row");
    let rows = cache::rows(&cockpit.app, cockpit.app.world.plan.pane(pane).expect("it"));
    assert_eq!(rows.line(&row), Some(1), "the line the cursor was on is folded into this row");
    cockpit.press("/timed<enter>");
    check_shown(&cockpit, pane, &[("timed out after 31 ms", 2)]);
}

#[test]
fn a_cursor_on_folded_lines_stays_while_they_go_on() {
    let (mut cockpit, _) = showing(PaneKind::Logs, Shape::Logs, Data::Logs(lines()));
    cockpit.press("k");
    let mut more = lines();
    more.push(said("03:05:09", "timed out after 32 ms"));
    cockpit.poll(0, Data::Logs(more.clone()));
    // The line that was the newest when the cursor was put there is forgotten, those after it are not.
    more.splice(..3, [said("03:05:02", "disk full"), said("03:05:02", "read-only")]);
    more.push(said("03:05:10", "timed out after 33 ms"));
    cockpit.poll(0, Data::Logs(more));
    cockpit.press("y");
    assert_eq!(copied(&cockpit), Some("timed out after 33 ms"));
}

#[test]
fn enter_opens_the_line_whole_and_esc_goes_back_step_by_step() {
    let (mut cockpit, pane) = showing(PaneKind::Logs, Shape::Logs, Data::Logs(lines()));
    cockpit.press("<enter>");
    assert!(cockpit.app.screen.watch.zoomed, "nobody has put the cursor on a line: the pane is opened");
    cockpit.press("<enter>");
    assert_eq!(opened(&cockpit).line.text, "no such host");
    cockpit.press("<esc>").tick("03:10:01").press("k<enter>");
    let sheet = opened(&cockpit);
    assert_eq!((sheet.line.text.as_str(), sheet.count), ("timed out after 31 ms", 2));
    assert_eq!(sheet.earlier.iter().map(|line| line.text.as_str()).collect::<Vec<_>>(), ["timed out after 30 ms"]);
    assert_eq!(sheet.labels, [("pod".to_owned(), vec!["03:05:00".to_owned(), "03:05:02".to_owned()])]);
    cockpit.poll(0, Data::Logs(Vec::new()));
    cockpit.press("y");
    assert_eq!(copied(&cockpit), Some("timed out after 31 ms"), "what is read stays while the pane goes on");
    assert_eq!(opened(&cockpit).count, 2);
    cockpit.poll(0, Data::Logs(lines())).press("<esc>").tick("03:10:02").press("<esc>");
    assert!(!cockpit.app.screen.watch.zoomed);
    cockpit.press("k<esc>");
    assert!(!cockpit.app.screen.watch.cursors.contains_key(&pane), "the newest line is followed again");
}

#[test]
fn a_line_taken_as_a_symptom_is_kept_whole() {
    let long = "x ".repeat(400) + "trace_id=7";
    let (mut cockpit, _) = showing(PaneKind::Logs, Shape::Logs, Data::Logs(vec![said("03:05:00", &long)]));
    cockpit.press("s");
    let column = &cockpit.app.incident.board.observations[0];
    assert!(column.text.len() < 130 && column.text.ends_with('…'), "{}", column.text);
    let evidence = column.evidence.as_ref().expect("evidence");
    assert_eq!((evidence.value.as_str(), evidence.at), (long.as_str(), Some(at("03:05:00"))));
}

#[test]
fn what_is_copied_is_whole() {
    let long = "x ".repeat(400) + "trace_id=7";
    let (mut cockpit, _) = showing(PaneKind::Logs, Shape::Logs, Data::Logs(vec![said("03:05:00", &long)]));
    cockpit.press("ky");
    assert_eq!(copied(&cockpit), Some(long.as_str()));
    let columns = ["pod", "n"].map(|name| Column { name: name.into(), numeric: name == "n" }).into();
    let rows = vec![vec!["checkout".into(), "7".into()], vec![long.clone(), "8".into()]];
    let table = Table { columns, rows, ..Table::default() };
    let (mut cockpit, _) = showing(PaneKind::Table, Shape::Table, Data::Table(table));
    cockpit.press("y");
    assert_eq!(copied(&cockpit), Some(format!("pod\tn\ncheckout\t7\n{long}\t8").as_str()));
    let change = Change {
        id: "1".into(),
        kind: ChangeKind::Deploy,
        title: "checkout".into(),
        service: None,
        version: Some("v2.8.0".into()),
        at: at("03:00:00"),
        who: Some("carol".into()),
        undo: None,
        url: Some("https://ci.example/1".into()),
    };
    let (mut cockpit, _) = showing(PaneKind::Changes, Shape::Changes, Data::Changes(vec![change]));
    cockpit.press("y");
    assert_eq!(copied(&cockpit), Some("deploy checkout v2.8.0 by carol\nhttps://ci.example/1"));
}

#[test]
fn an_alert_is_copied_with_its_addresses() {
    let mut cockpit = Cockpit::new();
    let Data::Alerts(mut set) = firing(&["Errors"]) else { panic!("alerts") };
    let links = AlertLinks { runbook: Some("https://wiki.example/errors".into()), ..AlertLinks::default() };
    set.groups[0].alerts[0].links = links;
    cockpit.poll(ALERTS, Data::Alerts(set));
    cockpit.press("y");
    let copied = copied(&cockpit).expect("it");
    assert!(copied.starts_with("Errors") && copied.ends_with("\nrunbook https://wiki.example/errors"), "{copied}");
}

#[test]
fn elsewhere_the_keys_say_what_they_are_for() {
    let mut cockpit = Cockpit::new();
    for key in ["W", "F"] {
        cockpit.press(key);
        let said = cockpit.app.screen.notice.as_ref().map_or("", |notice| &notice.text);
        assert!(said.starts_with("that is for log lines"), "{key}: {said}");
    }
    assert!(cockpit.app.screen.watch.wrapped.is_empty() && cockpit.app.screen.watch.unfolded.is_empty());
}

#[test]
fn lines_are_wrapped_until_the_key_is_pressed_again() {
    let (mut cockpit, pane) = showing(PaneKind::Logs, Shape::Logs, Data::Logs(lines()));
    cockpit.press("W");
    assert!(cockpit.app.screen.watch.wrapped.contains(&pane));
    cockpit.press("W");
    assert!(cockpit.app.screen.watch.wrapped.is_empty());
}
