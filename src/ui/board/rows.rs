//! The rows: rank, label, name, number, what it explains, and its cells.

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::{Modifier, Style},
    text::{Line, Span},
};

use super::Table;
use crate::{
    app::clock,
    base::human_time,
    incident::{
        Cell, Hypothesis, HypothesisState, Id, Observation,
        board::{Assumption, CellEntry},
        ranking::{Row, RowId, Tenths, contradictions, is_untestable, weight},
    },
    ui::{
        Role,
        line::{self, words},
        sign::{self, PENDING},
        spots::Spot,
        widget::{list, text},
    },
};

/// Seconds for which a row says where it was before.
const MOVED: i64 = 8;

/// Draws the rows; how many lines they take.
pub(super) fn draw(table: &Table<'_>, area: Rect, buf: &mut Buffer) -> u16 {
    let count = table.order.len();
    let (lines, height) = (usize::from(area.height), |each: usize| each * count);
    // With air between the rows where enough is left for what stands below them, then without, then in one line each.
    let each = [(3, super::below::ENOUGH), (2, 0)].into_iter().find(|(each, below)| height(*each) + below <= lines + 1);
    let each = each.map_or(1, |(each, _)| each);
    let selected = table.row.and_then(|id| table.order.iter().position(|known| *known == id));
    let fit = (lines + usize::from(each == 3)) / each;
    let view = list::in_view(count, fit, table.screen.app.screen.board.top, selected);
    table.screen.note(area, Spot::list(count, view.start, count.saturating_sub(fit)));
    let names = names(table, &view, each > 1);
    for ((at, place), name) in view.clone().enumerate().zip(&names) {
        let y = area.y + (at * each) as u16;
        let tall = each > 1 && y + 1 < area.bottom();
        let row = Rect { y, height: 1 + u16::from(tall), ..area };
        draw_row(table, place, name, row, buf);
        table.screen.note(row, Spot::Row(place));
    }
    if let Some(position) = list::position(&view, count) {
        // In the place of the words that say whose order it is, which are true of every board.
        let by_hand = !table.screen.app.incident.board.hand_order.is_empty();
        let order = if by_hand { "ranked by hand" } else { "by evidence" };
        let shown = text::left(&format!(" rows {position}, {order}"), table.label.into());
        let corner = Rect { y: area.y.saturating_sub(1), width: table.label, height: 1, ..area };
        line::put(buf, corner, &Line::from(words(table.screen.theme, Role::Dim, shown)));
    }
    u16::try_from(view.len() * each).unwrap_or(u16::MAX).min(area.height)
}

/// The names of the rows in view, cut so that they are told apart.
fn names(table: &Table<'_>, view: &std::ops::Range<usize>, tall: bool) -> Vec<String> {
    let named = view.clone().map(|place| {
        let (label, name) = super::name(table.screen, table.order[place]);
        let score = table.screen.app.incident.ranking.row(table.order[place]);
        let short = score.filter(|_| !tall).map(|score| {
            let gap = usize::from(score.bits.to_string().len() >= 5);
            line::width(&Line::from(short(table, place, score))) + gap
        });
        let taken = super::AROUND - 1 + text::width(&label) + short.unwrap_or(0);
        (name, usize::from(table.label).saturating_sub(taken))
    });
    super::names::told_apart(&named.collect::<Vec<_>>())
}

fn draw_row(table: &Table<'_>, place: usize, name: &str, area: Rect, buf: &mut Buffer) {
    let id = table.order[place];
    let app = table.screen.app;
    let Some(score) = app.incident.ranking.row(id) else { return };
    let hypothesis = match id {
        RowId::Named(id) => app.incident.board.hypothesis(id),
        RowId::Other => None,
    };
    let one = Rect { height: 1, ..area };
    let tall = area.height > 1;
    draw_head(table, place, (score, hypothesis), name, tall, Rect { width: table.label, ..one }, buf);
    if let Some(hypothesis) = hypothesis {
        for (at, column) in table.columns.iter().enumerate() {
            draw_cell(table, hypothesis, column, table.column_area(at, area.y, 1), buf);
        }
    }
    if table.row == Some(id) {
        line::select(buf, one, table.screen.theme);
    }
    if tall {
        let indent = 5;
        let below = Rect { x: area.x + indent, y: area.y + 1, width: area.width.saturating_sub(indent), height: 1 };
        line::put(buf, below, &about(table, place, score, hypothesis));
    }
}

fn draw_head(
    table: &Table<'_>,
    place: usize,
    (score, hypothesis): (&Row, Option<&Hypothesis>),
    name: &str,
    tall: bool,
    area: Rect,
    buf: &mut Buffer,
) {
    let theme = table.screen.theme;
    let state = hypothesis.map_or(HypothesisState::Open, |row| row.state);
    let (label, _) = super::name(table.screen, score.id);
    let leads = state.is_live() && score.rank == 1;
    let (sign, sign_style) = match state {
        HypothesisState::Refuted => ("✗".to_owned(), theme[Role::Dim]),
        HypothesisState::Parked => ("z".to_owned(), theme[Role::Dim]),
        HypothesisState::Confirmed => ("✓".to_owned(), theme[Role::Ok]),
        HypothesisState::Open | HypothesisState::Testing => (score.rank.to_string(), theme[Role::Dim]),
    };
    let name_style = match state {
        HypothesisState::Refuted => theme[Role::Dim].add_modifier(Modifier::CROSSED_OUT),
        HypothesisState::Parked => theme[Role::Dim],
        _ if score.id == RowId::Other && table.nothing_holds_up => theme[Role::Critical],
        _ if leads => theme[Role::Strong],
        _ => theme[Role::Text],
    };
    let pending = hypothesis.is_some_and(|row| table.screen.app.outbox.is_pending(row.id));
    let (behind, name_style) = if pending { (PENDING, theme[Role::Dim]) } else { (" ", name_style) };
    let cursor = sign::cursor(table.row == Some(score.id));
    let left = Line::from(vec![
        words(theme, Role::Focus, cursor),
        Span::styled(format!("{sign:>2} "), sign_style),
        Span::styled(format!("{label}{behind}"), theme[if leads { Role::Strong } else { Role::Dim }]),
        Span::styled(name.to_owned(), name_style),
    ]);
    let shaky = if leads && table.screen.app.incident.ranking.leader_is_shaky { "≈" } else { " " };
    let number = if state.is_live() { name_style } else { theme[Role::Dim] };
    let mut right = Line::default();
    if !tall {
        right.spans.extend(short(table, place, score));
    }
    // A long number still stands apart from what is before it.
    let bits = score.bits.to_string();
    let gap = if right.spans.is_empty() || bits.len() < 5 { "" } else { " " };
    right.push_span(Span::styled(format!("{gap}{bits:>5}{shaky} "), number));
    line::put_both(buf, area, &left, &right);
}

/// What one line has room for: where it was, what it explains, what is against it.
fn short(table: &Table<'_>, place: usize, score: &Row) -> Vec<Span<'static>> {
    let theme = table.screen.theme;
    let mut spans = Vec::new();
    if let Some(was) = was(table, score.id) {
        spans.push(words(theme, Role::Accent, format!("{}{was} ", arrow(was, place))));
    }
    if score.id == RowId::Other && table.nothing_holds_up {
        spans.push(words(theme, Role::Critical, "! "));
    }
    let RowMarks { broken, untestable, contradicted } = RowMarks::of(table, score.id);
    if !broken.is_empty() {
        spans.push(words(theme, Role::Critical, "a✗ "));
    }
    if untestable {
        spans.push(words(theme, Role::Warning, "∅ "));
    }
    if score.against > 0 {
        let loud = if contradicted.is_empty() { "" } else { "!" };
        spans.push(words(theme, Role::Critical, format!("▼{}{loud} ", score.against)));
    }
    if score.id != RowId::Other && score.of > 0 {
        spans.push(words(theme, Role::Dim, format!("{}/{}", score.explains, score.of)));
    }
    spans
}

/// The second line of a row.
fn about(table: &Table<'_>, place: usize, score: &Row, hypothesis: Option<&Hypothesis>) -> Line<'static> {
    let theme = table.screen.theme;
    let mut parts: Vec<Span<'static>> = Vec::new();
    if let Some(was) = was(table, score.id) {
        let why = table.screen.app.screen.board.moved_by.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
        parts.push(words(theme, Role::Accent, format!("{} was {was}{why}", arrow(was, place))));
    }
    if let Some(decided) = hypothesis.and_then(|row| decided(table, row)) {
        parts.push(decided);
    }
    let live = hypothesis.is_none_or(|row| row.state.is_live());
    let RowMarks { broken, untestable, contradicted } = RowMarks::of(table, score.id);
    if live && hypothesis.is_some() && score.of > 0 {
        parts.push(words(theme, Role::Dim, format!("explains {} of {}", score.explains, score.of)));
    }
    if live && score.against > 0 {
        let by = contradicted.first().map(|id| format!(", contradicted by {}", super::column_label(table.screen, *id)));
        let text = format!("▼ against {}{}", score.against, by.unwrap_or_default());
        parts.push(words(theme, Role::Critical, text));
    }
    if live && hypothesis.is_some() && score.rank == 1 && score.evidence < Tenths::default() {
        parts.push(words(theme, Role::Critical, "more speaks against it than for it"));
    }
    if score.id == RowId::Other && table.nothing_holds_up {
        parts.push(words(theme, Role::Critical, "! nothing named holds up"));
    }
    if live && score.not_assessed > 0 {
        parts.push(words(theme, Role::Dim, format!("{} not assessed", score.not_assessed)));
    }
    if let Some(first) = broken.first() {
        parts.push(words(theme, Role::Critical, format!("a✗ hangs on what is broken: {}", first.text)));
    }
    if untestable {
        parts.push(words(theme, Role::Warning, "∅ untestable: nothing here could prove it wrong"));
    }
    if let Some(evidence) = by_evidence(table, place, score) {
        parts.push(evidence);
    }
    if let Some(owner) = hypothesis.and_then(|row| row.owner.clone()) {
        parts.push(words(theme, Role::Dim, format!("owner {owner}")));
    }
    let mut line = Line::default();
    for part in parts {
        if !line.spans.is_empty() {
            line.push_span(words(theme, Role::Dim, " · "));
        }
        line.push_span(part);
    }
    line
}

/// Why a row may not be what its number says; all empty for one that a decision was taken on.
struct RowMarks<'a> {
    /// Assumptions of its own that do not hold.
    broken: Vec<&'a Assumption>,
    /// Whether nothing on the board could speak against it.
    untestable: bool,
    /// Columns that cannot be as they are if it is true.
    contradicted: Vec<Id>,
}

impl<'a> RowMarks<'a> {
    fn of(table: &Table<'a>, id: RowId) -> Self {
        let none = Self { broken: Vec::new(), untestable: false, contradicted: Vec::new() };
        let RowId::Named(id) = id else { return none };
        let board = &table.screen.app.incident.board;
        if board.hypothesis(id).is_none_or(|row| !row.state.is_live()) {
            return none; // a decision was taken on it
        }
        let (broken, contradicted) = (board.broken_under(id).collect(), contradictions(board, id));
        Self { broken, untestable: is_untestable(board, id), contradicted }
    }
}

/// The decision a person took on a row, when and why; `None` for one that is open.
fn decided(table: &Table<'_>, row: &Hypothesis) -> Option<Span<'static>> {
    let app = table.screen.app;
    let role = match row.state {
        HypothesisState::Open => return None,
        HypothesisState::Confirmed => Role::Ok,
        HypothesisState::Testing => Role::Info,
        HypothesisState::Refuted | HypothesisState::Parked => Role::Dim,
    };
    let at = clock::minute(row.since, &app.session.zone, app.session.utc);
    let why = if row.reason.is_empty() { String::new() } else { format!(": {}", row.reason) };
    Some(words(table.screen.theme, role, format!("{} {at}{why}", row.state.word())))
}

/// When a person has ranked by hand: where the evidence would put the row, if that is elsewhere.
fn by_evidence(table: &Table<'_>, place: usize, score: &Row) -> Option<Span<'static>> {
    let app = table.screen.app;
    if app.incident.board.hand_order.is_empty() {
        return None;
    }
    let evidence = app.incident.ranking.rows.iter().position(|row| row.id == score.id)?;
    (evidence != place).then(|| words(table.screen.theme, Role::Warning, format!("evidence: place {}", evidence + 1)))
}

/// The place a row had a few seconds ago.
fn was(table: &Table<'_>, id: RowId) -> Option<usize> {
    let app = table.screen.app;
    let moved = app.screen.board.moved.iter().find(|(row, _, _)| *row == id)?;
    (human_time::seconds_between(moved.2, app.session.now) < MOVED).then_some(moved.1)
}

fn arrow(was: usize, place: usize) -> &'static str {
    if was > place + 1 { "↑" } else { "↓" }
}

fn draw_cell(table: &Table<'_>, row: &Hypothesis, column: &Observation, area: Rect, buf: &mut Buffer) {
    let app = table.screen.app;
    let cell = app.incident.board.cell(row.id, column.id);
    let entry = app.incident.board.cell_entry(row.id, column.id);
    let selected = table.row == Some(RowId::Named(row.id)) && table.column == Some(column.id);
    let (mark, style) = look(table, row, column, cell);
    let disagreed = if entry.is_some_and(is_disagreed) { "≠" } else { "" };
    let (open, close) = if selected { ("[", "]") } else { (" ", " ") };
    let focus = table.screen.theme[Role::Focus];
    let mut x = line::at(buf, area, area.x, area.y, open, focus);
    x = line::at(buf, area, x, area.y, &format!("{}{mark}", cell.sign()), style);
    x = line::at(buf, area, x, area.y, disagreed, table.screen.theme[Role::Warning]);
    if selected {
        line::at(buf, area, x, area.y, text::clip(close, 1).as_ref(), focus);
    }
}

/// What a cell does to the row's number now: for it, against it, loudly where it contradicts what is seen; what says
/// nothing is quiet.
fn look(table: &Table<'_>, row: &Hypothesis, column: &Observation, cell: Cell) -> (&'static str, Style) {
    let theme = table.screen.theme;
    if !row.state.is_live() || column.coincidence || table.known.agreed.contains(&column.id) {
        return ("", theme[Role::Dim]);
    }
    match (weight(cell, column.state).map_or(0, |weight| weight.0), cell) {
        (..=-20, _) => ("!", theme[Role::Critical]),
        (..=-1, _) => ("", theme[Role::Warning]),
        (20.., _) => ("", theme[Role::Ok].add_modifier(Modifier::BOLD)),
        (1.., _) => ("", theme[Role::Ok]),
        (0, Cell::Neutral) => ("", theme[Role::Dim]),
        (0, Cell::Unassessed) => ("", theme[Role::Accent]),
        (0, _) => ("", theme[Role::Text]),
    }
}

fn is_disagreed(entry: &CellEntry) -> bool {
    entry.by.iter().any(|(_, cell)| *cell != entry.cell)
}
