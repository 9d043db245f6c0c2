//! Opens what fires folded into a few proposals, and takes, splits or drops one.
//!
//! How alerts are folded is said by [`signal::storm`](crate::signal::storm); here it is only decided upon.

use std::sync::Arc;

use crate::{
    app::{
        Action, App, Effect, Overlay,
        commands::everywhere,
        evidence,
        screen::overlay::storm::{Done, Storm},
        world::storm::{Standing, fold_storm, news_since, stamp, standing},
    },
    base::text,
    incident::{Draft, Event, Folded, FoldedGroup, Incident, folded::MOST_GROUPS},
    signal::storm::{self, Proposal},
};

/// Opens the list: as it was left when nothing else fires since, else folded anew.
pub(in crate::app) fn open_storm(app: &mut App) {
    let left = app.screen.storm.left.take().filter(|left| news_since(app.facts(), &left.firing) == (0, 0));
    let storm = left.unwrap_or_else(|| folded_now(app));
    if storm.proposals.is_empty() {
        let dropped = !app.screen.storm.dropped.is_empty() && !storm.firing.is_empty();
        return app.say(if dropped { "all that fires was dropped here" } else { "nothing fires: nothing to fold" });
    }
    app.screen.overlay = Some(Overlay::Storm(storm));
}

fn folded_now(app: &App) -> Storm {
    fold_storm(app.facts(), &app.screen.storm.dropped).into()
}

pub(in crate::app) fn take_proposal(app: &mut App, storm: &mut Storm) -> Vec<Effect> {
    let Some(proposal) = storm.selected().cloned() else { return Vec::new() };
    if let Standing::Taken(column) = standing::standing(app.facts(), &proposal) {
        let said = format!("already on the board as {}; u takes back what was done last", column.label);
        app.say(said);
        return Vec::new();
    }
    if app.refuses_to_write() {
        return Vec::new();
    }
    let drafts = proposal_drafts(app, &proposal);
    app.say(format!("symptom: {}", text::clipped(&proposal.text, everywhere::WORDS)));
    storm.done.extend(drafts.first().map(|added| Done::Took(added.id)));
    // The next one that is not on the board, so that the worst few take one key each.
    let left = |at: &usize| {
        *at != storm.cursor && !matches!(standing::standing(app.facts(), &storm.proposals[*at]), Standing::Taken(_))
    };
    if let Some(next) = (storm.cursor..storm.proposals.len()).find(left) {
        storm.cursor = next;
    }
    app.record_drafts(drafts)
}

/// One observation with one origin; what was taken of it before gets the same.
fn proposal_drafts(app: &mut App, proposal: &Proposal) -> Vec<Draft> {
    // A part of what is on the board counts with it, not beside it.
    let whole = match standing::standing(app.facts(), proposal) {
        Standing::Within(column) => column.origin.clone(),
        _ => None,
    };
    let origin = whole.unwrap_or_else(|| free_origin(&app.incident, proposal));
    let held: Vec<_> = standing::held_by(app.facts(), proposal).iter().map(|column| column.id).collect();
    let added = app.draft(evidence::proposal_as_symptom(app.facts(), proposal, &origin));
    let observation = added.id;
    let folded = app.draft(Event::SymptomFolded { observation, folded: folded(proposal) });
    app.screen.board.column = Some(observation);
    let mut drafts = vec![added, folded];
    for observation in held {
        drafts.push(app.draft(Event::OriginSet { observation, origin: Some(origin.clone()) }));
    }
    drafts
}

/// The origin is what they are of; when that is spoken for by something else, with when it began.
fn free_origin(incident: &Incident, proposal: &Proposal) -> String {
    let mut columns = incident.board.observations.iter();
    match columns.any(|column| column.origin.as_deref() == Some(&proposal.of)) {
        true => format!("{} since {}", proposal.of, proposal.began.strftime("%H:%MZ")),
        false => proposal.of.clone(),
    }
}

pub(in crate::app) fn split_proposal(app: &mut App, storm: &mut Storm) {
    let Some(proposal) = storm.selected().cloned() else { return };
    let parts = storm::split(&proposal);
    if parts.len() < 2 {
        return app.say("that is one alert: there is nothing to split");
    }
    storm.done.push(Done::List(storm.proposals.clone(), storm.cursor));
    let at = storm.cursor;
    storm.proposals.splice(at..=at, parts.into_iter().map(Arc::new));
}

pub(in crate::app) fn drop_proposal(app: &mut App, storm: &mut Storm) {
    let Some(proposal) = storm.selected().cloned() else { return };
    if let Standing::Taken(column) = standing::standing(app.facts(), &proposal) {
        let said = format!("it is on the board as {}: `u` takes that back", column.label);
        return app.say(said);
    }
    app.screen.storm.dropped.push(stamp(&proposal));
    storm.done.push(Done::Dropped(storm.proposals.clone(), storm.cursor));
    storm.proposals.remove(storm.cursor);
    storm.step(0);
    app.say("dropped until it changes; u brings it back");
}

pub(in crate::app) fn undo_in_storm(app: &mut App, storm: &mut Storm) -> Vec<Effect> {
    let is_undone = |done: &mut Done| matches!(done, Done::Took(added) if app.incident.is_undone(*added));
    while storm.done.pop_if(is_undone).is_some() {}
    match storm.done.pop() {
        // Undo goes backwards, and not past what was done elsewhere.
        Some(Done::Took(added)) => {
            if app.incident.last_undoable(&app.session.author).contains(&added) {
                return everywhere::undo(app);
            }
            storm.done.push(Done::Took(added));
            let undo = app.session.keymap.quoted(Action::Undo);
            app.complain(format!("you did something else since: Esc, then {undo} takes that back first"));
        }
        Some(Done::List(proposals, cursor)) => (storm.proposals, storm.cursor) = (proposals, cursor),
        Some(Done::Dropped(proposals, cursor)) => {
            app.screen.storm.dropped.pop();
            (storm.proposals, storm.cursor) = (proposals, cursor);
        }
        None => app.say("nothing was done here yet"),
    }
    Vec::new()
}

/// The cursor stays with what it was on, as far as that is still proposed.
pub(in crate::app) fn fold_anew(app: &mut App, storm: &mut Storm) {
    let on = storm.selected().map(|proposal| proposal.of.clone());
    let line = storm.cursor;
    *storm = folded_now(app);
    storm.cursor = storm.proposals.iter().position(|p| Some(&p.of) == on.as_ref()).unwrap_or(line);
    storm.step(0);
}

/// What the symptom stands for, bounded.
fn folded(proposal: &Proposal) -> Folded {
    let group = |part: &storm::Part| FoldedGroup {
        source: part.source.to_string(),
        group: part.group.to_string(),
        title: part.title.to_string(),
        firing: part.firing,
    };
    let firing = || proposal.parts.iter().filter(|part| part.firing > 0);
    Folded {
        of: proposal.of.clone(),
        why: proposal.why.clone(),
        alerts: proposal.alerts.len(),
        inhibited: proposal.inhibited.len(),
        began: proposal.began,
        groups: firing().take(MOST_GROUPS).map(group).collect(),
        more: firing().count().saturating_sub(MOST_GROUPS),
    }
}
