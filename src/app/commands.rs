//! What each action does, and when it would do something: the code in the rows of [`action`](super::action).
//!
//! The functions lie below, by what they are about. None of them looks up at the dialogs: opening one is making its data,
//! and what is answered there comes back as another call.

pub mod act;
pub mod around;
pub mod assumptions;
pub mod board;
pub mod board_file;
pub mod chart;
pub mod checks;
pub mod coach;
pub mod compare;
mod copied;
pub mod dashboards;
mod details;
pub mod everywhere;
pub mod guard;
pub mod incidents;
pub mod intent;
pub mod judge;
pub mod learn;
pub mod links;
pub mod log;
pub mod logs;
pub mod movement;
pub mod pointer;
pub mod review;
pub mod runbooks;
pub mod silence;
pub mod smells;
pub mod status;
pub mod storm;
pub mod success;
pub mod tabs;
pub mod variables;
pub mod verify;
pub mod watch;
pub mod when;

use ratatui::crossterm::event::KeyEvent;

use crate::{
    app::{
        App, Effect, Overlay, View,
        action::{Access, Action, Scope, TABLE, for_each_action},
        screen::{Screen, overlay::Purpose},
        selections,
    },
    incident::{Cell, Status},
};

/// What the functions of the rows give back.
trait IntoEffects {
    fn into_effects(self) -> Vec<Effect>;
}

impl IntoEffects for () {
    fn into_effects(self) -> Vec<Effect> {
        Vec::new()
    }
}

impl IntoEffects for Vec<Effect> {
    fn into_effects(self) -> Vec<Effect> {
        self
    }
}

fn effects_of<T: IntoEffects>(run: impl FnOnce(&mut App) -> T, app: &mut App) -> Vec<Effect> {
    run(app).into_effects()
}

macro_rules! dispatch {
    ($($action:ident: $name:literal, [$($key:literal),*], $scope:expr, $doc:literal
        => $access:ident, $target:expr, $when:expr, $run:expr;)*) => {
        /// Whether an action would come to something here and now.
        fn when(action: Action) -> fn(&App) -> bool {
            match action {
                $(Action::$action => $when,)*
            }
        }

        /// Does an action, whatever is selected.
        fn run(app: &mut App, action: Action) -> Vec<Effect> {
            match action {
                $(Action::$action => effects_of($run, app),)*
            }
        }
    };
}
for_each_action!(dispatch);

impl Screen {
    /// The actions that apply in this view, in the order of the table; those of the view come first.
    pub fn actions_here(&self) -> Vec<Action> {
        let of = |scope: Scope| TABLE.iter().filter(move |spec| spec.scope == scope).map(|spec| spec.action);
        of(Scope::In(self.view)).chain(of(Scope::Everywhere)).collect()
    }
}

/// Whether an action would do something now; help and palette show those.
pub fn can(app: &App, action: Action) -> bool {
    let may = !app.session.read_only || action.spec().access == Access::Reads;
    may && when(action)(app)
}

/// Those that would do something, and below them those of the other views, for the palette.
pub(in crate::app) fn actions_anywhere(app: &App) -> Vec<Action> {
    let here = app.screen.actions_here();
    let others = TABLE.iter().map(|spec| spec.action).filter(|action| !here.contains(action)).collect::<Vec<_>>();
    here.into_iter().chain(others).filter(|action| can(app, *action)).collect()
}

/// Does an action of any view; one of another view is done there.
pub(in crate::app) fn perform_anywhere(app: &mut App, action: Action) -> Vec<Effect> {
    if let Scope::In(view) = action.spec().scope {
        app.show(view);
        selections::hold(app, false);
    }
    perform(app, action)
}

/// Does an action that someone asked for by a key, or by choosing it.
pub(in crate::app) fn perform_asked(app: &mut App, action: Action, by: Option<KeyEvent>) -> Vec<Effect> {
    let effects = perform(app, action);
    if action == Action::Coach && app.screen.overlay.as_ref().is_some_and(Overlay::is_typing) {
        app.screen.keys.pace.coach_asked(app.session.now);
    }
    if let Some(Overlay::Choice(choice)) = &mut app.screen.overlay {
        choice.asked_by(by);
    }
    effects
}

/// Does an action, unless what it would be done to is there no more: that is said first.
pub(in crate::app) fn perform(app: &mut App, action: Action) -> Vec<Effect> {
    if action.spec().target.is_selected_in(app.screen.view) && selections::tell_gone(app) {
        // What was typed behind it was meant for what is gone, too.
        app.screen.keys.refused(app.session.now);
        return Vec::new();
    }
    run(app, action)
}
