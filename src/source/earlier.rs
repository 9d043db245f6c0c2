//! The same question, of an hour, a day or a week before: its answer stands at the times of now, so that both are drawn
//! over each other.
//!
//! What is past stays as it is. It is asked for a little further than the window reaches, and again only when that is
//! about to be used up.

use std::time::Duration;

use jiff::Timestamp;

use super::request::Question;
use crate::signal::{Curves, Data, Series};

/// The question for what was so much earlier; `None` where it is not about a stretch of time.
pub(super) fn question(of: &Question, ago: Duration, now: Timestamp) -> Option<Question> {
    match of {
        Question::Range { query, window, step } => {
            Some(Question::Range { query: query.clone(), window: window.earlier(ago, now), step: *step })
        }
        _ => None,
    }
}

/// Curves as if they were of so much later.
pub(super) fn moved(mut data: Data, by: Duration) -> Data {
    let by = i64::try_from(by.as_millis()).unwrap_or_default();
    let later = |series: &mut Series| series.points.iter_mut().for_each(|point| point.t = point.t.saturating_add(by));
    if let Data::Series(series) | Data::Curves(Curves { series, .. }) = &mut data {
        series.iter_mut().for_each(later);
    }
    data
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::{Labels, Point, Window};

    const DAY: Duration = Duration::from_secs(86_400);

    #[test]
    fn a_live_window_reaches_a_little_ahead_and_one_that_stands_still_does_not() {
        let now: Timestamp = "2026-11-22T14:00:00Z".parse().expect("a time");
        let asked = |window, ago| {
            let of = Question::Range { query: "up".into(), window, step: 5 };
            match question(&of, ago, now) {
                Some(Question::Range { window, step: 5, .. }) => {
                    let (from, to) = window.bounds(now);
                    format!("{from} {to}")
                }
                other => format!("{other:?}"),
            }
        };
        let live = Window::live(Duration::from_secs(2400));
        assert_eq!(asked(live, DAY), "2026-11-21T13:20:00Z 2026-11-21T14:05:00Z");
        let still = Window { end: Some(now), ..live };
        assert_eq!(asked(still, DAY), "2026-11-21T13:20:00Z 2026-11-21T14:00:00Z");
        // What lies ahead of us too is not asked for.
        let long = Window::live(DAY);
        assert_eq!(asked(long, Duration::from_secs(3600)), "2026-11-21T13:00:00Z 2026-11-22T14:00:00Z");
        assert_eq!(question(&Question::Alerts, DAY, now), None);
    }

    #[test]
    fn its_answer_stands_at_the_times_of_now() {
        let points = vec![Point { t: 1_000, v: 7.0 }];
        let series = Series { name: "a".into(), labels: Labels::default(), points };
        let Data::Series(moved) = moved(Data::Series(vec![series]), DAY) else { panic!("series") };
        assert_eq!(moved[0].points, [Point { t: 86_401_000, v: 7.0 }]);
    }
}
