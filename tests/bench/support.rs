//! What the benchmarks share.

pub mod alertmanager;
pub mod figures;
pub mod http;
pub mod options;
pub mod panes;
pub mod process;
pub mod prometheus;
pub mod session;
