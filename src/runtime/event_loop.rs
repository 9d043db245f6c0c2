//! The loop: take in what has come, draw once, sleep. Nothing in it waits for anything else.
#![expect(clippy::disallowed_methods, reason = "this is where the time comes from")]

use std::{io, time::Duration};

use jiff::Timestamp;
use ratatui::crossterm::{
    clipboard::CopyToClipboard,
    event::{Event as Input, KeyCode, KeyEvent, KeyModifiers},
    execute,
};
use tokio::{
    runtime::Handle,
    signal::unix::{Signal, SignalKind, signal},
    sync::{mpsc, watch},
    time::{Instant, sleep_until},
};

use super::{
    commands::Commands,
    editor, hangup,
    keys::Keys,
    pen::Pen,
    terminal::{self, Screen},
};
use crate::{
    app::{App, Effect, Msg},
    incident::{Ids, board::file::BoardFile},
    journal::writer::Report,
    signal::Window,
    source::Poller,
    ui::{self, Theme},
};

/// Messages taken in before a frame is drawn, at the most.
const AT_ONCE: usize = 512;

/// What the loop is told by other threads.
#[derive(Debug)]
pub enum Told {
    /// Something for the app.
    Msg(Msg),
    /// What became of the journal.
    Journal(Report),
    /// The thread that writes the journal has panicked.
    PenBroke,
    /// The terminal is gone.
    HungUp,
}

/// Everything the loop needs.
pub struct EventLoop {
    /// The cockpit.
    pub app: App,
    /// Its colours.
    pub theme: Theme,
    /// Where it is drawn.
    pub screen: Screen,
    /// What has been drawn.
    pub cache: ui::Cache,
    /// What writes the journal.
    pub pen: Pen,
    /// For those who tell the loop something.
    pub sender: mpsc::UnboundedSender<Told>,
    /// What they told.
    pub inbox: mpsc::UnboundedReceiver<Told>,
    /// The team's own commands that run.
    pub commands: Commands,
    /// Where polls and commands run.
    pub sources: Handle,
}

/// What lives only while the loop runs.
struct Running {
    keys: Keys,
    /// What the terminal sends, until it is gone.
    input: Option<mpsc::UnboundedReceiver<Input>>,
    poller: Poller,
    window: watch::Sender<Window>,
    /// The next frame is sent whole: what the terminal holds is not known.
    whole: bool,
    done: bool,
}

impl EventLoop {
    /// Runs until the app wants to end.
    pub async fn run(&mut self, board: Option<&BoardFile>) {
        let Ok(mut signals) = Signals::new() else { return };
        let mut running = self.start(board);
        let mut second = next_second();
        while !running.done {
            let told = tokio::select! {
                biased;
                msg = signals.next() => Some(Told::Msg(msg)),
                input = next_input(&mut running.input) => self.read(input),
                told = self.inbox.recv() => told,
                () = sleep_until(second) => None,
            };
            self.tick(&mut running);
            if let Some(told) = told {
                self.take(told, &mut running);
            }
            self.take_all_that_came(&mut running);
            if Instant::now() >= second {
                second = next_second();
            }
            if !running.done {
                let Self { screen, app, theme, cache, .. } = self;
                let whole = std::mem::take(&mut running.whole);
                terminal::draw(screen, whole, |frame| ui::draw(frame, app, theme, cache));
            }
        }
    }

    fn start(&mut self, board: Option<&BoardFile>) -> Running {
        let sender = self.sender.clone();
        hangup::watch(move || drop(sender.send(Told::HungUp)));
        let (window, windows) = watch::channel(self.app.window);
        let sender = self.sender.clone();
        let deliver = move |polled: crate::source::Polled| {
            let msg = Msg::Polled { query: polled.query, outcome: polled.outcome, at: polled.at };
            let _ = sender.send(Told::Msg(msg));
        };
        let poller = {
            let _inside = self.sources.enter();
            Poller::start(&self.app.config, &self.app.plan, windows, deliver)
        };
        let (keys, input) = mpsc::unbounded_channel();
        let mut running =
            Running { keys: Keys::read(keys), input: Some(input), poller, window, whole: false, done: false };
        let effects = self.app.start();
        self.carry_out(effects, &mut running);
        if let Some(board) = board {
            let mut ids: Ids = crate::journal::ids();
            // A cockpit that is started again with the same words finds the board there.
            self.pen.record(board.drafts_missing(&self.app.incident.board, &mut ids, Timestamp::now()));
        }
        running
    }

    fn tick(&mut self, running: &mut Running) {
        let effects = self.app.update(Msg::Tick(Timestamp::now()));
        self.carry_out(effects, running);
    }

    fn take_all_that_came(&mut self, running: &mut Running) {
        for _ in 0..AT_ONCE {
            let input = running.input.as_mut().and_then(|input| input.try_recv().ok());
            let told = match input {
                Some(input) => self.read(Some(input)),
                None => match self.inbox.try_recv() {
                    Ok(told) => Some(told),
                    Err(_) => break,
                },
            };
            if let Some(told) = told {
                self.take(told, running);
            }
        }
    }

    /// From what the terminal sent to a message.
    fn read(&mut self, input: Option<Input>) -> Option<Told> {
        Some(Told::Msg(match input {
            Some(Input::Key(key)) if is_suspend(key) => {
                self.suspend();
                return None;
            }
            Some(Input::Key(key)) => Msg::Key(key),
            Some(Input::Paste(text)) => Msg::Paste(text),
            // Its size comes by a signal; it is only read here when a key comes.
            Some(_) => return None,
            None => return Some(Told::HungUp),
        }))
    }

    fn take(&mut self, told: Told, running: &mut Running) {
        let effects = match told {
            Told::Msg(msg) => {
                // A terminal that was small and is as large as before has lost what it held meanwhile.
                running.whole |= matches!(msg, Msg::Resized(..));
                self.app.update(msg)
            }
            Told::Journal(report) => self.pen.take(&mut self.app, report),
            Told::PenBroke => {
                let lost = self.pen.pending().to_vec();
                let why = "what writes the journal has failed, which is a bug".to_owned();
                let effects = self.app.update(Msg::NotRecorded(lost, why));
                self.carry_out(effects, running);
                self.app.update(Msg::Terminate)
            }
            Told::HungUp => {
                running.input = None;
                self.app.update(Msg::Terminate)
            }
        };
        self.carry_out(effects, running);
    }

    fn carry_out(&mut self, effects: Vec<Effect>, running: &mut Running) {
        for effect in effects {
            match effect {
                Effect::Record(drafts) => self.pen.record(drafts),
                Effect::PollNow => running.poller.poll_now(),
                Effect::SetWindow(window) => drop(running.window.send(window)),
                Effect::RunCommand { mitigation, argv, timeout } => {
                    let sender = self.sender.clone();
                    let ended = move |end| drop(sender.send(Told::Msg(Msg::CommandEnded(end))));
                    self.commands.start(&self.sources, mitigation, argv, timeout, ended);
                }
                Effect::Copy(text) => drop(execute!(io::stdout(), CopyToClipboard::to_clipboard_from(text))),
                Effect::OpenEditor(text) => self.edit(&text, running),
                Effect::Redraw => running.whole = true,
                Effect::Quit => running.done = true,
            }
        }
    }

    /// The editor has the terminal and its keys to itself; polls and the journal go on.
    fn edit(&mut self, text: &str, running: &mut Running) {
        running.keys.pause();
        terminal::give_back();
        let edited = editor::edit(text);
        self.take_terminal_again();
        running.keys.resume();
        let _ = self.sender.send(Told::Msg(Msg::Edited(edited)));
    }

    /// Ctrl-Z: back to the shell until `fg`.
    fn suspend(&mut self) {
        terminal::give_back();
        let _ = rustix::process::kill_current_process_group(rustix::process::Signal::TSTP);
        self.take_terminal_again();
    }

    fn take_terminal_again(&mut self) {
        if let Ok(screen) = terminal::take() {
            self.screen = screen;
            self.cache = ui::Cache::default();
        }
    }
}

/// The signals that ask for an end, and the one that says the terminal's size has changed.
struct Signals {
    terminate: Signal,
    hangup: Signal,
    interrupt: Signal,
    resized: Signal,
}

impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
            interrupt: signal(SignalKind::interrupt())?,
            resized: signal(SignalKind::window_change())?,
        })
    }

    async fn next(&mut self) -> Msg {
        tokio::select! {
            _ = self.terminate.recv() => Msg::Terminate,
            _ = self.hangup.recv() => Msg::Terminate,
            _ = self.interrupt.recv() => Msg::Terminate,
            _ = self.resized.recv() => {
                let (columns, rows) = terminal::size();
                Msg::Resized(columns, rows)
            }
        }
    }
}

async fn next_input(input: &mut Option<mpsc::UnboundedReceiver<Input>>) -> Option<Input> {
    match input {
        Some(input) => input.recv().await,
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
