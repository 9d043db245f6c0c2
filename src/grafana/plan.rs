//! What stands on a dashboard once its variables have values: each panel as often as it is repeated, with what it asks.

pub mod adhoc;
mod foreign;
mod queries;
mod query;
mod scope;

pub use query::{AnswerShape, PanelQuery};
pub use scope::{Local, Scope};

use super::{
    data_source::DataSource,
    interval,
    model::{Dashboard, Item, Panel, Row},
    template::{Format, interpolate},
    time_range::TimeRange,
    variable::{Choice, Variables},
};

/// Most panels after everything was repeated.
pub const MAX_PANELS: usize = 2000;
/// Longest title, in characters.
const MAX_TITLE: usize = 1000;

/// How the answers are going to be shown, as far as it decides what is asked.
#[derive(Clone, Copy, Debug)]
pub struct Resolution {
    /// Points that fit into the width of a panel.
    pub points: u32,
    /// How often targets are scraped, in milliseconds.
    pub scrape: f64,
}

impl Default for Resolution {
    fn default() -> Self {
        Self { points: 500, scrape: interval::SCRAPE }
    }
}

/// Where a panel is among the items of its dashboard, and inside a collapsed row.
type At = (usize, Option<usize>);

/// One showing of a panel: which one, and for which values. Does not depend on the time that is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    at: At,
    /// Its title, with its variables filled in.
    pub title: String,
    /// The title of the row it is in; `None` above the first row.
    pub row: Option<String>,
    /// Whether that row is collapsed.
    pub is_collapsed: bool,
    /// The values it is repeated for: that of its row, then its own.
    pub repeat: Vec<Local>,
}

impl Unit {
    /// The panel, as the dashboard has it.
    pub fn panel<'d>(&self, dashboard: &'d Dashboard) -> Option<&'d Panel> {
        match (dashboard.items.get(self.at.0)?, self.at.1) {
            (Item::Panel(panel), _) => Some(panel),
            (Item::Row(row), Some(inside)) => row.collapsed.get(inside),
            (Item::Row(_), None) => None,
        }
    }

    /// With what it asks for a stretch of time.
    pub fn planned<'d>(
        self,
        dashboard: &'d Dashboard,
        variables: &Variables,
        range: TimeRange,
        resolution: Resolution,
    ) -> Option<PlannedPanel<'d>> {
        let panel = self.panel(dashboard)?;
        let scope = Scope { variables, repeat: &self.repeat, range };
        let queries::Asked { queries, source, range, points, foreign } = queries::of(panel, &scope, resolution);
        Some(PlannedPanel { panel, unit: self, queries, range, points, source, foreign })
    }
}

/// A panel as it is shown once, with what it asks.
#[derive(Clone, Debug)]
pub struct PlannedPanel<'d> {
    /// As the dashboard has it.
    pub panel: &'d Panel,
    /// Which showing of it this is.
    pub unit: Unit,
    /// What it asks, hidden queries included.
    pub queries: Vec<PanelQuery>,
    /// The stretch of time it shows.
    pub range: TimeRange,
    /// Points that its width was taken to have.
    pub points: u32,
    /// What its queries are asked of, altogether.
    pub source: DataSource,
    /// Why not all that it asks can be asked from here, in words.
    pub foreign: Option<String>,
}

/// All panels in reading order, with what they ask for the stretch of time of the variables.
pub fn panels<'d>(dashboard: &'d Dashboard, variables: &Variables, resolution: Resolution) -> Vec<PlannedPanel<'d>> {
    let planned = |unit: Unit| unit.planned(dashboard, variables, variables.range, resolution);
    units(dashboard, variables).into_iter().filter_map(planned).collect()
}

/// What is shown of a dashboard, in reading order: each panel as often as it is repeated.
pub fn units(dashboard: &Dashboard, variables: &Variables) -> Vec<Unit> {
    let mut repeater = Repeater { dashboard, variables, out: Vec::new() };
    let mut row: Option<(&Row, Vec<At>)> = None;
    for (at, item) in dashboard.items.iter().enumerate() {
        match (item, &mut row) {
            (Item::Row(head), _) => {
                repeater.finish(row.take());
                row = Some((head, (0..head.collapsed.len()).map(|inside| (at, Some(inside))).collect()));
                if head.is_collapsed {
                    repeater.finish(row.take());
                }
            }
            (Item::Panel(_), Some((_, inside))) => inside.push((at, None)),
            (Item::Panel(_), None) => repeater.add((at, None), None, &[]),
        }
    }
    repeater.finish(row.take());
    repeater.out.truncate(MAX_PANELS);
    repeater.out
}

fn title(written: &str, scope: &Scope<'_>) -> String {
    let mut title = interpolate(written, scope, Format::Text);
    if let Some((end, _)) = title.char_indices().nth(MAX_TITLE) {
        title.truncate(end);
    }
    title
}

struct Repeater<'a> {
    dashboard: &'a Dashboard,
    variables: &'a Variables,
    out: Vec<Unit>,
}

impl Repeater<'_> {
    fn finish(&mut self, row: Option<(&Row, Vec<At>)>) {
        let Some((row, panels)) = row else { return };
        match row.repeat.as_deref().and_then(|name| self.values(name)) {
            Some(locals) => {
                for local in locals {
                    if self.out.len() > MAX_PANELS {
                        return;
                    }
                    let scope = [local];
                    panels.iter().for_each(|at| self.add(*at, Some(row), &scope));
                }
            }
            None => panels.iter().for_each(|at| self.add(*at, Some(row), &[])),
        }
    }

    fn add(&mut self, at: At, row: Option<&Row>, outer: &[Local]) {
        let mut unit = Unit {
            at,
            title: String::new(),
            row: None,
            is_collapsed: row.is_some_and(|row| row.is_collapsed),
            repeat: outer.to_vec(),
        };
        let Some(panel) = unit.panel(self.dashboard) else { return };
        let inner = panel.repeat.as_deref().and_then(|name| self.values(name));
        let each = inner.map_or_else(|| vec![None], |locals| locals.into_iter().map(Some).collect());
        for local in each {
            if self.out.len() > MAX_PANELS {
                return;
            }
            unit.repeat.truncate(outer.len());
            unit.repeat.extend(local);
            let scope = Scope { variables: self.variables, repeat: &unit.repeat, range: self.variables.range };
            let row = row.map(|row| title(&row.title, &scope));
            let title = title(&panel.title, &scope);
            self.out.push(Unit { title, row, ..unit.clone() });
        }
    }

    /// The values of the variable that something is repeated for; `None` where there is no such variable.
    fn values(&self, name: &str) -> Option<Vec<Local>> {
        let variable = self.variables.named(name)?;
        let repeats = matches!(variable.kind.as_str(), "query" | "custom" | "datasource");
        let is_multi = variable.is_multi || variable.includes_all;
        let local = |choice: Choice| Local { name: name.to_owned(), value: choice.value, text: choice.text, is_multi };
        repeats.then(|| variable.each().into_iter().map(local).collect())
    }
}
