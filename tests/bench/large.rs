//! How long a key and a reading take where much is going on: a board of 50 hypotheses and 500 observations, and 20,000
//! alerts. Each row is what happens between a key and the frame that shows what it did: taking it in, working out what to
//! do next, drawing at 200×60.

use std::{collections::BTreeMap, hint::black_box, sync::Arc, time::Duration};

use criterion::{BatchSize, BenchmarkGroup, Criterion, criterion_group, criterion_main, measurement::WallTime};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use ratatui::{
    Terminal,
    backend::TestBackend,
    crossterm::event::{KeyCode, KeyEvent},
};
use stanch::{
    app::{App, Keymap, Msg, Setup},
    config::{Config, load},
    dashboard::QueryId,
    incident::{Cell, Entry, Event, Id, Ids, Incident, ObservationState, Prior},
    signal::{Alert, AlertSet, AlertState, Data, Labels, Point, Reading, Series, Severity},
    ui,
};

const ROWS: usize = 50;
const COLUMNS: usize = 500;
const ALERTS: usize = 20_000;

fn now() -> Timestamp {
    Timestamp::constant(1_795_317_384, 0)
}

const CONFIG: &str = r#"
[[source]]
name = "prom"
type = "prometheus"
url = "http://127.0.0.1:9"
[[source]]
name = "am"
type = "alertmanager"
url = "http://127.0.0.1:9"
[[vital]]
title = "checkout ok"
source = "prom"
query = "ok"
ok = ">= 0.995"
unit = "percentunit"
[[pane]]
title = "Errors"
source = "prom"
query = "errors"
[[pane]]
title = "Alerts"
type = "alerts"
source = "am"
"#;

fn config() -> Config {
    load::parse(CONFIG, "bench.toml".as_ref()).map(|(config, _)| config).unwrap_or_default()
}

/// The events of a board on which every cell says something, in an order of its own in each row.
fn board() -> Vec<Entry> {
    let mut ids = Ids::new(1);
    let mut entries: Vec<Entry> = Vec::new();
    let mut put = |event: Event| -> Id {
        let (id, seq) = (ids.next(now()), entries.len() as u64 + 1);
        entries.push(Entry { seq, id, at: now(), by: "bench@host".into(), event });
        id
    };
    let column = |at: usize| Event::ObservationAdded {
        text: format!("sign {at} of something that is or is not there"),
        state: [ObservationState::Present, ObservationState::Absent, ObservationState::Untested][at % 3],
        origin: None,
        when: None,
        evidence: None,
        check: Default::default(),
    };
    let row = |at: usize| Event::HypothesisAdded {
        text: format!("hypothesis {at} about what may be the cause"),
        prior: Prior::default(),
        changed: false,
        from: String::new(),
    };
    let columns: Vec<Id> = (0..COLUMNS).map(|at| put(column(at))).collect();
    let rows: Vec<Id> = (0..ROWS).map(|at| put(row(at))).collect();
    for (r, hypothesis) in rows.iter().enumerate() {
        for (c, observation) in columns.iter().enumerate() {
            let cell = match (r * 31 + c * 17 + r * c) % 11 {
                0 => Cell::Must,
                1 | 2 => Cell::Likely,
                3 => Cell::Unlikely,
                4 if c % 3 != 0 => Cell::Cannot,
                _ => Cell::Neutral,
            };
            put(Event::CellSet { hypothesis: *hypothesis, observation: *observation, cell });
        }
    }
    entries
}

/// No alert.
fn none() -> Arc<Reading> {
    Arc::new(Reading { at: now(), data: Data::Alerts(AlertSet::default()), warnings: Vec::new() })
}

/// Alerts in so many groups.
fn alerts(groups: usize) -> Arc<Reading> {
    let alert = |i: usize| Alert {
        id: format!("{i:016x}").into(),
        labels: Labels::of([
            ("alertname", format!("Rule{:05}", i % groups).as_str()),
            ("service", format!("svc-{:03}", i / 20 % 200).as_str()),
            ("pod", format!("pod-{i:05}").as_str()),
        ]),
        summary: "".into(),
        state: AlertState::Firing,
        severity: [Severity::Critical, Severity::Warning, Severity::Warning, Severity::Info][i % 4],
        starts_at: now() - SignedDuration::from_secs((i % 3600) as i64),
        receivers: Arc::from([]),
        links: Default::default(),
        inhibited_by: Arc::from([]),
        muted_for: Arc::from([]),
    };
    let named = |alert: &Alert| {
        let name: Arc<str> = alert.labels.get("alertname").unwrap_or_default().into();
        (name.clone(), name)
    };
    let set = AlertSet::grouped((0..ALERTS).map(alert).collect(), named);
    Arc::new(Reading { at: now(), data: Data::Alerts(set), warnings: Vec::new() })
}

fn vital() -> Arc<Reading> {
    let start = now().as_millisecond() - 1_800_000;
    let points = (0..360).map(|i| Point { t: start + i * 5000, v: if i > 300 { 0.9 } else { 1.0 } }).collect();
    let series = Series { name: "ok".into(), labels: Labels::default(), points };
    Arc::new(Reading { at: now(), data: Data::Series(vec![series]), warnings: Vec::new() })
}

struct Cockpit {
    app: App,
    theme: ui::Theme,
    cache: ui::Cache,
    terminal: Terminal<TestBackend>,
    alerts: QueryId,
}

impl Cockpit {
    fn new(entries: Vec<Entry>) -> Option<Self> {
        let config = config();
        let app = App::new(Setup {
            config: Arc::new(config),
            keymap: Keymap::new(&BTreeMap::new()).ok()?,
            incident: Incident::replay(entries),
            id: "2026-11-22-0316-bench".into(),
            author: "bench@host".into(),
            seed: 1,
            now: now(),
            zone: TimeZone::UTC,
            read_only: true,
            generic: Arc::default(),
        });
        let alerts = app.world.plan.panes.iter().find(|pane| pane.pane.title == "Alerts")?.queries.first().copied()?;
        let terminal = Terminal::new(TestBackend::new(200, 60)).ok()?;
        let (theme, cache) = (ui::Theme::builtin("dark")?, ui::Cache::default());
        let mut cockpit = Self { app, theme, cache, terminal, alerts };
        cockpit.send(Msg::Resized(200, 60));
        let vitals = cockpit.app.world.plan.vitals.clone();
        vitals.into_iter().for_each(|query| cockpit.poll(query, vital()));
        cockpit.frame();
        Some(cockpit)
    }

    fn send(&mut self, msg: Msg) {
        black_box(self.app.update(msg));
    }

    fn poll(&mut self, query: QueryId, reading: Arc<Reading>) {
        self.send(Msg::Polled { query, outcome: Ok(reading), at: now() });
    }

    fn frame(&mut self) {
        self.app.prepare_frame();
        let Self { app, theme, cache, terminal, .. } = self;
        black_box(terminal.draw(|frame| ui::draw(frame, app, theme, cache)).is_ok());
    }

    fn key(&mut self, key: char) {
        let code = match key {
            '↓' => KeyCode::Down,
            '↑' => KeyCode::Up,
            '→' => KeyCode::Right,
            '←' => KeyCode::Left,
            other => KeyCode::Char(other),
        };
        self.send(Msg::Key(KeyEvent::from(code)));
        self.frame();
    }
}

/// Keys one after the other, each with its frame.
fn keys(group: &mut BenchmarkGroup<'_, WallTime>, cockpit: &mut Cockpit, name: &str, before: &str, keys: &str) {
    before.chars().for_each(|key| cockpit.key(key));
    let mut next = keys.chars().cycle();
    group.bench_function(name, |bencher| bencher.iter(|| cockpit.key(next.next().unwrap_or('↓'))));
}

fn large(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("large");
    group.measurement_time(Duration::from_secs(2)).warm_up_time(Duration::from_millis(300)).sample_size(20);
    let Some(mut cockpit) = Cockpit::new(board()) else { return };
    keys(&mut group, &mut cockpit, "50x500: rows", "2", "↓↓↓↑↑↑");
    keys(&mut group, &mut cockpit, "50x500: columns", "2", "→→→←←←");
    keys(&mut group, &mut cockpit, "50x500: Act", "3", "↓↑");
    keys(&mut group, &mut cockpit, "50x500: Log", "4", "↑↑↓↓");
    keys(&mut group, &mut cockpit, "50x500: Learn", "5", "↓↑");
    keys(&mut group, &mut cockpit, "50x500: views", "1", "12345");
    keys(&mut group, &mut cockpit, "50x500: no key but a frame", "2", "¬");
    group.bench_function("50x500: what to do next", |bencher| {
        bencher.iter(|| black_box(stanch::app::coach::advise(cockpit.app.case())));
    });
    for groups in [400, 20_000] {
        let (Some(mut cockpit), reading) = (Cockpit::new(Vec::new()), alerts(groups)) else { return };
        let query = cockpit.alerts;
        cockpit.poll(query, Arc::clone(&reading));
        cockpit.frame();
        keys(&mut group, &mut cockpit, &format!("20,000 alerts in {groups} groups: rows"), "1", "↓↓↓↑↑↑");
        keys(&mut group, &mut cockpit, &format!("20,000 alerts in {groups} groups: Act"), "3", "↓↑");
        keys(&mut group, &mut cockpit, &format!("20,000 alerts in {groups} groups: views"), "1", "12345");
        cockpit.key('1');
        group.bench_function(format!("20,000 alerts in {groups} groups: the same again"), |bencher| {
            // Read anew each time, as a source does: equal, and at other places in memory.
            let mut answers = [Arc::clone(&reading), alerts(groups)].into_iter().cycle();
            bencher.iter(|| {
                answers.next().into_iter().for_each(|answer| cockpit.poll(query, answer));
                cockpit.frame();
            });
        });
        let calm = || {
            Cockpit::new(Vec::new()).map(|mut calm| {
                calm.poll(query, none());
                calm.frame();
                calm
            })
        };
        let stormy = || {
            calm().map(|mut stormy| {
                stormy.poll(query, Arc::clone(&reading));
                stormy.frame();
                stormy
            })
        };
        let mut turn = |name: &str, before: &dyn Fn() -> Option<Cockpit>, answer: Arc<Reading>| {
            group.bench_function(format!("20,000 alerts in {groups} groups: {name}"), |bencher| {
                let turn = |mut cockpit: Option<Cockpit>| {
                    if let Some(cockpit) = &mut cockpit {
                        cockpit.poll(query, Arc::clone(&answer));
                        cockpit.frame();
                    }
                    cockpit
                };
                bencher.iter_batched(before, turn, BatchSize::PerIteration);
            });
        };
        turn("they begin", &calm, Arc::clone(&reading));
        turn("they end", &stormy, none());
        group.bench_function(format!("20,000 alerts in {groups} groups: what to do next"), |bencher| {
            bencher.iter(|| black_box(stanch::app::coach::advise(cockpit.app.case())));
        });
        group.bench_function(format!("20,000 alerts in {groups} groups: one second passes"), |bencher| {
            bencher.iter(|| {
                cockpit.send(Msg::Tick(now()));
                cockpit.frame();
            });
        });
    }
    group.finish();
}

criterion_group!(benches, large);
criterion_main!(benches);
