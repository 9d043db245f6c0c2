//! The command line.

pub mod rank;
