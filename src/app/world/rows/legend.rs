//! The legend of a chart: which series there are, in which order, and which of them are drawn.

use std::{cmp::Reverse, collections::BTreeSet};

use jiff::Timestamp;

use crate::{
    app::world::rows::{
        row::{Filter, SlotView},
        series_names,
    },
    config::Pane,
    signal::{Curves, Data, Look, Reach, Series, Unit},
};

/// Lines that are drawn; of more series, those with the greatest values.
pub const MAX_LINES: usize = 8;

/// By what the lines of a legend are sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LegendOrder {
    /// The newest value, the greatest first.
    #[default]
    Now,
    /// The greatest value in the window, the greatest first.
    Max,
    /// The name.
    Name,
}

/// What a person wants to see of a chart. Series are told apart by [`key`], so that a choice lasts from poll to poll and
/// means the same one when others come and go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LegendState {
    /// By what its lines are sorted.
    pub order: LegendOrder,
    /// Series that are not drawn.
    hidden: BTreeSet<String>,
    /// The only ones that are drawn, whatever is hidden; empty for all.
    only: BTreeSet<String>,
}

/// What tells a series from the others of its pane: its source and its labels.
pub fn key(source: &str, series: &Series) -> String {
    format!("{source} {}{}", series.name, series.labels)
}

impl LegendState {
    /// Hides a series, or shows it again.
    pub(in crate::app) fn toggle(&mut self, key: &str) {
        let set = if self.only.is_empty() { &mut self.hidden } else { &mut self.only };
        if !set.remove(key) {
            set.insert(key.to_owned());
        }
    }

    /// Shows this series alone, or, where it is alone, all that are not hidden.
    pub(in crate::app) fn toggle_only(&mut self, key: &str) {
        let was = std::mem::take(&mut self.only);
        if was.len() != 1 || !was.contains(key) {
            self.only.insert(key.to_owned());
        }
        // What was hidden by itself is looked at.
        self.hidden.remove(key);
    }

    /// Shows all of them again.
    pub(in crate::app) fn show_all(&mut self) {
        self.hidden.clear();
        self.only.clear();
    }

    /// Whether a series may not be drawn although it is there.
    pub(in crate::app) fn leaves_out(&self) -> bool {
        !self.hidden.is_empty() || !self.only.is_empty()
    }

    fn shows(&self, source: &str, series: &Series) -> bool {
        if !self.leaves_out() {
            return true;
        }
        let key = key(source, series);
        if self.only.is_empty() { !self.hidden.contains(&key) } else { self.only.contains(&key) }
    }
}

/// One line of a legend: a series with a point in the window.
#[derive(Clone, Debug)]
pub struct LegendLine<'a> {
    /// The name of its source.
    pub source: &'a str,
    /// The series.
    pub series: &'a Series,
    /// Its place among [all](Legend::all).
    pub place: usize,
    /// How it is drawn, where its source says so.
    pub look: Option<&'a Look>,
    /// The newest value in the window.
    pub now: f64,
    /// When it ended, if it has: its last value is not of now.
    pub ended: Option<Timestamp>,
    /// Whether it is drawn, if it is among the greatest.
    pub shown: bool,
    /// What it is sorted by, for the lines that are drawn.
    rank: f64,
}

impl<'a> LegendLine<'a> {
    /// The unit it is said in: its own, or that of its pane.
    pub fn unit<'u>(&self, pane: &'u Pane) -> &'u Unit
    where
        'a: 'u,
    {
        self.look.and_then(|look| look.unit.as_ref()).unwrap_or(&pane.unit)
    }

    /// What tells it from the other lines.
    pub fn key(&self) -> String {
        key(self.source, self.series)
    }

    /// The greatest value in the window; NaN where there is none.
    pub fn max(&self, window: (i64, i64)) -> f64 {
        greatest(self.series, window)
    }
}

/// A series with the name of its source, and how it is drawn.
type Told<'a> = (&'a str, &'a Series, Option<&'a Look>);

/// All lines of a chart.
#[derive(Clone, Debug, Default)]
pub struct Legend<'a> {
    /// All series that pass the filter, those without a point in the window among them: names are of all of them.
    pub all: Vec<&'a Series>,
    /// The lines, in their order.
    pub lines: Vec<LegendLine<'a>>,
}

impl<'a> Legend<'a> {
    /// The legend of the series that a pane's queries returned, over a window in milliseconds.
    pub fn of(pane: &Pane, slots: &[SlotView<'a>], filter: &str, window: (i64, i64), state: &LegendState) -> Self {
        let every = || {
            slots.iter().flat_map(|slot| match slot.reading.map(|reading| &reading.data) {
                Some(Data::Series(series)) => series.iter().map(|series| (slot.source, series, None)).collect(),
                Some(Data::Curves(Curves { series, looks })) => {
                    let looks = looks.iter().map(Some).chain(std::iter::repeat(None));
                    series.iter().zip(looks).map(|(series, look)| (slot.source, series, look)).collect()
                }
                _ => Vec::new(),
            })
        };
        let until = slots.iter().filter_map(|slot| slot.until).max();
        let reach = Reach::of(every().map(|(_, series, _)| series), until.map_or(i64::MIN, Timestamp::as_millisecond));
        let filter = Filter::new(filter);
        let passes =
            |series: &Series| filter.passes(series.labels.iter().map(|(_, value)| value).chain([series.name.as_ref()]));
        let told: Vec<Told<'a>> = every().filter(|(_, series, _)| passes(series)).collect();
        let line = |(place, (source, series, look)): (usize, &Told<'a>)| {
            let now = series.between(window).last()?.v;
            let ended = reach.ended(series).and_then(|at| Timestamp::from_millisecond(at).ok());
            let rank = if state.order == LegendOrder::Max { greatest(series, window) } else { now };
            let rank = if rank.is_nan() { f64::NEG_INFINITY } else { rank };
            Some(LegendLine {
                source,
                series,
                place,
                look: *look,
                now,
                ended,
                shown: state.shows(source, series),
                rank,
            })
        };
        let mut lines: Vec<LegendLine<'a>> = told.iter().enumerate().filter_map(line).collect();
        let all: Vec<&'a Series> = told.iter().map(|(_, series, _)| *series).collect();
        match state.order {
            LegendOrder::Now => lines.sort_by(greatest_first),
            LegendOrder::Max => lines.sort_by(|a, b| b.rank.total_cmp(&a.rank)),
            LegendOrder::Name => {
                let names = series_names::of(&all, pane).long;
                lines.sort_by(|a, b| names[a.place].cmp(&names[b.place]));
            }
        }
        Self { all, lines }
    }

    /// The lines that are drawn, the greatest first, and what has ended after all that goes on.
    pub fn drawn(&self) -> Vec<LegendLine<'a>> {
        let mut drawn: Vec<LegendLine<'a>> = self.lines.iter().filter(|line| line.shown).cloned().collect();
        drawn.sort_by(greatest_first);
        drawn.truncate(MAX_LINES);
        drawn
    }

    /// How many are not drawn because they are hidden.
    pub fn hidden(&self) -> usize {
        self.lines.iter().filter(|line| !line.shown).count()
    }

    /// What tells the lines apart, in their order.
    pub(in crate::app) fn keys(&self) -> Vec<String> {
        self.lines.iter().map(LegendLine::key).collect()
    }
}

/// What has ended comes after all that goes on, whatever it was at last.
fn greatest_first(a: &LegendLine<'_>, b: &LegendLine<'_>) -> std::cmp::Ordering {
    match (a.ended, b.ended) {
        (None, None) => b.rank.total_cmp(&a.rank),
        (a, b) => a.is_some().cmp(&b.is_some()).then_with(|| Reverse(a).cmp(&Reverse(b))),
    }
}

fn greatest(series: &Series, window: (i64, i64)) -> f64 {
    series.between(window).iter().map(|point| point.v).fold(f64::NAN, f64::max)
}
