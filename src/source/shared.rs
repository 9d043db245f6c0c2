//! What panels of dashboards ask is asked once in a round, however many of them ask it: the first asks, the others wait for
//! its answer. And whatever dashboards ask, only a few requests are open at a source at a time.

use std::{
    collections::HashMap,
    future::Future,
    sync::{Arc, Mutex, PoisonError},
};

use jiff::Timestamp;
use tokio::sync::{OnceCell, Semaphore, SemaphorePermit};

use super::{
    http::AT_ONCE,
    panel_request::{CameOf, PanelRequest},
};

/// Most numbers that are kept of one round: beyond that an answer is for those who wait for it already.
const MAX_POINTS: usize = 200_000;

/// An answer that several wait for.
type Cell = Arc<OnceCell<Arc<CameOf>>>;

/// What dashboards ask of one source: the answers of the newest round, and how many requests are open.
pub(super) struct Shared {
    room: Semaphore,
    round: Mutex<Round>,
}

#[derive(Default)]
struct Round {
    /// The time that is asked for.
    of: Timestamp,
    answers: HashMap<PanelRequest, Cell>,
    points: usize,
}

impl Default for Shared {
    fn default() -> Self {
        Self { room: Semaphore::new(AT_ONCE), round: Mutex::default() }
    }
}

impl Shared {
    /// Waits until fewer requests than there may be are open; one more is until this is dropped.
    pub(super) async fn room(&self) -> Option<SemaphorePermit<'_>> {
        self.room.acquire().await.ok()
    }

    /// What came of a request in the round of that time; it is asked by the first who wants it.
    pub(super) async fn once<F>(&self, request: &PanelRequest, of: Timestamp, ask: impl FnOnce() -> F) -> CameOf
    where
        F: Future<Output = CameOf>,
    {
        let Some(cell) = self.cell(request, of) else { return ask().await };
        let asked = || async {
            let came = ask().await;
            let points = came.as_ref().map_or(0, |(came, _)| came.numbers());
            self.kept(request, of, points);
            Arc::new(came)
        };
        let answer = Arc::clone(cell.get_or_init(asked).await);
        drop(cell);
        Arc::try_unwrap(answer).unwrap_or_else(|answer| (*answer).clone())
    }

    /// The place for an answer; `None` for a round that has passed.
    fn cell(&self, request: &PanelRequest, of: Timestamp) -> Option<Cell> {
        let mut round = self.round.lock().unwrap_or_else(PoisonError::into_inner);
        if of > round.of {
            *round = Round { of, ..Round::default() };
        }
        (of == round.of).then(|| Arc::clone(round.answers.entry(request.clone()).or_default()))
    }

    /// Lets go of an answer that there is no room for.
    fn kept(&self, request: &PanelRequest, of: Timestamp, points: usize) {
        let mut round = self.round.lock().unwrap_or_else(PoisonError::into_inner);
        if of != round.of {
            return;
        }
        if round.points + points > MAX_POINTS {
            round.answers.remove(request);
        } else {
            round.points += points;
        }
    }
}
