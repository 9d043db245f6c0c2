//! What is taken for granted, in the order it is poked.

use ratatui::{buffer::Buffer, layout::Rect, text::Line};

use super::boxed;
use crate::{
    app::{Action, assumptions},
    incident::board::{Assumption, AssumptionState},
    ui::{
        Role, Screen,
        line::{self, words},
        sign,
        widget::list,
    },
};

pub(super) fn draw(screen: Screen<'_>, cursor: usize, body: Rect, buf: &mut Buffer) {
    let known = assumptions::assumptions(&screen.app.incident);
    let height = u16::try_from(known.len() + 4).unwrap_or(u16::MAX).clamp(6, 24);
    let keys = "Enter checks it · Esc leaves";
    let inner = boxed(screen, "Taken for granted", keys, super::middle(body, 96, height), buf);
    let rows = Rect { height: inner.height.saturating_sub(1), ..inner };
    let view = list::in_view(known.len(), rows.height.into(), screen.app.screen.overlay_top, Some(cursor));
    screen.note_lines(rows, &view, known.len());
    for (y, at) in (rows.y..).zip(view.clone()) {
        let row = Rect { y, height: 1, ..rows };
        draw_one(screen, known[at], at == cursor, row, buf);
        if at == cursor {
            line::select(buf, row, screen.theme);
        }
    }
    let add = screen.app.session.keymap.key(Action::Assume);
    let position = list::position(&view, known.len()).map(|shown| format!("{shown} · ")).unwrap_or_default();
    let hint = format!("{position}the oldest that nobody has checked stands first · {add} on the board adds one");
    let below = Rect { y: rows.bottom(), height: inner.height.min(1), ..inner };
    line::put(buf, below, &Line::from(words(screen.theme, Role::Dim, hint)));
}

/// The word for where it stands.
pub(in crate::ui) fn state_words(state: AssumptionState) -> &'static str {
    match state {
        AssumptionState::Unpoked => "not checked",
        AssumptionState::Holds => "holds",
        AssumptionState::Broken => "broken",
    }
}

fn draw_one(screen: Screen<'_>, known: &Assumption, selected: bool, row: Rect, buf: &mut Buffer) {
    let theme = screen.theme;
    let (sign, role) = match known.state {
        AssumptionState::Unpoked => ("?", Role::Accent),
        AssumptionState::Holds => ("✓", Role::Ok),
        AssumptionState::Broken => ("✗", Role::Critical),
    };
    let state = state_words(known.state);
    let whose = known.hypothesis.and_then(|id| screen.app.incident.board.hypothesis(id));
    let whose = whose.map_or("all".to_owned(), |row| row.label.clone());
    let left = Line::from(vec![
        words(theme, Role::Focus, format!("{} ", sign::cursor(selected))),
        words(theme, role, format!("{sign} ")),
        words(theme, Role::Dim, format!("{whose:<4}")),
        words(theme, Role::Text, known.text.clone()),
    ]);
    line::put_both(buf, row, &left, &Line::from(words(theme, role, state)));
}
