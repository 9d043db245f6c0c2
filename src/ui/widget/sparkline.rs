//! Numbers over time as a row of blocks, one to several lines high.

/// `width` cells of the last numbers, one number a cell, `lines` lines from top to bottom. `None` and NaN leave a gap;
/// the least number still shows as a line at the bottom. Scaled from `least` to the greatest number.
pub fn blocks(values: &[f64], least: f64, width: usize, lines: usize) -> Vec<String> {
    const BLOCKS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let shown = &values[values.len().saturating_sub(width)..];
    let greatest = shown.iter().copied().filter(|v| v.is_finite()).fold(f64::NEG_INFINITY, f64::max);
    let span = greatest - least;
    let eighth = |value: f64| {
        if !value.is_finite() {
            return 0;
        }
        let part = if span > 0.0 { ((value - least) / span).clamp(0.0, 1.0) } else { 0.0 };
        ((part * (lines * 8) as f64).round() as usize).max(1)
    };
    let heights: Vec<usize> = shown.iter().map(|value| eighth(*value)).collect();
    let line = |below: usize| heights.iter().map(|height| BLOCKS[height.saturating_sub(below * 8).min(8)]).collect();
    (0..lines).rev().map(line).collect()
}

/// `points` brought down to `width` numbers over `start..end` (milliseconds): each cell the last number in it; cells
/// without a number repeat the one before as long as the distance is no more than `hold` milliseconds.
pub fn resampled(points: impl Iterator<Item = (i64, f64)>, start: i64, end: i64, width: usize, hold: i64) -> Vec<f64> {
    let mut cells = vec![(i64::MIN, f64::NAN); width];
    let span = (end - start).max(1) as f64;
    for (t, v) in points.filter(|(t, _)| (start..=end).contains(t)) {
        let at = ((t - start) as f64 / span * width as f64) as usize;
        if let Some(cell) = cells.get_mut(at.min(width.saturating_sub(1))) {
            *cell = (t, v);
        }
    }
    let mut known = (i64::MIN, f64::NAN);
    let mut out = Vec::with_capacity(width);
    for (at, cell) in cells.into_iter().enumerate() {
        if cell.0 != i64::MIN {
            known = cell;
        }
        let begins = start + (span * at as f64 / width as f64) as i64;
        let held = known.0 != i64::MIN && begins.saturating_sub(known.0) <= hold;
        out.push(if held { known.1 } else { f64::NAN });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(values: &[f64], least: f64, lines: usize, expected: &[&str]) {
        assert_eq!(blocks(values, least, 8, lines), expected);
    }

    #[test]
    fn blocks_by_height() {
        check(&[0.0, 1.0, 2.0, 4.0, 8.0], 0.0, 1, &["▁▁▂▄█"]);
        check(&[0.0, 4.0, 8.0], 0.0, 2, &["  █", "▁██"]);
        check(&[1.0, f64::NAN, 3.0], 0.0, 1, &["▃ █"]);
        check(&[5.0, 5.0], 5.0, 1, &["▁▁"]);
        check(&[], 0.0, 1, &[""]);
        check(&[f64::NAN, f64::INFINITY], 0.0, 1, &["  "]);
        check(&[9.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0], 0.0, 1, &["▁▁▂▃▅▆▇█"]);
    }

    #[test]
    fn sparse_points_are_held_and_gaps_stay() {
        let points = [(0, 1.0), (10, 2.0), (80, 3.0)];
        let cells = resampled(points.into_iter(), 0, 100, 10, 25);
        let seen: Vec<_> = cells.iter().map(|v| if v.is_nan() { 0 } else { *v as i32 }).collect();
        assert_eq!(seen, [1, 2, 2, 2, 0, 0, 0, 0, 3, 3]);
    }
}
