//! What the cursor of each list is on, by key, so that a key never hits what took the place of something that vanished.
//!
//! A list that loses the row under its cursor shows the cursor on another one. The first key that would act on that says
//! what is gone and where the cursor is now, and does nothing else; the next one acts. This is data: what a list is, and
//! how its selection follows it, is said in [`selections`](crate::app::selections).

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

use crate::{
    dashboard::PaneId,
    incident::{Id, ranking::RowId},
};

/// A list whose rows come and go by themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::app) enum ListId {
    /// The rows of a pane of Watch.
    Pane(PaneId),
    /// The rows of the board.
    Rows,
    /// The columns of the board.
    Columns,
    Act,
    Log,
    Learn,
    Assumptions,
}

/// What is selected in each list that was looked at.
#[derive(Clone, Debug, Default)]
pub(in crate::app) struct Selections {
    pub(in crate::app) panes: HashMap<PaneId, Option<Selection<String>>>,
    pub(in crate::app) rows: Option<Selection<RowId>>,
    pub(in crate::app) columns: Option<Selection<Id>>,
    pub(in crate::app) act: Option<Selection<String>>,
    pub(in crate::app) log: Option<Selection<(Id, usize)>>,
    pub(in crate::app) learn: Option<Selection<String>>,
    pub(in crate::app) assumptions: Option<Selection<Id>>,
    /// The rows of each pane in which what has vanished was looked for in vain; see `rows::cache::made`.
    pub(in crate::app) sought: HashMap<PaneId, u64>,
    /// The lists that were on the screen with their cursors when this was last brought up to date.
    pub(in crate::app) seen: Vec<ListId>,
}

/// Something in a list: what tells it from all others there, and what people call it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::app) struct Named<K> {
    pub key: K,
    pub name: String,
}

/// What a cursor was last put on, as the person at the keys knows it.
#[derive(Clone, Debug)]
pub(in crate::app) struct Selection<K> {
    on: Named<K>,
    /// Set when it is there no more, and nobody was told: what the cursor fell back to.
    gone: Option<Option<Named<K>>>,
    /// When others came in above it and the cursor was left at the top; `None` when it vanished.
    pushed: Option<Timestamp>,
}

/// Who sees a list for this long has read what the cursor is on.
const TO_READ: SignedDuration = SignedDuration::from_secs(2);

impl<K: Clone + PartialEq> Selection<K> {
    /// A cursor that is on something that is there.
    pub fn on(on: Named<K>) -> Self {
        Self { on, gone: None, pushed: None }
    }

    /// What it was last put on.
    pub fn was(&self) -> &Named<K> {
        &self.on
    }

    /// What it is on has another key now, and is the same to people.
    pub fn rename(&mut self, key: K) {
        self.on.key = key;
    }

    /// Whether what it was on has vanished, now that the cursor is shown on `now`; then that is remembered until it is
    /// told. `own`: whoever sits at the keys has just moved the cursor or made the list another one. They are not asked,
    /// unless the cursor fell back before and still stands there.
    pub fn has_lost(&mut self, now: Option<&Named<K>>, own: bool, is_there: impl FnOnce(&K) -> bool) -> bool {
        if now.is_some_and(|now| now.key == self.on.key) {
            return false;
        }
        let chosen = own && self.gone.as_ref().is_none_or(|fell_back| fell_back.as_ref() != now);
        let lost = !chosen && (self.pushed.is_some() || !is_there(&self.on.key));
        if lost {
            self.gone = Some(now.cloned());
        }
        lost
    }

    /// Others came in above what it is on, and the cursor is at the top now.
    pub fn pushed_down(&mut self, at: Timestamp) {
        self.pushed = Some(at);
    }

    /// Whether the cursor has been at the top for long enough to be seen there.
    pub fn is_read(&self, now: Timestamp) -> bool {
        self.pushed.is_some_and(|at| now.duration_since(at) >= TO_READ)
    }

    /// What is to be told of what vanished, and what the cursor is on now.
    pub fn untold(&self) -> Option<(String, Option<Named<K>>)> {
        let fell_back = self.gone.clone()?;
        let told = match &fell_back {
            Some(now) if self.pushed.is_some() => format!("{} is further down; now on {}", self.on.name, now.name),
            Some(now) => format!("{} is gone; now on {}", self.on.name, now.name),
            None => format!("{} is gone", self.on.name),
        };
        Some((told, fell_back))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(key: char) -> Named<char> {
        Named { key, name: key.to_uppercase().to_string() }
    }

    /// Was on a; shown on `now` while the list has `list`.
    #[track_caller]
    fn check(now: Option<char>, own: bool, list: &str, expected: Option<&str>) {
        let mut selection = Selection::on(named('a'));
        let now = now.map(named);
        let lost = selection.has_lost(now.as_ref(), own, |key| list.contains(*key));
        assert_eq!(selection.untold().map(|(told, _)| told).as_deref(), expected);
        assert_eq!(lost, expected.is_some());
    }

    #[test]
    fn what_vanished_is_told() {
        check(Some('a'), false, "ab", None);
        check(Some('b'), false, "ab", None);
        check(Some('b'), false, "b", Some("A is gone; now on B"));
        check(None, false, "", Some("A is gone"));
        check(Some('b'), true, "b", None);
    }

    #[test]
    fn what_was_pushed_down_is_told_until_it_was_seen() {
        let mut selection = Selection::on(named('a'));
        selection.pushed_down(Timestamp::UNIX_EPOCH);
        assert!(selection.has_lost(Some(&named('b')), false, |_| true));
        assert_eq!(selection.untold().map(|(told, _)| told).as_deref(), Some("A is further down; now on B"));
        assert!(!selection.has_lost(Some(&named('c')), true, |_| true), "it was moved on");
        assert!(!selection.is_read(Timestamp::from_millisecond(1_900).expect("a time")));
        assert!(selection.is_read(Timestamp::from_millisecond(2_000).expect("a time")));
    }

    #[test]
    fn a_cursor_that_fell_back_was_not_moved_by_a_key_that_leaves_it_there() {
        let mut selection = Selection::on(named('a'));
        assert!(selection.has_lost(Some(&named('b')), false, |_| false));
        assert!(selection.has_lost(Some(&named('b')), true, |_| false), "it still stands where it fell");
        assert!(!selection.has_lost(Some(&named('c')), true, |_| false), "it was moved on");
    }
}
