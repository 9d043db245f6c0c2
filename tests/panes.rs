//! Pictures of panes on made-up data, and any pane at any size.

#![expect(clippy::expect_used, reason = "made-up data that is missing fails the test")]

#[path = "panes/dashboards.rs"]
mod dashboards;
#[path = "../examples/gallery/made_up.rs"]
mod made_up;

use std::time::Duration;

use jiff::{Timestamp, tz::TimeZone};
use proptest::prelude::*;
use ratatui::{buffer::Buffer, layout::Rect};
use stanch::{
    app::world::rows::{Rows, What, legend::LegendState},
    config::{Pane, PaneKind, Threshold, ThresholdLevel},
    signal::{
        Band, Bucket, Change, ChangeKind, Column, Curves, Data, Fault, FaultKind, Freshness, Heatmap, Histogram,
        HistogramBar, Labels, Level, LogLine, Look, Point, Reading, Readout, Series, Stack, Stretch, Stroke, Table,
        Tone, Unit, Window,
    },
    ui::{
        Role, Theme,
        pane::{MarkKind, PaneInput, SlotView, draw, next_change, paste, reframe},
    },
};

/// All panes in a grid that shares its lines.
fn screen(width: u16, height: u16, columns: u16, lines: u16, theme: &Theme) -> Buffer {
    let area = Rect::new(0, 0, width, height);
    let mut screen = Buffer::empty(area);
    let edge = |length: u16, at: u16, of: u16| (u32::from(length - 1) * u32::from(at) / u32::from(of)) as u16;
    let marks = made_up::marks();
    let panes = made_up::panes();
    let mut last = None;
    for (at, shown) in (0..columns * lines).zip(&panes) {
        let (x, y) = (edge(width, at % columns, columns), edge(height, at / columns, lines));
        let (right, bottom) = (edge(width, at % columns + 1, columns), edge(height, at / columns + 1, lines));
        let place = Rect::new(x, y, right - x + 1, bottom - y + 1);
        let mut own = Buffer::empty(place);
        draw(&shown.input(&marks, at == 2), place, &mut own, theme);
        if at == 2 {
            last = Some(own);
        } else {
            paste(&own, &mut screen);
        }
    }
    last.iter().for_each(|own| paste(own, &mut screen));
    screen
}

fn one(title: &str, width: u16, height: u16) -> Buffer {
    let panes = made_up::panes();
    let shown = panes.iter().find(|shown| shown.pane.title == title).expect(title);
    let marks = made_up::marks();
    let area = Rect::new(0, 0, width, height);
    let mut buf = Buffer::empty(area);
    let mut input = PaneInput { zoomed: true, ..shown.input(&marks, true) };
    input.rows = Rows::of(shown.pane.kind, &input.slots, "", true);
    draw(&input, area, &mut buf, &Theme::default());
    buf
}

fn text(buf: &Buffer) -> String {
    let row = |y| (0..buf.area.width).map(|x| buf[(x, y)].symbol()).collect::<String>();
    (0..buf.area.height).map(|y| row(y).trim_end().to_owned() + "\n").collect()
}

#[test]
fn every_kind_at_160x45() {
    insta::assert_debug_snapshot!(screen(160, 45, 4, 4, &Theme::default()));
}

#[test]
fn six_panes_at_80x24_without_colour() {
    insta::assert_debug_snapshot!(screen(80, 24, 2, 3, &Theme::mono()));
}

#[test]
fn one_pane_fills_80x24() {
    insta::assert_debug_snapshot!("chart_80x24", one("p99 latency", 80, 24));
    insta::assert_debug_snapshot!("alerts_80x24", one("Alerts", 80, 24));
}

#[test]
fn small_panes_stay_readable() {
    let titles = ["Checkout errors", "Alerts", "Changes", "Checkout ok", "Pool in use", "CPU by pod", "Payments p99"];
    let small = |(width, height)| {
        titles.map(|title| format!("{title} {width}×{height}\n{}", text(&one(title, width, height)))).join("\n")
    };
    insta::assert_snapshot!([(12, 3), (24, 6), (3, 2)].map(small).join("\n"));
}

#[test]
fn an_alert_known_to_two_sources_shows_once() {
    let panes = made_up::panes();
    let alerts = panes.iter().find(|shown| shown.pane.kind == PaneKind::Alerts).expect("alerts");
    let mut input = alerts.input(&[], true);
    let seen = |input: &PaneInput<'_>| {
        let rows = Rows::of(input.pane.kind, &input.slots, "", false).shown();
        rows.iter().map(|row| format!("{} from {}", row.id, row.source)).collect::<Vec<_>>()
    };
    let both = [
        "CheckoutErrorRate from alertmanager",
        "PaymentsLatencyHigh from alertmanager",
        "DBPoolHigh from alertmanager",
        "CartErrorRate from prom",
        "DiskWillFillIn4Hours from alertmanager",
    ];
    assert_eq!(seen(&input), both);
    // Once Alertmanager has gone quiet, Prometheus is believed.
    input.slots[0].freshness = Freshness::Failing;
    let first: Vec<_> = seen(&input).into_iter().filter(|row| row.starts_with("CheckoutErrorRate")).collect();
    assert_eq!(first, ["CheckoutErrorRate from prom"]);
}

#[test]
fn rows_keep_their_names_when_lines_scroll_away() {
    let panes = made_up::panes();
    let logs = panes.iter().find(|shown| shown.pane.kind == PaneKind::Logs).expect("logs");
    let ids = |reading: &Reading| {
        let mut input = logs.input(&[], true);
        input.slots[0].reading = Some(reading);
        Rows::of(PaneKind::Logs, &input.slots, "", false).shown().into_iter().map(|row| row.id).collect::<Vec<_>>()
    };
    let before = logs.slots[0].reading.clone().expect("a reading");
    let mut after = before.clone();
    let Data::Logs(lines) = &mut after.data else { panic!("log lines") };
    // The first of two lines that say the same, and then one that nothing else says: it stands first.
    lines.remove(0);
    assert_eq!(ids(&after), ids(&before));
    let Data::Logs(lines) = &mut after.data else { panic!("log lines") };
    lines.remove(0);
    assert_eq!(ids(&after), ids(&before)[1..]);
}

/// When a pane that was just drawn is to be drawn again.
fn drawn_again(input: &PaneInput<'_>) -> Option<Timestamp> {
    let area = Rect::new(0, 0, 60, 14);
    let head = draw(input, area, &mut Buffer::empty(area), &Theme::default());
    next_change(input, &head)
}

#[test]
fn live_panes_change_by_the_clock_only_when_their_window_moves_or_they_turn_stale() {
    let panes = made_up::panes();
    let due = |input: &PaneInput<'_>| drawn_again(input).map(|due| due.duration_since(made_up::now()).as_millis());
    let mut chart = panes[0].input(&[], false);
    assert_eq!(due(&chart), Some(6_001), "half an hour moves every ten seconds");
    let later = |seconds| Some(made_up::now() + Duration::from_secs(seconds));
    let (now, last_good) = (chart.now, chart.slots[0].last_good);
    (chart.now, chart.slots[0].last_good) = (later(7).expect("a time"), later(5));
    assert_eq!(due(&chart), Some(10_625), "it waits for the answer that is due");
    chart.slots[0].every *= 12;
    assert_eq!(due(&chart), Some(16_001), "but not for a minute");
    chart.slots[0].every /= 12;
    (chart.now, chart.slots[0].last_good) = (now, last_good);
    chart.window.end = Some(made_up::now());
    assert_eq!(due(&chart), Some(8_001), "a window that stands still does not move");
    let alerts = panes[2].input(&[], false);
    let due = drawn_again(&alerts).expect("ages");
    assert!(due.duration_since(made_up::now()).as_secs() <= 1, "one of them is 40 s old");
}

#[test]
fn a_frame_drawn_anew_is_the_frame_of_the_whole_drawn_anew() {
    for (width, height) in [(4, 3), (9, 4), (28, 7), (60, 14)] {
        for shown in made_up::panes() {
            let area = Rect::new(3, 2, width, height);
            let drawn = |focused| {
                let mut buf = Buffer::empty(area);
                let input = PaneInput { cursor: None, ..shown.input(&[], focused) };
                let head = draw(&input, area, &mut buf, &Theme::default());
                (buf, head)
            };
            for focused in [true, false] {
                let (mut buf, head) = drawn(!focused);
                let input = PaneInput { cursor: None, ..shown.input(&[], focused) };
                reframe(&input, &head, &mut buf, &Theme::default());
                assert_eq!(buf, drawn(focused).0, "{} at {width}x{height}", shown.pane.title);
            }
        }
    }
}

/// What a chart of these numbers, five seconds apart, says in words.
#[track_caller]
fn check_words(values: &[f64], filter: &str, expected: &str) {
    let start = made_up::now().as_millisecond() - values.len() as i64 * 5000;
    let points = (0i64..).zip(values).map(|(i, v)| Point { t: start + i * 5000, v: *v }).collect();
    let series = vec![Series { name: "a".into(), labels: Labels::default(), points }];
    let reading = Reading { at: made_up::now(), data: Data::Series(series), warnings: vec![] };
    let panes = made_up::panes();
    let pane = Pane::titled("Numbers");
    let mut input = PaneInput { pane: &pane, filter, ..panes[0].input(&[], false) };
    (input.slots[0].reading, input.onset) = (Some(&reading), None);
    let area = Rect::new(0, 0, 60, 10);
    let mut buf = Buffer::empty(area);
    draw(&input, area, &mut buf, &Theme::default());
    assert!(text(&buf).contains(expected), "{expected} is not said in\n{}", text(&buf));
}

#[test]
fn the_axis_of_a_window_of_days_ends_now() {
    let now = made_up::now();
    let points = (0..72).map(|hour| Point { t: now.as_millisecond() - hour * 3_600_000, v: 1.0 }).rev().collect();
    let series = vec![Series { name: "a".into(), labels: Labels::default(), points }];
    let reading = Reading { at: now, data: Data::Series(series), warnings: vec![] };
    let (panes, pane) = (made_up::panes(), Pane::titled("Numbers"));
    let window = Window::live(Duration::from_secs(3 * 86_400));
    let mut input = PaneInput { pane: &pane, window, now, ..panes[0].input(&[], false) };
    (input.slots[0].reading, input.onset) = (Some(&reading), None);
    let area = Rect::new(0, 0, 60, 10);
    let mut buf = Buffer::empty(area);
    draw(&input, area, &mut buf, &Theme::default());
    let last = now.strftime("%a %H:%M").to_string();
    assert!(text(&buf).contains(&last), "{last} is not where it ends:\n{}", text(&buf));
}

#[test]
fn the_axis_of_a_window_of_minutes_stands_still() {
    let now = made_up::now();
    let points = (0..60).map(|at| Point { t: now.as_millisecond() - at * 5_000, v: 1.0 }).rev().collect();
    let series = vec![Series { name: "a".into(), labels: Labels::default(), points }];
    let reading = Reading { at: now, data: Data::Series(series), warnings: vec![] };
    let (panes, pane) = (made_up::panes(), Pane::titled("Numbers"));
    let drawn = |milliseconds: u64| {
        let (window, now) = (Window::live(Duration::from_secs(300)), now + Duration::from_millis(milliseconds));
        let mut input = PaneInput { pane: &pane, window, now, ..panes[0].input(&[], false) };
        (input.slots[0].reading, input.onset) = (Some(&reading), None);
        let area = Rect::new(0, 0, 60, 10);
        let mut buf = Buffer::empty(area);
        draw(&input, area, &mut buf, &Theme::default());
        let axis = text(&buf).lines().find(|line| line.contains("now")).expect("an axis").to_owned();
        (axis.split_whitespace().map(str::to_owned).collect::<Vec<_>>(), drawn_again(&input).map(|due| due - now))
    };
    let (axis, again) = drawn(20);
    assert!(axis[1].ends_with("0") && axis.iter().any(|word| word == "now"), "{axis:?}");
    assert!(
        again.is_some_and(|wait| wait.total(jiff::Unit::Millisecond).is_ok_and(|wait| wait > 1_000.0)),
        "{again:?}"
    );
    assert_eq!(axis, drawn(1_020).0);
}

#[test]
fn charts_say_in_words_what_cannot_be_seen() {
    check_words(&[], "", "no data in the last 30 min · polled 2 s ago");
    check_words(&[f64::NAN, f64::NAN], "", "only NaN came: nothing was measured · polled 2 s ago");
    check_words(&[f64::INFINITY], "", "only infinite values came");
    check_words(&[1.0, f64::INFINITY, 2.0], "", "∞ left out");
    check_words(&[38.0; 9], "", "flat  38");
    check_words(&[7.0], "", "one point, at 03:16");
    check_words(&[-3.0, -1.5], "", "-1.5");
    check_words(&[1.0, 2.0], "nobody", "nothing matches /nobody");
}

/// Three series of one chart: one that goes on, one with a gap of five minutes that ends ten minutes ago, and NaN.
fn gaps() -> Reading {
    let start = made_up::now().as_millisecond() - 1_800_000;
    let series = |name: &str, value: fn(i64) -> Option<f64>| Series {
        name: name.into(),
        labels: Labels::of([("pod", name)]),
        points: (0..360).filter_map(|i| Some(Point { t: start + i * 5000, v: value(i)? })).collect(),
    };
    let all = vec![
        series("steady", |i| Some(i as f64)),
        series("gap", |i| (!(180..240).contains(&i)).then_some(7.5)),
        series("nan", |_| Some(f64::NAN)),
    ];
    Reading { at: made_up::now(), data: Data::Series(all), warnings: vec![] }
}

/// The chart of [`gaps`], with a time looked at so many seconds after the window begins.
fn at_a_time(second: i64, (width, height): (u16, u16), legend: Option<&LegendState>) -> String {
    let (panes, reading) = (made_up::panes(), gaps());
    let pane = Pane { unit: Unit::parse("reqps"), ..Pane::titled("Numbers") };
    let time = Timestamp::from_millisecond(made_up::now().as_millisecond() - 1_800_000 + second * 1000).ok();
    let mut input = PaneInput { pane: &pane, time, legend, ..panes[0].input(&[], false) };
    (input.slots[0].reading, input.onset) = (Some(&reading), None);
    let area = Rect::new(0, 0, width, height);
    let mut buf = Buffer::empty(area);
    draw(&input, area, &mut buf, &Theme::default());
    text(&buf)
}

#[test]
fn a_chart_says_every_value_of_the_time_that_is_looked_at() {
    let within = at_a_time(500, (60, 14), None);
    for words in ["at ", "■ 100 req/s", "steady 100 req/s", "gap 7.5 req/s", "nan NaN"] {
        assert!(within.contains(words), "{words} is not said in\n{within}");
    }
    // Nothing of either neighbour of a gap, however near the window makes them look.
    let gap = at_a_time(1000, (60, 14), None);
    for words in ["steady 200 req/s", "gap –", "nan NaN"] {
        assert!(gap.contains(words), "{words} is not said in\n{gap}");
    }
    for (width, height) in [(24, 9), (40, 12), (200, 40)] {
        let drawn = at_a_time(1000, (width, height), None);
        let time = "03:03:04";
        assert!(drawn.lines().next().is_some_and(|head| head.contains(time)), "{width}x{height}:\n{drawn}");
        assert!(drawn.contains("200 req/s") && (width < 200 || drawn.contains("–")), "{width}x{height}:\n{drawn}");
    }
    let before = at_a_time(-60, (60, 14), None);
    assert!(!before.contains("at ") && before.contains("359"), "it is not on the chart:\n{before}");
}

/// A chart of two series against a day earlier, with what the query gave then; also where lines are stacked.
fn against(earlier: Option<&Reading>, fault: Option<&Fault>, time: Option<i64>, is_stacked: bool) -> (String, Buffer) {
    let (panes, start) = (made_up::panes(), made_up::now().as_millisecond() - 1_800_000);
    let (looks, now) = match is_stacked {
        true => (Stack::Sum, two(start, [10.0, 20.0])),
        false => (Stack::No, two(start, [10.0, 20.0])),
    };
    let data = match looks {
        Stack::No => Data::Series(now),
        stack => Data::Curves(Curves { series: now, looks: vec![Look { stack, ..Look::default() }; 2] }),
    };
    let reading = Reading { at: made_up::now(), data, warnings: vec![] };
    let pane = Pane { unit: Unit::parse("reqps"), ..Pane::titled("Numbers") };
    let time = time.and_then(|second| Timestamp::from_millisecond(start + second * 1000).ok());
    let mut input = PaneInput { pane: &pane, time, ..panes[0].input(&[], false) };
    (input.slots[0].reading, input.onset) = (Some(&reading), None);
    let slot = SlotView { reading: earlier, fault, until: earlier.map(|_| made_up::now()), ..input.slots[0].clone() };
    input.earlier = Some((Duration::from_secs(86_400), vec![slot]));
    let mut buf = Buffer::empty(Rect::new(0, 0, 76, 16));
    let area = buf.area;
    draw(&input, area, &mut buf, &Theme::default());
    (text(&buf), buf)
}

fn two(start: i64, values: [f64; 2]) -> Vec<Series> {
    let points = |v: f64| (0..180).map(|i| Point { t: start + i * 10_000, v }).collect();
    let series =
        |(name, v): (&str, f64)| Series { name: name.into(), labels: Labels::of([("pod", name)]), points: points(v) };
    ["a", "b"].into_iter().zip(values).map(series).collect()
}

#[test]
fn a_chart_is_drawn_over_what_it_was_a_day_earlier() {
    let start = made_up::now().as_millisecond() - 1_800_000;
    let earlier = Reading { at: made_up::now(), data: Data::Series(two(start, [40.0, 5.0])), warnings: vec![] };
    let (drawn, buf) = against(Some(&earlier), None, Some(900), false);
    for words in ["Numbers  against 1 d earlier", "20 req/s · was 5 req/s", "a 10 req/s, was 40 req/s"] {
        assert!(drawn.contains(words), "{words} is not said in\n{drawn}");
    }
    let mut narrow = Buffer::empty(Rect::new(0, 0, 40, 10));
    let panes = made_up::panes();
    let pane = Pane::titled("Numbers of it");
    let mut input = PaneInput { pane: &pane, ..panes[0].input(&[], false) };
    input.earlier = Some((Duration::from_secs(86_400), Vec::new()));
    let area = narrow.area;
    draw(&input, area, &mut narrow, &Theme::default());
    assert!(text(&narrow).contains("Numbers of it  vs 1 d ago"), "{}", text(&narrow));
    // The line of 40 is the highest, and dim.
    let dim = Theme::default()[Role::Dim].fg;
    let highest = (2..74).filter(|x| buf[(*x, 1)].symbol() != " " && Some(buf[(*x, 1)].fg) == dim).count();
    assert!(highest > 50, "{drawn}");
    let (alone, _) = against(Some(&earlier), None, None, false);
    assert!(alone.contains("40"), "the scale has room for both\n{alone}");
}

#[test]
fn what_is_not_known_of_earlier_is_said() {
    let none = Reading { at: made_up::now(), data: Data::Series(vec![]), warnings: vec![] };
    let refused = Fault::new(FaultKind::Refused, "");
    for (earlier, fault, words) in [
        (None, None, "1 d earlier: asked for"),
        (Some(&none), None, "nothing 1 d earlier"),
        (None, Some(&refused), "1 d earlier: "),
    ] {
        let (drawn, _) = against(earlier, fault, None, false);
        assert!(drawn.contains(words), "{words} is not said in\n{drawn}");
    }
}

#[test]
fn of_what_is_stacked_the_sum_of_earlier_is_drawn() {
    let start = made_up::now().as_millisecond() - 1_800_000;
    let series = two(start, [60.0, 30.0]);
    let looks = vec![Look { stack: Stack::Sum, ..Look::default() }; 2];
    let data = Data::Curves(Curves { series, looks });
    let earlier = Reading { at: made_up::now(), data, warnings: vec![] };
    let (drawn, buf) = against(Some(&earlier), None, None, true);
    assert!(drawn.lines().nth(1).is_some_and(|line| line.contains("90")), "{drawn}");
    let dim = Theme::default()[Role::Dim].fg;
    assert!((2..74).any(|x| buf[(x, 1)].symbol() != " " && Some(buf[(x, 1)].fg) == dim), "{drawn}");
}

#[test]
fn a_time_that_is_looked_at_moves_nothing_and_takes_no_label() {
    for (width, height) in [(24, 9), (40, 12), (60, 14), (200, 40)] {
        let (without, with) = (at_a_time(-60, (width, height), None), at_a_time(1790, (width, height), None));
        let axis = |drawn: &str| drawn.lines().position(|line| line.contains("02:46"));
        assert!(axis(&without).is_some() && axis(&without) == axis(&with), "{without}\n{with}");
        let at = axis(&with).unwrap_or_default();
        let words = |drawn: &str| drawn.lines().nth(at).unwrap_or_default().replace("03:16:14", "");
        let kept = words(&without).split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert!(kept.iter().all(|label| words(&with).contains(label.as_str())), "{without}\n{with}");
    }
}

#[test]
fn a_pane_of_now_says_so_while_another_time_is_looked_at() {
    let (panes, reading) = (made_up::panes(), gaps());
    for (is_beside_time, width) in [(true, 60), (true, 30), (false, 60)] {
        let pane = Pane { kind: PaneKind::Stat, ..Pane::titled("Numbers of the checkout") };
        let mut input = PaneInput { pane: &pane, is_beside_time, ..panes[0].input(&[], false) };
        input.slots[0].reading = Some(&reading);
        let mut buf = Buffer::empty(Rect::new(0, 0, width, 8));
        let area = buf.area;
        draw(&input, area, &mut buf, &Theme::default());
        assert_eq!(text(&buf).contains("of now"), is_beside_time, "{}", text(&buf));
    }
}

#[test]
fn a_list_that_begins_after_the_time_that_is_looked_at_says_so_and_shows_its_oldest() {
    let panes = made_up::panes();
    for (kind, ago, oldest_last) in [(PaneKind::Logs, 1_000_000, false), (PaneKind::Changes, 10_000_000, true)] {
        let shown = panes.iter().find(|shown| shown.pane.kind == kind).expect("one of the kind");
        let mut input = shown.input(&[], false);
        let drawn = |input: &PaneInput<'_>| {
            let mut buf = Buffer::empty(Rect::new(0, 0, 100, 4));
            let area = buf.area;
            draw(input, area, &mut buf, &Theme::default());
            text(&buf)
        };
        assert!(!drawn(&input).contains("all of it later"), "{}", drawn(&input));
        input.time = input.now.checked_sub(jiff::SignedDuration::from_secs(ago)).ok();
        let said = drawn(&input);
        assert!(said.contains("all of it later"), "{said}");
        let rows = input.rows.shown();
        let oldest = if oldest_last { rows.last() } else { rows.first() }.expect("a row");
        let title = match &oldest.what {
            What::Change(change) => change.title.clone(),
            What::Line(line) => line.text.chars().take(20).collect(),
            other => panic!("{other:?}"),
        };
        assert!(said.contains(&title), "{title} is not in\n{said}");
    }
}

#[test]
fn what_is_known_of_an_open_alert_goes_on_below_where_a_line_is_too_short() {
    let panes = made_up::panes();
    let alerts = panes.iter().find(|shown| shown.pane.kind == PaneKind::Alerts).expect("alerts");
    let said = |width| {
        let mut input = PaneInput { zoomed: true, ..alerts.input(&[], true) };
        let first = input.rows.shown().first().map(|row| row.id.clone()).expect("a row");
        input.cursor = Some(&first);
        let mut buf = Buffer::empty(Rect::new(0, 0, width, 40));
        let area = buf.area;
        draw(&input, area, &mut buf, &Theme::default());
        let inside = text(&buf).lines().map(|line| line.trim_matches(['│', '┃', ' ']).to_owned()).collect::<Vec<_>>();
        inside.concat().replace(' ', "")
    };
    let (wide, narrow) = (said(200), said(44));
    assert!(wide.contains("https://"), "{wide}");
    let rest: String = wide.split("https://").nth(1).unwrap_or_default().chars().take(60).collect();
    assert!(narrow.contains(&rest), "{rest} is cut in {narrow}");
}

/// What a pane says of a number that was bad until 100 s ago, beside others that go on.
#[track_caller]
fn check_ended(kind: PaneKind, live: &[f64], said: &[&str], unsaid: &[&str]) {
    let series = |(n, (v, late)): (usize, (f64, i64))| Series {
        name: format!("pod-{n}").into(),
        labels: Labels::of([("pod", format!("pod-{n}").as_str()), ("job", "shop")]),
        points: (0..60)
            .map(|i| Point { t: made_up::now().as_millisecond() - (60 - i) * 5000 - late, v })
            .filter(|_| v.is_finite())
            .collect(),
    };
    let all = live.iter().map(|v| (*v, 0)).chain([(950.0, 100_000)]).enumerate().map(series).collect();
    let reading = Reading { at: made_up::now(), data: Data::Series(all), warnings: vec![] };
    let panes = made_up::panes();
    let threshold = |from, level| Threshold { from, level };
    let thresholds = vec![threshold(50.0, ThresholdLevel::Warning), threshold(500.0, ThresholdLevel::Critical)];
    let pane = Pane { kind, thresholds, ..Pane::titled("Numbers") };
    let mut input = PaneInput { pane: &pane, ..panes[0].input(&[], false) };
    (input.slots[0].reading, input.onset) = (Some(&reading), None);
    let area = Rect::new(0, 0, 64, 12);
    let mut buf = Buffer::empty(area);
    draw(&input, area, &mut buf, &Theme::default());
    let text = text(&buf);
    said.iter().for_each(|words| assert!(text.contains(words), "{words} is not said in\n{text}"));
    unsaid.iter().for_each(|words| assert!(!text.contains(words), "{words} is said in\n{text}"));
    // The number of a threshold, and its line, are the only things in its colour.
    let critical = Theme::default()[Role::Critical].fg;
    let red = |cell: &&ratatui::buffer::Cell| Some(cell.fg) == critical && !"┈┼50 ".contains(cell.symbol());
    assert_eq!(buf.content.iter().find(red), None, "what has ended is in no colour of alarm\n{text}");
}

#[test]
fn what_has_ended_is_not_shown_as_if_it_were_of_now() {
    let chart = PaneKind::TimeSeries;
    check_ended(chart, &[7.0, 60.0], &["● 60 ─┐", "■ pod-1", "◆ pod-0", "▮ pod-2 ended 03:14"], &["▲ 950", "▮950"]);
    check_ended(chart, &[], &["─ ended 03:14 ─┐", "ended 03:14, was 950"], &["▲ 950"]);
    check_ended(PaneKind::Stat, &[], &["ended 03:14, was 950"], &["▲"]);
    check_ended(PaneKind::Stat, &[7.0], &["ended 03:14, was 950", " 7 │"], &["▲"]);
    check_ended(PaneKind::Gauge, &[], &["ended 03:14, was 950"], &["▲", "━"]);
    check_ended(PaneKind::BarGauge, &[7.0], &["ended 03:14 │"], &["▲"]);
}

fn words() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z /_-]{0,30}", "\\PC{0,40}", "[支付服务🌞e\u{301}]{0,20}"]
}

fn numbers() -> impl Strategy<Value = f64> {
    prop_oneof![
        -1e3..1e3f64,
        Just(f64::NAN),
        Just(f64::INFINITY),
        Just(f64::NEG_INFINITY),
        Just(0.0),
        Just(f64::MAX),
        Just(f64::MIN_POSITIVE),
        Just(-f64::MAX)
    ]
}

fn series() -> impl Strategy<Value = Series> {
    let points = proptest::collection::vec((-2_000_000i64..200_000, numbers()), 0..30);
    (words(), words(), points).prop_map(|(name, value, mut points)| {
        points.sort_by_key(|point| point.0);
        let now = made_up::now().as_millisecond();
        Series {
            name: name.into(),
            labels: Labels::of([("a", value.as_str())]),
            points: points.into_iter().map(|(t, v)| Point { t: now + t, v }).collect(),
        }
    })
}

fn tone() -> impl Strategy<Value = Option<Tone>> {
    prop_oneof![Just(None), Just(Some(Tone::Good)), Just(Some(Tone::Warning)), Just(Some(Tone::Bad))]
}

fn look() -> impl Strategy<Value = Look> {
    let strokes = [Stroke::Line, Stroke::Steps, Stroke::Bars, Stroke::Points];
    let stacks = [Stack::No, Stack::Sum, Stack::Percent];
    let number = || proptest::option::of(numbers());
    (
        0..strokes.len(),
        0..stacks.len(),
        number(),
        [number(), number()],
        [any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>()],
    )
        .prop_map(move |(stroke, stack, log, ends, [is_apart, is_filled, is_mirrored, has_unit])| Look {
            unit: has_unit.then(|| Unit::parse("s")),
            is_apart,
            stack: stacks[stack],
            stroke: strokes[stroke],
            is_filled,
            log,
            is_mirrored,
            ends,
        })
}

fn readout() -> impl Strategy<Value = Readout> {
    let number = || proptest::option::of(numbers());
    let past = proptest::collection::vec((-2_000_000i64..200_000, numbers()), 0..9);
    (words(), words(), number(), number(), tone(), number(), (past, any::<bool>())).prop_map(
        |(name, text, value, part, tone, share, (past, is_loud))| Readout {
            ends: Some([name.clone(), text.clone()]),
            marks: part.into_iter().map(|part| (part, Tone::Bad)).collect(),
            past: past.into_iter().map(|(t, v)| Point { t: made_up::now().as_millisecond() + t, v }).collect(),
            name,
            text,
            value,
            part,
            tone,
            share,
            is_loud,
        },
    )
}

fn data() -> impl Strategy<Value = Data> {
    let table = (words(), proptest::collection::vec(words(), 0..6)).prop_map(|(head, cells)| {
        let columns = vec![Column { name: head, numeric: false }, Column { name: "n".into(), numeric: true }];
        let rows = cells.into_iter().map(|cell| vec![cell, "17".into()]).collect();
        Data::Table(Table { columns, rows, dropped: 1, ..Table::default() })
    });
    let logs = proptest::collection::vec(words(), 0..9).prop_map(|lines| {
        let line = |text| LogLine { at: Some(made_up::now()), level: Level::Warn, labels: Labels::default(), text };
        Data::Logs(lines.into_iter().map(line).collect())
    });
    let changes = proptest::collection::vec((words(), words()), 0..5).prop_map(|changes| {
        let change = |(title, who)| Change {
            id: "same".into(),
            kind: ChangeKind::Deploy,
            title,
            service: None,
            version: Some("v1".into()),
            at: made_up::now(),
            who: Some(who),
            undo: None,
            url: None,
        };
        Data::Changes(changes.into_iter().map(change).collect())
    });
    let curves = proptest::collection::vec((series(), look()), 0..12)
        .prop_map(|all| all.into_iter().unzip())
        .prop_map(|(series, looks)| Data::Curves(Curves { series, looks }));
    let counts = proptest::collection::vec((words(), proptest::collection::vec(numbers(), 0..20)), 0..9);
    let heatmap =
        (proptest::collection::vec(-2_000_000i64..200_000, 0..20), counts).prop_map(|(mut times, buckets)| {
            times.sort_unstable();
            let bucket = |(name, counts)| Bucket { name, counts };
            let times = times.into_iter().map(|t| made_up::now().as_millisecond() + t).collect();
            Data::Heatmap(Heatmap { times, buckets: buckets.into_iter().map(bucket).collect() })
        });
    let histogram = proptest::collection::vec((words(), words(), numbers()), 0..90).prop_map(|bars| {
        let bar = |(from, to, count)| HistogramBar { from, to, count };
        Data::Histogram(Histogram { bars: bars.into_iter().map(bar).collect() })
    });
    let stretch = (-2_000_000i64..200_000, -2_000_000i64..200_000, words(), tone());
    let band = (words(), proptest::collection::vec(stretch, 0..9));
    let states = proptest::collection::vec(band, 0..9).prop_map(|bands| {
        let now = made_up::now().as_millisecond();
        let stretch = |(from, until, state, tone)| Stretch { from: now + from, until: now + until, state, tone };
        let band = |(name, stretches): (String, Vec<_>)| Band {
            name,
            stretches: stretches.into_iter().map(stretch).collect(),
        };
        Data::States(bands.into_iter().map(band).collect())
    });
    let alerts = Just(made_up::panes().swap_remove(2).slots.swap_remove(0).reading.expect("alerts").data);
    prop_oneof![
        4 => proptest::collection::vec(series(), 0..12).prop_map(Data::Series),
        1 => numbers().prop_map(Data::Number),
        1 => table,
        1 => logs,
        1 => changes,
        1 => alerts,
        3 => curves,
        1 => heatmap,
        1 => histogram,
        1 => states,
        2 => proptest::collection::vec(readout(), 0..9).prop_map(Data::Readouts),
    ]
}

fn pane() -> impl Strategy<Value = Pane> {
    let kinds = prop_oneof![
        4 => Just(PaneKind::TimeSeries),
        1 => Just(PaneKind::Stat),
        1 => Just(PaneKind::Gauge),
        1 => Just(PaneKind::BarGauge),
        1 => Just(PaneKind::Table),
        1 => Just(PaneKind::Logs),
        1 => Just(PaneKind::Alerts),
        1 => Just(PaneKind::Changes),
        1 => Just(PaneKind::Text),
    ];
    let ends = (proptest::option::of(numbers()), proptest::option::of(numbers()));
    (words(), kinds, ends, proptest::collection::vec(numbers(), 0..3), proptest::option::of(words())).prop_map(
        |(title, kind, (min, max), thresholds, legend)| {
            let threshold = |from| Threshold { from, level: ThresholdLevel::Warning };
            Pane {
                kind,
                unit: Unit::parse("bytes"),
                text: title.clone(),
                min,
                max,
                legend,
                thresholds: thresholds.into_iter().map(threshold).collect(),
                ..Pane::titled(title)
            }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_pane_draws_at_any_size(
        pane in pane(),
        data in data(),
        size in (1u16..70, 1u16..20),
        flags in (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>()),
        scroll in 0usize..50,
        filter in prop_oneof![3 => Just(String::new()), 1 => words()],
        seconds in 1u64..1_000_000,
    ) {
        let (focused, zoomed, failing, empty) = flags;
        let reading = Reading { at: made_up::now(), data, warnings: vec!["showing 50 of 812".into()] };
        let fault = Fault::new(FaultKind::Malformed, "支付🌞");
        let mut marks = made_up::marks();
        marks.push(stanch::ui::pane::Mark { at: made_up::now(), kind: MarkKind::Onset });
        let mut input = PaneInput {
            pane: &pane,
            slots: vec![SlotView {
                source: "prom支付",
                reading: (!empty).then_some(&reading),
                tells: false,
                follows: true,
                until: Some(reading.at),
                freshness: if failing { Freshness::Failing } else { Freshness::Live },
                heard: !failing,
                fault: failing.then_some(&fault),
                last_good: (!empty).then_some(reading.at),
                every: Duration::from_secs(5),
            }],
            focused,
            zoomed,
            now: made_up::now(),
            window: Window::live(Duration::from_secs(seconds)),
            tz: TimeZone::UTC,
            marks: &marks,
            onset: made_up::onset(),
            rows: Rows::default(),
            cursor: None,
            scroll,
            stopped: Vec::new(),
            marked: Vec::new(),
            wrapped: false,
            filter: &filter,
            dragged: None,
            time: (seconds % 2 == 0).then(made_up::now),
            is_beside_time: seconds % 3 == 0,
            legend: None,
            earlier: None,
            smell: None,
        };
        input.earlier = (seconds % 5 < 3).then(|| (Duration::from_secs(seconds), input.slots.clone()));
        input.rows = Rows::of(pane.kind, &input.slots, &filter, zoomed);
        let all = input.rows.shown();
        let names: std::collections::HashSet<_> = all.iter().map(|row| row.id.as_str()).collect();
        prop_assert_eq!(names.len(), all.len(), "two rows share a name");
        let last = all.last().map(|row| row.id.clone());
        input.cursor = last.as_deref();
        // What lies around the pane is not touched.
        let area = Rect::new(2, 1, size.0, size.1);
        let mut buf = Buffer::filled(Rect::new(0, 0, size.0 + 4, size.1 + 2), ratatui::buffer::Cell::new("·"));
        let head = draw(&input, area, &mut buf, &Theme::default());
        for y in 0..buf.area.height {
            for x in 0..buf.area.width {
                let inside = area.contains((x, y).into());
                prop_assert!(inside || buf[(x, y)].symbol() == "·", "drew outside at {x},{y}");
            }
        }
        if let Some(due) = next_change(&input, &head) {
            prop_assert!(due > input.now);
        }
    }
}
