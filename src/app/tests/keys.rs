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
fn a_severity_is_asked_for_once_when_it_is_closed_without_one() {
    let mut cockpit = Cockpit::new();
    let asks = |cockpit: &Cockpit| matches!(&cockpit.app.screen.overlay, Some(Overlay::Prompt(prompt)) if matches!(prompt.purpose, Purpose::Severity));
    cockpit.stopped().press("3Cy<enter>");
    assert!(asks(&cockpit), "{:?}", cockpit.app.screen.overlay);
    assert_eq!(cockpit.app.incident.summary.status, Status::Closed, "closed it is in any case");
    cockpit.press("SEV2<enter>");
    assert_eq!(cockpit.app.incident.summary.severity.as_deref(), Some("SEV2"));
    cockpit.later(1).press("3Ry<enter>").later(1).press("Cy<enter>");
    assert_eq!(cockpit.app.incident.summary.status, Status::Closed);
    assert!(!asks(&cockpit), "it has one");
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

#[test]
fn no_key_that_prints_is_silent() {
    let told = |app: &App| (format!("{:?}", app.screen), app.version());
    let mut silent = Vec::new();
    for worked in [false, true] {
        for view in ('1'..='5').map(String::from) {
            let mut cockpit = Cockpit::new();
            if worked {
                cockpit.worked_on();
            }
            cockpit.press(&view).later(10);
            // Moves at the end of a list, and the view that is shown, need no words.
            for c in (' '..='~').filter(|c| !"hjklG".contains(*c) && !view.starts_with(*c)) {
                let mut app = cockpit.app.clone();
                let effects = app.update(Msg::Key(KeyEvent::from(KeyCode::Char(c))));
                if effects.is_empty() && told(&app) == told(&cockpit.app) {
                    silent.push(format!("{view} {c}"));
                }
            }
        }
    }
    assert_eq!(silent, [""; 0]);
}

#[test]
fn a_key_that_means_nothing_here_says_where_it_does() {
    let mut cockpit = Cockpit::new();
    let mut says = |keys: &str, expected: &str| {
        cockpit.press(keys);
        assert_eq!(notice(&cockpit), expected, "{keys}");
    };
    says("4W", "W is for 1 Watch: log lines whole, wrapped, or one row each");
    says("c", "c is for 1 Watch and 2 Board");
    says("\u{5c}", "nothing is bound to \\ here · ? help");
    says("g", "g waits for a second key: gg to the first");
    says("g", "");
    says("h", "h does nothing here (left)");
    says("<esc><enter>", "Enter right behind Esc is taken for Alt-Enter and does nothing: press it again");
    cockpit.later(1).press("/zzz<enter>").later(1).press("<enter>");
    assert_eq!(notice(&cockpit), "Enter does nothing here (open or accept; never changes the world)");
}

#[test]
fn a_hint_does_not_hide_trouble_and_goes_with_the_next_key() {
    let mut cockpit = Cockpit::new();
    cockpit.send(Msg::JournalSays("the disk is full".into())).press("4W");
    assert_eq!(notice(&cockpit), "the disk is full");
    cockpit.later(7).press("W");
    assert!(notice(&cockpit).starts_with("W is for"), "{}", notice(&cockpit));
    cockpit.press("j");
    assert_eq!(notice(&cockpit), "");
}

#[test]
fn esc_with_nothing_to_leave_names_the_key_that_passes_over_the_step() {
    let mut cockpit = Cockpit::new();
    cockpit.worked_on().says("Add two hypotheses").press("2<esc>").says("Add two hypotheses");
    assert_eq!(notice(&cockpit), "nothing to leave here · < passes over the step");
    cockpit.later(7).press("1/a<enter>").later(1).press("<esc>");
    assert_eq!(notice(&cockpit), "", "the filter is left");
    cockpit.later(1).press("<esc>");
    assert!(notice(&cockpit).starts_with("nothing to leave here"));
}

#[test]
fn a_note_is_a_note_while_a_filter_stands_and_the_key_that_goes_on_elsewhere_says_how() {
    let mut cockpit = Cockpit::new();
    cockpit.press("4/x<enter>").later(1).press("N");
    assert_eq!(notice(&cockpit), "only what matches is shown: ↓ ↑ go from one to the next · n writes a note");
    cockpit.press("n");
    assert!(matches!(cockpit.app.screen.overlay, Some(Overlay::Note(_))));
}
