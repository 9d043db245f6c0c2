//! The board by keyboard: from an alert to ranked rows, cells, order by hand, signs.

use super::*;

#[test]
fn from_a_firing_alert_to_two_ranked_hypotheses_in_few_keys() {
    let mut cockpit = Cockpit::new();
    cockpit.poll(ALERTS, firing(&["CheckoutErrors"]));
    // s takes it, a opens the picker twice, a cell. The words typed are set aside: 7 strokes without them.
    cockpit.press("sabad deploy<enter>").press("<esc>adb pool<enter>").press("#");
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
    assert_eq!(cockpit.app.view, View::Board);
    cockpit.tick("03:10:01").press("<enter>#,");
    let board = &cockpit.app.incident.board;
    let cells: Vec<_> = board.hypotheses.iter().map(|row| board.cell(row.id, board.observations[0].id)).collect();
    assert_eq!(cells, [Cell::Must, Cell::Neutral]);
    assert!(cockpit.app.overlay.is_none(), "filled");
}

#[test]
fn rows_are_ranked_by_hand_and_go_back() {
    let mut cockpit = Cockpit::new();
    cockpit.press("sx<enter>aone<enter><esc>atwo<enter><esc>");
    let two = cockpit.app.incident.board.hypotheses[1].id;
    cockpit.app.board.row = Some(RowId::Named(two));
    cockpit.press("K");
    assert_eq!(cockpit.app.board_order()[0], RowId::Named(two));
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
