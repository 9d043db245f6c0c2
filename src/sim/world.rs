//! The shop, its samples, its alerts and its feeds, brought up to the present whenever somebody asks.
//!
//! Nothing runs in the background: a request first lets the shop live through the seconds since the last one.

use super::{
    clock::Clock,
    feeds::{self, Change, Line, Logs},
    noise::Noise,
    rules::{self, Rule},
    shop::{BAD, GOOD, SEARCH_NEW, SEARCH_OLD, Shop},
    store::Store,
    story,
};

pub(super) struct World {
    pub clock: Clock,
    pub store: Store,
    pub rules: Vec<Rule>,
    pub changes: Vec<Change>,
    pub logs: Logs,
    shop: Shop,
    noise: Noise,
    /// Story time of the next scrape, and of the last one.
    next: f64,
    last: f64,
}

/// Why an action was not taken.
pub(super) enum Refused {
    /// There is no such action.
    Unknown,
    /// It makes no sense now.
    Pointless(&'static str),
}

/// What can be done, and what it is in words.
pub(super) const ACTIONS: [(&str, &str, &str); 5] = [
    ("rollback-checkout", "rollback", "Roll back checkout to v2.3.0"),
    ("rollback-search", "rollback", "Roll back search to v1.8.4"),
    ("banner-off", "flag_off", "Take the autumn banner down"),
    ("scale-checkout", "scale", "Add two pods to checkout"),
    ("restart-db", "restart", "Restart the database"),
];

impl World {
    pub fn new(clock: Clock, seed: u64) -> Self {
        Self {
            clock,
            store: Store::default(),
            rules: rules::all(clock),
            changes: feeds::past_changes(),
            logs: Logs::default(),
            shop: Shop::new(seed),
            noise: Noise::new(seed),
            next: story::HISTORY,
            last: story::HISTORY - 5.0,
        }
    }

    /// Lives on until a story time.
    pub fn catch_up(&mut self, now: f64) {
        while self.next <= now {
            let tick = self.next;
            self.store.begin(self.clock.wall_ms(tick));
            self.shop.step(tick, tick - self.last, &mut self.store);
            if tick >= story::FINE {
                let pods = self.shop.conditions(tick);
                self.logs.step(self.clock, tick, self.noise, self.shop.db_is_up(tick), pods);
            }
            if tick >= story::RULES {
                self.rules.iter_mut().for_each(|rule| rule.evaluate(self.clock, tick, &mut self.store));
            }
            self.last = tick;
            self.next += if tick < story::FINE { 5.0 } else { 1.0 };
        }
    }

    /// Does what was asked, at a story time, and says what happens now.
    pub fn act(&mut self, action: &str, now: f64) -> Result<String, Refused> {
        let nothing = |words| Err(Refused::Pointless(words));
        let (change, text) = match action {
            "rollback-checkout" => {
                let pods = self.shop.live("checkout", BAD, now);
                if pods == 0 {
                    return nothing("checkout is on v2.3.0 already");
                }
                self.shop.replace("checkout", "6b9c", BAD, GOOD, now);
                let lasts = 4.0 * pods as f64 + 1.0;
                (
                    ("deploy", "checkout back to v2.3.0", "checkout", GOOD, lasts, ""),
                    format!("checkout: rolling back {BAD} -> {GOOD}, {pods} pods, about {lasts:.0} s"),
                )
            }
            "rollback-search" => {
                let pods = self.shop.live("search", SEARCH_NEW, now);
                if pods == 0 {
                    return nothing("search is on v1.8.4 already");
                }
                self.shop.replace("search", "35aa", SEARCH_NEW, SEARCH_OLD, now);
                let lasts = 4.0 * pods as f64 + 1.0;
                (
                    ("deploy", "search back to v1.8.4", "search", SEARCH_OLD, lasts, ""),
                    format!("search: rolling back {SEARCH_NEW} -> {SEARCH_OLD}, {pods} pods, about {lasts:.0} s"),
                )
            }
            "banner-off" => {
                if self.shop.banner_off.is_some() {
                    return nothing("the banner is down already");
                }
                self.shop.banner_off = Some(now);
                (("flag", "autumn banner off", "edge", "", 1.0, ""), "flag autumn-banner: off".to_owned())
            }
            "scale-checkout" => {
                self.shop.scale(2, now);
                (("scale", "checkout +2 pods", "checkout", "", 4.0, ""), "checkout: two more pods".to_owned())
            }
            "restart-db" => {
                self.shop.restart_db(now);
                (("other", "db restarted", "db", "", 3.0, ""), "db-0: restarted, all connections closed".to_owned())
            }
            _ => return Err(Refused::Unknown),
        };
        let (kind, title, service, version, lasts, undo) = change;
        self.changes.push(Change {
            id: feeds::change_id(self.changes.len()),
            kind,
            title,
            service,
            version,
            started: now,
            finished: now + lasts,
            who: "you",
            undo,
        });
        let at = self.clock.stamp(now);
        self.logs.push(Line { at, level: "info", service: "deploys", pod: "deploys-0".into(), text: text.clone() });
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::super::promql::{Evaluator, Value, parse};
    use super::*;
    use story::ONSET;

    fn world() -> World {
        World::new(Clock::new(Some(jiff::Timestamp::UNIX_EPOCH), 1.0), 1)
    }

    /// The value of a query that yields one number; NaN if it yields none.
    fn value(world: &World, query: &str, now: f64) -> f64 {
        let expr = parse(query).expect("a query");
        match Evaluator::new(&world.store).at(&expr, world.clock.wall_ms(now)).expect("a value") {
            Value::Vector(points) if points.len() == 1 => points[0].value,
            Value::Vector(points) if points.is_empty() => f64::NAN,
            other => panic!("{query}: {other:?}"),
        }
    }

    fn ok(world: &World, now: f64) -> f64 {
        let rate = |code: &str| format!("sum(rate(http_requests_total{{service='checkout',code=~'{code}'}}[15s]))");
        value(world, &format!("{} / {}", rate("[^5].*"), rate(".*")), now)
    }

    fn p99(service: &str, seconds: u32) -> String {
        let buckets = format!("http_request_duration_seconds_bucket{{service='{service}'}}[{seconds}s]");
        format!("histogram_quantile(0.99, sum by (le) (rate({buckets})))")
    }

    fn firing(world: &World) -> Vec<String> {
        let alerts = world.rules.iter().flat_map(|rule| {
            let firing = rule.active.values().filter(|alert| alert.fired.is_some()).count();
            (firing > 0).then(|| format!("{} {firing}", rule.name))
        });
        alerts.collect()
    }

    /// A world at `at` in which `action` was taken a minute after the onset.
    fn after(action: &str, at: f64) -> World {
        let mut world = world();
        world.catch_up(ONSET + 60.0);
        assert!(world.act(action, ONSET + 60.0).is_ok());
        world.catch_up(at);
        world
    }

    const QUIET: [&str; 2] = ["CertExpiresSoon 1", "Watchdog 1"];

    #[test]
    fn it_begins_calm_and_then_bleeds() {
        let mut world = world();
        world.catch_up(0.0);
        assert_eq!(firing(&world), QUIET);
        for before in [3500.0, 2000.0, 600.0, 60.0, 0.0] {
            assert!(ok(&world, -before) >= 0.997, "{before} s before: {}", ok(&world, -before));
        }
        for at in (-3000..0).step_by(20).map(f64::from) {
            let slow = value(&world, &p99("checkout", 15), at);
            assert!((0.2..0.5).contains(&slow) || slow.is_nan(), "p99 {slow} at {at}");
        }
        world.catch_up(ONSET + 60.0);
        assert!(ok(&world, ONSET + 60.0) < 0.85, "{}", ok(&world, ONSET + 60.0));
        assert_eq!(
            firing(&world),
            ["CheckoutErrorRate 4", "EdgeErrorRate 1", "CheckoutLatency 1", "SearchLatency 1", "DBPoolHigh 1"]
                .into_iter()
                .chain(QUIET)
                .collect::<Vec<_>>()
        );
    }

    #[test]
    fn the_signs_tell_the_cause_from_the_decoys() {
        let mut world = world();
        let now = ONSET + 60.0;
        world.catch_up(now);
        let errors = |which: &str| {
            value(
                &world,
                &format!(
                    "sum(rate(http_requests_total{{{which},code=~'5..'}}[15s])) / sum(rate(http_requests_total{{{which}}}[15s]))"
                ),
                now,
            )
        };
        assert!(errors("service='checkout',version='v2.3.1'") > 0.3);
        assert!(errors("service='checkout',version='v2.3.0'") < 0.005);
        assert!(errors("service='search'") < 0.005);
        let pool =
            |version: &str| value(&world, &format!("max(db_pool_connections_in_use{{version='{version}'}})"), now);
        assert!(pool("v2.3.1") >= 19.0 && pool("v2.3.0") <= 9.0);
        assert!(value(&world, "max(cpu_usage_ratio{service='db'})", now) < 0.45);
        let p99 = |at: f64| {
            value(
                &world,
                "histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket{service='search'}[30s])))",
                at,
            )
        };
        assert!(p99(now) > 1.5 * p99(-300.0), "{} against {}", p99(now), p99(-300.0));
        let traffic = |at: f64| value(&world, "sum(rate(http_requests_total{service='cart'}[60s]))", at);
        assert!(traffic(-2000.0) > 1.15 * traffic(-1600.0), "a rush that did no harm");
        assert!(ok(&world, -2000.0) > 0.997);
    }

    #[test]
    fn the_pool_fills_before_latency_rises_before_requests_fail() {
        let mut world = world();
        world.catch_up(ONSET + 60.0);
        let first = |query: &str, most: f64| {
            (-100..80).map(f64::from).find(|at| value(&world, query, *at) > most).unwrap_or_else(|| panic!("{query}"))
        };
        let pool = first("max(db_pool_connections_in_use)", 16.0);
        let slow = first(
            "histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket{service='checkout'}[15s])))",
            1.0,
        );
        let failing = first("sum(rate(http_requests_total{service='checkout',code='500'}[5s]))", 2.0);
        let edge = first("sum(rate(http_requests_total{service='edge',code='502'}[5s]))", 2.0);
        assert!(pool < slow && slow < failing && failing < edge, "{pool} {slow} {failing} {edge}");
    }

    #[test]
    fn rolling_back_checkout_heals() {
        let world = after("rollback-checkout", ONSET + 110.0);
        assert!(ok(&world, ONSET + 110.0) > 0.997);
        let left = firing(&world);
        assert!(!left.iter().any(|alert| alert.starts_with("Checkout") || alert.starts_with("Edge")), "{left:?}");
        assert!(left.contains(&"SearchLatency 1".into()), "the decoy has its own course: {left:?}");
        let world = after("rollback-checkout", ONSET + 300.0);
        assert!(ok(&world, ONSET + 300.0) > 0.997, "it stays healed");
    }

    #[test]
    fn nothing_else_heals() {
        for action in ["rollback-search", "banner-off", "scale-checkout"] {
            for later in [110.0, 240.0] {
                let now = ONSET + later;
                let left = ok(&after(action, now), now);
                assert!(left < 0.9, "{action} after {later} s: {left}");
            }
        }
        assert!(!firing(&after("rollback-search", ONSET + 120.0)).iter().any(|alert| alert.starts_with("Search")));
    }

    #[test]
    fn restarting_the_database_helps_for_a_moment() {
        let now = ONSET + 60.0;
        assert!(ok(&after("restart-db", now + 8.0), now + 8.0) < 0.9, "all of it fails while it restarts");
        assert!(ok(&after("restart-db", now + 38.0), now + 38.0) > 0.99, "then the pools are fresh");
        let world = after("restart-db", now + 75.0);
        assert!(ok(&world, now + 75.0) < 0.85, "and then they are not: {}", ok(&world, now + 75.0));
        assert!(firing(&world).contains(&"CheckoutErrorRate 4".into()));
    }

    #[test]
    fn a_second_rollback_is_refused() {
        let mut world = after("rollback-checkout", ONSET + 90.0);
        assert!(matches!(world.act("rollback-checkout", ONSET + 90.0), Err(Refused::Pointless(_))));
        assert!(matches!(world.act("rm -rf", ONSET + 90.0), Err(Refused::Unknown)));
    }

    #[test]
    fn the_same_seed_tells_the_same_story() {
        let run = |steps: &[f64]| {
            let mut world = world();
            steps.iter().for_each(|at| world.catch_up(*at));
            (
                ok(&world, 50.0),
                value(&world, "sum(cpu_usage_ratio)", 50.0),
                world.logs.newest(None, None, 9)[0].text.clone(),
            )
        };
        assert_eq!(run(&[60.0]), run(&[-500.0, 0.3, 17.9, 60.0]), "however often it is asked");
    }
}
