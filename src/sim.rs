//! An outage of a small shop, simulated over time and served on loopback through the real HTTP APIs.
//!
//! For the demo and for drills: the cockpit runs its real code on it. The simulator knows nothing of the cockpit and is
//! reached by HTTP only; it serves Prometheus, Alertmanager and the shop's own feeds, each on a port of its own, from one
//! thread. The plot stands in `sim/story.rs`.

mod act;
mod alertmanager;
mod clock;
mod demo;
mod feeds;
mod noise;
mod params;
mod prometheus;
mod promql;
mod rules;
mod server;
mod shared;
mod shop;
mod store;
mod story;
mod world;

use std::{io, path::PathBuf};

use jiff::Timestamp;

pub use act::act_main;

use self::{clock::Clock, server::Servers, world::World};

/// The hidden subcommand that acts on the shop; see [`act_main`].
pub const SUBCOMMAND: &str = "__sim-act";

/// How the story is told.
#[derive(Clone, Debug)]
pub struct Options {
    /// The same seed tells the same story.
    pub seed: u64,
    /// How many times faster than the wall clock the shop lives, 0.1 to 100. Requests a second and the ranges in
    /// [`Sim::config_toml`] follow.
    pub speed: f64,
    /// When the story begins; `None` is now. The outage begins [`ONSET_SECONDS`] later, so a start that lies back opens
    /// in the middle of it.
    pub start: Option<Timestamp>,
    /// The program that the mitigations of [`Sim::config_toml`] run; `None` is this one.
    pub program: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        Self { seed: 1, speed: 1.0, start: None, program: None }
    }
}

/// Seconds from the start of the story to the first failed requests, at speed 1.
pub const ONSET_SECONDS: f64 = story::ONSET;

/// A running simulation. It ends when this is dropped.
pub struct Sim {
    /// Prometheus' address.
    pub prometheus_url: String,
    /// Alertmanager's address.
    pub alertmanager_url: String,
    /// The shop's address: `/api/deployments`, `/api/logs`, and `POST /act/{action}`.
    pub deploys_url: String,
    program: PathBuf,
    clock: Clock,
    _servers: Servers,
}

/// Starts a simulation on free ports of 127.0.0.1.
pub fn start(options: Options) -> io::Result<Sim> {
    let clock = Clock::new(options.start, options.speed);
    let program = match options.program {
        Some(program) => program,
        None => std::env::current_exe()?,
    };
    let servers = Servers::start(World::new(clock, options.seed))?;
    Ok(Sim {
        prometheus_url: format!("http://{}", servers.prometheus),
        alertmanager_url: format!("http://{}", servers.alertmanager),
        deploys_url: format!("http://{}", servers.shop),
        program,
        clock,
        _servers: servers,
    })
}

impl Sim {
    /// The text of a `stanch.toml` for this simulation.
    pub fn config_toml(&self) -> String {
        let urls = demo::Urls {
            prometheus: &self.prometheus_url,
            alertmanager: &self.alertmanager_url,
            shop: &self.deploys_url,
        };
        demo::config(&urls, &self.program, self.clock)
    }

    /// A board file with the checks of signs that outages have in common, by the ids of the generic causes.
    pub fn checks_toml(&self) -> &'static str {
        demo::CHECKS
    }

    /// The names of what can be done about it: the last part of `POST /act/{action}`.
    pub fn actions() -> impl Iterator<Item = &'static str> {
        world::ACTIONS.iter().map(|(name, ..)| *name)
    }
}
