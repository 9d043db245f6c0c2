//! Asks sources again and again, a task for each.
//!
//! A source never has more than a few requests open, a query never more than one, and queries that ask the same share the
//! answer. Answers are handed to a function that must not wait: what it cannot take it drops, the next poll brings
//! the newer. A source that fails or hangs is of no concern to the others.
#![expect(clippy::disallowed_methods, reason = "intervals are measured here")]

mod schedule;

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use tokio::{
    runtime::Handle,
    sync::{mpsc, watch},
    task::JoinSet,
};
use tokio_util::sync::CancellationToken;

use self::schedule::Schedule;
use super::{
    Failure, Polled,
    asker::{AT_ONCE, Asker, Question},
    once::polled,
};
use crate::{
    config::{Ask, Config, Plan, Query, QueryId, Source},
    signal::{Fault, FaultKind, Reading, Window},
};

/// How long a changed window must stand before it is asked for: a key held down changes it thirty times a second.
const SETTLED: Duration = Duration::from_millis(60);

/// The tasks that poll. Dropping it ends them.
pub struct Poller {
    tasks: JoinSet<()>,
    stop: CancellationToken,
    nudge: watch::Sender<u64>,
    /// Every source, and the way to its task if it has one.
    sources: Vec<(Source, Option<mpsc::UnboundedSender<Order>>)>,
    window: watch::Receiver<Window>,
    deliver: Deliver,
    /// Where the tasks run.
    handle: Handle,
}

type Deliver = Arc<dyn Fn(Polled) + Send + Sync>;

/// A change of what is asked while it runs.
enum Order {
    /// Ask now, and again at the interval unless it is for this once.
    Ask {
        id: QueryId,
        query: Query,
        once: bool,
    },
    Stop(QueryId),
}

impl Poller {
    /// Starts a task for each source that the plan asks something. Must be called inside a tokio runtime.
    ///
    /// `deliver` is called on the source's own task, once for each query and poll. It must not block: send into a
    /// channel with `try_send` (room for two polls of all queries is plenty) or an unbounded one.
    pub fn start(
        config: &Config,
        plan: &Plan,
        window: watch::Receiver<Window>,
        deliver: impl Fn(Polled) + Send + Sync + Clone + 'static,
    ) -> Self {
        let (nudge, _) = watch::channel(0);
        let mut poller = Self {
            tasks: JoinSet::new(),
            stop: CancellationToken::new(),
            nudge,
            sources: config.sources.iter().map(|source| (source.clone(), None)).collect(),
            window,
            deliver: Arc::new(deliver),
            handle: Handle::current(),
        };
        let begun = Instant::now();
        for at in 0..config.sources.len() {
            let seed = schedule::seed();
            let job = |(id, query): (_, &Query)| Job { planned: Some(query.every), ..Job::new(id, query, begun, seed) };
            let jobs: Vec<_> = plan.of_source(at).map(job).collect();
            if !jobs.is_empty() {
                poller.spawn(at, jobs, begun, seed);
            }
        }
        poller
    }

    /// Asks a query now, one it knows or one that is new, and from then on at its interval, unless it is for this `once`.
    /// Answers go where all others do.
    pub fn ask(&mut self, id: QueryId, query: &Query, once: bool) {
        match self.sources.get(query.source) {
            Some((_, Some(orders))) => drop(orders.send(Order::Ask { id, query: query.clone(), once })),
            Some((_, None)) => {
                let (begun, seed) = (Instant::now(), schedule::seed());
                let job = Job { once, ..Job::new(id, query, begun, seed) };
                self.spawn(query.source, vec![job], begun, seed);
            }
            None => {}
        }
    }

    /// Asks a query no more; one of the plan it began with as often as that says.
    pub fn stop_asking(&self, id: QueryId) {
        let tasks = self.sources.iter().filter_map(|(_, orders)| orders.as_ref());
        tasks.for_each(|orders| drop(orders.send(Order::Stop(id))));
    }

    fn spawn(&mut self, at: usize, jobs: Vec<Job>, begun: Instant, seed: u64) {
        let Some((source, orders)) = self.sources.get_mut(at) else { return };
        let (sender, inbox) = mpsc::unbounded_channel();
        *orders = Some(sender);
        let task = Task {
            asker: Arc::new(Asker::new(source)),
            jobs,
            flights: HashMap::new(),
            asking: JoinSet::new(),
            not_before: begun,
            begun,
            seed,
            deliver: Arc::clone(&self.deliver),
        };
        let run = task.run(self.window.clone(), self.nudge.subscribe(), inbox, self.stop.clone());
        self.tasks.spawn_on(run, &self.handle);
    }

    /// Asks everything now that is not being asked already, failing queries too. A server that asked to be left alone is.
    pub fn poll_now(&self) {
        self.nudge.send_modify(|count| *count += 1);
    }

    /// Ends all tasks, with what they have under way.
    pub async fn stop(mut self) {
        self.stop.cancel();
        while self.tasks.join_next().await.is_some() {}
    }
}

/// A query and when it is asked next.
struct Job {
    id: QueryId,
    ask: Ask,
    schedule: Schedule,
    /// How often the plan it began with wants it asked.
    planned: Option<Duration>,
    due: Instant,
    busy: bool,
    unreachable: bool,
    /// For the next time only.
    once: bool,
    /// Nobody wants to know any more.
    idle: bool,
}

/// A request under way, and the places of the jobs that wait for it.
struct Flight {
    question: Question,
    jobs: Vec<usize>,
    begun: Instant,
    handle: tokio::task::AbortHandle,
}

struct Task {
    asker: Arc<Asker>,
    jobs: Vec<Job>,
    flights: HashMap<tokio::task::Id, Flight>,
    asking: JoinSet<Result<Reading, Failure>>,
    /// The server wants no request before.
    not_before: Instant,
    /// Where the grid of its intervals begins.
    begun: Instant,
    seed: u64,
    deliver: Deliver,
}

impl Job {
    fn new(id: QueryId, query: &Query, begun: Instant, seed: u64) -> Self {
        let schedule = Schedule::new(query.every, begun, seed);
        Self {
            id,
            ask: query.ask.clone(),
            schedule,
            planned: None,
            due: begun,
            busy: false,
            unreachable: false,
            once: false,
            idle: false,
        }
    }

    fn is_free(&self) -> bool {
        !self.busy && !self.idle
    }
}

impl Task {
    async fn run(
        mut self,
        mut window: watch::Receiver<Window>,
        mut nudged: watch::Receiver<u64>,
        mut orders: mpsc::UnboundedReceiver<Order>,
        stop: CancellationToken,
    ) {
        let (mut window_lives, mut nudge_lives) = (true, true);
        loop {
            let shown = *window.borrow_and_update();
            self.ask_what_is_due(shown);
            let wake = tokio::time::Instant::from_std(self.next_due());
            tokio::select! {
                () = stop.cancelled() => return,
                Some(landed) = self.asking.join_next_with_id() => self.land(landed),
                changed = window.changed(), if window_lives => match changed {
                    Ok(()) => self.turn_to(*window.borrow()),
                    Err(_) => window_lives = false,
                },
                changed = nudged.changed(), if nudge_lives => match changed {
                    Ok(()) => self.all_due(),
                    Err(_) => nudge_lives = false,
                },
                Some(order) = orders.recv() => self.obey(order),
                () = tokio::time::sleep_until(wake), if self.flights.len() < AT_ONCE => {}
            }
        }
    }

    fn next_due(&self) -> Instant {
        let due = self.jobs.iter().filter(|job| job.is_free()).map(|job| job.due).min();
        // With everything under way, what lands wakes.
        let due = due.unwrap_or_else(|| Instant::now() + Duration::from_secs(3600));
        due.max(self.not_before)
    }

    fn ask_what_is_due(&mut self, window: Window) {
        let now = Instant::now();
        if now < self.not_before {
            return;
        }
        while self.flights.len() < AT_ONCE {
            let free = self.jobs.iter().enumerate().filter(|(_, job)| job.is_free() && job.due <= now);
            let Some((first, _)) = free.min_by_key(|(_, job)| job.due) else { return };
            let question = Question::of(&self.jobs[first].ask, window);
            let same = |(_, job): &(usize, &Job)| job.is_free() && Question::of(&job.ask, window) == question;
            let jobs: Vec<usize> = self.jobs.iter().enumerate().filter(same).map(|(place, _)| place).collect();
            jobs.iter().for_each(|place| self.jobs[*place].busy = true);
            let (asker, asked) = (Arc::clone(&self.asker), question.clone());
            let handle = self.asking.spawn(async move { asker.ask(&asked, Timestamp::now()).await });
            self.flights.insert(handle.id(), Flight { question, jobs, begun: now, handle });
        }
    }

    fn land(&mut self, landed: Result<(tokio::task::Id, Result<Reading, Failure>), tokio::task::JoinError>) {
        let (id, outcome) = match landed {
            Ok((id, outcome)) => (id, outcome),
            Err(error) => {
                let defect =
                    Fault::new(FaultKind::Malformed, "reading the answer broke off; this is a defect of stanch");
                (error.id(), Err(defect.into()))
            }
        };
        // One that was called off is known no longer.
        let Some(flight) = self.flights.remove(&id) else { return };
        let (now, took) = (Instant::now(), flight.begun.elapsed());
        if let Err(Failure { retry_after: Some(wait), .. }) = &outcome {
            self.not_before = self.not_before.max(now + *wait);
        }
        let took_long = if self.asker.is_costly() { took } else { Duration::ZERO };
        for place in &flight.jobs {
            let job = &mut self.jobs[*place];
            job.busy = false;
            job.idle |= std::mem::take(&mut job.once);
            job.unreachable = outcome.as_ref().is_err_and(|failure| schedule::is_unreachable(failure.fault.kind));
            job.due = match &outcome {
                Ok(_) => job.schedule.after_success(flight.begun, now, took_long),
                Err(failure) => job.schedule.after_failure(failure.fault.kind, now, took_long),
            };
        }
        if outcome.is_ok() {
            // Its server is back; the others need not wait for their turn.
            let others = self.jobs.iter_mut().filter(|job| job.unreachable && !job.busy);
            others.for_each(|job| job.due = job.due.min(now));
        }
        let ids: Vec<_> = flight.jobs.iter().map(|place| self.jobs[*place].id).collect();
        polled(&ids, outcome, took).for_each(|polled| (self.deliver)(polled));
    }

    fn obey(&mut self, order: Order) {
        let now = Instant::now();
        match order {
            Order::Ask { id, query, once } => match self.jobs.iter_mut().find(|job| job.id == id) {
                Some(job) => {
                    // One that is asked at intervals anyway goes on so.
                    job.once = once && (job.once || job.idle);
                    job.idle = false;
                    job.due = job.due.min(now);
                    if !once {
                        job.schedule.hurry(query.every);
                    }
                }
                None => self.jobs.push(Job { once, due: now, ..Job::new(id, &query, self.begun, self.seed) }),
            },
            Order::Stop(id) => {
                for job in self.jobs.iter_mut().filter(|job| job.id == id) {
                    match job.planned {
                        Some(every) => job.schedule.relax(every),
                        None => job.idle = true,
                    }
                }
            }
        }
    }

    /// Calls off what is asked about another window, and asks anew once the window stands still.
    fn turn_to(&mut self, window: Window) {
        let due = Instant::now() + SETTLED;
        let jobs = &mut self.jobs;
        self.flights.retain(|_, flight| {
            let wanted = flight.jobs.iter().all(|place| Question::of(&jobs[*place].ask, window) == flight.question);
            if !wanted {
                flight.handle.abort();
                for place in &flight.jobs {
                    jobs[*place].busy = false;
                    jobs[*place].due = due;
                }
            }
            wanted
        });
        let about_it = jobs.iter_mut().filter(|job| matches!(job.ask, Ask::Range(_)) && !job.busy);
        about_it.for_each(|job| job.due = due);
    }

    fn all_due(&mut self) {
        let now = Instant::now();
        for job in self.jobs.iter_mut().filter(|job| !job.busy) {
            // What has waited longer stays in front.
            job.due = job.due.min(now);
        }
    }
}
