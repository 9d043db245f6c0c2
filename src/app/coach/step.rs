//! What the coach's key does.

use crate::{
    app::{Action, App, Effect, Overlay, View, overlay::Fill, overlay::Purpose},
    incident::{Id, Question, Status, ranking::RowId},
};

/// What the coach's key does.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Say: I am on it.
    Acknowledge,
    /// Take this alert group as a symptom: pane and row.
    TakeAlert(usize, String),
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

impl App {
    /// Does what the coach line says.
    pub(in crate::app) fn take_advice(&mut self) -> Vec<Effect> {
        let advice = super::advise(self);
        if self.step_has_just_changed(&advice) {
            self.offer.refused();
            self.refused();
            self.say("the next step has just changed: read it, then press again");
            return Vec::new();
        }
        let Some(step) = advice.step else {
            self.say("nothing to do but watch");
            return Vec::new();
        };
        let topic = super::memory::topic(self, &step);
        self.coached.take_up(topic);
        match step {
            Step::Acknowledge => return self.perform(Action::Acknowledge),
            Step::TakeAlert(pane, key) => {
                let shown = self.plan.panes.get(pane).map(|pane| self.known_alerts(pane)).unwrap_or_default();
                let event = shown.iter().find(|s| s.key() == key).map(|s| self.alert_as_symptom(s.source, s.group));
                return event.map(|event| self.record_symptom(event)).unwrap_or_default();
            }
            Step::TakeVital(at) => {
                return self.vital_as_symptom(at).map(|event| self.record_symptom(event)).unwrap_or_default();
            }
            Step::Fold => self.open_storm(),
            Step::TypeSymptom => self.ask(Purpose::Symptom),
            Step::Undo(change) => {
                self.show(View::Act);
                self.propose_undoing(&change);
            }
            Step::Run(at) => {
                self.show(View::Act);
                if let Some(intent) = self.intent_to_run(at, None) {
                    self.begin(intent);
                }
            }
            Step::Begin(id) => {
                self.show(View::Act);
                if let Some(intent) = self.intent_of(id) {
                    self.begin(intent);
                }
            }
            Step::Verify(id) => self.ask_about(id),
            Step::Fail(id) => self.ask_failed(id),
            Step::Confirm(id) => {
                self.show(View::Board);
                self.board.row = Some(RowId::Named(id));
                return self.perform_now(Action::Confirm);
            }
            Step::Note(_) => self.open_note(),
            Step::AddAction => {
                self.show(View::Learn);
                self.ask(Purpose::ActionItem);
            }
            Step::AddHypotheses | Step::AddRival(_) | Step::AddMissing => self.open_picker(),
            Step::Fill => {
                self.show(View::Board);
                self.overlay = Fill::of(&self.incident.board, &[]).map(Overlay::Fill);
            }
            Step::AddSign => self.ask(Purpose::Sign),
            Step::AddDisproof(id) => self.ask(Purpose::SignAgainst(id)),
            Step::Poke(id) => {
                self.show(View::Board);
                self.ask_to_poke(id);
            }
            Step::Assume => self.ask(Purpose::Assumption(None)),
            Step::Settle(id) => {
                self.show(View::Board);
                self.board.column = Some(id);
                if self.would_run(id)
                    && let Some(effects) = self.run_check(id)
                {
                    return effects;
                }
                self.ask_to_settle();
            }
            Step::Refute(id) => {
                self.show(View::Board);
                self.board.row = Some(RowId::Named(id));
                return self.perform_now(Action::Refute);
            }
            Step::Status(status) => self.ask_status(status),
            Step::Review(question) => {
                self.show(View::Learn);
                self.ask(Purpose::Review(question));
            }
            Step::Why(of) => {
                self.show(View::Learn);
                self.ask_why(of);
            }
            Step::Mitigate(hypothesis) => {
                self.show(View::Act);
                self.ask(Purpose::Mitigation { hypothesis });
            }
        }
        Vec::new()
    }
}
