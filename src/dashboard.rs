//! What is shown and what has to be asked for it, as values: between the configuration and the running cockpit.
//!
//! A query is written down once and resolved each time it is asked, with a [`QueryContext`]. Nothing here asks anything,
//! waits or reads a clock.

pub mod query_context;
pub mod subscriptions;

pub use query_context::{QueryContext, resolve};
pub use subscriptions::{Change, Pace, Subscriber, Subscriptions};
