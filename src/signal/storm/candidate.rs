//! What could hold alerts together: label values, each with the alerts that have it and began close to each other.
//!
//! A candidate is the stronger the rarer its value is in the storm, the more its alerts differ from the others in what else
//! they carry, the closer together they began, and the less it cuts through what belongs together by labels that tell more.

use super::index::{Class, Index};

/// The least gap between starts that parts two storms, in seconds.
const GAP: i64 = 600;
/// A gap of this part of a whole stretch parts it.
const PART_OF_STRETCH: i64 = 4;
/// Fewer seconds than this are one moment: rules are evaluated once in that time.
const MOMENT: f64 = 60.0;
/// The most that having begun together tells, in bits.
const MOST_OF_TIME: f64 = 2.0;
/// The part that counts of what its alerts carry besides the label itself.
const OF_OTHERS: f64 = 0.5;
/// Fewer services, or clusters, than this in one place are no reason to call the place ill.
pub(super) const FEW: usize = 3;
/// How whole a place is in which fewer than that are ill.
const HARDLY_ANY: f64 = 0.5;

/// A label value, and alerts that have it and began together.
pub(super) struct Candidate {
    pub(super) pair: u32,
    pub(super) members: Vec<u32>,
    pub(super) has_twin: bool,
    /// Bits an alert of it tells.
    pub(super) bits: f64,
    /// How little it cuts through what belongs together: 0 for everything in halves, 1 for nothing.
    pub(super) whole: f64,
}

/// All there are, in no order of worth; `split` for alerts that were folded once already.
pub(super) fn candidates(index: &Index<'_>, split: bool) -> Vec<Candidate> {
    let mut members: Vec<Vec<u32>> = vec![Vec::new(); index.pairs.len()];
    let all = index.len() as u32;
    let worth: Vec<bool> = (0..index.pairs.len() as u32)
        .map(|pair| {
            let (count, class) = (index.pair(pair).count, index.name_of(pair).class);
            count > 1 && class != Class::Who && !(split && count == all)
        })
        .collect();
    for at in 0..all {
        for pair in index.pairs_of(at).iter().filter(|pair| worth[**pair as usize]) {
            members[*pair as usize].push(at);
        }
    }
    let stretch = if all > 0 { index.seconds(0, all - 1) } else { 0 };
    let mut counter = Counter::new(index);
    let mut found = Vec::new();
    for (pair, members) in members.into_iter().enumerate() {
        let pair = pair as u32;
        let bursts = bursts(index, members);
        let has_twin = bursts.len() > 1;
        for members in bursts.into_iter().filter(|members| members.len() > 1) {
            let (bits, whole) = counter.measure(pair, &members, stretch, split);
            if bits > 0.0 {
                found.push(Candidate { pair, members, has_twin, bits, whole });
            }
        }
    }
    found
}

/// Alerts that began together, from alerts sorted by start: parted where nothing began for long, measured by the whole.
pub(super) fn bursts(index: &Index<'_>, members: Vec<u32>) -> Vec<Vec<u32>> {
    let (Some(first), Some(last)) = (members.first(), members.last()) else { return Vec::new() };
    let gap = (index.seconds(*first, *last) / PART_OF_STRETCH).max(GAP);
    let pieces: Vec<Vec<u32>> = members.chunk_by(|a, b| index.seconds(*a, *b) <= gap).map(<[u32]>::to_vec).collect();
    match pieces.len() {
        1 => pieces,
        _ => pieces.into_iter().flat_map(|piece| bursts(index, piece)).collect(),
    }
}

/// Counts what alerts carry, without forgetting to clean up.
struct Counter<'i, 'a> {
    index: &'i Index<'a>,
    counts: Vec<u32>,
    touched: Vec<u32>,
    /// By name: what its values tell, and how many alerts lie in values that are cut through.
    told: Vec<f64>,
    cut: Vec<f64>,
    /// By name: how many values it has.
    values: Vec<usize>,
}

impl<'i, 'a> Counter<'i, 'a> {
    fn new(index: &'i Index<'a>) -> Self {
        let names = index.names.len();
        let (told, cut) = (vec![0.0; names], vec![0.0; names]);
        let values = vec![0; names];
        Self { index, counts: vec![0; index.pairs.len()], touched: Vec::new(), told, cut, values }
    }

    /// How many bits the label and what comes with it tell of these alerts, and how little they cut through.
    fn measure(&mut self, pair: u32, members: &[u32], stretch: i64, split: bool) -> (f64, f64) {
        let index = self.index;
        for found in members.iter().flat_map(|at| index.pairs_of(*at)) {
            if self.counts[*found as usize] == 0 {
                self.touched.push(*found);
            }
            self.counts[*found as usize] += 1;
        }
        let (n, all) = (members.len() as f64, index.len() as f64);
        self.told.fill(0.0);
        self.cut.fill(0.0);
        self.values.fill(0);
        for found in self.touched.drain(..) {
            let (count, known) = (f64::from(std::mem::take(&mut self.counts[found as usize])), index.pair(found));
            let name = known.name as usize;
            self.values[name] += 1;
            // What occurs once tells nothing but that there are few, and two services less of one thing than one.
            if count > 1.0 {
                let part = count / n;
                self.told[name] += part * part * (part * all / f64::from(known.count)).log2();
            }
            self.cut[name] += count / n * (1.0 - count / f64::from(known.count));
        }
        let own = index.pair(pair).name as usize;
        let class = index.names[own].class;
        let (mut others, mut whole) = (0.0, 1.0_f64);
        for (name, known) in index.names.iter().enumerate().filter(|(name, _)| *name != own) {
            others += known.class.weight() * self.told[name].max(0.0);
            if known.class.weight() > class.weight() {
                whole = whole.min(1.0 - self.cut[name]);
            }
            // A place is seen by how much in it is ill; two services in it may be two faults.
            let is_place = matches!(class, Class::Place | Class::Scope);
            if is_place && known.class == Class::Service && (2..FEW).contains(&self.values[name]) {
                whole = whole.min(HARDLY_ANY);
            }
        }
        // Within something that was folded already all of one service are not news.
        let least = if split { 0.0 } else { class.at_least() };
        let told = class.weight() * self.told[own].max(least);
        if told <= 0.01 {
            return (0.0, 0.0);
        }
        let spread = match (members.first(), members.last()) {
            (Some(first), Some(last)) => index.seconds(*first, *last) as f64,
            _ => 0.0,
        };
        let together = (stretch.max(1) as f64 / spread.max(MOMENT)).log2().clamp(0.0, MOST_OF_TIME);
        (told + OF_OTHERS * others + together, whole.clamp(0.0, 1.0))
    }
}
