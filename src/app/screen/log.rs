//! View 4: the timeline and the notes.

use std::sync::Arc;

use crate::{
    app::{App, Version, View, clock, screen::Screen, world::rows::Filter},
    incident::{
        Id,
        timeline::{self, Item},
    },
};

/// The state of view 4.
#[derive(Clone, Debug, Default)]
pub struct LogState {
    /// The line the cursor is on. None follows the newest one.
    pub selected: Option<Line>,
    /// The place of the first entry in view, and how many of its lines are hidden, as the mouse has left it; see
    /// [`Cursor::top`](super::cursor::Cursor::top).
    pub top: Option<(usize, usize)>,
    /// What lines must contain to be shown.
    pub filter: String,
    /// The timeline, of which version of the incident, and whether in UTC, while this view is shown.
    timeline: Option<(Version, bool, Arc<Vec<Item>>)>,
}

impl LogState {
    /// The timeline that is kept, if it is the one to be shown.
    fn kept(&self, app: &App) -> Option<&Arc<Vec<Item>>> {
        let kept = self.timeline.as_ref();
        kept.filter(|(of, utc, _)| *of == app.version() && *utc == app.session.utc).map(|(.., items)| items)
    }
}

/// A line of the timeline, wherever the log has its entry: what is pending gets its number when it is confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// The entry it comes of.
    pub entry: Id,
    /// The number by which the entry was last known: that of a line that is gone tells which line was before it.
    seq: u64,
    /// Which of the lines that come of the entry.
    pub nth: usize,
}

impl LogState {
    /// The place of the selected line among those that are shown; of one that is gone, that of the one before it.
    pub fn find(&self, shown: &[&Item]) -> usize {
        let last = shown.len().saturating_sub(1);
        let Some(Line { entry, seq, nth }) = self.selected else { return last };
        let mut of_entry = shown.iter().enumerate().filter(|(_, item)| item.entry == entry).map(|(at, _)| at);
        let found = of_entry.clone().nth(nth).or_else(|| of_entry.next_back());
        let before = || shown.iter().rposition(|item| item.seq <= seq);
        found.or_else(before).unwrap_or(0)
    }

    pub(in crate::app) fn put(&mut self, shown: &[&Item], at: usize) {
        self.selected = line(shown, at).filter(|_| at + 1 < shown.len());
    }
}

/// The line that stands there.
fn line(shown: &[&Item], at: usize) -> Option<Line> {
    let Item { entry, seq, .. } = **shown.get(at)?;
    Some(Line { entry, seq, nth: shown[..at].iter().filter(|before| before.entry == entry).count() })
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
    app.screen.log.kept(app).map_or_else(|| told(app), Arc::clone)
}

fn told(app: &App) -> Arc<Vec<Item>> {
    Arc::new(timeline::shown(&app.incident, &app.session.shown_zone()))
}

/// Whether nobody sees the timeline, or it is of the incident as it is.
pub(in crate::app) fn is_told(app: &App) -> bool {
    app.screen.view != View::Log || app.screen.log.kept(app).is_some()
}

/// Tells the timeline once for all that ask, while it is seen.
pub(in crate::app) fn tell(app: &mut App) {
    if !is_told(app) {
        app.screen.log.timeline = Some((app.version(), app.session.utc, told(app)));
    }
}

/// What tells the selected line from all others, and its words; nothing while the newest line is followed.
pub(in crate::app) fn log_thing(app: &App) -> Option<((Id, usize), String)> {
    app.screen.log.selected?;
    let all = log_items(app);
    let shown = app.screen.log_shown(&all);
    let at = app.screen.log.find(&shown);
    let Line { entry, nth, .. } = line(&shown, at)?;
    Some(((entry, nth), shown.get(at)?.what.clone()))
}

/// Whether the line that this names is shown.
pub(in crate::app) fn has_log_line(app: &App, (entry, nth): (Id, usize)) -> bool {
    let all = log_items(app);
    let shown = app.screen.log_shown(&all);
    shown.iter().filter(|item| item.entry == entry).count() > nth
}

/// Keeps the cursor on the line it is shown on, unless it follows the newest one.
pub(in crate::app) fn stay_in_log(app: &mut App) {
    if app.screen.log.selected.is_some() {
        let all = log_items(app);
        let shown = app.screen.log_shown(&all);
        app.screen.log.selected = line(&shown, app.screen.log.find(&shown));
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
