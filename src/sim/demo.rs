//! The `stanch.toml` of the demo: what a team of this shop would have written down.

use std::path::Path;

use super::{clock::Clock, world::ACTIONS};

/// The addresses of the simulated servers.
pub(super) struct Urls<'a> {
    pub prometheus: &'a str,
    pub alertmanager: &'a str,
    pub shop: &'a str,
}

/// The configuration as TOML. Ranges follow the clock's speed.
pub(super) fn config(urls: &Urls<'_>, program: &Path, clock: Clock) -> String {
    let range = clock.span(15.0);
    let failing = |service: &str, by: &str| {
        format!("sum by ({by}) (rate(http_requests_total{{service='{service}',code=~'5..'}}[{range}]))")
    };
    let p99 = "histogram_quantile(0.99, sum by (le, service) (rate(http_request_duration_seconds_bucket";
    let mut out =
        String::from("# The outage of a small shop, simulated on this machine.\ntitle = \"shop\"\nwindow = \"15m\"\n");

    let mut table = |kind: &str, rows: &[(&str, String)]| {
        out.push_str(&format!("\n[[{kind}]]\n"));
        for (key, value) in rows {
            out.push_str(&format!("{key} = {value}\n"));
        }
    };
    table(
        "source",
        &[
            ("name", text("prom")),
            ("type", text("prometheus")),
            ("url", text(urls.prometheus)),
            ("scrape", text(&clock.span(2.0))),
            ("every", text("2s")),
            ("timeout", text("5s")),
        ],
    );
    table(
        "source",
        &[
            ("name", text("am")),
            ("type", text("alertmanager")),
            ("url", text(urls.alertmanager)),
            ("every", text("2s")),
            ("timeout", text("5s")),
            ("behind", text("prom")),
        ],
    );
    table(
        "source",
        &[
            ("name", text("deploys")),
            ("type", text("http")),
            ("url", text(&format!("{}/api/deployments", urls.shop))),
            ("every", text("2s")),
            ("timeout", text("5s")),
            (
                "jq",
                text(
                    ".deployments[] | select(.finished_at != null) | {id, title, kind, service, version, at: .finished_at, who, undo, url}",
                ),
            ),
            ("as", text("changes")),
        ],
    );
    table(
        "source",
        &[
            ("name", text("logs")),
            ("type", text("http")),
            ("url", text(&format!("{}/api/logs?limit=200", urls.shop))),
            ("every", text("2s")),
            ("timeout", text("5s")),
            ("jq", text(".lines[] | {at, level, text: \"\\(.pod) \\(.text)\"}")),
            ("as", text("logs")),
        ],
    );
    table(
        "vital",
        &[
            ("title", text("checkout ok")),
            ("source", text("prom")),
            (
                "query",
                text(&format!(
                    "sum(rate(http_requests_total{{service='checkout',code!~'5..'}}[{range}])) \
                     / sum(rate(http_requests_total{{service='checkout'}}[{range}]))"
                )),
            ),
            ("ok", text(">= 0.995")),
            ("unit", text("percentunit")),
        ],
    );
    let panes: [&[(&str, String)]; 10] = [
        &[
            ("title", text("Checkout errors")),
            ("source", text("prom")),
            ("query", text(&failing("checkout", "code"))),
            ("unit", text("reqps")),
            ("legend", text("{{code}}")),
            ("min", "0".into()),
            ("thresholds", levels(&[(1.0, "warning"), (3.0, "critical")])),
        ],
        &[
            ("title", text("p99 latency")),
            ("source", text("prom")),
            ("query", text(&format!("{p99}{{service=~'edge|checkout|search'}}[{range}])))"))),
            ("unit", text("s")),
            ("legend", text("{{service}}")),
            ("min", "0".into()),
            ("thresholds", levels(&[(0.5, "warning"), (1.0, "critical")])),
        ],
        &[
            ("title", text("Alerts")),
            ("type", text("alerts")),
            ("sources", "[\"am\", \"prom\"]".into()),
            ("height", "2".into()),
        ],
        &[
            ("title", text("Requests")),
            ("source", text("prom")),
            ("query", text(&format!("sum by (service) (rate(http_requests_total[{range}]))"))),
            ("unit", text("reqps")),
            ("legend", text("{{service}}")),
            ("min", "0".into()),
        ],
        &[
            ("title", text("DB connections held")),
            ("source", text("prom")),
            ("query", text("max by (service, version) (db_pool_connections_in_use / db_pool_connections_max)")),
            ("unit", text("percentunit")),
            ("legend", text("{{service}} {{version}}")),
            ("min", "0".into()),
            ("max", "1".into()),
            ("thresholds", levels(&[(0.8, "warning"), (0.95, "critical")])),
        ],
        &[
            ("title", text("DB CPU")),
            ("source", text("prom")),
            ("type", text("stat")),
            ("query", text("max(cpu_usage_ratio{service='db'})")),
            ("unit", text("percentunit")),
            ("thresholds", levels(&[(0.7, "warning"), (0.9, "critical")])),
        ],
        &[
            ("title", text("CPU by service")),
            ("source", text("prom")),
            ("type", text("bargauge")),
            ("query", text("avg by (service) (cpu_usage_ratio)")),
            ("unit", text("percentunit")),
            ("legend", text("{{service}}")),
            ("min", "0".into()),
            ("max", "1".into()),
            ("thresholds", levels(&[(0.7, "warning"), (0.9, "critical")])),
        ],
        &[
            ("title", text("Pods of checkout")),
            ("source", text("prom")),
            ("type", text("table")),
            (
                "query",
                text(&format!(
                    "sum by (pod, version) (rate(http_requests_total{{service='checkout',code=~'5..'}}[{range}])) \
                     / sum by (pod, version) (rate(http_requests_total{{service='checkout'}}[{range}]))"
                )),
            ),
            ("unit", text("percentunit")),
        ],
        &[("title", text("Changes")), ("type", text("changes")), ("source", text("deploys"))],
        &[("title", text("Logs")), ("type", text("logs")), ("source", text("logs")), ("width", "2".into())],
    ];
    panes.iter().for_each(|pane| table("pane", pane));
    table("pane", &[("title", text("Runbook checkout")), ("type", text("text")), ("text", text(SOP))]);
    for (name, kind, words) in ACTIONS {
        let argv = [&program.to_string_lossy(), "__sim-act", urls.shop, name].map(text).join(", ");
        table(
            "mitigation",
            &[
                ("name", text(name)),
                ("text", text(words)),
                ("kind", text(kind)),
                ("run", format!("[{argv}]")),
                ("timeout", text("20s")),
            ],
        );
    }
    out
}

/// How this team's Prometheus settles signs of the known causes, by the ids these have.
pub(super) const CHECKS: &str = r#"
[[observation]]
id = "pool_full"
text = "the database connection pool is at its limit"
minutes = 1
check = { source = "prom", query = "max by (service, version) (db_pool_connections_in_use / db_pool_connections_max)", present = ">= 0.95 for 5s" }

[[observation]]
id = "cpu_full"
text = "CPU is saturated"
minutes = 1
check = { source = "prom", query = "avg by (service) (cpu_usage_ratio{service=~'edge|checkout'})", present = ">= 0.9 for 5s" }
"#;

const SOP: &str = "When checkout fails:\n\
    1. What changed in the last hour? Roll it back first, ask why later.\n\
    2. Errors on one version only, or on all pods?\n\
    3. Connections held: 6 of 20 is usual. A full pool fails whoever waits 3 s.\n\
    4. Restarting the database clears all pools for a moment and cures no leak.";

/// A value as a TOML string, with its quotes.
fn text(value: &str) -> String {
    toml::Value::from(value).to_string()
}

fn levels(levels: &[(f64, &str)]) -> String {
    let levels = levels.iter().map(|(from, level)| format!("{{ from = {from:?}, level = {} }}", text(level)));
    format!("[{}]", levels.collect::<Vec<_>>().join(", "))
}
