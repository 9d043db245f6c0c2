//! The answer for a person: what is fishy, or that nothing is.

use jiff::Timestamp;

use super::{Answer, out};
use crate::base::text;

/// So many of the fishy ones are told.
const TOLD: usize = 20;
/// Names are cut to so many bytes.
const NAME: usize = 120;

pub(super) fn text(answer: &Answer<'_>) -> String {
    let (onset, count) = (time(answer.onset), answer.names.len());
    let estimated = if answer.is_estimated { ", estimated from the curves; --onset says it better" } else { "" };
    let series = if count == 1 { "series" } else { "series in all" };
    let mut text = format!("onset {onset}{estimated}\n");
    let fishy: Vec<_> = answer.report.fishy().collect();
    if fishy.is_empty() {
        let closest = answer.report.smells.first().map(|smell| name(answer, smell.index)).unwrap_or_default();
        text += &format!("nothing smells: {count} {series} move as they did before; {closest} is the least usual\n");
        return text;
    }
    text += &format!("{} of {count} smell fishy\n\n", fishy.len());
    let row = |(at, smell): (usize, &&crate::signal::anomaly::Smell)| {
        vec![(at + 1).to_string(), time(smell.since), name(answer, smell.index), smell.reason()]
    };
    let mut rows = vec![["", "SINCE", "SERIES", "WHY"].map(str::to_owned).to_vec()];
    rows.extend(fishy.iter().enumerate().take(TOLD).map(row));
    text += &out::table(&rows);
    if fishy.len() > TOLD {
        text += &format!("and {} more; --json has them all\n", fishy.len() - TOLD);
    }
    text
}

fn name(answer: &Answer<'_>, index: usize) -> String {
    text::clipped(&answer.names[index], NAME).into_owned()
}

/// A time to the second.
pub(super) fn time(milliseconds: i64) -> String {
    match Timestamp::from_millisecond(milliseconds) {
        Ok(time) => time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        Err(_) => format!("{} s", milliseconds / 1000),
    }
}
