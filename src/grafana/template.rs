//! Variables in texts: `$name`, `${name}`, `${name:format}`, `[[name]]`.
//!
//! <https://grafana.com/docs/grafana/latest/dashboards/variables/variable-syntax/>

mod format;
mod scan;

use std::borrow::Cow;

pub use format::Format;
pub(super) use format::percent_encoded;
use scan::{Piece, pieces};

use super::time_range::TimeRange;

/// The value that stands for all of them.
pub const ALL: &str = "$__all";
/// How often a value may hold variables itself.
const MAX_DEPTH: usize = 5;
/// How long a text may become, in bytes: a few names can ask for very much.
const MAX_LENGTH: usize = 1 << 20;

/// What a variable stands for.
#[derive(Clone, Debug, PartialEq)]
pub enum Selection {
    /// One value.
    One(String),
    /// Several, or one where several may be chosen.
    Many(Vec<String>),
    /// All, in words of its own that go into the text as they are.
    Custom(String),
    /// A number, which no format escapes.
    Number(i64),
}

/// A variable as a text sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct Bound<'a> {
    /// Its name.
    pub name: Cow<'a, str>,
    /// What it stands for.
    pub selection: Selection,
    /// What a person reads for it.
    pub text: String,
    /// Whether several values, or all, may be chosen: then a single one is escaped like several.
    pub is_multi: bool,
    /// Its part of an address: `var-pod=a&var-pod=b`.
    pub query: String,
}

/// Where names are looked up.
pub trait Lookup {
    /// The variable of a name; the nearest one counts.
    fn bound(&self, name: &str) -> Option<Bound<'_>>;

    /// The stretch of time that is shown.
    fn range(&self) -> TimeRange;

    /// The title and the uid of the dashboard.
    fn dashboard(&self) -> (&str, &str) {
        ("", "")
    }

    /// All variables for an address, joined by `&`.
    fn all_as_query(&self) -> String {
        String::new()
    }
}

/// A text with the values of the variables it names. A name without a value stays as it is.
pub fn interpolate(text: &str, lookup: &dyn Lookup, format: Format<'_>) -> String {
    filled_in(text, lookup, format, MAX_DEPTH)
}

fn filled_in(text: &str, lookup: &dyn Lookup, format: Format<'_>, depth: usize) -> String {
    if !text.contains(['$', '[']) || depth == 0 {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for piece in pieces(text) {
        if out.len() > MAX_LENGTH {
            break;
        }
        let Piece::Variable { written, name, path, format: own } = piece else {
            out.push_str(piece.written());
            continue;
        };
        match value(name, path, own, lookup, format, depth) {
            Some(value) => out.push_str(value.get(..MAX_LENGTH).unwrap_or(&value)),
            None => out.push_str(written),
        }
    }
    out
}

fn value(
    name: &str,
    path: Option<&str>,
    own: Option<&str>,
    lookup: &dyn Lookup,
    format: Format<'_>,
    depth: usize,
) -> Option<String> {
    let bound = lookup.bound(name).or_else(|| built_in(name, path, lookup))?;
    let format = own.map_or(format, Format::named);
    let selection = match (&bound.selection, path.map(str::parse::<usize>)) {
        (_, Some(Err(_))) if path == Some("text") => return Some(bound.text),
        (Selection::Many(values), Some(Ok(nth))) if nth < values.len() => {
            Selection::One(values.get(nth).cloned().unwrap_or_default())
        }
        (selection, _) => selection.clone(),
    };
    if let Selection::Custom(all) = &selection {
        return Some(filled_in(&format.custom(&bound, all), lookup, Format::Glob, depth - 1));
    }
    Some(format.apply(&bound, &selection))
}

/// The names that are there without anybody making them.
fn built_in<'a>(name: &'a str, path: Option<&str>, lookup: &'a dyn Lookup) -> Option<Bound<'a>> {
    let range = lookup.range();
    let number = |value: i64| (Selection::Number(value), format::time_text(value));
    let one = |text: &str| (Selection::One(text.to_owned()), text.to_owned());
    let (title, uid) = lookup.dashboard();
    let (selection, text) = match name {
        "__from" => number(range.from),
        "__to" => number(range.to),
        "__timezone" => one("utc"),
        "__dashboard" => one(if path == Some("uid") { uid } else { title }),
        "__url_time_range" => {
            let text = format!("from={}&to={}", range.from, range.to);
            (Selection::Custom(text.clone()), text)
        }
        "__all_variables" => {
            let text = lookup.all_as_query();
            (Selection::Custom(text.clone()), text)
        }
        // Whatever has been typed into the list of a variable: nothing yet.
        "__searchFilter" => one(".*"),
        _ => return None,
    };
    Some(Bound { name: name.into(), selection, text, is_multi: false, query: String::new() })
}

/// What a name stands for, by whoever knows it first.
pub(super) fn bound<'a>(name: &'a str, lookup: &'a dyn Lookup) -> Option<Bound<'a>> {
    lookup.bound(name).or_else(|| built_in(name, None, lookup))
}

/// The names of the variables in a text.
pub fn names_in(text: &str) -> impl Iterator<Item = &str> {
    pieces(text).filter_map(|piece| match piece {
        Piece::Variable { name, .. } => Some(name),
        Piece::Text(_) => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixed;

    impl Lookup for Fixed {
        fn bound(&self, name: &str) -> Option<Bound<'_>> {
            let (selection, is_multi) = match name {
                "one" => (Selection::One("a.b".into()), false),
                "many" => (Selection::Many(vec!["a.b".into(), "c\"d".into()]), true),
                "single" => (Selection::Many(vec!["x+y".into()]), true),
                "all" => (Selection::Custom(".+$one".into()), true),
                _ => return None,
            };
            let text = "the text".into();
            Some(Bound { name: "n".into(), selection, text, is_multi, query: "var-n=1".into() })
        }

        fn range(&self) -> TimeRange {
            TimeRange { from: 1_000, to: 86_400_000 }
        }
    }

    #[track_caller]
    fn check(text: &str, format: Format<'_>, expected: &str) {
        assert_eq!(interpolate(text, &Fixed, format), expected);
    }

    #[test]
    fn every_way_to_write_a_name() {
        check("$one ${one} [[one]] ${one:raw} [[one:raw]] $onex ${none} $ ${ [[one]", Format::Glob, {
            "a.b a.b a.b a.b a.b $onex ${none} $ ${ [[one]"
        });
        check("${many.0} ${many.text} ${one.text}", Format::Glob, "a.b the text the text");
        check("$all", Format::Glob, ".+a.b");
        check("$__from ${__to:date:iso} ${__to:date:seconds}", Format::Glob, "1000 1970-01-02T00:00:00.000Z 86400");
        check("${__to:date:YYYY-MM}", Format::Glob, "1970-01");
    }

    #[test]
    fn every_format() {
        for (format, expected) in [
            ("glob", r#"{a.b,c"d}"#),
            ("csv", r#"a.b,c"d"#),
            ("pipe", r#"a.b|c"d"#),
            ("regex", r#"(a\.b|c"d)"#),
            ("json", r#"["a.b","c\"d"]"#),
            ("singlequote", r#"'a.b','c"d'"#),
            ("doublequote", r#""a.b","c\"d""#),
            ("sqlstring", r#"'a.b','c\"d'"#),
            ("distributed", r#"a.b,n=c"d"#),
            ("lucene", r#"("a.b" OR "c\"d")"#),
            ("percentencode", "%7Ba.b%2Cc%22d%7D"),
            ("queryparam", "var-n=1"),
            ("text", "the text"),
            ("html", "a.b, c&quot;d"),
            ("join:;", "a.b;c\"d"),
            ("odd", r#"{a.b,c"d}"#),
        ] {
            check(&format!("${{many:{format}}}"), Format::Glob, expected);
        }
        check("${single:regex} ${single:glob}", Format::Glob, r"x\+y x+y");
    }

    #[test]
    fn other_languages_have_their_own_quotes() {
        check("$one $many $single $all", Format::Sql, r#"a.b 'a.b','c"d' 'x+y' .+a.b"#);
        check("$one $many $single", Format::Influx, r#"a.b (a\.b|c"d) x\+y"#);
    }

    #[test]
    fn what_goes_into_promql_is_escaped_for_it() {
        check("$one", Format::Prometheus, "a.b");
        check("$many", Format::Prometheus, r#"(a\\.b|c\\\"d)"#);
        check("$single", Format::Prometheus, r"x\\+y");
        check("$all ${many:csv}", Format::Prometheus, ".+a.b a.b,c\"d");
    }
}
