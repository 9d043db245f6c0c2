//! What the mouse does in the views: it scrolls what it is over. Nothing of it is written to the journal, and nothing is
//! begun.

use crate::app::{
    ActItem, App, LearnItem, View,
    act::act_items,
    commands::{log, watch},
    mouse::{Listed, Place},
    screen::{
        board::{board_order, board_row},
        learn::learn_items,
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

fn scroll_board(app: &mut App, list: &Listed, by: isize) {
    let order = board_order(&app.incident);
    let at = board_row(app).and_then(|row| order.iter().position(|known| *known == row));
    let top = list.moved(by);
    app.screen.board.top = top;
    if let Some(row) = at.and_then(|at| order.get(list.kept(at, top))) {
        app.screen.board.row = Some(*row);
    }
}
