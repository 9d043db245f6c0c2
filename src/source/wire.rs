//! Pieces that decoders share: text and labels as they stand in a body, and the sharing of what repeats.
//!
//! A storm of 20,000 alerts is mostly repeats, so decoders borrow from the body and share one copy of each string.

use std::{borrow::Cow, collections::HashSet, fmt, sync::Arc};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error, IgnoredAny, MapAccess, SeqAccess, Visitor},
};

use super::repair;
use crate::{
    base::text,
    signal::{Fault, FaultKind, Labels},
};

/// Longest label name, in bytes.
const MAX_NAME: usize = 256;
/// Longest label value, in bytes.
const MAX_VALUE: usize = 1024;
/// Most labels of an alert.
const MAX_LABELS: usize = 64;
/// Most labels of a series, which a legend may name any of.
const MAX_SERIES_LABELS: usize = 256;
/// Most labels that are taken out of a body before those to be kept are chosen: one label of nine bytes takes fifty here.
const MAX_PAIRS: usize = 1000;
/// The same with those that are looked at, however often a body repeats one.
const MOST_PAIRS: usize = MAX_PAIRS + LOOKED_AT.len();
/// Labels that alerts and series are ranked, grouped, joined and named by: they are kept however many others there are.
const LOOKED_AT: [&str; 31] = [
    "alertname",
    "severity",
    "service",
    "app",
    "job",
    "__name__",
    "priority",
    "urgency",
    "level",
    "criticality",
    "sev",
    "team",
    "instance",
    "pod",
    "node",
    "host",
    "hostname",
    "device",
    "deployment",
    "container",
    "namespace",
    "cluster",
    "zone",
    "region",
    "datacenter",
    "environment",
    "env",
    "stage",
    "code",
    "status",
    "le",
];
/// Most warnings of one reading.
const MAX_WARNINGS: usize = 5;

/// A body as text, [unwrapped](repair::unwrapped); what is no UTF-8, and half a surrogate pair, is replaced.
pub(super) fn text_of(body: &[u8]) -> Cow<'_, str> {
    let body = repair::unwrapped(body);
    if repair::has_lone_surrogate(&body) {
        let mut mended = body.into_owned();
        repair::surrogates(&mut mended, false);
        return String::from_utf8_lossy(&mended).into_owned().into();
    }
    // The check alone is several times as fast as the one that could replace.
    match body {
        Cow::Borrowed(body) => std::str::from_utf8(body).map_or_else(|_| String::from_utf8_lossy(body), Cow::Borrowed),
        Cow::Owned(body) => String::from_utf8_lossy(&body).into_owned().into(),
    }
}

/// Decodes JSON; `what` names what was expected: `an answer of Prometheus`.
pub(super) fn decode<'a, T: Deserialize<'a>>(text: &'a str, what: &str) -> Result<T, Fault> {
    serde_json::from_str(text).map_err(|error| malformed(text.trim(), text.len(), what, &error))
}

/// As [`decode`], for a reader's own types.
pub(super) fn decode_owned<T: DeserializeOwned>(text: &str, what: &str) -> Result<T, Fault> {
    serde_json::from_str(text).map_err(|error| malformed(text.trim(), text.len(), what, &error))
}

/// What is wrong with a body of so many bytes that begins so.
pub(super) fn malformed(begins: &str, bytes: usize, what: &str, error: &serde_json::Error) -> Fault {
    let empty = begins.is_empty();
    let begins = text::clipped(begins, 60);
    let detail = match error.classify() {
        _ if empty => "the answer is empty".to_owned(),
        serde_json::error::Category::Eof => format!("cut off after {bytes} bytes"),
        serde_json::error::Category::Data => format!("JSON, but not {what}; begins with {begins}"),
        _ => format!("not JSON at line {}, column {}; begins with {begins}", error.line(), error.column()),
    };
    Fault::new(FaultKind::Malformed, detail)
}

/// Scrubs what a server wants said, and keeps the first few.
pub(super) fn warnings<'a>(texts: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    texts.into_iter().take(MAX_WARNINGS).map(|text| text::clipped(text.trim(), 300).into_owned()).collect()
}

/// Gives the same `Arc` for the same text.
pub(super) struct Interner {
    lines: HashSet<Arc<str>>,
    lists: HashSet<Arc<[Arc<str>]>>,
    /// Labels that are kept first, beside those that always are.
    first: Vec<String>,
    /// Most labels of one set.
    most: usize,
    /// How many sets of labels had more.
    cut: usize,
}

impl Default for Interner {
    fn default() -> Self {
        Self { lines: HashSet::new(), lists: HashSet::new(), first: Vec::new(), most: MAX_LABELS, cut: 0 }
    }
}

impl Interner {
    /// For alerts, of which these labels are looked at.
    pub(super) fn keeping(first: Vec<String>) -> Self {
        Self { first, ..Self::default() }
    }

    /// For series.
    pub(super) fn of_series() -> Self {
        Self { most: MAX_SERIES_LABELS, ..Self::default() }
    }

    /// One line, scrubbed, of at most `max` bytes.
    pub(super) fn line(&mut self, text: &str, max: usize) -> Arc<str> {
        let text = text::clipped(text, max);
        if let Some(known) = self.lines.get(text.as_ref()) {
            return Arc::clone(known);
        }
        let new = Arc::<str>::from(text);
        self.lines.insert(Arc::clone(&new));
        new
    }

    /// The same names in the same order.
    pub(super) fn list(&mut self, names: Vec<Arc<str>>) -> Arc<[Arc<str>]> {
        if let Some(known) = self.lists.get(names.as_slice()) {
            return Arc::clone(known);
        }
        let new = Arc::<[Arc<str>]>::from(names);
        self.lists.insert(Arc::clone(&new));
        new
    }

    /// A set of labels. Of very many, those that are looked at are kept before the others.
    pub(super) fn labels(&mut self, pairs: &Pairs<'_>) -> Labels {
        let mut pairs: Vec<_> = pairs.0.iter().collect();
        if pairs.len() > self.most {
            self.cut += 1;
            let is_first = |name: &str| LOOKED_AT.contains(&name) || self.first.iter().any(|first| first == name);
            pairs.sort_by_cached_key(|(name, _)| !is_first(name));
            pairs.truncate(self.most);
        }
        let pairs = pairs.into_iter();
        Labels::new(
            pairs.map(|(name, value)| (self.line(name, MAX_NAME), self.line(value, MAX_VALUE))).collect::<Vec<_>>(),
        )
    }

    /// How many sets of labels were cut to the cap.
    pub(super) fn cut(&self) -> usize {
        self.cut
    }

    /// Says of how many alerts labels were left out, if of any.
    pub(super) fn warn_of_cut_labels(&self, warnings: &mut Vec<String>) {
        let Self { cut, most, .. } = self;
        match cut {
            0 => {}
            1 => warnings.push(format!("1 alert has more than {most} labels; some were left out")),
            cut => warnings.push(format!("{cut} alerts have more than {most} labels; some were left out")),
        }
    }
}

/// A string, borrowed where it has no escapes. Imitators write numbers and `null` where strings belong; those are read too.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Text<'a>(pub(super) Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;
        impl<'de> Visitor<'de> for TextVisitor {
            type Value = Text<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }
            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Borrowed(text)))
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
            fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
                Ok(Text(number.to_string().into()))
            }
            fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
                Ok(Text(number.to_string().into()))
            }
            fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
                Ok(Text(number.to_string().into()))
            }
            fn visit_bool<E: Error>(self, yes: bool) -> Result<Self::Value, E> {
                Ok(Text(if yes { "true" } else { "false" }.into()))
            }
            fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
                Ok(Text::default())
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Text("[…]".into()))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Text("{…}".into()))
            }
        }
        deserializer.deserialize_any(TextVisitor)
    }
}

/// Names and values as they stand in the body: of more than [`MAX_PAIRS`] the first, and those that are looked at.
#[derive(Debug, Default)]
pub(super) struct Pairs<'a>(pub(super) Vec<(Cow<'a, str>, Cow<'a, str>)>);

impl Pairs<'_> {
    /// The value of `name`.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_ref())
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Pairs<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PairsVisitor;
        impl<'de> Visitor<'de> for PairsVisitor {
            type Value = Pairs<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("names and values")
            }
            fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
                Ok(Pairs::default())
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs = Vec::new();
                while let Some((name, value)) = map.next_entry::<Text<'de>, Text<'de>>()? {
                    if pairs.len() < MAX_PAIRS || (pairs.len() < MOST_PAIRS && LOOKED_AT.contains(&name.0.as_ref())) {
                        pairs.push((name.0, value.0));
                    }
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_any(PairsVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_shared_scrubbed_and_capped() {
        let text = format!(r#"{{"a":"x\u001b[31m","b":"x[31m","n":5,"none":null,"long":"{}"}}"#, "y".repeat(100_000));
        let mut interner = Interner::default();
        let labels = interner.labels(&decode(&text, "labels").expect("labels"));
        assert_eq!(labels.get("a"), Some("x[31m"));
        assert_eq!(labels.get("n"), Some("5"));
        assert_eq!(labels.get("none"), Some(""));
        assert!(labels.get("long").is_some_and(|long| long.len() <= MAX_VALUE && long.ends_with('…')));
        assert!(Arc::ptr_eq(&interner.line("x[31m", 100), &interner.line("x\u{1b}[31m", 100)));
    }

    #[test]
    fn of_very_many_labels_those_that_are_looked_at_are_kept() {
        let others = (0..70).map(|n| format!(r#""a{n:02}":"x""#)).collect::<Vec<_>>().join(",");
        let text = format!(r#"{{{others},"severity":"critical","service":"db","tier":"1","zone":"b"}}"#);
        let pairs = decode(&text, "labels").expect("labels");
        let mut interner = Interner::keeping(vec!["tier".to_owned()]);
        let labels = interner.labels(&pairs);
        let kept = ["severity", "service", "tier", "zone", "a00", "a59"].map(|name| labels.get(name));
        assert_eq!(kept, [Some("critical"), Some("db"), Some("1"), Some("b"), Some("x"), Some("x")]);
        assert_eq!((labels.len(), labels.get("a60")), (MAX_LABELS, None));
        let mut warnings = Vec::new();
        interner.warn_of_cut_labels(&mut warnings);
        assert_eq!(warnings, ["1 alert has more than 64 labels; some were left out"]);
        let mut series = Interner::of_series();
        assert_eq!((series.labels(&pairs).len(), series.cut()), (74, 0));
    }

    #[test]
    fn of_a_million_labels_few_are_taken_in() {
        let others = (0..2 * MAX_PAIRS).map(|n| format!(r#""a{n}":"x""#)).collect::<Vec<_>>().join(",");
        let text = format!(r#"{{{others},"severity":"critical"}}"#);
        let pairs: Pairs<'_> = decode(&text, "labels").expect("labels");
        assert_eq!((pairs.0.len(), pairs.get("severity")), (MAX_PAIRS + 1, Some("critical")));
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let fault = decode::<Pairs<'_>>(text, "an answer of Prometheus").expect_err("malformed");
        assert_eq!(fault.to_string(), format!("not the JSON expected: {expected}"));
    }

    #[test]
    fn malformed_bodies_are_told_apart() {
        check(" ", "the answer is empty");
        check(r#"{"status":"#, "cut off after 10 bytes");
        check("[1,2]", "JSON, but not an answer of Prometheus; begins with [1,2]");
        check("OK\x1b[2J", "not JSON at line 1, column 1; begins with OK[2J");
    }
}
