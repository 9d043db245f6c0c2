//! The list of incidents: when each was begun, where it stands, what it is called.

use ratatui::{buffer::Buffer, layout::Rect, text::Line};

use super::{boxed, draw_field};
use crate::{
    app::{IncidentRow, screen::overlay::IncidentList},
    base::human_time,
    ui::{
        Role, Screen,
        line::{self, words},
        sign,
        widget::{list, text},
    },
};

/// Cells of a status, and of a severity.
const STATUS: usize = 9;
const SEVERITY: usize = 8;

pub(super) fn draw(screen: Screen<'_>, incidents: &IncidentList, body: Rect, buf: &mut Buffer) {
    let theme = screen.theme;
    let area = super::middle(body, 96, 20);
    let inner = boxed(screen, "Incidents", "Enter goes there · Esc stays", area, buf);
    let field = Rect { height: inner.height.min(1), ..inner };
    line::put(buf, field, &Line::from(words(theme, Role::Accent, sign::PROMPT)));
    draw_field(screen, &incidents.field, Rect { x: field.x + 2, width: field.width.saturating_sub(2), ..field }, buf);
    let below = Rect { y: inner.y + field.height, height: inner.height.saturating_sub(1), ..inner };
    if incidents.selected().is_none() {
        let said = if incidents.is_read() { "  no incident has all of these words" } else { "  reading the list …" };
        line::put(buf, below, &Line::from(words(theme, Role::Dim, said)));
    }
    let top = screen.app.screen.overlay_top;
    let view = list::in_view(incidents.found().len(), below.height.into(), top, Some(incidents.cursor));
    screen.note_lines(below, &view, incidents.found().len());
    let shown = incidents.found().enumerate().skip(view.start).take(view.len());
    for (y, (at, row)) in (below.y..).zip(shown) {
        let place = Rect { y, height: 1, ..below };
        draw_row(screen, row, at == incidents.cursor, place, buf);
        if at == incidents.cursor {
            line::select(buf, place, theme);
        }
    }
}

fn draw_row(screen: Screen<'_>, row: &IncidentRow, selected: bool, place: Rect, buf: &mut Buffer) {
    let Screen { app, theme, .. } = screen;
    let zone = app.session.shown_zone();
    let opened = row.opened.map(|at| at.to_zoned(zone).strftime("%Y-%m-%d %H:%M").to_string());
    let status = if row.status == "bleeding" { Role::Critical } else { Role::Text };
    let title = format!("{}{}", row.title, if row.drill { " (drill)" } else { "" });
    let left = Line::from(vec![
        words(theme, Role::Focus, format!("{} ", sign::cursor(selected))),
        words(theme, Role::Dim, format!("{}  ", opened.unwrap_or_else(|| format!("{:16}", "–")))),
        words(theme, status, format!("{} ", text::left(row.status, STATUS))),
        words(theme, Role::Dim, format!("{} ", text::left(row.severity.as_deref().unwrap_or("–"), SEVERITY))),
        words(theme, Role::Strong, title),
    ]);
    let right = match (&row.unreadable, row.last) {
        (Some(why), _) => words(theme, Role::Warning, why.clone()),
        _ if row.id == app.session.id => words(theme, Role::Accent, "this one"),
        (None, Some(last)) => {
            let age = human_time::age(human_time::seconds_between(last, app.session.now));
            words(theme, Role::Dim, format!("last entry {age} ago"))
        }
        (None, None) => words(theme, Role::Dim, ""),
    };
    line::put_both(buf, place, &left, &Line::from(right));
}
