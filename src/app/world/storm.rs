//! An alert storm: how large it is, and what fires folded into a few proposals.
//!
//! A proposal that is taken becomes one observation of one origin, so that fifty alerts move a ranking like one. Which
//! are taken, split or dropped is for the person at the keys to say.

pub mod standing;

use std::{
    collections::{HashSet, hash_map::DefaultHasher},
    hash::{BuildHasher, Hash, Hasher},
    sync::Arc,
};

use hashbrown::DefaultHashBuilder;
use jiff::SignedDuration;

pub use crate::app::world::storm::standing::Standing;
use crate::{
    app::{
        App, Facts,
        world::{
            World,
            rows::{self, ShownGroup},
            signals::Stamp,
            worst_alert::WhatHurts,
        },
    },
    config::PaneKind,
    signal::{
        Alert, AlertGroup, AlertState, Severity,
        storm::{self, Proposal, Seen},
    },
};

/// More groups than this that fire are a storm.
pub(in crate::app) const MANY: usize = 6;

/// What began so long before the onset did not begin with it: rules wait for different times before they fire.
const TOGETHER: SignedDuration = SignedDuration::from_mins(2);

/// So many alerts fold in a millisecond; more are folded when someone asks for it.
const FEW: usize = 500;

/// How large a storm was when it was last counted.
#[derive(Clone, Debug, Default)]
pub(in crate::app) struct StormState {
    /// What fires in how many symptoms, when that is many.
    size: Option<Size>,
    /// Of the readings that were counted.
    counted: Vec<Stamp>,
    /// For what fires: a quick one, and another one in each cockpit.
    hasher: DefaultHashBuilder,
}

/// How large a storm is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Alerts that fire.
    pub alerts: usize,
    /// The groups they are in.
    pub groups: usize,
    /// What they fold into, where that is few enough to fold them at each poll.
    pub proposals: Option<usize>,
    /// Tells this storm from one in which anything fires that did not.
    stamp: u64,
}

/// Source and id of each alert that fires.
pub type Firing = Arc<HashSet<(Arc<str>, Arc<str>)>>;

/// What fires, folded.
#[derive(Clone, Debug)]
pub(in crate::app) struct Folding {
    /// Worst first.
    pub(in crate::app) proposals: Vec<Arc<Proposal>>,
    /// What was dropped is among it.
    pub(in crate::app) firing: Firing,
}

impl World {
    /// How large the storm is, when many groups fire.
    pub(in crate::app) fn storm_size(&self) -> Option<Size> {
        self.storm.size
    }
}

/// The groups that panes of alerts know of, each once.
fn storm_groups(facts: Facts<'_>) -> impl Iterator<Item = ShownGroup<'_>> {
    let panes = || facts.world.plan.panes.iter().filter(|pane| pane.pane.kind == PaneKind::Alerts);
    // A pane shows none twice.
    let (are_many, mut known) = (panes().nth(1).is_some(), HashSet::new());
    let groups = panes().flat_map(move |pane| rows::known_alerts(facts, pane));
    groups.filter(move |shown| !are_many || known.insert((shown.source, Arc::clone(&shown.group.key))))
}

/// The alerts of those groups, each with its group and the name of its source; watchdogs aside.
fn storm_alerts(facts: Facts<'_>) -> impl Iterator<Item = (Arc<str>, &AlertGroup, &Alert)> {
    storm_groups(facts).flat_map(|ShownGroup { source, group, .. }| {
        let name = facts.session.config.source(source).map(|source| Arc::<str>::from(source.name.as_str()));
        let alerts = group.alerts.iter().filter(|alert| alert.severity != Severity::None);
        alerts.filter_map(move |alert| Some((name.clone()?, group, alert)))
    })
}

fn seen(facts: Facts<'_>) -> Vec<Seen> {
    storm_alerts(facts).map(|(source, group, alert)| Seen::of(&source, group, alert)).collect()
}

/// Whether a storm was counted in the alerts as they are.
pub(in crate::app) fn is_watched(app: &App) -> bool {
    rows::alert_stamps(app.facts()).eq(app.world.storm.counted.iter().copied())
}

/// Keeps count of a storm when the alerts, or what is heard of them, have changed; folds only when something else fires
/// than before.
pub(in crate::app) fn watch_storm(app: &mut App) {
    app.world.storm.counted = rows::alert_stamps(app.facts()).collect();
    let fires =
        |shown: &ShownGroup<'_>| shown.group.state == AlertState::Firing && shown.group.severity != Severity::None;
    let mut hasher = app.world.storm.hasher.build_hasher();
    let (mut alerts, mut count) = (0, 0);
    for shown in storm_groups(app.facts()).filter(fires) {
        (shown.source, &shown.group.key, shown.group.counts.firing, shown.group.since).hash(&mut hasher);
        (alerts, count) = (alerts + shown.group.counts.firing, count + 1);
    }
    let stamp = hasher.finish();
    if count <= MANY {
        app.world.storm.size = None;
    } else if app.world.storm.size.is_none_or(|size| size.stamp != stamp) {
        let proposals = (alerts <= FEW).then(|| storm::fold(seen(app.facts())).len());
        app.world.storm.size = Some(Size { alerts, groups: count, proposals, stamp });
    }
}

/// Folds what fires, but for the proposals with these stamps.
pub(in crate::app) fn fold_storm(facts: Facts<'_>, dropped: &[u64]) -> Folding {
    let seen = seen(facts);
    let firing = seen.iter().filter(|alert| alert.state == AlertState::Firing);
    let firing = firing.map(|alert| (Arc::clone(&alert.source), Arc::clone(&alert.id))).collect();
    let proposals = storm::fold(seen).into_iter().filter(|p| !dropped.contains(&stamp(p)));
    let mut proposals: Vec<_> = proposals.map(Arc::new).collect();
    // Of what is equally bad, what a vital out of range speaks of comes first, then what did not fire long before.
    let (mut hurts, onset) = (WhatHurts::of(facts), facts.incident.onset());
    proposals.sort_by_cached_key(|p| {
        let is_named = p.alerts.iter().any(|alert| hurts.is_named_by(&alert.labels));
        let is_apart = onset.is_some_and(|onset| onset.duration_since(p.began) > TOGETHER);
        (p.is_rest, p.severity, !is_named, is_apart)
    });
    Folding { proposals, firing: Arc::new(firing) }
}

/// How many alerts fire that are not among these, and how many of these do no longer.
pub fn news_since(facts: Facts<'_>, firing: &Firing) -> (usize, usize) {
    let (mut known, mut new) = (0, 0);
    for (source, _, alert) in storm_alerts(facts).filter(|(.., alert)| alert.state == AlertState::Firing) {
        match firing.contains(&(source, Arc::clone(&alert.id))) {
            true => known += 1,
            false => new += 1,
        }
    }
    (new, firing.len().saturating_sub(known))
}

/// The groups of a proposal that fire: source and key.
fn groups(proposal: &Proposal) -> impl Iterator<Item = (&str, &str)> {
    proposal.parts.iter().filter(|part| part.firing > 0).map(|part| (&*part.source, &*part.group))
}

/// What a proposal is: it is another one when a group joins it or it gets worse.
pub(in crate::app) fn stamp(proposal: &Proposal) -> u64 {
    let mut hasher = DefaultHasher::new();
    let mut groups: Vec<_> = groups(proposal).collect();
    groups.sort_unstable();
    (&proposal.of, proposal.severity, groups).hash(&mut hasher);
    if let ([alert], true) = (proposal.alerts.as_slice(), proposal.parts.len() == 1) {
        alert.id.hash(&mut hasher);
    }
    hasher.finish()
}
