//! Signs that mean the same wherever they stand. They are in the fonts terminals come with, one cell wide, and differ
//! without colour.

use super::Role;
use crate::signal::Severity;

/// A deploy, a flag flip: something that can be taken back. The design's `⟲` is missing from common fonts.
pub const CHANGE: &str = "↺";
/// Critical, or that an alert began.
pub const CRITICAL: &str = "▲";
/// A warning.
pub const WARNING: &str = "●";
/// Of no great weight.
pub const MINOR: &str = "·";
/// Shown, and not confirmed by the journal.
pub const PENDING: &str = "·";
/// Known, but not firing.
pub const QUIET: &str = "○";
/// The row that is selected.
pub const SELECTED: &str = "›";
/// When users began to be hurt.
pub const ONSET: &str = "┊";

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
