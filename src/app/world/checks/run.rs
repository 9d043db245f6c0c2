//! Whether a check can be run, and what a source makes of its query.

use crate::{
    app::{Facts, world::checks::line},
    config::{Config, Source, SourceId},
    dashboard::path,
    incident::{Observation, board::CheckQuery},
    signal::{Matchers, logql},
};

/// Why the check of a column cannot be run.
pub(in crate::app) fn why_not_run(facts: Facts<'_>, column: &Observation) -> Option<String> {
    let query = column.check.query.as_ref()?;
    let Some(of) = facts.session.source_of(&query.source) else {
        return Some(format!("no source {}", query.source));
    };
    if gives_alerts(facts, of)
        && let Err(error) = query.query.parse::<Matchers>()
    {
        return Some(error.to_string());
    }
    why_no_path(&facts.session.config, query).or_else(|| line::too_long(&query.present))
}

/// Whether asking a check only reads. That it does more may be said by who wrote it; that it does not is up to how its
/// source is asked: a `POST` to wherever a check says may do anything.
pub(in crate::app) fn only_reads(config: &Config, column: &Observation) -> bool {
    let posts = |query: &CheckQuery| {
        let source = config.source_named(&query.source).map(|(_, source)| source);
        source.is_some_and(Source::posts) && !query.query.is_empty()
    };
    column.check.read_only && !column.check.query.as_ref().is_some_and(posts)
}

/// Why a query that is a path is not asked.
fn why_no_path(config: &Config, query: &CheckQuery) -> Option<String> {
    let (_, source) = config.source_named(&query.source)?;
    let is_path = source.kind.is_generic() && source.http().is_some();
    let why = is_path.then(|| path::why_not_below(&query.query)).flatten()?;
    Some(format!("the path {why}"))
}

/// Whether a source is asked for all its alerts, whatever the query.
pub(in crate::app) fn gives_alerts(facts: Facts<'_>, source: SourceId) -> bool {
    facts.session.config.source(source).is_some_and(Source::lists_alerts)
}

/// Whether a query makes sense to its source, as far as can be told without asking.
pub(in crate::app) fn is_askable(facts: Facts<'_>, query: &CheckQuery) -> Result<(), String> {
    let named = facts.session.config.source_named(&query.source);
    let (of, source) = named.ok_or_else(|| format!("there is no source `{}`", query.source))?;
    if source.kind.has_dashboards() {
        return Err(format!("`{}` is asked by the panels of dashboards only; name another source", query.source));
    }
    if source.kind.needs_query && query.query.is_empty() {
        return Err(format!("say what is asked, between `{}` and `present`", query.source));
    }
    if source.kind.answers_logql() && logql::asks_for_lines(&query.query) {
        let count = logql::count_of(&query.query, "");
        return Err(format!("that gives log lines, and a check needs a number: {count}"));
    }
    if gives_alerts(facts, of) {
        query.query.parse::<Matchers>().map_err(|error| error.to_string())?;
    }
    why_no_path(&facts.session.config, query).map_or(Ok(()), Err)
}
