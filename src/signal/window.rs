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

    /// The one that lies so much earlier, and reaches a little further: what comes next is known of the past.
    #[must_use]
    pub fn earlier(&self, ago: Duration, now: Timestamp) -> Self {
        let (_, end) = self.bounds(now);
        let ahead = self.ahead(ago);
        let end = end.checked_sub(ago).and_then(|end| end.checked_add(ahead)).unwrap_or(Timestamp::MIN);
        Self { span: self.span + ahead, end: Some(end) }
    }

    /// How far beyond its end one of so much earlier is asked for: an eighth of it, and nothing that lies ahead of us too. One
    /// that stands still needs none.
    pub fn ahead(&self, ago: Duration) -> Duration {
        if self.is_live() { (self.span / 8).min(ago) } else { Duration::ZERO }
    }

    /// Start and end at the time `now`.
    pub fn bounds(&self, now: Timestamp) -> (Timestamp, Timestamp) {
        let end = self.end.unwrap_or(now);
        (end.checked_sub(self.span).unwrap_or(Timestamp::MIN), end)
    }
}
