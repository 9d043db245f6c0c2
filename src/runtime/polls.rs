//! What polls bring, until the loop takes it in: the newest of each query, so that it cannot pile up while the loop is
//! stopped or busy.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::Notify;

use crate::{app::Msg, source::Polled};

/// A queue with a place for each query.
#[derive(Clone, Default)]
pub struct Polls(Arc<Queue>);

#[derive(Default)]
struct Queue {
    waiting: Mutex<VecDeque<Polled>>,
    came: Notify,
}

impl Polls {
    /// Puts one in, in place of an older one of its query.
    pub fn put(&self, polled: Polled) {
        let mut waiting = self.lock();
        match waiting.iter_mut().find(|older| older.query == polled.query) {
            Some(older) => *older = polled,
            None => waiting.push_back(polled),
        }
        drop(waiting);
        self.0.came.notify_one();
    }

    /// The one that has waited longest, if there is one.
    pub fn take(&self) -> Option<Msg> {
        let Polled { query, outcome, at, .. } = self.lock().pop_front()?;
        Some(Msg::Polled { query, outcome, at })
    }

    /// Waits until there is one.
    pub async fn ready(&self) {
        while self.lock().is_empty() {
            self.0.came.notified().await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Polled>> {
        self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::Timestamp;

    use super::*;
    use crate::{
        dashboard::QueryId,
        signal::{Fault, FaultKind},
    };

    fn polled(query: usize, second: i64) -> Polled {
        Polled {
            query: QueryId::nth(query),
            outcome: Err(Fault::new(FaultKind::Command, "down")),
            at: Timestamp::UNIX_EPOCH + Duration::from_secs(second.unsigned_abs()),
            took: Duration::ZERO,
        }
    }

    #[tokio::test]
    async fn the_newest_of_each_query_waits() {
        let polls = Polls::default();
        for second in 0..1000 {
            polls.put(polled(1, second));
            polls.put(polled(0, second));
        }
        for expected in [1, 0] {
            let Some(Msg::Polled { query, at, .. }) = polls.take() else { panic!("a poll") };
            assert_eq!((query, at.as_second()), (QueryId::nth(expected), 999));
        }
        assert!(polls.take().is_none());
        let later = polls.clone();
        let waiting = tokio::spawn(async move { later.ready().await });
        tokio::task::yield_now().await;
        polls.put(polled(3, 1));
        assert!(waiting.await.is_ok());
        let Some(Msg::Polled { query, .. }) = polls.take() else { panic!("a poll") };
        assert_eq!(query, QueryId::nth(3));
    }
}
