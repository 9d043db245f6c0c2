//! The answer as JSON, whose names are stable.

use serde::Serialize;

use super::Answer;

/// Every series, the fishiest first.
#[derive(Serialize)]
pub(super) struct Json<'a> {
    /// In seconds since the Unix epoch, as all times here.
    onset: f64,
    onset_estimated: bool,
    series: Vec<SeriesJson<'a>>,
}

#[derive(Serialize)]
struct SeriesJson<'a> {
    rank: usize,
    name: &'a str,
    score: f64,
    fishy: bool,
    since: f64,
    direction: &'static str,
    reason: String,
}

impl<'a> Json<'a> {
    pub fn of(answer: &Answer<'a>) -> Self {
        let seconds = |milliseconds: i64| milliseconds as f64 / 1000.0;
        let series = answer.report.smells.iter().enumerate().map(|(at, smell)| SeriesJson {
            rank: at + 1,
            name: &answer.names[smell.index],
            score: smell.score,
            fishy: smell.is_fishy,
            since: seconds(smell.since),
            direction: if smell.is_up { "up" } else { "down" },
            reason: smell.reason(),
        });
        Self { onset: seconds(answer.onset), onset_estimated: answer.is_estimated, series: series.collect() }
    }
}
