//! The kinds of sources: a row each, with everything the rest of the program may ask of a kind.
//!
//! A row says what a kind gives, how it is asked, what can be written to it and which keys it has in `stanch.toml`; which
//! client speaks to it is in the table of `source::registry`. Nobody else names a kind: who wants to know what
//! one can asks the row.

mod link;

use std::fmt;

use jiff::Timestamp;
use link::prometheus_graph;

use super::{PaneKind, Shape, Source};
use crate::signal::{Window, WriteKind, logql};

/// One kind of source. Two are equal when their names are.
pub struct Kind {
    /// The word for it in the configuration: `prometheus`.
    pub name: &'static str,
    /// What can be had from it; the first is what a pane shows that does not say.
    pub gives: &'static [Gives],
    /// How a query of it is written, the usual one first; empty when it takes none.
    pub languages: &'static [Language],
    /// Whether numbers are asked for by a query and never without one.
    pub needs_query: bool,
    /// Where the alerts it shows come from.
    pub alerts: AlertOrigin,
    /// The address at which its own user interface shows a query.
    pub link: Option<fn(&Viewed<'_>) -> String>,
    /// What can be changed at it; nothing yet, at any of them.
    pub writes: &'static [WriteKind],
    /// Whether each answer costs the server so much that the interval must follow the time it takes.
    pub is_costly: bool,
    /// How often it is asked, unless the file says otherwise, in seconds.
    pub every: u64,
    /// How long one request may take, unless the file says otherwise, in seconds.
    pub timeout: u64,
    /// Its keys in the configuration, besides those that every source has.
    pub fields: &'static [Field],
}

/// Something that comes out of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gives {
    /// Numbers, of now or over time.
    Series,
    /// Alerts that fire, are pending or are muted.
    Alerts,
    /// Lines with a time.
    Logs,
    /// Deploys, switched flags, maintenance.
    Changes,
    /// Records with fields.
    Table,
    /// Words.
    Text,
    /// Grafana dashboards, and what their panels ask; no pane of its own.
    Dashboards,
}

/// How a query is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Prometheus' own.
    PromQl,
    /// Loki's own, which gives lines or numbers.
    LogQl,
    /// Label matchers: `{service="checkout"}`.
    Matchers,
    /// A path below the source's address.
    Path,
}

/// Where the alerts of a source come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlertOrigin {
    /// It evaluates the rules itself, and knows which alerts are pending.
    Evaluated,
    /// Those that evaluate send it theirs. Where nobody said which one, it may be any.
    Routed,
    /// Its own, whoever made them.
    Own,
}

/// Keys of a `[[source]]` that belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// Where and how it is reached: `url`, who we are, headers, certificates, proxy.
    Http {
        /// Paths are put below the address, so that it cannot have a query of its own.
        api: bool,
    },
    /// `method` and `body` of a request.
    Body,
    /// `run`: a command and its arguments.
    Run,
    /// `as`, `jq` and `error_when`: how an answer is read that could mean anything.
    Read,
    /// `severity_label`, `severities` and `always_firing`: how bad its alerts are.
    Severities,
    /// `states`: what its words for where an alert stands mean.
    States,
    /// A stretch of time.
    Span(&'static str),
    /// Text of one line.
    Line(&'static str),
    /// `true` or `false`, and which of them it is when the file does not say.
    Flag(&'static str, bool),
    /// A list of label matchers.
    Matchers(&'static str),
}

/// A query that somebody looks at, and over which time.
pub struct Viewed<'a> {
    /// The source's address.
    pub url: &'a str,
    /// The query.
    pub query: &'a str,
    /// The stretch of time that is looked at.
    pub window: Window,
    /// The time now.
    pub now: Timestamp,
}

/// Every kind there is, in the order in which they are told of.
///
/// Intervals and patience: a Grafana asks others, who may take their time; a large Alertmanager takes seconds to print its alerts; feeds of changes are often behind a
/// rate limit, and commands cost a process each. Silenced and inhibited alerts are asked for unless the file says no: an
/// alert that is silenced while it fires would otherwise vanish from the answers, and pass for resolved.
pub static KINDS: &[Kind] = &[
    Kind {
        name: "prometheus",
        gives: &[Gives::Series, Gives::Alerts],
        languages: &[Language::PromQl],
        needs_query: true,
        alerts: AlertOrigin::Evaluated,
        link: Some(prometheus_graph),
        writes: &[],
        is_costly: false,
        every: 10,
        timeout: 10,
        fields: &[Field::Http { api: true }, Field::Severities, Field::Span("scrape")],
    },
    Kind {
        name: "alertmanager",
        gives: &[Gives::Alerts],
        languages: &[Language::Matchers],
        needs_query: false,
        alerts: AlertOrigin::Routed,
        link: None,
        writes: &[WriteKind::Silence],
        is_costly: true,
        every: 10,
        timeout: 30,
        fields: &[
            Field::Http { api: true },
            Field::Severities,
            Field::Matchers("filters"),
            Field::Line("receiver"),
            Field::Flag("silenced", true),
            Field::Flag("inhibited", true),
        ],
    },
    Kind {
        name: "grafana",
        gives: &[Gives::Dashboards],
        languages: &[],
        needs_query: false,
        alerts: AlertOrigin::Own,
        link: None,
        writes: &[],
        is_costly: false,
        every: 15,
        timeout: 30,
        fields: &[Field::Http { api: true }],
    },
    Kind {
        name: "loki",
        gives: &[Gives::Logs, Gives::Series],
        languages: &[Language::LogQl],
        needs_query: true,
        alerts: AlertOrigin::Own,
        link: None,
        writes: &[],
        is_costly: true,
        every: 10,
        timeout: 30,
        fields: &[Field::Http { api: true }, Field::Line("tenant")],
    },
    Kind {
        name: "http",
        gives: ANYTHING,
        languages: &[Language::Path],
        needs_query: false,
        alerts: AlertOrigin::Own,
        link: None,
        writes: &[],
        is_costly: false,
        every: 30,
        timeout: 10,
        fields: &[Field::Http { api: false }, Field::Body, Field::Read, Field::Severities, Field::States],
    },
    Kind {
        name: "command",
        gives: ANYTHING,
        languages: &[],
        needs_query: false,
        alerts: AlertOrigin::Own,
        link: None,
        writes: &[],
        is_costly: false,
        every: 30,
        timeout: 10,
        fields: &[Field::Run, Field::Read, Field::Severities, Field::States],
    },
];

/// What comes out of a filter may be anything; without one it is shown as it is.
const ANYTHING: &[Gives] = &[Gives::Table, Gives::Series, Gives::Alerts, Gives::Changes, Gives::Logs, Gives::Text];

impl Kind {
    /// The kind of this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        KINDS.iter().find(|kind| kind.name == name)
    }

    /// Whether this can be had from it.
    pub fn gives(&self, what: Gives) -> bool {
        self.gives.contains(&what)
    }

    /// Whether it is asked in PromQL.
    pub fn answers_promql(&self) -> bool {
        self.languages.contains(&Language::PromQl)
    }

    /// Whether dashboards can be had from it, and asked through it.
    pub fn has_dashboards(&self) -> bool {
        self.gives(Gives::Dashboards)
    }

    /// Whether the configuration says what its answers mean, rather than the kind itself.
    pub fn is_generic(&self) -> bool {
        self.fields.contains(&Field::Read)
    }

    /// Whether all that fires can be had from it and no numbers: a check on it counts alerts.
    pub fn lists_alerts(&self) -> bool {
        !self.is_generic() && self.gives(Gives::Alerts) && !self.gives(Gives::Series)
    }

    /// Whether a pane that is drawn so can show something of it.
    pub fn can_be_shown_as(&self, pane: PaneKind) -> bool {
        let shows: &[Gives] = match pane {
            PaneKind::TimeSeries | PaneKind::Stat | PaneKind::Gauge | PaneKind::BarGauge => &[Gives::Series],
            PaneKind::Table => &[Gives::Table, Gives::Series],
            PaneKind::Logs => &[Gives::Logs],
            PaneKind::Alerts => &[Gives::Alerts],
            PaneKind::Changes => &[Gives::Changes],
            PaneKind::Text => &[Gives::Text],
        };
        self.gives.iter().any(|gives| shows.contains(gives))
    }

    /// Whether it is asked in LogQL.
    pub fn answers_logql(&self) -> bool {
        self.languages.contains(&Language::LogQl)
    }

    /// How a pane of it is drawn that does not say, and asks this.
    pub fn usual_pane(&self, query: &str) -> PaneKind {
        if self.answers_logql() && !logql::asks_for_lines(query) {
            return PaneKind::TimeSeries;
        }
        match self.gives.first() {
            Some(Gives::Series | Gives::Dashboards) | None => PaneKind::TimeSeries,
            Some(Gives::Alerts) => PaneKind::Alerts,
            Some(Gives::Logs) => PaneKind::Logs,
            Some(Gives::Changes) => PaneKind::Changes,
            Some(Gives::Table) => PaneKind::Table,
            Some(Gives::Text) => PaneKind::Text,
        }
    }
}

impl PartialEq for Kind {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl Gives {
    /// The word for it in messages.
    pub fn word(self) -> &'static str {
        match self {
            Self::Series => "numbers",
            Self::Alerts => "alerts",
            Self::Logs => "logs",
            Self::Changes => "changes",
            Self::Table => "tables",
            Self::Text => "text",
            Self::Dashboards => "dashboards",
        }
    }
}

impl From<Shape> for Gives {
    fn from(shape: Shape) -> Self {
        match shape {
            Shape::Table => Self::Table,
            Shape::Number => Self::Series,
            Shape::Alerts => Self::Alerts,
            Shape::Changes => Self::Changes,
            Shape::Logs => Self::Logs,
        }
    }
}

impl Language {
    /// Its name in messages.
    pub fn word(self) -> &'static str {
        match self {
            Self::PromQl => "PromQL",
            Self::LogQl => "LogQL",
            Self::Matchers => "label matchers",
            Self::Path => "a path",
        }
    }
}

impl Field {
    /// The keys it stands for.
    pub fn keys(&self) -> &[&'static str] {
        match self {
            Self::Http { .. } => &["url", "bearer", "user", "password", "headers", "ca_file", "client_cert", "proxy"],
            Self::Body => &["method", "body"],
            Self::Run => &["run"],
            Self::Read => &["as", "jq", "error_when"],
            Self::Severities => &["severity_label", "severities", "always_firing"],
            Self::States => &["states"],
            Self::Span(key) | Self::Line(key) | Self::Flag(key, _) | Self::Matchers(key) => std::slice::from_ref(key),
        }
    }
}

impl Source {
    /// Whether a check on it counts alerts, because all it is asked for are alerts.
    pub fn lists_alerts(&self) -> bool {
        match &self.settings.read {
            Some(read) => read.shape == Shape::Alerts,
            None => self.kind.lists_alerts(),
        }
    }

    /// Whether it gives this and nothing else, so that a pane of it can only be of one kind.
    pub(crate) fn is_feed_of(&self, shape: Shape) -> bool {
        match &self.settings.read {
            Some(read) => read.shape == shape,
            None => self.kind.alerts != AlertOrigin::Evaluated && self.kind.gives(shape.into()),
        }
    }

    /// Whether its alerts come from rules that it evaluates itself.
    pub fn evaluates_alerts(&self) -> bool {
        self.kind.alerts == AlertOrigin::Evaluated
    }

    /// The address at which its own user interface shows a query; `None` when it has none.
    pub fn link(&self, query: &str, window: Window, now: Timestamp) -> Option<String> {
        let (link, http) = self.kind.link.zip(self.settings.http.as_ref())?;
        Some(link(&Viewed { url: &http.url, query, window, now }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_make_sense() {
        for (at, kind) in KINDS.iter().enumerate() {
            let name = kind.name;
            assert!(KINDS[..at].iter().all(|other| other.name != name), "two kinds are called {name}");
            assert!(!kind.gives.is_empty(), "{name} gives nothing");
            assert!(!kind.needs_query || !kind.languages.is_empty(), "{name} needs a query in no language");
            assert!(kind.every > 0 && kind.timeout > 0, "{name} has no interval or no patience");
            let keys: Vec<_> = kind.fields.iter().flat_map(Field::keys).collect();
            assert!(keys.iter().enumerate().all(|(at, key)| !keys[..at].contains(key)), "{name}: {keys:?}");
        }
    }
}
