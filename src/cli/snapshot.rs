//! `stanch snapshot`: one frame as text.

use std::time::Duration;

use clap::{Args, ValueEnum};

use super::{Global, out};
use crate::{
    app,
    base::human_time,
    failure::Failure,
    journal::Contents,
    runtime::snapshot::{self, Snapshot},
};

/// Poll everything once and print one frame as text
#[derive(Clone, Debug, PartialEq, Eq, Args)]
#[command(after_help = "Examples:\n  stanch snapshot --view watch --size 120x40\n  \
                        stanch snapshot --color always | less -R")]
pub struct Options {
    /// The incident on it: its ID or a part of it, or `last` [default: the newest one, unless it is closed]
    #[arg(long, value_name = "ID")]
    pub incident: Option<String>,
    /// The view
    #[arg(long, value_enum, default_value_t = View::Watch)]
    pub view: View,
    /// Columns and rows
    #[arg(long, value_name = "COLUMNSxROWS", default_value = "160x45", value_parser = size)]
    pub size: (u16, u16),
    /// How long to wait for the slowest source
    #[arg(long, value_name = "DURATION", default_value = "10s", value_parser = duration)]
    pub wait: Duration,
    /// Whether colours are printed
    #[arg(long, value_enum, default_value_t = Color::Never)]
    pub color: Color,
}

/// The five views.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[expect(missing_docs, reason = "the names are the meaning")]
pub enum View {
    Watch,
    Board,
    Act,
    Log,
    Learn,
}

/// Whether colours are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[expect(missing_docs, reason = "the names are the meaning")]
pub enum Color {
    Never,
    Always,
}

/// Prints the frame.
pub fn run(global: &Global, options: Options) -> Result<(), Failure> {
    let config = global.config()?;
    let journal = match options.incident {
        Some(id) => Some(global.journal(Some(id))?),
        None => newest(global),
    };
    let asked = Snapshot {
        view: options.view.into(),
        size: options.size,
        wait: options.wait,
        in_colour: options.color == Color::Always,
    };
    out::print(&snapshot::text(config, global.author(), journal, &asked)?)
}

/// The incident a cockpit would most likely open. That there is none, or none that can be read, keeps nobody from the panes.
fn newest(global: &Global) -> Option<Contents> {
    let home = global.home().ok()?;
    let listing = home.newest().ok().flatten().filter(|listing| !listing.is_closed())?;
    home.read(&listing.id).ok()
}

impl From<View> for app::View {
    fn from(view: View) -> Self {
        match view {
            View::Watch => Self::Watch,
            View::Board => Self::Board,
            View::Act => Self::Act,
            View::Log => Self::Log,
            View::Learn => Self::Learn,
        }
    }
}

fn size(text: &str) -> Result<(u16, u16), String> {
    let number = |text: &str| text.trim().parse::<u16>().ok().filter(|n| (1..=1000).contains(n));
    let parts = text.split_once(['x', 'X', '×']);
    let size = parts.and_then(|(columns, rows)| Some((number(columns)?, number(rows)?)));
    size.ok_or_else(|| "expected columns and rows from 1 to 1000, such as 160x45".into())
}

fn duration(text: &str) -> Result<Duration, String> {
    human_time::parse(text).ok_or_else(|| "expected a duration such as 10s".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<(u16, u16)>) {
        assert_eq!(size(text).ok(), expected, "{text}");
    }

    #[test]
    fn sizes() {
        check("160x45", Some((160, 45)));
        check("80X24", Some((80, 24)));
        check("1x1", Some((1, 1)));
        check("0x24", None);
        check("99999x24", None);
        check("160", None);
        check("axb", None);
    }
}
