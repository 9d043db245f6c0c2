//! A scripted outage: readings and keys go in, what the app wants recorded comes back as entries of the log.

#![expect(clippy::expect_used, reason = "a script that can not go on says where")]

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use ratatui::{
    Terminal,
    backend::TestBackend,
    buffer::Buffer,
    crossterm::event::{KeyCode, KeyEvent, KeyModifiers},
};
use stanch::{
    app::{App, Effect, Keymap, Msg, Setup},
    config::{Auth, Command, Config, Http, Kind, Pane, PaneKind, Read, Settings, Shape, Source, Vital},
    incident::{Entry, Event, Id, Incident, MitigationKind, board::file::BoardFile, ranking::RowId},
    signal::{
        Alert, AlertSet, AlertState, Change, ChangeKind, Condition, Data, Fault, FaultKind, Labels, Level, LogLine,
        Point, Reading, Series, Severity, Unit, alert::AlertLinks, condition::Op,
    },
    ui,
    ui::{Cache, Theme},
};

/// The cockpit on a stage: its journal is a counter, its sources are this script.
pub struct Stage {
    pub app: App,
    pub cache: Cache,
    pub theme: Theme,
    seq: u64,
}

/// When the deploy was done.
pub fn deploy() -> Timestamp {
    at("03:06:00")
}

pub fn at(time: &str) -> Timestamp {
    format!("2026-11-22T{time}Z").parse().expect("a time")
}

impl Stage {
    /// A cockpit of the shop, opened at 03:12.
    pub fn new(size: (u16, u16)) -> Self {
        Self::with(config(), size)
    }

    /// A cockpit that watches a second vital.
    pub fn of_two_vitals(size: (u16, u16)) -> Self {
        let mut config = config();
        let orders = Vital { title: "orders placed".into(), query: "orders:ok".into(), ..config.vitals[0].clone() };
        config.vitals.push(orders);
        Self::with(config, size)
    }

    /// A query answers something else.
    pub fn answers(&mut self, query: stanch::dashboard::QueryId, data: Data) {
        let at = self.app.session.now;
        let outcome = Ok(Arc::new(Reading { at, data, warnings: Vec::new() }));
        self.send(Msg::Polled { query, outcome, at });
    }

    /// The vital has this value, and has had it for half an hour.
    pub fn steady(&mut self, value: f64) {
        let end = self.app.session.now.as_second() / 15 * 15;
        let points = (0..120).rev().map(|back| Point { t: (end - back * 15) * 1000, v: value }).collect();
        let series = Series { name: "ok".into(), labels: Labels::default(), points };
        self.answers(self.app.world.plan.vitals[0], Data::Series(vec![series]));
    }

    /// A cockpit without any configuration.
    pub fn bare(size: (u16, u16)) -> Self {
        Self::with(Config::default(), size)
    }

    /// A cockpit whose configuration has nothing in it.
    pub fn unconfigured(size: (u16, u16)) -> Self {
        Self::with(Config { file: Some("/home/alice/stanch.toml".into()), ..Config::default() }, size)
    }

    fn with(config: Config, size: (u16, u16)) -> Self {
        let mut incident = Incident::default();
        let opened = Event::IncidentOpened { title: "checkout 5xx".into(), drill: false };
        incident.apply(entry(1, at("03:12:00"), "alice@ops", opened));
        let mut app = App::new(Setup {
            keymap: Keymap::new(&BTreeMap::new()).expect("a keymap"),
            config: Arc::new(config),
            incident,
            id: "2026-11-22-0312-checkout-5xx".into(),
            author: "alice@ops".into(),
            seed: 7,
            now: at("03:12:00"),
            zone: TimeZone::UTC,
            read_only: false,
            generic: Arc::new(BoardFile::generic_causes()),
        });
        let effects = app.start();
        let mut stage = Self { app, cache: Cache::default(), theme: Theme::default(), seq: 1 };
        stage.answer(effects);
        stage.send(Msg::Resized(size.0, size.1));
        stage
    }

    /// Hands a message to the app and answers what it wants recorded.
    pub fn send(&mut self, msg: Msg) {
        let effects = self.app.update(msg);
        self.answer(effects);
    }

    fn answer(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            if let Effect::Record(drafts) = effect {
                let by = self.app.session.author.clone();
                let entries = drafts.into_iter().map(|draft| {
                    self.seq += 1;
                    Entry { seq: self.seq, id: draft.id, at: self.app.session.now, by: by.clone(), event: draft.event }
                });
                let entries = entries.collect();
                self.send(Msg::Recorded(entries));
            }
        }
    }

    /// An entry of somebody else.
    pub fn record(&mut self, by: &str, event: Event) {
        self.seq += 1;
        self.send(Msg::Recorded(vec![entry(self.seq, self.app.session.now, by, event)]));
    }

    /// Presses keys: words are names of keys or single characters.
    pub fn keys(&mut self, keys: &str) {
        for key in keys.split_whitespace() {
            let (code, modifiers) = match key {
                "enter" => (KeyCode::Enter, KeyModifiers::NONE),
                "esc" => (KeyCode::Esc, KeyModifiers::NONE),
                "tab" => (KeyCode::Tab, KeyModifiers::NONE),
                "up" => (KeyCode::Up, KeyModifiers::NONE),
                "down" => (KeyCode::Down, KeyModifiers::NONE),
                "left" => (KeyCode::Left, KeyModifiers::NONE),
                "right" => (KeyCode::Right, KeyModifiers::NONE),
                "space" => (KeyCode::Char(' '), KeyModifiers::NONE),
                "ctrl-s" => (KeyCode::Char('s'), KeyModifiers::CONTROL),
                "alt-down" => (KeyCode::Down, KeyModifiers::ALT),
                key => (KeyCode::Char(key.chars().next().expect("a key")), KeyModifiers::NONE),
            };
            self.send(Msg::Key(KeyEvent::new(code, modifiers)));
        }
    }

    /// Types text.
    pub fn text(&mut self, text: &str) {
        for c in text.chars() {
            self.send(Msg::Key(KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE)));
        }
    }

    /// Lets time pass.
    pub fn tick(&mut self, time: &str) {
        self.send(Msg::Tick(at(time)));
    }

    /// Every query answers what the outage would answer now; those of the source `lost` fail.
    pub fn poll(&mut self, lost: Option<&str>) {
        let now = self.app.session.now;
        let plan = self.app.world.plan.clone();
        let config = self.app.session.config.clone();
        for (id, query) in plan.queries() {
            let source = config.source(query.source).expect("a source");
            let outcome = match lost {
                Some(name) if name == source.name => {
                    Err(Fault::new(FaultKind::TimedOut(Duration::from_secs(5)), "127.0.0.1:9090"))
                }
                _ => {
                    let pane = plan.panes.iter().find(|pane| pane.queries.contains(&id));
                    let data = answer(&source.name, pane.map(|pane| &pane.pane), now);
                    Ok(Arc::new(Reading { at: now, data, warnings: Vec::new() }))
                }
            };
            self.send(Msg::Polled { query: id, outcome, at: now });
        }
    }

    /// The outage up to a ranked board: an alert as symptom, two hypotheses, cells filled, signs to look for.
    pub fn play(&mut self) {
        self.poll(None);
        self.tick("03:13:00");
        self.poll(None);
        self.keys("A s 2 s");
        self.text("p99 of checkout above 2 s");
        self.keys("enter s");
        self.text("db pool is at its limit");
        self.keys("enter t");
        self.text("errors only on v2 pods");
        self.keys("enter t");
        self.text("slow DNS lookups");
        self.keys("enter a");
        self.text("db pool exhausted");
        self.keys("enter + + # - . a");
        self.text("bad deploy checkout v2.3.1");
        self.keys("enter # + . # . a");
        self.text("dns");
        self.keys("enter + - . . #");
        self.tick("03:15:00");
        // Slow DNS was looked for and is not there.
        self.column(4);
        self.keys("v a");
        self.text("lookups answer in 2 ms");
        self.keys("enter");
        self.row("dns");
        self.keys("x enter");
        self.tick("03:16:24");
        self.poll(None);
        self.row("db pool exhausted");
        self.column(0);
    }

    /// Puts the board's cursor on a column.
    pub fn column(&mut self, place: usize) {
        self.app.screen.board.column = Some(self.app.incident.board.observations[place].id);
    }

    /// Puts the board's cursor on a row.
    pub fn row(&mut self, text: &str) {
        let row = self.app.incident.board.hypotheses.iter().find(|row| row.text == text);
        self.app.screen.board.row = row.map(|row| RowId::Named(row.id));
    }

    /// What a mitigation by the team's own command looks like while it runs.
    pub fn mitigate(&mut self) {
        let change = Some("d-231".to_owned());
        let event = Event::MitigationAdded {
            text: "Roll back checkout to v2.3.0".into(),
            mitigation_kind: MitigationKind::Rollback,
            hypothesis: self.app.incident.board.hypotheses.get(1).map(|row| row.id),
            command: Some("rollback-checkout".into()),
            change,
        };
        self.record("alice@ops", event);
        let mitigation: Id = self.app.incident.mitigations[0].id;
        let state = stanch::incident::MitigationState::Running;
        self.record("alice@ops", Event::MitigationSet { mitigation, state, note: String::new(), when: None });
    }

    /// The screen as it is now.
    pub fn draw(&mut self) -> Buffer {
        let (width, height) = self.app.screen.size;
        let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("a terminal");
        let Self { app, theme, cache, .. } = self;
        terminal.draw(|frame| ui::draw(frame, app, theme, cache)).expect("a frame");
        terminal.backend().buffer().clone()
    }
}

pub fn entry(seq: u64, at: Timestamp, by: &str, event: Event) -> Entry {
    Entry { seq, id: Id::small(0xf00d_0000 + u128::from(seq)), at, by: by.into(), event }
}

fn http(url: &str) -> Http {
    Http { url: url.into(), auth: Auth::None, headers: Vec::new(), ca_file: None, client_cert: None, proxy: None }
}

fn source(name: &str, kind: &str, settings: Settings) -> Source {
    let (every, timeout) = (Duration::from_secs(5), Duration::from_secs(5));
    let kind = Kind::named(kind).expect("a kind");
    Source { name: name.into(), kind, settings, every, timeout, max_bytes: 1 << 20, behind: None }
}

fn config() -> Config {
    let read = |shape| Read { shape, ..Read::default() };
    let at = |url| Settings { http: Some(http(url)), ..Settings::default() };
    let feed = |shape| Settings { read: Some(read(shape)), ..at("http://127.0.0.1:9999") };
    let pane = |title: &str, source: &str, query: &str, kind, unit: &str| Pane {
        sources: vec![source.into()],
        query: query.into(),
        kind,
        unit: Unit::parse(unit),
        ..Pane::titled(title)
    };
    Config {
        title: Some("shop".into()),
        sources: vec![
            source("prom", "prometheus", at("http://127.0.0.1:9090")),
            source("am", "alertmanager", at("http://127.0.0.1:9093")),
            source("deploys", "http", feed(Shape::Changes)),
            source("logs", "http", feed(Shape::Logs)),
        ],
        vitals: vec![Vital {
            title: "checkout ok".into(),
            source: "prom".into(),
            query: "checkout:ok".into(),
            ok: Condition { op: Op::GreaterOrEqual, value: 0.995, hold: Duration::ZERO },
            unit: Unit::PercentUnit,
        }],
        panes: vec![
            pane("Checkout errors", "prom", "errors", PaneKind::TimeSeries, "reqps"),
            pane("p99 latency", "prom", "p99", PaneKind::TimeSeries, "s"),
            pane("Alerts", "am", "", PaneKind::Alerts, ""),
            pane("DB pool in use", "prom", "pool", PaneKind::Stat, "percentunit"),
            pane("Changes", "deploys", "", PaneKind::Changes, ""),
            pane("Checkout log", "logs", "", PaneKind::Logs, ""),
        ],
        commands: vec![Command {
            name: "rollback-checkout".into(),
            text: "Roll back checkout to the version before".into(),
            kind: MitigationKind::Rollback,
            reversible: Some(true),
            argv: ["kubectl", "-n", "shop", "rollout", "undo", "deploy/checkout"].map(str::to_owned).to_vec(),
            timeout: Duration::from_secs(60),
        }],
        ..Config::default()
    }
}

/// What a query answers at a time: calm until the deploy, then worse and worse.
fn answer(source: &str, pane: Option<&Pane>, now: Timestamp) -> Data {
    match source {
        "am" => Data::Alerts(alerts(now)),
        "deploys" => Data::Changes(changes()),
        "logs" => Data::Logs(logs(now)),
        _ => match pane.map(|pane| pane.query.as_str()) {
            Some("errors") => Data::Series(vec![
                series("500", now, |since| 0.2 + since * 0.035),
                series("503", now, |since| 0.1 + since * 0.012),
            ]),
            Some("p99") => Data::Series(vec![series("checkout", now, |since| 0.18 + since * 0.006)]),
            Some("pool") => Data::Series(vec![series("pool", now, |since| (0.4 + since * 0.002).min(0.98))]),
            _ => Data::Series(vec![series("ok", now, |since| 0.9991 - since * 0.00015)]),
        },
    }
}

/// Half an hour of points; `value` is given the seconds since two minutes after the deploy.
fn series(name: &str, now: Timestamp, value: impl Fn(f64) -> f64) -> Series {
    let start = deploy() + SignedDuration::from_mins(2);
    let end = now.as_second() / 15 * 15;
    let point = |t: i64| {
        let since = (t - start.as_second()).max(0) as f64;
        let ripple = ((t / 15) % 7) as f64 * 0.004;
        Point { t: t * 1000, v: value(since) * (1.0 - ripple / 4.0) }
    };
    Series {
        name: name.into(),
        labels: Labels::of([("code", name)]),
        points: (0..120).rev().map(|back| point(end - back * 15)).collect(),
    }
}

/// The alerts there are at a time.
pub fn alerts(now: Timestamp) -> AlertSet {
    let alert = |name: &str, severity, count: usize, fired: &str, state| {
        let starts_at = at(fired);
        (0..count)
            .filter(move |_| starts_at <= now)
            .map(move |pod| Alert {
                id: format!("{name}{pod}").into(),
                labels: Labels::of([("alertname", name), ("service", "checkout")]),
                summary: if name == "CheckoutErrorRate" { "checkout returns 5xx".into() } else { "".into() },
                state,
                severity,
                starts_at,
                receivers: Arc::new(["oncall".into()]),
                links: AlertLinks::default(),
                inhibited_by: Arc::from([]),
                muted_for: Arc::from([]),
            })
            .collect::<Vec<_>>()
    };
    let all = [
        alert("CheckoutErrorRate", Severity::Critical, 8, "03:12:10", AlertState::Firing),
        alert("PaymentsLatency", Severity::Warning, 5, "03:12:40", AlertState::Firing),
        alert("DBPoolHigh", Severity::Info, 1, "03:13:30", AlertState::Firing),
        alert("DiskWillFill", Severity::Warning, 2, "02:10:00", AlertState::Silenced),
        alert("Watchdog", Severity::None, 1, "01:00:00", AlertState::Firing),
    ];
    AlertSet::grouped(all.concat(), |alert| {
        let name: Arc<str> = alert.labels.get("alertname").unwrap_or_default().into();
        (name.clone(), name)
    })
}

fn changes() -> Vec<Change> {
    let change = |id: &str, kind, title: &str, service: &str, time: &str, who: &str, undo: Option<&str>| Change {
        id: id.into(),
        kind,
        title: title.into(),
        service: Some(service.into()),
        version: None,
        at: at(time),
        who: Some(who.into()),
        undo: undo.map(str::to_owned),
        url: None,
    };
    vec![
        change("f-9", ChangeKind::Flag, "search-v3 on for 5 %", "search", "03:14:00", "bob", None),
        change(
            "d-231",
            ChangeKind::Deploy,
            "checkout v2.3.1",
            "checkout",
            "03:06:00",
            "carol",
            Some("deploy checkout v2.3.0"),
        ),
        change("s-1", ChangeKind::Schema, "orders: add column note", "orders", "02:40:00", "dave", None),
        change("c-7", ChangeKind::Config, "search replicas 4 → 6", "search", "01:55:00", "erin", None),
    ]
}

fn logs(now: Timestamp) -> Vec<LogLine> {
    let line = |back: i64| LogLine {
        at: now.checked_sub(SignedDuration::from_secs(back * 3)).ok(),
        level: if back % 4 == 0 { Level::Warn } else { Level::Error },
        labels: Labels::default(),
        text: match back % 4 {
            0 => "slow query: select … from carts took 1 832 ms".into(),
            _ => format!("HikariPool-1 - Connection is not available, request timed out after {} ms", 30_000 + back),
        },
    };
    (0..40).rev().map(line).collect()
}
