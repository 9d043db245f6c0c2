//! The running cockpit as a pure function: something happens ([`Msg`]), the state changes, and what is wanted from the
//! outside comes back as data ([`Effect`]).
//!
//! Nothing here performs I/O, waits, or reads a clock; time comes in with [`Msg::Tick`]. Facts about the incident change
//! in one place only: when the journal says they are recorded.

pub mod action;
pub mod checks;
pub mod clock;
pub mod coach;
pub mod effect;
pub mod evidence;
pub mod field;
pub mod keymap;
pub mod layout;
pub mod msg;
pub mod observe;
pub mod overlay;
pub mod rows;
pub mod signals;
pub mod storm;
pub mod view;
pub mod vitals;

mod act;
mod answer;
mod assumptions;
mod bleeding;
mod board;
mod boards;
mod causes;
mod drafts;
mod held;
mod input;
mod journal;
mod judge;
mod learn;
mod lists;
mod log;
mod outbox;
mod perform;
mod possible;
mod submit;
mod watch;

#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, sync::Arc};

use jiff::{Timestamp, tz::TimeZone};

pub use act::{ActItem, ActState, Doable, Intent, Ordered, Running};
pub use action::Action;
pub use board::BoardState;
pub use coach::{Advice, Step};
pub use effect::Effect;
pub use keymap::Keymap;
pub use learn::{LearnItem, LearnState};
pub use log::LogState;
pub use msg::{BoardNotSaved, CommandEnd, Msg};
pub use outbox::Outbox;
pub use overlay::Overlay;
pub use signals::Signals;
pub use view::View;
pub use vitals::{Recovery, VitalState, Vitals};
pub use watch::WatchState;

use crate::{
    config::{Config, Plan},
    incident::{
        Draft, Event, Id, Ids, Incident,
        board::file::BoardFile,
        judgement::{Judgement, Question},
    },
    signal::Window,
};

/// What the app is made from.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The configuration.
    pub config: Arc<Config>,
    /// Its keys.
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
    /// The configuration.
    pub config: Arc<Config>,
    /// Queries, panes and vitals that follow from it.
    pub plan: Arc<Plan>,
    /// Which keys mean what.
    pub keymap: Keymap,
    /// The incident as the journal has it, and on top of it what is pending.
    pub incident: Incident,
    /// The incident's name in the data folder.
    pub id: String,
    /// Who is at the keyboard.
    pub author: String,
    /// Nothing is written.
    pub read_only: bool,
    /// The time now.
    pub now: Timestamp,
    /// Local time.
    pub zone: TimeZone,
    /// Whether times are shown in UTC.
    pub utc: bool,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// The newest readings.
    pub signals: Signals,
    /// The state of each vital.
    pub vitals: Vitals,
    /// The stretch of time the panes show.
    pub window: Window,
    /// The view shown.
    pub view: View,
    /// The state of view 1.
    pub watch: WatchState,
    /// The state of view 2.
    pub board: BoardState,
    /// The state of view 3.
    pub act: ActState,
    /// The state of view 4.
    pub log: LogState,
    /// The state of view 5.
    pub learn: LearnState,
    /// What lies over the view.
    pub overlay: Option<Overlay>,
    /// What was just done or could not be done, for a few seconds.
    pub notice: Option<Notice>,
    /// What the journal has not confirmed.
    pub outbox: Outbox,
    ids: Ids,
    session: Id,
    generic: Arc<BoardFile>,
    observer: observe::Observer,
    checks: checks::Checks,
    keys: input::Keys,
    awaited: journal::Awaited,
    /// What was left in fields that are about the screen or a file.
    left: BTreeMap<&'static str, String>,
    /// What the coach has offered.
    coached: coach::Memory,
    storm: storm::StormState,
    /// The worst alert as of the last message.
    sight: Option<coach::Sight>,
    offer: coach::Offer,
    /// What follows from the board as it is, beyond the ranking.
    pub judgement: Judgement,
    /// What the cursors are on, as the person at the keys knows it.
    held: held::HeldLists,
    kept_rows: rows::KeptRows,
    quitting: bool,
}

/// A line that says what was just done or could not be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The line.
    pub text: String,
    /// Whether something could not be done.
    pub trouble: bool,
    /// When it was said.
    pub at: Timestamp,
}

impl App {
    /// A cockpit that has seen nothing yet.
    pub fn new(setup: Setup) -> Self {
        let plan = Arc::new(Plan::of(&setup.config));
        let mut ids = Ids::new(setup.seed);
        let session = ids.next(setup.now);
        let judgement = Question::of(&setup.incident).judge();
        let mut app = Self {
            signals: Signals::new(&plan, setup.config.sources.len()),
            vitals: Vitals::new(&setup.config),
            window: Window::live(setup.config.window),
            utc: setup.config.utc,
            watch: WatchState::new(&plan),
            config: setup.config,
            keymap: setup.keymap,
            incident: setup.incident,
            id: setup.id,
            author: setup.author,
            read_only: setup.read_only,
            now: setup.now,
            zone: setup.zone,
            size: (80, 24),
            view: View::Watch,
            board: BoardState::default(),
            act: ActState::default(),
            log: LogState::default(),
            learn: LearnState::default(),
            overlay: None,
            notice: None,
            outbox: Outbox::default(),
            ids,
            session,
            generic: setup.generic,
            observer: observe::Observer::default(),
            checks: checks::Checks::new(&plan, setup.now),
            keys: input::Keys::default(),
            awaited: journal::Awaited::default(),
            left: BTreeMap::new(),
            coached: coach::Memory::default(),
            storm: storm::StormState::default(),
            sight: None,
            offer: coach::Offer::default(),
            judgement,
            held: held::HeldLists::default(),
            kept_rows: rows::KeptRows::default(),
            quitting: false,
            plan,
        };
        // What ran when the incident was last watched is part of the plan from the start.
        drop(app.follow_checks());
        app
    }

    /// Says which incident this is.
    pub fn greet(&mut self, text: &str) {
        self.say(text);
    }

    /// What to do first.
    pub fn start(&mut self) -> Vec<Effect> {
        if self.read_only {
            return Vec::new();
        }
        let session = self.session;
        self.record_quietly(vec![Event::WatchStarted { session }])
    }

    /// Takes in what happened.
    pub fn update(&mut self, msg: Msg) -> Vec<Effect> {
        let is_input = matches!(msg, Msg::Key(_) | Msg::Paste(_));
        let (shown, on_its_way) = (self.notice.take(), self.outbox.awaited());
        let effects = self.take(msg);
        self.say_what_is_so(shown, on_its_way);
        self.keep_rows();
        if !is_input {
            self.hold(false);
        }
        self.look();
        self.offer.stale();
        if !self.judgement.is_of(&self.incident) {
            self.judgement = Question::of(&self.incident).judge();
        }
        if self.overlay.is_none() && !self.outbox.keys_wait() {
            self.coached.close();
        }
        effects
    }

    fn take(&mut self, msg: Msg) -> Vec<Effect> {
        match msg {
            Msg::Key(key) => self.take_input(input::Input::Key(key)),
            Msg::Paste(text) => self.take_input(input::Input::Paste(text)),
            Msg::Resized(columns, rows) => {
                self.size = (columns, rows);
                Vec::new()
            }
            Msg::Tick(now) => self.tick(now),
            Msg::Polled { query, outcome, at } => {
                self.signals.take(query, outcome, at);
                self.keep_rows();
                self.hold_cursors(query);
                self.watch_storm(query);
                self.observe(query)
            }
            Msg::Recorded(entries) => self.recorded(entries),
            Msg::Rebased(entries) => self.rebased(entries),
            Msg::Confirmed(ids) => self.confirmed(&ids),
            Msg::Unconfirmed => self.unconfirmed(),
            Msg::JournalSays(text) => {
                self.complain(text);
                Vec::new()
            }
            Msg::NotRecorded(drafts, error) => self.not_recorded(drafts, error),
            Msg::Spilled(spilled) => {
                self.outbox.spilled = spilled;
                Vec::new()
            }
            Msg::Synced(unsynced) => {
                self.outbox.unsynced = unsynced;
                Vec::new()
            }
            Msg::CommandEnded(end) => self.command_ended(end),
            Msg::Edited(text) => self.edited(text),
            Msg::BoardRead { path, outcome } => self.board_read(path, outcome),
            Msg::BoardSaved { path, outcome } => {
                self.board_saved(path, outcome);
                Vec::new()
            }
            Msg::Terminate => self.quit(),
        }
    }

    /// Whether the app has asked to end.
    pub fn is_quitting(&self) -> bool {
        self.quitting
    }

    fn tick(&mut self, now: Timestamp) -> Vec<Effect> {
        self.now = now;
        let mut effects = self.observe_time();
        effects.extend(self.retry());
        effects
    }

    /// What was just done is said once the journal has it, everything else at once. `shown` stands there until then.
    fn say_what_is_so(&mut self, shown: Option<Notice>, on_its_way: Option<Id>) {
        let now = self.outbox.awaited();
        if now.is_some()
            && now != on_its_way
            && let Some(early) = self.notice.take_if(|notice| !notice.trouble)
        {
            self.outbox.say_when_confirmed(early);
        }
        let said = self.notice.take().or(shown);
        self.notice = said.filter(|notice| clock::seconds_between(notice.at, self.now) < 6);
    }

    fn say(&mut self, text: impl Into<String>) {
        self.notice = Some(Notice { text: text.into(), trouble: false, at: self.now });
    }

    fn complain(&mut self, text: impl Into<String>) {
        self.notice = Some(Notice { text: text.into(), trouble: true, at: self.now });
    }

    fn draft(&mut self, event: Event) -> Draft {
        Draft { id: self.ids.next(self.now), event }
    }

    /// Ends: what stands in an open field is kept, what a vital has cost is written, the session is closed.
    fn quit(&mut self) -> Vec<Effect> {
        if std::mem::replace(&mut self.quitting, true) {
            return Vec::new();
        }
        // What was typed while the journal was slow counts too.
        let mut effects = Vec::new();
        for input in std::mem::take(&mut self.keys.waiting) {
            drop(self.outbox.stop_waiting());
            effects.extend(self.take_input(input));
        }
        let mut events = Vec::new();
        if !self.read_only {
            events.extend(self.keep_draft());
            events.extend(self.vitals_so_far());
            events.push(Event::WatchStopped { session: self.session, when: None });
        }
        let drafts = events.into_iter().map(|event| self.draft(event)).collect();
        let drafts = self.outbox.submit_with_refused(drafts, self.now);
        if !drafts.is_empty() {
            effects.push(Effect::Record(drafts));
        }
        effects.push(Effect::Quit);
        effects
    }
}
