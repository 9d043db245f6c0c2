//! Between the app and its log: what people did and machines saw is submitted, and what the log says of it is taken in.

use std::collections::BTreeMap;

use crate::{
    app::{
        App, Effect, Notice,
        commands::{everywhere, review},
        input,
        others::{self, Before},
        screen::{board, log},
        selections,
        world::checks,
    },
    incident::{Draft, Entry, Event, Id, limits::Limited, ranking::RowId},
};

pub(in crate::app) fn recorded(app: &mut App, entries: Vec<Entry>) -> Vec<Effect> {
    let before = board::board_order(&app.incident);
    let ids = entries.iter().map(|entry| entry.id).collect();
    let own = app.outbox.awaits_any(&ids) && entries.iter().all(|entry| entry.by == app.session.author);
    let done = app.outbox.confirm(&ids);
    say_done(app, done);
    if entries.iter().any(|entry| entry.by == app.session.author) {
        app.outbox.taken();
    }
    let why = entries.iter().rev().map(|entry| &entry.event).find(|event| board::settles(event)).cloned();
    let told = Before::of(app, &entries).map(|before| (before, entries.clone()));
    let held = app.incident.beyond().clone();
    app.outbox.apply(entries, &mut app.incident, &app.session.author);
    tell_left_out(app, &held);
    // What a person just did themselves is said before what others did.
    if app.screen.notice.is_none()
        && let Some((before, entries)) = told
    {
        app.screen.notice = others::told(app, &before, &entries);
    }
    after_incident_changed(app, &before, why.as_ref(), own)
}

/// The log has these already, and there is no entry of ours to come.
pub(in crate::app) fn confirmed(app: &mut App, ids: &[Id]) -> Vec<Effect> {
    let before = board::board_order(&app.incident);
    let pending = app.outbox.pending();
    let done = app.outbox.confirm(&ids.iter().copied().collect());
    say_done(app, done);
    if app.outbox.pending() < pending {
        app.outbox.show(&mut app.incident, &app.session.author);
    }
    after_incident_changed(app, &before, None, false)
}

/// The log takes its time: what it was given is shown all the same, as pending, and the keys go on.
pub(in crate::app) fn unconfirmed(app: &mut App) -> Vec<Effect> {
    if !app.outbox.give_up_waiting(&app.incident) {
        return go_on(app, false);
    }
    let before = board::board_order(&app.incident);
    let held = app.incident.beyond().clone();
    app.outbox.show(&mut app.incident, &app.session.author);
    tell_left_out(app, &held);
    after_incident_changed(app, &before, None, true)
}

/// The journal was replaced from outside: everything is built anew from what it holds now.
pub(in crate::app) fn rebased(app: &mut App, entries: Vec<Entry>) -> Vec<Effect> {
    let before = board::board_order(&app.incident);
    let done = app.outbox.confirm(&entries.iter().map(|entry| entry.id).collect());
    let done = done.or(app.outbox.stop_waiting());
    say_done(app, done);
    app.outbox.taken();
    let held = app.incident.beyond().clone();
    app.outbox.rebase(entries, &mut app.incident, &app.session.author);
    tell_left_out(app, &held);
    after_incident_changed(app, &before, None, false)
}

/// What could not be written is kept and tried again; the keys go on.
pub(in crate::app) fn not_recorded(app: &mut App, drafts: &[Draft], error: String) -> Vec<Effect> {
    if app.screen.awaited.why.take_if(|why| drafts.iter().any(|draft| draft.id == *why)).is_some() {
        app.screen.keys.not_asked_on(app.session.now);
    }
    let pending = app.outbox.pending();
    let before = board::board_order(&app.incident);
    app.outbox.refuse(drafts, error, app.session.now);
    if app.outbox.pending() == pending {
        return input::press_waiting(app);
    }
    app.outbox.show(&mut app.incident, &app.session.author);
    after_incident_changed(app, &before, None, false)
}

/// What was refused is tried again when it is time.
pub(in crate::app) fn retry(app: &mut App) -> Vec<Effect> {
    let drafts = app.outbox.retry(app.session.now);
    if drafts.is_empty() { Vec::new() } else { vec![Effect::Record(drafts)] }
}

/// Shows only what the journal has: the notes are written from nothing else.
pub fn hide_pending(app: &mut App) {
    app.outbox.hide_pending(&mut app.incident);
}

/// Says what the incident has no room for since it left out this much.
fn tell_left_out(app: &mut App, held: &BTreeMap<Limited, usize>) {
    if let Some(text) = app.incident.left_out_since(held) {
        app.complain(text);
    }
}

/// What follows from an incident that has changed.
fn after_incident_changed(app: &mut App, before: &[RowId], why: Option<&Event>, own: bool) -> Vec<Effect> {
    board::note_moves(app, before, why);
    everywhere::open_fill(app);
    review::ask_on(app);
    log::tell(app);
    let mut effects = checks::follow_checks(app);
    effects.extend(go_on(app, own));
    effects
}

/// The keys that waited go on. What has vanished is known before: none of them may hit what took its place.
fn go_on(app: &mut App, own: bool) -> Vec<Effect> {
    selections::hold(app, own);
    input::press_waiting(app)
}

fn say_done(app: &mut App, done: Option<Notice>) {
    if let Some(notice) = done {
        app.screen.notice = Some(Notice { at: app.session.now, ..notice });
    }
}
