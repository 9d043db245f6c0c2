//! View 3: what may stop the bleeding, what was tried, and what was changed before it began.

use jiff::Timestamp;
use ratatui::{
    buffer::Buffer,
    layout::Rect,
    text::{Line, Span},
};

use super::{Role, Screen, line::words, sheet::Sheet, sign};
use crate::{
    app::{ActItem, Action, clock},
    config::Command,
    incident::{ChangeRecord, Mitigation, MitigationState},
};

/// A change this long before the onset is the first to go back from, in seconds.
const NEAR: i64 = 3600;

pub(super) fn draw(screen: Screen<'_>, body: Rect, buf: &mut Buffer) {
    if body.is_empty() {
        return;
    }
    let area = Rect { x: body.x + 1, width: body.width.saturating_sub(2).max(1), ..body }.intersection(buf.area);
    sheet(screen, area.width).draw(screen.theme, area, 0, buf);
}

fn sheet<'a>(screen: Screen<'a>, width: u16) -> Sheet<'a> {
    let Screen { app, theme, .. } = screen;
    let items = app.act_items();
    let selected = app.selected_act().map(|item| item.key());
    let mut sheet = Sheet::default();
    sheet.heading(theme, "Mitigations", "what may stop the bleeding");
    if !items.iter().any(|item| matches!(item, ActItem::Mitigation(_))) {
        let text = format!(
            "none yet · {} enters one · {} on a change below proposes to undo it",
            app.keymap.key(Action::Mitigate),
            app.keymap.key(Action::Open),
        );
        sheet.push(Line::from(words(theme, Role::Dim, format!("  {text}"))));
    }
    let mut commands = false;
    let mut changes = false;
    for item in &items {
        if matches!(item, ActItem::Command(_)) && !std::mem::replace(&mut commands, true) {
            sheet.heading(theme, "Commands of the team", "shown whole and run only when their name is typed");
        }
        if let ActItem::Change(record) = item {
            if !std::mem::replace(&mut changes, true) {
                sheet.heading(theme, "Changes", changes_aside(screen));
            }
            draw_onset(screen, record, &items, &mut sheet);
        }
        let from = sheet.len();
        match item {
            ActItem::Mitigation(mitigation) => push_mitigation(screen, mitigation, width, &mut sheet),
            ActItem::Command(at) => {
                if let Some(command) = app.config.commands.get(*at) {
                    push_command(screen, command, width, &mut sheet);
                }
            }
            ActItem::Change(record) => push_change(screen, record, width, selected == Some(item.key()), &mut sheet),
        }
        if selected.as_ref() == Some(&item.key()) {
            sheet.select_from(from);
        }
    }
    if !changes {
        sheet.heading(theme, "Changes", "");
        let text = "  none seen · a source whose answers are changes shows deploys and flags here";
        sheet.push(Line::from(words(theme, Role::Dim, text)));
    }
    sheet
}

fn changes_aside(screen: Screen<'_>) -> String {
    match screen.app.incident.onset() {
        Some(onset) => format!("newest first · {} before the onset at {}", sign::CHANGE, minute(screen, onset)),
        None => "newest first".into(),
    }
}

/// A line where the onset lies among the changes: the first one below it is the first to be suspected.
fn draw_onset(screen: Screen<'_>, record: &ChangeRecord, items: &[ActItem<'_>], sheet: &mut Sheet<'_>) {
    let Some(onset) = screen.app.incident.onset() else { return };
    let first = items.iter().find_map(|item| match item {
        ActItem::Change(record) if record.change.at <= onset => Some(*record),
        _ => None,
    });
    if first.is_some_and(|first| std::ptr::eq(first, record)) {
        let text = format!("  ── onset {} ──", minute(screen, onset));
        sheet.push(Line::from(words(screen.theme, Role::Critical, text)));
    }
}

fn push_mitigation(screen: Screen<'_>, mitigation: &Mitigation, width: u16, sheet: &mut Sheet<'_>) {
    let Screen { app, theme, .. } = screen;
    let (sign, role) = match mitigation.state {
        MitigationState::Proposed => ("·", Role::Text),
        MitigationState::Running => ("▶", Role::Info),
        MitigationState::Worked => ("✓", Role::Ok),
        MitigationState::Failed => ("✗", Role::Critical),
        MitigationState::Undone => ("↩", Role::Dim),
        MitigationState::Rejected => ("–", Role::Dim),
    };
    let mut line = Line::from(vec![
        words(theme, role, format!("  {sign} {:<8} ", mitigation.state.word())),
        words(theme, Role::Dim, format!("{:<3} ", mitigation.label)),
        words(theme, Role::Strong, mitigation.text.clone()),
        words(theme, Role::Dim, format!("  {}", mitigation.kind.words())),
    ]);
    if !mitigation.kind.is_reversible() {
        line.push_span(words(theme, Role::Warning, " · hard to take back"));
    }
    if let Some(row) = mitigation.hypothesis.and_then(|id| app.incident.board.hypothesis(id)) {
        line.push_span(words(theme, Role::Dim, format!(" · for {} {}", row.label, row.text)));
    }
    sheet.push_wrapped(&line, width, 17);
    if let Some(name) = &mitigation.command {
        let argv = app.config.commands.iter().find(|command| command.name == *name).map(|c| c.argv.join(" "));
        let argv = argv.unwrap_or_else(|| "not in the configuration any more".into());
        sheet.push_wrapped(&command_line(screen, name, argv), width, 19);
    }
    for (at, state, note) in &mitigation.history {
        let note = if note.is_empty() { String::new() } else { format!(": {note}") };
        let text = format!("{}{} {}{note}", " ".repeat(17), minute(screen, *at), state.word());
        sheet.push_wrapped(&Line::from(words(theme, Role::Dim, text)), width, 23);
    }
}

fn push_command(screen: Screen<'_>, command: &Command, width: u16, sheet: &mut Sheet<'_>) {
    let theme = screen.theme;
    sheet.push_wrapped(
        &Line::from(vec![
            words(theme, Role::Text, format!("    {}", command.text)),
            words(theme, Role::Dim, format!("  {}", command.kind.words())),
        ]),
        width,
        4,
    );
    let indent = Span::raw("    ");
    let mut line = command_line(screen, &command.name, command.argv.join(" "));
    line.spans[0] = indent;
    sheet.push_wrapped(&line, width, 6);
}

/// A command as it would be run, whole.
fn command_line(screen: Screen<'_>, name: &str, argv: String) -> Line<'static> {
    Line::from(vec![
        Span::raw(" ".repeat(17)),
        words(screen.theme, Role::Dim, format!("{name}: ")),
        words(screen.theme, Role::Text, format!("$ {argv}")),
    ])
}

fn push_change(screen: Screen<'_>, record: &ChangeRecord, width: u16, selected: bool, sheet: &mut Sheet<'_>) {
    let Screen { app, theme, .. } = screen;
    let change = &record.change;
    let onset = app.incident.onset();
    let before = onset.filter(|onset| change.at <= *onset);
    let near = before.is_some_and(|onset| clock::seconds_between(change.at, onset) <= NEAR);
    let sign = if before.is_some() { sign::CHANGE } else { " " };
    let (mark, name) = match (near && change.kind.is_revertible(), before) {
        (true, _) => (Role::Change, Role::Strong),
        (false, Some(_)) => (Role::Dim, Role::Text),
        (false, None) => (Role::Dim, Role::Dim),
    };
    let distance = match onset {
        Some(onset) if change.at <= onset => format!("{} before the onset", age(change.at, onset)),
        Some(onset) => format!("{} after the onset", age(onset, change.at)),
        None => format!("{} ago", age(change.at, app.now)),
    };
    let mut line = Line::from(vec![
        words(theme, mark, format!("  {sign} ")),
        words(theme, Role::Dim, format!("{}  {:<8} ", day_minute(screen, change.at), change.kind.word())),
        words(theme, name, change.title.clone()),
        words(theme, mark, format!("  {distance}")),
    ]);
    if let Some(who) = &change.who {
        line.push_span(words(theme, Role::Dim, format!(" · {who}")));
    }
    if !change.kind.is_revertible() {
        line.push_span(words(theme, Role::Warning, " · not just rolled back: was anything written since?"));
    }
    sheet.push_wrapped(&line, width, 20);
    if let Some(undo) = change.undo.as_ref().filter(|_| selected || near) {
        let text = format!("{}undo elsewhere: {undo}", " ".repeat(20));
        sheet.push_wrapped(&Line::from(words(theme, Role::Dim, text)), width, 22);
    }
    if let Some(url) = change.url.as_ref().filter(|_| selected) {
        sheet.push_wrapped(&Line::from(words(theme, Role::Dim, format!("{}{url}", " ".repeat(20)))), width, 22);
    }
}

fn minute(screen: Screen<'_>, at: Timestamp) -> String {
    clock::minute(at, &screen.app.zone, screen.app.utc)
}

/// The day stands in front when it is not today's.
fn day_minute(screen: Screen<'_>, at: Timestamp) -> String {
    let zone = screen.app.shown_zone();
    let (then, now) = (at.to_zoned(zone.clone()), screen.app.now.to_zoned(zone));
    let day = if then.date() == now.date() { String::new() } else { then.strftime("%b %-d ").to_string() };
    format!("{day}{}", then.strftime("%H:%M"))
}

fn age(from: Timestamp, to: Timestamp) -> String {
    clock::age(clock::seconds_between(from, to))
}
