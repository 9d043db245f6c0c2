//! What a panel of a dashboard shows: all it asks, asked, and put together as Grafana does it.

use jiff::Timestamp;
use serde_json::Value;

use super::{
    super::{
        Failure,
        client::Content,
        panel_answers::{answered, asks, times},
    },
    Prometheus,
};
use crate::{
    base::text,
    dashboard::PanelAsk,
    grafana::{
        color,
        json::{at, list},
        model::Panel,
        plan::{PanelQuery, Resolution},
        shown::{Line, Shown, ShownField},
        time_range::TimeRange,
    },
    signal::{Column, Data, Fault, FaultKind, Labels, Point, Readout, Series, Table, Tone, Window},
};

/// Points that a chart has room for.
const RESOLUTION: u32 = 360;
/// Most curves that are drawn.
const MAX_LINES: usize = 200;
/// The longest text of a cell, in bytes.
const MAX_WORDS: usize = 1000;
/// Most rows that are shown.
const MAX_ROWS: usize = 1000;

impl Prometheus {
    pub(super) async fn panel(&self, panel: &PanelAsk, window: Window, now: Timestamp) -> Result<Content, Failure> {
        let (from, to) = window.bounds(now);
        let range = TimeRange { from: from.as_millisecond(), to: to.as_millisecond() };
        let resolution = Resolution { points: RESOLUTION, ..Resolution::default() };
        let planned = panel.dashboard.planned(panel.unit, range, resolution);
        let mut first_failure = None;
        let mut has_answer = false;
        let mut remarks = Vec::new();
        let mut answers = Vec::new();
        for of in &planned {
            let ask = |query: &PanelQuery| {
                let (query, times) = (query.expr.clone(), asks(query).then(|| times(query)));
                async move {
                    match times {
                        Some(times) => Some((times, self.exact(&query, times).await)),
                        None => None,
                    }
                }
            };
            // One after the other: panels are asked side by side.
            let mut outcomes = Vec::new();
            for query in &of.queries {
                outcomes.push(ask(query).await);
            }
            let mut said = Vec::new();
            for outcome in outcomes {
                said.push(match outcome {
                    Some((times, Ok((data, warnings)))) => {
                        has_answer = true;
                        remarks.extend(warnings);
                        answered(data, times)
                    }
                    Some((_, Err(failure))) => {
                        let words = failure.fault.to_string();
                        first_failure.get_or_insert(failure);
                        Err(words)
                    }
                    None => Err(String::new()),
                });
            }
            answers.push(said);
        }
        match first_failure {
            Some(failure) if !has_answer => Err(failure),
            _ => {
                let judges = planned.first().is_some_and(|planned| judges(planned.panel));
                let (data, warnings) = content(panel.dashboard.shown(&planned, &answers), judges)?;
                // What the server says comes first: by that a part of an answer is known.
                let said = warnings.iter().map(|warning| readable(warning));
                Ok((data, remarks.into_iter().chain(said).collect()))
            }
        }
    }
}

/// Whether somebody said from which value on a number is bad, and wants it seen: what every panel has when nobody did
/// says nothing.
fn judges(panel: &Panel) -> bool {
    fn names(value: &Value) -> bool {
        let own = |key: &str| list(value, key).len() > 1 || list(at(value, key), "steps").len() > 1;
        own("thresholds") || !list(value, "mappings").is_empty()
    }
    let rules = list(&panel.field_config, "overrides").iter().flat_map(|rule| list(rule, "properties"));
    let mut ruled = rules.filter_map(|property| at(property, "id").as_str());
    let is_coloured = at(&panel.options, "colorMode").as_str() != Some("none");
    let is_judged =
        names(at(&panel.field_config, "defaults")) || ruled.any(|id| matches!(id, "thresholds" | "mappings"));
    is_coloured && is_judged
}

fn content(shown: Shown, judges: bool) -> Result<Content, Failure> {
    let mut warnings = shown.warnings;
    if let Some(why) = shown.reason {
        return Err(Fault::new(FaultKind::BadQuery, why).into());
    }
    if let Some(table) = shown.table {
        let dropped = table.rows.len().saturating_sub(MAX_ROWS);
        let numeric = |at: usize| {
            let mut cells = table.rows.iter().filter_map(|row| row.get(at)).filter(|cell| !cell.is_empty()).peekable();
            let is_number = |cell: &String| {
                cell.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '∞')) || cell == "NaN"
            };
            cells.peek().is_some() && cells.all(is_number)
        };
        let columns = table.columns.iter().enumerate();
        let columns = columns.map(|(at, name)| Column { name: readable(name), numeric: numeric(at) }).collect();
        let rows = table.rows.into_iter().take(MAX_ROWS);
        let rows = rows.map(|row| row.iter().map(|cell| readable(cell)).collect()).collect();
        return Ok((Data::Table(Table { columns, rows, dropped }), warnings));
    }
    if !shown.lines.is_empty() {
        if shown.lines.len() > MAX_LINES {
            warnings.push(format!("showing {MAX_LINES} of {} series", shown.lines.len()));
        }
        return Ok((Data::Series(shown.lines.into_iter().take(MAX_LINES).map(series).collect()), warnings));
    }
    match shown.fields {
        Some(fields) => {
            let readouts = fields.into_iter().map(|field| readout(field, judges));
            Ok((Data::Readouts(readouts.collect()), warnings))
        }
        None => Ok((Data::Series(Vec::new()), warnings)),
    }
}

/// Words as they go to the screen: on one line, not endless, and an infinite count, for which Grafana writes
/// `∞undefined req/s`, without the word that says nothing.
fn readable(words: &str) -> String {
    let line = text::line(words);
    text::clipped(&line, MAX_WORDS).replace("∞undefined", "∞")
}

fn series(line: Line) -> Series {
    Series {
        name: readable(&line.name).into(),
        labels: Labels::of(line.labels.iter().map(|(name, value)| (name.as_str(), value.as_str()))),
        points: line.points.into_iter().map(|(t, v)| Point { t, v }).collect(),
    }
}

fn readout(field: ShownField, judges: bool) -> Readout {
    let tone = field.level.as_deref().filter(|_| judges).map(color::hex).and_then(|hex| Tone::of_hex(&hex));
    Readout { name: readable(&field.name), text: readable(&field.text), value: field.value, part: field.part, tone }
}
