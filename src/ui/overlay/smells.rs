//! What smells, the fishiest first.

use ratatui::{buffer::Buffer, layout::Rect, text::Line};

use super::boxed;
use crate::{
    app::{
        commands::smells::{why_none, words as reason},
        smelling::Found,
    },
    ui::{
        Role, Screen,
        line::{self, words},
        sign,
        widget::list,
    },
};

pub(super) fn draw(screen: Screen<'_>, cursor: usize, body: Rect, buf: &mut Buffer) {
    let app = screen.app;
    let known: Vec<_> = app.world.smells.shown().collect();
    // Two lines each: which, and why.
    let height = u16::try_from(2 * known.len() + 4).unwrap_or(u16::MAX).clamp(7, 30);
    let keys = "Enter goes there · s takes it as a symptom · Esc leaves";
    let inner = boxed(screen, "What smells", keys, super::middle(body, 110, height), buf);
    let rows = Rect { height: inner.height.saturating_sub(1) / 2 * 2, ..inner };
    let view = list::in_view(known.len(), (rows.height / 2).into(), app.screen.overlay_top, Some(cursor));
    if let Some(spots) = screen.spots {
        spots.note_tall(rows, view.clone().map(|at| (at, 2)), view.start, known.len().saturating_sub(view.len()));
    }
    for (y, at) in (rows.y..).step_by(2).zip(view.clone()) {
        draw_one(screen, known[at], at == cursor, Rect { y, height: 1, ..rows }, buf);
    }
    if known.is_empty() {
        let said = why_none(app.world.smells.standing(app.incident.onset()));
        line::put(buf, Rect { height: 1, ..inner }, &Line::from(words(screen.theme, Role::Text, said)));
    }
    let position = list::position(&view, known.len()).map(|shown| format!("{shown} · ")).unwrap_or_default();
    let hint = format!("{position}moved since the onset as it never moved before, against its own past");
    let below = Rect { y: inner.bottom().saturating_sub(1), height: inner.height.min(1), ..inner };
    line::put(buf, below, &Line::from(words(screen.theme, Role::Dim, hint)));
}

fn draw_one(screen: Screen<'_>, found: &Found, selected: bool, row: Rect, buf: &mut Buffer) {
    let theme = screen.theme;
    let title = screen.app.world.plan.pane(found.pane).map_or("", |pane| &pane.pane.title);
    let arrow = if found.smell.is_up { "↑" } else { "↓" };
    let mut parts = vec![
        words(theme, Role::Focus, format!("{} ", sign::cursor(selected))),
        words(theme, Role::Warning, format!("{arrow} ")),
        words(theme, Role::Strong, title.to_owned()),
    ];
    if *found.series != *title {
        parts.push(words(theme, Role::Text, format!("  {}", found.series)));
    }
    line::put(buf, row, &Line::from(parts));
    if selected {
        line::select(buf, row, theme);
    }
    let below = Rect { x: row.x + 4, y: row.y + 1, width: row.width.saturating_sub(4), ..row };
    line::put(buf, below, &Line::from(words(theme, Role::Dim, reason(screen.app, found))));
}
