//! The keys of view 4.

use std::sync::Arc;

use crate::app::{Action, App, log::log_items};

pub(in crate::app) fn log_action(app: &mut App, action: Action) {
    let page = usize::from(app.screen.size.1.saturating_sub(6)).max(1);
    if action == Action::Back {
        app.screen.watch.filter.clear();
        app.screen.log.selected = None;
        return;
    }
    let all = log_items(app);
    app.screen.log.kept = Some(((app.incident.version(), app.incident.entries().len()), Arc::clone(&all)));
    let shown = app.screen.log_shown(&all);
    if shown.is_empty() {
        return;
    }
    let (at, last) = (app.screen.log.find(&shown), shown.len() - 1);
    let to = match action {
        Action::Up | Action::PreviousPane => at.saturating_sub(1),
        Action::Down | Action::NextPane => at + 1,
        Action::PageUp => at.saturating_sub(page),
        Action::PageDown => at + page,
        Action::First => 0,
        Action::Last => last,
        _ => return,
    };
    let mut log = app.screen.log.clone();
    log.put(&shown, to.min(last));
    app.screen.log = log;
}
