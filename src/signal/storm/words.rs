//! What a proposal says: in one line what it is, and why its alerts belong together.

use std::collections::BTreeSet;

use super::{
    Cluster, Seen,
    gather::shared,
    index::{Class, Index},
};
use crate::signal::scrub;

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
        text: scrub::clipped(&text, LONGEST).into_owned(),
        why: why(index, cluster, inhibited),
        of: name(index, cluster),
    }
}

/// What they are of. A whole group goes by its title, as when it is taken by itself.
fn name(index: &Index<'_>, cluster: &Cluster) -> String {
    let groups: BTreeSet<_> = each(index, cluster).map(|alert| (&alert.source, &alert.group, &alert.title)).collect();
    match (groups.first(), cluster.home, groups.len()) {
        (Some((_, _, title)), _, 1) if is_whole(index, cluster) => title.to_string(),
        (Some((_, _, title)), None, 1) => match only(index, cluster) {
            Some(alert) => format!("{title} {}", alert.labels),
            None => title.to_string(),
        },
        (_, Some(home), _) => {
            let began = each(index, cluster).next().map(|alert| alert.starts_at.strftime(" since %H:%MZ").to_string());
            index.words(home) + began.filter(|_| cluster.has_twin).as_deref().unwrap_or_default()
        }
        _ => "other alerts".into(),
    }
}

/// Whether the cluster is all of one group that fires.
fn is_whole(index: &Index<'_>, cluster: &Cluster) -> bool {
    let Some(first) = each(index, cluster).next() else { return false };
    let same = |alert: &Seen| alert.group == first.group && alert.source == first.source;
    let all = (0..index.len() as u32).filter(|at| same(index.alert(*at))).count();
    all == cluster.members.len()
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
    let names: BTreeSet<&str> = each(index, cluster).map(Seen::name).collect();
    let groups: BTreeSet<_> = each(index, cluster).map(|alert| (&alert.source, &alert.group)).collect();
    let n = cluster.members.len();
    let place = cluster.home.map(|home| (index.name_of(home).class, index.name_of(home).text, index.pair(home).value));
    let spread = spread(index, cluster);
    match (names.first(), place) {
        (Some(name), place) if names.len() == 1 => {
            let called = each(index, cluster).next().filter(|_| groups.len() == 1).map_or(*name, |a| &*a.title);
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
            let lead = match class {
                Class::Service | Class::Instance => value.to_owned(),
                _ => format!("{what} {value}"),
            };
            let on = match spread {
                Some((k, what)) => format!("on {k} {what}"),
                None => format!("of {} kinds", names.len()),
            };
            format!("{lead}: {} alerts {on}", thousands(n))
        }
        _ => format!("{} other alerts in {} groups", thousands(n), groups.len()),
    }
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
        let values: BTreeSet<&str> = each(index, cluster).filter_map(|alert| alert.labels.get(name)).collect();
        let plural = match *name {
            "hostname" => "hosts".to_owned(),
            other => format!("{other}s"),
        };
        (values.len() > 1).then(|| (values.len(), plural))
    })
}

fn why(index: &Index<'_>, cluster: &Cluster, inhibited: &[Seen]) -> Vec<String> {
    let mut why = Vec::new();
    let n = cluster.members.len();
    let home = cluster.home;
    let shared = shared(index, &cluster.members);
    let named = home.into_iter().chain(shared.into_iter().filter(|pair| Some(*pair) != home)).take(NAMED);
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
        None if n > 1 && each(index, cluster).map(|alert| &alert.group).collect::<BTreeSet<_>>().len() > 1 => {
            why.push("what was left: they share nothing that others lack; better split than taken".into());
        }
        None if n > 1 => why.push("one alert group".into()),
        None => {}
    }
    if let (Some(first), Some(last)) = (cluster.members.first(), cluster.members.last())
        && n > 1
    {
        why.push(format!("began within {}", within(index.seconds(*first, *last))));
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

/// `40 s`, `2 min`, `3 h`, rounded up: they did begin within it.
fn within(seconds: i64) -> String {
    match seconds {
        ..=1 => "a second".into(),
        2..=90 => format!("{seconds} s"),
        91..=7200 => format!("{} min", (seconds + 59) / 60),
        7201..=172_800 => format!("{} h", (seconds + 3599) / 3600),
        _ => format!("{} d", (seconds + 86_399) / 86_400),
    }
}

/// `2,000`.
pub fn thousands(n: usize) -> String {
    match n {
        ..1000 => n.to_string(),
        _ => format!("{},{:03}", thousands(n / 1000), n % 1000),
    }
}
