//! How long a frame takes: twenty panes at 200×60, drawn anew, drawn again, and after a key or a reading.

use std::{collections::BTreeMap, hint::black_box, sync::Arc, time::Duration};

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use jiff::{Timestamp, tz::TimeZone};
use ratatui::{
    Terminal,
    backend::TestBackend,
    crossterm::event::{KeyCode, KeyEvent},
};
use stanch::{
    app::{App, Keymap, Msg, Setup},
    config::{Config, load},
    dashboard::QueryId,
    incident::Incident,
    signal::{Data, Labels, Point, Reading, Series},
    ui,
};

const PANES: usize = 20;
const SECONDS: i64 = 30 * 60;

fn now() -> Timestamp {
    Timestamp::constant(1_795_317_384, 0)
}

/// Twenty charts of one Prometheus.
fn config() -> Config {
    let mut text = String::from("[[source]]\nname = \"prom\"\ntype = \"prometheus\"\nurl = \"http://127.0.0.1:9\"\n");
    for pane in 0..PANES {
        text += &format!("[[pane]]\ntitle = \"Chart {pane}\"\nsource = \"prom\"\nquery = \"rate(m{pane}[1m])\"\n");
    }
    load::parse(&text, "bench.toml".as_ref()).map(|(config, _)| config).unwrap_or_default()
}

/// Five curves of a point every 5 s.
fn reading(turn: usize) -> Arc<Reading> {
    let start = now().as_millisecond() - SECONDS * 1000;
    let curve = |series: usize| Series {
        name: format!("pod-{series}").into(),
        labels: Labels::default(),
        points: (0..SECONDS / 5)
            .map(|at| Point { t: start + at * 5000, v: ((at as usize * (series + 3) + turn) % 97) as f64 })
            .collect(),
    };
    Arc::new(Reading { at: now(), data: Data::Series((0..5).map(curve).collect()), warnings: Vec::new() })
}

struct Cockpit {
    app: App,
    theme: ui::Theme,
    cache: ui::Cache,
    terminal: Terminal<TestBackend>,
    turn: usize,
}

impl Cockpit {
    fn new() -> Option<Self> {
        let app = App::new(Setup {
            config: Arc::new(config()),
            keymap: Keymap::new(&BTreeMap::new()).ok()?,
            incident: Incident::default(),
            id: "2026-11-22-0316-bench".into(),
            author: "bench".into(),
            seed: 1,
            now: now(),
            zone: TimeZone::UTC,
            read_only: true,
            generic: Arc::default(),
        });
        let terminal = Terminal::new(TestBackend::new(200, 60)).ok()?;
        let mut cockpit =
            Self { app, theme: ui::Theme::builtin("dark")?, cache: ui::Cache::default(), terminal, turn: 0 };
        cockpit.send(Msg::Resized(200, 60));
        cockpit.queries().into_iter().for_each(|query| cockpit.poll(query));
        cockpit.draw();
        Some(cockpit)
    }

    fn send(&mut self, msg: Msg) {
        black_box(self.app.update(msg));
    }

    fn queries(&self) -> Vec<QueryId> {
        self.app.world.plan.queries().map(|(id, _)| id).collect()
    }

    fn poll(&mut self, query: QueryId) {
        self.turn += 1;
        self.send(Msg::Polled { query, outcome: Ok(reading(self.turn)), at: now() });
    }

    fn draw(&mut self) {
        let Self { app, theme, cache, terminal, .. } = self;
        let drawn = terminal.draw(|frame| ui::draw(frame, app, theme, cache));
        black_box(drawn.is_ok());
    }
}

fn frames(criterion: &mut Criterion) {
    let Some(mut cockpit) = Cockpit::new() else { return };
    let mut group = criterion.benchmark_group("20 panes at 200x60");
    group.measurement_time(Duration::from_secs(3)).warm_up_time(Duration::from_secs(1));
    group.bench_function("nothing has changed", |bencher| bencher.iter(|| cockpit.draw()));
    group.bench_function("all drawn anew", |bencher| {
        bencher.iter(|| {
            cockpit.cache = ui::Cache::default();
            cockpit.draw();
        });
    });
    group.bench_function("a key that moves the focus", |bencher| {
        bencher.iter(|| {
            cockpit.send(Msg::Key(KeyEvent::from(KeyCode::Tab)));
            cockpit.draw();
        });
    });
    group.bench_function("a key that changes the view", |bencher| {
        let mut views = ['2', '1'].into_iter().cycle();
        bencher.iter(|| {
            cockpit.send(Msg::Key(KeyEvent::from(KeyCode::Char(views.next().unwrap_or('1')))));
            cockpit.draw();
        });
    });
    cockpit.send(Msg::Key(KeyEvent::from(KeyCode::Char('1'))));
    group.bench_function("one new reading", |bencher| {
        let queries = cockpit.queries();
        let mut at = 0;
        bencher.iter_batched(
            || {
                at = (at + 1) % PANES;
                (queries[at], reading(at))
            },
            |(query, reading)| {
                cockpit.send(Msg::Polled { query, outcome: Ok(reading), at: now() });
                cockpit.draw();
            },
            BatchSize::SmallInput,
        );
    });
    group.finish();
}

criterion_group!(benches, frames);
criterion_main!(benches);
