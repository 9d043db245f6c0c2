//! One panel of a dashboard that is looked at.

use std::{
    fmt,
    hash::{Hash, Hasher},
    sync::Arc,
};

use crate::grafana::{
    open::OpenDashboard,
    plan::{Resolution, Unit},
};

/// A panel, as something that is asked. Two are equal when they are the same panel of the same opening of a dashboard:
/// once a variable has another value, all are others.
#[derive(Clone)]
pub struct PanelAsk {
    /// The dashboard.
    pub dashboard: Arc<OpenDashboard>,
    /// Which of its units.
    pub unit: usize,
}

impl PanelAsk {
    /// What it asks, by the letters of its queries; durations are those of the stretch of time it was opened with.
    pub fn queries(&self) -> Vec<String> {
        let range = self.dashboard.variables().range;
        let planned = self.dashboard.planned(self.unit, range, Resolution::default());
        let queries = planned.first().map_or(&[][..], |panel| panel.queries.as_slice());
        queries.iter().filter(|query| !query.is_hidden).map(|query| query.expr.clone()).collect()
    }

    /// The unit.
    pub fn unit(&self) -> Option<&Unit> {
        self.dashboard.units().nth(self.unit).map(|(unit, _)| unit)
    }
}

impl PartialEq for PanelAsk {
    fn eq(&self, other: &Self) -> bool {
        self.unit == other.unit && Arc::ptr_eq(&self.dashboard, &other.dashboard)
    }
}

impl Eq for PanelAsk {}

impl Hash for PanelAsk {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (Arc::as_ptr(&self.dashboard) as usize, self.unit).hash(state);
    }
}

impl fmt::Debug for PanelAsk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "panel {} of {}", self.unit, self.dashboard.title())
    }
}
