//! Filters by hand: a label and what it must be, put into every selector of a query, as Grafana's Prometheus data source
//! does it.

use std::ops::Range;

use super::super::{routes::Reached, variable::Variables};

/// Most filters that are heeded.
const MAX_FILTERS: usize = 50;

/// A label and what it must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// The label.
    key: String,
    /// `=`, `!=`, `=~` or `!~`.
    operator: &'static str,
    /// What it is held against.
    value: String,
}

/// The operators, those of two letters first.
const OPERATORS: [&str; 4] = ["=~", "!~", "!=", "="];

/// Words behind which labels stand in parentheses, and which are no metric.
const GROUPING: [&str; 6] = ["by", "without", "on", "ignoring", "group_left", "group_right"];
/// Words that are no metric.
const WORDS: [&str; 8] = ["and", "or", "unless", "atan2", "bool", "offset", "inf", "nan"];
/// Functions behind which labels may stand before the parentheses.
const AGGREGATIONS: [&str; 14] = [
    "sum",
    "min",
    "max",
    "avg",
    "group",
    "stddev",
    "stdvar",
    "count",
    "count_values",
    "bottomk",
    "topk",
    "quantile",
    "limitk",
    "limit_ratio",
];

impl Filter {
    /// Reads `pod=web-1`, `pod!=web-1`, `pod=~web.*`, `pod!~web.*`; `None` for anything else.
    pub fn read(text: &str) -> Option<Self> {
        let at = text.find(['=', '!'])?;
        let (key, rest) = text.split_at(at);
        let operator = OPERATORS.into_iter().find(|operator| rest.starts_with(operator))?;
        let (key, value) = (key.trim(), rest[operator.len()..].trim());
        (!key.is_empty()).then(|| Self { key: key.to_owned(), operator, value: value.to_owned() })
    }

    /// With the label as it is written in a selector: in quotes where its name has other than the old letters.
    fn key(&self) -> String {
        let is_old = self.key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && self.key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if is_old { self.key.clone() } else { format!("\"{}\"", escaped(&self.key)) }
    }
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

/// The filters that go into queries of a Prometheus.
pub(super) fn of(variables: &Variables, reached: &Reached) -> Vec<Filter> {
    variables.filters(reached).filter_map(Filter::read).collect()
}

/// A query with the filters in each of its selectors.
pub(super) fn filtered(query: &str, filters: &[Filter]) -> String {
    if filters.is_empty() {
        return query.to_owned();
    }
    let mut out = String::with_capacity(query.len() + 64);
    let mut from = 0;
    for selector in selectors(query) {
        out.push_str(&query[from..selector.start]);
        out.push_str(&with(&query[selector.clone()], filters));
        from = selector.end;
    }
    out + &query[from..]
}

/// A selector with the filters.
fn with(selector: &str, filters: &[Filter]) -> String {
    let (metric, inside) = match selector.split_once('{') {
        Some((metric, rest)) => (metric.trim_end(), rest.strip_suffix('}').unwrap_or(rest)),
        None => (selector, ""),
    };
    let mut matchers: Vec<Matcher> = parts(inside).into_iter().map(Matcher::read).collect();
    for filter in filters.iter().take(MAX_FILTERS) {
        let (key, value) = (filter.key(), escaped(&filter.value));
        match matchers.iter_mut().find(|known| known.key == key && known.value.as_deref() == Some(value.as_str())) {
            Some(known) => known.written = format!("{key}{}\"{value}\"", filter.operator),
            None => matchers.push(Matcher {
                written: format!("{key}{}\"{value}\"", filter.operator),
                key,
                value: Some(value),
            }),
        }
    }
    let written: Vec<&str> = matchers.iter().map(|matcher| matcher.written.as_str()).collect();
    format!("{metric}{{{}}}", written.join(", "))
}

/// One matcher of a selector, or a name in quotes.
struct Matcher {
    key: String,
    value: Option<String>,
    written: String,
}

impl Matcher {
    fn read(part: &str) -> Self {
        let at = part.find(['=', '!']).filter(|at| !part[..*at].contains('"') || part.starts_with('"'));
        let found = at.and_then(|at| {
            let (key, rest) = part.split_at(at);
            let operator = OPERATORS.into_iter().find(|operator| rest.starts_with(operator))?;
            let value = rest[operator.len()..].trim();
            let quote = value.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
            let inner = value.strip_prefix(quote)?.strip_suffix(quote)?;
            Some((key.trim().to_owned(), operator, quote, inner.to_owned()))
        });
        match found {
            // What other quotes hold may need them.
            Some((key, operator, quote, value)) if quote == '"' || !value.contains(['"', '\\']) => {
                Self { written: format!("{key}{operator}\"{value}\""), key, value: Some(value) }
            }
            Some((key, ..)) => Self { key, value: None, written: part.to_owned() },
            None => Self { key: String::new(), value: None, written: part.to_owned() },
        }
    }
}

/// What stands between commas, outside of quotes.
fn parts(inside: &str) -> Vec<&str> {
    let bytes = inside.as_bytes();
    let (mut out, mut from, mut at) = (Vec::new(), 0, 0);
    while at < bytes.len() {
        match bytes[at] {
            b'"' | b'\'' | b'`' => at = behind_quotes(bytes, at),
            b',' => {
                out.push(inside[from..at].trim());
                (from, at) = (at + 1, at + 1);
            }
            _ => at += 1,
        }
    }
    out.push(inside[from..].trim());
    out.retain(|part| !part.is_empty());
    out
}

/// Where the selectors of a query are.
fn selectors(query: &str) -> Vec<Range<usize>> {
    let bytes = query.as_bytes();
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b':' | b'.');
    let word = |from: usize| from + bytes[from..].iter().take_while(|byte| is_part(**byte)).count();
    let air = |from: usize| from + bytes[from..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let (mut out, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        match bytes[at] {
            b'#' => at += bytes[at..].iter().take_while(|byte| **byte != b'\n').count(),
            b'"' | b'\'' | b'`' => at = behind_quotes(bytes, at),
            b'[' => at = behind(bytes, at, b']'),
            b'$' if bytes.get(at + 1) == Some(&b'{') => at = behind(bytes, at + 1, b'}'),
            b'$' => at = word(at + 1),
            byte if byte.is_ascii_digit() || byte == b'.' => at = word(at).max(at + 1),
            b'{' => {
                let end = behind(bytes, at, b'}');
                out.push(at..end);
                at = end;
            }
            byte if byte.is_ascii_alphabetic() || matches!(byte, b'_' | b':') => {
                let (start, end) = (at, word(at));
                let name = query[at..end].to_ascii_lowercase();
                let next = air(end);
                let follows = bytes.get(next).copied();
                let goes_on = word(next);
                let then = query.get(next..goes_on).unwrap_or_default().to_ascii_lowercase();
                let is_aggregation = AGGREGATIONS.contains(&name.as_str()) && matches!(then.as_str(), "by" | "without");
                let is_word = WORDS.contains(&name.as_str()) && follows != Some(b'{');
                at = match follows {
                    Some(b'(') if GROUPING.contains(&name.as_str()) => behind(bytes, next, b')'),
                    Some(b'{') => behind(bytes, next, b'}'),
                    _ => end,
                };
                if follows != Some(b'(') && !is_aggregation && !is_word && !GROUPING.contains(&name.as_str()) {
                    out.push(start..at);
                }
            }
            _ => at += 1,
        }
    }
    out
}

/// Behind the quotes that open at a place.
fn behind_quotes(bytes: &[u8], at: usize) -> usize {
    let quote = bytes[at];
    let mut at = at + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if quote != b'`' => at += 2,
            byte if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// Behind the bracket that closes the one at a place; what stands in quotes closes nothing.
fn behind(bytes: &[u8], at: usize, close: u8) -> usize {
    let mut at = at + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'"' | b'\'' | b'`' => at = behind_quotes(bytes, at),
            byte if byte == close => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(query: &str, filters: &[&str], expected: &str) {
        let filters: Vec<Filter> = filters.iter().filter_map(|text| Filter::read(text)).collect();
        assert_eq!(filtered(query, &filters), expected);
    }

    #[test]
    fn each_selector_gets_the_filter() {
        check("up", &["pod=a"], r#"up{pod="a"}"#);
        check("up{}", &["pod=a"], r#"up{pod="a"}"#);
        check(
            r#"sum by (job, pod) (rate(http_requests_total{code=~'5..',job="x"}[5m])) / on (job) group_left (pod) sum without (pod) (rate(up[$__rate_interval] offset 1h))"#,
            &["pod!=a"],
            r#"sum by (job, pod) (rate(http_requests_total{code=~"5..", job="x", pod!="a"}[5m])) / on (job) group_left (pod) sum without (pod) (rate(up{pod!="a"}[$__rate_interval] offset 1h))"#,
        );
        check(
            r#"{__name__=~"a,b}"} or vector(0) and time() > bool 3e2 # up"#,
            &["pod=~a.*"],
            r#"{__name__=~"a,b}", pod=~"a.*"} or vector(0) and time() > bool 3e2 # up"#,
        );
        check(
            "topk(5, up) + job:up:sum @ start() - 1.5 * .5",
            &["a=b"],
            r#"topk(5, up{a="b"}) + job:up:sum{a="b"} @ start() - 1.5 * .5"#,
        );
        check(
            "label_replace(up, \"x\", \"$1\", \"y\", \"(.*)\")",
            &["a=b"],
            "label_replace(up{a=\"b\"}, \"x\", \"$1\", \"y\", \"(.*)\")",
        );
    }

    #[test]
    fn several_filters_quotes_and_names_of_all_letters() {
        check("up", &["a=b", "c!~d"], r#"up{a="b", c!~"d"}"#);
        check("up", &[r#"a=say "hi" \ "#], r#"up{a="say \"hi\" \\"}"#);
        check("up", &["k8s.pod=web"], r#"up{"k8s.pod"="web"}"#);
        check(r#"{"my.metric", a="b"}"#, &["c=d"], r#"{"my.metric", a="b", c="d"}"#);
        check(r#"up{a='say "hi"'}"#, &["c=d"], r#"up{a='say "hi"', c="d"}"#);
        // One that is there is not put in twice; its sign becomes that of the filter.
        check(r#"up{a="b"}"#, &["a=b"], r#"up{a="b"}"#);
        check(r#"up{a="b"}"#, &["a!=b"], r#"up{a!="b"}"#);
        check("up", &[], "up");
    }

    #[test]
    fn what_is_no_filter_is_none() {
        assert_eq!(Filter::read("pod"), None);
        assert_eq!(Filter::read("=x"), None);
        assert_eq!(Filter::read("pod!x"), None);
        assert_eq!(Filter::read("pod ="), Some(Filter { key: "pod".into(), operator: "=", value: String::new() }));
    }

    #[test]
    fn broken_queries_break_nothing() {
        for query in ["up{", "up{a=\"", "sum(", "\"", "[", "${", "$", "ü{ä=\"ö\"}", "up{a=\"\\", "by", "{}}{", "a{b}c"]
        {
            let _ = filtered(query, &[Filter::read("a=b").expect("a filter")]);
        }
    }
}
