//! Series as an answer brings them: in order of their labels, not yet cut to the cap nor named; and how a newer answer
//! continues an older one.

use super::{super::request::Times, series_names::names};
use crate::signal::{Labels, Point, Series};

/// Most series that are kept of one answer.
pub(super) const MAX_SERIES: usize = 200;
/// Values this close, in relation to their size, are the same: a server need not add up in the same order twice.
const ROUNDING: f64 = 1e-9;

/// The series of one answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Curves {
    /// In order of their labels.
    pub(super) all: Vec<Curve>,
    /// The number of series that are left out because they are native histograms.
    pub(super) histograms: usize,
    /// How many were not kept because there were so many.
    left_out: usize,
    /// How many have more labels than are kept.
    cut: usize,
}

/// Series while they are read: of very many, those that will be shown are kept.
#[derive(Default)]
pub(super) struct CurvesReader(Curves);

/// A series of an answer. Only those that are shown get a name.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Curve {
    pub(super) labels: Labels,
    /// The oldest first.
    pub(super) points: Vec<Point>,
}

impl Curves {
    /// Puts them in order.
    #[cfg(test)]
    pub(super) fn new(all: Vec<Curve>, histograms: usize) -> Self {
        let mut new = Self { all, histograms, ..Self::default() };
        new.sort();
        new
    }

    fn sort(&mut self) {
        self.all.sort_by(|a, b| a.labels.cmp(&b.labels));
    }

    /// Cut to the cap and named; what is not shown is added to the warnings.
    pub(super) fn told(mut self, warnings: &mut Vec<String>) -> Vec<Series> {
        let Self { histograms, left_out, cut, .. } = self;
        if histograms > 0 {
            let plural = if histograms == 1 { "" } else { "s" };
            warnings.push(format!(
                "{histograms} native histogram{plural} not shown; ask for histogram_quantile() or histogram_count() of it"
            ));
        }
        if cut > 0 {
            warnings.push(format!("{cut} series have too many labels; some were left out"));
        }
        if self.all.len() + left_out > MAX_SERIES {
            warnings.push(format!("showing {MAX_SERIES} of {} series", self.all.len() + left_out));
            self.all.truncate(MAX_SERIES);
        }
        let names = names(self.all.iter().map(|curve| &curve.labels));
        let named = self.all.into_iter().zip(names);
        named.map(|(Curve { labels, points }, name)| Series { name, labels, points }).collect()
    }

    /// Whether nothing is left out, and each series is there once.
    pub(super) fn is_whole(&self) -> bool {
        let Self { all, histograms, left_out, cut } = self;
        *histograms == 0
            && *left_out == 0
            && *cut == 0
            && all.len() <= MAX_SERIES
            && all.is_sorted_by(|a, b| a.labels < b.labels)
    }

    /// These from `start` up to where `newer` begins, and `newer` from there on; `None` if they do not agree there.
    /// `asked` are the times that `newer` was asked for. All of it in seconds.
    pub(super) fn continued(self, newer: Self, asked: Times, start: i64) -> Option<Self> {
        let (start, seam, step) = (start * 1000, asked.start * 1000, asked.step.cast_signed() * 1000);
        let on_grid = |point: &Point| point.t >= seam && (point.t - seam) % step == 0;
        let is_sound = newer.histograms == 0
            && newer.left_out == 0
            && newer.cut == 0
            && newer.all.is_sorted_by(|a, b| a.labels < b.labels)
            && newer.all.iter().flat_map(|curve| &curve.points).all(on_grid);
        if !is_sound {
            return None;
        }
        let mut all = Vec::with_capacity(self.all.len().max(newer.all.len()));
        let mut older = self.all.into_iter().peekable();
        let mut add = |older: Option<Curve>, newer: Option<Curve>| {
            let at_seam = |curve: &Option<Curve>| curve.as_ref().and_then(|curve| curve.at(seam));
            if !agree(at_seam(&older), at_seam(&newer)) {
                return false;
            }
            let curve = match (older, newer) {
                (Some(mut older), newer) => {
                    older.points.retain(|point| (start..seam).contains(&point.t));
                    older.points.extend(newer.into_iter().flat_map(|newer| newer.points));
                    Some(older)
                }
                (None, newer) => newer,
            };
            all.extend(curve.filter(|curve| !curve.points.is_empty()));
            true
        };
        for newer in newer.all {
            while let Some(older) = older.next_if(|older| older.labels < newer.labels) {
                if !add(Some(older), None) {
                    return None;
                }
            }
            let same = older.next_if(|older| older.labels == newer.labels);
            if !add(same, Some(newer)) {
                return None;
            }
        }
        if !older.all(|older| add(Some(older), None)) {
            return None;
        }
        Some(Self { all, histograms: self.histograms, left_out: self.left_out, cut: self.cut })
    }
}

impl CurvesReader {
    pub(super) fn add(&mut self, mut curve: Curve) {
        curve.points.shrink_to_fit();
        self.0.all.push(curve);
        if self.0.all.len() >= 8 * MAX_SERIES {
            self.0.sort();
            self.0.left_out += self.0.all.len() - MAX_SERIES;
            self.0.all.truncate(MAX_SERIES);
        }
    }

    /// One that is left out because it is a native histogram.
    pub(super) fn add_histogram(&mut self) {
        self.0.histograms += 1;
    }

    /// In order of their labels, of which so many have more than are kept.
    pub(super) fn read(mut self, cut: usize) -> Curves {
        self.0.cut = cut;
        self.0.sort();
        self.0
    }
}

impl Curve {
    /// The value at a time, in milliseconds.
    fn at(&self, t: i64) -> Option<f64> {
        self.points.binary_search_by_key(&t, |point| point.t).ok().map(|place| self.points[place].v)
    }
}

fn agree(a: Option<f64>, b: Option<f64>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) if a == b || a.is_nan() && b.is_nan() => true,
        (Some(a), Some(b)) => (a - b).abs() <= ROUNDING * a.abs().max(b.abs()) && (a - b).is_finite(),
        (a, b) => a.is_none() && b.is_none(),
    }
}
