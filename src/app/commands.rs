//! What each action does: those that work everywhere, then those of the view.

pub mod act;
pub mod assumptions;
pub mod board;
pub mod board_file;
pub mod checks;
pub mod coach;
pub mod everywhere;
pub mod guard;
pub mod intent;
pub mod judge;
pub mod learn;
pub mod log;
pub mod review;
pub mod status;
pub mod storm;
pub mod verify;
pub mod watch;
pub mod when;

use super::{
    App, Effect, Overlay, View,
    action::{Action, Scope, TABLE},
    overlay::Purpose,
};
use crate::app::{held, screen::Screen};

impl Screen {
    /// The actions that apply in this view, in the order of the table; those of the view come first.
    pub fn actions_here(&self) -> Vec<Action> {
        let of = |scope: Scope| TABLE.iter().filter(move |spec| spec.scope == scope).map(|spec| spec.action);
        of(Scope::In(self.view)).chain(of(Scope::Everywhere)).collect()
    }
}

/// Those that would do something, and below them those of the other views, for the palette.
pub(in crate::app) fn actions_anywhere(app: &App) -> Vec<Action> {
    let here = app.screen.actions_here();
    let others = TABLE.iter().map(|spec| spec.action).filter(|action| !here.contains(action)).collect::<Vec<_>>();
    let possible = here.into_iter().filter(|action| when::can(app, *action));
    possible.chain(others.into_iter().filter(|action| when::can(app, *action))).collect()
}

/// Does an action of any view; one of another view is done there.
pub(in crate::app) fn perform_anywhere(app: &mut App, action: Action) -> Vec<Effect> {
    if let Scope::In(view) = action.spec().scope {
        app.show(view);
        held::hold(app, false);
    }
    perform(app, action)
}

/// Does an action, unless what it would be done to is there no more: that is said first.
pub(in crate::app) fn perform(app: &mut App, action: Action) -> Vec<Effect> {
    if app.screen.acts_on_selection(action) && held::tell_gone(app) {
        // What was typed behind it was meant for what is gone, too.
        app.screen.keys.refused(app.session.now);
        return Vec::new();
    }
    perform_now(app, action)
}

pub(in crate::app) fn perform_now(app: &mut App, action: Action) -> Vec<Effect> {
    match action {
        Action::Watch => app.show(View::Watch),
        Action::Board => app.show(View::Board),
        Action::Act => app.show(View::Act),
        Action::Log => app.show(View::Log),
        Action::Learn => app.show(View::Learn),
        Action::Coach => return coach::take_advice(app),
        Action::Note => everywhere::open_note(app),
        Action::TakeSymptom => return everywhere::take_symptom(app),
        Action::AddHypotheses => everywhere::open_picker(app),
        Action::FoldStorm => storm::open_storm(app),
        Action::Acknowledge => return everywhere::acknowledge(app),
        Action::ParkWhy => app.ask(Purpose::ParkWhy),
        Action::Filter => {
            let filter = app.screen.watch.filter.clone();
            app.ask_with(Purpose::Filter, &filter);
        }
        Action::Palette => everywhere::open_palette(app),
        Action::Help => app.screen.overlay = Some(Overlay::Help { scroll: 0 }),
        Action::Pin => return everywhere::pin(app),
        Action::Copy => return everywhere::copy(app),
        Action::Undo => return everywhere::undo(app),
        Action::Redo => return everywhere::redo(app),
        Action::Refresh => return vec![Effect::PollNow, Effect::Redraw],
        Action::Zone => {
            app.session.utc = !app.session.utc;
            app.say(if app.session.utc { "times are UTC" } else { "times are local" });
        }
        Action::Title => {
            let title = app.incident.summary.title.clone();
            app.ask_with(Purpose::Title, &title);
        }
        Action::Severity => app.ask(Purpose::Severity),
        Action::Onset => {
            if let Some(onset) = app.incident.onset() {
                let time = crate::app::clock::time(onset, &app.session.zone, app.session.utc);
                app.say(format!("the onset is {time}"));
            }
            app.ask(Purpose::Onset);
        }
        Action::Load => app.ask(Purpose::LoadBoard),
        Action::Save => board_file::ask_where_to_save(app),
        Action::Quit | Action::QuitNow => return app.quit(),
        _ => return perform_in_view(app, action),
    }
    Vec::new()
}

fn perform_in_view(app: &mut App, action: Action) -> Vec<Effect> {
    match app.screen.view {
        View::Watch => watch::watch_action(app, action),
        View::Board => board::board_action(app, action),
        View::Act => act::act_action(app, action),
        View::Log => {
            log::log_action(app, action);
            Vec::new()
        }
        View::Learn => learn::learn_action(app, action),
    }
}
