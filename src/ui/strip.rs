//! The line below the view: the leading hypotheses, and the names of the views. When entries can not be written it says
//! so instead.

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::Modifier,
    text::{Line, Span},
};

use super::{
    Role, Screen,
    line::{self, words},
    spots::Spot,
    toast,
};
use crate::{
    app::{App, View, clock, mouse::Place, screen::layout::Bands},
    incident::{
        HypothesisState,
        ranking::{Row, RowId},
    },
};

/// Pieces of the name of a view: bracket, key, name, bracket.
const PIECES: usize = 4;
/// Rows shown at most.
const LEADING: usize = 3;

pub(super) fn draw(screen: Screen<'_>, area: Rect, buf: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let area = Rect { x: area.x + 1, width: area.width.saturating_sub(1), ..area };
    let right = views(screen, area.width);
    let room = usize::from(area.width).saturating_sub(line::width(&right) + 2);
    line::put_both(buf, area, &leading(screen, room), &right);
    let whole = Rect { x: area.x - 1, width: area.width + 1, ..area };
    let body = Bands::of(screen.app.screen.area()).body;
    toast::draw(screen, body, whole, line::width(&right) as u16, buf);
    note_views(screen, area, &right);
    draw_banner(screen, whole, buf);
}

/// What could not be written, or not where it belongs, and what becomes of it.
pub(super) fn not_written(app: &App) -> Option<String> {
    match (app.outbox.trouble(), &app.outbox.spilled) {
        (Some(trouble), _) => {
            let kept = app.outbox.kept();
            let entries = if kept == 1 { "1 entry is".into() } else { format!("{kept} entries are") };
            Some(format!("not written: {trouble} · {entries} kept here and tried again every 2 s"))
        }
        (None, spilled) => spilled.clone(),
    }
}

/// Says that entries could not be written, or not where they belong, over the whole line; nothing when all were.
pub(super) fn draw_banner(screen: Screen<'_>, area: Rect, buf: &mut Buffer) {
    let Some(text) = not_written(screen.app).map(|text| format!(" ✗ {text}")) else { return };
    if area.is_empty() {
        return;
    }
    screen.note(area, Spot::Place(Place::Nothing));
    let style = screen.theme[Role::Critical].add_modifier(Modifier::REVERSED);
    for x in area.left()..area.right() {
        buf[(x, area.y)].reset();
    }
    buf.set_style(area, style);
    line::put(buf, area, &Line::styled(text, style));
}

/// The first rows by evidence, in as long a form as there is room for; then what was refuted last.
fn leading(screen: Screen<'_>, room: usize) -> Line<'static> {
    let Screen { app, theme, .. } = screen;
    if app.incident.board.hypotheses.is_empty() {
        return Line::from(words(theme, Role::Dim, "no hypotheses yet"));
    }
    let live = || app.incident.ranking.rows.iter().filter(|row| row.state.is_live());
    for (count, long) in [(LEADING, true), (2, true), (2, false), (1, true)] {
        let rows = live().filter(|row| row.id != RowId::Other || live().next().map(|r| r.id) == Some(RowId::Other));
        let mut line = Line::default();
        for (at, row) in rows.take(count).enumerate() {
            separate(screen, &mut line);
            line.spans.extend(name_of(screen, row, long, at == 0));
        }
        if long && let Some(refuted) = refuted(screen) {
            separate(screen, &mut line);
            line.push_span(refuted);
        }
        if line::width(&line) <= room || count == 1 {
            return line;
        }
    }
    Line::default()
}

fn separate(screen: Screen<'_>, line: &mut Line<'static>) {
    if !line.spans.is_empty() {
        line.push_span(words(screen.theme, Role::Dim, " · "));
    }
}

fn name_of(screen: Screen<'_>, row: &Row, long: bool, first: bool) -> Vec<Span<'static>> {
    let Screen { app, theme, .. } = screen;
    let hypothesis = match row.id {
        RowId::Named(id) => app.incident.board.hypothesis(id),
        RowId::Other => None,
    };
    let name = hypothesis.map_or("– something not on this board".into(), |h| format!("{} {}", h.label, h.text));
    let shaky = if first && app.incident.ranking.leader_is_shaky { " ≈" } else { "" };
    let role = if first { Role::Strong } else { Role::Text };
    let mut spans = vec![words(theme, role, name), words(theme, role, format!(" {}{shaky}", row.bits))];
    if row.id != RowId::Other && row.of > 0 {
        let explains = if long { " explains" } else { "" };
        spans.push(words(theme, Role::Dim, format!("{explains} {}/{}", row.explains, row.of)));
    }
    if row.against > 0 {
        spans.push(words(theme, Role::Critical, format!(" ▼{}", row.against)));
    }
    spans
}

fn refuted(screen: Screen<'_>) -> Option<Span<'static>> {
    let Screen { app, theme, .. } = screen;
    let refuted = app.incident.board.hypotheses.iter().filter(|row| row.state == HypothesisState::Refuted);
    let last = refuted.max_by_key(|row| row.since)?;
    let text = format!("✗ {} {}", last.text, clock::minute(last.since, &app.session.zone, app.session.utc));
    Some(words(theme, Role::Dim, text))
}

/// The names of the views with their keys; the one shown stands in brackets.
fn views(screen: Screen<'_>, width: u16) -> Line<'static> {
    let Screen { app, theme, .. } = screen;
    let short = width < 60;
    let mut line = Line::default();
    for view in View::ALL {
        let key = app.session.keymap.key(view.action());
        let shown = view == app.screen.view;
        let (open, close) = if shown { ("[", "]") } else { (" ", " ") };
        let name = match (short && !shown, key.is_empty()) {
            (true, _) => String::new(),
            (false, true) => view.name().to_owned(),
            (false, false) => format!(" {}", view.name()),
        };
        let (bracket, word) = if shown { (Role::Focus, Role::Strong) } else { (Role::Dim, Role::Dim) };
        line.push_span(words(theme, bracket, open));
        line.push_span(words(theme, Role::Key, key));
        line.push_span(words(theme, word, name));
        line.push_span(words(theme, bracket, close));
    }
    line
}

/// Notes where the names are: each is four pieces of the line, which ends at the right edge.
fn note_views(screen: Screen<'_>, area: Rect, shown: &Line<'_>) {
    let cells = |spans: &[Span<'_>]| spans.iter().map(Span::width).sum::<usize>() as u16;
    let mut x = area.right() - cells(&shown.spans).min(area.width);
    for (view, name) in View::ALL.into_iter().zip(shown.spans.chunks(PIECES)) {
        let name = Rect { x, width: cells(name), ..area };
        screen.note(name.intersection(area), Spot::Place(Place::Tab(view)));
        x = name.right();
    }
}
