//! The last line, or the last two: the next best step and what its key does. Nothing else is said here, so that nothing
//! pushes it away.

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    text::{Line, Span},
};

use super::{
    Role, Screen,
    line::{self, words},
};
use crate::{
    app::{Action, Step, coach},
    incident::Status,
};

pub(super) fn draw(screen: Screen<'_>, area: Rect, buf: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    // A field in a low window may have reached down to here; half of a wide character would stay.
    for at in area.intersection(buf.area).positions() {
        buf[at].reset();
    }
    let area = Rect { x: area.x + 1, width: area.width.saturating_sub(2).max(1), ..area }.intersection(buf.area);
    let help = help(screen, area);
    let last = Rect { y: area.bottom().saturating_sub(1), height: 1, ..area };
    line::put_both(buf, last, &Line::default(), &help);
    let taken = if help.spans.is_empty() { 0 } else { line::width(&help) as u16 + 2 };
    let pieces = line::wrap(&sentence(screen), area.width.into(), 2);
    match pieces.as_slice() {
        [first, second] if area.height > 1 => {
            line::put(buf, Rect { height: 1, ..area }, first);
            put_with_key(screen, second, Rect { width: last.width.saturating_sub(taken), ..last }, buf);
        }
        [only] if area.height > 1 => {
            let room = usize::from(area.width);
            if line::width(only) + line::width(&hint(screen)) <= room {
                put_with_key(screen, only, Rect { height: 1, ..area }, buf);
            } else {
                line::put(buf, Rect { height: 1, ..area }, only);
                put_with_key(screen, &Line::default(), Rect { width: last.width.saturating_sub(taken), ..last }, buf);
            }
        }
        [first, ..] if area.height > 1 => {
            line::put(buf, Rect { height: 1, ..area }, first);
            let rest: String = pieces[1..].iter().map(|piece| format!("{} ", piece.to_string().trim())).collect();
            let rest = Line::from(vec![Span::raw("  "), words(screen.theme, Role::Strong, rest.trim_end().to_owned())]);
            put_with_key(screen, &rest, Rect { width: last.width.saturating_sub(taken), ..last }, buf);
        }
        _ => {
            let room = last.width.saturating_sub(taken);
            put_with_key(screen, &sentence(screen), Rect { width: room, ..last }, buf);
        }
    }
}

/// The words, and behind them the step's key with what it does. Where not all fits what the key does goes first; the
/// sentence is cut before the key is.
fn put_with_key(screen: Screen<'_>, shown: &Line<'_>, area: Rect, buf: &mut Buffer) {
    let mut whole = Line::from(shown.spans.clone());
    whole.spans.extend(hint(screen).spans);
    if line::width(&whole) <= area.width.into() {
        line::put(buf, area, &whole);
        return;
    }
    let key = if area.width < 20 { Line::default() } else { key(screen) };
    let x = line::put(buf, Rect { width: area.width.saturating_sub(line::width(&key) as u16), ..area }, shown);
    line::put(buf, Rect { x, width: area.right().saturating_sub(x), ..area }, &key);
}

fn sentence(screen: Screen<'_>) -> Line<'static> {
    let theme = screen.theme;
    let role = if screen.advice.step.is_some() { Role::Strong } else { Role::Text };
    Line::from(vec![words(theme, Role::Accent, "▸"), words(theme, role, format!(" {}", screen.advice.text))])
}

/// None while something lies over the view: the key is a letter there, or nothing.
fn key(screen: Screen<'_>) -> Line<'static> {
    let key = screen.app.keymap.key(Action::Coach);
    match screen.advice.step {
        Some(_) if !key.is_empty() && screen.app.overlay.is_none() => {
            Line::from(vec![words(screen.theme, Role::Dim, "  "), words(screen.theme, Role::Key, key)])
        }
        _ => Line::default(),
    }
}

fn hint(screen: Screen<'_>) -> Line<'static> {
    let mut hint = key(screen);
    if let Some(step) = &screen.advice.step
        && !hint.spans.is_empty()
    {
        hint.push_span(words(screen.theme, Role::Dim, format!(" {}", what_it_does(screen, step))));
    }
    hint
}

fn what_it_does(screen: Screen<'_>, step: &coach::Step) -> &'static str {
    match step {
        Step::Acknowledge => "says so",
        Step::TakeAlert(..) | Step::TakeVital(_) => "takes it",
        Step::TypeSymptom
        | Step::AddSign
        | Step::AddDisproof(_)
        | Step::Assume
        | Step::Mitigate(_)
        | Step::AddAction
        | Step::Note(_) => "opens a line for it",
        Step::Undo(_) => "opens the guard",
        Step::Run(_) | Step::Begin(_) => "begins on it, after asking",
        Step::Confirm(_) | Step::Poke(_) => "asks",
        Step::Verify(_) | Step::Fail(_) => "asks what came of it",
        Step::Fold => "lists them",
        Step::AddHypotheses | Step::AddRival(_) | Step::AddMissing => "offers some",
        Step::Fill => "asks one by one",
        Step::Settle(id) if screen.app.would_run(*id) => "runs it",
        Step::Settle(_) => "asks what was seen",
        Step::Refute(_) => "asks for the reason",
        Step::Status(Status::Closed) => "closes it, after asking",
        Step::Status(_) => "asks",
        Step::Review(_) | Step::Why(_) => "opens a line for the answer",
    }
}

/// Where help is; like the step's key, nowhere while something lies over the view.
fn help(screen: Screen<'_>, area: Rect) -> Line<'static> {
    let Screen { app, theme, .. } = screen;
    let key = words(theme, Role::Key, app.keymap.key(Action::Help));
    // In one row the word gives way to the step.
    let wanted = line::width(&sentence(screen)) + line::width(&hint(screen));
    match area.width {
        _ if app.overlay.is_some() => Line::default(),
        ..16 => Line::default(),
        width if area.height > 1 || wanted + 8 <= width.into() => {
            Line::from(vec![key, words(theme, Role::Dim, " help")])
        }
        _ => Line::from(key),
    }
}
