//! Alert groups, worst first: sign, word, name, count, age. What does not fire is dim and says why.

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::{Modifier, Style},
};

use super::{Body, Head};
use crate::{
    app::world::rows::{AlertsRow, Row, Totals, What},
    base::human_time,
    signal::{AlertState, Severity},
    ui::{
        Role, sign,
        widget::{list, row, text},
    },
};

pub(super) fn draw(body: &Body<'_, '_>, buf: &mut Buffer) -> Head {
    let rows = &body.input.rows;
    let folded = &rows.folded();
    let alerts_on = |line: usize| {
        let row = rows.get(line)?;
        match row.what {
            What::Alerts(alerts) => Some((row, alerts)),
            _ => None,
        }
    };
    let groups = if alerts_on(0).is_some() { rows.len() } else { 0 };
    let lines = usize::from(body.area.height);
    let stopped = &body.input.stopped;
    let folded_lines = usize::from((!folded.is_empty() || !stopped.is_empty()) && lines > 1);
    let detail = detail_height(body, groups + folded_lines);
    let height = lines - folded_lines - detail;
    let selected = body.input.cursor.and_then(|id| rows.line(id));
    let view = list::in_view(groups, height, body.input.scroll, selected);
    body.note_rows(0, height, &view, groups);
    let counts = text::width(&count(rows.totals().most));
    for (at, (row, alerts)) in (0..).zip(view.clone().filter_map(alerts_on)) {
        draw_row(body, body.line(at), &row, &alerts, counts, buf);
    }
    let nothing = if groups == 0 {
        let area = Rect { height: (lines - folded_lines) as u16, ..body.area };
        Body { area, ..*body }.say_no_rows("no alerts firing", buf)
    } else {
        Head::default()
    };
    if folded_lines == 1 {
        let at = if groups == 0 { body.area.height - 1 } else { view.len() as u16 };
        match stopped.as_slice() {
            [] => draw_folded(body, body.line(at), folded, buf),
            names => draw_stopped(body, body.line(at), names, buf),
        }
    }
    if detail > 0
        && let Some((_, alerts)) = selected.and_then(alerts_on)
    {
        let area = Rect { y: body.area.bottom() - detail as u16, height: detail as u16, ..body.area };
        draw_detail(body, area, alerts, buf);
    }
    Head { tells_age: nothing.tells_age, ..head(body, list::position(&view, groups)) }
}

fn draw_row(body: &Body<'_, '_>, area: Rect, row: &Row<'_>, alerts: &AlertsRow<'_>, counts: usize, buf: &mut Buffer) {
    let dim = body.style(Role::Dim);
    let (sign, role) = sign::severity(alerts.severity);
    let quiet = row.old || alerts.state != AlertState::Firing;
    let state = if quiet { dim } else { body.style(role) };
    let name = match (quiet, alerts.severity) {
        (true, _) => dim,
        (false, Severity::Critical) => body.style(Role::Strong),
        _ => body.style(Role::Text),
    };
    let sign = if alerts.state == AlertState::Firing { sign } else { sign::QUIET };
    let muted = match (alerts.state, alerts.group.muted_for()) {
        (AlertState::Firing, Some(receiver)) if body.area.width >= 60 => format!("  muted for {receiver}"),
        (AlertState::Firing, Some(_)) if body.area.width >= 36 => "  part muted".to_owned(),
        _ => String::new(),
    };
    let why = if alerts.state == AlertState::Firing { muted.as_str() } else { alerts.state.word() };
    // Where there is no room for both, that it does not fire matters more than how bad it would be.
    let (word, why) = match body.area.width < 36 && !why.is_empty() {
        true => (why, ""),
        false => (alerts.severity.word(), why),
    };
    let word = format!("{sign} {word:<4} ");
    let count = text::right(&count(alerts.count), counts + 1);
    let age = format!("{:>5}", human_time::short(human_time::between(alerts.since, body.input.now)));
    let parts = [(why, dim), (count.as_str(), if quiet { dim } else { body.style(Role::Text) }), (&age, dim)];
    row::line(buf, area, &[(&word, state), (&alerts.group.title, name)], &parts);
    if body.input.cursor == Some(row.id.as_str()) {
        select(body, area, buf);
    }
}

/// Marks the selected row over the whole width of the pane, with a sign where there is air beside it; where it gets a
/// background of its own, its parts keep their colours.
pub(super) fn select(body: &Body<'_, '_>, area: Rect, buf: &mut Buffer) {
    if !body.input.focused {
        return;
    }
    let style = body.style(Role::Selection);
    // Turned inside out, each colour would become a patch of background, so there the row has just one.
    let reversed = style.add_modifier.contains(Modifier::REVERSED);
    let style = if reversed { Style::reset().patch(body.style(Role::Text)).patch(style) } else { style };
    let air = body.air;
    let whole = Rect { x: area.x - air, width: area.width + 2 * air, ..area };
    if air > 0 {
        row::put(buf, whole, whole.x, whole.y, sign::SELECTED, body.style(Role::Focus));
    }
    for x in whole.left()..whole.right() {
        buf[(x, whole.y)].set_style(style);
    }
}

fn draw_folded(body: &Body<'_, '_>, area: Rect, folded: &[AlertsRow<'_>], buf: &mut Buffer) {
    let names: Vec<&str> = folded.iter().map(|alerts| alerts.group.title.as_ref()).collect();
    let words = format!("{} {} always firing: {}", sign::MINOR, folded.len(), names.join(", "));
    row::line(buf, area, &[(&words, body.style(Role::Dim))], &[]);
}

fn draw_stopped(body: &Body<'_, '_>, area: Rect, names: &[&str], buf: &mut Buffer) {
    let words = format!("{} alerting may be dead: {} is missing", sign::WARNING, names.join(", "));
    row::line(buf, area, &[(&words, body.style(Role::Critical))], &[]);
}

fn head(body: &Body<'_, '_>, position: Option<String>) -> Head {
    let Totals { alerts, groups: n, worst, .. } = body.input.rows.totals();
    let style = match worst {
        Some(Severity::Critical) => body.style(Role::Critical),
        Some(Severity::Warning) => body.style(Role::Warning),
        _ => body.style(Role::Dim),
    };
    if alerts == 0 {
        return Head::default();
    }
    let plural = if n == 1 { "group" } else { "groups" };
    let long = format!("{alerts} firing in {n} {plural}");
    let forms = [position.as_ref().map(|at| format!("{long} · {at}")), Some(long), Some(format!("{alerts} firing"))];
    Head::of(style, forms.into_iter().flatten())
}

/// How many lines below the list the selected group gets when the pane has the whole screen.
fn detail_height(body: &Body<'_, '_>, rows: usize) -> usize {
    let lines = usize::from(body.area.height);
    let wanted = body.input.zoomed && body.input.cursor.is_some() && lines >= 12;
    if wanted { (lines - 1).saturating_sub(rows).max(lines / 2) } else { 0 }
}

fn draw_detail(body: &Body<'_, '_>, area: Rect, alerts: AlertsRow<'_>, buf: &mut Buffer) {
    let (dim, plain) = (body.style(Role::Dim), body.style(Role::Text));
    let group = alerts.group;
    let mut lines: Vec<(String, Style)> = vec![(String::new(), dim)];
    lines.push((group.title.to_string(), body.style(Role::Strong)));
    if let Some(alert) = group.alerts.iter().find(|alert| !alert.summary.is_empty()) {
        lines.push((alert.summary.to_string(), plain));
    }
    lines.push((pairs(group.labels.iter().filter(|(name, _)| *name != "alertname")), dim));
    if let Some(links) = group.links() {
        let named = [("runbook", &links.runbook), ("dashboard", &links.dashboard), ("expression", &links.generator)];
        lines.extend(named.iter().filter_map(|(name, link)| Some((format!("{name}  {}", link.as_ref()?), dim))));
    }
    lines.push((String::new(), dim));
    // Of tens of thousands only what there is room for is put into words.
    let most = usize::from(area.height);
    let mut unseen = group.alerts.len().saturating_sub(most);
    for alert in group.alerts.iter().take(most) {
        let own = alert.labels.iter().filter(|(name, _)| group.labels.get(name).is_none());
        let age = human_time::short(human_time::between(alert.starts_at, body.input.now));
        let own = pairs(own);
        let style = if alert.state == AlertState::Firing { plain } else { dim };
        let muted = match alert.muted_for.join(", ") {
            none if none.is_empty() => none,
            receivers => format!("  muted for {receivers}"),
        };
        lines.push((format!("{:<9} {age:>4}  {own}{muted}", alert.state.word()), style));
    }
    let mut rows: Vec<(bool, String, Style)> = Vec::new();
    for (words, style) in &lines {
        if rows.len() > most {
            unseen += usize::from(!words.is_empty());
            continue;
        }
        let pieces = wrapped(words, area.width.into()).into_iter().enumerate();
        rows.extend(pieces.map(|(nth, piece)| (nth == 0, piece, *style)));
    }
    for (at, (_, words, style)) in (0..area.height).zip(&rows) {
        let line = Rect { y: area.y + at, height: 1, ..area };
        let rest = &rows[usize::from(at)..];
        if at + 1 == area.height && rest.len() > 1 {
            let begun = rest.iter().filter(|(is_first, words, _)| *is_first && !words.is_empty()).count();
            let left = (begun + unseen).max(1);
            row::line(buf, line, &[(&format!("+{left} more"), dim)], &[]);
        } else {
            row::line(buf, line, &[(words, *style)], &[]);
        }
    }
}

/// A line in as many as it takes, indented from the second on; an address goes on at the edge.
fn wrapped(words: &str, width: usize) -> Vec<String> {
    const INDENT: usize = 2;
    if text::width(words) <= width {
        return vec![words.to_owned()];
    }
    let pieces = text::wrap(words, width.saturating_sub(INDENT)).into_iter().enumerate();
    pieces.map(|(nth, piece)| if nth == 0 { piece } else { format!("{:INDENT$}{piece}", "") }).collect()
}

fn pairs<'l>(labels: impl Iterator<Item = (&'l str, &'l str)>) -> String {
    labels.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("  ")
}

fn count(alerts: usize) -> String {
    if alerts > 1 { format!("×{alerts}") } else { String::new() }
}
