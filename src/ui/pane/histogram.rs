//! How many values are how large: a bar a bucket, side by side.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{Body, Head, timeseries};
use crate::{
    signal::{Histogram, Unit},
    ui::{
        Role,
        widget::{row, sparkline, text},
    },
};

pub(super) fn draw(body: &Body<'_, '_>, histogram: &Histogram, buf: &mut Buffer) -> Head {
    let bars = histogram.bars.as_slice();
    let (Some(first), Some(last)) = (bars.first(), bars.last()) else {
        return timeseries::say_no_data(body, buf);
    };
    let Rect { width, height, .. } = body.area;
    let axis_lines = u16::from(height >= 3);
    let counts: Vec<f64> = bars.iter().map(|bar| bar.count).collect();
    let gutter = if width >= timeseries::ROOMY { timeseries::GUTTER } else { 0 };
    let plot = Rect { width: width - gutter, height: height - axis_lines, ..body.area };
    let (cells, most) = cells(&counts, plot.width.into());
    let style = body.style(Role::Series1);
    for (y, line) in (plot.y..).zip(sparkline::blocks(&cells, 0.0, plot.width.into(), plot.height.into())) {
        row::put(buf, plot, plot.x, y, &line, style);
    }
    let dim = body.style(Role::Dim);
    if gutter > 0 && plot.height > 1 {
        let beside = |words: &str| text::right(words, gutter.into());
        row::put(buf, body.area, plot.right(), plot.y, &beside(&Unit::Short.format(most)), dim);
        row::put(buf, body.area, plot.right(), plot.bottom() - 1, &beside("0"), dim);
    }
    if axis_lines == 1 {
        let line = Rect { y: plot.bottom(), height: 1, ..plot };
        let middle = bars.get(bars.len() / 2).filter(|_| bars.len() > 3).map_or("", |bar| bar.from.as_str());
        row::put(buf, line, line.x, line.y, &first.from, dim);
        let used = |words: &str| text::width(words) as u16;
        let end = line.right().saturating_sub(used(&last.to)).max(line.x);
        let at = line.x + (f64::from(line.width) * (bars.len() / 2) as f64 / bars.len() as f64) as u16;
        if at > line.x + used(&first.from) + 1 && at + used(middle) + 1 < end {
            row::put(buf, line, at, line.y, middle, dim);
        }
        if end > line.x + used(&first.from) {
            row::put(buf, line, end, line.y, &last.to, dim);
        }
    }
    let all: f64 = counts.iter().filter(|count| count.is_finite()).sum();
    let most = bars.iter().max_by(|a, b| a.count.total_cmp(&b.count));
    let words = most.map(|bar| format!("most {} to {}", bar.from, bar.to));
    Head::of(dim, words.into_iter().chain([format!("{} values", Unit::Short.format(all))]))
}

/// The height of each cell, and the greatest of them: several cells a bar, with air between bars that are broad; several
/// bars a cell where there are more of them.
fn cells(counts: &[f64], width: usize) -> (Vec<f64>, f64) {
    let count = counts.len().max(1);
    let sums: Vec<f64> = match count > width {
        true => {
            let each = count.div_ceil(width.max(1));
            counts.chunks(each).map(|few| few.iter().filter(|count| count.is_finite()).sum()).collect()
        }
        false => counts.to_vec(),
    };
    let most = sums.iter().copied().filter(|sum| sum.is_finite()).fold(0.0, f64::max);
    let edge = |at: usize| at * width / sums.len().max(1);
    let mut cells = Vec::with_capacity(width);
    for (at, sum) in sums.iter().enumerate() {
        let broad = edge(at + 1) - edge(at);
        let air = usize::from(broad >= 3);
        cells.extend(std::iter::repeat_n(*sum, broad - air).chain(std::iter::repeat_n(f64::NAN, air)));
    }
    (cells, most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_share_the_width() {
        let words = |counts: &[f64], width| {
            let (cells, most) = cells(counts, width);
            (
                cells
                    .iter()
                    .map(|cell| if cell.is_nan() { ' ' } else { (b'0' + *cell as u8) as char })
                    .collect::<String>(),
                most,
            )
        };
        assert_eq!(words(&[1.0, 3.0], 6), ("11 33 ".into(), 3.0));
        assert_eq!(words(&[1.0, 3.0, 2.0], 3), ("132".into(), 3.0));
        assert_eq!(words(&[1.0, 3.0, 2.0, 2.0], 2), ("44".into(), 4.0));
        assert_eq!(words(&[], 4).1, 0.0);
    }
}
