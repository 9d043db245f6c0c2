//! From one incident to another from inside.

use super::pty::Machine;

#[test]
fn what_is_typed_behind_a_new_incident_is_of_that_one() {
    let machine = Machine::new();
    let mut cockpit = machine.open(&[]);
    cockpit.sees(&["▸"]);
    // In one go: the second half waits for what the first has recorded.
    cockpit.press("nof the first\x13:new the other\rn");
    cockpit.sees(&["the other", "Ctrl-S"]);
    cockpit.press("of the second\x13");
    cockpit.sees_no(&["Ctrl-S"]);
    cockpit.press("q");
    let left = cockpit.ended_well();
    let notes = machine.notes();
    assert_eq!(notes.len(), 2, "{notes:?}: {left}");
    let of = |words: &str| notes.iter().filter(|path| machine.read(path).contains(words)).count();
    assert_eq!((of("of the first"), of("of the second")), (1, 1));
    let other = notes.iter().map(|path| machine.read(path)).find(|text| text.contains("the other")).expect("its notes");
    assert!(other.contains("of the second") && !other.contains("of the first"), "{other}");
}
