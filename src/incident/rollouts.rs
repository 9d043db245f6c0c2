//! What ran when, as far as the changes tell: which one took another's place, which one went back to what had run before,
//! and what ran for long enough to be called good.
//!
//! A feed shows a rollback as one more deploy. What is said here keeps the way back from leading to what broke. It is worked
//! out once for all changes, when it is first asked for after one has come: the coach asks at every frame.

use std::{
    collections::{HashMap, VecDeque},
    sync::OnceLock,
};

use jiff::{SignedDuration, Timestamp};

use super::{ChangeRecord, Incident, Mitigation, MitigationKind, MitigationState};
use crate::{base::words, signal::ChangeKind};

/// What ran for less than this, in seconds, has not shown that it is good.
const PROVEN: i64 = 1800;
/// A lower version that was not seen before is a way back when what it replaced had run for less than this, in seconds.
const YOUNG: i64 = 86_400;
/// A feed tells of a deploy when it is done, which may be this long after the mitigation that caused it was marked.
const AFTER: SignedDuration = SignedDuration::from_secs(60);
/// Clocks differ.
const SKEW: SignedDuration = SignedDuration::from_secs(10);

/// Words of a title that say that it went back.
const WENT_BACK: [&str; 8] =
    ["rollback", "roll back", "rolled back", "rolling back", "revert", "reverts", "reverted", "reverting"];

/// The state before a change that is known to be good.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LastGood<'a> {
    /// What this change brought; it ran for so many seconds.
    Ran(&'a ChangeRecord, i64),
    /// What ran before this change, which is the oldest one that has not shown that it is good.
    Before(&'a ChangeRecord),
}

/// What is known of the changes of an incident; nothing until it is asked for.
#[derive(Clone, Debug, Default)]
pub(super) struct Rollouts(OnceLock<Known>);

#[derive(Clone, Debug, Default)]
struct Known {
    lines: Vec<Line>,
    /// Of each change of the incident its line and its place there; `None` for what takes no other's place.
    steps: Vec<Option<(usize, usize)>>,
}

/// Changes of one thing that took each other's place, oldest first.
#[derive(Clone, Debug, Default)]
struct Line(Vec<Step>);

/// A change in its line.
#[derive(Clone, Debug)]
struct Step {
    /// Its place among the changes of the incident.
    place: usize,
    at: Timestamp,
    version: Option<String>,
    /// Whether it went back to what had run before.
    went_back: bool,
}

impl Rollouts {
    /// A change has come.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }
}

impl Incident {
    /// Whether a change went back to what had run before: the feed says so, or its version was there already.
    pub fn is_rollback(&self, record: &ChangeRecord) -> bool {
        says_so(record) || self.step_of(record).is_some_and(|(line, own)| line.0[own].went_back)
    }

    /// What a rollback went back from; `None` where it is none, or where that was not seen.
    pub fn rolled_back_from(&self, record: &ChangeRecord) -> Option<&ChangeRecord> {
        let (line, own) = self.step_of(record).filter(|_| self.is_rollback(record))?;
        let from = line.0[..own].iter().rev().find(|other| line.is_other(other, own))?;
        self.changes.get(from.place)
    }

    /// The change that took this one's place, the first one of them.
    pub fn replaced_by(&self, record: &ChangeRecord) -> Option<&ChangeRecord> {
        let (line, own) = self.step_of(record)?;
        let by = line.0[own..].iter().find(|other| other.at > line.0[own].at && !line.is_same_version(other, own))?;
        self.changes.get(by.place)
    }

    /// Whether there is nothing to go back on: it is a rollback, it was taken back, something newer had replaced it when
    /// it all began, or it came of what was done here.
    pub fn is_beyond_going_back(&self, record: &ChangeRecord) -> bool {
        let newer = || self.replaced_by(record);
        let replaced = || newer().is_some_and(|next| self.onset().is_none_or(|onset| next.change.at <= onset));
        self.is_rollback(record) || self.is_own(record) || replaced() || self.was_taken_back(record)
    }

    /// Whether a rollback came after it.
    fn was_taken_back(&self, record: &ChangeRecord) -> bool {
        let Some((line, own)) = self.step_of(record) else { return false };
        let mut later = line.0[own..].iter().filter(|other| other.at > line.0[own].at);
        later.any(|other| other.went_back && !line.is_same_version(other, own))
    }

    /// The newest state before a change that ran for long enough and was not taken back.
    pub fn last_good_before<'a>(&'a self, record: &'a ChangeRecord) -> LastGood<'a> {
        let Some((line, own)) = self.step_of(record) else { return LastGood::Before(record) };
        let mut doubtful = record;
        for (at, step) in line.0[..own].iter().enumerate().rev().filter(|(_, step)| line.is_other(step, own)) {
            let Some(other) = self.changes.get(step.place) else { continue };
            let next = line.0[at + 1..].iter().find(|next| !line.is_same_version(next, at));
            let ran = next.map_or(record.change.at, |next| next.at).duration_since(step.at).as_secs();
            let taken_back = next.is_some_and(|next| next.went_back);
            if ran >= PROVEN && !taken_back && !words::has(&other.change.title, "rolled back") {
                return LastGood::Ran(other, ran);
            }
            doubtful = other;
        }
        LastGood::Before(doubtful)
    }

    /// Whether a change came of a mitigation of this incident: it was done after the onset, while that ran or just after, and
    /// is of the same service.
    pub fn is_own(&self, record: &ChangeRecord) -> bool {
        let at = record.change.at;
        self.onset().is_none_or(|onset| at > onset)
            && self.mitigations.iter().any(|m| was_done_by(m, at) && self.is_about(m, record))
    }

    fn is_about(&self, m: &Mitigation, record: &ChangeRecord) -> bool {
        let undone = m.change.as_deref().and_then(|id| self.change_record(id));
        let subject = subject(record);
        let named = || {
            let command = m.command.as_deref().unwrap_or_default();
            subject.as_deref().is_some_and(|name| words::has(&m.text, name) || words::has(command, name))
        };
        match undone {
            Some(undone) if undone == record => false,
            Some(undone) => line_of(undone).is_some_and(|line| Some(line) == line_of(record)) || named(),
            None => named() || (m.kind == MitigationKind::Rollback && self.is_rollback(record)),
        }
    }

    /// The line of a change, and its place there; `None` for what takes no other's place.
    fn step_of(&self, record: &ChangeRecord) -> Option<(&Line, usize)> {
        let from = self.changes.partition_point(|known| known.change.at > record.change.at);
        let place = from + self.changes.iter().skip(from).position(|known| known == record)?;
        let Known { lines, steps } = self.rollouts.0.get_or_init(|| Known::of(&self.changes));
        let (line, own) = (*steps.get(place)?)?;
        Some((lines.get(line)?, own))
    }
}

impl Line {
    /// Whether a step is earlier than the one at `own`, and of another version.
    fn is_other(&self, step: &Step, own: usize) -> bool {
        step.at < self.0[own].at && !self.is_same_version(step, own)
    }

    fn is_same_version(&self, step: &Step, own: usize) -> bool {
        step.version.is_some() && step.version == self.0[own].version
    }

    /// Adds the next change.
    fn push(&mut self, place: usize, record: &ChangeRecord) {
        let version = version(record);
        let went_back = says_so(record) || version.as_deref().is_some_and(|own| self.goes_back(own, record.change.at));
        self.0.push(Step { place, at: record.change.at, version, went_back });
    }

    /// Whether a version ran before and was not taken back, or is a lower one soon after a higher one.
    fn goes_back(&self, own: &str, at: Timestamp) -> bool {
        let Some(before) = self.0.last() else { return false };
        let Some(replaced) = before.version.as_deref() else { return false };
        if replaced == own {
            return before.went_back; // the same rollout, in another place
        }
        let known = self.0.iter().rposition(|known| known.version.as_deref() == Some(own));
        match numbers(replaced).zip(numbers(own)) {
            Some((replaced, own)) if own > replaced => false,
            Some(_) => known.is_some() || at.duration_since(before.at).as_secs() < YOUNG,
            None => known.is_some_and(|known| !self.0[known + 1].went_back),
        }
    }
}

impl Known {
    /// Of changes, newest first.
    fn of(changes: &VecDeque<ChangeRecord>) -> Self {
        let mut known = Self { lines: Vec::new(), steps: vec![None; changes.len()] };
        let mut places = HashMap::new();
        for (place, record) in changes.iter().enumerate().rev() {
            let Some(of) = line_of(record) else { continue };
            let at = *places.entry(of).or_insert_with(|| {
                known.lines.push(Line::default());
                known.lines.len() - 1
            });
            known.steps[place] = Some((at, known.lines[at].0.len()));
            known.lines[at].push(place, record);
        }
        known
    }
}

/// Whether the feed itself says that a change went back.
fn says_so(record: &ChangeRecord) -> bool {
    record.change.kind == ChangeKind::Rollback || words::has_any(&record.change.title, &WENT_BACK)
}

/// What takes each other's place: rollouts of one thing. Of flags and settings only those that have a version do.
fn line_of(record: &ChangeRecord) -> Option<(ChangeKind, String)> {
    let kind = match record.change.kind {
        ChangeKind::Deploy | ChangeKind::Rollback => ChangeKind::Deploy,
        kind if kind.is_revertible() && version(record).is_some() => kind,
        _ => return None,
    };
    Some((kind, subject(record)?))
}

/// What was changed, in lower case: the service, else the title without its version.
fn subject(record: &ChangeRecord) -> Option<String> {
    if let Some(service) = record.change.service.as_deref().map(str::trim).filter(|service| !service.is_empty()) {
        return Some(service.to_lowercase());
    }
    let own = version(record)?;
    let others = record.change.title.split_whitespace().filter(|word| plain(word) != own);
    let rest = others.collect::<Vec<_>>().join(" ").to_lowercase();
    (!rest.is_empty()).then_some(rest)
}

/// The version that a change brought, as its feed or its title has it.
fn version(record: &ChangeRecord) -> Option<String> {
    let said = record.change.version.as_deref().map(plain).filter(|version| !version.is_empty());
    said.or_else(|| record.change.title.split_whitespace().map(plain).rev().find(|word| is_version(word)))
}

fn plain(word: &str) -> String {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    match word.strip_prefix('v') {
        Some(rest) if rest.starts_with(|c: char| c.is_ascii_digit()) => rest.to_owned(),
        _ => word,
    }
}

/// Whether a word of a title reads as a version: `2.8.0`, `41`, a commit.
fn is_version(word: &str) -> bool {
    let commit =
        word.len() >= 7 && word.chars().all(|c| c.is_ascii_hexdigit()) && word.contains(|c: char| c.is_ascii_digit());
    word.starts_with(|c: char| c.is_ascii_digit()) || commit
}

/// A version of numbers only, which can be told higher from lower.
fn numbers(version: &str) -> Option<Vec<u64>> {
    version.split('.').map(|part| part.parse().ok()).collect()
}

/// Whether something at this time was done while a mitigation ran, or just after.
fn was_done_by(m: &Mitigation, at: Timestamp) -> bool {
    let began = |turn: &usize| m.history[*turn].state == MitigationState::Running;
    (0..m.history.len()).filter(began).any(|turn| {
        let until = m.history.get(turn + 1).map(|next| next.at.saturating_add(AFTER).unwrap_or(Timestamp::MAX));
        m.history[turn].at.saturating_sub(SKEW).unwrap_or(Timestamp::MIN) <= at && until.is_none_or(|until| at <= until)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        incident::{Event, Id, fixture::replayed},
        signal::Change,
    };

    const DAY: i64 = 86_400;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_795_305_600 + second).expect("a time")
    }

    /// Deploys of checkout: version and second; `!` in front where the feed calls it a rollback.
    fn events(deploys: &[(&str, i64)]) -> Vec<(Timestamp, Event)> {
        let seen = |(nth, (version, second)): (usize, &(&str, i64))| {
            let kind = if version.starts_with('!') { ChangeKind::Rollback } else { ChangeKind::Deploy };
            let version = version.trim_start_matches('!').to_owned();
            let change = Change {
                id: nth.to_string(),
                kind,
                title: format!("checkout {version}"),
                service: Some("checkout".into()),
                version: Some(version),
                at: at(*second),
                who: None,
                undo: None,
                url: None,
            };
            (at(*second), Event::ChangeSeen { key: nth.to_string(), source: "cd".into(), change: Box::new(change) })
        };
        deploys.iter().enumerate().map(seen).collect()
    }

    fn feed(deploys: &[(&str, i64)]) -> Incident {
        replayed("alice", events(deploys))
    }

    /// The deploys that are rollbacks, by their place.
    #[track_caller]
    fn rollbacks(deploys: &[(&str, i64)], expected: &[&str]) {
        let incident = feed(deploys);
        let back = incident.changes.iter().rev().filter(|record| incident.is_rollback(record));
        assert_eq!(back.map(|record| record.change.id.as_str()).collect::<Vec<_>>(), expected, "{deploys:?}");
    }

    #[test]
    fn a_version_deployed_again_is_a_rollback() {
        rollbacks(&[("v2.7.3", 0), ("v2.8.0", DAY), ("v2.7.3", DAY + 90)], &["2"]);
        rollbacks(&[("v2.7.3", 0), ("v2.8.0", 90), ("v2.7.3", 180), ("v2.8.0", 600), ("v2.7.3", 700)], &["2", "4"]);
        rollbacks(
            &[("3fa9c01", 0), ("77be120", 90), ("3fa9c01", 180), ("77be120", 600), ("3fa9c01", 700)],
            &["2", "4"],
        );
        // The feed begins with the version that broke.
        rollbacks(&[("v2.8.0", 0), ("v2.7.3", 90), ("v2.8.0", 600), ("v2.7.3", 700)], &["1", "3"]);
        rollbacks(&[("v1", 0), ("v2", 90), ("!v3", 180)], &["2"]);
        rollbacks(&[("v1", 0), ("v2", 90), ("v2", 120), ("v3", 180)], &[]);
    }

    #[test]
    fn what_was_worked_out_is_forgotten_when_a_change_comes() {
        let whole = feed(&[("v2.7.3", 0), ("v2.8.0", DAY), ("v2.7.3", DAY + 90)]);
        let mut incident = Incident::replay(whole.entries()[..whole.entries().len() - 1].iter().cloned());
        let beyond =
            |incident: &Incident| incident.is_beyond_going_back(incident.change_record("1").expect("a change"));
        assert!(!beyond(&incident));
        incident.apply_all(whole.entries().last().cloned().into_iter().collect());
        assert!(beyond(&incident));
    }

    #[test]
    fn what_ran_for_minutes_or_was_taken_back_is_not_the_last_good_state() {
        let check = |deploys: &[(&str, i64)], of: &str, expected: &str| {
            let incident = feed(deploys);
            let said = match incident.last_good_before(incident.change_record(of).expect("a change")) {
                LastGood::Ran(good, ran) => format!("{} {ran}", good.change.id),
                LastGood::Before(doubtful) => format!("before {}", doubtful.change.id),
            };
            assert_eq!(said, expected, "{deploys:?}");
        };
        check(&[("v1", 0), ("v2", DAY)], "1", "0 86400");
        check(&[("v1", 0), ("v2", DAY), ("v3", DAY + 60)], "2", "0 86400");
        check(&[("v1", 0), ("v2", DAY), ("v1", DAY + 60), ("v3", DAY + 120)], "3", "0 86400");
        check(&[("v1", 0), ("v2", 60), ("v3", 120)], "2", "before 0");
        check(&[("v2", 0), ("v1", 7200), ("v3", 7260)], "2", "before 0");
        check(&[("v1", 0)], "0", "before 0");
    }

    #[test]
    fn what_runs_no_more_is_not_gone_back_on() {
        let beyond = |deploys: &[(&str, i64)]| {
            let incident = feed(deploys);
            let beyond = incident.changes.iter().rev().map(|record| incident.is_beyond_going_back(record));
            beyond.collect::<Vec<_>>()
        };
        assert_eq!(beyond(&[("v1", 0), ("v2", DAY)]), [true, false]);
        assert_eq!(beyond(&[("v1", 0), ("v2", DAY), ("v1", DAY + 90)]), [true, true, true]);
    }

    #[test]
    fn a_deploy_that_a_mitigation_caused_is_its_own() {
        let mut events = events(&[("v1", 0), ("v2", DAY), ("v1", DAY + 600), ("v9", DAY + 9000)]);
        let (hypothesis, command) = (None, None);
        let id = Id::small(3);
        let mitigation_kind = MitigationKind::Rollback;
        let added = Event::MitigationAdded {
            text: "Roll back".into(),
            mitigation_kind,
            hypothesis,
            command,
            change: Some("1".into()),
        };
        let set = |state| Event::MitigationSet { mitigation: id, state, note: String::new(), when: None };
        events.insert(2, (at(DAY + 500), added));
        events.insert(3, (at(DAY + 550), set(MitigationState::Running)));
        events.insert(5, (at(DAY + 700), set(MitigationState::Worked)));
        let incident = replayed("alice", events);
        let own = incident.changes.iter().rev().map(|record| incident.is_own(record)).collect::<Vec<_>>();
        assert_eq!(own, [false, false, true, false]);
    }
}
