//! Why a query is not asked: names that nobody fills in would be left in it, or more values than a server takes.

use super::{
    super::{
        interval,
        template::{self, Lookup, Selection},
    },
    Variables,
};

/// Values that hold names themselves are followed this far.
const MAX_DEPTH: usize = 5;
/// Most values that go into a query.
pub(super) const MAX_VALUES: usize = 20_000;
/// Longest query, in bytes.
const MAX_LENGTH: usize = 1 << 20;

impl Variables {
    /// Why a query, as it was written, is not asked, in words; `None` when nothing is in the way. Names are those of
    /// `lookup`.
    pub fn hindrance(&self, query: &str, lookup: &dyn Lookup) -> Option<String> {
        if query.len() > MAX_LENGTH {
            return Some(format!("it is {} kB long", query.len() >> 10));
        }
        if !query.contains(['$', '[', '{']) {
            return None;
        }
        let query = without_comments(query);
        if let Some(name) = of_legend(&query) {
            return Some(format!("it names {{{{{name}}}}}, which has a value in legends only"));
        }
        self.within(&query, lookup, MAX_DEPTH)
    }

    fn within(&self, query: &str, lookup: &dyn Lookup, depth: usize) -> Option<String> {
        // `$1` and `$name` are groups of a pattern where something is replaced.
        let is_group = |name: &str| {
            name.bytes().all(|byte| byte.is_ascii_digit())
                || ["(?P<", "(?<"].iter().any(|begin| query.contains(&format!("{begin}{name}>")))
        };
        let mut length = 0;
        for name in template::names_in(query).filter(|name| !interval::NAMES.contains(name)) {
            let why = match template::bound(name, lookup).map(|bound| bound.selection) {
                None if is_group(name) => None,
                None if self.named(name).is_some() => Some(format!("it names ${name}, which has no value")),
                None if name.starts_with("__") => Some(format!("it names ${name}, which only Grafana knows")),
                None => Some(format!("it names ${name}, which is no variable of this dashboard")),
                Some(Selection::Custom(all)) if depth > 0 => {
                    length += all.len();
                    self.within(&all, lookup, depth - 1)
                }
                Some(Selection::Custom(_)) => Some(format!("it names ${name}, which names itself")),
                Some(Selection::Many(values)) => {
                    length += values.iter().map(String::len).sum::<usize>();
                    let count = self.named(name).map_or(values.len(), |variable| variable.choices.len());
                    let is_too_much = values.len() > MAX_VALUES || length > MAX_LENGTH;
                    is_too_much
                        .then(|| format!("it names ${name}, which stands for {count} values: too many to ask for"))
                }
                Some(Selection::One(value)) => {
                    length += value.len();
                    None
                }
                Some(Selection::Number(_)) => None,
            };
            if why.is_some() {
                return why;
            }
            if length > MAX_LENGTH {
                return Some(format!("it is longer than {} kB with its variables", MAX_LENGTH >> 10));
            }
        }
        None
    }
}

/// What stands in double braces, which only legends have.
fn of_legend(query: &str) -> Option<&str> {
    query.split("{{").skip(1).find_map(|behind| {
        let name = behind.trim_start();
        let length = name.bytes().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.')).count();
        let (name, rest) = name.split_at(length);
        (length > 0 && rest.trim_start().starts_with("}}")).then_some(name)
    })
}

/// A query without what stands behind `#` in its lines, which nobody reads.
fn without_comments(query: &str) -> String {
    let mut out = String::with_capacity(query.len());
    let (mut quote, mut is_escaped, mut is_comment) = (None, false, false);
    for c in query.chars() {
        match (c, quote) {
            ('\n', _) => is_comment = false,
            _ if is_comment => continue,
            _ if is_escaped => is_escaped = false,
            ('\\', Some('"' | '\'')) => is_escaped = true,
            (c, Some(open)) if c == open => quote = None,
            ('"' | '\'' | '`', None) => quote = Some(c),
            ('#', None) => {
                is_comment = true;
                continue;
            }
            _ => {}
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::super::{model::Dashboard, time_range::TimeRange},
        *,
    };

    #[test]
    fn names_that_stay_are_said() {
        let dashboard = Dashboard::of(json!({"title": "t", "schemaVersion": 39, "templating": {"list": [
            {"name": "job", "type": "custom", "query": "a,b", "current": {"value": "a", "text": "a"}},
            {"name": "some", "type": "custom", "query": "a", "includeAll": true, "allValue": "x$lost",
             "current": {"value": "$__all", "text": "All"}},
            {"name": "self", "type": "custom", "query": "a", "includeAll": true, "allValue": "$self$self",
             "current": {"value": "$__all", "text": "All"}},
            {"name": "filters", "type": "adhoc"},
        ]}}));
        let mut all = Variables::of(&dashboard.expect("a dashboard"), TimeRange { from: 0, to: 1 }, &[]);
        assert_eq!(all.questions(), []);
        let said = |query: &str| all.hindrance(query, &all).unwrap_or_default();
        for fine in [
            "up{job=~\"$job|[[job]]|x$\"}[$__rate_interval] offset ${__range_s}s",
            "label_replace(up, \"a\", \"$1-${2}\", \"b\", \"(.*)\")",
            "label_replace(up, \"a\", \"$who\", \"b\", \"(?P<who>.*)\")",
            "up{a=\"#$job\"} # $whatever",
            "x{a=~\"[[:alpha:]]{2}\"}",
            "$__from + 0",
        ] {
            assert_eq!(said(fine), "", "{fine}");
        }
        for (query, name) in [
            ("up{job=\"$jo\"}", "$jo, which is no variable"),
            ("up{job=\"[[jo]]\"}", "$jo, which is no variable"),
            ("${jo:regex}", "$jo, which is no variable"),
            ("up # fine\n + $jo", "$jo, which is no variable"),
            ("up{job=\"$some\"}", "$lost, which is no variable"),
            ("up{$filters}", "$filters, which has no value"),
            ("up[$__every]", "$__every, which only Grafana knows"),
            ("up{$self}", "$self, which names itself"),
            ("up{a=\"{{ job }}\"}", "{{job}}, which has a value in legends only"),
        ] {
            assert!(said(query).starts_with(&format!("it names {name}")), "{query}: {}", said(query));
        }
    }
}
