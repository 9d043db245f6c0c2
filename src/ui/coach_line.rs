//! The last line: the next best step, what its key does, and what was just done.

use ratatui::{buffer::Buffer, layout::Rect, text::Line};

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
    let area = Rect { x: area.x + 1, width: area.width.saturating_sub(2).max(1), ..area }.intersection(buf.area);
    let bare = sentence(screen);
    let mut with_hint = bare.clone();
    with_hint.spans.extend(hint(screen).spans);
    let key = if area.width < 20 { Line::default() } else { key(screen) };
    let right = right(screen, area.width, line::width(&bare) + line::width(&key));
    let gap = if right.spans.is_empty() { 0 } else { 2 };
    let room = area.width.saturating_sub(line::width(&right) as u16 + gap);
    line::put_both(buf, area, &Line::default(), &right);
    if line::width(&with_hint) <= room.into() {
        line::put(buf, Rect { width: room, ..area }, &with_hint);
    } else {
        // The sentence is cut, its key is not.
        let x = line::put(buf, Rect { width: room.saturating_sub(line::width(&key) as u16), ..area }, &bare);
        line::put(buf, Rect { x, width: (area.x + room).saturating_sub(x), ..area }, &key);
    }
}

fn sentence(screen: Screen<'_>) -> Line<'static> {
    let theme = screen.theme;
    let role = if screen.advice.step.is_some() { Role::Strong } else { Role::Text };
    Line::from(vec![words(theme, Role::Accent, "▸"), words(theme, role, format!(" {}", screen.advice.text))])
}

fn key(screen: Screen<'_>) -> Line<'static> {
    let key = screen.app.keymap.key(Action::Coach);
    match screen.advice.step {
        Some(_) if !key.is_empty() => {
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
        hint.push_span(words(screen.theme, Role::Dim, format!(" {}", what_it_does(step))));
    }
    hint
}

fn what_it_does(step: &coach::Step) -> &'static str {
    match step {
        Step::Acknowledge => "says so",
        Step::TakeAlert(..) | Step::TakeVital(_) => "takes it",
        Step::TypeSymptom | Step::AddSign | Step::Mitigate(_) | Step::AddAction | Step::Note(_) => {
            "opens a line for it"
        }
        Step::Undo(_) => "opens the guard",
        Step::Run(_) | Step::Begin(_) => "begins on it, after asking",
        Step::Confirm(_) => "asks",
        Step::Verify(_) | Step::Fail(_) => "asks what came of it",
        Step::AddHypotheses => "offers some",
        Step::Fill => "asks one by one",
        Step::Settle(_) => "asks what was seen",
        Step::Refute(_) => "asks for the reason",
        Step::Status(Status::Closed) => "closes it, after asking",
        Step::Status(_) => "asks",
        Step::Review(_) => "opens a line for the answer",
    }
}

/// What was just said, for its time, else where help is. `wanted` is what the step would take.
fn right(screen: Screen<'_>, width: u16, wanted: usize) -> Line<'static> {
    let Screen { app, theme, .. } = screen;
    let width = usize::from(width);
    match &app.notice {
        _ if width < 16 => Line::default(),
        Some(notice) => {
            let (sign, role) = if notice.trouble { ("✗", Role::Warning) } else { ("✓", Role::Text) };
            let text = format!("{sign} {}", notice.text);
            // The step stays readable beside it.
            let most = (width * 3 / 5).max(width.saturating_sub(40));
            Line::from(words(theme, role, super::widget::text::clip(&text, most).into_owned()))
        }
        None => {
            let key = words(theme, Role::Key, app.keymap.key(Action::Help));
            let has_room = wanted + 8 <= width;
            Line::from(vec![key, words(theme, Role::Dim, if has_room { " help" } else { "" })])
        }
    }
}
