//! Measures each vital's stretches outside its range, point by point, whatever was polled twice.
//!
//! Points that were measured before are passed over; a gap is no time in range and none out of it.

use std::time::Duration;

use jiff::Timestamp;

use crate::{
    config::{Config, Vital},
    signal::{Data, Point, Reading},
};

/// The state of all vitals, in the order of the configuration.
#[derive(Clone, Debug, Default)]
pub struct Vitals {
    pub(super) meters: Vec<Meter>,
}

/// Measures one vital's stretch outside its range.
#[derive(Clone, Debug, Default)]
pub(super) struct Meter {
    /// Points up to here have been measured, in milliseconds.
    covered: i64,
    pub(super) open: Option<Open>,
    /// Since when it has been seen inside without a break.
    pub(super) inside_since: Option<Timestamp>,
    /// The side it was last seen on; it keeps its start over a gap.
    pub(super) side: Option<Side>,
    pub(super) written: Option<Timestamp>,
    /// The start of the stretch that was written as it began.
    pub(super) begun: Option<Timestamp>,
}

/// When a vital came to the side it is on, and with which value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Side {
    pub(super) since: Timestamp,
    pub(super) value: f64,
    pub(super) inside: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Open {
    pub(super) since: Timestamp,
    pub(super) until: Timestamp,
    pub(super) seconds: f64,
    /// The value it left its range with.
    pub(super) first: f64,
    pub(super) worst: f64,
    pub(super) area: f64,
}

impl Vitals {
    /// Nothing measured yet.
    pub fn new(config: &Config) -> Self {
        Self { meters: vec![Meter::default(); config.vitals.len()] }
    }

    /// Since when a vital has been in its range without a break, as far as was measured.
    pub(in crate::app) fn inside_since(&self, vital: usize) -> Option<Timestamp> {
        self.meters.get(vital)?.inside_since
    }

    /// Takes in a reading; gives the stretches that ended in it, and how each came back.
    pub(super) fn measure(
        &mut self,
        at: usize,
        vital: &Vital,
        reading: &Reading,
        every: Duration,
    ) -> Vec<(Open, Side)> {
        let Some(meter) = self.meters.get_mut(at) else { return Vec::new() };
        let mut closed = Vec::new();
        for fresh in fresh_points(meter.covered, reading, every) {
            let Fresh { point, seconds, after_gap } = fresh;
            meter.covered = point.t;
            let Ok(when) = Timestamp::from_millisecond(point.t) else { continue };
            let inside = vital.ok.met_by(point.v);
            if after_gap || inside != Some(true) {
                meter.inside_since = None;
            }
            let Some(inside) = inside else { continue };
            if meter.side.is_none_or(|side| side.inside != inside) {
                meter.side = Some(Side { since: when, value: point.v, inside });
            }
            if inside {
                meter.inside_since.get_or_insert(when);
                closed.extend(meter.open.take().map(|open| (open, Side { since: when, value: point.v, inside })));
                continue;
            }
            let nothing = Open { since: when, until: when, seconds: 0.0, first: point.v, worst: point.v, area: 0.0 };
            let open = meter.open.get_or_insert(nothing);
            open.until = when;
            open.seconds += seconds;
            open.area += vital.ok.miss(point.v) * seconds / 60.0;
            if vital.ok.miss(point.v) > vital.ok.miss(open.worst) {
                open.worst = point.v;
            }
        }
        closed
    }
}

/// A point that was not measured before.
struct Fresh {
    point: Point,
    /// The seconds it stands for: those since the point before it, but no more than three intervals.
    seconds: f64,
    /// Whether it comes so late after the point before it that nobody knows what was in between.
    after_gap: bool,
}

/// Points further apart than this, in seconds, are no pace, unless all of them are.
const SLOWEST_PACE: f64 = 60.0;

fn fresh_points(covered: i64, reading: &Reading, every: Duration) -> Vec<Fresh> {
    let every = every.as_secs_f64();
    let points: Vec<Point> = match &reading.data {
        Data::Number(v) => vec![Point { t: reading.at.as_millisecond(), v: *v }],
        Data::Series(series) => match series.as_slice() {
            [only] => only.points.clone(),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    };
    let between = |a: i64, b: i64| (b - a) as f64 / 1000.0;
    let step = points.windows(2).map(|w| between(w[0].t, w[1].t)).reduce(f64::min).unwrap_or(every);
    let mut before = (covered > 0).then_some(covered);
    // The pace so far: a source whose answers are costly is asked less often than it was meant to be.
    let old = points.partition_point(|point| point.t <= covered);
    let mut pace = points[..old].windows(2).last().map_or(step, |w| between(w[0].t, w[1].t));
    let fresh = |point: &Point| {
        let gap = before.map_or(step, |before| between(before, point.t));
        before = Some(point.t);
        let after_gap = gap > every.max(pace.min(step.max(SLOWEST_PACE))) * 3.0;
        pace = gap;
        Fresh { point: *point, seconds: gap.min((every * 3.0).max(step)), after_gap }
    };
    points[old..].iter().map(fresh).collect()
}
