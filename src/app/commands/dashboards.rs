//! Dashboards to open while it runs: those of the configuration are known, what lies in a folder or in Grafana is asked for.

use std::sync::Arc;

use crate::app::{
    App, Effect, Overlay, View,
    field::Field,
    screen::overlay::DashboardList,
    world::dashboards::{self, DashboardRow},
};

/// Opens the list; what is not known yet is read meanwhile.
pub(in crate::app) fn open_list(app: &mut App) -> Vec<Effect> {
    let entries = app.session.config.dashboards.iter().enumerate();
    let known = entries.map(|(place, entry)| {
        let open = app.world.dashboards.open.get(&place);
        let title = open.map_or_else(|| entry.shown(), |dashboard| dashboard.title().to_owned());
        let about = if open.is_some() { "open" } else { "not open yet" };
        DashboardRow { entry: entry.clone(), title, about: about.into(), is_starred: false, place: Some(place) }
    });
    app.screen.overlay = Some(Overlay::Dashboards(DashboardList::of(known.collect())));
    vec![Effect::ListDashboards]
}

/// Opens the list, narrowed to those that have all of these words.
pub(in crate::app) fn open_list_of(app: &mut App, words: &str) -> Vec<Effect> {
    let effects = open_list(app);
    if let Some(Overlay::Dashboards(list)) = &mut app.screen.overlay {
        list.field = Field::line(words);
        list.search();
    }
    effects
}

/// What else there is was read; with what could not be.
pub(in crate::app) fn listed(app: &mut App, rows: Vec<DashboardRow>, trouble: Option<String>) {
    let Some(Overlay::Dashboards(list)) = &mut app.screen.overlay else { return };
    list.read(rows, trouble);
}

/// Shows a dashboard: goes to it where it is open, opens it where not.
pub(in crate::app) fn show(app: &mut App, row: DashboardRow) -> Vec<Effect> {
    app.screen.view = View::Watch;
    let place = row.place.unwrap_or_else(|| {
        let config = Arc::make_mut(&mut app.session.config);
        config.dashboards.push(row.entry);
        config.dashboards.len() - 1
    });
    dashboards::show(app, place)
}
