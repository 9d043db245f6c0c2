//! Which of two sources that show the same alert is believed.

use std::collections::HashSet;

use crate::{
    app::world::rows::row::{AlertsRow, SlotView},
    signal::{Alert, AlertGroup, AlertSet, AlertState, Data, Freshness},
};

/// Names of alerts another source of the pane knows more about.
///
/// A firing alert goes from Prometheus to Alertmanager, which also knows whether it is silenced and who was told; shown
/// twice it would count twice. So what Alertmanager has is left out of Prometheus' groups, except for their pending
/// alerts, which only Prometheus knows. When one of the two is not live, the other one is believed.
pub(super) struct Better<'a> {
    names: HashSet<&'a str>,
    keep_pending: bool,
}

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
    Better { names: known.filter_map(|alert| alert.labels.get("alertname")).collect(), keep_pending: !slot.tells }
}

impl Better<'_> {
    /// What of a group is to be shown.
    pub(super) fn part_left<'g>(&self, group: &'g AlertGroup) -> Option<AlertsRow<'g>> {
        let name = group.labels.get("alertname");
        let known = name.is_some_and(|name| self.names.contains(name));
        let state = if known { AlertState::Pending } else { group.state };
        if known && !self.keep_pending {
            return None;
        }
        let part = || group.alerts.iter().filter(|alert| alert.state == state);
        let severity = part().map(|alert| alert.severity).min().unwrap_or(group.severity);
        let since = part().map(|alert| alert.starts_at).min();
        let count = match state {
            AlertState::Firing => group.counts.firing,
            AlertState::Pending => group.counts.pending,
            AlertState::Inhibited => group.counts.inhibited,
            AlertState::Silenced => group.counts.silenced,
        };
        if known && count == 0 {
            return None;
        }
        Some(AlertsRow { group, state, severity, since: since.unwrap_or(group.since), count })
    }
}

fn alerts<'a>(slot: &SlotView<'a>) -> impl Iterator<Item = &'a Alert> + use<'a> {
    let set: Option<&AlertSet> = match slot.reading.map(|reading| &reading.data) {
        Some(Data::Alerts(set)) => Some(set),
        _ => None,
    };
    set.into_iter().flat_map(|set| &set.groups).flat_map(|group| &group.alerts)
}
