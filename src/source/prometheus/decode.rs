//! Answers of `/query` and `/query_range`, in all the shapes they have.
//!
//! NaN and infinities stay, points that are not there stay away (a gap), and native histograms are named rather than drawn.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

use super::{
    super::{
        client::Content,
        few::Few,
        wire::{self, Interner, Pairs, Text},
    },
    curves::{Curve, Curves, CurvesReader},
    remarks::remarks,
};
use crate::{
    base::text,
    signal::{Column, Data, Fault, FaultKind, Labels, Point, Table},
};

/// Most points that are kept of one series; a server gives at most 11,000.
const MAX_POINTS: usize = 11_000;

/// Most series that are kept of an answer whose order is kept.
const MAX_IN_ORDER: usize = 10_000;
/// Most points of such an answer altogether, 16 bytes each.
const MAX_SAMPLES: usize = 2_000_000;

/// Warnings of an answer that are looked at; a few of them are shown.
const MAX_SAID: usize = 20;

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
    warnings: Option<Few<Text<'a>, MAX_SAID>>,
    #[serde(borrow)]
    infos: Option<Few<Text<'a>, MAX_SAID>>,
    #[serde(rename = "isPartial")]
    is_partial: Option<bool>,
}

impl<'a> Envelope<'a> {
    /// The data inside, `null` without any, and the server's warnings; or the error it reports in spite of a good status.
    pub(super) fn open(text: &'a str) -> Result<(&'a str, Vec<String>), Fault> {
        let envelope: Envelope<'a> = wire::decode(text, WHAT)?;
        if envelope.status.0 != "success" {
            let error = envelope.error.unwrap_or_default();
            return Err(Fault::new(FaultKind::ErrorInAnswer, error.0));
        }
        let Envelope { warnings, infos, is_partial, .. } = &envelope;
        let warnings = remarks(warnings.as_deref(), infos.as_deref(), *is_partial);
        Ok((envelope.data.map_or("null", RawValue::get), warnings))
    }
}

#[derive(Deserialize)]
struct QueryData<'a> {
    #[serde(borrow, default, rename = "resultType")]
    kind: Text<'a>,
    #[serde(borrow)]
    result: Option<&'a RawValue>,
}

/// What an answer says, before it is cut to the caps and named.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct QueryAnswer {
    pub(super) said: Said,
    /// The server's own.
    pub(super) warnings: Vec<String>,
}

/// What was asked for, by its shape.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Said {
    /// A vector or a matrix.
    Curves(Curves),
    /// A scalar or a string.
    Other(Data),
}

impl QueryAnswer {
    /// As it is shown.
    pub(super) fn told(self) -> Content {
        let mut warnings = self.warnings;
        let data = match self.said {
            Said::Curves(curves) => Data::Series(curves.told(&mut warnings)),
            Said::Other(data) => data,
        };
        (data, warnings)
    }
}

/// Whether the body is an answer of Prometheus at all.
pub(super) fn is_ours(body: &[u8]) -> Result<(), Fault> {
    Envelope::open(&wire::text_of(body)).map(|_| ())
}

/// Reads an answer of `/query` or `/query_range`: curves in one pass where its keys stand as Prometheus writes them, and
/// everything else piece by piece.
pub(super) fn answer(body: &[u8]) -> Result<QueryAnswer, Fault> {
    let text = wire::text_of(body);
    match serde_json::from_str::<InOrder<'_>>(&text) {
        Ok(InOrder { status, data, warnings, infos, is_partial }) if status.0 == "success" => {
            let warnings = remarks(warnings.as_deref(), infos.as_deref(), is_partial);
            Ok(QueryAnswer { warnings, said: Said::Curves(data.0) })
        }
        // What is wrong with it, and with which piece, is told by reading it again.
        _ => in_pieces(&text),
    }
}

/// The series of an answer as they stand there, in the order of the server; a scalar is one of a single point.
pub(super) fn in_order(text: &str) -> Result<(Vec<Curve>, Vec<String>), Fault> {
    let (data, mut warnings) = Envelope::open(text)?;
    let data: Option<QueryData<'_>> = wire::decode(data, WHAT)?;
    let Some((kind, result)) = data.and_then(|data| Some((data.kind, data.result?.get()))) else {
        return Ok((Vec::new(), warnings));
    };
    let (mut interner, mut points) = (Interner::of_series(), 0);
    let mut curve = |item: Item<'_>| {
        let one = || item.value.map(Sample::point).into_iter().collect();
        Curve { labels: interner.labels(&item.metric), points: item.values.map_or_else(one, |samples| samples.0) }
    };
    let curves = match kind.0.as_ref() {
        "scalar" => {
            let sample: Sample = wire::decode(result, WHAT)?;
            vec![Curve { labels: Labels::default(), points: vec![sample.point()] }]
        }
        "string" => return Err(Fault::new(FaultKind::Malformed, "it answers with a text")),
        _ => {
            let items: Option<Few<Item<'_>, MAX_IN_ORDER>> = wire::decode(result, WHAT)?;
            let mut out = Vec::new();
            for item in items.into_iter().flat_map(Few::into_kept) {
                let curve = curve(item);
                points += curve.points.len();
                if points > MAX_SAMPLES {
                    warnings.push(format!("showing the first {} series: there are too many points", out.len()));
                    break;
                }
                out.push(curve);
            }
            out
        }
    };
    Ok((curves, warnings))
}

fn in_pieces(text: &str) -> Result<QueryAnswer, Fault> {
    let (data, warnings) = Envelope::open(text)?;
    let data: Option<QueryData<'_>> = wire::decode(data, WHAT)?;
    // Servers that speak nearly Prometheus write what is empty as `null`, and leave its type out.
    let nothing = || Ok(QueryAnswer { said: Said::Curves(Curves::default()), warnings: warnings.clone() });
    let Some(data) = data else { return nothing() };
    let Some(result) = data.result.map(RawValue::get) else { return nothing() };
    let said = match data.kind.0.as_ref() {
        "vector" | "matrix" | "" => Said::Curves(wire::decode(result, WHAT)?),
        "scalar" => {
            let Sample(_, Number(value)) = wire::decode(result, WHAT)?;
            Said::Other(Data::Number(value))
        }
        "string" => {
            let (_, said): (f64, Text<'_>) = wire::decode(result, WHAT)?;
            Said::Other(Data::Table(Table {
                columns: vec![Column { name: "value".into(), numeric: false }],
                rows: vec![vec![text::line(&said.0).into_owned()]],
                ..Table::default()
            }))
        }
        "streams" => return Err(Fault::new(FaultKind::Malformed, "log lines; this is Loki, not Prometheus")),
        other => return Err(Fault::new(FaultKind::Malformed, format!("a result of type {other}"))),
    };
    Ok(QueryAnswer { said, warnings })
}

/// An answer whose result follows its type, so that it can be read as it comes.
#[derive(Deserialize)]
struct InOrder<'a> {
    #[serde(borrow)]
    status: Text<'a>,
    data: TypeThenCurves,
    #[serde(borrow)]
    warnings: Option<Few<Text<'a>, MAX_SAID>>,
    #[serde(borrow)]
    infos: Option<Few<Text<'a>, MAX_SAID>>,
    #[serde(rename = "isPartial")]
    is_partial: Option<bool>,
}

struct TypeThenCurves(Curves);

impl<'de> Deserialize<'de> for TypeThenCurves {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TypeThenCurvesVisitor;
        impl<'de> Visitor<'de> for TypeThenCurvesVisitor {
            type Value = TypeThenCurves;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a type and a result")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let (mut kind, mut curves) = (None, None);
                while let Some(key) = map.next_key::<Text<'de>>()? {
                    match (key.0.as_ref(), &kind, &curves) {
                        ("resultType", None, None) => kind = Some(map.next_value::<Text<'de>>()?),
                        ("result", Some(Text(kind)), None) if matches!(kind.as_ref(), "vector" | "matrix") => {
                            curves = Some(map.next_value()?);
                        }
                        ("resultType" | "result", ..) => return Err(A::Error::custom("another order")),
                        _ => drop(map.next_value::<IgnoredAny>()?),
                    }
                }
                curves.map(TypeThenCurves).ok_or_else(|| A::Error::missing_field("result"))
            }
        }
        deserializer.deserialize_map(TypeThenCurvesVisitor)
    }
}

#[derive(Deserialize)]
struct Item<'a> {
    #[serde(borrow, default)]
    metric: Pairs<'a>,
    value: Option<Sample>,
    values: Option<Samples>,
    histogram: Option<IgnoredAny>,
    histograms: Option<IgnoredAny>,
}

impl<'de> Deserialize<'de> for Curves {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct CurvesVisitor;
        impl<'de> Visitor<'de> for CurvesVisitor {
            type Value = Curves;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of series")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let (mut found, mut interner) = (CurvesReader::default(), Interner::of_series());
                while let Some(item) = seq.next_element::<Item<'de>>()? {
                    let one = || item.value.map(Sample::point).into_iter().collect();
                    let points = item.values.map_or_else(one, |samples| samples.0);
                    match points.is_empty() && (item.histogram.is_some() || item.histograms.is_some()) {
                        true => found.add_histogram(),
                        false => found.add(Curve { labels: interner.labels(&item.metric), points }),
                    }
                }
                Ok(found.read(interner.cut()))
            }
        }
        deserializer.deserialize_seq(CurvesVisitor)
    }
}

/// The points of a series, at most [`MAX_POINTS`].
struct Samples(Vec<Point>);

impl<'de> Deserialize<'de> for Samples {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct SamplesVisitor;
        impl<'de> Visitor<'de> for SamplesVisitor {
            type Value = Samples;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of times with values")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut points = Vec::new();
                while let Some(sample) = seq.next_element::<Sample>()? {
                    if points.len() < MAX_POINTS {
                        points.push(sample.point());
                    }
                }
                Ok(Samples(points))
            }
        }
        deserializer.deserialize_seq(SamplesVisitor)
    }
}

/// Seconds and a value.
#[derive(Clone, Copy, Deserialize)]
struct Sample(f64, Number);

impl Sample {
    fn point(self) -> Point {
        Point { t: (self.0 * 1000.0).round() as i64, v: self.1.0 }
    }
}

/// A number written as a string.
#[derive(Clone, Copy)]
struct Number(f64);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NumberVisitor;
        impl Visitor<'_> for NumberVisitor {
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
        deserializer.deserialize_any(NumberVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_very_many_series_the_first_are_kept() {
        let items = (0..9000).map(|n| format!(r#"{{"metric":{{"n":"{:04}"}},"value":[1,"{n}"]}}"#, n * 7 % 9000));
        let items = items.collect::<Vec<_>>().join(",");
        let body = format!(r#"{{"status":"success","data":{{"resultType":"vector","result":[{items}]}}}}"#);
        let (data, warnings) = answer(body.as_bytes()).expect("a reading").told();
        let Data::Series(series) = data else { panic!("{data:?}") };
        let names: Vec<_> = series.iter().filter_map(|one| one.labels.get("n")).collect();
        assert_eq!(names, (0..200).map(|n| format!("{n:04}")).collect::<Vec<_>>());
        assert_eq!(warnings, ["showing 200 of 9000 series"]);
    }

    #[test]
    fn many_series_are_cut_and_it_is_said() {
        let items = (0..812).map(|n| format!(r#"{{"metric":{{"n":"{n:03}"}},"value":[1,"{n}"]}}"#));
        let items = items.collect::<Vec<_>>().join(",");
        let body = format!(r#"{{"status":"success","data":{{"resultType":"vector","result":[{items}]}}}}"#);
        let (data, warnings) = answer(body.as_bytes()).expect("a reading").told();
        assert_eq!(data.items(), 200);
        assert_eq!(warnings, ["showing 200 of 812 series"]);
    }

    #[test]
    fn warnings_are_passed_on_and_errors_inside_a_success_are_errors() {
        let body = br#"{"status":"success","warnings":["PromQL\u001b warning: no"],"infos":["x is no counter"],"data":{"resultType":"scalar","result":[1,"2"]}}"#;
        let warnings = vec!["PromQL warning: no".into(), "x is no counter".into()];
        assert_eq!(answer(body).map(QueryAnswer::told), Ok((Data::Number(2.0), warnings)));
        let fault = answer(br#"{"status":"error","errorType":"timeout","error":"too slow"}"#).expect_err("an error");
        assert_eq!(fault, Fault::new(FaultKind::ErrorInAnswer, "too slow"));
    }

    #[test]
    fn what_is_empty_may_be_written_as_null() {
        for data in [
            r#"{"resultType":"matrix","result":null}"#,
            r#"{"resultType":"vector","result":[]}"#,
            r#"{"resultType":"scalar","result":null}"#,
            r#"{"resultType":"","result":[]}"#,
            r#"{"resultType":null,"result":null}"#,
            r#"{"result":[]}"#,
            r#"{"resultType":"matrix"}"#,
            "{}",
            "null",
        ] {
            let body = format!(r#"{{"status":"success","data":{data}}}"#);
            assert_eq!(
                answer(body.as_bytes()).map(QueryAnswer::told),
                Ok((Data::Series(Vec::new()), Vec::new())),
                "{data}"
            );
        }
        let body = br#"{"status":"success","data":{"resultType":"","result":[{"metric":null,"value":[1,"2"]}]}}"#;
        assert_eq!(answer(body).map(|said| said.told().0.number()), Ok(Some(2.0)));
    }

    /// Bodies as real servers sent them, cut off anywhere and with their keys in another order: one pass or piece by
    /// piece, the same is said.
    #[test]
    #[expect(clippy::disallowed_methods, reason = "recorded answers are read")]
    fn one_pass_says_what_the_pieces_say() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/captures/prometheus");
        let mut curves = 0;
        for file in std::fs::read_dir(folder).expect("captures") {
            let body = std::fs::read(file.expect("a file").path()).expect("a body");
            let text = wire::text_of(&body);
            let cuts = (0..text.len()).step_by(text.len() / 40 + 1).filter(|cut| text.is_char_boundary(*cut));
            let turned = serde_json::from_str::<serde_json::Value>(&text).map(|value| value.to_string());
            let broken =
                ["values", "metric", "[", "\"", "success", "matrix"].map(|part| text.replacen(part, "null", 1));
            let whole = [text.to_string(), turned.unwrap_or_default()];
            for text in whole.into_iter().chain(broken).chain(cuts.map(|cut| text[..cut].to_owned())) {
                let said = answer(text.as_bytes());
                curves += usize::from(matches!(&said, Ok(QueryAnswer { said: Said::Curves(_), .. })));
                assert_eq!(format!("{said:?}"), format!("{:?}", in_pieces(&text)));
            }
        }
        assert!(curves > 20, "{curves} answers with curves");
    }
}
