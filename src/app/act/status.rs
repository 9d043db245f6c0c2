//! Where the incident stands: proposed from live vitals, warned about, decided by a person. That the impact has stopped and
//! that the cause is confirmed are two facts.

use jiff::Timestamp;

use crate::{
    app::{
        App, Overlay, clock,
        overlay::{Choice, Purpose, choice::Then},
    },
    incident::{AlertTurn, HypothesisState, MitigationState, Status},
};

impl App {
    /// Asks whether the status is to change, with what should be known before.
    pub(in crate::app) fn ask_status(&mut self, status: Status) {
        if self.incident.summary.status == status {
            return self.say(format!("it is {}", status.word()));
        }
        let mut choice = Choice::new(match status {
            Status::Stanched => "Has the impact stopped? The cause may still be unknown.",
            Status::Closed => "Close it? What was learned stands in Learn.",
            Status::Bleeding => "Is it bleeding again?",
        });
        match status {
            Status::Stanched => {
                let doubts = self.doubts(None);
                if !doubts.is_empty() {
                    choice = choice.knowing(doubts.join("; "));
                }
                for running in self.running() {
                    choice = choice.telling(format!("{} {} still runs: mark it too", running.label, running.text));
                }
            }
            Status::Closed => {
                for line in self.left_open() {
                    choice = choice.knowing(line);
                }
            }
            Status::Bleeding => {}
        }
        let choice = choice.or('y', "yes", Then::Ask(Purpose::StatusReason(status))).or('n', "no", Then::Nothing);
        self.overlay = Some(Overlay::Choice(choice));
    }

    /// What a person who closes it should know.
    fn left_open(&self) -> Vec<String> {
        let incident = &self.incident;
        let mut lines = Vec::new();
        if incident.summary.status == Status::Bleeding {
            lines.push("It is bleeding: nobody has said that the impact stopped.".to_owned());
        }
        let doubts = self.doubts(None);
        if !doubts.is_empty() {
            lines.push(doubts.join("; "));
        }
        if !incident.board.hypotheses.iter().any(|row| row.state == HypothesisState::Confirmed) {
            lines.push("No cause is confirmed.".to_owned());
        }
        match self.open_questions() {
            0 => {}
            1 => lines.push("1 question has no answer.".to_owned()),
            open => lines.push(format!("{open} questions have no answer.")),
        }
        if incident.actions.is_empty() {
            lines.push("No action was noted.".to_owned());
        }
        lines
    }

    /// How it is known, as far as the vitals and mitigations tell: stands in the field, to be changed.
    pub(in crate::app) fn status_reason(&self, status: Status) -> String {
        let minute = |at| clock::minute(at, &self.zone, self.utc);
        match status {
            Status::Stanched => {
                let worked = self.incident.mitigations.iter().filter(|m| m.state == MitigationState::Worked);
                let worked: Vec<_> = worked.map(|m| format!("{} worked", m.label)).collect();
                let titles: Vec<_> = self.config.vitals.iter().map(|vital| vital.title.as_str()).collect();
                let vitals =
                    self.impact_stopped().map(|at| format!("{} in range since {}", titles.join(", "), minute(at)));
                vitals.into_iter().chain(worked).collect::<Vec<_>>().join("; ")
            }
            Status::Bleeding => {
                let hurts =
                    self.hurting().map(|(vital, value)| format!("{} {}", vital.title, vital.unit.format(value)));
                hurts.or_else(|| self.paging().map(|alert| alert.words(self.now))).unwrap_or_default()
            }
            Status::Closed => String::new(),
        }
    }

    /// When a status really began, if that was before it was said: the impact stopped when the last vital came back, and
    /// began again when the first one left.
    pub(in crate::app) fn status_since(&self, status: Status) -> Option<Timestamp> {
        let last = self.incident.status_history.last().map(|turn| turn.at);
        let after_last = |at: &Timestamp| last.is_none_or(|last| *at > last);
        match status {
            Status::Stanched if self.incident.summary.status == Status::Bleeding => {
                self.impact_stopped().filter(after_last).filter(|at| Some(*at) >= self.incident.onset())
            }
            Status::Bleeding => {
                let hurting = self.hurting().map(|(vital, _)| vital.title.clone());
                let left = hurting.and_then(|title| self.incident.vitals.get(&title)?.crossings.last().cloned());
                let fired = self.incident.alerts.iter().filter(|alert| alert.is_firing());
                let fired = fired.filter_map(|alert| {
                    let turn = alert.turns.iter().rev().find(|told| told.turn == AlertTurn::Fired)?;
                    Some(turn.at)
                });
                left.filter(|crossing| !crossing.inside).map(|c| c.at).or_else(|| fired.max()).filter(after_last)
            }
            _ => None,
        }
    }
}
