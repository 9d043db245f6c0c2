//! From one dashboard to the next, and back to the team's own panes.

use crate::{
    app::{
        App, Effect, View,
        screen::{
            tabs::{Tab, of, tabs},
            watch::focused,
        },
    },
    dashboard::PaneId,
};

/// Whether there is another one to go to.
pub(super) fn are_there(app: &App) -> bool {
    !app.world.dashboards.open.is_empty() && tabs(app).len() > 1
}

pub(super) fn next(app: &mut App) {
    step(app, 1);
}

pub(super) fn previous(app: &mut App) {
    step(app, -1);
}

/// Shows the panes. Who looks at a dashboard already comes back to the team's own panes: vitals and alerts are one key away.
pub(super) fn watch(app: &mut App) {
    if app.screen.view == View::Watch
        && let Some(own) = tabs(app).into_iter().find(|tab| tab.dashboard.is_none() && !tab.is_shown)
    {
        return go(app, &own);
    }
    app.show(View::Watch);
}

/// Which there are, for who has not said where to.
pub(super) fn ask(app: &mut App) {
    let all = tabs(app);
    let names: Vec<String> = all.iter().enumerate().map(|(at, tab)| format!("{} {}", at + 1, tab.name)).collect();
    match names.is_empty() {
        true => app.complain("no dashboard is open"),
        false => app.say(format!("`:tab 2` or a part of the name goes there: {}", names.join(" · "))),
    }
}

/// Goes to the one of this number, or whose name has these words.
pub(in crate::app) fn go_to(app: &mut App, typed: &str) -> Vec<Effect> {
    let all = tabs(app);
    let lower = typed.to_lowercase();
    let by_number = typed.parse::<usize>().ok().and_then(|number| all.get(number.checked_sub(1)?));
    let exact = || all.iter().find(|tab| tab.name.to_lowercase() == lower);
    let begins = || all.iter().find(|tab| tab.name.to_lowercase().starts_with(&lower));
    let has = || all.iter().find(|tab| lower.split_whitespace().all(|word| tab.name.to_lowercase().contains(word)));
    match by_number.or_else(exact).or_else(begins).or_else(has) {
        Some(tab) => {
            app.show(View::Watch);
            go(app, tab);
        }
        None if all.is_empty() => app.complain("no dashboard is open"),
        None => {
            let names: Vec<&str> = all.iter().map(|tab| tab.name.as_str()).collect();
            app.complain(format!("no dashboard is called {typed}; there are: {}", names.join(", ")));
        }
    }
    Vec::new()
}

fn step(app: &mut App, by: isize) {
    let all = tabs(app);
    let Some(at) = all.iter().position(|tab| tab.is_shown) else { return };
    let to = (at + all.len()).saturating_add_signed(by) % all.len();
    go(app, &all[to]);
}

/// Shows one, at the pane that was looked at there last.
fn go(app: &mut App, tab: &Tab) {
    if let Some(pane) = focused(app) {
        let (left, focus) = (of(pane), pane.id);
        app.screen.watch.left.insert(left, focus);
    }
    let before = app.screen.watch.left.get(&tab.dashboard).copied();
    let is_there = |id: &PaneId| app.world.plan.pane(*id).is_some_and(|pane| of(pane) == tab.dashboard);
    app.screen.watch.focus = Some(before.filter(is_there).unwrap_or(tab.first));
    app.screen.watch.zoomed = false;
}
