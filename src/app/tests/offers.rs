//! What the coach offers: never twice, never blindly, and what comes of taking it up.

use proptest::prelude::*;

use super::{played::changes, *};
use crate::{
    app::{Step, act::order, coach::beside_act},
    incident::{HypothesisState, Status},
};

#[test]
fn nothing_is_offered_twice_until_something_changed() {
    let mut cockpit = Cockpit::new();
    cockpit.worked_on();
    let mut seen = Vec::new();
    while cockpit.app.advice().step.is_some() {
        let advice = cockpit.app.advice();
        assert!(!seen.contains(&advice), "again: {advice:?}");
        seen.push(advice);
        cockpit.press("<not-now>").lives(5, 0.9);
        assert!(seen.len() < 50, "{seen:?}");
    }
    cockpit.says("checkout ok is 90 %: watch it");
    // A new symptom is something new.
    cockpit.press("spool full<enter>aleak<enter><esc>").says("add a rival");
}

/// What a person may do between two steps of the coach.
const DOINGS: [&str; 22] = [
    "sspool full<enter>",
    "ssdisk slow<enter>",
    "aleak<enter>#",
    "adeploy<enter>!",
    "adns<enter><esc>",
    "2tonly new pods<enter>",
    "2#",
    "2!",
    "2.",
    "2j",
    "2k",
    "2l",
    "2h",
    "2lvp<enter>",
    "2vano<enter>",
    "2xit was not<enter>",
    "2iall: the clock is right<enter>",
    "2igateway is up<enter>",
    "2P<enter>b<enter><esc>",
    "2cyseen<enter>",
    "3mrestart it<enter>vd<enter>",
    "3vfno<enter>1<enter>",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever was done before: taking up each step and leaving it comes to an end, and no step comes twice as things
    /// stand. That a mitigation has had its time is something new.
    #[test]
    fn left_is_left(doings in prop::collection::vec((0..DOINGS.len(), 0..3_usize, 0..240_i64), 0..14)) {
        let mut cockpit = Cockpit::new();
        cockpit.worked_on();
        for (doing, leaves, seconds) in doings {
            cockpit.leave(leaves).press(DOINGS[doing]).later(1).press("<esc>").later(1).press("<esc>");
            cockpit.lives(seconds, 0.9);
        }
        let mut seen = Vec::new();
        while let Some(step) = cockpit.app.advice().step {
            let late = |id| cockpit.app.incident.mitigations.iter().any(|m| m.id == id && m.deadline() <= Some(cockpit.app.session.now));
            let late = matches!(step, Step::Verify(id) | Step::Fail(id) if late(id));
            prop_assert!(!seen.contains(&(step.clone(), late)), "{step:?} again, after {seen:?}");
            seen.push((step, late));
            prop_assert!(seen.len() < 60, "{seen:?}");
            cockpit.press("><esc><not-now>").later(2).vital_for(5, 0.9);
        }
    }
}

#[test]
fn the_sign_that_would_prove_it_wrong_is_added_with_what_it_means() {
    let mut cockpit = Cockpit::new();
    cockpit.two("#.").leave(1).says("what would you see if it were wrong?").press(">old pods fail too<enter>");
    let board = &cockpit.app.incident.board;
    let (row, sign) = (board.hypotheses[0].id, &board.observations[1]);
    assert_eq!((sign.text.as_str(), sign.state), ("old pods fail too", ObservationState::Untested));
    assert_eq!(board.cell(row, sign.id), Cell::Cannot);
    cockpit.says("Look for s2 old pods fail too: it could prove A wrong.").press("u");
    assert_eq!(cockpit.app.incident.board.observations.len(), 1, "one undo takes back both");
}

#[test]
fn confirming_says_what_speaks_against_it_and_forbids_nothing() {
    let warned = |play: fn(&mut Cockpit) -> &mut Cockpit| {
        let mut cockpit = Cockpit::new();
        play(&mut cockpit).press("c");
        let Some(Overlay::Choice(choice)) = &cockpit.app.screen.overlay else { panic!("it asks") };
        let about = choice.about.join(" ");
        cockpit.press("ybecause<enter>");
        assert_eq!(cockpit.app.incident.board.hypotheses[0].state, HypothesisState::Confirmed);
        about
    };
    let about = warned(|c| c.worked_on().press("aone<enter>#2"));
    assert_eq!(about, "No rival was ever considered. Nothing on the board could have proved it wrong.");
    let about = warned(|c| c.two("++").sign("old pods too", ObservationState::Absent, "#X"));
    assert!(about.contains("No sign is present that only this row expects"), "{about}");
    assert!(about.contains("Against it: old pods too: expected for certain, yet it is not there."), "{about}");
    let about = warned(|c| c.two("#.").sign("old pods too", ObservationState::Absent, "X."));
    assert_eq!(about, "", "it explains what no rival does, and could have failed");
    let about = warned(|c| c.two(".#").press("2j"));
    assert!(about.starts_with("No sign is present that it expects."), "{about}");
    let about =
        warned(|c| c.two("#.").sign("x", ObservationState::Absent, "X.").press("2icached<enter>P<enter>b<enter><esc>"));
    assert_eq!(about, "It takes for granted what is broken: cached.");
}

#[test]
fn without_vitals_live_alerts_propose_that_it_has_stopped() {
    let mut cockpit = Cockpit::with(Config { vitals: Vec::new(), ..config() });
    // The queries are one fewer: there is no vital to ask for.
    let (alerts, behind, changed) = (ALERTS - 1, PROMETHEUS_ALERTS - 1, CHANGES - 1);
    let polled = |cockpit: &mut Cockpit, names: &[&str], seconds: i64| {
        for _ in 0..seconds / 5 {
            cockpit.later(5).poll(alerts, firing(names)).poll(behind, firing(&[])).poll(changed, changes(&[]));
        }
    };
    polled(&mut cockpit, &["CheckoutErrors"], 10);
    cockpit.press(">>");
    polled(&mut cockpit, &[], 290);
    let stanches = |cockpit: &Cockpit| cockpit.app.advice().step == Some(Step::Status(Status::Stanched));
    assert!(!stanches(&cockpit), "{:?}", cockpit.app.advice());
    polled(&mut cockpit, &[], 30);
    cockpit.says("Nothing critical has fired for 5 min, as far as live alerts tell").says("Has the bleeding stopped?");
    assert!(stanches(&cockpit));
    // A source that does not answer tells nothing.
    cockpit.fail(alerts).fail(alerts);
    assert!(!stanches(&cockpit), "{:?}", cockpit.app.advice());
    polled(&mut cockpit, &[], 5);
    assert!(stanches(&cockpit));
    // Left, it is not said again until something fires.
    cockpit.press("<not-now>");
    polled(&mut cockpit, &[], 130);
    assert!(!stanches(&cockpit));
    polled(&mut cockpit, &["CheckoutErrors"], 10);
    assert!(!stanches(&cockpit));
    polled(&mut cockpit, &[], 330);
    assert!(stanches(&cockpit), "{:?}", cockpit.app.advice());
}

#[test]
fn the_review_asks_on_after_five_and_a_question_left_is_passed_over() {
    let mut cockpit = Cockpit::new();
    cockpit.stopped();
    let mut asked = 0;
    while cockpit.app.advice().text.contains('?')
        && matches!(cockpit.app.advice().step, Some(Step::Review(_) | Step::Why(_)))
    {
        cockpit.press(if asked % 2 == 0 { ">because<enter><esc>" } else { "<not-now>" }).lives(5, 1.0);
        asked += 1;
    }
    assert!(asked >= 8, "{asked}");
    cockpit.says("Add an action").press(">").press("alert on the pool<enter>");
    let open = 11 - cockpit.app.incident.answers.len();
    cockpit.says(&format!("{open} questions are open")).press("<not-now>").lives(5, 1.0);
    assert_eq!(cockpit.app.advice().step, None, "and then it is silent");
}

#[test]
fn a_why_is_not_parked_for_what_has_happened() {
    let mut cockpit = Cockpit::new();
    let notice =
        |cockpit: &Cockpit| cockpit.app.screen.notice.as_ref().map(|notice| notice.text.clone()).unwrap_or_default();
    cockpit.press("wwhy no canary<enter>");
    assert_eq!(notice(&cockpit), "parked until the bleeding has stopped");
    cockpit.stopped().press("wwhy no alert<enter>");
    assert_eq!(notice(&cockpit), "kept with the whys, for the review");
    cockpit.answered(2).says("Why did it happen?").press("<not-now>").lives(5, 1.0);
    cockpit.says("You put a why aside: why no canary");
}

#[test]
fn a_step_that_changes_under_the_finger_is_not_done() {
    let mut cockpit = Cockpit::new();
    cockpit.poll(VITAL, curve("03:09:00", 5, &[1.0; 13])).poll(ALERTS, firing(&["CheckoutErrors"]));
    cockpit.poll(CHANGES, Data::Changes(Vec::new()));
    cockpit.app.prepare_frame();
    cockpit.says("Say that you are on it").press(">");
    // The frame shows what came of the key; that is what the next press does.
    cockpit.app.prepare_frame();
    cockpit.later(5).says("Take CheckoutErrors");
    // Another one fires in its place before the next frame is drawn.
    cockpit.poll(ALERTS, firing(&["CartErrors"])).press(">");
    let taken = |cockpit: &Cockpit| cockpit.app.incident.board.observations.len();
    let notice = cockpit.app.screen.notice.as_ref().map(|notice| notice.text.clone()).unwrap_or_default();
    assert_eq!((taken(&cockpit), notice.as_str()), (0, "the next step has just changed: read it, then press again"));
    // It is on the screen now, but nobody has had time to read it. Words meant for the step that was refused are none.
    cockpit.press("mine is the pool");
    assert!(cockpit.app.screen.overlay.is_none() && cockpit.app.screen.view == View::Watch);
    cockpit.app.prepare_frame();
    cockpit.says("Take CartErrors").press(">");
    assert_eq!(taken(&cockpit), 0);
    cockpit.later(1).press(">");
    assert_eq!(taken(&cockpit), 1);
}

#[test]
fn what_stops_the_bleeding_is_asked_once_a_leader() {
    let mut cockpit = Cockpit::new();
    cockpit.two("#.");
    let asks = |cockpit: &Cockpit| cockpit.app.advice().text.contains("what stops the bleeding if it is true?");
    let mut left = 0;
    while !asks(&cockpit) {
        cockpit.leave(1);
        left += 1;
        assert!(left < 20, "{:?}", cockpit.app.advice());
    }
    cockpit.press(">restart the pods<enter>").lives(5, 0.9).says("restart the pods is proposed");
    while cockpit.app.advice().step.is_some() {
        cockpit.leave(1);
        assert!(!asks(&cockpit), "it was answered");
    }
}

#[test]
fn why_the_coach_says_something_else_than_act_has_first() {
    let why_another = |app: &App| beside_act::why_another(app, order::what_to_try(app.facts()).first()?);
    let mut cockpit = Cockpit::new();
    cockpit.worked_on().press("3mrestart it<enter><esc>").lives(130, 0.9);
    let first = why_another(&cockpit.app);
    assert_eq!(
        first.as_deref(),
        Some("the coach waits for evidence that one of them helps"),
        "{:?}",
        cockpit.app.advice()
    );
    cockpit.press("vd<enter>").lives(5, 0.9).press("mclear the cache<enter><esc>").lives(130, 0.9);
    let running = why_another(&cockpit.app);
    assert!(
        running.is_some_and(|why| why.starts_with("the coach waits for what m1 shows")),
        "{:?}",
        cockpit.app.advice()
    );
}
