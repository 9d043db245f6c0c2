//! TOML that a person wrote, read with positions: what stands where, what was expected there, and what was probably meant.
//!
//! Configurations and boards are read with [`Fields`]; themes take only the [`Diagnostic`], so that all three say what is
//! wrong in the same form, `FILE:LINE:COL: message`. What the keys are, and what follows from them, is up to the reader of
//! each kind of file. Nothing here opens one.

pub mod diagnostic;
pub mod did_you_mean;
pub mod fields;
pub mod forms;
pub mod types;

pub use diagnostic::{Diagnostic, Diagnostics, line_of};
pub use fields::Fields;

/// Text as TOML writes it, quoted.
pub fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}
