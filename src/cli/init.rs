//! `stanch init`: a configuration to begin with, for the servers that are named or found.
//!
//! It is made of the commented example: what was found is live, everything else is commented out, so that what it writes
//! always loads. Vitals and panes are for metrics that are there, and each is asked once: what returns nothing is commented
//! out as well.

mod ask;
mod golden;
mod loki;
mod places;

use std::{collections::BTreeSet, path::PathBuf};

use ask::{Found, Kind};
use clap::Args;
use golden::Block;
use jiff::Timestamp;
use places::Place;

use super::{Global, dashboard_argument, out};
use crate::{
    base::{self, toml::quoted},
    config::load,
    failure::Failure,
    files,
    runtime::room,
    source,
};

/// Write a commented stanch.toml for the servers that are named or found
#[derive(Debug, Args)]
#[command(
    after_help = "Without a URL, the servers are those that $PROMETHEUS_URL, $ALERTMANAGER_URL, $GRAFANA_URL and amtool's \
                        configuration name, else those on 127.0.0.1:9090, 127.0.0.1:9093 and 127.0.0.1:3100. A Grafana is asked with the token \
                        in $GRAFANA_TOKEN for dashboards to take. A Loki is the one that $LOKI_ADDR names, with logcli's other \
                        variables. The file is ./stanch.toml, or what --config says."
)]
pub struct Options {
    /// Where a Prometheus, an Alertmanager, a Loki or a Grafana is; several may be given
    #[arg(value_name = "URL")]
    urls: Vec<String>,
    /// Replace a file that is there
    #[arg(long)]
    force: bool,
}

const EXAMPLE: &str = include_str!("../../examples/stanch.toml");

/// Where the part of the example begins that what was found goes in front of.
const SOURCES: &str = "# ---- Sources";

/// What was found out.
#[derive(Debug, Default)]
struct Discovery {
    found: Vec<Found>,
    /// Each with the reason why it is not among them.
    missing: Vec<(Place, String)>,
    blocks: Vec<Block>,
    /// Titles of those blocks that return nothing now.
    empty: Vec<String>,
    /// The jobs that the Prometheus scrapes.
    jobs: Vec<String>,
    /// The alerts that fire there now.
    firing: Vec<String>,
}

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
    let discovery = discover(&options.urls, global.now())?;
    let text = written(&discovery);
    // Whatever was found, a file that does not load is not written.
    load::parse(&text, &path)?;
    files::replace(&path, &text)
        .map_err(|error| Failure::Failed(format!("cannot write the configuration: {error}")))?;
    out::print(&told(&discovery, &path.display().to_string()))
}

fn discover(urls: &[String], now: Timestamp) -> Result<Discovery, Failure> {
    // Addresses that were typed are all there is.
    let mut discovery = Discovery::default();
    for place in places::to_look_at(urls) {
        match server_at(&place, now) {
            Ok(found) => discovery.found.push(found),
            Err(why) => discovery.missing.push((place, why)),
        }
    }
    // The first of a kind gets the plain name, which everything else goes by: one that answers.
    discovery.found.sort_by_key(|one| one.is_locked);
    let prometheus = discovery.found.iter().find(|one| one.kind == Kind::Prometheus && !one.is_locked);
    if let Some(url) = prometheus.map(|one| one.url.clone()) {
        let first = [
            ("names", golden::names_query()),
            ("jobs", "group by (job) (up)".to_owned()),
            ("firing", "group by (alertname) (ALERTS{alertstate=\"firing\"})".to_owned()),
        ];
        let mut said = ask::series(&url, &first, now)?;
        let mut values = |query: &str, label: &str| {
            let all = said.remove(query).unwrap_or_default();
            let values = all.iter().filter_map(|labels| labels.get(label).map(ToOwned::to_owned));
            values.collect::<BTreeSet<String>>().into_iter().collect::<Vec<_>>()
        };
        (discovery.jobs, discovery.firing) = (values("jobs", "job"), values("firing", "alertname"));
        let names = said.remove("names").unwrap_or_default();
        let labels = ask::series(&url, &golden::label_queries(&names), now)?;
        let labels_of = |counter: &str| labels.get(counter).map(Vec::as_slice).unwrap_or_default();
        discovery.blocks = golden::blocks(PROMETHEUS, &names, labels_of);
        let asked = sources(&discovery.found) + &discovery.blocks.iter().map(|block| &*block.toml).collect::<String>();
        let answers = ask::answers(&asked, now)?;
        let is_empty = |title: &&String| {
            answers.get(*title).is_none_or(|answer| answer.as_ref().map_or(true, |reading| reading.data.items() == 0))
        };
        discovery.empty = discovery.blocks.iter().map(|block| &block.title).filter(is_empty).cloned().collect();
    }
    // Those of the first only: the others are asked for the same.
    let loki = discovery.found.iter().find(|one| !one.blocks.is_empty()).map(|one| one.blocks.clone());
    discovery.blocks.extend(loki.unwrap_or_default());
    Ok(discovery)
}

/// What is at a place. Any server may say that it wants to know who asks: whether it is a Loki is looked at before that is
/// believed, and first where logcli says so.
fn server_at(place: &Place, now: Timestamp) -> Result<Found, String> {
    if place.is_of_logcli() {
        return loki::server_at(place, now).map_or_else(|| ask::server_at(place, now), Ok);
    }
    match ask::server_at(place, now) {
        Ok(found) if found.is_locked && found.kind != Kind::Grafana => Ok(loki::server_at(place, now).unwrap_or(found)),
        Err(why) => loki::server_at(place, now).ok_or(why),
        found => found,
    }
}

/// Most dashboards of a Grafana that are written down.
const MOST_DASHBOARDS: usize = 12;

/// The name of the first Prometheus in what is written.
const PROMETHEUS: &str = "prom";

fn told(discovery: &Discovery, path: &str) -> String {
    let Discovery { found, missing, blocks, empty, jobs, firing } = discovery;
    let mut text = String::new();
    for Found { kind, url, is_locked, dashboards, .. } in found {
        let locked = match (is_locked, kind) {
            (true, Kind::Grafana) => {
                ", which asks who you are: put the token of a service account into $GRAFANA_TOKEN, and run this again"
            }
            (true, Kind::Loki) => ", which asks who you are: fill in its `tenant`, or how you sign in",
            (true, _) => ", which asks who you are: fill in its `bearer`, or `user` and `password`",
            (false, _) => "",
        };
        text += &format!("found {} at {}{locked}\n", kind.word(), source::shown_address(url));
        let (all, some) = (dashboards.len(), dashboards.len().min(MOST_DASHBOARDS));
        if all > 0 {
            let all = if all == some { "all of them".to_owned() } else { format!("{some} of them") };
            text += &format!("it has {}; {all} are in the file, commented out\n", count(dashboards.len()));
        }
    }
    if !jobs.is_empty() {
        text += &format!("jobs it scrapes: {}\n", first_of(jobs));
    }
    if !firing.is_empty() {
        text += &format!("alerts that fire there now: {}\n", first_of(firing));
    }
    for (place, why) in missing {
        text += &format!("nothing to use at {}: {why}\n", place.shown());
    }
    let live = blocks.len() - empty.len();
    if live > 0 {
        let titles: Vec<&str> =
            blocks.iter().map(|block| &*block.title).filter(|title| !empty.iter().any(|one| one == title)).collect();
        text += &format!("shown: {}\n", titles.join(" · "));
    }
    if !empty.is_empty() {
        text += &format!("commented out, since they return nothing now: {}\n", empty.join(" · "));
    }
    let next = if found.is_empty() {
        "fill in a source, then try `stanch check`"
    } else {
        "try `stanch check`, then `stanch`"
    };
    text + &format!("wrote {path}; {next}\n")
}

/// Most names of jobs or alerts that are told.
const MOST_NAMES: usize = 12;

/// `api, db, web and 4 more`: the first of them, without control characters.
fn first_of(names: &[String]) -> String {
    let (shown, rest) = names.split_at(names.len().min(MOST_NAMES));
    let shown: Vec<_> = shown.iter().map(|name| base::text::clipped(name, LONGEST_NAME)).collect();
    let more = if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
    format!("{}{more}", shown.join(", "))
}

/// Longest name that is told, in characters.
const LONGEST_NAME: usize = 60;

fn count(dashboards: usize) -> String {
    if dashboards == 1 { "1 dashboard".into() } else { format!("{dashboards} dashboards") }
}

/// The example with everything commented out, and what was found in front of its sources.
fn written(discovery: &Discovery) -> String {
    let at = EXAMPLE.find(SOURCES).unwrap_or(EXAMPLE.len());
    let (top, rest) = EXAMPLE.split_at(at);
    let live = live(discovery);
    let heading = "# ---- Found ---------------------------------------------------------------------------\n\n";
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

fn live(discovery: &Discovery) -> String {
    let Discovery { found, blocks, empty, jobs, firing, .. } = discovery;
    let mut text = String::new();
    if !jobs.is_empty() {
        text += &format!("# Jobs that {PROMETHEUS} scrapes: {}\n", first_of(jobs));
    }
    if !firing.is_empty() {
        text += &format!("# Alerts that fired there when this was written: {}\n", first_of(firing));
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text += &sources(found);
    let has_vital = blocks.iter().any(|block| block.is_vital && !empty.contains(&block.title));
    if found.iter().any(|one| one.kind == Kind::Prometheus) && !has_vital {
        text += "# Replace this by what your users feel: a ratio of good requests, a latency.\n\
                 [[vital]]\ntitle = \"targets up\"\nsource = \"prom\"\nquery = \"avg(up)\"\nok = \">= 1\"\n\
                 unit = \"percentunit\"\n\n";
    }
    let mut by_name = Vec::new();
    let mut alerts = Vec::new();
    for one in found.iter().filter(|one| !matches!(one.kind, Kind::Grafana | Kind::Loki)) {
        let name = name_of(one.kind, &mut by_name);
        alerts.push(format!("\"{name}\""));
    }
    if !alerts.is_empty() {
        text += &format!("[[pane]]\ntitle = \"Alerts\"\nsources = [{}]\ntype = \"alerts\"\n\n", alerts.join(", "));
    }
    for Block { title, toml, .. } in blocks {
        match empty.contains(title) {
            true => text += &commented_out(toml),
            false => text += toml,
        }
    }
    if found.iter().any(|one| one.kind == Kind::Prometheus) {
        text += "[[pane]]\ntitle = \"Targets down\"\nsource = \"prom\"\ntype = \"table\"\nquery = \"up == 0\"\n\n";
    }
    text + &dashboards(found)
}

/// Dashboards to take, those that somebody marked first: commented out, since which of them matter is not known.
fn dashboards(found: &[Found]) -> String {
    let (mut text, mut names) = (String::new(), Vec::new());
    for one in found {
        let name = name_of(one.kind, &mut names);
        if one.dashboards.is_empty() {
            continue;
        }
        text += "# Dashboards of Grafana: those without the # are shown behind the panes.\n\n";
        for hit in one.dashboards.iter().take(MOST_DASHBOARDS) {
            let folder = if hit.folder.is_empty() { String::new() } else { format!(", in {}", hit.folder) };
            let starred = if hit.is_starred { ", starred" } else { "" };
            text += &format!("# {}{folder}{starred}\n#[[dashboard]]\n#uid = {}\n", hit.title, quoted(&hit.uid));
            text += &format!("#source = \"{name}\"\n\n");
        }
    }
    text
}

/// The sources that were found.
fn sources(found: &[Found]) -> String {
    let (mut text, mut names) = (String::new(), Vec::new());
    let prometheus = found.iter().any(|one| one.kind == Kind::Prometheus);
    for one in found {
        let (name, url) = (name_of(one.kind, &mut names), quoted(&one.url));
        let kind = one.kind.word().to_lowercase();
        text += &format!("[[source]]\nname = \"{name}\"\ntype = \"{kind}\"\nurl = {url}\n");
        match (one.kind, one.is_locked) {
            (Kind::Grafana, false) if dashboard_argument::has_token() => {
                text += &format!("bearer = \"env:{}\"\n", dashboard_argument::TOKEN);
            }
            (Kind::Grafana, true) => {
                text += "# It asks who you are: the token of a service account that may read dashboards.\n";
                text += &format!("# bearer = \"env:{}\"\n", dashboard_argument::TOKEN);
            }
            (Kind::Loki, true) if one.sign_in.is_empty() => {
                text += "# It asks who you are: whose lines are meant, or how you sign in.\n# tenant = \"shop\"\n";
            }
            (Kind::Loki, _) => text += &one.sign_in,
            (_, true) => text += "# It asks who you are.\n# bearer = \"env:TOKEN\"\n",
            (_, false) => {}
        }
        if one.kind == Kind::Alertmanager && prometheus {
            text += "# While it fails, an alert that vanishes is lost from sight, not resolved.\nbehind = \"prom\"\n";
        }
        text.push('\n');
    }
    text
}

/// A name for one more of this kind: `prom`, `prom2`.
fn name_of(kind: Kind, taken: &mut Vec<Kind>) -> String {
    taken.push(kind);
    let name = match kind {
        Kind::Prometheus => PROMETHEUS,
        Kind::Alertmanager => "alertmanager",
        Kind::Grafana => "grafana",
        Kind::Loki => "loki",
    };
    match taken.iter().filter(|one| **one == kind).count() {
        1 => name.to_owned(),
        n => format!("{name}{n}"),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::{config::Config, source::DashboardHit};

    fn found(kind: Kind, url: &str) -> Found {
        Found::at(kind, url)
    }

    #[track_caller]
    fn check(found: &[Found], expected: [usize; 3]) {
        let discovery = Discovery { found: found.to_vec(), ..Discovery::default() };
        let (config, warnings) = load::parse(&written(&discovery), Path::new("stanch.toml")).expect("valid");
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
        check(std::slice::from_ref(&alertmanager), [1, 0, 1]);
        check(&[prometheus.clone(), alertmanager], [2, 1, 2]);
        check(&[prometheus.clone(), prometheus], [2, 1, 2]);
        let locked = Found { is_locked: true, ..found(Kind::Prometheus, "https://prom") };
        check(&[locked], [1, 1, 2]);
    }

    #[test]
    fn dashboards_of_a_grafana_can_be_taken() {
        let hit = |number: usize| DashboardHit {
            uid: format!("u{number}"),
            title: "Node \"x\"".into(),
            folder: "Infra".into(),
            is_starred: number == 0,
            ..DashboardHit::default()
        };
        let grafana = Found { dashboards: (0..20).map(hit).collect(), ..found(Kind::Grafana, "http://g:3000") };
        check(std::slice::from_ref(&grafana), [1, 0, 0]);
        let discovery = Discovery { found: vec![grafana], ..Discovery::default() };
        let text = written(&discovery);
        assert!(text.contains("# Node \"x\", in Infra, starred\n#[[dashboard]]\n#uid = \"u0\"\n"), "{text}");
        let taken = text.replace("#[[dashboard]]\n#uid = \"u0\"", "[[dashboard]]\nuid = \"u0\"");
        let (config, _) = load::parse(&taken, Path::new("stanch.toml")).expect("valid");
        assert_eq!(config.dashboards.iter().map(|entry| entry.shown()).collect::<Vec<_>>(), ["u0"]);
        let told = told(&discovery, "x.toml");
        assert!(told.contains("it has 20 dashboards; 12 of them are in the file, commented out"), "{told}");
    }

    #[test]
    fn a_loki_is_written_with_what_logcli_knows_of_it() {
        let loki = Found { sign_in: "tenant = \"shop\"\n".into(), ..found(Kind::Loki, "http://loki:3100") };
        check(std::slice::from_ref(&loki), [1, 0, 0]);
        let text = sources(std::slice::from_ref(&loki));
        assert!(text.contains("type = \"loki\"\nurl = \"http://loki:3100\"\ntenant = \"shop\"\n"), "{text}");
        let locked = Found { is_locked: true, ..found(Kind::Loki, "http://loki:3100") };
        assert!(sources(std::slice::from_ref(&locked)).contains("# tenant = \"shop\"\n"));
        let told = told(&Discovery { found: vec![locked], ..Discovery::default() }, "x.toml");
        assert!(
            told.starts_with("found Loki at http://loki:3100/, which asks who you are: fill in its `tenant`"),
            "{told}"
        );
    }

    fn block(title: &str, is_vital: bool) -> Block {
        let (what, ok) = if is_vital { ("vital", "ok = \">= 1\"\n") } else { ("pane", "") };
        let toml = format!("[[{what}]]\ntitle = \"{title}\"\nsource = \"prom\"\nquery = \"x\"\n{ok}\n");
        Block { title: title.into(), toml, is_vital }
    }

    #[test]
    fn there_is_always_a_vital_where_there_is_a_prometheus() {
        let vitals = |blocks: &[Block], empty: &[&str]| {
            let discovery = Discovery {
                found: vec![found(Kind::Prometheus, "http://p")],
                blocks: blocks.to_vec(),
                empty: empty.iter().map(|title| (*title).to_owned()).collect(),
                ..Discovery::default()
            };
            let (config, _) = load::parse(&written(&discovery), Path::new("stanch.toml")).expect("valid");
            config.vitals.into_iter().map(|vital| vital.title).collect::<Vec<_>>()
        };
        assert_eq!(vitals(&[block("CPU in use", false)], &[]), ["targets up"]);
        assert_eq!(vitals(&[block("http ok", true), block("CPU in use", false)], &["http ok"]), ["targets up"]);
        assert_eq!(vitals(&[block("http ok", true), block("CPU in use", false)], &[]), ["http ok"]);
    }

    #[test]
    fn what_returns_nothing_is_commented_out() {
        let discovery = Discovery {
            found: vec![found(Kind::Prometheus, "http://p")],
            blocks: vec![block("A", false), block("B", false)],
            empty: vec!["B".into()],
            ..Discovery::default()
        };
        let text = written(&discovery);
        let (config, _) = load::parse(&text, Path::new("stanch.toml")).expect("valid");
        let titles: Vec<&str> = config.panes.iter().map(|pane| pane.title.as_str()).collect();
        assert_eq!(titles, ["Alerts", "A", "Targets down"]);
        assert!(text.contains("#title = \"B\""), "{text}");
        let told = told(&discovery, "x.toml");
        assert!(told.contains("shown: A\n") && told.contains("nothing now: B\n"), "{told}");
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
