//! A program in a terminal of its own, measured from outside.
//!
//! Every piece of output is stamped right after the read that brought it, in a thread that does nothing else. What the
//! terminal shows is worked out later, in [`Session::feed`], never within a time that counts.

use std::{
    io::{Read, Write},
    num::NonZeroU16,
    sync::mpsc::{self, Receiver, RecvTimeoutError},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use portable_pty::{CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};

pub const COLUMNS: u16 = 200;
pub const ROWS: u16 = 60;

/// Pieces of a frame that is not marked as one come this close to each other.
const PIECES: Duration = Duration::from_millis(3);
/// After this much silence all of a reply has come.
const SETTLED: Duration = Duration::from_millis(25);

struct Piece {
    at: Instant,
    bytes: Vec<u8>,
}

/// A program that runs. It is killed when this is dropped.
pub struct Session {
    pub pid: u32,
    /// Right before it was started.
    pub began: Instant,
    ended: Option<JoinHandle<Instant>>,
    output: Receiver<Piece>,
    input: Box<dyn Write + Send>,
    _master: Box<dyn MasterPty + Send>,
    pieces: Vec<Piece>,
    /// How many of them the screen has been told.
    fed: usize,
    screen: vt100::Parser,
    /// Whether it says where its frames begin and end.
    marks_frames: bool,
    /// A number that is read off the screen after every piece of output.
    pub reads: Option<fn(&vt100::Screen) -> Option<usize>>,
    /// When it came to be what, in order.
    pub readings: Vec<(Instant, usize)>,
}

/// What a key came to.
pub struct Reply {
    /// From writing the key to the last byte of the frame that shows it.
    pub took: Duration,
    /// All bytes until silence.
    pub bytes: usize,
}

/// A command with nothing of the environment but what a terminal program needs, at home in `folder`.
pub fn command(program: &std::path::Path, args: &[&str], folder: &std::path::Path) -> CommandBuilder {
    let mut command = CommandBuilder::new(program);
    command.args(args);
    command.env_clear();
    command.cwd(folder);
    for name in ["HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR"] {
        command.env(name, folder);
    }
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.env("TERM", "xterm-256color");
    command.env("COLORTERM", "truecolor");
    command
}

impl Session {
    pub fn start(command: CommandBuilder) -> Self {
        let size = PtySize { rows: ROWS, cols: COLUMNS, pixel_width: 0, pixel_height: 0 };
        let pty = native_pty_system().openpty(size).expect("a terminal");
        let mut reader = pty.master.try_clone_reader().expect("a reader");
        let input = pty.master.take_writer().expect("a writer");
        let (pieces, output) = mpsc::channel();
        thread::spawn(move || {
            let mut piece = [0; 1 << 16];
            while let Ok(count @ 1..) = reader.read(&mut piece) {
                let at = Instant::now();
                if pieces.send(Piece { at, bytes: piece[..count].to_vec() }).is_err() {
                    break;
                }
            }
        });
        let began = Instant::now();
        let mut child = pty.slave.spawn_command(command).expect("it starts");
        drop(pty.slave);
        let pid = child.process_id().expect("a process");
        let ended = thread::spawn(move || {
            let _ = child.wait();
            Instant::now()
        });
        let nonzero = |count| NonZeroU16::new(count).expect("not zero");
        Self {
            pid,
            began,
            ended: Some(ended),
            output,
            input,
            _master: pty.master,
            pieces: Vec::new(),
            fed: 0,
            screen: vt100::Parser::new(nonzero(ROWS), nonzero(COLUMNS), 0),
            marks_frames: false,
            reads: None,
            readings: Vec::new(),
        }
    }

    /// Takes what comes until then; whether anything came.
    fn take(&mut self, until: Instant) -> bool {
        match self.output.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(piece) => {
                self.pieces.push(piece);
                true
            }
            Err(RecvTimeoutError::Timeout) => false,
            Err(RecvTimeoutError::Disconnected) => {
                thread::sleep(until.saturating_duration_since(Instant::now()));
                false
            }
        }
    }

    /// Lets it run.
    pub fn wait(&mut self, time: Duration) {
        let until = Instant::now() + time;
        while Instant::now() < until {
            self.take(until);
        }
    }

    /// Waits for silence of `gap`, no longer than `most`.
    pub fn settle(&mut self, gap: Duration, most: Duration) {
        let until = Instant::now() + most;
        while Instant::now() < until && self.take(until.min(Instant::now() + gap)) {}
    }

    /// Shows what came, piece by piece, until `seen`; the place of the piece that brought it.
    fn feed_until(&mut self, mut seen: impl FnMut(&vt100::Screen) -> bool) -> Option<usize> {
        while self.fed < self.pieces.len() {
            let at = self.fed;
            self.screen.process(&self.pieces[at].bytes);
            self.marks_frames |= contains(&self.pieces[at].bytes, b"\x1b[?2026h");
            self.fed += 1;
            if let Some(number) = self.reads.and_then(|read| read(self.screen.screen()))
                && self.readings.last().is_none_or(|last| last.1 != number)
            {
                self.readings.push((self.pieces[at].at, number));
            }
            if seen(self.screen.screen()) {
                return Some(at);
            }
        }
        None
    }

    /// What the terminal shows.
    pub fn feed(&mut self) -> &vt100::Screen {
        while self.take(Instant::now()) {}
        self.feed_until(|_| false);
        self.screen.screen()
    }

    /// When all of the frame had come that the piece at this place belongs to, if it has.
    fn end_of_frame(&self, at: usize) -> Option<Instant> {
        let mut bytes = Vec::new();
        for (place, piece) in self.pieces.iter().enumerate().skip(at) {
            bytes.extend_from_slice(&piece.bytes);
            let next = self.pieces.get(place + 1).map_or_else(Instant::now, |next| next.at);
            let is_end = match self.marks_frames {
                true => contains(&bytes, b"\x1b[?2026l"),
                false => next.duration_since(piece.at) > PIECES,
            };
            if is_end {
                return Some(piece.at);
            }
        }
        None
    }

    /// Waits until the screen is as wanted; how long after the start the last piece of it came. `None` if it never is.
    pub fn until(&mut self, within: Duration, mut wanted: impl FnMut(&vt100::Screen) -> bool) -> Option<Duration> {
        let deadline = Instant::now() + within;
        loop {
            if let Some(at) = self.feed_until(&mut wanted) {
                return Some(self.pieces[at].at.duration_since(self.began));
            }
            if Instant::now() >= deadline {
                return None;
            }
            // The emulator must not take the processor from what is to be measured.
            self.settle(Duration::from_millis(4), Duration::from_millis(100));
            if self.fed == self.pieces.len() {
                self.take(deadline.min(Instant::now() + Duration::from_millis(50)));
            }
        }
    }

    /// Types without waiting for anything.
    pub fn press(&mut self, keys: &[u8]) -> Instant {
        let at = Instant::now();
        let _ = self.input.write_all(keys).and_then(|()| self.input.flush());
        at
    }

    /// Types a key and waits for the frame after which `mark` is another one than before.
    pub fn key<M: PartialEq>(
        &mut self,
        key: &[u8],
        within: Duration,
        mark: impl Fn(&vt100::Screen) -> M,
    ) -> Option<Reply> {
        let before = mark(self.feed());
        let first = self.pieces.len();
        let at = self.press(key);
        let deadline = at + within;
        let mut shown = None;
        while shown.is_none() && Instant::now() < deadline {
            self.take(deadline);
            self.settle(SETTLED, Duration::from_millis(100));
            shown = self.feed_until(|screen| mark(screen) != before);
        }
        let shown = shown?;
        let end = loop {
            match self.end_of_frame(shown) {
                Some(end) => break end,
                None if Instant::now() >= deadline => return None,
                None => self.wait(PIECES),
            }
        };
        let bytes = self.pieces[first..].iter().map(|piece| piece.bytes.len()).sum();
        Some(Reply { took: end.duration_since(at), bytes })
    }

    /// How often something was written from then on: pieces that come together are one frame.
    pub fn frames_since(&self, since: Instant) -> usize {
        let mut last = None::<Instant>;
        let mut frames = 0;
        for piece in self.pieces.iter().filter(|piece| piece.at >= since) {
            if last.is_none_or(|last| piece.at.duration_since(last) > 2 * PIECES) {
                frames += 1;
            }
            last = Some(piece.at);
        }
        frames
    }

    /// Forgets output that has been shown.
    pub fn forget(&mut self) {
        self.feed();
        self.pieces.clear();
        self.fed = 0;
    }

    pub fn is_running(&self) -> bool {
        self.ended.as_ref().is_some_and(|ended| !ended.is_finished())
    }

    /// Types the key that ends it; how long that takes. `None` if it does not end.
    pub fn quit(&mut self, key: &[u8], within: Duration) -> Option<Duration> {
        let at = self.press(key);
        while self.is_running() && at.elapsed() < within {
            // What is written on the way out has to be read, or it would wait for ever.
            self.take(Instant::now() + Duration::from_millis(1));
        }
        if self.is_running() {
            return None;
        }
        Some(self.ended.take()?.join().ok()?.duration_since(at))
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if !self.is_running() {
            return;
        }
        let pid = i32::try_from(self.pid).ok().and_then(Pid::from_raw);
        let _ = pid.map(|pid| kill_process(pid, Signal::KILL));
        if let Some(ended) = self.ended.take() {
            let _ = ended.join();
        }
    }
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|part| part == wanted)
}
