//! View 4: the timeline that writes itself, newest at the bottom, with what people noted.

use std::ops::Range;

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::Modifier,
    text::{Line, Span},
};

use super::{
    Role, Screen,
    line::{self, words},
    sign::{self, PENDING},
    spots::Spot,
    widget::row,
};
use crate::{
    app::{Action, clock, mouse::Listed, screen::log},
    incident::timeline::{Item, Kind},
};

/// Cells before the words: time, kind, author.
const AUTHOR: usize = 8;

/// A line, and the place of the item it tells of.
type Told = (usize, Line<'static>);

pub(super) fn draw(screen: Screen<'_>, body: Rect, buf: &mut Buffer) {
    let Screen { app, theme, .. } = screen;
    if body.is_empty() {
        return;
    }
    let all = log::log_items(app);
    let shown = app.screen.log_shown(&all);
    if shown.is_empty() {
        let text = if all.is_empty() {
            format!("Nothing recorded yet. {} writes a note.", app.session.keymap.key(Action::Note))
        } else {
            format!("Nothing contains `{}`. {} shows all.", app.screen.log.filter, app.session.keymap.key(Action::Back))
        };
        return row::middle(buf, body, &text, theme[Role::Dim]);
    }
    let selected = app.screen.log.find(&shown);
    let foot = status(screen, shown.len() - 1 - selected, shown.len(), all.len());
    let foot_lines = u16::from(!foot.spans.is_empty() && body.height > 2);
    let area =
        Rect { x: body.x + 1, width: body.width.saturating_sub(2).max(1), height: body.height - foot_lines, ..body };
    let area = area.intersection(buf.area);
    let (lines, at) = in_view(screen, &shown, selected, area);
    let (first, last) = (lines.first().map_or(0, |told| told.0), lines.last().map_or(0, |told| told.0));
    let most = if last + 1 < shown.len() { shown.len() - 1 } else { first };
    let hidden =
        || say_all(screen, &shown, first, area.width).len() - lines.iter().filter(|told| told.0 == first).count();
    let cut = if screen.spots.is_some() && last > first { hidden() } else { 0 };
    screen.note(area, Spot::List(Listed { lines: Vec::new(), of: shown.len(), top: first, cut, most }));
    for (nth, (y, (item, line))) in (area.y..area.bottom()).zip(&lines).enumerate() {
        let row = Rect { y, height: 1, ..area };
        line::put(buf, row, line);
        screen.note(row, Spot::Row(*item));
        if at.contains(&nth) {
            if nth == at.start {
                line::at(buf, body, body.x, y, sign::SELECTED, theme[Role::Focus]);
            }
            line::select(buf, row, theme);
        }
    }
    if foot_lines > 0 {
        line::put(buf, Rect { y: area.bottom(), height: 1, ..area }, &foot);
    }
}

/// The lines around the selected item that fit, each with the place of its item, and which of them are its own. Some of what comes next stays in view;
/// above it there is as much as there is room for.
fn in_view(screen: Screen<'_>, shown: &[&Item], selected: usize, area: Rect) -> (Vec<Told>, Range<usize>) {
    let height = usize::from(area.height);
    let of = |at: usize| say_all(screen, shown, at, area.width);
    let top = screen.app.screen.log.top;
    if let Some((from, cut)) = top {
        let from = if from <= selected { (from, cut) } else { (selected, 0) };
        let (lines, at) = from_item(&of, from, shown.len(), selected, height);
        if at.end <= height {
            return (lines, at);
        }
    }
    let lead = if top.is_some() { 0 } else { height / 4 };
    let mut below = Vec::new();
    let mut next = selected + 1;
    let extend = |below: &mut Vec<Told>, next: &mut usize, room: usize| {
        while *next < shown.len() && below.len() < room {
            below.extend(of(*next));
            *next += 1;
        }
        below.truncate(room);
    };
    extend(&mut below, &mut next, lead);
    let own = of(selected);
    let own_len = own.len();
    let mut above: Vec<Told> = Vec::new();
    for at in (0..selected).rev() {
        if above.len() + own_len + below.len() >= height {
            break;
        }
        above.splice(0..0, of(at));
    }
    let room = height.saturating_sub(own_len + below.len());
    above.drain(..above.len().saturating_sub(room));
    // Near the beginning there is room left below.
    let room = height.saturating_sub(above.len() + own_len);
    if below.len() < room {
        below.clear();
        next = selected + 1;
        extend(&mut below, &mut next, room);
    }
    let start = above.len();
    above.extend(own);
    above.extend(below);
    (above, start..start + own_len)
}

/// The lines that fit from an item on, and from those before it where the end leaves room; which of them are those of the
/// selected item.
fn from_item(
    of: &impl Fn(usize) -> Vec<Told>,
    (from, cut): (usize, usize),
    count: usize,
    selected: usize,
    height: usize,
) -> (Vec<Told>, Range<usize>) {
    let mut lines = Vec::new();
    let mut next = from;
    while next < count && (lines.len() < height || next <= selected) && lines.len() < 2 * height {
        lines.extend(of(next));
        next += 1;
    }
    let mut before = from;
    while lines.len() < height && before > 0 {
        before -= 1;
        lines.splice(0..0, of(before));
    }
    // At the end there is room for what was hidden.
    lines.drain(
        ..if before < from {
            lines.len().saturating_sub(height)
        } else {
            cut.min(lines.len() - lines.len().min(height))
        },
    );
    let own = |told: &Told| told.0 == selected;
    let start = lines.iter().position(own).unwrap_or(usize::MAX - 1);
    let end = lines.iter().rposition(own).map_or(usize::MAX, |last| last + 1);
    lines.truncate(height);
    (lines, start..end)
}

/// Says what is not in view; nothing when the newest line is and all pass.
fn status(screen: Screen<'_>, newer: usize, shown: usize, all: usize) -> Line<'static> {
    let Screen { app, theme, .. } = screen;
    let mut parts = Vec::new();
    if newer > 0 {
        parts.push(format!("{newer} newer below · {} follows again", app.session.keymap.key(Action::Last)));
    }
    if shown < all {
        parts.push(format!("{shown} of {all} contain `{}`", app.screen.log.filter));
    }
    if parts.is_empty() {
        return Line::default();
    }
    Line::from(words(theme, Role::Warning, format!("↓ {}", parts.join(" · "))))
}

/// What an item says, with the day before it where that is another one than that of the item before, or for the first
/// one another than today.
fn say_all(screen: Screen<'_>, shown: &[&Item], at: usize, width: u16) -> Vec<Told> {
    let item = shown[at];
    let mut own = say(screen, item, width);
    if is_new_day(screen, at.checked_sub(1).map(|at| shown[at]), item) {
        own.insert(0, day(screen, item));
    }
    own.into_iter().map(|line| (at, line)).collect()
}

fn say(screen: Screen<'_>, item: &Item, width: u16) -> Vec<Line<'static>> {
    let Screen { app, theme, .. } = screen;
    let (kind, text) = looks(item);
    let time = clock::time(item.at, &app.session.zone, app.session.utc);
    let author = if item.machine { String::new() } else { short_name(&item.by) };
    let mut style = theme[text];
    let mut undone = "";
    let pending = app.outbox.is_provisional(item.seq);
    if pending {
        style = theme[Role::Dim];
    }
    if item.undone {
        style = theme[Role::Dim].add_modifier(Modifier::CROSSED_OUT);
        undone = "  (undone)";
    }
    let narrow = width < 60;
    let author = if narrow { String::new() } else { format!("{} ", super::widget::text::left(&author, AUTHOR)) };
    let head = format!("{time} {}", if pending { PENDING } else { " " });
    let indent = super::widget::text::width(&head) + 9 + super::widget::text::width(&author);
    let line = Line::from(vec![
        words(theme, Role::Dim, head),
        words(theme, kind, format!("{:<8} ", item.kind.word())),
        words(theme, Role::Dim, author),
        Span::styled(item.what.clone(), style),
        words(theme, Role::Dim, undone),
    ]);
    line::wrap(&line, width.into(), indent.min(usize::from(width) / 2))
}

/// How the kind and the words look: what hurts, what was decided and what people wrote stand out.
fn looks(item: &Item) -> (Role, Role) {
    let kind = match item.kind {
        Kind::Vital | Kind::Alert if item.important => Role::Critical,
        Kind::Source => Role::Stale,
        Kind::Change => Role::Change,
        Kind::Mitigation | Kind::Status | Kind::Decision => Role::Info,
        Kind::Rank => Role::Accent,
        _ => Role::Dim,
    };
    let text = match item.kind {
        Kind::Note => Role::Strong,
        _ if item.important => Role::Text,
        _ => Role::Dim,
    };
    (kind, text)
}

/// `alice@host` is `alice` to colleagues.
fn short_name(by: &str) -> String {
    by.split('@').next().unwrap_or_default().to_owned()
}

fn is_new_day(screen: Screen<'_>, before: Option<&Item>, item: &Item) -> bool {
    let date = |item: &Item| item.at.to_zoned(screen.app.session.shown_zone()).date();
    let today = screen.app.session.now.to_zoned(screen.app.session.shown_zone()).date();
    before.map_or(today, date) != date(item)
}

fn day(screen: Screen<'_>, item: &Item) -> Line<'static> {
    // Local times do not say whose they are.
    let format = if screen.app.session.utc { "── %a %-d %b ──" } else { "── %a %-d %b, %Z ──" };
    let day = item.at.to_zoned(screen.app.session.shown_zone()).strftime(format).to_string();
    Line::from(words(screen.theme, Role::Dim, day))
}
