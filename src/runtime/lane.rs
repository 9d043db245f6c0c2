//! The lane for work that takes long: one thread that does one task after the other, so that the loop is free for keys.
//!
//! Of tasks of one kind only the newest waits; one that has begun is done to its end. One that panics is told to have
//! failed, and the next one is done. Nothing waits for the lane when the
//! cockpit ends: what it has not done is lost, and nothing is lost with it.

use std::{
    collections::VecDeque,
    panic::{self, AssertUnwindSafe},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
};

use crate::app::task::{Computed, Task};

/// The end at which tasks are put in.
pub struct Lane(Arc<Queue>);

struct Queue {
    state: Mutex<State>,
    changed: Condvar,
    /// Does a task; another one in tests.
    run: fn(Task) -> Computed,
    /// Is told what came of each task.
    tell: Box<dyn Fn(Computed) + Send + Sync>,
}

#[derive(Default)]
struct State {
    /// Oldest first, at most one of each kind.
    waiting: VecDeque<Task>,
    /// Whether the thread was started: a cockpit that never has much to do has none.
    started: bool,
    closed: bool,
}

impl Lane {
    /// A lane with nothing to do, which tells what comes of each task that is put in.
    pub fn new(tell: impl Fn(Computed) + Send + Sync + 'static) -> Self {
        Self::with_work(Task::run, tell)
    }

    fn with_work(run: fn(Task) -> Computed, tell: impl Fn(Computed) + Send + Sync + 'static) -> Self {
        let (state, changed) = (Mutex::default(), Condvar::new());
        Self(Arc::new(Queue { state, changed, run, tell: Box::new(tell) }))
    }

    /// Puts a task in, in place of one of its kind that has not begun. Where no thread can be had it is done here.
    pub fn put(&self, task: Task) {
        let mut state = self.0.lock();
        if !state.started {
            let queue = Arc::clone(&self.0);
            let thread = thread::Builder::new().name("lane".into()).spawn(move || queue.work());
            if thread.is_err() {
                drop(state);
                return (self.0.tell)((self.0.run)(task));
            }
            state.started = true;
        }
        state.replace(task);
        drop(state);
        self.0.changed.notify_one();
    }
}

impl Drop for Lane {
    /// The thread ends behind the task it is at, and is not waited for.
    fn drop(&mut self) {
        self.0.lock().closed = true;
        self.0.changed.notify_one();
    }
}

impl State {
    fn replace(&mut self, task: Task) {
        match self.waiting.iter_mut().find(|older| older.kind() == task.kind()) {
            Some(older) => *older = task,
            None => self.waiting.push_back(task),
        }
    }
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work(&self) {
        while let Some(task) = self.next() {
            self.perform(task);
        }
    }

    /// Does a task and tells what came of it, a panic as well: whoever asked would wait for ever.
    fn perform(&self, task: Task) {
        let failed = task.failed();
        let done = panic::catch_unwind(AssertUnwindSafe(|| (self.run)(task)));
        (self.tell)(done.unwrap_or(failed));
    }

    /// Waits for a task; `None` when there will be none.
    fn next(&self) -> Option<Task> {
        let mut state = self.lock();
        loop {
            if state.closed {
                return None;
            }
            if let Some(task) = state.waiting.pop_front() {
                return Some(task);
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::mpsc::channel, time::Duration};

    use jiff::Timestamp;

    use super::*;
    use crate::incident::{
        Entry, Event, Id, Incident,
        judgement::{Question, Stamp},
    };

    /// A board of so many hypotheses.
    fn task(rows: u64) -> Task {
        let entry = |seq: u64| {
            let event = Event::HypothesisAdded {
                text: "a cause".into(),
                prior: Default::default(),
                changed: false,
                from: String::new(),
            };
            Entry { seq, id: Id::small(seq.into()), at: Timestamp::UNIX_EPOCH, by: "alice".into(), event }
        };
        Task::Judge(Box::new(Question::of(&Incident::replay((1..=rows).map(entry)))))
    }

    #[test]
    fn a_newer_task_takes_the_place_of_one_that_has_not_begun() {
        let mut state = State::default();
        for rows in [1, 2, 3] {
            state.replace(task(rows));
        }
        assert_eq!(state.waiting, [task(3)]);
    }

    #[test]
    fn what_comes_of_a_task_is_told() {
        let (sender, told) = channel();
        let lane = Lane::new(move |computed| drop(sender.send(computed)));
        for rows in [2, 3] {
            lane.put(task(rows));
            let Task::Judge(question) = task(rows) else { panic!("another task") };
            let Ok(Computed::Judged(judgement)) = told.recv_timeout(Duration::from_secs(10)) else { panic!("nothing") };
            assert_eq!(judgement.stamp, question.stamp());
        }
        drop(lane);
        assert!(told.recv_timeout(Duration::from_secs(10)).is_err(), "the thread ends with its lane");
    }

    #[test]
    fn a_task_that_panics_is_told_to_have_failed_and_the_next_is_done() {
        fn run(task: Task) -> Computed {
            let Task::Judge(question) = &task else { panic!("another task") };
            assert_ne!(question.stamp(), stamp(2), "on purpose");
            task.run()
        }
        fn stamp(rows: u64) -> Stamp {
            let Task::Judge(question) = task(rows) else { panic!("another task") };
            question.stamp()
        }
        let (sender, told) = channel();
        let lane = Lane::with_work(run, move |computed| drop(sender.send(computed)));
        let next = || told.recv_timeout(Duration::from_secs(10)).expect("an answer");
        lane.put(task(2));
        assert!(matches!(next(), Computed::NotJudged(failed) if failed == stamp(2)));
        lane.put(task(3));
        assert!(matches!(next(), Computed::Judged(judgement) if judgement.stamp == stamp(3)));
    }
}
