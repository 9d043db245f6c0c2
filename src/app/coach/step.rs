//! What the coach's key does.

use crate::{
    app::{
        Action, App, Effect, Overlay, View, act,
        act::{intent, status, verify},
        assumptions, board, evidence, input, learn,
        overlay::{Fill, Purpose},
        perform,
        world::{checks, checks::run, rows, storm},
    },
    config::PaneId,
    incident::{Id, Question, Status, ranking::RowId},
};

/// What the coach's key does.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Say: I am on it.
    Acknowledge,
    /// Take this alert group as a symptom: pane and row.
    TakeAlert(PaneId, String),
    /// Take this vital as a symptom, by its place.
    TakeVital(usize),
    /// Fold what fires into a few symptoms.
    Fold,
    /// Type a symptom.
    TypeSymptom,
    /// Propose to undo a change.
    Undo(String),
    /// Begin on a configured command, by its place.
    Run(usize),
    /// Begin on a mitigation that was proposed.
    Begin(Id),
    /// Say that a mitigation failed.
    Fail(Id),
    /// Confirm a hypothesis.
    Confirm(Id),
    /// Write a note about something, by its name.
    Note(String),
    /// Add something to be done.
    AddAction,
    /// Say where a mitigation stands.
    Verify(Id),
    /// Add hypotheses.
    AddHypotheses,
    /// Add a rival of this row.
    AddRival(Id),
    /// Add what is missing where nothing on the board holds up.
    AddMissing,
    /// Fill the cells nobody has assessed.
    Fill,
    /// Add a sign to look for.
    AddSign,
    /// Add the sign that would prove this row wrong.
    AddDisproof(Id),
    /// Say whether what is taken for granted is so.
    Poke(Id),
    /// Write down what is taken for granted.
    Assume,
    /// Settle an observation.
    Settle(Id),
    /// Refute a hypothesis, with a reason filled in.
    Refute(Id),
    /// Set the status.
    Status(Status),
    /// Answer the first open question of the review.
    Review(Question),
    /// Enter a mitigation for a row.
    Mitigate(Option<Id>),
    /// Ask why: of an answer, of a why put aside, or of it all.
    Why(Option<Id>),
}

/// Does what the coach line says.
pub(in crate::app) fn take_advice(app: &mut App) -> Vec<Effect> {
    let advice = super::advise(app.case());
    if app.coach.offer.has_just_changed(&advice, app.session.now) {
        app.coach.offer.refused();
        input::refused(app);
        app.say("the next step has just changed: read it, then press again");
        return Vec::new();
    }
    let Some(step) = advice.step else {
        app.say("nothing to do but watch");
        return Vec::new();
    };
    let topic = super::memory::topic(app.case(), &step);
    app.coach.memory.take_up(topic);
    match step {
        Step::Acknowledge => return perform::perform(app, Action::Acknowledge),
        Step::TakeAlert(pane, key) => {
            let shown = app.world.plan.pane(pane).map(|pane| rows::known_alerts(app.facts(), pane)).unwrap_or_default();
            let event = shown
                .iter()
                .find(|s| s.key() == key)
                .map(|s| evidence::alert_as_symptom(app.facts(), s.source, s.group));
            return event.map(|event| perform::record_symptom(app, event)).unwrap_or_default();
        }
        Step::TakeVital(at) => {
            return evidence::vital_as_symptom(app.facts(), at)
                .map(|event| perform::record_symptom(app, event))
                .unwrap_or_default();
        }
        Step::Fold => storm::open_storm(app),
        Step::TypeSymptom => app.ask(Purpose::Symptom),
        Step::Undo(change) => {
            app.show(View::Act);
            act::propose_undoing(app, &change);
        }
        Step::Run(at) => {
            app.show(View::Act);
            if let Some(intent) = intent::intent_to_run(app, at, None) {
                intent::begin(app, intent);
            }
        }
        Step::Begin(id) => {
            app.show(View::Act);
            if let Some(intent) = intent::intent_of(&app.incident, id) {
                intent::begin(app, intent);
            }
        }
        Step::Verify(id) => verify::ask_about(app, id),
        Step::Fail(id) => verify::ask_failed(app, id),
        Step::Confirm(id) => {
            app.show(View::Board);
            app.screen.board.row = Some(RowId::Named(id));
            return perform::perform_now(app, Action::Confirm);
        }
        Step::Note(_) => perform::open_note(app),
        Step::AddAction => {
            app.show(View::Learn);
            app.ask(Purpose::ActionItem);
        }
        Step::AddHypotheses | Step::AddRival(_) | Step::AddMissing => perform::open_picker(app),
        Step::Fill => {
            app.show(View::Board);
            app.screen.overlay = Fill::of(&app.incident.board, &[]).map(Overlay::Fill);
        }
        Step::AddSign => app.ask(Purpose::Sign),
        Step::AddDisproof(id) => app.ask(Purpose::SignAgainst(id)),
        Step::Poke(id) => {
            app.show(View::Board);
            assumptions::ask_to_poke(app, id);
        }
        Step::Assume => app.ask(Purpose::Assumption(None)),
        Step::Settle(id) => {
            app.show(View::Board);
            app.screen.board.column = Some(id);
            if checks::would_run(app.facts(), id)
                && let Some(effects) = run::run_check(app, id)
            {
                return effects;
            }
            board::ask_to_settle(app);
        }
        Step::Refute(id) => {
            app.show(View::Board);
            app.screen.board.row = Some(RowId::Named(id));
            return perform::perform_now(app, Action::Refute);
        }
        Step::Status(status) => status::ask_status(app, status),
        Step::Review(question) => {
            app.show(View::Learn);
            app.ask(Purpose::Review(question));
        }
        Step::Why(of) => {
            app.show(View::Learn);
            learn::ask_why(app, of);
        }
        Step::Mitigate(hypothesis) => {
            app.show(View::Act);
            app.ask(Purpose::Mitigation { hypothesis });
        }
    }
    Vec::new()
}
