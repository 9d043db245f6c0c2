//! What follows from what has happened is worked out once, and in order.

use super::*;
use crate::app::derived::{self, Cause, Input, ORDER, Value, When};

#[test]
fn nothing_is_refreshed_before_what_it_follows_from() {
    let mut before: Vec<(Value, When)> = Vec::new();
    for derived in ORDER {
        assert!(!derived.from.is_empty(), "{:?} follows from nothing", derived.value);
        assert!(before.iter().all(|(known, _)| *known != derived.value), "{:?} stands there twice", derived.value);
        for input in derived.from {
            let Input::Derived(value) = input else { continue };
            let known = before.iter().find(|(known, _)| known == value);
            let (_, when) = known.unwrap_or_else(|| panic!("{:?} comes before {value:?}", derived.value));
            assert!(*when == When::Message || derived.when == When::Frame, "{:?} is worked out sooner", derived.value);
        }
        before.push((derived.value, derived.when));
    }
}

#[test]
fn a_second_refresh_does_nothing() {
    let mut cockpit = Cockpit::new();
    let check = |cockpit: &mut Cockpit, what: &str| {
        cockpit.app.prepare_frame();
        for derived in ORDER {
            assert!((derived.is_current)(&cockpit.app, Cause::Nothing), "{:?} is old after {what}", derived.value);
        }
        let before = format!("{:?}", cockpit.app);
        assert_eq!(derived::refresh(&mut cockpit.app, Cause::Nothing), [], "after {what}");
        cockpit.app.prepare_frame();
        assert_eq!(format!("{:?}", cockpit.app), before, "after {what}");
    };
    cockpit.poll(ALERTS, firing(&["A", "B", "C", "D", "E", "F", "G", "H"]));
    check(&mut cockpit, "a poll");
    for keys in ["j", "s", "2", "apool<enter>", "1/B<enter>", "<enter>", "f", "<esc>", "4", "k", "5", "u"] {
        cockpit.press(keys);
        check(&mut cockpit, keys);
    }
    cockpit.tick("03:15:00");
    check(&mut cockpit, "five minutes");
    cockpit.fail(ALERTS);
    check(&mut cockpit, "a failure");
}
