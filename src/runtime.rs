//! The only place where things run: the terminal, the loop that reads keys, the tasks that poll, the thread that writes.
//!
//! The loop waits for nothing but its own channels. It takes in all that has come (bounded), draws once, and sleeps. The
//! first frame is drawn before any task, connection or certificate store exists.

mod cockpit;
mod commands;
mod editor;
mod event_loop;
mod hangup;
mod notes;
mod open;
mod panics;
mod pen;
mod snapshot;
mod terminal;
mod themes;

use crate::{
    cli::{Failure, launch::{Launch, Mode}},
    config::Config,
    sim::{self, Sim},
};

/// Runs a cockpit, a demo, or a single frame to its end.
pub fn run(launch: Launch) -> Result<(), Failure> {
    let Launch { config, author, mode } = launch;
    match mode {
        Mode::Cockpit { home, which, board, read_only } => {
            terminal::check()?;
            let opened = open::incident(&home, &which, &config, &author, read_only)?;
            cockpit::run(config, author, opened, board)
        }
        Mode::Demo { home } => {
            terminal::check()?;
            let (_sim, config) = demo(config)?;
            let opened = open::drill(&home, "Demo: the shop", &author)?;
            cockpit::run(config, author, opened, None)
        }
        Mode::Snapshot { home, options } => snapshot::run(config, author, home, &options),
    }
}

/// Starts the simulated outage; its sources and panes with the person's own theme, keys and folder for notes.
fn demo(taste: Config) -> Result<(Sim, Config), Failure> {
    let sim = sim::start(sim::Options::default())
        .map_err(|error| Failure::Failed(format!("cannot serve the demo on loopback: {error}")))?;
    let (config, _) = crate::config::load::parse(&sim.config_toml(), "the demo".as_ref())
        .map_err(|errors| Failure::Failed(errors.to_string()))?;
    Ok((sim, Config { theme: taste.theme, keys: taste.keys, notes: taste.notes, utc: taste.utc, ..config }))
}
