//! The rows of a pane that can be selected, by identity, in the order they are shown.
//!
//! A cursor remembers which row it is on, not which line, so it stays on the same alert when the list changes.

use std::collections::HashSet;

use super::App;
use crate::{
    config::{PaneKind, plan::PlannedPane},
    signal::{AlertGroup, AlertState, Change, Data, LogLine, Severity},
};

/// A group of alerts as it is shown: the same alert known to two sources stands there once.
#[derive(Clone, Copy, Debug)]
pub struct ShownGroup<'a> {
    /// The source it comes from, by its place in the configuration.
    pub source: usize,
    /// The group.
    pub group: &'a AlertGroup,
}

impl ShownGroup<'_> {
    /// What tells it from all others.
    pub fn key(&self) -> String {
        format!("{}|{}", self.source, self.group.key)
    }
}

impl App {
    /// The alert groups of a pane that can be selected, worst first. Watchdogs, which fire on purpose, are among them only
    /// while a filter asks for them or the pane is zoomed.
    pub fn shown_alerts<'a>(&'a self, pane: &PlannedPane) -> Vec<ShownGroup<'a>> {
        let mut shown = self.known_alerts(pane);
        shown.retain(|shown| {
            self.passes(&shown.group.title, &shown.group.labels.to_string())
                && (shown.group.severity != Severity::None || self.watch.zoomed || !self.watch.filter.is_empty())
        });
        shown
    }

    /// All alert groups of a pane, worst first, whatever the filter hides.
    pub fn known_alerts<'a>(&'a self, pane: &PlannedPane) -> Vec<ShownGroup<'a>> {
        let of_query = |query: &crate::config::QueryId| {
            let reading = self.signals.slot(*query)?.good.as_ref()?;
            let Data::Alerts(set) = &reading.data else { return None };
            Some((self.plan.queries.get(query.0)?.source, set))
        };
        let sets: Vec<_> = pane.queries.iter().filter_map(of_query).collect();
        let is_primary = |source: usize| {
            !matches!(self.config.sources.get(source).map(|s| &s.kind), Some(crate::config::SourceKind::Prometheus(_)))
        };
        // What an Alertmanager shows is what people were told; Prometheus adds what is pending there.
        let known: HashSet<&str> = sets
            .iter()
            .filter(|(source, _)| is_primary(*source))
            .flat_map(|(_, set)| &set.groups)
            .filter_map(|group| group.labels.get("alertname"))
            .collect();
        let mut shown: Vec<ShownGroup<'_>> = sets
            .iter()
            .flat_map(|(source, set)| set.groups.iter().map(move |group| ShownGroup { source: *source, group }))
            .filter(|shown| {
                is_primary(shown.source) || !shown.group.labels.get("alertname").is_some_and(|n| known.contains(n))
            })
            .collect();
        shown.sort_by_key(|s| {
            let watchdog = s.group.severity == Severity::None;
            (watchdog, s.group.state, s.group.severity, s.group.since, s.group.title.clone())
        });
        shown
    }

    /// The changes of a pane, newest first.
    pub fn shown_changes<'a>(&'a self, pane: &PlannedPane) -> Vec<&'a Change> {
        let mut changes: Vec<&Change> = pane
            .queries
            .iter()
            .filter_map(|query| match &self.signals.slot(*query)?.good.as_ref()?.data {
                Data::Changes(changes) => Some(changes),
                _ => None,
            })
            .flatten()
            .filter(|change| self.passes(&change.title, change.service.as_deref().unwrap_or_default()))
            .collect();
        changes.sort_by_key(|change| std::cmp::Reverse(change.at));
        changes
    }

    /// The log lines of a pane, oldest first.
    pub fn shown_logs<'a>(&'a self, pane: &PlannedPane) -> Vec<&'a LogLine> {
        pane.queries
            .iter()
            .filter_map(|query| match &self.signals.slot(*query)?.good.as_ref()?.data {
                Data::Logs(lines) => Some(lines),
                _ => None,
            })
            .flatten()
            .filter(|line| self.passes(&line.text, ""))
            .collect()
    }

    /// The identities of a pane's selectable rows, in the order they are shown.
    pub fn row_keys(&self, pane: &PlannedPane) -> Vec<String> {
        match pane.pane.kind {
            PaneKind::Alerts => self.shown_alerts(pane).iter().map(ShownGroup::key).collect(),
            PaneKind::Changes => self.shown_changes(pane).iter().map(|change| change.id.clone()).collect(),
            PaneKind::Logs => self.shown_logs(pane).into_iter().map(log_key).collect(),
            _ => Vec::new(),
        }
    }

    /// Whether a row passes the filter.
    pub fn passes(&self, title: &str, more: &str) -> bool {
        let filter = self.watch.filter.to_lowercase();
        filter.is_empty() || title.to_lowercase().contains(&filter) || more.to_lowercase().contains(&filter)
    }

    /// How many alerts fire, in how many groups, over all alert panes; watchdogs aside.
    pub fn firing(&self) -> (usize, usize) {
        let panes = self.plan.panes.iter().filter(|pane| pane.pane.kind == PaneKind::Alerts);
        let groups = panes.flat_map(|pane| self.shown_alerts(pane));
        let firing = groups.filter(|s| s.group.state == AlertState::Firing && s.group.severity != Severity::None);
        firing.fold((0, 0), |(alerts, groups), s| (alerts + s.group.counts.firing, groups + 1))
    }
}

/// What tells a log line from others: its time and text.
pub fn log_key(line: &LogLine) -> String {
    let at = line.at.map(|at| at.as_nanosecond().to_string()).unwrap_or_default();
    format!("{at}|{}", line.text)
}

/// Where a cursor stands in a list that may have changed: on its row, or, when that is gone, where it was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    /// The row's identity.
    pub key: Option<String>,
    /// The line it was last seen on.
    pub line: usize,
}

impl Cursor {
    /// The line of the cursor in `keys`; `None` when the list is empty.
    pub fn find(&self, keys: &[String]) -> Option<usize> {
        if keys.is_empty() {
            return None;
        }
        let known = self.key.as_ref().and_then(|key| keys.iter().position(|other| other == key));
        Some(known.unwrap_or(self.line.min(keys.len() - 1)))
    }

    /// Moves by lines and remembers the row it comes to.
    pub fn step(&mut self, keys: &[String], by: isize) {
        let Some(line) = self.find(keys) else { return };
        self.put(keys, line.saturating_add_signed(by).min(keys.len() - 1));
    }

    /// Moves to a line.
    pub fn put(&mut self, keys: &[String], line: usize) {
        self.line = line;
        self.key = keys.get(line).cloned();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_stays_on_its_row() {
        let keys = |text: &str| text.chars().map(String::from).collect::<Vec<_>>();
        let mut cursor = Cursor::default();
        cursor.step(&keys("abc"), 1);
        assert_eq!(cursor.find(&keys("xyabc")), Some(3), "b moved, and the cursor with it");
        assert_eq!(cursor.find(&keys("ac")), Some(1), "b is gone; the line stays");
        assert_eq!(cursor.find(&[]), None);
    }
}
