//! Work that may wait for a file system that does not answer: off the threads that serve the sources, and given up on
//! after a time.
//!
//! A thread that waits so cannot be ended. So the same work is begun once, however often it is waited for, and who comes
//! while it hangs waits for the same thread.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures_util::future::{BoxFuture, FutureExt, Shared};

/// Work under way, by what it is about.
pub(super) struct Apart<K, T>(Mutex<UnderWay<K, T>>);

type UnderWay<K, T> = HashMap<K, Shared<BoxFuture<'static, Option<T>>>>;

/// Why there is no result.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NotDone {
    /// It was not done in time.
    Late,
    /// It panicked.
    BrokeOff,
}

impl<K, T: Clone> Default for Apart<K, T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Clone + Eq + Hash, T: Clone + Send + Sync + 'static> Apart<K, T> {
    /// What comes of the work about `key`, which is begun unless it is under way.
    pub(super) async fn done(
        &self,
        key: &K,
        within: Duration,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, NotDone> {
        let begin = || tokio::task::spawn_blocking(work).map(Result::ok).boxed().shared();
        let shared = self.under_way().entry(key.clone()).or_insert_with(begin).clone();
        let done = tokio::time::timeout(within, shared.clone()).await.map_err(|_| NotDone::Late)?;
        let mut under_way = self.under_way();
        if under_way.get(key).is_some_and(|known| known.ptr_eq(&shared)) {
            under_way.remove(key);
        }
        done.ok_or(NotDone::BrokeOff)
    }

    fn under_way(&self) -> MutexGuard<'_, UnderWay<K, T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    };

    use super::*;

    const SOON: Duration = Duration::from_millis(50);
    const LONG: Duration = Duration::from_secs(10);

    #[tokio::test]
    async fn what_hangs_is_begun_once_and_holds_nobody() {
        let (apart, begun) = (Apart::default(), Arc::new(AtomicUsize::new(0)));
        let (go, waits) = mpsc::channel::<()>();
        let waits = Arc::new(Mutex::new(waits));
        let work = || {
            let (begun, waits) = (Arc::clone(&begun), Arc::clone(&waits));
            move || {
                begun.fetch_add(1, Ordering::SeqCst);
                assert!(waits.lock().expect("no panic").recv().is_err());
                7
            }
        };
        for _ in 0..3 {
            assert_eq!(apart.done(&"a", SOON, work()).await, Err(NotDone::Late));
        }
        assert_eq!(apart.done(&"b", LONG, || 8).await, Ok(8), "another goes on");
        assert_eq!(begun.load(Ordering::SeqCst), 1);
        drop(go);
        assert_eq!(apart.done(&"a", LONG, work()).await, Ok(7));
        assert_eq!(begun.load(Ordering::SeqCst), 1);
        assert_eq!(apart.done(&"a", LONG, || 9).await, Ok(9), "what is done is not kept");
    }
}
