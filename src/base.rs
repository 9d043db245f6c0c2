//! The ground everything stands on: words and forms that are the same whoever uses them, and that know nothing of
//! incidents, sources or screens.
//!
//! Nothing of this crate is imported here, and nothing is read, asked or waited for.

pub mod command_line;
pub mod csv;
pub mod human_time;
pub mod redact;
pub mod text;
pub mod toml;
pub mod words;
