//! View 4: the timeline and the notes.

use std::sync::Arc;

use crate::{
    app::{App, Version, View, clock, screen::Screen, world::rows::Filter},
    incident::timeline::{self, Item},
};

/// The state of view 4.
#[derive(Clone, Debug, Default)]
pub struct LogState {
    /// The entry selected: its number in the log, and which of the lines that come of it. None follows the newest one.
    pub selected: Option<(u64, usize)>,
    /// What lines must contain to be shown.
    pub filter: String,
    /// The timeline, and of which version of the incident, while this view is shown.
    timeline: Option<(Version, Arc<Vec<Item>>)>,
}

impl LogState {
    /// The place of the selected line among those that are shown; of one that is gone, that of the one before it.
    pub fn find(&self, shown: &[&Item]) -> usize {
        let last = shown.len().saturating_sub(1);
        let Some((seq, nth)) = self.selected else { return last };
        let mut of_entry = shown.iter().enumerate().filter(|(_, item)| item.seq == seq).map(|(at, _)| at);
        let found = of_entry.clone().nth(nth).or_else(|| of_entry.next_back());
        let before = || shown.iter().rposition(|item| item.seq <= seq);
        found.or_else(before).unwrap_or(0)
    }

    pub(in crate::app) fn put(&mut self, shown: &[&Item], at: usize) {
        self.selected = place(shown, at).filter(|_| at + 1 < shown.len());
    }
}

/// The number of an entry in the log, and which of the lines that come of it this one is.
fn place(shown: &[&Item], at: usize) -> Option<(u64, usize)> {
    let item = shown.get(at)?;
    Some((item.seq, shown[..at].iter().filter(|before| before.seq == item.seq).count()))
}

impl Screen {
    /// Those lines of the timeline that pass the filter: the cursor moves over these, and these are drawn.
    pub fn log_shown<'i>(&self, all: &'i [Item]) -> Vec<&'i Item> {
        let filter = Filter::new(&self.log.filter);
        all.iter().filter(|item| filter.passes([item.what.as_str(), item.kind.word()])).collect()
    }
}

/// The timeline as view 4 tells it.
pub fn log_items(app: &App) -> Arc<Vec<Item>> {
    let kept = app.screen.log.timeline.as_ref().filter(|(of, _)| *of == app.version());
    kept.map_or_else(|| Arc::new(timeline::shown(&app.incident)), |(_, items)| Arc::clone(items))
}

/// Whether nobody sees the timeline, or it is of the incident as it is.
pub(in crate::app) fn is_told(app: &App) -> bool {
    app.screen.view != View::Log || app.screen.log.timeline.as_ref().is_some_and(|(of, _)| *of == app.version())
}

/// Tells the timeline once for all that ask, while it is seen.
pub(in crate::app) fn tell(app: &mut App) {
    if !is_told(app) {
        app.screen.log.timeline = Some((app.version(), Arc::new(timeline::shown(&app.incident))));
    }
}

/// What tells the selected line from all others, and its words; nothing while the newest line is followed.
pub(in crate::app) fn log_thing(app: &App) -> Option<((u64, usize), String)> {
    app.screen.log.selected?;
    let all = log_items(app);
    let shown = app.screen.log_shown(&all);
    let at = app.screen.log.find(&shown);
    Some((place(&shown, at)?, shown.get(at)?.what.clone()))
}

/// Whether the line that this names is shown.
pub(in crate::app) fn has_log_line(app: &App, line: (u64, usize)) -> bool {
    let all = log_items(app);
    let shown = app.screen.log_shown(&all);
    shown.iter().filter(|item| item.seq == line.0).count() > line.1
}

/// Keeps the cursor on the line it is shown on, unless it follows the newest one.
pub(in crate::app) fn stay_in_log(app: &mut App) {
    if app.screen.log.selected.is_some() {
        let all = log_items(app);
        let shown = app.screen.log_shown(&all);
        app.screen.log.selected = place(&shown, app.screen.log.find(&shown));
    }
}

/// What is copied of the selected entry: its time and its words.
pub(in crate::app) fn selected_log_line(app: &App) -> Option<String> {
    let all = log_items(app);
    let shown = app.screen.log_shown(&all);
    let item = shown.get(app.screen.log.find(&shown))?;
    let by = if item.machine { String::new() } else { format!("{}: ", item.by.split('@').next().unwrap_or_default()) };
    Some(format!("{} {by}{}", clock::time(item.at, &app.session.zone, app.session.utc), item.what))
}
