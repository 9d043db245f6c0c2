//! When a vital was outside its range: by its crossings, and by the stretches that were too short to be told as crossings.

use jiff::Timestamp;

use crate::incident::VitalRecord;

/// A time outside a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Outside {
    pub from: Timestamp,
    /// When it came back; `None` if that was not seen.
    pub until: Option<Timestamp>,
}

impl Outside {
    /// Whether any of it lies between two times, both included.
    pub fn touches(&self, from: Timestamp, until: Timestamp) -> bool {
        self.from <= until && self.until.is_none_or(|back| back >= from)
    }
}

/// All times that a vital was outside its range, in order; none overlaps another.
pub(super) fn outside(vital: &VitalRecord) -> Vec<Outside> {
    let measured = measured(vital);
    let mut all = crossed(vital);
    // One that was told to leave and not to come back came back when its stretch did.
    for open in all.iter_mut().filter(|known| known.until.is_none()) {
        let its = measured.iter().find(|one| one.until >= open.from);
        open.until = its.and_then(|one| one.back);
    }
    all.extend(measured.iter().map(|one| Outside { from: one.from, until: Some(one.back.unwrap_or(one.until)) }));
    all.sort_by_key(|one| one.from);
    let mut merged = Vec::<Outside>::new();
    for next in all {
        match merged.last_mut().filter(|last| last.until.is_none_or(|until| next.from <= until)) {
            Some(last) => last.until = last.until.zip(next.until).map(|(a, b)| a.max(b)),
            None => merged.push(next),
        }
    }
    merged
}

/// Stretches that overlap, as one.
struct Measured {
    from: Timestamp,
    until: Timestamp,
    back: Option<Timestamp>,
}

fn measured(vital: &VitalRecord) -> Vec<Measured> {
    let mut all = Vec::<Measured>::new();
    for (&from, stretch) in &vital.stretches {
        match all.last_mut().filter(|last| from <= last.until) {
            Some(last) => {
                last.until = last.until.max(stretch.until);
                last.back = last.back.max(stretch.back).filter(|back| *back >= last.until);
            }
            None => all.push(Measured { from, until: stretch.until, back: stretch.back }),
        }
    }
    all
}

fn crossed(vital: &VitalRecord) -> Vec<Outside> {
    let mut crossings: Vec<_> = vital.crossings.iter().collect();
    crossings.sort_by_key(|crossing| crossing.at);
    let mut all = Vec::<Outside>::new();
    for crossing in crossings {
        let open = all.last_mut().filter(|last| last.until.is_none());
        match (open, crossing.inside) {
            (Some(open), true) => open.until = Some(crossing.at),
            (None, false) => all.push(Outside { from: crossing.at, until: None }),
            _ => {}
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incident::{Crossing, Stretch};

    /// Crossings as second and side, stretches as since, until, back; a time outside as from and until.
    #[track_caller]
    fn check(crossings: &[(i64, bool)], stretches: &[(i64, i64, Option<i64>)], expected: &[(i64, Option<i64>)]) {
        let at = |second: i64| Timestamp::from_second(second).expect("a time");
        let shown = String::new;
        let crossing = |&(second, inside): &(i64, bool)| Crossing {
            at: at(second),
            inside,
            value: 0.0,
            shown: shown(),
            seq: 0,
            written: at(second),
        };
        let stretch = |&(since, until, back): &(i64, i64, Option<i64>)| {
            let back = back.map(at);
            (at(since), Stretch { until: at(until), seconds: 1.0, worst: 0.0, shown: shown(), area: 0.0, back })
        };
        let vital = VitalRecord {
            ok: shown(),
            crossings: crossings.iter().map(crossing).collect(),
            stretches: stretches.iter().map(stretch).collect(),
        };
        let found: Vec<_> = outside(&vital)
            .iter()
            .map(|one| (one.from.as_second(), one.until.map(|until| until.as_second())))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn crossings_and_stretches_are_taken_together() {
        check(&[(10, false), (31, true)], &[(10, 28, None)], &[(10, Some(31))]);
        check(&[(10, false)], &[(10, 28, None)], &[(10, None)]);
        // What was too short to be told as crossings.
        check(&[(10, false), (31, true)], &[(10, 28, None), (42, 60, Some(62))], &[(10, Some(31)), (42, Some(62))]);
        check(&[(10, false)], &[(10, 28, Some(31)), (42, 60, Some(62))], &[(10, Some(31)), (42, Some(62))]);
        check(&[], &[(42, 60, None)], &[(42, Some(60))]);
        // Two cockpits, and one that was opened again.
        check(&[(10, false), (12, false), (31, true), (33, true)], &[], &[(10, Some(31))]);
        check(&[(10, false)], &[(10, 60, None), (50, 90, Some(95))], &[(10, Some(95))]);
        check(&[(10, false)], &[(10, 90, None), (50, 60, Some(65))], &[(10, None)]);
    }
}
