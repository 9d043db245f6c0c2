//! Whole dashboards of a made-up shop: what they ask and show is compared with what Grafana's own library makes of the
//! same answers. See `dashboards/README.md`.
#![expect(
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a test that cannot go on fails, and files are its business"
)]

#[path = "dashboards/hostile.rs"]
mod hostile;
#[path = "dashboards/replay.rs"]
mod replay;

use std::{collections::BTreeMap, fs};

use serde_json::Value;
use stanch::grafana::time_range::TimeRange;

/// The ten minutes before 2026-11-30T00:00:00Z.
const RANGE: TimeRange = TimeRange { from: 1_795_996_200_000, to: 1_795_996_800_000 };

fn read(name: &str) -> String {
    let path = format!("{}/tests/dashboards/{name}", env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn json(name: &str) -> Value {
    serde_json::from_str(&read(name)).expect("a file of JSON")
}

/// What a dashboard shows with the answers kept for it.
fn shown(name: &str, differences: &mut Vec<String>) -> Value {
    let kept: BTreeMap<String, Value> =
        serde_json::from_value(json(&format!("{name}.answers.json"))).expect("answers by question");
    let mut unknown = Vec::new();
    let report = replay::report(&read(&format!("{name}.json")), RANGE, &mut |path, parameters| {
        let key = replay::key(path, parameters);
        let Some(answer) = kept.get(&key) else {
            unknown.push(format!("asks what nobody was asked when the answers were kept: {key}"));
            return Err("no answer was kept".into());
        };
        match answer.get("error") {
            Some(why) => Err(why.as_str().unwrap_or_default().to_owned()),
            None => Ok(answer.clone()),
        }
    });
    differences.extend(unknown);
    report.expect("a dashboard that can be read")
}

/// Says where what is shown differs. Fields that are not expected do not count; numbers may differ in the last digits.
fn compare(place: &str, expected: &Value, shown: &Value, differences: &mut Vec<String>) {
    match (expected, shown) {
        (Value::Object(fields), Value::Object(others)) => {
            for (key, value) in fields {
                compare(&format!("{place} {key}"), value, others.get(key).unwrap_or(&Value::Null), differences);
            }
        }
        (Value::Array(all), Value::Array(others)) => {
            if all.len() != others.len() {
                let (wanted, found) = (all.len(), others.len());
                differences.push(format!("{place}: {wanted} expected, {found} shown:\n  {expected}\n  {shown}"));
            }
            for (nth, (one, other)) in all.iter().zip(others).enumerate() {
                compare(&format!("{place} {}", label(nth, one)), one, other, differences);
            }
        }
        (Value::Number(one), Value::Number(other)) => {
            let (one, other) = (one.as_f64().unwrap_or_default(), other.as_f64().unwrap_or_default());
            if (one - other).abs() > 1e-9 * one.abs().max(other.abs()) {
                differences.push(format!("{place}: {one} expected, {other} shown"));
            }
        }
        _ if expected == shown => {}
        _ => differences.push(format!("{place}: {expected} expected, {shown} shown")),
    }
}

/// What one of a list is called in a message.
fn label(nth: usize, one: &Value) -> String {
    let name = ["title", "ref_id", "name"].into_iter().find_map(|key| one.get(key)?.as_str());
    name.map_or_else(|| format!("#{nth}"), |name| format!("#{nth} {name:?}"))
}

fn check(name: &str) {
    let mut differences = Vec::new();
    let shown = shown(name, &mut differences);
    compare("", &json(&format!("{name}.expected.json")), &shown, &mut differences);
    assert!(differences.is_empty(), "{name}.json:\n{}", differences.join("\n"));
}

macro_rules! dashboards {
    ($($(#[doc = $words:literal])* $name:ident,)*) => {
        /// All dashboards.
        const NAMES: &[&str] = &[$(stringify!($name)),*];
        $($(#[doc = $words])* #[test] fn $name() { check(stringify!($name)); })*
        /// Every dashboard that lies there is carried through.
        #[test]
        fn none_is_forgotten() {
            let files = fs::read_dir(format!("{}/tests/dashboards", env!("CARGO_MANIFEST_DIR"))).expect("a directory");
            let names = files.map(|file| file.expect("a file").file_name().to_string_lossy().into_owned());
            let mut names: Vec<String> = names.filter_map(|name| name.strip_suffix(".json").map(str::to_owned)).collect();
            names.retain(|name| !name.contains('.') && !NAMES.contains(&name.as_str()));
            assert_eq!(names, Vec::<String>::new(), "have no test");
        }
    };
}

dashboards! {
    /// Variables of every kind, chained, with patterns; texts that name them.
    checkout,
    /// Units, decimals, mappings, thresholds, overrides, calculations.
    numbers,
    /// `rows` with graphs, single stats and an old table.
    old,
    /// Rows and panels for each value of a variable.
    repeats,
    /// A dashboard of schema v2.
    second,
    /// Panels that show what others ask, or that ask something else than Prometheus.
    sources,
    /// States over time, buckets, legends.
    states,
    /// Transformations.
    tables,
    /// Steps, stretches of time, and the durations in queries.
    times,
}
