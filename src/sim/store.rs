//! The samples of the simulated shop: a small time series database in memory.
//!
//! All series share one list of scrape times. A series that is not scraped again ends there, as a target that went away
//! does; one that comes back has a hole. Memory is bounded: the oldest scrapes are dropped.

use std::{collections::HashMap, sync::Arc};

use serde::{Serialize, Serializer, ser::SerializeMap};

/// How many scrapes are kept, about two hours of story.
const KEPT: usize = 8_000;
/// How many are dropped at once when there are more.
const DROPPED: usize = 1_000;
/// A sample older than this is not "now" any more; Prometheus' default.
const LOOKBACK_MS: i64 = 5 * 60 * 1000;

/// The labels of a series, sorted by name, shared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Labels(Arc<[(Arc<str>, Arc<str>)]>);

impl Labels {
    /// Sorts them; an empty value is the same as no label.
    pub fn of<N: AsRef<str>, V: AsRef<str>>(pairs: impl IntoIterator<Item = (N, V)>) -> Self {
        let pairs = pairs.into_iter().map(|(name, value)| (Arc::from(name.as_ref()), Arc::from(value.as_ref())));
        Self::sorted(pairs.collect())
    }

    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| &**known == name).map_or("", |(_, value)| value)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (&**name, &**value))
    }

    /// Only those of which `keep` says yes.
    pub fn filtered(&self, keep: impl Fn(&str) -> bool) -> Self {
        Self(self.0.iter().filter(|(name, _)| keep(name)).cloned().collect())
    }

    /// These and `more`; a name that is in both takes the new value.
    pub fn with<'a>(&self, more: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut all: Vec<_> = self.0.to_vec();
        for (name, value) in more {
            all.retain(|(known, _)| &**known != name);
            all.push((name.into(), value.into()));
        }
        Self::sorted(all)
    }

    fn sorted(mut pairs: Vec<(Arc<str>, Arc<str>)>) -> Self {
        pairs.retain(|(_, value)| !value.is_empty());
        pairs.sort();
        Self(pairs.into())
    }
}

impl std::fmt::Display for Labels {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("{")?;
        for (place, (name, value)) in self.iter().enumerate() {
            write!(f, "{}{name}={value:?}", if place == 0 { "" } else { ", " })?;
        }
        f.write_str("}")
    }
}

impl Serialize for Labels {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in self.iter() {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

/// A series, by its place in the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SeriesId(usize);

struct Series {
    labels: Labels,
    /// The same without the metric's name, as most functions return it.
    bare: Labels,
    /// The number of the scrape its first value belongs to.
    first: usize,
    /// `None` marks a scrape that did not find it.
    values: Vec<Option<f64>>,
}

/// Every sample there is, by series.
#[derive(Default)]
pub(super) struct Store {
    /// Scrape times in milliseconds since the epoch, ascending.
    times: Vec<i64>,
    /// The number of the scrape `times[0]` is.
    base: usize,
    series: Vec<Series>,
    by_labels: HashMap<Labels, SeriesId>,
    by_name: HashMap<String, Vec<SeriesId>>,
}

impl Store {
    /// The series of these labels, made if there is none yet. `__name__` must be among them.
    pub fn series(&mut self, labels: &Labels) -> SeriesId {
        if let Some(known) = self.by_labels.get(labels) {
            return *known;
        }
        let id = SeriesId(self.series.len());
        let bare = labels.filtered(|name| name != "__name__");
        self.series.push(Series { labels: labels.clone(), bare, first: usize::MAX, values: Vec::new() });
        self.by_labels.insert(labels.clone(), id);
        self.by_name.entry(labels.get("__name__").to_owned()).or_default().push(id);
        id
    }

    /// Begins a scrape. Its values follow with [`put`](Self::put).
    pub fn begin(&mut self, time_ms: i64) {
        if self.times.len() >= KEPT {
            self.drop_oldest();
        }
        self.times.push(time_ms);
    }

    /// The value of a series in the scrape begun last.
    pub fn put(&mut self, SeriesId(at): SeriesId, value: f64) {
        let Some(scrape) = (self.base + self.times.len()).checked_sub(1) else { return };
        let series = &mut self.series[at];
        if series.values.is_empty() {
            series.first = scrape;
        }
        series.values.resize(scrape - series.first, None);
        series.values.push(Some(value));
    }

    /// All series of this name, or all.
    pub fn named(&self, name: Option<&str>) -> Vec<SeriesId> {
        match name {
            Some(name) => self.by_name.get(name).cloned().unwrap_or_default(),
            None => (0..self.series.len()).map(SeriesId).collect(),
        }
    }

    pub fn labels(&self, SeriesId(at): SeriesId) -> &Labels {
        &self.series[at].labels
    }

    pub fn bare_labels(&self, SeriesId(at): SeriesId) -> &Labels {
        &self.series[at].bare
    }

    /// The value at a time: the newest one scraped by then, unless the last scrape did not find the series.
    pub fn at(&self, SeriesId(at): SeriesId, time_ms: i64) -> Option<f64> {
        let scrape = self.times.partition_point(|time| *time <= time_ms).checked_sub(1)?;
        let fresh = time_ms - self.times[scrape] < LOOKBACK_MS;
        let series = &self.series[at];
        let place = (self.base + scrape).checked_sub(series.first)?;
        series.values.get(place).copied().flatten().filter(|_| fresh)
    }

    /// The samples between two times, both included.
    pub fn between(&self, SeriesId(at): SeriesId, from_ms: i64, to_ms: i64) -> impl Iterator<Item = (i64, f64)> + '_ {
        let series = &self.series[at];
        let from = self.times.partition_point(|time| *time < from_ms);
        let to = self.times.partition_point(|time| *time <= to_ms).max(from);
        (from..to).filter_map(move |scrape| {
            let place = (self.base + scrape).checked_sub(series.first)?;
            Some((self.times[scrape], series.values.get(place).copied().flatten()?))
        })
    }

    fn drop_oldest(&mut self) {
        self.times.drain(..DROPPED);
        self.base += DROPPED;
        for series in self.series.iter_mut().filter(|series| series.first < self.base) {
            let gone = (self.base - series.first).min(series.values.len());
            series.values.drain(..gone);
            series.first = self.base;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_holes_and_lookback() {
        let mut store = Store::default();
        let a = store.series(&Labels::of([("__name__", "m"), ("pod", "a")]));
        let b = store.series(&Labels::of([("__name__", "m"), ("pod", "b")]));
        for tick in 0..4 {
            store.begin(tick * 1000);
            store.put(a, tick as f64);
            if tick != 1 && tick != 3 {
                store.put(b, 10.0);
            }
        }
        assert_eq!(store.at(a, 2999), Some(2.0), "the newest by then");
        assert_eq!(store.at(a, -1), None, "before the first");
        assert_eq!(store.at(b, 1500), None, "not found by the last scrape");
        assert_eq!(store.at(b, 2500), Some(10.0), "it came back");
        assert_eq!(store.at(b, 3500), None, "it ended");
        assert_eq!(store.at(a, 3000 + LOOKBACK_MS), None, "too long ago");
        assert_eq!(store.between(b, 0, 3000).collect::<Vec<_>>(), [(0, 10.0), (2000, 10.0)]);
        assert_eq!(store.between(a, 5000, 1000).count(), 0, "a range that ends before it begins");
    }

    #[test]
    fn memory_is_bounded() {
        let mut store = Store::default();
        let early = store.series(&Labels::of([("__name__", "early")]));
        let all = store.series(&Labels::of([("__name__", "all")]));
        for tick in 0..(KEPT + 2 * DROPPED) as i64 {
            store.begin(tick);
            store.put(all, tick as f64);
            if tick < 10 {
                store.put(early, 1.0);
            }
        }
        let newest = (KEPT + 2 * DROPPED - 1) as i64;
        assert!(store.times.len() <= KEPT && store.series[1].values.len() <= KEPT);
        assert_eq!(store.at(all, newest), Some(newest as f64));
        assert_eq!(store.between(all, newest - 5, newest).count(), 6);
        assert_eq!(store.at(early, newest), None);
        assert_eq!(store.between(early, 0, newest).count(), 0);
    }
}
