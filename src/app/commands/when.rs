//! Which actions would do something here and now; help and palette show those.

use crate::{
    app::{Action, App, LearnItem, View, action::Scope, board, learn, overlay::Fill},
    incident::{End, HypothesisState, Status},
};

/// Whether an action would do something now.
pub fn can(app: &App, action: Action) -> bool {
    use Action as A;
    let board = &app.incident.board;
    let has_rows = !board.hypotheses.is_empty();
    let has_columns = !board.observations.is_empty();
    let has_panes = !app.world.plan.panes.is_empty();
    let state = board::selected_hypothesis(app).and_then(|id| board.hypothesis(id)).map(|row| row.state);
    let writes = matches!(
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
            | A::Load
            | A::SignHere
            | A::Save
    ) || action.spec().scope != Scope::Everywhere
        && app.screen.view != View::Watch
        && !matches!(action, A::Evidence);
    if app.session.read_only && writes {
        return false;
    }
    match action {
        A::Narrower | A::Wider | A::PanBack => has_panes,
        A::PanForward | A::Live => !app.world.window.is_live(),
        A::NextPane | A::PreviousPane if app.screen.view == View::Watch => has_panes,
        // Lists from top to bottom: there is nothing to the left, and what is read is not opened.
        A::Left | A::Right => matches!(app.screen.view, View::Watch | View::Board),
        A::Open => app.screen.view != View::Log,
        A::Filter => matches!(app.screen.view, View::Watch | View::Log),
        A::Copy => app.screen.view != View::Learn || !matches!(learn::selected_learning(app), LearnItem::NewAction),
        A::WhyBeside => matches!(learn::selected_learning(app), LearnItem::Why(_)),
        A::WhyEnds => {
            matches!(learn::selected_learning(app), LearnItem::Why(ref branch) if branch.end != End::GoesOn)
        }
        A::Reword => matches!(learn::selected_learning(app), LearnItem::Why(_) | LearnItem::Action(_)),
        A::Pin => app.screen.view == View::Watch && has_panes,
        A::Acknowledge => app.incident.acknowledged.is_none(),
        A::Undo => !app.incident.last_undoable(&app.session.author).is_empty(),
        A::Redo => !app.incident.last_undone(&app.session.author).is_empty(),
        A::CellMust
        | A::CellLikely
        | A::CellNeutral
        | A::CellUnlikely
        | A::CellCannot
        | A::CellUnassessed
        | A::CellRest
        | A::CellNext => has_rows && has_columns,
        A::Save => has_rows || has_columns,
        A::Settle | A::Coincidence | A::SetCheck => has_columns,
        A::RunAll => board.observations.iter().any(|o| o.check.query.is_some()),
        A::Fill => Fill::of(board, &[]).is_some(),
        A::Origin => board.observations.len() > 1,
        A::RankUp | A::RankDown => board.hypotheses.len() > 1,
        A::EvidenceOrder => !board.hand_order.is_empty(),
        A::Refute => state.is_some_and(|state| state != HypothesisState::Refuted),
        A::Confirm => state.is_some_and(|state| state != HypothesisState::Confirmed),
        A::Reopen => state.is_some_and(|state| state != HypothesisState::Open),
        A::Edit | A::Evidence => has_rows,
        A::Verify => !app.incident.mitigations.is_empty(),
        A::Stanched => app.incident.summary.status != Status::Stanched,
        A::Closed => app.incident.summary.status != Status::Closed,
        A::Bleeding => app.incident.summary.status != Status::Bleeding,
        _ => true,
    }
}
