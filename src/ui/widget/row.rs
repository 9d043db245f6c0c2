//! One line of a list: text on the left that may be cut, numbers on the right that may not.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use super::text;

/// Puts `words` at (x, y), cut at the right edge of `clip`, in place of what was there. Returns the x behind them.
pub fn put(buf: &mut Buffer, clip: Rect, x: u16, y: u16, words: &str, style: Style) -> u16 {
    let clip = clip.intersection(buf.area);
    if y < clip.top() || y >= clip.bottom() || x < clip.left() || x >= clip.right() {
        return x;
    }
    text::set(buf, (x, y), words, clip.right() - x, Style::reset().patch(style))
}

/// Puts parts next to each other on the left and on the right of a one-line area. The left ones are cut with `…` where
/// they would touch the right ones; the right ones are left out, the first of them first, where less than half of the
/// line, or twelve cells, would remain.
pub fn line(buf: &mut Buffer, area: Rect, left: &[(&str, Style)], right: &[(&str, Style)]) {
    let area = area.intersection(buf.area);
    if area.is_empty() {
        return;
    }
    let total = usize::from(area.width);
    let wanted: usize = left.iter().map(|(words, _)| text::width(words)).sum();
    let least = wanted.min((total / 2).max(12));
    let mut right = right;
    let cells = |parts: &[(&str, Style)]| parts.iter().map(|(words, _)| text::width(words)).sum::<usize>();
    while !right.is_empty() && cells(right) + 1 + least > total {
        right = &right[1..];
    }
    let mut x = area.right() - cells(right) as u16;
    let mut room = usize::from(x - area.x).saturating_sub(usize::from(!right.is_empty()));
    for (words, style) in right {
        x = put(buf, area, x, area.y, words, *style);
    }
    let mut x = area.x;
    for (words, style) in left {
        let shown = text::clip(words, room);
        x = put(buf, area, x, area.y, &shown, *style);
        if shown != *words {
            break;
        }
        room -= text::width(words);
    }
}

/// Puts a sentence in the middle of an area, in as many lines as it takes.
pub fn middle(buf: &mut Buffer, area: Rect, words: &str, style: Style) {
    let width = usize::from(area.width.min(60));
    // Half sentences stay whole where they can.
    let parts: Vec<&str> = if text::width(words) > width { words.split(" · ").collect() } else { vec![words] };
    let lines: Vec<String> = parts.iter().flat_map(|part| text::wrap(part, width)).collect();
    let shown = lines.len().min(usize::from(area.height));
    let top = area.y + (area.height - shown as u16) / 2;
    for (y, line) in (top..).zip(&lines[..shown]) {
        let x = area.x + (area.width - text::width(line) as u16) / 2;
        put(buf, area, x, y, line, style);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(width: u16, left: &[&str], right: &[&str], expected: &str) {
        let area = Rect::new(0, 0, width, 1);
        let mut buf = Buffer::empty(area);
        let style = |parts: &[&'static str]| parts.iter().map(|part| (*part, Style::new())).collect::<Vec<_>>();
        let (left, right): (Vec<&'static str>, Vec<&'static str>) =
            (left.iter().map(|s| leak(s)).collect(), right.iter().map(|s| leak(s)).collect());
        line(&mut buf, area, &style(&left), &style(&right));
        assert_eq!(buf, Buffer::with_lines([expected]));
    }

    fn leak(text: &str) -> &'static str {
        Box::leak(text.to_owned().into_boxed_str())
    }

    #[test]
    fn left_gives_way_to_right() {
        check(21, &["▲ crit ", "Errors"], &[" ×8", "  4m"], "▲ crit Errors  ×8  4m");
        check(19, &["▲ crit ", "Errors"], &[" ×8", "  4m"], "▲ crit Errors    4m");
        check(10, &["▲ crit ", "Errors"], &[" ×8", "  4m"], "▲ crit Er…");
        check(5, &["▲ crit "], &[" ×8", "  4m"], "▲ cr…");
        check(1, &["▲ crit "], &["  4m"], "…");
    }

    #[test]
    fn sentences_stand_in_the_middle() {
        let area = Rect::new(0, 0, 9, 4);
        let mut buf = Buffer::empty(area);
        middle(&mut buf, area, "no data yet", Style::new());
        assert_eq!(buf, Buffer::with_lines(["         ", " no data ", "   yet   ", "         "]));
        let area = Rect::new(0, 0, 14, 2);
        let mut buf = Buffer::empty(area);
        middle(&mut buf, area, "no data · polled 2 s", Style::new());
        assert_eq!(buf, Buffer::with_lines(["   no data    ", "  polled 2 s  "]));
    }
}
