//! The task that asks one source: what is due, in the order in which it became due, a few at a time.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use tokio::{
    sync::{mpsc, watch},
    task::{AbortHandle, JoinError, JoinSet},
};

use super::{
    super::{
        Failure, Polled,
        decoding::broke_off,
        http::AT_ONCE,
        registry::Connected,
        request::{Question, Request},
    },
    Deliver, backoff, jitter,
    schedule::Schedule,
};
use crate::{
    dashboard::{Ask, Query, QueryContext, QueryId, SubscriptionChange},
    signal::Reading,
};

/// Panels of dashboards that are asked at once. They are many and may be slow: the rest is for vitals and alerts, which wait
/// for nobody.
const PANELS_AT_ONCE: usize = AT_ONCE - 2;

/// What comes due within this time after a round of panels has begun belongs to it.
const ROUND: Duration = Duration::from_secs(1);
/// After so long what still waits is asked for the time that it is by then.
const LONGEST_ROUND: Duration = Duration::from_secs(15);

/// How long a changed context must stand before it is asked for: a key held down changes the window thirty times a second.
const SETTLED: Duration = Duration::from_millis(60);

/// A query and when it is asked next.
struct Job {
    query: Query,
    /// What the query comes down to in the context as it is.
    question: Arc<Question>,
    /// When it is asked after the next time; `None` if the next time is the last.
    schedule: Option<Schedule>,
    due: Instant,
    busy: bool,
    /// How often it is wanted. Of panels, what is seen is wanted more often than what is not.
    every: Duration,
    /// When it was last asked, if that was answered.
    asked: Option<Instant>,
    /// Whether the answer under way is not what was asked for since: it is asked again once that has landed.
    again: bool,
    unreachable: bool,
}

impl Job {
    /// Whether it is a panel of a dashboard, or something of earlier, which waits as they do.
    fn is_panel(&self) -> bool {
        matches!(self.query.ask, Ask::Panel(_) | Ask::Earlier { .. })
    }

    /// It is wanted this often. A panel that was turned to is due at once where its answer is older than that, and one that
    /// was turned away from waits.
    fn change_interval(&mut self, every: Duration) {
        self.every = every;
        if let Some(schedule) = &mut self.schedule {
            schedule.change_interval(every);
        }
        if let Some(asked) = self.asked.filter(|_| self.is_panel() && !self.busy) {
            self.due = asked + every;
        }
    }
}

/// A request under way, and who waits for it.
struct Flight {
    question: Arc<Question>,
    queries: Vec<QueryId>,
    begun: Instant,
    is_panel: bool,
    handle: AbortHandle,
}

/// One source that is asked.
pub(super) struct Task {
    source: Arc<Connected>,
    context: QueryContext,
    jobs: BTreeMap<QueryId, Job>,
    flights: HashMap<tokio::task::Id, Flight>,
    asking: JoinSet<Result<Reading, Failure>>,
    /// The server wants no request before.
    not_before: Instant,
    /// The round of panels under way: all of it is asked for one time, so that what several of them ask is asked once.
    round: Option<(Instant, Timestamp)>,
    /// Where the grid of its intervals begins.
    begun: Instant,
    /// Queries of one source and interval stay together.
    seed: u64,
    deliver: Deliver,
}

impl Task {
    /// Asks nothing yet.
    pub(super) fn new(source: Arc<Connected>, context: QueryContext, begun: Instant, deliver: Deliver) -> Self {
        Self {
            source,
            context,
            jobs: BTreeMap::new(),
            flights: HashMap::new(),
            asking: JoinSet::new(),
            not_before: begun,
            round: None,
            begun,
            seed: jitter::seed(),
            deliver,
        }
    }

    /// Asks until it is aborted, and with it what it has under way.
    pub(super) async fn run(
        mut self,
        mut context: watch::Receiver<QueryContext>,
        mut nudged: watch::Receiver<u64>,
        mut orders: mpsc::UnboundedReceiver<Vec<SubscriptionChange>>,
    ) {
        let (mut context_lives, mut nudge_lives) = (true, true);
        loop {
            self.ask_what_is_due();
            let wake = tokio::time::Instant::from_std(self.next_due());
            tokio::select! {
                Some(landed) = self.asking.join_next_with_id() => self.land(landed),
                changed = context.changed(), if context_lives => match changed {
                    Ok(()) => {
                        let new = context.borrow_and_update().clone();
                        self.turn_to(new);
                    }
                    Err(_) => context_lives = false,
                },
                changed = nudged.changed(), if nudge_lives => match changed {
                    Ok(()) => self.all_due(),
                    Err(_) => nudge_lives = false,
                },
                Some(changes) = orders.recv() => changes.into_iter().for_each(|change| self.obey(change)),
                () = tokio::time::sleep_until(wake), if self.has_room() => {}
            }
        }
    }

    fn next_due(&self) -> Instant {
        let panels_may = self.panels_under_way() < PANELS_AT_ONCE;
        let waits = |job: &&Job| !job.busy && (panels_may || !job.is_panel());
        let due = self.jobs.values().filter(waits).map(|job| job.due).min();
        // With everything under way, what lands wakes.
        let due = due.unwrap_or_else(|| Instant::now() + Duration::from_secs(3600));
        due.max(self.not_before)
    }

    fn ask_what_is_due(&mut self) {
        let now = Instant::now();
        if now < self.not_before {
            return;
        }
        while self.has_room() {
            let panels_may = self.panels_under_way() < PANELS_AT_ONCE;
            let due = self.jobs.values().filter(|job| !job.busy && job.due <= now && (panels_may || !job.is_panel()));
            // Vitals, alerts and the team's own panes come before the panels of dashboards, which are many; of those what is
            // seen comes first, which is what is wanted most often.
            let rank = |job: &&Job| (job.is_panel(), if job.is_panel() { job.every } else { Duration::ZERO }, job.due);
            let Some(first) = due.min_by_key(rank) else { return };
            let question = Arc::clone(&first.question);
            let (is_panel, since) = (first.is_panel(), first.due);
            let asked_for = if is_panel { self.time_of_round(since, now) } else { Timestamp::now() };
            let mut queries = Vec::new();
            for (id, job) in &mut self.jobs {
                if !job.busy && job.question == question {
                    job.busy = true;
                    queries.push(*id);
                }
            }
            let request = Request { question: Arc::clone(&question), now: asked_for };
            let source = Arc::clone(&self.source);
            let handle = self.asking.spawn(async move { source.read(&request).await });
            self.flights.insert(handle.id(), Flight { question, queries, begun: now, is_panel, handle });
        }
    }

    fn has_room(&self) -> bool {
        self.flights.len() < AT_ONCE
    }

    fn panels_under_way(&self) -> usize {
        self.flights.values().filter(|flight| flight.is_panel).count()
    }

    /// The time that a panel is asked for which is due since then.
    fn time_of_round(&mut self, since: Instant, now: Instant) -> Timestamp {
        let goes_on = |begun: Instant| since <= begun + ROUND && now.duration_since(begun) < LONGEST_ROUND;
        match self.round.filter(|(begun, _)| goes_on(*begun)) {
            Some((_, time)) => time,
            None => {
                let time = Timestamp::now();
                self.round = Some((now, time));
                time
            }
        }
    }

    fn land(&mut self, landed: Result<(tokio::task::Id, Result<Reading, Failure>), JoinError>) {
        let (id, outcome) = match landed {
            Ok((id, outcome)) => (id, outcome),
            Err(error) => (error.id(), Err(broke_off().into())),
        };
        // One that was called off is known no longer.
        let Some(flight) = self.flights.remove(&id) else { return };
        let (now, took) = (Instant::now(), flight.begun.elapsed());
        if let Err(Failure { retry_after: Some(wait), .. }) = &outcome {
            self.not_before = self.not_before.max(now + *wait);
        }
        let took_long = if self.source.source.kind.is_costly { took } else { Duration::ZERO };
        for query in &flight.queries {
            // Nobody may want to know any more.
            let Some(job) = self.jobs.get_mut(query) else { continue };
            job.busy = false;
            if std::mem::take(&mut job.again) {
                continue;
            }
            let Some(schedule) = &mut job.schedule else {
                self.jobs.remove(query);
                continue;
            };
            job.due = match &outcome {
                Ok(_) => schedule.after_success(flight.begun, now, took_long),
                Err(failure) => schedule.after_failure(failure.fault.kind, now, took_long),
            };
            job.asked = outcome.is_ok().then_some(flight.begun);
            job.unreachable = outcome.as_ref().is_err_and(|failure| backoff::is_unreachable(failure.fault.kind));
        }
        if outcome.is_ok() {
            // Its server is back; the others need not wait for their turn.
            let others = self.jobs.values_mut().filter(|job| job.unreachable && !job.busy);
            others.for_each(|job| job.due = job.due.min(now));
        }
        Polled::of(&flight.queries, outcome, took).for_each(|polled| (self.deliver)(polled));
    }

    fn obey(&mut self, change: SubscriptionChange) {
        match change {
            SubscriptionChange::Ask { id, query, every } => self.ask(id, query, every),
            SubscriptionChange::Interval { id, every } => {
                if let Some(job) = self.jobs.get_mut(&id) {
                    job.change_interval(every);
                }
            }
            SubscriptionChange::Stop(id) => drop(self.jobs.remove(&id)),
        }
    }

    /// Asks a query now, one it knows or one that is new, and from then on at its interval, unless it is for this once.
    /// Once means that asking does more than read: what was asked before does not stand for it.
    fn ask(&mut self, id: QueryId, query: Query, every: Option<Duration>) {
        let now = Instant::now();
        if let Some(job) = self.jobs.get_mut(&id) {
            (job.due, job.asked) = (job.due.min(now), None);
            job.again |= job.busy && every.is_none();
            // One that is asked at intervals anyway goes on so.
            if let Some(every) = every {
                let schedule = job.schedule.get_or_insert_with(|| Schedule::new(every, self.begun, self.seed));
                schedule.change_interval(every);
                job.every = every;
            }
            return;
        }
        let question = Arc::new(Question::of(&query, &self.context));
        // What was asked of it before it was stopped may still be on its way.
        let earlier = self.flights.values().find(|flight| flight.queries.contains(&id));
        let job = Job {
            schedule: every.map(|every| Schedule::new(every, self.begun, self.seed)),
            every: every.unwrap_or_default(),
            asked: None,
            query,
            due: now,
            busy: earlier.is_some(),
            again: earlier.is_some_and(|earlier| every.is_none() || earlier.question != question),
            unreachable: false,
            question,
        };
        self.jobs.insert(id, job);
    }

    /// Calls off what is asked in another context, and asks anew once the context stands still.
    fn turn_to(&mut self, context: QueryContext) {
        self.context = context;
        let due = Instant::now() + SETTLED;
        let mut about_it = Vec::new();
        for (id, job) in &mut self.jobs {
            let question = Question::of(&job.query, &self.context);
            if matches!(
                job.query.ask,
                Ask::Range(_) | Ask::Lines { around: None, .. } | Ask::Panel(_) | Ask::Earlier { .. }
            ) || *job.question != question
            {
                job.question = Arc::new(question);
                // What was answered is of another stretch of time.
                job.asked = None;
                about_it.push(*id);
            }
        }
        let jobs = &mut self.jobs;
        self.flights.retain(|_, flight| {
            let mut waiting = flight.queries.iter().filter_map(|query| jobs.get(query));
            let wanted = waiting.all(|job| job.question == flight.question);
            if !wanted {
                flight.handle.abort();
                for query in &flight.queries {
                    if let Some(job) = jobs.get_mut(query) {
                        (job.busy, job.again, job.due) = (false, false, due);
                    }
                }
            }
            wanted
        });
        for query in about_it {
            if let Some(job) = jobs.get_mut(&query).filter(|job| !job.busy) {
                job.due = due;
            }
        }
    }

    fn all_due(&mut self) {
        let now = Instant::now();
        for job in self.jobs.values_mut().filter(|job| !job.busy) {
            // What has waited longer stays in front.
            job.due = job.due.min(now);
        }
    }
}
