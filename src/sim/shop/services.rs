//! The services of the shop in their usual state.

/// A service in its usual state.
pub(super) struct Service {
    pub name: &'static str,
    pub team: &'static str,
    /// Requests a second.
    pub rate: f64,
    /// Median latency in seconds and the spread of its logarithm.
    pub latency: (f64, f64),
    /// The codes it answers failures with and how often each is taken.
    pub failures: [(&'static str, f64); 2],
    /// Part of one CPU at usual traffic.
    pub cpu: f64,
    /// Memory in bytes.
    pub memory: f64,
    pub uses_db: bool,
}

pub(super) const SERVICES: [Service; 5] = [
    Service {
        name: "edge",
        team: "platform",
        rate: 240.0,
        latency: (0.035, 0.7),
        failures: [("502", 0.8), ("504", 0.2)],
        cpu: 0.32,
        memory: 180e6,
        uses_db: false,
    },
    Service {
        name: "checkout",
        team: "shop",
        rate: 60.0,
        latency: (0.11, 0.45),
        failures: [("500", 0.75), ("503", 0.25)],
        cpu: 0.41,
        memory: 420e6,
        uses_db: true,
    },
    Service {
        name: "cart",
        team: "shop",
        rate: 80.0,
        latency: (0.03, 0.5),
        failures: [("500", 0.9), ("503", 0.1)],
        cpu: 0.22,
        memory: 260e6,
        uses_db: true,
    },
    Service {
        name: "payments",
        team: "money",
        rate: 24.0,
        latency: (0.17, 0.4),
        failures: [("500", 0.5), ("502", 0.5)],
        cpu: 0.18,
        memory: 310e6,
        uses_db: true,
    },
    Service {
        name: "search",
        team: "discovery",
        rate: 90.0,
        latency: (0.055, 0.5),
        failures: [("500", 0.5), ("503", 0.5)],
        cpu: 0.47,
        memory: 900e6,
        uses_db: false,
    },
];
