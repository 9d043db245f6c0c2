//! The board by keyboard: from an alert to ranked rows, cells, order by hand, signs.

use super::*;
use crate::app::{
    act::act_items,
    screen::{act::selected_act, board},
};

#[test]
fn from_a_firing_alert_to_two_ranked_hypotheses_in_few_keys() {
    let mut cockpit = Cockpit::new();
    cockpit.poll(ALERTS, firing(&["CheckoutErrors"]));
    // s takes it, a opens the picker twice, a cell. The words typed are set aside: 7 strokes without them.
    cockpit.press("sabad rollout<enter>").press("<esc>adb pool<enter>").press("#");
    let board = &cockpit.app.incident.board;
    assert_eq!(board.observations.len(), 1);
    assert_eq!(board.hypotheses.len(), 2);
    let cells: Vec<_> = board.hypotheses.iter().map(|row| board.cell(row.id, board.observations[0].id)).collect();
    assert_eq!(cells, [Cell::Unassessed, Cell::Must], "the strip asks about the row just added");
}

#[test]
fn the_fill_strip_goes_column_by_column_and_a_comma_fills_the_rest() {
    let mut cockpit = Cockpit::new();
    cockpit.press("s5xx<enter>ap<enter><esc>aq<enter><esc>");
    assert_eq!(cockpit.app.screen.view, View::Board);
    cockpit.tick("03:10:01").press("<enter>#,");
    let board = &cockpit.app.incident.board;
    let cells: Vec<_> = board.hypotheses.iter().map(|row| board.cell(row.id, board.observations[0].id)).collect();
    assert_eq!(cells, [Cell::Must, Cell::Neutral]);
    assert!(cockpit.app.screen.overlay.is_none(), "filled");
}

#[test]
fn rows_are_ranked_by_hand_and_go_back() {
    let mut cockpit = Cockpit::new();
    cockpit.press("sx<enter>aone<enter><esc>atwo<enter><esc>");
    let two = cockpit.app.incident.board.hypotheses[1].id;
    cockpit.app.screen.board.row = Some(RowId::Named(two));
    cockpit.press("K");
    assert_eq!(board::board_order(&cockpit.app.incident)[0], RowId::Named(two));
    cockpit.press("=y<enter>");
    assert!(cockpit.app.incident.board.hand_order.is_empty());
}

#[test]
fn signs_are_settled_by_a_person() {
    let mut cockpit = Cockpit::new();
    cockpit.press("2tonly new pods fail<enter>v").press("aseen on old pods too<enter>");
    let column = &cockpit.app.incident.board.observations[0];
    assert_eq!(column.state, ObservationState::Absent);
    assert_eq!(column.note, "seen on old pods too");
}

#[test]
fn what_somebody_else_adds_does_not_slip_under_the_cursor() {
    let mut cockpit = Cockpit::new();
    cockpit.press("sx<enter>aone<enter><esc>");
    cockpit.app.screen.board.row = None;
    // Looked at, never moved on: the row that is marked is the one that a key means.
    cockpit.press("12");
    let (one, column) = (cockpit.app.incident.board.hypotheses[0].id, cockpit.app.incident.board.observations[0].id);
    assert_eq!(board::board_row(&cockpit.app), Some(RowId::Named(one)));
    let (text, from) = ("two".to_owned(), "typed".to_owned());
    let row = cockpit.bob(Event::HypothesisAdded { text, prior: Default::default(), changed: true, from });
    cockpit.bob(Event::CellSet { hypothesis: row, observation: column, cell: Cell::Must });
    assert_eq!(board::board_order(&cockpit.app.incident)[0], RowId::Named(row), "theirs leads");
    assert_eq!(board::board_row(&cockpit.app), Some(RowId::Named(one)));
    // Where nobody has looked yet, the cursor is on what leads.
    cockpit.app.screen.board.row = None;
    cockpit.press("1");
    assert_eq!(board::board_row(&cockpit.app), Some(RowId::Named(row)));
}

#[test]
fn what_somebody_else_begins_does_not_slip_under_the_cursor() {
    let mut cockpit = Cockpit::new();
    cockpit.press("3mrestart it<enter><esc>");
    let key = selected_act(&cockpit.app).map(|item| item.key());
    cockpit.app.screen.act.cursor = Default::default();
    cockpit.press("13");
    let (text, mitigation_kind) = ("drain it".to_owned(), Default::default());
    let mitigation =
        cockpit.bob(Event::MitigationAdded { text, mitigation_kind, hypothesis: None, command: None, change: None });
    let (state, note) = (MitigationState::Running, String::new());
    cockpit.bob(Event::MitigationSet { mitigation, state, note, when: None });
    assert_eq!(act_items(cockpit.app.facts()).len(), 2);
    assert_eq!(selected_act(&cockpit.app).map(|item| item.key()), key);
}

#[test]
fn what_another_person_does_is_said_with_what_it_did_to_the_ranking() {
    let mut cockpit = Cockpit::new();
    cockpit.press("2s5xx<enter>abad deploy<ctrl-s>#<esc>").tick("03:10:10");
    let (row, column) = (cockpit.app.incident.board.hypotheses[0].id, cockpit.app.incident.board.observations[0].id);
    let said = |cockpit: &Cockpit| cockpit.app.screen.notice.as_ref().map(|notice| notice.text.clone());
    assert_eq!(said(&cockpit), None);
    cockpit.bob(Event::CellSet { hypothesis: row, observation: column, cell: Cell::Cannot });
    assert_eq!(said(&cockpit).as_deref(), Some("bob: for A, s1 5xx: cannot be there; A +2.1 → -3.3"));
    cockpit.tick("03:10:20").bob(Event::Noted { text: "rolled back".into(), when: None });
    assert!(
        said(&cockpit).is_some_and(|said| said.starts_with("bob: ") && said.contains("rolled back")),
        "{:?}",
        said(&cockpit)
    );
    // What bob's cockpit saw is no deed of bob's.
    cockpit.tick("03:10:30").bob(Event::WatchStarted { session: Id::small(7), vitals: true });
    assert_eq!(said(&cockpit), None);
}
