//! An alert storm on its way to the board.

use super::*;
use crate::{
    app::{
        Step,
        world::storm::{self, Standing, standing},
    },
    incident::{Board, Id, Prior, ranking::rank},
};

/// `pods` alerts each of four rules for each service, grouped by rule and service.
fn of_services(services: &[&str], pods: usize) -> Data {
    let begun = |place| at("03:06:00") + jiff::SignedDuration::from_secs(place as i64);
    of_services_since(services.iter().enumerate().map(|(place, service)| (*service, begun(place))), pods)
}

fn of_services_since<'a>(services: impl Iterator<Item = (&'a str, Timestamp)>, pods: usize) -> Data {
    let mut all = Vec::new();
    for (service, begun) in services {
        for (rule, severity) in [
            ("Errors", Severity::Critical),
            ("Latency", Severity::Warning),
            ("Queue", Severity::Warning),
            ("Burn", Severity::Info),
        ] {
            for pod in 0..pods {
                let pod = format!("{service}-{pod}");
                all.push(Alert {
                    id: format!("{rule}/{pod}").into(),
                    labels: Labels::of([("alertname", rule), ("service", service), ("pod", &pod)]),
                    summary: "".into(),
                    state: AlertState::Firing,
                    severity,
                    starts_at: begun,
                    receivers: Arc::from([]),
                    links: AlertLinks::default(),
                    inhibited_by: Arc::from([]),
                    muted_for: Arc::from([]),
                });
            }
        }
    }
    Data::Alerts(AlertSet::grouped(all, |alert| {
        let title = ["alertname", "service"].map(|name| alert.labels.get(name).unwrap_or_default()).join(" ");
        (title.as_str().into(), title.as_str().into())
    }))
}

fn storm() -> Cockpit {
    let mut cockpit = Cockpit::new();
    cockpit.poll(ALERTS, of_services(&["payments", "search", "mail"], 5));
    cockpit
}

fn listed(cockpit: &Cockpit) -> Vec<&str> {
    match &cockpit.app.screen.overlay {
        Some(Overlay::Storm(storm)) => storm.proposals.iter().map(|p| p.text.as_str()).collect(),
        _ => Vec::new(),
    }
}

fn cursor(cockpit: &Cockpit) -> usize {
    match &cockpit.app.screen.overlay {
        Some(Overlay::Storm(storm)) => storm.cursor,
        other => panic!("{other:?}"),
    }
}

fn standings(cockpit: &Cockpit) -> Vec<String> {
    let Some(Overlay::Storm(storm)) = &cockpit.app.screen.overlay else { return Vec::new() };
    let said = |p: &Arc<crate::signal::storm::Proposal>| match standing::standing(cockpit.app.facts(), p) {
        Standing::New => String::new(),
        Standing::Taken(column) => format!("taken {}", column.label),
        Standing::Within(column) => format!("within {}", column.label),
        Standing::Holds(column) => format!("holds {}", column.label),
    };
    storm.proposals.iter().map(said).collect()
}

fn board(cockpit: &Cockpit) -> Vec<(&str, Option<&str>)> {
    let columns = cockpit.app.incident.board.observations.iter();
    columns.map(|column| (column.text.as_str(), column.origin.as_deref())).collect()
}

#[test]
fn one_key_takes_one_and_goes_to_the_next() {
    let mut cockpit = storm();
    cockpit.press("f");
    assert_eq!(
        listed(&cockpit),
        [
            "Errors payments and 19 more on 5 pods",
            "Errors search and 19 more on 5 pods",
            "Errors mail and 19 more on 5 pods"
        ]
    );
    cockpit.press("s").tick("03:10:01").press("<enter>");
    assert_eq!(standings(&cockpit), ["taken s1", "taken s2", ""]);
    assert_eq!(cursor(&cockpit), 2);
    assert_eq!(
        board(&cockpit),
        [
            ("Errors payments and 19 more on 5 pods", Some("service=payments")),
            ("Errors search and 19 more on 5 pods", Some("service=search"))
        ]
    );
    cockpit.press("kks");
    assert_eq!(board(&cockpit).len(), 2, "what is on the board is not taken twice");
    cockpit.press("<esc>f");
    assert_eq!(standings(&cockpit), ["taken s1", "taken s2", ""], "and is shown as taken when it is opened again");
}

#[test]
fn the_journal_holds_what_it_stood_for() {
    let mut cockpit = storm();
    cockpit.press("fs");
    let column = &cockpit.app.incident.board.observations[0];
    let folded = &cockpit.app.incident.folded[&column.id];
    assert_eq!((folded.alerts, folded.groups.len(), folded.began), (20, 4, at("03:06:00")));
    assert_eq!((column.when, folded.groups[0].title.as_str()), (at("03:06:00"), "Errors payments"));
    let replayed = Incident::replay(cockpit.log.clone());
    assert_eq!(replayed.folded, cockpit.app.incident.folded);
}

#[test]
fn what_was_taken_alone_before_counts_with_the_whole() {
    let mut cockpit = storm();
    cockpit.press("s");
    assert_eq!(board(&cockpit), [("Errors payments ×5", Some("Errors payments"))]);
    cockpit.tick("03:10:01").press("f");
    assert_eq!(standings(&cockpit), ["holds s1", "", ""]);
    cockpit.press("s");
    assert_eq!(
        board(&cockpit),
        [
            ("Errors payments ×5", Some("service=payments")),
            ("Errors payments and 19 more on 5 pods", Some("service=payments"))
        ]
    );
    cockpit.tick("03:10:02").press("u");
    assert_eq!(board(&cockpit), [("Errors payments ×5", Some("Errors payments"))], "undone with it");
    assert_eq!(standings(&cockpit), ["holds s1", "", ""]);
}

#[test]
fn a_proposal_splits_into_its_parts_and_its_parts_into_alerts() {
    let mut cockpit = storm();
    cockpit.press("fx");
    let parts = listed(&cockpit).len();
    assert!(parts > 3, "{:?}", listed(&cockpit));
    cockpit.press("x");
    assert!(listed(&cockpit).len() > parts, "{:?}", listed(&cockpit));
    cockpit.press("uu");
    assert_eq!(listed(&cockpit).len(), 3, "u brings the whole back");
    cockpit.press("sGx").tick("03:10:01").press("s");
    let Some(Overlay::Storm(_)) = cockpit.app.screen.overlay else { panic!("open") };
    assert_eq!(cockpit.app.incident.board.observations.len(), 2);
}

#[test]
fn a_part_of_what_is_on_the_board_counts_with_it() {
    let mut cockpit = storm();
    cockpit.press("fskx").tick("03:10:01");
    assert!(standings(&cockpit)[0].starts_with("within s1"), "{:?}", standings(&cockpit));
    cockpit.press("s");
    let origins: Vec<_> = board(&cockpit).into_iter().map(|(_, origin)| origin).collect();
    assert_eq!(origins, [Some("service=payments"), Some("service=payments")]);
}

#[test]
fn what_is_dropped_comes_back_when_it_changes() {
    let mut cockpit = storm();
    cockpit.press("fd");
    assert_eq!(listed(&cockpit), ["Errors search and 19 more on 5 pods", "Errors mail and 19 more on 5 pods"]);
    cockpit.press("r");
    assert_eq!(listed(&cockpit).len(), 2, "folded anew it stays away");
    cockpit.press("<esc>").tick("03:10:05").poll(ALERTS, of_services(&["payments", "search", "mail", "cart"], 5));
    cockpit.press("f");
    assert_eq!(listed(&cockpit).len(), 3, "{:?}", listed(&cockpit));
    cockpit.press("ddd");
    assert!(listed(&cockpit).is_empty());
    cockpit.press("u");
    assert_eq!(listed(&cockpit).len(), 1, "u brings it back, even the last one");
}

#[test]
fn the_list_stands_still_while_alerts_arrive() {
    let mut cockpit = storm();
    cockpit.press("fj");
    cockpit.tick("03:10:05").poll(ALERTS, of_services(&["aaa", "payments", "search", "mail"], 5));
    assert_eq!((listed(&cockpit).len(), cursor(&cockpit)), (3, 1));
    let Some(Overlay::Storm(list)) = &cockpit.app.screen.overlay else { panic!("open") };
    assert_eq!(storm::news_since(cockpit.app.facts(), &list.firing), (20, 0));
    cockpit.press("r");
    assert_eq!(listed(&cockpit).len(), 4);
    assert_eq!(listed(&cockpit)[cursor(&cockpit)], "Errors search and 19 more on 5 pods", "the cursor goes along");
}

#[test]
fn esc_loses_nothing_and_letters_that_mean_nothing_do_nothing() {
    let mut cockpit = storm();
    cockpit.press("fxj");
    let before = (listed(&cockpit).len(), cursor(&cockpit));
    cockpit.press("<esc>");
    assert!(cockpit.app.screen.overlay.is_none());
    cockpit.tick("03:10:02").press("f");
    assert_eq!((listed(&cockpit).len(), cursor(&cockpit)), before);
    let log = cockpit.log.len();
    cockpit.press("abceghilmnop1234>?/");
    assert_eq!((cockpit.log.len(), listed(&cockpit).len()), (log, before.0));
    cockpit.press("q");
    assert!(cockpit.app.screen.overlay.is_none() && !cockpit.app.session.quitting);
}

#[test]
fn nothing_that_fires_is_said() {
    let mut cockpit = Cockpit::new();
    cockpit.press("f");
    assert!(cockpit.app.screen.overlay.is_none());
    assert_eq!(cockpit.app.screen.notice.as_ref().map(|n| n.text.as_str()), Some("nothing fires: nothing to fold"));
}

#[test]
fn the_coach_folds_a_storm_before_it_looks_at_one_alert() {
    let mut cockpit = storm();
    assert_eq!(cockpit.app.advice().step, Some(Step::Acknowledge));
    cockpit.press("A");
    let advice = cockpit.app.advice();
    assert_eq!(advice.text, "12 groups fire (60 alerts): `>` folds them into 3 symptoms.");
    cockpit.app.prepare_frame();
    cockpit.tick("03:10:03").press(">");
    assert_eq!(listed(&cockpit).len(), 3);
    cockpit.press("<esc>");
    assert_ne!(cockpit.app.advice().step, Some(Step::Fold), "left, it is not offered again");
    let more = ["payments", "search", "mail", "a", "b", "c", "d"];
    cockpit.tick("03:12:00").poll(ALERTS, of_services(&more, 5));
    assert_eq!(cockpit.app.advice().step, Some(Step::Fold), "until it has grown to be another one");
}

#[test]
fn what_was_taken_of_a_storm_by_folding_is_followed_by_hypotheses_not_by_more_of_it() {
    let mut cockpit = Cockpit::new();
    cockpit.hurting().poll(ALERTS, of_services(&["payments", "search", "mail"], 5));
    cockpit.press("A").says("folds them into 3 symptoms");
    cockpit.app.prepare_frame();
    cockpit.later(3).press("><enter><esc>").later(1);
    assert_eq!(cockpit.app.incident.board.observations.len(), 1);
    cockpit.says("Add two hypotheses");
}

#[test]
fn of_what_is_equally_bad_what_fired_long_before_the_onset_comes_last() {
    let mut cockpit = Cockpit::new();
    cockpit.hurting();
    let onset = cockpit.app.incident.onset().expect("an onset");
    let ago = |seconds| onset - jiff::SignedDuration::from_secs(seconds);
    let services = [("mail", ago(480)), ("search", ago(470)), ("postgres", ago(20))];
    cockpit.poll(ALERTS, of_services_since(services.into_iter(), 5)).press("f");
    assert!(listed(&cockpit)[0].contains("postgres"), "{:?}", listed(&cockpit));
}

#[test]
fn few_groups_are_no_storm() {
    let mut cockpit = Cockpit::new();
    cockpit.poll(ALERTS, of_services(&["payments"], 5)).press("A");
    assert_ne!(cockpit.app.advice().step, Some(Step::Fold));
}

/// A board of two rows on which `n` present observations of one origin speak for the first.
fn of_one_origin(n: u128) -> Board {
    let mut incident = Incident::default();
    let mut seq = 0;
    let mut add = |id: Id, event| {
        seq += 1;
        incident.apply(Entry { seq, id, at: at("03:10:00"), by: "alice@host".into(), event });
    };
    let row =
        |text: &str| Event::HypothesisAdded { text: text.into(), prior: Prior::Usual, changed: false, from: "".into() };
    add(Id::small(1), row("pool"));
    add(Id::small(2), row("dns"));
    for n in 0..n {
        let observation = Id::small(100 + n);
        add(
            observation,
            Event::ObservationAdded {
                text: format!("alert {n}"),
                state: ObservationState::Present,
                origin: Some("service=payments".into()),
                when: None,
                evidence: None,
                check: Default::default(),
            },
        );
        add(Id::small(10_000 + n), Event::CellSet { hypothesis: Id::small(1), observation, cell: Cell::Must });
        add(Id::small(20_000 + n), Event::CellSet { hypothesis: Id::small(2), observation, cell: Cell::Unlikely });
    }
    incident.board
}

#[test]
fn fifty_of_one_origin_move_a_ranking_like_one() {
    let bits = |board: &Board| rank(board).rows.iter().map(|row| (row.id, row.bits)).collect::<Vec<_>>();
    assert_eq!(bits(&of_one_origin(50)), bits(&of_one_origin(1)));
    assert_ne!(bits(&of_one_origin(1)), bits(&of_one_origin(0)));
}

#[test]
fn undo_in_the_list_takes_back_what_was_done_in_the_list() {
    let mut cockpit = storm();
    cockpit.press("fs<esc>").tick("03:10:02").press("ncalled the payments team<ctrl-s>");
    cockpit.tick("03:10:04").press("fu");
    assert_eq!(cockpit.app.incident.notes.len(), 1, "the note is none of its business");
    assert_eq!(board(&cockpit).len(), 1, "and undo goes backwards");
    assert!(cockpit.app.screen.notice.as_ref().is_some_and(|notice| notice.text.contains("something else")));
    // What was taken back elsewhere is passed over.
    cockpit.press("<esc>").tick("03:10:06").press("uu").tick("03:10:08").press("fdu");
    assert_eq!((board(&cockpit).len(), listed(&cockpit).len()), (0, 3));
    cockpit.press("u");
    assert!(cockpit.app.screen.notice.as_ref().is_some_and(|notice| notice.text == "nothing was done here yet"));
}
