//! What could be done, in the order in which to try it, with the reason in words.

use crate::{
    app::{
        Facts,
        act::intent,
        world::{service::names, vitals},
    },
    config::Command,
    incident::{
        ChangeRecord, Hypothesis, Id, Incident, Mitigation, MitigationState, ObservationState,
        mitigation_order::{Candidate, Placed, order},
        ranking::RowId,
    },
};

/// Something that could be done next: a mitigation that was proposed, or a command of the team's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doable {
    /// A mitigation.
    Mitigation(Id),
    /// A command, by its place in the configuration.
    Command(usize),
}

/// A doable in its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Ordered {
    /// What could be done.
    pub what: Doable,
    /// How likely it is to help, from 0 to 1; never shown as a number.
    pub belief: f64,
    /// Whether it can be taken back.
    pub reversible: bool,
    /// Why it stands there: `may help (B) · 5 min · can be taken back`.
    pub why: String,
}

/// What could be done and was not tried, best first.
pub fn what_to_try(facts: Facts<'_>) -> Vec<Ordered> {
    let mut all: Vec<(Doable, Candidate)> = Vec::new();
    for m in facts.incident.mitigations.iter().filter(|m| m.state == MitigationState::Proposed) {
        let (helps, reversible) = (helped_by(facts.incident, m), m.is_reversible());
        let suspected = helps.is_empty() && is_late(facts, m.change.as_deref());
        let candidate = Candidate { kind: m.kind, reversible, helps, suspected };
        all.push((Doable::Mitigation(m.id), candidate));
    }
    for (at, command) in facts.session.config.commands.iter().enumerate().filter(|(_, c)| !is_used(facts.incident, c)) {
        let (kind, reversible) = (command.kind, command.kind.is_reversible());
        let undone = intent::change_undone_by(facts, at);
        let helps = helped_by_command(facts.incident, undone, command);
        let suspected = helps.is_empty() && is_late(facts, undone.map(|record| record.change.id.as_str()));
        all.push((Doable::Command(at), Candidate { kind, reversible, helps, suspected }));
    }
    let candidates: Vec<Candidate> = all.iter().map(|(_, candidate)| candidate.clone()).collect();
    let placed = order(&candidates, &facts.incident.ranking.beliefs());
    let why = |at: usize, placed: &Placed| {
        let back = if candidates[at].reversible { "can be taken back" } else { "hard to take back" };
        let rows = candidates[at].helps.iter().filter_map(|row| match row {
            RowId::Named(id) => facts.incident.board.hypothesis(*id).map(|row| row.label.as_str()),
            RowId::Other => None,
        });
        let rows = rows.collect::<Vec<_>>().join(", ");
        let rows = if rows.is_empty() { rows } else { format!(" ({rows})") };
        format!("{}{rows} · about {} min · {back}", placed.chance(), placed.minutes)
    };
    let ordered = |p: &Placed| {
        let reversible = candidates[p.at].reversible;
        Ordered { what: all[p.at].0, belief: p.belief, reversible, why: why(p.at, p) }
    };
    placed.iter().map(ordered).collect()
}

/// Whether a command has become a mitigation.
pub(in crate::app) fn is_used(incident: &Incident, command: &Command) -> bool {
    incident.mitigations.iter().any(|m| m.command.as_deref() == Some(command.name.as_str()))
}

/// The live rows a mitigation would help with: the one it is for, those that blame the change it undoes, those that
/// speak of the same thing.
fn helped_by(incident: &Incident, m: &Mitigation) -> Vec<RowId> {
    let change = m.change.as_deref().and_then(|id| incident.change_record(id));
    live_rows(incident, |row| {
        m.hypothesis == Some(row.id)
            || match change {
                Some(record) => row.text.contains(&record.change.title),
                None => m.hypothesis.is_none() && !blames_a_change(incident, row) && alike(&m.text, &row.text),
            }
    })
}

fn helped_by_command(incident: &Incident, undone: Option<&ChangeRecord>, command: &Command) -> Vec<RowId> {
    live_rows(incident, |row| match undone {
        Some(record) => row.text.contains(&record.change.title),
        None => !blames_a_change(incident, row) && alike(&command.text, &row.text),
    })
}

/// A row that blames a change is helped by going back on it, and not by what merely speaks of the same service.
fn blames_a_change(incident: &Incident, row: &Hypothesis) -> bool {
    incident.changes.iter().any(|record| row.text.contains(&record.change.title))
}

/// Whether a change was made within the hour before the onset, and touches what hurts as far as its service tells.
fn is_late(facts: Facts<'_>, change: Option<&str>) -> bool {
    let known = change.and_then(|id| facts.incident.change_record(id));
    let Some((record, onset)) = known.zip(facts.incident.onset()) else { return false };
    let before = onset.duration_since(record.change.at).as_secs();
    facts.incident.may_go_back(&record.change) && (0..=3600).contains(&before) && touches(facts, record) > 0
}

fn live_rows(incident: &Incident, helps: impl Fn(&Hypothesis) -> bool) -> Vec<RowId> {
    incident.board.live().filter(|row| helps(row)).map(|row| RowId::Named(row.id)).collect()
}

/// Words that stand in many sentences and tell nothing of what they speak of.
const COMMON: [&str; 22] = [
    "roll", "back", "rolled", "take", "down", "scale", "restart", "fail", "over", "turn", "with", "from", "into",
    "this", "that", "bad", "deploy", "more", "pods", "slow", "full", "service",
];

/// Whether two sentences speak of the same thing: they share a word of some weight.
fn alike(a: &str, b: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        let lower = text.to_lowercase();
        let split = lower.split(|c: char| !c.is_alphanumeric()).map(str::to_owned);
        split.filter(|word| word.len() > 3 && !COMMON.contains(&word.as_str())).collect()
    };
    let of_b = words(b);
    words(a).iter().any(|word| of_b.contains(word))
}

/// How much a change has to do with what hurts: 2 where a vital out of range speaks of its service, 1 where a symptom
/// does, 0 where neither does.
pub(in crate::app) fn touches(facts: Facts<'_>, record: &ChangeRecord) -> u8 {
    let Some(service) = record.change.service.as_deref().filter(|s| s.len() > 1) else { return 0 };
    if vitals::hurting(facts).is_some_and(|(vital, _)| names(&vital.title, service) || names(&vital.query, service)) {
        return 2;
    }
    let present = facts.incident.board.observations.iter().filter(|o| o.state == ObservationState::Present);
    let mut symptoms = present.flat_map(|o| {
        let evidence = o.evidence.as_ref().map(|e| e.query.as_str()).unwrap_or_default();
        [o.text.as_str(), evidence]
    });
    u8::from(symptoms.any(|text| names(text, service)))
}

#[cfg(test)]
mod tests {
    use super::alike;

    #[test]
    fn sentences_are_alike_when_a_telling_word_is_in_both() {
        assert!(alike("Roll back checkout to v2.3.0", "checkout holds connections"));
        assert!(!alike("Roll back checkout to v2.3.0", "bad deploy of search"));
        assert!(alike("Restart the database", "Database pool exhausted"));
        assert!(!alike("Scale up", "scale of the thing"));
    }
}
