//! How close together points are asked for, and the durations that stand in queries.
//!
//! By the rules of Grafana's Prometheus data source:
//! <https://grafana.com/docs/grafana/latest/datasources/prometheus/template-variables/#use-__rate_interval>.

/// How often targets are scraped where nobody says so, in milliseconds.
pub const SCRAPE: f64 = 15_000.0;
/// Most points of a series that a server is asked for.
const MAX_POINTS: f64 = 11_000.0;

/// Longest step, in milliseconds.
const MAX_STEP: f64 = 3.2e12;

/// The durations that Grafana puts into queries. Longer names first: they begin with shorter ones.
pub const NAMES: [&str; 7] =
    ["__interval_ms", "__interval", "__range_ms", "__range_s", "__range", "__rate_interval_ms", "__rate_interval"];

const UNITS: [(&str, f64); 8] =
    [("ms", 1.0), ("s", 1e3), ("m", 6e4), ("h", 36e5), ("d", 864e5), ("w", 6048e5), ("M", 2592e6), ("y", 31536e6)];

/// Up to which interval each round one is taken, in milliseconds.
const STEPS: [(f64, f64); 29] = [
    (10.0, 1.0),
    (15.0, 10.0),
    (35.0, 20.0),
    (75.0, 50.0),
    (150.0, 100.0),
    (350.0, 200.0),
    (750.0, 500.0),
    (1500.0, 1e3),
    (3500.0, 2e3),
    (7500.0, 5e3),
    (12_500.0, 1e4),
    (17_500.0, 15e3),
    (25_000.0, 2e4),
    (45_000.0, 3e4),
    (9e4, 6e4),
    (21e4, 12e4),
    (45e4, 3e5),
    (75e4, 6e5),
    (105e4, 9e5),
    (15e5, 12e5),
    (27e5, 18e5),
    (54e5, 36e5),
    (9e6, 72e5),
    (162e5, 108e5),
    (324e5, 216e5),
    (864e5, 432e5),
    (6048e5, 864e5),
    (18144e5, 6048e5),
    (36288e5, 2592e6),
];

/// Reads `15s`, `1m30s`, `>10s`, or a number of seconds, as milliseconds.
pub fn parse(text: &str) -> Option<f64> {
    let mut rest = text.trim().trim_start_matches(['<', '>']);
    if let Ok(seconds) = rest.parse::<f64>() {
        return (seconds.is_finite() && rest.starts_with(|c: char| c.is_ascii_digit())).then_some(seconds * 1e3);
    }
    let mut total = 0.0;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
        let (amount, unit) = rest.split_at(digits);
        let (name, size) = UNITS.iter().find(|(name, _)| unit.starts_with(name))?;
        total += amount.parse::<f64>().ok()? * size;
        rest = &unit[name.len()..];
    }
    (f64::is_finite(total) && !text.trim().is_empty()).then_some(total)
}

/// An interval in one unit and whole numbers: `30s`, `1m`.
pub fn whole(ms: f64) -> String {
    let units = [("y", 31536e6), ("d", 864e5), ("h", 36e5), ("m", 6e4), ("s", 1e3)];
    match units.into_iter().find(|(_, size)| ms >= *size) {
        Some((unit, size)) => format!("{}{unit}", (ms / size).floor()),
        None if ms >= 1.0 => format!("{}ms", ms.floor()),
        None => "1ms".into(),
    }
}

/// A duration as Go writes it: `1m15s`, `4m0s`.
pub fn exact(ms: f64) -> String {
    if ms < 1000.0 {
        return format!("{ms}ms");
    }
    let (hours, minutes, seconds) = ((ms / 36e5).floor(), (ms % 36e5 / 6e4).floor(), ms % 6e4 / 1e3);
    match (hours > 0.0, minutes > 0.0) {
        (true, _) => format!("{hours}h{minutes}m{seconds}s"),
        (false, true) => format!("{minutes}m{seconds}s"),
        (false, false) => format!("{seconds}s"),
    }
}

/// The round interval next to one, in milliseconds.
pub fn round(ms: f64) -> f64 {
    STEPS.into_iter().find(|(most, _)| ms <= *most).map_or(31536e6, |(_, step)| step)
}

/// The interval of a panel: so that there are about `points` of them, and no closer than `least` says.
pub fn of_panel(length: f64, points: f64, least: f64) -> f64 {
    round(length / points.max(1.0)).max(least)
}

/// What decides the step of one query.
#[derive(Clone, Copy, Debug)]
pub struct Stepping<'a> {
    /// The length of what is asked for, in milliseconds.
    pub length: f64,
    /// How many points are wanted at most.
    pub points: f64,
    /// The interval of the panel, in milliseconds.
    pub interval: f64,
    /// The least step of the query, as it was written; empty for none.
    pub least: &'a str,
    /// By how much a step is coarser, for old queries.
    pub factor: f64,
    /// How often targets are scraped, in milliseconds.
    pub scrape: f64,
}

impl Stepping<'_> {
    fn is(&self, name: &str) -> bool {
        self.least.strip_prefix('$').is_some_and(|rest| rest == name || rest == format!("{{{name}}}"))
    }

    /// The step of the query, in milliseconds; why there is none, in words.
    pub fn step(&self) -> Result<f64, String> {
        let is_variable =
            ["__interval", "__interval_ms", "__rate_interval", "__rate_interval_ms"].iter().any(|name| self.is(name));
        let least = match self.least {
            "" | "0s" => self.interval,
            _ if is_variable => self.interval,
            written => parse(written).ok_or_else(|| format!("invalid interval {written}"))?,
        };
        let wanted = self.length / self.points.max(1.0);
        let step = if wanted < least { least } else { round(wanted) };
        let step = step.max(round(self.length / MAX_POINTS));
        if self.is("__rate_interval") {
            return Ok(rate(step, self.scrape));
        }
        let step = step * if self.factor > 0.0 { self.factor } else { 1.0 };
        (step < MAX_STEP).then_some(step).ok_or_else(|| "its step is longer than a century".into())
    }

    /// A query with the durations that Grafana puts in: `$__interval`, `$__rate_interval`, `$__range` and theirs.
    pub fn filled_in(&self, query: &str, step: f64) -> String {
        let rate = if self.is("__rate_interval") {
            step
        } else {
            let scrape = match self.least {
                _ if self.is("__interval") => step,
                "" => self.scrape,
                written => parse(written).unwrap_or(0.0),
            };
            if scrape > 0.0 { rate(self.interval, scrape) } else { 0.0 }
        };
        let seconds = (self.length / 1e3).round();
        let values = [
            step.to_string(),
            whole(step),
            self.length.to_string(),
            seconds.to_string(),
            format!("{seconds}s"),
            rate.to_string(),
            exact(rate),
        ];
        let mut out = query.to_owned();
        for (name, value) in NAMES.into_iter().zip(values) {
            out = out.replace(&format!("${name}"), &value).replace(&format!("${{{name}}}"), &value);
        }
        out
    }
}

/// Long enough for a rate: four scrapes, or an interval and a scrape. All in milliseconds.
fn rate(interval: f64, scrape: f64) -> f64 {
    (interval + scrape).max(4.0 * scrape)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        assert_eq!(
            ["15s", "1m30s", ">10s", "30", "1.5h", "5x", "", "-3s", "inf"].map(parse),
            [Some(15e3), Some(90e3), Some(10e3), Some(30e3), Some(54e5), None, None, None, None]
        );
        assert_eq!([0.0, 500.0, 1000.0, 90e3, 36e5, 9e7].map(whole), ["1ms", "500ms", "1s", "1m", "1h", "1d"]);
        assert_eq!([75e3, 240e3, 36e5, 500.0].map(exact), ["1m15s", "4m0s", "1h0m0s", "500ms"]);
    }

    #[test]
    fn steps_and_what_stands_in_queries() {
        let hour = Stepping { length: 36e5, points: 500.0, interval: 15e3, least: "", factor: 0.0, scrape: SCRAPE };
        assert_eq!(hour.step(), Ok(15e3));
        let text = "rate(x[$__rate_interval]) $__interval ${__interval_ms} $__range $__range_s $__rate_interval_ms";
        assert_eq!(hour.filled_in(text, 15e3), "rate(x[1m0s]) 15s 15000 3600s 3600 60000");
        let minutes = Stepping { least: "2m", ..hour };
        assert_eq!(minutes.step(), Ok(120e3));
        assert_eq!(minutes.filled_in("[$__rate_interval]", 120e3), "[8m0s]");
        assert_eq!(Stepping { least: "$__rate_interval", ..hour }.step(), Ok(60e3));
        assert_eq!(Stepping { factor: 2.0, ..hour }.step(), Ok(30e3));
        let day = Stepping { length: 864e5, points: 100.0, interval: 9e5, ..hour };
        assert_eq!(day.step(), Ok(9e5));
        assert_eq!(Stepping { least: "soon", ..hour }.step(), Err("invalid interval soon".into()));
    }
}
