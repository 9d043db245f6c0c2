//! What happens when something panics: the terminal is given back first, then it is said what happened.
//!
//! A panic in a task of its own does not end the cockpit: its pane grows stale, and the message is printed at the end. One
//! in the loop ends it, but notes are written then as well, and what stood in an open field is kept.

use std::{
    io::{self, IsTerminal, Write},
    panic,
    sync::{Mutex, PoisonError},
    thread,
};

use super::{
    log_file::{Level, Log},
    tty::{output, terminal},
};

static IN_TASKS: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Installs the hook. The thread that calls it is the one whose panic ends everything.
pub fn install(log: Log) {
    let main = thread::current().id();
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if thread::current().id() == main {
            terminal::give_back();
            log.say(Level::Error, "panic", info.to_string());
            log.flush();
            // A terminal that takes nothing must not hold up the notes.
            let said = "stanch: this is a bug. All that was recorded is in the journal; start it again to go on.";
            if io::stderr().is_terminal() {
                output::complain(&format!("{info}\n{said}"), "");
            } else {
                before(info);
                // Not `eprintln`: it would panic where the other end is gone.
                let _ = io::stderr().write_all(format!("{said}\n").as_bytes());
            }
        } else {
            log.say(Level::Error, "panic", format!("in a task: {info}"));
            IN_TASKS.lock().unwrap_or_else(PoisonError::into_inner).push(info.to_string());
        }
    }));
}

/// What panicked in tasks, taken.
pub fn in_tasks() -> Vec<String> {
    std::mem::take(&mut IN_TASKS.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Where a debug build can be made to panic, to see what follows from it.
#[derive(Clone, Copy, Debug)]
pub enum Place {
    /// The loop takes in what happened.
    Update,
    /// The loop draws.
    Draw,
    /// A source passes on what it has read.
    Task,
    /// The journal's thread says what it has written.
    Journal,
}

/// Panics on purpose, in a debug build alone: when `STANCH_TEST_PANIC` names this place and a file, as `Draw=/tmp/now`,
/// and that file is there. Says `known` as it is, so that a test can look for secrets in it.
#[cfg(debug_assertions)]
#[expect(clippy::disallowed_methods, reason = "a test asks for it by the environment")]
pub fn rehearse(place: Place, known: &dyn std::fmt::Debug) {
    static ASKED: std::sync::OnceLock<Option<(String, std::path::PathBuf)>> = std::sync::OnceLock::new();
    let asked = ASKED.get_or_init(|| {
        let asked = std::env::var("STANCH_TEST_PANIC").ok()?;
        asked.split_once('=').map(|(place, file)| (place.to_owned(), file.into()))
    });
    let Some((wanted, file)) = asked else { return };
    // Once is enough: what comes after it is to be seen.
    if *wanted == format!("{place:?}") && std::fs::remove_file(file).is_ok() {
        panic!("on purpose in {place:?}: {known:?}");
    }
}

/// Does nothing in what people run.
#[cfg(not(debug_assertions))]
pub fn rehearse(_: Place, _: &dyn std::fmt::Debug) {}

#[cfg(test)]
mod tests {
    use std::{env, io::Read, num::NonZeroU16};

    use portable_pty::{CommandBuilder, PtySize, native_pty_system};
    use ratatui::buffer::Buffer;

    use super::*;

    const INSIDE: &str = "STANCH_TEST_INSIDE_A_TERMINAL";

    /// Names the file the log goes to.
    const LOG: &str = "STANCH_TEST_LOG";

    /// Runs the ignored test of this name, which takes a terminal, in one. Whether it ended well, what the terminal was
    /// sent, what is on it at the end, and what the log says.
    #[expect(clippy::disallowed_methods, reason = "the test reads what the log says")]
    fn in_a_terminal(test: &str) -> (bool, vt100::Parser, String, String) {
        let folder = tempfile::tempdir().expect("a folder");
        let log = folder.path().join("x.log");
        let size = PtySize { rows: 24, cols: 120, pixel_width: 0, pixel_height: 0 };
        let pty = native_pty_system().openpty(size).expect("a terminal");
        let before = format!("{:?}", pty.master.get_termios());
        let mut command = CommandBuilder::new(env::current_exe().expect("this program"));
        command.args(["--exact", &format!("runtime::panics::tests::{test}"), "--ignored", "--nocapture"]);
        command.env(INSIDE, "yes");
        command.env(LOG, &log);
        command.env("RUST_BACKTRACE", "0");
        let mut child = pty.slave.spawn_command(command).expect("it starts");
        drop(pty.slave);
        let mut sent = Vec::new();
        // A terminal whose last program has ended answers with an error, after everything it was sent.
        let _ = pty.master.try_clone_reader().expect("a reader").read_to_end(&mut sent);
        let ended = child.wait().expect("a child");
        assert_eq!(format!("{:?}", pty.master.get_termios()), before, "raw mode is off");
        let lines = |count| NonZeroU16::new(count).expect("not zero");
        let mut parser = vt100::Parser::new(lines(24), lines(120), 0);
        parser.process(&sent);
        let log = std::fs::read_to_string(log).unwrap_or_default();
        (ended.success(), parser, String::from_utf8_lossy(&sent).into_owned(), log)
    }

    #[expect(clippy::disallowed_methods, reason = "the environment says where the log goes")]
    fn log() -> Log {
        Log::open(env::var_os(LOG).expect("a file").as_ref()).expect("a log")
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "the environment says whether a terminal is there")]
    #[ignore = "part of a_panic_gives_the_terminal_back"]
    fn panicking() {
        assert!(env::var_os(INSIDE).is_some(), "runs in a terminal of its own");
        install(log());
        let _guard = terminal::Guard;
        let mut screen = terminal::take(true).expect("a terminal");
        screen.paint(&[Buffer::with_lines(["whole"])], &[]);
        let half = || -> [Buffer; 1] { panic!("in the middle of it") };
        screen.paint(&half(), &[]);
    }

    #[test]
    fn a_panic_gives_the_terminal_back() {
        let (well, parser, sent, log) = in_a_terminal("panicking");
        let screen = parser.screen();
        assert!(!well);
        assert!(
            log.contains("ERROR panic") && log.contains("panics.rs:") && log.contains("in the middle of it"),
            "{log}"
        );
        assert!(sent.contains("whole"), "{sent}");
        let left = (screen.alternate_screen(), screen.hide_cursor(), screen.bracketed_paste());
        assert_eq!(left, (false, false, false), "alternate screen, hidden cursor, bracketed paste");
        let text = screen.contents();
        assert!(text.contains("in the middle of it") && text.contains("this is a bug"), "{text}");
        let end = sent.rfind("\x1b[?1049l").expect("the alternate screen is left");
        assert!(!sent[end..].contains("\x1b[?2026h"), "no frame is begun any more: {:?}", &sent[end..]);
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "the environment says whether a terminal is there")]
    #[ignore = "part of a_panic_in_a_task_is_told_at_the_end"]
    fn panicking_in_a_task() {
        assert!(env::var_os(INSIDE).is_some(), "runs in a terminal of its own");
        let log = log();
        install(log.clone());
        let guard = terminal::Guard;
        let mut screen = terminal::take(true).expect("a terminal");
        assert!(thread::spawn(|| panic!("a task's own")).join().is_err());
        screen.paint(&[Buffer::with_lines(["going-on"])], &[]);
        drop(screen);
        drop(guard);
        log.flush();
        let told = in_tasks();
        assert!(told.len() == 1 && told[0].contains("a task's own"), "{told:?}");
    }

    #[test]
    fn a_panic_in_a_task_is_told_at_the_end() {
        let (well, parser, sent, log) = in_a_terminal("panicking_in_a_task");
        assert!(well, "{sent}");
        assert!(log.contains("ERROR panic    in a task: ") && log.contains("a task's own"), "{log}");
        assert!(!parser.screen().alternate_screen());
        let frame = sent.find("going-on").expect("a frame after the panic");
        assert!(!sent[..frame].contains("\x1b[?1049l"), "the terminal was still ours");
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "the environment says whether a terminal is there")]
    #[ignore = "part of memory_that_cannot_be_had_leaves_the_terminal_whole"]
    fn running_out_of_memory() {
        assert!(env::var_os(INSIDE).is_some(), "runs in a terminal of its own");
        crate::runtime::aborts::prepare();
        let mut screen = terminal::take(true).expect("a terminal");
        screen.paint(&[Buffer::with_lines(["whole"])], &[]);
        std::alloc::handle_alloc_error(std::alloc::Layout::new::<[u8; 1 << 40]>());
    }

    #[test]
    fn memory_that_cannot_be_had_leaves_the_terminal_whole() {
        let (well, parser, sent, _) = in_a_terminal("running_out_of_memory");
        assert!(!well && sent.contains("whole"), "{sent}");
        let screen = parser.screen();
        let left = (screen.alternate_screen(), screen.hide_cursor(), screen.bracketed_paste());
        assert_eq!(left, (false, false, false), "alternate screen, hidden cursor, bracketed paste");
        assert!(screen.contents().contains("What was recorded is in the journal"), "{}", screen.contents());
    }
}
