//! Values on top of each other: what was measured at the same time adds up.

use super::paths::Path;
use crate::{
    app::world::rows::legend::LegendLine,
    signal::{Point, Series},
};

/// Where each of some series lies on a stack, in their order from the bottom up; those that are mirrored hang below zero,
/// as do negative values. In percent, all of one time are a hundred.
pub(super) fn of(series: &[(&Series, bool)], window: (i64, i64), percent: bool) -> Vec<Path> {
    let times = times(series.iter().map(|(series, _)| *series), window);
    let values: Vec<Vec<f64>> =
        series.iter().map(|(series, mirrored)| at_times(series, *mirrored, &times, window)).collect();
    let sum =
        |at: usize| values.iter().filter_map(|of| of.get(at)).filter(|v| v.is_finite()).map(|v| v.abs()).sum::<f64>();
    let whole: Vec<f64> = if percent { (0..times.len()).map(sum).collect() } else { Vec::new() };
    let (mut above, mut below) = (vec![0.0; times.len()], vec![0.0; times.len()]);
    let mut paths = Vec::with_capacity(series.len());
    for ((series, _), values) in series.iter().zip(&values) {
        let (mut points, mut base) = (Vec::with_capacity(times.len()), Vec::with_capacity(times.len()));
        for (at, (t, value)) in times.iter().zip(values).enumerate() {
            let value = match whole.get(at) {
                Some(whole) if *whole > 0.0 => value / whole * 100.0,
                Some(_) => value * 0.0,
                None => *value,
            };
            let ground = if value < 0.0 { &mut below[at] } else { &mut above[at] };
            base.push(*ground);
            if value.is_finite() {
                *ground += value;
            }
            points.push(Point { t: *t, v: if value.is_finite() { *ground } else { f64::NAN } });
        }
        paths.push(Path { points, base, longest: super::paths::longest(series) });
    }
    paths
}

/// The newest sum of all values; `None` where nothing was measured.
pub(super) fn total(lines: &[&LegendLine<'_>], window: (i64, i64)) -> Option<f64> {
    let at = lines.iter().filter_map(|line| line.series.between(window).last()).map(|point| point.t).max()?;
    let now = lines.iter().filter_map(|line| line.series.near(at)).map(|point| point.v).filter(|v| v.is_finite());
    Some(now.sum())
}

/// Several neighbours of a stack as one, from the lowest base to the highest top.
pub(super) fn joined(paths: Vec<Path>) -> Path {
    let mut paths = paths.into_iter();
    let mut whole = paths.next().unwrap_or_default();
    for path in paths {
        for (known, more) in whole.points.iter_mut().zip(&path.points) {
            if more.v.is_finite() {
                known.v = if known.v.is_finite() { known.v.max(more.v) } else { more.v };
            }
        }
    }
    whole
}

/// All times of some series. Most often they share them.
fn times<'s>(series: impl Iterator<Item = &'s Series>, window: (i64, i64)) -> Vec<i64> {
    let mut all: Vec<i64> = Vec::new();
    for series in series {
        let points = series.between(window);
        if !points.iter().map(|point| point.t).eq(all.iter().copied()) {
            all.extend(points.iter().map(|point| point.t));
            all.sort_unstable();
            all.dedup();
        }
    }
    all
}

/// The value at each of the times; NaN where it has none.
fn at_times(series: &Series, mirrored: bool, times: &[i64], window: (i64, i64)) -> Vec<f64> {
    let sign = if mirrored { -1.0 } else { 1.0 };
    let mut points = series.between(window).iter().peekable();
    let value = |t: &i64| {
        while points.peek().is_some_and(|point| point.t < *t) {
            points.next();
        }
        points.peek().filter(|point| point.t == *t).map_or(f64::NAN, |point| point.v * sign)
    };
    times.iter().map(value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::Labels;

    fn series(points: &[(i64, f64)]) -> Series {
        let points = points.iter().map(|(t, v)| Point { t: *t, v: *v }).collect();
        Series { name: "a".into(), labels: Labels::default(), points }
    }

    fn bands(all: &[(Series, bool)], percent: bool) -> Vec<Vec<(f64, f64)>> {
        let all: Vec<_> = all.iter().map(|(series, mirrored)| (series, *mirrored)).collect();
        let band = |path: Path| path.base.iter().zip(&path.points).map(|(base, top)| (*base, top.v)).collect();
        of(&all, (0, 100), percent).into_iter().map(band).collect()
    }

    #[test]
    fn values_of_one_time_add_up() {
        let all = [
            (series(&[(0, 1.0), (10, 2.0)]), false),
            (series(&[(0, 3.0), (10, 0.0), (20, 5.0)]), false),
            (series(&[(0, 4.0), (10, 1.0)]), true),
        ];
        let found = bands(&all, false);
        assert_eq!(found[0][..2], [(0.0, 1.0), (0.0, 2.0)]);
        assert!(found[0][2].1.is_nan(), "what is not measured is no zero");
        assert_eq!(found[1], [(1.0, 4.0), (2.0, 2.0), (0.0, 5.0)]);
        assert_eq!(found[2][..2], [(0.0, -4.0), (0.0, -1.0)], "what is mirrored hangs below");
    }

    #[test]
    fn in_percent_each_time_is_a_hundred() {
        let all = [(series(&[(0, 1.0), (10, 0.0)]), false), (series(&[(0, 3.0), (10, 0.0)]), false)];
        assert_eq!(bands(&all, true), [[(0.0, 25.0), (0.0, 0.0)], [(25.0, 100.0), (0.0, 0.0)]]);
    }

    #[test]
    fn what_has_no_line_lies_on_top_as_one() {
        let all = [series(&[(0, 1.0)]), series(&[(0, 2.0)]), series(&[(0, f64::NAN)])];
        let paths = of(&all.iter().map(|series| (series, false)).collect::<Vec<_>>(), (0, 100), false);
        let whole = joined(paths);
        assert_eq!((whole.base[0], whole.points[0].v), (0.0, 3.0));
    }
}
