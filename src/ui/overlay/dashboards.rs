//! The list of dashboards: what each is called, where it is, and whether it is open.

use ratatui::{buffer::Buffer, layout::Rect, text::Line};

use super::{boxed, draw_field};
use crate::{
    app::{screen::overlay::DashboardList, world::dashboards::DashboardRow},
    ui::{
        Role, Screen,
        line::{self, words},
        sign,
        widget::list,
    },
};

pub(super) fn draw(screen: Screen<'_>, dashboards: &DashboardList, body: Rect, buf: &mut Buffer) {
    let theme = screen.theme;
    let area = super::middle(body, 96, 20);
    let inner = boxed(screen, "Dashboards", "Enter opens · Esc leaves", area, buf);
    let field = Rect { height: inner.height.min(1), ..inner };
    line::put(buf, field, &Line::from(words(theme, Role::Accent, sign::PROMPT)));
    draw_field(screen, &dashboards.field, Rect { x: field.x + 2, width: field.width.saturating_sub(2), ..field }, buf);
    let mut below = Rect { y: inner.y + field.height, height: inner.height.saturating_sub(1), ..inner };
    // Whether more is to come, or did not, stands below the list: nothing moves when it has come.
    let said = match (&dashboards.trouble, dashboards.is_read()) {
        (Some(trouble), _) => Some((Role::Warning, trouble.as_str())),
        (None, false) => Some((Role::Dim, "reading what else there is …")),
        (None, true) if dashboards.selected().is_none() && dashboards.field.is_blank() => {
            Some((Role::Dim, "none: a [[dashboard]], a folder or a source of type grafana in stanch.toml brings some"))
        }
        (None, true) if dashboards.selected().is_none() => Some((Role::Dim, "no dashboard has all of these words")),
        (None, true) => None,
    };
    if let Some((role, said)) = said
        && below.height > 0
    {
        let foot = Rect { y: below.bottom() - 1, height: 1, ..below };
        line::put(buf, foot, &Line::from(words(theme, role, format!("  {said}"))));
    }
    below.height = below.height.saturating_sub(1);
    let top = screen.app.screen.overlay_top;
    let view = list::in_view(dashboards.found().len(), below.height.into(), top, Some(dashboards.cursor));
    screen.note_lines(below, &view, dashboards.found().len());
    let shown = dashboards.found().enumerate().skip(view.start).take(view.len());
    for (y, (at, row)) in (below.y..).zip(shown) {
        let place = Rect { y, height: 1, ..below };
        draw_row(screen, row, at == dashboards.cursor, place, buf);
        if at == dashboards.cursor {
            line::select(buf, place, theme);
        }
    }
}

fn draw_row(screen: Screen<'_>, row: &DashboardRow, selected: bool, place: Rect, buf: &mut Buffer) {
    let theme = screen.theme;
    let left = Line::from(vec![
        words(theme, Role::Focus, format!("{} ", sign::cursor(selected))),
        words(theme, Role::Strong, row.title.clone()),
    ]);
    let about = match (row.is_starred, row.about.is_empty()) {
        (true, true) => "starred".to_owned(),
        (true, false) => format!("starred · {}", row.about),
        (false, _) => row.about.clone(),
    };
    line::put_both(buf, place, &left, &Line::from(words(theme, Role::Dim, about)));
}
