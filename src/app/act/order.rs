//! What could be done, in the order in which to try it, with the reason in words.

use crate::{
    app::{
        Facts,
        act::intent,
        world::{service::names, vitals, worst_alert},
    },
    base::words,
    config::Command,
    incident::{
        ChangeRecord, Hypothesis, HypothesisState, Id, Incident, Mitigation, MitigationKind, MitigationState,
        ObservationState,
        mitigation_order::{Candidate, Placed, order},
        ranking::{self, RowId},
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
    /// Whether it can be taken back; false where that is not known.
    pub reversible: bool,
    /// Why it stands there: `may help (B) · 5 min · can be taken back`.
    pub why: String,
}

/// Whether a mitigation can be taken back: as someone said, as its command's configuration says, as the change it undoes
/// can be done again, or as its own words leave no doubt. `None` where none of them tells.
pub fn can_be_taken_back(facts: Facts<'_>, m: &Mitigation) -> Option<bool> {
    if m.reversible.is_some() {
        return m.reversible;
    }
    if let Some(name) = m.command.as_deref() {
        return facts.session.config.commands.iter().find(|command| command.name == name)?.reversible;
    }
    match m.change.as_deref().and_then(|id| facts.incident.change_record(id)) {
        Some(record) => Some(record.change.kind.is_revertible()),
        None => MitigationKind::reversible_by_words(&m.text),
    }
}

/// The words for it.
fn taking_back(known: Option<bool>) -> &'static str {
    match known {
        Some(true) => "can be taken back",
        Some(false) => "hard to take back",
        None => "not known whether it can be taken back",
    }
}

/// What could be done and was not tried, best first.
pub fn what_to_try(facts: Facts<'_>) -> Vec<Ordered> {
    let mut all: Vec<(Doable, Candidate)> = Vec::new();
    let mut back: Vec<Option<bool>> = Vec::new();
    let mut undoes_a_suspect: Vec<bool> = Vec::new();
    for m in facts.incident.mitigations.iter().filter(|m| m.state == MitigationState::Proposed) {
        let helps = helped_by(facts.incident, m);
        back.push(can_be_taken_back(facts, m));
        let reversible = back.last() != Some(&Some(false));
        let suspect = is_suspect(facts, m.change.as_deref());
        let suspected = helps.is_empty() && suspect;
        undoes_a_suspect.push(suspect);
        let candidate = Candidate { kind: m.kind, reversible, helps, suspected };
        all.push((Doable::Mitigation(m.id), candidate));
    }
    for (at, command) in facts.session.config.commands.iter().enumerate().filter(|(_, c)| !is_used(facts.incident, c)) {
        let (kind, reversible) = (command.kind, command.reversible.unwrap_or_else(|| command.kind.is_reversible()));
        back.push(command.reversible);
        let undone = intent::change_undone_by(facts, at);
        let helps = helped_by_command(facts.incident, undone, command);
        let suspect = is_suspect(facts, undone.map(|record| record.change.id.as_str()));
        let suspected = helps.is_empty() && suspect;
        undoes_a_suspect.push(suspect);
        all.push((Doable::Command(at), Candidate { kind, reversible, helps, suspected }));
    }
    let candidates: Vec<Candidate> = all.iter().map(|(_, candidate)| candidate.clone()).collect();
    let placed = order(&candidates, &facts.incident.ranking.beliefs());
    let why = |at: usize, placed: &Placed| {
        let back = taking_back(back[at]);
        let rows = candidates[at].helps.iter().filter_map(|row| match row {
            RowId::Named(id) => facts.incident.board.hypothesis(*id).map(|row| row.label.as_str()),
            RowId::Other => None,
        });
        let rows = rows.collect::<Vec<_>>().join(", ");
        let rows = if rows.is_empty() { rows } else { format!(" ({rows})") };
        format!("{}{rows} · about {} min · {back}", placed.chance(undoes_a_suspect[at]), placed.minutes)
    };
    let ordered = |p: &Placed| {
        let reversible = back[p.at] == Some(true);
        Ordered { what: all[p.at].0, belief: p.belief, reversible, why: why(p.at, p) }
    };
    placed.iter().map(ordered).collect()
}

/// How much of the belief is in rows that blame a change, from 0 to 1.
pub(in crate::app) fn belief_in_change(facts: Facts<'_>, record: &ChangeRecord) -> f64 {
    let blame = live_rows(facts.incident, |row| row.text.contains(&record.change.title));
    let beliefs = facts.incident.ranking.beliefs();
    beliefs.iter().filter(|(row, _)| blame.contains(row)).map(|(_, belief)| belief).sum()
}

/// Whether a command has become a mitigation.
pub(in crate::app) fn is_used(incident: &Incident, command: &Command) -> bool {
    incident.mitigations.iter().any(|m| m.command.as_deref() == Some(command.name.as_str()))
}

/// The live rows a mitigation would help with: the one it is for, those that blame the change it undoes, those that
/// speak of the same thing.
pub(in crate::app) fn helped_by(incident: &Incident, m: &Mitigation) -> Vec<RowId> {
    live_rows(incident, |row| is_for(incident, m, row.id, &row.text))
}

/// Whether a mitigation would help with a row of this text.
pub(in crate::app) fn is_for(incident: &Incident, m: &Mitigation, row: Id, text: &str) -> bool {
    m.hypothesis == Some(row)
        || match m.change.as_deref().and_then(|id| incident.change_record(id)) {
            Some(record) => text.contains(&record.change.title),
            None => m.hypothesis.is_none() && !blames_a_change(incident, text) && alike(&m.text, text),
        }
}

fn helped_by_command(incident: &Incident, undone: Option<&ChangeRecord>, command: &Command) -> Vec<RowId> {
    live_rows(incident, |row| match undone {
        Some(record) => row.text.contains(&record.change.title),
        None => !blames_a_change(incident, &row.text) && alike(&command.text, &row.text),
    })
}

/// A row that blames a change is helped by going back on it, and not by what merely speaks of the same service.
fn blames_a_change(incident: &Incident, text: &str) -> bool {
    incident.changes.iter().any(|record| text.contains(&record.change.title))
}

/// How long before the onset a change is suspected, in seconds.
const SUSPECTED: i64 = 3600;

fn is_suspect(facts: Facts<'_>, change: Option<&str>) -> bool {
    let known = change.and_then(|id| facts.incident.change_record(id));
    known.is_some_and(|record| facts.incident.may_go_back(&record.change) && may_have_done_it(facts, record))
}

/// Whether going back on a change may help: it was made within the hour before the onset, can still be gone back on, touches
/// what hurts as far as its service tells, and nothing on the board speaks against it. The one judgement of the coach and
/// of Act.
pub(in crate::app) fn may_have_done_it(facts: Facts<'_>, record: &ChangeRecord) -> bool {
    let Some(onset) = facts.incident.onset() else { return false };
    (0..=SUSPECTED).contains(&onset.duration_since(record.change.at).as_secs())
        && !facts.incident.is_beyond_going_back(record)
        && touches(facts, record) > 0
        && !is_ruled_out(facts.incident, record)
}

/// Whether the board speaks against a change: rows blame it, and each is refuted or contradicted by what was seen.
fn is_ruled_out(incident: &Incident, record: &ChangeRecord) -> bool {
    let board = &incident.board;
    let mut blame = board.hypotheses.iter().filter(|row| row.text.contains(&record.change.title)).peekable();
    let against =
        |row: &Hypothesis| row.state == HypothesisState::Refuted || !ranking::contradictions(board, row.id).is_empty();
    blame.peek().is_some() && blame.all(against)
}

fn live_rows(incident: &Incident, helps: impl Fn(&Hypothesis) -> bool) -> Vec<RowId> {
    incident.board.live().filter(|row| helps(row)).map(|row| RowId::Named(row.id)).collect()
}

/// Words that stand in many sentences and tell nothing of what they speak of, in alphabetical order.
#[rustfmt::skip]
const COMMON: [&str; 128] = [
    "a", "about", "add", "after", "again", "all", "an", "and", "any", "are", "as", "at", "back", "bad", "be",
    "before", "but", "by", "can", "change", "clear", "cluster", "deploy", "did", "disable", "do", "does", "down",
    "enable", "error", "errors", "every", "fail", "failed", "failing", "fails", "failure", "for", "from", "full",
    "go", "had", "has", "have", "high", "host", "if", "in", "increase", "instance", "into", "is", "issue", "it",
    "its", "kill", "last", "less", "low", "many", "more", "most", "much", "new", "no", "node", "not", "of", "off",
    "old", "on", "one", "or", "other", "our", "out", "over", "p50", "p95", "p99", "per", "pod", "problem", "prod",
    "production", "rate", "re", "remove", "restart", "revert", "roll", "rollback", "rolled", "run", "s", "scale", "server",
    "service", "set", "shift", "slow", "so", "stale", "start", "stop", "take", "than", "that", "the", "them", "then",
    "there", "they", "this", "to", "too", "traffic", "turn", "up", "use", "version", "via", "was", "we", "when",
    "will", "with", "work",
];

/// Whether two sentences speak of the same thing: they share a whole word of some weight, however short, in a name, too.
pub(in crate::app) fn alike(a: &str, b: &str) -> bool {
    let of_b = telling(b);
    telling(a).iter().any(|word| of_b.contains(word))
}

/// The words of a sentence that tell what it speaks of, without the `s` of a plural; numbers and versions tell nothing.
fn telling(text: &str) -> Vec<String> {
    let is_number = |word: &str| word.trim_start_matches('v').chars().all(|c| c.is_ascii_digit());
    let one = |word: String| match word.strip_suffix('s') {
        Some(one) if one.len() > 3 && !one.ends_with(['s', 'u', 'i']) => one.to_owned(),
        _ => word,
    };
    let all = words::of_names(text).into_iter().map(one);
    all.filter(|word| !is_number(word) && COMMON.binary_search(&word.as_str()).is_err()).collect()
}

/// How much a change has to do with what hurts: 2 where a vital out of range speaks of its service, 1 where a symptom
/// does, or an alert that pages is of it, 0 where none does.
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
    u8::from(symptoms.any(|text| names(text, service)) || worst_alert::pages_for(facts, service))
}

#[cfg(test)]
mod tests {
    use super::{COMMON, alike};

    #[test]
    fn sentences_are_alike_when_a_telling_word_is_in_both() {
        assert!(alike("Roll back checkout to v2.3.0", "checkout holds connections"));
        assert!(!alike("Roll back checkout to v2.3.0", "bad deploy of search"));
        assert!(alike("Restart the database", "Database pool exhausted"));
        assert!(!alike("Scale up", "scale of the thing"));
        assert!(!alike("Roll back search to v2", "bad deploy checkout v2"));
        assert!(alike("Restart the worker pools", "a pool is used up"));
        assert!(alike("DNSLookupFailures payments", "DNS"));
        assert!(alike("DiskFull and 4 more on 4 services", "disk full"));
    }

    #[test]
    fn a_word_counts_however_short_and_only_whole() {
        for (short, row) in [
            ("Restart the cluster's DNS resolvers", "slow DNS"),
            ("Renew the TLS certificate", "TLS handshakes fail"),
            ("Throttle what eats the CPU", "CPU full"),
            ("Fail over from AWS", "AWS is down"),
            ("Delete old WAL", "WAL fills the disk"),
            ("Move DB reads", "db is slow"),
        ] {
            assert!(alike(short, row), "{short}: {row}");
        }
        assert!(!alike("Renew the TLS certificate", "titles are wrong"));
        assert!(!alike("Restart it", "it is slow"));
        assert!(!alike("Tune the walls", "WAL is full"));
    }

    #[test]
    fn common_words_are_in_order_to_be_found() {
        assert!(COMMON.is_sorted());
    }
}
