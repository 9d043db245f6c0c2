//! The story's time against the wall's.
//!
//! Story time counts seconds from the start of the demo; the outage begins at [`story::ONSET`](super::story::ONSET). At
//! speed 20 the shop lives twenty times faster than the wall clock, requests a second included; all times that leave the
//! simulator are wall time.
#![expect(clippy::disallowed_methods, reason = "the simulator is outside of the cockpit and has a clock of its own")]

use jiff::Timestamp;

#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    /// When story time was 0, in milliseconds since the epoch.
    start_ms: i64,
    speed: f64,
}

impl Clock {
    /// A clock whose story begins at `start`, now if there is none.
    pub fn new(start: Option<Timestamp>, speed: f64) -> Self {
        let speed = if speed.is_finite() { speed.clamp(0.1, 100.0) } else { 1.0 };
        Self { start_ms: start.unwrap_or_else(Timestamp::now).as_millisecond(), speed }
    }

    pub fn now_ms(self) -> i64 {
        Timestamp::now().as_millisecond()
    }

    /// Story seconds at a wall time.
    pub fn story(self, wall_ms: i64) -> f64 {
        (wall_ms - self.start_ms) as f64 / 1000.0 * self.speed
    }

    /// Milliseconds since the epoch at a story time.
    pub fn wall_ms(self, story: f64) -> i64 {
        self.start_ms + (story * 1000.0 / self.speed).round() as i64
    }

    /// A wall time in words; `digits` after the second as its server writes them.
    pub fn stamp(self, story: f64) -> String {
        stamp(self.wall_ms(story))
    }

    /// A stretch of story time in wall milliseconds.
    pub fn span_ms(self, story_seconds: f64) -> i64 {
        ((story_seconds * 1000.0 / self.speed).round() as i64).max(1)
    }

    /// The same as PromQL and TOML durations have it: `15s`, `750ms`.
    pub fn span(self, story_seconds: f64) -> String {
        match self.span_ms(story_seconds) {
            whole if whole % 1000 == 0 => format!("{}s", whole / 1000),
            ms => format!("{ms}ms"),
        }
    }
}

/// RFC 3339 in UTC with milliseconds.
pub(super) fn stamp(wall_ms: i64) -> String {
    let time = Timestamp::from_millisecond(wall_ms).unwrap_or_default();
    format!("{time:.3}")
}
