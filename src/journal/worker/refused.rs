//! What people did and a log did not take, and what has to wait behind it: what one person does is written in the order in
//! which it was done.

use std::collections::HashSet;

use crate::{
    incident::{Id, event::Draft},
    journal::JournalError,
};

/// The drafts that were refused and have not come again, or have and were refused again.
#[derive(Debug, Default)]
pub(in crate::journal) struct Refused {
    ids: HashSet<Id>,
    /// Why the log takes nothing, as it said last.
    why: String,
}

impl Refused {
    /// These were refused. What the log holds all the same, or a machine observed, nothing has to wait for.
    pub(in crate::journal) fn add(&mut self, drafts: &[Draft], why: &JournalError, is_in_log: impl Fn(Id) -> bool) {
        let persons = drafts.iter().filter(|draft| !draft.event.is_observed()).map(|draft| draft.id);
        self.ids.extend(persons.filter(|id| !is_in_log(*id)));
        self.why = why.brief();
    }

    /// The log holds this now.
    pub(in crate::journal) fn remove(&mut self, id: Id) {
        self.ids.remove(&id);
    }

    /// Why these are to be refused as well: something a person did would be written before what was done earlier. What
    /// brings all of that with it is let through.
    pub(in crate::journal) fn hold_back(&self, drafts: &[Draft]) -> Option<JournalError> {
        let has_a_persons = drafts.iter().any(|draft| !draft.event.is_observed());
        let again = drafts.iter().filter(|draft| self.ids.contains(&draft.id)).count();
        (has_a_persons && again < self.ids.len()).then(|| JournalError::Behind { why: self.why.clone() })
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::incident::event::Event;

    fn note(n: u128) -> Draft {
        Draft { id: Id::small(n), event: Event::Noted { text: n.to_string(), when: None } }
    }

    fn lost(n: u128) -> Draft {
        let (key, source) = (format!("lost|prom|{n}"), "prom".to_owned());
        let event = Event::SourceLost { key, source, error: String::new(), when: Timestamp::UNIX_EPOCH };
        Draft { id: Id::small(n), event }
    }

    #[track_caller]
    fn check(refused: &Refused, drafts: &[Draft], expected: bool) {
        let why = refused.hold_back(drafts).map(|error| error.brief());
        assert_eq!(why.as_deref(), expected.then_some("the disk is full"));
    }

    #[test]
    fn only_what_brings_all_that_was_refused_goes_on() {
        let mut refused = Refused::default();
        check(&refused, &[note(1)], false);
        let full = JournalError::Behind { why: "the disk is full".into() };
        refused.add(&[note(1), lost(8)], &full, |_| false);
        check(&refused, &[note(2)], true);
        refused.add(&[note(2)], &full, |_| false);
        check(&refused, &[note(1), note(3)], true);
        check(&refused, &[note(1), note(2), note(3)], false);
        check(&refused, &[lost(9)], false);
        refused.remove(Id::small(1));
        check(&refused, &[note(3)], true);
        refused.remove(Id::small(2));
        check(&refused, &[note(3)], false);
    }

    #[test]
    fn what_is_in_the_log_and_was_submitted_again_holds_nothing_back() {
        let mut refused = Refused::default();
        let full = JournalError::Behind { why: "the disk is full".into() };
        refused.add(&[note(1), note(2)], &full, |id| id == Id::small(1));
        check(&refused, &[note(3)], true);
        check(&refused, &[note(2), note(3)], false);
    }
}
