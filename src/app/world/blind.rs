//! Whether what is missing from an answer has ended, or was only not seen.

use jiff::Timestamp;

use crate::{
    app::Facts,
    config::{Source, SourceId, kinds::AlertOrigin},
    dashboard::QueryId,
};

/// For how long after a source came back a vanished alert may have vanished because of the gap.
const AFTER_A_GAP: i64 = 120;

/// Whether a query, its source, or the one behind it, is failing or was until a moment ago.
pub(in crate::app) fn is_blind(facts: Facts<'_>, query: QueryId, of: SourceId, at: Timestamp) -> bool {
    let config = &facts.session.config;
    let asked = config.source(of);
    let named = asked.and_then(|source| source.behind.as_deref());
    // Where nobody said what stands behind one that routes alerts, it may be any that evaluates them.
    let routes = asked.is_some_and(|source| source.kind.alerts == AlertOrigin::Routed);
    let is_behind = |source: &Source| match named {
        Some(name) => source.name == name,
        None => routes && source.evaluates_alerts(),
    };
    let behind = config.sources_by_id().filter(|(_, source)| is_behind(source)).map(|(id, _)| id);
    let sources = std::iter::once(of).chain(behind).filter_map(|id| Some(&facts.world.signals.source(id)?.failures));
    let own = facts.world.signals.slot(query).map(|slot| &slot.failures);
    own.into_iter().chain(sources).any(|failures| failures.are_recent(at, AFTER_A_GAP))
}
