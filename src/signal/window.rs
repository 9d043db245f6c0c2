//! The stretch of time the panes show.

use std::time::Duration;

use jiff::Timestamp;

/// A stretch of time that ends now, or stands still.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Window {
    /// Its length.
    pub span: Duration,
    /// Its end; `None` follows the clock.
    pub end: Option<Timestamp>,
}

impl Window {
    /// The last `span`, following the clock.
    pub const fn live(span: Duration) -> Self {
        Self { span, end: None }
    }

    /// Whether it follows the clock.
    pub fn is_live(&self) -> bool {
        self.end.is_none()
    }

    /// Start and end at the time `now`.
    pub fn bounds(&self, now: Timestamp) -> (Timestamp, Timestamp) {
        let end = self.end.unwrap_or(now);
        (end.checked_sub(self.span).unwrap_or(Timestamp::MIN), end)
    }
}
