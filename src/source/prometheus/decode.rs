//! Answers of `/query` and `/query_range`, in all the shapes they have.
//!
//! NaN and infinities stay, points that are not there stay away (a gap), and native histograms are named rather than drawn.

use std::{borrow::Cow, fmt, sync::Arc};

use serde::{
    Deserialize, Deserializer,
    de::{Error, IgnoredAny, Visitor},
};
use serde_json::value::RawValue;

use super::{
    super::wire::{self, Interner, Pairs, Text},
    Read,
};
use crate::signal::{Column, Data, Fault, FaultKind, Labels, Point, Series, Table, scrub};

/// Most series that are kept of one answer.
const MAX_SERIES: usize = 200;
/// Most points that are kept of one series; a server gives at most 11,000.
const MAX_POINTS: usize = 11_000;
/// Longest name of a series, in bytes.
const MAX_NAME: usize = 200;

const WHAT: &str = "an answer of Prometheus";

/// What every answer is wrapped in.
#[derive(Deserialize)]
pub(super) struct Envelope<'a> {
    #[serde(borrow)]
    status: Text<'a>,
    #[serde(borrow)]
    data: Option<&'a RawValue>,
    #[serde(borrow)]
    error: Option<Text<'a>>,
    #[serde(borrow)]
    warnings: Option<Vec<Text<'a>>>,
    #[serde(borrow)]
    infos: Option<Vec<Text<'a>>>,
}

impl<'a> Envelope<'a> {
    /// The data inside and the server's warnings, or the error it reports in spite of a good status.
    pub(super) fn open(text: &'a str) -> Result<(&'a str, Vec<String>), Fault> {
        let envelope: Envelope<'a> = wire::decode(text, WHAT)?;
        if envelope.status.0 != "success" {
            let error = envelope.error.unwrap_or_default();
            return Err(Fault::new(FaultKind::ErrorInAnswer, error.0));
        }
        let said = envelope.warnings.iter().chain(&envelope.infos).flatten().map(|text| text.0.as_ref());
        let warnings = wire::warnings(said);
        Ok((envelope.data.map_or("null", RawValue::get), warnings))
    }
}

#[derive(Deserialize)]
struct QueryData<'a> {
    #[serde(borrow, rename = "resultType")]
    kind: Text<'a>,
    #[serde(borrow)]
    result: &'a RawValue,
}

#[derive(Deserialize)]
struct Item<'a> {
    #[serde(borrow, default)]
    metric: Pairs<'a>,
    value: Option<Sample>,
    values: Option<Vec<Sample>>,
    histogram: Option<IgnoredAny>,
    histograms: Option<IgnoredAny>,
}

/// Seconds and a value.
#[derive(Clone, Copy, Deserialize)]
struct Sample(f64, Number);

/// A number written as a string.
#[derive(Clone, Copy)]
struct Number(f64);

/// Whether the body is an answer of Prometheus at all.
pub(super) fn is_ours(body: &[u8]) -> Result<(), Fault> {
    Envelope::open(&wire::text_of(body)).map(|_| ())
}

/// Series for vectors and matrices, a number for a scalar, a table for a string.
pub(super) fn query(body: &[u8]) -> Result<Read, Fault> {
    let text = wire::text_of(body);
    let (data, mut warnings) = Envelope::open(&text)?;
    let data: QueryData<'_> = wire::decode(data, WHAT)?;
    let result = data.result.get();
    let data = match data.kind.0.as_ref() {
        "vector" | "matrix" => Data::Series(series(wire::decode(result, WHAT)?, &mut warnings)),
        "scalar" => {
            let Sample(_, Number(value)) = wire::decode(result, WHAT)?;
            Data::Number(value)
        }
        "string" => {
            let (_, said): (f64, Text<'_>) = wire::decode(result, WHAT)?;
            Data::Table(Table {
                columns: vec![Column { name: "value".into(), numeric: false }],
                rows: vec![vec![scrub::line(&said.0).into_owned()]],
                dropped: 0,
            })
        }
        "streams" => return Err(Fault::new(FaultKind::Malformed, "log lines; this is Loki, not Prometheus")),
        other => return Err(Fault::new(FaultKind::Malformed, format!("a result of type {other}"))),
    };
    Ok((data, warnings))
}

fn series(items: Vec<Item<'_>>, warnings: &mut Vec<String>) -> Vec<Series> {
    let found = items.len();
    let mut interner = Interner::default();
    let mut histograms = 0;
    let mut kept = Vec::with_capacity(found.min(MAX_SERIES * 2));
    for item in items {
        let samples = item.values.unwrap_or_else(|| item.value.into_iter().collect());
        if samples.is_empty() && (item.histogram.is_some() || item.histograms.is_some()) {
            histograms += 1;
            continue;
        }
        kept.push((interner.labels(&item.metric), samples));
    }
    kept.sort_by(|a, b| a.0.cmp(&b.0));
    if histograms > 0 {
        let plural = if histograms == 1 { "" } else { "s" };
        warnings.push(format!(
            "{histograms} native histogram{plural} not shown; ask for histogram_quantile() or histogram_count() of it"
        ));
    }
    if kept.len() > MAX_SERIES {
        warnings.push(format!("showing {MAX_SERIES} of {} series", kept.len()));
        kept.truncate(MAX_SERIES);
    }
    let names = names(kept.iter().map(|(labels, _)| labels));
    let series = kept.into_iter().zip(names).map(|((labels, samples), name)| Series {
        name,
        labels,
        points: samples.into_iter().take(MAX_POINTS).map(Sample::point).collect(),
    });
    series.collect()
}

impl Sample {
    fn point(self) -> Point {
        Point { t: (self.0 * 1000.0).round() as i64, v: self.1.0 }
    }
}

/// Names that tell series apart: the metric, and the labels in which they differ. The value alone where that is enough.
fn names<'a>(sets: impl Iterator<Item = &'a Labels> + Clone) -> Vec<Arc<str>> {
    let differing = differing(sets.clone());
    let name = |labels: &Labels| -> Cow<'_, str> {
        let metric = labels.get("__name__").unwrap_or_default();
        let pairs: Vec<_> = match differing.is_empty() {
            // One series without a metric name: whatever it has.
            true if metric.is_empty() => labels.iter().collect(),
            true => Vec::new(),
            false => differing.iter().filter_map(|name| Some((name.as_str(), labels.get(name)?))).collect(),
        };
        match (metric, pairs.as_slice()) {
            ("", [(_, value)]) => Cow::Owned((*value).to_owned()),
            ("", pairs) => {
                let pairs = pairs.iter().map(|(name, value)| format!("{name}={value}"));
                Cow::Owned(pairs.collect::<Vec<_>>().join(" "))
            }
            (metric, []) => Cow::Owned(metric.to_owned()),
            (metric, pairs) => {
                let pairs = pairs.iter().map(|(name, value)| format!("{name}={value:?}"));
                Cow::Owned(format!("{metric}{{{}}}", pairs.collect::<Vec<_>>().join(", ")))
            }
        }
    };
    sets.map(|labels| scrub::clipped(&name(labels), MAX_NAME).into()).collect()
}

/// The names of the labels, other than the metric name, that are not the same everywhere; in order.
fn differing<'a>(sets: impl Iterator<Item = &'a Labels> + Clone) -> Vec<String> {
    let names: std::collections::BTreeSet<&str> = sets
        .clone()
        .flat_map(|labels| labels.iter().map(|(name, _)| name))
        .filter(|name| *name != "__name__")
        .collect();
    let differs = |name: &&str| {
        let mut values = sets.clone().map(|labels| labels.get(name));
        let first = values.next();
        values.any(|value| Some(value) != first)
    };
    names.into_iter().filter(differs).map(str::to_owned).collect()
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl Visitor<'_> for Reader {
            type Value = Number;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number in a string")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Number, E> {
                text.parse().map(Number).map_err(E::custom)
            }
            fn visit_f64<E: Error>(self, number: f64) -> Result<Number, E> {
                Ok(Number(number))
            }
            fn visit_i64<E: Error>(self, number: i64) -> Result<Number, E> {
                Ok(Number(number as f64))
            }
            fn visit_u64<E: Error>(self, number: u64) -> Result<Number, E> {
                Ok(Number(number as f64))
            }
            fn visit_unit<E: Error>(self) -> Result<Number, E> {
                Ok(Number(f64::NAN))
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(sets: &[&[(&str, &str)]], expected: &[&str]) {
        let sets: Vec<_> = sets.iter().map(|pairs| Labels::of(pairs.iter().copied())).collect();
        let names = names(sets.iter());
        assert_eq!(names.iter().map(AsRef::as_ref).collect::<Vec<&str>>(), expected);
    }

    #[test]
    fn series_are_named_by_what_tells_them_apart() {
        check(&[&[("__name__", "up"), ("job", "a")]], &["up"]);
        check(
            &[&[("__name__", "up"), ("job", "a"), ("x", "1")], &[("__name__", "up"), ("job", "b"), ("x", "1")]],
            &["up{job=\"a\"}", "up{job=\"b\"}"],
        );
        check(&[&[("code", "500")], &[("code", "503")]], &["500", "503"]);
        check(
            &[&[("code", "500"), ("pod", "a")], &[("code", "503"), ("pod", "b")]],
            &["code=500 pod=a", "code=503 pod=b"],
        );
        check(&[&[("service", "checkout")]], &["checkout"]);
        check(&[&[]], &[""]);
        check(&[&[], &[("code", "503")]], &["", "503"]);
    }

    #[test]
    fn many_series_are_cut_and_it_is_said() {
        let items = (0..812).map(|n| format!(r#"{{"metric":{{"n":"{n:03}"}},"value":[1,"{n}"]}}"#));
        let items = items.collect::<Vec<_>>().join(",");
        let body = format!(r#"{{"status":"success","data":{{"resultType":"vector","result":[{items}]}}}}"#);
        let (data, warnings) = query(body.as_bytes()).expect("a reading");
        assert_eq!(data.items(), 200);
        assert_eq!(warnings, ["showing 200 of 812 series"]);
    }

    #[test]
    fn warnings_are_passed_on_and_errors_inside_a_success_are_errors() {
        let body = br#"{"status":"success","warnings":["partial\u001b answer"],"infos":["x is no counter"],"data":{"resultType":"scalar","result":[1,"2"]}}"#;
        assert_eq!(query(body), Ok((Data::Number(2.0), vec!["partial answer".into(), "x is no counter".into()])));
        let fault = query(br#"{"status":"error","errorType":"timeout","error":"too slow"}"#).expect_err("an error");
        assert_eq!(fault, Fault::new(FaultKind::ErrorInAnswer, "too slow"));
    }
}
