//! A Prometheus whose answers are ready: curves of a point every five seconds, of which a request gets the part it asks
//! for. What it said of a time it says again, so a client that continues its curves can.
//!
//! `mNN` is five curves, `floodNN` as many as make 0.75 MB in half an hour, and `churnNN` those of pods that live for two
//! minutes, one after the other.

use std::{
    io,
    net::TcpStream,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use super::http;

/// Seconds between two points.
const STEP: u64 = 5;
const CURVES: usize = 5;
const FLOOD_CURVES: usize = 95;
/// How much is prepared, in points: an hour before the start, five hours after it.
const BEFORE: u64 = 720;
const POINTS: u64 = 6 * 720;
/// Each point is as long as the others: `[1795317384,"12.345"],`.
const POINT: usize = 22;

struct Curves {
    /// Seconds since 1970 of the first point.
    from: u64,
    texts: Vec<String>,
}

/// Points between the births of two pods, and in the life of one.
const BIRTH: usize = 6;
const LIFE: usize = 24;

/// Starts it; the address.
pub fn start() -> String {
    start_failing(Arc::default())
}

/// Starts one that cuts off every connection while it is told to; the address.
pub fn start_failing(fails: Arc<AtomicBool>) -> String {
    let curves = Arc::new(Curves::prepare());
    http::serve(move |path, stream| match fails.load(Ordering::Relaxed) {
        true => Err(io::ErrorKind::ConnectionReset.into()),
        false => curves.answer(path, stream),
    })
}

impl Curves {
    fn prepare() -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let from = now / STEP * STEP - BEFORE * STEP;
        let text = |curve: u64| {
            let point = |at: u64| {
                let swing = (at as f64 / (20.0 + curve as f64)).sin();
                let noise = (at.wrapping_mul(2_654_435_761).wrapping_add(curve * 97) >> 7) % 8;
                let value = 55.0 + 30.0 * swing + noise as f64 + curve as f64 / 1000.0;
                format!("[{},\"{value:06.3}\"],", from + at * STEP)
            };
            (0..POINTS).map(point).collect()
        };
        Self { from, texts: (0..100).map(text).collect() }
    }

    fn answer(&self, path: &str, stream: &mut TcpStream) -> io::Result<()> {
        if !path.starts_with("/api/v1/query_range") {
            return http::send(stream, br#"{"status":"success","data":{"resultType":"vector","result":[]}}"#);
        }
        let query = http::parameter(path, "query").unwrap_or_default();
        let number = |name| http::parameter(path, name).and_then(|text| text.parse().ok()).unwrap_or(0_u64);
        assert_eq!(number("step"), STEP, "only the step of half an hour is prepared");
        let name = query.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        let pane: usize = name.trim_start_matches(|c: char| c.is_ascii_alphabetic()).parse().unwrap_or(0);
        let place = |time: u64| (time.saturating_sub(self.from) / STEP).min(POINTS) as usize;
        // Both ends belong to it; a start between two points is not asked for.
        let (first, end) = (place(number("start")), place(number("end") + STEP));
        let end = end.max(first);
        // Number, first and last point of each curve.
        let curves: Vec<(usize, usize, usize)> = match name.trim_end_matches(|c: char| c.is_ascii_digit()) {
            "churn" => {
                let born = (first.saturating_sub(LIFE) / BIRTH..=end / BIRTH).map(|pod| (pod, pod * BIRTH));
                let seen = born.map(|(pod, from)| (pod, from.max(first), (from + LIFE).min(end)));
                seen.filter(|(_, from, to)| from < to).collect()
            }
            "flood" => (0..FLOOD_CURVES).map(|curve| (curve, first, end)).collect(),
            _ => (0..CURVES).map(|curve| (curve, first, end)).collect(),
        };
        let mut body = String::with_capacity(curves.iter().map(|(_, from, to)| (to - from) * POINT + 100).sum());
        body.push_str(r#"{"status":"success","data":{"resultType":"matrix","result":["#);
        for (place, (curve, from, to)) in curves.into_iter().enumerate() {
            let text = &self.texts[(pane * CURVES + curve) % self.texts.len()];
            let values = text.get(from * POINT..to * POINT).unwrap_or_default().trim_end_matches(',');
            let metric = format!(r#"{{"__name__":"{name}","pod":"shop-{curve:04}"}}"#);
            let comma = if place > 0 { "," } else { "" };
            body.push_str(&format!(r#"{comma}{{"metric":{metric},"values":[{values}]}}"#));
        }
        body.push_str("]}}");
        http::send(stream, body.as_bytes())
    }
}
