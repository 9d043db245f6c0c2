//! The keys that matter most where the person is, in one line beside the one of help. They take the room that the next
//! step leaves: the last one gives way first, and none is cut.

use ratatui::{buffer::Buffer, layout::Rect, text::Line};

use super::{
    Role, Screen,
    line::{self, words},
    widget::text,
};
use crate::{
    app::{
        ActItem, Action, App, View, commands,
        screen::{act::selected_act, watch::focused},
    },
    config::PaneKind,
};

/// Keys shown at most: more are not read, they are searched.
const MOST: usize = 5;

/// Draws them at the right end of `room`, one line high.
pub(super) fn draw(screen: Screen<'_>, room: Rect, buf: &mut Buffer) {
    if screen.app.screen.overlay.is_some() {
        return;
    }
    let shown = fitted(screen, room.width.into());
    let cells = line::width(&shown) as u16;
    line::put(buf, Rect { x: room.right().saturating_sub(cells), width: cells, ..room }, &shown);
}

fn fitted(screen: Screen<'_>, room: usize) -> Line<'static> {
    let (mut shown, mut cells) = (Line::default(), 0);
    for (key, does) in keys(screen) {
        let gap = if shown.spans.is_empty() { "" } else { " · " };
        cells += text::width(gap) + text::width(&key) + 1 + text::width(&does);
        if cells > room {
            break;
        }
        let dim = |text: String| words(screen.theme, Role::Dim, text);
        shown.spans.extend([dim(gap.to_owned()), words(screen.theme, Role::Key, key), dim(format!(" {does}"))]);
    }
    shown
}

/// The keys with a word or two each, the most useful one first.
fn keys(screen: Screen<'_>) -> Vec<(String, String)> {
    let app = screen.app;
    let key = |action| app.session.keymap.key(action);
    let mut shown = Vec::new();
    if is_searched(app) {
        shown.push((format!("{} {}", key(Action::Down), key(Action::Up)), "next match".to_owned()));
        shown.push((key(Action::Back), "shows all".to_owned()));
    }
    let not_now = (screen.advice.step.is_some()).then(|| (key(Action::NotNow), "not now".to_owned()));
    let most = MOST - shown.len() - usize::from(not_now.is_some());
    let useful = wanted(app).iter().filter_map(|action| {
        let key = key(*action);
        (!key.is_empty() && commands::can(app, *action)).then(|| (key, action.spec().name.replace('-', " ")))
    });
    shown.extend(useful.take(most));
    shown.extend(not_now.filter(|(key, _)| !key.is_empty()));
    shown
}

/// Whether only what contains some words is shown, in a list.
fn is_searched(app: &App) -> bool {
    !app.screen.filter_of(app.screen.view).is_empty() && (app.screen.view == View::Log || is_on_list(app))
}

fn is_on_list(app: &App) -> bool {
    app.screen.view == View::Watch
        && focused(app)
            .is_some_and(|pane| matches!(pane.pane.kind, PaneKind::Alerts | PaneKind::Changes | PaneKind::Logs))
}

/// What is likely to be wanted in this view with what is selected there, the likeliest first.
fn wanted(app: &App) -> &'static [Action] {
    use Action::*;
    match app.screen.view {
        View::Watch if is_on_list(app) => &[TakeSymptom, Open, Filter, Note, AddHypotheses, LookAtTime],
        View::Watch => &[LookAtTime, Open, TakeSymptom, Note, AddHypotheses, Filter],
        View::Board => &[Fill, Settle, Evidence, AddHypotheses, TakeSymptom, AddSign, Note],
        View::Act => match selected_act(app) {
            Some(ActItem::Mitigation(_)) => &[Verify, Guard, Mitigate, Stanched, Bleeding, Note],
            Some(_) => &[Guard, Mitigate, Stanched, Bleeding, Note, Onset],
            None => &[Mitigate, Stanched, Bleeding, Note, Onset],
        },
        View::Log => &[Note, Open, Filter, Copy, ParkWhy, Onset],
        View::Learn => &[Open, AddAction, Reword, WhyBeside, Note, Closed],
    }
}
