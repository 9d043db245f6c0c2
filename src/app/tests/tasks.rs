//! What takes long is worked out elsewhere, and taken only for the state it is of.

use super::*;
use crate::{
    app::{Task, derived},
    incident::{Prior, judgement::Question},
};

fn cause(text: &str) -> Event {
    Event::HypothesisAdded { text: text.into(), prior: Prior::default(), changed: false, from: String::new() }
}

fn sign(text: &str) -> Event {
    Event::ObservationAdded {
        text: text.into(),
        state: ObservationState::Untested,
        origin: None,
        when: None,
        evidence: None,
        check: Default::default(),
    }
}

/// A board too large to be judged at once, told by another cockpit.
fn large() -> Cockpit {
    let mut cockpit = Cockpit::new();
    let causes = (0..30).map(|n| cause(&format!("cause {n}")));
    let events = causes.chain((0..100).map(|n| sign(&format!("sign {n}"))));
    let entry = |(seq, event): (u64, Event)| {
        let id = Id::small((1 << 90) + u128::from(seq));
        Entry { seq, id, at: at("03:10:00"), by: "bob@host".into(), event }
    };
    let entries: Vec<Entry> = (cockpit.log.len() as u64 + 1..).zip(events).map(entry).collect();
    cockpit.log.extend(entries.clone());
    cockpit.send(Msg::Recorded(entries));
    cockpit
}

fn asked(cockpit: &mut Cockpit) -> Vec<Task> {
    let task = |effect| match effect {
        Effect::Compute(task) => Some(task),
        _ => None,
    };
    cockpit.effects.drain(..).filter_map(task).collect()
}

#[test]
fn a_large_board_is_judged_elsewhere_and_nothing_is_said_of_it_meanwhile() {
    let mut cockpit = large();
    let first = asked(&mut cockpit);
    assert_eq!(first.len(), 1);
    cockpit.tick("03:10:01").press("2");
    assert_eq!(asked(&mut cockpit), [], "one state is judged once");
    assert!(cockpit.app.facts().judgement.is_none());
    cockpit.app.prepare_frame();
    assert!(!matches!(cockpit.app.advice().step, Some(Step::Settle(_))));

    cockpit.bob(cause("one more"));
    let second = asked(&mut cockpit);
    assert_eq!(second.len(), 1);
    assert_ne!(first, second);
    for task in first {
        cockpit.send(Msg::Computed(task.run()));
        assert!(cockpit.app.facts().judgement.is_none(), "it is of a board that there is no more");
    }
    for task in second {
        cockpit.send(Msg::Computed(task.run()));
    }
    let here = Question::of(&cockpit.app.incident).judge();
    assert_eq!(cockpit.app.facts().judgement, Some(&here));
    assert_eq!(derived::refresh(&mut cockpit.app, derived::Cause::Nothing), []);
}

#[test]
fn a_large_board_is_asked_about_with_the_first_message() {
    let app = large().app;
    let setup = Setup {
        config: app.session.config,
        keymap: app.session.keymap,
        incident: app.incident,
        id: app.session.id,
        author: app.session.author,
        seed: 1,
        now: app.session.now,
        zone: app.session.zone,
        read_only: false,
        generic: app.session.generic,
    };
    let mut app = App::new(setup);
    assert!(app.facts().judgement.is_none());
    let effects = app.update(Msg::Resized(80, 24));
    assert!(matches!(&effects[..], [Effect::Compute(_)]), "{effects:?}");
}

#[test]
fn a_board_that_cannot_be_judged_is_said_and_tried_again_when_it_has_changed() {
    let said = |cockpit: &Cockpit| cockpit.app.screen.notice.as_ref().map(|notice| notice.text.clone());
    let mut cockpit = large();
    for task in asked(&mut cockpit) {
        cockpit.send(Msg::Computed(task.failed()));
    }
    assert!(said(&cockpit).is_some_and(|said| said.contains("which is a bug")), "{:?}", said(&cockpit));
    assert_eq!(asked(&mut cockpit), [], "the same board would fail again");
    cockpit.bob(cause("one more"));
    for task in asked(&mut cockpit) {
        cockpit.send(Msg::Computed(task.run()));
    }
    assert!(cockpit.app.facts().judgement.is_some());
}

#[test]
fn a_board_that_is_no_more_may_fail_unsaid() {
    let mut cockpit = large();
    let first = asked(&mut cockpit);
    cockpit.bob(cause("one more"));
    let before = cockpit.app.screen.notice.clone();
    for task in first {
        cockpit.send(Msg::Computed(task.failed()));
    }
    assert_eq!(cockpit.app.screen.notice, before);
}

#[test]
fn a_small_board_is_judged_at_once() {
    let mut cockpit = Cockpit::new();
    cockpit.press("2agremlin<enter>");
    cockpit.bob(sign("a sign"));
    assert_eq!(asked(&mut cockpit), []);
    assert_eq!(cockpit.app.facts().judgement.map(|judgement| judgement.checks.len()), Some(1));
}
