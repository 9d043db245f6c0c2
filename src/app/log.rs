//! View 4: the timeline and the notes.

use std::sync::Arc;

use super::{App, action::Action, rows::Filter};
use crate::incident::timeline::{self, Item};

/// The state of view 4.
#[derive(Clone, Debug, Default)]
pub struct LogState {
    /// The entry selected: its number in the log, and which of the lines that come of it. None follows the newest one.
    pub selected: Option<(u64, usize)>,
    /// The timeline as the last key saw it, and of which version of the incident: a held cursor key tells it once.
    kept: Option<(Version, Arc<Vec<Item>>)>,
}

/// Tells one state of an incident from another.
type Version = (u64, usize);

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

    fn put(&mut self, shown: &[&Item], at: usize) {
        self.selected = place(shown, at).filter(|_| at + 1 < shown.len());
    }
}

/// The number of an entry in the log, and which of the lines that come of it this one is.
fn place(shown: &[&Item], at: usize) -> Option<(u64, usize)> {
    let item = shown.get(at)?;
    Some((item.seq, shown[..at].iter().filter(|before| before.seq == item.seq).count()))
}

impl App {
    /// Those lines of the timeline that pass the filter: the cursor moves over these, and these are drawn.
    pub fn log_shown<'i>(&self, all: &'i [Item]) -> Vec<&'i Item> {
        let filter = Filter::new(&self.watch.filter);
        all.iter().filter(|item| filter.passes([item.what.as_str(), item.kind.word()])).collect()
    }

    /// The timeline as view 4 tells it.
    fn log_items(&self) -> Arc<Vec<Item>> {
        let version = (self.incident.version(), self.incident.entries().len());
        match &self.log.kept {
            Some((known, items)) if *known == version => Arc::clone(items),
            _ => Arc::new(timeline::shown(&self.incident)),
        }
    }

    /// What tells the selected line from all others, and its words; nothing while the newest line is followed.
    pub(super) fn log_thing(&self) -> Option<(String, String)> {
        self.log.selected?;
        let all = self.log_items();
        let shown = self.log_shown(&all);
        let at = self.log.find(&shown);
        let (seq, nth) = place(&shown, at)?;
        Some((format!("{seq}/{nth}"), shown.get(at)?.what.clone()))
    }

    /// Whether the line that this names is shown.
    pub(super) fn has_log_line(&self, key: &str) -> bool {
        let all = self.log_items();
        let shown = self.log_shown(&all);
        (0..shown.len()).any(|at| place(&shown, at).is_some_and(|(seq, nth)| format!("{seq}/{nth}") == key))
    }

    /// Keeps the cursor on the line it is shown on, unless it follows the newest one.
    pub(super) fn stay_in_log(&mut self) {
        if self.log.selected.is_some() {
            let all = self.log_items();
            let shown = self.log_shown(&all);
            self.log.selected = place(&shown, self.log.find(&shown));
        }
    }

    /// What is copied of the selected entry: its time and its words.
    pub(super) fn selected_log_line(&self) -> Option<String> {
        let all = self.log_items();
        let shown = self.log_shown(&all);
        let item = shown.get(self.log.find(&shown))?;
        let by =
            if item.machine { String::new() } else { format!("{}: ", item.by.split('@').next().unwrap_or_default()) };
        Some(format!("{} {by}{}", super::clock::time(item.at, &self.zone, self.utc), item.what))
    }

    pub(super) fn log_action(&mut self, action: Action) {
        let page = usize::from(self.size.1.saturating_sub(6)).max(1);
        if action == Action::Back {
            self.watch.filter.clear();
            self.log.selected = None;
            return;
        }
        let all = self.log_items();
        self.log.kept = Some(((self.incident.version(), self.incident.entries().len()), Arc::clone(&all)));
        let shown = self.log_shown(&all);
        if shown.is_empty() {
            return;
        }
        let (at, last) = (self.log.find(&shown), shown.len() - 1);
        let to = match action {
            Action::Up | Action::PreviousPane => at.saturating_sub(1),
            Action::Down | Action::NextPane => at + 1,
            Action::PageUp => at.saturating_sub(page),
            Action::PageDown => at + page,
            Action::First => 0,
            Action::Last => last,
            _ => return,
        };
        let mut log = self.log.clone();
        log.put(&shown, to.min(last));
        self.log = log;
    }
}
