//! What smells: scored elsewhere, told calmly, jumped to and taken.

use super::*;
use crate::{
    app::{Task, smelling as question, world::smells::Standing},
    incident::Incident as Known,
};

const ERRORS: usize = 1;

/// Twenty minutes of a sawtooth, a point every 10 s up to 03:10:00, higher by `height` since 03:06:00.
fn errors(height: f64) -> Data {
    let values: Vec<f64> = (0..120).map(|i| f64::from(i * 5 % 7) + if i >= 96 { height } else { 0.0 }).collect();
    curve("02:50:00", 10, &values)
}

/// Polls, and has what is asked for worked out.
fn polled(cockpit: &mut Cockpit, time: &str, data: Data) -> usize {
    cockpit.tick(time).poll(ERRORS, data);
    scored(cockpit)
}

fn scored(cockpit: &mut Cockpit) -> usize {
    let tasks: Vec<Task> = cockpit
        .effects
        .drain(..)
        .filter_map(|effect| match effect {
            Effect::Compute(task @ Task::Smell(_)) => Some(task),
            _ => None,
        })
        .collect();
    let count = tasks.len();
    for task in tasks {
        cockpit.send(Msg::Computed(task.run()));
    }
    count
}

fn standing(cockpit: &Cockpit) -> Standing {
    cockpit.app.world.smells.standing(cockpit.app.incident.onset())
}

fn smelling() -> Cockpit {
    let mut cockpit = Cockpit::new();
    cockpit.poll(ALERTS, firing(&["A"]));
    polled(&mut cockpit, "03:10:10", errors(90.0));
    polled(&mut cockpit, "03:10:20", errors(90.0));
    cockpit.poll(ALERTS, firing(&["A"]));
    cockpit
}

#[test]
fn nothing_is_scored_before_anyone_knows_when_it_began() {
    let mut cockpit = Cockpit::new();
    assert_eq!(polled(&mut cockpit, "03:10:10", errors(90.0)), 0);
    assert_eq!(standing(&cockpit), Standing::NoOnset);
    cockpit.press("Y");
    assert!(cockpit.app.screen.overlay.is_none());
}

#[test]
fn what_moved_since_the_onset_is_marked_once_it_was_found_twice() {
    let mut cockpit = Cockpit::new();
    cockpit.poll(ALERTS, firing(&["A"]));
    assert_eq!(polled(&mut cockpit, "03:10:10", errors(90.0)), 1);
    assert_eq!(standing(&cockpit), Standing::Nothing(1));
    assert_eq!(polled(&mut cockpit, "03:10:12", errors(90.0)), 0, "not so soon again");
    cockpit.tick("03:10:17");
    assert_eq!(scored(&mut cockpit), 1, "what came meanwhile is scored once the pause is over");
    assert_eq!(standing(&cockpit), Standing::Something);
    let pane = cockpit.app.world.plan.panes[0].id;
    let found = cockpit.app.world.smells.of_pane(pane).expect("a smell").clone();
    assert_eq!(found.smell.since, at("03:06:00").as_millisecond());
    cockpit.tick("03:10:40");
    assert_eq!(scored(&mut cockpit), 0, "nothing has come");
    for time in ["03:11:00", "03:11:10"] {
        polled(&mut cockpit, time, errors(0.0));
        assert_eq!(standing(&cockpit), Standing::Something);
    }
    polled(&mut cockpit, "03:11:20", errors(0.0));
    assert_eq!(standing(&cockpit), Standing::Nothing(1));
}

#[test]
fn curves_that_do_not_reach_back_to_before_the_onset_say_nothing() {
    let mut cockpit = Cockpit::new();
    cockpit.poll(ALERTS, firing(&["A"]));
    polled(&mut cockpit, "03:10:10", curve("03:09:00", 1, &[1.0, 2.0, 90.0, 80.0]));
    assert_eq!(standing(&cockpit), Standing::NoPast);
}

#[test]
fn enter_goes_to_the_pane_and_s_takes_it_with_a_check() {
    let mut cockpit = smelling();
    cockpit.press("2Y");
    assert!(matches!(cockpit.app.screen.overlay, Some(Overlay::Smells { .. })));
    cockpit.press("s");
    let Some(Event::ObservationAdded { text, state, origin, when, check, .. }) =
        cockpit.log.iter().rev().map(|entry| &entry.event).find(|event| kind(event) == "observation")
    else {
        panic!("no observation: {:?}", cockpit.kinds());
    };
    assert!(text.starts_with("Errors, ok: up ") && text.ends_with("; since 03:06:00Z"), "{text}");
    assert_eq!((*state, origin.as_deref(), *when), (ObservationState::Present, Some("Errors"), Some(at("03:06:00"))));
    let query = check.query.as_ref().expect("a query");
    // The median before is 3, the peak 96.
    assert_eq!(query.to_string(), "prom errors present > 49.5");
    cockpit.press("<enter>");
    assert!(cockpit.app.screen.overlay.is_none());
    assert_eq!(cockpit.app.screen.view, View::Watch);
    let replayed = Known::replay(cockpit.log.clone());
    assert_eq!(replayed.board.observations.len(), cockpit.app.incident.board.observations.len());
}

#[test]
fn the_coach_says_to_look_at_it_until_it_is_on_the_board() {
    let mut cockpit = smelling();
    let advice = |cockpit: &mut Cockpit| {
        cockpit.app.prepare_frame();
        cockpit.app.advice().text.clone()
    };
    assert!(!advice(&mut cockpit).contains("smells"), "first what pages");
    cockpit.press("As");
    let said = advice(&mut cockpit);
    assert!(said.contains("Errors (ok) smells: up ") && said.ends_with("Look at what smells."), "{said}");
    cockpit.press("Ys<esc>");
    assert!(!advice(&mut cockpit).contains("smells"));
}

#[test]
fn a_scoring_of_another_onset_is_dropped() {
    let mut cockpit = Cockpit::new();
    cockpit.poll(ALERTS, firing(&["A"]));
    cockpit.tick("03:10:10").poll(ERRORS, errors(90.0));
    let stamp = question::Stamp { onset: 0, answers: 0 };
    let old = question::Smelt { stamp, found: Vec::new(), series: 7, has_past: true };
    cockpit.send(Msg::Computed(super::super::Computed::Smelt(Box::new(old))));
    assert_eq!(standing(&cockpit), Standing::Waiting);
}
