//! `stanch fishy`: which series of a CSV smell, the fishiest first. Writes nothing but its answer.

mod as_json;
mod as_text;

use std::path::Path;

use clap::Args;
use jiff::Timestamp;

use super::out;
use crate::{
    base::csv::{self, Table},
    failure::{Failure, complain},
    files,
    signal::{
        Point,
        anomaly::{self, Candidate, onset},
    },
};

/// The largest file that is read, in bytes: 100,000 series of some 200 points.
const LARGEST: u64 = 256 << 20;

/// Say which series of a CSV smell fishy: moved since the onset as they never moved before
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  stanch fishy metrics.csv --onset 2026-11-30T03:05:00Z\n  \
                        stanch fishy metrics.csv --json | jq '.series[] | select(.fishy).name'\n\n\
                        The first line holds the names: `time`, and a series each, such as cpu{pod=\"a\"}; series of one name before \
                        the brace are compared with each other. A line holds a time in seconds since 1970, and a number each; an \
                        empty field is a gap. An incident's journal keeps no curves: in an open cockpit `:fishy` lists what smells.")]
pub struct Options {
    /// The CSV
    #[arg(value_name = "FILE.csv")]
    file: String,
    /// When the trouble began, in seconds since 1970 or as 2026-11-30T03:05:00Z [default: estimated from the curves]
    #[arg(long, value_name = "TIME", value_parser = time, allow_negative_numbers = true)]
    onset: Option<i64>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// What is printed.
struct Answer<'a> {
    names: &'a [String],
    /// In milliseconds since the Unix epoch.
    onset: i64,
    /// Whether nobody said it.
    is_estimated: bool,
    report: anomaly::Report,
}

/// Scores every series, and prints.
pub fn run(options: Options) -> Result<(), Failure> {
    let (table, name) = (read(&options.file)?, &options.file);
    let columns: Vec<Vec<Point>> = table.columns.iter().map(|column| points(&table, column)).collect();
    let candidate = |(name, points)| Candidate::named(name, points);
    let candidates: Vec<Candidate<'_>> =
        table.names.iter().map(String::as_str).zip(columns.iter().map(Vec::as_slice)).map(candidate).collect();
    let Some((first, last)) = anomaly::bounds(&candidates) else {
        return Err(Failure::Failed(format!("{name} holds no number: there is nothing to score")));
    };
    if let Some(onset) = options.onset.filter(|onset| *onset < first || *onset > last) {
        let (from, to) = (as_text::time(first), as_text::time(last));
        let (side, onset) = (if onset < first { "before" } else { "after" }, as_text::time(onset));
        let outside = format!("the onset {onset} is {side} all there is in {name} ({from} to {to})");
        // A page comes late: what happened shortly before it is judged, too.
        if side == "before" || anomaly::judged_from(&candidates, options.onset.unwrap_or(last)) > last {
            return Err(Failure::Usage(format!("{outside}; choose one within it")));
        }
        complain(&outside, "warning: ");
    }
    let estimated = || onset::estimate(&candidates).map_or(first, |onset| onset.at);
    let onset = options.onset.unwrap_or_else(estimated);
    let report = anomaly::score(&candidates, onset);
    let answer = Answer { names: &table.names, onset, is_estimated: options.onset.is_none(), report };
    if options.json { out::json(&as_json::Json::of(&answer)) } else { out::print(&as_text::text(&answer)) }
}

fn read(name: &str) -> Result<Table, Failure> {
    let path = Path::new(name);
    let text = files::read_text(path, LARGEST).map_err(|why| {
        let hint = if path.extension().is_none() {
            "; a CSV is wanted: an incident's journal keeps no curves, in an open cockpit `:fishy` lists what smells"
        } else {
            ""
        };
        Failure::Failed(format!("cannot read the series in {name}: {why}{hint}"))
    })?;
    csv::read(&text).map_err(|mistake| Failure::Mistakes(format!("{name}:{mistake}")))
}

fn points(table: &Table, column: &[(u32, f64)]) -> Vec<Point> {
    column.iter().map(|(row, v)| Point { t: table.times[*row as usize], v: *v }).collect()
}

/// Seconds since 1970, or a time with its zone; in milliseconds.
fn time(text: &str) -> Result<i64, String> {
    let seconds = text.parse::<f64>().ok().filter(|seconds| seconds.abs() < 1e12);
    match (seconds, text.parse::<Timestamp>()) {
        (Some(seconds), _) => Ok((seconds * 1000.0).round() as i64),
        (None, Ok(time)) => Ok(time.as_millisecond()),
        (None, Err(_)) => Err("expected seconds since 1970, or a time such as 2026-11-30T03:05:00Z".into()),
    }
}
