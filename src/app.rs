//! The running cockpit as a pure function: something happens ([`Msg`]), the state changes, and what is wanted from the
//! outside comes back as data ([`Effect`]).
//!
//! Nothing here performs I/O, waits, or reads a clock; time comes in with [`Msg::Tick`]. Facts about the incident change
//! in one place only: when the journal says they are recorded.

pub mod act;
pub mod action;
pub mod another;
pub mod assumptions;
mod attention;
pub mod causes;
pub mod clock;
pub mod coach;
pub mod commands;
mod derived;
pub mod dialogs;
pub mod drafts;
pub mod effect;
pub mod evidence;
pub mod field;
pub mod input;
pub mod journal;
pub mod keymap;
pub mod mouse;
pub mod msg;
mod others;
pub mod outbox;
pub mod page;
pub mod screen;
pub mod selections;
pub mod session;
pub mod smelling;
pub mod task;
#[cfg(test)]
mod tests;
pub mod typed;
pub mod view;
pub mod world;

use std::sync::Arc;

use jiff::{Timestamp, tz::TimeZone};

pub use crate::app::{
    act::{ActItem, Doable, Intent, Ordered, Running},
    action::Action,
    coach::{Advice, Step},
    effect::{Effect, OtherIncident},
    keymap::Keymap,
    mouse::Mouse,
    msg::{BoardNotSaved, CommandEnd, IncidentRow, Msg},
    outbox::Outbox,
    page::Page,
    screen::{
        Screen,
        act::ActState,
        board::BoardState,
        learn::{LearnItem, LearnState},
        log::LogState,
        overlay::Overlay,
        watch::WatchState,
    },
    session::Session,
    task::{Computed, Task},
    view::View,
    world::{
        World, dashboards,
        recovery::Recovery,
        signals::Signals,
        vitals::{VitalState, Vitals},
    },
};
use crate::{
    app::{
        another::TypedAhead,
        derived::Cause,
        screen::{
            overlay::{KeptUnder, Prompt, Purpose},
            type_ahead,
        },
        world::{checks, transitions, vitals::turns},
    },
    base::human_time,
    config::Config,
    incident::{Draft, Event, Id, Ids, Incident, board::file::BoardFile, judgement::Judgement},
};

/// What the app is made from.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The configuration.
    pub config: Arc<Config>,
    /// Which key means which action.
    pub keymap: Keymap,
    /// The incident as its journal has it.
    pub incident: Incident,
    /// The incident's name in the data folder.
    pub id: String,
    /// Who is at the keyboard: `alice@host`.
    pub author: String,
    /// A number no other cockpit has.
    pub seed: u64,
    /// The time now.
    pub now: Timestamp,
    /// Local time.
    pub zone: TimeZone,
    /// Nothing is written.
    pub read_only: bool,
    /// Causes that are offered besides the changes seen, with the signs each predicts.
    pub generic: Arc<BoardFile>,
}

/// The running cockpit.
#[derive(Clone, Debug)]
pub struct App {
    /// Who sits at the keys, with which configuration.
    pub session: Session,
    /// The incident as the journal has it, and on top of it what is pending.
    pub incident: Incident,
    /// What follows from the board, beyond the ranking. Of a large one it may be on its way: [`Facts`] have it only when it
    /// is of the board as it is.
    pub judgement: Judgement,
    /// What is known of the outside.
    pub world: World,
    /// Where the person at the keys is.
    pub screen: Screen,
    /// What the journal has not confirmed.
    pub outbox: Outbox,
    /// What the coach has offered.
    pub(in crate::app) coach: coach::Coach,
    /// What is being worked out elsewhere.
    pub(in crate::app) asked: task::Asked,
}

/// Tells one state of the incident from another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Version {
    /// See [`Incident::version`].
    incident: u64,
    /// How many entries it was made of.
    entries: usize,
    /// How often what is pending was put on top of it anew.
    revision: u64,
}

/// What is known, read-only: the incident as its journal has it, the world as its sources tell it, and who asks.
///
/// Neither the screen nor what is on its way to the journal is among it: what follows from the facts alone is the same
/// whatever is looked at. The coach goes by them, by what was offered and left, and by the view
/// ([`Case`](coach::Case)); evidence is made of them, and of what is selected.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The time, the configuration, who asks.
    pub session: &'a Session,
    /// What the journal has.
    pub incident: &'a Incident,
    /// What follows from the board beyond the ranking; `None` while the board as it is is being judged.
    pub judgement: Option<&'a Judgement>,
    /// What the sources tell.
    pub world: &'a World,
}

impl<'a> From<&'a App> for Facts<'a> {
    fn from(app: &'a App) -> Self {
        let judgement = Some(&app.judgement).filter(|judgement| judgement.is_of(&app.incident));
        Self { session: &app.session, incident: &app.incident, judgement, world: &app.world }
    }
}

impl<'a> Facts<'a> {
    /// What this author left in a field.
    pub(in crate::app) fn my_draft(self, field: &str) -> Option<&'a str> {
        self.incident.drafts.get(&(self.session.author.clone(), field.to_owned())).map(String::as_str)
    }
}

/// A line that says what was just done or could not be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What is said, in one line.
    pub text: String,
    /// What it says of.
    pub kind: NoticeKind,
    /// When it was said.
    pub at: Timestamp,
}

/// What a notice says of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    /// What was done.
    Done,
    /// What could not be done.
    Trouble,
    /// What the last key would do elsewhere; the next key takes it away.
    Hint,
}

/// Said where nothing may be written.
pub(in crate::app) const READ_ONLY: &str = "read-only: nothing is written";

impl App {
    /// A cockpit that has seen nothing yet.
    pub fn new(setup: Setup) -> Self {
        let world = World::new(&setup.config, setup.now);
        Self::in_world(setup, world)
    }

    fn in_world(setup: Setup, world: World) -> Self {
        let mut ids = Ids::new(setup.seed);
        let watch = ids.next(setup.now);
        let screen = Screen::new(&world.plan);
        let session = Session {
            utc: setup.config.utc,
            mouse: setup.config.mouse,
            config: setup.config,
            keymap: setup.keymap,
            id: setup.id,
            author: setup.author,
            read_only: setup.read_only,
            now: setup.now,
            zone: setup.zone,
            generic: setup.generic,
            ids,
            watch,
            quitting: false,
        };
        let mut app = Self {
            judgement: Judgement::default(),
            incident: setup.incident,
            session,
            world,
            screen,
            outbox: Outbox::default(),
            coach: coach::Coach::default(),
            asked: task::Asked::default(),
        };
        // A large board is asked about with the first message.
        drop(task::judge_if_small(&mut app));
        // What ran when the incident was last watched is wanted from the start.
        drop(checks::follow_checks(&mut app));
        app
    }

    /// The next best step, in one sentence.
    pub fn advice(&self) -> Advice {
        self.coach.offer.shown().cloned().unwrap_or_else(|| coach::advise(self.case()))
    }

    /// What the coach goes by.
    pub fn case(&self) -> coach::Case<'_> {
        coach::Case { facts: self.facts(), dismissed: &self.coach.dismissed, view: self.screen.view }
    }

    /// Of which state the incident is, with what is pending on top of it.
    pub fn version(&self) -> Version {
        Version {
            incident: self.incident.version(),
            entries: self.incident.entries().len(),
            revision: self.outbox.revision(),
        }
    }

    /// Everything that is known, read-only.
    pub fn facts(&self) -> Facts<'_> {
        self.into()
    }

    /// Says which incident this is.
    pub fn greet(&mut self, text: &str) {
        self.say(text);
    }

    /// What to do first.
    pub fn start(&mut self) -> Vec<Effect> {
        let mut effects = dashboards::open_all(self);
        if self.session.read_only {
            return effects;
        }
        let session = self.session.watch;
        let vitals = !self.session.config.vitals.is_empty();
        effects.extend(self.record_quietly(vec![Event::WatchStarted { session, vitals }]));
        effects
    }

    /// Takes in what was typed in another incident and meant for this one.
    pub fn type_on(&mut self, ahead: TypedAhead) -> Vec<Effect> {
        self.screen.keys.waiting.extend(ahead.0);
        input::press_waiting(self)
    }

    /// Takes in what happened.
    pub fn update(&mut self, msg: Msg) -> Vec<Effect> {
        let cause = Cause::of(&msg);
        let is_by_hand = matches!(msg, Msg::Key(_) | Msg::Paste(_) | Msg::Line(_));
        let shown = self.screen.notice.take().filter(|shown| !(is_by_hand && shown.kind == NoticeKind::Hint));
        let on_its_way = self.outbox.awaited();
        let mut effects = self.take(msg);
        self.say_what_is_so(shown, on_its_way);
        effects.extend(derived::refresh(self, cause));
        effects
    }

    fn take(&mut self, msg: Msg) -> Vec<Effect> {
        match msg {
            Msg::Key(key) => input::take_input(self, type_ahead::Input::Key(key)),
            Msg::Paste(text) => input::take_input(self, type_ahead::Input::Paste(text)),
            Msg::Line(line) => input::take_input(self, type_ahead::Input::Line(line)),
            Msg::Mouse(mouse) => input::take_input(self, type_ahead::Input::Mouse(mouse)),
            Msg::Resized(columns, rows) => {
                self.screen.size = (columns, rows);
                Vec::new()
            }
            Msg::Tick(now) => self.tick(now),
            Msg::Polled { query, outcome, at } => {
                self.world.signals.take(query, outcome, at);
                transitions::observe(self, query)
            }
            Msg::Recorded(entries) => journal::recorded(self, entries),
            Msg::Rebased(entries) => journal::rebased(self, entries),
            Msg::Confirmed(ids) => journal::confirmed(self, &ids),
            Msg::Unconfirmed => journal::unconfirmed(self),
            Msg::JournalSays(text) => {
                self.complain(text);
                Vec::new()
            }
            Msg::NotRecorded(drafts, error) => journal::not_recorded(self, &drafts, error),
            Msg::Spilled(spilled) => {
                self.outbox.spilled = spilled;
                Vec::new()
            }
            Msg::Synced(unsynced) => {
                self.outbox.unsynced = unsynced;
                Vec::new()
            }
            Msg::CommandEnded(end) => commands::act::command_ended(self, end),
            Msg::Written { sent, outcome } => commands::silence::written(self, sent, outcome),
            Msg::Edited(text) => dialogs::note::edited(self, text),
            Msg::BoardRead { path, outcome } => input::board_read(self, path, outcome),
            Msg::BoardSaved { path, outcome } => {
                commands::board_file::board_saved(self, path, outcome);
                Vec::new()
            }
            Msg::IncidentsListed(outcome) => {
                commands::incidents::listed(self, outcome);
                Vec::new()
            }
            Msg::IncidentNotOpened(why) => {
                commands::incidents::not_left(self, why);
                input::press_waiting(self)
            }
            Msg::Computed(computed) => {
                task::take(self, computed);
                Vec::new()
            }
            Msg::DashboardOpened(opened) => {
                let place = opened.place;
                let effects = dashboards::opened(self, opened);
                commands::variables::renew(self, place);
                effects
            }
            Msg::DashboardsListed(rows, trouble) => {
                commands::dashboards::listed(self, rows, trouble);
                Vec::new()
            }
            Msg::Runbooks(library) => {
                commands::runbooks::renewed(self, library);
                Vec::new()
            }
            Msg::Terminate => self.quit(),
        }
    }

    fn tick(&mut self, now: Timestamp) -> Vec<Effect> {
        self.session.now = now;
        let mut effects = transitions::observe_time(self);
        effects.extend(journal::retry(self));
        effects.extend(dashboards::follow_window(self));
        // What waited for an incident that takes too long to open.
        effects.extend(input::press_waiting(self));
        if self.screen.keys.is_leaving_slowly(now) {
            self.hint("the other incident is still being opened: what is typed waits for it");
        }
        effects
    }

    /// What was just done is said once the journal has it, everything else at once. `shown` stands there until then.
    fn say_what_is_so(&mut self, shown: Option<Notice>, on_its_way: Option<Id>) {
        let now = self.outbox.awaited();
        if now.is_some()
            && now != on_its_way
            && let Some(early) = self.screen.notice.take_if(|notice| notice.kind == NoticeKind::Done)
        {
            self.outbox.say_when_confirmed(early);
        }
        let stands = |notice: &Notice| human_time::seconds_between(notice.at, self.session.now) < 6;
        let (said, shown) = (self.screen.notice.take(), shown.filter(stands));
        let gives_way = |said: &Notice| {
            said.kind == NoticeKind::Hint && shown.as_ref().is_some_and(|shown| shown.kind == NoticeKind::Trouble)
        };
        self.screen.notice = said.filter(|said| stands(said) && !gives_way(said)).or(shown);
    }

    fn say(&mut self, text: impl Into<String>) {
        self.notify(NoticeKind::Done, text);
    }

    fn complain(&mut self, text: impl Into<String>) {
        self.notify(NoticeKind::Trouble, text);
    }

    /// Says why a key has done nothing; what could not be done stands before that.
    fn hint(&mut self, text: impl Into<String>) {
        self.notify(NoticeKind::Hint, text);
    }

    fn notify(&mut self, kind: NoticeKind, text: impl Into<String>) {
        self.screen.notice = Some(Notice { text: text.into(), kind, at: self.session.now });
    }

    pub(in crate::app) fn draft(&mut self, event: Event) -> Draft {
        self.session.draft(event)
    }

    /// Ends: what stands in an open field is kept, what a vital has cost is written, the session is closed.
    fn quit(&mut self) -> Vec<Effect> {
        if std::mem::replace(&mut self.session.quitting, true) {
            return Vec::new();
        }
        // What was typed while the journal was slow counts too.
        let mut effects = Vec::new();
        for input in std::mem::take(&mut self.screen.keys.waiting) {
            drop(self.outbox.stop_waiting());
            effects.extend(input::take_now(self, input));
        }
        let mut events = Vec::new();
        if !self.session.read_only {
            events.extend(drafts::keep_draft(self));
            events.extend(turns::vitals_so_far(self.facts()));
            events.push(Event::WatchStopped { session: self.session.watch, when: None });
        }
        let drafts = events.into_iter().map(|event| self.draft(event)).collect();
        let drafts = self.submit(drafts);
        if !drafts.is_empty() {
            effects.push(Effect::Record(drafts));
        }
        effects.push(Effect::Quit);
        effects
    }

    /// Whether nothing may be written; says so.
    pub(in crate::app) fn refuses_to_write(&mut self) -> bool {
        if self.session.read_only {
            self.complain(READ_ONLY);
        }
        self.session.read_only
    }

    /// Records what a person did: later keys wait until it is in the journal, or pending.
    pub(in crate::app) fn record(&mut self, events: Vec<Event>) -> Vec<Effect> {
        let drafts: Vec<Draft> = events.into_iter().map(|event| self.draft(event)).collect();
        self.record_drafts(drafts)
    }

    /// Records drafts that a person made, some of which may name others of them.
    pub(in crate::app) fn record_drafts(&mut self, drafts: Vec<Draft>) -> Vec<Effect> {
        if drafts.is_empty() || self.refuses_to_write() {
            return Vec::new();
        }
        self.world.checks.note(&drafts, &self.incident.board);
        if let Some(last) = drafts.last() {
            self.outbox.wait_for(last.id);
        }
        vec![Effect::Record(self.submit(drafts))]
    }

    /// Records what a machine observed: nobody waits for it.
    pub(in crate::app) fn record_quietly(&mut self, events: Vec<Event>) -> Vec<Effect> {
        if self.session.read_only || events.is_empty() {
            return Vec::new();
        }
        let drafts: Vec<Draft> = events.into_iter().map(|event| self.draft(event)).collect();
        if self.session.quitting {
            return vec![Effect::Record(self.submit(drafts))];
        }
        self.outbox.submit(&drafts, self.session.now);
        vec![Effect::Record(drafts)]
    }

    /// Submits what a person did, behind what has to be submitted before it.
    fn submit(&mut self, drafts: Vec<Draft>) -> Vec<Draft> {
        let now = self.session.now;
        match self.session.quitting {
            true => self.outbox.submit_with_unwritten(drafts, now),
            false => self.outbox.submit_with_refused(drafts, now),
        }
    }

    pub(in crate::app) fn show(&mut self, view: View) {
        self.screen.view = view;
    }

    /// Opens a field; what was left in it before stands there again.
    pub(in crate::app) fn ask(&mut self, purpose: Purpose) {
        self.ask_with(purpose, "");
    }

    /// Opens a field; what was left in it before stands there again, else `text`.
    pub(in crate::app) fn ask_with(&mut self, purpose: Purpose, text: &str) {
        if !purpose.only_looks() && self.refuses_to_write() {
            return;
        }
        let left = match purpose.spec().kept_under {
            KeptUnder::Draft(name) => self.facts().my_draft(&name).map(str::to_owned),
            KeptUnder::Aside(name) => self.screen.left.get(name).cloned(),
            KeptUnder::Nowhere => None,
        };
        let text = left.unwrap_or_else(|| text.to_owned());
        self.screen.overlay = Some(Overlay::Prompt(Prompt::new(purpose, &text)));
    }

    /// Works out what only the next frame needs; to be called before it is drawn.
    pub fn prepare_frame(&mut self) {
        derived::before_frame(self);
    }
}
