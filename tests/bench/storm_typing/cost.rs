//! What one answer costs: read by the cockpit's sources, and read by reqwest into a `serde_json::Value`.
//!
//! Both get the same bytes from the same server, and each reader is a process of its own, so that its memory is its own.

use std::{
    error::Error,
    io,
    process::Command,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use stanch::{
    config::load,
    dashboard::{Plan, QueryContext},
    signal::Window,
    source::{Registry, poll_once},
};

use crate::support::{
    alertmanager::{self, Alertmanager, Says},
    figures::{self, median, mib, short},
    process::{self, Meter},
};

/// Wall time and processor time of one answer in milliseconds, memory before and the most there was in MiB.
struct Cost {
    wall: f64,
    cpu: f64,
    before: f64,
    peak: f64,
}

pub fn table(repeat: usize) -> Result<String, Box<dyn Error>> {
    let head =
        ["alerts", "MB", "stanch ms", "CPU ms", "µs an alert", "peak by body", "serde ms", "CPU ms", "peak by body"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    // On a busy machine the second is the one to believe.
    rows[0].extend(["speed by serde's, wall", "CPU (aim ≥ 0.5)"].map(str::to_owned));
    for alerts in [20_000, 50_000, 100_000] {
        let server = Alertmanager::start(alerts);
        server.say(Says::Storm);
        let mut costs: [Vec<Cost>; 2] = Default::default();
        for _ in 0..repeat {
            for (reader, costs) in ["stanch", "serde"].iter().zip(&mut costs) {
                costs.push(read(reader, &server.url)?);
            }
        }
        let [ours, serde] = costs.map(|costs| {
            let of = |part: fn(&Cost) -> f64| median(&costs.iter().map(part).collect::<Vec<_>>());
            let grown = of(|cost| cost.peak - cost.before) / mib(server.bytes as u64);
            [of(|cost| cost.wall), of(|cost| cost.cpu), grown]
        });
        let mut row = vec![alerts.to_string(), short(server.bytes as f64 / 1e6)];
        row.extend([ours[0], ours[1], ours[0] * 1e3 / alerts as f64, ours[2]].map(short));
        row.extend([serde[0], serde[1], serde[2], serde[0] / ours[0], serde[1] / ours[1]].map(short));
        rows.push(row);
    }
    Ok(figures::table(&rows))
}

fn read(reader: &str, url: &str) -> Result<Cost, Box<dyn Error>> {
    let output = Command::new(std::env::current_exe()?).args(["read", reader, url]).output()?;
    let text = String::from_utf8(output.stdout)?;
    let numbers: Vec<f64> = text.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    match numbers[..] {
        [wall, cpu, before, peak] => Ok(Cost { wall, cpu, before, peak }),
        _ => Err(format!("{reader}: {text}{}", String::from_utf8_lossy(&output.stderr)).into()),
    }
}

/// Reads one answer as the cockpit does, and prints what it cost.
pub fn by_stanch(url: &str) -> Result<(), Box<dyn Error>> {
    let text = alertmanager::configured(url, Duration::from_secs(5), 1_000_000_000);
    let (config, _) =
        load::parse(&text, "bench.toml".as_ref()).map_err(|error| io::Error::other(format!("{error:?}")))?;
    let plan = Plan::of(&config);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let (registry, context) = (Registry::of(&config), QueryContext::of(Window::live(config.window)));
    measured(|| {
        let asked = poll_once(&registry, &plan, &context, Timestamp::now());
        let polled = runtime.block_on(asked);
        let items: Vec<_> =
            polled.iter().map(|(_, polled)| polled.outcome.as_ref().map(|read| read.data.items())).collect();
        if items.iter().any(|items| items.as_ref().is_ok_and(|items| *items > 0)) {
            return Ok(());
        }
        Err(format!("{items:?}").into())
    })
}

/// Reads one answer as most would, and prints what it cost.
pub fn by_serde(url: &str) -> Result<(), Box<dyn Error>> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let client = reqwest::Client::builder().no_proxy().tls_certs_only([]).build()?;
    let url = format!("{url}/api/v2/alerts/groups");
    measured(|| {
        let body = runtime.block_on(async { client.get(&url).send().await?.bytes().await })?;
        let value: serde_json::Value = serde_json::from_slice(&body)?;
        if value.as_array().is_some_and(|groups| !groups.is_empty()) { Ok(()) } else { Err("no groups".into()) }
    })
}

fn measured(read: impl FnOnce() -> Result<(), Box<dyn Error>>) -> Result<(), Box<dyn Error>> {
    let pid = std::process::id();
    let before = process::size(pid).rss;
    let mut meter = Meter::start(pid);
    let began = Instant::now();
    read()?;
    let wall = began.elapsed();
    let (cpu, peak) = (meter.cpu(), process::size(pid).peak);
    let [wall, cpu] = [wall, cpu].map(figures::millis);
    println!("{wall} {cpu} {} {}", mib(before), mib(peak));
    Ok(())
}
