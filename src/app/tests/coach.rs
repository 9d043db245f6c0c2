//! The coach as a table: a state of the incident, the sentence, and whether it has a step. From an empty incident to a
//! closed one, with what may go wrong on the way.

use super::*;
use crate::{
    app::Step,
    config::Command,
    incident::{MitigationKind, Question},
};

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
        let start = self.app.now.as_millisecond() - seconds * 1000;
        let points = (0..=seconds / 5).map(|i| Point { t: start + i * 5000, v: value }).collect();
        let series = Series { name: "ok".into(), labels: Labels::default(), points };
        self.poll(VITAL, Data::Series(vec![series]))
    }

    /// It hurts, since half a minute, and someone is on it.
    pub(super) fn hurting(&mut self) -> &mut Self {
        self.calm().later(30).vital_for(25, 0.9)
    }

    /// The same with someone on it and a first symptom.
    pub(super) fn worked_on(&mut self) -> &mut Self {
        self.hurting().press(">>")
    }

    /// So many seconds later, nothing having been polled meanwhile.
    pub(super) fn later(&mut self, seconds: i64) -> &mut Self {
        let now = self.app.now + jiff::SignedDuration::from_secs(seconds);
        self.send(Msg::Tick(now))
    }

    /// So many seconds in which the vital had a value and everything else was as before.
    pub(super) fn lives(&mut self, seconds: i64, value: f64) -> &mut Self {
        for _ in 0..seconds / 5 {
            self.later(5).vital_for(5, value);
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
    Command { name: name.into(), text: text.into(), kind, argv: vec!["true".into()], timeout: Duration::from_secs(9) }
}

/// A state, the words of the sentence, and the name of the step; none to wait.
type Case = (&'static str, fn(&mut Cockpit) -> &mut Cockpit, &'static str, Option<&'static str>);

#[test]
fn from_an_empty_incident_to_a_closed_one() {
    let cases: &[Case] = &[
        ("nothing yet", |c| c, "Waiting for the first answers", None),
        ("calm", |c| c.calm(), "All is calm: nothing fires, the vital is in range", None),
        ("one source silent", |c| c.healthy(), "1 of 3 sources show nothing; am, deploys has not", None),
        ("one source lost", |c| c.calm().fail(CHANGES).fail(CHANGES), "deploys: refused", Some("TypeSymptom")),
        ("all lost", |c| c.fail(VITAL).fail(ALERTS).fail(CHANGES), "is UNKNOWN", Some("TypeSymptom")),
        ("vital lost", |c| c.calm().fail(VITAL).fail(VITAL), "checkout ok is UNKNOWN", Some("TypeSymptom")),
        (
            "a filter hides nothing",
            |c| c.calm().poll(ALERTS, firing(&["A"])).press("/zzz<enter>"),
            "A fires",
            Some("Acknowledge"),
        ),
        (
            "hurting",
            |c| c.hurting(),
            "checkout ok 90 % (should be ≥ 99.5 %). Say that you are on it",
            Some("Acknowledge"),
        ),
        ("acknowledged", |c| c.hurting().press(">"), "Take it as the first symptom", Some("TakeVital")),
        (
            "a change before",
            |c| {
                c.calm()
                    .poll(CHANGES, changes(&[("v2", ChangeKind::Deploy, "03:04:00")]))
                    .later(30)
                    .vital_for(25, 0.9)
                    .press(">>")
            },
            "Roll back checkout v2 (6 min before the onset",
            Some("Undo"),
        ),
        (
            "a schema change before",
            |c| {
                c.calm()
                    .poll(CHANGES, changes(&[("v2", ChangeKind::Schema, "03:04:00")]))
                    .later(30)
                    .vital_for(25, 0.9)
                    .press(">>")
            },
            "Add two hypotheses",
            Some("AddHypotheses"),
        ),
        (
            "a source is lost on the way",
            |c| c.worked_on().fail(CHANGES).fail(CHANGES),
            "deploys is lost since 0 s",
            Some("Note"),
        ),
        (
            "and said once",
            |c| c.worked_on().fail(CHANGES).fail(CHANGES).press(">seen<ctrl-s>"),
            "Add two hypotheses",
            Some("AddHypotheses"),
        ),
        ("no hypothesis", |c| c.worked_on(), "Add two hypotheses", Some("AddHypotheses")),
        ("one hypothesis", |c| c.worked_on().press("aone<enter><esc>"), "add a rival", Some("AddHypotheses")),
        (
            "cells open",
            |c| c.worked_on().press("aone<enter><esc>atwo<enter><esc>"),
            "2 cells are not assessed",
            Some("Fill"),
        ),
        (
            "leaders close",
            |c| c.worked_on().press("aone<enter>+").press("atwo<enter>+"),
            "The leaders are close",
            Some("AddSign"),
        ),
        (
            "a sign to look for",
            |c| {
                c.worked_on()
                    .press("aone<enter>+")
                    .press("atwo<enter>+")
                    .press("2tonly new pods<enter>")
                    .expects(0, 1, Cell::Must)
                    .expects(1, 1, Cell::Cannot)
            },
            "Look for s2 only new pods",
            Some("Settle"),
        ),
        ("one leads", |c| c.worked_on().press("aone<enter>#").press("atwo<enter>!"), "Refute it", Some("Refute")),
        ("runs, too early", |c| c.treated(30), "m1 runs, 4:30 left. What could cause this?", Some("AddHypotheses")),
        ("runs, comes back", |c| c.treated(30).lives(30, 1.0), "checkout ok in range 25 s, wait for 60 s", None),
        ("runs, held", |c| c.treated(30).lives(75, 1.0), "Mark it worked?", Some("Verify")),
        (
            "runs, past its deadline",
            |c| c.treated(305),
            "is past its deadline and checkout ok is 90 %: mark it failed?",
            Some("Fail"),
        ),
        (
            "past its deadline, blind",
            |c| c.treated(30).later(300),
            "is past its deadline and checkout ok is UNKNOWN",
            Some("Verify"),
        ),
        (
            "worked, not yet held",
            |c| c.treated(30).lives(30, 1.0).press("vwy<enter>"),
            "in range 25 s, wait for 60 s before you call it stanched",
            None,
        ),
        (
            "worked and held",
            |c| c.treated(30).lives(75, 1.0).press("vw<enter>"),
            "Vitals have held in range for 1 min: has the bleeding stopped?",
            Some("Status"),
        ),
        (
            "held, while a page fires",
            |c| c.treated(30).poll(ALERTS, firing(&["A"])).lives(75, 1.0),
            "in range 70 s, wait for 120 s",
            None,
        ),
        ("healed by itself", |c| c.worked_on().lives(75, 1.0), "has the bleeding stopped?", Some("Status")),
        ("stanched", |c| c.stopped(), "Impact stopped. What happened, in two sentences?", Some("Review")),
        (
            "stanched, hurts again",
            |c| c.stopped().lives(10, 0.9),
            "is 90 % again: is it bleeding again?",
            Some("Status"),
        ),
        ("stanched, not known", |c| c.stopped().later(60), "nobody would see it come back", Some("Note")),
        (
            "stanched, one still runs",
            |c| c.stopped().press("3mdrain eu<enter>vd<enter>").lives(20, 1.0),
            "m1 drain eu: checkout ok has held",
            Some("Verify"),
        ),
        ("two answers", |c| c.stopped().answered(2), "Why did it happen?", Some("Why")),
        ("all answers", |c| c.stopped().answered(11), "Add an action", Some("AddAction")),
        (
            "an action",
            |c| c.stopped().answered(11).press("5talert on pool<enter>"),
            "Close it when it is learned from.",
            Some("Status"),
        ),
        ("closed", |c| c.stopped().press("3Cy<enter><enter>"), "Closed.", None),
        (
            "closed, hurts again",
            |c| c.stopped().press("3Cy<enter><enter>").lives(10, 0.9),
            "is it bleeding again?",
            Some("Status"),
        ),
    ];
    for (name, play, words, step) in cases {
        let mut cockpit = Cockpit::new();
        play(&mut cockpit);
        let advice = cockpit.app.advice();
        assert!(advice.text.contains(words), "{name}: {:?} should say {words:?}", advice.text);
        let shown = advice.step.as_ref().map(|step| format!("{step:?}"));
        let found = shown.as_deref().map(|shown| shown.split(['(', ' ']).next().unwrap_or_default());
        assert_eq!(found, *step, "{name}: {:?}", advice.text);
        let calm = advice.text.contains("calm");
        assert!(!calm || cockpit.app.signals.answering() == (3, 3), "{name}: calm is said only when all answer");
    }
}

impl Cockpit {
    pub(super) fn stopped(&mut self) -> &mut Self {
        self.worked_on().lives(75, 1.0).press(">y<enter><enter>")
    }

    pub(super) fn answered(&mut self, count: usize) -> &mut Self {
        let all = Question::ALL.into_iter().take(count);
        let mut events: Vec<Event> = all.map(|question| Event::Answered { question, text: "so".into() }).collect();
        if count == Question::ALL.len() {
            events.push(Event::WhyAnswered { parent: None, text: "no review".into(), process: true });
        }
        let effects = self.app.record(events);
        self.carry_out(effects);
        self
    }
}

#[test]
fn nothing_is_offered_twice_until_something_changed() {
    let mut cockpit = Cockpit::new();
    cockpit.worked_on();
    let mut seen = Vec::new();
    while cockpit.app.advice().step.is_some() {
        let advice = cockpit.app.advice();
        assert!(!seen.contains(&advice), "again: {advice:?}");
        seen.push(advice);
        cockpit.press("><esc>").lives(5, 0.9);
        assert!(seen.len() < 50, "{seen:?}");
    }
    cockpit.says("checkout ok is 90 %: watch it");
    // A new symptom is something new.
    cockpit.press("spool full<enter>aleak<enter><esc>").says("add a rival");
}

#[test]
fn the_review_asks_on_after_five_and_a_question_left_is_passed_over() {
    let mut cockpit = Cockpit::new();
    cockpit.stopped();
    let mut asked = 0;
    while cockpit.app.advice().text.contains('?')
        && matches!(cockpit.app.advice().step, Some(Step::Review(_) | Step::Why(_)))
    {
        cockpit.press(if asked % 2 == 0 { ">because<enter><esc>" } else { "><esc>" }).lives(5, 1.0);
        asked += 1;
    }
    assert!(asked >= 8, "{asked}");
    cockpit.says("Add an action").press(">").press("alert on the pool<enter>");
    let open = 11 - cockpit.app.incident.answers.len();
    cockpit.says(&format!("{open} questions are open")).press("><esc>").lives(5, 1.0);
    assert_eq!(cockpit.app.advice().step, None, "and then it is silent");
}

#[test]
fn a_why_is_not_parked_for_what_has_happened() {
    let mut cockpit = Cockpit::new();
    let notice = |cockpit: &Cockpit| cockpit.app.notice.as_ref().map(|notice| notice.text.clone()).unwrap_or_default();
    cockpit.press("wwhy no canary<enter>");
    assert_eq!(notice(&cockpit), "parked until the bleeding has stopped");
    cockpit.stopped().press("wwhy no alert<enter>");
    assert_eq!(notice(&cockpit), "kept with the whys, for the review");
    cockpit.answered(2).says("Why did it happen?").press("><esc>").lives(5, 1.0);
    cockpit.says("You put a why aside: why no canary");
}

#[test]
fn a_step_that_changes_under_the_finger_is_not_done() {
    let mut cockpit = Cockpit::new();
    cockpit.poll(VITAL, curve("03:09:00", 5, &[1.0; 13])).poll(ALERTS, firing(&["CheckoutErrors"]));
    cockpit.poll(CHANGES, Data::Changes(Vec::new()));
    cockpit.app.settle();
    cockpit.says("Say that you are on it").press(">");
    // The frame shows what came of the key; that is what the next press does.
    cockpit.app.settle();
    cockpit.later(5).says("Take CheckoutErrors");
    // Another one fires in its place before the next frame is drawn.
    cockpit.poll(ALERTS, firing(&["CartErrors"])).press(">");
    let taken = |cockpit: &Cockpit| cockpit.app.incident.board.observations.len();
    let notice = cockpit.app.notice.as_ref().map(|notice| notice.text.clone()).unwrap_or_default();
    assert_eq!((taken(&cockpit), notice.as_str()), (0, "the next step has just changed: read it, then press again"));
    // It is on the screen now, but nobody has had time to read it. Words meant for the step that was refused are none.
    cockpit.press("mine is the pool");
    assert!(cockpit.app.overlay.is_none() && cockpit.app.view == View::Watch);
    cockpit.app.settle();
    cockpit.says("Take CartErrors").press(">");
    assert_eq!(taken(&cockpit), 0);
    cockpit.later(1).press(">");
    assert_eq!(taken(&cockpit), 1);
}
