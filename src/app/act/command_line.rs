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

/// The same of lines that each begin on a line of the screen.
pub(in crate::app) fn are_shown_whole((columns, rows): (u16, u16), lines: &[&str]) -> bool {
    let line = usize::from(columns.saturating_sub(4).clamp(1, WIDEST)) * 3 / 4;
    let cells = |text: &str| text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>();
    let needed: usize = lines.iter().map(|text| cells(text).div_ceil(line.max(1)).max(1)).sum();
    needed <= usize::from(rows.saturating_sub(AROUND))
}

/// Lines that stand around them: bands, frame, question, what is wrong with an answer, field.
const AROUND: u16 = 9;

#[cfg(test)]
mod tests {
    use super::*;

    fn argv(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn long_lines_need_a_high_screen() {
        let long = "x".repeat(1000);
        assert!(!are_shown_whole((80, 24), &[&long, "until"]) && are_shown_whole((200, 60), &[&long, "until"]));
        assert!(
            are_shown_whole((80, 24), &["am is told", "until", "hits 1"]) && !are_shown_whole((80, 10), &["a", "b"])
        );
    }

    #[test]
    fn a_long_command_needs_a_large_screen() {
        let long = argv(&["sh", "-c", &"x".repeat(1500)]);
        assert!(!is_shown_whole((80, 24), &long) && is_shown_whole((200, 60), &long));
        assert!(is_shown_whole((80, 24), &argv(&["rollback", "checkout"])));
        assert!(!is_shown_whole((10, 3), &argv(&["rollback", "checkout"])));
    }
}
