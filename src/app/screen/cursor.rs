//! The cursor of a list: it remembers which row it is on, not which line, so it stays on the same alert when the list
//! changes.

use crate::app::{mouse::Listed, world::rows::Rows};

/// Where a cursor stands in a list that may have changed: on its row, or, when that is gone, where it was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    /// The row's identity.
    pub key: Option<String>,
    /// The line it was last seen on.
    pub line: usize,
    /// What is hidden of the list above, in logs below, as the mouse has left it; the view moves on from there just far
    /// enough. `None` where the view follows the cursor.
    pub top: Option<usize>,
}

impl Cursor {
    /// The line of the cursor in `keys`; `None` when the list is empty.
    pub fn find<K: AsRef<str>>(&self, keys: &[K]) -> Option<usize> {
        if keys.is_empty() {
            return None;
        }
        let known = self.key.as_ref().and_then(|key| keys.iter().position(|other| other.as_ref() == key));
        Some(known.unwrap_or(self.line.min(keys.len() - 1)))
    }

    /// The line of the cursor among the rows of a pane.
    pub(in crate::app) fn find_row(&self, rows: &Rows<'_>) -> Option<usize> {
        let last = rows.len().checked_sub(1).filter(|_| rows.is_list())?;
        Some(self.key.as_ref().and_then(|key| rows.line(key)).unwrap_or(self.line.min(last)))
    }

    /// Moves by lines among the rows of a pane.
    pub(in crate::app) fn step_rows(&mut self, rows: &Rows<'_>, by: isize) {
        let Some(line) = self.find_row(rows) else { return };
        self.line = line.saturating_add_signed(by).min(rows.len() - 1);
        self.key = rows.id(self.line).map(str::to_owned);
    }

    /// Moves to a row of a pane.
    pub(in crate::app) fn put_row(&mut self, rows: &Rows<'_>, line: usize) {
        self.line = line;
        self.key = rows.id(line).map(str::to_owned);
    }

    /// Moves by lines and remembers the row it comes to.
    pub fn step(&mut self, keys: &[String], by: isize) {
        let Some(line) = self.find(keys) else { return };
        self.put(keys, line.saturating_add_signed(by).min(keys.len() - 1));
    }

    /// Moves the view by as many lines, and the cursor as far as it has to.
    pub(in crate::app) fn scroll(&mut self, keys: &[String], list: &Listed, by: isize) {
        let top = list.moved(by);
        self.top = Some(top);
        if let Some(line) = self.find(keys) {
            self.put(keys, list.kept(line, top).min(keys.len() - 1));
        }
    }

    /// Moves to a line that is in view, and leaves the view where it is.
    pub(in crate::app) fn point(&mut self, keys: &[String], line: Option<usize>, list: Option<&Listed>) {
        if let (Some(line), Some(list)) = (line.filter(|line| *line < keys.len()), list) {
            self.put(keys, line);
            self.top = Some(list.top);
        }
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
        assert_eq!(cursor.find(&keys("")), None);
    }
}
