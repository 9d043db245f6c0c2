//! Below the rows, where they leave room: the columns in full, and why the selected row has its number.

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    text::{Line, Span},
};

use super::Table;
use crate::{
    app::clock,
    incident::{Observation, ObservationState, ranking::Reason},
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

/// Lines of a list, and how many of its things are not in them.
struct List {
    lines: Vec<Line<'static>>,
    left: usize,
}

pub(super) fn draw(table: &Table<'_>, reasons: &[Reason], area: Rect, buf: &mut Buffer) {
    if area.height < LEAST || area.width < 20 {
        return;
    }
    let area = Rect { x: area.x + 1, width: area.width - 1, y: area.y + 1, height: area.height - 1 };
    let height = usize::from(area.height);
    // As many as a row can have, so that nothing moves with the cursor.
    let observations = &table.screen.app.incident.board.observations;
    let most_reasons = observations.iter().filter(|column| column.state.is_settled()).count() + 3;
    let all = columns(table, area.width, height);
    let left = area.height - all.lines.len() as u16;
    if all.left == 0 && usize::from(left) > most_reasons {
        draw_list(table, all, area, buf);
        let below = Rect { y: area.bottom() - left + 1, height: left - 1, ..area };
        draw_list(table, why(table, reasons, area.width, height), below, buf);
    } else if area.width >= TWO {
        let width = (area.width - BETWEEN) / 2;
        draw_list(table, columns(table, width, height), Rect { width, ..area }, buf);
        let right = Rect { x: area.right() - width, width, ..area };
        draw_list(table, why(table, reasons, width, height), right, buf);
    } else if all.left > 0 && most_reasons <= height {
        draw_list(table, why(table, reasons, area.width, height), area, buf);
    } else {
        draw_list(table, all, area, buf);
    }
}

fn draw_list(table: &Table<'_>, list: List, area: Rect, buf: &mut Buffer) {
    let more = format!("and {} more", list.left);
    let more = (list.left > 0).then(|| Line::from(words(table.screen.theme, Role::Dim, more)));
    for (y, shown) in (area.y..area.bottom()).zip(list.lines.iter().chain(&more)) {
        line::put(buf, Rect { y, height: 1, ..area }, shown);
    }
}

impl List {
    fn headed(table: &Table<'_>, heading: &str, width: u16) -> Self {
        let heading = text::clip(heading, width.into()).into_owned();
        Self { lines: vec![Line::from(words(table.screen.theme, Role::Dim, heading))], left: 0 }
    }

    /// Adds things, each with its lines, as far as there is room for them; no more of them are looked at.
    fn fill(mut self, things: impl ExactSizeIterator<Item = Vec<Line<'static>>>, most: usize) -> Self {
        let mut things = things;
        while let Some(thing) = things.next() {
            // One line says how many are left.
            let needed = self.lines.len() + thing.len() + usize::from(things.len() > 0);
            if needed > most {
                self.left = things.len() + 1;
                return self;
            }
            self.lines.extend(thing);
        }
        self
    }
}

/// The columns: the number of each, its words, its state and since when. Where there is no room for all of them those whose
/// heads are in view come first.
fn columns(table: &Table<'_>, width: u16, most: usize) -> List {
    let theme = table.screen.theme;
    let all = &table.screen.app.incident.board.observations;
    let labels = all.iter().map(|column| text::width(&column.label)).max().unwrap_or_default();
    let lines = |column: &Observation| {
        let selected = table.column == Some(column.id);
        let label = text::left(&column.label, labels) + " ";
        let shown = Line::from(vec![
            words(theme, if selected { Role::Focus } else { Role::Dim }, label),
            words(theme, Role::Text, column.text.clone()),
            words(theme, Role::Dim, " · "),
            state(table, column),
            words(theme, Role::Dim, known(table, column)),
        ]);
        line::wrap(&shown, width.into(), labels + 1)
    };
    let from = |from: usize| {
        let heading =
            if from == 0 { "what is seen".to_owned() } else { format!("what is seen, from {} on", all[from].label) };
        List::headed(table, &heading, width).fill(all[from..].iter().map(lines), most)
    };
    let (whole, first) = (from(0), table.view.start.min(all.len().saturating_sub(1)));
    if whole.left > 0 && first > 0 { from(first) } else { whole }
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
fn why(table: &Table<'_>, reasons: &[Reason], width: u16, most: usize) -> List {
    let theme = table.screen.theme;
    let board = &table.screen.app.incident.board;
    let score = table.row.and_then(|row| table.screen.app.incident.ranking.row(row));
    let Some(score) = score.filter(|_| !reasons.is_empty()) else { return List { lines: Vec::new(), left: 0 } };
    let (label, name) = super::name(table.screen, score.id);
    let lines = |reason: &Reason| {
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
        line::wrap(&shown, width.into(), 7)
    };
    List::headed(table, &format!("why {label} {name} is at {}", score.bits), width)
        .fill(reasons.iter().map(lines), most)
}
