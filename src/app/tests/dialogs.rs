//! Questions and fields: what is typed by mistake decides nothing, and what is typed on purpose is not lost.

use super::*;
use crate::{
    app::{
        act::intent,
        assumptions,
        screen::overlay::{Purpose, write::Write},
        world::checks::SignOf,
    },
    incident::{HypothesisState, Question, ranking::RowId},
    signal::Operation,
};

/// How many entries of a board or of a decision the log has; drafts do not count.
fn decisions(cockpit: &Cockpit) -> usize {
    cockpit.log.iter().filter(|entry| kind(&entry.event) != "draft").count()
}

/// Opens something with `keys`, goes on typing `words`, and expects that nothing is decided and no view is left.
#[track_caller]
fn check(cockpit: &mut Cockpit, keys: &str, words: &str) {
    cockpit.press(keys);
    let (before, view) = (decisions(cockpit), cockpit.app.screen.view);
    cockpit.press(words);
    assert_eq!(decisions(cockpit), before, "{words:?} after {keys:?} decided something");
    assert_eq!(cockpit.app.screen.view, view);
    assert!(!cockpit.app.session.quitting);
    assert!(cockpit.app.screen.overlay.is_some(), "{words:?} after {keys:?} left it");
    cockpit.press("<esc>").tick("03:10:05");
}

/// Two rows, a sign that is settled, a mitigation that is marked.
fn outage() -> Cockpit {
    let mut cockpit = Cockpit::new();
    cockpit.press("2s5xx<enter>tonly new pods<enter>abad deploy<ctrl-s><esc>adns<ctrl-s><esc>");
    cockpit.tick("03:10:01").press("3mRoll back<enter>").tick("03:10:02");
    cockpit
}

#[test]
fn words_typed_into_a_question_decide_nothing() {
    let mut cockpit = outage();
    check(&mut cockpit, "3v", "it seems to be the pool, quick 2nd look<enter>");
    check(&mut cockpit, "3S", "maybe no more errors 5 min yes y<enter>");
    check(&mut cockpit, "2c", "checkout x<enter>");
    check(&mut cockpit, "2v", "looks absent p<enter>u");
    check(&mut cockpit, "2<enter>", "the deploy, X! it -- exploded . + #<enter>");
    check(&mut cockpit, "2e", "xrcu2<backspace>SS");
    check(&mut cockpit, "?", "text of a note 123");
}

#[test]
fn a_second_enter_at_the_end_of_a_dialog_opens_nothing() {
    let mut cockpit = outage();
    cockpit.press("3vd<enter>");
    assert!(cockpit.app.screen.overlay.is_none(), "the dialog is over");
    cockpit.press("<enter>");
    assert!(cockpit.app.screen.overlay.is_none(), "pressed twice it does not open the next one");
    cockpit.tick("03:10:03").press("<enter>");
    assert!(cockpit.app.screen.overlay.is_some(), "what comes later is meant");
}

#[test]
fn words_answer_nothing_that_the_coach_asks_and_a_letter_does() {
    let mut cockpit = outage();
    cockpit.poll(ALERTS, firing(&["CheckoutErrors"])).press("A");
    assert!(cockpit.app.advice().text.contains("is proposed"));
    check(&mut cockpit, ">", "were it so<enter>");
    cockpit.tick("03:10:20").press("3<enter>").tick("03:10:21").press(",").tick("03:10:22").press("d<enter>");
    assert_eq!(cockpit.app.incident.mitigations[0].state, MitigationState::Running);
}

#[test]
fn a_decision_is_changed_by_the_letter_that_says_so() {
    let mut cockpit = outage();
    cockpit.app.screen.board.row = cockpit.app.incident.board.hypotheses.first().map(|row| RowId::Named(row.id));
    cockpit.press("2cyonly v2 pods<enter>");
    let state = |cockpit: &Cockpit| cockpit.app.incident.board.hypotheses[0].state;
    assert_eq!(state(&cockpit), HypothesisState::Confirmed);
    check(&mut cockpit, "x", "it was<enter>");
    check(&mut cockpit, "r", "it was<enter>");
    assert_eq!(state(&cockpit), HypothesisState::Confirmed);
    cockpit.press("xya rival explains more<enter>").tick("03:10:10");
    assert_eq!(state(&cockpit), HypothesisState::Refuted);
    cockpit.press("ry").tick("03:10:20");
    assert_eq!(state(&cockpit), HypothesisState::Open);

    cockpit.press("3vwygone<enter>").tick("03:10:30");
    assert_eq!(cockpit.app.incident.mitigations[0].state, MitigationState::Worked);
    check(&mut cockpit, "v", "later<enter>");
    assert_eq!(cockpit.app.incident.mitigations[0].state, MitigationState::Worked);
}

#[test]
fn after_the_last_answer_words_command_nothing() {
    let mut cockpit = outage();
    cockpit.press("3Sy<enter>").press(">");
    for answer in ["a deploy", "shoppers", "a bad query", "typed by hand", "no review of queries"] {
        // The coach's key between two answers, from habit, is no part of the answer.
        cockpit.press(answer).press("<enter>>");
    }
    let answers = &cockpit.app.incident.answers;
    assert_eq!(answers.len(), 2);
    assert_eq!(cockpit.app.incident.causes.len(), 3, "the whys follow, down to a process");
    let answers = &cockpit.app.incident.answers;
    assert_eq!(answers[&Question::Summary], "a deploy");
    assert_eq!(answers[&Question::Impact], "shoppers");
    check(&mut cockpit, "", "x refute u undo 2 q c y<enter>S<enter>");
    assert!(cockpit.app.screen.overlay.is_none(), "Esc left the end");
    cockpit.answered(11).press(">add a canary<enter>");
    assert_eq!(cockpit.app.incident.actions.len(), 1, "in Learn the step is done, not only shown");
}

#[test]
fn the_coachs_key_twice_is_no_part_of_the_reason_it_has_filled_in() {
    let mut cockpit = Cockpit::new();
    cockpit.worked_on().press("aone<enter>#").press("atwo<enter>!").says("Refute B two? s1 is present").press(">");
    let text = |cockpit: &Cockpit| match &cockpit.app.screen.overlay {
        Some(Overlay::Prompt(prompt)) => prompt.field.text(),
        other => panic!("{other:?}"),
    };
    let reason = text(&cockpit);
    assert!(!reason.is_empty());
    cockpit.press(">>");
    assert_eq!(text(&cockpit), reason);
    // Later, and behind other keys, it is a sign like any other.
    cockpit.later(1).press(">");
    assert_eq!(text(&cockpit), format!("{reason}>"));
    cockpit.press("<esc>").later(1).press(">x>");
    assert!(text(&cockpit).ends_with("x>"), "{}", text(&cockpit));
}

#[test]
fn an_empty_answer_goes_on_and_an_edited_one_ends() {
    let mut cockpit = outage();
    cockpit.press("5<enter><enter>shoppers<enter><esc>").tick("03:10:05");
    assert_eq!(cockpit.app.incident.answers.len(), 1);
    cockpit.press("<up><up><up><down><enter>, many<enter>");
    assert_eq!(cockpit.app.incident.answers[&Question::Impact], "shoppers, many");
    assert!(cockpit.app.screen.overlay.is_none(), "it was answered before: one edit is all there is");
}

#[test]
fn what_is_typed_into_a_question_comes_back_after_esc() {
    let mut cockpit = outage();
    cockpit.app.screen.board.row = cockpit.app.incident.board.hypotheses.first().map(|row| RowId::Named(row.id));
    for open in ["2E", "2x", "w", "3m", "5t", "5<enter>", ":title<enter>", ":onset<enter>", ":severity<enter>"] {
        let text = |cockpit: &Cockpit| match &cockpit.app.screen.overlay {
            Some(Overlay::Prompt(prompt)) => prompt.field.text(),
            other => panic!("{open}: {other:?}"),
        };
        cockpit.press(open);
        let offered = text(&cockpit);
        cockpit.press("<esc>").tick("03:10:05").press(open);
        assert_eq!(text(&cockpit), offered, "{open}: what was only offered is no draft");
        cockpit.press(" half a th");
        let typed = text(&cockpit);
        cockpit.press("<esc>").tick("03:10:10").press(open);
        assert_eq!(text(&cockpit), typed, "{open}");
        cockpit.press("<esc>").tick("03:10:15");
    }
}

#[test]
fn marks_in_the_picker_come_back_after_esc() {
    let mut cockpit = outage();
    cockpit.press("2a<tab><tab><esc>").tick("03:10:05").press("a");
    let Some(Overlay::Picker(picker)) = &cockpit.app.screen.overlay else { panic!("the picker") };
    assert_eq!(picker.marked.len(), 2);
    cockpit.press("<enter>");
    assert_eq!(cockpit.app.incident.board.hypotheses.len(), 4);
}

#[test]
fn a_time_that_is_none_is_said_and_the_text_is_kept() {
    let mut cockpit = Cockpit::new();
    cockpit.press("n25:99 pool alarms<ctrl-s>");
    let Some(Overlay::Note(field)) = &cockpit.app.screen.overlay else { panic!("the note stays open") };
    assert!(field.trouble().is_some_and(|said| said.starts_with("25:99 is no time")));
    assert_eq!(field.text(), "25:99 pool alarms");
    cockpit.press("<ctrl-s>");
    assert_eq!(cockpit.app.incident.notes[0].text, "25:99 pool alarms", "a second time keeps it as text");
}

#[test]
fn severities_and_actions_are_read_and_what_is_wrong_stays_to_be_mended() {
    let mut cockpit = Cockpit::new();
    cockpit.press(":severity<enter>as bad as it was in May<enter>");
    let Some(Overlay::Prompt(prompt)) = &cockpit.app.screen.overlay else { panic!("the field stays open") };
    assert_eq!(prompt.field.text(), "as bad as it was in May");
    assert!(prompt.trouble.as_deref().is_some_and(|why| why.contains("too long for a severity")));
    cockpit.press("<esc>").tick("03:10:05").press(":severity<enter>");
    cockpit.press("<ctrl-u>sev2<enter>");
    assert_eq!(cockpit.app.incident.summary.severity.as_deref(), Some("SEV2"));
    cockpit.press("5tpage earlier owner: maria due: soon<enter>");
    assert!(cockpit.app.incident.actions.is_empty());
    cockpit.press(&"<backspace>".repeat(4));
    cockpit.press("Dec 1<enter>");
    let action = &cockpit.app.incident.actions[0];
    assert_eq!(
        (action.text.as_str(), action.owner.as_str(), action.due.as_str()),
        ("page earlier", "maria", "2026-12-01")
    );
}

#[test]
fn assumptions_are_poked_in_turn_and_a_broken_one_marks_its_row() {
    let mut cockpit = outage();
    let row = cockpit.app.incident.board.hypotheses[1].id;
    cockpit.app.screen.board.row = Some(RowId::Named(row));
    cockpit.press("2ilookups are cached<enter>iall: the clock is right<enter>");
    let texts = |cockpit: &Cockpit| {
        assumptions::assumptions(&cockpit.app.incident).iter().map(|a| a.text.clone()).collect::<Vec<_>>()
    };
    assert_eq!(texts(&cockpit), ["lookups are cached", "the clock is right"]);
    check(&mut cockpit, "P", "h b u words of a note");
    cockpit.press("P<enter>b").tick("03:10:07");
    assert_eq!(cockpit.app.incident.board.broken_under(row).count(), 1);
    assert_eq!(texts(&cockpit), ["the clock is right", "lookups are cached"], "the next one to poke stands first");
    cockpit.press("<enter>h<esc>").tick("03:10:09").press("uu");
    assert_eq!(cockpit.app.incident.board.broken_under(row).count(), 0, "both are undone");
    cockpit.press("<ctrl-r>");
    assert_eq!(cockpit.app.incident.board.broken_under(row).count(), 1);
}

#[test]
fn from_a_firing_alert_to_a_ranked_board_in_twelve_keys() {
    let mut cockpit = Cockpit::new();
    cockpit.poll(ALERTS, firing(&["CheckoutErrors"]));
    // Words typed aside: `s`, `a`, two marks, Enter, and the strip's cells of what has been seen.
    let mut keys = 0;
    let mut press = |cockpit: &mut Cockpit, strokes: &[&str]| {
        keys += strokes.len();
        strokes.iter().for_each(|stroke| {
            cockpit.press(stroke);
        });
    };
    press(&mut cockpit, &["s", "a", "<tab>", "<tab>", "<enter>", "#", "+", "<esc>"]);
    let app = &cockpit.app;
    let live: Vec<_> = app.incident.ranking.rows.iter().filter(|row| matches!(row.id, RowId::Named(_))).collect();
    assert_eq!((app.screen.view, live.len()), (View::Board, 2));
    assert!(live[0].bits > live[1].bits && app.screen.overlay.is_none());
    assert!(keys <= 12, "{keys} keys");
    // The same with words of one's own: each row typed, then its cell.
    let mut cockpit = Cockpit::new();
    cockpit.poll(ALERTS, firing(&["CheckoutErrors"]));
    let words = |cockpit: &mut Cockpit, text: &str| drop(cockpit.press(text).app.advice());
    let mut keys = 0;
    for (before, text, after) in
        [("sa", "bad deploy of checkout", ["<enter>", "#"]), ("a", "pool is full", ["<enter>", "+"])]
    {
        cockpit.press(before);
        words(&mut cockpit, text);
        after.iter().for_each(|stroke| {
            cockpit.press(stroke);
        });
        keys += before.len() + after.len();
    }
    let bits: Vec<_> = cockpit.app.incident.ranking.rows.iter().map(|row| row.bits).collect();
    assert_eq!(cockpit.app.incident.board.hypotheses.len(), 2);
    assert!(bits[0] > bits[1] && cockpit.app.screen.overlay.is_none());
    assert!(keys <= 12, "{keys} keys");
}

/// One of each question that is answered in one line. A new one is a new arm here.
fn every_purpose(cockpit: &Cockpit) -> Vec<Purpose> {
    let incident = &cockpit.app.incident;
    let row = incident.board.hypotheses[0].id;
    let column = incident.board.observations[0].id;
    let mitigation = incident.mitigations[0].id;
    let intent = || Box::new(intent::intent_of(&cockpit.app.incident, mitigation).expect("an intent"));
    let sign_of = || Box::new(SignOf { source: "prom".into(), query: "up".into(), empty: None, origin: None });
    let run = Purpose::RunCommand { intent: intent(), name: "x".into(), argv: vec!["x".into()] };
    let (source, _) = cockpit.app.session.config.sources_by_id().next().expect("a source");
    let operation = Operation::Acknowledge { id: "1".into(), by: "alice".into(), note: String::new() };
    let write = Write {
        source,
        source_name: "pager".into(),
        operation,
        shown: Vec::new(),
        draft: String::new(),
        warnings: Vec::new(),
    };
    let after = |purpose: &Purpose| match purpose {
        Purpose::Symptom => Some(Purpose::Sign),
        Purpose::Sign => Some(Purpose::SignAgainst(row)),
        Purpose::SignAgainst(_) => Some(Purpose::Check(column)),
        Purpose::Check(_) => Some(Purpose::SignOf(sign_of())),
        Purpose::SignOf(_) => Some(Purpose::ParkWhy),
        Purpose::ParkWhy => Some(Purpose::Judge(row, HypothesisState::Refuted)),
        Purpose::Judge(..) => Some(Purpose::Reword(row)),
        Purpose::Reword(_) => Some(Purpose::Assumption(Some(row))),
        Purpose::Assumption(Some(_)) => Some(Purpose::Assumption(None)),
        Purpose::Assumption(None) => Some(Purpose::SettleNote(column, ObservationState::Present)),
        Purpose::SettleNote(..) => Some(Purpose::Title),
        Purpose::Title => Some(Purpose::Severity),
        Purpose::Severity => Some(Purpose::Onset),
        Purpose::Onset => Some(Purpose::Mitigation { hypothesis: None }),
        Purpose::Mitigation { .. } => Some(Purpose::Plan(mitigation)),
        Purpose::Plan(_) => Some(Purpose::Reject(intent())),
        Purpose::Reject(_) => Some(Purpose::MitigationNote(mitigation, MitigationState::Failed)),
        Purpose::MitigationNote(..) => Some(Purpose::StatusReason(Status::Stanched)),
        Purpose::StatusReason(_) => Some(Purpose::Review(Question::Summary)),
        Purpose::Review(_) => Some(Purpose::Why { of: None, asked: "Why did it happen?" }),
        Purpose::Why { .. } => Some(Purpose::WhyWords(row)),
        Purpose::WhyWords(_) => Some(Purpose::ActionItem),
        Purpose::ActionItem => Some(Purpose::EditAction(row)),
        Purpose::EditAction(_) => Some(Purpose::Filter(View::Watch)),
        Purpose::Filter(View::Watch) => Some(Purpose::Filter(View::Log)),
        Purpose::Filter(_) => Some(Purpose::Highlight),
        Purpose::Highlight => Some(Purpose::LoadBoard),
        Purpose::LoadBoard => Some(Purpose::SaveBoard),
        Purpose::SaveBoard => Some(Purpose::NewIncident),
        Purpose::NewIncident => Some(run.clone()),
        Purpose::RunCommand { .. } => Some(Purpose::Silence { source: "am".into(), of: String::new() }),
        Purpose::Silence { .. } => Some(Purpose::Write(Box::new(write.clone()))),
        Purpose::Write(_) => None,
    };
    std::iter::successors(Some(Purpose::Symptom), after).collect()
}

#[test]
fn every_question_is_left_with_esc_and_keeps_its_text() {
    let mut cockpit = outage();
    let mut second = 10;
    for purpose in every_purpose(&cockpit) {
        let text = |cockpit: &Cockpit| match &cockpit.app.screen.overlay {
            Some(Overlay::Prompt(prompt)) => prompt.field.text(),
            other => panic!("{purpose:?}: {other:?}"),
        };
        // Any letter begins words.
        cockpit.app.ask(purpose.clone());
        cockpit.press("quick ?>1y half a th");
        assert_eq!(text(&cockpit), "quick ?>1y half a th", "{purpose:?}");
        cockpit.press("<esc>");
        assert!(cockpit.app.screen.overlay.is_none() && !cockpit.app.session.quitting, "{purpose:?}");
        second += 1;
        cockpit.tick(&format!("03:{}:{:02}", 10 + second / 60, second % 60));
        cockpit.app.ask(purpose.clone());
        // The name that runs a command, or sends something, is typed anew each time.
        let is_typed_anew = matches!(purpose, Purpose::RunCommand { .. } | Purpose::Write(_));
        let expected = if is_typed_anew { "" } else { "quick ?>1y half a th" };
        assert_eq!(text(&cockpit), expected, "{purpose:?}");
        cockpit.press("<esc>");
        second += 1;
        cockpit.tick(&format!("03:{}:{:02}", 10 + second / 60, second % 60));
    }
}

#[test]
fn a_filter_that_was_left_does_not_filter_and_comes_back() {
    let mut cockpit = Cockpit::new();
    cockpit.press("/pool<esc>").tick("03:10:05");
    assert_eq!(cockpit.app.screen.filter_of(View::Watch), "");
    cockpit.press("/<enter>").press("/");
    assert_eq!(cockpit.app.screen.filter_of(View::Watch), "pool");
}

#[test]
fn each_view_has_a_filter_of_its_own() {
    let mut cockpit = Cockpit::new();
    let filters = |cockpit: &Cockpit| {
        (cockpit.app.screen.filter_of(View::Watch).to_owned(), cockpit.app.screen.log.filter.clone())
    };
    cockpit.press("/pool<enter>").tick("03:10:01").press("4/note<enter>").tick("03:10:02");
    assert_eq!(filters(&cockpit), ("pool".into(), "note".into()));
    // Esc shows all of the one that is seen.
    cockpit.press("<esc>");
    assert_eq!(filters(&cockpit), ("pool".into(), String::new()));
    cockpit.tick("03:10:05").press("4/lost<esc>").tick("03:10:10").press("1/<enter>");
    assert_eq!(filters(&cockpit), ("pool".into(), String::new()), "what was left there does not appear here");
    cockpit.tick("03:10:15").press("4/<enter>").tick("03:10:20").press("1<esc>");
    assert_eq!(filters(&cockpit), (String::new(), "lost".into()));
}

#[test]
fn words_that_go_on_after_a_dialog_has_closed_command_nothing() {
    let mut cockpit = outage();
    cockpit.app.screen.board.row = cockpit.app.incident.board.hypotheses.first().map(|row| RowId::Named(row.id));
    let nothing = |cockpit: &mut Cockpit, keys: &str, at: &str| {
        cockpit.tick(at);
        let before = cockpit.log.len();
        cockpit.press(keys);
        assert!(cockpit.app.screen.overlay.is_none() && !cockpit.app.session.quitting, "{keys}");
        assert_eq!((cockpit.log.len(), cockpit.app.screen.view), (before, View::Board), "{keys}");
    };
    nothing(&mut cockpit, "2cquick look, X 3 #", "03:11:00");
    // A moment later they are keys again, and so is what only shows.
    cockpit.tick("03:11:20").press("cq").tick("03:11:21").press("n");
    assert!(matches!(cockpit.app.screen.overlay, Some(Overlay::Note(_))));
    cockpit.press("<esc>").tick("03:11:30").press("cq3");
    assert_eq!(cockpit.app.screen.view, View::Act);
    // One sign too many does not land on the board.
    cockpit.tick("03:11:40").press("2aa gremlin<enter>").press(". . . . . .".replace(' ', "").as_str());
    let cells = cockpit.log.iter().filter(|entry| kind(&entry.event) == "cell").count();
    let columns = cockpit.app.incident.board.observations.len();
    assert!(cockpit.app.screen.overlay.is_none());
    assert_eq!(cells, columns, "as many as there were columns to fill");
}
