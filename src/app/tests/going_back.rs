//! What is gone back on, what is tried, and what comes of it: which change, which symptom, when again, and as what
//! evidence.

use super::{
    played::{changes, command},
    *,
};
use crate::{
    app::causes,
    incident::{MitigationKind, Prior},
};

/// Deploys of checkout: a version and a time.
fn rollouts(all: &[(&str, &str)]) -> Data {
    let Data::Changes(mut changes) = changes(&[]) else { return changes(&[]) };
    let one = |(nth, (version, time)): (usize, &(&str, &str))| Change {
        id: nth.to_string(),
        kind: ChangeKind::Deploy,
        title: format!("checkout {version}"),
        service: Some("checkout".into()),
        version: Some((*version).into()),
        at: at(time),
        who: None,
        undo: None,
        url: None,
    };
    changes.extend(all.iter().enumerate().map(one));
    changes.reverse();
    Data::Changes(changes)
}

/// Alerts that page: a name, its service, since when.
fn pages(all: &[(&str, &str, &str)]) -> Data {
    let one = |(name, service, since): &(&str, &str, &str)| Alert {
        muted_for: Vec::new().into(),
        id: (*name).into(),
        labels: Labels::of([("alertname", *name), ("service", *service)]),
        summary: "".into(),
        state: AlertState::Firing,
        severity: Severity::Critical,
        starts_at: at(since),
        receivers: Arc::from([]),
        links: AlertLinks::default(),
        inhibited_by: Arc::from([]),
    };
    let named = |alert: &Alert| {
        let name: Arc<str> = alert.labels.get("alertname").unwrap_or_default().into();
        (name.clone(), name)
    };
    Data::Alerts(AlertSet::grouped(all.iter().map(one).collect(), named))
}

impl Cockpit {
    fn records(&mut self, events: Vec<Event>) -> Vec<Id> {
        let drafts: Vec<_> = events.into_iter().map(|event| self.app.draft(event)).collect();
        let ids = drafts.iter().map(|draft| draft.id).collect();
        let effects = self.app.record_drafts(drafts);
        self.carry_out(effects);
        ids
    }

    /// A mitigation for a row that runs from now on.
    fn treats(&mut self, text: &str, hypothesis: Option<Id>) -> Id {
        let (mitigation_kind, command, change) = (MitigationKind::Restart, None, None);
        let added = Event::MitigationAdded { text: text.into(), mitigation_kind, hypothesis, command, change };
        let id = self.records(vec![added])[0];
        let state = MitigationState::Running;
        self.records(vec![Event::MitigationSet { mitigation: id, state, note: String::new(), when: None }]);
        id
    }
}

#[test]
fn a_rollback_in_the_feed_is_not_rolled_back_nor_is_what_it_took_back() {
    let told = |deploys: &[(&str, &str)]| {
        let mut cockpit = Cockpit::new();
        cockpit.calm().poll(CHANGES, rollouts(deploys)).later(30).as_before().vital_for(25, 0.9).press(">>");
        cockpit.app.advice().text
    };
    let (good, bad) = (("v2.7.3", "01:00:00"), ("v2.8.0", "03:05:00"));
    assert!(told(&[good, bad]).contains("Roll back checkout v2.8.0 ("));
    let text = told(&[good, bad, ("v2.7.3", "03:07:00")]);
    assert!(text.contains("Add two hypotheses"), "{text}");
}

#[test]
fn the_guard_says_what_speaks_against_going_back() {
    let mut cockpit = Cockpit::new();
    let deploys = rollouts(&[("v2.7.3", "01:00:00"), ("v2.8.0", "03:05:00"), ("v2.7.3", "03:07:00")]);
    cockpit.calm().poll(CHANGES, deploys);
    let intent = |cockpit: &mut Cockpit, change: &str| {
        crate::app::commands::intent::intent_to_undo(&mut cockpit.app, change).expect("an intent")
    };
    let (bad, back) = (intent(&mut cockpit, "1"), intent(&mut cockpit, "2"));
    let facts = cockpit.app.facts();
    let caution = |intent| crate::app::act::hint::caution(facts, intent).unwrap_or_default();
    assert_eq!(caution(&bad), "checkout v2.8.0 does not run any more: checkout v2.7.3 took its place at 03:07");
    assert!(caution(&back).contains("is a rollback of checkout v2.8.0"), "{}", caution(&back));
}

#[test]
fn what_was_done_here_is_no_cause_and_a_change_that_fits_is_a_common_one() {
    let mut cockpit = Cockpit::new();
    let deploys = [("v2.7.3", "01:00:00"), ("v2.8.0", "03:05:00"), ("v2.7.3", "03:10:50")];
    cockpit.calm().poll(CHANGES, rollouts(&deploys[..2])).later(30).as_before().vital_for(25, 0.9).press(">>");
    cockpit.treats("Roll back checkout", None);
    cockpit.later(30).poll(CHANGES, rollouts(&deploys)).vital_for(25, 0.9);
    let found = causes::candidates(cockpit.app.facts());
    let named: Vec<_> = found.iter().filter(|known| known.from == "change").collect();
    assert_eq!(named[0].text, "bad deploy checkout v2.8.0");
    assert_eq!((named[0].prior, named[0].changed), (Prior::Common, true));
    assert!(named.iter().all(|known| !known.about.contains("after")), "{named:?}");
}

#[test]
fn of_all_that_pages_what_is_closest_to_the_cause_is_taken() {
    let says = |alerts: &[(&str, &str, &str)], words: &str| {
        let mut cockpit = Cockpit::new();
        cockpit.calm().later(30).poll(ALERTS, pages(alerts)).vital_for(25, 0.9).press(">").says(words);
    };
    let own = ("CheckoutErrors", "checkout", "03:10:10");
    says(&[own], "Take CheckoutErrors");
    says(&[own, ("DnsFails", "payments", "03:10:20")], "Take DnsFails");
    says(&[own, ("DiskFull", "db", "03:10:05"), ("DnsFails", "payments", "03:10:20")], "Take DiskFull");
    says(&[own, ("CertSoon", "edge", "01:10:00")], "Take CheckoutErrors");
}

#[test]
fn a_vital_says_that_users_are_hurt_and_an_alert_says_where() {
    let mut cockpit = Cockpit::new();
    cockpit.calm().later(30).vital_for(25, 0.9).press(">").says("Take it as the first symptom").press(">");
    cockpit.poll(ALERTS, pages(&[("DnsFails", "payments", "03:10:20")]));
    cockpit.later(2).says("Take DnsFails as a symptom, too").press(">");
    let text = cockpit.app.advice().text;
    assert!(!text.contains("as a symptom, too"), "{text}");
}

#[test]
fn of_two_services_that_were_changed_the_one_that_failed_first_is_taken() {
    let mut cockpit = Cockpit::new();
    let mut changed = changes(&[("v2", ChangeKind::Deploy, "03:05:00"), ("banner", ChangeKind::Flag, "03:10:00")]);
    if let Data::Changes(all) = &mut changed {
        all[1].service = Some("edge".into());
    }
    let both = [("CheckoutErrors", "checkout", "03:10:10"), ("EdgeErrors", "edge", "03:10:25")];
    cockpit.calm().poll(CHANGES, changed).later(30).poll(ALERTS, pages(&both)).vital_for(25, 0.9);
    cockpit.press(">").says("Take CheckoutErrors as the first symptom");
}

#[test]
fn one_page_is_enough_to_go_back_from() {
    let mut cockpit = Cockpit::new();
    let both = [("CheckoutErrors", "checkout", "03:10:10"), ("EdgeErrors", "edge", "03:10:20")];
    cockpit.calm().poll(CHANGES, rollouts(&[("v2.7.3", "01:00:00"), ("v2.8.0", "03:10:05")]));
    cockpit.later(30).poll(ALERTS, pages(&both)).vital_for(25, 0.9).press(">").says("as the first symptom");
    cockpit.press(">").says("Roll back checkout v2.8.0");
}

#[test]
fn with_nothing_to_go_back_from_what_else_pages_is_seen_before_hypotheses_are_made() {
    let mut cockpit = Cockpit::new();
    let all = ["checkout", "edge", "payments", "search"].map(|service| (service, service, "03:10:10"));
    cockpit.calm().later(30).poll(ALERTS, pages(&all)).vital_for(25, 0.9).press(">").says("as the first symptom");
    for _ in 1..3 {
        cockpit.press(">").later(2).says("as a symptom, too");
    }
    cockpit.press(">");
    let text = cockpit.app.advice().text;
    assert!(!text.contains("as a symptom, too"), "three are enough: {text}");
    assert_eq!(cockpit.app.incident.board.observations.len(), 3);
}

#[test]
fn what_a_fold_holds_is_not_taken_once_more() {
    let mut cockpit = Cockpit::new();
    let slow = ("Slow", "db", "03:10:00");
    let both = pages(&[slow, ("CheckoutErrors", "checkout", "03:10:10"), ("DnsFails", "payments", "03:10:20")]);
    cockpit.calm().poll(ALERTS, pages(&[slow])).press(">>");
    let column = cockpit.app.incident.board.observations[0].id;
    cockpit.later(30).poll(ALERTS, both).vital_for(25, 0.9).says("Take DnsFails as a symptom, too");
    let group = |name: &str| crate::incident::FoldedGroup {
        source: "am".into(),
        group: name.into(),
        title: name.into(),
        firing: 1,
    };
    let folded = crate::incident::Folded {
        of: "cluster=eu".into(),
        alerts: 2,
        groups: vec![group("CheckoutErrors"), group("DnsFails")],
        ..Default::default()
    };
    cockpit.records(vec![Event::SymptomFolded { observation: column, folded }]);
    let text = cockpit.app.advice().text;
    assert!(!text.contains("as a symptom, too"), "{text}");
}

#[test]
fn what_may_stop_it_comes_before_cells_and_comes_back_when_it_has_become_likelier() {
    let mut config = config();
    config.commands.push(command("restart-dns", "Restart the cluster's DNS resolvers", MitigationKind::Restart));
    let mut cockpit = Cockpit::with(config);
    cockpit.worked_on().press("aslow dns<enter><esc>").press("atwo<enter><esc>");
    cockpit.says("Try: Restart the cluster's DNS resolvers (as likely to help as not (A)");
    cockpit.press("><esc>").later(1).says("Try: Restart");
    cockpit.press("<not-now>").says("Say what A, B expect of s1");
    cockpit.expects(1, 0, Cell::Likely).says("1 cell is not assessed");
    cockpit
        .expects(0, 0, Cell::Must)
        .expects(1, 0, Cell::Cannot)
        .says("Try: Restart the cluster's DNS resolvers (very");
}

#[test]
fn one_that_worked_is_evidence_for_its_row_and_no_proof() {
    let mut cockpit = Cockpit::new();
    cockpit.two("++");
    let row = cockpit.app.incident.board.hypotheses[0].id;
    cockpit.treats("Restart the pods", Some(row));
    cockpit.lives(30, 0.9).lives(75, 1.0).press("3vw").press("<enter>");
    let board = &cockpit.app.incident.board;
    let seen = board.observations.last().expect("a column");
    assert!(seen.text.starts_with("Restart the pods at 03:10: checkout ok back in range at 03:1"), "{}", seen.text);
    assert_eq!((seen.state, board.cell(row, seen.id)), (ObservationState::Present, Cell::Likely));
    assert_eq!(cockpit.app.incident.ranking.leader().map(|row| row.id), Some(RowId::Named(row)));
    cockpit.press("2ggc");
    let Some(Overlay::Choice(choice)) = &cockpit.app.screen.overlay else { panic!("it asks") };
    assert!(choice.about.iter().all(|doubt| !doubt.contains("No sign is present")), "{:?}", choice.about);
}

#[test]
fn where_two_ran_or_it_still_hurts_nothing_is_told_by_it() {
    let columns = |play: fn(&mut Cockpit)| {
        let mut cockpit = Cockpit::new();
        cockpit.two("++");
        let row = cockpit.app.incident.board.hypotheses[0].id;
        cockpit.treats("Restart the pods", Some(row));
        play(&mut cockpit);
        cockpit.app.incident.board.observations.len()
    };
    let both = |c: &mut Cockpit| {
        c.treats("Drain eu", None);
        c.lives(30, 0.9).lives(75, 1.0).press("3ggvw").press("<enter>");
    };
    assert_eq!(columns(both), 1);
    let hurting = |c: &mut Cockpit| {
        c.lives(30, 0.9).press("3vwy").press("<enter>");
    };
    assert_eq!(columns(hurting), 1);
}

/// Most go back first and look for causes afterwards.
#[test]
fn a_row_that_is_added_after_the_success_is_spoken_for_as_well() {
    let mut cockpit = Cockpit::new();
    cockpit.treats("Restart the pool of connections", None);
    cockpit.lives(30, 0.9).lives(75, 1.0).press("3ggvw").press("<enter>");
    assert_eq!(cockpit.app.incident.board.observations.len(), 0, "there is no row yet");
    cockpit.later(5).press("2apool of connections exhausted<enter>").press("<esc>");
    let board = &cockpit.app.incident.board;
    let (row, column) = (&board.hypotheses[0], &board.observations[0]);
    assert!(column.text.contains("checkout ok back in range"), "{}", column.text);
    assert_eq!(board.cell(row.id, column.id), Cell::Likely);
    cockpit.later(5).press("abad weather<enter>").press("<esc>");
    let board = &cockpit.app.incident.board;
    assert_eq!(board.observations.len(), 1, "it is told once");
    assert_eq!(board.cell(board.hypotheses[1].id, board.observations[0].id), Cell::Unassessed, "another cause");
}

#[test]
fn what_speaks_against_it_is_told_as_it_is_while_the_question_stands() {
    let mut cockpit = Cockpit::new();
    cockpit.treated(30).lives(30, 1.0).press("vw");
    let lines = |cockpit: &Cockpit| {
        let Some(Overlay::Choice(choice)) = &cockpit.app.screen.overlay else { panic!("a question") };
        (choice.told.join(" "), choice.about.join(" "))
    };
    assert_eq!(lines(&cockpit).1, "checkout ok in range 25 s, wait for 60 s");
    cockpit.lives(10, 1.0);
    assert_eq!(lines(&cockpit).1, "checkout ok in range 35 s, wait for 60 s");
    cockpit.lives(30, 1.0);
    assert_eq!(lines(&cockpit).1, "");
    assert!(lines(&cockpit).0.contains("has held in range for 1 min"), "{:?}", lines(&cockpit));
}

#[test]
fn coach_and_question_go_by_one_rule() {
    let mut config = config();
    config.vitals.push(Vital {
        title: "orders ok".into(),
        source: "prom".into(),
        query: "orders".into(),
        ok: ">= 0.995".parse().expect("a condition"),
        unit: Unit::PercentUnit,
    });
    let mut cockpit = Cockpit::with(config);
    let lives = |cockpit: &mut Cockpit, seconds: i64, checkout: f64, orders: f64| {
        for _ in 0..seconds / 5 {
            cockpit.later(5);
            let now = cockpit.app.session.now.as_millisecond();
            let both = |value| {
                let points = vec![Point { t: now - 5000, v: value }, Point { t: now, v: value }];
                Data::Series(vec![Series { name: "ok".into(), labels: Labels::default(), points }])
            };
            cockpit.poll(VITAL, both(checkout)).poll(VITAL + 1, both(orders));
        }
    };
    lives(&mut cockpit, 30, 0.9, 0.9);
    let id = cockpit.treats("Restart the pods", None);
    let (effect, reversible, minutes) = ("checkout ok".to_owned(), None, Some(9));
    let vital = Some("checkout ok".to_owned());
    cockpit.records(vec![Event::MitigationPlanned { mitigation: id, effect, reversible, vital, minutes }]);
    lives(&mut cockpit, 60, 1.0, 0.9);
    lives(&mut cockpit, 30, 1.0, 1.0);
    cockpit.says("orders ok in range 25 s, wait for 60 s before you call it");
    lives(&mut cockpit, 40, 1.0, 1.0);
    cockpit.says("Mark it worked?").press("3vw");
    assert!(matches!(cockpit.app.screen.overlay, Some(Overlay::Prompt(_))), "nothing speaks against it");
}
