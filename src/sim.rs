//! An outage of a small shop, simulated over time and served on loopback through the real HTTP APIs.

mod promql;
mod store;
