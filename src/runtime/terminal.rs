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
    backend::{Backend, CrosstermBackend},
    buffer::{Buffer, Cell},
    crossterm::{
        cursor::{Hide, Show},
        event::{DisableBracketedPaste, EnableBracketedPaste},
        execute, queue,
        terminal::{
            self, BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen,
            LeaveAlternateScreen,
        },
    },
    layout::Rect,
};

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
        let mut cells: Vec<(u16, u16, &Cell)> = Vec::new();
        for patch in patches {
            let Some(before) = self.part(patch.area) else { continue };
            cells.extend(before.diff_iter(patch));
            self.keep(patch);
        }
        if cells.is_empty() {
            return;
        }
        let _ = queue!(self.backend, BeginSynchronizedUpdate);
        let _ = self.backend.draw(cells.into_iter());
        let _ = execute!(self.backend, EndSynchronizedUpdate);
    }

    /// Clears it: it has another size, or what it shows is not known. The next frame has to be whole.
    pub fn clear(&mut self, (columns, rows): (u16, u16)) {
        self.shown = Buffer::empty(Rect::new(0, 0, columns, rows));
        let _ = queue!(self.backend, Clear(ClearType::All));
    }

    fn part(&self, area: Rect) -> Option<Buffer> {
        // Of a screen that has just become smaller.
        if area.intersection(self.shown.area) != area || area.is_empty() {
            return None;
        }
        let mut part = Buffer::empty(area);
        for row in area.rows() {
            let (from, to) = (self.shown.index_of(row.x, row.y), part.index_of(row.x, row.y));
            let cells = usize::from(row.width);
            part.content[to..to + cells].clone_from_slice(&self.shown.content[from..from + cells]);
        }
        Some(part)
    }

    fn keep(&mut self, patch: &Buffer) {
        for row in patch.area.rows() {
            let (from, to) = (patch.index_of(row.x, row.y), self.shown.index_of(row.x, row.y));
            let cells = usize::from(row.width);
            self.shown.content[to..to + cells].clone_from_slice(&patch.content[from..from + cells]);
        }
    }
}

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
    let (columns, rows) = size();
    Ok(Screen { backend: CrosstermBackend::new(out), shown: Buffer::empty(Rect::new(0, 0, columns, rows)) })
}

/// Columns and rows.
pub fn size() -> (u16, u16) {
    terminal::size().unwrap_or((80, 24))
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
