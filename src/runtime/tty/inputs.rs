//! What the terminal sends, in order; of the mouse as much at once as comes to one move.
//!
//! A wheel that is spun sends hundreds of ticks, and a pointer that is dragged a cell at a time: those that are at hand
//! are one move, so that what is on the screen never lags behind the hand.

use ratatui::crossterm::event::{Event, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use tokio::sync::mpsc::UnboundedReceiver;

use crate::app::mouse::Gesture;

/// What the terminal sends.
pub struct Inputs {
    from: UnboundedReceiver<Event>,
    /// Read already, and to be taken next.
    next: Option<Event>,
}

/// What was done with the mouse, and at which column and row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pointed {
    /// What was done.
    pub gesture: Gesture,
    /// Where it was done.
    pub at: (u16, u16),
}

impl Inputs {
    /// What comes out of this.
    pub fn new(from: UnboundedReceiver<Event>) -> Self {
        Self { from, next: None }
    }

    /// Waits for what comes next; `None` when the terminal is gone.
    pub async fn next(&mut self) -> Option<Event> {
        match self.next.take() {
            Some(event) => Some(event),
            None => self.from.recv().await,
        }
    }

    /// How many are there already.
    pub fn waiting(&self) -> usize {
        self.from.len() + usize::from(self.next.is_some())
    }

    /// What comes next, if it is there.
    pub fn at_hand(&mut self) -> Option<Event> {
        self.next.take().or_else(|| self.from.try_recv().ok())
    }

    /// This and what goes on with it, of what is there.
    pub fn merged(&mut self, mut first: Pointed) -> Pointed {
        while let Some(event) = self.at_hand() {
            let merged = match &event {
                Event::Mouse(event) => Pointed::of(*event).and_then(|then| first.and(then)),
                _ => None,
            };
            match merged {
                Some(merged) => first = merged,
                None => {
                    self.next = Some(event);
                    break;
                }
            }
        }
        first
    }
}

impl Pointed {
    /// From what the terminal says; `None` for what is nothing to us. With a key held down it is the terminal's.
    pub fn of(event: MouseEvent) -> Option<Self> {
        let gesture = match event.kind {
            MouseEventKind::Down(MouseButton::Left) => Gesture::Press,
            MouseEventKind::Drag(MouseButton::Left) => Gesture::Drag,
            MouseEventKind::Up(MouseButton::Left) => Gesture::Release,
            MouseEventKind::Down(MouseButton::Right) => Gesture::Menu,
            MouseEventKind::ScrollUp => Gesture::Wheel(-1),
            MouseEventKind::ScrollDown => Gesture::Wheel(1),
            _ => return None,
        };
        // A button that is let go is let go, whatever is held down.
        let plain = event.modifiers == KeyModifiers::NONE || gesture == Gesture::Release;
        plain.then_some(Self { gesture, at: (event.column, event.row) })
    }

    /// This and the next one as one move, if they are.
    fn and(self, then: Self) -> Option<Self> {
        match (self.gesture, then.gesture) {
            (Gesture::Drag, Gesture::Drag) => Some(then),
            (Gesture::Wheel(ticks), Gesture::Wheel(more)) if self.at == then.at && (ticks < 0) == (more < 0) => {
                Some(Self { gesture: Gesture::Wheel(ticks + more), ..self })
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use ratatui::crossterm::event::{KeyCode, KeyEvent};
    use tokio::sync::mpsc;

    use super::*;

    fn mouse(kind: MouseEventKind, column: u16) -> Event {
        Event::Mouse(MouseEvent { kind, column, row: 3, modifiers: KeyModifiers::NONE })
    }

    /// What comes of these, each move with its column and each key as it is.
    fn read(events: Vec<Event>) -> Vec<Result<(Gesture, u16), Event>> {
        let (into, from) = mpsc::unbounded_channel();
        events.into_iter().for_each(|event| into.send(event).expect("someone listens"));
        let mut inputs = Inputs::new(from);
        let mut read = Vec::new();
        while let Some(event) = inputs.at_hand() {
            read.push(match &event {
                Event::Mouse(event) => {
                    let Some(pointed) = Pointed::of(*event) else { continue };
                    let Pointed { gesture, at } = inputs.merged(pointed);
                    Ok((gesture, at.0))
                }
                _ => Err(event),
            });
        }
        read
    }

    #[test]
    fn a_spun_wheel_is_one_move() {
        let down = |count| vec![mouse(MouseEventKind::ScrollDown, 7); count];
        assert_eq!(read(down(500)), [Ok((Gesture::Wheel(500), 7))]);
        let back = [down(3), vec![mouse(MouseEventKind::ScrollUp, 7)], vec![mouse(MouseEventKind::ScrollUp, 8)]];
        assert_eq!(
            read(back.concat()),
            [Ok((Gesture::Wheel(3), 7)), Ok((Gesture::Wheel(-1), 7)), Ok((Gesture::Wheel(-1), 8))]
        );
    }

    #[test]
    fn keys_among_the_moves_stay_where_they_are() {
        let key = Event::Key(KeyEvent::from(KeyCode::Char('n')));
        let paste = Event::Paste("text".into());
        let drag = |column| mouse(MouseEventKind::Drag(MouseButton::Left), column);
        let release = mouse(MouseEventKind::Up(MouseButton::Left), 12);
        let came = vec![drag(5), drag(6), key.clone(), drag(7), drag(9), paste.clone(), drag(12), release];
        let expected = [
            Ok((Gesture::Drag, 6)),
            Err(key),
            Ok((Gesture::Drag, 9)),
            Err(paste),
            Ok((Gesture::Drag, 12)),
            Ok((Gesture::Release, 12)),
        ];
        assert_eq!(read(came), expected);
    }

    #[test]
    fn what_is_nothing_to_us_is_passed_over() {
        let shifted = MouseEvent {
            kind: MouseEventKind::Down(MouseButton::Left),
            column: 1,
            row: 1,
            modifiers: KeyModifiers::SHIFT,
        };
        assert_eq!(read(vec![Event::Mouse(shifted), mouse(MouseEventKind::Moved, 2)]), []);
    }
}
