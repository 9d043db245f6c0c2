//! What is typed: notes, drafts, pastes, and what ends a field.

use super::*;
use crate::incident::mitigation::MitigationTurn;

#[test]
fn quitting_does_not_wait_and_keeps_what_was_typed() {
    let mut cockpit = Cockpit::new();
    cockpit.press("nthe pool is").press("<ctrl-c>");
    assert_eq!(cockpit.effects, [Effect::Quit]);
    assert!(cockpit.app.session.quitting);
    assert_eq!(cockpit.app.facts().my_draft("note"), Some("the pool is"));
}

#[test]
fn a_note_left_with_esc_comes_back_and_is_gone_once_kept() {
    let mut cockpit = Cockpit::new();
    cockpit.press("nhalf a thought<esc>");
    assert!(cockpit.app.screen.overlay.is_none());
    cockpit.press("n").press(" more<ctrl-s>");
    assert_eq!(cockpit.app.incident.notes[0].text, "half a thought more");
    assert!(cockpit.app.incident.drafts.is_empty());
}

#[test]
fn notes_can_be_backdated() {
    let mut cockpit = Cockpit::new();
    cockpit.press("n03:05 pool alarms<ctrl-s>");
    assert_eq!(cockpit.app.incident.notes[0].at, at("03:05:00"));
    assert_eq!(cockpit.app.incident.notes[0].text, "pool alarms");
}

#[test]
fn a_paste_outside_of_a_field_becomes_a_note() {
    let mut cockpit = Cockpit::new();
    cockpit.send(Msg::Paste("q\x1b[31mline\ntwo".into()));
    let Some(Overlay::Note(field)) = &cockpit.app.screen.overlay else { panic!("a note") };
    assert_eq!(field.text(), "q[31mline\ntwo");
    assert!(!cockpit.app.session.quitting);
}

#[test]
fn a_paste_keeps_its_breaks_however_the_terminal_sends_them() {
    for text in ["one\rtwo\r\rfour\r", "one\r\ntwo\r\n\r\nfour\r\n", "one\ntwo\n\nfour\n"] {
        let mut cockpit = Cockpit::new();
        cockpit.send(Msg::Paste(text.into()));
        let Some(Overlay::Note(field)) = &cockpit.app.screen.overlay else { panic!("a note") };
        assert_eq!(field.text(), "one\ntwo\n\nfour\n");
        // A field of one line has no breaks, and is not left by one.
        let mut cockpit = Cockpit::new();
        cockpit.press("s").send(Msg::Paste(text.into()));
        let Some(Overlay::Prompt(prompt)) = &cockpit.app.screen.overlay else { panic!("a field") };
        assert_eq!(prompt.field.text(), "one two  four");
    }
}

/// As a terminal without bracketed paste has it: letters, and the end of a line by itself.
#[test]
fn the_end_of_a_line_by_itself_parts_words_in_a_field_of_one_line() {
    let mut cockpit = Cockpit::new();
    cockpit.press("spool exhausted").send(Msg::Paste("\n".into())).press("at db");
    let Some(Overlay::Prompt(prompt)) = &cockpit.app.screen.overlay else { panic!("a field") };
    assert_eq!(prompt.field.text(), "pool exhausted at db");
}

#[test]
fn a_line_feed_is_enter_and_loses_no_line() {
    let mut cockpit = Cockpit::new();
    cockpit.press("none<ctrl-j>two<ctrl-s>").press("ss1<ctrl-j>").press("ah1<ctrl-j>");
    assert_eq!(cockpit.app.incident.notes[0].text, "one\ntwo");
    assert_eq!(cockpit.app.incident.board.observations.len(), 1);
    assert_eq!(cockpit.app.incident.board.hypotheses.len(), 1);
}

#[test]
fn closing_without_a_severity_says_nothing_of_one() {
    let mut cockpit = Cockpit::new();
    cockpit.press("3C").press("y").tick("03:10:05").press("<enter>").tick("03:10:10");
    assert!(matches!(cockpit.app.screen.overlay, Some(Overlay::Prompt(_))), "how bad it was is asked");
    cockpit.press("<enter>");
    assert!(cockpit.app.screen.overlay.is_none(), "and may be left open");
    let said = cockpit.log.iter().filter(|entry| matches!(entry.event, Event::SeveritySet { .. }));
    assert_eq!(said.count(), 0);
}

#[test]
fn enter_right_after_esc_is_half_of_an_alt_enter() {
    let mut cockpit = Cockpit::new();
    cockpit.press("1").press("<esc><enter>");
    assert!(!cockpit.app.screen.watch.zoomed);
    cockpit.tick("03:10:01").press("<enter>");
    assert!(cockpit.app.screen.watch.zoomed);
}

#[test]
fn a_note_typed_while_the_journal_is_slow_survives_quitting() {
    let mut cockpit = Cockpit::new();
    cockpit.slow = true;
    cockpit.press("ss1<enter>");
    cockpit.press("nunder way").press("<ctrl-c>");
    cockpit.slow = false;
    let waiting = std::mem::take(&mut cockpit.waiting);
    cockpit.carry_out(waiting);
    assert_eq!(cockpit.app.facts().my_draft("note"), Some("under way"));
}

#[test]
fn a_draft_is_its_authors_own() {
    let mut cockpit = Cockpit::new();
    let event = Event::DraftKept { field: "note".into(), text: "bob's half thought".into() };
    let id = crate::incident::Id::small(7);
    let foreign = Entry { seq: 2, id, at: at("03:10:00"), by: "bob@host".into(), event };
    cockpit.send(Msg::Recorded(vec![foreign])).press("nmine<ctrl-s>");
    assert_eq!(cockpit.app.incident.notes[0].text, "mine");
    assert_eq!(cockpit.app.incident.drafts.len(), 1, "bob's stays");
}

#[test]
fn what_was_left_in_a_question_stands_there_again() {
    let mut cockpit = Cockpit::new();
    cockpit.press("sx<enter>aq<enter><esc>2xnot it, because<esc>").tick("03:10:05").press("x").press(" of y<enter>");
    let row = &cockpit.app.incident.board.hypotheses[0];
    assert_eq!(row.reason, "not it, because of y");
}

#[test]
fn a_read_only_cockpit_opens_no_fields() {
    let mut cockpit = Cockpit::new();
    cockpit.app.session.read_only = true;
    cockpit.press("n");
    assert!(cockpit.app.screen.overlay.is_none());
    cockpit.send(Msg::Paste("text".into()));
    assert!(cockpit.app.screen.overlay.is_none());
    cockpit.press("/x<enter>");
    assert_eq!(cockpit.app.screen.filter_of(View::Watch), "x");
}

#[test]
fn what_came_of_something_can_be_backdated() {
    let mut cockpit = Cockpit::new();
    cockpit.press("3mrestart the pods<enter>").tick("03:10:10").press("vd<enter>").tick("03:14:00");
    cockpit.press("vf03:12 still 5xx<enter>");
    let MitigationTurn { at: at_time, state, note } =
        cockpit.app.incident.mitigations[0].history.last().expect("a state");
    assert_eq!((*at_time, *state, note.as_str()), (at("03:12:00"), MitigationState::Failed, "still 5xx"));
    cockpit.tick("03:15:00").press("vf03:11 before that<enter>");
    let MitigationTurn { at: at_time, note, .. } = cockpit.app.incident.mitigations[0].history.last().expect("a state");
    assert_eq!((*at_time, note.as_str()), (at("03:15:00"), "03:11 before that"), "not before what came before");
}

#[test]
fn what_stands_before_the_cursor_is_cleared_as_in_a_shell() {
    let mut cockpit = Cockpit::new();
    cockpit.press("nthe wrong name<ctrl-u>right");
    let Some(Overlay::Note(field)) = &cockpit.app.screen.overlay else { panic!("a note") };
    assert_eq!(field.text(), "right");
    // Nothing typed is lost for good.
    cockpit.press("<ctrl-u><ctrl-z>");
    let Some(Overlay::Note(field)) = &cockpit.app.screen.overlay else { panic!("a note") };
    assert_eq!(field.text(), "right");
}
