//! Which of two sources that show the same alert is believed.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;

use crate::{
    app::world::rows::row::{AlertsRow, SlotView},
    signal::{Alert, AlertGroup, AlertSet, AlertState, Data, Freshness, Labels},
};

/// Names of alerts another source of the pane knows more about.
///
/// A firing alert goes from Prometheus to Alertmanager, which also knows whether it is silenced and who was told; shown
/// twice it would count twice. So what Alertmanager has is left out of Prometheus' groups, except for their pending
/// alerts, which only Prometheus knows. When one of the two is not live, the other one is believed.
///
/// Two sources of one kind are told apart, unless they show the very same alert: the same labels, begun at the same
/// moment, as members of a cluster do. Of those the more urgent one is shown, because whoever one of them tells is told.
pub(super) struct Better<'a> {
    names: HashSet<&'a str>,
    keep_pending: bool,
    /// What the others of its kind show.
    twins: HashMap<(&'a Labels, Timestamp), Worth>,
    slot: (bool, usize),
}

/// Whether a source is behind its time, how urgent the alert is there, and its place among the sources: the least wins.
type Worth = (bool, AlertState, usize);

/// What the other sources of a pane know more about than this one.
pub(super) fn better_informed<'a>(slots: &[SlotView<'a>], slot: &SlotView<'a>) -> Better<'a> {
    let is_better = |other: &&SlotView<'a>| {
        let fresher = other.freshness == Freshness::Live && slot.freshness != Freshness::Live;
        let as_fresh = other.freshness == slot.freshness;
        match (slot.tells, other.tells) {
            (false, true) => fresher || as_fresh,
            (true, false) => fresher,
            _ => false,
        }
    };
    let others = slots.iter().filter(|other| !std::ptr::eq(*other, slot)).filter(is_better);
    // A pending alert at Prometheus says nothing about one that fires at Alertmanager.
    let known = others.flat_map(alerts).filter(|alert| !slot.tells || alert.state == AlertState::Firing);
    let names = known.filter_map(|alert| alert.labels.get("alertname")).collect();
    let mut twins = HashMap::new();
    let mut own = (false, 0);
    for (at, other) in slots.iter().enumerate() {
        let is_old = other.freshness != Freshness::Live;
        if std::ptr::eq(other, slot) {
            own = (is_old, at);
        } else if other.tells == slot.tells {
            for alert in alerts(other) {
                let worth = (is_old, alert.state, at);
                let known = twins.entry((&alert.labels, alert.starts_at)).or_insert(worth);
                *known = worth.min(*known);
            }
        }
    }
    Better { names, keep_pending: !slot.tells, twins, slot: own }
}

impl Better<'_> {
    /// What of a group is to be shown.
    pub(super) fn part_left<'g>(&self, group: &'g AlertGroup) -> Option<AlertsRow<'g>> {
        if self.has_twins_of(group) {
            return None;
        }
        let is_known = |name| self.names.contains(name);
        let known = !self.names.is_empty() && group.labels.get("alertname").is_some_and(is_known);
        if !known {
            let AlertGroup { state, severity, since, counts, .. } = *group;
            return Some(AlertsRow { group, state, severity, since, count: counts.in_state(state) });
        }
        if !self.keep_pending {
            return None;
        }
        let state = AlertState::Pending;
        let part = || group.alerts.iter().filter(|alert| alert.state == state);
        let severity = part().map(|alert| alert.severity).min().unwrap_or(group.severity);
        let since = part().map(|alert| alert.starts_at).min();
        let count = group.counts.pending;
        if count == 0 {
            return None;
        }
        Some(AlertsRow { group, state, severity, since: since.unwrap_or(group.since), count })
    }

    /// Whether each alert of a group is shown by another source, where it is worth more.
    fn has_twins_of(&self, group: &AlertGroup) -> bool {
        let (is_old, at) = self.slot;
        let is_worth_more = |alert: &Alert| {
            let twin = self.twins.get(&(&alert.labels, alert.starts_at));
            twin.is_some_and(|twin| *twin < (is_old, alert.state, at))
        };
        !self.twins.is_empty() && group.alerts.iter().all(is_worth_more)
    }
}

fn alerts<'a>(slot: &SlotView<'a>) -> impl Iterator<Item = &'a Alert> + use<'a> {
    let set: Option<&AlertSet> = match slot.reading.map(|reading| &reading.data) {
        Some(Data::Alerts(set)) => Some(set),
        _ => None,
    };
    set.into_iter().flat_map(|set| &set.groups).flat_map(|group| &group.alerts)
}
