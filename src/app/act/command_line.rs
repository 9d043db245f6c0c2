//! Whether a command can be seen whole before it runs.

use crate::base::command_line::shown;

/// Cells of a line of the dialog it is shown in, at the most; on a narrow screen those of the screen but for its frame.
const WIDEST: u16 = 86;

/// Lines of the screen that it never has: bands, frame, question, warnings, field.
const OTHERS: u16 = 14;

/// Whether a screen of so many columns and rows shows all of it: what was not seen whole is not run. A quarter of each line
/// is counted for words that begin the next one.
pub(in crate::app) fn is_shown_whole((columns, rows): (u16, u16), argv: &[String]) -> bool {
    let line = usize::from(columns.saturating_sub(4).clamp(1, WIDEST));
    let room = line * usize::from(rows.saturating_sub(OTHERS)) * 3 / 4;
    // A letter takes two cells at the most.
    let text = shown(argv);
    let cells = text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>();
    cells <= room
}

#[cfg(test)]
mod tests {
    use super::*;

    fn argv(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn a_long_command_needs_a_large_screen() {
        let long = argv(&["sh", "-c", &"x".repeat(1500)]);
        assert!(!is_shown_whole((80, 24), &long) && is_shown_whole((200, 60), &long));
        assert!(is_shown_whole((80, 24), &argv(&["rollback", "checkout"])));
        assert!(!is_shown_whole((10, 3), &argv(&["rollback", "checkout"])));
    }
}
