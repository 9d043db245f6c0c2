//! The names of the dashboards and of the team's own panes, in the lowest line of the frames; the one shown stands in
//! brackets, as the views do.

use ratatui::{
    layout::Rect,
    text::{Line, Span},
};

use crate::{
    app::{Action, App, screen::tabs},
    dashboard::PaneId,
    ui::{
        Role, Screen,
        line::{self, words},
        widget::text,
    },
};

/// Cells of a name, where there is no room for whole ones.
const SHORT: usize = 12;

/// The names in the longest form that fits into the width of the body, and where they are.
pub(super) fn draw(screen: Screen<'_>, all: &[tabs::Tab], body: Rect) -> Option<(Line<'static>, Rect)> {
    if all.len() < 2 || body.height < 3 {
        return None;
    }
    let forms = [named(screen, all, usize::MAX), named(screen, all, SHORT), counted(screen, all)];
    // A corner of the frame stays on either side.
    let fits = |form: &Line<'_>| line::width(form) + 4 <= usize::from(body.width);
    let shown = forms.into_iter().find(fits)?;
    let area = Rect { x: body.x + 2, y: body.bottom() - 1, width: line::width(&shown) as u16, height: 1 };
    Some((shown, area))
}

/// Cells of the shortest form; 0 where there is nothing to choose from.
pub(super) fn least(screen: Screen<'_>, all: &[tabs::Tab]) -> usize {
    if all.len() < 2 { 0 } else { line::width(&counted(screen, all)) + 4 }
}

/// The place of a pane among those of its dashboard, or of the team's own, and how many these are.
pub(super) fn place_among(app: &App, pane: PaneId) -> (usize, usize) {
    let of = |pane: PaneId| app.world.plan.pane(pane)?.origin.as_ref().map(|origin| origin.dashboard);
    let beside: Vec<PaneId> =
        app.world.plan.panes.iter().map(|one| one.id).filter(|one| of(*one) == of(pane)).collect();
    (beside.iter().position(|one| *one == pane).unwrap_or(0), beside.len())
}

fn named(screen: Screen<'_>, all: &[tabs::Tab], most: usize) -> Line<'static> {
    let theme = screen.theme;
    let mut shown = Line::default();
    for (at, tab) in all.iter().enumerate() {
        let name = text::clip(&tab.name, most).into_owned();
        let (open, close) = if tab.is_shown { ("[", "]") } else { (" ", " ") };
        let (bracket, role) = if tab.is_shown { (Role::Focus, Role::Strong) } else { (Role::Dim, Role::Dim) };
        shown.push_span(words(theme, bracket, open));
        shown.push_span(words(theme, role, format!("{} {name}", at + 1)));
        shown.push_span(words(theme, bracket, close));
    }
    shown.push_span(key(screen));
    shown
}

/// The key that goes to the next one.
fn key(screen: Screen<'_>) -> Span<'static> {
    let key = screen.app.session.keymap.key(Action::NextTab);
    let key = if key.is_empty() { key } else { format!("{key} ") };
    words(screen.theme, Role::Key, key)
}

/// Only the one that is shown, and how many there are.
fn counted(screen: Screen<'_>, all: &[tabs::Tab]) -> Line<'static> {
    let at = all.iter().position(|tab| tab.is_shown).unwrap_or(0);
    let name = all.get(at).map_or(String::new(), |tab| text::clip(&tab.name, SHORT).into_owned());
    let mut shown = Line::from(words(screen.theme, Role::Dim, format!(" {name} {}/{} ", at + 1, all.len())));
    shown.push_span(key(screen));
    shown
}
