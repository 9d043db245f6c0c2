//! What a proposal says: in one line what it is, and why its alerts belong together.

use std::collections::BTreeSet;

use super::{
    Cluster, Seen,
    gather::shared,
    index::{Class, Index},
};
use crate::base::{human_time, text};

/// Longest text of a proposal, in bytes.
const LONGEST: usize = 120;
/// Labels that are named as what is shared.
const NAMED: usize = 3;

/// What is said of a cluster.
pub(super) struct Said {
    pub(super) text: String,
    pub(super) why: Vec<String>,
    pub(super) of: String,
}

pub(super) fn of(index: &Index<'_>, cluster: &Cluster, inhibited: &[Seen]) -> Said {
    let text = text(index, cluster);
    Said {
        text: text::clipped(&text, LONGEST).into_owned(),
        why: why(index, cluster, inhibited),
        of: name(index, cluster),
    }
}

/// The one thing a cluster is of. A whole group goes by its title, as when it is taken by itself.
fn name(index: &Index<'_>, cluster: &Cluster) -> String {
    let groups = index.groups_of(&cluster.members);
    let Some(first) = each(index, cluster).next() else { return String::new() };
    match (cluster.home, groups.as_slice()) {
        (_, [group]) if index.group_size(*group) == cluster.members.len() => first.title.to_string(),
        (None, [_]) if cluster.members.len() == 1 => format!("{} {}", first.title, first.labels),
        (None, [_]) => first.title.to_string(),
        (Some(home), _) if cluster.has_twin => {
            index.words(home) + &first.starts_at.strftime(" since %H:%MZ").to_string()
        }
        (Some(home), _) => index.words(home),
        (None, _) => "other alerts".into(),
    }
}

fn each<'a>(index: &Index<'a>, cluster: &Cluster) -> impl Iterator<Item = &'a Seen> {
    cluster.members.iter().map(|at| index.alert(*at))
}

fn only<'a>(index: &Index<'a>, cluster: &Cluster) -> Option<&'a Seen> {
    each(index, cluster).next().filter(|_| cluster.members.len() == 1)
}

fn text(index: &Index<'_>, cluster: &Cluster) -> String {
    if let Some(alert) = only(index, cluster) {
        let summary = alert.summary.trim();
        return if summary.is_empty() { alert.title.to_string() } else { format!("{}: {summary}", alert.title) };
    }
    let rules = index.values_of(&cluster.members, "alertname");
    let groups = index.groups_of(&cluster.members);
    let n = cluster.members.len();
    let place = cluster.home.map(|home| (index.name_of(home).class, index.name_of(home).text, index.pair(home).value));
    let spread = spread(index, cluster);
    match (rules.as_slice(), place) {
        ([rule], place) => {
            let called = each(index, cluster).next().filter(|_| groups.len() == 1);
            let called = called.map_or(index.pair(*rule).value, |alert| &*alert.title);
            let on = spread.map_or(format!(" ×{n}"), |(k, what)| format!(" on {k} {what}"));
            let place = place.filter(|(class, _, value)| *class != Class::Name && !called.contains(value));
            let whose = match place {
                Some((Class::Service, _, value)) => format!(" of {value}"),
                Some((_, what, value)) => format!(" in {what} {value}"),
                None => String::new(),
            };
            format!("{called}{on}{whose}")
        }
        (_, Some((class, what, value))) => {
            let on = match spread {
                Some((k, what)) => format!("on {k} {what}"),
                None => format!("of {} kinds", rules.len().max(1)),
            };
            match (class, lead(index, cluster)) {
                (_, None) => format!("{what} {value}: {} alerts {on}", thousands(n)),
                // Neither a service nor a place says what is wrong there.
                (Class::Service | Class::Instance, Some(lead)) => {
                    let name = lead.name();
                    let whose = if name.contains(value) { String::new() } else { format!(" {value}") };
                    format!("{name}{whose} and {} more {on}", thousands(n - 1))
                }
                (_, Some(lead)) => format!("{} and {} more {on} in {what} {value}", lead.name(), thousands(n - 1)),
            }
        }
        _ => format!("{} other alerts in {} groups", thousands(n), groups.len()),
    }
}

/// The worst of them, and of those that are equally bad the one that began first.
fn lead<'a>(index: &Index<'a>, cluster: &Cluster) -> Option<&'a Seen> {
    each(index, cluster).min_by_key(|alert| (alert.severity, alert.starts_at))
}

/// Over how many of what they are spread: the smallest thing that several of them name.
fn spread(index: &Index<'_>, cluster: &Cluster) -> Option<(usize, String)> {
    let home = cluster.home.map(|home| index.name_of(home).class);
    let order: &[&str] = match home {
        // A place is described by what runs there, a service by the parts of it.
        Some(Class::Place | Class::Scope | Class::Other | Class::Instance) => {
            &["service", "app", "job", "deployment", "instance"]
        }
        _ => &["pod", "instance", "node", "host", "hostname", "device", "zone", "cluster", "service", "app", "job"],
    };
    order.iter().find_map(|name| {
        let values = index.values_of(&cluster.members, name);
        let plural = match *name {
            "hostname" => "hosts".to_owned(),
            other => format!("{other}s"),
        };
        (values.len() > 1).then_some((values.len(), plural))
    })
}

fn why(index: &Index<'_>, cluster: &Cluster, inhibited: &[Seen]) -> Vec<String> {
    let mut why = Vec::new();
    let n = cluster.members.len();
    let home = cluster.home;
    let shared = shared(index, &cluster.members);
    // What more than half of all that fires has tells less than a bit, and is not worth a word.
    let telling = |pair: &u32| Some(*pair) != home && 2 * index.pair(*pair).count as usize <= index.len();
    let named = home.into_iter().chain(shared.into_iter().filter(telling)).take(NAMED);
    let named: Vec<String> = named.map(|pair| index.words(pair)).collect();
    match home {
        Some(home) => {
            let count = index.pair(home).count as usize;
            let others = match (count - n, index.len() - count) {
                (0, 0) => "as all that fires".to_owned(),
                (0, _) => "no other alert that fires has it".to_owned(),
                (others, _) if cluster.has_twin => format!("{others} more began at another time"),
                (others, _) => format!("{others} more have it and belong elsewhere"),
            };
            why.push(format!("same {}; {others}", named.join(", ")));
        }
        None if index.groups_of(&cluster.members).len() > 1 => {
            why.push("what was left: they share nothing that others lack; better split than taken".into());
        }
        None if n > 1 => why.push("one alert group".into()),
        None => {}
    }
    if let (Some(first), Some(last)) = (cluster.members.first(), cluster.members.last())
        && n > 1
    {
        why.push(format!("began within {}", human_time::within(index.seconds(*first, *last))));
    }
    if !inhibited.is_empty() {
        let ids: BTreeSet<&str> =
            inhibited.iter().flat_map(|alert| alert.inhibited_by.iter().map(AsRef::as_ref)).collect();
        let by: BTreeSet<&str> =
            each(index, cluster).filter(|alert| ids.contains(&*alert.id)).map(Seen::name).collect();
        let by: Vec<&str> = by.into_iter().take(NAMED).collect();
        let by = if by.is_empty() { String::new() } else { format!(" by {}", by.join(", ")) };
        why.push(format!("{} more inhibited{by}", thousands(inhibited.len())));
    }
    why
}

/// `2,000`.
pub fn thousands(n: usize) -> String {
    match n {
        ..1000 => n.to_string(),
        _ => format!("{},{:03}", thousands(n / 1000), n % 1000),
    }
}
