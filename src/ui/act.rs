//! View 3: where it stands, what runs, what to try next and why, what was tried, and what was changed before it began.

mod runbooks;
mod standing;

use jiff::Timestamp;
use ratatui::{
    buffer::Buffer,
    layout::Rect,
    text::{Line, Span},
};

use super::{Role, Screen, line::words, sheet::Sheet, sign, widget::text};
use crate::{
    app::{
        ActItem, Doable, Ordered, Recovery,
        act::{self, order, verify},
        clock,
        coach::beside_act,
        screen::act::selected_act,
    },
    base::{command_line, human_time},
    config::Command,
    incident::{
        ChangeRecord, GuardAnswer, Mitigation, MitigationState,
        mitigation::{MitigationTurn, guard},
    },
    signal::ChangeKind,
};

/// A change this long before the onset is the first to go back from, in seconds.
const NEAR: i64 = 3600;

pub(super) fn draw(screen: Screen<'_>, body: Rect, buf: &mut Buffer) {
    if body.is_empty() {
        return;
    }
    let area = Rect { x: body.x + 1, width: body.width.saturating_sub(2).max(1), ..body }.intersection(buf.area);
    let sheet = sheet(screen, area.width);
    let top = screen.app.screen.act.cursor.top;
    sheet.draw(screen.theme, area, top, buf);
    sheet.note(screen, area, top);
}

pub(super) fn sheet<'a>(screen: Screen<'a>, width: u16) -> Sheet<'a> {
    let Screen { app, theme, .. } = screen;
    let items = act::act_items(app.facts());
    let order = order::what_to_try(app.facts());
    let selected = selected_act(app).map(|item| item.key());
    let mut sheet = Sheet::default();
    standing::push(screen, width, &mut sheet);
    runbooks::push(screen, width, &mut sheet);
    // Times stand in a column, though some have their day in front.
    let time = items.iter().filter_map(|item| match item {
        ActItem::Change(record) => Some(text::width(&day_minute(screen, record.change.at))),
        _ => None,
    });
    let time = time.max().unwrap_or_default();
    let mut part = None;
    for item in &items {
        let now = Part::of(item);
        if part.replace(now) != Some(now) {
            let (title, aside) = now.heading(screen, order.first(), width);
            sheet.heading(theme, title, aside);
        }
        if let ActItem::Change(record) = item {
            draw_onset(screen, record, &items, &mut sheet);
        }
        let from = sheet.len();
        let chosen = selected.as_ref() == Some(&item.key());
        match item {
            ActItem::Mitigation(m) => {
                let why = order.iter().find(|ordered| ordered.what == Doable::Mitigation(m.id));
                push_mitigation(screen, m, why, chosen, width, &mut sheet);
            }
            ActItem::Command(place) => {
                let why = order.iter().find(|ordered| ordered.what == Doable::Command(*place));
                if let Some(command) = app.session.config.commands.get(*place) {
                    push_command(screen, command, why, chosen, width, &mut sheet);
                }
            }
            ActItem::Change(record) => push_change(screen, record, time, width, chosen, &mut sheet),
        }
        if chosen {
            sheet.select_from(from);
        }
        sheet.row_from(from);
    }
    if !items.iter().any(|item| matches!(item, ActItem::Change(_))) {
        sheet.heading(theme, "Changes", "");
        let text = "  none seen · a source whose answers are changes shows deploys and flags here";
        sheet.push(Line::from(words(theme, Role::Dim, text)));
    }
    sheet
}

/// The parts of the view, from top to bottom.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Running,
    Try,
    Done,
    Changes,
}

impl Part {
    fn of(item: &ActItem<'_>) -> Self {
        match item {
            ActItem::Mitigation(m) if m.state == MitigationState::Running => Self::Running,
            ActItem::Mitigation(m) if m.state != MitigationState::Proposed => Self::Done,
            ActItem::Mitigation(_) | ActItem::Command(_) => Self::Try,
            ActItem::Change(_) => Self::Changes,
        }
    }

    fn heading(self, screen: Screen<'_>, first: Option<&Ordered>, width: u16) -> (&'static str, String) {
        match self {
            Self::Running => ("Running", "watched until its deadline".into()),
            Self::Try => ("To try", try_aside(screen, first, width)),
            Self::Done => ("Tried or rejected", "newest first".into()),
            Self::Changes => ("Changes", changes_aside(screen)),
        }
    }
}

/// By what they are ordered, and before that why the coach says something else; that alone where not both fit.
fn try_aside(screen: Screen<'_>, first: Option<&Ordered>, width: u16) -> String {
    let order = "what stops most in the least time first, what can be taken back before what cannot";
    let why = first.and_then(|first| beside_act::why_another(screen.app, first));
    let Some(why) = why else { return order.into() };
    let both = format!("{why} · {order}");
    if text::width(&both) + "To try  ".len() <= width.into() { both } else { why }
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

fn push_mitigation(
    screen: Screen<'_>,
    m: &Mitigation,
    why: Option<&Ordered>,
    selected: bool,
    width: u16,
    sheet: &mut Sheet<'_>,
) {
    let Screen { app, theme, .. } = screen;
    let (sign, role) = match m.state {
        MitigationState::Proposed => ("·", Role::Text),
        MitigationState::Running => ("▶", Role::Info),
        MitigationState::Worked => ("✓", Role::Ok),
        MitigationState::Failed => ("✗", Role::Critical),
        MitigationState::Undone => ("↩", Role::Dim),
        MitigationState::Rejected => ("–", Role::Dim),
    };
    let mut line = Line::from(vec![
        words(theme, role, format!("  {sign} {:<8} ", m.state.word())),
        words(theme, Role::Dim, format!("{:<3} ", m.label)),
        words(theme, Role::Strong, m.text.clone()),
        words(theme, Role::Dim, format!("  {}", m.kind.words())),
    ]);
    if order::can_be_taken_back(app.facts(), m) == Some(false) {
        line.push_span(words(theme, Role::Warning, " · hard to take back"));
    }
    if let Some(row) = m.hypothesis.and_then(|id| app.incident.board.hypothesis(id)) {
        line.push_span(words(theme, Role::Dim, format!(" · for {} {}", row.label, row.text)));
    }
    sheet.push_wrapped(&line, width, 17);
    let below = |role: Role, text: String| Line::from(words(theme, role, format!("{}{text}", " ".repeat(17))));
    if m.state == MitigationState::Running {
        let role = match verify::recovery_of(app.facts(), m.vital.as_deref()) {
            Recovery::Held { .. } => Role::Ok,
            Recovery::Holding { .. } => Role::Info,
            _ => Role::Warning,
        };
        sheet.push_wrapped(&below(role, verify::running_in_words(app.facts(), m)), width, 19);
    }
    if let Some(why) = why {
        sheet.push_wrapped(&below(Role::Dim, why.why.clone()), width, 19);
    }
    if !m.effect.is_empty() {
        sheet.push_wrapped(&below(Role::Dim, format!("expected: {}", m.effect)), width, 19);
    }
    let warned = guard::warnings(&m.guard);
    for warning in &warned {
        sheet.push_wrapped(&below(Role::Warning, format!("! {warning}")), width, 19);
    }
    if selected {
        for (question, reply) in m.guard.iter().filter(|(_, reply)| reply.text.is_empty() || reply.text != m.effect) {
            let text = format!("{}: {}", question.name(), reply.words());
            sheet.push_wrapped(&below(Role::Dim, text), width, 19);
        }
    }
    if let Some(name) = &m.command {
        let argv = app
            .session
            .config
            .commands
            .iter()
            .find(|command| command.name == *name)
            .map(|c| command_line::shown(&c.argv));
        let argv = argv.unwrap_or_else(|| "not in the configuration any more".into());
        sheet.push_wrapped(&command_line(screen, name, argv, 17), width, 19);
    }
    // The whole history of what is selected, of the others where it stands.
    let from = if selected { 0 } else { m.history.len().saturating_sub(1) };
    for MitigationTurn { at, state, note } in &m.history[from..] {
        let note = if note.is_empty() { String::new() } else { format!(": {note}") };
        let text = format!("{} {}{note}", minute(screen, *at), state.word());
        sheet.push_wrapped(&below(Role::Dim, text), width, 23);
    }
}

fn push_command(
    screen: Screen<'_>,
    command: &Command,
    why: Option<&Ordered>,
    selected: bool,
    width: u16,
    sheet: &mut Sheet<'_>,
) {
    let theme = screen.theme;
    let mut line = Line::from(vec![
        words(theme, Role::Text, format!("    {}", command.text)),
        words(theme, Role::Dim, format!("  {}", command.kind.words())),
    ]);
    if let Some(why) = why {
        line.push_span(words(theme, Role::Dim, format!(" · {}", why.why)));
    }
    sheet.push_wrapped(&line, width, 6);
    // What would be run is shown whole before it is; here it is shown for what is selected.
    if selected {
        sheet.push_wrapped(&command_line(screen, &command.name, command_line::shown(&command.argv), 6), width, 8);
    }
}

/// A command as it would be run, whole.
fn command_line(screen: Screen<'_>, name: &str, argv: String, indent: usize) -> Line<'static> {
    Line::from(vec![
        Span::raw(" ".repeat(indent)),
        words(screen.theme, Role::Dim, format!("{name}: ")),
        words(screen.theme, Role::Text, format!("$ {argv}")),
    ])
}

fn push_change(
    screen: Screen<'_>,
    record: &ChangeRecord,
    time: usize,
    width: u16,
    selected: bool,
    sheet: &mut Sheet<'_>,
) {
    let Screen { app, theme, .. } = screen;
    let change = &record.change;
    let onset = app.incident.onset();
    let before = onset.filter(|onset| change.at <= *onset);
    let near = before.is_some_and(|onset| human_time::seconds_between(change.at, onset) <= NEAR);
    let sign = if before.is_some() { sign::CHANGE } else { " " };
    // Only near the onset does it matter which it is.
    let back = near && app.incident.is_rollback(record);
    let word = if back { ChangeKind::Rollback.word() } else { change.kind.word() };
    let (mark, name) = match (near && change.kind.is_revertible() && !back, before) {
        (true, _) => (Role::Change, Role::Strong),
        (false, Some(_)) => (Role::Dim, Role::Text),
        (false, None) => (Role::Dim, Role::Dim),
    };
    let distance = match onset {
        Some(onset) if change.at <= onset => format!("{} before the onset", age(change.at, onset)),
        Some(onset) => format!("{} after the onset", age(onset, change.at)),
        None => format!("{} ago", age(change.at, app.session.now)),
    };
    let mut line = Line::from(vec![
        words(theme, mark, format!("  {sign} ")),
        words(theme, Role::Dim, format!("{:>time$}  {word:<8} ", day_minute(screen, change.at))),
        words(theme, name, change.title.clone()),
        words(theme, mark, format!("  {distance}")),
    ]);
    if let Some(who) = &change.who {
        line.push_span(words(theme, Role::Dim, format!(" · {who}")));
    }
    if !change.kind.is_revertible() {
        let (role, text) = match app.incident.written_since(&change.id) {
            Some(GuardAnswer::No) => (Role::Dim, " · nothing written since, as was said"),
            Some(GuardAnswer::Yes) => (Role::Warning, " · written since: not offered as a rollback"),
            _ => (Role::Warning, " · not just rolled back: was anything written since?"),
        };
        line.push_span(words(theme, role, text));
    }
    let indent = 15 + time;
    sheet.push_wrapped(&line, width, indent);
    if let Some(undo) = change.undo.as_ref().filter(|_| selected || near) {
        let text = format!("{}undo elsewhere: {undo}", " ".repeat(indent));
        sheet.push_wrapped(&Line::from(words(theme, Role::Dim, text)), width, indent + 2);
    }
    if let Some(url) = change.url.as_ref().filter(|_| selected) {
        sheet.push_wrapped(
            &Line::from(words(theme, Role::Dim, format!("{}{url}", " ".repeat(indent)))),
            width,
            indent + 2,
        );
    }
}

fn minute(screen: Screen<'_>, at: Timestamp) -> String {
    clock::minute(at, &screen.app.session.zone, screen.app.session.utc)
}

/// The day stands in front when it is not today's.
fn day_minute(screen: Screen<'_>, at: Timestamp) -> String {
    let zone = screen.app.session.shown_zone();
    let (then, now) = (at.to_zoned(zone.clone()), screen.app.session.now.to_zoned(zone));
    let day = if then.date() == now.date() { String::new() } else { then.strftime("%b %-d ").to_string() };
    format!("{day}{}", then.strftime("%H:%M"))
}

fn age(from: Timestamp, to: Timestamp) -> String {
    human_time::age(human_time::seconds_between(from, to))
}
