//! Opens all that is known of what is selected in a list: an alert group, a change, an entry of the timeline. Nothing of it
//! is written to the journal.

use crate::{
    app::{
        App, Overlay, View, clock,
        screen::{
            log,
            overlay::FactSheet,
            watch::{self, focused},
        },
        world::rows::{AlertsRow, What},
    },
    base::command_line,
    config::PaneKind,
    incident::{Event, board::Evidence, timeline::Item},
    signal::{Change, alert::AlertLinks},
};

/// Alerts of a group that are named one by one.
const ALERTS: usize = 200;

/// Opens the selected change, in a pane that has the screen or whose cursor was put on it, or the selected alert group,
/// which has something of its own below the list before that. Whether it did.
pub(super) fn open_in_watch(app: &mut App) -> bool {
    let Some(pane) = focused(app) else { return false };
    let cursor = app.screen.watch.cursors.get(&pane.id).and_then(|cursor| cursor.key.as_ref());
    let is_put = cursor.is_some() && cursor != app.screen.watch.placed.get(&pane.id);
    let opens = match pane.pane.kind {
        PaneKind::Changes => is_put || app.screen.watch.zoomed,
        PaneKind::Alerts => app.screen.watch.zoomed,
        _ => false,
    };
    let Some(row) = watch::selected(app, pane.id).filter(|_| opens) else { return false };
    let sheet = match row.what {
        What::Change(change) => of_change(&pane.pane.title, change, row.source),
        What::Alerts(alerts) => of_alerts(app, &pane.pane.title, &alerts, row.source),
        _ => return false,
    };
    app.screen.overlay = Some(Overlay::Facts(Box::new(sheet)));
    true
}

/// Opens the selected line of the timeline.
pub(super) fn open_in_log(app: &mut App) {
    let all = log::log_items(app);
    let shown = app.screen.log_shown(&all);
    let Some(item) = shown.get(app.screen.log.find(&shown)) else { return };
    app.screen.overlay = Some(Overlay::Facts(Box::new(of_entry(app, item))));
}

fn of_change(place: &str, change: &Change, source: &str) -> FactSheet {
    let mut sheet = FactSheet::of(place, change.name());
    push_change(&mut sheet, change, source);
    sheet
}

fn push_change(sheet: &mut FactSheet, change: &Change, source: &str) {
    sheet.words("kind", change.kind.word());
    sheet.at("done", change.at);
    sheet.words("service", change.service.as_deref().unwrap_or_default());
    sheet.words("version", change.version.as_deref().unwrap_or_default());
    sheet.looked_for("by", change.who.as_deref());
    sheet.looked_for("way back", change.undo.as_deref());
    sheet.address("address", change.url.as_ref());
    sheet.words("source", source);
}

fn of_alerts(app: &App, place: &str, alerts: &AlertsRow<'_>, source: &str) -> FactSheet {
    let group = alerts.group;
    let mut sheet = FactSheet::of(place, group.title.to_string());
    if let Some(alert) = group.alerts.iter().find(|alert| !alert.summary.is_empty()) {
        sheet.words("summary", &alert.summary);
    }
    sheet.words("severity", alerts.severity.word());
    sheet.words(
        alerts.state.word(),
        match group.counts.total() {
            1 => "1 alert".to_owned(),
            all => format!("{} of {all} alerts", alerts.count),
        },
    );
    sheet.at("since", alerts.since);
    push_links(&mut sheet, group.links());
    sheet.words("source", source);
    // What was said above is not said again, unless the team has a word of its own for it.
    let is_said =
        |name: &str, value: &str| name == "alertname" || (name == "severity" && value == alerts.severity.word());
    group
        .labels
        .iter()
        .filter(|(name, value)| !is_said(name, value))
        .for_each(|(name, value)| sheet.words(name, value));
    let line = |alert: &crate::signal::Alert| {
        let since = clock::dated(alert.starts_at, app.session.now, &app.session.zone, app.session.utc);
        let own = alert.labels.iter().filter(|(name, _)| group.labels.get(name).is_none());
        let own: Vec<String> = own.map(|(name, value)| format!("{name}={value}")).collect();
        let muted = match alert.muted_for.join(", ") {
            none if none.is_empty() => none,
            receivers => format!(" · muted for {receivers}"),
        };
        format!("{} since {since}  {}{muted}", alert.state.word(), own.join("  "))
    };
    let mut lines: Vec<String> = group.alerts.iter().take(ALERTS).map(line).collect();
    lines.extend((group.alerts.len() > ALERTS).then(|| format!("and {} more", group.alerts.len() - ALERTS)));
    sheet.more.push(("each of them".into(), lines));
    sheet
}

fn push_links(sheet: &mut FactSheet, links: Option<&AlertLinks>) {
    let Some(links) = links else { return };
    sheet.address("runbook", links.runbook.as_ref());
    sheet.address("dashboard", links.dashboard.as_ref());
    sheet.address("expression", links.generator.as_ref());
}

fn of_entry(app: &App, item: &Item) -> FactSheet {
    let entry = app.incident.entries().iter().find(|entry| entry.id == item.entry);
    let name = match entry.map(|entry| &entry.event) {
        // On its line a note is one line.
        Some(Event::Noted { text, .. }) => text.clone(),
        _ => item.what.clone(),
    };
    let mut sheet = FactSheet::of(View::Log.name(), name);
    sheet.words("kind", item.kind.word());
    sheet.at("time", item.at);
    // What happened earlier, or was seen late, says when it was written.
    let written = entry.map(|entry| entry.at).filter(|at| at.as_second() != item.at.as_second());
    written.into_iter().for_each(|at| sheet.at("written at", at));
    let by = if item.machine { format!("the cockpit of {}", item.by) } else { item.by.clone() };
    sheet.words("written by", if item.by.is_empty() { "" } else { &by });
    sheet.words("undone", if item.undone { "yes: it has no effect" } else { "" });
    sheet.words("pending", if app.outbox.is_provisional(item.seq) { "not in the journal yet" } else { "" });
    if let Some(entry) = entry {
        push_event(&mut sheet, &entry.event);
    }
    sheet
}

/// What an entry holds that its line does not say.
fn push_event(sheet: &mut FactSheet, event: &Event) {
    match event {
        Event::ChangeSeen { change, source, .. } => push_change(sheet, change, source),
        Event::AlertTurned { source, severity, firing, links, .. } => {
            sheet.words("severity", severity.word());
            sheet.words("firing then", firing.to_string());
            sheet.words("source", source);
            push_links(sheet, Some(links));
        }
        Event::SourceLost { source, error, .. } => {
            sheet.words("source", source);
            sheet.words("why", error);
        }
        Event::VitalCrossed { shown, ok, .. } => {
            sheet.words("value", shown);
            sheet.words("should be", ok);
        }
        Event::Pinned { evidence } => push_evidence(sheet, evidence),
        Event::ObservationAdded { evidence: Some(evidence), .. } => push_evidence(sheet, evidence),
        Event::CommandRan { argv, exit, output, seconds, .. } => {
            sheet.words("command", command_line::shown(argv));
            sheet.words(
                "exit code",
                exit.map_or_else(|| "none: it did not end by itself".into(), |code| code.to_string()),
            );
            sheet.words("took", format!("{seconds:.1} s"));
            if !output.trim().is_empty() {
                sheet.more.push(("what it printed last".into(), output.lines().map(str::to_owned).collect()));
            }
        }
        _ => {}
    }
}

fn push_evidence(sheet: &mut FactSheet, evidence: &Evidence) {
    sheet.words("seen in", &evidence.title);
    sheet.words("value", &evidence.value);
    evidence.at.into_iter().for_each(|at| sheet.at("read", at));
    sheet.words("source", &evidence.source);
    sheet.words("query", &evidence.query);
    sheet.address("address", evidence.link.as_ref());
}
