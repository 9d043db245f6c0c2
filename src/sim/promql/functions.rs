//! Functions over ranges and histograms, computed as Prometheus 2.42 does (`promql/functions.go`, `promql/quantile.go`).

use std::collections::HashMap;

use super::{
    super::store::Labels,
    ast::{Function, OverTime},
    value::Point,
};

/// A function over the samples of one series between two times in milliseconds.
pub(super) fn over_range(function: Function, samples: &[(i64, f64)], from_ms: i64, to_ms: i64) -> Option<f64> {
    let values = || samples.iter().map(|(_, value)| *value);
    let pairs = || samples.windows(2).map(|pair| (pair[0].1, pair[1].1));
    if samples.is_empty() {
        return None;
    }
    match function {
        Function::Rate => Some(extrapolated(samples, from_ms, to_ms, true)? / ((to_ms - from_ms) as f64 / 1000.0)),
        Function::Increase => extrapolated(samples, from_ms, to_ms, true),
        Function::Delta => extrapolated(samples, from_ms, to_ms, false),
        Function::Irate => {
            let [.., (before, a), (now, b)] = samples else { return None };
            let grown = if b < a { *b } else { b - a };
            Some(grown / ((now - before) as f64 / 1000.0))
        }
        Function::Changes => Some(pairs().filter(|(a, b)| a != b && !(a.is_nan() && b.is_nan())).count() as f64),
        Function::Resets => Some(pairs().filter(|(a, b)| b < a).count() as f64),
        Function::OverTime(OverTime::Avg) => Some(values().sum::<f64>() / samples.len() as f64),
        Function::OverTime(OverTime::Sum) => Some(values().sum()),
        Function::OverTime(OverTime::Count) => Some(samples.len() as f64),
        Function::OverTime(OverTime::Last) => samples.last().map(|(_, value)| *value),
        Function::OverTime(OverTime::Min) => Some(least(values())),
        Function::OverTime(OverTime::Max) => Some(-least(values().map(|value| -value))),
        _ => None,
    }
}

/// The least of them; NaN only if all are.
pub(super) fn least(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(f64::NAN, |least, value| if value < least || least.is_nan() { value } else { least })
}

/// How much a series grew between two times, extended from its samples to the range's ends as far as they allow.
fn extrapolated(samples: &[(i64, f64)], from_ms: i64, to_ms: i64, is_counter: bool) -> Option<f64> {
    let [(first_at, first), .., (last_at, last)] = samples else { return None };
    let mut grown = last - first;
    if is_counter {
        // What was counted before each reset.
        grown += samples.windows(2).filter(|pair| pair[1].1 < pair[0].1).map(|pair| pair[0].1).sum::<f64>();
    }
    let seconds = |ms: i64| ms as f64 / 1000.0;
    let sampled = seconds(last_at - first_at);
    let between = sampled / (samples.len() - 1) as f64;
    let mut to_start = seconds(first_at - from_ms);
    if is_counter && grown > 0.0 && *first >= 0.0 {
        // A counter cannot have been below zero.
        to_start = to_start.min(sampled * (first / grown));
    }
    let extend = |gap: f64| if gap < between * 1.1 { gap } else { between / 2.0 };
    let covered = sampled + extend(to_start) + extend(seconds(to_ms - last_at));
    Some(grown * (covered / sampled))
}

/// The quantile of each classic histogram among the points.
pub(super) fn histogram_quantile(q: f64, points: Vec<Point>) -> Vec<Point> {
    let mut order: Vec<Labels> = Vec::new();
    let mut histograms: HashMap<Labels, Vec<(f64, f64)>> = HashMap::new();
    for point in points {
        let Ok(bound) = point.labels.get("le").parse::<f64>() else { continue };
        let key = point.labels.filtered(|name| name != "le" && name != "__name__");
        if !histograms.contains_key(&key) {
            order.push(key.clone());
        }
        histograms.entry(key).or_default().push((bound, point.value));
    }
    let of = |key: Labels| {
        let value = quantile(q, histograms.get(&key).cloned().unwrap_or_default());
        Point { labels: key, value }
    };
    order.into_iter().map(of).collect()
}

/// The quantile of buckets, each an upper bound and the count up to it, by interpolation within the bucket it falls in.
fn quantile(q: f64, mut buckets: Vec<(f64, f64)>) -> f64 {
    buckets.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut most = f64::NEG_INFINITY;
    for bucket in &mut buckets {
        // Counts of a rate may fall a hair behind those of the bucket before.
        most = most.max(bucket.1);
        bucket.1 = most;
    }
    let [.., before_last, last] = buckets.as_slice() else { return f64::NAN };
    if q.is_nan() || last.0 != f64::INFINITY || last.1 == 0.0 || last.1.is_nan() {
        return f64::NAN;
    }
    if q < 0.0 {
        return f64::NEG_INFINITY;
    }
    if q > 1.0 {
        return f64::INFINITY;
    }
    let rank = q * last.1;
    let at = buckets[..buckets.len() - 1].partition_point(|(_, count)| *count < rank);
    let (bound, count) = buckets[at];
    if at == buckets.len() - 1 {
        return before_last.0;
    }
    if at == 0 && bound <= 0.0 {
        return bound;
    }
    let (start, below) = if at == 0 { (0.0, 0.0) } else { buckets[at - 1] };
    start + (bound - start) * ((rank - below) / (count - below))
}
