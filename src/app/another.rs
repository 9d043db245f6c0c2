//! From one incident to another in the same cockpit: whether this one can be left, and what of the cockpit goes along.

use std::{collections::VecDeque, mem, sync::Arc};

use jiff::Timestamp;

use crate::{
    app::{App, Effect, Msg, Setup, World, screen::type_ahead::Input},
    dashboard::Subscriptions,
    incident::Incident,
};

/// The incident that is gone to.
#[derive(Debug)]
pub struct Another {
    /// Its name in the data folder.
    pub id: String,
    /// As its journal has it.
    pub incident: Incident,
    /// A number no other cockpit has.
    pub seed: u64,
    /// The time now.
    pub now: Timestamp,
}

/// Why this incident cannot be left for another just now; `None` when it can.
pub fn why_not_left(app: &App) -> Option<String> {
    if app.incident.summary.drill {
        return Some("a simulation has no other incidents: `stanch` without `demo` opens the real ones".into());
    }
    if let Some(trouble) = app.outbox.trouble() {
        return Some(format!("not left: its journal takes nothing just now ({trouble}); try again when it does"));
    }
    (app.outbox.pending() > 0).then(|| "not left: its journal is slow; try again when it has answered".into())
}

/// What was typed behind the wish for another incident, and is meant for that one.
#[derive(Debug, Default)]
pub struct TypedAhead(pub(in crate::app) VecDeque<Input>);

/// Takes what is meant for the other incident out of the one that is left.
pub fn typed_ahead(app: &mut App) -> TypedAhead {
    app.screen.keys.leaving = None;
    TypedAhead(mem::take(&mut app.screen.keys.waiting))
}

/// The cockpit on another incident: same configuration, zone, size and window.
///
/// It keeps the names that queries have in this one, so that an answer to what was asked for this one is never taken
/// for the answer to something else.
pub fn on_another(from: &App, to: Another) -> App {
    let session = &from.session;
    let mut plan = Arc::clone(&from.world.plan);
    // The lines around a moment are of the incident that is left.
    if let Some(pane) = from.screen.watch.around.as_ref().and_then(|around| around.pane) {
        Arc::make_mut(&mut plan).hide(pane);
    }
    from.world.comparison.forget_in(&mut plan);
    let mut world = World::of_plan(&session.config, plan, to.now);
    world.window = from.world.window;
    world.window_moved = from.world.window_moved;
    world.dashboards = from.world.dashboards.at_rest();
    world.runbooks = from.world.runbooks.at_rest();
    let setup = Setup {
        config: Arc::clone(&session.config),
        keymap: session.keymap.clone(),
        incident: to.incident,
        id: to.id,
        author: session.author.clone(),
        seed: to.seed,
        now: to.now,
        zone: session.zone.clone(),
        read_only: session.read_only,
        generic: Arc::clone(&session.generic),
    };
    let mut app = App::in_world(setup, world);
    (app.session.utc, app.session.mouse) = (session.utc, session.mouse);
    app.screen.size = from.screen.size;
    app.screen.left.clone_from(&from.screen.left);
    app
}

/// Takes in what the sources told last when another incident was open: what fires fires here, too. Of a source that fails,
/// only that it does: what it told before is no fact of this incident. To be told after [`App::start`].
pub fn hear_again(app: &mut App, before: &App) -> Vec<Effect> {
    let standing = Subscriptions::of(&app.session.config, &app.world.plan);
    let mut effects = Vec::new();
    for (query, _) in app.world.plan.clone().queries().filter(|(query, _)| standing.is_standing(*query)) {
        let Some(slot) = before.world.signals.slot(query) else { continue };
        if let Some(reading) = slot.good.clone().filter(|_| slot.fault().is_none()) {
            let at = reading.at;
            effects.extend(app.update(Msg::Polled { query, outcome: Ok(reading), at }));
        }
        if let Some(fault) = slot.fault().cloned() {
            let at = app.session.now;
            effects.extend(app.update(Msg::Polled { query, outcome: Err(fault), at }));
        }
    }
    effects
}
