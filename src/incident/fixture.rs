//! Incidents for tests, from the events that make them.

use jiff::Timestamp;

use super::{Entry, Event, Id, Incident};

/// The incident of a journal in which one author wrote each event at its time; ids and numbers count from 1.
pub(super) fn replayed(by: &str, events: impl IntoIterator<Item = (Timestamp, Event)>) -> Incident {
    let entry = |(seq, (at, event)): (u64, _)| Entry { seq, id: Id::small(seq.into()), at, by: by.to_owned(), event };
    Incident::replay((1..).zip(events).map(entry))
}

/// The incident of a journal in which one author wrote all events at one time, for where no time matters.
pub(super) fn at_once(by: &str, events: impl IntoIterator<Item = Event>) -> Incident {
    replayed(by, events.into_iter().map(|event| (Timestamp::UNIX_EPOCH, event)))
}
