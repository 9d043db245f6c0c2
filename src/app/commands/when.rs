//! When an action would do something: the `when` of its row. Whether it may write is told by another column.

use crate::{
    app::{
        App, LearnItem, View,
        commands::chart,
        screen::{board::selected_hypothesis, learn::selected_learning, log::log_items, overlay::Fill, watch::focused},
    },
    config::PaneKind,
    incident::{End, HypothesisState, Status},
};

/// Nothing is needed, or it says itself what is missing.
pub(super) fn always(_: &App) -> bool {
    true
}

pub(super) fn has_panes(app: &App) -> bool {
    !app.world.plan.panes.is_empty()
}

pub(super) fn silences(app: &App) -> bool {
    super::silence::can_be_told(app)
}

pub(super) fn has_variables(app: &App) -> bool {
    super::variables::are_there(app)
}

pub(super) fn has_tabs(app: &App) -> bool {
    super::tabs::are_there(app)
}

pub(super) fn has_next_pane(app: &App) -> bool {
    app.screen.view != View::Watch || has_panes(app)
}

pub(super) fn is_on_logs(app: &App) -> bool {
    app.screen.view == View::Watch && focused(app).is_some_and(|pane| pane.pane.kind == PaneKind::Logs)
}

/// Where something is selected that has a time, and there is a source of log lines.
pub(super) fn can_look_around(app: &App) -> bool {
    matches!(app.screen.view, View::Watch | View::Log)
        && app.session.config.sources.iter().any(|source| source.kind.answers_logql())
}

pub(super) fn has_dashboards(app: &App) -> bool {
    !app.world.dashboards.open.is_empty()
}

pub(super) fn has_charts(app: &App) -> bool {
    app.world.plan.panes.iter().any(|pane| pane.pane.kind == PaneKind::TimeSeries)
}

pub(super) fn looks_at_a_time(app: &App) -> bool {
    app.screen.watch.time.is_some()
}

pub(super) fn has_legend(app: &App) -> bool {
    chart::has_legend(app)
}

pub(super) fn is_in_the_past(app: &App) -> bool {
    !app.world.window.is_live()
}

/// Lists from top to bottom have nothing to the left.
pub(super) fn has_sides(app: &App) -> bool {
    matches!(app.screen.view, View::Watch | View::Board)
}

/// A timeline that shows nothing has nothing to open.
pub(super) fn opens(app: &App) -> bool {
    app.screen.view != View::Log || !app.screen.log_shown(&log_items(app)).is_empty()
}

pub(super) fn filters(app: &App) -> bool {
    matches!(app.screen.view, View::Watch | View::Log)
}

pub(super) fn copies(app: &App) -> bool {
    app.screen.view != View::Learn || !matches!(selected_learning(app), LearnItem::NewAction)
}

pub(super) fn pins(app: &App) -> bool {
    app.screen.view == View::Watch && has_panes(app)
}

pub(super) fn is_not_acknowledged(app: &App) -> bool {
    app.incident.acknowledged.is_none()
}

pub(super) fn can_undo(app: &App) -> bool {
    !app.incident.last_undoable(&app.session.author).is_empty()
}

pub(super) fn can_redo(app: &App) -> bool {
    !app.incident.last_undone(&app.session.author).is_empty()
}

pub(super) fn has_rows(app: &App) -> bool {
    !app.incident.board.hypotheses.is_empty()
}

pub(super) fn has_rivals(app: &App) -> bool {
    app.incident.board.hypotheses.len() > 1
}

pub(super) fn has_columns(app: &App) -> bool {
    !app.incident.board.observations.is_empty()
}

pub(super) fn has_other_columns(app: &App) -> bool {
    app.incident.board.observations.len() > 1
}

pub(super) fn has_cells(app: &App) -> bool {
    has_rows(app) && has_columns(app)
}

pub(super) fn has_board(app: &App) -> bool {
    has_rows(app) || has_columns(app)
}

pub(super) fn has_checks(app: &App) -> bool {
    app.incident.board.observations.iter().any(|column| column.check.query.is_some())
}

pub(super) fn has_unassessed(app: &App) -> bool {
    Fill::of(&app.incident.board, &[]).is_some()
}

pub(super) fn is_ranked_by_hand(app: &App) -> bool {
    !app.incident.board.hand_order.is_empty()
}

pub(super) fn can_refute(app: &App) -> bool {
    can_become(app, HypothesisState::Refuted)
}

pub(super) fn can_confirm(app: &App) -> bool {
    can_become(app, HypothesisState::Confirmed)
}

pub(super) fn can_reopen(app: &App) -> bool {
    can_become(app, HypothesisState::Open)
}

pub(super) fn has_mitigations(app: &App) -> bool {
    !app.incident.mitigations.is_empty()
}

pub(super) fn is_not_stanched(app: &App) -> bool {
    app.incident.summary.status != Status::Stanched
}

pub(super) fn is_not_closed(app: &App) -> bool {
    app.incident.summary.status != Status::Closed
}

pub(super) fn is_not_bleeding(app: &App) -> bool {
    !app.incident.summary.is_bleeding()
}

pub(super) fn is_on_a_why(app: &App) -> bool {
    matches!(selected_learning(app), LearnItem::Why(_))
}

pub(super) fn is_on_an_end(app: &App) -> bool {
    matches!(selected_learning(app), LearnItem::Why(ref branch) if branch.end != End::GoesOn)
}

pub(super) fn can_reword(app: &App) -> bool {
    matches!(selected_learning(app), LearnItem::Why(_) | LearnItem::Action(_))
}

/// Whether the selected row is one, and in another state.
fn can_become(app: &App, state: HypothesisState) -> bool {
    let row = selected_hypothesis(app).and_then(|id| app.incident.board.hypothesis(id));
    row.is_some_and(|row| row.state != state)
}
