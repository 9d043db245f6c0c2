//! What the mouse does in the views: it scrolls what it is over, selects what is clicked on, and opens what is clicked on
//! twice. Nothing of it is written to the journal, and nothing is begun.

use crate::app::{
    ActItem, Action, App, Effect, LearnItem, Overlay, View,
    act::act_items,
    action::Scope,
    commands::{self, log, watch},
    mouse::{Listed, Place, Under},
    screen::{
        board::{board_order, board_row, selected_observation},
        learn::learn_items,
        overlay::Subject,
    },
};

/// Scrolls what is in a place by as many lines. What is selected there stays in view, and what has the focus keeps it.
pub(in crate::app) fn scroll(app: &mut App, place: Place, list: &Listed, by: isize) {
    match (place, app.screen.view) {
        (Place::Pane(id), _) => watch::scroll(app, id, list, by),
        (Place::View, View::Board) => scroll_board(app, list, by),
        (Place::View, View::Act) => {
            let keys: Vec<_> = act_items(app.facts()).iter().map(ActItem::key).collect();
            app.screen.act.cursor.scroll(&keys, list, by);
        }
        (Place::View, View::Log) => log::scroll(app, list, by),
        (Place::View, View::Learn) => {
            let keys: Vec<_> = learn_items(&app.incident).iter().map(LearnItem::key).collect();
            app.screen.learn.cursor.scroll(&keys, list, by);
        }
        _ => {}
    }
}

/// Gives a place the focus, and puts its cursor on what is under the pointer. What is in view stays where it is.
pub(in crate::app) fn point(app: &mut App, under: &Under) {
    let list = under.list.as_ref();
    match (under.place, app.screen.view) {
        (Place::Pane(id), _) => watch::point(app, id, under.row, list),
        (Place::View, View::Board) => point_on_board(app, under),
        (Place::View, View::Act) => {
            let keys: Vec<_> = act_items(app.facts()).iter().map(ActItem::key).collect();
            app.screen.act.cursor.point(&keys, under.row, list);
        }
        (Place::View, View::Log) => log::point(app, under.row, list),
        (Place::View, View::Learn) => {
            let keys: Vec<_> = learn_items(&app.incident).iter().map(LearnItem::key).collect();
            app.screen.learn.cursor.point(&keys, under.row, list);
        }
        _ => {}
    }
}

/// Opens what was clicked on, as Enter does where that only shows something or asks; on the board Enter may run a check.
pub(in crate::app) fn open(app: &mut App, under: &Under) -> Vec<Effect> {
    match (under.place, app.screen.view) {
        (Place::View, View::Board) => match (under.row, under.column.and(selected_observation(app))) {
            (Some(_), _) => commands::perform(app, Action::Evidence),
            (None, Some(column)) => {
                app.screen.overlay = Some(Overlay::Detail { subject: Subject::Column(column), scroll: 0 });
                Vec::new()
            }
            (None, None) => Vec::new(),
        },
        (Place::View, _) if under.row.is_none() => Vec::new(),
        _ => commands::perform(app, Action::Open),
    }
}

/// What can be done now with what is under the pointer and selected: the actions of the table that are about a selection
/// come first, then opening and filtering; over a chart also those that are about its stretch of time.
pub(in crate::app) fn actions_on(app: &App, under: &Under) -> Vec<Action> {
    let view = app.screen.view;
    let is_about_it = |action: &Action| action.spec().target.is_selected_in(view);
    let here = |action: &Action| match (under.place, action) {
        (Place::Coach, _) => matches!(action, Action::Coach | Action::NotNow),
        (_, Action::Open | Action::Filter) => true,
        _ if is_about_it(action) => true,
        _ => under.plot.is_some() && action.spec().scope == Scope::In(view),
    };
    let actions = app.screen.actions_here();
    let mut actions: Vec<Action> =
        actions.into_iter().filter(|action| here(action) && commands::can(app, *action)).collect();
    actions.sort_by_key(|action| !is_about_it(action));
    actions
}

fn point_on_board(app: &mut App, under: &Under) {
    let row = under.row.and_then(|row| board_order(&app.incident).get(row).copied());
    let column = under.column.and_then(|column| app.incident.board.observations.get(column)).map(|column| column.id);
    let board = &mut app.screen.board;
    if let (Some(row), Some(list)) = (row, &under.list) {
        (board.row, board.top) = (Some(row), list.top);
    }
    if column.is_some() {
        (board.column, board.left) = (column, Some(under.left));
    }
}

fn scroll_board(app: &mut App, list: &Listed, by: isize) {
    let order = board_order(&app.incident);
    let at = board_row(app).and_then(|row| order.iter().position(|known| *known == row));
    let top = list.moved(by);
    app.screen.board.top = top;
    if let Some(row) = at.and_then(|at| order.get(list.kept(at, top))) {
        app.screen.board.row = Some(*row);
    }
}
