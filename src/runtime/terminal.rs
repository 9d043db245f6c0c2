//! The terminal: taken over, given back whole.
//!
//! No answer of the terminal is ever waited for.
#![expect(clippy::disallowed_methods, reason = "what the terminal can do stands in the environment")]

use std::{
    env, io,
    io::{IsTerminal, Write},
    ops::Range,
    sync::atomic::{AtomicBool, Ordering},
};

use ratatui::{
    backend::{Backend, CrosstermBackend},
    buffer::{Buffer, Cell, CellWidth},
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
        if row.width == 0 {
            return;
        }
        let (shown, new) = (range(&self.shown), &patch.content[range(patch)]);
        let known = &mut self.shown.content[shown];
        let Some(changed) = changed(known, new) else { return };
        let area = Rect { x: row.x + changed.start as u16, width: changed.len() as u16, ..row };
        let part = |cells: &[Cell]| Buffer { area, content: cells[changed.clone()].to_vec() };
        let (before, after) = (part(known), part(new));
        cells.extend(before.diff_iter(&after).map(|(x, y, cell)| (x, y, cell.clone())));
        known[changed].clone_from_slice(&after.content);
    }

    /// Clears it: it has another size, or what it shows is not known. The next frame has to be whole.
    pub fn clear(&mut self, (columns, rows): (u16, u16)) {
        self.shown = Buffer::empty(Rect::new(0, 0, columns, rows));
        let _ = queue!(self.backend, Clear(ClearType::All));
    }
}

/// The cells from the first to the last that differ, with the other half of what is two cells wide at either end: a part
/// of a row that begins or ends within it would be compared wrongly.
fn changed(known: &[Cell], new: &[Cell]) -> Option<Range<usize>> {
    let differ = |at: &usize| known[*at] != new[*at];
    let mut first = (0..new.len()).find(differ)?;
    let mut last = (first..new.len()).rev().find(differ)?;
    let is_wide = |at: usize| known[at].cell_width() > 1 || new[at].cell_width() > 1;
    while first > 0 && is_wide(first - 1) {
        first -= 1;
    }
    while last + 1 < new.len() && is_wide(last) {
        last += 1;
    }
    Some(first..last + 1)
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

#[cfg(test)]
mod tests {
    use super::*;

    /// What is sent is what a comparison of whole rows sends.
    #[track_caller]
    fn check(before: &str, after: &str) {
        let row = |line: &str| {
            let mut buf = Buffer::with_lines([line]);
            buf.resize(Rect::new(0, 0, 12, 1));
            buf
        };
        let (mut before, after) = (row(before), row(after));
        before.set_style(Rect::new(0, 0, 12, 1), ratatui::style::Style::new().bg(ratatui::style::Color::Blue));
        let whole: Vec<_> = before.diff_iter(&after).map(|(x, y, cell)| (x, y, cell.clone())).collect();
        let backend = CrosstermBackend::new(io::BufWriter::new(Output(io::stdout())));
        let mut screen = Screen { backend, shown: before };
        let mut cells = Vec::new();
        screen.paint_row(&after, after.area, &mut cells);
        assert_eq!(cells, whole);
        assert_eq!(screen.shown, after);
    }

    #[test]
    fn a_part_of_a_row_is_compared_as_the_whole() {
        for before in ["", "hello, you", "日本 goes", "x日本日本", "日本日本日本", "🛠️ tools"] {
            for after in ["", "hallo, you", "日x goes", "x日本日 本", " 日本日本", "🛠 tools", "本日本日本日"]
            {
                check(before, after);
            }
        }
    }
}
