//! What a panel asks, by the rules of Grafana's Prometheus data source.

use serde_json::Value;

use super::{
    super::{
        data_source::DataSource,
        interval::{self, Stepping},
        json::{at, flag, number, text},
        model::Panel,
        template::{Format, interpolate, names_in},
        time_range::TimeRange,
    },
    Resolution, Scope,
};

/// How much is kept of a query that is not asked, in characters.
const MAX_LEFT: usize = 10_000;

/// One query of a panel, with nothing left to fill in.
#[derive(Clone, Debug, PartialEq)]
pub struct PanelQuery {
    /// Its letter.
    pub ref_id: String,
    /// The letter its frames carry: another one where a query is asked in two ways.
    pub frame_ref: String,
    /// The query.
    pub expr: String,
    /// What it is asked of.
    pub source: DataSource,
    /// Whether it is asked for one time only.
    pub is_instant: bool,
    /// The first and the last time, in milliseconds; for one time that is both.
    pub range: TimeRange,
    /// Milliseconds from one point to the next; of a query that is asked for one time, what it would be.
    pub step: f64,
    /// Whether nothing is shown of it.
    pub is_hidden: bool,
    /// The pattern of the names of its series.
    pub legend: Option<String>,
    /// What its answer is made into.
    pub shape: AnswerShape,
    /// Why it cannot be asked, in words.
    pub error: Option<String>,
}

/// What an answer is made into.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AnswerShape {
    /// One frame a series.
    #[default]
    TimeSeries,
    /// Rows of labels and values.
    Table,
    /// The buckets of a histogram.
    Heatmap,
}

/// The queries of a panel; what it asks altogether, over which stretch of time, and how many points are wanted.
pub(super) fn of(
    panel: &Panel,
    scope: &Scope<'_>,
    resolution: Resolution,
) -> (Vec<PanelQuery>, DataSource, TimeRange, u32) {
    let filled = |text: &str| interpolate(text, scope, Format::Glob);
    let mut range = scope.range;
    if let Some(own) = &panel.time_from {
        range = range.last(&filled(own));
    }
    if let Some(shift) = &panel.time_shift {
        range = range.earlier(&filled(shift));
    }
    let sources = scope.variables.sources();
    let targets: Vec<&Value> = panel.targets.iter().collect();
    let own = match &panel.datasource {
        Value::Null => targets.iter().map(|target| at(target, "datasource")).find(|source| !source.is_null()),
        own => Some(own),
    };
    let source = sources.kind(own.unwrap_or(&Value::Null), &targets);
    let points = panel.max_data_points.unwrap_or(resolution.points);
    let length = range.length() as f64;
    let least = panel.interval.as_deref().map(filled).and_then(|least| interval::parse(&least));
    let interval = interval::of_panel(length, f64::from(points), least.unwrap_or(resolution.scrape).max(1.0));
    let mut queries = Vec::new();
    for target in &targets {
        let asked = sources.of_target(&source, target);
        let Some(expr) = text(target, "expr").filter(|expr| !expr.is_empty()) else { continue };
        let format = match asked {
            DataSource::Prometheus => Format::Prometheus,
            DataSource::Loki => Format::Loki,
            _ => continue,
        };
        let least = text(target, "interval").map(|least| filled(&least)).unwrap_or_default();
        let factor = number(at(target, "intervalFactor")).unwrap_or_default();
        let stepping =
            Stepping { length, points: f64::from(points), interval, least: &least, factor, scrape: resolution.scrape };
        let step = stepping.step();
        let hindrance = scope.variables.hindrance(&expr, scope).filter(|_| asked == DataSource::Prometheus);
        let written = match &hindrance {
            Some(_) => expr.chars().take(MAX_LEFT).collect(),
            None => interpolate(&expr, scope, format),
        };
        let unknown = unsettled(&expr, scope);
        let (expr, step, error) = match step {
            _ if unknown.is_some() => (written, interval, unknown),
            Ok(step) => (stepping.filled_in(&written, step), step.max(1.0), hindrance),
            Err(why) => (written, interval, Some(why)),
        };
        let is_instant = match asked {
            DataSource::Loki => at(target, "queryType").as_str() == Some("instant"),
            _ => flag(target, "instant"),
        };
        let is_both = is_instant && flag(target, "range") && asked == DataSource::Prometheus;
        let ref_id = text(target, "refId").unwrap_or_default();
        let down = |at: i64| ((at as f64 / step).floor() * step) as i64;
        let over = PanelQuery {
            frame_ref: ref_id.clone(),
            ref_id,
            expr,
            source: asked,
            is_instant: false,
            range: TimeRange { from: down(range.from), to: down(range.to) },
            step,
            is_hidden: flag(target, "hide"),
            legend: text(target, "legendFormat").map(|legend| filled(&legend)),
            shape: match at(target, "format").as_str() {
                Some("table") => AnswerShape::Table,
                Some("heatmap") => AnswerShape::Heatmap,
                _ => AnswerShape::TimeSeries,
            },
            error,
        };
        let at_end = |query: &PanelQuery| PanelQuery {
            is_instant: true,
            range: TimeRange { from: range.to, to: range.to },
            frame_ref: if is_both { format!("{}-Instant", query.ref_id) } else { query.ref_id.clone() },
            ..query.clone()
        };
        if is_instant {
            let instant = at_end(&over);
            if is_both {
                queries.push(over);
            }
            queries.push(instant);
        } else {
            queries.push(over);
        }
    }
    (queries, source, range, points)
}

/// Which variable of a query has no value because it could not be asked, in words: with nothing in its place the answer
/// would look like no data.
fn unsettled(expr: &str, scope: &Scope<'_>) -> Option<String> {
    let local = |name: &str| scope.repeat.iter().any(|local| local.name == name);
    names_in(expr).filter(|name| !local(name)).find_map(|name| {
        let variable = scope.variables.named(name)?;
        let has_value = variable.chosen().iter().any(|choice| !choice.value.is_empty()) && !variable.is_all();
        let why = variable.error.as_ref().filter(|_| variable.choices.is_empty() && !has_value)?;
        Some(format!("${name} has no value: {why}"))
    })
}
