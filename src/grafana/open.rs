//! A dashboard that is looked at: its variables are settled, and it is known what stands on it.

use std::sync::Arc;

use super::{
    evaluate::{self, Outcome},
    json::{at, flag, number},
    model::{Dashboard, Panel},
    plan::{self, PlannedPanel, Resolution, Unit},
    routes::Way,
    shown::Shown,
    template::Format,
    time_range::TimeRange,
    variable::Variables,
};

/// A dashboard with values for its variables.
#[derive(Clone, Debug)]
pub struct OpenDashboard {
    /// Shared by all openings of it: only what is chosen differs.
    dashboard: Arc<Dashboard>,
    variables: Variables,
    units: Vec<Unit>,
    title: String,
}

impl OpenDashboard {
    /// A dashboard whose variables are settled.
    pub fn new(dashboard: impl Into<Arc<Dashboard>>, variables: Variables) -> Self {
        let dashboard = dashboard.into();
        let units = plan::units(&dashboard, &variables);
        let title = variables.interpolate(&dashboard.title, Format::Text);
        Self { dashboard, variables, units, title }
    }

    /// The same, called by this title.
    #[must_use]
    pub fn titled(self, title: String) -> Self {
        Self { title, ..self }
    }

    /// Whether nothing that its variables asked was answered, so that asking again may bring more.
    pub fn is_unanswered(&self) -> bool {
        let mut asked = self.variables.iter().filter(|variable| variable.kind == "query").peekable();
        asked.peek().is_some() && asked.all(|variable| variable.is_awaited)
    }

    /// What a person should know about it: variables that could not be asked, panels that were left out.
    pub fn said(&self) -> Option<String> {
        let failed = self.variables.iter().filter_map(|one| Some(format!("${}: {}", one.name, one.error.as_ref()?)));
        let all: Vec<String> = failed.chain(self.dashboard.warnings.iter().cloned()).collect();
        (!all.is_empty()).then(|| format!("{}: {}", self.title, all.join("; ")))
    }

    /// Its title, with its variables filled in.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Its variables.
    pub fn variables(&self) -> &Variables {
        &self.variables
    }

    /// The dashboard itself.
    pub fn dashboard(&self) -> &Arc<Dashboard> {
        &self.dashboard
    }

    /// What stands on it, in reading order, each with its panel.
    pub fn units(&self) -> impl Iterator<Item = (&Unit, &Panel)> {
        self.units.iter().filter_map(|unit| Some((unit, unit.panel(&self.dashboard)?)))
    }

    /// What a unit shows without asking anyone: words, or why there is nothing to ask. `None` for those that ask.
    pub fn unasked(&self, nth: usize) -> Option<Shown> {
        let planned = self.planned(nth, self.variables.range, Resolution::default());
        let asks = planned.iter().any(|panel| {
            let mut queries = panel.queries.iter();
            queries.any(|query| query.way != Way::None && !query.is_hidden && query.error.is_none())
        });
        let none: Vec<Vec<Outcome>> = planned.iter().map(|_| Vec::new()).collect();
        let shown = evaluate::panel(0, &planned, &none, &self.variables);
        (!asks || shown.text.is_some() || shown.reason.is_some()).then_some(shown)
    }

    /// The way to what a unit asks; of one that asks in several places, the first.
    pub fn way(&self, nth: usize) -> Way {
        let planned = self.planned(nth, self.variables.range, Resolution::default());
        let mut ways = planned.iter().flat_map(|panel| &panel.queries).map(|query| query.way);
        ways.find(|way| *way != Way::None).unwrap_or_default()
    }

    /// A unit with what it asks, and behind it the panels that it borrows from.
    pub fn planned(&self, nth: usize, range: TimeRange, resolution: Resolution) -> Vec<PlannedPanel<'_>> {
        let plan = |unit: &Unit| unit.clone().planned(&self.dashboard, &self.variables, range, resolution);
        let mut out: Vec<PlannedPanel<'_>> = self.units.get(nth).and_then(plan).into_iter().collect();
        let mut from = 0;
        while let Some(id) = out.get(from).and_then(borrowed_from).filter(|_| out.len() < 4) {
            let source = self.units().find(|(_, panel)| panel.id == id && out.iter().all(|known| known.panel.id != id));
            out.extend(source.and_then(|(unit, _)| plan(unit)));
            from += 1;
        }
        out
    }

    /// What the first of these panels shows of the answers; see [`evaluate`].
    pub fn shown(&self, planned: &[PlannedPanel<'_>], answers: &[Vec<Outcome>]) -> Shown {
        evaluate::panel(0, planned, answers, &self.variables)
    }
}

/// The panel whose answers another one shows.
fn borrowed_from(planned: &PlannedPanel<'_>) -> Option<i64> {
    let target = planned.panel.targets.iter().find(|target| !flag(target, "hide"))?;
    number(at(target, "panelId")).map(|id| id as i64)
}
