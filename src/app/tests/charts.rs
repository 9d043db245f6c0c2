//! The time that is looked at in all charts, and the series of an open one.

use jiff::ToSpan;

use super::*;
use crate::app::screen::watch;

const ERRORS: usize = 1;

/// Series by pod, each at one value for the last five minutes.
fn pods(pods: &[(&str, f64)]) -> Data {
    let start = at("03:05:00").as_millisecond();
    let points = |v: f64| (0..60).map(|i| Point { t: start + i * 5000, v }).collect();
    let series = |(pod, v): &(&str, f64)| Series {
        name: (*pod).into(),
        labels: Labels::of([("pod", *pod)]),
        points: points(*v),
    };
    Data::Series(pods.iter().map(series).collect())
}

/// The names in the legend of the chart, those that are hidden in parentheses.
fn legend(cockpit: &Cockpit) -> String {
    let pane = watch::focused(&cockpit.app).expect("a pane");
    let legend = watch::legend(&cockpit.app, pane);
    let name = |line: &crate::app::world::rows::legend::LegendLine<'_>| match line.shown {
        true => line.series.name.to_string(),
        false => format!("({})", line.series.name),
    };
    legend.lines.iter().map(name).collect::<Vec<_>>().join(" ")
}

fn chart() -> Cockpit {
    let mut cockpit = Cockpit::new();
    let pane = cockpit.app.world.plan.panes[0].id;
    cockpit.app.screen.watch.focus = Some(pane);
    cockpit
}

fn said(cockpit: &Cockpit) -> &str {
    cockpit.app.screen.notice.as_ref().map_or("", |notice| notice.text.as_str())
}

#[test]
fn one_time_is_looked_at_until_it_is_left() {
    let mut cockpit = chart();
    let time = |cockpit: &Cockpit| cockpit.app.screen.watch.time;
    cockpit.press("c");
    assert_eq!(time(&cockpit), Some(at("03:10:00")), "it begins at the newest values");
    cockpit.press("<left>");
    let one = time(&cockpit).expect("a time");
    assert!(one < at("03:10:00") && one.as_second() % 5 == 0, "{one}: a time that was asked for");
    cockpit.press("<left><right>");
    assert_eq!(time(&cockpit), Some(one));
    cockpit.press("<shift-left>");
    let far = time(&cockpit).expect("a time");
    assert!(one.duration_since(far) > at("03:10:00").duration_since(one) * 5);
    cockpit.tick("03:10:40").poll(ERRORS, pods(&[("a", 1.0), ("b", 2.0)])).press("[[");
    assert_eq!(time(&cockpit), Some(far), "it is a time, and no column");
    cockpit.press("0<home>");
    assert_eq!(time(&cockpit), Some(at("02:40:40")));
    cockpit.press("<end>");
    assert_eq!(time(&cockpit), Some(at("03:10:40")));
    cockpit.press("<esc>");
    assert_eq!((time(&cockpit), cockpit.app.screen.watch.zoomed), (None, false));
}

#[test]
fn the_window_narrows_around_the_time_that_is_looked_at() {
    let mut cockpit = chart();
    cockpit.press("c");
    for _ in 0..40 {
        cockpit.press("<left>");
    }
    let looked_at = cockpit.app.screen.watch.time.expect("a time");
    for _ in 0..3 {
        cockpit.press("{");
        let (start, end) = cockpit.app.world.window.bounds(cockpit.app.session.now);
        assert!(start < looked_at && looked_at < end, "{start} {looked_at} {end}");
        assert_eq!(end, looked_at.checked_add((end.duration_since(start)) / 2).expect("a time"));
    }
    for _ in 0..4 {
        cockpit.press("}");
    }
    assert!(cockpit.app.world.window.is_live(), "wide enough, it reaches the present");
}

#[test]
fn it_begins_at_the_onset_where_that_is_known() {
    let mut cockpit = chart();
    let mut values = vec![1.0; 24];
    values.extend([0.9; 24]);
    cockpit.poll(VITAL, curve("03:06:05", 5, &values)).press("c");
    assert_eq!(cockpit.app.screen.watch.time, Some(at("03:08:05")));
    let before = at("03:08:05").checked_sub(1.second()).expect("a time");
    cockpit.press("<left>");
    assert!(cockpit.app.screen.watch.time.is_some_and(|at| at < before));
}

#[test]
fn a_series_is_hidden_by_its_labels() {
    let mut cockpit = chart();
    cockpit.poll(ERRORS, pods(&[("a", 1.0), ("b", 3.0), ("c", 2.0)]));
    cockpit.press(" ");
    assert_eq!(said(&cockpit), "Enter opens the chart: its series are selected there");
    cockpit.press("<enter> ");
    assert_eq!(said(&cockpit), "no series is selected: ↓ selects one");
    cockpit.press("<down><down> ");
    assert_eq!(legend(&cockpit), "b (c) a");
    cockpit.poll(ERRORS, pods(&[("a", 9.0), ("c", 8.0), ("d", 1.0)]));
    assert_eq!(legend(&cockpit), "a (c) d", "another line, and the same series");
    cockpit.poll(ERRORS, pods(&[("a", 9.0), ("b", 8.0)])).press(" ");
    assert_eq!(legend(&cockpit), "a b", "what took its place was not meant");
    assert!(said(&cockpit).starts_with("the selected series has no values here any more"), "{}", said(&cockpit));
    cockpit.poll(ERRORS, pods(&[("a", 9.0), ("c", 8.0)]));
    assert_eq!(legend(&cockpit), "a (c)", "it is back, and still hidden");
    cockpit.press("<esc>");
    assert_eq!(legend(&cockpit), "a (c)");
    cockpit.press("<esc>");
    assert_eq!(legend(&cockpit), "a c", "Esc shows all, as it shows all rows");
}

#[test]
fn a_chart_without_points_has_nothing_to_select() {
    let mut cockpit = chart();
    let empty = |pod: &str| Series { name: pod.into(), labels: Labels::of([("pod", pod)]), points: Vec::new() };
    cockpit.poll(ERRORS, Data::Series(vec![empty("a"), empty("b")])).press("<enter><down><end><home> io");
    assert_eq!(legend(&cockpit), "");
}

#[test]
fn one_series_is_shown_alone() {
    let mut cockpit = chart();
    cockpit.poll(ERRORS, pods(&[("a", 1.0), ("b", 3.0), ("c", 2.0)]));
    cockpit.press("<enter><down><down>i");
    assert_eq!(legend(&cockpit), "(b) c (a)");
    cockpit.poll(ERRORS, pods(&[("a", 1.0), ("b", 3.0), ("c", 2.0), ("d", 9.0)]));
    assert_eq!(legend(&cockpit), "(d) (b) c (a)", "nor is one shown that comes later");
    cockpit.press("<down> ");
    assert_eq!(legend(&cockpit), "(d) (b) c a", "another one beside it");
    cockpit.press("ii");
    assert_eq!(legend(&cockpit), "d b c a");
}

#[test]
fn series_are_in_the_order_that_was_chosen() {
    let mut cockpit = chart();
    let start = at("03:09:50").as_millisecond();
    let series = |pod: &str, values: [f64; 3]| Series {
        name: pod.into(),
        labels: Labels::of([("pod", pod)]),
        points: (0..3).zip(values).map(|(i, v)| Point { t: start + i * 5000, v }).collect(),
    };
    let all = [("b", [1.0, 9.0, 2.0]), ("a", [1.0, 1.0, 1.0]), ("c", [5.0, f64::NAN, 3.0])];
    cockpit.poll(ERRORS, Data::Series(all.map(|(pod, values)| series(pod, values)).into())).press("<enter>");
    assert_eq!(legend(&cockpit), "c b a");
    cockpit.press("o");
    assert_eq!(legend(&cockpit), "b c a");
    cockpit.press("o");
    assert_eq!(legend(&cockpit), "a b c");
    cockpit.press("o");
    assert_eq!(legend(&cockpit), "c b a");
}
