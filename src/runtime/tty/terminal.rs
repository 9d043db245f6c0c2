//! The terminal: taken over, given back whole.
//!
//! No answer of the terminal is ever waited for.
#![expect(clippy::disallowed_methods, reason = "what the terminal can do stands in the environment")]

use std::{
    env, fmt,
    io::{self, IsTerminal},
};

use ratatui::{
    backend::{Backend, CrosstermBackend},
    buffer::{Buffer, Cell, CellWidth},
    crossterm::{
        Command,
        clipboard::CopyToClipboard,
        cursor::{Hide, Show},
        event::{DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste},
        execute, queue,
        style::{Attribute, SetAttribute},
        terminal::{
            self, BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen,
            LeaveAlternateScreen,
        },
    },
    layout::Rect,
    style::{Color, Modifier},
};
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};

use super::{
    links::{self, Link},
    output::{self, Output},
};
use crate::failure::Failure;

/// What frames are drawn to, and what it shows.
///
/// A frame comes as patches, and only they are looked at and kept: ratatui's own `Terminal` compares, copies and clears
/// every cell of the screen at every frame, which costs a millisecond at 200×60.
pub struct Screen {
    /// Buffered, so that a frame is one write.
    backend: CrosstermBackend<io::BufWriter<Output>>,
    /// What the backend writes to.
    output: Output,
    shown: Buffer,
    /// The links it shows; `None` where it takes none.
    links: Option<Vec<Link>>,
}

impl Screen {
    /// Has addresses lead to where they name.
    pub fn take_links(&mut self) {
        self.links = Some(Vec::new());
    }

    /// Paints the patches, one over the other; the terminal shows all of them at once or none. These addresses lead to where
    /// they name, where they stand in a patch.
    pub fn paint(&mut self, patches: &[Buffer], addresses: &[String]) {
        let mut cells: Vec<(u16, u16, Cell)> = Vec::new();
        for patch in patches {
            // Of a screen that has just become smaller.
            if patch.area.intersection(self.shown.area) != patch.area {
                continue;
            }
            if let Some(links) = &mut self.links {
                links::renew(links, &mut self.shown, patch, addresses);
            }
            patch.area.rows().for_each(|row| self.paint_row(patch, row, &mut cells));
        }
        if cells.is_empty() {
            return;
        }
        keep_colour_over_blanks(&mut cells);
        let _ = queue!(self.backend, BeginSynchronizedUpdate);
        let link = |(x, y, _): &(u16, u16, Cell)| self.links.iter().flatten().find(|link| link.has(*x, *y));
        for part in cells.chunk_by(|a, b| link(a) == link(b)) {
            let link = link(&part[0]);
            link.into_iter().for_each(|link| link.begin(&mut self.backend));
            let _ = self.backend.draw(part.iter().map(|(x, y, cell)| (*x, *y, cell)));
            link.into_iter().for_each(|_| Link::end(&mut self.backend));
        }
        let _ = execute!(self.backend, EndSynchronizedUpdate);
    }

    /// Keeps a row of a patch, and which of its cells the terminal does not show yet.
    fn paint_row(&mut self, patch: &Buffer, row: Rect, cells: &mut Vec<(u16, u16, Cell)>) {
        let range = |buf: &Buffer| {
            let from = buf.index_of(row.x, row.y);
            from..from + usize::from(row.width)
        };
        if row.width > 0 {
            let (shown, new) = (range(&self.shown), range(patch));
            renew(&mut self.shown.content[shown], &patch.content[new], row, cells);
        }
    }

    /// Sends on what it has not taken of the last frame. Whether it has all of it by now; before that no other is painted.
    pub fn is_ready(&self) -> bool {
        self.output.is_done()
    }

    /// Waits until it takes more of the last frame; for ever when it has all of it.
    pub async fn takes_more(&self) {
        match self.output.is_busy() {
            true => self.output.takes_more().await,
            false => std::future::pending().await,
        }
    }

    /// Puts text into the clipboard of whoever sits before it.
    pub fn copy(&mut self, text: &str) {
        let _ = execute!(self.backend, CopyToClipboard::to_clipboard_from(text));
    }

    /// Takes the mouse, or leaves it to the terminal.
    pub fn capture_mouse(&mut self, mouse: bool) {
        let _ = if mouse { execute!(self.backend, TakeMouse) } else { execute!(self.backend, LeaveMouse) };
    }

    /// Clears it: it has another size, or what it shows is not known. The next frame has to be whole.
    pub fn clear(&mut self, (columns, rows): (u16, u16)) {
        self.shown = Buffer::empty(Rect::new(0, 0, columns, rows));
        self.links.iter_mut().for_each(Vec::clear);
        // A frame that was cut off may have left a colour, which a cleared screen would be filled with.
        let _ = queue!(self.backend, SetAttribute(Attribute::Reset), Clear(ClearType::All));
    }
}

/// Gives blanks the colour of what is sent before them, which nobody sees: to change it costs thirty bytes each time, and
/// that made two fifths of a whole screen, more than most terminals take at once.
fn keep_colour_over_blanks(cells: &mut [(u16, u16, Cell)]) {
    const SHOWN: Modifier = Modifier::REVERSED.union(Modifier::UNDERLINED).union(Modifier::CROSSED_OUT);
    let mut colour = Color::Reset;
    for (_, _, cell) in cells {
        if cell.symbol() == " " && !cell.modifier.intersects(SHOWN) {
            cell.fg = colour;
        }
        colour = cell.fg;
    }
}

/// Keeps a row, and which of its cells are new. Most rows have none.
fn renew(known: &mut [Cell], new: &[Cell], row: Rect, cells: &mut Vec<(u16, u16, Cell)>) {
    let begun = cells.len();
    for at in 0..new.len() {
        if known[at] == new[at] {
            continue;
        }
        if is_wide(known, new, at) {
            cells.truncate(begun);
            return renew_wide(known, new, row, cells);
        }
        cells.push((row.x + at as u16, row.y, new[at].clone()));
    }
    for (x, _, cell) in &cells[begun..] {
        known[usize::from(x - row.x)].clone_from(cell);
    }
}

/// The same where what is two cells wide comes or goes: what is beside it changes, too.
fn renew_wide(known: &mut [Cell], new: &[Cell], row: Rect, cells: &mut Vec<(u16, u16, Cell)>) {
    let before = Buffer { area: row, content: known.to_vec() };
    let after = Buffer { area: row, content: new.to_vec() };
    cells.extend(before.diff_iter(&after).map(|(x, y, cell)| (x, y, cell.clone())));
    known.clone_from_slice(new);
}

/// Whether a cell is one of two of a wide character, before or after.
fn is_wide(known: &[Cell], new: &[Cell], at: usize) -> bool {
    let around = at.saturating_sub(1)..=at;
    let is_narrow = |cell: &Cell| match cell.symbol().as_bytes() {
        [_] => true,
        // Lines and blocks up to U+25BF, and Braille patterns: what frames and charts are made of.
        [0xe2, 0x94..=0x96 | 0xa0..=0xa3, _] => true,
        _ => cell.cell_width() == 1,
    };
    !known[around.clone()].iter().chain(&new[around]).all(is_narrow)
}

/// Has the terminal tell of buttons, of the wheel, and of the pointer while a button is down, in the form that has no
/// largest column. That it tells of every move, as [`EnableMouseCapture`](ratatui::crossterm::event::EnableMouseCapture)
/// asks, would flood a slow line.
struct TakeMouse;

impl Command for TakeMouse {
    fn write_ansi(&self, to: &mut impl fmt::Write) -> fmt::Result {
        to.write_str("\x1b[?1000h\x1b[?1002h\x1b[?1006h")
    }
}

/// Leaves the mouse to the terminal.
struct LeaveMouse;

impl Command for LeaveMouse {
    fn write_ansi(&self, to: &mut impl fmt::Write) -> fmt::Result {
        to.write_str("\x1b[?1006l\x1b[?1002l\x1b[?1000l")
    }
}

/// Whether a full screen can be shown here; says what to do instead when not.
pub fn check() -> Result<(), Failure> {
    let instead = "; `--plain` works in lines, `stanch snapshot` prints one frame as text";
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        return Err(Failure::Failed(format!("standard input and output must be a terminal{instead}")));
    }
    if env::var("TERM").is_ok_and(|term| term == "dumb") {
        return Err(Failure::Failed(format!("TERM=dumb: this terminal cannot show a full screen{instead}")));
    }
    Ok(())
}

/// Takes the terminal over, and the mouse if it is wanted.
pub fn take(mouse: bool) -> io::Result<Screen> {
    terminal::enable_raw_mode()?;
    let output = Output::take();
    let mut out = io::BufWriter::with_capacity(1 << 16, output.clone());
    execute!(out, EnterAlternateScreen, EnableBracketedPaste, Hide)?;
    if mouse {
        execute!(out, TakeMouse)?;
    }
    let (columns, rows) = size();
    let shown = Buffer::empty(Rect::new(0, 0, columns, rows));
    Ok(Screen { backend: CrosstermBackend::new(out), output, shown, links: None })
}

/// Columns and rows.
pub fn size() -> (u16, u16) {
    terminal::size().unwrap_or((80, 24))
}

/// Gives it back as it was. Can be called at any time, more than once, and from a panic.
pub fn give_back() {
    let mut last = Vec::new();
    let reset = SetAttribute(Attribute::Reset);
    let _ = queue!(last, reset, EndSynchronizedUpdate, LeaveMouse, DisableBracketedPaste, LeaveAlternateScreen, Show);
    if output::give_back(&last) {
        let _ = terminal::disable_raw_mode();
    }
}

/// How the terminal is set while another program has it.
pub struct Modes(Option<Termios>);

impl Modes {
    /// How the terminal is set now.
    pub fn now() -> Self {
        Self(tcgetattr(io::stdin()).ok())
    }

    /// Sets the terminal as it was then: a program that was killed has not tidied up.
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
        let mut cells = Vec::new();
        renew(&mut before.content, &after.content, after.area, &mut cells);
        assert_eq!(cells, whole);
        assert_eq!(before, after);
    }

    #[test]
    fn blanks_keep_the_colour_of_what_is_before_them() {
        let mut buf = Buffer::with_lines([" a b c "]);
        for (at, colour) in
            [Color::Red, Color::Blue, Color::Red, Color::Blue, Color::Red, Color::Green].iter().enumerate()
        {
            buf[(at as u16, 0)].fg = *colour;
        }
        buf[(2, 0)].modifier = Modifier::REVERSED;
        let mut cells: Vec<_> = (0..7).map(|x| (x, 0, buf[(x, 0)].clone())).collect();
        keep_colour_over_blanks(&mut cells);
        let colours: Vec<Color> = cells.iter().map(|(_, _, cell)| cell.fg).collect();
        let [none, blue, red, green] = [Color::Reset, Color::Blue, Color::Red, Color::Green];
        assert_eq!(colours, [none, blue, red, blue, blue, green, green]);
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
