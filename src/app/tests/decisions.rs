//! What a person decides: commands, status, and the step the coach names.

use super::*;

#[test]
fn a_command_runs_only_when_its_name_is_typed() {
    let mut config = config();
    config.commands.push(crate::config::Command {
        name: "rollback-checkout".into(),
        text: "Roll back checkout".into(),
        kind: crate::incident::MitigationKind::Rollback,
        reversible: Some(true),
        argv: vec!["kubectl".into(), "rollout".into(), "undo".into()],
        timeout: Duration::from_secs(30),
    });
    let mut cockpit = Cockpit::with(config);
    cockpit.press("3<enter>,wrong<enter>");
    assert!(cockpit.effects.is_empty());
    cockpit.press("<esc>").tick("03:10:02");
    assert!(cockpit.app.incident.mitigations.is_empty(), "looking at it proposes nothing");
    cockpit.press("<enter>,").press("rollback-checkout<enter>");
    assert!(matches!(cockpit.effects.as_slice(), [Effect::RunCommand { .. }]), "{:?}", cockpit.effects);
    assert_eq!(cockpit.app.incident.mitigations[0].state, MitigationState::Running);
}

#[test]
fn status_keys_ask_and_the_answer_is_another_key() {
    let mut cockpit = Cockpit::new();
    cockpit.press("3SSS");
    assert_eq!(cockpit.app.incident.summary.status, Status::Bleeding);
    cockpit.press("y<enter>");
    assert_eq!(cockpit.app.incident.summary.status, Status::Stanched);
}

#[test]
fn the_coach_says_one_step_after_the_other() {
    let mut cockpit = Cockpit::new();
    let says = |cockpit: &Cockpit, words: &str| {
        let text = cockpit.app.advice().text;
        assert!(text.contains(words), "{text:?} should say {words:?}");
    };
    says(&cockpit, "Waiting for the first answers");
    cockpit.poll(VITAL, curve("03:09:00", 5, &[1.0; 13])).poll(ALERTS, firing(&[]));
    says(&cockpit, "2 of 3 sources show nothing wrong; deploys has not answered yet");
    cockpit.poll(CHANGES, Data::Changes(Vec::new()));
    says(&cockpit, "All is calm");
    let change = Change {
        id: "d1".into(),
        kind: ChangeKind::Deploy,
        title: "checkout v2.3.1".into(),
        service: Some("checkout".into()),
        version: None,
        at: at("03:00:00"),
        who: None,
        undo: None,
        url: None,
    };
    cockpit.poll(CHANGES, Data::Changes(vec![change]));
    cockpit.poll(ALERTS, firing(&["CheckoutErrors"]));
    says(&cockpit, "Say that you are on it");
    cockpit.press(">");
    says(&cockpit, "Take CheckoutErrors as the first symptom");
    cockpit.press(">");
    says(&cockpit, "Roll back checkout v2.3.1 (6 min before the onset");
    cockpit.press(">,p<enter>");
    assert_eq!(cockpit.app.incident.mitigations[0].text, "Roll back checkout v2.3.1");
    says(&cockpit, "is proposed: run it");
    cockpit.tick("03:13:00");
    cockpit.as_before().poll(VITAL, curve("03:12:00", 5, &[1.0; 13]));
    says(&cockpit, "Add two hypotheses");
    cockpit.press(">typed<enter><esc>");
    says(&cockpit, "add a rival");
    cockpit.press(">other<enter><esc>");
    says(&cockpit, "Say what A, B expect of s1");
}

#[test]
fn a_vital_behind_a_dead_source_is_said_to_be_unknown() {
    let mut cockpit = Cockpit::new();
    cockpit.poll(VITAL, curve("03:09:00", 5, &[1.0; 13])).fail(VITAL).fail(VITAL);
    let text = cockpit.app.advice().text;
    assert!(text.contains("checkout ok is UNKNOWN"), "{text}");
}
