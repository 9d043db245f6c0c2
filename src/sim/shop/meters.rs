//! What a pod counts and shows: its series, and how a moment changes them.

use super::{
    super::{
        noise::Noise,
        store::{Labels, SeriesId, Store},
        story::{POOL_BUSY, POOL_MAX},
    },
    SEARCH_NEW,
    services::Service,
};

/// Upper bounds of the latency histogram, in seconds.
const BOUNDS: [f64; 12] = [0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.5, 5.0, 10.0];

/// The counters and gauges of a pod.
pub(super) struct Meters {
    up: SeriesId,
    build: SeriesId,
    ok: (SeriesId, f64),
    failed: [(SeriesId, f64); 2],
    buckets: Vec<(SeriesId, f64)>,
    count: (SeriesId, f64),
    sum: (SeriesId, f64),
    cpu: SeriesId,
    memory: SeriesId,
    pool: Option<(SeriesId, SeriesId)>,
}

/// How a pod fares in one moment.
#[derive(Clone, Copy, Default)]
pub(super) struct Fare {
    /// Part of its requests that fail.
    pub failing: f64,
    /// Part of its requests that wait for a connection, and how long, in seconds.
    pub waiting: (f64, f64),
    /// Connections to the database that it holds.
    pub pool: f64,
}

/// One moment of one pod.
#[derive(Clone, Copy)]
pub(super) struct Moment<'a> {
    pub pod: &'a str,
    pub version: &'a str,
    pub now: f64,
    /// Requests the pod answered in it.
    pub requests: f64,
    /// The shop's traffic as a multiple of the usual.
    pub traffic: f64,
    pub fare: Fare,
    pub noise: Noise,
}

impl Meters {
    /// Those of a new pod; `counted` is how many requests it has answered before.
    pub fn new(store: &mut Store, service: &Service, pod: &str, version: &str, counted: f64) -> Self {
        let common = Labels::of([
            ("service", service.name),
            ("team", service.team),
            ("job", service.name),
            ("instance", pod),
            ("pod", pod),
            ("version", version),
        ]);
        let plain = common.filtered(|name| name != "version");
        let mut with = |labels: &Labels, name: &str, more: &[(&str, &str)]| {
            store.series(&labels.with([("__name__", name)].iter().chain(more).copied()))
        };
        let mut request = |code: &str, of: f64| (with(&common, "http_requests_total", &[("code", code)]), of);
        let ok = request("200", counted);
        let failed = service.failures.map(|(code, part)| request(code, (counted * 0.0003 * part).floor()));
        const LATENCY: &str = "http_request_duration_seconds";
        let spread = |bound: f64| counted * normal((bound / service.latency.0).ln() / service.latency.1);
        let bounds = BOUNDS.into_iter().chain([f64::INFINITY]);
        let buckets = bounds.map(|bound| {
            let le = if bound.is_infinite() { "+Inf".to_owned() } else { bound.to_string() };
            (with(&common, &format!("{LATENCY}_bucket"), &[("le", &le)]), spread(bound))
        });
        let buckets = buckets.collect();
        let mean = service.latency.0 * (service.latency.1.powi(2) / 2.0).exp();
        Self {
            buckets,
            ok,
            failed,
            count: (with(&common, &format!("{LATENCY}_count"), &[]), counted),
            sum: (with(&common, &format!("{LATENCY}_sum"), &[]), counted * mean),
            up: with(&plain, "up", &[]),
            build: with(&common, "build_info", &[]),
            cpu: with(&common, "cpu_usage_ratio", &[]),
            memory: with(&common, "memory_used_bytes", &[]),
            pool: service.uses_db.then(|| {
                (with(&common, "db_pool_connections_in_use", &[]), with(&common, "db_pool_connections_max", &[]))
            }),
        }
    }

    /// Whether no bucket counts less than the one before.
    #[cfg(test)]
    pub fn is_cumulative(&self) -> bool {
        self.buckets.windows(2).all(|pair| pair[0].1 <= pair[1].1 + 1e-6)
    }

    /// Counts one moment and writes all of it into the scrape that was begun.
    pub fn write(&mut self, store: &mut Store, service: &Service, moment: &Moment<'_>) {
        let Moment { pod, version, now, requests, traffic, fare, noise } = *moment;
        let mut counted = |(id, total): &mut (SeriesId, f64), more: f64| {
            *total += more;
            store.put(*id, total.floor());
        };
        counted(&mut self.ok, requests * (1.0 - fare.failing));
        for (meter, (_, part)) in self.failed.iter_mut().zip(service.failures) {
            counted(meter, requests * fare.failing * part);
        }
        let (slower, busier) = if version == SEARCH_NEW { (2.1, 1.12) } else { (1.0, 1.0) };
        let slower = slower * (1.0 + 0.08 * noise.drift(pod, now, 9.0));
        let (median, spread) = (service.latency.0 * slower, service.latency.1);
        let (waiting, wait) = fare.waiting;
        for (meter, bound) in self.buckets.iter_mut().zip(BOUNDS.into_iter().chain([f64::INFINITY])) {
            let quick = normal((bound / median).ln() / spread);
            let slow = if waiting > 0.0 { normal((bound / (median + wait)).ln() / 0.35) } else { 0.0 };
            counted(meter, requests * ((1.0 - waiting) * quick + waiting * slow));
        }
        counted(&mut self.count, requests);
        self.sum.1 += requests * (median * (spread.powi(2) / 2.0).exp() + waiting * wait);
        store.put(self.sum.0, self.sum.1);
        store.put(self.up, 1.0);
        store.put(self.build, 1.0);
        // Who waits for a connection needs no CPU.
        let work = service.cpu * busier * traffic * (1.0 - 0.3 * waiting);
        store.put(self.cpu, work * (1.0 + 0.06 * noise.drift(pod, now, 12.0) + 0.03 * noise.sway(pod, now)));
        let held = if fare.pool > POOL_BUSY { (fare.pool - POOL_BUSY) * 4e6 } else { 0.0 };
        store.put(self.memory, service.memory * (1.0 + 0.03 * noise.drift(pod, now, 120.0)) + held);
        if let Some((in_use, most)) = self.pool {
            store.put(in_use, fare.pool);
            store.put(most, POOL_MAX);
        }
    }
}

/// The part of a normal distribution below `x`. Abramowitz and Stegun 7.1.26, error below 1.5e-7.
fn normal(x: f64) -> f64 {
    if x.is_infinite() {
        return if x > 0.0 { 1.0 } else { 0.0 };
    }
    let z = x.abs() / std::f64::consts::SQRT_2;
    let t = 1.0 / (1.0 + 0.327_591_1 * z);
    let series = [1.061_405_429, -1.453_152_027, 1.421_413_741, -0.284_496_736, 0.254_829_592];
    let erf = 1.0 - series.iter().fold(0.0, |sum, a| (sum + a) * t) * (-z * z).exp();
    if x < 0.0 { (1.0 - erf) / 2.0 } else { (1.0 + erf) / 2.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_normal_distribution() {
        for (x, expected) in [(0.0, 0.5), (1.0, 0.841_344_7), (-1.959_964, 0.025), (3.0, 0.998_650_1)] {
            assert!((normal(x) - expected).abs() < 2e-7, "{x}: {}", normal(x));
        }
    }
}
