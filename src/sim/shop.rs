//! The shop: services, their pods, and what each does in a moment of story time.
//!
//! Deterministic: the same seed and the same actions at the same times give the same samples.

mod meters;
mod services;

use super::{
    noise::{Noise, smooth},
    store::{Labels, Store},
    story::{self, Leak, POOL_BUSY, POOL_MAX},
};

use meters::{Fare, Meters, Moment};
use services::SERVICES;

/// The version with the leak.
pub(super) const BAD: &str = "v2.3.1";
/// The version before it, which is sound.
pub(super) const GOOD: &str = "v2.3.0";
/// The decoy's version and the one before it.
pub(super) const SEARCH_NEW: &str = "v1.9.0";
pub(super) const SEARCH_OLD: &str = "v1.8.4";

/// One process of a service.
pub(super) struct Pod {
    pub service: &'static str,
    pub name: String,
    pub version: &'static str,
    /// The story second it takes traffic from.
    pub born: f64,
    /// The story second it stops at; infinite while nobody stops it.
    pub dies: f64,
    leak: Option<Leak>,
    meters: Option<Meters>,
}

impl Pod {
    fn new(service: &'static str, name: String, version: &'static str, born: f64) -> Self {
        Self { service, name, version, born, dies: f64::INFINITY, leak: None, meters: None }
    }

    pub fn is_live(&self, now: f64) -> bool {
        self.born <= now && now < self.dies
    }

    fn is_bad(&self) -> bool {
        self.service == "checkout" && self.version == BAD
    }
}

/// What a log line or a person would want to know about a pod just now.
pub(super) struct Condition<'a> {
    pub pod: &'a Pod,
    pub failing: f64,
    pub pool: f64,
}

/// The shop at one moment of its story.
pub(super) struct Shop {
    noise: Noise,
    pub pods: Vec<Pod>,
    pub banner_off: Option<f64>,
    /// When the database was last restarted.
    db_restarted: Option<f64>,
    /// Part of all checkouts that failed in the last moment; the edge and payments feel it.
    checkout_failing: f64,
    orders: [f64; 2],
}

/// How long the database is away when it is restarted, in seconds.
const DB_AWAY: f64 = 3.0;

impl Shop {
    pub fn new(seed: u64) -> Self {
        let noise = Noise::new(seed);
        let mut pods = Vec::new();
        let mut add = |service, replica_set: &str, version, numbers: std::ops::RangeInclusive<u32>, born: f64| {
            let first = pods.len();
            pods.extend(numbers.map(|n| Pod::new(service, format!("{service}-{replica_set}-{n}"), version, born)));
            first..pods.len()
        };
        let always = f64::NEG_INFINITY;
        add("edge", "7d2a", "v4.12.0", 1..=2, always);
        add("cart", "91be", "v3.2.2", 1..=2, always);
        add("payments", "c05f", "v4.8.0", 1..=2, always);
        let old_checkout = add("checkout", "6b9c", GOOD, 1..=6, always);
        let new_checkout = add("checkout", "f41d", BAD, 1..=4, 0.0);
        let old_search = add("search", "35aa", SEARCH_OLD, 1..=3, always);
        let new_search = add("search", "e812", SEARCH_NEW, 1..=3, 0.0);
        // The rollout replaces one pod after the other and was held at four of six.
        for (step, (old, new)) in old_checkout.zip(new_checkout).enumerate() {
            let at = story::CHECKOUT_DEPLOYED - 24.0 + 8.0 * step as f64;
            pods[old].dies = at;
            pods[new].born = at;
            let spread = 5.0 * noise.sway("leak", step as f64);
            pods[new].leak = Some(Leak::slow(at, story::ONSET - at + spread));
        }
        for (step, (old, new)) in old_search.zip(new_search).enumerate() {
            let at = story::SEARCH_DEPLOYED - 8.0 + 4.0 * step as f64;
            pods[old].dies = at;
            pods[new].born = at;
        }
        Self { noise, pods, banner_off: None, db_restarted: None, checkout_failing: 0.0, orders: [0.0; 2] }
    }

    /// The live pods of a service and version.
    pub fn live(&self, service: &str, version: &str, now: f64) -> usize {
        self.pods.iter().filter(|p| p.service == service && p.version == version && p.is_live(now)).count()
    }

    /// Replaces the pods of one version by those of another, one every few seconds.
    pub fn replace(&mut self, service: &'static str, replica_set: &str, from: &str, to: &'static str, now: f64) {
        let gone = |pod: &Pod| pod.service == service && pod.version == from && pod.dies > now;
        let mut number = self.pods.iter().filter(|pod| pod.service == service && pod.version == to).count();
        let mut fresh = Vec::new();
        for (step, pod) in self.pods.iter_mut().filter(|pod| gone(pod)).enumerate() {
            let at = now + 3.0 + 4.0 * step as f64;
            pod.dies = at;
            number += 1;
            fresh.push(Pod::new(service, format!("{service}-{replica_set}-{number}"), to, at + 1.0));
        }
        self.pods.append(&mut fresh);
    }

    /// Adds pods of checkout, of the version most of its pods have.
    pub fn scale(&mut self, more: u32, now: f64) {
        let is_bad = self.live("checkout", BAD, now) > 0;
        let (replica_set, version) = if is_bad { ("f41d", BAD) } else { ("6b9c", GOOD) };
        for _ in 0..more {
            let of_it = |pod: &&Pod| pod.service == "checkout" && pod.version == version;
            let number = self.pods.iter().filter(of_it).count() + 1;
            let mut pod = Pod::new("checkout", format!("checkout-{replica_set}-{number}"), version, now + 4.0);
            pod.leak = is_bad.then(|| Leak::fast(now + 4.0));
            self.pods.push(pod);
        }
    }

    /// Takes the database away for a moment; all pools begin anew.
    pub fn restart_db(&mut self, now: f64) {
        self.db_restarted = Some(now);
        for pod in self.pods.iter_mut().filter(|pod| pod.is_bad() && pod.is_live(now)) {
            pod.leak = Some(Leak::fast(now + DB_AWAY));
        }
    }

    pub fn db_is_up(&self, now: f64) -> bool {
        self.db_restarted.is_none_or(|at| !(at..at + DB_AWAY).contains(&now))
    }

    /// How each live pod fares.
    pub fn conditions(&self, now: f64) -> impl Iterator<Item = Condition<'_>> {
        self.pods.iter().filter(move |pod| pod.is_live(now)).map(move |pod| {
            let fare = self.fare(pod, now);
            Condition { pod, failing: fare.failing, pool: fare.pool }
        })
    }

    /// Lets `seconds` pass until `now` and writes all samples into the scrape that was begun.
    pub fn step(&mut self, now: f64, seconds: f64, store: &mut Store) {
        let traffic = story::traffic(now, self.banner_off);
        let (mut asked, mut failed) = (0.0, 0.0);
        for service in &SERVICES {
            let live: Vec<usize> = (0..self.pods.len())
                .filter(|at| self.pods[*at].service == service.name && self.pods[*at].is_live(now))
                .collect();
            let rate = service.rate * traffic * self.demand(service.name) / live.len().max(1) as f64;
            for at in live {
                let fare = self.fare(&self.pods[at], now);
                let pod = &mut self.pods[at];
                let uneven =
                    1.0 + 0.05 * self.noise.sway(&pod.name, 0.0) + 0.06 * self.noise.drift(&pod.name, now, 20.0);
                let requests = rate * uneven * seconds;
                if service.name == "checkout" {
                    asked += requests;
                    failed += requests * fare.failing;
                }
                let restarted = pod.born > story::HISTORY;
                let meters = pod.meters.get_or_insert_with(|| {
                    // A pod that was there before the history has counted for some hours.
                    let hours = if restarted { 0.0 } else { 20.0 };
                    Meters::new(store, service, &pod.name, pod.version, rate * hours * 3600.0)
                });
                let (pod, version, noise) = (pod.name.as_str(), pod.version, self.noise);
                meters.write(store, service, &Moment { pod, version, now, requests, traffic, fare, noise });
            }
        }
        self.checkout_failing = if asked > 0.0 { failed / asked } else { 0.0 };
        self.orders[0] += (asked - failed) * 0.4;
        self.orders[1] += failed * 0.4;
        self.write_others(now, store);
    }

    /// A service's traffic as a multiple of what the shop's traffic gives it.
    fn demand(&self, service: &str) -> f64 {
        match service {
            // People try again; and who cannot check out does not pay.
            "edge" => 1.0 + 0.1 * self.checkout_failing,
            "checkout" => 1.0 + 0.3 * self.checkout_failing,
            "payments" => 1.0 - self.checkout_failing,
            _ => 1.0,
        }
    }

    fn fare(&self, pod: &Pod, now: f64) -> Fare {
        let background = 0.0006 * self.noise.unit(&pod.name, now);
        let busy = POOL_BUSY + 1.5 * self.noise.drift(&pod.name, now, 7.0);
        let uses_db = SERVICES.iter().any(|service| service.name == pod.service && service.uses_db);
        if uses_db && !self.db_is_up(now) {
            return Fare { failing: 0.85, waiting: (0.2, 1.0), pool: 0.0 };
        }
        match (pod.service, pod.leak) {
            ("checkout", Some(leak)) => {
                let pool = (busy + (POOL_MAX - POOL_BUSY) * leak.lost(now)).min(POOL_MAX);
                let failing = leak.failing(now);
                let short = smooth((pool / POOL_MAX - 0.86) / 0.14);
                Fare {
                    failing: background + 0.42 * failing * (1.0 + 0.08 * self.noise.drift(&pod.name, now, 6.0)),
                    waiting: (0.12 * short + 0.5 * failing, 0.45 + 1.6 * failing),
                    pool: pool.round(),
                }
            }
            // A quarter of what comes in at the edge goes to checkout.
            ("edge", _) => Fare {
                failing: background + 0.25 * self.checkout_failing,
                waiting: (0.2 * self.checkout_failing, 1.8),
                pool: 0.0,
            },
            _ => Fare { failing: background, waiting: (0.0, 0.0), pool: busy.round() },
        }
    }

    fn write_others(&self, now: f64, store: &mut Store) {
        let up = f64::from(u8::from(self.db_is_up(now)));
        let held: f64 = self.conditions(now).map(|condition| condition.pool).sum();
        let busy = (POOL_BUSY * 0.6 * self.conditions(now).filter(|c| c.pool > 0.0).count() as f64).min(held);
        let db = [("service", "db"), ("instance", "db-0"), ("job", "db"), ("team", "data")];
        let mut put = |name: &str, more: &[(&str, &str)], value: f64| {
            let id = store.series(&Labels::of([("__name__", name)].iter().chain(more).copied()));
            store.put(id, value);
        };
        put("up", &db, 1.0);
        let of_db = |more: &[(&'static str, &'static str)]| [&db, more].concat();
        put("pg_up", &db, up);
        put("pg_stat_activity_count", &of_db(&[("state", "active")]), (busy * 0.4).round() * up);
        put("pg_stat_activity_count", &of_db(&[("state", "idle")]), (busy * 0.6).round() * up);
        put("pg_stat_activity_count", &of_db(&[("state", "idle in transaction")]), (held - busy).max(0.0) * up);
        let cpu = 0.34 + 0.04 * self.noise.drift("db", now, 30.0) + 0.02 * self.noise.sway("db", now);
        put("cpu_usage_ratio", &of_db(&[("pod", "db-0")]), cpu * up);
        put("memory_used_bytes", &of_db(&[("pod", "db-0")]), 3.1e9 + 4e7 * self.noise.drift("db mem", now, 90.0));
        let orders = [("service", "checkout"), ("job", "orders"), ("team", "shop")];
        put("orders_total", &[&orders[..], &[("result", "completed")]].concat(), self.orders[0].floor());
        put("orders_total", &[&orders[..], &[("result", "failed")]].concat(), self.orders[1].floor());
        let certificate = [("service", "payments"), ("host", "pay.shop.example"), ("job", "probe"), ("team", "money")];
        put("tls_certificate_days_left", &certificate, 11.3 - now / 86_400.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_bucket_counts_less_than_the_one_before() {
        let mut store = Store::default();
        let mut shop = Shop::new(1);
        for now in 0..120 {
            store.begin(now * 1000);
            shop.step(now as f64, 1.0, &mut store);
        }
        for pod in shop.pods.iter().filter_map(|pod| pod.meters.as_ref()) {
            assert!(pod.is_cumulative());
        }
    }
}
