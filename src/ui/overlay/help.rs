//! What can be done here and now, with its keys; nothing that can not. On the board also what its signs mean.

use ratatui::{buffer::Buffer, layout::Rect, text::Line};

use super::boxed;
use crate::{
    app::{
        Action, View,
        action::{MOVES, Scope, VIEWS},
        commands,
    },
    ui::{
        Role, Screen,
        line::words,
        sheet::Sheet,
        widget::{list, text},
    },
};

/// Cells of the keys.
const KEYS: usize = 13;
/// A column of help, in cells.
const COLUMN: u16 = 64;

/// Values of a cell, which are one line of help together: the signs explain them.
const CELLS: [Action; 5] =
    [Action::CellMust, Action::CellLikely, Action::CellNeutral, Action::CellUnlikely, Action::CellCannot];

/// What the mouse does while it is ours.
const MOUSE: [(&str, &str); 4] = [
    ("wheel", "scrolls what it is over"),
    ("click", "selects; twice opens; decides and runs nothing"),
    ("right click", "what can be done there; a click on a line does it"),
    ("drag", "over a chart: zooms in; with Shift: selects text"),
];

/// The signs of the board.
const SIGNS: [(&str, &str); 12] = [
    ("#  +  .", "must be there, likely there, says nothing"),
    ("-  X  ?", "unlikely, cannot be there, not assessed"),
    ("!  as in X!", "what is seen strongly contradicts the row"),
    ("[ ]", "the cell the keys act on"),
    ("≠", "people disagree on the cell; the newest counts"),
    ("≈", "the lead is shaky: filling a ? could take it"),
    ("▼2  3/5", "two against, ▼2! contradicted; explains 3 of 5"),
    ("↑4", "the row was fourth a moment ago"),
    ("✗  ✓  z", "refuted, confirmed, parked"),
    ("a✗", "hangs on an assumption that is broken"),
    ("∅", "untestable: nothing here could prove it wrong"),
    ("dim column", "all rows agree on it, or a coincidence"),
];

pub(super) fn draw(screen: Screen<'_>, scroll: usize, body: Rect, buf: &mut Buffer) {
    let app = screen.app;
    let here: Vec<Action> =
        app.screen.actions_here().into_iter().filter(|action| commands::can(app, *action)).collect();
    let is_own = |action: &Action| action.spec().scope != Scope::Everywhere;
    let (own, others): (Vec<Action>, Vec<Action>) = here.into_iter().partition(is_own);
    let two = body.width >= 2 * COLUMN + 6;
    let mut left = Sheet::default();
    let mut right = Sheet::default();
    if !own.is_empty() {
        list(screen, &format!("In {}", app.screen.view.name()), &own, &mut left);
    }
    if app.screen.view == View::Board && !app.incident.board.hypotheses.is_empty() {
        explained(screen, "Signs on the board", &SIGNS, &mut left);
    }
    list(screen, "In every view", &others, if two { &mut right } else { &mut left });
    if app.session.mouse {
        let shorter = if two && right.len() < left.len() { &mut right } else { &mut left };
        explained(screen, "Mouse", &MOUSE, shorter);
    }
    let lines = left.len().max(right.len());
    let width = if two { 2 * COLUMN + 6 } else { COLUMN + 4 };
    let height = u16::try_from(lines + 2).unwrap_or(u16::MAX);
    let area = super::middle(body, width, height);
    let room = usize::from(area.height.saturating_sub(2));
    let scroll = scroll.min(lines.saturating_sub(room));
    let view = list::in_view(lines, room, scroll, None);
    let keys = match list::position(&view, lines) {
        Some(position) => format!("{position} · ↓ ↑ scroll · Esc closes"),
        None => "Esc closes".into(),
    };
    let inner = boxed(screen, "What can be done here", &keys, area, buf);
    screen.note_lines(inner, &view, lines);
    if two {
        let half = inner.width / 2;
        left.draw_plain(Rect { width: half, ..inner }, scroll, buf);
        right.draw_plain(Rect { x: inner.x + half, width: inner.width - half, ..inner }, scroll, buf);
    } else {
        left.draw_plain(inner, scroll, buf);
    }
}

fn list(screen: Screen<'_>, title: &str, actions: &[Action], sheet: &mut Sheet<'_>) {
    let Screen { app, theme, .. } = screen;
    sheet.heading(theme, title, "");
    let mut moves = false;
    let mut views = false;
    let mut cells = false;
    let first_keys = |of: &[Action]| of.iter().map(|a| app.session.keymap.key(*a)).collect::<Vec<_>>().join(" ");
    for action in actions {
        // What is one idea is one line.
        if VIEWS.contains(action) {
            if !std::mem::replace(&mut views, true) {
                entry(screen, &first_keys(&VIEWS), "watch, board, act, log, learn", sheet);
            }
        } else if CELLS.contains(action) {
            if !std::mem::replace(&mut cells, true) {
                entry(screen, &first_keys(&CELLS), "what the row expects of the column; see the signs", sheet);
            }
        } else if MOVES.contains(action) {
            if !std::mem::replace(&mut moves, true) {
                let also =
                    [Action::PageUp, Action::PageDown, Action::NextPane].map(|a| app.session.keymap.key(a)).join(", ");
                let sideways = commands::can(app, Action::Left);
                let letters = if sideways { "h j k l" } else { "j k" };
                let doc = format!("move; also {letters}, {also}, g g, G");
                entry(screen, &first_keys(&MOVES[..if sideways { 4 } else { 2 }]), &doc, sheet);
            }
        } else {
            let keys = app.session.keymap.keys_of(*action);
            let typed = || format!("{} {}", app.session.keymap.key(Action::Palette), action.spec().name);
            let keys = if keys.is_empty() { typed() } else { keys.join("  ") };
            entry(screen, &keys, action.spec().doc, sheet);
        }
    }
}

fn explained(screen: Screen<'_>, title: &str, signs: &[(&str, &str)], sheet: &mut Sheet<'_>) {
    sheet.heading(screen.theme, title, "");
    for (sign, meaning) in signs {
        entry(screen, sign, meaning, sheet);
    }
}

fn entry(screen: Screen<'_>, keys: &str, doc: &str, sheet: &mut Sheet<'_>) {
    sheet.push(Line::from(vec![
        words(screen.theme, Role::Key, format!("{} ", text::left(keys, KEYS))),
        words(screen.theme, Role::Text, doc.to_owned()),
    ]));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::action::TABLE;

    #[test]
    fn no_line_runs_into_the_other_column() {
        let explained = SIGNS.iter().chain(&MOUSE).map(|(_, meaning)| *meaning);
        for doc in TABLE.iter().map(|spec| spec.doc).chain(explained) {
            assert!(text::width(doc) + KEYS + 2 <= usize::from(COLUMN), "{doc}");
        }
    }
}
