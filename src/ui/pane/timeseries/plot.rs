//! From points to dots: lines between neighbours, nothing across a gap.

use super::scale::Span;
use crate::{
    signal::{Point, Series},
    ui::widget::braille::{Braille, Ink},
};

/// Points further apart than this many steps have a gap between them.
const GAP: f64 = 2.5;

/// The longest distance between two points that is no gap, in milliseconds.
fn longest_step(series: &Series) -> i64 {
    series.usual_step().map_or(i64::MAX, |usual| (usual as f64 * GAP) as i64)
}

/// Draws the line of a series; each stretch in the greater ink of its ends.
pub fn line(raster: &mut Braille, series: &Series, window: (i64, i64), span: &Span, ink: impl Fn(f64) -> Ink) {
    if raster.columns() == 0 || raster.lines() == 0 {
        return;
    }
    let longest = longest_step(series);
    let (right, bottom) = ((raster.columns() - 1) as f64, (raster.lines() - 1) as f64);
    let wide = (window.1 - window.0).max(1) as f64;
    let place = |point: &Point| {
        let x = (point.t - window.0) as f64 / wide * right;
        let y = (1.0 - span.part(point.v)) * bottom;
        // Both are at least 0, so this rounds; `round` is a call where the processor is not known.
        ((x + 0.5) as i32, (y + 0.5) as i32)
    };
    let mut last: Option<(i64, (i32, i32), Ink)> = None;
    for point in series.between(window) {
        if !point.v.is_finite() {
            last = None;
            continue;
        }
        let (at, ink) = (place(point), ink(point.v));
        match last {
            // Most points of a dense curve fall on the dot of the one before.
            Some((t, from, before)) if from == at && ink <= before && point.t - t <= longest => {}
            Some((t, from, before)) if point.t - t <= longest => raster.line(from, at, ink.max(before)),
            _ => raster.dot(at.0, at.1, ink),
        }
        last = Some((point.t, at, ink));
    }
}

#[cfg(test)]
mod tests {
    use ratatui::{buffer::Buffer, layout::Rect, style::Style};

    use super::*;
    use crate::{config::Pane, signal::Labels};

    fn series(points: &[(i64, f64)]) -> Series {
        let points = points.iter().map(|(t, v)| Point { t: *t, v: *v }).collect();
        Series { name: "a".into(), labels: Labels::default(), points }
    }

    #[track_caller]
    fn check(points: &[(i64, f64)], expected: &str) {
        let series = series(points);
        let span = Span::of([0.0, 3.0].into_iter(), f64::NAN, &Pane::titled("a")).expect("a span");
        let mut raster = Braille::new(5, 1);
        line(&mut raster, &series, (0, 90), &span, |_| 0);
        let area = Rect::new(0, 0, 5, 1);
        let mut buf = Buffer::empty(area);
        raster.paint(area, &mut buf, |_| Style::new());
        assert_eq!(buf, Buffer::with_lines([expected]));
    }

    #[test]
    fn gaps_stay_gaps() {
        let step = |range: std::ops::Range<i64>| range.map(|i| (i * 10, 0.0)).collect::<Vec<_>>();
        check(&step(0..10), "⣀⣀⣀⣀⣀");
        check(&[step(0..4), step(8..10)].concat(), "⣀⣀  ⣀");
        check(&[step(0..4), step(5..10)].concat(), "⣀⣀⣀⣀⣀"); // one lost scrape is no gap
        check(&[step(0..4), vec![(40, f64::NAN), (50, f64::INFINITY)], step(6..10)].concat(), "⣀⣀ ⣀⣀");
        check(&[(40, 3.0)], "  ⠁  ");
        check(&[(0, 0.0), (90, 3.0)], "⣀⠤⠔⠒⠉");
    }
}
