//! The terminal as a device: taken over and given back, drawn to, read from, and gone. What is drawn and what a key means
//! is decided elsewhere.

pub mod burst;
pub mod hangup;
pub mod inputs;
pub mod keys;
pub mod links;
pub mod output;
pub mod rejoin;
pub mod terminal;
