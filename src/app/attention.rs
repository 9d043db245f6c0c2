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
            watch::{self, Attention},
        },
        world::dashboards,
    },
    dashboard::{Pace, PaneId, Subscriber},
};

/// What is not seen is asked this much less often.
const LESS_OFTEN: u32 = 4;

/// What goes with these panes being seen.
fn with(seen: HashSet<PaneId>, app: &App) -> Attention {
    Attention {
        view: app.screen.view,
        zoomed: app.screen.watch.zoomed,
        size: app.screen.size,
        revision: app.world.dashboards.revision,
        panes: app.world.plan.panes.len(),
        seen,
    }
}

/// Whether the panels are asked as often as what is seen wants it. Looked at after every key: as long as the focus stays
/// on what was seen, it is the same page.
pub(in crate::app) fn is_current(app: &App) -> bool {
    if app.world.dashboards.open.is_empty() {
        return true;
    }
    let Some(known) = &app.screen.watch.attention else { return false };
    let is_seen = || watch::focused(app).is_none_or(|pane| known.seen.contains(&pane.id));
    is_like(known, app) && (app.screen.view != View::Watch || is_seen())
}

/// Whether all but the focus is as it was.
fn is_like(known: &Attention, app: &App) -> bool {
    known.view == app.screen.view
        && known.zoomed == app.screen.watch.zoomed
        && known.size == app.screen.size
        && known.revision == app.world.dashboards.revision
        && known.panes == app.world.plan.panes.len()
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
    let attention = with(on_screen(app), app);
    let (plan, seen) = (&app.world.plan, &attention.seen);
    for pane in plan.panes.iter().filter(|pane| pane.origin.is_some()) {
        let Some(every) = pane.pane.every else { continue };
        let every = if seen.contains(&pane.id) { every } else { seldom(every) };
        for id in &pane.queries {
            if let Some(query) = plan.query(*id) {
                app.world.subscriptions.want(Subscriber::Pane(pane.id), *id, query, Pace::Every(every));
            }
        }
    }
    app.screen.watch.attention = Some(attention);
}

/// A quarter as often; what is asked seldom already stays as it is.
fn seldom(every: Duration) -> Duration {
    if every >= dashboards::SELDOM { every } else { every * LESS_OFTEN }
}

/// The panels on the screen.
fn on_screen(app: &App) -> HashSet<PaneId> {
    match (app.screen.view, watch::focused(app).map(|pane| pane.id)) {
        (View::Watch, Some(focus)) if app.screen.watch.zoomed => HashSet::from([focus]),
        (View::Watch, Some(focus)) => {
            let grid = Grid::of(Bands::of(app.screen.area()).body, &app.world.wishes());
            grid.page(grid.page_of(focus)).iter().map(|(id, _)| *id).collect()
        }
        _ => HashSet::new(),
    }
}
