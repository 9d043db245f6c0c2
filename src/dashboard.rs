//! What is shown and what has to be asked for it, as values: between the configuration and the running cockpit.
//!
//! [`Plan`] has each query once, and which panes and vitals show it; [`Subscriptions`] say how often it is wanted and by
//! whom. A query is resolved each time it is asked, with a [`QueryContext`]. Nothing here asks anything, waits or reads a
//! clock.

pub mod panel_ask;
pub mod path;
pub mod plan;
pub mod query;
pub mod query_context;
pub mod subscriptions;

pub use panel_ask::PanelAsk;
pub use plan::{PaneId, PanelOrigin, Plan, PlannedPane, QueryId};
pub use query::{Ask, Query};
pub use query_context::{QueryContext, resolve};
pub use subscriptions::{Pace, Subscriber, SubscriptionChange, Subscriptions};
