//! What to call each of several series: by the labels in which they differ.
//!
//! A label that is the same everywhere says nothing, and neither does one that only repeats what another one says.

use std::collections::{BTreeSet, HashMap};

use crate::{config::Pane, signal::Series};

/// Labels in a name, at most.
const MOST_LABELS: usize = 3;

/// Names of all series, in their order.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// Names with the labels that differ, at most three of them.
    pub long: Vec<String>,
    /// Names with as few of those labels as tell all apart; the long ones where none fewer do.
    pub short: Vec<String>,
}

/// The name of a series: the pane's template filled in, else what the source calls it, else its labels.
pub fn name(series: &Series, pane: &Pane) -> String {
    let filled = pane.legend.as_ref().map(|template| fill(template, series)).unwrap_or_default();
    if !filled.trim().is_empty() {
        filled
    } else if !series.name.is_empty() {
        series.name.to_string()
    } else {
        series.labels.to_string()
    }
}

/// `{{code}} on {{pod}}` with the labels of a series; a label it does not have leaves nothing.
fn fill(template: &str, series: &Series) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((label, after)) = after.split_once("}}") else { break };
        out.push_str(before);
        out.push_str(series.labels.get(label.trim()).unwrap_or_default());
        rest = after;
    }
    out + rest
}

/// Names series by the pane's template; without one, or where it calls two the same, by the labels that differ.
pub fn of(series: &[&Series], pane: &Pane) -> Names {
    let plain: Vec<String> = series.iter().map(|series| name(series, pane)).collect();
    let (long, short) = telling(series);
    let mut times = HashMap::<&str, usize>::new();
    plain.iter().for_each(|name| *times.entry(name).or_default() += 1);
    let named = |labels: &[&str]| {
        let of = |(plain, series): (&String, &&Series)| {
            let is_same = || times.get(plain.as_str()).is_some_and(|n| *n > 1);
            let (said, differing) = match &pane.legend {
                None => ("", values(series, labels, "")),
                Some(_) if is_same() => (plain.as_str(), values(series, labels, plain)),
                Some(_) => (plain.as_str(), String::new()),
            };
            match (said, differing.as_str()) {
                (_, "") => plain.clone(),
                ("", _) => differing,
                _ => format!("{said} {differing}"),
            }
        };
        plain.iter().zip(series).map(of).collect()
    };
    Names { long: named(&long), short: named(&short) }
}

/// The values of some labels in one text, without those already said. A bare number says nothing, so its label stands
/// before it.
fn values(series: &Series, labels: &[&str], said: &str) -> String {
    let word = |name: &&str| {
        let value = series.labels.get(name).filter(|value| !value.is_empty() && !said.contains(value))?;
        let is_number = value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        let bare = *name == "__name__" || labels.len() == 1 || !is_number;
        Some(if bare { value.to_owned() } else { format!("{name}={value}") })
    };
    labels.iter().filter_map(word).collect::<Vec<_>>().join(" ")
}

/// A label, and the groups it parts the series into.
struct Label<'s> {
    name: &'s str,
    /// The group each series is in.
    parts: Vec<usize>,
    /// How many groups there are.
    count: usize,
    /// Bytes of all its values.
    cells: usize,
}

/// Labels that differ, the coarsest first: all that add something, and those that are enough to tell all series apart.
fn telling<'s>(series: &[&'s Series]) -> (Vec<&'s str>, Vec<&'s str>) {
    let names: BTreeSet<&str> = series.iter().flat_map(|series| series.labels.iter().map(|(name, _)| name)).collect();
    let mut labels: Vec<Label<'s>> = names.into_iter().map(|name| Label::of(name, series)).collect();
    // An instance, a pod and its uid part the series alike: the shortest of them is enough.
    labels.sort_by_key(|label| (std::cmp::Reverse(label.count), label.cells));
    let mut kept: Vec<Label<'s>> = Vec::new();
    for label in labels.into_iter().filter(|label| label.count > 1) {
        if !kept.iter().any(|other| other.parts == label.parts) {
            kept.push(label);
        }
    }
    let mut enough: Vec<&Label<'s>> = Vec::new();
    for label in &kept {
        let known = parted(&enough);
        if known == series.len() {
            break;
        }
        enough.push(label);
        if parted(&enough) == known {
            enough.pop();
        }
    }
    let needed: Vec<&str> = enough.iter().map(|label| label.name).collect();
    let more = kept.iter().filter(|label| !needed.contains(&label.name));
    let all: Vec<&Label<'s>> = enough.iter().copied().chain(more).take(MOST_LABELS.max(enough.len())).collect();
    let coarse_first = |mut labels: Vec<&Label<'s>>| {
        labels.sort_by_key(|label| (label.name != "__name__", label.count));
        labels.into_iter().map(|label| label.name).collect()
    };
    (coarse_first(all), coarse_first(enough))
}

/// How many groups some labels part the series into together.
fn parted(labels: &[&Label<'_>]) -> usize {
    let Some(first) = labels.first() else { return 1 };
    let groups: BTreeSet<Vec<usize>> =
        (0..first.parts.len()).map(|at| labels.iter().map(|label| label.parts[at]).collect()).collect();
    groups.len()
}

impl<'s> Label<'s> {
    fn of(name: &'s str, series: &[&'s Series]) -> Self {
        let mut groups = HashMap::<Option<&str>, usize>::new();
        let mut cells = 0;
        let parts = series.iter().map(|series| {
            let value = series.labels.get(name);
            cells += value.map_or(0, str::len);
            let next = groups.len();
            *groups.entry(value).or_insert(next)
        });
        let parts = parts.collect();
        Self { name, parts, count: groups.len(), cells }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::Labels;

    #[track_caller]
    fn check_name(template: Option<&str>, expected: &str) {
        let mut pane = Pane::titled("a");
        pane.legend = template.map(str::to_owned);
        let labels = Labels::of([("code", "500"), ("pod", "checkout-1")]);
        assert_eq!(name(&Series { name: "errors".into(), labels, points: vec![] }, &pane), expected);
    }

    #[track_caller]
    fn check(legend: Option<&str>, sets: &[&[(&str, &str)]], long: &[&str], short: &[&str]) {
        let of = |set: &&[(&str, &str)]| Series {
            name: "as the source has it".into(),
            labels: Labels::of(set.iter().copied()),
            points: vec![],
        };
        let all: Vec<Series> = sets.iter().map(of).collect();
        let pane = Pane { legend: legend.map(str::to_owned), ..Pane::titled("a") };
        let names = super::of(&all.iter().collect::<Vec<_>>(), &pane);
        assert_eq!((names.long, names.short), (owned(long), owned(short)));
    }

    fn owned(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn labels_that_differ_make_the_name() {
        let pods: [&[(&str, &str)]; 3] = [
            &[("job", "shop"), ("pod", "cart-1"), ("uid", "0b1c2d3e"), ("version", "v1")],
            &[("job", "shop"), ("pod", "cart-2"), ("uid", "4f5a6b7c"), ("version", "v1")],
            &[("job", "shop"), ("pod", "cart-3"), ("uid", "8d9e0f1a"), ("version", "v2")],
        ];
        check(None, &pods, &["v1 cart-1", "v1 cart-2", "v2 cart-3"], &["cart-1", "cart-2", "cart-3"]);
        check(Some("{{version}}"), &pods, &["v1 cart-1", "v1 cart-2", "v2"], &["v1 cart-1", "v1 cart-2", "v2"]);
    }

    #[test]
    fn several_labels_where_one_is_not_enough() {
        check(
            None,
            &[
                &[("service", "cart"), ("code", "500")],
                &[("service", "cart"), ("code", "503")],
                &[("service", "edge"), ("code", "500")],
            ],
            &["code=500 cart", "code=503 cart", "code=500 edge"],
            &["code=500 cart", "code=503 cart", "code=500 edge"],
        );
        check(None, &[&[("code", "500")], &[("code", "503")]], &["500", "503"], &["500", "503"]);
    }

    #[test]
    fn what_has_nothing_that_differs_keeps_its_name() {
        check(None, &[&[("job", "shop")]], &["as the source has it"], &["as the source has it"]);
        check(Some("all"), &[&[("job", "shop")]], &["all"], &["all"]);
        check(None, &[], &[], &[]);
    }

    #[test]
    fn names_of_lines() {
        check_name(None, "errors");
        check_name(Some("{{code}} on {{ pod }}"), "500 on checkout-1");
        check_name(Some("{{nope}}"), "errors");
        check_name(Some("all {{code"), "all {{code");
    }
}
