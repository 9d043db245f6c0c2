//! Something that is about to be done: what is meant, what was answered about it, which command undoes which change.

use crate::{
    app::{Facts, world::service::names},
    incident::{ChangeRecord, Guard, Id, Incident, Mitigation, MitigationKind},
    signal::ChangeKind,
};

/// Something that is about to be done. It may not be in the journal yet; its id is given so that it can be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intent {
    /// The mitigation's name in the log.
    pub id: Id,
    /// What is done.
    pub text: String,
    /// What kind of action.
    pub kind: MitigationKind,
    /// The hypothesis it would help with.
    pub hypothesis: Option<Id>,
    /// The name of its command in the configuration.
    pub command: Option<String>,
    /// The change it undoes.
    pub change: Option<String>,
    /// Whether the guard's open questions were skipped, all at once.
    pub skipped: bool,
}

impl Intent {
    fn of(m: &Mitigation) -> Self {
        Self {
            id: m.id,
            text: m.text.clone(),
            kind: m.kind,
            hypothesis: m.hypothesis,
            command: m.command.clone(),
            change: m.change.clone(),
            skipped: false,
        }
    }

    /// What stays the same when the same thing is meant again.
    pub(in crate::app) fn name(&self) -> String {
        self.change.clone().or_else(|| self.command.clone()).unwrap_or_else(|| self.id.to_string())
    }
}

impl MitigationKind {
    /// Whether the guard stands before it.
    pub(in crate::app) fn is_guarded(self) -> bool {
        matches!(self, Self::Rollback | Self::Failover)
    }
}

/// Begins on a mitigation that is known.
pub(in crate::app) fn intent_of(incident: &Incident, id: Id) -> Option<Intent> {
    incident.mitigation(id).map(Intent::of)
}

/// The change that must not be gone back on before someone said that nothing was written since.
pub(in crate::app) fn held_back<'a>(incident: &'a Incident, intent: &Intent) -> Option<&'a ChangeRecord> {
    let record = intent.change.as_deref().and_then(|id| incident.change_record(id))?;
    (!incident.may_go_back(&record.change)).then_some(record)
}

/// What was answered about it so far; before it is a mitigation, about the change it undoes.
pub fn guard_of(incident: &Incident, intent: &Intent) -> Guard {
    let known = incident.mitigation(intent.id).map(|m| &m.guard);
    let of_change = || incident.change_guards.get(intent.change.as_ref()?);
    known.or_else(of_change).cloned().unwrap_or_default()
}

/// The team's own command that undoes a change: it is a rollback, or takes a flag off, and names the service.
pub(in crate::app) fn command_that_undoes(facts: Facts<'_>, record: &ChangeRecord) -> Option<usize> {
    // A feed may say how it is undone in the team's own word.
    let undo = record.change.undo.as_deref();
    if let Some(at) = facts.session.config.commands.iter().position(|command| Some(command.name.as_str()) == undo) {
        return Some(at);
    }
    let service = record.change.service.as_deref().filter(|service| service.len() > 1)?.to_lowercase();
    let wanted = match record.change.kind {
        ChangeKind::Flag => MitigationKind::FlagOff,
        ChangeKind::Failover => MitigationKind::Failover,
        _ => MitigationKind::Rollback,
    };
    facts.session.config.commands.iter().position(|command| {
        command.kind == wanted && (names(&command.name, &service) || names(&command.text, &service))
    })
}

/// The newest change that a command would undo, where there is something to go back on.
pub(in crate::app) fn change_undone_by(facts: Facts<'_>, at: usize) -> Option<&ChangeRecord> {
    let onset = facts.incident.onset();
    let before = |r: &&ChangeRecord| onset.is_none_or(|onset| r.change.at <= onset);
    let undone = |r: &&ChangeRecord| command_that_undoes(facts, r) == Some(at);
    let newest = facts.incident.changes.iter().filter(before).find(undone);
    newest.filter(|record| !facts.incident.is_beyond_going_back(record))
}

/// The live row that blames a change.
pub(in crate::app) fn row_of_change(incident: &Incident, change: Option<&str>) -> Option<Id> {
    let record = change.and_then(|id| incident.change_record(id))?;
    incident.board.live().find(|row| row.text.contains(&record.change.title)).map(|row| row.id)
}
