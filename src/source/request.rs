//! What a source is asked, with nothing left to decide: the text is resolved, the times are known.
//!
//! Whoever polls makes these from a planned query and what the panes show; see [`Question::of`].

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;

use crate::{
    config::Read,
    dashboard::{
        Ask, PanelAsk, Query, QueryContext,
        query::{AROUND, LIVE},
        resolve,
    },
    signal::Window,
};

/// What is asked, whenever it is asked: equal questions have equal answers. Caches and flights go by it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Question {
    /// What a query gives over a window.
    Range {
        /// The query.
        query: String,
        /// The stretch of time; one that follows the clock ends when it is asked.
        window: Window,
        /// Seconds from one value to the next.
        step: u64,
    },
    /// What a query gives now.
    Instant {
        /// The query.
        query: String,
    },
    /// Log lines of a window.
    Lines {
        /// The query.
        query: String,
        /// The stretch of time; one that follows the clock ends when it is asked.
        window: Window,
        /// Most lines that are wanted.
        limit: u16,
        /// Which of them where there are more.
        pick: Pick,
    },
    /// What a query gives at times that are all said, and nothing else.
    Exact {
        /// The query.
        query: String,
        /// The times, in milliseconds since the Unix epoch.
        times: ExactTimes,
    },
    /// Which labels, values or series there are.
    Metadata {
        /// What is asked for.
        what: Metadata,
        /// From when to when, in seconds since the Unix epoch.
        between: (i64, i64),
    },
    /// What a panel of a dashboard shows over a window.
    Panel {
        /// The panel.
        panel: PanelAsk,
        /// The stretch of time; one that follows the clock ends when it is asked.
        window: Window,
    },
    /// What another question gives for a window that lies so much earlier, at the times of the later one.
    Earlier {
        /// The other question; its window is that of now.
        of: Arc<Self>,
        /// By how much.
        ago: Duration,
    },
    /// All alerts.
    Alerts,
    /// What lies at a path, and how it is read.
    Fetch {
        /// Below the source's address; may be empty.
        path: String,
        /// How the answer is read.
        read: Read,
    },
}

/// Which log lines are wanted where a window has more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Pick {
    /// Those at its end.
    Newest,
    /// Those at its beginning.
    Oldest,
    /// Those before and after a time.
    Around(Timestamp),
}

/// Times a query is evaluated at, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum ExactTimes {
    /// One.
    At(i64),
    /// From the first to the last.
    Range {
        /// The first.
        start: i64,
        /// The last.
        end: i64,
        /// From one to the next.
        step: u64,
    },
}

/// What is known about series, without their values.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Metadata {
    /// The names of labels, of the series that match.
    LabelNames(Option<String>),
    /// The values of a label, of the series that match.
    LabelValues(String, Option<String>),
    /// The labels of the series that match.
    Series(String),
    /// The rules that alert.
    AlertRules,
    /// The names of the labels of Loki, where the same address leads to one, as a gateway before both does.
    LokiLabels,
    /// The values of a label of Loki, of the streams that match.
    LokiLabelValues(String, Option<String>),
}

/// A question, asked at a time.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) question: Arc<Question>,
    /// When it is asked. Dates what has no time of its own.
    pub(super) now: Timestamp,
}

/// The times a query is evaluated at, in seconds. They are multiples of the step, so that from poll to poll the same
/// points stay where they are and a chart does not jitter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Times {
    /// The first.
    pub(super) start: i64,
    /// The last.
    pub(super) end: i64,
    /// From one to the next.
    pub(super) step: u64,
}

impl Question {
    /// The question that a query comes down to while the panes show `context`.
    pub(super) fn of(query: &Query, context: &QueryContext) -> Self {
        Self::of_ask(&query.ask, query.template, context)
    }

    fn of_ask(ask: &Ask, is_template: bool, context: &QueryContext) -> Self {
        let resolved = |text: &str, context: &QueryContext| match is_template {
            true => resolve(text, context),
            false => text.to_owned(),
        };
        let over = |text: &str, context: &QueryContext| {
            let QueryContext { window, step, .. } = *context;
            Self::Range { query: resolved(text, context), window, step }
        };
        match ask {
            Ask::Range(text) => over(text, context),
            Ask::LiveRange(text) => over(text, &context.over(Window::live(LIVE))),
            Ask::Instant(text) => Self::Instant { query: resolved(text, context) },
            Ask::Lines { query, lines, around } => {
                let shown = Window { span: lines.since.unwrap_or(context.window.span), ..context.window };
                let (window, pick) = match *around {
                    Some(at) => {
                        let end = at.checked_add(AROUND).unwrap_or(at);
                        (Window { span: AROUND * 2, end: Some(end) }, Pick::Around(at))
                    }
                    None => (shown, if lines.oldest { Pick::Oldest } else { Pick::Newest }),
                };
                Self::Lines { query: resolved(query, context), window, limit: lines.limit, pick }
            }
            Ask::Panel(panel) => Self::Panel { panel: panel.clone(), window: context.window },
            Ask::Earlier { of, ago } => {
                Self::Earlier { of: Arc::new(Self::of_ask(of, is_template, context)), ago: *ago }
            }
            Ask::Alerts => Self::Alerts,
            Ask::Fetch { path, read } => Self::Fetch { path: resolved(path, context), read: read.clone() },
        }
    }
}

impl Request {
    /// Asks this at that time.
    pub(super) fn now(question: Question, now: Timestamp) -> Self {
        Self { question: Arc::new(question), now }
    }
}

impl Times {
    /// Those of a window that is asked about at a time.
    pub(super) fn of(window: Window, step: u64, now: Timestamp) -> Self {
        let (start, end) = window.bounds(now);
        let down = |at: Timestamp| at.as_second() - at.as_second().rem_euclid(step.cast_signed());
        Self { start: down(start), end: down(end), step }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(minutes: u64, now: &str, expected: (&str, &str, u64)) {
        let QueryContext { window, step, .. } = QueryContext::of(Window::live(Duration::from_secs(minutes * 60)));
        let times = Times::of(window, step, now.parse().expect("a time"));
        let at = |second| Timestamp::from_second(second).expect("a time").to_string();
        assert_eq!((at(times.start).as_str(), at(times.end).as_str(), times.step), expected);
    }

    #[test]
    fn points_stay_where_they_are() {
        check(30, "2026-11-22T14:24:15.9Z", ("2026-11-22T13:54:15Z", "2026-11-22T14:24:15Z", 5));
        check(30, "2026-11-22T14:24:19.9Z", ("2026-11-22T13:54:15Z", "2026-11-22T14:24:15Z", 5));
        check(5, "2026-11-22T14:24:19.9Z", ("2026-11-22T14:19:19Z", "2026-11-22T14:24:19Z", 1));
        check(60, "2026-11-22T14:24:19Z", ("2026-11-22T13:24:10Z", "2026-11-22T14:24:10Z", 10));
        check(60 * 24 * 7, "2026-11-22T14:24:19Z", ("2026-11-15T14:00:00Z", "2026-11-22T14:00:00Z", 1800));
    }

    #[test]
    fn only_templates_are_resolved() {
        let context = QueryContext::of(Window::live(Duration::from_secs(3600))).with([("job", "shop"), ("x", "y")]);
        let text = r#"up{job="$job"} $x ${x}"#;
        let asked = |template, ask: Ask| {
            let query = Query { template, ..Query::new(crate::config::SourceId::nth(0), ask) };
            Question::of(&query, &context)
        };
        for template in [false, true] {
            let expected = if template { r#"up{job="shop"} y y"# } else { text }.to_owned();
            assert_eq!(asked(template, Ask::Instant(text.into())), Question::Instant { query: expected.clone() });
            let range = Question::Range { query: expected.clone(), window: context.window, step: 10 };
            assert_eq!(asked(template, Ask::Range(text.into())), range);
            let live = Question::Range { query: expected.clone(), window: Window::live(LIVE), step: 5 };
            assert_eq!(asked(template, Ask::LiveRange(text.into())), live);
            let read = Read::default();
            let fetch = Question::Fetch { path: expected, read: read.clone() };
            assert_eq!(asked(template, Ask::Fetch { path: text.into(), read }), fetch);
        }
    }
}
