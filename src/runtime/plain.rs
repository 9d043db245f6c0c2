//! Sentences as a front end: what is new is written to standard output, below what was written before, and lines are read
//! from standard input. Neither has to be a terminal.
//!
//! Both may wait, so each has a thread: a pipe that nobody reads holds up nothing but what would go through it.

use std::{
    io::{self, BufRead, IsTerminal, Write},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc as blocking,
    },
    thread,
    time::Duration,
};

use tokio::{
    sync::mpsc,
    time::{Instant, sleep},
};

use super::{
    front_end::{FrontEnd, Typed},
    told::{Parting, Told},
};
use crate::{
    app::{App, Page, mouse::Under},
    base::text,
    ui::plain::Speaker,
};

/// Lines that are read before they are taken.
const AHEAD: usize = 16;
/// The longest line that is taken whole, in bytes.
const LONGEST: usize = 1 << 20;
/// How long until it is looked again whether all was written.
const AGAIN: Duration = Duration::from_millis(20);
/// How long the last words may take.
const PATIENCE: Duration = Duration::from_secs(1);
/// Said where a line is awaited from a person.
const PROMPT: &str = "> ";

/// Standard input and output.
pub struct Plain {
    speaker: Speaker,
    out: Out,
    /// Whether a person types, and sees what they type.
    is_typed: bool,
    /// The prompt stands at the beginning of the line, and nothing was taken behind it yet.
    is_prompted: bool,
    /// Lines typed when it was last prompted.
    lines_typed: Option<u64>,
}

impl Plain {
    /// On the standard input and output of this process.
    pub fn new() -> io::Result<Self> {
        let is_typed = io::stdin().is_terminal() && io::stdout().is_terminal();
        Ok(Self { speaker: Speaker::default(), out: Out::start()?, is_typed, is_prompted: false, lines_typed: None })
    }

    fn put(&mut self, app: &App, lines: &[String]) {
        let has_typed = self.lines_typed != Some(app.screen.lines_typed);
        // What a line came to is on its way while the journal has not answered.
        if lines.is_empty() && (!has_typed || app.outbox.keys_wait()) {
            return;
        }
        self.lines_typed = Some(app.screen.lines_typed);
        let mut said = String::new();
        // What a person has begun to type is theirs, and still counts; the words begin below it.
        if self.is_prompted && !has_typed {
            said.push('\n');
        }
        for line in lines {
            said += line;
            said.push('\n');
        }
        if self.is_typed && !app.session.quitting {
            said += PROMPT;
        }
        self.is_prompted = self.is_typed;
        self.out.put(said);
    }
}

impl FrontEnd for Plain {
    const READS_LINES: bool = true;

    /// As if all could be shown: nothing is cut.
    fn size(&self) -> (u16, u16) {
        (1_000, 1_000)
    }

    fn read(&mut self, told: mpsc::UnboundedSender<Told>) -> Typed {
        self.out.tell(told);
        let (into, lines) = mpsc::channel(AHEAD);
        // Without a thread the sender is dropped, which reads as an input that has ended.
        drop(thread::Builder::new().name("lines".into()).spawn(move || {
            while let Some(line) = next_line() {
                if into.blocking_send(line).is_err() {
                    break;
                }
            }
        }));
        Typed::Lines(lines)
    }

    fn go_on(&mut self, told: mpsc::UnboundedSender<Told>) {
        self.out.tell(told);
        self.speaker = Speaker::default();
    }

    fn show(&mut self, app: &App, _whole: bool) -> Duration {
        let begun = Instant::now();
        let lines = self.speaker.hear(app);
        let made = begun.elapsed();
        self.put(app, &lines);
        made
    }

    fn say(&mut self, app: &App, page: Page) {
        let mut lines = self.speaker.hear(app);
        lines.extend(self.speaker.page(app, page));
        self.put(app, &lines);
    }

    fn part(&mut self, app: &App) {
        self.is_prompted = false;
        self.show(app, false);
    }

    fn is_ready(&self) -> bool {
        self.out.is_done()
    }

    async fn takes_more(&self) {
        match self.out.is_done() {
            true => std::future::pending().await,
            false => sleep(AGAIN).await,
        }
    }

    fn copy(&mut self, _text: &str) {}

    fn leave(&mut self) {}

    fn come_back(&mut self, _mouse: bool) -> io::Result<()> {
        Ok(())
    }

    /// Lines are read, not pointed at.
    fn under(&mut self, _app: &App, _at: (u16, u16)) -> Under {
        Under::default()
    }

    fn capture_mouse(&mut self, _mouse: bool) {}

    fn pause(&mut self, _paused: bool) {}
}

/// A line without its end, or what stands behind the last one; `None` when there will be no more.
fn next_line() -> Option<String> {
    let mut bytes = Vec::new();
    let mut input = io::stdin().lock();
    loop {
        let read = match input.fill_buf() {
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(_) => return None,
        };
        let end = read.iter().position(|byte| *byte == b'\n');
        let taken = end.unwrap_or(read.len());
        let room = LONGEST.saturating_sub(bytes.len()).min(taken);
        bytes.extend_from_slice(&read[..room]);
        let (consumed, is_over) = (end.map_or(taken, |at| at + 1), read.is_empty());
        input.consume(consumed);
        if end.is_some() || (is_over && !bytes.is_empty()) {
            return Some(text::line(&String::from_utf8_lossy(&bytes)).into_owned());
        }
        if is_over {
            return None;
        }
    }
}

/// What is written, by a thread of its own.
struct Out {
    into: blocking::Sender<String>,
    /// Texts that are not written yet.
    waiting: Arc<AtomicUsize>,
    parting: Parting,
}

impl Out {
    fn start() -> io::Result<Self> {
        let (into, texts) = blocking::channel::<String>();
        let parting = Parting::default();
        let gone = parting.clone();
        let waiting = Arc::<AtomicUsize>::default();
        let left = Arc::clone(&waiting);
        thread::Builder::new().name("sentences".into()).spawn(move || {
            for text in texts {
                let mut out = io::stdout().lock();
                let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
                left.fetch_sub(1, Ordering::SeqCst);
                if written.is_err() {
                    break;
                }
            }
            // Nobody reads any more: what comes is not held back, and the loop ends.
            left.store(0, Ordering::SeqCst);
            gone.is_now();
        })?;
        Ok(Self { into, waiting, parting })
    }

    /// Says to whom it is told that nobody reads any more.
    fn tell(&self, told: mpsc::UnboundedSender<Told>) {
        self.parting.tell(told);
    }

    fn put(&self, text: String) {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        if self.into.send(text).is_err() {
            self.waiting.store(0, Ordering::SeqCst);
        }
    }

    fn is_done(&self) -> bool {
        self.waiting.load(Ordering::SeqCst) == 0
    }
}

impl Drop for Out {
    fn drop(&mut self) {
        let begun = Instant::now();
        while !self.is_done() && begun.elapsed() < PATIENCE {
            thread::sleep(AGAIN);
        }
    }
}
