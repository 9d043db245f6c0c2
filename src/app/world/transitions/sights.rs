//! What has been seen of the groups of alerts of a source, as far as the journal does not say it.
//!
//! In a storm thousands of groups come with each answer. Each is looked up once, by [`Sights::see`]; from then on it is
//! known by its place.

use std::{collections::HashMap, hash::BuildHasher, sync::Arc};

use hashbrown::{DefaultHashBuilder, HashTable};
use jiff::Timestamp;

use super::{elsewhere::is_there, flaps::Unsteady};
use crate::{
    dashboard::QueryId,
    incident::{AlertRecord, Incident},
    signal::{AlertGroup, AlertSet, AlertState},
};

/// The groups of one source. Keys are those of the readings.
#[derive(Clone, Debug, Default)]
pub(super) struct Sights {
    /// Groups that are there, in whatever state, or that the journal says fire.
    seen: Seen,
    /// How many answers each query has had.
    answers: HashMap<QueryId, u64>,
    /// Since when a group that the journal says fires has been missing.
    pub(super) missing: HashMap<Arc<str>, Timestamp>,
    /// When a group was last seen silenced or inhibited.
    muted: HashMap<Arc<str>, Timestamp>,
    /// Groups that come and go.
    pub(super) unsteady: HashMap<Arc<str>, Unsteady>,
}

/// A group of an answer, and its place among the groups seen; it holds until [`Sights::forget`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Sight<'a> {
    pub(super) group: &'a AlertGroup,
    at: usize,
}

/// Groups by their keys.
#[derive(Clone, Debug, Default)]
struct Seen {
    hasher: DefaultHashBuilder,
    by_key: HashTable<usize>,
    groups: Vec<SeenGroup>,
}

#[derive(Clone, Debug)]
struct SeenGroup {
    key: Arc<str>,
    hash: u64,
    /// The query that showed it last, and in which of its answers.
    by: QueryId,
    answer: u64,
    /// Whether this cockpit has told that it fires: to offer that again to a slow journal takes nothing from the others.
    told: bool,
    /// The answer in which it was last one too many to be told, of the query that gave it.
    left_out: Option<(QueryId, u64)>,
}

impl Sights {
    /// Takes in what is there. Returns it.
    pub(super) fn see<'a>(&mut self, set: &'a AlertSet, by: QueryId, at: Timestamp) -> Vec<Sight<'a>> {
        let answer = *self.answers.entry(by).and_modify(|answers| *answers += 1).or_insert(1);
        let mut sights = Vec::with_capacity(set.groups.len());
        for group in set.groups.iter().filter(|group| is_there(group)) {
            if !self.missing.is_empty() && self.missing.remove(&group.key).is_some() {
                self.unsteady.get_mut(&group.key).into_iter().for_each(|back| back.back_again(at));
            }
            if group.state != AlertState::Firing {
                self.muted.insert(Arc::clone(&group.key), at);
            }
            sights.push(Sight { group, at: self.seen.see(&group.key, by, answer) });
        }
        sights
    }

    /// Whether this cockpit has told that a group fires.
    pub(super) fn is_told(&self, sight: Sight<'_>) -> bool {
        self.seen.groups.get(sight.at).is_some_and(|seen| seen.told)
    }

    pub(super) fn tell(&mut self, sight: Sight<'_>) {
        self.seen.groups.get_mut(sight.at).into_iter().for_each(|seen| seen.told = true);
    }

    /// Takes in that a group of the newest answer is one too many to be told. Returns whether it was not among those of the
    /// answer before.
    pub(super) fn leave_out(&mut self, sight: Sight<'_>) -> bool {
        let Some(seen) = self.seen.groups.get_mut(sight.at) else { return false };
        let before = seen.left_out.replace((seen.by, seen.answer));
        before != Some((seen.by, seen.answer - 1))
    }

    /// Whether what fires now was last seen muted after it had begun.
    pub(super) fn was_muted(&self, group: &AlertGroup) -> bool {
        self.muted.get(&group.key).is_some_and(|seen| group.since <= *seen)
    }

    /// Whether a group is, or was, there.
    pub(super) fn has_seen(&self, group: &str) -> bool {
        self.seen.find(group).is_some()
    }

    /// Whether the newest answer that showed a group still shows it.
    pub(super) fn shows(&self, group: &str) -> bool {
        self.seen.find(group).is_some_and(|seen| seen.is_in_the_newest_of(&self.answers))
    }

    /// Forgets since when groups have been missing that are told to be over.
    pub(super) fn miss_what_fires(&mut self, incident: &Incident, source: &str) {
        self.missing.retain(|group, _| fires(incident, source, group));
        if self.missing.len() < self.missing.capacity() / 4 {
            self.missing.shrink_to_fit();
        }
    }

    /// Forgets groups that no query shows any longer, unless the journal says that they fire.
    pub(super) fn forget(&mut self, incident: &Incident, source: &str) {
        let Self { seen, muted, answers, .. } = self;
        let is_known = |group: &SeenGroup| group.is_in_the_newest_of(answers) || fires(incident, source, &group.key);
        if seen.retain(is_known) {
            muted.retain(|group, _| seen.find(group).is_some());
        }
    }
}

fn fires(incident: &Incident, source: &str, group: &str) -> bool {
    incident.alert(source, group).is_some_and(AlertRecord::is_firing)
}

impl SeenGroup {
    fn is_in_the_newest_of(&self, answers: &HashMap<QueryId, u64>) -> bool {
        answers.get(&self.by) == Some(&self.answer)
    }
}

impl Seen {
    /// Takes in that an answer shows a group. Returns its place.
    fn see(&mut self, key: &Arc<str>, by: QueryId, answer: u64) -> usize {
        let hash = self.hasher.hash_one(&**key);
        let is_it = |&at: &usize| self.groups.get(at).is_some_and(|seen| seen.hash == hash && seen.key == *key);
        if let Some(&at) = self.by_key.find(hash, is_it) {
            self.groups.get_mut(at).into_iter().for_each(|seen| (seen.by, seen.answer) = (by, answer));
            return at;
        }
        let at = self.groups.len();
        self.groups.push(SeenGroup { key: Arc::clone(key), hash, by, answer, told: false, left_out: None });
        self.by_key.insert_unique(hash, at, |&at| self.groups.get(at).map_or(0, |seen| seen.hash));
        at
    }

    fn find(&self, key: &str) -> Option<&SeenGroup> {
        let hash = self.hasher.hash_one(key);
        let is_it = |&at: &usize| self.groups.get(at).is_some_and(|seen| seen.hash == hash && *seen.key == *key);
        self.by_key.find(hash, is_it).and_then(|&at| self.groups.get(at))
    }

    /// Drops all others. Returns whether there were any.
    fn retain(&mut self, is_kept: impl Fn(&SeenGroup) -> bool) -> bool {
        let before = self.groups.len();
        self.groups.retain(is_kept);
        if self.groups.len() == before {
            return false;
        }
        if self.groups.len() < self.groups.capacity() / 4 {
            self.groups.shrink_to_fit();
            self.by_key = HashTable::with_capacity(self.groups.len());
        }
        self.by_key.clear();
        let hash = |&at: &usize| self.groups.get(at).map_or(0, |seen| seen.hash);
        for at in 0..self.groups.len() {
            self.by_key.insert_unique(hash(&at), at, hash);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::{Alert, Labels, Severity};

    /// Groups of one firing alert each, by their names.
    fn answer(names: &[&str]) -> AlertSet {
        let alert = |name: &&str| Alert {
            id: (*name).into(),
            labels: Labels::of([("alertname", *name)]),
            summary: "".into(),
            state: AlertState::Firing,
            severity: Severity::Warning,
            starts_at: Timestamp::UNIX_EPOCH,
            receivers: Arc::from([]),
            links: Default::default(),
            inhibited_by: Arc::from([]),
            muted_for: Arc::from([]),
        };
        AlertSet::grouped(names.iter().map(alert).collect(), |alert| (Arc::clone(&alert.id), Arc::clone(&alert.id)))
    }

    fn see<'a>(sights: &mut Sights, query: usize, set: &'a AlertSet) -> Vec<Sight<'a>> {
        sights.see(set, QueryId::nth(query), Timestamp::UNIX_EPOCH)
    }

    /// The names of those that were not left out of the answer before.
    fn left_out(sights: &mut Sights, query: usize, names: &[&str]) -> Vec<String> {
        let set = answer(names);
        let seen = see(sights, query, &set);
        seen.into_iter().filter(|s| sights.leave_out(*s)).map(|sight| sight.group.key.to_string()).collect()
    }

    #[test]
    fn what_was_left_out_of_the_answer_before_is_not_left_out_anew() {
        let mut sights = Sights::default();
        assert_eq!(left_out(&mut sights, 0, &["a", "b"]), ["a", "b"]);
        assert_eq!(left_out(&mut sights, 0, &["a", "b", "c"]), ["c"]);
        assert_eq!(left_out(&mut sights, 0, &["b"]), [""; 0]);
        assert_eq!(left_out(&mut sights, 0, &["a", "b"]), ["a"], "it was away for an answer");
        assert_eq!(left_out(&mut sights, 1, &["a"]), ["a"], "another query's answers are others");
    }

    #[test]
    fn what_is_gone_is_forgotten_and_the_others_are_found_where_they_are_now() {
        let (mut sights, incident) = (Sights::default(), Incident::default());
        let names: Vec<String> = (0..100).map(|n| format!("group {n}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let (all, odd) = (answer(&names), names.iter().skip(1).step_by(2).copied().collect::<Vec<_>>());
        see(&mut sights, 0, &all).into_iter().for_each(|sight| sights.tell(sight));
        let set = answer(&odd);
        let left = see(&mut sights, 0, &set);
        assert!(left.iter().all(|sight| sights.is_told(*sight)));
        assert!(sights.has_seen("group 0") && !sights.shows("group 0") && sights.shows("group 1"));
        sights.forget(&incident, "am");
        assert!(names.iter().all(|name| sights.has_seen(name) == odd.contains(name)));
        let again = see(&mut sights, 0, &all);
        let told = again.iter().filter(|sight| sights.is_told(**sight)).map(|sight| &*sight.group.key);
        let mut told: Vec<&str> = told.collect();
        told.sort_by_key(|name| names.iter().position(|known| known == name));
        assert_eq!(told, odd, "what was forgotten has not been told");
    }
}
