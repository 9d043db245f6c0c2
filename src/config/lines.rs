//! How many log lines a pane asks for, of which time, and which of them when there are more.

use std::time::Duration;

/// Which lines are asked for where there are more than a pane holds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Lines {
    /// Most lines that are kept.
    pub limit: u16,
    /// From how long ago on; `None` goes by the window that the panes show.
    pub since: Option<Duration>,
    /// Whether the oldest of that time are meant, not the newest.
    pub oldest: bool,
}

impl Lines {
    /// Most lines that a pane may hold.
    pub const MOST: u16 = 5000;
}

impl Default for Lines {
    fn default() -> Self {
        Self { limit: 1000, since: None, oldest: false }
    }
}
