//! Leaving this incident for another: a new one, or one that is there.
//!
//! Journals are the runtime's: listing and opening are effects. Until another is open nothing of this one changes, and
//! when it cannot be opened this one goes on.

use crate::app::{
    App, Effect, IncidentRow, OtherIncident, Overlay,
    another::why_not_left,
    screen::overlay::{IncidentList, Purpose},
};

/// Asks what the new incident is called.
pub(in crate::app) fn ask_new(app: &mut App) {
    if stays(app) {
        return;
    }
    app.ask(Purpose::NewIncident);
}

/// Begins a new incident; without a title it gets that of the configuration.
pub(in crate::app) fn begin(app: &mut App, title: &str) -> Vec<Effect> {
    if stays(app) || app.refuses_to_write() {
        return Vec::new();
    }
    leave_for(app, OtherIncident::New(title.to_owned()))
}

/// Opens the list of incidents; it is read meanwhile.
pub(in crate::app) fn open_list(app: &mut App) -> Vec<Effect> {
    if stays(app) {
        return Vec::new();
    }
    app.screen.overlay = Some(Overlay::Incidents(IncidentList::unread()));
    vec![Effect::ListIncidents]
}

/// Goes to the incident that a person calls so.
pub(in crate::app) fn switch_to(app: &mut App, name: &str) -> Vec<Effect> {
    if stays(app) {
        return Vec::new();
    }
    if name == app.session.id {
        app.say("that is the incident that is open");
        return Vec::new();
    }
    leave_for(app, OtherIncident::Named(name.to_owned()))
}

/// The list was read, or could not be: what and why in a line.
pub(in crate::app) fn listed(app: &mut App, outcome: Result<Vec<IncidentRow>, String>) {
    let Some(Overlay::Incidents(list)) = &mut app.screen.overlay else { return };
    match outcome {
        Ok(rows) => list.read(rows),
        Err(why) => {
            app.screen.overlay = None;
            app.complain(why);
        }
    }
}

fn leave_for(app: &mut App, other: OtherIncident) -> Vec<Effect> {
    app.screen.keys.leaving = Some(app.session.now);
    vec![Effect::OpenIncident(other)]
}

/// This incident is not left. What was typed behind the wish was meant for the other one.
pub(in crate::app) fn not_left(app: &mut App, why: String) {
    app.screen.keys.leaving = None;
    app.complain(why);
    app.screen.keys.not_asked_on(app.session.now);
}

/// Says why this incident cannot be left just now, if it cannot.
fn stays(app: &mut App) -> bool {
    let why = why_not_left(app);
    if let Some(why) = &why {
        app.complain(why);
        app.screen.keys.not_asked_on(app.session.now);
    }
    why.is_some()
}
