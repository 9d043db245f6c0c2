//! What is wanted, by whom and how often: a value. What is to be done about it is the difference between two of them.
//!
//! Who asks is told [changes](SubscriptionChange) and nothing else, so that what is asked cannot drift from what is wanted.

use std::{collections::BTreeMap, time::Duration};

use crate::{
    config::Config,
    dashboard::{PaneId, Plan, PlannedPane, Query, QueryId},
    incident::Id,
};

/// Who wants to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subscriber {
    /// A vital, by its place in the configuration.
    Vital(usize),
    /// A pane that is shown.
    Pane(PaneId),
    /// A pane whose curves are compared with those of earlier.
    Comparison(PaneId),
    /// A check, by the run that was begun: another run of it is somebody else.
    Check(Id),
}

/// How often somebody wants to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// At this interval.
    Every(Duration),
    /// A single time: asking does more than read.
    Once,
}

/// Everything that is wanted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Subscriptions(BTreeMap<(QueryId, Subscriber), (Query, Pace)>);

/// Something to be done by who asks.
#[derive(Clone, Debug, PartialEq)]
pub enum SubscriptionChange {
    /// Somebody new wants to know: it is asked now, whether or not it was asked before.
    Ask {
        /// Under this id the answers come.
        id: QueryId,
        /// The query.
        query: Query,
        /// And from then on at this interval; `None` is a single time.
        every: Option<Duration>,
    },
    /// It is asked at another interval from the next time on.
    Interval {
        /// The query, as it was named when it was first asked.
        id: QueryId,
        /// As often as the most impatient of those who are left wants it.
        every: Duration,
    },
    /// Nobody wants to know any more.
    Stop(QueryId),
}

impl Subscriptions {
    /// What the vitals and panes of a plan want.
    pub fn of(config: &Config, plan: &Plan) -> Self {
        let mut wanted = Self::default();
        let mut want = |who: Subscriber, id: QueryId, own: Option<Duration>| {
            let Some(query) = plan.query(id) else { return };
            let Some(source) = config.source(query.source) else { return };
            wanted.want(who, id, query, Pace::Every(own.unwrap_or(source.every)));
        };
        for (at, id) in plan.vitals.iter().enumerate() {
            want(Subscriber::Vital(at), *id, None);
        }
        for shown in &plan.panes {
            shown.queries.iter().for_each(|id| want(Subscriber::Pane(shown.id), *id, shown.pane.every));
        }
        wanted
    }

    /// A pane wants its queries, and nothing else any more.
    pub fn follow_pane(&mut self, config: &Config, plan: &Plan, pane: &PlannedPane) {
        self.leave(Subscriber::Pane(pane.id));
        for id in &pane.queries {
            let query = plan.query(*id);
            if let Some((query, source)) = query.and_then(|query| Some((query, config.source(query.source)?))) {
                self.want(Subscriber::Pane(pane.id), *id, query, Pace::Every(pane.pane.every.unwrap_or(source.every)));
            }
        }
    }

    /// Somebody wants a query; a wish of theirs for the same one is replaced.
    pub fn want(&mut self, who: Subscriber, id: QueryId, query: &Query, pace: Pace) {
        self.0.insert((id, who), (query.clone(), pace));
    }

    /// Somebody wants nothing any more.
    pub fn leave(&mut self, who: Subscriber) {
        self.0.retain(|(_, other), _| *other != who);
    }

    /// How often a query is asked: as often as the most impatient wants it. `None` when nobody wants it at intervals.
    pub fn every(&self, id: QueryId) -> Option<Duration> {
        self.of_query(id)
            .filter_map(|(_, pace)| match pace {
                Pace::Every(every) => Some(*every),
                Pace::Once => None,
            })
            .min()
    }

    /// Whether it is asked all the time, for a vital or a pane. What only checks want may end, or is asked just once.
    pub fn is_standing(&self, id: QueryId) -> bool {
        self.0.range((id, Subscriber::Vital(0))..).take_while(|((other, _), _)| *other == id).any(|((_, who), _)| {
            match who {
                Subscriber::Vital(_) | Subscriber::Pane(_) => true,
                Subscriber::Comparison(_) | Subscriber::Check(_) => false,
            }
        })
    }

    /// What has to be done to get from `before` to this.
    pub fn changes_from(&self, before: &Self) -> Vec<SubscriptionChange> {
        let mut changes = Vec::new();
        let mut ids: Vec<QueryId> = self.0.keys().chain(before.0.keys()).map(|(id, _)| *id).collect();
        ids.sort_unstable();
        ids.dedup();
        for id in ids {
            let (was, is) = (before.every(id), self.every(id));
            let of_id = self.0.range((id, Subscriber::Vital(0))..).take_while(|((other, _), _)| *other == id);
            let mut new = of_id.filter(|(key, _)| !before.0.contains_key(key));
            match (new.next(), was, is) {
                (Some((_, (query, _))), _, every) => {
                    changes.push(SubscriptionChange::Ask { id, query: query.clone(), every })
                }
                (None, Some(was), Some(every)) if was != every => {
                    changes.push(SubscriptionChange::Interval { id, every })
                }
                // One that was to be asked once may not have been asked yet.
                (None, _, None) if before.of_query(id).next().is_some() && self.of_query(id).next().is_none() => {
                    changes.push(SubscriptionChange::Stop(id));
                }
                (None, Some(_), None) => changes.push(SubscriptionChange::Stop(id)),
                (None, ..) => {}
            }
        }
        changes
    }

    fn of_query(&self, id: QueryId) -> impl Iterator<Item = &(Query, Pace)> {
        let from = self.0.range((id, Subscriber::Vital(0))..);
        from.take_while(move |((other, _), _)| *other == id).map(|(_, wanted)| wanted)
    }
}

impl SubscriptionChange {
    /// The query, where something new is asked.
    pub fn query(&self) -> Option<&Query> {
        match self {
            Self::Ask { query, .. } => Some(query),
            Self::Interval { .. } | Self::Stop(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{config::SourceId, dashboard::Ask};

    const SECOND: Duration = Duration::from_secs(1);

    fn query(text: &str) -> Query {
        Query::new(SourceId::nth(0), Ask::Range(text.into()))
    }

    fn wanted(wishes: &[(Subscriber, usize, Pace)]) -> Subscriptions {
        let mut wanted = Subscriptions::default();
        for (who, id, pace) in wishes {
            wanted.want(*who, QueryId::nth(*id), &query(&format!("q{id}")), *pace);
        }
        wanted
    }

    fn ask(id: usize, every: Option<u32>) -> SubscriptionChange {
        SubscriptionChange::Ask {
            id: QueryId::nth(id),
            query: query(&format!("q{id}")),
            every: every.map(|every| SECOND * every),
        }
    }

    fn interval(id: usize, every: u32) -> SubscriptionChange {
        SubscriptionChange::Interval { id: QueryId::nth(id), every: SECOND * every }
    }

    const fn every(seconds: u64) -> Pace {
        Pace::Every(Duration::from_secs(seconds))
    }

    const VITAL: Subscriber = Subscriber::Vital(0);
    const PANE: Subscriber = Subscriber::Pane(PaneId::made_up(0));
    const OTHER: Subscriber = Subscriber::Pane(PaneId::made_up(1));

    fn check_run(id: u128) -> Subscriber {
        Subscriber::Check(Id::small(id))
    }

    #[track_caller]
    fn check(
        before: &[(Subscriber, usize, Pace)],
        after: &[(Subscriber, usize, Pace)],
        expected: &[SubscriptionChange],
    ) {
        assert_eq!(wanted(after).changes_from(&wanted(before)), expected);
    }

    #[test]
    fn nothing_changes_between_equals() {
        let all = [(VITAL, 0, every(5)), (PANE, 0, every(10)), (check_run(1), 1, Pace::Once)];
        check(&all, &all, &[]);
        check(&[], &[], &[]);
    }

    #[test]
    fn who_is_new_is_answered_now_and_the_most_impatient_sets_the_pace() {
        check(&[], &[(PANE, 0, every(10)), (OTHER, 1, every(5))], &[ask(0, Some(10)), ask(1, Some(5))]);
        check(&[(PANE, 0, every(10))], &[(PANE, 0, every(10)), (OTHER, 0, every(60))], &[ask(0, Some(10))]);
        check(&[(PANE, 0, every(10))], &[(PANE, 0, every(10)), (OTHER, 0, every(2))], &[ask(0, Some(2))]);
        // Another run of the same check.
        check(&[(check_run(1), 0, every(5))], &[(check_run(2), 0, every(5))], &[ask(0, Some(5))]);
    }

    #[test]
    fn a_pace_that_changes_is_an_interval() {
        check(&[(PANE, 0, every(10))], &[(PANE, 0, every(40))], &[interval(0, 40)]);
        check(&[(PANE, 0, every(10)), (OTHER, 0, every(2))], &[(PANE, 0, every(10))], &[interval(0, 10)]);
        // The more patient one leaves.
        check(&[(PANE, 0, every(10)), (OTHER, 0, every(60))], &[(PANE, 0, every(10))], &[]);
    }

    #[test]
    fn what_nobody_wants_stops() {
        check(
            &[(PANE, 0, every(10)), (PANE, 1, every(10))],
            &[(PANE, 1, every(10))],
            &[SubscriptionChange::Stop(QueryId::nth(0))],
        );
    }

    #[test]
    fn what_does_more_than_read_is_asked_once_for_each_who_wants_it() {
        check(&[], &[(check_run(1), 0, Pace::Once)], &[ask(0, None)]);
        check(&[(check_run(1), 0, Pace::Once)], &[], &[SubscriptionChange::Stop(QueryId::nth(0))]);
        check(&[(check_run(1), 0, Pace::Once)], &[(check_run(2), 0, Pace::Once)], &[ask(0, None)]);
        // A pane that shows the same goes on.
        let both = [(PANE, 0, every(10)), (check_run(1), 0, Pace::Once)];
        check(&[(PANE, 0, every(10))], &both, &[ask(0, Some(10))]);
        check(&both, &[(check_run(1), 0, Pace::Once)], &[SubscriptionChange::Stop(QueryId::nth(0))]);
    }

    #[test]
    fn to_leave_is_to_want_nothing() {
        let mut all = wanted(&[(PANE, 0, every(10)), (PANE, 1, every(10)), (VITAL, 1, every(5))]);
        all.leave(PANE);
        assert_eq!(all, wanted(&[(VITAL, 1, every(5))]));
    }
}
