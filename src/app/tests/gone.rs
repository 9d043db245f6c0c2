//! What was selected vanishes between two keys: the next key says so instead of hitting what took its place.

use super::*;
use crate::app::{
    assumptions,
    screen::{act, learn},
};

fn notice(cockpit: &Cockpit) -> &str {
    cockpit.app.screen.notice.as_ref().map_or("", |notice| notice.text.as_str())
}

fn symptoms(cockpit: &Cockpit) -> Vec<&str> {
    cockpit.app.incident.board.observations.iter().map(|column| column.text.as_str()).collect()
}

fn undone_by_bob(cockpit: &mut Cockpit, entry: Id) {
    cockpit.bob(Event::Undone { entry });
}

fn row(text: &str) -> Event {
    Event::HypothesisAdded { text: text.into(), prior: Default::default(), changed: false, from: "typed".into() }
}

fn column(text: &str) -> Event {
    Event::ObservationAdded {
        text: text.into(),
        state: ObservationState::Present,
        origin: None,
        when: None,
        evidence: None,
        check: Default::default(),
    }
}

fn mitigation(text: &str) -> Event {
    let (text, mitigation_kind) = (text.to_owned(), Default::default());
    Event::MitigationAdded { text, mitigation_kind, hypothesis: None, command: None, change: None }
}

#[test]
fn an_alert_that_resolved_is_not_taken_for_the_next_one() {
    let mut cockpit = Cockpit::new();
    cockpit.poll(PROMETHEUS_ALERTS, firing(&[])).poll(ALERTS, firing(&["Errors", "Latency", "Pool"]));
    cockpit.press("j").poll(ALERTS, firing(&["Errors", "Pool"])).press("s");
    assert!(symptoms(&cockpit).is_empty());
    assert_eq!(notice(&cockpit), "Latency is gone; now on Pool");
    cockpit.tick("03:10:01").press("s");
    assert_eq!(symptoms(&cockpit), ["Pool: Pool on checkout"]);
}

#[test]
fn the_first_alert_that_was_never_moved_off_is_no_exception() {
    let mut cockpit = Cockpit::new();
    cockpit.poll(PROMETHEUS_ALERTS, firing(&[])).poll(ALERTS, firing(&["Errors", "Latency"]));
    cockpit.poll(ALERTS, firing(&["Latency"])).press("p");
    assert!(cockpit.app.incident.pins.is_empty());
    assert_eq!(notice(&cockpit), "Errors is gone; now on Latency");
    // With nothing left, a key types a symptom; not before that was said.
    cockpit.poll(ALERTS, firing(&[])).tick("03:10:01").press("s");
    assert!(cockpit.app.screen.overlay.is_none());
    assert_eq!(notice(&cockpit), "Latency is gone");
    cockpit.tick("03:10:02").press("s");
    assert!(cockpit.app.screen.overlay.is_some());
}

#[test]
fn moving_the_cursor_answers_it_and_keys_that_select_nothing_are_free() {
    let mut cockpit = Cockpit::new();
    cockpit.poll(PROMETHEUS_ALERTS, firing(&[])).poll(ALERTS, firing(&["A", "B", "C"]));
    cockpit.press("j").poll(ALERTS, firing(&["A", "C"]));
    cockpit.press("nword<ctrl-s>").tick("03:10:01");
    assert_eq!(cockpit.app.incident.notes.len(), 1, "a note is about no row");
    cockpit.press("ks");
    assert_eq!(symptoms(&cockpit), ["A: A on checkout"]);
}

#[test]
fn what_comes_back_is_what_the_key_means() {
    let mut cockpit = Cockpit::new();
    cockpit.poll(PROMETHEUS_ALERTS, firing(&[])).poll(ALERTS, firing(&["A", "B"]));
    cockpit.poll(ALERTS, firing(&["B"])).poll(ALERTS, firing(&["A", "B"])).press("s");
    assert_eq!(symptoms(&cockpit), ["A: A on checkout"]);
}

#[test]
fn while_another_view_or_an_action_of_the_palette_is_in_between() {
    let mut cockpit = Cockpit::new();
    cockpit.poll(PROMETHEUS_ALERTS, firing(&[])).poll(ALERTS, firing(&["A", "B"]));
    cockpit.press("2").poll(ALERTS, firing(&["B"])).press("1s");
    assert!(symptoms(&cockpit).is_empty());
    assert_eq!(notice(&cockpit), "A is gone; now on B");
    cockpit.tick("03:10:01").press(":").poll(ALERTS, firing(&["C"])).press("pin<enter>");
    assert!(cockpit.app.incident.pins.is_empty());
    assert_eq!(notice(&cockpit), "B is gone; now on C");
}

#[test]
fn an_alert_that_another_source_tells_of_is_not_gone() {
    let mut cockpit = Cockpit::new();
    cockpit.poll(ALERTS, firing(&[])).poll(PROMETHEUS_ALERTS, firing(&["Pool", "Queue"])).tick("03:10:01");
    cockpit.poll(ALERTS, firing(&["Errors", "Pool"])).press("s");
    assert_eq!(symptoms(&cockpit), ["Pool: Pool on checkout"]);
}

#[test]
fn ones_own_filter_takes_nothing_away() {
    let mut cockpit = Cockpit::new();
    cockpit.poll(PROMETHEUS_ALERTS, firing(&[])).poll(ALERTS, firing(&["Errors", "Latency"]));
    cockpit.press("/lat<enter>").tick("03:10:01").press("s");
    assert_eq!(symptoms(&cockpit), ["Latency: Latency on checkout"]);
}

#[test]
fn a_row_another_took_back_is_not_judged_in_the_place_of_its_neighbour() {
    let mut cockpit = Cockpit::new();
    cockpit.bob(column("x"));
    let one = cockpit.bob(row("one"));
    cockpit.bob(row("two"));
    cockpit.press("2");
    undone_by_bob(&mut cockpit, one);
    let before = cockpit.app.incident.board.clone();
    cockpit.press("#");
    assert_eq!(cockpit.app.incident.board, before);
    assert_eq!(notice(&cockpit), "A one is gone; now on B two");
    cockpit.tick("03:10:01").press("x");
    assert!(cockpit.app.screen.overlay.is_some(), "it asks what refutes the row it is on now");
}

#[test]
fn a_column_another_took_back_is_not_settled_in_the_place_of_its_neighbour() {
    let mut cockpit = Cockpit::new();
    let one = cockpit.bob(column("one"));
    cockpit.bob(column("two"));
    cockpit.bob(row("cause"));
    cockpit.press("2");
    undone_by_bob(&mut cockpit, one);
    let before = cockpit.app.incident.board.clone();
    cockpit.press("~");
    assert_eq!(cockpit.app.incident.board, before);
    assert_eq!(notice(&cockpit), "s1 one is gone; now on s2 two");
    cockpit.tick("03:10:01").press("~");
    assert!(cockpit.app.incident.board.observations[0].coincidence);
}

#[test]
fn words_typed_behind_it_are_no_commands() {
    let mut cockpit = Cockpit::new();
    cockpit.bob(column("x"));
    let one = cockpit.bob(row("one"));
    cockpit.bob(row("two"));
    cockpit.press("2");
    undone_by_bob(&mut cockpit, one);
    let length = cockpit.log.len();
    cockpit.press("x~#c");
    assert_eq!(cockpit.log.len(), length);
    assert!(cockpit.app.screen.overlay.is_none());
}

#[test]
fn ones_own_undo_moves_the_cursor_on_without_a_word() {
    let mut cockpit = Cockpit::new();
    cockpit.press("sx<enter>aone<enter><esc>").tick("03:10:01").press("atwo<enter><esc>").tick("03:10:02");
    let rows = |cockpit: &Cockpit| cockpit.app.incident.board.hypotheses.len();
    assert_eq!(rows(&cockpit), 2);
    let two = cockpit.app.incident.board.hypotheses[1].id;
    cockpit.app.screen.board.row = Some(RowId::Named(two));
    cockpit.press("2u");
    assert_eq!(rows(&cockpit), 1);
    cockpit.tick("03:10:03").press("#");
    let board = &cockpit.app.incident.board;
    assert_eq!(board.cell(board.hypotheses[0].id, board.observations[0].id), Cell::Must);
}

#[test]
fn a_mitigation_another_took_back_is_not_begun_in_the_place_of_the_next() {
    let mut cockpit = Cockpit::new();
    let one = cockpit.bob(mitigation("restart it"));
    cockpit.bob(mitigation("drain it"));
    cockpit.press("3");
    let (on, other) = match act::selected_act(&cockpit.app) {
        Some(crate::app::ActItem::Mitigation(m)) if m.id == one => ("restart it", "drain it"),
        _ => ("drain it", "restart it"),
    };
    let id = cockpit.app.incident.mitigations.iter().find(|m| m.text == on).expect("it").id;
    undone_by_bob(&mut cockpit, id);
    cockpit.press("<enter>");
    assert!(cockpit.app.screen.overlay.is_none());
    assert_eq!(notice(&cockpit), format!("{on} is gone; now on {other}"));
    cockpit.tick("03:10:01").press("<enter>");
    assert!(cockpit.app.screen.overlay.is_some());
}

#[test]
fn a_line_of_the_review_another_took_back_is_not_changed_in_the_place_of_the_next() {
    let mut cockpit = Cockpit::new();
    let action = |text: &str| Event::ActionAdded {
        text: text.into(),
        owner: String::new(),
        due: String::new(),
        action_kind: Default::default(),
    };
    let one = cockpit.bob(action("one"));
    cockpit.bob(action("two"));
    cockpit.press("5");
    learn::learn_to(&mut cockpit.app, &format!("action {one}"));
    cockpit.press("?<esc>").tick("03:10:01");
    undone_by_bob(&mut cockpit, one);
    cockpit.press("<enter>");
    assert!(cockpit.app.screen.overlay.is_none());
    assert_eq!(notice(&cockpit), "one #prevent is gone; now on two #prevent");
}

#[test]
fn an_assumption_is_poked_by_what_it_is_not_by_its_line() {
    let mut cockpit = Cockpit::new();
    let assume = |text: &str| Event::AssumptionAdded { text: text.into(), hypothesis: None };
    let one = cockpit.bob(assume("one"));
    let two = cockpit.bob(assume("two"));
    cockpit.bob(assume("three"));
    cockpit.press("2P<down>");
    // It holds, so the first line goes to the end, and the cursor stays on the second.
    let state = crate::incident::board::AssumptionState::Holds;
    cockpit.bob(Event::AssumptionSet { assumption: one, state });
    let Some(Overlay::Assumptions { cursor }) = &cockpit.app.screen.overlay else { panic!("no list") };
    assert_eq!(
        assumptions::assumptions(&cockpit.app.incident)[assumptions::assumption_line(&cockpit.app.incident, cursor)]
            .text,
        "two"
    );
    undone_by_bob(&mut cockpit, two);
    cockpit.press("<enter>");
    assert!(matches!(cockpit.app.screen.overlay, Some(Overlay::Assumptions { .. })));
    assert_eq!(notice(&cockpit), format!("two is gone; now on {}", on(&cockpit)));
    cockpit.tick("03:10:01").press("<enter>");
    assert!(matches!(cockpit.app.screen.overlay, Some(Overlay::Choice(_))));
}

fn on(cockpit: &Cockpit) -> &str {
    let Some(Overlay::Assumptions { cursor }) = &cockpit.app.screen.overlay else { return "" };
    &assumptions::assumptions(&cockpit.app.incident)[assumptions::assumption_line(&cockpit.app.incident, cursor)].text
}
