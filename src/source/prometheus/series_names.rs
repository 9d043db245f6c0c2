//! What the series of an answer are called: by what tells them apart.

use std::{borrow::Cow, collections::BTreeSet, sync::Arc};

use crate::{base::text, signal::Labels};

/// Longest name of a series, in bytes.
const MAX_NAME: usize = 200;

/// Names that tell series apart: the metric, and the labels in which they differ. The value alone where that is enough.
pub(super) fn names<'a>(sets: impl Iterator<Item = &'a Labels> + Clone) -> Vec<Arc<str>> {
    let differing = differing(sets.clone());
    let name = |labels: &Labels| -> Cow<'_, str> {
        let metric = labels.get("__name__").unwrap_or_default();
        let pairs: Vec<_> = match differing.is_empty() {
            // One series without a metric name: whatever it has.
            true if metric.is_empty() => labels.iter().collect(),
            true => Vec::new(),
            false => differing.iter().filter_map(|name| Some((name.as_str(), labels.get(name)?))).collect(),
        };
        match (metric, pairs.as_slice()) {
            ("", [(_, value)]) => Cow::Owned((*value).to_owned()),
            ("", pairs) => {
                let pairs = pairs.iter().map(|(name, value)| format!("{name}={value}"));
                Cow::Owned(pairs.collect::<Vec<_>>().join(" "))
            }
            (metric, []) => Cow::Owned(metric.to_owned()),
            (metric, pairs) => {
                let pairs = pairs.iter().map(|(name, value)| format!("{name}={value:?}"));
                Cow::Owned(format!("{metric}{{{}}}", pairs.collect::<Vec<_>>().join(", ")))
            }
        }
    };
    sets.map(|labels| text::clipped(&name(labels), MAX_NAME).into()).collect()
}

/// The names of the labels, other than the metric name, that are not the same everywhere; in order.
fn differing<'a>(sets: impl Iterator<Item = &'a Labels> + Clone) -> Vec<String> {
    let names: BTreeSet<&str> = sets
        .clone()
        .flat_map(|labels| labels.iter().map(|(name, _)| name))
        .filter(|name| *name != "__name__")
        .collect();
    let differs = |name: &&str| {
        let mut values = sets.clone().map(|labels| labels.get(name));
        let first = values.next();
        values.any(|value| Some(value) != first)
    };
    names.into_iter().filter(differs).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(sets: &[&[(&str, &str)]], expected: &[&str]) {
        let sets: Vec<_> = sets.iter().map(|pairs| Labels::of(pairs.iter().copied())).collect();
        let names = names(sets.iter());
        assert_eq!(names.iter().map(AsRef::as_ref).collect::<Vec<&str>>(), expected);
    }

    #[test]
    fn series_are_named_by_what_tells_them_apart() {
        check(&[&[("__name__", "up"), ("job", "a")]], &["up"]);
        check(
            &[&[("__name__", "up"), ("job", "a"), ("x", "1")], &[("__name__", "up"), ("job", "b"), ("x", "1")]],
            &["up{job=\"a\"}", "up{job=\"b\"}"],
        );
        check(&[&[("code", "500")], &[("code", "503")]], &["500", "503"]);
        check(
            &[&[("code", "500"), ("pod", "a")], &[("code", "503"), ("pod", "b")]],
            &["code=500 pod=a", "code=503 pod=b"],
        );
        check(&[&[("service", "checkout")]], &["checkout"]);
        check(&[&[]], &[""]);
        check(&[&[], &[("code", "503")]], &["", "503"]);
    }
}
