//! The evaluator against values computed by hand.

use super::{
    super::store::{Labels, Store},
    *,
};

/// Labels, and the value at each second.
type Row<'a> = (&'a [(&'a str, &'a str)], &'a dyn Fn(f64) -> Option<f64>);

/// Eleven scrapes, one a second from 0 to 10 s.
fn store() -> Store {
    let mut store = Store::default();
    let series: [Row<'_>; 13] = [
        (&[("__name__", "up"), ("job", "a")], &|_| Some(1.0)),
        (&[("__name__", "up"), ("job", "b")], &|_| Some(0.0)),
        (&[("__name__", "req"), ("pod", "a"), ("code", "200")], &|t| Some(100.0 + 10.0 * t)),
        (&[("__name__", "req"), ("pod", "a"), ("code", "500")], &|t| Some(50.0 + 2.0 * t)),
        (&[("__name__", "req"), ("pod", "b"), ("code", "200")], &|t| Some(1000.0 + 30.0 * t)),
        // Counts to 8, begins anew at 5 s.
        (&[("__name__", "reset")], &|t| Some(if t < 5.0 { 2.0 * t } else { 2.0 * (t - 5.0) })),
        // Ends after 6 s.
        (&[("__name__", "gone")], &|t| (t <= 6.0).then_some(t)),
        (&[("__name__", "level"), ("pod", "a")], &|t| Some(t)),
        (&[("__name__", "odd")], &|_| Some(f64::NAN)),
        (&[("__name__", "lat_bucket"), ("le", "0.1")], &|t| Some(50.0 * t)),
        (&[("__name__", "lat_bucket"), ("le", "0.5")], &|t| Some(90.0 * t)),
        (&[("__name__", "lat_bucket"), ("le", "1")], &|t| Some(98.0 * t)),
        (&[("__name__", "lat_bucket"), ("le", "+Inf")], &|t| Some(100.0 * t)),
    ];
    for tick in 0..=10 {
        store.begin(tick * 1000);
        for (labels, value) in &series {
            let id = store.series(&Labels::of(labels.iter().copied()));
            if let Some(value) = value(tick as f64) {
                store.put(id, value);
            }
        }
    }
    store
}

/// The value at 10 s in a short form: `{labels} value`, sorted.
fn answer(query: &str) -> Result<String, Error> {
    let store = store();
    let number = |value: f64| format!("{}", (value * 1e9).round() / 1e9);
    Ok(match Evaluator::new(&store).at(&parse(query)?, 10_000)? {
        Value::Scalar(value) => number(value),
        Value::Text(text) => format!("{text:?}"),
        Value::Vector(points) => {
            let points = points.iter().map(|point| format!("{} {}", point.labels, number(point.value)));
            points.collect::<Vec<_>>().join("; ")
        }
        Value::Matrix(tracks) => {
            let tracks = tracks.iter().map(|track| format!("{} {:?}", track.labels, track.values));
            tracks.collect::<Vec<_>>().join("; ")
        }
    })
}

#[track_caller]
fn check(query: &str, expected: &str) {
    assert_eq!(answer(query).unwrap_or_else(|error| panic!("{query}: {error:?}")), expected, "{query}");
}

#[track_caller]
fn check_error(query: &str, at: usize, expected: &str) {
    let error = answer(query).expect_err(query);
    assert_eq!(error, Error::Parse { at, text: expected.into() }, "{query}");
}

#[test]
fn numbers() {
    check("1.5", "1.5");
    check("1 + 2 * 3 ^ 2", "19");
    check("-2 ^ 2", "-4");
    check("2 ^ 3 ^ 2", "512");
    check("(1 + 2) * 3 - 10 % 4", "7");
    check("1 / 0", "inf");
    check("0 / 0", "NaN");
    check("1 > bool 2", "0");
    check("0x1F + 1e-3", "31.001");
    check("time()", "10");
    check("\"hello\"", "\"hello\"");
    check("scalar(level)", "10");
    check("scalar(up)", "NaN");
}

#[test]
fn selectors() {
    check("up", r#"{__name__="up", job="a"} 1; {__name__="up", job="b"} 0"#);
    check("up{job='b'}", r#"{__name__="up", job="b"} 0"#);
    check("up{job!=\"b\"}", r#"{__name__="up", job="a"} 1"#);
    check("req{code=~\"5..\"}", r#"{__name__="req", code="500", pod="a"} 70"#);
    check("req{code!~\"5..\",pod=\"a\"}", r#"{__name__="req", code="200", pod="a"} 200"#);
    check("{__name__=~\"up|level\",job=\"\"}", r#"{__name__="level", pod="a"} 10"#);
    check(
        "req{pod='a',}[2s]",
        concat!(
            r#"{__name__="req", code="200", pod="a"} [(8000, 180.0), (9000, 190.0), (10000, 200.0)]; "#,
            r#"{__name__="req", code="500", pod="a"} [(8000, 66.0), (9000, 68.0), (10000, 70.0)]"#
        ),
    );
    check("level offset 4s", r#"{__name__="level", pod="a"} 6"#);
    check("gone", "");
    check("gone offset 4s", r#"{__name__="gone"} 6"#);
    check("nothing", "");
}

#[test]
fn rates() {
    // Samples at both ends of the range: nothing to extrapolate.
    check("rate(req{pod='a',code='200'}[5s])", r#"{code="200", pod="a"} 10"#);
    check("increase(req{pod='b'}[10s])", r#"{code="200", pod="b"} 300"#);
    check("irate(req{pod='b'}[5s])", r#"{code="200", pod="b"} 30"#);
    // 4 s to 10 s: 8, 0, 2, 4, 6, 8, 10 grows by 10 - 8 + 8 over 6 s.
    check("increase(reset[6s])", "{} 10");
    check("resets(reset[10s])", "{} 1");
    // The last sample at 6 s, a range from 5 s: 1 over 1 s, to the end by half an interval as it is too far.
    check("increase(gone[5s])", "{} 1.5");
    // A single sample has no rate.
    check("rate(gone[4s])", "");
    check("delta(level[4s])", r#"{pod="a"} 4"#);
    check("max_over_time(level[3s]) - min_over_time(level[3s])", r#"{pod="a"} 3"#);
    check("avg_over_time(level[2s])", r#"{pod="a"} 9"#);
    check("count_over_time(gone[6s])", "{} 3");
    check("last_over_time(gone[6s])", r#"{__name__="gone"} 6"#);
    check("changes(up[5s])", r#"{job="a"} 0; {job="b"} 0"#);
}

#[test]
fn a_counter_is_never_extended_below_zero() {
    let mut store = Store::default();
    let id = store.series(&Labels::of([("__name__", "new")]));
    for tick in 5..=10 {
        store.begin(tick * 1000);
        store.put(id, (tick - 5) as f64 * 4.0);
    }
    // It began at 5 s with 0, so 20 in 10 s, and not half an interval more.
    let value = Evaluator::new(&store).at(&parse("increase(new[10s])").expect("a query"), 10_000);
    assert_eq!(value, Ok(Value::Vector(vec![value::Point { labels: Labels::default(), value: 20.0 }])));
}

#[test]
fn aggregations() {
    check("sum(req)", "{} 1570");
    check("sum by (pod) (req)", r#"{pod="a"} 270; {pod="b"} 1300"#);
    check("sum(req) by (pod)", r#"{pod="a"} 270; {pod="b"} 1300"#);
    check("sum without (code) (req)", r#"{pod="a"} 270; {pod="b"} 1300"#);
    check("avg by (code) (req)", r#"{code="200"} 750; {code="500"} 70"#);
    check("min(req)", "{} 70");
    check("max(req)", "{} 1300");
    check("max(odd)", "{} NaN");
    check("count by (job) (up == 1)", r#"{job="a"} 1"#);
    check("topk(1, req)", r#"{__name__="req", code="200", pod="b"} 1300"#);
    check("bottomk(1, req)", r#"{__name__="req", code="500", pod="a"} 70"#);
    check("sum(nothing)", "");
}

#[test]
fn operators() {
    check("level * 2 + 1", r#"{pod="a"} 21"#);
    check("-level", r#"{pod="a"} -10"#);
    check("req{code='500'} / ignoring (code) req{code='200'}", r#"{pod="a"} 0.35"#);
    check("sum by (pod) (req{code='500'}) / sum by (pod) (req)", r#"{pod="a"} 0.259259259"#);
    check("level / on (pod) sum by (pod) (req)", r#"{pod="a"} 0.037037037"#);
    check("req > 100", r#"{__name__="req", code="200", pod="a"} 200; {__name__="req", code="200", pod="b"} 1300"#);
    check("100 < req{pod='b'}", r#"{__name__="req", code="200", pod="b"} 1300"#);
    check("up == bool 1", r#"{job="a"} 1; {job="b"} 0"#);
    check("up{job='a'} or up", r#"{__name__="up", job="a"} 1; {__name__="up", job="b"} 0"#);
    check("up unless up{job='a'}", r#"{__name__="up", job="b"} 0"#);
    check("up and up > 0", r#"{__name__="up", job="a"} 1"#);
    check("absent(nothing{job='x'})", r#"{job="x"} 1"#);
    check("absent(up)", "");
    check("clamp_max(level, 3)", r#"{pod="a"} 3"#);
    check("round(level / 3, 0.5)", r#"{pod="a"} 3.5"#);
    check("vector(1)", "{} 1");
    for (query, words) in
        [("level / on () up", "many-to-many matching not allowed"), ("up / on () level", "group_left")]
    {
        let error = answer(query).expect_err(query);
        assert!(matches!(&error, Error::Execution(text) if text.contains(words)), "{query}: {error:?}");
    }
}

#[test]
fn quantiles() {
    // 50, 90, 98 and 100 of a hundred: the 95th is 5 of the 8 into the bucket from 0.5 to 1.
    check("histogram_quantile(0.95, rate(lat_bucket[5s]))", "{} 0.8125");
    check("histogram_quantile(0.5, lat_bucket)", "{} 0.1");
    check("histogram_quantile(0.25, sum by (le) (lat_bucket))", "{} 0.05");
    check("histogram_quantile(0.99, lat_bucket)", "{} 1");
    check("histogram_quantile(2, lat_bucket)", "{} inf");
    check("histogram_quantile(0.5, lat_bucket{le!='+Inf'})", "{} NaN");
}

#[test]
fn ranges() {
    let store = store();
    let expr = parse("gone").expect("a query");
    let tracks = Evaluator::new(&store).over(&expr, 5000, 8000, 500).expect("a range");
    assert_eq!(tracks.len(), 1);
    assert_eq!(tracks[0].values, [(5000, 5.0), (5500, 5.0), (6000, 6.0), (6500, 6.0)], "a gap is left out");
}

#[test]
fn what_is_wrong_is_said_as_prometheus_says_it() {
    check_error("sum(up", 6, "unclosed left parenthesis");
    check_error("up{job=}", 7, "unexpected \"}\" in label matching, expected string");
    check_error("foo(up)", 0, "unknown function with name \"foo\"");
    check_error("rate(up)", 5, "expected type range vector in call to function \"rate\", got instant vector");
    check_error("", 0, "no expression found in input");
    check_error("{}", 0, "vector selector must contain at least one non-empty matcher");
    check_error("1 > 2", 0, "comparisons between scalars must use BOOL modifier");
    check_error("up up", 3, "unexpected identifier \"up\"");
}

#[test]
fn what_is_not_known_is_refused_by_name() {
    check_error("label_replace(up, 'a', 'b', 'c', 'd')", 0, "unsupported in the simulator: label_replace()");
    check_error("max_over_time(rate(req[5s])[1m:5s])", 27, "unsupported in the simulator: subqueries");
    check_error("up * on (job) group_left level", 14, "unsupported in the simulator: group_left");
    check_error("up @ 5", 3, "unsupported in the simulator: the @ modifier");
    let deep = format!("{}1{}", "(".repeat(1000), ")".repeat(1000));
    assert!(matches!(answer(&deep), Err(Error::Parse { text, .. }) if text.contains("nested")));
}

#[test]
fn durations() {
    for (text, ms) in [("5s", 5000), ("1m30s", 90_000), ("500ms", 500), ("2h", 7_200_000)] {
        assert_eq!(parse_duration_ms(text), Some(ms), "{text}");
    }
    for text in ["", "5", "s", "5x", "-5s"] {
        assert_eq!(parse_duration_ms(text), None, "{text}");
    }
}
