//! What is known of the outside: what is asked, what came of it, and what follows from that alone.
//!
//! Facts about the incident are not kept here; a turn of the world becomes one when the journal has it.

pub mod bleeding;
pub mod blind;
pub mod checks;
pub mod closest_alert;
pub mod comparison;
pub mod dashboards;
pub mod moment;
pub mod recovery;
pub mod rows;
pub mod runbooks;
pub mod service;
pub mod signals;
pub mod smells;
pub mod storm;
pub mod transitions;
pub mod variables;
pub mod vitals;
pub mod worst_alert;

use std::sync::Arc;

use jiff::Timestamp;

use crate::{
    app::{
        Signals, Vitals,
        world::{
            checks::Checks, closest_alert::KnownClosest, comparison::Comparison, dashboards::Dashboards,
            rows::KeptRows, runbooks::Runbooks, smells::Smells, storm::StormState, transitions::Observer,
            worst_alert::KnownWorst,
        },
    },
    config::Config,
    dashboard::{Plan, Subscriptions},
    signal::Window,
};

/// The outside, as far as it is known.
#[derive(Clone, Debug)]
pub struct World {
    /// Queries, panes and vitals that follow from the configuration.
    pub plan: Arc<Plan>,
    /// Which of the queries are wanted, how often and by whom.
    pub subscriptions: Subscriptions,
    /// The newest readings.
    pub signals: Signals,
    /// The Grafana dashboards that are open.
    pub dashboards: Dashboards,
    /// The team's runbooks.
    pub runbooks: Runbooks,
    /// What all charts are compared with.
    pub comparison: Comparison,
    /// The state of each vital.
    pub vitals: Vitals,
    /// The stretch of time that is asked for.
    pub window: Window,
    /// When the window was last chosen: readings from before are of another one.
    pub window_moved: Option<Timestamp>,
    pub(in crate::app) transitions: Observer,
    pub(in crate::app) checks: Checks,
    pub(in crate::app) storm: StormState,
    /// Which curves moved since the onset as they never did before.
    pub smells: Smells,
    /// The worst alert as of the last message.
    pub(in crate::app) worst_alert: Option<KnownWorst>,
    /// The alert that is closest to the cause, as of the last frame that wanted it.
    pub(in crate::app) closest_alert: Option<KnownClosest>,
    pub(in crate::app) rows: KeptRows,
}

impl World {
    /// Nothing is known yet.
    pub(in crate::app) fn new(config: &Config, now: Timestamp) -> Self {
        Self::of_plan(config, Arc::new(Plan::of(config)), now)
    }

    /// The same, of a plan that may have queries which nobody asks any more.
    pub(in crate::app) fn of_plan(config: &Config, plan: Arc<Plan>, now: Timestamp) -> Self {
        let subscriptions = Subscriptions::of(config, &plan);
        Self {
            signals: Signals::new(config, &plan, &subscriptions),
            subscriptions,
            vitals: Vitals::new(config),
            dashboards: Dashboards::default(),
            runbooks: Runbooks::default(),
            comparison: Comparison::default(),
            window: Window::live(config.window),
            window_moved: None,
            transitions: Observer::default(),
            checks: Checks::new(now),
            storm: StormState::default(),
            smells: Smells::default(),
            worst_alert: None,
            closest_alert: None,
            rows: KeptRows::default(),
            plan,
        }
    }
}
