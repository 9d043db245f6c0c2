//! What a cockpit in a test goes through in one word: it hurts, someone is on it, a board of two, a source that goes silent.

use super::*;
use crate::{config::Command, incident::MitigationKind};

impl Cockpit {
    /// All sources answer, nothing hurts.
    pub(super) fn calm(&mut self) -> &mut Self {
        self.healthy().poll(ALERTS, firing(&[])).poll(PROMETHEUS_ALERTS, firing(&[])).poll(CHANGES, changes(&[]))
    }

    /// The vital was in range for the last minute.
    pub(super) fn healthy(&mut self) -> &mut Self {
        self.vital_for(60, 1.0)
    }

    /// The vital has had a value for the last seconds, a point every five.
    pub(super) fn vital_for(&mut self, seconds: i64, value: f64) -> &mut Self {
        let start = self.app.session.now.as_millisecond() - seconds * 1000;
        let points = (0..=seconds / 5).map(|i| Point { t: start + i * 5000, v: value }).collect();
        let series = Series { name: "ok".into(), labels: Labels::default(), points };
        self.poll(VITAL, Data::Series(vec![series]))
    }

    /// It hurts, since half a minute, and someone is on it.
    pub(super) fn hurting(&mut self) -> &mut Self {
        self.calm().later(30).as_before().vital_for(25, 0.9)
    }

    /// The same with someone on it and a first symptom.
    pub(super) fn worked_on(&mut self) -> &mut Self {
        self.hurting().press(">>")
    }

    /// So many seconds later, nothing having been polled meanwhile.
    pub(super) fn later(&mut self, seconds: i64) -> &mut Self {
        let now = self.app.session.now + jiff::SignedDuration::from_secs(seconds);
        self.send(Msg::Tick(now))
    }

    /// So many seconds in which the vital had a value and everything else was as before.
    pub(super) fn lives(&mut self, seconds: i64, value: f64) -> &mut Self {
        for _ in 0..seconds / 5 {
            self.later(5).as_before().vital_for(5, value);
        }
        self
    }

    /// All goes on hurting but for one query, which fails three times.
    pub(super) fn goes_silent(&mut self, query: usize) -> &mut Self {
        self.lives(5, 0.9).fail(query);
        for _ in 0..3 {
            self.lives(5, 0.9).fail(query);
        }
        self
    }

    /// What answered last answers the same again.
    pub(super) fn as_before(&mut self) -> &mut Self {
        for query in [ALERTS, PROMETHEUS_ALERTS, CHANGES] {
            let slot = self.app.world.signals.slot(QueryId::nth(query)).filter(|slot| slot.fault().is_none());
            if let Some(reading) = slot.and_then(|slot| slot.good.clone()) {
                self.poll(query, reading.data.clone());
            }
        }
        self
    }

    pub(super) fn says(&mut self, words: &str) -> &mut Self {
        let text = self.app.advice().text;
        assert!(text.contains(words), "{text:?} should say {words:?}");
        self
    }

    /// What a row expects of a column, by their places.
    pub(super) fn expects(&mut self, row: usize, column: usize, cell: Cell) -> &mut Self {
        let board = &self.app.incident.board;
        let (hypothesis, observation) = (board.hypotheses[row].id, board.observations[column].id);
        let effects = self.app.record(vec![Event::CellSet { hypothesis, observation, cell }]);
        self.carry_out(effects);
        self
    }

    /// Two hypotheses, `one` and `two`, and what each expects of the first symptom.
    pub(super) fn two(&mut self, cells: &str) -> &mut Self {
        let (one, two) = cells.split_at(1);
        self.worked_on().press("aone<enter>").press(one).press("atwo<enter>").press(two).press("2gg")
    }

    /// More hypotheses, and what each expects of the first symptom.
    pub(super) fn more(&mut self, cells: &str) -> &mut Self {
        for (cell, name) in cells.chars().zip(["three", "four", "five"]) {
            self.press(&format!("a{name}<enter>")).press(&cell.to_string());
        }
        self
    }

    /// A column, and what the rows expect of it in their order.
    pub(super) fn sign(&mut self, text: &str, state: ObservationState, cells: &str) -> &mut Self {
        self.column(text, state, cells, 5.0)
    }

    /// A sign that takes half an hour to look for.
    pub(super) fn dear_sign(&mut self, text: &str, cells: &str) -> &mut Self {
        self.column(text, ObservationState::Untested, cells, 30.0)
    }

    fn column(&mut self, text: &str, state: ObservationState, cells: &str, minutes: f64) -> &mut Self {
        let check = crate::incident::board::CheckSpec { minutes, ..Default::default() };
        let (text, origin, when, evidence) = (text.to_owned(), None, None, None);
        let effects = self.app.record(vec![Event::ObservationAdded { text, state, origin, when, evidence, check }]);
        self.carry_out(effects);
        let column = self.app.incident.board.observations.len() - 1;
        for (row, cell) in cells.chars().enumerate() {
            self.expects(row, column, Cell::parse(&cell.to_string()).expect("a cell"));
        }
        self
    }

    /// Passes over what the coach says, so many times.
    pub(super) fn leave(&mut self, times: usize) -> &mut Self {
        for _ in 0..times {
            self.press("<not-now>").lives(5, 0.9);
        }
        self
    }

    /// A mitigation by hand that has run for so many seconds without effect.
    pub(super) fn treated(&mut self, seconds: i64) -> &mut Self {
        self.worked_on().press("3mrestart the pods<enter>vd<enter>").lives(seconds, 0.9)
    }
}

pub(super) fn changes(all: &[(&str, ChangeKind, &str)]) -> Data {
    let change = |(id, kind, time): &(&str, ChangeKind, &str)| Change {
        id: (*id).into(),
        kind: *kind,
        title: format!("checkout {id}"),
        service: Some("checkout".into()),
        version: None,
        at: at(time),
        who: None,
        undo: None,
        url: None,
    };
    Data::Changes(all.iter().map(change).collect())
}

pub(super) fn command(name: &str, text: &str, kind: MitigationKind) -> Command {
    let reversible = Some(kind.is_reversible());
    let (argv, timeout) = (vec!["true".into()], Duration::from_secs(9));
    Command { name: name.into(), text: text.into(), kind, reversible, argv, timeout }
}
