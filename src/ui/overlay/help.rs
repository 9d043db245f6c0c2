//! What can be done here and now, with its keys; nothing that can not.

use ratatui::{buffer::Buffer, layout::Rect, text::Line};

use super::boxed;
use crate::{
    app::{Action, App, View, action::Scope},
    incident::{HypothesisState, Status},
    ui::{Role, Screen, line::words, sheet::Sheet, widget::text},
};

/// Cells of the keys.
const KEYS: usize = 14;
/// A column of help, in cells.
const COLUMN: u16 = 64;

pub(super) fn draw(screen: Screen<'_>, scroll: usize, body: Rect, buf: &mut Buffer) {
    let app = screen.app;
    let here: Vec<Action> = app.actions_here().into_iter().filter(|action| is_possible(app, *action)).collect();
    let is_own = |action: &Action| action.spec().scope != Scope::Everywhere;
    let (own, others): (Vec<Action>, Vec<Action>) = here.into_iter().partition(is_own);
    let two = body.width >= 2 * COLUMN + 6 && !own.is_empty();
    let mut left = Sheet::default();
    let mut right = Sheet::default();
    let own_title = format!("In {}", app.view.name());
    if two {
        list(screen, &own_title, &own, &mut left);
        list(screen, "In every view", &others, &mut right);
    } else {
        if !own.is_empty() {
            list(screen, &own_title, &own, &mut left);
        }
        list(screen, "In every view", &others, &mut left);
    }
    let lines = left.len().max(right.len());
    let width = if two { 2 * COLUMN + 6 } else { COLUMN + 4 };
    let height = u16::try_from(lines + 2).unwrap_or(u16::MAX);
    let area = super::middle(body, width, height);
    let inner = boxed(screen, "What can be done here", "Esc closes", area, buf);
    let scroll = scroll.min(lines.saturating_sub(inner.height.into()));
    if two {
        let half = inner.width / 2;
        left.draw(screen.theme, Rect { width: half, ..inner }, scroll, buf);
        right.draw(screen.theme, Rect { x: inner.x + half, width: inner.width - half, ..inner }, scroll, buf);
    } else {
        left.draw(screen.theme, inner, scroll, buf);
    }
}

fn list(screen: Screen<'_>, title: &str, actions: &[Action], sheet: &mut Sheet<'_>) {
    let Screen { app, theme, .. } = screen;
    sheet.heading(theme, title, "");
    for action in actions {
        let keys = app.keymap.keys_of(*action);
        let keys = if keys.is_empty() {
            format!("{} {}", app.keymap.key(Action::Palette), action.spec().name)
        } else {
            keys.join("  ")
        };
        sheet.push(Line::from(vec![
            words(theme, Role::Key, format!("{} ", text::left(&keys, KEYS))),
            words(theme, Role::Text, action.spec().doc),
        ]));
    }
}

/// Whether an action would do something now.
pub(super) fn is_possible(app: &App, action: Action) -> bool {
    use Action as A;
    let board = &app.incident.board;
    let has_rows = !board.hypotheses.is_empty();
    let has_columns = !board.observations.is_empty();
    let has_panes = !app.plan.panes.is_empty();
    let state = app.selected_hypothesis().and_then(|id| board.hypothesis(id)).map(|row| row.state);
    let writes =
        matches!(
            action,
            A::Note
                | A::TakeSymptom
                | A::AddHypotheses
                | A::Acknowledge
                | A::ParkWhy
                | A::Pin
                | A::Undo
                | A::Redo
                | A::Title
                | A::Severity
                | A::Onset
        ) || action.spec().scope != Scope::Everywhere && app.view != View::Watch && !matches!(action, A::Evidence);
    if app.read_only && writes {
        return false;
    }
    match action {
        A::Narrower | A::Wider | A::PanBack => has_panes,
        A::PanForward | A::Live => !app.window.is_live(),
        A::NextPane | A::PreviousPane if app.view == View::Watch => has_panes,
        A::Pin => app.view == View::Watch && has_panes,
        A::Acknowledge => app.incident.acknowledged.is_none(),
        A::Undo => !app.incident.last_undoable(&app.author).is_empty(),
        A::CellMust
        | A::CellLikely
        | A::CellNeutral
        | A::CellUnlikely
        | A::CellCannot
        | A::CellUnassessed
        | A::CellRest
        | A::CellNext => has_rows && has_columns,
        A::Settle | A::Coincidence => has_columns,
        A::Origin => board.observations.len() > 1,
        A::RankUp | A::RankDown => board.hypotheses.len() > 1,
        A::EvidenceOrder => !board.hand_order.is_empty(),
        A::Refute => state.is_some_and(|state| state != HypothesisState::Refuted),
        A::Confirm => state.is_some_and(|state| state != HypothesisState::Confirmed),
        A::Reopen => state.is_some_and(|state| state != HypothesisState::Open),
        A::Edit | A::Evidence => has_rows,
        A::Verify => !app.incident.mitigations.is_empty(),
        A::Stanched => app.incident.status != Status::Stanched,
        A::Closed => app.incident.status != Status::Closed,
        A::Bleeding => app.incident.status != Status::Bleeding,
        _ => true,
    }
}
