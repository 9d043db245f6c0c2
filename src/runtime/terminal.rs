//! The terminal: taken over, given back whole.
//!
//! No answer of the terminal is ever waited for.
#![expect(clippy::disallowed_methods, reason = "what the terminal can do stands in the environment")]

use std::{
    env, io,
    io::{IsTerminal, Write},
    sync::atomic::{AtomicBool, Ordering},
};

use ratatui::{
    Frame, Terminal,
    backend::CrosstermBackend,
    crossterm::{
        cursor::{Hide, Show},
        event::{DisableBracketedPaste, EnableBracketedPaste},
        execute, queue,
        terminal::{self, BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen},
    },
};

use crate::cli::Failure;

/// What frames are drawn to. Buffered, so that a frame is one write.
pub type Screen = Terminal<CrosstermBackend<io::BufWriter<Output>>>;

/// Standard output while the terminal is ours: what is left of a frame when it has been given back is dropped.
///
/// That the terminal is gone is noticed elsewhere and is no error here: ratatui would print it from a destructor, to a
/// standard error that is gone too, and panic.
pub struct Output(io::Stdout);

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !TAKEN.load(Ordering::SeqCst) {
            return Ok(bytes.len());
        }
        match self.0.write(bytes) {
            Err(error) if error.kind() != io::ErrorKind::Interrupted => Ok(bytes.len()),
            written => written,
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        let _ = self.0.flush();
        Ok(())
    }
}

/// Whether the terminal is ours. Whoever gives it back first wins; the others do nothing.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// Whether a full screen can be shown here; says what to do instead when not.
pub fn check() -> Result<(), Failure> {
    let instead = "; `stanch snapshot` prints one frame as text";
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        return Err(Failure::Failed(format!("standard input and output must be a terminal{instead}")));
    }
    if env::var("TERM").is_ok_and(|term| term == "dumb") {
        return Err(Failure::Failed(format!("TERM=dumb: this terminal cannot show a full screen{instead}")));
    }
    Ok(())
}

/// Takes the terminal over.
pub fn take() -> io::Result<Screen> {
    terminal::enable_raw_mode()?;
    TAKEN.store(true, Ordering::SeqCst);
    let mut out = io::BufWriter::with_capacity(1 << 16, Output(io::stdout()));
    execute!(out, EnterAlternateScreen, EnableBracketedPaste, Hide)?;
    Terminal::new(CrosstermBackend::new(out))
}

/// Columns and rows.
pub fn size() -> (u16, u16) {
    terminal::size().unwrap_or((80, 24))
}

/// Draws a frame; the terminal shows it at once or not at all. With `whole`, nothing is taken to be there already.
pub fn draw(screen: &mut Screen, whole: bool, render: impl FnOnce(&mut Frame<'_>)) {
    let _ = queue!(screen.backend_mut(), BeginSynchronizedUpdate);
    if whole && let Ok(size) = screen.size() {
        // `Terminal::clear` would ask the terminal where its cursor is, and wait for the answer.
        let _ = screen.resize(size.into());
    }
    let _ = screen.draw(render);
    let _ = execute!(screen.backend_mut(), EndSynchronizedUpdate);
}

/// Gives it back as it was. Can be called at any time, more than once, and from a panic.
pub fn give_back() {
    if TAKEN.swap(false, Ordering::SeqCst) {
        let mut out = io::stdout();
        let _ = execute!(out, EndSynchronizedUpdate, DisableBracketedPaste, LeaveAlternateScreen, Show);
        let _ = terminal::disable_raw_mode();
        let _ = out.flush();
    }
}

/// Gives the terminal back when dropped.
pub struct Guard;

impl Drop for Guard {
    fn drop(&mut self) {
        give_back();
    }
}
