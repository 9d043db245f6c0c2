//! View 2: hypotheses in rows, observations in columns, what is to be looked at next beside them.
//!
//! ```text
//!  rank label name        sum │ s1 title, state │ s2 …      │ next check
//!  explains 3 of 3 · against 1│  +                #          │ what nothing explains, smallest sets
//!  the columns in full, and why the selected row has its number, where there is room
//! ```
//!
//! A row's number is never scrolled away: columns scroll, rows keep their head.

mod below;
mod check;
mod foot;
mod head;
mod head_words;
mod names;
mod rows;
mod side;

use std::ops::Range;

use ratatui::{buffer::Buffer, layout::Rect};

use super::{
    Cache, Role, Screen,
    cache::Known,
    line::{self, words},
    spots::Spot,
    widget::{list, row, text},
};
use crate::{
    app::{Action, Overlay, screen::board, world::checks},
    incident::{Id, Observation, ranking::RowId},
};

/// The least width, in cells, at which the next check stands beside the board; else it is below.
const WITH_SIDE: u16 = 110;
/// Cells of a column, at least and at most.
const COLUMN: (u16, u16) = (9, 40);
/// Cells of a column that come before long names of rows.
const ENOUGH: u16 = 12;
/// Cells of a row's head at least.
const HEAD: u16 = 26;
/// Cells of a row's head besides its label and name: cursor, place, number.
const AROUND: usize = 14;

/// The board as it is laid out for one frame.
struct Table<'a> {
    screen: Screen<'a>,
    known: &'a Known,
    /// All rows in the order they are shown.
    order: Vec<RowId>,
    /// The row the cursor is on; `None` on a board without rows.
    row: Option<RowId>,
    /// The column the cursor is on; `None` on a board without columns.
    column: Option<Id>,
    /// The observations in view.
    columns: &'a [Observation],
    /// Their places among all observations.
    view: Range<usize>,
    /// Whether more speaks against every row than for it, which the heading says.
    nothing_holds_up: bool,
    area: Rect,
    /// Cells that the head of a row takes.
    label: u16,
    /// Cells that a column takes.
    cell: u16,
    /// Lines that a title in the head takes.
    titles: u16,
}

pub(super) fn draw(screen: Screen<'_>, body: Rect, buf: &mut Buffer, cache: &Cache) {
    let board = &screen.app.incident.board;
    if body.is_empty() {
        return;
    }
    if board.hypotheses.is_empty() && board.observations.is_empty() {
        return draw_empty(screen, body, buf);
    }
    let known = cache.known();
    let side = if body.width >= WITH_SIDE { (body.width / 4).min(48) } else { 0 };
    let foot = if side > 0 { 0 } else { foot::height(body.height) };
    let area = Rect { width: body.width - side, height: body.height - foot, ..body };
    Table::new(screen, &known, area).draw(buf, cache);
    if side > 0 {
        let area = Rect { x: area.right() + 2, width: side.saturating_sub(3), ..body };
        side::draw(screen, &known, area, buf);
    } else {
        let area = Rect { y: area.bottom(), height: foot, ..body };
        foot::draw(screen, &known, area, buf);
    }
}

impl<'a> Table<'a> {
    fn new(screen: Screen<'a>, known: &'a Known, area: Rect) -> Self {
        let app = screen.app;
        let observations = &app.incident.board.observations;
        let filled = asked(screen);
        let row = filled.map(|cell| RowId::Named(cell.0)).or_else(|| board::board_row(app));
        let column = filled.map(|cell| cell.1).or_else(|| board::selected_observation(app));
        let count = u16::try_from(observations.len()).unwrap_or(u16::MAX);
        // Names get what narrow columns leave, and two fifths of the board in any case, as far as they need it.
        let order = board::board_order(&app.incident);
        let needed = order
            .iter()
            .map(|id| name(screen, *id))
            .map(|(label, name)| u16::try_from(AROUND + text::width(&label) + text::width(&name)).unwrap_or(u16::MAX));
        let longest = observations.iter().map(|column| text::width(&column.text) + 2).max().unwrap_or_default();
        let widest = u16::try_from(longest).unwrap_or(u16::MAX).clamp(COLUMN.0, COLUMN.1);
        let spare = area.width.saturating_sub(count.saturating_mul(widest.min(ENOUGH)));
        let most = spare.max(area.width * 2 / 5);
        let label = needed.max().unwrap_or(0).min(most).max(HEAD).min(area.width);
        let room = area.width - label;
        let cell = (room / count.max(1)).clamp(COLUMN.0, widest);
        let fit = usize::from(room / cell);
        let selected = column.and_then(|id| observations.iter().position(|o| o.id == id));
        // The selected column stays in view with a neighbour on either side, so that one sees there is more; but what is
        // clicked on does not move away.
        let wanted = || selected.map_or(0, |at| (at + 2).saturating_sub(fit));
        let wanted = app.screen.board.left.unwrap_or_else(wanted);
        let view = list::in_view(observations.len(), fit, wanted, selected);
        let nothing_holds_up = app.incident.ranking.nothing_holds_up();
        let columns = &observations[view.clone()];
        let titles = head::title_lines(observations, cell, area.height, order.len());
        Self { screen, known, order, row, column, columns, view, nothing_holds_up, area, label, cell, titles }
    }

    fn draw(&self, buf: &mut Buffer, cache: &Cache) {
        let head = head::height(self).min(self.area.height);
        head::draw(self, Rect { height: head, ..self.area }, buf);
        for (at, place) in self.view.clone().enumerate() {
            let column = self.column_area(at, self.area.y, self.area.height);
            self.screen.note(column, Spot::Column(place));
        }
        let area = Rect { y: self.area.y + head, height: self.area.height - head, ..self.area };
        let used = rows::draw(self, area, buf);
        let area = Rect { y: area.y + used, height: area.height - used, ..area };
        below::draw(self, self.row.map_or(&[], |row| cache.reasons_of(row)), area, buf);
    }

    /// The cells of a column, by its place among those in view.
    fn column_area(&self, at: usize, y: u16, height: u16) -> Rect {
        let x = self.area.x + self.label + u16::try_from(at).unwrap_or(u16::MAX).saturating_mul(self.cell);
        Rect { x, y, width: self.cell.min(self.area.right().saturating_sub(x)), height }
    }
}

fn draw_empty(screen: Screen<'_>, body: Rect, buf: &mut Buffer) {
    let Screen { app, theme, .. } = screen;
    let key = |action| app.session.keymap.key(action);
    let text = format!(
        "Nothing on the board yet. {} takes a symptom: what is seen. {} adds hypotheses: what could cause it. Then each \
         cell says what a hypothesis expects.",
        key(Action::TakeSymptom),
        key(Action::AddHypotheses),
    );
    row::middle(buf, body, &text, theme[Role::Text]);
}

/// The label and text of a row.
fn name(screen: Screen<'_>, id: RowId) -> (String, String) {
    let hypothesis = match id {
        RowId::Named(id) => screen.app.incident.board.hypothesis(id),
        RowId::Other => None,
    };
    match hypothesis {
        Some(row) => (row.label.clone(), row.text.clone()),
        None => ("–".into(), "something not here".into()),
    }
}

/// The labels of rows.
fn labels(screen: Screen<'_>, ids: &[Id]) -> String {
    let label = |id: &Id| screen.app.incident.board.hypothesis(*id).map(|row| row.label.as_str());
    ids.iter().filter_map(label).collect::<Vec<_>>().join(", ")
}

/// The label of a column.
fn column_label(screen: Screen<'_>, id: Id) -> String {
    screen.app.incident.board.observation(id).map(|column| column.label.clone()).unwrap_or_default()
}

/// That none of the rows holds up, when it is so: loud, and with what is to be done about it.
fn alarm(screen: Screen<'_>) -> Option<ratatui::text::Line<'static>> {
    let Screen { app, theme, .. } = screen;
    let key = app.session.keymap.key(Action::AddHypotheses);
    let text = format!("! nothing on this board holds up; {key} adds another cause");
    app.incident.ranking.nothing_holds_up().then(|| ratatui::text::Line::from(words(theme, Role::Critical, text)))
}

/// Label and text of a column.
fn column_name(screen: Screen<'_>, id: Id) -> String {
    let column = screen.app.incident.board.observation(id);
    column.map(|column| format!("{} {}", column.label, column.text)).unwrap_or_default()
}

/// The cell that the fill strip asks for.
fn asked(screen: Screen<'_>) -> Option<(Id, Id)> {
    match &screen.app.screen.overlay {
        Some(Overlay::Fill(fill)) => fill.current(),
        _ => None,
    }
}

/// The whole text of the column the cursor is on, and what is known of it.
fn selected(screen: Screen<'_>) -> ratatui::text::Line<'static> {
    let Screen { app, theme, .. } = screen;
    let column = asked(screen).map(|cell| cell.1).or_else(|| board::selected_observation(app));
    let column = column.and_then(|id| app.incident.board.observation(id));
    let Some(column) = column else { return ratatui::text::Line::default() };
    let view = checks::check_of(app.facts(), column);
    let told = view.as_ref().is_some_and(|view| view.says(&column.note));
    let note = if column.note.is_empty() || told { String::new() } else { format!(": {}", column.note) };
    let mut line = ratatui::text::Line::from(vec![
        words(theme, Role::Text, format!("{} {}", column.label, column.text)),
        words(theme, Role::Dim, format!(" · {}{note}", column.state.word())),
    ]);
    if let Some(view) = view {
        let (said, role) = check::long(app, column, &view);
        line.push_span(words(theme, Role::Dim, " · "));
        line.push_span(words(theme, role, said));
    }
    line
}

/// What is to be said of a column's check, at length.
pub(super) fn check_in_words(screen: Screen<'_>, column: &Observation) -> Option<String> {
    let view = checks::check_of(screen.app.facts(), column)?;
    Some(check::long(screen.app, column, &view).0)
}

/// The smallest sets that explain all that can be explained, as many as are worth a look.
pub(super) fn sets(screen: Screen<'_>, known: &Known, most: usize) -> String {
    let covers = &known.covers;
    if !known.is_judged {
        return "…".into();
    }
    if covers.sets.is_empty() {
        let nothing = if known.unexplained.is_empty() { "(nothing to explain)" } else { "(no row explains it)" };
        return nothing.into();
    }
    let shown: Vec<String> = covers.sets.iter().take(most).map(|set| format!("{{{}}}", labels(screen, set))).collect();
    let more = covers.sets.len() - shown.len();
    let mut text = shown.join(" ");
    match (more, covers.truncated) {
        (0, false) => {}
        (more, false) => text.push_str(&format!(" and {more} more")),
        (more, true) => text.push_str(&format!(" and more than {more} more")),
    }
    if !covers.exact {
        text.push_str(" (found greedily, may not be the smallest)");
    }
    text
}

/// What nothing explains, the first of it; and how many more there are.
fn unexplained(known: &Known, most: usize) -> (&[Id], usize) {
    let shown = known.unexplained.len().min(most);
    (&known.unexplained[..shown], known.unexplained.len() - shown)
}

/// A sentence for each place where the order by hand and the evidence disagree.
fn disagreements(screen: Screen<'_>, known: &Known) -> Vec<String> {
    let label = |id| name(screen, id).0;
    let said = known.disagreements.iter().map(|d| {
        format!(
            "by hand {} is above {}; the evidence puts {} above by {} bit",
            label(d.above),
            label(d.below),
            label(d.below),
            d.bits.to_string().trim_start_matches('+')
        )
    });
    said.collect()
}

/// A heading in words of its own.
fn heading(screen: Screen<'_>, text: &'static str) -> ratatui::text::Line<'static> {
    ratatui::text::Line::from(words(screen.theme, Role::Dim, text))
}

/// Puts a line and goes to the next one; `false` when there is none.
fn put_next(area: &mut Rect, buf: &mut Buffer, shown: &ratatui::text::Line<'_>) -> bool {
    if area.height == 0 {
        return false;
    }
    line::put(buf, *area, shown);
    area.y += 1;
    area.height -= 1;
    area.height > 0
}

/// Label and text of a hypothesis.
pub(super) fn title_of_row(screen: Screen<'_>, id: Id) -> String {
    let (label, text) = name(screen, RowId::Named(id));
    format!("{label} {text}")
}
