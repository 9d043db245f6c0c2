//! A set of label names and values, sorted by name, cheap to clone.
//!
//! Decoders may share the `Arc<str>` of names and values that repeat; a set of 20,000 alerts is mostly repeats.

use std::{fmt, sync::Arc};

use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::SerializeMap};

/// Label names and values, sorted by name; at most one value a name.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Labels(Arc<[(Arc<str>, Arc<str>)]>);

impl Labels {
    /// Sorts the pairs; of several values for one name the last one stays.
    pub fn new(pairs: impl IntoIterator<Item = (Arc<str>, Arc<str>)>) -> Self {
        let mut pairs: Vec<_> = pairs.into_iter().collect();
        pairs.sort_by(|a, b| a.0.cmp(&b.0));
        pairs.reverse();
        pairs.dedup_by(|later, kept| later.0 == kept.0);
        pairs.reverse();
        Self(pairs.into())
    }

    /// Makes a set of plain strings, each of which is copied: for small sets and tests.
    pub fn of<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        Self::new(pairs.into_iter().map(|(name, value)| (name.into(), value.into())))
    }

    /// The pairs that all of the sets have; none when there are no sets.
    pub fn common<'a>(mut sets: impl Iterator<Item = &'a Labels> + Clone) -> Self {
        let Some(first) = sets.next() else { return Self::default() };
        let is_common =
            |pair: &&(Arc<str>, Arc<str>)| sets.clone().all(|set| set.get(&pair.0) == Some(pair.1.as_ref()));
        let common: Vec<_> = first.0.iter().filter(is_common).cloned().collect();
        if common.len() == first.len() { first.clone() } else { Self(common.into()) }
    }

    /// This set and those of another that it lacks.
    #[must_use]
    pub fn with(&self, other: &Self) -> Self {
        Self::new(other.0.iter().chain(self.0.iter()).cloned())
    }

    /// The value of `name`, if the set has it.
    pub fn get(&self, name: &str) -> Option<&str> {
        let at = self.0.binary_search_by(|(n, _)| n.as_ref().cmp(name)).ok()?;
        Some(&self.0[at].1)
    }

    /// Names and values in order of names.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &str)> + Clone {
        self.0.iter().map(|(name, value)| (name.as_ref(), value.as_ref()))
    }

    /// How many pairs there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no pairs.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Default for Labels {
    fn default() -> Self {
        Self(Arc::from([]))
    }
}

impl fmt::Display for Labels {
    /// Writes them as a selector of Prometheus without a metric name, for people: `{code="500", service="checkout"}`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("{")?;
        for (i, (name, value)) in self.iter().enumerate() {
            let comma = if i == 0 { "" } else { ", " };
            write!(f, "{comma}{name}={value:?}")?;
        }
        f.write_str("}")
    }
}

impl fmt::Debug for Labels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Labels {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.len()))?;
        for (name, value) in self.iter() {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Labels {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let map = std::collections::BTreeMap::<String, String>::deserialize(deserializer)?;
        Ok(Self::new(map.into_iter().map(|(name, value)| (name.into(), value.into()))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorted_last_value_wins_and_found_by_name() {
        let labels = Labels::of([("service", "cart"), ("code", "500"), ("service", "checkout")]);
        assert_eq!(labels.to_string(), r#"{code="500", service="checkout"}"#);
        assert_eq!(labels.get("service"), Some("checkout"));
        assert_eq!(labels.get("severity"), None);
    }

    #[test]
    fn common_pairs_are_those_of_every_set() {
        let sets = [
            Labels::of([("alertname", "Slow"), ("pod", "a"), ("team", "shop")]),
            Labels::of([("alertname", "Slow"), ("pod", "b"), ("team", "shop")]),
            Labels::of([("alertname", "Slow"), ("team", "shop"), ("zone", "x")]),
        ];
        assert_eq!(Labels::common(sets.iter()).to_string(), r#"{alertname="Slow", team="shop"}"#);
        assert!(Labels::common([].iter()).is_empty());
        let alone = Labels::common(sets[..1].iter());
        assert!(Arc::ptr_eq(&alone.0, &sets[0].0), "a set that is alone is shared, not copied");
    }
}
