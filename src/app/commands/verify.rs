//! Asks what came of a mitigation, and takes the answer: what speaks against it is said, and may be overruled.
//!
//! That a mitigation failed can speak against a row: it becomes an observation that the row forbids. What a success says is
//! in [`success`].

use crate::{
    app::{
        Action, App, Facts, Intent, Overlay,
        act::{
            intent::row_of_change,
            verify::{doubts, recovery_in_words, recovery_of, running, running_in_words},
        },
        clock,
        commands::{intent, success},
        screen::overlay::{
            Choice, Purpose,
            choice::{Follows, Then},
        },
        world::recovery::{self, Recovery},
    },
    incident::{
        Cell, Draft, Event, Id, Incident, MitigationState, ObservationState, board::CheckSpec,
        mitigation::VERIFY_WITHIN,
    },
};

/// Marks the selected mitigation, else one that runs, else the newest.
pub(in crate::app) fn ask_verify(app: &mut App, selected: Option<Id>) {
    let running = || running(&app.incident).first().map(|running| running.id);
    match selected.or_else(running).or(app.incident.mitigations.last().map(|m| m.id)) {
        Some(id) => ask_about(app, id),
        None => app.complain(format!("no mitigation yet: {} enters one", app.session.keymap.quoted(Action::Mitigate))),
    }
}

/// Asks where a mitigation stands.
pub(in crate::app) fn ask_about(app: &mut App, id: Id) {
    let Some(m) = app.incident.mitigation(id).cloned() else { return };
    let proposed = matches!(m.state, MitigationState::Proposed | MitigationState::Rejected);
    let mut choice = Choice::new(format!("{} {}", m.label, m.text)).titled("Mitigation");
    if m.state == MitigationState::Running {
        choice = choice.telling(running_in_words(app.facts(), &m)).following(Follows::Running(id));
    }
    if m.command.is_some() && m.state != MitigationState::Running {
        let text = if proposed { "run its command; it is shown first" } else { "run its command again" };
        choice = choice.or('x', text, Then::Run(id));
    }
    let by_hand = if m.state == MitigationState::Running {
        "begun again: the deadline counts from now"
    } else {
        "being done, by hand"
    };
    let mut choice = choice
        .or('d', by_hand, Then::Mark(id, MitigationState::Running))
        .or('w', "worked: the impact stopped", Then::Mark(id, MitigationState::Worked))
        .or('f', "failed: still bleeding", Then::Mark(id, MitigationState::Failed));
    choice = match m.state {
        MitigationState::Proposed => choice.or('n', "not this one: say why", Then::Mark(id, MitigationState::Rejected)),
        MitigationState::Rejected => choice,
        _ => choice.or('b', "undone: taken back", Then::Mark(id, MitigationState::Undone)),
    };
    choice = choice.or('e', "what is expected of it, and by when", Then::Ask(Purpose::Plan(id))).or(
        'g',
        "the guard's four questions",
        Then::Guard(id),
    );
    app.screen.overlay = Some(Overlay::Choice(choice));
}

/// For something that is done by hand and perhaps not in the journal yet.
pub(in crate::app) fn ask_about_intent(app: &mut App, intent: Intent) {
    match intent::is_recorded(app, &intent) {
        true => ask_about(app, intent.id),
        false => {
            let choice = Choice::new(intent.text.clone())
                .titled("Mitigation")
                .or('d', "being done now, by hand", Then::Begin(Box::new(intent.clone()), MitigationState::Running))
                .or(
                    'p',
                    "proposed: keep it for later",
                    Then::Begin(Box::new(intent.clone()), MitigationState::Proposed),
                )
                .or('n', "not this one: say why", Then::Ask(Purpose::Reject(Box::new(intent))));
            app.screen.overlay = Some(Overlay::Choice(choice));
        }
    }
}

/// The entries that say that something is being done, or is to be, or is not.
pub(in crate::app) fn begun(app: &mut App, intent: &Intent, state: MitigationState, note: String) -> Vec<Draft> {
    let mut drafts = intent::proposal(app, intent);
    if state != MitigationState::Proposed {
        drafts.push(app.draft(Event::MitigationSet { mitigation: intent.id, state, note, when: None }));
    }
    app.screen.act.cursor.key = Some(format!("m|{}", intent.id));
    drafts
}

/// Marks a mitigation. What speaks against `worked` is said first, and may be overruled.
pub(in crate::app) fn mark(app: &mut App, id: Id, state: MitigationState) {
    let note = Purpose::MitigationNote(id, state);
    let vital = app.incident.mitigation(id).and_then(|m| m.vital.clone());
    let doubts = if state == MitigationState::Worked { doubts(app.facts(), vital.as_deref()) } else { Vec::new() };
    if doubts.is_empty() {
        return app.ask(note);
    }
    let choice = Choice::new("Worked all the same?")
        .titled("Mitigation: worked")
        .knowing(doubts.join("; "))
        .following(Follows::Doubts(id))
        .or('y', "yes; what speaks against it is kept with it", Then::Ask(note))
        .or('n', "not yet", Then::Nothing);
    app.screen.overlay = Some(Overlay::Choice(choice));
}

/// The lines of a question that is open follow what goes on.
pub(in crate::app) fn tell_on(app: &mut App) {
    let Some(Overlay::Choice(choice)) = &app.screen.overlay else { return };
    let Some(follows) = choice.follows.clone() else { return };
    let facts = app.facts();
    let (told, about) = match follows {
        Follows::Running(id) => {
            let running = facts.incident.mitigation(id).filter(|m| m.state == MitigationState::Running);
            let Some(m) = running else { return };
            (vec![running_in_words(facts, m)], None)
        }
        Follows::Doubts(id) => {
            let vital = facts.incident.mitigation(id).and_then(|m| m.vital.as_deref());
            match doubts(facts, vital) {
                doubts if doubts.is_empty() => {
                    let words = recovery_in_words(facts, &recovery_of(facts, vital));
                    (vec![format!("{words}; nothing speaks against it now")], Some(Vec::new()))
                }
                doubts => (Vec::new(), Some(vec![doubts.join("; ")])),
            }
        }
    };
    let Some(Overlay::Choice(choice)) = &mut app.screen.overlay else { return };
    choice.told = told;
    choice.about = about.unwrap_or_else(|| std::mem::take(&mut choice.about));
}

/// What is written with a mark: what was typed, and what was in doubt.
pub(in crate::app) fn marked(app: &mut App, id: Id, state: MitigationState, typed: String) -> Vec<Draft> {
    let known = app.incident.mitigation(id);
    // `03:14 still 5xx` was so at 03:14, however late it is said; but nothing comes of what had not begun.
    let last = known.and_then(|m| m.history.last()).map(|turn| turn.at);
    let (when, typed) = match clock::split_backdate(&typed, app.session.now, &app.session.shown_zone()) {
        (Some(when), text) if last.is_none_or(|last| last <= when) => (Some(when), text),
        _ => (None, typed),
    };
    let vital = known.and_then(|m| m.vital.clone());
    let doubts = if state == MitigationState::Worked { doubts(app.facts(), vital.as_deref()) } else { Vec::new() };
    let holds = state == MitigationState::Worked && success::has_held(app.facts(), vital.as_deref());
    let note = match (typed.is_empty(), doubts.is_empty()) {
        (_, true) => typed,
        (true, false) => format!("said while {}", doubts.join("; ")),
        (false, false) => format!("{typed} (said while {})", doubts.join("; ")),
    };
    let proof = if holds { success::as_evidence(app, id) } else { Vec::new() };
    let mut drafts = vec![app.draft(Event::MitigationSet { mitigation: id, state, note, when })];
    drafts.extend(proof);
    drafts
}

/// Offers what a failed mitigation says about the causes; one key takes it.
pub(in crate::app) fn offer_evidence(app: &mut App, id: Id) {
    let Some(text) = failure_in_words(app.facts(), id) else { return };
    let rows = rows_against(&app.incident, id);
    if rows.is_empty() {
        return;
    }
    let mut choice =
        Choice::new("It failed. Which cause does that speak against?").titled("Mitigation: failed").telling(text);
    for (key, (row, name)) in ('1'..='9').zip(rows) {
        choice = choice.or(key, format!("{name}: this cannot be, if it were true"), Then::Evidence(id, row));
    }
    app.screen.overlay = Some(Overlay::Choice(choice.or('n', "none of them", Then::Nothing)));
}

/// The rows a failure may speak against: the one it was for first, then the other live ones.
fn rows_against(incident: &Incident, id: Id) -> Vec<(Id, String)> {
    let Some(m) = incident.mitigation(id) else { return Vec::new() };
    let own = m.hypothesis.or_else(|| row_of_change(incident, m.change.as_deref()));
    let mut rows: Vec<_> = incident.board.live().collect();
    rows.sort_by_key(|row| Some(row.id) != own);
    rows.into_iter().map(|row| (row.id, format!("{} {}", row.label, row.text))).collect()
}

/// `Rolled back v2.3.1 at 03:20: still bleeding at 03:26`, while live vitals say that it still bleeds.
fn failure_in_words(facts: Facts<'_>, id: Id) -> Option<String> {
    let m = facts.incident.mitigation(id)?;
    let Recovery::Hurting(vital, value) = recovery::recovery(facts, m.vital.as_deref()) else { return None };
    let begun = m.history.iter().rev().find(|turn| turn.state == MitigationState::Running).map(|turn| turn.at)?;
    let minute = |at| clock::minute(at, &facts.session.zone, facts.session.utc);
    Some(format!("{} at {}: still bleeding at {} ({vital} {value})", m.text, minute(begun), minute(facts.session.now)))
}

/// Puts a failure on the board: present, and impossible if the row were true.
pub(in crate::app) fn failure_as_evidence(app: &mut App, id: Id, row: Id) -> Vec<Draft> {
    let Some(text) = failure_in_words(app.facts(), id) else { return Vec::new() };
    let origin = Some(success::origin_of(id));
    let state = ObservationState::Present;
    let check = CheckSpec::default();
    let seen = app.draft(Event::ObservationAdded { text, state, origin, when: None, evidence: None, check });
    let (hypothesis, observation) = (row, seen.id);
    let cell = app.draft(Event::CellSet { hypothesis, observation, cell: Cell::Cannot });
    vec![seen, cell]
}

/// Past its deadline without effect: one key marks it failed and puts that on the board.
pub(in crate::app) fn ask_failed(app: &mut App, id: Id) {
    let Some(m) = app.incident.mitigation(id).cloned() else { return };
    let row =
        rows_against(&app.incident, id).into_iter().next().filter(|_| failure_in_words(app.facts(), id).is_some());
    let own = row.filter(|(row, _)| {
        m.hypothesis == Some(*row) || row_of_change(&app.incident, m.change.as_deref()) == Some(*row)
    });
    let mut choice = Choice::new(format!("{} {}: failed?", m.label, m.text))
        .titled("Past its deadline")
        .telling(running_in_words(app.facts(), &m))
        .following(Follows::Running(id));
    if let Some((row, name)) = own {
        choice = choice.or('e', format!("failed, and that speaks against {name}"), Then::Failed(id, row));
    }
    let minutes = m.minutes.unwrap_or(VERIFY_WITHIN).saturating_add(VERIFY_WITHIN);
    let more = Event::MitigationPlanned {
        mitigation: id,
        effect: m.effect.clone(),
        reversible: m.reversible,
        vital: m.vital.clone(),
        minutes: Some(minutes),
    };
    let choice = choice
        .or('f', "failed: still bleeding", Then::Mark(id, MitigationState::Failed))
        .or('m', format!("{VERIFY_WITHIN} more minutes"), Then::Record(vec![more]))
        .or('b', "undone: taken back", Then::Mark(id, MitigationState::Undone))
        .or('w', "worked: the impact stopped", Then::Mark(id, MitigationState::Worked));
    app.screen.overlay = Some(Overlay::Choice(choice));
}
