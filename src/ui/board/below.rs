//! Below the rows, where they leave room: the columns in full, and why the selected row has its number.

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    text::{Line, Span},
};

use super::Table;
use crate::{
    app::clock,
    incident::{Observation, ObservationState, ranking},
    ui::{
        Role,
        line::{self, words},
        widget::text,
    },
};

/// Lines that are worth it: an empty one, a heading, and two more.
const LEAST: u16 = 4;
/// Lines that come before air between the rows.
pub(super) const ENOUGH: usize = 12;
/// The least width, in cells, of two lists side by side, and the cells between them.
const TWO: u16 = 88;
const BETWEEN: u16 = 3;

pub(super) fn draw(table: &Table<'_>, area: Rect, buf: &mut Buffer) {
    if area.height < LEAST || area.width < 20 {
        return;
    }
    let area = Rect { x: area.x + 1, width: area.width - 1, y: area.y + 1, height: area.height - 1 };
    let height = usize::from(area.height);
    let columns = |width: u16| {
        let all = columns(table, width, 0);
        // Those whose heads are in view come first.
        if all.len() <= height { all } else { columns(table, width, table.view.start) }
    };
    let all = columns(area.width);
    let reasons = |width: u16| reasons(table, width);
    // As many as a row can have, so that nothing moves with the cursor.
    let settled = table.screen.app.incident.board.observations.iter().filter(|column| column.state.is_settled());
    let most_reasons = settled.count() + 3;
    if all.len() + 1 + most_reasons <= height {
        draw_list(&all, area, buf);
        let y = area.y + all.len() as u16 + 1;
        let below = Rect { y, height: area.bottom() - y, ..area };
        draw_list(&reasons(area.width), below, buf);
    } else if area.width >= TWO {
        let width = (area.width - BETWEEN) / 2;
        draw_list(&columns(width), Rect { width, ..area }, buf);
        draw_list(&reasons(width), Rect { x: area.right() - width, width, ..area }, buf);
    } else if all.len() > height && most_reasons <= height {
        draw_list(&reasons(area.width), area, buf);
    } else {
        draw_list(&all, area, buf);
    }
}

fn draw_list(list: &[Line<'_>], area: Rect, buf: &mut Buffer) {
    for (at, (y, shown)) in (area.y..area.bottom()).zip(list).enumerate() {
        let left = list.len() - at;
        if y + 1 == area.bottom() && left > 1 {
            let style = list.first().map(|heading| heading.spans[0].style).unwrap_or_default();
            line::put(buf, Rect { y, height: 1, ..area }, &Line::styled(format!("and {left} lines more"), style));
        } else {
            line::put(buf, Rect { y, height: 1, ..area }, shown);
        }
    }
}

/// Every column from a place on: its number, its words, its state and since when.
fn columns(table: &Table<'_>, width: u16, from: usize) -> Vec<Line<'static>> {
    let app = table.screen.app;
    let theme = table.screen.theme;
    let observations = &app.incident.board.observations;
    let labels = observations.iter().map(|column| text::width(&column.label)).max().unwrap_or_default();
    let mut lines = vec![Line::from(words(theme, Role::Dim, "what is seen"))];
    for column in &observations[from..] {
        let selected = table.column == Some(column.id);
        let label = text::left(&column.label, labels) + " ";
        let shown = Line::from(vec![
            words(theme, if selected { Role::Focus } else { Role::Dim }, label),
            words(theme, Role::Text, column.text.clone()),
            words(theme, Role::Dim, " · "),
            state(table, column),
            words(theme, Role::Dim, known(table, column)),
        ]);
        lines.extend(line::wrap(&shown, width.into(), labels + 1));
    }
    lines
}

fn state(table: &Table<'_>, column: &Observation) -> Span<'static> {
    let role = match column.state {
        ObservationState::Present => Role::Strong,
        ObservationState::Absent => Role::Text,
        ObservationState::Untested => Role::Accent,
        ObservationState::Unclear => Role::Stale,
    };
    words(table.screen.theme, role, column.state.word())
}

/// Since when, until when, and whether it counts.
fn known(table: &Table<'_>, column: &Observation) -> String {
    let session = &table.screen.app.session;
    let minute = |at| clock::minute(at, &session.zone, session.utc);
    let since = if column.state.is_settled() { format!(" since {}", minute(column.when)) } else { String::new() };
    let cleared = column.cleared.map(|at| format!(", cleared {}", minute(at))).unwrap_or_default();
    let chance = if column.coincidence { ", a coincidence: not counted" } else { "" };
    format!("{since}{cleared}{chance}")
}

/// The reasons that make up the number of the selected row.
fn reasons(table: &Table<'_>, width: u16) -> Vec<Line<'static>> {
    let Some(row) = table.row else { return Vec::new() };
    let theme = table.screen.theme;
    let board = &table.screen.app.incident.board;
    let Some(score) = table.screen.app.incident.ranking.row(row) else { return Vec::new() };
    let (label, name) = super::name(table.screen, row);
    let heading = format!("why {label} {name} is at {}", score.bits);
    let mut lines = vec![Line::from(words(theme, Role::Dim, text::clip(&heading, width.into()).into_owned()))];
    for reason in ranking::reasons(board, row) {
        let columns = reason.observations.iter().filter_map(|id| board.observation(*id));
        let labels = columns.map(|column| column.label.as_str()).collect::<Vec<_>>().join(", ");
        let labels = if labels.is_empty() { labels } else { labels + " " };
        let role = match reason.bits.0 {
            ..0 => Role::Warning,
            0 => Role::Dim,
            _ => Role::Ok,
        };
        let shown = Line::from(vec![
            words(theme, role, format!("{:>5}  ", reason.bits.to_string())),
            words(theme, Role::Dim, labels),
            words(theme, Role::Text, reason.text.clone()),
        ]);
        lines.extend(line::wrap(&shown, width.into(), 7));
    }
    lines
}
