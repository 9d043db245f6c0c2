//! Keys while the list of what a storm folds into is open: one takes a proposal, splits or drops it.

use ratatui::crossterm::event::{KeyCode, KeyEvent};

use crate::app::{
    App, Effect, Overlay,
    commands::storm::{drop_proposal, fold_anew, split_proposal, take_proposal, undo_in_storm},
    screen::overlay::Storm,
};

/// A key while the list is open. Letters that mean nothing here do nothing.
pub(in crate::app) fn press_storm(app: &mut App, mut storm: Storm, key: KeyEvent) -> Vec<Effect> {
    let mut effects = Vec::new();
    match key.code {
        KeyCode::Down | KeyCode::Char('j') => storm.step(1),
        KeyCode::Up | KeyCode::Char('k') => storm.step(-1),
        KeyCode::PageDown => storm.step(5),
        KeyCode::PageUp => storm.step(-5),
        KeyCode::Home => storm.cursor = 0,
        KeyCode::End | KeyCode::Char('G') => storm.step(isize::MAX),
        KeyCode::Enter | KeyCode::Char('s') => effects = take_proposal(app, &mut storm),
        KeyCode::Char('x') => split_proposal(app, &mut storm),
        KeyCode::Char('d') => drop_proposal(app, &mut storm),
        KeyCode::Char('u') => effects = undo_in_storm(app, &mut storm),
        KeyCode::Char('r') => fold_anew(app, &mut storm),
        KeyCode::Char('q') => {
            app.screen.storm.left = Some(storm);
            return effects;
        }
        _ => {}
    }
    if storm.proposals.is_empty() && storm.dropped() == 0 {
        app.say("nothing fires any more: nothing to fold");
        return effects;
    }
    app.screen.overlay = Some(Overlay::Storm(storm));
    effects
}
