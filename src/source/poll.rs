//! Asks sources again and again, a task for each.
//!
//! A source never has more than a few requests open, a query never more than one, and queries that ask the same share the
//! answer. Answers are handed to a function that must not wait: what it cannot take it drops, the next poll brings
//! the newer. A source that fails or hangs is of no concern to the others. What is asked, and how often, is told by
//! [`Poller::apply`]; nothing is planned here.
#![expect(clippy::disallowed_methods, reason = "intervals are measured here")]

mod backoff;
mod jitter;
mod schedule;
mod task;

use std::{collections::BTreeMap, sync::Arc, time::Instant};

use task::Task;
use tokio::{
    runtime::Handle,
    sync::{mpsc, watch},
    task::JoinSet,
};

use super::{Polled, Registry};
use crate::{
    config::SourceId,
    dashboard::{QueryContext, SubscriptionChange},
};

/// The tasks that poll. Dropping it ends them.
pub struct Poller {
    registry: Registry,
    tasks: JoinSet<()>,
    nudge: watch::Sender<u64>,
    /// The way to the task of each source that was ever asked something.
    orders: BTreeMap<SourceId, mpsc::UnboundedSender<Vec<SubscriptionChange>>>,
    context: watch::Receiver<QueryContext>,
    deliver: Deliver,
    /// Where the tasks run.
    handle: Handle,
}

type Deliver = Arc<dyn Fn(Polled) + Send + Sync>;

impl Poller {
    /// Asks nothing yet. Must be called inside a tokio runtime.
    ///
    /// `deliver` is called on the source's own task, once for each query and poll. It must not block: send into a
    /// channel with `try_send` (room for two polls of all queries is plenty) or an unbounded one.
    pub fn start(
        registry: &Registry,
        context: watch::Receiver<QueryContext>,
        deliver: impl Fn(Polled) + Send + Sync + 'static,
    ) -> Self {
        let (nudge, _) = watch::channel(0);
        Self {
            registry: registry.clone(),
            tasks: JoinSet::new(),
            nudge,
            orders: BTreeMap::new(),
            context,
            deliver: Arc::new(deliver),
            handle: Handle::current(),
        }
    }

    /// Asks from now on what has changed. Answers go where all others do; a query of a source that is not there is left
    /// out.
    pub fn apply(&mut self, changes: &[SubscriptionChange]) {
        let sources: Vec<SourceId> = self.registry.all().map(|(id, _)| id).collect();
        for id in sources {
            // A change without a query is for whoever asks it.
            let is_for = |change: &&SubscriptionChange| change.query().is_none_or(|query| query.source == id);
            let ours: Vec<_> = changes.iter().filter(is_for).cloned().collect();
            if !self.orders.contains_key(&id) && ours.iter().any(|change| change.query().is_some()) {
                self.spawn(id);
            }
            if let Some(orders) = self.orders.get(&id).filter(|_| !ours.is_empty()) {
                drop(orders.send(ours));
            }
        }
    }

    fn spawn(&mut self, id: SourceId) {
        let Some(source) = self.registry.get(id) else { return };
        let (sender, inbox) = mpsc::unbounded_channel();
        self.orders.insert(id, sender);
        let mut contexts = self.context.clone();
        let context = contexts.borrow_and_update().clone();
        let task = Task::new(Arc::clone(source), context, Instant::now(), Arc::clone(&self.deliver));
        let run = task.run(contexts, self.nudge.subscribe(), inbox);
        self.tasks.spawn_on(run, &self.handle);
    }

    /// Asks everything now that is not being asked already, failing queries too. A server that asked to be left alone is.
    pub fn poll_now(&self) {
        self.nudge.send_modify(|count| *count += 1);
    }

    /// Ends all tasks, with what they have under way.
    pub async fn stop(mut self) {
        self.tasks.shutdown().await;
    }
}
