//! Is it still bleeding? The state of each vital, and what it has cost while it was out of range.
//!
//! A vital whose reading is stale, failing, empty or NaN is unknown, never healthy.

use std::time::Duration;

use jiff::Timestamp;

use super::{App, Signals, clock};
use crate::{
    config::{Config, QueryId, Vital},
    incident::Event,
    signal::{Data, Freshness, Point, Reading},
};

/// The state of all vitals, in the order of the configuration.
#[derive(Clone, Debug, Default)]
pub struct Vitals {
    meters: Vec<Meter>,
}

/// What a vital says now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum VitalState {
    /// In its range, and live.
    Inside(f64),
    /// Out of its range, and live: users are hurt.
    Outside(f64),
    /// Not known; the last value and when it was read, if there ever was one.
    Unknown(Option<(f64, Timestamp)>),
}

/// What the vitals say of a mitigation, or of the incident as a whole: one sentence's worth.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// In range, live, and for as long as it must be.
    Held {
        /// Since when.
        since: Timestamp,
    },
    /// In range and live, but not for long enough.
    Holding {
        /// The title of the one that came back last.
        vital: String,
        /// For how many seconds it has been.
        seconds: i64,
        /// For how many it must be.
        needed: i64,
    },
    /// Out of range: the title, and the value with its unit.
    Hurting(String, String),
    /// Not known: the title of a vital that does not answer.
    Unknown(String),
    /// There is nothing to judge by.
    NoVitals,
}

/// A vital without a time of its own must be in range for this long, in seconds.
const HOLD: i64 = 60;

/// Measures one vital's stretch outside its range.
#[derive(Clone, Debug, Default)]
struct Meter {
    /// Points up to here have been measured, in milliseconds.
    covered: i64,
    open: Option<Open>,
    /// Since when it has been seen inside without a break.
    inside_since: Option<Timestamp>,
    /// The side it was last seen on; it keeps its start over a gap.
    side: Option<Side>,
    written: Option<Timestamp>,
}

/// When a vital came to the side it is on, and with which value.
#[derive(Clone, Copy, Debug)]
struct Side {
    since: Timestamp,
    value: f64,
    inside: bool,
}

#[derive(Clone, Debug)]
struct Open {
    since: Timestamp,
    until: Timestamp,
    seconds: f64,
    /// The value it left its range with.
    first: f64,
    worst: f64,
    area: f64,
}

impl Vitals {
    /// Nothing measured yet.
    pub fn new(config: &Config) -> Self {
        Self { meters: vec![Meter::default(); config.vitals.len()] }
    }

    /// Since when a vital has been in its range without a break, as far as was measured.
    pub fn inside_since(&self, vital: usize) -> Option<Timestamp> {
        self.meters.get(vital)?.inside_since
    }

    /// Takes in a reading; gives the stretches that ended in it, and how each came back.
    fn measure(&mut self, at: usize, vital: &Vital, reading: &Reading, every: Duration) -> Vec<(Open, Side)> {
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

    fn cost(&self, at: usize, vital: &Vital) -> Option<Event> {
        let open = self.meters.get(at)?.open.as_ref()?;
        Some(open.event(vital))
    }
}

impl Open {
    fn event(&self, vital: &Vital) -> Event {
        Event::VitalWorsened {
            vital: vital.title.clone(),
            since: self.since,
            until: self.until,
            seconds: self.seconds,
            worst: self.worst,
            shown: vital.unit.format(self.worst),
            area: self.area,
        }
    }
}

/// A vital came to the other side; `told` crossings were told before.
fn crossed(vital: &Vital, told: usize, to: Side) -> Event {
    let Side { since: when, value, inside } = to;
    Event::VitalCrossed {
        key: format!("vital|{}|{told}|{inside}", vital.title),
        vital: vital.title.clone(),
        value,
        shown: vital.unit.format(value),
        ok: range_in_words(vital),
        inside,
        when,
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

impl App {
    /// What a vital says now.
    pub fn vital(&self, at: usize) -> VitalState {
        let (Some(vital), Some(query)) = (self.config.vitals.get(at), self.plan.vitals.get(at)) else {
            return VitalState::Unknown(None);
        };
        let last = self.signals.slot(*query).and_then(|slot| slot.good.as_ref());
        let Some(reading) = last else { return VitalState::Unknown(None) };
        let value = newest(reading, self.signals.every(*query));
        let known = value.map(|v| (v, reading.at));
        if self.signals.freshness(*query, self.now) != Freshness::Live {
            return VitalState::Unknown(known);
        }
        match value.and_then(|v| Some((v, vital.ok.met_by(v)?))) {
            Some((v, true)) => VitalState::Inside(v),
            Some((v, false)) => VitalState::Outside(v),
            None => VitalState::Unknown(None),
        }
    }

    /// Whether every vital has been live and in its range for this many seconds; false without vitals.
    pub fn vitals_held(&self, seconds: i64) -> bool {
        let held = |at| {
            matches!(self.vital(at), VitalState::Inside(_))
                && self.vitals.inside_since(at).is_some_and(|since| clock::seconds_between(since, self.now) >= seconds)
        };
        !self.config.vitals.is_empty() && (0..self.config.vitals.len()).all(held)
    }

    /// What the vital of this title says, or all vitals without one or where there is none of this title.
    pub fn verdict(&self, title: Option<&str>) -> Verdict {
        let all = || self.config.vitals.iter().enumerate();
        let named: Vec<_> = all().filter(|(_, vital)| Some(vital.title.as_str()) == title).collect();
        let judged = if named.is_empty() { all().collect() } else { named };
        if judged.is_empty() {
            return Verdict::NoVitals;
        }
        let mut unknown = None;
        let mut since: Option<Timestamp> = None;
        let mut holding: Option<(&Vital, i64, i64)> = None;
        for (at, vital) in judged {
            match self.vital(at) {
                VitalState::Outside(value) => {
                    return Verdict::Hurting(vital.title.clone(), vital.unit.format(value));
                }
                VitalState::Unknown(_) => unknown = unknown.or(Some(vital.title.clone())),
                VitalState::Inside(_) => {
                    let inside = self.vitals.inside_since(at).unwrap_or(self.now);
                    since = since.max(Some(inside));
                    let (seconds, needed) = (clock::seconds_between(inside, self.now), self.hold_of(vital));
                    if seconds < needed && holding.is_none_or(|(_, s, n)| n - s < needed - seconds) {
                        holding = Some((vital, seconds, needed));
                    }
                }
            }
        }
        match (unknown, holding, since) {
            (Some(title), ..) => Verdict::Unknown(title),
            (_, Some((vital, seconds, needed)), _) => Verdict::Holding { vital: vital.title.clone(), seconds, needed },
            (.., Some(since)) => Verdict::Held { since },
            (.., None) => Verdict::NoVitals,
        }
    }

    /// For how many seconds a vital must be in range before it is believed; twice as long while an alert that pages fires.
    pub fn hold_of(&self, vital: &Vital) -> i64 {
        let own = i64::try_from(vital.ok.hold.as_secs()).unwrap_or(i64::MAX);
        let hold = if own > 0 { own } else { HOLD };
        if self.paging().is_some() { hold.saturating_mul(2) } else { hold }
    }

    /// When the impact stopped, as far as vitals tell: when the last of those that had left its range came back. `None`
    /// while one is out of range or not known.
    pub fn impact_stopped(&self) -> Option<Timestamp> {
        let (Verdict::Held { .. } | Verdict::Holding { .. }) = self.verdict(None) else { return None };
        let back = |record: &crate::incident::VitalRecord| record.crossings.last().filter(|c| c.1).map(|c| c.0);
        self.config.vitals.iter().filter_map(|vital| self.incident.vitals.get(&vital.title)).filter_map(back).max()
    }

    /// The first vital that is out of its range, with its value.
    pub fn hurting(&self) -> Option<(&Vital, f64)> {
        self.config.vitals.iter().enumerate().find_map(|(at, vital)| match self.vital(at) {
            VitalState::Outside(v) => Some((vital, v)),
            _ => None,
        })
    }

    pub(super) fn observe_vital(&mut self, query: QueryId, reading: &Reading) -> Vec<Event> {
        let mut events = Vec::new();
        let config = self.config.clone();
        let plan = self.plan.clone();
        let every = self.signals.every(query);
        for (at, vital) in config.vitals.iter().enumerate().filter(|(at, _)| plan.vitals.get(*at) == Some(&query)) {
            let closed = self.vitals.measure(at, vital, reading, every);
            events.extend(closed.iter().map(|(open, _)| open.event(vital)));
            let short = self.left_and_back(vital, &closed);
            if !short.is_empty() {
                events.extend(short); // where it stands now is told by the next poll
                continue;
            }
            let record = self.incident.vitals.get(&vital.title);
            let before = record.and_then(|r| r.crossings.last()).is_none_or(|crossing| crossing.1);
            // Asked of where it stands, not of what just moved: what cannot be told now is told by a later poll.
            let side = self.vitals.meters.get(at).and_then(|meter| meter.side).filter(|side| side.inside != before);
            let Some(Side { since: when, value, inside }) = side else { continue };
            // Points read again can fall beside a short turn that was written before; time goes on all the same.
            let when = record.and_then(|r| r.crossings.last()).map_or(when, |crossing| when.max(crossing.0));
            let crossings = record.map_or(0, |r| r.crossings.len());
            let same = record.and_then(|r| r.crossings.iter().rev().find(|c| c.1 == inside));
            if same.is_some_and(|crossing| clock::seconds_between(crossing.0, reading.at) < 60) {
                continue; // it flaps; one line a minute for each side is enough
            }
            events.push(crossed(vital, crossings, Side { since: when, value, inside }));
        }
        events
    }

    /// The crossings of stretches that began and ended within one answer: the journal takes the vital for inside before
    /// and after them. What was before anyone watched is no part of this incident. One line a minute for each side.
    fn left_and_back(&self, vital: &Vital, closed: &[(Open, Side)]) -> Vec<Event> {
        let record = self.incident.vitals.get(&vital.title);
        let mut told = record.map_or(0, |record| record.crossings.len());
        let last = record.and_then(|record| record.crossings.last());
        let Some(watched) = self.incident.watches.iter().map(|watch| watch.since).min() else { return Vec::new() };
        if last.is_some_and(|crossing| !crossing.1) {
            return Vec::new(); // it is the stretch that is known already
        }
        let mut free = last.map_or(watched, |crossing| crossing.0 + Duration::from_secs(60)).max(watched);
        let mut events = Vec::new();
        for (open, back) in closed {
            if open.since < free {
                continue;
            }
            let left = Side { since: open.since, value: open.first, inside: false };
            events.push(crossed(vital, told, left));
            events.push(crossed(vital, told + 1, *back));
            told += 2;
            free = open.since + Duration::from_secs(60);
        }
        events
    }

    /// What vitals have cost so far, for those out of range whose cost was not written for a minute.
    pub(super) fn vitals_due(&mut self) -> Vec<Event> {
        let now = self.now;
        let mut events = Vec::new();
        for (at, vital) in self.config.vitals.iter().enumerate() {
            let due = |written: &Timestamp| clock::seconds_between(*written, now) >= 60;
            let cost = self.vitals.cost(at, vital);
            let Some(meter) = self.vitals.meters.get_mut(at) else { continue };
            if cost.is_some() && meter.written.as_ref().is_none_or(due) {
                meter.written = Some(now);
                events.extend(cost);
            }
        }
        events
    }

    pub(super) fn vitals_so_far(&self) -> Vec<Event> {
        self.config.vitals.iter().enumerate().filter_map(|(at, vital)| self.vitals.cost(at, vital)).collect()
    }
}

/// A range answer's newest point counts as now's value only when it is not much older than the answer.
fn newest(reading: &Reading, every: Duration) -> Option<f64> {
    match &reading.data {
        Data::Series(series) => match series.as_slice() {
            [only] => {
                let step = only.points.windows(2).map(|w| w[1].t - w[0].t).min().unwrap_or(0);
                let last = only.last()?;
                let most = (every.as_millis() as i64 * 3).max(step * 2) + 1000;
                (reading.at.as_millisecond() - last.t <= most).then_some(last.v)
            }
            _ => None,
        },
        data => data.number(),
    }
    .filter(|v| !v.is_nan())
}

/// `>= 99.5 %`: the range with the vital's unit.
pub fn range_in_words(vital: &Vital) -> String {
    let sign = vital.ok.to_string();
    let sign = sign.split(' ').next().unwrap_or_default();
    let sign = match sign {
        ">=" => "≥",
        "<=" => "≤",
        "!=" => "≠",
        "==" => "=",
        other => other,
    };
    format!("{sign} {}", vital.unit.format(vital.ok.value))
}

/// The points of a vital's reading, for a sparkline.
pub fn history(signals: &Signals, query: QueryId) -> &[Point] {
    match signals.slot(query).and_then(|slot| slot.good.as_ref()).map(|r| &r.data) {
        Some(Data::Series(series)) if series.len() == 1 => &series[0].points,
        _ => &[],
    }
}
