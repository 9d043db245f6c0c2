//! What the coach's key does.

use crate::{
    app::{Action, App, Effect, Overlay, View, overlay::Fill, overlay::Purpose},
    incident::{Id, Question, Status},
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
    /// Type a symptom.
    TypeSymptom,
    /// Propose to undo a change.
    Undo(String),
    /// Propose a configured command, by its place, to undo a change.
    Propose(usize, String),
    /// Say where a mitigation stands.
    Verify(Id),
    /// Add hypotheses.
    AddHypotheses,
    /// Fill the cells nobody has assessed.
    Fill,
    /// Add a sign to look for.
    AddSign,
    /// Settle an observation.
    Settle(Id),
    /// Refute a hypothesis, with a reason filled in.
    Refute(Id),
    /// Set the status.
    Status(Status),
    /// Answer the first open question of the review.
    Review(Question),
    /// Enter a mitigation.
    Mitigate,
    /// Show a view.
    Show(View),
}

impl App {
    /// Does what the coach line says.
    pub(in crate::app) fn take_advice(&mut self) -> Vec<Effect> {
        let Some(step) = self.advice().step else {
            self.say("nothing to do but watch");
            return Vec::new();
        };
        match step {
            Step::Acknowledge => return self.perform(Action::Acknowledge),
            Step::TakeAlert(pane, key) => {
                let shown = self.plan.panes.get(pane).map(|pane| self.shown_alerts(pane)).unwrap_or_default();
                let event = shown.iter().find(|s| s.key() == key).map(|s| self.alert_as_symptom(s.source, s.group));
                return event.map(|event| self.record_symptom(event)).unwrap_or_default();
            }
            Step::TakeVital(at) => {
                return self.vital_as_symptom(at).map(|event| self.record_symptom(event)).unwrap_or_default();
            }
            Step::TypeSymptom => self.ask(Purpose::Symptom),
            Step::Undo(change) => {
                self.show(View::Act);
                self.propose_undoing(&change);
            }
            Step::Propose(at, change) => {
                self.show(View::Act);
                return self.propose_command(at, Some(change));
            }
            Step::Verify(id) => self.ask_about(id),
            Step::AddHypotheses => self.open_picker(),
            Step::Fill => {
                self.show(View::Board);
                self.overlay = Fill::of(&self.incident.board, &[]).map(Overlay::Fill);
            }
            Step::AddSign => self.ask(Purpose::Sign),
            Step::Settle(id) => {
                self.show(View::Board);
                self.board.column = Some(id);
                self.ask_to_settle();
            }
            Step::Refute(id) => {
                self.show(View::Board);
                self.board.row = Some(id);
                return self.perform(Action::Refute);
            }
            Step::Status(status) => self.ask_status(status),
            Step::Review(question) => {
                self.show(View::Learn);
                self.ask(Purpose::Review(question));
            }
            Step::Mitigate => self.ask(Purpose::Mitigation { change: None }),
            // Where one is there already, the step is what is to be done there.
            Step::Show(View::Learn) if self.view == View::Learn => self.ask(Purpose::ActionItem),
            Step::Show(view) => self.show(view),
        }
        Vec::new()
    }
}
