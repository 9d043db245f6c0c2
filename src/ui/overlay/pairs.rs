//! Names with their values, one below the other, and times as they are told there.

use jiff::Timestamp;
use ratatui::text::Line;

use crate::{
    app::clock,
    base::human_time,
    ui::{Role, Screen, line::words, sheet::Sheet, widget::text},
};

/// Cells of a name, at most; a longer one stands alone.
const NAME: usize = 16;

/// To the millisecond, how long ago, and how far from when users began to be hurt.
pub(super) fn when(screen: Screen<'_>, at: Timestamp) -> String {
    let (session, onset) = (&screen.app.session, screen.app.incident.onset());
    let from_onset = onset.map(|onset| format!(", {}", clock::from_onset(at, onset)));
    let ago = human_time::age(human_time::seconds_between(at, session.now));
    format!("{} · {ago} ago{}", clock::exact(at, &session.zone, session.utc), from_onset.unwrap_or_default())
}

/// A name and a value on a line, or on as many as the value takes.
pub(super) fn pair(screen: Screen<'_>, name: &str, value: &str, role: Role, width: u16, sheet: &mut Sheet<'static>) {
    let theme = screen.theme;
    let mut values = value.lines();
    let first = values.next().unwrap_or_default();
    let cells = NAME + 1;
    if text::width(name) > NAME {
        sheet.push_wrapped(&Line::from(words(theme, Role::Dim, name.to_owned())), width, 2);
        push_value(screen, &" ".repeat(cells), first, role, width, sheet);
    } else {
        push_value(screen, &format!("{} ", text::left(name, NAME)), first, role, width, sheet);
    }
    for value in values {
        push_value(screen, &" ".repeat(cells), value, role, width, sheet);
    }
}

fn push_value(screen: Screen<'_>, before: &str, value: &str, role: Role, width: u16, sheet: &mut Sheet<'static>) {
    let theme = screen.theme;
    let cells = text::width(before);
    let mut pieces = text::wrap(value, usize::from(width).saturating_sub(cells).max(8)).into_iter();
    let first = pieces.next().unwrap_or_default();
    sheet.push(Line::from(vec![words(theme, Role::Dim, before.to_owned()), words(theme, role, first)]));
    for piece in pieces {
        sheet.push(Line::from(vec![words(theme, Role::Dim, " ".repeat(cells)), words(theme, role, piece)]));
    }
}
