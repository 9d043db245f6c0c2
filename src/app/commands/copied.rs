//! What is copied of a pane: the selection whole, however much of it there was room for.

use crate::{
    app::{App, evidence, screen::watch, world::rows::What},
    incident::Event,
    signal::{AlertGroup, Data, Table},
};

/// The selected row of the pane that has the focus, or what the pane shows.
pub(super) fn of_watch(app: &App) -> Option<String> {
    let pane = watch::focused(app)?;
    match watch::selected(app, pane.id).map(|row| row.what) {
        Some(What::Line(line)) => return Some(line.text.clone()),
        Some(What::Change(change)) => {
            let by = change.who.iter().map(|who| format!(" by {who}"));
            let link = change.url.iter().map(|url| format!("\n{url}"));
            let more: String = by.chain(link).collect();
            return Some(format!("{} {}{more}", change.kind.word(), change.name()));
        }
        Some(What::Alerts(alerts)) => {
            return Some(in_words(app)? + &known_of(&alerts.part()));
        }
        _ => {}
    }
    let readings = pane.queries.iter().filter_map(|query| app.world.signals.slot(*query)?.good.as_ref());
    let table = readings.into_iter().find_map(|reading| match &reading.data {
        Data::Table(table) => Some(cells(table)),
        _ => None,
    });
    table.or_else(|| in_words(app))
}

fn in_words(app: &App) -> Option<String> {
    match evidence::selection_as_symptom(app)? {
        Event::ObservationAdded { text, .. } => Some(text),
        _ => None,
    }
}

/// Labels and addresses of an alert group, a line each.
fn known_of(group: &AlertGroup) -> String {
    let named = group.links().map(|links| [("runbook", &links.runbook), ("dashboard", &links.dashboard)]);
    let links = named.into_iter().flatten().filter_map(|(name, link)| Some(format!("\n{name} {}", link.as_ref()?)));
    let labels = format!("\n{}", group.labels);
    std::iter::once(labels).filter(|_| !group.labels.is_empty()).chain(links).collect()
}

/// Heads and cells with tabs between them, as spreadsheets take them.
fn cells(table: &Table) -> String {
    let heads = table.columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>().join("\t");
    let rows = table.rows.iter().map(|cells| cells.join("\t"));
    std::iter::once(heads).chain(rows).collect::<Vec<_>>().join("\n")
}
