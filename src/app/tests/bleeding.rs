//! When the cockpit says that it bleeds, and since when.

use super::*;
use crate::{app::world::bleeding, incident::Status};

fn of_severity(severity: Severity, since: &str) -> Data {
    let alert = Alert {
        id: "a".into(),
        labels: Labels::of([("alertname", "A")]),
        summary: "".into(),
        state: AlertState::Firing,
        severity,
        starts_at: at(since),
        receivers: Arc::from([]),
        links: AlertLinks::default(),
        inhibited_by: Arc::from([]),
        muted_for: Arc::from([]),
    };
    Data::Alerts(AlertSet::grouped(vec![alert], |_| ("a".into(), "A".into())))
}

impl Cockpit {
    fn status(&mut self, time: &str, status: Status) -> &mut Self {
        self.tick(time);
        let event = Event::StatusSet { status, reason: String::new(), when: None };
        let entry = Entry {
            seq: self.log.len() as u64 + 1,
            id: crate::incident::Ids::new(at(time).as_second() as u64).next(at(time)),
            at: at(time),
            by: "alice@host".into(),
            event,
        };
        self.log.push(entry.clone());
        self.send(Msg::Recorded(vec![entry]))
    }
}

#[test]
fn only_a_vital_or_a_page_means_that_it_bleeds() {
    for severity in [Severity::Info, Severity::Warning, Severity::Unknown] {
        let mut cockpit = Cockpit::new();
        cockpit.poll(VITAL, Data::Number(1.0)).poll(ALERTS, of_severity(severity, "03:06:00"));
        assert_eq!(bleeding::bleeding_since(cockpit.app.facts()), None, "{severity:?}");
        cockpit.press("s");
        assert_eq!(bleeding::bleeding_since(cockpit.app.facts()), None, "taken as a symptom, it still hurts nobody");
    }
    // Where a vital tells, what pages is worth a loud word and no more; a symptom neither.
    let mut cockpit = Cockpit::new();
    cockpit.poll(VITAL, Data::Number(1.0)).poll(ALERTS, of_severity(Severity::Critical, "03:06:00"));
    assert_eq!(bleeding::bleeding_since(cockpit.app.facts()), None);
    cockpit.press("s");
    assert_eq!(bleeding::bleeding_since(cockpit.app.facts()), None);
    assert_eq!(cockpit.app.incident.status_word(), "watching", "as lists and notes say it");
    assert!(crate::app::world::worst_alert::paging(cockpit.app.facts()).is_some());
    let mut cockpit = Cockpit::with(Config { vitals: Vec::new(), ..config() });
    cockpit.poll(ALERTS - 1, of_severity(Severity::Critical, "03:06:00"));
    assert_eq!(bleeding::bleeding_since(cockpit.app.facts()), Some(at("03:06:00")));
    assert_eq!(cockpit.app.incident.status_word(), "bleeding");
    // A cockpit that has vitals does not take back what one without has said.
    let again = cockpit.reopened(config(), "03:20:00");
    assert_eq!(bleeding::bleeding_since(again.app.facts()), Some(at("03:06:00")));
    assert_eq!(again.app.incident.status_word(), "bleeding");
    let mut cockpit = Cockpit::new();
    cockpit.poll(VITAL, Data::Number(0.9));
    assert_eq!(bleeding::bleeding_since(cockpit.app.facts()), Some(at("03:10:00")));
}

/// While the header says `watching`, a person may know better; and nobody is told that it bleeds.
#[test]
fn a_person_can_say_that_it_bleeds_while_it_is_only_watched() {
    let mut cockpit = Cockpit::new();
    cockpit.poll(VITAL, Data::Number(1.0)).press("3C");
    let Some(Overlay::Choice(choice)) = &cockpit.app.screen.overlay else { panic!("it asks") };
    assert!(choice.about.iter().all(|line| !line.contains("bleeding")), "{:?}", choice.about);
    cockpit.press("<esc>").tick("03:10:20").press("R");
    let Some(Overlay::Choice(choice)) = &cockpit.app.screen.overlay else { panic!("it asks") };
    assert_eq!(choice.question, "Is it bleeding?");
    cockpit.press("y").tick("03:10:30").press("phones ring<enter>");
    assert_eq!(cockpit.app.incident.status_word(), "bleeding");
    cockpit.tick("03:10:40").press("R");
    assert!(cockpit.app.screen.overlay.is_none(), "it is, already");
}

#[test]
fn without_vitals_what_a_person_saw_counts() {
    let mut cockpit = Cockpit::with(Config { vitals: Vec::new(), ..config() });
    assert_eq!(bleeding::bleeding_since(cockpit.app.facts()), None);
    cockpit.press("scheckout is down<enter>");
    assert_eq!(bleeding::bleeding_since(cockpit.app.facts()), Some(at("03:10:00")));
}

/// The header counts from the onset, whatever fired before what pages.
#[test]
fn one_onset_for_the_clock_and_the_rest() {
    let two = |warning: &str, critical: &str| {
        let alert = |name: &str, severity, since: &str| Alert {
            id: name.into(),
            labels: Labels::of([("alertname", name)]),
            summary: "".into(),
            state: AlertState::Firing,
            severity,
            starts_at: at(since),
            receivers: Arc::from([]),
            inhibited_by: Arc::from([]),
            muted_for: Arc::from([]),
            links: AlertLinks::default(),
        };
        let both = vec![alert("a", Severity::Warning, warning), alert("b", Severity::Critical, critical)];
        Data::Alerts(AlertSet::grouped(both, |alert| (alert.id.clone(), alert.id.clone())))
    };
    let mut cockpit = Cockpit::new();
    cockpit.poll(ALERTS, two("03:01:00", "03:06:00"));
    let both = |cockpit: &Cockpit| (cockpit.app.incident.onset(), bleeding::bleeding_since(cockpit.app.facts()));
    assert_eq!(both(&cockpit), (Some(at("03:06:00")), None), "the page, not the warning before it");
    cockpit.poll(VITAL, Data::Number(0.9));
    assert_eq!(both(&cockpit), (Some(at("03:10:00")), Some(at("03:10:00"))), "users were hurt when the vital left");
    let mut cockpit = Cockpit::new();
    cockpit.poll(ALERTS, of_severity(Severity::Warning, "03:06:00"));
    assert_eq!(both(&cockpit), (Some(at("03:06:00")), None), "an estimate, should anyone be hurt");
    assert_eq!(cockpit.app.incident.status_word(), "watching");
    let mut cockpit = Cockpit::with(Config { vitals: Vec::new(), ..config() });
    cockpit.poll(ALERTS - 1, two("03:01:00", "03:06:00"));
    assert_eq!(both(&cockpit), (Some(at("03:06:00")), Some(at("03:06:00"))), "where nothing is measured, the page");
    let mut cockpit = Cockpit::with(Config { vitals: Vec::new(), ..config() });
    cockpit.poll(ALERTS - 1, of_severity(Severity::Warning, "03:06:00")).press("2scheckout is down<enter>");
    assert_eq!(both(&cockpit), (Some(at("03:06:00")), Some(at("03:06:00"))));
    assert_eq!(cockpit.app.incident.status_word(), "bleeding");
}

#[test]
fn a_short_pause_does_not_start_the_clock_anew() {
    let mut cockpit = Cockpit::new();
    cockpit.poll(VITAL, Data::Number(0.9));
    cockpit.status("03:20:00", Status::Stanched);
    assert_eq!(bleeding::bleeding_since(cockpit.app.facts()), None);
    cockpit.status("03:25:00", Status::Bleeding);
    assert_eq!(bleeding::bleeding_since(cockpit.app.facts()), Some(at("03:10:00")));
    cockpit.status("03:30:00", Status::Stanched).status("03:50:00", Status::Bleeding);
    assert_eq!(bleeding::bleeding_since(cockpit.app.facts()), Some(at("03:50:00")));
    cockpit.status("03:55:00", Status::Stanched).status("03:56:00", Status::Bleeding);
    assert_eq!(bleeding::bleeding_since(cockpit.app.facts()), Some(at("03:50:00")));
}
