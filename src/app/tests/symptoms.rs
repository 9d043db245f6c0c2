//! What a list is on while alerts pour in, which symptom comes next, and what a symptom brings to the front.

use super::{
    played::{changes, command},
    *,
};
use crate::{
    app::{
        causes,
        screen::{overlay::Purpose, watch},
    },
    incident::MitigationKind,
};

/// Critical alerts, a name and a service each, all since the same time.
fn pages(all: &[(&str, &str)]) -> Data {
    let one = |(name, service): &(&str, &str)| Alert {
        id: format!("{name}/{service}").into(),
        labels: Labels::of([("alertname", *name), ("service", *service), ("cluster", "lab")]),
        summary: "".into(),
        state: AlertState::Firing,
        severity: Severity::Critical,
        starts_at: at("03:06:00"),
        receivers: Arc::from([]),
        links: AlertLinks::default(),
        inhibited_by: Arc::from([]),
        muted_for: Arc::from([]),
    };
    Data::Alerts(AlertSet::grouped(all.iter().map(one).collect(), |alert| {
        let title = ["alertname", "service"].map(|name| alert.labels.get(name).unwrap_or_default()).join(" ");
        (title.as_str().into(), title.as_str().into())
    }))
}

const STORM: [(&str, &str); 9] = [
    ("A", "one"),
    ("A", "two"),
    ("A", "three"),
    ("A", "four"),
    ("A", "five"),
    ("A", "six"),
    ("A", "seven"),
    ("A", "eight"),
    ("Z", "slow"),
];

fn selected(cockpit: &Cockpit) -> String {
    let pane = watch::focused(&cockpit.app).expect("a pane").id;
    watch::selected(&cockpit.app, pane).map(|row| row.id.clone()).unwrap_or_default()
}

/// `DiskFull` on the board says nothing of `DiskFullSoon`.
#[test]
fn an_alert_whose_name_goes_on_is_another_one() {
    use crate::app::coach::symptom::says;
    let mut cockpit = Cockpit::new();
    cockpit.press("sDiskFullSoon on orders<enter>");
    let seen = &cockpit.app.incident.board.observations[0];
    assert!(says(seen, "DiskFullSoon") && !says(seen, "DiskFull"));
}

#[test]
fn a_cursor_that_nobody_moved_stays_where_the_worst_is() {
    let mut cockpit = Cockpit::new();
    cockpit.calm().poll(ALERTS, pages(&STORM[8..]));
    assert!(selected(&cockpit).contains("Z slow"), "{}", selected(&cockpit));
    cockpit.poll(ALERTS, pages(&STORM));
    assert!(selected(&cockpit).contains("A eight"), "the first of the list: {}", selected(&cockpit));
    // Whoever was about to press a key meant the other one.
    cockpit.press("s");
    assert!(cockpit.app.incident.board.observations.is_empty());
    let told = cockpit.app.screen.notice.as_ref().map(|notice| notice.text.as_str());
    assert_eq!(told, Some("Z slow is further down; now on A eight"));
    cockpit.later(1).press("s");
    assert_eq!(cockpit.app.incident.board.observations.len(), 1);
}

#[test]
fn what_stood_there_long_enough_is_what_a_key_means() {
    let mut cockpit = Cockpit::new();
    cockpit.calm().poll(ALERTS, pages(&STORM[8..])).poll(ALERTS, pages(&STORM)).later(3).press("s");
    assert_eq!(cockpit.app.incident.board.observations[0].origin.as_deref(), Some("A eight"));
}

#[test]
fn a_cursor_that_was_moved_stays_on_its_row() {
    let mut cockpit = Cockpit::new();
    cockpit.calm().poll(ALERTS, pages(&[("Y", "slow"), ("Z", "slow")])).press("j").later(1);
    let mut all = STORM.to_vec();
    all.push(("Y", "slow"));
    let before = selected(&cockpit);
    cockpit.poll(ALERTS, pages(&all));
    assert_eq!(selected(&cockpit), before);
}

#[test]
fn another_alert_is_the_next_symptom_before_the_same_one_of_another_service() {
    let mut cockpit = Cockpit::new();
    let firing = [("Errors", "pay"), ("Errors", "cart"), ("Latency", "cart"), ("Latency", "pay")];
    cockpit.calm().later(30).vital_for(25, 0.9).poll(ALERTS, pages(&firing)).press(">>");
    assert!(cockpit.app.incident.board.observations[0].origin.as_deref().is_some_and(|o| o.starts_with("Errors")));
    cockpit.later(2).says("Take Latency cart as a symptom, too");
}

#[test]
fn what_fires_for_one_service_is_taken_before_what_fires_for_many() {
    let firing = [("Errors", "edge"), ("Errors", "cart"), ("NoNames", "pay")];
    let mut cockpit = Cockpit::new();
    cockpit.calm().later(30).vital_for(25, 0.9).poll(ALERTS, pages(&firing)).press(">");
    cockpit.says("Take NoNames pay as the first symptom");
}

#[test]
fn a_cause_that_a_symptom_names_is_offered_first_and_what_a_change_says_better_last() {
    let listed = |cockpit: &Cockpit| {
        causes::candidates(cockpit.app.facts()).into_iter().map(|known| known.text).collect::<Vec<_>>()
    };
    let mut cockpit = Cockpit::new();
    cockpit.poll(ALERTS, pages(&[("DNSLookupFailures", "pay")])).later(3).press("s");
    assert_eq!(listed(&cockpit)[0], "DNS");
    assert_eq!(listed(&cockpit)[1], "bad deploy");
    cockpit.poll(CHANGES, changes(&[("v2", ChangeKind::Deploy, "03:04:00")]));
    let all = listed(&cockpit);
    assert!(all[0].starts_with("bad deploy checkout"), "{all:?}");
    assert_eq!((all[1].as_str(), all.last().map(String::as_str)), ("DNS", Some("bad deploy")));
}

#[test]
fn a_fold_is_known_by_what_leads_it() {
    let mut cockpit = Cockpit::new();
    let others =
        ["E1", "E2", "E3", "E4", "E5", "E6", "E7", "E8", "E9"].into_iter().zip(STORM).map(|(name, of)| (name, of.1));
    let all: Vec<(&str, &str)> = [("DiskFull", "db")].into_iter().chain(others).collect();
    cockpit.calm().poll(ALERTS, pages(&all)).later(1).press("fs<esc>");
    let seen = &cockpit.app.incident.board.observations[0];
    assert!(seen.text.starts_with("DiskFull") && seen.origin.is_some(), "{seen:?}");
    assert_eq!(causes::candidates(cockpit.app.facts())[0].text, "disk full");
}

#[test]
fn the_fill_strip_is_left_for_what_may_stop_the_bleeding() {
    let mut config = config();
    config.commands.push(command("restart dns", "Restart the DNS resolvers", MitigationKind::Restart));
    let mut cockpit = Cockpit::with(config);
    cockpit.calm().later(30).vital_for(25, 0.9).poll(ALERTS, pages(&[("Errors", "pay")])).press(">>");
    cockpit.press("aDNS<enter>").later(2).as_before().vital_for(2, 0.9);
    assert!(matches!(cockpit.app.screen.overlay, Some(Overlay::Fill(_))));
    cockpit.says("Try: Restart the DNS resolvers").press(">");
    let Some(Overlay::Prompt(prompt)) = &cockpit.app.screen.overlay else { panic!("the command is shown") };
    assert!(matches!(prompt.purpose, Purpose::RunCommand { .. }));
}
