//! A terminal cockpit that one responder keeps open during an outage.

pub mod app;
pub mod cli;
pub mod config;
pub mod incident;
pub mod journal;
pub mod runtime;
pub mod signal;
pub mod sim;
pub mod source;
pub mod ui;
