//! Below the board where there is no room beside it: the next check, what nothing explains, the smallest sets.

use ratatui::{buffer::Buffer, layout::Rect, text::Line};

use super::{alarm, column_name, disagreements, put_next, selected, sets, unexplained};
use crate::{
    app::Action,
    ui::{
        Role, Screen,
        cache::Known,
        line::{self, words},
    },
};

pub(super) fn height(body: u16) -> u16 {
    match body {
        ..10 => 0,
        10..14 => 2,
        _ => 4,
    }
}

pub(super) fn draw(screen: Screen<'_>, known: &Known, area: Rect, buf: &mut Buffer) {
    let Screen { app, theme, .. } = screen;
    let board = &app.incident.board;
    let mut area = Rect { x: area.x + 1, width: area.width.saturating_sub(1), ..area };
    let next = match known.checks.first() {
        Some(best) => vec![
            words(theme, Role::Dim, "next check  "),
            words(theme, Role::Strong, column_name(screen, best.observation)),
            words(theme, Role::Text, format!(": {}", best.words(board))),
        ],
        None if !known.is_judged => vec![words(theme, Role::Dim, "next check  …")],
        None => {
            let key = app.session.keymap.key(Action::AddSign);
            let text = format!("next check  no sign left to look for; {key} adds one");
            vec![words(theme, Role::Dim, text)]
        }
    };
    let next = line::wrap(&Line::from(next), area.width.into(), 12);
    if let Some(alarm) = alarm(screen) {
        put_next(&mut area, buf, &alarm);
    }
    // Where there is a line to spare it has the selected column's whole text.
    if usize::from(area.height) > next.len() + 1 {
        put_next(&mut area, buf, &selected(screen));
    }
    // What there is no room for is one key away.
    for piece in next.iter().take(usize::from(area.height.saturating_sub(1)).clamp(1, 2)) {
        put_next(&mut area, buf, piece);
    }
    let mut facts = Line::from(words(theme, Role::Dim, "nothing explains  "));
    if known.unexplained.is_empty() {
        facts.push_span(words(theme, Role::Dim, if known.is_judged { "(none)" } else { "…" }));
    } else {
        let label = |id| board.observation(id).map(|column| column.label.clone()).unwrap_or_default();
        let (shown, more) = unexplained(known, 5);
        let labels: Vec<String> = shown.iter().map(|id| label(*id)).collect();
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        facts.push_span(words(theme, Role::Warning, format!("! {}{more}", labels.join(", "))));
    }
    facts.push_span(words(theme, Role::Dim, "   smallest sets  "));
    facts.push_span(words(theme, Role::Text, sets(screen, known, 4)));
    put_next(&mut area, buf, &facts);
    if let Some(said) = disagreements(screen, known).first() {
        put_next(&mut area, buf, &Line::from(words(theme, Role::Warning, said.clone())));
    }
}
