//! The only place where things run: the front end a person sits before, the loop that takes what they type, the tasks that
//! poll, the thread that writes.
//!
//! The loop waits for nothing but its own channels. It takes in all that has come (bounded), draws once, and sleeps. The
//! first frame is drawn before any task, connection or certificate store exists.

mod aborts;
pub mod boards;
mod cockpit;
pub(crate) mod core_dumps;
mod dashboard_list;
pub mod dashboards;
mod editor;
mod event_loop;
pub(crate) mod file_sizes;
mod front_end;
mod full_screen;
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
mod plain;
mod polls;
mod recovery_file;
pub(crate) mod room;
pub mod runbooks;
mod shutdown;
mod signals;
pub mod snapshot;
mod themes;
mod told;
mod tty;
mod zone;

pub use launch::{Launch, Mode, Which};

use self::{full_screen::FullScreen, incidents::Incidents, plain::Plain};
use crate::{
    failure::Failure,
    incident::{Exercise, board::file::BoardFile},
};

/// Runs a cockpit or a demo to its end.
pub fn run(launch: Launch) -> Result<(), Failure> {
    let Launch { config, author, mode, log, plain } = launch;
    if !plain {
        tty::terminal::check()?;
    }
    room::check(room::COCKPIT)?;
    let (opened, board, known, sim, incidents) = match mode {
        Mode::Cockpit { home, which, board, read_only } => {
            // A board that is brought along knows better what it is about than the configuration does.
            let of_board = board.as_ref().map(|(_, board)| board.title.as_str()).filter(|title| !title.is_empty());
            let title = of_board.or(config.title.as_deref()).unwrap_or("incident");
            let opened = open::incident(&home, &which, title, &author, read_only)?;
            // The board is of the incident it was brought along to.
            let title = config.title.clone().unwrap_or_else(|| "incident".into());
            let incidents = Incidents { home, title, author, read_only };
            (opened, board, BoardFile::generic_causes(), None, incidents)
        }
        Mode::Demo { home, sim, known } => {
            let opened = open::drill(&home, &Exercise::Demo.titled("the shop"), &author)?;
            let incidents = Incidents { home, title: String::new(), author, read_only: false };
            (opened, None, known, Some(sim), incidents)
        }
    };
    let _until_the_end = sim;
    match plain {
        true => cockpit::run(|_, _| Plain::new(), config, incidents, opened, board, known, log),
        false => cockpit::run(FullScreen::take, config, incidents, opened, board, known, log),
    }
}
