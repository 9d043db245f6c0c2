//! Which rows of a list are in view.

use std::ops::Range;

/// The rows in view of `height` lines when `scroll` rows above it are hidden. A selected row is always in view: the
/// view moves just far enough.
pub fn in_view(rows: usize, height: usize, scroll: usize, selected: Option<usize>) -> Range<usize> {
    let mut top = scroll.min(rows.saturating_sub(height));
    if let Some(at) = selected.filter(|_| height > 0) {
        top = top.clamp((at + 1).saturating_sub(height), at);
    }
    top..(top + height).min(rows)
}

/// The rows in view of a list that grows at its end, where `scroll` counts the rows hidden below: 0 follows the end.
pub fn in_view_from_end(rows: usize, height: usize, scroll: usize, selected: Option<usize>) -> Range<usize> {
    let most = rows.saturating_sub(height);
    in_view(rows, height, most - scroll.min(most), selected)
}

/// `3–12 of 40`, or nothing when all rows are in view.
pub fn position(view: &Range<usize>, rows: usize) -> Option<String> {
    (view.len() < rows && !view.is_empty()).then(|| format!("{}–{} of {rows}", view.start + 1, view.end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(scroll: usize, selected: Option<usize>, expected: Range<usize>) {
        assert_eq!(in_view(10, 4, scroll, selected), expected);
    }

    #[test]
    fn selected_rows_are_in_view() {
        check(0, None, 0..4);
        check(99, None, 6..10);
        check(0, Some(9), 6..10);
        check(5, Some(2), 2..6);
        check(1, Some(3), 1..5);
        assert_eq!(in_view(2, 4, 1, Some(1)), 0..2);
        assert_eq!(in_view(3, 0, 1, Some(1)), 1..1);
        assert_eq!(in_view_from_end(10, 4, 0, None), 6..10);
        assert_eq!(in_view_from_end(10, 4, 2, None), 4..8);
    }
}
