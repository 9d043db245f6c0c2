//! When alerts without a beginning of their own were first seen. They would begin anew at every poll otherwise.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use jiff::Timestamp;

use super::request::Question;
use crate::signal::Alert;

/// What is not asked for so long is not asked any more: twice the longest interval that can be configured.
const STALE: Duration = Duration::from_secs(2 * 86_400);

/// When the alerts of one question were first seen, by their ids. An alert that is gone is forgotten.
#[derive(Default)]
pub(super) struct FirstSeen(Mutex<HashMap<String, Timestamp>>);

/// The [`FirstSeen`] of each question: what one filter leaves out is not gone for another.
#[derive(Default)]
pub(super) struct FirstSeenCache(Mutex<HashMap<Arc<Question>, Asked>>);

/// When a question was asked last, and what was seen then.
type Asked = (Timestamp, Arc<FirstSeen>);

impl FirstSeen {
    /// Gives a beginning to the alerts that have none; beside each alert stands whether it has one.
    pub(super) fn fill(&self, alerts: &mut [(Alert, bool)], now: Timestamp) {
        self.date(alerts.iter_mut().filter(|(_, dated)| !dated).map(|(alert, _)| alert), now);
    }

    /// Gives a beginning to the alerts of an answer that have none: these are all of them.
    pub(super) fn date<'a>(&self, undated: impl Iterator<Item = &'a mut Alert>, now: Timestamp) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut seen = HashMap::new();
        for alert in undated {
            alert.starts_at = known.get(alert.id.as_ref()).copied().unwrap_or(now);
            seen.insert(alert.id.to_string(), alert.starts_at);
        }
        *known = seen;
    }
}

impl FirstSeenCache {
    /// That of a question which is asked now. Those of questions that nobody asks any more are let go.
    pub(super) fn of(&self, question: &Arc<Question>, now: Timestamp) -> Arc<FirstSeen> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, (asked, _)| now.duration_since(*asked).unsigned_abs() < STALE);
        let (asked, seen) = all.entry(Arc::clone(question)).or_insert_with(|| (now, Arc::default()));
        *asked = now;
        Arc::clone(seen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_still_asked_is_kept() {
        let cache = FirstSeenCache::default();
        let [often, once] = ["often", "once"]
            .map(|path| Arc::new(Question::Fetch { path: path.into(), read: crate::config::Read::default() }));
        let at = |hours: u64| Timestamp::UNIX_EPOCH + Duration::from_secs(hours * 3600);
        let first = cache.of(&often, at(0));
        cache.of(&once, at(0));
        for hours in [24, 47, 48, 72] {
            assert!(Arc::ptr_eq(&cache.of(&often, at(hours)), &first), "after {hours} h");
        }
        assert_eq!(cache.0.lock().expect("no panic").len(), 1);
    }
}
