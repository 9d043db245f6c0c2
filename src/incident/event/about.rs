//! What can be said of an event without knowing the incident: its key, its time, what it concerns, whether it can be undone.

use jiff::Timestamp;

use super::Event;
use crate::incident::Id;

impl Event {
    /// The key of something a machine observed. An append skips an event whose key the log already has.
    pub fn dedup_key(&self) -> Option<&str> {
        match self {
            Self::AlertTurned { key, .. }
            | Self::AlertFlapped { key, .. }
            | Self::WatchdogTurned { key, .. }
            | Self::LeftOut { key, .. }
            | Self::SourceLost { key, .. }
            | Self::SourceBack { key, .. }
            | Self::VitalCrossed { key, .. }
            | Self::CheckTurned { key, .. }
            | Self::ChangeSeen { key, .. } => Some(key),
            _ => None,
        }
    }

    /// Whether a machine observed it. Others may observe the same, it counts once, and it has no order among what people
    /// did; what was not written will be observed again.
    pub fn is_observed(&self) -> bool {
        self.dedup_key().is_some()
    }

    /// Whether it tells nothing by itself: that someone watched, what was changed long before, a source that came and went.
    pub(in crate::incident) fn is_bare(&self) -> bool {
        match self {
            Self::IncidentOpened { .. }
            | Self::WatchStarted { .. }
            | Self::WatchStopped { .. }
            | Self::SourceLost { .. }
            | Self::SourceBack { .. }
            | Self::ChangeSeen { .. }
            | Self::VariableSet { .. }
            | Self::TailRepaired { .. } => true,
            Self::WatchdogTurned { firing, .. } => *firing,
            _ => false,
        }
    }

    /// Whether the ranking can differ after it.
    pub(in crate::incident) fn touches_board(&self) -> bool {
        matches!(
            self,
            Self::ObservationAdded { .. }
                | Self::ObservationSet { .. }
                | Self::CheckSet { .. }
                | Self::CheckTurned { .. }
                | Self::OriginSet { .. }
                | Self::CoincidenceSet { .. }
                | Self::HypothesisAdded { .. }
                | Self::HypothesisEdited { .. }
                | Self::HypothesisSet { .. }
                | Self::CellSet { .. }
                | Self::MitigationAdded { .. }
                | Self::MitigationSet { .. }
                | Self::MitigationPlanned { .. }
        )
    }

    /// When it happened, where that can differ from when it was written.
    pub fn when(&self) -> Option<Timestamp> {
        match self {
            Self::WatchStopped { when, .. }
            | Self::StatusSet { when, .. }
            | Self::Noted { when, .. }
            | Self::MitigationSet { when, .. }
            | Self::ObservationAdded { when, .. }
            | Self::ObservationSet { when, .. }
            | Self::ObservationCleared { when, .. } => *when,
            Self::LeftOut { until, .. } => *until,
            Self::AlertTurned { when, .. }
            | Self::WatchdogTurned { when, .. }
            | Self::SourceLost { when, .. }
            | Self::SourceBack { when, .. }
            | Self::VitalCrossed { when, .. }
            | Self::CheckTurned { when, .. } => Some(*when),
            Self::AlertFlapped { since, .. } => Some(*since),
            Self::ChangeSeen { change, .. } => Some(change.at),
            Self::VitalWorsened { until, .. } => Some(*until),
            _ => None,
        }
    }

    /// Whether it says something of what the entry `subject` added (a row, column, mitigation, assumption, why or action),
    /// or takes that entry back. Such an event makes no sense without it.
    pub fn concerns(&self, subject: Id) -> bool {
        match self {
            Self::ObservationSet { observation: id, .. }
            | Self::ObservationCleared { observation: id, .. }
            | Self::ObservationReworded { observation: id, .. }
            | Self::CheckSet { observation: id, .. }
            | Self::CheckStarted { observation: id }
            | Self::OriginSet { observation: id, .. }
            | Self::SymptomFolded { observation: id, .. }
            | Self::CoincidenceSet { observation: id, .. }
            | Self::HypothesisEdited { hypothesis: id, .. }
            | Self::HypothesisSet { hypothesis: id, .. }
            | Self::AssumptionSet { assumption: id, .. }
            | Self::MitigationSet { mitigation: id, .. }
            | Self::MitigationPlanned { mitigation: id, .. }
            | Self::GuardAnswered { mitigation: Some(id), .. }
            | Self::WhyAnswered { parent: Some(id), .. }
            | Self::WhyEnded { why: id, .. }
            | Self::WhyReworded { why: id, .. }
            | Self::ActionEdited { action: id, .. }
            | Self::Undone { entry: id }
            | Self::Redone { entry: id } => *id == subject,
            Self::CellSet { hypothesis, observation, .. } => *hypothesis == subject || *observation == subject,
            _ => false,
        }
    }

    /// Whether two events write to the same place, so that the later one hides the earlier.
    pub fn overwrites(&self, other: &Self) -> bool {
        match (self, other) {
            (
                Self::CellSet { hypothesis: a, observation: b, .. },
                Self::CellSet { hypothesis: c, observation: d, .. },
            ) => a == c && b == d,
            (Self::ObservationSet { observation: a, .. }, Self::ObservationSet { observation: b, .. })
            | (Self::HypothesisSet { hypothesis: a, .. }, Self::HypothesisSet { hypothesis: b, .. })
            | (Self::HypothesisEdited { hypothesis: a, .. }, Self::HypothesisEdited { hypothesis: b, .. })
            | (Self::MitigationSet { mitigation: a, .. }, Self::MitigationSet { mitigation: b, .. })
            | (Self::MitigationPlanned { mitigation: a, .. }, Self::MitigationPlanned { mitigation: b, .. })
            | (Self::AssumptionSet { assumption: a, .. }, Self::AssumptionSet { assumption: b, .. })
            | (Self::OriginSet { observation: a, .. }, Self::OriginSet { observation: b, .. })
            | (Self::CheckSet { observation: a, .. }, Self::CheckSet { observation: b, .. })
            | (Self::CoincidenceSet { observation: a, .. }, Self::CoincidenceSet { observation: b, .. }) => a == b,
            (Self::Answered { question: a, .. }, Self::Answered { question: b, .. }) => a == b,
            (Self::WhyEnded { why: a, .. }, Self::WhyEnded { why: b, .. })
            | (Self::WhyReworded { why: a, .. }, Self::WhyReworded { why: b, .. })
            | (Self::ActionEdited { action: a, .. }, Self::ActionEdited { action: b, .. }) => a == b,
            (
                Self::GuardAnswered { mitigation: a, change: b, question: c, .. },
                Self::GuardAnswered { mitigation: d, change: e, question: f, .. },
            ) => a == d && b == e && c == f,
            (Self::StatusSet { .. }, Self::StatusSet { .. })
            | (Self::Retitled { .. }, Self::Retitled { .. })
            | (Self::SeveritySet { .. }, Self::SeveritySet { .. })
            | (Self::OnsetSet { .. }, Self::OnsetSet { .. })
            | (Self::RankedByHand { .. }, Self::RankedByHand { .. }) => true,
            _ => false,
        }
    }

    /// Whether a person may take it back. What a machine observed and what a command did are not undone.
    pub fn is_undoable(&self) -> bool {
        !self.is_observed()
            && !matches!(
                self,
                Self::IncidentOpened { .. }
                    | Self::WatchStarted { .. }
                    | Self::WatchStopped { .. }
                    | Self::DraftKept { .. }
                    | Self::VariableSet { .. }
                    | Self::VitalWorsened { .. }
                    | Self::CommandRan { .. }
                    | Self::OperationSent { .. }
                    | Self::OperationEnded { .. }
                    | Self::Undone { .. }
                    | Self::Redone { .. }
                    | Self::TailRepaired { .. }
                    | Self::Unknown(_)
            )
    }
}
