//! The addresses that stand on the screen and can be followed: of the alert or the change that is looked at, of the
//! evidence.

use crate::app::{
    App, Overlay, View,
    screen::{
        overlay::{Subject, choice::Then},
        watch,
    },
    world::rows::What,
};

/// Runbook, dashboard and expression of the alert that has the screen, where the evidence of a column was read, and the links
/// that are listed.
pub fn shown(app: &App) -> Vec<String> {
    let mut shown = Vec::new();
    if let Some(Overlay::Detail { subject: Subject::Column(id), .. }) = &app.screen.overlay {
        let evidence = app.incident.board.observation(*id).and_then(|column| column.evidence.as_ref());
        shown.extend(evidence.and_then(|evidence| evidence.link.clone()));
    }
    if let Some(Overlay::Choice(choice)) = &app.screen.overlay {
        shown.extend(choice.answers.iter().filter_map(|answer| match &answer.then {
            Then::Follow(address) => Some(address.clone()),
            _ => None,
        }));
    }
    if let Some(Overlay::Facts(sheet)) = &app.screen.overlay {
        shown.extend(sheet.addresses().map(str::to_owned));
    }
    if app.screen.view == View::Watch
        && app.screen.watch.zoomed
        && let Some(pane) = watch::focused(app)
        && let Some(What::Alerts(alerts)) = watch::selected(app, pane.id).map(|row| row.what)
    {
        let links = alerts.group.links().into_iter();
        let links = links.flat_map(|links| [&links.runbook, &links.dashboard, &links.generator]);
        shown.extend(links.flatten().map(ToString::to_string));
    }
    shown
}
