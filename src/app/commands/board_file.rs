//! Board files in the running cockpit: which file is asked for, what becomes of one that was read, what is to be written.
//!
//! Files are the runtime's: reading and writing are effects. A file that cannot be taken whole changes nothing, and its name
//! stays in the field beside what is wrong with it.

use crate::{
    app::{
        App, Effect, Overlay, View,
        msg::BoardNotSaved,
        screen::overlay::{Choice, Prompt, Purpose, choice::Then},
    },
    incident::{
        Event,
        board::file::{BoardFile, to_toml},
    },
};

/// Asks for a board file to put on the board.
pub(in crate::app) fn load_board(app: &mut App, path: &str) -> Vec<Effect> {
    if app.refuses_to_write() {
        return Vec::new();
    }
    vec![Effect::LoadBoard(path.to_owned())]
}

/// Hands out the board, to be written to a file.
pub(in crate::app) fn save_board(app: &mut App, path: &str, replace: bool) -> Vec<Effect> {
    if app.refuses_to_write() {
        return Vec::new();
    }
    let text = to_toml(&app.incident.summary.title, &app.incident.board);
    vec![Effect::SaveBoard { path: path.to_owned(), text, replace }]
}

/// Asks where to write the board, and offers a name for it.
pub(in crate::app) fn ask_where_to_save(app: &mut App) {
    let name = format!("{}.toml", app.session.id);
    app.ask_with(Purpose::SaveBoard, &name);
}

/// Puts on the board what it has not yet.
pub(in crate::app) fn take_board(app: &mut App, path: &str, file: &BoardFile) -> Vec<Effect> {
    if app.session.quitting {
        return Vec::new();
    }
    if app.outbox.has_refused() {
        app.complain("nothing was loaded: the journal takes nothing just now; load it again when it does");
        return Vec::new();
    }
    // Where there is nothing to watch, the board is what there is to look at.
    if app.world.plan.panes.is_empty() {
        app.show(View::Board);
    }
    let drafts = file.drafts_missing(&app.incident.board, &mut app.session.ids, app.session.now);
    let count = |is: fn(&Event) -> bool| drafts.iter().filter(|draft| is(&draft.event)).count();
    let rows = count(|event| matches!(event, Event::HypothesisAdded { .. }));
    let columns = count(|event| matches!(event, Event::ObservationAdded { .. }));
    if drafts.is_empty() {
        app.say(format!("nothing new: the board has all of {path}"));
    } else if !app.session.read_only {
        app.say(format!("added {} and {} from {path}", hypotheses(rows), observations(columns)));
    }
    app.record_drafts(drafts)
}

/// Says what became of a file that was to be written.
pub(in crate::app) fn board_saved(app: &mut App, path: String, outcome: Result<(), BoardNotSaved>) {
    match outcome {
        Ok(()) => {
            let board = &app.incident.board;
            let (rows, columns) = (hypotheses(board.hypotheses.len()), observations(board.observations.len()));
            app.say(format!("wrote {rows} and {columns} to {path}"));
        }
        Err(BoardNotSaved::Taken) if app.screen.overlay.is_none() => {
            let choice = Choice::new(format!("{path} is there already. Replace it?"))
                .or('y', "yes, write the board over it", Then::ReplaceFile(path))
                .or('n', "no, leave it as it is", Then::Nothing);
            app.screen.overlay = Some(Overlay::Choice(choice));
        }
        Err(BoardNotSaved::Taken) => app.complain(format!("not written: {path} is there already")),
        Err(BoardNotSaved::Failed(error)) => ask_again(app, Purpose::SaveBoard, &path, &error),
    }
}

/// Opens the field again with what was typed and what was wrong with it, unless something else was opened since.
pub(in crate::app) fn ask_again(app: &mut App, purpose: Purpose, path: &str, error: &str) {
    if app.screen.overlay.is_some() {
        return app.complain(error);
    }
    let mut prompt = Prompt::new(purpose, path);
    prompt.trouble = Some(error.to_owned());
    app.screen.overlay = Some(Overlay::Prompt(prompt));
}

fn hypotheses(n: usize) -> String {
    format!("{n} {}", if n == 1 { "hypothesis" } else { "hypotheses" })
}

fn observations(n: usize) -> String {
    format!("{n} {}", if n == 1 { "observation" } else { "observations" })
}
