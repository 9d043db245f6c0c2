//! `stanch runbook check`: what is broken in runbooks, and which alerts have none.

use std::path::{Path, PathBuf};

use clap::Args;
use jiff::{civil::Date, tz::TimeZone};
use serde::Serialize;

use super::super::{Global, asking::asked, out};
use crate::{
    config::Config,
    failure::{Failure, complain},
    runbook::{Alert, Library, dead_links},
    runtime::runbooks,
    signal::Labels,
    source::{self, Registry},
};

/// A runbook that nobody has looked at for so long is named.
const OLD_DAYS: i32 = 365;

/// Say what is wrong with runbooks: dead links, alerts without one, ones without an alert
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  stanch runbook check\n  stanch runbook check --json | jq -r '.alerts_without[]'\n\n\
                        Asks every Prometheus of the configuration which alerts it has rules for. Writes nothing. Ends with 1 if a \
                        link is dead, something cannot be read, or an alert has no runbook."
)]
pub struct Options {
    /// A folder of runbooks; may be given several times [default: those of the configuration]
    #[arg(long, value_name = "DIR")]
    runbooks: Vec<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// All that was found, as `--json` has it. A contract: names may be added, never renamed.
#[derive(Serialize)]
struct Findings {
    runbooks: usize,
    /// What is wrong, with file and line.
    broken: Vec<String>,
    dead_links: Vec<String>,
    /// How many alerts there are rules for; `null` where nobody could be asked.
    alerts: Option<usize>,
    alerts_without: Vec<String>,
    /// Files that no alert leads to; empty where nobody could be asked.
    runbooks_without: Vec<String>,
    /// Files with more than one claim on an alert.
    ambiguous: Vec<String>,
    /// When somebody last said that a file is right, the longest ago first.
    reviewed: Vec<Reviewed>,
    never_reviewed: usize,
}

#[derive(Serialize)]
struct Reviewed {
    file: String,
    reviewed: Date,
    days: i32,
}

/// Prints what was found.
pub fn run(global: &Global, options: Options) -> Result<(), Failure> {
    let config = match (global.config(), options.runbooks.is_empty()) {
        (Ok(config), _) => config,
        // Folders that are named can be looked through without one.
        (Err(_), false) => Config::default(),
        (Err(failure), true) => return Err(failure),
    };
    let folders = super::folders(options.runbooks, &config)?;
    let library = runbooks::read(&folders);
    let rules = asked(rules(&config))?;
    let today = global.now().to_zoned(TimeZone::UTC).date();
    let findings = Findings::of(&library, rules.as_deref(), today);
    let is_fine = findings.broken.is_empty() && findings.dead_links.is_empty() && findings.alerts_without.is_empty();
    if options.json {
        out::json(&findings)?
    } else {
        out::print(&findings.text())?
    }
    if is_fine { Ok(()) } else { Err(Failure::Said) }
}

/// The alerts that the sources have rules for, once each; `None` where no source could be asked.
async fn rules(config: &Config) -> Option<Vec<Labels>> {
    let registry = Registry::of(config);
    let mut all: Option<Vec<Labels>> = None;
    for (id, source) in config.sources_by_id().filter(|(_, source)| source.kind.answers_promql()) {
        match source::alert_rules(&registry, id).await {
            Ok(rules) => all.get_or_insert_default().extend(rules),
            Err(fault) => {
                complain(&format!("{}: its alert rules could not be read: {fault}", source.name), "warning: ")
            }
        }
    }
    if let Some(rules) = &mut all {
        rules.sort();
        rules.dedup();
    }
    all
}

impl Findings {
    fn of(library: &Library, rules: Option<&[Labels]>, today: Date) -> Self {
        let mut broken: Vec<String> = library.remarks().collect();
        let mut dead = Vec::new();
        for book in &library.books {
            broken.extend(book.board_remarks().iter().map(|remark| remark.told(&book.file)));
            let root = Path::new(&library.folders[book.folder].path);
            let found = dead_links(library, book, &|path| root.join(path).exists());
            dead.extend(
                found.into_iter().map(|dead| format!("{}:{}: {}: {}", book.file, dead.line, dead.target, dead.why)),
            );
        }
        let mut claimed = vec![false; library.books.len()];
        let (mut without, mut ambiguous) = (Vec::new(), Vec::new());
        for labels in rules.into_iter().flatten() {
            let alert = Alert { labels, address: Alert::address_in(std::iter::empty(), labels) };
            let name = labels.get("alertname").unwrap_or_default();
            let matches = library.matches(alert);
            matches.iter().for_each(|one| claimed[one.book] = true);
            match matches.first() {
                Some(best) if best.why.contains("; so does ") => {
                    ambiguous.push(format!("{name}: {}: {}", library.books[best.book].file, best.why));
                }
                Some(_) => {}
                None => without.push(format!("{name}: {}", library.why_none(alert))),
            }
        }
        without.dedup();
        ambiguous.dedup();
        let unclaimed = |(at, _): &(usize, _)| rules.is_some() && !claimed[*at];
        let mut reviewed: Vec<Reviewed> = library
            .books
            .iter()
            .filter_map(|book| {
                let reviewed = book.reviewed?;
                let days = today.since(reviewed).map_or(0, |span| span.get_days());
                Some(Reviewed { file: book.file.clone(), reviewed, days })
            })
            .collect();
        reviewed.sort_by_key(|one| one.reviewed);
        Self {
            runbooks: library.books.len(),
            broken,
            dead_links: dead,
            alerts: rules.map(<[Labels]>::len),
            alerts_without: without,
            runbooks_without: library
                .books
                .iter()
                .enumerate()
                .filter(unclaimed)
                .map(|(_, book)| book.file.clone())
                .collect(),
            ambiguous,
            never_reviewed: library.books.len() - reviewed.len(),
            reviewed,
        }
    }

    fn text(&self) -> String {
        let mut text = String::new();
        let mut part = |title: &str, lines: &[String]| {
            if !lines.is_empty() {
                text += &format!("{title} ({}):\n", lines.len());
                lines.iter().for_each(|line| text += &format!("  {line}\n"));
            }
        };
        part("Cannot be read as meant", &self.broken);
        part("Dead links", &self.dead_links);
        part("Alerts without a runbook", &self.alerts_without);
        part("Several runbooks for one alert", &self.ambiguous);
        part("Runbooks that no alert leads to", &self.runbooks_without);
        let old: Vec<String> = self
            .reviewed
            .iter()
            .filter(|one| one.days > OLD_DAYS)
            .map(|one| format!("{}: reviewed {}, {} days ago", one.file, one.reviewed, one.days))
            .collect();
        part("Not reviewed for a year", &old);
        if self.never_reviewed > 0 {
            text += &format!(
                "{} of {} say nowhere when they were reviewed (`reviewed: 2026-11-30` in their front matter)\n",
                self.never_reviewed, self.runbooks
            );
        }
        text += &match self.alerts {
            Some(alerts) => format!("{} runbooks, {alerts} alert rules\n", self.runbooks),
            None => format!("{} runbooks; no Prometheus was asked for its alert rules\n", self.runbooks),
        };
        text
    }
}
