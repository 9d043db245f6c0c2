//! The coach as a table: a state of the incident, the sentence, and whether it has a step. From an empty incident to a
//! closed one, with what may go wrong on the way.

use super::*;
use crate::{
    app::{Step, act::Intent},
    config::Command,
    incident::{GuardAnswer, GuardQuestion, HypothesisState, MitigationKind, Question},
};

impl Cockpit {
    /// All sources answer, nothing hurts.
    fn calm(&mut self) -> &mut Self {
        self.healthy().poll(ALERTS, firing(&[])).poll(PROMETHEUS_ALERTS, firing(&[])).poll(CHANGES, changes(&[]))
    }

    /// The vital was in range for the last minute.
    fn healthy(&mut self) -> &mut Self {
        self.vital_for(60, 1.0)
    }

    /// The vital has had a value for the last seconds, a point every five.
    fn vital_for(&mut self, seconds: i64, value: f64) -> &mut Self {
        let start = self.app.now.as_millisecond() - seconds * 1000;
        let points = (0..=seconds / 5).map(|i| Point { t: start + i * 5000, v: value }).collect();
        let series = Series { name: "ok".into(), labels: Labels::default(), points };
        self.poll(VITAL, Data::Series(vec![series]))
    }

    /// It hurts, since half a minute, and someone is on it.
    fn hurting(&mut self) -> &mut Self {
        self.calm().later(30).vital_for(25, 0.9)
    }

    /// The same with someone on it and a first symptom.
    fn worked_on(&mut self) -> &mut Self {
        self.hurting().press(">>")
    }

    /// So many seconds later, nothing having been polled meanwhile.
    fn later(&mut self, seconds: i64) -> &mut Self {
        let now = self.app.now + jiff::SignedDuration::from_secs(seconds);
        self.send(Msg::Tick(now))
    }

    /// So many seconds in which the vital had a value and everything else was as before.
    fn lives(&mut self, seconds: i64, value: f64) -> &mut Self {
        for _ in 0..seconds / 5 {
            self.later(5).vital_for(5, value);
        }
        self
    }

    fn says(&mut self, words: &str) -> &mut Self {
        let text = self.app.advice().text;
        assert!(text.contains(words), "{text:?} should say {words:?}");
        self
    }

    /// What a row expects of a column, by their places.
    fn expects(&mut self, row: usize, column: usize, cell: Cell) -> &mut Self {
        let board = &self.app.incident.board;
        let (hypothesis, observation) = (board.hypotheses[row].id, board.observations[column].id);
        let effects = self.app.record(vec![Event::CellSet { hypothesis, observation, cell }]);
        self.carry_out(effects);
        self
    }

    /// A mitigation by hand that has run for so many seconds without effect.
    fn treated(&mut self, seconds: i64) -> &mut Self {
        self.worked_on().press("3mrestart the pods<enter>vd<enter>").lives(seconds, 0.9)
    }
}

fn changes(all: &[(&str, ChangeKind, &str)]) -> Data {
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

fn command(name: &str, text: &str, kind: MitigationKind) -> Command {
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
        ("five answers", |c| c.stopped().answered(5), "Why was that?", Some("Review")),
        ("all answers", |c| c.stopped().answered(16), "Add an action", Some("AddAction")),
        (
            "an action",
            |c| c.stopped().answered(16).press("5talert on pool<enter>"),
            "Close it when it is learned from.",
            Some("Status"),
        ),
        ("closed", |c| c.stopped().press("3Cy<enter>"), "Closed.", None),
        (
            "closed, hurts again",
            |c| c.stopped().press("3Cy<enter>").lives(10, 0.9),
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
    fn stopped(&mut self) -> &mut Self {
        self.worked_on().lives(75, 1.0).press(">y<enter>")
    }

    fn answered(&mut self, count: usize) -> &mut Self {
        let all = Question::ALL.into_iter().take(count);
        let events: Vec<Event> = all.map(|question| Event::Answered { question, text: "so".into() }).collect();
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
    while cockpit.app.advice().text.contains('?') && matches!(cockpit.app.advice().step, Some(Step::Review(_))) {
        cockpit.press(if asked % 2 == 0 { ">because<enter>" } else { "><esc>" }).lives(5, 1.0);
        asked += 1;
    }
    assert!(asked >= 8, "{asked}");
    cockpit.says("Add an action").press(">").press("alert on the pool<enter>");
    let open = 16 - cockpit.app.incident.answers.len();
    cockpit.says(&format!("{open} questions are open")).press("><esc>").lives(5, 1.0);
    assert_eq!(cockpit.app.advice().step, None, "and then it is silent");
}

#[test]
fn worked_while_it_hurts_asks_once_more_and_keeps_the_doubt() {
    let mut cockpit = Cockpit::new();
    cockpit.treated(30).poll(ALERTS, firing(&["CheckoutErrors"])).press("vw");
    let Some(Overlay::Choice(choice)) = &cockpit.app.overlay else { panic!("a question") };
    assert_eq!(choice.about, ["checkout ok is 90 %; CheckoutErrors still fires"]);
    cockpit.press("ylooks fine<enter>");
    let m = &cockpit.app.incident.mitigations[0];
    assert_eq!(m.state, MitigationState::Worked, "never blocked");
    assert_eq!(m.reason(), "looks fine (said while checkout ok is 90 %; CheckoutErrors still fires)");
}

#[test]
fn the_impact_stopped_when_the_vital_came_back_not_when_it_was_said() {
    let mut cockpit = Cockpit::new();
    cockpit.worked_on();
    let onset = cockpit.app.incident.onset().expect("an onset");
    cockpit.lives(60, 0.9).lives(600, 1.0).press(">y<enter>");
    let times = crate::incident::report::Times::of(&cockpit.app.incident);
    let seconds = times.seconds_to_mitigate.expect("a time");
    assert!((80..100).contains(&seconds), "{seconds} s after {onset}");
    assert!(times.stanched.is_some_and(|moment| moment.how.contains("in range since")));
    // It bleeds again since it left its range.
    cockpit.lives(30, 0.9).press(">y<enter>");
    assert_eq!(cockpit.app.incident.status, Status::Bleeding);
    let again = cockpit.app.incident.status_history.last().expect("a turn").at;
    assert!(cockpit.app.now.duration_since(again).as_secs() >= 25);
}

#[test]
fn a_change_that_wrote_is_offered_only_after_a_no() {
    let migrated = changes(&[("migration", ChangeKind::Schema, "03:04:00")]);
    for (answer, offered) in [('y', false), ('u', false), ('n', true)] {
        let mut cockpit = Cockpit::new();
        cockpit.calm().poll(CHANGES, migrated.clone()).later(30).vital_for(25, 0.9).press("3<enter>");
        assert!(matches!(cockpit.app.overlay, Some(Overlay::Choice(_))), "asked first");
        cockpit.press(&answer.to_string());
        assert_eq!(matches!(cockpit.app.overlay, Some(Overlay::Guard(_))), offered, "{answer}");
        let change = cockpit.app.incident.changes[0].change.clone();
        assert_eq!(cockpit.app.incident.may_go_back(&change), offered);
        assert!(cockpit.app.incident.mitigations.is_empty());
    }
}

#[test]
fn the_guard_keeps_what_was_said_and_proposes_nothing() {
    let mut config = config();
    config.commands.push(command("rollback-checkout", "Roll back checkout", MitigationKind::Rollback));
    let mut cockpit = Cockpit::with(config);
    let deploys = changes(&[("v2", ChangeKind::Deploy, "03:04:00"), ("v1", ChangeKind::Deploy, "01:04:00")]);
    cockpit.calm().poll(CHANGES, deploys).later(30).vital_for(25, 0.9).press(">>>");
    cockpit.press("yns<esc>").lives(5, 0.9);
    assert!(cockpit.app.incident.mitigations.is_empty(), "asking is not proposing");
    let said = &cockpit.app.incident.change_guards["v2"];
    assert_eq!(said[&GuardQuestion::LastGood].text, "checkout v1, which ran for 2 h 00");
    assert_eq!(said[&GuardQuestion::ChangedSince].answer, GuardAnswer::No);
    assert_eq!(said[&GuardQuestion::Tested].answer, GuardAnswer::Skipped);
    // Opened again it stands at what is open; three minutes; the name; Esc leaves and nothing is proposed.
    cockpit.press("3gg<enter>3");
    assert!(matches!(cockpit.app.overlay, Some(Overlay::Prompt(_))), "{:?}", cockpit.app.overlay);
    cockpit.press("<esc>").lives(5, 0.9);
    assert!(cockpit.app.incident.mitigations.is_empty());
    cockpit.press("<enter>rollback-checkout<enter>");
    let m = &cockpit.app.incident.mitigations[0];
    assert_eq!((m.state, m.minutes, m.vital.as_deref()), (MitigationState::Running, Some(3), Some("checkout ok")));
    assert_eq!(m.guard.len(), 4);
    let running = cockpit.app.running();
    assert_eq!(running[0].left(cockpit.app.now), 180);
    let Some(Effect::RunCommand { env, .. }) = cockpit.effects.last() else { panic!("it runs") };
    let value = |name: &str| env.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    assert_eq!(value("STANCH_SERVICE"), Some("checkout"));
    assert_eq!(value("STANCH_CHANGE"), Some("v2"));
    assert_eq!(value("STANCH_VITAL_VALUE"), Some("0.9"));
    let replayed = Incident::replay(cockpit.log.clone());
    assert_eq!(replayed.mitigations, cockpit.app.incident.mitigations);
}

#[test]
fn words_typed_in_the_guard_survive_esc() {
    let mut cockpit = Cockpit::new();
    cockpit.calm().poll(CHANGES, changes(&[("v2", ChangeKind::Deploy, "03:04:00")])).later(30).vital_for(25, 0.9);
    cockpit.press(">>>").press("<enter> or the one before<esc>").lives(5, 0.9);
    assert!(cockpit.app.overlay.is_none());
    cockpit.press("3<enter><enter>");
    let Some(Overlay::Guard(sheet)) = &cockpit.app.overlay else { panic!("the guard") };
    let text = sheet.field.as_ref().expect("a field").text();
    assert!(text.ends_with(" or the one before"), "{text}");
}

#[test]
fn a_failure_goes_on_the_board_with_one_key() {
    let mut cockpit = Cockpit::new();
    cockpit.worked_on().press("aleak<enter>+").press("abad host<enter>+").lives(5, 0.9);
    let row = cockpit.app.incident.board.hypotheses[0].id;
    let intent = Intent {
        id: crate::incident::Id::small(77),
        text: "Restart checkout".into(),
        kind: MitigationKind::Restart,
        hypothesis: Some(row),
        command: None,
        change: None,
        skipped: false,
    };
    let effects = cockpit.app.begun(&intent, MitigationState::Running, String::new());
    cockpit.carry_out(effects);
    cockpit.lives(305, 0.9).says("mark it failed?").press(">e");
    let board = &cockpit.app.incident.board;
    let seen = board.observations.last().expect("a column");
    assert_eq!(cockpit.app.incident.mitigations[0].state, MitigationState::Failed);
    assert_eq!(seen.state, ObservationState::Present);
    assert!(seen.text.starts_with("Restart checkout at 03:10: still bleeding at 03:15"), "{}", seen.text);
    assert_eq!(board.cell(row, seen.id), Cell::Cannot);
    let leader = cockpit.app.incident.ranking.leader().map(|row| row.id);
    assert_eq!(leader, Some(RowId::Named(board.hypotheses[1].id)));
}

#[test]
fn what_is_rejected_keeps_its_reason() {
    let mut cockpit = Cockpit::new();
    cockpit.press("3mfail over to eu<enter>vn").press("<enter>");
    assert!(cockpit.app.overlay.is_some(), "a reason is asked for");
    cockpit.press("eu is full<enter>");
    let m = &cockpit.app.incident.mitigations[0];
    assert_eq!((m.state, m.reason()), (MitigationState::Rejected, "eu is full"));
    assert!(cockpit.app.what_to_try().is_empty());
}

#[test]
fn what_to_try_says_why() {
    let mut config = config();
    config.commands.push(command("banner-off", "Take the banner down", MitigationKind::FlagOff));
    config.commands.push(command("rollback-checkout", "Roll back checkout", MitigationKind::Rollback));
    let mut cockpit = Cockpit::with(config);
    let deploys = changes(&[("v2", ChangeKind::Deploy, "03:04:00")]);
    cockpit.calm().poll(CHANGES, deploys).later(30).vital_for(25, 0.9);
    let first = |cockpit: &Cockpit| cockpit.app.what_to_try()[0].clone();
    assert_eq!(
        first(&cockpit).why,
        "as likely to help as not · about 5 min · can be taken back",
        "a late change is suspected"
    );
    cockpit.press(">>abad deploy checkout v2<enter>#").press("abanner of autumn<enter>+").lives(5, 0.9);
    let order = cockpit.app.what_to_try();
    assert!(order[0].why.contains("(B) · about 1 min"), "quick and nearly as likely: {order:?}");
    let row = cockpit.app.incident.board.hypotheses[1].id;
    let state = HypothesisState::Refuted;
    let effects = cockpit.app.record(vec![Event::HypothesisSet { hypothesis: row, state, reason: "off".into() }]);
    cockpit.carry_out(effects);
    assert!(first(&cockpit).why.contains("(A) · about 5 min"), "{:?}", first(&cockpit));
}

#[test]
fn a_why_is_not_parked_for_what_has_happened() {
    let mut cockpit = Cockpit::new();
    let notice = |cockpit: &Cockpit| cockpit.app.notice.as_ref().map(|notice| notice.text.clone()).unwrap_or_default();
    cockpit.press("wwhy no canary<enter>");
    assert_eq!(notice(&cockpit), "parked until the bleeding has stopped");
    cockpit.stopped().press("wwhy no alert<enter>");
    assert_eq!(notice(&cockpit), "kept with the whys, for the review");
    cockpit.answered(2).says("Why did it happen? You parked: why no canary");
}

#[test]
fn skipping_all_is_recorded_with_what_was_done() {
    let mut cockpit = Cockpit::new();
    cockpit.calm().poll(CHANGES, changes(&[("v2", ChangeKind::Deploy, "03:04:00")])).later(30).vital_for(25, 0.9);
    cockpit.press(">>>,").lives(5, 0.9);
    assert!(cockpit.app.incident.mitigations.is_empty(), "nothing was decided yet");
    cockpit.press("d");
    let m = &cockpit.app.incident.mitigations[0];
    assert_eq!((m.state, m.guard.len()), (MitigationState::Running, 4));
    assert!(m.guard.values().all(|reply| reply.answer == GuardAnswer::Skipped));
}

#[test]
fn two_that_run_are_both_watched() {
    let mut cockpit = Cockpit::new();
    cockpit.treated(60).press("3mdrain eu<enter>").lives(5, 0.9).press(">d<enter>").lives(5, 0.9);
    let labels: Vec<String> = cockpit.app.running().into_iter().map(|running| running.label).collect();
    assert_eq!(labels, ["m1", "m2"], "the nearest deadline first");
    cockpit.says("2 run, 3:50 left.");
    cockpit.lives(240, 0.9).says("m1 restart the pods is past its deadline").press(">f<enter>");
    assert_eq!(cockpit.app.running().len(), 1);
    cockpit.lives(75, 1.0).says("m2 drain eu: checkout ok has held in range");
}

#[test]
fn a_time_to_detect_that_is_the_alert_itself_is_not_known() {
    let times = |cockpit: &Cockpit| crate::incident::report::Times::of(&cockpit.app.incident);
    let mut cockpit = Cockpit::new();
    cockpit.poll(ALERTS, firing(&["A"]));
    assert_eq!(cockpit.app.incident.onset(), Some(at("03:06:00")));
    assert_eq!(times(&cockpit).seconds_to_detect, None);
    cockpit.press("O03:04<enter>");
    assert_eq!(times(&cockpit).seconds_to_detect, Some(120), "a person knows better");
}

#[test]
fn a_command_left_running_is_not_said_to_be_stopped() {
    let mut cockpit = Cockpit::new();
    cockpit.treated(5);
    let end = |output: &str| crate::app::CommandEnd {
        mitigation: cockpit.app.incident.mitigations[0].id,
        argv: vec!["rollback".into()],
        exit: None,
        output: output.into(),
        seconds: 3.0,
    };
    let left = end("1 of 3\nthe cockpit was closed; the command was left running");
    cockpit.send(Msg::CommandEnded(left));
    let notes = crate::incident::report::markdown(&cockpit.app.incident);
    assert!(notes.contains("which was left running when the cockpit was closed after 3.0 s"), "{notes}");
    assert!(!notes.contains("was stopped or"), "{notes}");
}
