//! The shop's alert rules and what became of them, evaluated like Prometheus evaluates its own.

use std::collections::{BTreeMap, HashMap};

use super::{
    clock::Clock,
    promql::{self, Evaluator, Expr, Value},
    store::{Labels, Store},
};

/// A rule as it stands in the rule file.
pub(super) struct Rule {
    pub name: &'static str,
    pub query: String,
    pub labels: Labels,
    /// Story seconds it must hold before it fires.
    pub hold: f64,
    pub summary: &'static str,
    pub description: &'static str,
    /// The active alerts, by their labels.
    pub active: HashMap<Labels, Active>,
    expr: Option<Expr>,
    /// When it began to hold, if that was before the rules were first evaluated here.
    known_since: Option<f64>,
}

/// An alert that is pending or firing.
pub(super) struct Active {
    /// Story time it began to hold.
    pub since: f64,
    /// Story time it began to fire.
    pub fired: Option<f64>,
    pub value: f64,
}

impl Active {
    /// The word of the API.
    pub fn state(&self) -> &'static str {
        if self.fired.is_some() { "firing" } else { "pending" }
    }
}

impl Rule {
    /// One text of an alert of this rule, filled in.
    fn render(&self, template: &str, labels: &Labels, value: f64) -> String {
        let mut out = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once("{{") {
            let (inside, after) = after.split_once("}}").unwrap_or((after, ""));
            out.push_str(before);
            out.push_str(&match inside.trim() {
                "$value | humanizePercentage" => format!("{}%", short(value * 100.0)),
                "$value | humanizeDuration" if value < 1.0 => format!("{}ms", short(value * 1000.0)),
                "$value | humanizeDuration" => format!("{}s", short(value)),
                "$value | humanize" => short(value),
                label => label.strip_prefix("$labels.").map_or_else(String::new, |name| labels.get(name).to_owned()),
            });
            rest = after;
        }
        out + rest
    }

    /// The texts of an alert of this rule, by name.
    pub fn annotations(&self, labels: &Labels, value: f64) -> BTreeMap<&'static str, String> {
        BTreeMap::from([
            ("description", self.render(self.description, labels, value)),
            ("runbook_url", self.runbook()),
            ("summary", self.render(self.summary, labels, value)),
        ])
    }

    /// Where its runbook is said to be.
    pub fn runbook(&self) -> String {
        format!("https://runbooks.shop.example/{}", self.name)
    }

    /// The worst of its alerts: `firing`, `pending` or `inactive`.
    pub fn state(&self) -> &'static str {
        match self.active.values().map(Active::state).min() {
            Some(state) => state,
            None => "inactive",
        }
    }

    /// Evaluates the rule at a story time and writes its alerts as `ALERTS` into the scrape that was begun.
    pub fn evaluate(&mut self, clock: Clock, now: f64, store: &mut Store) {
        let Some(expr) = &self.expr else { return };
        let value = Evaluator::new(store).at(expr, clock.wall_ms(now));
        let Ok(Value::Vector(points)) = value else { return };
        let mut seen = HashMap::new();
        for point in points {
            let own = [("alertname", self.name)];
            let labels =
                point.labels.filtered(|name| name != "__name__").with(own.into_iter().chain(self.labels.iter()));
            let known = self.active.remove(&labels);
            let since = known.as_ref().map_or(self.known_since.unwrap_or(now), |alert| alert.since);
            let fired = known.and_then(|alert| alert.fired);
            // A hair less, as times of evaluations are not exact.
            let fired = fired.or((now - since >= self.hold - 1e-6).then_some(since + self.hold));
            seen.insert(labels, Active { since, fired, value: point.value });
        }
        self.active = seen;
        self.known_since = None;
        for (labels, alert) in &self.active {
            let id = store.series(&labels.with([("__name__", "ALERTS"), ("alertstate", alert.state())]));
            store.put(id, 1.0);
        }
    }

    fn new(name: &'static str, severity: &str, service: &str, hold: f64, query: String) -> Self {
        let team = match service {
            "checkout" => "shop",
            "edge" => "platform",
            "search" => "discovery",
            "payments" => "money",
            "db" => "data",
            _ => "",
        };
        Self {
            name,
            expr: promql::parse(&query).ok(),
            query,
            labels: Labels::of([("severity", severity), ("service", service), ("team", team)]),
            hold,
            summary: "",
            description: "",
            active: HashMap::new(),
            known_since: None,
        }
    }

    fn saying(mut self, summary: &'static str, description: &'static str) -> Self {
        (self.summary, self.description) = (summary, description);
        self
    }
}

/// The rules of the shop; `clock` scales their ranges.
pub(super) fn all(clock: Clock) -> Vec<Rule> {
    let range = clock.span(15.0);
    let failing = |service: &str, by: &str| {
        let by = if by.is_empty() { String::new() } else { format!(" by ({by})") };
        format!(
            "sum{by} (rate(http_requests_total{{service=\"{service}\",code=~\"5..\"}}[{range}])) \
             / sum{by} (rate(http_requests_total{{service=\"{service}\"}}[{range}]))"
        )
    };
    let p99 = |service: &str| {
        format!(
            "histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket{{service=\"{service}\"}}[{range}])))"
        )
    };
    let mut rules = vec![
        Rule::new("CheckoutErrorRate", "critical", "checkout", 5.0, failing("checkout", "pod, version") + " > 0.05")
            .saying(
                "{{ $labels.pod }} fails {{ $value | humanizePercentage }} of its requests",
                "More than 5% of the requests to {{ $labels.pod }} ({{ $labels.version }}) ended in a 5xx.",
            ),
        Rule::new("EdgeErrorRate", "critical", "edge", 10.0, failing("edge", "") + " > 0.02").saying(
            "The edge fails {{ $value | humanizePercentage }} of its requests",
            "More than 2% of all requests to the shop ended in a 5xx.",
        ),
        Rule::new("CheckoutLatency", "warning", "checkout", 10.0, p99("checkout") + " > 1").saying(
            "Checkout p99 is {{ $value | humanizeDuration }}",
            "The slowest hundredth of all checkouts takes longer than 1 s.",
        ),
        Rule::new("SearchLatency", "warning", "search", 55.0, p99("search") + " > 0.3").saying(
            "Search p99 is {{ $value | humanizeDuration }}",
            "The slowest hundredth of all searches takes longer than 300 ms.",
        ),
        Rule::new(
            "DBPoolHigh",
            "info",
            "checkout",
            20.0,
            "max by (version) (db_pool_connections_in_use{service=\"checkout\"} / db_pool_connections_max) > 0.8"
                .into(),
        )
        .saying(
            "Checkout {{ $labels.version }} holds {{ $value | humanizePercentage }} of its connections",
            "Pods of {{ $labels.version }} hold most of the database connections they may have.",
        ),
        Rule::new("DBDown", "critical", "db", 0.0, "pg_up == 0".into())
            .saying("{{ $labels.instance }} does not answer", "Nothing that needs the database works."),
        Rule::new("PaymentsErrorRate", "critical", "payments", 5.0, failing("payments", "") + " > 0.05").saying(
            "Payments fail {{ $value | humanizePercentage }} of their requests",
            "More than 5% of the requests to payments ended in a 5xx.",
        ),
        Rule::new("CertExpiresSoon", "warning", "payments", 3600.0, "tls_certificate_days_left < 14".into()).saying(
            "The certificate of {{ $labels.host }} ends in {{ $value | humanize }} days",
            "Renew it before customers see a warning.",
        ),
        Rule::new("Watchdog", "none", "", 0.0, "vector(1)".into()).saying(
            "The alerting pipeline works",
            "Always firing. If it is missing, Prometheus or Alertmanager is down.",
        ),
    ];
    for (name, since) in [("CertExpiresSoon", -2.9 * 86_400.0), ("Watchdog", -12.2 * 86_400.0)] {
        rules.iter_mut().filter(|rule| rule.name == name).for_each(|rule| rule.known_since = Some(since));
    }
    rules
}

/// Four significant digits, as Prometheus' `humanize` writes them.
fn short(value: f64) -> String {
    let before = if value.abs() >= 1.0 { value.abs().log10().floor() as i32 + 1 } else { 1 };
    let text = format!("{value:.*}", (4 - before).clamp(0, 3) as usize);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_can_be_read() {
        for speed in [1.0, 30.0] {
            for rule in all(Clock::new(None, speed)) {
                assert!(rule.expr.is_some(), "{}: {}: {:?}", rule.name, rule.query, promql::parse(&rule.query).err());
            }
        }
    }

    #[test]
    fn texts_are_filled_in() {
        let rule = Rule::new("R", "info", "edge", 0.0, "vector(1)".into());
        let labels = Labels::of([("pod", "a")]);
        let check = |template, value, expected| assert_eq!(rule.render(template, &labels, value), expected);
        check("{{ $labels.pod }} at {{ $value | humanizePercentage }}", 0.36169, "a at 36.17%");
        check("in {{ $value | humanizeDuration }}", 0.25, "in 250ms");
        check("in {{ $value | humanizeDuration }}", 1.5, "in 1.5s");
        check("{{ $labels.none }}!", 1.0, "!");
    }
}
