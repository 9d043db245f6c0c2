//! Moving about, which every view answers in its own way: each action here asks all of them.

use crate::app::{
    Action, App, Effect, View,
    commands::{act, around, board, chart, details, everywhere, learn, log, logs, watch},
    screen::{act::act_step, learn::learn_step},
    world::rows::legend::LegendState,
};

/// Far enough to come to either end of any list.
const END: isize = isize::MAX / 2;

pub(super) fn up(app: &mut App) {
    by_lines(app, -1);
}

pub(super) fn down(app: &mut App) {
    by_lines(app, 1);
}

pub(super) fn page_up(app: &mut App) {
    by_pages(app, -1);
}

pub(super) fn page_down(app: &mut App) {
    by_pages(app, 1);
}

pub(super) fn first(app: &mut App) {
    to_end(app, -END);
}

pub(super) fn last(app: &mut App) {
    to_end(app, END);
}

pub(super) fn left(app: &mut App) {
    sideways(app, -1);
}

pub(super) fn right(app: &mut App) {
    sideways(app, 1);
}

pub(super) fn previous_pane(app: &mut App) {
    by_panes(app, -1);
}

pub(super) fn next_pane(app: &mut App) {
    by_panes(app, 1);
}

/// Enter: opens or accepts what is selected.
pub(super) fn open(app: &mut App) -> Vec<Effect> {
    match app.screen.view {
        View::Watch => {
            if let Some(at) = app.screen.watch.time {
                return everywhere::pin_time(app, at);
            }
            if !logs::open_line(app) && !details::open_in_watch(app) {
                watch::zoom(app);
            }
        }
        View::Board => return board::open_on_board(app),
        View::Act => act::open_act(app),
        View::Log => details::open_in_log(app),
        View::Learn => learn::open_learn(app),
    }
    Vec::new()
}

/// Esc, with nothing over the view.
pub(super) fn back(app: &mut App) -> Vec<Effect> {
    if let Some(effects) = around::leave(app) {
        return effects;
    }
    back_in_view(app);
    Vec::new()
}

fn back_in_view(app: &mut App) {
    if !has_something_to_leave(app) {
        // Who presses it twice to be sure has not judged the step.
        if app.advice().step.is_some() {
            app.hint(format!(
                "nothing to leave here · {} passes over the step",
                app.session.keymap.key(Action::NotNow)
            ));
        }
        return;
    }
    match app.screen.view {
        View::Watch => {
            if app.screen.watch.zoomed || !logs::follow_newest(app) {
                watch::leave(&mut app.screen.watch);
            }
        }
        View::Log => log::leave(&mut app.screen.log),
        View::Board | View::Act | View::Learn => {}
    }
}

fn has_something_to_leave(app: &App) -> bool {
    let watch = &app.screen.watch;
    match app.screen.view {
        View::Watch => {
            watch.time.is_some()
                || watch.zoomed
                || !watch.filters.is_empty()
                || watch.legends.values().any(LegendState::leaves_out)
                || logs::is_on_a_line(app)
        }
        View::Log => app.screen.log.selected.is_some() || !app.screen.log.filter.is_empty(),
        View::Board | View::Act | View::Learn => false,
    }
}

fn by_lines(app: &mut App, by: isize) {
    match app.screen.view {
        View::Watch => watch::row_or_pane(app, by),
        View::Board => board::row_move(app, by),
        View::Act => act_step(app, by),
        View::Log => log::step(app, by),
        View::Learn => learn_step(app, by),
    }
}

fn by_pages(app: &mut App, by: isize) {
    match app.screen.view {
        View::Watch => {
            if !watch::turn_page(app, by) {
                watch::row_step(app, 10 * by);
            }
        }
        View::Board => board::row_move(app, 10 * by),
        View::Act => act_step(app, 10 * by),
        View::Log => log::step(app, log::page(&app.screen) * by),
        View::Learn => learn_step(app, 10 * by),
    }
}

fn to_end(app: &mut App, by: isize) {
    let screen = &mut app.screen;
    (screen.act.cursor.top, screen.log.top, screen.learn.cursor.top) = (None, None, None);
    match app.screen.view {
        View::Watch if app.screen.watch.time.is_some() => chart::time_step(app, by),
        View::Watch => watch::row_step(app, by),
        View::Board => board::row_move(app, by),
        View::Act => act_step(app, by),
        View::Log => log::step(app, by),
        View::Learn => learn_step(app, by),
    }
}

fn sideways(app: &mut App, by: isize) {
    match app.screen.view {
        View::Watch if app.screen.watch.time.is_some() => chart::time_step(app, by),
        View::Watch => watch::focus_step(app, by),
        View::Board => board::column_move(app, by),
        View::Act | View::Log | View::Learn => {}
    }
}

/// Tab: from pane to pane, over a handful of columns, and in a plain list from line to line.
fn by_panes(app: &mut App, by: isize) {
    match app.screen.view {
        View::Watch => watch::focus_step(app, by),
        View::Board => board::column_move(app, by * board::column_page(&app.incident)),
        View::Act => act_step(app, by),
        View::Log => log::step(app, by),
        View::Learn => learn_step(app, by),
    }
}
