//! The stretches in which users were hurt, from the onset to the stop that someone called, one for each time it bled.
//!
//! A stop is dated by the vitals: they came back when it stopped, not when someone said so. Hours in between count to none.

use jiff::{SignedDuration, Timestamp};

use super::{
    Moment,
    outside::{Outside, outside},
};
use crate::{
    base::human_time::seconds_between,
    incident::{Incident, Status, StatusTurn, timeline::time::clock_near},
};

/// A stretch in which it bled.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::incident::report) struct Bleed {
    pub from: Timestamp,
    /// Its end, if someone said that there was one.
    pub until: Option<Moment>,
}

/// Vitals that leave their range again within this time, or others after them, are of one outage.
const TOGETHER: SignedDuration = SignedDuration::from_mins(10);

impl Bleed {
    /// How long it bled, in whole seconds; `None` while it does.
    pub fn seconds(&self) -> Option<i64> {
        self.until.as_ref().map(|end| seconds_between(self.from, end.at))
    }

    /// Whether any of it lies between two times.
    pub fn touches(&self, from: Timestamp, until: Option<Timestamp>) -> bool {
        self.until.as_ref().is_none_or(|end| from <= end.at) && until.is_none_or(|until| until >= self.from)
    }
}

/// Each time it bled, in order; at least one. Only the last can be without an end.
pub(in crate::incident::report) fn bleeds(incident: &Incident) -> Vec<Bleed> {
    let vitals = Vitals::of(incident);
    let onset = incident.onset();
    let mut bleeds = vec![Bleed { from: onset.unwrap_or(Timestamp::MIN), until: None }];
    for turn in &incident.status_history {
        let Some(last) = bleeds.last_mut() else { break };
        match (&last.until, turn.status) {
            (None, Status::Bleeding) => {}
            // What was said before it began speaks of something else, unless someone set the onset after it.
            (None, _) if turn.at < last.from && incident.onset_set.is_none() => {}
            (None, _) => last.until = Some(vitals.stop(last.from, turn)),
            (Some(stop), Status::Bleeding) => {
                let from = vitals.began_again(stop.at, turn.at).filter(|again| again.is_near(turn.at));
                let from = from.map_or(turn.at, |again| again.from).max(stop.at);
                bleeds.push(Bleed { from, until: None });
            }
            // Nobody said that it bled again, but it did, and now it has stopped again.
            (Some(stop), Status::Stanched) => {
                if let Some(again) = vitals.began_again(stop.at, turn.at) {
                    let until = Some(vitals.stop(again.from, turn));
                    bleeds.push(Bleed { from: again.from, until });
                }
            }
            (Some(_), Status::Closed) => {}
        }
    }
    bleeds
}

/// When the last of the vitals that were outside in the last stretch came back, and which; none while one is outside.
pub(in crate::incident::report) fn back(incident: &Incident) -> Option<(Timestamp, String)> {
    let from = bleeds(incident).last()?.from;
    let vitals = Vitals::of(incident);
    vitals.back(from, Timestamp::MAX).map(|(at, vital)| (at, vital.to_owned()))
}

/// The times outside of each vital, by title.
struct Vitals<'a>(Vec<(&'a str, Vec<Outside>)>);

impl Outside {
    /// Whether it lasts until shortly before a time, or longer.
    fn is_near(&self, at: Timestamp) -> bool {
        self.until.is_none_or(|until| at.duration_since(until) <= TOGETHER)
    }
}

impl<'a> Vitals<'a> {
    fn of(incident: &'a Incident) -> Self {
        Self(incident.vitals.iter().map(|(title, vital)| (title.as_str(), outside(vital))).collect())
    }

    /// When the impact was over that someone said had stopped, if it had begun at `from`.
    fn stop(&self, from: Timestamp, said: &StatusTurn) -> Moment {
        let reason = said.reason.as_str();
        let said = said.at.max(from);
        let Some((at, vital)) = self.back(from, said) else { return Moment { at: said, how: reason.to_owned() } };
        let why = if reason.trim().is_empty() { String::new() } else { format!(": {reason}") };
        let how = match at == said {
            true if reason.contains(vital) => reason.to_owned(),
            true => format!("{vital} was back in its range{why}"),
            false => format!("{vital} was back in its range; said at {}{why}", clock_near(said, at)),
        };
        Moment { at, how }
    }

    /// When the last of the vitals that were outside between two times came back. Someone may say so a little before the
    /// last one shows it; what a vital did much later is another matter.
    fn back(&self, from: Timestamp, by: Timestamp) -> Option<(Timestamp, &'a str)> {
        let last = |all: &[Outside]| all.iter().rfind(|one| one.touches(from, by)).copied();
        let hurt = self.0.iter().filter_map(|(title, all)| Some((last(all)?, *title)));
        let backs: Option<Vec<_>> = hurt.map(|(one, title)| Some((one.until?, title))).collect();
        backs?.into_iter().max_by_key(|(at, _)| *at)
    }

    /// The last outage of any vitals that began between two times, as one.
    fn began_again(&self, after: Timestamp, by: Timestamp) -> Option<Outside> {
        let all = self.0.iter().flat_map(|(_, all)| all);
        let mut all: Vec<_> = all.filter(|one| one.from > after && one.from <= by).copied().collect();
        all.sort_by_key(|one| one.from);
        all.into_iter().fold(None, |last: Option<Outside>, next| match last {
            Some(last) if last.is_near(next.from) => {
                Some(Outside { from: last.from, until: last.until.zip(next.until).map(|(a, b)| a.max(b)) })
            }
            _ => Some(next),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incident::{
        Event,
        Status::{Bleeding, Closed, Stanched},
        report::facts::fixture::{at, crossed, incident, opened, outside as stretch, said, times},
    };

    #[test]
    fn it_stopped_when_the_vital_came_back() {
        #[track_caller]
        fn check(events: &[(i64, Event)], seconds: Option<i64>, how: &str) {
            let mut all = vec![(5, opened()), (5, crossed(0, false))];
            all.extend_from_slice(events);
            let times = times(&all);
            assert_eq!(times.seconds_to_mitigate, seconds);
            assert_eq!(times.stanched.map(|moment| moment.how).unwrap_or_default(), how);
        }
        let (stanched, bleeding) = (|| said(Stanched), || said(Bleeding));
        let later = "ok was back in its range; said at 00:10";
        check(&[(300, crossed(300, true)), (600, stanched())], Some(300), later);
        // Said a little too early.
        let early = "ok was back in its range; said at 00:04";
        check(&[(240, stanched()), (300, crossed(300, true))], Some(300), early);
        // Not seen to come back: the word of a person is all there is. Nobody's word: not stanched.
        check(&[(600, stanched())], Some(600), "");
        check(&[(300, crossed(300, true))], None, "");
        // It bled again and was stanched again.
        let again = [
            (300, crossed(300, true)),
            (360, stanched()),
            (400, crossed(400, false)),
            (410, bleeding()),
            (900, crossed(900, true)),
            (960, stanched()),
        ];
        check(&again, Some(800), "ok was back in its range; said at 00:16"); // and not the hundred seconds in between
        // What it did long after is another matter.
        let after =
            [(300, crossed(300, true)), (600, stanched()), (5000, crossed(5000, false)), (6000, crossed(6000, true))];
        check(&after, Some(300), later);
    }

    /// What was written when, and each time it bled, in seconds.
    #[track_caller]
    fn check(events: &[(i64, Event)], expected: &[(i64, Option<i64>)]) {
        let mut all = vec![(-10, opened())];
        all.extend_from_slice(events);
        let second = |time: Timestamp| time.duration_since(at(0)).as_secs();
        let found: Vec<_> = bleeds(&incident(&all))
            .into_iter()
            .map(|bleed| (second(bleed.from), bleed.until.map(|end| second(end.at))))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn it_bleeds_from_the_onset_to_the_stop_each_time() {
        let back_and_forth = |from, until| vec![(from, crossed(from, false)), (until, crossed(until, true))];
        let once = [back_and_forth(0, 300), vec![(310, said(Stanched)), (400, said(Closed))]].concat();
        check(&once, &[(0, Some(300))]);
        // Said by two, and said again.
        check(&[&once[..], &[(410, said(Stanched))]].concat(), &[(0, Some(300))]);
        // Hours later it bleeds again, and someone says so.
        let later =
            [&once[..], &back_and_forth(9000, 9600), &[(9010, said(Bleeding)), (9700, said(Stanched))]].concat();
        check(&later, &[(0, Some(300)), (9000, Some(9600))]);
        assert_eq!(times(&[&[(-10, opened())], &later[..]].concat()).seconds_to_mitigate, Some(900));
        // Nobody says so, but that it has stopped.
        let unsaid = [&once[..], &back_and_forth(9000, 9600), &[(9700, said(Stanched))]].concat();
        check(&unsaid, &[(0, Some(300)), (9000, Some(9600))]);
        // A blip that nobody cared for is no part of what bled hours later.
        let blip = [&once[..], &back_and_forth(4000, 4030), &[(9000, said(Bleeding))]].concat();
        check(&blip, &[(0, Some(300)), (9000, None)]);
        // It was said to have stopped before it began.
        let early = [vec![(0, said(Stanched)), (1, said(Closed))], back_and_forth(8, 60), vec![(70, said(Stanched))]];
        check(&early.concat(), &[(8, Some(60))]);
        check(&early[..2].concat(), &[(8, None)]);
    }

    #[test]
    fn it_stops_when_the_last_flap_does() {
        let mut back = stretch(42, 60, 0.9);
        if let Event::VitalWorsened { back, .. } = &mut back {
            *back = Some(at(62));
        }
        let flaps = [(10, crossed(10, false)), (31, crossed(31, true)), (62, back), (90, said(Stanched))];
        check(&flaps, &[(10, Some(62))]);
    }

    #[test]
    fn a_clock_that_went_back_does_not_keep_it_bleeding() {
        let events = [(100, crossed(100, false)), (70, crossed(70, true)), (80, said(Stanched))];
        check(&events, &[(100, Some(100))]);
        // One that was written late is told where it was.
        let events = [(0, crossed(0, false)), (60, crossed(60, true)), (70, crossed(50, false)), (80, said(Stanched))];
        check(&events, &[(0, Some(60))]);
    }
}
