//! Incidents to choose from: what is known of each, and which of them fit what is typed.

use crate::app::{field::Field, msg::IncidentRow};

/// The list while one is chosen.
#[derive(Clone, Debug)]
pub struct IncidentList {
    /// What is typed.
    pub field: Field,
    /// All there are, newest first; `None` until they were read.
    rows: Option<Vec<IncidentRow>>,
    /// Those that fit, by their place among all.
    found: Vec<usize>,
    /// The one selected, among those that fit.
    pub cursor: usize,
}

impl IncidentList {
    /// A list that is being read.
    pub fn unread() -> Self {
        Self { field: Field::line(""), rows: None, found: Vec::new(), cursor: 0 }
    }

    /// It was read: these are all, newest first.
    pub fn read(&mut self, rows: Vec<IncidentRow>) {
        self.rows = Some(rows);
        self.search();
    }

    /// Whether it was read.
    pub fn is_read(&self) -> bool {
        self.rows.is_some()
    }

    /// Finds those that have each word typed in their id, title, status or severity; the newest is selected.
    pub fn search(&mut self) {
        let typed = self.field.text().to_lowercase();
        let fits = |row: &IncidentRow| {
            let severity = row.severity.as_deref().unwrap_or_default();
            let text = format!("{} {} {} {severity}", row.id, row.title, row.status).to_lowercase();
            typed.split_whitespace().all(|word| text.contains(word))
        };
        let rows = self.rows.iter().flatten().enumerate();
        self.found = rows.filter(|(_, row)| fits(row)).map(|(at, _)| at).collect();
        self.cursor = 0;
    }

    /// Those that fit, newest first.
    pub fn found(&self) -> impl ExactSizeIterator<Item = &IncidentRow> {
        let rows = self.rows.as_deref().unwrap_or_default();
        self.found.iter().map(|at| &rows[*at])
    }

    /// The one selected; `None` when none fits.
    pub fn selected(&self) -> Option<&IncidentRow> {
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

    #[test]
    fn each_word_typed_must_be_somewhere_in_the_row() {
        let row = |id: &str, title: &str, status| IncidentRow {
            id: id.into(),
            title: title.into(),
            status,
            ..IncidentRow::default()
        };
        let mut list = IncidentList::unread();
        assert!(!list.is_read() && list.selected().is_none());
        list.read(vec![
            row("2026-11-23-0120-pool", "Pool full", "bleeding"),
            row("2026-11-22-0312-checkout-5xx", "checkout 5xx", "closed"),
            row("2026-11-21-0312-checkout-5xx", "checkout 5xx", "stanched"),
        ]);
        for (typed, expected) in [("", 3), ("0312", 2), ("CHECKOUT clo", 1), ("pool bleeding", 1), ("pool closed", 0)] {
            list.field = Field::line(typed);
            list.search();
            assert_eq!(list.found().len(), expected, "{typed}");
        }
        list.field = Field::line("");
        list.search();
        list.step(5);
        assert_eq!(list.selected().map(|row| row.id.as_str()), Some("2026-11-21-0312-checkout-5xx"));
        list.step(-9);
        assert_eq!(list.cursor, 0);
    }
}
