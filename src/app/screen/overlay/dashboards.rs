//! Dashboards to choose from: what is known of each, and which of them fit what is typed.

use std::collections::HashSet;

use crate::{
    app::{field::Field, world::dashboards::DashboardRow},
    config::DashboardAt,
};

/// The list while one is chosen.
#[derive(Clone, Debug)]
pub struct DashboardList {
    /// What is typed.
    pub field: Field,
    /// All that are known so far.
    rows: Vec<DashboardRow>,
    /// Whether folders and Grafanas were read.
    is_read: bool,
    /// What could not be read, in a line.
    pub trouble: Option<String>,
    /// Those that fit, by their place among all.
    found: Vec<usize>,
    /// The one selected, among those that fit.
    pub cursor: usize,
}

impl DashboardList {
    /// A list with those of the configuration; the others are being read.
    pub fn of(rows: Vec<DashboardRow>) -> Self {
        let mut list =
            Self { field: Field::line(""), rows, is_read: false, trouble: None, found: Vec::new(), cursor: 0 };
        list.search();
        list
    }

    /// The others were read. What is in the configuration already is not listed twice, and what is selected stays so.
    pub fn read(&mut self, rows: Vec<DashboardRow>, trouble: Option<String>) {
        let key = |row: &DashboardRow| match &row.entry.at {
            DashboardAt::File(file) => file.display().to_string(),
            DashboardAt::Grafana { uid, .. } => format!("uid {uid}"),
            DashboardAt::Shipped { name, .. } => (*name).to_owned(),
        };
        let mut known: HashSet<String> = self.rows.iter().map(key).collect();
        self.rows.extend(rows.into_iter().filter(|row| known.insert(key(row))));
        (self.is_read, self.trouble) = (true, trouble);
        let cursor = self.cursor;
        self.search();
        self.point(cursor);
    }

    /// Whether all were read.
    pub fn is_read(&self) -> bool {
        self.is_read
    }

    /// Finds those that have each word typed in their title, folder or tags; the first is selected.
    pub fn search(&mut self) {
        let typed = self.field.text().to_lowercase();
        let fits = |row: &DashboardRow| {
            let starred = if row.is_starred { "starred" } else { "" };
            let text = format!("{} {} {} {starred}", row.title, row.about, row.entry.shown()).to_lowercase();
            typed.split_whitespace().all(|word| text.contains(word))
        };
        let rows = self.rows.iter().enumerate();
        self.found = rows.filter(|(_, row)| fits(row)).map(|(at, _)| at).collect();
        self.cursor = 0;
    }

    /// Those that fit.
    pub fn found(&self) -> impl ExactSizeIterator<Item = &DashboardRow> {
        self.found.iter().map(|at| &self.rows[*at])
    }

    /// The one selected; `None` when none fits.
    pub fn selected(&self) -> Option<&DashboardRow> {
        self.found().nth(self.cursor)
    }

    /// Moves the cursor by so many lines.
    pub fn step(&mut self, by: isize) {
        self.point(self.cursor.saturating_add_signed(by));
    }

    /// Puts the cursor on a line, or on the last one.
    pub fn point(&mut self, line: usize) {
        self.cursor = line.min(self.found.len().saturating_sub(1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::DashboardEntry;

    fn row(uid: &str, title: &str, about: &str, place: Option<usize>) -> DashboardRow {
        let at = DashboardAt::Grafana { uid: uid.into(), base: None };
        let entry = DashboardEntry { at, ..DashboardEntry::default() };
        DashboardRow { entry, title: title.into(), about: about.into(), is_starred: uid == "n", place }
    }

    #[test]
    fn what_comes_later_moves_nothing_that_is_selected() {
        let mut list = DashboardList::of(vec![row("a", "Shop", "open", Some(0)), row("b", "Queue", "", Some(1))]);
        list.step(1);
        assert!(!list.is_read());
        list.read(vec![row("b", "Queue", "Infra", None), row("n", "Node", "Infra · linux", None)], None);
        assert_eq!(list.found().len(), 3, "each once");
        assert_eq!(list.selected().map(|row| row.title.as_str()), Some("Queue"));
        for (typed, expected) in [("infra LINUX", 1), ("starred", 1), ("o", 2), ("shop infra", 0)] {
            list.field = Field::line(typed);
            list.search();
            assert_eq!(list.found().len(), expected, "{typed}");
        }
        assert!(list.selected().is_none());
    }
}
