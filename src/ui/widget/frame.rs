//! The one line around a pane, with what it shows on the left and its newest value on the right.
//!
//! Frames of neighbours may share a line: [`paste`] merges them where they meet.

use ratatui::{
    buffer::{Buffer, Cell},
    layout::Rect,
    style::Style,
    symbols::merge::MergeStrategy,
};

use super::{row, text};

/// A frame and the texts in its upper line. Of those on the right, the first that fits beside enough of the title is taken.
#[derive(Clone, Debug, Default)]
pub struct Frame<'a> {
    /// The title, on the left; cut where there is no room.
    pub title: &'a str,
    /// A text behind the title that narrows it down, such as a filter; may be empty.
    pub aside: &'a str,
    /// Whether the title gives way to that text, because without it the pane would say what is not so.
    pub aside_stays: bool,
    /// The forms of a mark behind that, longest first: the first that fits is shown whole, or none.
    pub mark: Vec<String>,
    /// The style of the mark.
    pub mark_style: Style,
    /// The forms of the text on the right, longest first, each a row of parts; may be empty.
    pub right: Vec<Vec<(String, Style)>>,
    /// Whether the lines are heavy, so that focus shows without colour.
    pub focused: bool,
    /// The style of the lines.
    pub line_style: Style,
    /// The style of the title.
    pub title_style: Style,
    /// The style of the text behind the title.
    pub aside_style: Style,
}

impl Frame<'_> {
    /// Draws the frame and returns what is inside. Areas too small for a frame get a title line, or nothing at all.
    pub fn draw(&self, area: Rect, buf: &mut Buffer) -> Rect {
        let inner = Self::inner(area);
        if area.height < 2 || area.width < 4 {
            if inner.is_empty() || inner.y > area.y {
                row::put(buf, area, area.x, area.y, &text::clip(self.title, area.width.into()), self.title_style);
            }
            return inner;
        }
        if area.height >= 3 {
            self.lines(area, buf);
        } else {
            let line = if self.focused { "━" } else { "─" };
            for x in area.left()..area.right() {
                row::put(buf, area, x, area.y, line, self.line_style);
            }
        }
        self.head(area, buf);
        inner
    }

    /// The part of `area` that its frame leaves free; empty where there is room for a title only.
    pub fn inner(area: Rect) -> Rect {
        match (area.width, area.height) {
            (_, ..=1) => Rect { height: 0, ..area },
            (..=3, _) | (_, 2) => Rect { y: area.y + 1, height: area.height - 1, ..area },
            _ => Rect { x: area.x + 1, y: area.y + 1, width: area.width - 2, height: area.height - 2 },
        }
    }

    /// Whether there is room for a line on every side of `area`.
    pub fn is_whole(area: Rect) -> bool {
        area.width >= 4 && area.height >= 3
    }

    /// The four lines around `area`, when it is [whole](Self::is_whole): top, bottom, left, right.
    pub fn edges(area: Rect) -> [Rect; 4] {
        let (inside, line) = (area.height.saturating_sub(2), Rect { height: 1, ..area });
        let side = Rect { y: area.y + 1, width: 1, height: inside, ..area };
        let (low, far) = (area.bottom().saturating_sub(1), area.right().saturating_sub(1));
        [line, Rect { y: low, ..line }, side, Rect { x: far, ..side }]
    }

    fn lines(&self, area: Rect, buf: &mut Buffer) {
        let [tl, h, tr, v, bl, br] = if self.focused {
            ["┏", "━", "┓", "┃", "┗", "┛"]
        } else {
            ["┌", "─", "┐", "│", "└", "┘"]
        };
        let (right, bottom) = (area.right() - 1, area.bottom() - 1);
        let mut set = |x, y, symbol: &str| {
            if let Some(cell) = buf.cell_mut((x, y)) {
                cell.set_symbol(symbol).set_style(self.line_style);
            }
        };
        for x in area.x + 1..right {
            set(x, area.y, h);
            set(x, bottom, h);
        }
        for y in area.y + 1..bottom {
            set(area.x, y, v);
            set(right, y, v);
        }
        set(area.x, area.y, tl);
        set(right, area.y, tr);
        set(area.x, bottom, bl);
        set(right, bottom, br);
    }

    fn head(&self, area: Rect, buf: &mut Buffer) {
        // The corners, one cell of line beside them, and a space around each text.
        let room = usize::from(area.width).saturating_sub(4);
        let title = text::width(self.title);
        let cells = |parts: &[(String, Style)]| parts.iter().map(|(words, _)| text::width(words)).sum::<usize>();
        let kept = if self.aside_stays { text::width(self.aside) + 2 } else { 0 };
        let enough = match self.aside_stays {
            true => title.min(6) + kept,
            false => title.min(room / 2).max(title.min(8)),
        };
        // A shorter text on the right leaves room for the mark.
        let mark = self.mark.last().map_or(0, |least| text::width(least) + 2);
        let fits = |more: usize| self.right.iter().find(move |parts| cells(parts) + 3 + enough + more <= room);
        let right = fits(mark).or_else(|| fits(0));
        let taken = right.map_or(0, |parts| cells(parts) + 3);
        let left = room.saturating_sub(taken);
        let x = row::put(buf, area, area.x + 1, area.y, " ", self.line_style);
        let shown = text::clip(self.title, left.saturating_sub(kept).max(left.min(1)));
        let mut x = row::put(buf, area, x, area.y, &shown, self.title_style);
        let rest = left.saturating_sub(text::width(&shown) + 2);
        if rest >= 3 && !self.aside.is_empty() {
            x = row::put(buf, area, x, area.y, "  ", self.aside_style);
            x = row::put(buf, area, x, area.y, &text::clip(self.aside, rest), self.aside_style);
        }
        let rest = (usize::from(area.x) + 2 + left).saturating_sub(usize::from(x));
        if let Some(mark) = self.mark.iter().find(|form| text::width(form) + 2 <= rest) {
            x = row::put(buf, area, x, area.y, "  ", self.mark_style);
            x = row::put(buf, area, x, area.y, mark, self.mark_style);
        }
        row::put(buf, Rect { width: area.width - 1, ..area }, x, area.y, " ", self.line_style);
        if let Some(parts) = right {
            let mut x = area.right() - 4 - cells(parts) as u16;
            x = row::put(buf, area, x, area.y, " ", self.line_style);
            for (words, style) in parts {
                x = row::put(buf, area, x, area.y, words, *style);
            }
            row::put(buf, area, x, area.y, " ", self.line_style);
        }
    }
}

/// Copies a pane from its own buffer to the screen. Where its frame meets a line that is already there the two are
/// merged, and a text that stands in that line stays. Paste the focused pane last, so that its line is on top.
pub fn paste(from: &Buffer, to: &mut Buffer) {
    let (edge, shared) = (from.area, from.area.intersection(to.area));
    if shared.is_empty() {
        return;
    }
    for row in shared.rows() {
        // Twenty panes are copied at every frame: where a row is found is reckoned once.
        let (at, into) = (from.index_of(row.x, row.y), to.index_of(row.x, row.y));
        let source = &from.content[at..at + usize::from(row.width)];
        if row.y == edge.top() || row.y + 1 == edge.bottom() {
            paste_line(source, to, row, into);
            continue;
        }
        let target = &mut to.content[into..into + source.len()];
        // All but the two ends of a row is the pane's own.
        let (first, last) = (usize::from(row.x == edge.x), usize::from(row.right() == edge.right()));
        let (begins, ends) = (first.min(source.len()), source.len().saturating_sub(last).max(first));
        target[begins..ends].clone_from_slice(&source[begins..ends]);
        for end in (0..begins).chain(ends..source.len()) {
            paste_edge(&source[end], &mut target[end], false);
        }
    }
}

/// The upper or lower line of a frame; `into` is where it begins in `to`.
fn paste_line(source: &[Cell], to: &mut Buffer, row: Rect, into: usize) {
    let all = to.area;
    let row_starts = into - usize::from(row.x - all.x);
    let whole = row_starts..row_starts + usize::from(all.width);
    let has_ink = |cell: &Cell| cell.symbol() != " " && !is_line(cell);
    for (nth, cell) in source.iter().enumerate() {
        let at = into + nth;
        // Words in a line: a cell that is no blank, or a blank beside one. What was just pasted counts, too.
        let around = || at.saturating_sub(1).max(whole.start)..(at + 2).min(whole.end);
        let is_over = is_line(cell) && !is_line(&to.content[at]);
        let is_text = is_over && to.content[around()].iter().any(has_ink);
        paste_edge(cell, &mut to.content[at], is_text);
    }
}

/// One cell of the frame; `is_text` says whether the one that is there belongs to words.
fn paste_edge(source: &Cell, target: &mut Cell, is_text: bool) {
    match (is_line(source), is_line(target)) {
        (true, true) => {
            // Most lines meet their like.
            if target.symbol() != source.symbol() {
                target.merge_symbol(source.symbol(), MergeStrategy::Exact);
            }
            target.set_style(source.style());
        }
        (true, false) if is_text => {}
        _ => target.clone_from(source),
    }
}

/// Whether a cell holds a line: U+2500 to U+257F, by their bytes.
fn is_line(cell: &Cell) -> bool {
    matches!(cell.symbol().as_bytes(), [0xe2, 0x94 | 0x95, ..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(width: u16, title: &str, right: &[&str], expected: &str) {
        let area = Rect::new(0, 0, width, 3);
        let mut buf = Buffer::empty(area);
        let right = right.iter().map(|words| vec![((*words).to_owned(), Style::new())]).collect();
        Frame { title, right, ..Frame::default() }.draw(area, &mut buf);
        let first: String = (0..width).map(|x| buf[(x, 0)].symbol()).collect();
        assert_eq!(first, expected);
    }

    #[test]
    fn the_longest_text_that_fits_stands_right() {
        let right = ["stale 42 s · prom timed out", "stale 42 s", "stale"];
        check(43, "Latency", &right, "┌ Latency ── stale 42 s · prom timed out ─┐");
        check(28, "Latency", &right, "┌ Latency ──── stale 42 s ─┐");
        check(20, "Latency", &right, "┌ Latency ─ stale ─┐");
        check(12, "Latency", &right, "┌ Latency ─┐");
        check(8, "Latency", &right, "┌ Lat… ┐");
    }

    #[test]
    fn a_title_gives_way_to_what_must_be_said() {
        let said = |width: u16, aside: &str| {
            let area = Rect::new(0, 0, width, 3);
            let mut buf = Buffer::empty(area);
            let right = vec![vec![("0.342 req/s".to_owned(), Style::new())]];
            let title = "Checkout errors";
            Frame { title, aside, aside_stays: true, right, ..Frame::default() }.draw(area, &mut buf);
            (0..width).map(|x| buf[(x, 0)].symbol()).collect::<String>()
        };
        assert_eq!(said(46, "1 hidden"), "┌ Checkout errors  1 hidden ─── 0.342 req/s ─┐");
        assert_eq!(said(36, "1 hidden"), "┌ Checkou…  1 hidden  0.342 req/s ─┐");
        assert_eq!(said(26, "1 hidden"), "┌ Checkout er…  1 hidden ┐");
    }

    #[test]
    fn a_mark_stands_whole_or_in_a_shorter_form_and_takes_nothing_from_the_title() {
        let said = |width: u16| {
            let area = Rect::new(0, 0, width, 3);
            let mut buf = Buffer::empty(area);
            let right = ["0.342 req/s", "0.342"].map(|words| vec![(words.to_owned(), Style::new())]).to_vec();
            let mark = vec!["fishy: up 42×".to_owned(), "fishy".to_owned()];
            Frame { title: "Checkout errors", mark, right, ..Frame::default() }.draw(area, &mut buf);
            (0..width).map(|x| buf[(x, 0)].symbol()).collect::<String>()
        };
        assert_eq!(said(52), "┌ Checkout errors  fishy: up 42× ──── 0.342 req/s ─┐");
        assert_eq!(said(42), "┌ Checkout errors  fishy ── 0.342 req/s ─┐");
        assert_eq!(said(36), "┌ Checkout errors  fishy ── 0.342 ─┐");
        assert_eq!(said(30), "┌ Checkout errors ─── 0.342 ─┐");
    }

    #[test]
    fn shared_lines_merge_and_keep_titles() {
        let mut screen = Buffer::empty(Rect::new(0, 0, 13, 5));
        let draw = |area: Rect, title: &str, focused: bool| {
            let mut own = Buffer::empty(area);
            Frame { title, focused, ..Frame::default() }.draw(area, &mut own);
            own
        };
        for (area, title) in [(Rect::new(0, 0, 7, 5), "a"), (Rect::new(6, 2, 7, 3), "c")] {
            paste(&draw(area, title, false), &mut screen);
        }
        paste(&draw(Rect::new(6, 0, 7, 3), "b", true), &mut screen);
        let expected = ["┌ a ──┲ b ━━┓", "│     ┃     ┃", "│     ┡ c ━━┩", "│     │     │", "└─────┴─────┘"];
        assert_eq!(
            (0..5).map(|y| (0..13).map(|x| screen[(x, y)].symbol()).collect::<String>()).collect::<Vec<_>>(),
            expected
        );
    }
}
