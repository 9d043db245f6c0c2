//! The last line: the next best step, what its key does, and what was just done.

use ratatui::{buffer::Buffer, layout::Rect, text::Line};

use super::{
    Role, Screen,
    line::{self, words},
};
use crate::{
    app::{Action, Advice, Step, coach},
    incident::Status,
};

pub(super) fn draw(screen: Screen<'_>, area: Rect, buf: &mut Buffer, advice: &Advice) {
    if area.is_empty() {
        return;
    }
    let area = Rect { x: area.x + 1, width: area.width.saturating_sub(2).max(1), ..area }.intersection(buf.area);
    let width = usize::from(area.width);
    let right = right(screen, width);
    let room = width.saturating_sub(line::width(&right) + 2);
    let hint = hint(screen, advice);
    let bare = sentence(screen, advice);
    let mut with_hint = bare.clone();
    with_hint.spans.extend(hint.spans);
    let key = key(screen, advice);
    let short = Line::from(words(screen.theme, Role::Key, screen.app.keymap.key(Action::Help)));
    let right = if screen.app.notice.is_none() && line::width(&bare) > room { short } else { right };
    let room = width.saturating_sub(line::width(&right) + 2);
    if line::width(&with_hint) <= room {
        line::put_both(buf, area, &with_hint, &right);
    } else {
        // The sentence is cut, its key is not.
        let cells = line::width(&key);
        let left = Rect { width: room.min(width) as u16, ..area };
        let sentence = Rect { width: left.width.saturating_sub(cells as u16), ..left };
        let x = line::put(buf, sentence, &bare);
        line::put(buf, Rect { x, width: left.right().saturating_sub(x), ..left }, &key);
        line::put_both(buf, area, &Line::default(), &right);
    }
}

fn sentence(screen: Screen<'_>, advice: &Advice) -> Line<'static> {
    let theme = screen.theme;
    let role = if advice.step.is_some() { Role::Strong } else { Role::Text };
    Line::from(vec![words(theme, Role::Accent, "▸ "), words(theme, role, advice.text.clone())])
}

fn key(screen: Screen<'_>, advice: &Advice) -> Line<'static> {
    let key = screen.app.keymap.key(Action::Coach);
    match advice.step {
        Some(_) if !key.is_empty() => Line::from(words(screen.theme, Role::Key, format!("  {key}"))),
        _ => Line::default(),
    }
}

fn hint(screen: Screen<'_>, advice: &Advice) -> Line<'static> {
    let mut hint = key(screen, advice);
    if let Some(step) = &advice.step
        && !hint.spans.is_empty()
    {
        hint.push_span(words(screen.theme, Role::Dim, format!(" {}", what_it_does(step))));
    }
    hint
}

fn what_it_does(step: &coach::Step) -> String {
    match step {
        Step::Acknowledge => "says so".into(),
        Step::TakeAlert(..) | Step::TakeVital(_) => "takes it".into(),
        Step::TypeSymptom | Step::AddSign => "opens a line for it".into(),
        Step::Undo(_) => "proposes it".into(),
        Step::Propose(_) => "proposes it and shows the command".into(),
        Step::Verify(_) => "asks what came of it".into(),
        Step::AddHypotheses => "offers some".into(),
        Step::Fill => "asks one by one".into(),
        Step::Settle(_) => "asks what was seen".into(),
        Step::Refute(_) => "asks for the reason".into(),
        Step::Status(Status::Closed) => "closes it, after asking".into(),
        Step::Status(_) => "asks".into(),
        Step::Review(_) => "opens a line for the answer".into(),
        Step::Show(view) => format!("goes to {}", view.name()),
    }
}

/// What was just said, for its time, else where help is.
fn right(screen: Screen<'_>, width: usize) -> Line<'static> {
    let Screen { app, theme } = screen;
    match &app.notice {
        Some(notice) => {
            let (sign, role) = if notice.trouble { ("✗", Role::Warning) } else { ("✓", Role::Text) };
            let text = format!("{sign} {}", notice.text);
            // The step stays readable beside it.
            let most = (width * 3 / 5).max(width.saturating_sub(40));
            Line::from(words(theme, role, super::widget::text::clip(&text, most).into_owned()))
        }
        None => {
            let key = app.keymap.key(Action::Help);
            let help = if width < 40 { "" } else { " help" };
            Line::from(vec![words(theme, Role::Key, key), words(theme, Role::Dim, help)])
        }
    }
}
