//! What a panel asks, by the rules of Grafana's Prometheus data source.

use serde_json::Value;

use super::{
    super::{
        data_source::DataSource,
        interval::{self, Stepping},
        json::{at, flag, number, text},
        model::Panel,
        routes::{Reached, Way},
        template::{Format, interpolate},
        time_range::TimeRange,
    },
    Resolution, Scope, adhoc, foreign,
    query::{AnswerShape, Common, PanelQuery, unsettled},
};

/// How much is kept of a query that is not asked, in characters.
const MAX_LEFT: usize = 10_000;

/// What a panel asks.
pub(super) struct Asked {
    /// Its queries.
    pub(super) queries: Vec<PanelQuery>,
    /// What they are asked of, altogether.
    pub(super) source: DataSource,
    /// The stretch of time it shows.
    pub(super) range: TimeRange,
    /// How many points are wanted.
    pub(super) points: u32,
    /// Why not all of it can be asked from here, in words.
    pub(super) foreign: Option<String>,
}

/// What a panel asks, over which stretch of time, and of whom.
pub(super) fn of(panel: &Panel, scope: &Scope<'_>, resolution: Resolution) -> Asked {
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
    let own = own.unwrap_or(&Value::Null);
    let source = sources.kind(own, &targets);
    let points = panel.max_data_points.unwrap_or(resolution.points);
    let least = panel.interval.as_deref().map(filled).and_then(|least| interval::parse(&least));
    let common = Common { scope, range, points, least, scrape: resolution.scrape };
    let reach = |target: &&Value| {
        let asked = sources.of_target(&source, target);
        let names_its_own = source == DataSource::Mixed || asked == DataSource::Expression;
        scope.variables.reach(asked, if names_its_own { at(target, "datasource") } else { own }, scope)
    };
    let mut reached: Vec<Reached> = targets.iter().map(reach).collect();
    let live = |target: &Value| !flag(target, "hide");
    // What an expression reckons with must be asked where it reckons.
    let reckons = targets.iter().zip(&reached).find(|(target, one)| live(target) && one.kind == DataSource::Expression);
    let reckons_at = reckons.map(|(_, one)| one.way).filter(|way| *way != Way::None);
    if let Some(way) = reckons_at {
        reached.iter_mut().filter(|one| one.way != Way::None).for_each(|one| one.way = way);
    }
    let mut queries = Vec::new();
    for (target, reached) in targets.iter().zip(&reached) {
        let is_through = matches!(reached.way, Way::Grafana(_));
        let is_promql = reached.kind == DataSource::Prometheus && reckons_at.is_none();
        match is_through && !is_promql {
            true => queries.extend(foreign::query(target, reached, &common)),
            false => promql(target, reached, &common, &mut queries),
        }
    }
    let live = targets.iter().zip(&reached).filter(|(target, _)| live(target));
    let foreign = live.map(|(_, reached)| reached).find(|reached| reached.way == Way::None).map(foreign::why);
    Asked { queries, source, range, points, foreign }
}

/// A query in the language of Prometheus, or what Loki makes of it; asked in two ways where it says so.
fn promql(target: &Value, reached: &Reached, common: &Common<'_>, queries: &mut Vec<PanelQuery>) {
    let Common { scope, range, points, .. } = *common;
    let filled = |text: &str| interpolate(text, scope, Format::Glob);
    let Some(expr) = text(target, "expr").filter(|expr| !expr.is_empty()) else { return };
    let format = match reached.kind {
        DataSource::Prometheus => Format::Prometheus,
        DataSource::Loki => Format::Loki,
        _ => return,
    };
    let length = range.length() as f64;
    let scrape = reached.scrape.unwrap_or(common.scrape);
    let interval = interval::of_panel(length, f64::from(points), common.least.unwrap_or(scrape).max(1.0));
    let least = text(target, "interval").map(|least| filled(&least)).unwrap_or_default();
    let factor = number(at(target, "intervalFactor")).unwrap_or_default();
    let stepping = Stepping { length, points: f64::from(points), interval, least: &least, factor, scrape };
    let step = stepping.step();
    let hindrance = scope.variables.hindrance(&expr, scope).filter(|_| reached.kind == DataSource::Prometheus);
    let written = match &hindrance {
        Some(_) => expr.chars().take(MAX_LEFT).collect(),
        None if reached.kind == DataSource::Prometheus => {
            adhoc::filtered(&interpolate(&expr, scope, format), &adhoc::of(scope.variables, reached))
        }
        None => interpolate(&expr, scope, format),
    };
    // What Loki's own data source calls the interval.
    let written = match reached.kind {
        DataSource::Loki => written.replace("$__auto", "$__interval").replace("${__auto}", "${__interval}"),
        _ => written,
    };
    let unknown = unsettled(&expr, scope).filter(|_| !expr.contains("__auto"));
    let (expr, step, error) = match step {
        _ if unknown.is_some() => (written, interval, unknown),
        Ok(step) => (stepping.filled_in(&written, step), step.max(1.0), hindrance),
        Err(why) => (written, interval, Some(why)),
    };
    let is_instant = match reached.kind {
        DataSource::Loki => at(target, "queryType").as_str() == Some("instant"),
        _ => flag(target, "instant"),
    };
    let is_both = is_instant && flag(target, "range") && reached.kind == DataSource::Prometheus;
    let ref_id = text(target, "refId").unwrap_or_default();
    let down = |at: i64| ((at as f64 / step).floor() * step) as i64;
    let over = PanelQuery {
        frame_ref: ref_id.clone(),
        ref_id,
        expr,
        source: reached.kind.clone(),
        way: reached.way,
        request: None,
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
    let with_request = |query: PanelQuery| PanelQuery {
        request: matches!(query.way, Way::Grafana(_)).then(|| foreign::promql(&query, reached, points)),
        ..query
    };
    if is_instant {
        let instant = at_end(&over);
        if is_both {
            queries.push(with_request(over));
        }
        queries.push(with_request(instant));
    } else {
        queries.push(with_request(over));
    }
}
