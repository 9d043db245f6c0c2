//! What a variable asks its data source.

use serde_json::Value;

use super::{
    super::{
        data_source::DataSource,
        interval,
        json::{at, list, number, text},
        pattern::Pattern,
        routes::Way,
        template::Format,
    },
    Variable, Variables,
    choices::Choice,
    foreign,
};

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Question {
    /// The names of labels, of the series a selector matches.
    LabelNames {
        /// `None` for all.
        selector: Option<String>,
    },
    /// The values of one label.
    LabelValues {
        /// The label.
        label: String,
        /// Of which series; `None` for all.
        selector: Option<String>,
    },
    /// The names of metrics that match a pattern.
    Metrics {
        /// A regular expression, not anchored.
        pattern: String,
    },
    /// What a query gives at the end of the stretch that is shown.
    Query {
        /// The query.
        query: String,
    },
    /// The series a selector matches.
    Series {
        /// The selector.
        selector: String,
    },
    /// What Grafana answers to a query of any of its data sources.
    Frames {
        /// The query as Grafana takes it, in JSON.
        request: String,
    },
}

/// The labels of a series, with the name of its metric; its value and its time in seconds where a query was asked.
pub type AnsweredSeries = (Vec<(String, String)>, Option<(f64, f64)>);

/// What a data source answered.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// Names, or values.
    Names(Vec<String>),
    /// Series.
    Series(Vec<AnsweredSeries>),
    /// Values with the words for them.
    Choices(Vec<Choice>),
}

/// What a variable asks; why it cannot, in words.
pub(super) fn of(variable: &Variable, all: &Variables) -> Result<(DataSource, Question), String> {
    let written = &variable.written;
    let reached = all.asked_by(variable);
    let question = match (&reached.kind, reached.way) {
        (other, Way::None) => return Err(format!("it asks {}, which is not connected", other.name())),
        (DataSource::Prometheus, _) => {
            let query = query_text(at(written, "query"));
            if let Some(why) = all.hindrance(&query, all) {
                return Err(why);
            }
            promql(&with_intervals(&all.interpolate(&query, Format::Prometheus), all))
        }
        (DataSource::Loki, _) => loki(at(written, "query"), all),
        _ => foreign::of(variable, all, &reached)?.map(|request| Question::Frames { request }),
    };
    question.map(|question| (reached.kind, question)).ok_or_else(|| "it asks nothing".into())
}

/// The query of today, of old versions, or as the editor keeps it.
fn query_text(query: &Value) -> String {
    if let Value::String(text) = query {
        return text.clone();
    }
    if let Some(text) = text(query, "query").filter(|text| !text.is_empty()) {
        return text;
    }
    let part = |key: &str| text(query, key).unwrap_or_default();
    match number(at(query, "qryType")).map(|kind| kind as i64) {
        Some(0) => format!("label_names({})", part("match")),
        Some(1) => {
            let filters: Vec<String> = list(query, "labelFilters")
                .iter()
                .map(|filter| {
                    let of = |key| text(filter, key).unwrap_or_default();
                    format!("{}{}\"{}\"", of("label"), of("op"), of("value"))
                })
                .collect();
            let braces = if filters.is_empty() { String::new() } else { format!("{{{}}}", filters.join(", ")) };
            let selector = part("metric") + &braces;
            match selector.is_empty() {
                true => format!("label_values({})", part("label")),
                false => format!("label_values({selector},{})", part("label")),
            }
        }
        Some(2) => format!("metrics({})", part("metric")),
        Some(3) => format!("query_result({})", part("varQuery").replace(['\r', '\n'], "")),
        Some(4) => part("seriesQuery"),
        Some(5) => part("classicQuery"),
        _ => String::new(),
    }
}

/// The durations that stand in for a panel's, where there is no panel.
fn with_intervals(query: &str, all: &Variables) -> String {
    let length = all.range.length() as f64;
    let step = interval::Stepping {
        length,
        points: 1.0,
        interval: interval::SCRAPE,
        least: "",
        factor: 0.0,
        scrape: interval::SCRAPE,
    };
    step.filled_in(query, interval::SCRAPE)
}

/// What a query of a variable means: `label_values(…)`, `query_result(…)`, …, or else a selector.
fn promql(query: &str) -> Option<Question> {
    let inside = |name: &str| {
        let rest = query.strip_prefix(name)?.strip_prefix('(')?.trim_end();
        rest.strip_suffix(')')
    };
    if query.trim().is_empty() {
        return None;
    }
    if let Some(inner) = inside("label_names") {
        let selector = (!inner.is_empty()).then(|| format!("{{__name__=~\".*{inner}.*\"}}"));
        return Some(Question::LabelNames { selector });
    }
    if let Some(inner) = inside("label_values") {
        let (selector, label) = match inner.rsplit_once(',') {
            Some((selector, label)) => (Some(selector), label),
            None => (None, inner),
        };
        let label = label.trim_start();
        let is_label = label.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if is_label {
            let selector = selector.filter(|selector| selector.replace(' ', "") != "{}").map(str::to_owned);
            return Some(Question::LabelValues { label: label.to_owned(), selector });
        }
        if inner.is_empty() {
            return None;
        }
    }
    for (name, make) in [
        ("metrics", (|pattern| Question::Metrics { pattern }) as fn(String) -> Question),
        ("query_result", |query| Question::Query { query }),
    ] {
        if let Some(inner) = inside(name) {
            return (!inner.is_empty()).then(|| make(inner.to_owned()));
        }
    }
    Some(Question::Series { selector: query.to_owned() })
}

fn loki(query: &Value, all: &Variables) -> Option<Question> {
    let filled = |text: String| all.interpolate(&text, Format::Loki);
    if query.is_object() && query.get("label").is_some() || number(at(query, "type")) == Some(0.0) {
        if number(at(query, "type")) == Some(0.0) {
            return Some(Question::LabelNames { selector: None });
        }
        let label = filled(text(query, "label")?);
        let selector = text(query, "stream").map(filled).filter(|stream| stream.replace(' ', "") != "{}");
        return Some(Question::LabelValues { label, selector: selector.filter(|stream| !stream.is_empty()) });
    }
    match promql(&filled(query_text(query)))? {
        asked @ (Question::LabelNames { .. } | Question::LabelValues { .. }) => Some(asked),
        _ => None,
    }
}

/// What can be found in an answer.
pub(super) fn choices(question: Option<&Question>, answer: Answer) -> Vec<Choice> {
    match answer {
        Answer::Names(names) => {
            let pattern = match question {
                Some(Question::Metrics { pattern }) => Some(Pattern::read(pattern)),
                _ => None,
            };
            let fits = |name: &String| match &pattern {
                Some(pattern) => pattern.as_ref().is_some_and(|pattern| pattern.is_match(name)),
                None => true,
            };
            names.into_iter().filter(fits).map(Choice::plain).collect()
        }
        Answer::Series(series) => series
            .into_iter()
            .map(|(labels, value)| {
                let name = labels.iter().find(|(name, _)| name == "__name__").map_or("", |(_, value)| value);
                let pairs = labels.iter().filter(|(name, _)| name != "__name__");
                let pairs: Vec<String> = pairs.map(|(name, value)| format!("{name}=\"{value}\"")).collect();
                let sample = value.map(|(value, at)| format!(" {value} {}", at * 1000.0)).unwrap_or_default();
                Choice::plain(format!("{name}{{{}}}{sample}", pairs.join(",")))
            })
            .collect(),
        Answer::Choices(choices) => choices,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_forms_of_a_query() {
        let values = |label: &str, selector: Option<&str>| {
            Some(Question::LabelValues { label: label.into(), selector: selector.map(str::to_owned) })
        };
        assert_eq!(promql("label_values(job)"), values("job", None));
        assert_eq!(promql("label_values(up{a=~\"b,c\"}, job) "), values("job", Some("up{a=~\"b,c\"}")));
        assert_eq!(promql("label_values({}, job)"), values("job", None));
        assert_eq!(promql("label_values()"), None);
        assert_eq!(promql("query_result(topk(1, up))"), Some(Question::Query { query: "topk(1, up)".into() }));
        assert_eq!(promql("metrics(go_.*)"), Some(Question::Metrics { pattern: "go_.*".into() }));
        assert_eq!(promql("label_names()"), Some(Question::LabelNames { selector: None }));
        assert_eq!(promql("up{a=\"b\"}"), Some(Question::Series { selector: "up{a=\"b\"}".into() }));
        let kept = json!({"qryType": 1, "label": "pod", "metric": "up", "labelFilters":
            [{"label": "a", "op": "=~", "value": "b"}]});
        assert_eq!(query_text(&kept), "label_values(up{a=~\"b\"},pod)");
    }

    #[test]
    fn series_are_written_as_their_selector() {
        let labels = |pairs: &[(&str, &str)]| pairs.iter().map(|(a, b)| ((*a).into(), (*b).into())).collect();
        let answer = Answer::Series(vec![(labels(&[("__name__", "up"), ("job", "a")]), Some((0.5, 10.0)))]);
        assert_eq!(choices(None, answer), [Choice::plain("up{job=\"a\"} 0.5 10000")]);
    }
}
