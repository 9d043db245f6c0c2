//! `stanch demo`: the cockpit on a simulated outage.

use std::path::Path;

use clap::Args;

use super::Global;
use crate::{
    config::{Config, DashboardAt, DashboardEntry, load},
    failure::Failure,
    incident::board::file::BoardFile,
    runtime::{self, Launch, Mode, room},
    sim::{self, Sim},
};

/// The dashboard that this team has in its Grafana.
const DASHBOARD: &str = include_str!("../../examples/dashboards/shop.json");

/// Try it on a simulated outage; needs no set-up and no network
#[derive(Debug, Args)]
#[command(
    after_help = "A small shop is served on loopback through the real HTTP APIs, and something is wrong with it.\n\
                        The line that starts with ▸ says what to do next; `>` does it, `?` shows the keys."
)]
pub struct Options {
    /// Say what happens in sentences and take commands as lines, for screen readers
    #[arg(long)]
    plain: bool,
}

/// Opens the cockpit on it.
pub fn run(global: &Global, options: Options) -> Result<(), Failure> {
    // Here the configuration is only a matter of taste, so a broken one is left aside unless it was named.
    let taste = match &global.config {
        Some(_) => global.config()?,
        None => load::load(None).map(|(config, _)| config).unwrap_or_default(),
    };
    let log = global.log()?;
    let home = global.home()?;
    room::check(room::COCKPIT)?;
    let sim = sim::start(sim::Options::default());
    let sim =
        sim.map_err(|error| Failure::Failed(format!("cannot serve the simulated outage on 127.0.0.1: {error}")))?;
    let (config, known) = (config(&sim, taste)?, known_causes(&sim));
    runtime::run(Launch {
        config,
        author: global.author(),
        mode: Mode::Demo { home, sim, known },
        log,
        plain: options.plain,
    })
}

/// What the simulation is watched with, in the person's own taste and folder.
fn config(sim: &Sim, taste: Config) -> Result<Config, Failure> {
    let (mut demo, _) = load::parse(&sim.config_toml(), Path::new("demo.toml"))?;
    let at = DashboardAt::Shipped { name: "shop.json", text: DASHBOARD };
    demo.dashboards.push(DashboardEntry { at, ..DashboardEntry::default() });
    Ok(Config {
        file: None,
        notes: taste.notes,
        theme: taste.theme,
        charts: taste.charts,
        utc: taste.utc,
        keys: taste.keys,
        links: taste.links,
        mouse: taste.mouse,
        ..demo
    })
}

/// The generic causes, some of their signs with a query.
fn known_causes(sim: &Sim) -> BoardFile {
    let mut known = BoardFile::generic_causes();
    let checks = BoardFile::parse(sim.checks_toml(), "checks.toml").unwrap_or_default();
    for column in &mut known.board.observations {
        if let Some(check) = checks.board.observations.iter().find(|other| other.label == column.label) {
            column.check = check.check.clone();
        }
    }
    known
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_simulation_is_watched_with_a_valid_configuration() {
        let sim = sim::start(sim::Options::default()).expect("a simulation");
        let (_, warnings) = load::parse(&sim.config_toml(), Path::new("demo.toml")).expect("valid");
        assert_eq!(warnings, []);
        let taste = Config { theme: Some("light".into()), ..Config::default() };
        let config = config(&sim, taste).expect("valid");
        assert!(config.sources.len() >= 3 && !config.vitals.is_empty() && !config.panes.is_empty());
        assert!(!config.commands.is_empty(), "something can be done about it");
        let known = known_causes(&sim).board;
        let checks = known.observations.iter().filter_map(|column| column.check.query.as_ref());
        let sources: Vec<&str> = checks.map(|check| check.source.as_str()).collect();
        assert_eq!(sources, ["prom", "prom"], "each of them is a sign of a known cause");
        assert_eq!(config.theme.as_deref(), Some("light"));
    }
}
