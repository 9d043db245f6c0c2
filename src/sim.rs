//! An outage of a small shop, simulated over time and served on loopback through the real HTTP APIs.

mod clock;
mod feeds;
mod noise;
mod promql;
mod rules;
mod shop;
mod store;
mod story;
mod world;
