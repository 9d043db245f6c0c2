//! What is taken for granted, by a row or by all of them: in which order it is poked, and what came of that.

use ratatui::crossterm::event::{KeyCode, KeyEvent};

use super::{
    App, Effect, Overlay,
    held::List,
    overlay::{Choice, Purpose, choice::Then},
    rows::Cursor,
};
use crate::incident::{
    Event, Id,
    board::Assumption,
    board::AssumptionState::{Broken, Holds, Unpoked},
};

impl App {
    /// Assumptions in the order they are poked: those nobody has poked, oldest first, then those that are broken, then those
    /// that hold.
    pub fn assumptions(&self) -> Vec<&Assumption> {
        let mut known: Vec<&Assumption> = self.incident.board.assumptions.iter().collect();
        known.sort_by_key(|assumption| match assumption.state {
            Unpoked => 0,
            Broken => 1,
            Holds => 2,
        });
        known
    }

    /// The row the cursor is on; `None`, which stands for all of them, when it is on none.
    pub(super) fn selected_or_all(&self) -> Option<Id> {
        self.selected_hypothesis()
    }

    /// Lists the assumptions, the oldest nobody has poked selected; asks for one when there is none.
    pub(super) fn open_assumptions(&mut self) {
        if self.incident.board.assumptions.is_empty() {
            return self.ask(Purpose::Assumption(self.selected_or_all()));
        }
        self.list_assumptions();
    }

    /// The list, its first line selected.
    pub(super) fn list_assumptions(&mut self) {
        self.overlay = Some(Overlay::Assumptions { cursor: Cursor::default() });
    }

    /// The line of the list that is selected. The list is in order of what is known, which others change, too.
    pub fn assumption_line(&self, cursor: &Cursor) -> usize {
        cursor.find(&self.assumption_keys()).unwrap_or(0)
    }

    /// Keeps the cursor of the list on the line it is shown on.
    pub(super) fn stay_in_assumptions(&mut self) {
        let keys = self.assumption_keys();
        if let Some(Overlay::Assumptions { cursor }) = &mut self.overlay {
            cursor.step(&keys, 0);
        }
    }

    fn assumption_keys(&self) -> Vec<String> {
        self.assumptions().iter().map(|known| known.id.to_string()).collect()
    }

    pub(super) fn press_assumptions(&mut self, cursor: &Cursor, key: KeyEvent) -> Vec<Effect> {
        let keys = self.assumption_keys();
        let line = self.assumption_line(cursor);
        let to = match key.code {
            KeyCode::Char('q') => return Vec::new(),
            KeyCode::Enter => {
                if self.tell_gone_of(&[List::Assumptions]) {
                    line
                } else if let Some(id) = self.assumptions().get(line).map(|known| known.id) {
                    self.ask_to_poke(id);
                    return Vec::new();
                } else {
                    return Vec::new();
                }
            }
            KeyCode::Down | KeyCode::Tab => line + 1,
            KeyCode::Up | KeyCode::BackTab => line.saturating_sub(1),
            KeyCode::PageDown => line + 10,
            KeyCode::PageUp => line.saturating_sub(10),
            // Letters command nothing here: whoever types words into it changes nothing.
            _ => line,
        };
        let mut cursor = cursor.clone();
        cursor.put(&keys, to.min(keys.len().saturating_sub(1)));
        self.overlay = Some(Overlay::Assumptions { cursor });
        Vec::new()
    }

    pub(super) fn ask_to_poke(&mut self, assumption: Id) {
        let known = self.incident.board.assumptions.iter().find(|known| known.id == assumption);
        let Some(text) = known.map(|known| known.text.clone()) else { return };
        let then = |state| Then::Record(vec![Event::AssumptionSet { assumption, state }]);
        let choice = Choice::new(format!("{text}: is it so?"))
            .titled("Poke an assumption")
            .or('h', "holds: looked, and it is so", then(Holds))
            .or('b', "broken: it is not so; what hung on it is marked", then(Broken))
            .or('u', "not poked yet", then(Unpoked));
        self.overlay = Some(Overlay::Choice(choice));
    }
}
