//! What was just done, or could not be done, for a few seconds. It lies over the line of the leading hypotheses and the
//! names of the views, and moves nothing.

use ratatui::{buffer::Buffer, layout::Rect, text::Line};

use super::{
    Role, Screen,
    line::{self, words},
    widget::text,
};
use crate::app::NoticeKind;

/// Draws it over `area`, one line high; `names` are the cells on the right that it leaves as they are if it can.
pub(super) fn draw(screen: Screen<'_>, area: Rect, names: u16, buf: &mut Buffer) {
    let Some(notice) = &screen.app.screen.notice else { return };
    let area = area.intersection(buf.area);
    if area.is_empty() {
        return;
    }
    let (sign, role, said) = match notice.kind {
        NoticeKind::Done => ("✓", Role::Ok, Role::Text),
        NoticeKind::Trouble => ("✗", Role::Warning, Role::Warning),
        NoticeKind::Hint => ("·", Role::Dim, Role::Text),
    };
    let shown = Line::from(vec![
        words(screen.theme, role, format!(" {sign} ")),
        words(screen.theme, said, notice.text.clone()),
    ]);
    let beside = area.width.saturating_sub(names);
    let width = if text::width(&notice.text) + 4 <= beside.into() { beside } else { area.width };
    for x in area.left()..area.left() + width {
        buf[(x, area.y)].reset();
    }
    line::put(buf, Rect { width, height: 1, ..area }, &shown);
}
