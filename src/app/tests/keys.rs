//! Keys where a hand is likely to press another one.

use super::*;
use crate::app::screen::overlay::Purpose;

fn notice(cockpit: &Cockpit) -> String {
    cockpit.app.screen.notice.as_ref().map(|notice| notice.text.clone()).unwrap_or_default()
}

#[test]
fn a_shown_letter_answers_after_a_stray_one() {
    let mut cockpit = Cockpit::new();
    cockpit.treated(30).press("vw");
    assert!(matches!(cockpit.app.screen.overlay, Some(Overlay::Choice(_))));
    cockpit.press("x<enter>").later(1).press("y");
    assert!(matches!(cockpit.app.screen.overlay, Some(Overlay::Prompt(_))), "{:?}", cockpit.app.screen.overlay);
}

#[test]
fn enter_keeps_a_note_and_other_keys_break_its_line() {
    let mut cockpit = Cockpit::new();
    cockpit.press("none<ctrl-j>two<alt-enter>three<enter>");
    assert!(cockpit.app.screen.overlay.is_none());
    assert_eq!(cockpit.app.incident.notes[0].text, "one\ntwo\nthree");
}

#[test]
fn undo_says_what_it_has_undone() {
    let mut cockpit = Cockpit::new();
    cockpit.press("sdisk full<enter>").later(1).press("nthe pool is full<enter>").later(1).press("u");
    assert_eq!(notice(&cockpit), "undone: the pool is full; Ctrl-R brings it back");
    cockpit.later(1).press("u");
    assert!(notice(&cockpit).starts_with("undone: ") && notice(&cockpit).contains("disk full"), "{}", notice(&cockpit));
    cockpit.later(1).press("<ctrl-r>");
    assert!(
        notice(&cockpit).starts_with("done again: ") && notice(&cockpit).contains("disk full"),
        "{}",
        notice(&cockpit)
    );
}

#[test]
fn a_filter_is_of_one_pane_and_shows_as_it_is_typed() {
    let mut cockpit = Cockpit::new();
    cockpit.poll(ALERTS, firing(&["A", "B"])).press("/a");
    let filters = |cockpit: &Cockpit| cockpit.app.screen.watch.filters.len();
    assert_eq!((cockpit.app.screen.filter_of(View::Watch), filters(&cockpit)), ("a", 1));
    cockpit.press("<esc>");
    assert_eq!(filters(&cockpit), 0, "left, it is as before");
    cockpit.later(1).press("/<enter>").later(1).press("<tab>");
    assert_eq!(cockpit.app.screen.filter_of(View::Watch), "", "another pane has none");
}

#[test]
fn a_line_takes_no_tab() {
    let mut cockpit = Cockpit::new();
    cockpit.press("sdisk<tab> full<enter>");
    assert_eq!(cockpit.app.incident.board.observations[0].text, "disk full");
}

#[test]
fn esc_leaves_the_step_and_not_now_passes_it_over() {
    let mut cockpit = Cockpit::new();
    cockpit.worked_on().says("Add two hypotheses").press("><esc>").later(1).says("Add two hypotheses");
    cockpit.press("<not-now>");
    assert_eq!(notice(&cockpit), "not now: it comes back when something about it changes");
    assert!(!cockpit.app.advice().text.contains("Add two hypotheses"));
    cockpit.press("spool full<enter>").says("Add two hypotheses");
}

#[test]
fn a_page_key_turns_the_page_of_panes() {
    let mut config = config();
    config.panes.extend(["p1", "p2", "p3"].map(|title| Pane { sources: vec!["prom".into()], ..Pane::titled(title) }));
    let mut cockpit = Cockpit::with(config);
    cockpit.send(Msg::Resized(80, 24));
    let focus = |cockpit: &Cockpit| cockpit.app.screen.watch.focus;
    let before = focus(&cockpit);
    let down = KeyEvent::from(KeyCode::PageDown);
    cockpit.send(Msg::Key(KeyEvent::from(KeyCode::PageUp)));
    assert_ne!(focus(&cockpit), before);
    cockpit.send(Msg::Key(down));
    assert_eq!(focus(&cockpit), before);
}

#[test]
fn a_match_is_added_and_what_matches_nothing_as_typed() {
    let mut cockpit = Cockpit::new();
    let texts = |cockpit: &Cockpit| {
        let rows = cockpit.app.incident.board.hypotheses.iter();
        rows.map(|row| row.text.clone()).collect::<Vec<_>>()
    };
    cockpit.press("adns<tab>depend<tab><enter><esc>");
    assert_eq!(texts(&cockpit), ["DNS", "a dependency is down or slow"]);
    cockpit.later(1).press("agremlins<enter><esc>").later(1).press("adisk<ctrl-s><esc>");
    assert_eq!(texts(&cockpit)[2..], ["gremlins", "disk"]);
    assert!(!matches!(cockpit.app.screen.overlay, Some(Overlay::Prompt(ref p)) if p.purpose == Purpose::Symptom));
}
