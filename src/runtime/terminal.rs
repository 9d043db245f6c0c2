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
pub type Screen = Terminal<CrosstermBackend<io::BufWriter<io::Stdout>>>;

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
    let mut out = io::BufWriter::with_capacity(1 << 16, io::stdout());
    execute!(out, EnterAlternateScreen, EnableBracketedPaste, Hide)?;
    Terminal::new(CrosstermBackend::new(out))
}

/// Draws a frame; the terminal shows it at once or not at all. One that is gone is noticed elsewhere.
pub fn draw(screen: &mut Screen, render: impl FnOnce(&mut Frame<'_>)) {
    let _ = queue!(screen.backend_mut(), BeginSynchronizedUpdate);
    let _ = screen.draw(render);
    let _ = execute!(screen.backend_mut(), EndSynchronizedUpdate);
}

/// Clears the terminal, so that the next frame is sent whole. `Terminal::clear` would ask where the cursor is, and wait.
pub fn redraw(screen: &mut Screen) {
    if let Ok(size) = screen.size() {
        let _ = screen.resize(size.into());
    }
}

/// Gives it back as it was. Can be called at any time, more than once, and from a panic.
pub fn give_back() {
    if TAKEN.swap(false, Ordering::SeqCst) {
        let mut out = io::stdout();
        let _ = execute!(out, DisableBracketedPaste, LeaveAlternateScreen, Show);
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
