//! From the answers to what each panel shows.

mod bands;
mod bars;
mod gauge;
mod heat;
mod line_style;
mod values;

use jiff::tz::TimeZone;
use serde_json::Value;

use super::{
    data_source::DataSource,
    frame::Frame,
    json::{at, each_text, flag, list, number, text},
    model::Panel,
    overrides,
    plan::{PlannedPanel, Scope},
    prometheus::{self, Answered},
    shown::Shown,
    template::{Format, interpolate},
    text_panel, transform,
    value_format::Viewer,
    variable::Variables,
};

/// What a query answered.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// Series of a Prometheus, which are named and shaped here.
    Series(Answered),
    /// Data frames, which a data source of Grafana has named and shaped itself.
    Frames(Vec<Frame>),
}

impl From<Answered> for Reply {
    fn from(answered: Answered) -> Self {
        Self::Series(answered)
    }
}

/// What came of one query.
pub type Outcome = Result<Reply, String>;

/// What all panels show; `answers` has the outcomes of the queries of each, in their order. That of a query that was not
/// asked does not count.
pub fn all(panels: &[PlannedPanel<'_>], answers: &[Vec<Outcome>], variables: &Variables) -> Vec<Shown> {
    let all = Evaluation { panels, answers, variables };
    (0..panels.len()).map(|nth| all.panel(nth)).collect()
}

/// What one panel shows, among all.
pub fn panel(nth: usize, panels: &[PlannedPanel<'_>], answers: &[Vec<Outcome>], variables: &Variables) -> Shown {
    Evaluation { panels, answers, variables }.panel(nth)
}

struct Evaluation<'a> {
    panels: &'a [PlannedPanel<'a>],
    answers: &'a [Vec<Outcome>],
    variables: &'a Variables,
}

/// The kinds of panels that show what was asked, and the colour mode of those that have one of their own.
fn color_mode(kind: &str) -> Option<&'static str> {
    match kind {
        "timeseries" | "piechart" | "barchart" | "histogram" | "trend" | "xychart" => Some("palette-classic"),
        "state-timeline" => Some("continuous-GrYlRd"),
        "status-history" => Some("thresholds"),
        _ => None,
    }
}

impl Evaluation<'_> {
    fn panel(&self, nth: usize) -> Shown {
        let Some(planned) = self.panels.get(nth) else { return Shown::default() };
        let panel = planned.panel;
        let scope = Scope { variables: self.variables, repeat: &planned.unit.repeat, range: planned.range };
        if panel.kind.is_empty() && panel.library.is_some() {
            return Shown::without("a library panel: only Grafana knows what is in it");
        }
        if panel.kind == "text" {
            let content = text(&panel.options, "content").unwrap_or_default();
            let language = text(at(&panel.options, "code"), "language");
            let format = if language.as_deref() == Some("json") { Format::Named("json") } else { Format::Html };
            let mode = text(&panel.options, "mode");
            let words = text_panel::plain(mode.as_deref(), &interpolate(&content, &scope, format));
            return Shown { text: Some(words), ..Shown::default() };
        }
        if let Some(why) = lists(panel) {
            return Shown::without(why);
        }
        let frames = match self.frames(nth, 0) {
            Ok(frames) => frames,
            Err(why) => return Shown::without(why),
        };
        let (frames, unknown) = self.transformed(planned, frames);
        let unknown = unknown.into_iter().map(|name| format!("the transformation {name} is not known"));
        let mut warnings: Vec<String> = unknown.collect();
        let replace = |text: &str| interpolate(text, &scope, Format::Glob);
        let frames = overrides::apply_field_overrides(frames, &panel.field_config, color_mode(&panel.kind), &replace);
        let zone = TimeZone::UTC;
        let viewer = Viewer { zone: &zone, now: planned.range.to as f64 };
        let mut shown = values::of(panel, frames, &replace, viewer);
        let failed = self.answers.get(nth).into_iter().flatten().zip(&planned.queries);
        warnings.extend(failed.filter_map(|(outcome, query)| {
            let why = query.error.as_ref().or(outcome.as_ref().err().filter(|why| !why.is_empty()))?;
            (!query.is_hidden).then(|| format!("{}: {why}", query.ref_id))
        }));
        shown.warnings.extend(warnings);
        shown
    }

    /// The frames of a panel before its transformations.
    fn frames(&self, nth: usize, depth: usize) -> Result<Vec<Frame>, String> {
        let planned = self.panels.get(nth).ok_or("it shows a panel that is not there")?;
        let live = || planned.panel.targets.iter().filter(|target| !flag(target, "hide"));
        let sources = self.variables.sources();
        let of_panel = |target: &&Value| sources.kind(at(target, "datasource"), &[*target]) == DataSource::Dashboard;
        let borrows = planned.source == DataSource::Dashboard || live().any(|target| of_panel(&target));
        if borrows {
            return self.borrowed(planned, nth, depth);
        }
        if let Some(foreign) = &planned.foreign {
            return Err(foreign.clone());
        }
        if planned.panel.targets.is_empty() {
            return Err("it asks nothing".into());
        }
        let answers = self.answers.get(nth).map_or(&[][..], Vec::as_slice);
        let asked = planned.queries.iter().zip(answers);
        let asked = asked.filter(|(query, _)| !query.is_hidden && query.error.is_none());
        let (mut out, mut series, mut at) = (Vec::new(), Vec::new(), None);
        for (query, outcome) in asked {
            match outcome {
                Ok(Reply::Series(answered)) => {
                    at.get_or_insert(out.len());
                    series.extend(prometheus::frames(answered, query).into_iter().map(|frame| (frame, query)));
                }
                Ok(Reply::Frames(frames)) => out.extend(frames.iter().cloned()),
                Err(_) => {}
            }
        }
        // What came from the same data source stays together, where its first query stands.
        let at = at.unwrap_or(out.len());
        out.splice(at..at, prometheus::shaped(series));
        Ok(out)
    }

    /// The frames of another panel, for one that shows the same in another way.
    fn borrowed(&self, planned: &PlannedPanel<'_>, nth: usize, depth: usize) -> Result<Vec<Frame>, String> {
        let target = planned.panel.targets.iter().find(|target| !flag(target, "hide"));
        let target = target.ok_or("it shows what another panel asks, and does not say which")?;
        let id = number(at(target, "panelId")).map(|id| id as i64);
        let mut others = self.panels.iter().enumerate();
        let other = others.find(|(at, other)| *at != nth && id == Some(other.panel.id));
        let Some((other, source)) = other.filter(|_| depth < 3) else {
            let id = id.map_or_else(|| "another one".to_owned(), |id| format!("panel {id}"));
            return Err(format!("it shows what {id} asks, which is not on this dashboard"));
        };
        let frames = self.frames(other, depth + 1)?;
        match flag(target, "withTransforms") {
            true => Ok(self.transformed(source, frames).0),
            false => Ok(frames),
        }
    }

    fn transformed(&self, planned: &PlannedPanel<'_>, frames: Vec<Frame>) -> (Vec<Frame>, Vec<String>) {
        let scope = Scope { variables: self.variables, repeat: &planned.unit.repeat, range: planned.range };
        let mut transformations = Value::Array(planned.panel.transformations.clone());
        each_text(&mut transformations, &mut |text| *text = interpolate(text, &scope, Format::Glob));
        transform::transform(transformations.as_array().map_or(&[], Vec::as_slice), frames)
    }
}

/// What a panel lists that is not asked for by queries, in words.
fn lists(panel: &Panel) -> Option<String> {
    let options = &panel.options;
    let words = |key: &str| text(options, key).filter(|words| !words.is_empty());
    match panel.kind.as_str() {
        "dashlist" => {
            let tags: Vec<&str> = list(options, "tags").iter().filter_map(Value::as_str).collect();
            let named = words("query").map(|query| format!("named {query}"));
            let tagged = (!tags.is_empty()).then(|| format!("tagged {}", tags.join(", ")));
            let starred = flag(options, "showStarred").then(|| "that are starred".to_owned());
            let which: Vec<String> = named.into_iter().chain(tagged).chain(starred).collect();
            Some(format!("it lists dashboards {}", which.join(", ")).trim_end().to_owned())
        }
        "alertlist" => {
            Some("it lists the alerts of Grafana; those that are known here are in the pane of alerts".into())
        }
        "annolist" => Some("it lists the annotations of Grafana".into()),
        "news" => {
            Some(format!("it shows news{}", words("feedUrl").map_or(String::new(), |feed| format!(" of {feed}"))))
        }
        _ => None,
    }
}
