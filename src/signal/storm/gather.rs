//! Which alerts belong together: those that share a label others lack, as long as they began close to each other.
//!
//! [Candidates](super::candidate) are taken strongest first, and what none of them takes stays in its group. Clusters that
//! lie in one place by more than chance are joined; where few enough are left, what was coarse is made fine again.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap},
};

use super::{
    Cluster, MOST,
    candidate::{Candidate, FEW, bursts, candidates},
    index::{Class, Index},
};
use crate::signal::Severity;

/// A candidate that has lost more than this to stronger ones is no longer what it was.
const LEAST_LEFT: f64 = 0.25;
/// This part of a storm may be left over as "others".
const LEFT_OVER: f64 = 0.1;

/// That clusters lie in one place is no chance when it would take this many bits to say where each of their parts is.
const NO_CHANCE: f64 = 8.0;

/// How coarsely to fold: the power of a candidate's size, and of how little it cuts through others. Finest first; the
/// first one that gives few enough is used.
const GRAINS: [(f64, f64); 4] = [(0.5, 3.0), (0.75, 1.5), (1.0, 0.5), (1.0, 0.0)];

/// Gathers all alerts into at most [`MOST`] clusters; each alert is in one.
pub(super) fn clusters(index: &Index<'_>) -> Vec<Cluster> {
    let candidates = candidates(index, false);
    let (mut found, mut finest) = (Vec::new(), Vec::new());
    for (at, grain) in GRAINS.into_iter().enumerate() {
        found = cover(index, &candidates, grain);
        join_by_place(index, &mut found);
        if at == 0 {
            finest.clone_from(&found);
        } else {
            refine(index, &mut found, &finest);
        }
        if found.len() <= MOST {
            return found;
        }
        let importance: Vec<_> = found.iter().map(|cluster| importance(index, cluster)).collect();
        let mut order: Vec<usize> = (0..found.len()).collect();
        order.sort_by_key(|at| (Reverse(importance[*at]), found[*at].members.first().copied()));
        let mut sorted: Vec<Option<Cluster>> = found.into_iter().map(Some).collect();
        found = order.into_iter().filter_map(|at| sorted[at].take()).collect();
        let left: usize = found[MOST - 1..].iter().map(|cluster| cluster.members.len()).sum();
        if (left as f64) <= LEFT_OVER * index.len() as f64 || at + 1 == GRAINS.len() {
            break;
        }
    }
    let mut members: Vec<u32> = found.drain(MOST - 1..).flat_map(|cluster| cluster.members).collect();
    members.sort_unstable();
    found.push(Cluster { members, home: None, has_twin: false });
    found
}

/// Parts alerts that were folded once by what their labels tell, else into their groups.
pub(super) fn parts(index: &Index<'_>) -> Vec<Cluster> {
    let found = cover(index, &candidates(index, true), GRAINS[0]);
    if found.len() > 1 && found.len() <= MOST { found } else { by_group(index, 0..index.len() as u32) }
}

/// A cluster for each alert.
pub(super) fn single(index: &Index<'_>) -> Vec<Cluster> {
    (0..index.len() as u32).map(|at| Cluster { members: vec![at], home: None, has_twin: false }).collect()
}

/// How much a cluster deserves a line of its own, by being bad, large, or the first; only the order means something.
fn importance(index: &Index<'_>, cluster: &Cluster) -> u64 {
    let worst = cluster.members.iter().map(|at| index.alert(*at).severity).min().unwrap_or_default();
    let weight = match worst {
        Severity::Critical => 4.0,
        Severity::Warning => 2.0,
        Severity::Unknown => 1.5,
        Severity::Info | Severity::None => 1.0,
    };
    let first = if cluster.members.first() == Some(&0) { 100.0 } else { 1.0 };
    ((cluster.members.len() as f64).sqrt() * weight * first * 1000.0) as u64
}

/// Takes candidates strongest first until none is left that holds two alerts; the rest by group.
fn cover(index: &Index<'_>, candidates: &[Candidate], (size, cut): (f64, f64)) -> Vec<Cluster> {
    let strength = |candidate: &Candidate, left: usize| {
        let kept = left as f64 / candidate.members.len() as f64;
        let strength = candidate.bits * (left as f64).powf(size) * candidate.whole.powf(cut) * kept;
        (strength * 1000.0) as u64
    };
    // Of equals the one whose label tells more, then the first by its words: never by where it happens to stand.
    let key = |at: usize, left: usize| {
        let candidate = &candidates[at];
        let name = index.name_of(candidate.pair);
        let told = (name.class.weight() * 10.0) as u64;
        let words = Reverse((name.text, index.pair(candidate.pair).value));
        (strength(candidate, left), told, words, Reverse(candidate.members.first().copied()), at, left)
    };
    let mut taken = vec![false; index.len()];
    let mut heap: BinaryHeap<_> = (0..candidates.len()).map(|at| key(at, candidates[at].members.len())).collect();
    let mut found = Vec::new();
    while let Some((strength, .., at, left)) = heap.pop() {
        if strength == 0 {
            break;
        }
        let candidate = &candidates[at];
        let now = candidate.members.iter().filter(|member| !taken[**member as usize]).count();
        if now < left {
            // It has become weaker since; it waits for its turn again.
            if now > 1 && now as f64 >= LEAST_LEFT * candidate.members.len() as f64 {
                heap.push(key(at, now));
            }
            continue;
        }
        let members: Vec<u32> = candidate.members.iter().copied().filter(|member| !taken[*member as usize]).collect();
        members.iter().for_each(|member| taken[*member as usize] = true);
        found.push(Cluster { members, home: Some(candidate.pair), has_twin: candidate.has_twin });
    }
    let left = (0..index.len() as u32).filter(|at| !taken[*at as usize]);
    found.extend(by_group(index, left));
    found
}

/// Where there is room, puts finer clusters in the place of a coarse one they make up: what is coarse for the sake of a
/// large part of a storm need not be so for a small one.
fn refine(index: &Index<'_>, found: &mut Vec<Cluster>, finest: &[Cluster]) {
    let mut fine_of = vec![0_usize; index.len()];
    for (at, cluster) in finest.iter().enumerate() {
        cluster.members.iter().for_each(|member| fine_of[*member as usize] = at);
    }
    let mut order: Vec<usize> = (0..found.len()).collect();
    order.sort_by_key(|at| (found[*at].members.len(), found[*at].members.first().copied()));
    for at in order {
        let room = MOST.saturating_sub(found.len());
        let coarse = &found[at].members;
        let mut fine: Vec<usize> = coarse.iter().map(|member| fine_of[*member as usize]).collect();
        fine.sort_unstable();
        fine.dedup();
        let size: usize = fine.iter().map(|fine| finest[*fine].members.len()).sum();
        if fine.len() > 1 && fine.len() - 1 <= room && size == coarse.len() {
            let mut parts = fine.into_iter().map(|fine| finest[fine].clone());
            if let Some(first) = parts.next() {
                found[at] = first;
            }
            found.extend(parts);
        }
    }
}

/// Joins what lies in one zone or cluster and began together, while others lie elsewhere: services do not fall ill all in
/// one zone by chance when each of them has several instances.
fn join_by_place(index: &Index<'_>, found: &mut Vec<Cluster>) {
    let mut values = vec![0_u32; index.names.len()];
    index.pairs.iter().for_each(|pair| values[pair.name as usize] += 1);
    let mut places = BTreeMap::<(&str, &str), (u32, f64, Vec<usize>)>::new();
    for (at, cluster) in found.iter().enumerate() {
        let several = |pair: &u32| {
            let known = index.name_of(*pair);
            known.class == Class::Place && values[index.pair(*pair).name as usize] > 1
        };
        let shared: Vec<u32> = shared(index, &cluster.members).into_iter().filter(several).collect();
        let instances = if shared.is_empty() { 0 } else { instances(index, cluster) };
        for pair in shared.into_iter().filter(|_| instances > 1) {
            let name = index.pair(pair).name as usize;
            let key = (index.names[name].text, index.pair(pair).value);
            let place = places.entry(key).or_insert((pair, 0.0, Vec::new()));
            place.1 += instances as f64 * f64::from(values[name]).log2();
            place.2.push(at);
        }
    }
    let mut joined = vec![false; found.len()];
    let mut new = Vec::new();
    for (_, (pair, bits, clusters)) in places {
        let all = clusters.len() == found.len();
        let mut members: Vec<u32> = clusters.iter().flat_map(|at| found[*at].members.iter().copied()).collect();
        members.sort_unstable();
        let free = clusters.iter().all(|at| !joined[*at]);
        // One of them had to lie somewhere.
        let bits = bits - f64::from(values[index.pair(pair).name as usize]).log2();
        if free && !all && clusters.len() >= FEW && bits >= NO_CHANCE && bursts(index, members.clone()).len() == 1 {
            clusters.iter().for_each(|at| joined[*at] = true);
            new.push(Cluster { members, home: Some(pair), has_twin: false });
        }
    }
    let mut joined = joined.into_iter();
    found.retain(|_| !joined.next().unwrap_or(false));
    found.extend(new);
}

/// The number of machines or pods a cluster lies on; 0 when its labels name none.
fn instances(index: &Index<'_>, cluster: &Cluster) -> usize {
    let mut by_name = HashMap::<u32, BTreeSet<u32>>::new();
    for pair in cluster.members.iter().flat_map(|at| index.pairs_of(*at)) {
        if index.name_of(*pair).class == Class::Instance {
            by_name.entry(index.pair(*pair).name).or_default().insert(*pair);
        }
    }
    by_name.values().map(BTreeSet::len).max().unwrap_or(0)
}

fn by_group(index: &Index<'_>, members: impl Iterator<Item = u32>) -> Vec<Cluster> {
    // In order of their first alerts, which is the same whatever the order they came in.
    let mut groups = BTreeMap::<u32, Vec<u32>>::new();
    for at in members {
        groups.entry(index.group_of(at)).or_default().push(at);
    }
    groups.into_values().map(|members| Cluster { members, home: None, has_twin: false }).collect()
}

/// The pairs all of these alerts have.
pub(super) fn shared(index: &Index<'_>, members: &[u32]) -> Vec<u32> {
    let Some((first, rest)) = members.split_first() else { return Vec::new() };
    let mut shared = index.pairs_of(*first).to_vec();
    for at in rest {
        let theirs = index.pairs_of(*at);
        shared.retain(|pair| theirs.contains(pair));
        if shared.is_empty() {
            return shared;
        }
    }
    // The one that tells most first.
    let told = |pair: u32| {
        let (known, class) = (index.pair(pair), index.name_of(pair).class);
        let bits = (index.len() as f64 / f64::from(known.count)).log2().max(class.at_least());
        (class.weight() * bits * 1000.0) as u64
    };
    shared.sort_by_key(|pair| (Reverse(told(*pair)), index.name_of(*pair).text));
    shared.retain(|pair| told(*pair) > 0);
    shared
}
