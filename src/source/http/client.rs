//! The client of a source: its proxy, its certificates, and whether it keeps its connections.

use std::time::Duration;

use reqwest::{Client, ClientBuilder, Proxy, Url, redirect::Policy};

use super::{AT_ONCE, address, faults, tls};
use crate::{
    config,
    signal::{Fault, FaultKind},
};

/// Longest time to wait for a connection, in seconds.
const CONNECT_SECONDS: u64 = 10;
/// The part of a source's time within which there must be a connection.
const CONNECT_PART: f64 = 0.8;

/// Whether connections are kept for the next request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Connections {
    Kept,
    /// Each request gets a new one.
    New,
}

/// Makes one. Reads files.
pub(super) fn of(
    config: &config::Http,
    base: &Url,
    timeout: Duration,
    connections: Connections,
) -> Result<Client, Fault> {
    let _provider = tls::provider();
    let builder = Client::builder()
        .user_agent(concat!("stanch/", env!("CARGO_PKG_VERSION")))
        // Before the whole time is over, so that a network that loses everything is told from a server that is slow.
        .connect_timeout(timeout.mul_f64(CONNECT_PART).min(Duration::from_secs(CONNECT_SECONDS)))
        .pool_max_idle_per_host(if connections == Connections::Kept { AT_ONCE } else { 0 })
        .redirect(Policy::none());
    let builder = with_proxy(builder, config, base)?;
    // Without TLS there is no reason to load the machine's certificates, nor to fail where it has none.
    let plain = base.scheme() == "http" && !config.proxy.as_deref().is_some_and(|proxy| proxy.starts_with("https:"));
    let named = config.ca_file.is_some() || config.client_cert.is_some();
    let builder = match plain && !named {
        true => builder.tls_certs_only([]),
        false => {
            builder.tls_backend_preconfigured(tls::config(config.ca_file.as_deref(), config.client_cert.as_ref())?)
        }
    };
    builder.build().map_err(|error| Fault::new(FaultKind::Tls, faults::innermost(&error)))
}

fn with_proxy(builder: ClientBuilder, config: &config::Http, base: &Url) -> Result<ClientBuilder, Fault> {
    match &config.proxy {
        // The address of a proxy may hold its password.
        Some(proxy) => match Proxy::all(proxy) {
            Ok(proxy) => Ok(builder.proxy(proxy)),
            Err(_) => Err(Fault::new(FaultKind::Unreachable, "the proxy's address is no URL")),
        },
        None if address::is_loopback(base) => Ok(builder.no_proxy()),
        None => Ok(builder),
    }
}
