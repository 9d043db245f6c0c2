//! Bytes of the mouse that came in two pieces, put together again.
//!
//! The library takes an escape byte that ends what was read for the Esc key, and what follows it for letters. Where the
//! connection cuts a report of the mouse there, those letters would be commands: they come within a moment, which no hand
//! does, and read `[<0;10;5M`.

use std::mem;

use ratatui::crossterm::event::{Event, KeyCode, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

/// Longest report, in bytes: the button and two places of five digits.
const LONGEST: usize = 20;

/// What has come since an Esc that may be the beginning of a report.
#[derive(Debug, Default)]
pub struct Rejoin {
    held: Vec<Event>,
    text: String,
}

impl Rejoin {
    /// Takes what came; answers what is to be passed on by now, in order.
    pub fn take(&mut self, event: Event) -> Vec<Event> {
        if is_escape(&event) {
            let before = self.give_up();
            self.held.push(event);
            return before;
        }
        if self.held.is_empty() {
            return vec![event];
        }
        let letter = letter(&event);
        self.held.push(event);
        self.text.extend(letter);
        if letter.is_none() || !begins(&self.text) {
            return self.give_up();
        }
        match mouse(&self.text) {
            Some(whole) => {
                drop(self.give_up());
                vec![Event::Mouse(whole)]
            }
            None => Vec::new(),
        }
    }

    /// Whether something is held back that may go on.
    pub fn is_waiting(&self) -> bool {
        !self.held.is_empty()
    }

    /// Nothing has followed in time: what was held is what it is.
    pub fn give_up(&mut self) -> Vec<Event> {
        self.text.clear();
        mem::take(&mut self.held)
    }
}

fn is_escape(event: &Event) -> bool {
    matches!(event, Event::Key(key) if key.code == KeyCode::Esc && key.modifiers == KeyModifiers::NONE)
}

fn letter(event: &Event) -> Option<char> {
    match event {
        Event::Key(key) if key.kind == KeyEventKind::Press => match key.code {
            KeyCode::Char(c) if (key.modifiers - KeyModifiers::SHIFT).is_empty() => Some(c),
            _ => None,
        },
        _ => None,
    }
}

/// Whether a report may begin with this.
fn begins(text: &str) -> bool {
    let rest = text.strip_prefix("[<").or_else(|| Some("").filter(|_| text == "["));
    let fits = |rest: &str| rest.chars().all(|c| c.is_ascii_digit() || c == ';' || c == 'M' || c == 'm');
    text.len() <= LONGEST && rest.is_some_and(fits)
}

/// A whole report: `[<BUTTON;COLUMN;ROWM`.
fn mouse(text: &str) -> Option<MouseEvent> {
    let down = text.ends_with('M');
    let numbers = text.strip_prefix("[<")?.strip_suffix(['M', 'm'])?;
    let mut numbers = numbers.split(';').map(|number| number.parse::<u16>().ok());
    let (button, column, row) = (numbers.next()??, numbers.next()??, numbers.next()??);
    let which = match button & 0b11 {
        0 => MouseButton::Left,
        1 => MouseButton::Middle,
        _ => MouseButton::Right,
    };
    let moves = button & 32 != 0;
    let kind = match (button & 64 != 0, button & 0b11) {
        (true, 0) => MouseEventKind::ScrollUp,
        (true, 1) => MouseEventKind::ScrollDown,
        (true, 2) => MouseEventKind::ScrollLeft,
        (true, _) => MouseEventKind::ScrollRight,
        (false, 3) => MouseEventKind::Moved,
        _ if moves => MouseEventKind::Drag(which),
        _ if down => MouseEventKind::Down(which),
        _ => MouseEventKind::Up(which),
    };
    let held = [(4, KeyModifiers::SHIFT), (8, KeyModifiers::ALT), (16, KeyModifiers::CONTROL)];
    let modifiers = held.iter().filter(|(bit, _)| button & bit != 0).map(|(_, key)| *key).collect();
    Some(MouseEvent { kind, column: column.saturating_sub(1), row: row.saturating_sub(1), modifiers })
}

#[cfg(test)]
mod tests {
    use ratatui::crossterm::event::KeyEvent;

    use super::*;

    fn keys(text: &str) -> Vec<Event> {
        let key = |c| Event::Key(KeyEvent::from(if c == '\x1b' { KeyCode::Esc } else { KeyCode::Char(c) }));
        text.chars().map(key).collect()
    }

    /// What comes of keys after which nothing follows.
    fn joined(came: Vec<Event>) -> Vec<Event> {
        let mut rejoin = Rejoin::default();
        let mut passed: Vec<Event> = came.into_iter().flat_map(|event| rejoin.take(event)).collect();
        passed.extend(rejoin.give_up());
        passed
    }

    #[track_caller]
    fn check(text: &str, kind: MouseEventKind, modifiers: KeyModifiers) {
        let whole = Event::Mouse(MouseEvent { kind, column: 9, row: 4, modifiers });
        assert_eq!(joined([keys(text), keys("n")].concat()), [vec![whole], keys("n")].concat(), "{text:?}");
    }

    #[test]
    fn a_report_in_two_pieces_is_one() {
        let none = KeyModifiers::NONE;
        check("\x1b[<0;10;5M", MouseEventKind::Down(MouseButton::Left), none);
        check("\x1b[<0;10;5m", MouseEventKind::Up(MouseButton::Left), none);
        check("\x1b[<32;10;5M", MouseEventKind::Drag(MouseButton::Left), none);
        check("\x1b[<2;10;5M", MouseEventKind::Down(MouseButton::Right), none);
        check("\x1b[<64;10;5M", MouseEventKind::ScrollUp, none);
        check("\x1b[<69;10;5M", MouseEventKind::ScrollDown, KeyModifiers::SHIFT);
    }

    #[test]
    fn keys_stay_keys() {
        for text in
            ["\x1b", "\x1b\x1b", "\x1bn", "\x1b[", "\x1b[x", "\x1b[<", "\x1b[<3", "\x1b[<;;M", "[<0;1;1M", "\x1b[<0;1"]
        {
            assert_eq!(joined(keys(text)), keys(text), "{text:?}");
        }
        let many = format!("\x1b[<{}M", "1".repeat(40));
        assert_eq!(joined(keys(&many)), keys(&many));
        let paste = vec![keys("\x1b").remove(0), Event::Paste("[<0;1;1M".into())];
        assert_eq!(joined(paste.clone()), paste);
    }
}
