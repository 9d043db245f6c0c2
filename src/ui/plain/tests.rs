//! What is said of what has changed.

use std::{collections::BTreeMap, sync::Arc};

use jiff::{SignedDuration, Timestamp, tz::TimeZone};

use super::*;
use crate::{
    app::{Keymap, Msg, Setup},
    config::Config,
    incident::{
        AlertTurn, Entry, Event, Id, Incident, ObservationState, Status,
        board::{CheckSpec, file::BoardFile},
    },
    signal::Severity,
};

/// A cockpit without sources, and what it says.
struct Room {
    app: App,
    speaker: Speaker,
    seq: u64,
}

impl Room {
    fn new() -> Self {
        let app = App::new(Setup {
            config: Arc::new(Config::default()),
            keymap: Keymap::new(&BTreeMap::new()).expect("a keymap"),
            incident: Incident::default(),
            id: "2026-11-22-0300-test".into(),
            author: "alice@host".into(),
            seed: 1,
            now: "2026-11-22T03:10:00Z".parse::<Timestamp>().expect("a time"),
            zone: TimeZone::UTC,
            read_only: false,
            generic: Arc::new(BoardFile::generic_causes()),
        });
        let mut room = Self { app, speaker: Speaker::default(), seq: 0 };
        let greeting = room.hear();
        assert!(greeting.iter().any(|line| line.contains("`help`")), "{greeting:?}");
        room
    }

    fn hear(&mut self) -> Vec<String> {
        self.app.prepare_frame();
        self.speaker.hear(&self.app)
    }

    fn wrote(&mut self, by: &str, event: Event) {
        self.seq += 1;
        let (id, at) = (Id::small(u128::from(self.seq)), self.app.session.now);
        let entry = Entry { seq: self.seq, id, at, by: by.into(), event };
        drop(self.app.update(Msg::Recorded(vec![entry])));
    }

    fn wait(&mut self, seconds: i64) {
        let now = self.app.session.now + SignedDuration::from_secs(seconds);
        drop(self.app.update(Msg::Tick(now)));
    }

    fn line(&mut self, line: &str) {
        drop(self.app.update(Msg::Line(line.into())));
    }
}

fn noted(text: &str) -> Event {
    Event::Noted { text: text.into(), when: None }
}

fn fired(title: &str, at: Timestamp) -> Event {
    Event::AlertTurned {
        key: title.into(),
        title: title.into(),
        severity: Severity::Critical,
        turn: AlertTurn::Fired,
        firing: 1,
        first: false,
        when: at,
        source: "am".into(),
        group: title.into(),
        links: Default::default(),
    }
}

fn observed(text: &str, state: ObservationState) -> Event {
    Event::ObservationAdded {
        text: text.into(),
        state,
        origin: None,
        when: None,
        evidence: None,
        check: CheckSpec::default(),
    }
}

#[test]
fn what_is_the_same_is_not_said_again() {
    let mut room = Room::new();
    assert_eq!(room.hear(), Vec::<String>::new());
    room.wait(5);
    assert_eq!(room.hear(), Vec::<String>::new());
    room.wrote("bob@host", noted("pool alarms"));
    assert_eq!(room.hear(), ["03:10:05Z note by bob: pool alarms."]);
    assert_eq!(room.hear(), Vec::<String>::new());
}

#[test]
fn a_storm_is_counted_and_hides_no_person() {
    let mut room = Room::new();
    let now = room.app.session.now;
    (0..500).for_each(|nth| room.wrote("bob@host", fired(&format!("A{nth}"), now)));
    room.wrote("bob@host", noted("look at the pool"));
    let said = room.hear();
    let more = said.iter().position(|line| line.contains("480 more alerts"));
    assert!(more.is_some() && said.len() < 30, "{said:?}");
    assert!(said.iter().any(|line| line.contains("look at the pool")), "{said:?}");
}

#[test]
fn the_next_step_is_said_once_it_stands_and_not_into_a_question() {
    let mut room = Room::new();
    room.wrote("bob@host", observed("checkout is slow", ObservationState::Present));
    let is_next = |said: &[String]| said.iter().any(|line| line.starts_with("next: "));
    assert!(!is_next(&room.hear()));
    room.wait(2);
    let said = room.hear();
    assert!(is_next(&said), "{said:?}");
    room.line("note");
    room.wrote("bob@host", Event::StatusSet { status: Status::Stanched, reason: String::new(), when: None });
    room.hear();
    room.wait(2);
    assert!(!is_next(&room.hear()), "the note is asked for");
    room.line("back");
    room.hear();
    room.wait(2);
    assert!(is_next(&room.hear()));
}

#[test]
fn what_could_not_be_done_is_said_each_time_it_is_tried() {
    let mut room = Room::new();
    for _ in 0..2 {
        room.line("frobnicate");
        let said = room.hear();
        assert!(said.iter().any(|line| line.contains("There is no `frobnicate`")), "{said:?}");
        room.wait(1);
        assert_eq!(room.hear(), Vec::<String>::new());
    }
}

#[test]
fn a_question_says_what_answers_it_and_what_was_wrong() {
    let mut room = Room::new();
    room.line("severity");
    let said = room.hear();
    assert!(said.iter().any(|line| line.contains("How bad is it?")), "{said:?}");
    assert!(said.iter().any(|line| line.contains("`back` leaves")), "{said:?}");
    room.line("very very very very bad");
    let said = room.hear();
    assert!(said.len() == 1 && said[0].contains("SEV1"), "only what was wrong with it: {said:?}");
}

#[test]
fn learn_says_how_it_is_answered_and_no_bleeding_that_nobody_saw() {
    let mut room = Room::new();
    room.app.session.keymap = Keymap::new(&BTreeMap::new()).expect("a keymap").typed();
    let said = room.speaker.page(&room.app, crate::app::Page::Learn);
    assert_eq!(said[0], "Nothing has hurt yet: this is asked when an impact has stopped.");
    assert_eq!(said[1], "What happened: `do` asks them one by one when the impact has stopped.");
    assert!(said.iter().all(|line| !line.contains("Enter") && !line.contains("still bleeds")), "{said:?}");
}

#[test]
fn panes_are_said_with_their_row_and_variables() {
    use crate::{
        app::world::dashboards::DashboardOpened,
        config::{DashboardAt, DashboardEntry},
        grafana::{model::Dashboard, open::OpenDashboard, time_range::TimeRange, variable::Variables},
    };
    let mut room = Room::new();
    let file = DashboardEntry { at: DashboardAt::File("shop.json".into()), ..DashboardEntry::default() };
    let config = Config { dashboards: vec![file], ..Config::default() };
    room.app.session.config = Arc::new(config.clone());
    drop(room.app.start());
    let text = r#"{"title": "Shop", "schemaVersion": 39,
        "templating": {"list": [{"name": "level", "type": "custom", "query": "info,warn"}]},
        "panels": [{"id": 1, "type": "text", "title": "Read me", "options": {"content": "First **this**."}},
                   {"id": 2, "type": "row", "title": "Pods"},
                   {"id": 3, "type": "stat", "title": "Up", "targets": [{"expr": "up"}]}]}"#;
    let dashboard = Dashboard::read(text).expect("a dashboard");
    let mut variables = Variables::of(&dashboard, TimeRange { from: 0, to: 1 }, &[]);
    assert!(variables.questions().is_empty());
    let open = Ok(Arc::new(OpenDashboard::new(dashboard, variables)));
    drop(room.app.update(Msg::DashboardOpened(DashboardOpened::of((0, 1), &config, open))));
    let said = room.speaker.page(&room.app, Page::Panes);
    let expected = ["Shop, with level=info.", "Read me: First this.", "Row Pods.", "Up: no answer yet."];
    assert_eq!(said, expected);
}
