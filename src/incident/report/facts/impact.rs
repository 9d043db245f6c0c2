//! What the vitals say of the impact: how long, how far, how often. What was before the onset, after the stop, or between
//! two stretches of bleeding is none.

use jiff::Timestamp;
use serde::Serialize;

use super::{
    bleeds::{Bleed, bleeds},
    outside::outside,
};
use crate::{
    base::human_time::two_units,
    incident::{
        AlertRecord, Incident, Stretch, VitalRecord,
        onset::OLD_NEWS_HOURS,
        record::BadSide,
        report::spans::{Span, spans},
    },
    signal::unit::digits,
};

/// What a vital says of the impact.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(in crate::incident::report) struct Impact {
    pub vital: String,
    /// Its range in words.
    pub ok: String,
    /// The worst value with its unit.
    pub worst: Option<String>,
    /// The worst value as a number, in the unit of the query.
    pub worst_value: Option<f64>,
    /// Really measured outside the range.
    pub seconds_outside: f64,
    /// Distance from the range times minutes.
    pub area: f64,
    pub from: Timestamp,
    /// When it came back for good; none if it was not seen to.
    pub until: Option<Timestamp>,
    pub times: usize,
}

impl Impact {
    /// How far out of range it was over time, in the unit that people read: `242 %·min`. A share is shown in percent, so
    /// its area is too; of other units only the shown text is known, and it may have been scaled to k or M, so they stay
    /// plain. For a share that should be high it also says what that amounts to.
    pub fn area_in_words(&self) -> String {
        let shown = self.worst.as_deref().and_then(|worst| worst.strip_suffix(" %")?.parse::<f64>().ok());
        match shown.zip(self.worst_value) {
            Some((shown, worst)) if (shown - worst * 100.0).abs() < 0.51 => {
                let percent = format!("{} %·min", digits(self.area * 100.0));
                match BadSide::of(&self.ok) {
                    Some(BadSide::Low) => {
                        format!("{percent}, like {} of total failure", two_units((self.area * 60.0) as i64))
                    }
                    _ => percent,
                }
            }
            Some((shown, worst)) if (shown - worst).abs() < 0.51 => format!("{} %·min", digits(self.area)),
            _ => format!("{} (in the vital's own unit, times minutes)", digits(self.area)),
        }
    }
}

/// What each vital says of the impact, in order of their titles; nothing of those that were always in their range.
pub(in crate::incident::report) fn impact(incident: &Incident) -> Vec<Impact> {
    let bleeds = bleeds(incident);
    incident.vitals.iter().filter_map(|(title, vital)| impact_of(title, vital, &bleeds)).collect()
}

/// Alerts that fired while it bled and were not seen to end.
pub(in crate::incident::report) fn still_firing(incident: &Incident) -> impl Iterator<Item = &AlertRecord> {
    let bleeds = bleeds(incident);
    let firing = incident.alerts.iter().filter(|alert| alert.is_firing());
    firing.filter(move |alert| {
        let since = alert.turns.iter().rev().take_while(|turn| turn.turn.is_firing()).last().map(|turn| turn.at);
        let is_news = |bleed: &Bleed| since.is_some_and(|at| bleed.from.duration_since(at).as_hours() < OLD_NEWS_HOURS);
        since.is_some_and(|since| bleeds.iter().any(|bleed| is_news(bleed) && bleed.touches(since, None)))
    })
}

fn impact_of(title: &str, vital: &VitalRecord, bleeds: &[Bleed]) -> Option<Impact> {
    let hurt = |from: Timestamp, until: Option<Timestamp>| bleeds.iter().any(|bleed| bleed.touches(from, until));
    let onset = bleeds.first()?.from;
    let outside: Vec<_> = outside(vital).into_iter().filter(|one| hurt(one.from, one.until)).collect();
    let (first, last) = (outside.first()?, outside.last()?);
    let counts = |at: Timestamp| {
        let before = outside.partition_point(|one| one.from <= at);
        before.checked_sub(1).is_some_and(|nth| outside[nth].touches(at, at))
    };
    let left = vital.crossings.iter().filter(|crossing| !crossing.inside && counts(crossing.at));
    let stretches = || vital.stretches.iter().filter(|(since, stretch)| hurt(**since, Some(stretch.until)));
    let worse = |a: &&Stretch, b: &&Stretch| vital.badness(a.worst).total_cmp(&vital.badness(b.worst));
    let worst = stretches().map(|(_, stretch)| stretch).filter(|stretch| !stretch.worst.is_nan()).max_by(worse);
    let spans: Vec<_> = spans(&vital.stretches).iter().filter_map(|span| within(span, bleeds)).collect();
    let shown = left.clone().next().map(|crossing| crossing.shown.clone());
    Some(Impact {
        vital: title.to_owned(),
        ok: vital.ok.clone(),
        worst: worst.map(|stretch| stretch.shown.clone()).or(shown),
        worst_value: worst.map(|stretch| stretch.worst),
        seconds_outside: spans.iter().map(|span| span.seconds).sum(),
        area: spans.iter().map(|span| span.area).sum(),
        from: first.from.max(onset),
        until: last.until,
        times: left.count().max(spans.len()).max(outside.len()),
    })
}

/// As much of a span as lies where it bled; taken to be even.
fn within(span: &Span, bleeds: &[Bleed]) -> Option<Span> {
    let touching = bleeds.iter().filter(|bleed| bleed.touches(span.since, Some(span.until)));
    let parts: Vec<_> = touching
        .map(|bleed| {
            let end = bleed.until.as_ref().map_or(span.until, |end| end.at);
            (span.since.max(bleed.from), span.until.min(end))
        })
        .collect();
    let (since, until) = (parts.first()?.0, parts.last()?.1);
    let share: f64 = parts.iter().map(|part| span.share(*part)).sum();
    let share = if span.since == span.until { 1.0 } else { share };
    Some(Span { since, until, seconds: span.seconds * share, area: span.area * share })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        incident::{
            Event,
            Status::{Bleeding, Stanched},
            report::facts::fixture::{at, crossed, fired, incident, opened, outside as stretch, said},
        },
        signal::Severity,
    };

    #[test]
    fn the_worst_of_several_stretches_whatever_the_range() {
        #[track_caller]
        fn check(ok: &str, inside: f64, worst: [f64; 3], expected: f64) {
            let with = |event: Event| match event {
                Event::VitalCrossed { key, vital, shown, inside: is_inside, when, .. } => {
                    Event::VitalCrossed { key, vital, value: inside, shown, ok: ok.into(), inside: is_inside, when }
                }
                other => other,
            };
            let mut events = vec![(0, opened())];
            for (nth, worst) in (0..).zip(worst) {
                let from = nth * 100;
                events.push((from + 60, with(crossed(from, false))));
                events.push((from + 60, with(crossed(from + 60, true))));
                events.push((from + 60, stretch(from, from + 50, worst)));
            }
            assert_eq!(impact(&incident(&events))[0].worst_value, Some(expected), "{ok}");
        }
        for ok in ["≥ 98 %", ">= 98 %", "> 98 %"] {
            check(ok, 0.99, [0.925, 0.909, 0.95], 0.909);
        }
        for ok in ["≤ 5 s", "<= 5 s", "< 5 s"] {
            check(ok, 4.0, [7.0, 9.0, 8.0], 9.0);
        }
        check("= 3", 3.0, [4.0, 1.0, 2.0], 1.0);
        check("between 10 and 20", 15.0, [9.0, 30.0, 21.0], 30.0);
        check("outside 10 to 20", 21.0, [18.0, 12.0, 19.0], 12.0);
    }

    /// The impact of the only vital: from and until in seconds, how often, and seconds outside.
    #[track_caller]
    fn check(events: &[(i64, Event)], expected: Option<(i64, Option<i64>, usize, f64)>) {
        let mut all = vec![(-10, opened())];
        all.extend_from_slice(events);
        let second = |time: Timestamp| time.duration_since(at(0)).as_secs();
        let found = impact(&incident(&all)).into_iter().next();
        let found = found.map(|one| (second(one.from), one.until.map(second), one.times, one.seconds_outside));
        assert_eq!(found, expected);
    }

    #[test]
    fn what_is_before_the_onset_or_after_the_stop_does_not_count() {
        let out = |from: i64, until: i64| {
            vec![(from, crossed(from, false)), (until, crossed(until, true)), (until, stretch(from, until, 0.9))]
        };
        let onset = |second| (0, Event::OnsetSet { when: at(second), basis: String::new() });
        let before = out(0, 60);
        let events = [before.clone(), vec![onset(300)], out(300, 480), vec![(500, said(Stanched))]].concat();
        check(&events, Some((300, Some(480), 1, 180.0)));
        let after = [&events[..], &out(800, 900), &out(1800, 1900)].concat();
        check(&after, Some((300, Some(480), 1, 180.0)));
        // Once someone says that it bleeds again, that counts too, and the time in between does not.
        let again = [&after[..], &[(1850, said(Bleeding))]].concat();
        check(&again, Some((300, Some(1900), 2, 280.0)));
        // A stretch that began before the onset counts from there on.
        check(&[out(0, 100), vec![onset(40)]].concat(), Some((40, Some(100), 1, 60.0)));
        // Nothing was outside while it bled.
        check(&[before, vec![(600, fired(600, Severity::Critical)), onset(600)]].concat(), None);
    }

    #[test]
    fn every_flap_counts() {
        let mut flap = stretch(42, 60, 0.5);
        if let Event::VitalWorsened { back, .. } = &mut flap {
            *back = Some(at(62));
        }
        let told = [(10, crossed(10, false)), (31, crossed(31, true)), (31, stretch(10, 28, 0.9)), (62, flap)];
        check(&told, Some((10, Some(62), 2, 36.0)));
        let mut all = vec![(-10, opened())];
        all.extend(told);
        assert_eq!(impact(&incident(&all))[0].worst_value, Some(0.5));
    }

    #[test]
    fn alerts_of_another_time_are_not_still_firing() {
        let told = |events: &[(i64, Event)]| still_firing(&incident(events)).map(|alert| alert.group.clone()).collect();
        let events = [
            (0, opened()),
            (0, fired(-90_000, Severity::Warning)),
            (1, fired(-600, Severity::Warning)),
            (2, crossed(0, false)),
            (60, fired(50, Severity::Critical)),
            (100, crossed(100, true)),
            (110, said(Stanched)),
            (600, fired(590, Severity::Critical)),
        ];
        let groups: Vec<String> = told(&events);
        assert_eq!(groups, ["g -600", "g 50"]);
    }
}
