//! View 5: whys as a tree, actions that can be changed, and what is copied.

use super::*;
use crate::{
    app::{
        LearnItem,
        screen::{learn, log},
    },
    incident::End,
};

/// The whys below "Why did it happen?", a line an answer.
fn tree(cockpit: &Cockpit) -> Vec<String> {
    let branches = cockpit.app.incident.branches(None);
    branches.iter().map(|branch| format!("{} {}", branch.depth, branch.why.text)).collect()
}

fn asked(cockpit: &Cockpit) -> String {
    match &cockpit.app.screen.overlay {
        Some(Overlay::Prompt(prompt)) => prompt.purpose.spec().question,
        Some(Overlay::Choice(choice)) => choice.title.clone(),
        other => format!("{other:?}"),
    }
}

/// In Learn, on "Why did it happen?".
fn learning() -> Cockpit {
    let mut cockpit = Cockpit::new();
    cockpit.press("5<down><down>");
    cockpit
}

#[test]
fn a_why_is_asked_on_until_it_names_a_process() {
    let mut cockpit = learning();
    cockpit.press("<enter>a setting was missing<enter>typed by hand<enter>");
    assert_eq!(asked(&cockpit), "Why was that?");
    cockpit.press("no review of settings<enter>");
    assert_eq!(asked(&cockpit), "Whys", "an end that takes no letters");
    assert_eq!(tree(&cockpit), ["1 a setting was missing", "2 typed by hand", "3 no review of settings"]);
    assert_eq!(cockpit.app.incident.branches(None)[2].end, End::Process);
    cockpit.press("x u q<esc>").tick("03:10:05");
    // Another cause beside it, and one below the first.
    cockpit.press("btwo files<enter><enter><up><up>");
    cockpit.tick("03:10:08").press("<up>").press("<enter>nobody was told<enter><esc>").tick("03:10:10");
    let expected =
        ["1 a setting was missing", "2 typed by hand", "3 no review of settings", "3 two files", "2 nobody was told"];
    assert_eq!(tree(&cockpit), expected);
    cockpit.press("e").tick("03:10:12").press("u");
    assert_eq!(cockpit.app.incident.branches(None)[4].end, End::Open, "undone");
    cockpit.press("u");
    assert_eq!(tree(&cockpit), expected[..4]);
}

#[test]
fn a_branch_that_ends_with_a_person_is_asked_on_and_never_blocked() {
    let mut cockpit = learning();
    cockpit.press("<enter>alice forgot the flag<enter>");
    assert_eq!(asked(&cockpit), "What let that happen?");
    cockpit.press("<enter>");
    assert!(cockpit.app.screen.overlay.is_none(), "left open with an empty answer");
    cockpit.press("e");
    assert_eq!(cockpit.app.incident.branches(None)[0].end, End::Process, "a person decides");
}

#[test]
fn a_why_put_aside_is_one_key_away() {
    let mut cockpit = Cockpit::new();
    cockpit.press("wwhy no canary<enter>5<down><down><down><enter>switched off in May<enter><esc>").tick("03:10:05");
    let parked = cockpit.app.incident.whys[0].id;
    assert_eq!(cockpit.app.incident.branches(Some(parked))[0].why.text, "switched off in May");
    assert!(cockpit.app.incident.branches(None).is_empty());
}

#[test]
fn five_levels_are_a_habit_and_no_limit() {
    let mut cockpit = learning();
    cockpit.press("<enter>a<enter>b<enter>c<enter>d<enter>f<enter>");
    assert_eq!(asked(&cockpit), "Whys");
    cockpit.press("<esc>").tick("03:10:05").press("<enter>g<enter>h<enter><esc>");
    assert_eq!(tree(&cockpit).last().map(String::as_str), Some("7 h"));
}

#[test]
fn answers_and_actions_are_changed_and_taken_back() {
    let mut cockpit = learning();
    cockpit.press("<enter>typo<enter><esc>").tick("03:10:05").press("E in the flag<enter>");
    assert_eq!(tree(&cockpit), ["1 typo in the flag"]);
    cockpit.press("E").press(&"<backspace>".repeat(30)).press("<enter>");
    assert!(tree(&cockpit).is_empty());
    cockpit.press("tpage earlier owner: maria<enter>").tick("03:10:10");
    cockpit.press("<end><up><enter> due: 2026-12-01<enter>").tick("03:10:15");
    let action = &cockpit.app.incident.actions[0];
    assert_eq!((action.text.as_str(), action.due.as_str()), ("page earlier", "2026-12-01"));
    cockpit.press("u");
    assert_eq!(cockpit.app.incident.actions[0].due, "");
}

#[test]
fn the_cursor_stays_on_its_line_while_the_tree_grows() {
    let mut cockpit = learning();
    cockpit.press("<end>").press("wwhy now<enter>");
    assert!(matches!(learn::selected_learning(&cockpit.app), LearnItem::NewAction));
}

#[test]
fn what_is_selected_is_copied() {
    #[track_caller]
    fn check(cockpit: &mut Cockpit, keys: &str, expected: &str) {
        cockpit.press(keys).press("y");
        let copied = cockpit.effects.iter().rev().find_map(|effect| match effect {
            Effect::Copy(text) => Some(text.as_str()),
            _ => None,
        });
        assert_eq!(copied, Some(expected), "{keys}");
    }
    let mut cockpit = Cockpit::new();
    cockpit.press("s5xx<enter>2tonly v2<enter>abad deploy<enter><esc>").tick("03:10:05");
    cockpit.app.screen.board.row = cockpit.app.incident.board.hypotheses.first().map(|row| RowId::Named(row.id));
    let column = cockpit.app.incident.board.observations[1].id;
    cockpit.app.screen.board.column = Some(column);
    check(&mut cockpit, "2", "A bad deploy · s2 only v2: untested");
    cockpit.press("vaall pods fail<enter>");
    check(&mut cockpit, "2", "A bad deploy · s2 only v2: absent (all pods fail)");
    cockpit.press("5<enter>it broke<enter><esc>").tick("03:10:10");
    check(&mut cockpit, "<up>", "What happened, in two sentences? it broke");
    cockpit.press("nthe pool is full<ctrl-s>").press("nit is not<ctrl-s>");
    check(&mut cockpit, "4", "03:10:10Z alice: it is not");
    check(&mut cockpit, "<up>", "03:10:10Z alice: the pool is full");
}

#[test]
fn the_log_keeps_its_line_while_it_grows() {
    let mut cockpit = Cockpit::new();
    cockpit.press("none<ctrl-s>ntwo<ctrl-s>nthree<ctrl-s>4<up>");
    let line = |cockpit: &Cockpit| log::selected_log_line(&cockpit.app).unwrap_or_default();
    assert!(line(&cockpit).ends_with("two"));
    cockpit.press("nfour<ctrl-s>");
    assert!(line(&cockpit).ends_with("two"), "what is read does not move");
    cockpit.press("<end>");
    assert!(line(&cockpit).ends_with("four"));
    cockpit.press("nfive<ctrl-s>");
    assert!(line(&cockpit).ends_with("five"), "at the end it follows");
    cockpit.press("/zebra<enter>y");
    assert!(log::selected_log_line(&cockpit.app).is_none());
}

#[test]
fn what_is_typed_for_something_that_is_gone_stays_in_its_field() {
    let words = |cockpit: &Cockpit| match &cockpit.app.screen.overlay {
        Some(Overlay::Prompt(prompt)) => (prompt.field.text(), prompt.trouble.clone()),
        other => panic!("{other:?}"),
    };
    let mut cockpit = learning();
    cockpit.press("<enter>a setting<enter><esc>").tick("03:10:05").press("E");
    let why = cockpit.app.incident.causes[0].id;
    let gone = cockpit.app.record(vec![Event::WhyReworded { why, text: String::new() }]);
    cockpit.carry_out(gone);
    cockpit.press(" was missing<enter>");
    assert_eq!(words(&cockpit), ("a setting was missing".into(), Some("that answer is gone".into())));

    let mut cockpit = learning();
    cockpit.press("tfix it<enter>").tick("03:10:05").press("G<up>E");
    let action = cockpit.app.incident.actions[0].id;
    let gone = Event::ActionEdited {
        action,
        text: String::new(),
        owner: String::new(),
        due: String::new(),
        action_kind: crate::incident::ActionKind::default(),
    };
    let gone = cockpit.app.record(vec![gone]);
    cockpit.carry_out(gone);
    cockpit.press(" soon<enter>");
    assert_eq!(words(&cockpit).1.as_deref(), Some("that action is gone"));
}

#[test]
fn words_meant_for_a_why_that_is_not_asked_command_nothing() {
    let mut cockpit = learning();
    cockpit.slow = true;
    cockpit.press("<enter>a setting was missing<enter>beware of typing");
    let Some(Effect::Record(drafts)) = cockpit.waiting.pop() else { panic!("an answer is on its way") };
    cockpit.send(Msg::NotRecorded(drafts, "disk full".into()));
    assert!(cockpit.app.screen.overlay.is_none(), "{:?}", cockpit.app.screen.overlay);
    assert!(cockpit.waiting.is_empty(), "{:?}", cockpit.waiting);
}
