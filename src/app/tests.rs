//! The app as a machine: keys and messages in, effects and state out, a journal of one list.

mod act;
mod bleeding;
mod board;
mod boards;
mod charts;
mod checks;
mod coach;
mod compare;
mod crossings;
mod dashboards;
mod decisions;
mod derived;
mod details;
mod dialogs;
mod fields;
mod forerunner;
mod going_back;
mod gone;
mod incidents;
mod keys;
mod learn;
mod links;
mod lists;
mod logs;
mod loki;
mod offers;
mod played;
mod recording;
mod runbooks;
mod signals;
mod signs;
mod silence;
mod silences;
mod smells;
mod sources;
mod storm;
mod symptoms;
mod tasks;
mod transitions;
mod typed;
mod variables;
mod watchdogs;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use jiff::{Timestamp, tz::TimeZone};
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::{App, Effect, Keymap, Msg, Overlay, Setup, Step, View, VitalState};
use crate::{
    config::{Config, Http, Kind, Pane, Settings, Source, Vital},
    dashboard::QueryId,
    incident::{
        AlertTurn, Cell, Entry, Event, Id, Incident, MitigationState, ObservationState, Status, board::file::BoardFile,
        ranking::RowId,
    },
    signal::{
        Alert, AlertSet, AlertState, Change, ChangeKind, Data, Fault, FaultKind, Labels, Point, Reading, Series,
        Severity, Unit, alert::AlertLinks,
    },
};

fn at(time: &str) -> Timestamp {
    format!("2026-11-22T{time}Z").parse().expect("a time")
}

fn http() -> Http {
    Http {
        url: "http://127.0.0.1:9090".into(),
        auth: Default::default(),
        headers: Vec::new(),
        ca_file: None,
        client_cert: None,
        proxy: None,
    }
}

fn source(name: &str, kind: &str, settings: Settings, behind: Option<&str>) -> Source {
    Source {
        name: name.into(),
        kind: Kind::named(kind).expect("a kind"),
        settings,
        every: Duration::from_secs(5),
        timeout: Duration::from_secs(5),
        max_bytes: 1 << 20,
        behind: behind.map(str::to_owned),
    }
}

/// Prometheus with an Alertmanager before it, a deploy feed, one vital, one chart.
fn config() -> Config {
    let at = || Settings { http: Some(http()), ..Settings::default() };
    let read = crate::config::Read { shape: crate::config::Shape::Changes, ..Default::default() };
    Config {
        sources: vec![
            source("prom", "prometheus", at(), None),
            source("am", "alertmanager", at(), Some("prom")),
            source("deploys", "http", Settings { read: Some(read), ..at() }, None),
        ],
        vitals: vec![Vital {
            title: "checkout ok".into(),
            source: "prom".into(),
            query: "ok".into(),
            ok: ">= 0.995".parse().expect("a condition"),
            unit: Unit::PercentUnit,
        }],
        panes: vec![Pane { sources: vec!["prom".into()], query: "errors".into(), ..Pane::titled("Errors") }],
        ..Config::default()
    }
}

/// A cockpit with a journal that is a list.
struct Cockpit {
    app: App,
    log: Vec<Entry>,
    effects: Vec<Effect>,
    /// Records wait here while this is set.
    slow: bool,
    waiting: Vec<Effect>,
}

impl Cockpit {
    fn new() -> Self {
        Self::with(config())
    }

    fn with(config: Config) -> Self {
        let app = App::new(Setup {
            config: Arc::new(config),
            keymap: Keymap::new(&BTreeMap::new()).expect("a keymap"),
            incident: Incident::default(),
            id: "2026-11-22-0300-test".into(),
            author: "alice@host".into(),
            seed: 1,
            now: at("03:10:00"),
            zone: TimeZone::UTC,
            read_only: false,
            generic: Arc::new(BoardFile::generic_causes()),
        });
        let mut cockpit = Self { app, log: Vec::new(), effects: Vec::new(), slow: false, waiting: Vec::new() };
        let effects = cockpit.app.start();
        cockpit.carry_out(effects);
        cockpit
    }

    fn send(&mut self, msg: Msg) -> &mut Self {
        let effects = self.app.update(msg);
        self.carry_out(effects);
        self
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Record(_) if self.slow => self.waiting.push(effect),
                Effect::Record(drafts) => {
                    let now = self.app.session.now;
                    let known: Vec<Id> = self.log.iter().map(|entry| entry.id).collect();
                    let entries: Vec<Entry> = drafts
                        .into_iter()
                        .filter(|draft| !known.contains(&draft.id))
                        .map(|draft| {
                            let seq = self.log.len() as u64 + 1;
                            let entry =
                                Entry { seq, id: draft.id, at: now, by: "alice@host".into(), event: draft.event };
                            self.log.push(entry.clone());
                            entry
                        })
                        .collect();
                    let more = self.app.update(Msg::Recorded(entries));
                    self.carry_out(more);
                }
                other => self.effects.push(other),
            }
        }
    }

    /// Types keys: single letters, or names between angle brackets.
    fn press(&mut self, keys: &str) -> &mut Self {
        let mut rest = keys;
        while let Some(c) = rest.chars().next() {
            let named = rest.strip_prefix('<').and_then(|r| r.split_once('>'));
            let (key, after) = match named {
                Some((name, after)) => (self::key(name), after),
                None => (KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE), &rest[c.len_utf8()..]),
            };
            rest = after;
            self.send(Msg::Key(key));
        }
        self
    }

    fn tick(&mut self, time: &str) -> &mut Self {
        self.send(Msg::Tick(at(time)))
    }

    fn poll(&mut self, query: usize, data: Data) -> &mut Self {
        let reading = Reading { at: self.app.session.now, data, warnings: Vec::new() };
        let now = self.app.session.now;
        self.send(Msg::Polled { query: QueryId::nth(query), outcome: Ok(Arc::new(reading)), at: now })
    }

    fn fail(&mut self, query: usize) -> &mut Self {
        self.fails_with(query, Fault::new(FaultKind::Refused, ""))
    }

    fn fails_with(&mut self, query: usize, fault: Fault) -> &mut Self {
        let now = self.app.session.now;
        self.send(Msg::Polled { query: QueryId::nth(query), outcome: Err(fault), at: now })
    }

    /// Records what another cockpit wrote; gives its id.
    fn bob(&mut self, event: Event) -> Id {
        let seq = self.log.len() as u64 + 1;
        let (id, at, by) = (Id::small((1 << 90) + u128::from(seq)), self.app.session.now, "bob@host".into());
        let entry = Entry { seq, id, at, by, event };
        self.log.push(entry.clone());
        self.send(Msg::Recorded(vec![entry]));
        id
    }

    fn kinds(&self) -> Vec<&'static str> {
        self.log.iter().map(|entry| kind(&entry.event)).collect()
    }

    fn turns(&self) -> Vec<AlertTurn> {
        let turn = |entry: &Entry| match entry.event {
            Event::AlertTurned { turn, .. } => Some(turn),
            _ => None,
        };
        self.log.iter().filter_map(turn).collect()
    }
}

fn key(name: &str) -> KeyEvent {
    let (code, modifiers) = match name {
        "enter" => (KeyCode::Enter, KeyModifiers::NONE),
        "esc" => (KeyCode::Esc, KeyModifiers::NONE),
        "tab" => (KeyCode::Tab, KeyModifiers::NONE),
        "down" => (KeyCode::Down, KeyModifiers::NONE),
        "up" => (KeyCode::Up, KeyModifiers::NONE),
        "right" => (KeyCode::Right, KeyModifiers::NONE),
        "left" => (KeyCode::Left, KeyModifiers::NONE),
        "shift-left" => (KeyCode::Left, KeyModifiers::SHIFT),
        "backspace" => (KeyCode::Backspace, KeyModifiers::NONE),
        "alt-up" => (KeyCode::Up, KeyModifiers::ALT),
        "ctrl-s" => (KeyCode::Char('s'), KeyModifiers::CONTROL),
        "ctrl-j" => (KeyCode::Char('j'), KeyModifiers::CONTROL),
        "ctrl-c" => (KeyCode::Char('c'), KeyModifiers::CONTROL),
        "ctrl-u" => (KeyCode::Char('u'), KeyModifiers::CONTROL),
        "ctrl-z" => (KeyCode::Char('z'), KeyModifiers::CONTROL),
        "pagedown" => (KeyCode::PageDown, KeyModifiers::NONE),
        "home" => (KeyCode::Home, KeyModifiers::NONE),
        "end" => (KeyCode::End, KeyModifiers::NONE),
        "not-now" => (KeyCode::Char('<'), KeyModifiers::NONE),
        "alt-enter" => (KeyCode::Enter, KeyModifiers::ALT),
        "ctrl-r" => (KeyCode::Char('r'), KeyModifiers::CONTROL),
        other => panic!("no key {other}"),
    };
    KeyEvent::new(code, modifiers)
}

fn kind(event: &Event) -> &'static str {
    match event {
        Event::WatchStarted { .. } => "watch",
        Event::ObservationAdded { .. } => "observation",
        Event::HypothesisAdded { .. } => "hypothesis",
        Event::CellSet { .. } => "cell",
        Event::Noted { .. } => "note",
        Event::DraftKept { .. } => "draft",
        Event::AlertTurned { .. } => "alert",
        Event::VitalCrossed { .. } => "vital",
        Event::SourceLost { .. } => "lost",
        Event::SourceBack { .. } => "back",
        _ => "other",
    }
}

const VITAL: usize = 0;
const ALERTS: usize = 2;
const PROMETHEUS_ALERTS: usize = 3;
const CHANGES: usize = 4;

fn firing(names: &[&str]) -> Data {
    let alert = |name: &&str| Alert {
        id: (*name).into(),
        labels: Labels::of([("alertname", *name), ("service", "checkout")]),
        summary: format!("{name} on checkout").into(),
        state: AlertState::Firing,
        severity: Severity::Critical,
        starts_at: at("03:06:00"),
        receivers: Arc::from([]),
        links: AlertLinks::default(),
        inhibited_by: Arc::from([]),
        muted_for: Arc::from([]),
    };
    let named = |alert: &Alert| {
        let name: Arc<str> = alert.labels.get("alertname").unwrap_or_default().into();
        (name.clone(), name)
    };
    Data::Alerts(AlertSet::grouped(names.iter().map(alert).collect(), named))
}

fn curve(from: &str, step: i64, values: &[f64]) -> Data {
    let start = at(from).as_millisecond();
    let points = values.iter().enumerate().map(|(i, v)| Point { t: start + i as i64 * step * 1000, v: *v });
    Data::Series(vec![Series { name: "ok".into(), labels: Labels::default(), points: points.collect() }])
}

#[test]
fn the_plan_is_what_the_tests_take_it_for() {
    let cockpit = Cockpit::new();
    let name = |source| cockpit.app.session.source_name(source);
    let asks: Vec<String> =
        cockpit.app.world.plan.queries().map(|(_, q)| format!("{} {:?}", name(q.source), q.ask)).collect();
    assert!(asks[VITAL].contains("LiveRange"), "{asks:?}");
    assert_eq!(asks[ALERTS], "am Alerts");
    assert_eq!(asks[PROMETHEUS_ALERTS], "prom Alerts");
    assert!(asks[CHANGES].starts_with("deploys Fetch"));
}
