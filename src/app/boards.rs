//! Board files in the running cockpit: which file is asked for, what becomes of one that was read, what is to be written.
//!
//! Files are the runtime's: reading and writing are effects. A file that cannot be taken whole changes nothing, and its name
//! stays in the field beside what is wrong with it.

use std::sync::Arc;

use super::{
    App, Effect, Overlay, View,
    input::Input,
    msg::BoardNotSaved,
    overlay::{Choice, Prompt, Purpose, choice::Then},
};
use crate::incident::{
    Event,
    board::file::{BoardFile, to_toml},
};

impl App {
    /// Asks for a board file to put on the board.
    pub(super) fn load_board(&mut self, path: &str) -> Vec<Effect> {
        if self.read_only {
            self.complain("read-only: nothing is written");
            return Vec::new();
        }
        vec![Effect::LoadBoard(path.to_owned())]
    }

    /// Hands out the board, to be written to a file.
    pub(super) fn save_board(&mut self, path: &str, replace: bool) -> Vec<Effect> {
        if self.read_only {
            self.complain("read-only: nothing is written");
            return Vec::new();
        }
        let text = to_toml(&self.incident.title, &self.incident.board);
        vec![Effect::SaveBoard { path: path.to_owned(), text, replace }]
    }

    /// Asks where to write the board, and offers a name for it.
    pub(super) fn ask_where_to_save(&mut self) {
        let name = format!("{}.toml", self.id);
        self.ask_with(Purpose::SaveBoard, &name);
    }

    /// Takes in a file that was read. What a record on its way brings must be on the board before: rows are known by their
    /// text, and one that is not there yet would come twice.
    pub(super) fn board_read(&mut self, path: String, outcome: Result<Arc<BoardFile>, String>) -> Vec<Effect> {
        match outcome {
            Ok(file) => self.take_input(Input::Board(path, file)),
            Err(error) => {
                self.ask_again(Purpose::LoadBoard, &path, &error);
                Vec::new()
            }
        }
    }

    /// Puts on the board what it has not yet.
    pub(super) fn take_board(&mut self, path: &str, file: &BoardFile) -> Vec<Effect> {
        if self.quitting {
            return Vec::new();
        }
        if self.outbox.has_refused() {
            self.complain("nothing was loaded: the journal takes nothing just now; load it again when it does");
            return Vec::new();
        }
        // Where there is nothing to watch, the board is what there is to look at.
        if self.plan.panes.is_empty() {
            self.show(View::Board);
        }
        let drafts = file.drafts_missing(&self.incident.board, &mut self.ids, self.now);
        let count = |is: fn(&Event) -> bool| drafts.iter().filter(|draft| is(&draft.event)).count();
        let rows = count(|event| matches!(event, Event::HypothesisAdded { .. }));
        let columns = count(|event| matches!(event, Event::ObservationAdded { .. }));
        if drafts.is_empty() {
            self.say(format!("nothing new: the board has all of {path}"));
        } else if !self.read_only {
            self.say(format!("added {} and {} from {path}", hypotheses(rows), observations(columns)));
        }
        self.record_drafts(drafts)
    }

    /// Says what became of a file that was to be written.
    pub(super) fn board_saved(&mut self, path: String, outcome: Result<(), BoardNotSaved>) {
        match outcome {
            Ok(()) => {
                let board = &self.incident.board;
                let (rows, columns) = (hypotheses(board.hypotheses.len()), observations(board.observations.len()));
                self.say(format!("wrote {rows} and {columns} to {path}"));
            }
            Err(BoardNotSaved::Taken) if self.overlay.is_none() => {
                let choice = Choice::new(format!("{path} is there already. Replace it?"))
                    .or('y', "yes, write the board over it", Then::ReplaceFile(path))
                    .or('n', "no, leave it as it is", Then::Nothing);
                self.overlay = Some(Overlay::Choice(choice));
            }
            Err(BoardNotSaved::Taken) => self.complain(format!("not written: {path} is there already")),
            Err(BoardNotSaved::Failed(error)) => self.ask_again(Purpose::SaveBoard, &path, &error),
        }
    }

    /// Opens the field again with what was typed and what was wrong with it, unless something else was opened since.
    fn ask_again(&mut self, purpose: Purpose, path: &str, error: &str) {
        if self.overlay.is_some() {
            return self.complain(error);
        }
        let mut prompt = Prompt::new(purpose, path);
        prompt.trouble = Some(error.to_owned());
        self.overlay = Some(Overlay::Prompt(prompt));
    }
}

fn hypotheses(n: usize) -> String {
    format!("{n} {}", if n == 1 { "hypothesis" } else { "hypotheses" })
}

fn observations(n: usize) -> String {
    format!("{n} {}", if n == 1 { "observation" } else { "observations" })
}
