//! What was just done, or could not be done, for a few seconds. It lies over the line of the leading hypotheses and the
//! names of the views, where it needs that over the last line of the view, too, and moves nothing.

use ratatui::{buffer::Buffer, layout::Rect, text::Line};

use super::{
    Role, Screen,
    line::{self, words},
    widget::text,
};
use crate::app::NoticeKind;

/// Cells before the words: the sign, with a space on either side.
const SIGN: u16 = 3;
/// Least height of a view that gives up a line.
const HIGH: u16 = 6;

/// Draws it over `area`, one line high below `body`; `names` are the cells on the right that it leaves as they are if it
/// can.
pub(super) fn draw(screen: Screen<'_>, body: Rect, area: Rect, names: u16, buf: &mut Buffer) {
    let area = area.intersection(buf.area);
    if area.is_empty() {
        return;
    }
    let rows = rows(screen, body);
    let Some(last) = rows.last() else { return };
    let beside = area.width.saturating_sub(names);
    let width = if text::width(last) + 4 <= beside.into() { beside } else { area.width };
    put(screen, last, rows.len() == 1, Rect { width, height: 1, ..area }, buf);
}

/// The first of its two lines, over the last one of the view. Nothing where it takes one.
pub(super) fn above(screen: Screen<'_>, body: Rect) -> Option<Buffer> {
    let rows = rows(screen, body);
    let [first, _] = rows.as_slice() else { return None };
    let area = Rect { y: body.bottom() - 1, height: 1, ..body };
    let mut buf = Buffer::empty(area);
    put(screen, first, true, area, &mut buf);
    Some(buf)
}

fn put(screen: Screen<'_>, said: &str, is_first: bool, area: Rect, buf: &mut Buffer) {
    let Some(notice) = &screen.app.screen.notice else { return };
    let (sign, role, said_in) = match notice.kind {
        NoticeKind::Done => ("✓", Role::Ok, Role::Text),
        NoticeKind::Trouble => ("✗", Role::Warning, Role::Warning),
        NoticeKind::Hint => ("·", Role::Dim, Role::Text),
    };
    let sign = if is_first { sign } else { " " };
    let shown =
        Line::from(vec![words(screen.theme, role, format!(" {sign} ")), words(screen.theme, said_in, said.to_owned())]);
    for at in area.positions() {
        buf[at].reset();
    }
    line::put(buf, area, &shown);
}

/// Its words in as many lines as there is room for: two, or one below what lies over the view.
fn rows(screen: Screen<'_>, body: Rect) -> Vec<String> {
    let Some(notice) = &screen.app.screen.notice else { return Vec::new() };
    let most = if screen.app.screen.overlay.is_none() && body.height >= HIGH { 2 } else { 1 };
    fitted(&notice.text, body.width.saturating_sub(SIGN + 1).into(), most)
}

/// The text in at most so many lines. Where that is too little words of many letters, which are paths and names, lose
/// their middle; then the end goes.
fn fitted(said: &str, width: usize, most: usize) -> Vec<String> {
    for longest in [usize::MAX, 60, 40, 24] {
        let shorter: Vec<_> = said.split(' ').map(|word| text::clip_middle(word, longest)).collect();
        let lines = text::wrap(&shorter.join(" "), width);
        if lines.len() <= most {
            return lines;
        }
    }
    let mut lines = text::wrap(said, width);
    let rest = lines.split_off(most.saturating_sub(1).min(lines.len())).join(" ");
    lines.push(text::clip(&rest, width).into_owned());
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(said: &str, width: usize, most: usize, expected: &[&str]) {
        assert_eq!(fitted(said, width, most), expected);
    }

    #[test]
    fn a_second_line_before_anything_is_cut_and_the_end_of_a_path_stays() {
        check("saved to /a/b.toml", 20, 2, &["saved to /a/b.toml"]);
        check("saved to /a/b.toml", 12, 2, &["saved to", "/a/b.toml"]);
        let path = "saved to /home/alice/incidents/2026/november/board-of-checkout.toml";
        check(path, 40, 2, &["saved to", "/home/alice/incident…rd-of-checkout.toml"]);
        check("one two three four five six", 8, 2, &["one two", "three f…"]);
        check("", 8, 2, &[]);
    }
}
