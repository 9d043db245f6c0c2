//! Numbers in the journal that JSON has no sign for: `"NaN"`, `"+Inf"`, `"-Inf"`, as Prometheus writes them.
//!
//! Plain serde writes them as `null` and then refuses to read that, so one gap in a curve would lose a whole entry.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Number {
    Finite(f64),
    Named(Named),
    /// As versions before this one wrote all three.
    Null(()),
}

#[derive(Serialize, Deserialize)]
enum Named {
    #[serde(rename = "NaN")]
    Nan,
    #[serde(rename = "+Inf")]
    Infinity,
    #[serde(rename = "-Inf")]
    NegInfinity,
}

impl From<f64> for Number {
    fn from(value: f64) -> Self {
        match value {
            _ if value.is_nan() => Self::Named(Named::Nan),
            f64::INFINITY => Self::Named(Named::Infinity),
            f64::NEG_INFINITY => Self::Named(Named::NegInfinity),
            _ => Self::Finite(value),
        }
    }
}

impl From<Number> for f64 {
    fn from(number: Number) -> Self {
        match number {
            Number::Finite(value) => value,
            Number::Named(Named::Nan) | Number::Null(()) => Self::NAN,
            Number::Named(Named::Infinity) => Self::INFINITY,
            Number::Named(Named::NegInfinity) => Self::NEG_INFINITY,
        }
    }
}

pub(in crate::incident) fn serialize<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    Number::from(*value).serialize(serializer)
}

pub(in crate::incident) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    Number::deserialize(deserializer).map(f64::from)
}

/// Seconds that something took; at the most a hundred years, whoever edited them.
pub(in crate::incident) fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    Ok(f64::deserialize(deserializer)?.clamp(0.0, 100.0 * 365.0 * 86_400.0))
}

/// The points of a curve, whose values may be such numbers.
pub(in crate::incident) mod points {
    use super::{Deserialize, Deserializer, Number, Serializer};

    pub(in crate::incident) fn serialize<S: Serializer>(points: &[(i64, f64)], s: S) -> Result<S::Ok, S::Error> {
        s.collect_seq(points.iter().map(|(at, value)| (at, Number::from(*value))))
    }

    pub(in crate::incident) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<(i64, f64)>, D::Error> {
        let points = Vec::<(i64, Number)>::deserialize(d)?;
        Ok(points.into_iter().map(|(at, value)| (at, value.into())).collect())
    }
}

#[cfg(test)]
mod tests {
    use crate::incident::{
        Event,
        board::{CheckSpec, Evidence},
    };

    #[test]
    fn what_took_longer_than_anything_is_cut() {
        #[track_caller]
        fn check(seconds: &str, expected: f64) {
            let json = format!(r#"{{"kind":"command_ran","argv":[],"exit":0,"output":"","seconds":{seconds}}}"#);
            let event = serde_json::from_str::<Event>(&json).expect("an event");
            assert!(matches!(event, Event::CommandRan { seconds, .. } if seconds == expected), "{event:?}");
        }
        check("1.5", 1.5);
        check("-1", 0.0);
        check("1e308", 3_153_600_000.0);
        let minutes = |json: &str| serde_json::from_str::<CheckSpec>(json).expect("a check").minutes;
        assert_eq!(["{}", r#"{"minutes":1e308}"#, r#"{"minutes":-2}"#].map(minutes), [5.0, 525_600.0, 0.0]);
    }

    #[test]
    fn a_curve_keeps_its_gaps() {
        let points = vec![(1, 0.1 + 0.2), (2, f64::NAN), (3, f64::INFINITY), (4, f64::NEG_INFINITY)];
        let evidence = Evidence { points, ..Evidence::default() };
        let json = serde_json::to_string(&evidence).expect("json");
        assert_eq!(json, r#"{"title":"","points":[[1,0.30000000000000004],[2,"NaN"],[3,"+Inf"],[4,"-Inf"]]}"#);
        let back: Evidence = serde_json::from_str(&json).expect("evidence");
        // NaN differs from itself, so the text is what is compared.
        assert_eq!(serde_json::to_string(&back).expect("json"), json);
    }
}
