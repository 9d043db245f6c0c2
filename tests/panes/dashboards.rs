//! Pictures of what panels of dashboards show, and what they say of it.

use ratatui::{buffer::Buffer, layout::Rect, style::Modifier};
use stanch::{
    app::world::rows::Rows,
    config::{Pane, PaneKind},
    signal::{
        Band, Bucket, Column, Curves, Data, Heatmap, Histogram, HistogramBar, Labels, Look, Point, Reading, Readout,
        Series, Stack, Stretch, Stroke, Table, Tone, Unit,
    },
    ui::{
        Theme,
        glyphs::Glyphs,
        pane::{PaneInput, draw},
    },
};

use super::{made_up, text};

/// A pane that got this, drawn.
fn drawn(data: Data, pane: &Pane, (width, height): (u16, u16), theme: &Theme, time: Option<i64>) -> Buffer {
    let reading = Reading { at: made_up::now(), data, warnings: Vec::new() };
    let panes = made_up::panes();
    let mut input = PaneInput { pane, ..panes[0].input(&[], false) };
    (input.slots[0].reading, input.onset, input.cursor) = (Some(&reading), None, None);
    input.time = time.map(|ago| made_up::now() - std::time::Duration::from_secs(ago.unsigned_abs()));
    input.rows = Rows::of(pane.kind, &input.slots, "", false);
    let area = Rect::new(0, 0, width, height);
    let mut buf = Buffer::empty(area);
    draw(&input, area, &mut buf, theme);
    theme.glyphs().fit(&mut buf);
    buf
}

fn words(data: Data, size: (u16, u16)) -> String {
    let pane = Pane { legend: Some(String::new()), ..Pane::titled("Panel") };
    text(&drawn(data, &pane, size, &Theme::default(), None))
}

/// A point every half minute, by how many of them ago it was.
fn series(name: &str, value: impl Fn(f64) -> f64) -> Series {
    let now = made_up::now().as_millisecond();
    let points = (0i32..=60).map(|i| Point { t: now - i64::from(60 - i) * 30_000, v: value(f64::from(60 - i)) });
    Series { name: name.into(), labels: Labels::of([("name", name)]), points: points.collect() }
}

fn stacked(stack: Stack) -> Data {
    let look = Look { stack, ..Look::default() };
    let series = vec![
        series("idle", |ago| 20.0 + ago / 3.0),
        series("user", |_| 30.0),
        series("system", |ago| 30.0 - ago / 4.0),
    ];
    Data::Curves(Curves { looks: vec![look; series.len()], series })
}

#[test]
fn curves_stand_on_each_other() {
    insta::assert_snapshot!("panel_stacked", words(stacked(Stack::Sum), (60, 14)));
    insta::assert_snapshot!("panel_percent", words(stacked(Stack::Percent), (60, 14)));
    let ascii = Theme::mono().drawn_in(Glyphs::Ascii);
    let picture = text(&drawn(stacked(Stack::Sum), &Pane::titled("Panel"), (60, 14), &ascii, None));
    assert!(picture.is_ascii(), "{picture}");
    insta::assert_snapshot!("panel_stacked_in_ascii", picture);
}

#[test]
fn what_has_no_line_of_its_own_counts_on_a_stack() {
    let look = Look { stack: Stack::Sum, ..Look::default() };
    let all: Vec<Series> = (0..20).map(|nth| series(&format!("pod-{nth:02}"), |_| 1.0)).collect();
    let picture = words(Data::Curves(Curves { looks: vec![look; 20], series: all }), (70, 14));
    assert!(picture.contains("together 20 "), "{picture}");
    assert!(picture.lines().nth(1).is_some_and(|line| line.trim_end_matches([' ', '│']).ends_with("20")), "{picture}");
}

#[test]
fn each_unit_has_its_scale() {
    let looks = vec![Look::default(), Look { unit: Some(Unit::parse("bytes")), is_apart: true, ..Look::default() }];
    let series =
        vec![series("requests", |ago| 100.0 + ago), series("memory", |ago| (2.0 + ago / 60.0) * 1024.0 * 1024.0)];
    let curves = Data::Curves(Curves { series, looks });
    insta::assert_snapshot!("panel_two_scales", words(curves.clone(), (60, 12)));
    let pane = Pane { unit: Unit::parse("reqps"), legend: Some(String::new()), ..Pane::titled("Panel") };
    let then = text(&drawn(curves, &pane, (60, 12), &Theme::default(), Some(900)));
    assert!(then.contains("memory 2.5 MiB") && then.contains("requests 130 req/s"), "{then}");
}

#[test]
fn scales_bars_and_mirrors() {
    let one = |look: Look, value: &dyn Fn(f64) -> f64| {
        words(Data::Curves(Curves { series: vec![series("a", value)], looks: vec![look] }), (50, 10))
    };
    insta::assert_snapshot!(
        "panel_log",
        one(Look { log: Some(10.0), ..Look::default() }, &|ago| 10f64.powf(ago / 15.0))
    );
    insta::assert_snapshot!("panel_bars", one(Look { stroke: Stroke::Bars, ..Look::default() }, &|ago| 60.0 - ago));
    insta::assert_snapshot!("panel_filled", one(Look { is_filled: true, ..Look::default() }, &|ago| 60.0 - ago));
    let looks = vec![Look::default(), Look { is_mirrored: true, ..Look::default() }];
    let series = vec![series("in", |_| 30.0), series("out", |ago| 60.0 - ago)];
    insta::assert_snapshot!("panel_mirrored", words(Data::Curves(Curves { series, looks }), (50, 10)));
}

#[test]
fn a_heatmap_is_denser_where_more_is() {
    let now = made_up::now().as_millisecond();
    let times: Vec<i64> = (0..60).map(|i| now - (59 - i) * 30_000).collect();
    let bucket = |name: &str, count: &dyn Fn(f64) -> f64| Bucket {
        name: name.into(),
        counts: (0..60).map(|i| count(f64::from(i))).collect(),
    };
    let buckets = vec![
        bucket("≤ 10 ms", &|i| 60.0 - i),
        bucket("≤ 100 ms", &|_| 30.0),
        bucket("≤ 1 s", &|i| if i > 30.0 { i } else { 0.0 }),
        bucket("> 1 s", &|i| if i > 50.0 { 1.0 } else { f64::NAN }),
    ];
    let heatmap = Data::Heatmap(Heatmap { times, buckets });
    insta::assert_snapshot!("panel_heatmap", words(heatmap.clone(), (60, 10)));
    let ascii = Theme::mono().drawn_in(Glyphs::Ascii);
    let picture = text(&drawn(heatmap, &Pane::titled("Panel"), (60, 8), &ascii, Some(600)));
    assert!(picture.is_ascii(), "{picture}");
    insta::assert_snapshot!("panel_heatmap_in_ascii", picture);
}

#[test]
fn states_are_stretches_with_their_words() {
    let now = made_up::now().as_millisecond();
    let stretch = |from: i64, until: i64, state: &str, tone| Stretch {
        from: now - from * 60_000,
        until: now - until * 60_000,
        state: state.into(),
        tone,
    };
    let band = |name: &str, stretches| Band { name: name.into(), stretches };
    let (good, bad) = (Some(Tone::Good), Some(Tone::Bad));
    let bands = vec![
        band("core", vec![stretch(40, 0, "up", good)]),
        band("registry", vec![stretch(40, 12, "up", good), stretch(12, 0, "down", bad)]),
        band(
            "scanner",
            vec![stretch(40, 20, "up", good), stretch(20, 19, "down", bad), stretch(10, 0, "starting", None)],
        ),
    ];
    insta::assert_snapshot!("panel_states", words(Data::States(bands.clone()), (64, 9)));
    let high = text(&drawn(Data::States(bands.clone()), &Pane::titled("Panel"), (64, 14), &Theme::default(), None));
    let blocks = high.lines().filter(|line| line.contains("████")).count();
    assert_eq!((blocks, high.matches(" up ──").count()), (2, 3), "what is bad is broad where there is room\n{high}");
    let then = text(&drawn(Data::States(bands), &Pane::titled("Panel"), (64, 9), &Theme::default(), Some(1200 - 30)));
    assert!(then.contains("▲ 1 of 3"), "then the scanner was down, and it alone\n{then}");
}

#[test]
fn shares_bars_and_counts() {
    let slice = |name: &str, text: &str, share: f64| Readout {
        name: name.into(),
        text: text.into(),
        value: Some(share),
        part: Some(share),
        share: Some(share),
        ..Readout::default()
    };
    let pie = vec![slice("payments", "6 GiB", 0.6), slice("cart", "3.97 GiB", 0.397), slice("search", "30 MiB", 0.003)];
    insta::assert_snapshot!("panel_pie", words(Data::Readouts(pie), (50, 6)));
    let bar =
        |from: u32, count: f64| HistogramBar { from: format!("{from} ms"), to: format!("{} ms", from + 10), count };
    let bars = (0..8).map(|nth| bar(nth * 10, f64::from((nth * 3) % 7))).collect();
    insta::assert_snapshot!("panel_histogram", words(Data::Histogram(Histogram { bars }), (50, 8)));
}

fn value(name: &str, text: &str, tone: Option<Tone>) -> Readout {
    let past = series("", |ago| 60.0 - ago).points;
    Readout { name: name.into(), text: text.into(), value: Some(1.0), tone, past, ..Readout::default() }
}

#[test]
fn values_stand_side_by_side_with_their_past() {
    let all = vec![
        value("errors", "12.3 %", Some(Tone::Bad)),
        value("latency", "250 ms", None),
        value("pods", "8", Some(Tone::Good)),
    ];
    insta::assert_snapshot!("panel_stats", words(Data::Readouts(all.clone()), (56, 6)));
    insta::assert_snapshot!("panel_stats_narrow", words(Data::Readouts(all), (30, 5)));
    let gauge = Readout {
        part: Some(0.4),
        marks: vec![(0.7, Tone::Warning), (0.9, Tone::Bad)],
        ends: Some(["0 %".into(), "100 %".into()]),
        ..value("", "40 %", Some(Tone::Good))
    };
    insta::assert_snapshot!("panel_gauge", words(Data::Readouts(vec![gauge]), (40, 6)));
}

#[test]
fn what_is_to_be_seen_from_afar_stands_on_its_colour() {
    let reversed = |tone| {
        let loud = Readout { is_loud: true, past: Vec::new(), ..value("", "99 %", tone) };
        let buf = drawn(Data::Readouts(vec![loud]), &Pane::titled("Panel"), (20, 5), &Theme::mono(), None);
        buf.content().iter().filter(|cell| cell.modifier.contains(Modifier::REVERSED)).count()
    };
    assert_eq!([reversed(Some(Tone::Bad)), reversed(Some(Tone::Good)), reversed(None)], [8, 0, 0]);
}

#[test]
fn a_narrow_table_keeps_its_names_and_numbers() {
    let column = |name: &str, numeric| Column { name: name.into(), numeric };
    let row = |pod: &str, used: &str| ["2026-11-30 23:00:00", pod, "shop", used].map(str::to_owned).to_vec();
    let table = Table {
        columns: vec![column("Time", true), column("pod", false), column("namespace", false), column("used", true)],
        rows: vec![row("checkout-7f9c-x2", "97.1%"), row("cart-5d-q1", "12%")],
        tones: vec![(0, 3, Tone::Bad), (1, 3, Tone::Good)],
        ..Table::default()
    };
    let pane = Pane { kind: PaneKind::Table, ..Pane::titled("Panel") };
    let at = |width| text(&drawn(Data::Table(table.clone()), &pane, (width, 5), &Theme::default(), None));
    insta::assert_snapshot!("panel_table", format!("{}\n{}\n{}", at(72), at(48), at(30)));
}

#[test]
fn columns_of_numbers_stand_side_by_side_and_a_single_one_at_the_edge() {
    let shown = |numbers: usize| {
        let column = |name: String, numeric| Column { name, numeric };
        let mut columns = vec![column("pod".into(), false)];
        columns.extend((0..numbers).map(|at| column(format!("n{at}"), true)));
        let row = |pod: &str| [pod.to_owned()].into_iter().chain((0..numbers).map(|at| format!("{at}7"))).collect();
        let table = Table { columns, rows: vec![row("a"), row("b")], ..Table::default() };
        let pane = Pane { kind: PaneKind::Table, ..Pane::titled("Pods") };
        let drawn = text(&drawn(Data::Table(table), &pane, (60, 6), &Theme::default(), None));
        drawn.lines().find(|line| line.contains("07")).unwrap_or_default().to_owned()
    };
    assert!(shown(1).contains(&" ".repeat(40)), "{}", shown(1));
    assert!(shown(2).contains("07  17"), "{}", shown(2));
}
