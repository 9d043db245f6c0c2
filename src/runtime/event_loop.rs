//! The loop: take in what has come, draw once, sleep. Nothing in it waits for anything else.
#![expect(clippy::disallowed_methods, reason = "this is where the time comes from")]

use std::{future::poll_fn, io, task::Poll, time::Duration};

use futures_util::StreamExt;
use jiff::Timestamp;
use ratatui::crossterm::{
    clipboard::CopyToClipboard,
    event::{Event as Input, EventStream, KeyCode, KeyEvent, KeyModifiers},
    execute,
};
use tokio::{
    runtime::Handle,
    signal::unix::{Signal, SignalKind, signal},
    sync::{mpsc, watch},
    time::{Instant, sleep_until},
};

use super::{
    commands, editor, hangup,
    pen::{self, Pen},
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
    /// Where polls and commands run.
    pub sources: Handle,
}

/// What lives only while the loop runs.
struct Running {
    input: Option<EventStream>,
    poller: Poller,
    window: watch::Sender<Window>,
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
                () = signals.any() => Some(Told::Msg(Msg::Terminate)),
                input = next_input(&mut running.input) => self.read(input),
                told = self.inbox.recv() => told,
                () = sleep_until(second) => None,
            };
            self.tick(&mut running);
            if let Some(told) = told {
                self.take(told, &mut running);
            }
            self.take_all_that_came(&mut running).await;
            if Instant::now() >= second {
                second = next_second();
            }
            if !running.done {
                let Self { screen, app, theme, cache, .. } = self;
                terminal::draw(screen, |frame| ui::draw(frame, app, theme, cache));
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
        let mut running = Running { input: Some(EventStream::new()), poller, window, done: false };
        let effects = self.app.start();
        self.carry_out(effects, &mut running);
        if let Some(board) = board {
            let mut ids: Ids = crate::journal::ids();
            self.pen.record(board.drafts(&mut ids, Timestamp::now()));
        }
        running
    }

    fn tick(&mut self, running: &mut Running) {
        let effects = self.app.update(Msg::Tick(Timestamp::now()));
        self.carry_out(effects, running);
    }

    /// Takes in what is there already; waits for nothing.
    async fn take_all_that_came(&mut self, running: &mut Running) {
        for _ in 0..AT_ONCE {
            let told = match input_at_hand(&mut running.input).await {
                Some(input) => self.read(input),
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
    fn read(&mut self, input: Option<io::Result<Input>>) -> Option<Told> {
        Some(Told::Msg(match input {
            Some(Ok(Input::Key(key))) if is_suspend(key) => {
                self.suspend();
                return None;
            }
            Some(Ok(Input::Key(key))) => Msg::Key(key),
            Some(Ok(Input::Paste(text))) => Msg::Paste(text),
            Some(Ok(Input::Resize(columns, rows))) => Msg::Resized(columns, rows),
            Some(Ok(_)) => return None,
            Some(Err(_)) | None => return Some(Told::HungUp),
        }))
    }

    fn take(&mut self, told: Told, running: &mut Running) {
        let effects = match told {
            Told::Msg(msg) => self.app.update(msg),
            Told::Journal(report) => pen::take_report(&mut self.app, report, &mut Vec::new()),
            Told::HungUp => {
                // Reading from a terminal that is gone returns at once, for ever.
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
                    drop(self.sources.spawn(async move {
                        let end = commands::run(mitigation, argv, timeout).await;
                        let _ = sender.send(Told::Msg(Msg::CommandEnded(end)));
                    }));
                }
                Effect::Copy(text) => drop(execute!(io::stdout(), CopyToClipboard::to_clipboard_from(text))),
                Effect::OpenEditor(text) => self.edit(&text, running),
                Effect::Redraw => terminal::redraw(&mut self.screen),
                Effect::Quit => running.done = true,
            }
        }
    }

    /// The editor has the terminal and its keys to itself; polls and the journal go on.
    fn edit(&mut self, text: &str, running: &mut Running) {
        running.input = None;
        terminal::give_back();
        let edited = editor::edit(text);
        self.take_terminal_again();
        running.input = Some(EventStream::new());
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
            terminal::redraw(&mut self.screen);
            self.cache = ui::Cache::default();
        }
    }
}

/// The signals that ask for an end.
struct Signals {
    terminate: Signal,
    hangup: Signal,
    interrupt: Signal,
}

impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn any(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.hangup.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

async fn next_input(input: &mut Option<EventStream>) -> Option<io::Result<Input>> {
    match input {
        Some(input) => input.next().await,
        None => std::future::pending().await,
    }
}

/// What the terminal has sent already. The stream remembers one waker, the first that found it empty: it must be this
/// task's own, or the next key would not wake the loop.
async fn input_at_hand(input: &mut Option<EventStream>) -> Option<Option<io::Result<Input>>> {
    let input = input.as_mut()?;
    poll_fn(|context| match input.poll_next_unpin(context) {
        Poll::Ready(input) => Poll::Ready(Some(input)),
        Poll::Pending => Poll::Ready(None),
    })
    .await
}

fn is_suspend(key: KeyEvent) -> bool {
    key.code == KeyCode::Char('z') && key.modifiers == KeyModifiers::CONTROL
}

/// When the clock on the screen changes next.
fn next_second() -> Instant {
    let into = Timestamp::now().subsec_nanosecond().max(0).unsigned_abs();
    Instant::now() + Duration::from_nanos(u64::from(1_000_000_000 - into.min(999_999_999))) + Duration::from_millis(2)
}
