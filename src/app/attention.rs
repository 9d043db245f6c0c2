//! How often the panels of dashboards are asked: those on the screen as often as they are meant to be, the others at a
//! quarter of that. What is turned to is asked at once where its last answer is old.
//!
//! The team's own panes, vitals and alerts are asked as often as ever: they are few, and they matter when nobody looks.

use std::{collections::HashSet, time::Duration};

use crate::{
    app::{
        App, Effect, View,
        screen::{
            layout::{Bands, Grid},
            watch,
        },
        world::dashboards,
    },
    dashboard::{Pace, PaneId, Subscriber},
};

/// What is not seen is asked this much less often.
const LESS_OFTEN: u32 = 4;

/// Tells what is seen from what was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::app) struct Stamp {
    view: View,
    focus: Option<PaneId>,
    zoomed: bool,
    size: (u16, u16),
    revision: u64,
    panes: usize,
}

impl Stamp {
    fn of(app: &App) -> Self {
        Self {
            view: app.screen.view,
            focus: app.screen.watch.focus,
            zoomed: app.screen.watch.zoomed,
            size: app.screen.size,
            revision: app.world.dashboards.revision,
            panes: app.world.plan.panes.len(),
        }
    }
}

/// Whether the panels are asked as often as what is seen wants it.
pub(in crate::app) fn is_current(app: &App) -> bool {
    app.world.dashboards.open.is_empty() || app.attention == Some(Stamp::of(app))
}

/// Asks the panels that are seen more often than the others.
pub(in crate::app) fn follow(app: &mut App) -> Vec<Effect> {
    let before = app.world.subscriptions.clone();
    pace(app);
    let changes = app.world.subscriptions.changes_from(&before);
    if !changes.is_empty() {
        app.world.signals.follow(&app.session.config, &app.world.plan, &app.world.subscriptions);
    }
    changes.into_iter().map(Effect::Subscribe).collect()
}

/// Notes how often each panel is wanted.
fn pace(app: &mut App) {
    app.attention = Some(Stamp::of(app));
    let seen = seen(app);
    let plan = &app.world.plan;
    for pane in plan.panes.iter().filter(|pane| pane.origin.is_some()) {
        let Some(every) = pane.pane.every else { continue };
        let every = if seen.contains(&pane.id) { every } else { seldom(every) };
        for id in &pane.queries {
            if let Some(query) = plan.query(*id) {
                app.world.subscriptions.want(Subscriber::Pane(pane.id), *id, query, Pace::Every(every));
            }
        }
    }
}

/// A quarter as often; what is asked seldom already stays as it is.
fn seldom(every: Duration) -> Duration {
    if every >= dashboards::SELDOM { every } else { every * LESS_OFTEN }
}

/// The panels on the screen.
fn seen(app: &App) -> HashSet<PaneId> {
    match (app.screen.view, watch::focused(app).map(|pane| pane.id)) {
        (View::Watch, Some(focus)) if app.screen.watch.zoomed => HashSet::from([focus]),
        (View::Watch, Some(focus)) => {
            let grid = Grid::of(Bands::of(app.screen.area()).body, &app.world.wishes());
            grid.page(grid.page_of(focus)).iter().map(|(id, _)| *id).collect()
        }
        _ => HashSet::new(),
    }
}
