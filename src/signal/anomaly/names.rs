//! What the name of a metric says: its kind, which direction is trouble, whether it counts.

/// Which direction of a series is trouble.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Bad {
    /// Errors: fewer are no symptom.
    Up,
    /// Availability: more is no symptom.
    Down,
    /// Whatever is unusual may be.
    #[default]
    Either,
}

/// What is good when there is more of it.
const GOOD: [&str; 5] = ["success", "avail", "healthy", "uptime", "apdex"];
/// What is bad when there is more of it.
const HARM: [&str; 9] = ["error", "fail", "5xx", "timeout", "drop", "reject", "restart", "throttl", "unavailable"];
/// Work that comes in, and bytes that pass.
const TRAFFIC: [&str; 8] = ["network", "bytes", "request", "ops", "load", "lod", "traffic", "throughput"];
/// How names of counters end by the rules of Prometheus.
const COUNTERS: [&str; 4] = ["_total", "_count", "_sum", "_bucket"];

impl Bad {
    /// What a metric's name says.
    pub fn of(kind: &str) -> Self {
        match kind.to_ascii_lowercase() {
            name if says(&name, &HARM) => Self::Up,
            name if says(&name, &GOOD) => Self::Down,
            _ => Self::Either,
        }
    }
}

/// What a title says of the curves below it: which direction is trouble, and whether they are traffic.
pub fn meaning(title: &str) -> (Bad, bool) {
    (Bad::of(title), is_traffic(title))
}

/// The metric's name of a series' name: what stands before its labels.
pub fn kind_of(name: &str) -> &str {
    name.split('{').next().unwrap_or(name)
}

pub(super) fn is_traffic(kind: &str) -> bool {
    let name = kind.to_ascii_lowercase();
    says(&name, &TRAFFIC) && !says(&name, &HARM)
}

pub(super) fn is_counter(kind: &str) -> bool {
    COUNTERS.iter().any(|end| kind.ends_with(end))
}

fn says(name: &str, words: &[&str]) -> bool {
    words.iter().any(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_direction_that_is_trouble_is_in_the_name() {
        let of = |name| Bad::of(kind_of(name));
        assert_eq!(of("http_errors_total{code=\"500\"}"), Bad::Up);
        assert_eq!(of("availability_Average{service=\"a\"}"), Bad::Down);
        assert_eq!(of("service_unavailable"), Bad::Up);
        assert_eq!(of("cpu{errors=\"no\"}"), Bad::Either);
    }

    #[test]
    fn requests_are_traffic_and_failed_requests_are_not() {
        assert!(is_traffic("http_requests_total") && !is_traffic("http_requests_failed_total"));
        assert!(is_counter("http_requests_total") && !is_counter("http_requests"));
    }
}
