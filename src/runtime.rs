//! The only place where things run: the terminal, the loop that reads keys, the tasks that poll, the thread that writes.
//!
//! The loop waits for nothing but its own channels. It takes in all that has come (bounded), draws once, and sleeps. The
//! first frame is drawn before any task, connection or certificate store exists.

mod aborts;
pub mod boards;
mod cockpit;
pub(crate) mod core_dumps;
mod editor;
mod event_loop;
mod incidents;
mod journal_link;
mod lane;
pub mod launch;
pub mod log_file;
mod memory;
mod mitigation_commands;
mod notes;
mod open;
mod panics;
mod polls;
mod recovery_file;
pub(crate) mod room;
mod shutdown;
mod signals;
pub mod snapshot;
mod themes;
mod tty;
mod zone;

pub use launch::{Launch, Mode, Which};

use self::incidents::Incidents;
use crate::{
    failure::Failure,
    incident::{Exercise, board::file::BoardFile},
};

/// Runs a cockpit or a demo to its end.
pub fn run(launch: Launch) -> Result<(), Failure> {
    let Launch { config, author, mode, log } = launch;
    match mode {
        Mode::Cockpit { home, which, board, read_only } => {
            tty::terminal::check()?;
            room::check(room::COCKPIT)?;
            // A board that is brought along knows better what it is about than the configuration does.
            let of_board = board.as_ref().map(|(_, board)| board.title.as_str()).filter(|title| !title.is_empty());
            let title = of_board.or(config.title.as_deref()).unwrap_or("incident");
            let opened = open::incident(&home, &which, title, &author, read_only)?;
            // The board is of the incident it was brought along to.
            let title = config.title.clone().unwrap_or_else(|| "incident".into());
            let incidents = Incidents { home, title, author, read_only };
            cockpit::run(config, incidents, opened, board, BoardFile::generic_causes(), log)
        }
        Mode::Demo { home, sim, known } => {
            tty::terminal::check()?;
            room::check(room::COCKPIT)?;
            let _until_the_end = sim;
            let opened = open::drill(&home, &Exercise::Demo.titled("the shop"), &author)?;
            let incidents = Incidents { home, title: String::new(), author, read_only: false };
            cockpit::run(config, incidents, opened, None, known, log)
        }
    }
}
