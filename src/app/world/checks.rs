//! Columns that are watched: their queries are asked, what comes back is judged, and what turns is written down.
//!
//! Which checks run is a fact of the incident, so a cockpit that resumes, or a second one beside it, asks the same. What a
//! check shows is judged at each poll and kept here; the journal gets a line only when that turns, and at most one a
//! minute for each check. What a turn does to its column is said in [`incident::check`](crate::incident::check).
//!
//! Whoever writes to the journal says what is asked, and it goes out with this person's credentials. So what was begun
//! elsewhere is asked here unasked only of sources that can but be read. Of those of the kinds `http` and `command` it is
//! held until a person here says so; who an entry says that it is by does not count.

pub mod line;
pub mod look;
pub mod run;
pub mod suggest;

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use jiff::Timestamp;

pub use crate::app::world::checks::look::{Showing, Value};
use crate::{
    app::{App, Effect, Facts, Notice, NoticeKind, world::checks::look::Watched},
    base::{
        human_time::{self, seconds_between},
        text,
    },
    config::Config,
    dashboard::{Pace, QueryId, Subscriber},
    incident::{Board, Draft, Event, Id, Observation, ObservationState, board::CheckQuery},
    signal::{Freshness, Point},
};

/// A check that turned is told again at most once in so many seconds.
const ONCE_IN: i64 = 60;

/// After so many turns too quick to tell, a check is said to flap.
const FLAPPING: usize = 3;

/// What is asked for the checks that run.
#[derive(Clone, Debug)]
pub(in crate::app) struct Checks {
    asked: HashMap<Id, RunningCheck>,
    /// Runs that a person began or let run here, each with source and query as they were then: another query of the
    /// same column is another question.
    allowed: HashMap<Id, (String, String)>,
    /// Runs that were begun here and are still to be asked for the first time. One that does more than read is asked by
    /// this cockpit only and once: not by another of the same person, nor when it is brought back.
    begun: HashSet<Id>,
    /// When this cockpit began.
    since: Timestamp,
}

/// The query of one check, and what it showed.
#[derive(Clone, Debug)]
struct RunningCheck {
    run: Id,
    query: QueryId,
    /// Source and query, as the column has them.
    words: (String, String),
    /// It does more than read, so it is asked just once.
    once: bool,
    seen: Option<Showing>,
    /// Whether it held when it was last known, and how often that changed since it was told.
    held: Option<bool>,
    flips: usize,
    /// Counts over time, for alerts.
    history: Vec<Point>,
}

/// What is to be said of the check of a column.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckView {
    /// Where it stands.
    pub state: CheckState,
    /// It turns so often that none of it should be believed.
    pub flaps: bool,
    /// It shows something else than what a person said.
    pub against: bool,
    /// Who began it elsewhere, where it is not asked here because nobody here has said so.
    pub held: Option<String>,
}

/// Where a check stands.
#[derive(Clone, Debug, PartialEq)]
pub enum CheckState {
    /// It has a query that nobody has run.
    Idle,
    /// It has been asked and has not answered yet.
    Asking,
    /// This is what it shows.
    Shows(Showing),
}

impl CheckView {
    /// Whether it shows just this.
    pub fn says(&self, note: &str) -> bool {
        matches!(&self.state, CheckState::Shows(showing) if showing.value() == note)
    }
}

impl Checks {
    pub(in crate::app) fn new(now: Timestamp) -> Self {
        Self { asked: HashMap::new(), allowed: HashMap::new(), begun: HashSet::new(), since: now }
    }

    /// What goes to the journal from here, for the board as the person saw it.
    pub(in crate::app) fn note(&mut self, drafts: &[Draft], board: &Board) {
        for draft in drafts {
            let Event::CheckStarted { observation } = draft.event else { continue };
            self.begun.insert(draft.id);
            let query = board.observation(observation).and_then(|column| column.check.query.as_ref());
            self.allowed.extend(query.map(|query| (draft.id, owned_words_of(query))));
        }
    }

    /// A person here lets run what was begun elsewhere.
    pub(in crate::app) fn allow(&mut self, run: Id, query: &CheckQuery) {
        self.allowed.insert(run, owned_words_of(query));
    }

    /// Whether a run is asked from here: a person here has said so, or all that can be done to its source is read it.
    fn may_ask(&self, config: &Config, run: Id, query: &CheckQuery) -> bool {
        let allowed = self.allowed.get(&run).is_some_and(|(of, text)| (of.as_str(), text.as_str()) == words_of(query));
        allowed || config.source_named(&query.source).is_none_or(|(_, source)| !source.kind.is_generic())
    }
}

/// How a sign that was taken from the screen is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignOf {
    /// The source.
    pub source: String,
    /// The query.
    pub query: String,
    /// What an empty answer says.
    pub empty: Option<ObservationState>,
    /// Where it comes from; what comes from there counts once.
    pub origin: Option<String>,
}

/// Where the check of a column stands; `None` when it has no query.
pub fn check_of(facts: Facts<'_>, column: &Observation) -> Option<CheckView> {
    let query = column.check.query.as_ref()?;
    let quiet = |state| Some(CheckView { state, flaps: false, against: false, held: None });
    let Some(run) = facts.incident.checks.get(&column.id) else { return quiet(CheckState::Idle) };
    let Some(asked) = facts.world.checks.asked.get(&column.id).filter(|asked| asked.run == run.run) else {
        let held = held_by(facts, column).map(str::to_owned);
        let quiet = |state| Some(CheckView { state, flaps: false, against: false, held });
        return match (facts.session.source_of(&query.source), run.last()) {
            (None, _) => quiet(CheckState::Shows(Showing::unclear(format!("no source {}", query.source)))),
            (Some(_), None) => quiet(CheckState::Idle),
            (Some(_), Some(turn)) => quiet(CheckState::Shows(Showing::known(turn.state, turn.at, turn.shown.clone()))),
        };
    };
    let Some(seen) = &asked.seen else { return quiet(CheckState::Asking) };
    let late = !asked.once && facts.world.signals.freshness(asked.query, facts.session.now) == Freshness::Stale;
    let last = facts.world.signals.slot(asked.query).and_then(|slot| slot.good.as_ref()).filter(|_| late);
    let stale = last.map(|reading| {
        let age = human_time::age(seconds_between(reading.at, facts.session.now));
        Showing::unclear(format!("{} is silent since {age}", query.source))
    });
    let showing = stale.unwrap_or_else(|| seen.clone());
    let against = match showing.settles() {
        Some(ObservationState::Present) => column.state != ObservationState::Present,
        Some(_) => column.state == ObservationState::Present && column.cleared.is_none(),
        None => false,
    };
    // What turned just now is told, or will be in a minute; only a person's word stands against it for longer.
    let against = against && run.said.is_some() && run.last().map(|last| last.state) == showing.settles();
    let flaps = run.flaps(facts.session.now) || asked.flips >= FLAPPING;
    Some(CheckView { state: CheckState::Shows(showing), flaps, against, held: None })
}

/// Who began the check of a column elsewhere, where it waits for a person here to say that it runs here too. One that does
/// more than read was asked where it was begun, and waits for nothing.
pub(in crate::app) fn held_by<'a>(facts: Facts<'a>, column: &Observation) -> Option<&'a str> {
    let (run, query) = facts.incident.checks.get(&column.id).zip(column.check.query.as_ref())?;
    let config = &facts.session.config;
    let waits = run::only_reads(config, column) && !facts.world.checks.may_ask(config, run.run, query);
    waits.then_some(run.by.as_str())
}

/// How the check of a column was begun, and when: one that does more than read is not watched.
pub fn check_begun(facts: Facts<'_>, column: &Observation) -> Option<(&'static str, Timestamp)> {
    let how = if run::only_reads(&facts.session.config, column) { "watched since" } else { "asked once, at" };
    facts.incident.checks.get(&column.id).map(|run| (how, run.since))
}

/// Whether the next step on a column is to run its check: it has one that was not run, or that a person's word has
/// set aside since.
pub fn would_run(facts: Facts<'_>, id: Id) -> bool {
    let column = facts.incident.board.observation(id);
    column.and_then(|column| check_of(facts, column)).is_some_and(|view| match view.state {
        _ if view.held.is_some() => true,
        CheckState::Idle => true,
        CheckState::Asking => false,
        CheckState::Shows(showing) => showing.settles().is_some(),
    })
}

/// Whether the check of a column was run, and most likely settles it without anybody's help.
pub(in crate::app) fn is_being_checked(facts: Facts<'_>, id: Id) -> bool {
    let column = facts.incident.board.observation(id);
    let view = column.and_then(|column| check_of(facts, column));
    view.is_some_and(|view| matches!(view.state, CheckState::Asking | CheckState::Shows(Showing::NotYet { .. })))
}

/// Asks what the checks that run need, and stops asking what none needs any more.
pub(in crate::app) fn follow_checks(app: &mut App) -> Vec<Effect> {
    if app.incident.checks.is_empty() && app.world.checks.asked.is_empty() {
        return Vec::new();
    }
    let (before, wanted) = (app.world.subscriptions.clone(), &mut app.world.subscriptions);
    let config = app.session.config.clone();
    let (runs, board) = (&app.incident.checks, &app.incident.board);
    let outbox = &app.outbox;
    app.world.checks.asked.retain(|column, asked| {
        let query = || board.observation(*column).and_then(|column| column.check.query.as_ref());
        let holds = runs.get(column).is_some_and(|run| run.run == asked.run)
            && query().is_some_and(|query| words_of(query) == (&*asked.words.0, &*asked.words.1));
        // One that was begun here and is on its way to the log once more has been asked: its answer is still wanted.
        let holds = holds || outbox.is_unconfirmed(asked.run);
        if !holds {
            wanted.leave(Subscriber::Check(asked.run));
        }
        holds
    });
    for column in &app.incident.board.observations {
        let Some((run, query)) = runs.get(&column.id).zip(column.check.query.as_ref()) else { continue };
        let once = !run::only_reads(&config, column);
        if !app.world.checks.may_ask(&config, run.run, query) {
            continue;
        }
        if app.world.checks.asked.contains_key(&column.id) || (!app.world.checks.begun.remove(&run.run) && once) {
            continue;
        }
        let plan = Arc::make_mut(&mut app.world.plan);
        let Some(id) = plan.watch(&config, &query.source, &query.query) else { continue };
        let words = owned_words_of(query);
        let asked = RunningCheck {
            run: run.run,
            query: id,
            words,
            once,
            seen: None,
            held: None,
            flips: 0,
            history: Vec::new(),
        };
        app.world.checks.asked.insert(column.id, asked);
        let Some((query, source)) = plan.query(id).and_then(|query| Some((query, config.source(query.source)?))) else {
            continue;
        };
        let pace = if once { Pace::Once } else { Pace::Every(source.every) };
        wanted.want(Subscriber::Check(run.run), id, query, pace);
    }
    let changes = wanted.changes_from(&before);
    if !changes.is_empty() {
        app.world.signals.follow(&config, &app.world.plan, wanted);
    }
    changes.into_iter().map(Effect::Subscribe).collect()
}

/// What came of a poll, for the checks it is for: turns to be written down.
pub(in crate::app) fn observe_checks(app: &mut App, query: QueryId) -> Vec<Event> {
    let is_for_it = |asked: &RunningCheck| asked.query == query;
    let columns: Vec<Id> =
        app.world.checks.asked.iter().filter(|(_, asked)| is_for_it(asked)).map(|(id, _)| *id).collect();
    columns.into_iter().filter_map(|column| observe_check(app, column, query)).collect()
}

fn observe_check(app: &mut App, id: Id, query: QueryId) -> Option<Event> {
    let column = app.incident.board.observation(id)?;
    let check = column.check.query.as_ref()?;
    let watched = Watched {
        check,
        unit: suggest::unit_of_check(app.facts(), check),
        blind: suggest::is_blind(app.facts(), query),
    };
    let asked = app.world.checks.asked.get_mut(&id)?;
    let slot = app.world.signals.slot(query)?;
    let showing = watched.look(slot, &mut asked.history);
    let run = app.incident.checks.get(&id).filter(|run| run.run == asked.run)?;
    let first = asked.seen.is_none();
    let again = matches!(asked.seen.replace(showing.clone()), Some(Showing::Unclear { .. }));
    let settles = showing.settles();
    if let Some(held) = settles.map(|state| state == ObservationState::Present) {
        let flipped = asked.held.replace(held).is_some_and(|before| before != held);
        asked.flips += usize::from(flipped);
    }
    if first && run.by == app.session.author && run.since >= app.world.checks.since {
        let said = format!("{} {}: {}", column.label, text::clipped(&column.text, 60), showing.words());
        let is_unclear = matches!(showing, Showing::Unclear { .. });
        let kind = if is_unclear { NoticeKind::Trouble } else { NoticeKind::Done };
        app.screen.notice = Some(Notice { text: said, kind, at: app.session.now });
    }
    let now = app.session.now;
    let before = run.turns.iter().rev().find(|turn| turn.state.is_settled());
    let state = match settles {
        // That nobody can tell is worth a line when it is all there is.
        None if (showing.is_certain() || (again && !asked.once)) && run.count == 0 && is_unclear(&showing) => {
            ObservationState::Unclear
        }
        None => return None,
        Some(state) if before.is_some_and(|before| before.state == state) => return None,
        // The first answer is no turn: what holds a moment later is told at once.
        Some(_) if run.has_turned() && run.told.is_some_and(|told| seconds_between(told, now) < ONCE_IN) => {
            return None;
        }
        Some(state) => state,
    };
    // A check that does not hold when it is first asked was looked at now.
    let when = match (before, state) {
        (None, ObservationState::Present) => showing.since(now),
        (None, _) => now,
        (Some(last), _) => showing.since(now).max(last.at),
    };
    let times = std::mem::take(&mut asked.flips).saturating_sub(1);
    Some(Event::CheckTurned {
        key: format!("check|{}|{}", run.run, run.count),
        observation: id,
        run: run.run,
        state,
        was: run.last().map(|last| last.state),
        shown: showing.value().to_owned(),
        times,
        // What held when it was last looked at has a beginning, whatever the window shows of it.
        or_longer: showing.or_longer() && before.is_none(),
        when,
    })
}

fn words_of(query: &CheckQuery) -> (&str, &str) {
    (&query.source, &query.query)
}

fn owned_words_of(query: &CheckQuery) -> (String, String) {
    (query.source.clone(), query.query.clone())
}

fn is_unclear(showing: &Showing) -> bool {
    matches!(showing, Showing::Unclear { .. })
}
