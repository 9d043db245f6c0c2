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
fn a_small_board_is_judged_at_once() {
    let mut cockpit = Cockpit::new();
    cockpit.press("2apool<enter>");
    cockpit.bob(sign("a sign"));
    assert_eq!(asked(&mut cockpit), []);
    assert_eq!(cockpit.app.facts().judgement.map(|judgement| judgement.checks.len()), Some(1));
}
