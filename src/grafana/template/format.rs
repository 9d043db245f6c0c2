//! How the values of a variable are written into a text.

use std::fmt::Write;

use super::{Bound, Selection};

/// How values are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format<'a> {
    /// `a`, or `{a,b}`.
    Glob,
    /// What a person reads.
    Text,
    /// For a text that becomes a web page.
    Html,
    /// For a regular expression: `(a|b)`.
    Regex,
    /// For PromQL: like a regular expression inside quotes where there may be several values.
    Prometheus,
    /// For LogQL, which escapes in its own way.
    Loki,
    /// For SQL: quoted where several values may be chosen, bare inside the quotes of the query where not.
    Sql,
    /// For InfluxQL: a regular expression where several values may be chosen.
    Influx,
    /// By the name it has in a text, with arguments behind colons.
    Named(&'a str),
}

impl<'a> Format<'a> {
    /// The format of a name, as it stands behind the colon.
    pub(super) fn named(name: &'a str) -> Self {
        Self::Named(name)
    }

    /// Words that stand for all values, which are not escaped.
    pub(super) fn custom(self, bound: &Bound<'_>, all: &str) -> String {
        match self {
            Self::Text | Self::Named("text") => "All".into(),
            Self::Named("percentencode") => percent_encoded(all),
            Self::Named("queryparam") => bound.query.clone(),
            _ => all.to_owned(),
        }
    }

    /// The values of a variable as they go into a text.
    pub(super) fn apply(self, bound: &Bound<'_>, selection: &Selection) -> String {
        match self {
            Self::Text | Self::Named("text") => return bound.text.clone(),
            Self::Named("queryparam") => return bound.query.clone(),
            _ => {}
        }
        let number;
        let (values, is_list) = match selection {
            Selection::One(value) => (std::slice::from_ref(value), false),
            Selection::Many(values) => (values.as_slice(), true),
            Selection::Number(value) => {
                if let Self::Named(name) = self
                    && let Some(arguments) = name.strip_prefix("date")
                {
                    return date(*value, arguments.trim_start_matches(':'));
                }
                number = value.to_string();
                return match self {
                    Self::Named(_) => self.apply(bound, &Selection::One(number)),
                    _ => number,
                };
            }
            Selection::Custom(all) => return all.clone(),
        };
        self.join(bound, values, is_list)
    }

    fn join(self, bound: &Bound<'_>, values: &[String], is_list: bool) -> String {
        let only = || values.first().map(String::as_str).unwrap_or_default();
        let each = |f: &dyn Fn(&str) -> String, between: &str| {
            values.iter().map(|value| f(value)).collect::<Vec<_>>().join(between)
        };
        let plain = |between: &str| values.join(between);
        let (name, arguments) = match self {
            Self::Named(name) => name.split_once(':').unwrap_or((name, "")),
            _ => ("", ""),
        };
        match (self, name) {
            (Self::Prometheus, _) => prometheus(bound, values, is_list),
            (Self::Loki, _) => loki(bound, values, is_list),
            (Self::Sql, _) if bound.is_multi => each(&|value| format!("'{}'", value.replace('\'', "''")), ","),
            (Self::Sql, _) => only().replace('\'', "''"),
            (Self::Influx, _) if !bound.is_multi => only().to_owned(),
            (Self::Influx, _) => match is_list && values.len() != 1 {
                true => format!("({})", each(&regex_escaped, "|")),
                false => regex_escaped(only()),
            },
            (Self::Regex, _) | (_, "regex") => match is_list && values.len() != 1 {
                true => format!("({})", each(&regex_escaped, "|")),
                false => regex_escaped(only()),
            },
            (Self::Html, _) | (_, "html") => html_escaped(&plain(", ")),
            (_, "raw") => plain(","),
            (_, "csv") => plain(","),
            (_, "pipe") => plain("|"),
            (_, "join") => plain(if arguments.is_empty() { "," } else { arguments }),
            (_, "distributed") => plain(&format!(",{}=", bound.name)),
            (_, "json") => match is_list {
                true => serde_json::to_string(values).unwrap_or_default(),
                false => only().to_owned(),
            },
            (_, "lucene") => match (is_list, values.is_empty()) {
                (true, true) => "__empty__".into(),
                (true, false) => format!("({})", each(&|value| format!("\"{}\"", lucene_escaped(value)), " OR ")),
                (false, _) => lucene_escaped(only()),
            },
            (_, "singlequote") => each(&|value| format!("'{}'", value.replace('\'', "\\'")), ","),
            (_, "doublequote") => each(&|value| format!("\"{}\"", value.replace('"', "\\\"")), ","),
            (_, "sqlstring") => each(&|value| format!("'{}'", value.replace('\'', "''").replace('"', "\\\"")), ","),
            (_, "percentencode" | "uriencode") => match is_list {
                true => percent_encoded(&format!("{{{}}}", plain(","))),
                false => percent_encoded(only()),
            },
            (_, "customqueryparam") => {
                let (key, prefix) = arguments.split_once(':').unwrap_or((arguments, ""));
                let key = if key.is_empty() { bound.name.as_ref() } else { key };
                each(&|value| format!("{}={prefix}{}", percent_encoded(key), percent_encoded(value)), "&")
            }
            (_, "date") => only().parse().map_or_else(|_| "NaN".into(), |at| date(at, arguments)),
            _ => match values.len() > 1 {
                true => format!("{{{}}}", plain(",")),
                false => only().to_owned(),
            },
        }
    }
}

/// As Grafana's Prometheus data source escapes: values that stand alone for a quoted text, others for a regular expression
/// in one.
fn prometheus(bound: &Bound<'_>, values: &[String], is_list: bool) -> String {
    let escaped = |value: &str| {
        let mut out = String::with_capacity(value.len());
        for c in value.chars() {
            match c {
                '\\' => out.push_str(r"\\\\"),
                '"' => out.push_str("\\\\\\\""),
                '$' | '^' | '*' | '{' | '}' | '[' | ']' | '\'' | '+' | '?' | '.' | '(' | ')' | '|' => {
                    out.push_str(r"\\");
                    out.push(c);
                }
                c => out.push(c),
            }
        }
        out
    };
    let only = values.first().map(String::as_str).unwrap_or_default();
    if !bound.is_multi {
        return match is_list {
            true => values.join(","),
            false if is_matcher(only) => only.to_owned(),
            false => only.replace('\\', r"\\").replace('"', "\\\""),
        };
    }
    match is_list && values.len() != 1 {
        true => format!("({})", values.iter().map(|value| escaped(value)).collect::<Vec<_>>().join("|")),
        false => escaped(only),
    }
}

/// Whether a value is a whole matcher, `job="x"`, which goes into a selector as it is.
fn is_matcher(value: &str) -> bool {
    let name = value.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
    let rest = &value[name..];
    let quoted = ["=~\"", "!~\"", "!=\"", "=\""].into_iter().find_map(|sign| rest.strip_prefix(sign));
    name > 0 && quoted.is_some_and(|quoted| quoted.ends_with('"'))
}

fn loki(bound: &Bound<'_>, values: &[String], is_list: bool) -> String {
    let escaped = |value: &str| {
        let value = value.replace('\\', r"\\\\");
        let mut out = String::with_capacity(value.len());
        for c in value.chars() {
            if "$^*{}[]'+?.()|".contains(c) {
                out.push_str(r"\\");
            }
            out.push(c);
        }
        out
    };
    let only = values.first().map(String::as_str).unwrap_or_default();
    match (bound.is_multi, is_list) {
        (false, false) => only.replace('\'', r"\\'"),
        (false, true) => values.join(","),
        (true, false) => escaped(only),
        (true, true) => values.iter().map(|value| escaped(value)).collect::<Vec<_>>().join("|"),
    }
}

fn regex_escaped(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for c in value.chars() {
        if r"\^$*+?.()|[]{}/".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

fn lucene_escaped(value: &str) -> String {
    if value.trim().parse::<f64>().is_ok() {
        return value.to_owned();
    }
    let mut out = String::with_capacity(value.len());
    for c in value.chars() {
        if c.is_whitespace() || "!*+-=<>&|()[]{}^~?:\\/\"".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

fn html_escaped(value: &str) -> String {
    value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

/// As a part of an address: only letters, digits and `-._~` stay.
pub(in crate::grafana) fn percent_encoded(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for byte in value.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            byte => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

/// A time as a person reads it, in UTC.
pub(super) fn time_text(ms: i64) -> String {
    date(ms, "YYYY-MM-DD HH:mm:ss")
}

fn date(ms: i64, pattern: &str) -> String {
    let Ok(time) = jiff::Timestamp::from_millisecond(ms) else { return "NaN".into() };
    let written = |pattern: &str| time.strftime(pattern).to_string();
    match pattern {
        "ms" => ms.to_string(),
        "seconds" => (ms as f64 / 1e3).round().to_string(),
        "" | "iso" => written("%Y-%m-%dT%H:%M:%S.%3fZ"),
        pattern => written(&of_moment(pattern)),
    }
}

/// A pattern for dates as JavaScript's moment has it, in ours.
fn of_moment(pattern: &str) -> String {
    const PARTS: [(&str, &str); 14] = [
        ("YYYY", "%Y"),
        ("YY", "%y"),
        ("MMMM", "%B"),
        ("MMM", "%b"),
        ("MM", "%m"),
        ("DD", "%d"),
        ("HH", "%H"),
        ("hh", "%I"),
        ("mm", "%M"),
        ("ss", "%S"),
        ("SSS", "%3f"),
        ("dddd", "%A"),
        ("ddd", "%a"),
        ("A", "%p"),
    ];
    let mut out = String::new();
    let mut rest = pattern;
    while let Some(c) = rest.chars().next() {
        let part = PARTS.iter().find(|(moment, _)| rest.starts_with(moment));
        let taken = match part {
            Some((moment, ours)) => {
                out.push_str(ours);
                moment.len()
            }
            None => {
                out.push_str(if c == '%' { "%%" } else { &rest[..c.len_utf8()] });
                c.len_utf8()
            }
        };
        rest = &rest[taken..];
    }
    out
}
