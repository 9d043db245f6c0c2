//! Between the app and its journal: what is on its way there, what could not be written, what came back.

use jiff::Timestamp;

use super::{App, Effect, Notice, clock};
use crate::{
    app::{
        board, checks,
        commands::{everywhere, review},
        held, input,
    },
    incident::{Draft, Entry, Id, Incident},
};

/// Whether the journal takes what is written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct JournalState {
    /// What is gone on with once it is there.
    pub(in crate::app) awaited: Awaited,
    /// The last of a person's drafts on its way; later keys wait for it.
    pub in_flight: Option<Id>,
    /// What is said of it once it is there.
    pub saying: Option<Notice>,
    /// Drafts that could not be written, oldest first; tried again every two seconds.
    pub refused: Vec<Draft>,
    /// Why not.
    pub trouble: Option<String>,
    /// Which entries are recorded in a second journal only, where, and why.
    pub elsewhere: Option<String>,
    /// Since when entries are not yet on disk, when that is longer than it should be.
    pub unsynced: Option<Timestamp>,
    /// When the refused ones were last tried.
    pub tried: Option<Timestamp>,
}

/// What is on its way to the journal and gone on with once it is there.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Awaited {
    /// An answer to a why: the next why is asked of it.
    pub(super) why: Option<Id>,
    /// Rows: the fill strip opens for them.
    pub(super) rows: Vec<Id>,
}

pub(in crate::app) fn recorded(app: &mut App, entries: Vec<Entry>) -> Vec<Effect> {
    let before = board::board_order(&app.incident);
    let asked_for = |entry: &Entry| {
        app.journal.in_flight == Some(entry.id) || app.journal.refused.iter().any(|draft| draft.id == entry.id)
    };
    let own = entries.iter().any(asked_for) && entries.iter().all(|entry| entry.by == app.session.author);
    for entry in &entries {
        if app.journal.in_flight == Some(entry.id) {
            app.journal.in_flight = None;
        }
        app.journal.refused.retain(|draft| draft.id != entry.id);
        if entry.by == app.session.author && app.journal.refused.is_empty() {
            app.journal.trouble = None;
        }
    }
    let why = entries.iter().rev().map(|entry| &entry.event).find(|event| super::board::settles(event)).cloned();
    app.incident.apply_all(entries);
    board::after_apply(app, &before, why.as_ref());
    everywhere::open_fill(app);
    review::ask_on(app);
    let mut effects = checks::follow_checks(app);
    held::hold(app, own);
    effects.extend(press_waiting(app));
    effects
}

/// The journal was replaced from outside: everything is built anew from what it holds now.
pub(in crate::app) fn rebased(app: &mut App, entries: Vec<Entry>) -> Vec<Effect> {
    let before = board::board_order(&app.incident);
    let is_there = |draft: &Draft| entries.iter().any(|entry| entry.id == draft.id);
    app.journal.refused.retain(|draft| !is_there(draft));
    if app.journal.refused.is_empty() {
        app.journal.trouble = None;
    }
    app.journal.in_flight = None;
    app.incident = Incident::replay(entries);
    board::after_apply(app, &before, None);
    everywhere::open_fill(app);
    let mut effects = checks::follow_checks(app);
    held::hold(app, false);
    effects.extend(press_waiting(app));
    effects
}

/// What could not be written is kept and tried again; the keys go on. What a machine observed is not kept: it will be
/// observed again.
pub(in crate::app) fn not_recorded(app: &mut App, drafts: Vec<Draft>, error: String) -> Vec<Effect> {
    (app.journal.in_flight, app.journal.saying) = (None, None);
    if app.journal.awaited.why.take().is_some() {
        app.screen.keys.not_asked_on(app.session.now);
    }
    app.journal.trouble = Some(error);
    app.journal.tried = Some(app.session.now);
    let kept = drafts.into_iter().filter(|draft| draft.event.dedup_key().is_none());
    // Those that were tried before come back first, and are older.
    let newer = std::mem::take(&mut app.journal.refused);
    app.journal.refused.extend(kept);
    for draft in newer {
        if app.journal.refused.iter().all(|known| known.id != draft.id) {
            app.journal.refused.push(draft);
        }
    }
    press_waiting(app)
}

pub(in crate::app) fn retry(app: &mut App) -> Vec<Effect> {
    // A clock that was set back must not keep anyone waiting for an hour.
    let due = app
        .journal
        .tried
        .is_none_or(|tried| tried > app.session.now || clock::seconds_between(tried, app.session.now) >= 2);
    if app.journal.refused.is_empty() || !due {
        return Vec::new();
    }
    app.journal.tried = Some(app.session.now);
    vec![Effect::Record(after_refused(app, Vec::new()))]
}

/// What was refused goes before what is new, in one append: order is what decides between two values of a cell.
pub(in crate::app) fn after_refused(app: &mut App, new: Vec<Draft>) -> Vec<Draft> {
    let mut drafts = std::mem::take(&mut app.journal.refused);
    drafts.extend(new);
    drafts
}

fn press_waiting(app: &mut App) -> Vec<Effect> {
    let mut effects = Vec::new();
    while app.journal.in_flight.is_none()
        && let Some(input) = app.screen.keys.waiting.pop_front()
    {
        effects.extend(input::take_input(app, input));
    }
    effects
}
