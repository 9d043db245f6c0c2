//! The only place where things run: the terminal, the loop that reads keys, the tasks that poll, the thread that writes.
//!
//! The loop waits for nothing but its own channels. It takes in all that has come (bounded), draws once, and sleeps. The
//! first frame is drawn before any task, connection or certificate store exists.

mod boards;
mod cockpit;
mod commands;
mod editor;
mod event_loop;
mod hangup;
mod keys;
pub mod log_file;
mod notes;
mod open;
mod output;
mod panics;
mod parting;
mod pen;
mod polls;
mod signals;
mod snapshot;
mod terminal;
mod themes;
mod unwritten;
mod zone;

use crate::{
    cli::{
        Failure,
        launch::{Launch, Mode},
    },
    incident::board::file::BoardFile,
};

/// Runs a cockpit, a demo, or a single frame to its end.
pub fn run(launch: Launch) -> Result<(), Failure> {
    let Launch { config, author, mode, log } = launch;
    match mode {
        Mode::Cockpit { home, which, board, read_only } => {
            terminal::check()?;
            // A board that is brought along knows better what it is about than the configuration does.
            let of_board = board.as_ref().map(|(_, board)| board.title.as_str()).filter(|title| !title.is_empty());
            let title = of_board.or(config.title.as_deref()).unwrap_or("incident");
            let opened = open::incident(&home, &which, title, &author, read_only)?;
            cockpit::run(config, author, opened, board, BoardFile::generic_causes(), log)
        }
        Mode::Demo { home, sim, known } => {
            terminal::check()?;
            let _until_the_end = sim;
            let opened = open::drill(&home, "Demo: the shop", &author)?;
            cockpit::run(config, author, opened, None, known, log)
        }
        Mode::Snapshot { home, options } => snapshot::run(config, author, home, &options),
    }
}
