//! `stanch init`: a configuration to begin with, for the servers found on this machine.
//!
//! It is made of the commented example: what was found is live, everything else is commented out, so that what it writes
//! always loads.

mod probe;

use std::path::PathBuf;

use clap::Args;
use probe::{Found, Kind};

use super::{Global, out};
use crate::{config::load, failure::Failure, files, runtime::room};

/// Write a commented stanch.toml for the servers found on this machine
#[derive(Debug, Args)]
#[command(after_help = "Prometheus is looked for on 127.0.0.1:9090, Alertmanager on 127.0.0.1:9093. The file is \
                        ./stanch.toml, or what --config says.")]
pub struct Options {
    /// Replace a file that is there
    #[arg(long)]
    force: bool,
}

const EXAMPLE: &str = include_str!("../../examples/stanch.toml");

/// Where the part of the example begins that what was found goes in front of.
const SOURCES: &str = "# ---- Sources";

/// Writes it, and says what it found.
pub fn run(global: &Global, options: Options) -> Result<(), Failure> {
    let path = global.config.clone().unwrap_or_else(|| PathBuf::from("stanch.toml"));
    if !options.force && path.symlink_metadata().is_ok() {
        let shown = path.display();
        return Err(Failure::Failed(format!(
            "{shown} is there already; --force replaces it, --config FILE writes another"
        )));
    }
    room::check(room::ONCE)?;
    let found = probe::usual();
    let text = written(&found);
    // Whatever was found on the machine, a file that does not load is not written.
    load::parse(&text, &path)?;
    files::replace(&path, &text)
        .map_err(|error| Failure::Failed(format!("cannot write the configuration: {error}")))?;
    out::print(&told(&found, &path.display().to_string()))
}

fn told(found: &[Found], path: &str) -> String {
    let mut text = String::new();
    for Found { kind, url, version } in found {
        text += &format!("found {} {version} at {url}\n", kind.word());
    }
    if found.is_empty() {
        text += "found no Prometheus on 127.0.0.1:9090 and no Alertmanager on 127.0.0.1:9093\n";
    }
    let next = if found.is_empty() { "fill in a source, then try `stanch check`" } else { "try `stanch check`" };
    text + &format!("wrote {path}; {next}\n")
}

/// The example with everything commented out, and what was found in front of its sources.
fn written(found: &[Found]) -> String {
    let at = EXAMPLE.find(SOURCES).unwrap_or(EXAMPLE.len());
    let (top, rest) = EXAMPLE.split_at(at);
    let live = live(found);
    let heading = "# ---- Found on this machine -----------------------------------------------------------\n\n";
    let live = if live.is_empty() { live } else { format!("{heading}{live}") };
    format!("{}{live}{}", commented_out(top), commented_out(rest))
}

/// Keys get a `#` without a space, so that they can be told from what explains them.
fn commented_out(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines() {
        // A key that the example has commented out is as far away as the others.
        let explained = line.strip_prefix("# ").filter(|rest| is_key(rest));
        match explained {
            Some(key) => out += &format!("#{key}"),
            None if line.is_empty() || line.starts_with('#') => out += line,
            None => out += &format!("#{line}"),
        }
        out.push('\n');
    }
    out
}

/// `bearer = "env:PROM_TOKEN"`
fn is_key(text: &str) -> bool {
    let key = text.split_once(" = ").map_or("", |(key, _)| key);
    !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

fn live(found: &[Found]) -> String {
    let url_of = |kind: Kind| found.iter().find(|one| one.kind == kind).map(|one| one.url.as_str());
    let (prometheus, alertmanager) = (url_of(Kind::Prometheus), url_of(Kind::Alertmanager));
    let mut text = String::new();
    if let Some(url) = prometheus {
        text += &format!("[[source]]\nname = \"prom\"\ntype = \"prometheus\"\nurl = \"{url}\"\n\n");
    }
    if let Some(url) = alertmanager {
        text += &format!("[[source]]\nname = \"alertmanager\"\ntype = \"alertmanager\"\nurl = \"{url}\"\n");
        if prometheus.is_some() {
            text += "# While it fails, an alert that vanishes is lost from sight, not resolved.\nbehind = \"prom\"\n";
        }
        text.push('\n');
    }
    if prometheus.is_some() {
        text += "# Replace this by what your users feel: a ratio of good requests, a latency.\n\
                 [[vital]]\ntitle = \"targets up\"\nsource = \"prom\"\nquery = \"avg(up)\"\nok = \">= 1\"\n\
                 unit = \"percentunit\"\n\n\
                 [[pane]]\ntitle = \"Targets up\"\nsource = \"prom\"\nquery = \"sum by (job) (up)\"\n\
                 legend = \"{{job}}\"\nmin = 0\n\n\
                 [[pane]]\ntitle = \"Targets down\"\nsource = \"prom\"\ntype = \"table\"\nquery = \"up == 0\"\n\n";
    }
    text
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::Config;

    fn found(kind: Kind, url: &str) -> Found {
        Found { kind, url: url.into(), version: "2.42.0".into() }
    }

    #[track_caller]
    fn check(found: &[Found], expected: [usize; 3]) {
        let (config, warnings) = load::parse(&written(found), Path::new("stanch.toml")).expect("valid");
        assert_eq!(warnings, []);
        assert_eq!([config.sources.len(), config.vitals.len(), config.panes.len()], expected);
        let rest = Config { sources: vec![], vitals: vec![], panes: vec![], file: None, ..config };
        assert_eq!(rest, Config::default(), "everything that was not found is commented out");
    }

    #[test]
    fn whatever_is_found_loads() {
        let prometheus = found(Kind::Prometheus, "http://127.0.0.1:9090");
        let alertmanager = found(Kind::Alertmanager, "http://127.0.0.1:9093");
        check(&[], [0, 0, 0]);
        check(std::slice::from_ref(&prometheus), [1, 1, 2]);
        check(std::slice::from_ref(&alertmanager), [1, 0, 0]);
        check(&[prometheus, alertmanager], [2, 1, 2]);
    }

    #[test]
    fn with_the_marks_taken_away_it_is_the_example_again() {
        let commented = commented_out(EXAMPLE);
        let keys = |line: &&str| line.starts_with('#') && !line.starts_with("# ") && *line != "#";
        let unmarked: Vec<&str> = commented.lines().filter(keys).map(|line| &line[1..]).collect();
        let text = unmarked.join("\n");
        for line in EXAMPLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            assert!(text.contains(line), "{line}");
        }
        assert!(unmarked.contains(&"bearer = \"env:PROM_TOKEN\""), "and so are the keys it only mentions");
    }
}
