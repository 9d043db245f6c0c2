//! The loop: take in what has come, draw once, sleep. Nothing in it waits for anything else.
#![expect(clippy::disallowed_methods, reason = "this is where the time comes from")]

mod effects;
mod switch;
pub mod threads;

use std::{collections::HashMap, path::PathBuf, sync::Arc, time::Duration};

use jiff::Timestamp;
use ratatui::crossterm::event::{Event as Input, KeyCode, KeyEvent, KeyModifiers, MouseEvent};
pub use switch::Before;
use tokio::{
    runtime::Handle,
    sync::{mpsc, watch},
    task::{AbortHandle, JoinSet},
    time::{Instant, sleep_until},
};

use super::{
    editor::Editor,
    front_end::{FrontEnd, Given, Typed},
    incidents::Incidents,
    journal_link::JournalLink,
    lane::Lane,
    log_file::{self, Level, Log},
    memory::{self, HighWater},
    mitigation_commands::Commands,
    open::Opened,
    panics::{Place, rehearse},
    polls::Polls,
    signals::{Caught, Signals},
    told::Told,
    tty::{burst::Burst, inputs::Pointed},
};
use crate::{
    app::{App, Effect, Mouse, Msg, Overlay},
    dashboard::{QueryContext, QueryId, Subscriptions},
    incident::board::file::BoardFile,
    source::{Poller, Registry},
};

/// Messages taken in before a frame is drawn, at the most.
const AT_ONCE: usize = 512;

/// Things in a reading that are many.
const MANY: usize = 1_000;

/// After so long a frame is drawn even when more has come: a storm must not hold up what a key has changed.
const SLICE: Duration = Duration::from_millis(8);

/// Answers that come within this time after one that was shown wait for the next frame. Keys never wait.
const SHARE_A_FRAME: Duration = Duration::from_millis(50);

/// What takes longer than this is felt, and is said in the log.
const FELT: Duration = Duration::from_millis(50);

/// How long after the editor was closed an interrupt is still the editor's.
const MEANT_FOR_IT: Duration = Duration::from_millis(200);

/// How long lines wait for an incident that is being opened.
const HELD: Duration = Duration::from_secs(10);

/// Said of what was done aside and panicked.
const FAILED: &str = "it failed, which is a bug";

/// The loop and all that it drives.
pub struct EventLoop<F> {
    /// The state of the cockpit; only the loop changes it.
    pub app: App,
    /// What the person sits before.
    pub front: F,
    /// What writes the journal.
    pub link: JournalLink,
    /// For those who tell the loop something.
    pub sender: mpsc::UnboundedSender<Told>,
    /// The other end of `sender`.
    pub inbox: mpsc::UnboundedReceiver<Told>,
    /// The team's own commands that run.
    pub commands: Commands,
    /// Where what takes long is worked out.
    pub lane: Lane,
    /// Files that are being read or written.
    pub asides: JoinSet<()>,
    /// Where polls and commands run.
    pub sources: Handle,
    /// Lines for bug reports.
    pub log: Log,
    /// The other incidents.
    pub incidents: Incidents,
    /// The folder of this one.
    pub folder: PathBuf,
    /// What was left of those before.
    pub before: Before,
    /// When another incident was asked for, until it is gone to or could not be opened.
    pub opening: Option<Instant>,
    /// The reason the loop ended, in words for the log; `None` while it runs.
    pub ended_by: Option<&'static str>,
}

/// What lives only while the loop runs.
struct Running {
    typed: Typed,
    burst: Burst,
    /// Has the terminal to itself while it is open: nothing is read, nothing is drawn.
    editor: Option<Editor>,
    /// When it was last closed.
    edited: Option<Instant>,
    poller: Poller,
    /// The sources it asks.
    registry: Registry,
    /// What the log is told of them.
    poll_log: log_file::Polls,
    polls: Polls,
    /// How much each query has brought.
    held: HighWater<QueryId>,
    memory: memory::Reports,
    /// What polls bring is not taken in before: answers that come one after the other share a frame.
    polls_from: Instant,
    context: watch::Sender<QueryContext>,
    /// Went to the background by itself; that it goes on is told by a signal as well.
    suspended: bool,
    /// The next frame is sent whole: what the terminal holds is not known.
    whole: bool,
    /// Another incident, until it is gone to.
    opened: Option<Box<Opened>>,
    /// Board files that are being read or written for this incident.
    board_files: usize,
    /// Changes at sources that have not been answered.
    writes: usize,
    /// The dashboards that are being opened, by their places.
    opening: HashMap<usize, AbortHandle>,
    /// To be ended as soon as the editor is closed.
    ending: bool,
    done: bool,
}

impl<F: FrontEnd> EventLoop<F> {
    /// Carries out what the app has asked for so far, and runs until it wants to end.
    pub async fn run(&mut self, begun: Vec<Effect>, board: Option<(String, BoardFile)>, mut signals: Signals) {
        let mut running = self.start(begun, board);
        let mut second = next_second();
        while !running.done || running.editor.is_some() {
            let told = tokio::select! {
                biased;
                caught = signals.next() => self.caught(caught, &mut running),
                text = closed(&mut running.editor) => Some(Told::Edited(text)),
                input = running.typed.next(), if self.listens(&running) => self.read(input, &mut running),
                told = self.inbox.recv() => told,
                () = polls_due(&running.polls, running.polls_from) => None,
                () = overdue(self.link.overdue_at()) => None,
                () = self.front.takes_more(), if running.editor.is_none() => None,
                () = sleep_until(second) => None,
            };
            let woken = Instant::now();
            self.tick(&mut running);
            if let Some(told) = told {
                self.take(told, &mut running);
            }
            self.take_all_that_came(&mut running);
            self.switch_when_free(&mut running);
            self.say_if_felt("took in what came", woken.elapsed());
            if Instant::now() >= second {
                second = next_second();
            }
            if !running.done && running.editor.is_none() && self.front.is_ready() {
                self.show(std::mem::take(&mut running.whole));
            }
        }
        if let Some(opened) = running.opened.take() {
            self.before.not_gone_to = Some(opened.id);
        }
    }

    /// Shows what is new; with `whole`, nothing is taken to be there already.
    fn show(&mut self, whole: bool) {
        rehearse(Place::Draw, &self.app.session.config);
        self.app.prepare_frame();
        let begun = Instant::now();
        let made = self.front.show(&self.app, whole);
        self.say_if_felt("drew a frame", made);
        self.say_if_felt("sent a frame to the terminal", begun.elapsed() - made);
    }

    fn say_if_felt(&self, what: &str, took: Duration) {
        if took > FELT {
            self.log.say(Level::Warn, "slow", format!("{what} in {} ms", took.as_millis()));
        }
    }

    fn start(&mut self, begun: Vec<Effect>, board: Option<(String, BoardFile)>) -> Running {
        let (context, contexts) = watch::channel(QueryContext::of(self.app.world.window));
        let polls = Polls::default();
        let poll_log = log_file::Polls::new(self.log.clone(), &self.app.session.config, &self.app.world.plan);
        let registry = Registry::of(&self.app.session.config);
        let poller = {
            let _inside = self.sources.enter();
            let (into, said) = (polls.clone(), poll_log.clone());
            let mut poller = Poller::start(&registry, contexts, move |polled| {
                rehearse(Place::Task, &polled);
                said.polled(&polled);
                into.put(polled);
            });
            poller.apply(&self.app.world.subscriptions.changes_from(&Subscriptions::default()));
            poller
        };
        let mut running = Running {
            typed: self.front.read(self.sender.clone()),
            burst: Burst::default(),
            poller,
            registry,
            poll_log,
            context,
            suspended: false,
            whole: false,
            done: false,
            editor: None,
            edited: None,
            polls,
            held: HighWater::default(),
            memory: memory::Reports::from(Instant::now()),
            polls_from: Instant::now(),
            opened: None,
            board_files: 0,
            writes: 0,
            opening: HashMap::new(),
            ending: false,
        };
        self.follow_runbooks();
        self.carry_out(begun, &mut running);
        let effects = self.app.start();
        self.carry_out(effects, &mut running);
        if let Some((path, board)) = board {
            let outcome = Ok(Arc::new(board));
            let effects = self.app.update(Msg::BoardRead { path, outcome });
            self.carry_out(effects, &mut running);
        }
        running
    }

    fn tick(&mut self, running: &mut Running) {
        let effects = self.app.update(Msg::Tick(Timestamp::now()));
        self.carry_out(effects, running);
        running.memory.say(&self.log, Instant::now(), self.app.session.config.max_memory);
        let effects = self.link.tell_overdue(&mut self.app, Instant::now());
        self.carry_out(effects, running);
    }

    fn take_all_that_came(&mut self, running: &mut Running) {
        let begun = Instant::now();
        let polls_are_due = begun >= running.polls_from;
        for _ in 0..AT_ONCE {
            if begun.elapsed() > SLICE {
                break;
            }
            let listens = self.listens(running);
            let told = if let Some(input) = listens.then(|| running.typed.at_hand()).flatten() {
                self.read(Some(input), running)
            } else if let Ok(told) = self.inbox.try_recv() {
                Some(told)
            } else if polls_are_due && let Some(polled) = running.polls.take() {
                running.polls_from = Instant::now() + SHARE_A_FRAME;
                Some(Told::Msg(polled))
            } else {
                break;
            };
            if let Some(told) = told {
                self.take(told, running);
            }
        }
    }

    /// From a signal to a message.
    fn caught(&mut self, caught: Caught, running: &mut Running) -> Option<Told> {
        let editing = running.editor.is_some();
        // Ctrl-C in the editor is meant for the editor, and reaches all that share the terminal; that it came may be told
        // when the editor has just been closed.
        let is_for_editor = editing || running.edited.is_some_and(|closed| closed.elapsed() < MEANT_FOR_IT);
        self.ended_by = self.ended_by.or(caught.ends(is_for_editor));
        Some(Told::Msg(match caught {
            Caught::Interrupt if is_for_editor => return None,
            Caught::Interrupt | Caught::Terminate | Caught::HangUp => Msg::Terminate,
            Caught::Resized => {
                let (columns, rows) = self.front.size();
                Msg::Resized(columns, rows)
            }
            Caught::Continued => {
                // Stopped from outside: whoever had the terminal meanwhile has left it in another state.
                if !std::mem::take(&mut running.suspended) && !editing {
                    self.front.leave();
                    self.take_terminal_again();
                }
                return None;
            }
        }))
    }

    /// Whether what is typed is taken now. A line waits for what the one before it has come to, and to be said; a key is
    /// kept by the app.
    fn listens(&self, running: &Running) -> bool {
        match running.typed {
            // A line behind the wish for another incident is meant for that one.
            Typed::Lines(_) => {
                let is_free = running.opened.is_none() || self.app.screen.overlay.is_none();
                let is_between = is_free && self.opening.is_some_and(|asked| asked.elapsed() < HELD);
                !is_between && !self.app.outbox.keys_wait() && self.front.is_ready()
            }
            Typed::Keys(_) | Typed::Nothing => running.editor.is_none(),
        }
    }

    /// From what was typed to a message.
    fn read(&mut self, input: Option<Given>, running: &mut Running) -> Option<Told> {
        let input = match input {
            Some(Given::Line(line)) => return Some(Told::Msg(Msg::Line(line))),
            Some(Given::Event(event)) => Some(event),
            None => None,
        };
        Some(Told::Msg(match input {
            Some(Input::Key(key)) if is_suspend(key) => {
                running.suspended = true;
                self.suspend();
                return None;
            }
            Some(Input::Key(key)) => {
                let typing = self.app.screen.overlay.as_ref().is_some_and(Overlay::is_typing);
                match running.burst.ends_line(key, typing, running.typed.waiting(), Instant::now().into_std()) {
                    true => Msg::Paste("\n".into()),
                    false => Msg::Key(key),
                }
            }
            Some(Input::Paste(text)) => Msg::Paste(text),
            Some(Input::Mouse(event)) => Msg::Mouse(self.pointed(event, running)?),
            // Its size comes by a signal; it is only read here when a key comes.
            Some(_) => return None,
            None => return Some(Told::HungUp),
        }))
    }

    /// From what the terminal says of the mouse to what was done, and at what; `None` when it is nothing to us.
    fn pointed(&mut self, event: MouseEvent, running: &mut Running) -> Option<Mouse> {
        let pointed = running.typed.merged(Pointed::of(event)?);
        let Pointed { gesture, at } = pointed;
        // What was on its way when the mouse was left to the terminal.
        let under = self.app.session.mouse.then(|| self.front.under(&self.app, at))?;
        Some(Mouse { gesture, at, under })
    }

    fn take(&mut self, told: Told, running: &mut Running) {
        rehearse(Place::Update, &told);
        let is_line = matches!(told, Told::Msg(Msg::Line(_)));
        let effects = match told {
            Told::Msg(Msg::Terminate) => self.app_ends(running),
            Told::Msg(msg) => {
                // A terminal that was small and is as large as before has lost what it held meanwhile.
                if let Msg::Resized(columns, rows) = msg {
                    running.whole = true;
                    self.log.say(Level::Info, "screen", format!("{columns}x{rows}"));
                }
                if let Msg::Polled { query, outcome: Ok(reading), .. } = &msg
                    && running.held.has_ebbed(*query, reading.data.items())
                {
                    memory::give_back_soon();
                }
                if let Msg::Polled { outcome: Err(fault), .. } = &msg
                    && fault.lacks_room()
                {
                    memory::give_back_soon();
                }
                match &msg {
                    Msg::IncidentNotOpened(_) => self.opening = None,
                    Msg::Written { .. } => running.writes = running.writes.saturating_sub(1),
                    Msg::BoardRead { .. } | Msg::BoardSaved { .. } => {
                        running.board_files = running.board_files.saturating_sub(1);
                    }
                    _ => {}
                }
                let replaced = replaced_by(&self.app, &msg);
                let effects = self.app.update(msg);
                // To let go of tens of thousands of alerts takes longer than a frame.
                drop(replaced.map(|reading| self.sources.spawn_blocking(move || drop(reading))));
                effects
            }
            Told::Journal => {
                let (effects, broken) = self.link.take(&mut self.app);
                if self.link.has_more() {
                    // Keys come first.
                    let _ = self.sender.send(Told::Journal);
                }
                if !broken {
                    return self.carry_out(effects, running);
                }
                self.carry_out(effects, running);
                self.ended_by.get_or_insert("a panic of what writes the journal");
                let lost = self.app.outbox.unwritten().cloned().collect();
                let why = "what writes the journal has failed, which is a bug".to_owned();
                let effects = self.app.update(Msg::NotRecorded(lost, why));
                self.carry_out(effects, running);
                self.app_ends(running)
            }
            Told::Opened(opened) => {
                running.opened = Some(opened);
                return;
            }
            Told::HungUp => {
                running.typed = Typed::Nothing;
                self.ended_by.get_or_insert("the terminal, which is gone");
                self.app_ends(running)
            }
            Told::Edited(text) => {
                drop(running.editor.take());
                running.edited = Some(Instant::now());
                self.take_terminal_again();
                self.front.pause(false);
                let effects = self.app.update(Msg::Edited(text));
                self.carry_out(effects, running);
                // What was asked for meanwhile; by now the text is in its field.
                if std::mem::take(&mut running.ending) { self.app.update(Msg::Terminate) } else { Vec::new() }
            }
        };
        self.carry_out(effects, running);
        // What one line came to is said before the next one is taken.
        if is_line && !running.done && self.front.is_ready() {
            self.show(false);
        }
    }

    /// The end was asked for from outside. An editor is closed first, so that its text is kept.
    fn app_ends(&mut self, running: &mut Running) -> Vec<Effect> {
        match &mut running.editor {
            Some(editor) => {
                running.ending = true;
                editor.ask_to_end();
                Vec::new()
            }
            None => self.app.update(Msg::Terminate),
        }
    }

    /// Ctrl-Z: back to the shell until `fg`.
    fn suspend(&mut self) {
        self.front.leave();
        let _ = rustix::process::kill_current_process_group(rustix::process::Signal::TSTP);
        self.take_terminal_again();
    }

    fn take_terminal_again(&mut self) {
        if self.front.come_back(self.app.session.mouse).is_ok() {
            self.show(true);
        }
    }
}

/// The reading that this message replaces, if that is a large one.
fn replaced_by(app: &App, msg: &Msg) -> Option<impl Send + use<>> {
    let Msg::Polled { query, outcome: Ok(_), .. } = msg else { return None };
    let reading = app.world.signals.slot(*query)?.good.as_ref()?;
    (reading.data.items() > MANY).then(|| Arc::clone(reading))
}

/// Waits until the editor is closed; for ever when there is none.
async fn closed(editor: &mut Option<Editor>) -> Result<String, String> {
    match editor {
        Some(editor) => editor.closed().await,
        None => std::future::pending().await,
    }
}

fn is_suspend(key: KeyEvent) -> bool {
    key.code == KeyCode::Char('z') && key.modifiers == KeyModifiers::CONTROL
}

/// When the clock on the screen changes next.
fn next_second() -> Instant {
    let into = Timestamp::now().subsec_nanosecond().max(0).unsigned_abs();
    Instant::now() + Duration::from_nanos(u64::from(1_000_000_000 - into.min(999_999_999))) + Duration::from_millis(2)
}

/// Waits until the journal has taken too long; for ever when it has answered all.
async fn overdue(at: Option<Instant>) {
    match at {
        Some(at) => sleep_until(at).await,
        None => std::future::pending().await,
    }
}

async fn polls_due(polls: &Polls, from: Instant) {
    polls.ready().await;
    sleep_until(from).await;
}
