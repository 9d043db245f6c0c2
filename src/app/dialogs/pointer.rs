//! What the mouse does in what lies over a view: it scrolls it, selects in it, and leaves it. It decides nothing there,
//! but for a line of a menu, which is done.

use crate::app::{
    App, Effect, Overlay,
    assumptions::{assumption_keys, assumption_line},
    dialogs::{
        menu,
        smells::{smell_keys, smell_line},
    },
    mouse::Listed,
};

/// Scrolls it by as many lines. What is selected there stays in view.
pub(in crate::app) fn scroll(app: &mut App, list: &Listed, by: isize) {
    let top = list.moved(by);
    if let Some(Overlay::Help { scroll } | Overlay::Detail { scroll, .. }) = &mut app.screen.overlay {
        *scroll = top;
    } else if let Some(Overlay::LogLine(sheet)) = &mut app.screen.overlay {
        sheet.scroll = top;
    } else if let Some(Overlay::Facts(sheet)) = &mut app.screen.overlay {
        sheet.scroll = top;
    } else if let Some(Overlay::Runbook(sheet)) = &mut app.screen.overlay {
        // What is seen goes by the block that is selected.
        sheet.step(by.signum());
    } else if let Some(row) = selected(app) {
        app.screen.overlay_top = top;
        select(app, list.kept(row, top));
    }
}

/// Selects a row that is in view, and leaves the view where it is. What stands in a menu was asked for: it is done.
pub(in crate::app) fn point(app: &mut App, row: usize, list: Option<&Listed>) -> Vec<Effect> {
    if let Some(Overlay::Menu(menu)) = app.screen.overlay.take_if(|over| matches!(over, Overlay::Menu(_))) {
        return menu::choose(app, &menu, row);
    }
    app.screen.overlay_top = list.map_or(0, |list| list.top);
    select(app, row);
    Vec::new()
}

/// A click beside it leaves it as Esc does, unless something was typed or marked there.
pub(in crate::app) fn leave(app: &mut App) -> Vec<Effect> {
    let Some(overlay) = app.screen.overlay.take() else { return Vec::new() };
    if is_worked_in(&overlay) {
        app.screen.overlay = Some(overlay);
        app.say("there is text in it: only Esc leaves it");
        return Vec::new();
    }
    super::leave_overlay(app, overlay)
}

/// Whether it holds something a person typed or marked.
fn is_worked_in(overlay: &Overlay) -> bool {
    match overlay {
        Overlay::Note(field) => !field.is_blank(),
        Overlay::Palette(palette) => !palette.field.is_blank(),
        Overlay::Dashboards(list) => !list.field.is_blank(),
        Overlay::Incidents(list) => !list.field.is_blank(),
        Overlay::Runbooks(list) => !list.field.is_blank(),
        Overlay::Variables(picker) => picker.is_worked_in(),
        Overlay::Prompt(prompt) => prompt.is_changed(),
        Overlay::Picker(picker) => !picker.field.is_blank() || !picker.marked.is_empty(),
        Overlay::Guard(sheet) => sheet.field.is_some(),
        _ => false,
    }
}

/// The row that is selected in the list of what lies over the view, if it has one.
fn selected(app: &App) -> Option<usize> {
    match app.screen.overlay.as_ref()? {
        Overlay::Palette(palette) => Some(palette.cursor),
        Overlay::Dashboards(list) => Some(list.cursor),
        Overlay::Incidents(list) => Some(list.cursor),
        Overlay::Runbook(sheet) => Some(sheet.cursor),
        Overlay::Runbooks(list) => Some(list.cursor),
        Overlay::Variables(picker) => Some(picker.cursor),
        Overlay::Menu(menu) => Some(menu.cursor),
        Overlay::Picker(picker) => Some(picker.cursor),
        Overlay::Storm(storm) => Some(storm.cursor),
        Overlay::Smells { cursor } => Some(smell_line(app, cursor)),
        Overlay::Assumptions { cursor } => Some(assumption_line(&app.incident, cursor)),
        _ => None,
    }
}

/// Selects a row of that list.
fn select(app: &mut App, row: usize) {
    match &mut app.screen.overlay {
        Some(Overlay::Palette(palette)) => palette.cursor = row.min(palette.found.len().saturating_sub(1)),
        Some(Overlay::Dashboards(list)) => list.point(row),
        Some(Overlay::Incidents(list)) => list.point(row),
        Some(Overlay::Runbook(sheet)) => sheet.point(row),
        Some(Overlay::Runbooks(list)) => list.point(row),
        Some(Overlay::Variables(picker)) => picker.point(row),
        Some(Overlay::Menu(menu)) => menu.cursor = row.min(menu.actions.len().saturating_sub(1)),
        Some(Overlay::Picker(picker)) => picker.cursor = row.min(picker.lines().len().saturating_sub(1)),
        Some(Overlay::Storm(storm)) => storm.cursor = row.min(storm.proposals.len().saturating_sub(1)),
        Some(Overlay::Assumptions { cursor }) => cursor.put(&assumption_keys(&app.incident), row),
        Some(Overlay::Smells { .. }) => {
            let keys = smell_keys(app);
            if let Some(Overlay::Smells { cursor }) = &mut app.screen.overlay {
                cursor.put(&keys, row);
            }
        }
        Some(Overlay::Choice(choice)) if row < choice.answers.len() => choice.selected = Some(row),
        _ => {}
    }
}

/// After a key: the view has moved as far as what is selected needs, and forgets where it was when nothing lies over it.
pub(in crate::app) fn settle(app: &mut App) {
    app.screen.overlay_top = app.screen.overlay_top.min(selected(app).unwrap_or(0));
}
