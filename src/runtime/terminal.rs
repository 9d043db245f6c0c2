//! The terminal: taken over, given back whole.
//!
//! No answer of the terminal is ever waited for.
#![expect(clippy::disallowed_methods, reason = "what the terminal can do stands in the environment")]

use std::{
    env,
    io::{self, IsTerminal},
};

use ratatui::{
    backend::{Backend, CrosstermBackend},
    buffer::{Buffer, Cell},
    crossterm::{
        clipboard::CopyToClipboard,
        cursor::{Hide, Show},
        event::{DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste},
        execute, queue,
        terminal::{
            self, BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen,
            LeaveAlternateScreen,
        },
    },
    layout::Rect,
};
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};

use super::output::{self, Output};
use crate::cli::Failure;

/// What frames are drawn to, and what it shows.
///
/// A frame comes as patches, and only they are looked at and kept: ratatui's own `Terminal` compares, copies and clears
/// every cell of the screen at every frame, which costs a millisecond at 200×60.
pub struct Screen {
    /// Buffered, so that a frame is one write.
    backend: CrosstermBackend<io::BufWriter<Output>>,
    shown: Buffer,
}

impl Screen {
    /// Paints the patches, one over the other; the terminal shows all of them at once or none.
    pub fn paint(&mut self, patches: &[Buffer]) {
        let mut cells: Vec<(u16, u16, Cell)> = Vec::new();
        for patch in patches {
            // Of a screen that has just become smaller.
            if patch.area.intersection(self.shown.area) != patch.area {
                continue;
            }
            patch.area.rows().for_each(|row| self.paint_row(patch, row, &mut cells));
        }
        if cells.is_empty() {
            return;
        }
        let _ = queue!(self.backend, BeginSynchronizedUpdate);
        let _ = self.backend.draw(cells.iter().map(|(x, y, cell)| (*x, *y, cell)));
        let _ = execute!(self.backend, EndSynchronizedUpdate);
    }

    /// Keeps a row of a patch, and which of its cells the terminal does not show yet. Most rows have none.
    fn paint_row(&mut self, patch: &Buffer, row: Rect, cells: &mut Vec<(u16, u16, Cell)>) {
        let range = |buf: &Buffer| {
            let from = buf.index_of(row.x, row.y);
            from..from + usize::from(row.width)
        };
        let (shown, new) = (range(&self.shown), &patch.content[range(patch)]);
        let known = &mut self.shown.content[shown];
        if row.width == 0 || known == new {
            return;
        }
        let (mut before, mut after) = (Buffer::empty(row), Buffer::empty(row));
        before.content.clone_from_slice(known);
        after.content.clone_from_slice(new);
        cells.extend(before.diff_iter(&after).map(|(x, y, cell)| (x, y, cell.clone())));
        known.clone_from_slice(new);
    }

    /// Whether it takes nothing more for now; then there is no use in drawing.
    pub fn is_stuck(&self) -> bool {
        output::is_stuck()
    }

    /// Whether it does not show what was painted, because it did not take it; asked once.
    pub fn has_lost(&self) -> bool {
        output::has_lost()
    }

    /// Puts text into the clipboard of whoever sits before it.
    pub fn copy(&mut self, text: &str) {
        let _ = execute!(self.backend, CopyToClipboard::to_clipboard_from(text));
    }

    /// Clears it: it has another size, or what it shows is not known. The next frame has to be whole.
    pub fn clear(&mut self, (columns, rows): (u16, u16)) {
        self.shown = Buffer::empty(Rect::new(0, 0, columns, rows));
        let _ = queue!(self.backend, Clear(ClearType::All));
    }
}

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
    let mut out = io::BufWriter::with_capacity(1 << 16, Output::take());
    execute!(out, EnterAlternateScreen, EnableBracketedPaste, Hide)?;
    let (columns, rows) = size();
    Ok(Screen { backend: CrosstermBackend::new(out), shown: Buffer::empty(Rect::new(0, 0, columns, rows)) })
}

/// Columns and rows.
pub fn size() -> (u16, u16) {
    terminal::size().unwrap_or((80, 24))
}

/// Gives it back as it was. Can be called at any time, more than once, and from a panic.
pub fn give_back() {
    let mut last = Vec::new();
    let _ = queue!(last, EndSynchronizedUpdate, DisableBracketedPaste, LeaveAlternateScreen, Show);
    if output::give_back(&last) {
        let _ = terminal::disable_raw_mode();
    }
}

/// How the terminal is set while another program has it.
pub struct Modes(Option<Termios>);

impl Modes {
    /// As it is now.
    pub fn now() -> Self {
        Self(tcgetattr(io::stdin()).ok())
    }

    /// As it was then: a program that was killed has not tidied up.
    pub fn restore(&self, was_killed: bool) {
        if let Some(modes) = &self.0 {
            let _ = tcsetattr(io::stdin(), OptionalActions::Now, modes);
        }
        if was_killed {
            let mut mouse_off = Vec::new();
            let _ = queue!(mouse_off, DisableMouseCapture);
            output::say(&mouse_off);
        }
    }
}

/// Gives the terminal back when dropped.
pub struct Guard;

impl Drop for Guard {
    fn drop(&mut self) {
        give_back();
    }
}
