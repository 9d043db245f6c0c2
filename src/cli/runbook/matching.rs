//! `stanch runbook match`: the runbook of each alert of a file.

use std::{
    io::Read as _,
    path::{Path, PathBuf},
};

use clap::Args;
use serde::Serialize;
use serde_json::{Map, Value};

use super::super::{Global, out};
use crate::{
    base::text,
    config::Config,
    failure::{Failure, complain},
    files,
    runbook::{Alert, Library},
    runtime::runbooks,
    signal::Labels,
};

/// Largest file of alerts that is read, in bytes.
const LARGEST: u64 = 64 << 20;

/// Say which runbook each alert of a file gets, and why
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  stanch runbook match alerts.json\n  \
                        curl -s localhost:9093/api/v2/alerts | stanch runbook match - --runbooks ops/runbooks --json\n\n\
                        The file is a list of alerts as Alertmanager has them: [{\"labels\": {…}, \"annotations\": {…}}].")]
pub struct Options {
    /// The alerts, as JSON; `-` is standard input
    #[arg(value_name = "ALERTS.json|-")]
    alerts: String,
    /// A folder of runbooks; may be given several times [default: those of the configuration]
    #[arg(long, value_name = "DIR")]
    runbooks: Vec<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// One alert in `--json`. A contract: names may be added, never renamed.
#[derive(Serialize)]
struct Row {
    alertname: String,
    file: Option<String>,
    why: String,
    /// The part of the file that is meant.
    heading: Option<String>,
}

/// An alert, as far as it is looked at.
struct Read {
    labels: Labels,
    annotations: Labels,
}

/// Prints a row for each alert, in the order of the file.
pub fn run(global: &Global, options: Options) -> Result<(), Failure> {
    let config = if options.runbooks.is_empty() { global.config()? } else { Config::default() };
    let folders = super::folders(options.runbooks, &config)?;
    let alerts = read(&options.alerts)?;
    let library = runbooks::read(&folders);
    library.remarks().for_each(|remark| complain(&remark, ""));
    let rows: Vec<Row> = alerts.iter().map(|alert| row(&library, alert)).collect();
    if options.json {
        return out::json(&rows);
    }
    let head = ["ALERT", "RUNBOOK", "WHY"].map(str::to_owned).to_vec();
    let cells =
        |row: &Row| vec![row.alertname.clone(), row.file.clone().unwrap_or_else(|| "–".into()), row.why.clone()];
    let table: Vec<_> = std::iter::once(head).chain(rows.iter().map(cells)).collect();
    let found = rows.iter().filter(|row| row.file.is_some()).count();
    out::print(&format!("{}{found} of {} alerts have a runbook\n", out::table(&table), rows.len()))
}

fn row(library: &Library, alert: &Read) -> Row {
    let asked = Alert { labels: &alert.labels, address: Alert::address_in(alert.annotations.iter(), &alert.labels) };
    let alertname = alert.labels.get("alertname").unwrap_or_default().to_owned();
    match library.matches(asked).into_iter().next() {
        Some(best) => {
            let book = &library.books[best.book];
            let heading = best.heading.map(|at| book.headings[at].text.clone()).filter(|text| !text.is_empty());
            Row { alertname, file: Some(book.file.clone()), why: best.why, heading }
        }
        None => Row { alertname, file: None, why: library.why_none(asked), heading: None },
    }
}

fn read(file: &str) -> Result<Vec<Read>, Failure> {
    let name = if file == "-" { "standard input".into() } else { text::line(file).into_owned() };
    let bytes = if file == "-" {
        let mut bytes = Vec::new();
        let input = std::io::stdin().lock().take(LARGEST + 1);
        input
            .take(LARGEST + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| Failure::Failed(format!("cannot read {name}: {error}")))?;
        bytes
    } else {
        files::read(Path::new(file), LARGEST).map_err(|why| Failure::Failed(format!("cannot read {name}: {why}")))?
    };
    if bytes.len() as u64 > LARGEST {
        return Err(Failure::Failed(format!("{name} is larger than {} MiB", LARGEST >> 20)));
    }
    let wrong = |what: String| Failure::Mistakes(format!("{name}: {what}"));
    let json: Value = serde_json::from_slice(&bytes).map_err(|error| {
        Failure::Mistakes(format!("{name}:{}:{}: no JSON: expected a list of alerts", error.line(), error.column()))
    })?;
    // A notification of Alertmanager has them one level below.
    let list = json.as_array().or_else(|| json.get("alerts")?.as_array());
    let list = list.ok_or_else(|| {
        wrong(format!("expected a list of alerts such as [{{\"labels\": {{…}}}}], found {}", kind(&json)))
    })?;
    let mut alerts = Vec::with_capacity(list.len());
    for (at, item) in list.iter().enumerate() {
        let fields = item
            .as_object()
            .ok_or_else(|| wrong(format!("alert {}: expected an object, found {}", at + 1, kind(item))))?;
        alerts.push(alert(fields).map_err(|what| wrong(format!("alert {}: {what}", at + 1)))?);
    }
    Ok(alerts)
}

fn alert(fields: &Map<String, Value>) -> Result<Read, String> {
    let table = |name: &str| match fields.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(table)) => Ok(Some(table)),
        Some(other) => Err(format!("expected an object as `{name}`, found {}", kind(other))),
    };
    let (labels, annotations) = (table("labels")?, table("annotations")?);
    // Rules that were flattened have all of it in one place.
    let labels = labels.unwrap_or(fields);
    let annotations = annotations.unwrap_or(fields);
    Ok(Read { labels: words(labels), annotations: words(annotations) })
}

fn words(table: &Map<String, Value>) -> Labels {
    let pair = |(name, value): (&String, &Value)| {
        let value = match value {
            Value::String(value) => text::line(value).into_owned(),
            Value::Number(_) | Value::Bool(_) => value.to_string(),
            _ => return None,
        };
        Some((text::line(name).into(), value.into()))
    };
    Labels::new(table.iter().filter_map(pair))
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
