//! Signs that mean the same wherever they stand. They are in the fonts terminals come with, one cell wide, and differ
//! without colour.

use super::Role;
use crate::signal::Severity;

/// Marks a change: a deploy, a flag flip. `⟲` would say it better and is missing from common fonts.
pub const CHANGE: &str = "↺";
/// Marks what is critical, and on a time axis where an alert began.
pub const CRITICAL: &str = "▲";
/// Marks a warning.
pub const WARNING: &str = "●";
/// Marks an alert of severity `info` or `none`.
pub const MINOR: &str = "·";
/// Marks what is shown and not confirmed by the journal.
pub const PENDING: &str = "·";
/// Marks an alert that is known and does not fire.
pub const QUIET: &str = "○";
/// Marks the row that is selected.
pub const SELECTED: &str = "›";
/// Stands before what is typed.
pub const PROMPT: &str = "› ";
/// Marks on a time axis where users began to be hurt.
pub const ONSET: &str = "┊";
/// Stands on each line of a chart at the time that is looked at.
pub const TIME: &str = "│";

/// The cell in front of a row of a list.
pub fn cursor(selected: bool) -> &'static str {
    if selected { SELECTED } else { " " }
}

/// The sign of a severity, and its style.
pub fn severity(severity: Severity) -> (&'static str, Role) {
    match severity {
        Severity::Critical => (CRITICAL, Role::Critical),
        Severity::Warning => (WARNING, Role::Warning),
        Severity::Info => (MINOR, Role::Info),
        Severity::None => (MINOR, Role::Dim),
        Severity::Unknown => ("◌", Role::Info),
    }
}
