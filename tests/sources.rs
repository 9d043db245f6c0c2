//! Sources against recorded answers, against servers that misbehave, and against the clock.
//!
//! Everything goes through the public face of [`stanch::source`]; nothing leaves loopback.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    clippy::allow_attributes,
    reason = "tests"
)]

#[path = "sources/answers.rs"]
mod answers;
#[path = "sources/dashboards.rs"]
mod dashboards;
#[path = "sources/demo_dashboard.rs"]
mod demo_dashboard;
#[path = "sources/failures.rs"]
mod failures;
#[path = "sources/filters.rs"]
mod filters;
#[path = "sources/grafana.rs"]
mod grafana;
#[expect(dead_code, reason = "shared with other tests")]
#[path = "support/http.rs"]
mod http;
#[path = "sources/load.rs"]
mod load;
#[path = "support/loki.rs"]
mod loki;
#[path = "sources/loki.rs"]
mod loki_lines;
#[path = "sources/polling.rs"]
mod polling;
#[path = "sources/real.rs"]
mod real;
#[path = "support/server.rs"]
mod server;
#[expect(dead_code, reason = "shared with other tests")]
#[path = "support/servers.rs"]
mod servers;
#[path = "sources/tls.rs"]
mod tls;
#[path = "sources/ways.rs"]
mod ways;

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use stanch::{
    config::{Auth, Config, Http, Kind, Read, Settings, Shape, Source, SourceId},
    dashboard::{Ask, Plan, Query, QueryContext},
    signal::{Fault, Reading, Window},
    source,
    source::Registry,
};

const HALF_HOUR: Window = Window::live(Duration::from_secs(1800));

fn http(url: &str) -> Http {
    let url = url.to_owned();
    Http { url, auth: Auth::None, headers: Vec::new(), ca_file: None, client_cert: None, proxy: None }
}

fn source(kind: &str, settings: Settings) -> Source {
    let (every, timeout) = (Duration::from_secs(5), Duration::from_secs(5));
    let kind = Kind::named(kind).expect("a kind");
    Source { name: "it".into(), kind, settings, every, timeout, max_bytes: 1 << 20, behind: None }
}

fn prometheus(url: &str) -> Source {
    source("prometheus", Settings { http: Some(http(url)), ..Settings::default() })
}

fn alertmanager(url: &str) -> Source {
    source("alertmanager", Settings { http: Some(http(url)), ..Settings::default() })
}

fn generic(url: &str) -> Source {
    source("http", Settings { http: Some(http(url)), read: Some(Read::default()), ..Settings::default() })
}

fn command(argv: &[&str]) -> Source {
    let argv = argv.iter().map(|&word| word.to_owned()).collect();
    source("command", Settings { argv, read: Some(Read::default()), ..Settings::default() })
}

fn instant(query: &str) -> Ask {
    Ask::Instant(query.to_owned())
}

fn fetch(shape: Shape, jq: Option<&str>) -> Ask {
    Ask::Fetch { path: String::new(), read: Read { jq: jq.map(str::to_owned), shape, error_when: None } }
}

fn plan(asks: impl IntoIterator<Item = Ask>) -> Plan {
    let mut plan = Plan::default();
    for ask in asks {
        plan.ask(Query::new(SourceId::nth(0), ask));
    }
    plan
}

fn config(source: Source) -> Config {
    Config { sources: vec![source], ..Config::default() }
}

/// Asks one thing of one source, once.
async fn ask(source: Source, ask: Ask) -> Result<Arc<Reading>, Fault> {
    source::jq::use_program(env!("CARGO_BIN_EXE_stanch"));
    let polled =
        source::poll_once(&Registry::of(&config(source)), &plan([ask]), &QueryContext::of(HALF_HOUR), Timestamp::now())
            .await;
    assert_eq!(polled.len(), 1);
    polled.into_iter().next().expect("one").1.outcome
}
