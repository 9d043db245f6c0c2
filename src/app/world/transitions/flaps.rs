//! Alerts that come and go: those that fire anew as soon as they have ended, and those that never ended and are missing from
//! an answer now and then, because members of a cluster behind one address know different things.

use std::{collections::HashMap, sync::Arc};

use jiff::Timestamp;

use crate::{
    base::human_time::seconds_between,
    incident::{AlertRecord, AlertTurn, Event, Incident},
    signal::AlertGroup,
};

/// What is back within so many seconds of its end comes and goes. From then on it has to be missing for as long before it is
/// told to have ended; in between it is counted.
pub(super) const ONCE_IN: i64 = 60;

/// A group that was told to have ended, and was back too soon to be believed the next time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unsteady {
    /// When it was back for the first time.
    since: Timestamp,
    /// When it was back for the last time.
    until: Timestamp,
    /// How often it has been back.
    returns: usize,
    /// How many of those were told.
    told: usize,
}

impl Unsteady {
    /// Back for the first time, of which the caller tells.
    pub(super) fn back(at: Timestamp) -> Self {
        Self { since: at, until: at, returns: 1, told: 1 }
    }

    pub(super) fn back_again(&mut self, at: Timestamp) {
        (self.until, self.returns) = (at, self.returns + 1);
    }
}

/// Whether a group that was told to have ended comes and goes: it had not ended, or has not been away for long.
pub(super) fn comes_and_goes(record: &AlertRecord, group: &AlertGroup, at: Timestamp) -> bool {
    let ended = record.turns.last().filter(|last| last.turn == AlertTurn::Resolved);
    ended.is_some_and(|last| had_not_ended(record, group) || seconds_between(last.at, at) < ONCE_IN)
}

/// Whether a group that was told to have ended, or to be out of sight, had not: it began before that.
pub(super) fn had_not_ended(record: &AlertRecord, group: &AlertGroup) -> bool {
    record.turns.last().is_some_and(|last| !last.turn.is_firing() && group.since <= last.at)
}

/// Tells how often groups were back, once when they have come and gone for a while, and once when that is over: they are
/// there, or gone, for good.
pub(super) fn unsteady(
    unsteady: &mut HashMap<Arc<str>, Unsteady>,
    missing: &HashMap<Arc<str>, Timestamp>,
    incident: &Incident,
    source: &str,
    at: Timestamp,
) -> Vec<Event> {
    let mut events = Vec::new();
    unsteady.retain(|group, back| {
        let Some(record) = incident.alert(source, group) else { return false };
        let is_over = seconds_between(back.until, at) >= ONCE_IN && !missing.contains_key(group) || !record.is_firing();
        let is_due = is_over || back.told == 1 && seconds_between(back.since, at) >= ONCE_IN;
        if is_due && back.returns > back.told {
            let step = if is_over { "over" } else { "flapped" };
            events.push(told(record, step, back.returns - back.told, back.since, back.until));
            back.told = back.returns;
        }
        // What was told a moment ago may not be in the journal yet.
        !is_over || seconds_between(back.since, at) < ONCE_IN
    });
    events.sort_by(|a, b| a.dedup_key().cmp(&b.dedup_key()));
    events
}

fn told(record: &AlertRecord, step: &str, times: usize, since: Timestamp, until: Timestamp) -> Event {
    Event::AlertFlapped {
        key: format!("alert|{}|{}|{}|{step}", record.source, record.group, record.turns.len()),
        source: record.source.clone(),
        group: record.group.clone(),
        title: record.title.clone(),
        times,
        since,
        until,
    }
}
