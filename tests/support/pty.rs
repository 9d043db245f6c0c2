//! The real program in a terminal of its own: keys go in, a screen comes out.
//!
//! The terminal is a real one of the kernel, what it would show is worked out by `vt100`. It never answers a question that
//! is put to it, as a slow line would not. Waiting is always for something on the screen, up to a deadline.
#![expect(clippy::expect_used, clippy::disallowed_methods, reason = "a test may fail, reads clocks and files")]

use std::{
    fs,
    io::{Read, Write},
    num::NonZeroU16,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{self, Command, Stdio},
    sync::{
        Arc, Condvar, Mutex, MutexGuard,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};

/// How long anything may take on a slow machine. Nothing waits this long unless it fails.
pub const SOON: Duration = Duration::from_secs(30);

/// A machine of its own: a home, a data folder and a current folder, and nothing of the real one.
pub struct Machine(tempfile::TempDir);

impl Machine {
    /// With no configuration.
    pub fn new() -> Self {
        let machine = Self(tempfile::tempdir().expect("a folder"));
        fs::create_dir(machine.folder()).expect("a folder");
        machine
    }

    /// With a `stanch.toml` in the current folder.
    pub fn with_config(text: &str) -> Self {
        let machine = Self::new();
        fs::write(machine.folder().join("stanch.toml"), text).expect("written");
        machine
    }

    /// The current folder.
    pub fn folder(&self) -> PathBuf {
        self.0.path().join("here")
    }

    /// The environment the program runs in.
    fn environment(&self) -> [(&'static str, PathBuf); 6] {
        let home = self.0.path();
        [
            ("HOME", home.into()),
            ("STANCH_DATA", home.join("data")),
            ("XDG_CONFIG_HOME", home.join("config")),
            ("XDG_RUNTIME_DIR", home.join("run")),
            ("TERM", "xterm-256color".into()),
            ("PATH", std::env::var_os("PATH").unwrap_or_default().into()),
        ]
    }

    /// Opens the program in a terminal of a usual size.
    pub fn open(&self, args: &[&str]) -> Terminal {
        self.open_at(120, 40, args)
    }

    /// Opens the program in a terminal of this size.
    pub fn open_at(&self, columns: u16, rows: u16, args: &[&str]) -> Terminal {
        Terminal::start(self.command(env!("CARGO_BIN_EXE_stanch"), args), columns, rows)
    }

    /// A command on this machine, for [`Terminal::start`].
    pub fn command(&self, program: &str, args: &[&str]) -> CommandBuilder {
        let mut command = CommandBuilder::new(program);
        command.args(args);
        command.env_clear();
        command.cwd(self.folder());
        self.environment().into_iter().for_each(|(name, value)| command.env(name, value));
        command
    }

    /// Runs the program outside of the terminal; what it printed on standard output.
    #[track_caller]
    pub fn run(&self, args: &[&str]) -> String {
        let (code, out, error) = self.run_anyhow(args);
        assert_eq!(code, Some(0), "{args:?}\n{out}\n{error}");
        out
    }

    /// Runs the program outside of the terminal; exit code, standard output, standard error.
    pub fn run_anyhow(&self, args: &[&str]) -> (Option<i32>, String, String) {
        self.run_with(args, &[], &[])
    }

    /// The same with something on standard input.
    pub fn pipe(&self, args: &[&str], input: &[u8]) -> (Option<i32>, String, String) {
        self.run_with(args, &[], input)
    }

    /// The same with more in the environment.
    pub fn run_with(&self, args: &[&str], more: &[(&str, &str)], input: &[u8]) -> (Option<i32>, String, String) {
        let mut child = self.start(args, more);
        // One that reads nothing hangs up.
        let _ = child.stdin.take().expect("a pipe").write_all(input);
        let output = child.wait_with_output().expect("it runs");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.code(), text(&output.stdout), text(&output.stderr))
    }

    /// Starts the program outside of the terminal, on pipes.
    pub fn start(&self, args: &[&str], more: &[(&str, &str)]) -> process::Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_stanch"));
        command.args(args).env_clear().envs(self.environment()).envs(more.iter().copied()).current_dir(self.folder());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().expect("it runs")
    }

    /// All files there are on it.
    pub fn files(&self) -> Vec<PathBuf> {
        let (mut folders, mut files) = (vec![self.0.path().to_owned()], Vec::new());
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).expect("a folder").flatten() {
                let into = if entry.file_type().is_ok_and(|kind| kind.is_dir()) { &mut folders } else { &mut files };
                into.push(entry.path());
            }
        }
        files
    }

    /// The notes in the current folder, by name.
    pub fn notes(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder()).expect("a folder").flatten();
        let mut names: Vec<_> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.retain(|name| name.ends_with(".md"));
        names.sort();
        names
    }

    /// Makes every write to every journal fail, as a full disk does: its lock cannot be opened.
    pub fn block_journal(&self, blocked: bool) {
        for incident in fs::read_dir(self.0.path().join("data/incidents")).expect("a folder").flatten() {
            let lock = incident.path().join("lock");
            if blocked {
                let _ = fs::remove_file(&lock);
                fs::create_dir(&lock).expect("made");
            } else {
                fs::remove_dir(&lock).expect("removed");
            }
        }
    }

    /// Puts a pipe where the journal was: whoever opens it without care waits for ever.
    pub fn put_a_pipe_for_the_journal(&self) {
        for incident in fs::read_dir(self.0.path().join("data/incidents")).expect("a folder").flatten() {
            let (journal, pipe) = (incident.path().join("journal.jsonl"), incident.path().join("pipe"));
            let made = Command::new("mkfifo").arg(&pipe).status().expect("it runs");
            assert!(made.success());
            fs::rename(pipe, journal).expect("moved");
        }
    }

    /// A program of this machine, to be run with a path as its argument.
    pub fn script(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.path().join(name);
        fs::write(&path, format!("#!/bin/sh\n{text}\n")).expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("made a program");
        path
    }

    /// The text of a file in the current folder.
    pub fn read(&self, name: impl AsRef<Path>) -> String {
        fs::read_to_string(self.folder().join(name)).expect("a file")
    }
}

/// What the terminal has been sent so far.
struct Shown {
    parser: vt100::Parser,
    raw: Vec<u8>,
}

/// A terminal with a program in it. The program is killed when this is dropped.
pub struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    master: Option<Box<dyn MasterPty + Send>>,
    writer: Option<Box<dyn Write + Send>>,
    shown: Arc<(Mutex<Shown>, Condvar)>,
    closed: Arc<AtomicBool>,
    stalled: Arc<AtomicBool>,
    /// Bytes a second it takes; as many as come when zero.
    pace: Arc<AtomicUsize>,
    reader: JoinHandle<()>,
    /// How the terminal was set before the program had it.
    before: String,
}

impl Terminal {
    /// Starts a command in a terminal of this size.
    pub fn start(command: CommandBuilder, columns: u16, rows: u16) -> Self {
        let pty = native_pty_system().openpty(size(columns, rows)).expect("a terminal");
        let before = format!("{:?}", pty.master.get_termios());
        let child = pty.slave.spawn_command(command).expect("it starts");
        drop(pty.slave);
        let parser = vt100::Parser::new(nonzero(rows), nonzero(columns), 0);
        let shown = Arc::new((Mutex::new(Shown { parser, raw: Vec::new() }), Condvar::new()));
        let closed = Arc::<AtomicBool>::default();
        let mut output = pty.master.try_clone_reader().expect("a reader");
        let stalled = Arc::<AtomicBool>::default();
        let pace = Arc::<AtomicUsize>::default();
        let (into, over, waits) = (Arc::clone(&shown), Arc::clone(&closed), Arc::clone(&stalled));
        let slow = Arc::clone(&pace);
        let reader = thread::spawn(move || {
            let mut chunk = [0; 1 << 16];
            loop {
                let most = match slow.load(Ordering::SeqCst) {
                    0 => chunk.len(),
                    pace => {
                        thread::sleep(Duration::from_millis(50));
                        pace.div_ceil(20)
                    }
                };
                let Ok(count @ 1..) = output.read(&mut chunk[..most]) else { break };
                while waits.load(Ordering::SeqCst) {
                    thread::sleep(Duration::from_millis(5));
                }
                let mut shown = into.0.lock().expect("not poisoned");
                shown.parser.process(&chunk[..count]);
                shown.raw.extend_from_slice(&chunk[..count]);
                drop(shown);
                into.1.notify_all();
                if over.load(Ordering::SeqCst) {
                    break;
                }
            }
        });
        let writer = pty.master.take_writer().expect("a writer");
        Self { child, master: Some(pty.master), writer: Some(writer), shown, closed, stalled, pace, reader, before }
    }

    /// Types: text and control characters as a terminal sends them.
    pub fn press(&mut self, keys: &str) -> &mut Self {
        let writer = self.writer.as_mut().expect("an open terminal");
        writer.write_all(keys.as_bytes()).and_then(|()| writer.flush()).expect("the program reads its keys");
        self
    }

    /// Types Esc, and waits until the program must have seen it alone: an Esc right before a letter means Alt.
    pub fn escape(&mut self) -> &mut Self {
        self.press("\x1b");
        thread::sleep(Duration::from_millis(350));
        self
    }

    /// Pastes, as a terminal that brackets it.
    pub fn paste(&mut self, text: &str) -> &mut Self {
        self.press("\x1b[200~");
        // A terminal is a short pipe: a long text goes in pieces while the program reads.
        let mut rest = text;
        while !rest.is_empty() {
            let end = (1..=rest.len().min(1000)).rev().find(|end| rest.is_char_boundary(*end)).expect("a character");
            self.press(&rest[..end]);
            rest = &rest[end..];
        }
        self.press("\x1b[201~")
    }

    /// Waits until the screen is as wanted, and gives its text.
    #[track_caller]
    pub fn wait(&mut self, what: &str, wanted: impl Fn(&str) -> bool) -> String {
        self.wait_within(SOON, what, wanted)
    }

    /// Waits until the screen shows all of these.
    #[track_caller]
    pub fn sees(&mut self, texts: &[&str]) -> String {
        self.wait(&format!("{texts:?}"), |screen| texts.iter().all(|text| screen.contains(text)))
    }

    /// Waits until the screen shows none of these.
    #[track_caller]
    pub fn sees_no(&mut self, texts: &[&str]) -> String {
        self.wait(&format!("no {texts:?}"), |screen| texts.iter().all(|text| !screen.contains(text)))
    }

    /// Like [`wait`](Self::wait), up to a deadline of its own.
    #[track_caller]
    pub fn wait_within(&mut self, within: Duration, what: &str, wanted: impl Fn(&str) -> bool) -> String {
        let deadline = Instant::now() + within;
        let mut shown = self.lock();
        loop {
            let screen = shown.parser.screen().contents();
            if wanted(&screen) {
                return screen;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "{what} was not on the screen within {within:?}:\n{screen}");
            shown = self.shown.1.wait_timeout(shown, left.min(Duration::from_millis(100))).expect("not poisoned").0;
        }
    }

    /// Waits until the program has the terminal.
    #[track_caller]
    pub fn opens(&mut self) -> &mut Self {
        let deadline = Instant::now() + SOON;
        while !self.lock().parser.screen().alternate_screen() {
            assert!(Instant::now() < deadline, "it does not open: {}", self.screen());
            thread::sleep(Duration::from_millis(5));
        }
        self
    }

    /// What is on the screen.
    pub fn screen(&self) -> String {
        self.lock().parser.screen().contents()
    }

    /// All bytes so far.
    pub fn raw(&self) -> Vec<u8> {
        self.lock().raw.clone()
    }

    /// Changes the size, as a window manager does.
    pub fn resize(&mut self, columns: u16, rows: u16) {
        self.lock().parser.screen_mut().set_size(nonzero(rows), nonzero(columns));
        self.master.as_ref().expect("an open terminal").resize(size(columns, rows)).expect("resized");
    }

    /// How it is set: raw or not.
    pub fn modes(&self) -> String {
        format!("{:?}", self.master.as_ref().expect("an open terminal").get_termios())
    }

    /// Its name in the file system.
    pub fn tty(&self) -> String {
        let name = self.master.as_ref().and_then(|master| master.tty_name());
        name.expect("a name").to_string_lossy().into_owned()
    }

    /// The program's process.
    pub fn id(&self) -> u32 {
        self.child.process_id().expect("a process")
    }

    /// Sends a signal.
    pub fn signal(&self, signal: Signal) {
        let id = self.child.process_id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        kill_process(id.expect("a process"), signal).expect("it is there");
    }

    /// Takes no more of what the program sends, as a connection that hangs; or takes it again.
    pub fn stall(&self, stalled: bool) {
        self.stalled.store(stalled, Ordering::SeqCst);
    }

    /// Takes so many bytes a second from now on, as a serial line; as many as come when zero.
    pub fn slow(&self, pace: usize) {
        self.pace.store(pace, Ordering::SeqCst);
    }

    /// Closes the terminal, as a window that is killed or a connection that breaks.
    pub fn close(&mut self) {
        self.closed.store(true, Ordering::SeqCst);
        // The reader lets go of its end with the next frame, a second later at the most.
        self.writer = None;
        self.master = None;
    }

    /// Waits until the program has ended by itself; its exit code.
    #[track_caller]
    pub fn ended(&mut self) -> u32 {
        let deadline = Instant::now() + SOON;
        loop {
            if let Some(status) = self.child.try_wait().expect("a child") {
                assert_eq!(status.signal(), None, "it ended by itself");
                return status.exit_code();
            }
            assert!(Instant::now() < deadline, "it still runs:\n{}", self.screen());
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// Kills it, as the kernel does when memory runs out.
    pub fn kill(&mut self) {
        self.signal(Signal::KILL);
        self.child.wait().expect("a child");
    }

    /// Waits until the program has ended well, and checks that the terminal is as it was before. Gives what stands on it.
    #[track_caller]
    pub fn ended_well(&mut self) -> String {
        assert_eq!(self.ended(), 0, "{}", self.screen());
        self.is_whole();
        self.screen()
    }

    /// Checks that the terminal is as it was before the program had it.
    #[track_caller]
    pub fn is_whole(&mut self) {
        let deadline = Instant::now() + SOON;
        while !self.reader.is_finished() {
            assert!(Instant::now() < deadline, "someone still has the terminal");
            thread::sleep(Duration::from_millis(5));
        }
        self.is_given_back();
    }

    /// Checks the same while the program only stands aside.
    #[track_caller]
    pub fn is_given_back(&self) {
        assert_eq!(self.modes(), self.before, "raw mode is off");
        let shown = self.lock();
        let screen = shown.parser.screen();
        let left = (screen.alternate_screen(), screen.hide_cursor(), screen.bracketed_paste());
        assert_eq!(left, (false, false, false), "alternate screen, hidden cursor, bracketed paste");
        assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
    }

    fn lock(&self) -> MutexGuard<'_, Shown> {
        self.shown.0.lock().expect("not poisoned")
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            self.signal(Signal::KILL);
            let _ = self.child.wait();
        }
    }
}

/// The line of a screen that says what to do next.
pub fn coach(screen: &str) -> &str {
    screen.lines().map(str::trim).find(|line| line.starts_with('▸')).unwrap_or_default()
}

fn size(cols: u16, rows: u16) -> PtySize {
    PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }
}

fn nonzero(count: u16) -> NonZeroU16 {
    NonZeroU16::new(count).expect("not zero")
}
