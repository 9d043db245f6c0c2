//! `limit`, `since` and `direction` of a pane of log lines, and whether a query in LogQL gives what is shown of it.

use std::time::Duration;

use toml::Spanned;

use super::source::Declared;
use crate::{
    base::toml::Fields,
    config::{Kind, Lines, PaneKind},
    signal::logql,
};

const KEYS: [&str; 3] = ["limit", "since", "direction"];
const SHORTEST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(31 * 86_400);

/// The keys of a pane, of which those that are not said are as usual.
pub(super) fn lines(fields: &mut Fields<'_>, kind: PaneKind, shown: &[&Declared]) -> Lines {
    let usual = Lines::default();
    let takes = kind == PaneKind::Logs && shown.iter().any(|one| one.kind.is_none_or(Kind::answers_logql));
    if let Some(key) = KEYS.into_iter().find(|key| fields.has(key)).filter(|_| !takes && !shown.is_empty()) {
        let message = format!("{}: limit, since and direction belong to panes of logs of a loki source", fields.what());
        fields.error(&fields.at(key), message);
    }
    let oldest = fields.word("direction", &[("backward", false), ("forward", true)]);
    Lines {
        limit: fields.whole("limit", 1, Lines::MOST).unwrap_or(usual.limit),
        since: fields.duration("since", SHORTEST, LONGEST),
        oldest: oldest.map_or(usual.oldest, Spanned::into_inner),
    }
}

/// Reports a query that gives lines where numbers are shown, or the other way round.
pub(super) fn check_query(fields: &Fields<'_>, of: &Kind, query: Option<&Spanned<String>>, needs: Needs) {
    let Some(query) = query.filter(|query| of.answers_logql() && !query.get_ref().trim().is_empty()) else { return };
    let what = fields.what();
    let message = match (needs, logql::asks_for_lines(query.get_ref())) {
        (Needs::Lines, false) => {
            format!("`query` in {what} gives numbers; a pane of logs shows lines, as of {{app=\"shop\"}} |= \"error\"")
        }
        (Needs::Numbers, true) => format!(
            "`query` in {what} gives log lines where numbers are needed, as of sum(count_over_time({{app=\"shop\"}}[1m]))"
        ),
        _ => return,
    };
    fields.error(&query.span(), message);
}

/// What is made of the answer to a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Needs {
    /// Log lines.
    Lines,
    /// Numbers, of now or over time.
    Numbers,
}
