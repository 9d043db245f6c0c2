//! Readings of an outage that never happened, one for each kind of pane; for the gallery and for pictures in tests.

use std::{sync::Arc, time::Duration};

use jiff::{Timestamp, ToSpan, tz::TimeZone};
use stanch::{
    app::world::rows::Rows,
    config::{Pane, PaneKind, Threshold, ThresholdLevel},
    signal::{
        Alert, AlertSet, AlertState, Change, ChangeKind, Column, Data, Fault, FaultKind, Freshness, Labels, Level,
        LogLine, Point, Reading, Series, Severity, Table, Unit, Window, alert::AlertLinks,
    },
    ui::pane::{Mark, MarkKind, PaneInput, SlotView},
};

/// A pane with what its queries returned.
pub struct Shown {
    pub pane: Pane,
    pub slots: Vec<Slot>,
    pub cursor: Option<String>,
    pub filter: String,
}

/// What one query returned.
pub struct Slot {
    pub source: &'static str,
    pub reading: Option<Reading>,
    pub fault: Option<Fault>,
    pub age: i64,
}

/// The time everything below refers to: 2026-11-22T03:16:24Z.
pub fn now() -> Timestamp {
    Timestamp::constant(1_795_317_384, 0)
}

fn ago(seconds: i64) -> Timestamp {
    now() - seconds.seconds()
}

/// What is marked on the time axes: a deploy ten minutes ago, alerts after it.
pub fn marks() -> Vec<Mark> {
    let mark = |seconds, kind| Mark { at: ago(seconds), kind };
    vec![mark(622, MarkKind::Change), mark(240, MarkKind::AlertStart), mark(180, MarkKind::AlertStart)]
}

pub fn onset() -> Option<Timestamp> {
    Some(ago(300))
}

impl Shown {
    pub fn input<'a>(&'a self, marks: &'a [Mark], focused: bool) -> PaneInput<'a> {
        let every = Duration::from_secs(5);
        let slots = self.slots.iter().map(|slot| {
            let last_good = slot.reading.as_ref().map(|_| ago(slot.age));
            SlotView {
                follows: true,
                source: slot.source,
                tells: slot.source == "alertmanager",
                reading: slot.reading.as_ref(),
                until: last_good,
                freshness: Freshness::of(now(), last_good, slot.fault.is_some(), every),
                heard: slot.fault.is_none(),
                fault: slot.fault.as_ref(),
                last_good,
                every,
            }
        });
        let slots: Vec<_> = slots.collect();
        PaneInput {
            pane: &self.pane,
            rows: Rows::of(self.pane.kind, &slots, &self.filter, false),
            slots,
            focused,
            zoomed: false,
            now: now(),
            window: Window::live(Duration::from_secs(30 * 60)),
            tz: TimeZone::UTC,
            marks,
            onset: onset(),
            cursor: self.cursor.as_deref(),
            scroll: 0,
            stopped: Vec::new(),
            wrapped: false,
            marked: Vec::new(),
            filter: &self.filter,
            dragged: None,
            time: None,
            is_beside_time: false,
            legend: None,
            earlier: None,
            smell: None,
        }
    }
}

/// One of each kind, and the ways they go wrong.
pub fn panes() -> Vec<Shown> {
    vec![
        with(charts("Checkout errors", "reqps", checkout_errors()), |pane| {
            pane.thresholds = levels(1.0, 5.0);
        }),
        with(charts("p99 latency", "s", latency()), |pane| pane.legend = Some("{{service}}".into())),
        alerts(),
        charts(
            "Requests",
            "reqps",
            vec![series(&[], |m| 1200.0 + 180.0 * (m / 4.0).sin() - if m > -5.0 { 420.0 } else { 0.0 })],
        ),
        with(
            charts(
                "Checkout ok",
                "percentunit",
                vec![series(&[], |m| if m < -5.0 { 0.9991 } else { 0.9991 - (m + 5.0) * 0.018 })],
            ),
            |pane| {
                pane.kind = PaneKind::Stat;
            },
        ),
        changes(),
        with(charts("Pool in use", "percentunit", vec![instant(&[], 0.964)]), |pane| {
            pane.kind = PaneKind::Gauge;
            pane.thresholds = levels(0.7, 0.9);
        }),
        with(charts("CPU by pod", "percent", cpu()), |pane| {
            pane.kind = PaneKind::BarGauge;
            pane.legend = Some("{{pod}}".into());
            pane.thresholds = levels(70.0, 90.0);
        }),
        logs(),
        table(),
        stale(charts("Payments p99", "s", vec![series(&[], |m| 0.2 + 0.02 * (m * 1.3).sin())])),
        with(charts("Queues", "short", queues()), |pane| pane.kind = PaneKind::Stat),
        charts("Goroutines by pod", "short", (0..200).map(goroutines).collect()),
        failed(charts("Orders", "reqps", vec![])),
        note(),
        charts("Restarts", "short", vec![]),
    ]
}

fn charts(title: &str, unit: &str, series: Vec<Series>) -> Shown {
    let pane = Pane { unit: Unit::parse(unit), ..Pane::titled(title) };
    Shown { pane, slots: vec![slot("prom", Data::Series(series))], cursor: None, filter: String::new() }
}

fn with(mut shown: Shown, change: impl FnOnce(&mut Pane)) -> Shown {
    change(&mut shown.pane);
    shown
}

fn slot(source: &'static str, data: Data) -> Slot {
    Slot { source, reading: Some(Reading { at: ago(2), data, warnings: vec![] }), fault: None, age: 2 }
}

fn levels(warning: f64, critical: f64) -> Vec<Threshold> {
    vec![
        Threshold { from: warning, level: ThresholdLevel::Warning },
        Threshold { from: critical, level: ThresholdLevel::Critical },
    ]
}

/// Half an hour of a value every 15 seconds; `value` is given minutes before now, with a little noise that is the same
/// every time.
fn series(labels: &[(&str, &str)], value: impl Fn(f64) -> f64) -> Series {
    let points = (0..=120).map(|i| {
        let t = ago(2 + (120 - i) * 15).as_millisecond();
        let minutes = -((120 - i) as f64) / 4.0;
        let noise = ((i * 7919 + labels.len() as i64 * 31) % 97) as f64 / 97.0 - 0.5;
        let v = value(minutes);
        Point { t, v: v + v.abs() * 0.04 * noise }
    });
    let name = labels.iter().map(|(_, value)| *value).collect::<Vec<_>>().join(" ");
    Series { name: name.into(), labels: Labels::of(labels.iter().copied()), points: points.collect() }
}

fn instant(labels: &[(&str, &str)], v: f64) -> Series {
    let name = labels.iter().map(|(_, value)| *value).collect::<Vec<_>>().join(" ");
    let points = vec![Point { t: ago(2).as_millisecond(), v }];
    Series { name: name.into(), labels: Labels::of(labels.iter().copied()), points }
}

fn checkout_errors() -> Vec<Series> {
    vec![series(&[("code", "500")], |m| if m < -5.5 { 0.12 } else { 0.12 + 12.2 * (1.0 - (-(m + 5.5) / 2.0).exp()) })]
}

fn latency() -> Vec<Series> {
    let of = |name: &'static str, base: f64, late: f64| {
        let mut series = series(&[("service", name)], move |m| base + if m < -5.0 { 0.0 } else { late * (m + 5.0) });
        if name == "search" {
            series.points.retain(|point| !(60..80).contains(&((now().as_millisecond() - point.t) / 15_000)));
        }
        series
    };
    vec![of("checkout", 0.31, 0.52), of("payments", 0.18, 0.21), of("cart", 0.08, 0.004), of("search", 0.6, 0.0)]
}

fn cpu() -> Vec<Series> {
    let pods = [("checkout-7f9c-x2", 96.4), ("checkout-7f9c-k8", 88.1), ("cart-5d-q1", 41.0), ("search-66-zz", 12.7)];
    pods.iter().map(|(pod, v)| instant(&[("pod", pod)], *v)).collect()
}

fn queues() -> Vec<Series> {
    let of = |name, base: f64, slope: f64| series(&[("queue", name)], move |m| base + slope * (m + 30.0).powi(2));
    vec![of("orders", 12.0, 1.9), of("emails", 140.0, 0.02), of("refunds", 3.0, 0.0)]
}

fn goroutines(i: i64) -> Series {
    let pod: &'static str = Box::leak(format!("worker-{i:03}").into_boxed_str());
    series(&[("pod", pod)], move |m| 40.0 + ((i * 37) % 200) as f64 * 0.9 + (m / 9.0 + i as f64).sin() * 9.0)
}

fn alert(name: &str, pod: &str, severity: Severity, state: AlertState, seconds: i64, told: bool) -> Alert {
    let receivers: Arc<[Arc<str>]> = if told { Arc::from(["oncall".into()]) } else { Arc::from([]) };
    Alert {
        id: format!("{name}/{pod}").into(),
        labels: Labels::of([("alertname", name), ("pod", pod), ("team", "shop")]),
        summary: "more than 5 % of checkouts fail".into(),
        state,
        severity,
        starts_at: ago(seconds),
        receivers,
        links: AlertLinks { runbook: Some("https://sop.example/checkout".into()), ..AlertLinks::default() },
        inhibited_by: Arc::from([]),
        muted_for: Arc::from([]),
    }
}

fn grouped(alerts: Vec<Alert>) -> Data {
    Data::Alerts(AlertSet::grouped(alerts, |alert| {
        let name: Arc<str> = alert.labels.get("alertname").unwrap_or_default().into();
        (name.clone(), name)
    }))
}

fn alerts() -> Shown {
    use AlertState::{Firing, Pending, Silenced};
    use Severity::{Critical, Info, Warning};
    let many = |name: &'static str, n: usize, severity, state, seconds, told| {
        (0..n).map(move |i| alert(name, &format!("pod-{i}"), severity, state, seconds - i as i64, told))
    };
    let told = many("CheckoutErrorRate", 8, Critical, Firing, 245, true)
        .chain(many("PaymentsLatencyHigh", 5, Warning, Firing, 190, true))
        .chain(many("DBPoolHigh", 1, Info, Firing, 150, true))
        .chain(many("DiskWillFillIn4Hours", 2, Warning, Silenced, 86_000, true))
        .chain(many("Watchdog", 1, Severity::None, Firing, 900_000, true));
    let known = many("CheckoutErrorRate", 8, Critical, Firing, 250, false).chain(many(
        "CartErrorRate",
        3,
        Critical,
        Pending,
        40,
        false,
    ));
    let pane = Pane { kind: PaneKind::Alerts, ..Pane::titled("Alerts") };
    let slots = vec![slot("alertmanager", grouped(told.collect())), slot("prom", grouped(known.collect()))];
    Shown { pane, slots, cursor: Some("PaymentsLatencyHigh".into()), filter: String::new() }
}

fn changes() -> Shown {
    let change = |id: &str, kind, title: &str, version: Option<&str>, seconds, who: &str| Change {
        id: id.into(),
        kind,
        title: title.into(),
        service: None,
        version: version.map(str::to_owned),
        at: ago(seconds),
        who: Some(who.into()),
        undo: None,
        url: None,
    };
    let changes = vec![
        change("1", ChangeKind::Deploy, "checkout", Some("v2.3.1"), 622, "ada"),
        change("2", ChangeKind::Flag, "new-search on for 10 %", None, 1900, "lin"),
        change("3", ChangeKind::Schema, "orders: add index", None, 9000, "migrations"),
        change("4", ChangeKind::Deploy, "cart", Some("v1.44.0"), 70_000, "ci"),
    ];
    let pane = Pane { kind: PaneKind::Changes, ..Pane::titled("Changes") };
    Shown { pane, slots: vec![slot("deploys", Data::Changes(changes))], cursor: None, filter: String::new() }
}

fn logs() -> Shown {
    let line = |seconds, level, text: &str| LogLine {
        at: Some(ago(seconds)),
        level,
        labels: Labels::default(),
        text: text.into(),
    };
    let lines = vec![
        line(31, Level::Info, "checkout started order=8812 items=3"),
        line(24, Level::Warn, "pool wait 1.9 s, 100 of 100 connections in use"),
        line(22, Level::Error, "POST /pay 500: timed out waiting for a connection"),
        line(20, Level::Info, "checkout started order=8813 items=1"),
        line(15, Level::Error, "POST /pay 500: timed out waiting for a connection"),
        line(9, Level::Debug, "retrying payment provider=支付宝 attempt=2"),
        line(4, Level::Error, "POST /pay 500: timed out waiting for a connection"),
    ];
    let pane = Pane { kind: PaneKind::Logs, ..Pane::titled("Checkout log") };
    Shown { pane, slots: vec![slot("loki", Data::Logs(lines))], cursor: None, filter: String::new() }
}

fn table() -> Shown {
    let column = |name: &str, numeric| Column { name: name.into(), numeric };
    let row = |cells: [&str; 4]| cells.map(str::to_owned).to_vec();
    let table = Table {
        columns: vec![column("pod", false), column("status", false), column("restarts", true), column("age", false)],
        rows: vec![
            row(["checkout-7f9c-x2", "CrashLoopBackOff", "7", "11m"]),
            row(["checkout-7f9c-k8", "Running", "3", "11m"]),
            row(["cart-5d-q1", "Running", "0", "19h"]),
            row(["search-66-zz", "Running", "0", "4d"]),
        ],
        ..Table::default()
    };
    let pane = Pane { kind: PaneKind::Table, ..Pane::titled("Pods") };
    Shown { pane, slots: vec![slot("kubectl", Data::Table(table))], cursor: None, filter: String::new() }
}

fn note() -> Shown {
    let text = "Call the payments team early: +49 30 1234.\nNever fail over the orders database by hand.";
    let pane = Pane { kind: PaneKind::Text, text: text.into(), ..Pane::titled("Know this") };
    Shown { pane, slots: vec![], cursor: None, filter: String::new() }
}

fn stale(mut shown: Shown) -> Shown {
    shown.slots[0].age = 42;
    shown.slots[0].fault = Some(Fault::new(FaultKind::TimedOut(Duration::from_secs(5)), ""));
    shown
}

fn failed(mut shown: Shown) -> Shown {
    shown.slots[0].reading = None;
    shown.slots[0].fault = Some(Fault::new(FaultKind::Refused, "http://127.0.0.1:9090"));
    shown
}
