//! The Act view: the guard, deadlines, doubts, failures as evidence, what to try, when the impact stopped.

use super::{
    played::{changes, command},
    *,
};
use crate::{
    app::{
        Intent,
        act::{order, verify},
        commands,
    },
    incident::{GuardAnswer, GuardQuestion, HypothesisState, MitigationKind},
};

#[test]
fn worked_while_it_hurts_asks_once_more_and_keeps_the_doubt() {
    let mut cockpit = Cockpit::new();
    cockpit.treated(30).poll(ALERTS, firing(&["CheckoutErrors"])).press("vw");
    let Some(Overlay::Choice(choice)) = &cockpit.app.screen.overlay else { panic!("a question") };
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
    cockpit.lives(60, 0.9).lives(600, 1.0).press(">y<enter><enter>");
    let times = crate::incident::report::Times::of(&cockpit.app.incident);
    let seconds = times.seconds_to_mitigate.expect("a time");
    assert!((80..100).contains(&seconds), "{seconds} s after {onset}");
    assert!(times.stanched.is_some_and(|moment| moment.how.contains("in range since")));
    // It bleeds again since it left its range.
    cockpit.lives(30, 0.9).press(">y<enter><enter>");
    assert_eq!(cockpit.app.incident.summary.status, Status::Bleeding);
    let again = cockpit.app.incident.status_history.last().expect("a turn").at;
    assert!(cockpit.app.session.now.duration_since(again).as_secs() >= 25);
}

#[test]
fn a_change_that_wrote_is_offered_only_after_a_no() {
    let migrated = changes(&[("migration", ChangeKind::Schema, "03:04:00")]);
    for (answer, offered) in [('y', false), ('u', false), ('n', true)] {
        let mut cockpit = Cockpit::new();
        cockpit.calm().poll(CHANGES, migrated.clone()).later(30).vital_for(25, 0.9).press("3<enter>");
        assert!(matches!(cockpit.app.screen.overlay, Some(Overlay::Choice(_))), "asked first");
        cockpit.press(&format!("{answer}<enter>"));
        assert_eq!(matches!(cockpit.app.screen.overlay, Some(Overlay::Guard(_))), offered, "{answer}");
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
    assert!(matches!(cockpit.app.screen.overlay, Some(Overlay::Prompt(_))), "{:?}", cockpit.app.screen.overlay);
    cockpit.press("<esc>").lives(5, 0.9);
    assert!(cockpit.app.incident.mitigations.is_empty());
    cockpit.press("<enter>rollback-checkout<enter>");
    let m = &cockpit.app.incident.mitigations[0];
    assert_eq!((m.state, m.minutes, m.vital.as_deref()), (MitigationState::Running, Some(3), Some("checkout ok")));
    assert_eq!(m.guard.len(), 4);
    let running = verify::running(&cockpit.app.incident);
    assert_eq!(running[0].left(cockpit.app.session.now), 180);
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
    assert!(cockpit.app.screen.overlay.is_none());
    cockpit.press("3<enter><enter>");
    let Some(Overlay::Guard(sheet)) = &cockpit.app.screen.overlay else { panic!("the guard") };
    let text = sheet.field.as_ref().expect("a field").text();
    assert!(text.ends_with(" or the one before"), "{text}");
}

#[test]
fn a_failure_goes_on_the_board_with_one_key() {
    let mut cockpit = Cockpit::new();
    cockpit.worked_on().press("agremlins<enter>+").press("abad host<enter>+").lives(5, 0.9);
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
    let drafts = commands::verify::begun(&mut cockpit.app, &intent, MitigationState::Running, String::new());
    let effects = cockpit.app.record_drafts(drafts);
    cockpit.carry_out(effects);
    cockpit.lives(305, 0.9).says("mark it failed?").press(">e<enter>");
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
    assert!(cockpit.app.screen.overlay.is_some(), "a reason is asked for");
    cockpit.press("eu is full<enter>");
    let m = &cockpit.app.incident.mitigations[0];
    assert_eq!((m.state, m.reason()), (MitigationState::Rejected, "eu is full"));
    assert!(order::what_to_try(cockpit.app.facts()).is_empty());
}

#[test]
fn what_to_try_says_why() {
    let mut config = config();
    config.commands.push(command("banner-off", "Take the banner down", MitigationKind::FlagOff));
    config.commands.push(command("rollback-checkout", "Roll back checkout", MitigationKind::Rollback));
    let mut cockpit = Cockpit::with(config);
    let deploys = changes(&[("v2", ChangeKind::Deploy, "03:04:00")]);
    cockpit.calm().poll(CHANGES, deploys).later(30).vital_for(25, 0.9);
    let first = |cockpit: &Cockpit| order::what_to_try(cockpit.app.facts())[0].clone();
    assert_eq!(
        first(&cockpit).why,
        "as likely to help as not · about 5 min · can be taken back",
        "a late change is suspected"
    );
    cockpit.press(">>abad deploy checkout v2<ctrl-s>#").press("abanner of autumn<enter>+").lives(5, 0.9);
    let order = order::what_to_try(cockpit.app.facts());
    assert!(order[0].why.contains("(B) · about 1 min"), "quick and nearly as likely: {order:?}");
    let row = cockpit.app.incident.board.hypotheses[1].id;
    let state = HypothesisState::Refuted;
    let effects = cockpit.app.record(vec![Event::HypothesisSet { hypothesis: row, state, reason: "off".into() }]);
    cockpit.carry_out(effects);
    assert!(first(&cockpit).why.contains("(A) · about 5 min"), "{:?}", first(&cockpit));
}

#[test]
fn skipping_all_is_recorded_with_what_was_done() {
    let mut cockpit = Cockpit::new();
    cockpit.calm().poll(CHANGES, changes(&[("v2", ChangeKind::Deploy, "03:04:00")])).later(30).vital_for(25, 0.9);
    cockpit.press(">>>,").lives(5, 0.9);
    assert!(cockpit.app.incident.mitigations.is_empty(), "nothing was decided yet");
    cockpit.press("d<enter>");
    let m = &cockpit.app.incident.mitigations[0];
    assert_eq!((m.state, m.guard.len()), (MitigationState::Running, 4));
    assert!(m.guard.values().all(|reply| reply.answer == GuardAnswer::Skipped));
}

#[test]
fn two_that_run_are_both_watched() {
    let mut cockpit = Cockpit::new();
    cockpit.treated(60).press("3mdrain eu<enter>").lives(5, 0.9).press(">d<enter><enter>").lives(5, 0.9);
    let labels: Vec<String> = verify::running(&cockpit.app.incident).into_iter().map(|running| running.label).collect();
    assert_eq!(labels, ["m1", "m2"], "the nearest deadline first");
    cockpit.says("2 run, 3:50 left.");
    cockpit.lives(240, 0.9).says("m1 restart the pods is past its deadline").press(">f<enter><enter>");
    assert_eq!(verify::running(&cockpit.app.incident).len(), 1);
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
