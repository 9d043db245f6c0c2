//! `stanch demo`: the cockpit on a simulated outage.

use clap::Args;

use super::{
    Failure, Global,
    launch::{Launch, Mode, launch},
};

/// Try it on a simulated outage; needs no set-up and no network
#[derive(Debug, Args)]
#[command(
    after_help = "A small shop is served on loopback through the real HTTP APIs, and something is wrong with it.\n\
                        The line that starts with ▸ says what to do next; `>` does it, `?` shows the keys."
)]
pub struct Options {}

/// Opens the cockpit on it.
pub fn run(global: &Global, _options: Options) -> Result<(), Failure> {
    // A configuration is only a matter of taste here, so a broken one is left aside unless it was named.
    let config = if global.config.is_some() { global.config()? } else { global.config().unwrap_or_default() };
    let mode = Mode::Demo { home: global.home()? };
    launch(Launch { config, author: global.author(), mode })
}
