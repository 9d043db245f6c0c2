//! What is to be scored, as a snapshot: the readings as they are, and since when.

use std::{collections::HashSet, sync::Arc};

use crate::{
    app::Facts,
    dashboard::{PaneId, PlannedPane, QueryId},
    signal::{
        Data, Reading, Series,
        anomaly::{self, Bad, Candidate, Smell},
    },
};

/// More fishy series than this are not told: nobody reads them.
const MOST: usize = 100;

/// Tells what was scored from what came later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// In milliseconds since the Unix epoch.
    pub onset: i64,
    /// How many answers there were.
    pub answers: u64,
}

/// The curves of all panes, and since when they are judged.
#[derive(Clone, Debug)]
pub struct Question {
    stamp: Stamp,
    panes: Vec<Curves>,
}

/// One query of a pane.
#[derive(Clone, Debug)]
struct Curves {
    pane: PaneId,
    place: usize,
    kind: String,
    bad: Bad,
    is_traffic: bool,
    reading: Arc<Reading>,
}

/// A series that smells.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The pane it is in.
    pub pane: PaneId,
    /// Which query of the pane.
    pub place: usize,
    /// What its legend says.
    pub series: Arc<str>,
    /// Why.
    pub smell: Smell,
}

/// What was found.
#[derive(Clone, Debug)]
pub struct Smelt {
    /// What was scored.
    pub stamp: Stamp,
    /// The series that smell, the fishiest first.
    pub found: Vec<Found>,
    /// How many series were scored.
    pub series: usize,
    /// Whether any of them reaches back to before the onset.
    pub has_past: bool,
}

impl Found {
    /// Whether it is the same series.
    pub fn is_of_same(&self, other: &Self) -> bool {
        self.pane == other.pane && self.place == other.place && self.series == other.series
    }

    /// What it is called by a cursor.
    pub fn key(&self) -> String {
        format!("{:?} {} {}", self.pane, self.place, self.series)
    }
}

impl Question {
    /// Of everything that shows curves; a query of several panes is scored in the first of them.
    pub(in crate::app) fn of(facts: Facts<'_>, stamp: Stamp) -> Self {
        let mut asked: HashSet<QueryId> = HashSet::new();
        let mut panes = Vec::new();
        for pane in &facts.world.plan.panes {
            for (place, query) in pane.queries.iter().enumerate().filter(|(_, query)| asked.insert(**query)) {
                let reading = facts.world.signals.slot(*query).and_then(|slot| slot.good.clone());
                panes.extend(reading.map(|reading| Curves::of(pane, (place, *query), reading)));
            }
        }
        panes.retain(|curves| curves.series().iter().any(|series| series.points.len() > 1));
        Self { stamp, panes }
    }

    /// Whether there is no curve.
    pub fn is_empty(&self) -> bool {
        self.panes.is_empty()
    }

    /// What was asked about.
    pub fn stamp(&self) -> Stamp {
        self.stamp
    }

    /// Scores all of it.
    pub fn score(&self) -> Smelt {
        let mut candidates: Vec<Candidate<'_>> = Vec::new();
        let mut places = Vec::new();
        for curves in &self.panes {
            candidates.extend(curves.series().iter().map(|series| Candidate {
                kind: &curves.kind,
                points: &series.points,
                bad: curves.bad,
                is_traffic: curves.is_traffic,
                until: Some(curves.reading.at.as_millisecond()),
            }));
            places.extend(curves.series().iter().map(|series| (curves, series)));
        }
        let report = anomaly::score(&candidates, self.stamp.onset);
        let found = report.fishy().take(MOST).map(|smell| {
            let (curves, series) = places[smell.index];
            Found { pane: curves.pane, place: curves.place, series: Arc::clone(&series.name), smell: smell.clone() }
        });
        let (found, series) = (found.collect(), candidates.len());
        Smelt { stamp: self.stamp, found, series, has_past: report.has_past }
    }
}

impl Curves {
    fn of(pane: &PlannedPane, (place, query): (usize, QueryId), reading: Arc<Reading>) -> Self {
        let (bad, is_traffic) = anomaly::meaning(&pane.pane.title);
        Self { pane: pane.id, place, kind: query.to_string(), bad, is_traffic, reading }
    }

    fn series(&self) -> &[Series] {
        match &self.reading.data {
            Data::Series(series) => series,
            Data::Curves(curves) => &curves.series,
            _ => &[],
        }
    }
}
