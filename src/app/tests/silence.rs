//! Sources that are not heard any more: what they showed is told with its age, never as if it were so now, and that they
//! are silent comes first.

use super::*;
use crate::app::act::verify;

impl Cockpit {
    /// Nothing answers from now on, for so many seconds.
    fn all_fail(&mut self, seconds: i64) -> &mut Self {
        for _ in 0..seconds / 5 {
            self.later(5).fail(VITAL).fail(ALERTS).fail(PROMETHEUS_ALERTS).fail(CHANGES);
        }
        self.later(seconds % 5)
    }

    /// All is calm but for these alerts.
    fn pages(&mut self, names: &[&str]) -> &mut Self {
        self.calm().poll(ALERTS, firing(names))
    }

    fn never_says(&mut self, words: &str) -> &mut Self {
        let text = self.app.advice().text;
        assert!(!text.contains(words), "{text:?} should not say {words:?}");
        self
    }
}

#[test]
fn that_nothing_is_heard_comes_before_what_was_heard_last() {
    let mut cockpit = Cockpit::new();
    cockpit.pages(&["A"]).says("A fires. Say that you are on it.").all_fail(42);
    cockpit.says("Nothing has been heard from prom, am and deploys for 42 s (refused); A fired then.");
    cockpit.says("Look another way and note it.").never_says("A fires");
    assert!(matches!(cockpit.app.advice().step, Some(Step::Note(_))));
    // Said once; what was known is still told as what it is.
    cockpit.press("<not-now>").says("A fired when am was last heard, 42 s ago. Say that you are on it.");
    cockpit.press(">").says("A fired when am was last heard, 42 s ago. Take it as the first symptom.");
}

#[test]
fn a_source_that_hangs_is_as_silent_as_one_that_fails() {
    let mut cockpit = Cockpit::new();
    cockpit.pages(&["A"]).later(5).says("A fires");
    cockpit.later(6).says("Nothing has been heard from prom, am and deploys for 11 s; A fired then.");
    assert_eq!(cockpit.app.world.signals.answering(cockpit.app.session.now), (0, 3));
    cockpit.calm().poll(ALERTS, firing(&["A"])).says("A fires.");
    assert_eq!(cockpit.app.world.signals.answering(cockpit.app.session.now), (3, 3));
}

#[test]
fn one_poll_that_fails_is_no_silence() {
    let mut cockpit = Cockpit::new();
    cockpit.pages(&["A"]).later(5).fail(ALERTS).says("A fires.");
}

#[test]
fn what_is_still_seen_to_hurt_comes_before_a_silence_elsewhere() {
    let mut cockpit = Cockpit::new();
    cockpit.pages(&["A"]);
    for _ in 0..6 {
        cockpit.later(5).vital_for(5, 0.9).fail(ALERTS).poll(CHANGES, Data::Changes(Vec::new()));
    }
    cockpit.says("checkout ok 90 % (should be ≥ 99.5 %). Say that you are on it.");
    cockpit.press("<not-now>").says("Take it as the first symptom.").never_says("A fires");
    cockpit.press(">").says("Nothing has been heard from am for 30 s (refused); A fired then.");
}

#[test]
fn the_first_failures_are_not_taken_for_a_beginning() {
    let mut cockpit = Cockpit::with(Config { vitals: Vec::new(), ..config() });
    cockpit.says("Waiting for the first answers");
    let alerts = ALERTS - 1;
    cockpit.poll(alerts, firing(&[])).fail(alerts);
    cockpit.never_says("Waiting for the first answers");
}

#[test]
fn a_storm_that_is_not_heard_any_more_is_told_so() {
    let mut cockpit = Cockpit::new();
    let names = ["A", "B", "C", "D", "E", "F", "G", "H"];
    cockpit.pages(&names).press(">").says("8 groups fire");
    cockpit.all_fail(30).says("Nothing has been heard").press("<not-now>");
    cockpit.says("8 groups fired when last heard (8 alerts)").never_says("groups fire (");
}

#[test]
fn doubts_say_since_when_an_alert_is_out_of_hearing() {
    let mut cockpit = Cockpit::new();
    cockpit.pages(&["A"]);
    assert_eq!(verify::doubts(cockpit.app.facts(), None)[1], "A still fires");
    cockpit.all_fail(42);
    assert_eq!(
        verify::doubts(cockpit.app.facts(), None),
        ["checkout ok is UNKNOWN", "A fired when am was last heard, 42 s ago"],
        "it is not known to have ended"
    );
}

#[test]
fn after_the_impact_stopped_silence_is_no_calm() {
    let mut cockpit = Cockpit::with(Config { vitals: Vec::new(), ..config() });
    let alerts = ALERTS - 1;
    cockpit.poll(alerts, firing(&["A"])).press("3Sy<enter>it is over<enter>").later(5).poll(alerts, firing(&["A"]));
    cockpit.never_says("nobody would see");
    for _ in 0..6 {
        cockpit.later(5).fail(alerts);
    }
    cockpit.says("Nothing has been heard from am for 30 s: nobody would see it come back.");
}

#[test]
fn what_is_taken_of_a_silent_source_is_dated_by_what_was_heard() {
    let mut cockpit = Cockpit::new();
    let heard = cockpit.app.session.now;
    cockpit.pages(&["A"]).all_fail(42).press("1s");
    let column = &cockpit.app.incident.board.observations[0];
    assert_eq!(column.evidence.as_ref().and_then(|evidence| evidence.at), Some(heard));
}
