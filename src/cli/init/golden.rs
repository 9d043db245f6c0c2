//! The golden signals (traffic, errors, latency, saturation) by the names that widespread libraries and servers give to
//! their metrics: from the series a Prometheus has to vitals and panes. Pure.
//!
//! <https://sre.google/sre-book/monitoring-distributed-systems/#xref_monitoring_golden-signals>

use std::fmt::Write;

use crate::base::toml::quoted;
use crate::signal::Labels;

/// A counter of requests.
struct Requests {
    /// Whose: stands in titles.
    of: &'static str,
    counter: &'static str,
    /// Labels that may say how a request ended.
    ends: &'static [&'static str],
    /// What they say of one that failed, as a regular expression.
    failed: &'static str,
    /// A histogram of how long they took, and its unit.
    latency: &'static str,
    unit: &'static str,
}

const HTTP_FAILED: &str = "5.*";
const GRPC_FAILED: &str = "Unknown|DeadlineExceeded|ResourceExhausted|Unimplemented|Internal|Unavailable|DataLoss";

const fn http(
    of: &'static str,
    counter: &'static str,
    ends: &'static [&'static str],
    latency: &'static str,
    unit: &'static str,
) -> Requests {
    Requests { of, counter, ends, failed: HTTP_FAILED, latency, unit }
}

/// Those nearest to the users first: the first three that are there are taken.
const REQUESTS: &[Requests] = &[
    http(
        "ingress",
        "nginx_ingress_controller_requests",
        &["status"],
        "nginx_ingress_controller_request_duration_seconds_bucket",
        "s",
    ),
    http(
        "traefik",
        "traefik_service_requests_total",
        &["code"],
        "traefik_service_request_duration_seconds_bucket",
        "s",
    ),
    http("haproxy", "haproxy_backend_http_responses_total", &["code"], "", "s"),
    http(
        "caddy",
        "caddy_http_request_duration_seconds_count",
        &["code"],
        "caddy_http_request_duration_seconds_bucket",
        "s",
    ),
    http("istio", "istio_requests_total", &["response_code"], "istio_request_duration_milliseconds_bucket", "ms"),
    http(
        "http",
        "http_requests_total",
        &["code", "status", "status_code", "http_status"],
        "http_request_duration_seconds_bucket",
        "s",
    ),
    http(
        "http",
        "http_server_request_duration_seconds_count",
        &["http_response_status_code", "http_status_code"],
        "http_server_request_duration_seconds_bucket",
        "s",
    ),
    http("http", "http_server_requests_seconds_count", &["status"], "http_server_requests_seconds_bucket", "s"),
    http(
        "http",
        "http_server_duration_milliseconds_count",
        &["http_status_code"],
        "http_server_duration_milliseconds_bucket",
        "ms",
    ),
    http(
        "http",
        "http_request_duration_seconds_count",
        &["code", "status", "status_code"],
        "http_request_duration_seconds_bucket",
        "s",
    ),
    http("flask", "flask_http_request_total", &["status"], "flask_http_request_duration_seconds_bucket", "s"),
    http("gin", "gin_requests_total", &["code"], "gin_request_duration_seconds_bucket", "s"),
    Requests {
        of: "gRPC",
        counter: "grpc_server_handled_total",
        ends: &["grpc_code"],
        failed: GRPC_FAILED,
        latency: "grpc_server_handling_seconds_bucket",
        unit: "s",
    },
];

/// How full something is.
struct Saturation {
    title: &'static str,
    /// The metric that must be there.
    metric: &'static str,
    query: &'static str,
    unit: &'static str,
}

const SATURATION: &[Saturation] = &[
    Saturation {
        title: "CPU in use",
        metric: "node_cpu_seconds_total",
        query: "1 - avg by (instance) (rate(node_cpu_seconds_total{mode=\"idle\"}[5m]))",
        unit: "percentunit",
    },
    Saturation {
        title: "Memory in use",
        metric: "node_memory_MemAvailable_bytes",
        query: "1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes",
        unit: "percentunit",
    },
    Saturation {
        title: "Disks in use",
        metric: "node_filesystem_avail_bytes",
        query: "1 - min by (instance, mountpoint) (node_filesystem_avail_bytes{fstype!~\"tmpfs|overlay|squashfs|ramfs\"} / node_filesystem_size_bytes)",
        unit: "percentunit",
    },
    Saturation {
        title: "Restarts in 15 min",
        metric: "kube_pod_container_status_restarts_total",
        query: "sum by (namespace, pod) (increase(kube_pod_container_status_restarts_total[15m])) > 0",
        unit: "short",
    },
    Saturation {
        title: "CPU of processes",
        metric: "process_cpu_seconds_total",
        query: "sum by (job) (rate(process_cpu_seconds_total[5m]))",
        unit: "short",
    },
    Saturation {
        title: "Memory of processes",
        metric: "process_resident_memory_bytes",
        query: "sum by (job) (process_resident_memory_bytes)",
        unit: "bytes",
    },
];

/// Most counters of requests that are shown, and most panes of saturation.
const MOST: usize = 3;

/// A part of the configuration that can be there or not: what it is called, and its TOML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    pub title: String,
    pub toml: String,
    /// It says whether users are hurt; the others are panes.
    pub is_vital: bool,
}

/// The query that gives the names of those metrics this knows which are there.
pub fn names_query() -> String {
    let known =
        REQUESTS.iter().flat_map(|one| [one.counter, one.latency]).chain(SATURATION.iter().map(|one| one.metric));
    let known: Vec<&str> = known.filter(|name| !name.is_empty()).collect();
    format!("count by (__name__) ({{__name__=~\"{}\"}})", known.join("|"))
}

/// The counters among the names, each with the query that gives the labels it has.
pub fn label_queries(names: &[Labels]) -> Vec<(&'static str, String)> {
    let query = |one: &Requests| format!("count by ({}, service, app, job) ({})", one.ends.join(", "), one.counter);
    present(names).into_iter().map(|one| (one.counter, query(one))).collect()
}

/// Vitals and panes of a source that has these metrics, whose counters have these labels.
pub fn blocks<'l>(source: &str, names: &[Labels], labels_of: impl Fn(&str) -> &'l [Labels]) -> Vec<Block> {
    let (mut vitals, mut panes) = (Vec::new(), Vec::new());
    for one in present(names) {
        let labels = labels_of(one.counter);
        let says = |name: &&&str| labels.iter().any(|set| set.get(name).is_some_and(|value| !value.is_empty()));
        let by = ["service", "app", "job"].iter().find(says).copied().unwrap_or("job");
        let Requests { of, counter, failed, latency, unit, .. } = one;
        if let Some(end) = one.ends.iter().find(says) {
            let bad = format!("sum(rate({counter}{{{end}=~\"{failed}\"}}[5m])) or vector(0)");
            let ok = format!("1 - ({bad}) / sum(rate({counter}[5m]))");
            vitals.push(block("vital", &format!("{of} ok"), source, &ok, "percentunit", "ok = \">= 0.99\"\n"));
            // While all is well no series has failed, which is no error in a hundred and not nothing.
            let all = format!("sum by ({by}) (rate({counter}[5m]))");
            let failed = format!("sum by ({by}) (rate({counter}{{{end}=~\"{failed}\"}}[5m]))");
            let bad = format!("({failed} or {all} * 0) / {all}");
            panes.push(block("pane", &format!("Errors, {of}"), source, &bad, "percentunit", &legend(by)));
        }
        let rate = format!("sum by ({by}) (rate({counter}[5m]))");
        panes.push(block("pane", &format!("Requests a second, {of}"), source, &rate, "reqps", &legend(by)));
        if has(names, latency) {
            let p99 = format!("histogram_quantile(0.99, sum by (le, {by}) (rate({latency}[5m])))");
            panes.push(block("pane", &format!("Latency, p99, {of}"), source, &p99, unit, &legend(by)));
        }
    }
    for one in SATURATION.iter().filter(|one| has(names, one.metric)).take(MOST) {
        panes.push(block("pane", one.title, source, one.query, one.unit, ""));
    }
    vitals.into_iter().chain(panes).collect()
}

/// The counters that are there, of each kind the first: a histogram counts what its counter does.
fn present(names: &[Labels]) -> Vec<&'static Requests> {
    let mut found = Vec::<&Requests>::new();
    for one in REQUESTS.iter().filter(|one| has(names, one.counter)) {
        if found.iter().all(|known| known.of != one.of) {
            found.push(one);
        }
    }
    found.truncate(MOST);
    found
}

fn has(names: &[Labels], metric: &str) -> bool {
    names.iter().any(|labels| labels.get("__name__") == Some(metric))
}

fn legend(by: &str) -> String {
    format!("legend = \"{{{{{by}}}}}\"\n")
}

fn block(what: &str, title: &str, source: &str, query: &str, unit: &str, more: &str) -> Block {
    let mut toml = format!("[[{what}]]\ntitle = {}\nsource = \"{source}\"\n", quoted(title));
    let _ = write!(toml, "query = {}\nunit = \"{unit}\"\n{more}\n", quoted(query));
    Block { title: title.to_owned(), toml, is_vital: what == "vital" }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::load;

    fn named(names: &[&str]) -> Vec<Labels> {
        names.iter().map(|name| Labels::of([("__name__", *name)])).collect()
    }

    #[track_caller]
    fn check(names: &[&str], labels: &[(&str, &str)], expected: &[&str]) {
        let labels = [Labels::of(labels.iter().copied())];
        let blocks = blocks("prom", &named(names), |_| &labels);
        assert_eq!(blocks.iter().map(|block| block.title.as_str()).collect::<Vec<_>>(), expected);
        let all: String = blocks.iter().map(|block| block.toml.as_str()).collect();
        let source = "[[source]]\nname = \"prom\"\ntype = \"prometheus\"\nurl = \"http://x\"\n";
        load::parse(&format!("{source}{all}"), Path::new("stanch.toml")).expect("what is written loads");
    }

    #[test]
    fn what_is_there_decides_what_is_shown() {
        check(&[], &[], &[]);
        check(
            &["http_requests_total", "http_request_duration_seconds_count", "http_request_duration_seconds_bucket"],
            &[("status", "200"), ("service", "shop")],
            &["http ok", "Errors, http", "Requests a second, http", "Latency, p99, http"],
        );
        // How a request ended is not known.
        check(&["http_requests_total"], &[("job", "shop")], &["Requests a second, http"]);
        check(
            &["node_cpu_seconds_total", "process_cpu_seconds_total", "grpc_server_handled_total"],
            &[("grpc_code", "OK")],
            &["gRPC ok", "Errors, gRPC", "Requests a second, gRPC", "CPU in use", "CPU of processes"],
        );
    }

    #[test]
    fn the_first_label_that_says_anything_is_asked_for() {
        let labels = [Labels::of([("status", "200"), ("app", "shop")])];
        let blocks = blocks("prom", &named(&["http_requests_total"]), |_| &labels);
        let source = "[[source]]\nname = \"prom\"\ntype = \"prometheus\"\nurl = \"http://x\"\n";
        let text = format!("{source}{}", blocks[1].toml);
        let (config, _) = load::parse(&text, Path::new("stanch.toml")).expect("what is written loads");
        let errors = &config.panes[0].query;
        let (failed, all) = (r#"rate(http_requests_total{status=~"5.*"}[5m])"#, "rate(http_requests_total[5m])");
        assert_eq!(*errors, format!("(sum by (app) ({failed}) or sum by (app) ({all}) * 0) / sum by (app) ({all})"));
    }
}
