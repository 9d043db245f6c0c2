//! What is drawn of a curve that is more than a line: its area, its bars, its points.

use super::scale::Span;
use crate::{
    signal::{Point, Series},
    ui::widget::braille::{Braille, Ink},
};

/// Points further apart than this many steps have a gap between them.
const GAP: f64 = 2.5;
/// How much of the room between two of them bars take.
const BAR: f64 = 0.6;

/// The way of a curve through the plot.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Path {
    /// Where it goes; NaN where it is not known.
    pub(super) points: Vec<Point>,
    /// What each point stands on; zero where this is empty.
    pub(super) base: Vec<f64>,
    /// The longest distance between two points that is no gap, in milliseconds.
    pub(super) longest: i64,
}

/// The longest distance between two points of a series that is no gap, in milliseconds.
pub(super) fn longest(series: &Series) -> i64 {
    series.usual_step().map_or(i64::MAX, |usual| (usual as f64 * GAP) as i64)
}

impl Path {
    /// One that stands on nothing.
    pub(super) fn plain(points: Vec<Point>, series: &Series) -> Self {
        Self { points, base: Vec::new(), longest: longest(series) }
    }

    /// The newest value, and what it stands on.
    pub(super) fn newest(&self) -> (f64, f64) {
        let newest = self.points.iter().enumerate().rev().find(|(_, point)| point.v.is_finite());
        newest.map_or((f64::NAN, 0.0), |(at, point)| (point.v, self.base(at)))
    }

    fn base(&self, at: usize) -> f64 {
        self.base.get(at).copied().unwrap_or(0.0)
    }

    /// Neighbours with no gap between them; a point that stands alone is its own neighbour.
    fn pairs(&self) -> impl Iterator<Item = (usize, usize)> {
        let known = |at: usize| self.points.get(at).is_some_and(|point| point.v.is_finite());
        let joined = move |a: usize, b: usize| {
            known(a) && known(b) && self.points[b].t.saturating_sub(self.points[a].t) <= self.longest
        };
        (0..self.points.len()).filter(move |at| known(*at)).filter_map(move |at| {
            let before = at.checked_sub(1).filter(|before| joined(*before, at));
            let is_alone = before.is_none() && !joined(at, at + 1);
            before.map(|before| (before, at)).or(is_alone.then_some((at, at)))
        })
    }

    /// The top and the base in each of so many columns of a window (milliseconds); `None` in gaps.
    pub(super) fn columns(&self, window: (i64, i64), columns: usize) -> Vec<Option<(f64, f64)>> {
        let mut out = vec![None; columns];
        let place = |t: i64| column(t, window, columns);
        for (a, b) in self.pairs() {
            let (from, to) = (place(self.points[a].t), place(self.points[b].t));
            for x in from..=to {
                let part = if to > from { f64::from(x - from) / f64::from(to - from) } else { 1.0 };
                let between = |from: f64, to: f64| from + (to - from) * part;
                let top = between(self.points[a].v, self.points[b].v);
                let base = between(self.base(a), self.base(b));
                if let Some(cell) = usize::try_from(x).ok().and_then(|x| out.get_mut(x)) {
                    *cell = Some((top, base));
                }
            }
        }
        out
    }
}

/// The column of a time.
fn column(t: i64, window: (i64, i64), columns: usize) -> i32 {
    let wide = (window.1 - window.0).max(1) as f64;
    ((t - window.0) as f64 / wide * columns.saturating_sub(1) as f64 + 0.5) as i32
}

/// The line of dots of a value.
fn line(raster: &Braille, span: &Span, value: f64) -> i32 {
    ((1.0 - span.part(value)) * raster.lines().saturating_sub(1) as f64 + 0.5) as i32
}

/// A line from point to point; in steps it stays where it is until the next one.
pub(super) fn stroke(raster: &mut Braille, path: &Path, window: (i64, i64), span: &Span, (steps, ink): (bool, Ink)) {
    let columns = raster.columns();
    let pairs: Vec<_> = path.pairs().collect();
    for (a, b) in pairs {
        let place = |at: usize| (column(path.points[at].t, window, columns), line(raster, span, path.points[at].v));
        let (from, to) = (place(a), place(b));
        if steps {
            raster.line(from, (to.0, from.1), ink);
            raster.line((to.0, from.1), to, ink);
        } else {
            raster.line(from, to, ink);
        }
    }
}

/// The points alone.
pub(super) fn dots(raster: &mut Braille, path: &Path, window: (i64, i64), span: &Span, ink: Ink) {
    for point in path.points.iter().filter(|point| point.v.is_finite()) {
        let (x, y) = (column(point.t, window, raster.columns()), line(raster, span, point.v));
        raster.dot(x, y, ink);
    }
}

/// A bar for each point, from what it stands on to its value.
pub(super) fn bars(raster: &mut Braille, path: &Path, window: (i64, i64), span: &Span, ink: Ink) {
    let wide = (window.1 - window.0).max(1) as f64;
    let step = if path.longest == i64::MAX { 0.0 } else { path.longest as f64 / GAP };
    let width = (step / wide * raster.columns() as f64 * BAR).clamp(1.0, raster.columns() as f64 / 4.0 + 1.0) as i32;
    for (at, point) in path.points.iter().enumerate().filter(|(_, point)| point.v.is_finite()) {
        let x = column(point.t, window, raster.columns()) - width / 2;
        let (top, base) = (line(raster, span, point.v), line(raster, span, path.base(at)));
        for x in (x..x + width).filter(|x| *x >= 0) {
            raster.line((x, base), (x, top), ink);
        }
    }
}

/// The area between the curve and what it stands on, in a pattern that differs from that of its neighbours, so that bands
/// are told apart without colour. `nth` is its place in the stack; `None` for what is filled loosest.
pub(super) fn fill(
    raster: &mut Braille,
    path: &Path,
    window: (i64, i64),
    span: &Span,
    (nth, ink): (Option<usize>, Ink),
) {
    let has_dot = |x: i32, y: i32| match nth.map(|nth| nth % 4) {
        Some(0) => (x + y) % 2 == 0,
        Some(1) => x % 2 == 0 && y % 2 == 0,
        Some(2) => y % 2 == 0,
        Some(_) => x % 2 == 0,
        None => x % 4 == 0 && y % 4 == 0,
    };
    for (x, band) in (0..).zip(path.columns(window, raster.columns())) {
        let Some((top, base)) = band else { continue };
        let (a, b) = (line(raster, span, top), line(raster, span, base));
        for y in (a.min(b)..=a.max(b)).filter(|y| has_dot(x, *y)) {
            raster.dot(x, y, ink);
        }
    }
}

#[cfg(test)]
mod tests {
    use ratatui::{buffer::Buffer, layout::Rect, style::Style};

    use super::*;
    use crate::config::Pane;

    fn path(points: &[(i64, f64)]) -> Path {
        let points = points.iter().map(|(t, v)| Point { t: *t, v: *v }).collect();
        Path { points, base: Vec::new(), longest: 25 }
    }

    #[track_caller]
    fn check(draw: impl Fn(&mut Braille, &Span), expected: [&str; 2]) {
        let span = Span::of([0.0, 7.0].into_iter(), f64::NAN, &Pane::titled("a")).expect("a span");
        let mut raster = Braille::new(5, 2);
        draw(&mut raster, &span);
        let area = Rect::new(0, 0, 5, 2);
        let mut buf = Buffer::empty(area);
        raster.paint(area, &mut buf, |_| Style::new());
        assert_eq!(buf, Buffer::with_lines(expected));
    }

    #[test]
    fn columns_are_between_their_neighbours() {
        let path = path(&[(0, 0.0), (20, 2.0), (60, 9.0), (80, f64::NAN)]);
        let tops: Vec<_> = path.columns((0, 80), 9).into_iter().map(|band| band.map(|(top, _)| top)).collect();
        assert_eq!(tops, [Some(0.0), Some(1.0), Some(2.0), None, None, None, Some(9.0), None, None]);
        assert_eq!(path.newest(), (9.0, 0.0));
    }

    #[test]
    fn steps_bars_points_and_areas() {
        let curve = path(&[(0, 0.0), (20, 7.0), (40, 7.0), (60, 3.0), (80, 3.0)]);
        let window = (0, 80);
        check(|raster, span| stroke(raster, &curve, window, span, (true, 1)), [" ⡏⠉⢹ ", "⣀⡇ ⠈⠉"]);
        check(|raster, span| dots(raster, &curve, window, span, 1), [" ⠁⠈  ", "⡀  ⠈⠈"]);
        check(|raster, span| bars(raster, &curve, window, span, 1), [" ⡇⢸  ", "⡀⡇⢸⢸⢸"]);
        check(|raster, span| fill(raster, &curve, window, span, (Some(1), 1)), [" ⠅⠅⠄ ", " ⠅⠅⠅⠅"]);
    }
}
