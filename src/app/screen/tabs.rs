//! The dashboards beside the team's own panes: which there are, and which of them is looked at.

use crate::{
    app::{App, screen::watch},
    base::text,
    dashboard::{PaneId, PlannedPane},
};

/// Cells of the name of a dashboard, where all are listed.
const NAME: usize = 40;

/// The team's own panes, or a dashboard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tab {
    /// The place of the dashboard; `None` for the team's own panes.
    pub dashboard: Option<usize>,
    /// What it is called.
    pub name: String,
    /// Its first pane.
    pub first: PaneId,
    /// Whether it is looked at.
    pub is_shown: bool,
}

/// All of them, in their order; none where there are no dashboards.
pub fn tabs(app: &App) -> Vec<Tab> {
    if app.world.dashboards.open.is_empty() {
        return Vec::new();
    }
    let shown = watch::focused(app).map(of);
    let mut tabs: Vec<Tab> = Vec::new();
    for pane in &app.world.plan.panes {
        let dashboard = of(pane);
        if tabs.last().is_some_and(|tab| tab.dashboard == dashboard) {
            continue;
        }
        let open = dashboard.and_then(|place| app.world.dashboards.open.get(&place));
        let name = match (dashboard, open) {
            (None, _) => "panes".to_owned(),
            (Some(_), Some(open)) => text::clipped(&text::line(open.title()), NAME).into_owned(),
            (Some(place), None) => format!("dashboard {}", place + 1),
        };
        tabs.push(Tab { dashboard, name, first: pane.id, is_shown: shown == Some(dashboard) });
    }
    tabs
}

/// The tab that a pane is on.
pub(in crate::app) fn of(pane: &PlannedPane) -> Option<usize> {
    pane.origin.as_ref().map(|origin| origin.dashboard)
}
