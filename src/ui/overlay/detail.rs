//! Why a row has its number, line by line; or what is known of a column.

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    text::{Line, Span},
};

use super::boxed;
use crate::{
    app::{
        assumptions, clock,
        screen::{board::selected_observation, overlay::Subject},
    },
    incident::{
        Hypothesis, Id, Observation,
        board::{AssumptionState, CellEntry},
        ranking,
        ranking::RowId,
    },
    ui::{Cache, Role, Screen, board, line::words, sheet::Sheet},
};

pub(super) fn draw(screen: Screen<'_>, subject: Subject, scroll: usize, body: Rect, buf: &mut Buffer, cache: &Cache) {
    let width = body.width.min(108);
    let inside = width.saturating_sub(4).max(1);
    let sheet = sheet(screen, subject, inside, cache);
    let height = u16::try_from(sheet.len() + 2).unwrap_or(u16::MAX);
    let area = super::middle(body, width, height);
    let inner = boxed(screen, title(subject), hint(subject), area, buf);
    let scroll = scroll.min(sheet.len().saturating_sub(inner.height.into()));
    sheet.draw(screen.theme, inner, Some(scroll), buf);
    sheet.note(screen, inner, Some(scroll));
}

/// What is known of a row or a column.
pub(in crate::ui) fn sheet<'a>(screen: Screen<'a>, subject: Subject, width: u16, cache: &Cache) -> Sheet<'a> {
    match subject {
        Subject::Row(id) => of_row(screen, id, width, cache),
        Subject::Column(id) => of_column(screen, id, width),
    }
}

fn title(subject: Subject) -> &'static str {
    match subject {
        Subject::Row(_) => "Reasons",
        Subject::Column(_) => "Evidence",
    }
}

fn of_row<'a>(screen: Screen<'a>, id: Option<Id>, width: u16, cache: &Cache) -> Sheet<'a> {
    let Screen { app, theme, .. } = screen;
    let board = &app.incident.board;
    let row = id.map_or(RowId::Other, RowId::Named);
    let mut sheet = Sheet::default();
    sheet.push_wrapped(&Line::from(words(theme, Role::Strong, title_of(screen, row))), width, 2);
    if let Some(hypothesis) = id.and_then(|id| board.hypothesis(id)) {
        push_standing(screen, hypothesis, width, &mut sheet);
    }
    if id.is_none() {
        let text = "Stands for every cause that nobody has named: rare, and otherwise as good as the average row.";
        sheet.push_wrapped(&Line::from(words(theme, Role::Dim, text)), width, 2);
        if app.incident.ranking.nothing_holds_up() {
            let text = "! Nothing named holds up: more speaks against every row than for it.";
            sheet.push_wrapped(&Line::from(words(theme, Role::Critical, text)), width, 2);
        }
    }
    sheet.gap();
    for reason in ranking::reasons(board, row) {
        let labels: Vec<&str> =
            reason.observations.iter().filter_map(|id| board.observation(*id)).map(|c| c.label.as_str()).collect();
        let labels = if labels.is_empty() { String::new() } else { format!("{} ", labels.join(", ")) };
        let strength = if reason.bits.0 == 0 { String::new() } else { format!("  ({})", reason.bits.words()) };
        let role = if reason.bits.0 < 0 { Role::Warning } else { Role::Text };
        let line = Line::from(vec![
            words(theme, role, format!("{:>6}  ", reason.bits.to_string())),
            words(theme, Role::Dim, labels),
            words(theme, Role::Text, reason.text.clone()),
            words(theme, Role::Dim, strength),
        ]);
        sheet.push_wrapped(&line, width, 8);
    }
    if let Some(score) = app.incident.ranking.row(row) {
        let mut line = Line::from(words(theme, Role::Strong, format!("{:>6}  ", score.bits.to_string())));
        line.push_span(words(theme, Role::Strong, "bits in all"));
        if score.of > 0 && id.is_some() {
            line.push_span(words(theme, Role::Dim, format!(" · explains {} of {}", score.explains, score.of)));
        }
        if app.incident.ranking.leader_is_shaky && score.rank == 1 {
            line.push_span(words(theme, Role::Warning, " · ≈ filling a ? could take its lead"));
        }
        sheet.push(Line::from(words(theme, Role::Frame, "  ────")));
        sheet.push_wrapped(&line, width, 8);
    }
    if let Some(id) = id {
        push_assumptions(screen, id, width, &mut sheet);
        push_silent(screen, id, width, &mut sheet);
        push_disagreed(screen, id, width, &mut sheet);
    }
    let coincidences = id.and_then(|_| without_coincidences(screen, row));
    let selected = selected_observation(app).and_then(|column| without(screen, column));
    if coincidences.is_some() || selected.is_some() {
        sheet.gap();
    }
    if let Some(text) = coincidences {
        sheet.push_wrapped(&Line::from(words(theme, Role::Dim, text)), width, 2);
    }
    if let Some(line) = selected {
        sheet.push_wrapped(&line, width, 2);
    }
    sheet.gap();
    let sets = format!("smallest sets that explain what can be explained: {}", board::sets(screen, &cache.known(), 20));
    sheet.push_wrapped(&Line::from(words(theme, Role::Dim, sets)), width, 2);
    sheet
}

fn title_of(screen: Screen<'_>, row: RowId) -> String {
    match row {
        RowId::Named(id) => board::title_of_row(screen, id),
        RowId::Other => format!("– {}", ranking::OTHER),
    }
}

/// Where a row stands, since when, why; who made it and from what.
fn push_standing(screen: Screen<'_>, row: &Hypothesis, width: u16, sheet: &mut Sheet<'_>) {
    let Screen { app, theme, .. } = screen;
    let at = clock::minute(row.since, &app.session.zone, app.session.utc);
    let why = if row.reason.is_empty() { String::new() } else { format!(": {}", row.reason) };
    let from = if row.from.is_empty() || row.from == "typed" { String::new() } else { format!(", from {}", row.from) };
    let owner = row.owner.as_ref().map(|owner| format!(" · owner {owner}")).unwrap_or_default();
    let text = format!("{} since {at}{why} · added by {}{from}{owner}", row.state.word(), row.by);
    sheet.push_wrapped(&Line::from(words(theme, Role::Dim, text)), width, 2);
}

/// What the row takes for granted, and what all rows do.
fn push_assumptions(screen: Screen<'_>, row: Id, width: u16, sheet: &mut Sheet<'_>) {
    let Screen { app, theme, .. } = screen;
    let known = assumptions::assumptions(&app.incident);
    let known: Vec<_> = known.iter().filter(|known| known.hypothesis.is_none_or(|of| of == row)).collect();
    if !known.is_empty() {
        sheet.gap();
    }
    for assumption in known {
        let (word, role) = match assumption.state {
            AssumptionState::Unpoked => ("not checked yet", Role::Dim),
            AssumptionState::Holds => ("holds", Role::Dim),
            AssumptionState::Broken => ("broken", Role::Critical),
        };
        let whose = if assumption.hypothesis.is_some() { "takes for granted" } else { "all take for granted" };
        let text = format!("{whose}: {} ({word})", assumption.text);
        sheet.push_wrapped(&Line::from(words(theme, role, text)), width, 2);
    }
}

/// Columns that add nothing to the number, and why not.
fn push_silent(screen: Screen<'_>, row: Id, width: u16, sheet: &mut Sheet<'_>) {
    let Screen { app, theme, .. } = screen;
    let board = &app.incident.board;
    let silent =
        |column: &&Observation| !column.counts() || ranking::weight(board.cell(row, column.id), column.state).is_none();
    let mut first = true;
    for column in board.observations.iter().filter(silent) {
        if std::mem::take(&mut first) {
            sheet.gap();
        }
        let cell = board.cell(row, column.id);
        let why = if column.coincidence {
            "a coincidence, not counted".into()
        } else {
            format!("{}, {}", cell.words(), column.state.word())
        };
        let line = Line::from(vec![
            Span::raw("        "),
            words(theme, Role::Dim, format!("{} {}: {why}", column.label, column.text)),
        ]);
        sheet.push_wrapped(&line, width, 8);
    }
}

/// Cells on which people disagree, with who said what.
fn push_disagreed(screen: Screen<'_>, row: Id, width: u16, sheet: &mut Sheet<'_>) {
    let Screen { app, theme, .. } = screen;
    let board = &app.incident.board;
    for column in &board.observations {
        let Some(entry) = board.cell_entry(row, column.id) else { continue };
        if entry.by.iter().any(|(_, cell)| *cell != entry.cell) {
            let text = format!("≠ {} {}: {}", column.label, column.text, who_said(entry));
            sheet.push_wrapped(&Line::from(words(theme, Role::Warning, text)), width, 2);
        }
    }
}

fn who_said(entry: &CellEntry) -> String {
    let said: Vec<String> = entry.by.iter().map(|(by, cell)| format!("{} {by}", cell.sign())).collect();
    format!("{}; the newest counts", said.join(", "))
}

/// What the number would be if coincidences counted.
fn without_coincidences(screen: Screen<'_>, row: RowId) -> Option<String> {
    let board = &screen.app.incident.board;
    if !board.observations.iter().any(|column| column.coincidence && column.state.is_settled()) {
        return None;
    }
    let bits = ranking::rank_with(board, |_| true).row(row)?.bits;
    Some(format!("with what is flagged as a coincidence it would be {bits}"))
}

/// What the order would be without a column; loud where the lead hangs on it.
fn without(screen: Screen<'_>, column: Id) -> Option<Line<'static>> {
    let ranking::Without { text, turns } = ranking::without(&screen.app.incident.board, column)?;
    Some(Line::from(words(screen.theme, if turns { Role::Warning } else { Role::Dim }, text)))
}

fn of_column<'a>(screen: Screen<'a>, id: Id, width: u16) -> Sheet<'a> {
    let Screen { app, theme, .. } = screen;
    let mut sheet = Sheet::default();
    let Some(column) = app.incident.board.observation(id) else { return sheet };
    let title = words(theme, Role::Strong, format!("{} {}", column.label, column.text));
    sheet.push_wrapped(&Line::from(title), width, 3);
    let minute = |at| clock::minute(at, &app.session.zone, app.session.utc);
    let mut facts = vec![("state", format!("{} since {}", column.state.word(), minute(column.when)))];
    if !column.note.is_empty() {
        facts.push(("seen", column.note.clone()));
    }
    if let Some(cleared) = column.cleared {
        facts.push(("cleared", format!("{}; it stays evidence", minute(cleared))));
    }
    if let Some(origin) = &column.origin {
        facts.push(("origin", format!("{origin}; columns of one origin count once")));
    }
    if column.coincidence {
        facts.push(("counts", "no: flagged as a coincidence".into()));
    }
    if let Some(evidence) = &column.evidence {
        let at = evidence.at.map(|at| clock::time(at, &app.session.zone, app.session.utc)).unwrap_or_default();
        facts.push(("value", evidence.value.clone()));
        facts.push(("read", format!("{} {at}", evidence.title)));
        facts.push(("source", evidence.source.clone()));
        facts.push(("query", evidence.query.clone()));
        facts.push(("link", evidence.link.clone().unwrap_or_default()));
    }
    if let Some(query) = &column.check.query {
        facts.push(("check", crate::base::text::line(&query.to_string()).into_owned()));
        facts.push(("shows", board::check_in_words(screen, column).unwrap_or_default()));
    }
    facts.push(("added", format!("by {}", column.by)));
    sheet.gap();
    for (name, value) in facts.into_iter().filter(|(_, value)| !value.is_empty()) {
        let line = Line::from(vec![words(theme, Role::Dim, format!("{name:<8} ")), words(theme, Role::Text, value)]);
        sheet.push_wrapped(&line, width, 9);
    }
    if let Some(line) = without(screen, id) {
        sheet.gap();
        sheet.push_wrapped(&line, width, 2);
    }
    sheet
}

fn hint(subject: Subject) -> &'static str {
    match subject {
        Subject::Row(_) => "e the column's evidence · Esc closes",
        Subject::Column(_) => "Esc closes",
    }
}
