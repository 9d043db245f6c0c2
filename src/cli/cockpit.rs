//! `stanch` without a command: the cockpit.

use std::path::PathBuf;

use clap::Args;

use super::{Global, dashboard_argument};
use crate::{
    config::DashboardAt,
    failure::Failure,
    runtime::{self, Launch, Mode, Which, boards, dashboards},
};

/// What only the cockpit understands.
#[derive(Debug, Args)]
#[command(next_help_heading = "Cockpit")]
pub struct Options {
    /// Open this incident, or a new one; a part of the ID is enough, `last` is the newest [default: the newest unclosed one
    /// if its last entry is under 4 h old, else a new one]
    #[arg(long, value_name = "ID|new")]
    incident: Option<String>,
    /// Start a new incident of this title
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// Put the hypotheses and observations of a board file on the board
    #[arg(long, value_name = "FILE")]
    board: Option<PathBuf>,
    /// Show the panels of this Grafana dashboard behind the panes: a file, its address in Grafana, or its uid there; may be
    /// given several times
    #[arg(long, value_name = "FILE|URL|UID")]
    dashboard: Vec<String>,
    /// Watch without writing anything
    #[arg(long)]
    read_only: bool,
    /// Say what happens in sentences and take commands as lines, for screen readers; works without a terminal
    #[arg(long)]
    plain: bool,
}

impl Options {
    /// The first of these options that was given.
    pub fn first_given(&self) -> Option<&'static str> {
        let given = [
            (self.incident.is_some(), "--incident"),
            (self.title.is_some(), "--title"),
            (self.board.is_some(), "--board"),
            (!self.dashboard.is_empty(), "--dashboard"),
            (self.read_only, "--read-only"),
            (self.plain, "--plain"),
        ];
        given.into_iter().find(|(given, _)| *given).map(|(_, flag)| flag)
    }
}

/// Opens the cockpit.
pub fn run(global: &Global, options: Options) -> Result<(), Failure> {
    let home = global.home()?;
    let which = match (options.incident, options.title) {
        (Some(id), Some(_)) if id != "new" => {
            let message = format!("--title starts a new incident, --incident {id} opens one; expected one of them");
            return Err(Failure::Usage(message));
        }
        (Some(id), None) if id != "new" => Which::Id(home.named(&id)?),
        (None, None) => Which::Resume,
        (_, title) => Which::New(title),
    };
    if options.read_only && matches!(which, Which::New(_)) {
        return Err(Failure::Usage("--read-only opens an incident that is there; it cannot start a new one".into()));
    }
    if options.read_only && options.board.is_some() {
        return Err(Failure::Usage(
            "--read-only writes nothing, --board puts a file on the board; expected one of them".into(),
        ));
    }
    let load = |path: &PathBuf| Ok::<_, Failure>((path.display().to_string(), boards::read(path)?));
    let board = options.board.as_ref().map(load).transpose()?;
    let mut config = global.config()?;
    for named in options.dashboard {
        let (entry, _) = dashboard_argument::entry(&mut config, &named)?;
        if let DashboardAt::File(file) = &entry.at {
            // Said before the screen is taken over.
            dashboards::read(file).map_err(Failure::Failed)?;
        }
        config.dashboards.push(entry);
    }
    let log = global.log()?;
    if let Which::Id(id) = &which {
        // Said before the screen is taken over.
        home.read(id)?;
    }
    let mode = Mode::Cockpit { home, which, board, read_only: options.read_only };
    runtime::run(Launch { config, author: global.author(), mode, log, plain: options.plain })
}
