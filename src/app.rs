//! The running cockpit as a pure function: something happens ([`Msg`]), the state changes, and what is wanted from the
//! outside comes back as data ([`Effect`]).
//!
//! Nothing here performs I/O, waits, or reads a clock; time comes in with [`Msg::Tick`]. Facts about the incident change
//! in one place only: when the journal says they are recorded.

pub mod action;
pub mod clock;
pub mod coach;
mod derived;
pub mod effect;
pub mod evidence;
pub mod keymap;
pub mod msg;
pub mod screen;
pub mod selections;
pub mod session;
pub mod world;

pub mod act;
pub mod assumptions;
pub mod causes;
pub mod commands;
pub mod dialogs;
pub mod drafts;
pub mod input;
pub mod journal;
pub mod outbox;
pub mod task;

pub mod field;
#[cfg(test)]
mod tests;
pub mod view;

use std::sync::Arc;

pub use action::Action;
pub use coach::{Advice, Step};
pub use effect::Effect;
use jiff::{Timestamp, tz::TimeZone};
pub use keymap::Keymap;
pub use msg::{BoardNotSaved, CommandEnd, Msg};
pub use outbox::Outbox;
pub use screen::Screen;
pub use session::Session;
pub use task::{Computed, Task};
pub use world::World;

pub use crate::app::{
    act::{ActItem, Doable, Intent, Ordered, Running},
    screen::{
        ActState,
        board::BoardState,
        learn::{LearnItem, LearnState},
        log::LogState,
        overlay::Overlay,
        watch::WatchState,
    },
    view::View,
    world::{
        recovery::Recovery,
        signals::Signals,
        vitals::{VitalState, Vitals},
    },
};
use crate::{
    app::{
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

/// What is known, read-only: the incident as its journal has it, the world as its sources tell it, and who asks.
///
/// The coach, the evidence and the candidates see this and nothing else: not the screen, not what is on its way to the
/// journal. What follows from the facts is therefore the same whatever is looked at.
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
        let mut ids = Ids::new(setup.seed);
        let watch = ids.next(setup.now);
        let world = World::new(&setup.config, setup.now);
        let screen = Screen::new(&world.plan);
        let session = Session {
            utc: setup.config.utc,
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
        coach::Case { facts: self.facts(), dismissed: &self.coach.memory, view: self.screen.view }
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
        if self.session.read_only {
            return Vec::new();
        }
        let session = self.session.watch;
        self.record_quietly(vec![Event::WatchStarted { session }])
    }

    /// Takes in what happened.
    pub fn update(&mut self, msg: Msg) -> Vec<Effect> {
        let cause = Cause::of(&msg);
        let (shown, on_its_way) = (self.screen.notice.take(), self.outbox.awaited());
        let mut effects = self.take(msg);
        self.say_what_is_so(shown, on_its_way);
        effects.extend(derived::refresh(self, cause));
        effects
    }

    fn take(&mut self, msg: Msg) -> Vec<Effect> {
        match msg {
            Msg::Key(key) => input::take_input(self, type_ahead::Input::Key(key)),
            Msg::Paste(text) => input::take_input(self, type_ahead::Input::Paste(text)),
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
            Msg::Edited(text) => dialogs::note::edited(self, text),
            Msg::BoardRead { path, outcome } => input::board_read(self, path, outcome),
            Msg::BoardSaved { path, outcome } => {
                commands::board_file::board_saved(self, path, outcome);
                Vec::new()
            }
            Msg::Computed(computed) => {
                task::take(self, computed);
                Vec::new()
            }
            Msg::Terminate => self.quit(),
        }
    }

    /// Whether the app has asked to end.
    pub fn is_quitting(&self) -> bool {
        self.session.quitting
    }

    fn tick(&mut self, now: Timestamp) -> Vec<Effect> {
        self.session.now = now;
        let mut effects = transitions::observe_time(self);
        effects.extend(journal::retry(self));
        effects
    }

    /// What was just done is said once the journal has it, everything else at once. `shown` stands there until then.
    fn say_what_is_so(&mut self, shown: Option<Notice>, on_its_way: Option<Id>) {
        let now = self.outbox.awaited();
        if now.is_some()
            && now != on_its_way
            && let Some(early) = self.screen.notice.take_if(|notice| !notice.trouble)
        {
            self.outbox.say_when_confirmed(early);
        }
        let said = self.screen.notice.take().or(shown);
        self.screen.notice = said.filter(|notice| human_time::seconds_between(notice.at, self.session.now) < 6);
    }

    fn say(&mut self, text: impl Into<String>) {
        self.screen.notice = Some(Notice { text: text.into(), trouble: false, at: self.session.now });
    }

    fn complain(&mut self, text: impl Into<String>) {
        self.screen.notice = Some(Notice { text: text.into(), trouble: true, at: self.session.now });
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
            effects.extend(input::take_input(self, input));
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

    /// Records what a person did: later keys wait until it is in the journal, or pending.
    pub(in crate::app) fn record(&mut self, events: Vec<Event>) -> Vec<Effect> {
        if self.session.read_only {
            self.complain("read-only: nothing is written");
            return Vec::new();
        }
        let drafts: Vec<Draft> = events.into_iter().map(|event| self.draft(event)).collect();
        self.record_drafts(drafts)
    }

    /// Records drafts that a person made, some of which may name others of them.
    pub(in crate::app) fn record_drafts(&mut self, drafts: Vec<Draft>) -> Vec<Effect> {
        if drafts.is_empty() {
            return Vec::new();
        }
        if self.session.read_only {
            self.complain("read-only: nothing is written");
            return Vec::new();
        }
        self.world.checks.note(&drafts);
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

    /// The same, saying `text` when nothing was left in it.
    pub(in crate::app) fn ask_with(&mut self, purpose: Purpose, text: &str) {
        if self.session.read_only && !matches!(purpose, Purpose::Filter(_)) {
            return self.complain("read-only: nothing is written");
        }
        let left = match purpose.spec().kept_under {
            KeptUnder::Draft(name) => session::my_draft(self.facts(), &name).map(str::to_owned),
            KeptUnder::Aside(name) => self.screen.left.get(name).cloned(),
            KeptUnder::Nowhere => None,
        };
        let text = left.unwrap_or_else(|| text.to_owned());
        self.screen.overlay = Some(Overlay::Prompt(Prompt::new(purpose, &text)));
    }

    /// Works out what only the next frame needs; to be called before it is drawn.
    pub fn settle(&mut self) {
        derived::before_frame(self);
    }
}
