//! Whether anything says that users are hurt, and since when.
//!
//! An incident is open, and so "bleeding", from its first entry on. The word is worth its fright only when a vital left
//! its range or a person said so, or where no vital tells a page fires; until then the cockpit watches. Whether it bleeds
//! is decided in [`Summary`](crate::incident::Summary), and here since when.

use jiff::Timestamp;

use crate::{
    app::{Facts, world::worst_alert},
    base::human_time::seconds_between,
    config::PaneKind,
    dashboard::QueryId,
    incident::{AlertTurn, ObservationState, Status},
    signal::{Freshness, Severity},
};

/// Calm for less than this, in seconds, was a pause and no end: the clock goes on.
const PAUSE: i64 = 600;

/// Since when it bleeds; `None` while nothing says that it does, and when it has stopped.
pub fn bleeding_since(facts: Facts<'_>) -> Option<Timestamp> {
    let incident = facts.incident;
    if !incident.summary.is_bleeding() {
        return None;
    }
    let mut since = None;
    for turn in incident.status_history.iter().rev() {
        match (turn.status, since) {
            (Status::Bleeding, _) => since = Some(turn.at),
            (_, Some(again)) if seconds_between(turn.at, again) < PAUSE => {}
            (_, since) => return since,
        }
    }
    // What hurt once and has been taken back since has no beginning of its own.
    let any = || incident.onset().or(incident.summary.opened);
    [began(facts), since].into_iter().flatten().min().or_else(any)
}

/// Whether it has bled for as long as anyone has looked, and maybe longer: all that says since when is a check that held
/// over all it looked at.
pub fn bleeds_maybe_longer(facts: Facts<'_>) -> bool {
    let since = bleeding_since(facts);
    let checks = &facts.incident.checks;
    since.is_some()
        && facts.incident.onset().is_none()
        && checks.values().any(|run| run.at_latest.is_some() && run.at_latest == since)
}

/// Since when nothing critical fires, as far as alerts tell: some have fired, the last of them is resolved, and everything
/// that shows alerts is live. What is silenced, or lost from sight, is not known to have ended.
pub(in crate::app) fn quiet_since(facts: Facts<'_>) -> Option<Timestamp> {
    let mut alerts = facts.world.plan.panes.iter().filter(|pane| pane.pane.kind == PaneKind::Alerts);
    let live = |query: &QueryId| facts.world.signals.freshness(*query, facts.session.now) == Freshness::Live;
    let seen = alerts.clone().any(|pane| !pane.queries.is_empty()) && alerts.all(|pane| pane.queries.iter().all(live));
    if !seen || worst_alert::paging(facts).is_some() {
        return None;
    }
    let pages = facts.incident.alerts.iter().filter(|alert| alert.severity == Severity::Critical);
    let ended =
        pages.map(|alert| alert.turns.last().filter(|told| told.turn == AlertTurn::Resolved).map(|told| told.at));
    ended.collect::<Option<Vec<_>>>()?.into_iter().max()
}

/// When it began, if anything but a hunch says that it did.
fn began(facts: Facts<'_>) -> Option<Timestamp> {
    let incident = &facts.incident;
    let measured = incident.summary.measured;
    let hurt = incident.vitals.values().any(|vital| vital.crossings.iter().any(|crossing| !crossing.inside));
    let paged = !measured && incident.alerts.iter().any(|alert| alert.severity == Severity::Critical);
    if incident.onset_set.is_some() || hurt || paged {
        return incident.onset();
    }
    // Where nothing is measured, what a person saw has to do; what fired before it dates it.
    let seen = incident.board.observations.iter().filter(|o| o.state == ObservationState::Present);
    let seen = seen.map(|o| o.when).min().filter(|_| !measured)?;
    Some(incident.onset().unwrap_or(seen))
}
