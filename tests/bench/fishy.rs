//! Which series smells: how long it takes on as many series as anyone should meet, and how often the cause comes first,
//! beside the two scores everybody publishes: N-sigma, and RobustScorer (BARO, FSE 2024).
//!
//! Series and faults come from a seeded generator, so every machine scores the same ones: `cargo bench --bench fishy`.
#![expect(clippy::disallowed_methods, reason = "it measures")]

use std::{hint::black_box, time::Instant};

use stanch::signal::{
    Point,
    anomaly::{self, Candidate},
};

/// Between two points, in milliseconds.
const STEP: i64 = 15_000;

fn main() {
    println!("{:<44} {:>10} {:>10}", "from scratch", "median", "aim");
    for (series, points, aim) in [(1000, 1000, "20 ms"), (20_000, 1000, "500 ms"), (100_000, 100, "–")] {
        let world = World::new(series as u64, series, points, None, 0);
        println!("{:<44} {:>7.1} ms {aim:>10}", format!("{series} series of {points} points"), world.median_ms());
    }
    println!("\n{:<44} {:>10} {:>10} {:>10}", "the cause comes first, of 200 faults", "N-sigma", "Robust", "stanch");
    for late in [0, 10] {
        for fault in [Fault::Step, Fault::Spike, Fault::Stop, Fault::Drift] {
            let mut first = [0; 3];
            for seed in 0..200 {
                let world = World::new(seed, 60, 400, Some(fault), late);
                let ranked = [world.first_by(n_sigma), world.first_by(robust), world.first_by_stanch()];
                first.iter_mut().zip(ranked).for_each(|(count, first)| *count += usize::from(first == world.cause));
            }
            let [sigma, robust, ours] = first.map(|count| f64::from(count as u32) / 200.0);
            let name = format!("{fault:?}, the page {late} points late");
            println!("{name:<44} {sigma:>10.2} {robust:>10.2} {ours:>10.2}");
        }
    }
    let calm = (0..200).filter(|seed| World::new(*seed, 60, 400, None, 0).is_calm()).count();
    println!("\nof 200 calm windows {} are called fishy (aim: at most 10)", 200 - calm);
}

/// What goes wrong.
#[derive(Clone, Copy, Debug)]
enum Fault {
    Step,
    Spike,
    Stop,
    Drift,
}

/// Services with three metrics each: steady, noisy with spikes, and one that lies flat.
struct World {
    names: Vec<String>,
    series: Vec<Vec<Point>>,
    cause: usize,
    onset: i64,
}

impl World {
    fn new(seed: u64, series: usize, points: usize, fault: Option<Fault>, late: usize) -> Self {
        let mut random = Random(seed * 2 + 1);
        let begun = points * 4 / 5;
        let cause = (random.next() * series as f64) as usize;
        let names = (0..series).map(|i| format!("{}{{service=\"s{}\"}}", ["cpu", "latency", "errors"][i % 3], i / 3));
        let one = |i: usize| {
            let (level, scale) = (10.0 + 90.0 * random.next(), [1.0, 4.0, 0.0][i % 3]);
            let value = |at: usize| {
                let noise: f64 = (0..4).map(|_| random.next() - 0.5).sum::<f64>() * scale;
                let spike = if i % 3 == 1 && random.next() < 0.02 { 60.0 * random.next() } else { 0.0 };
                let since = at.saturating_sub(begun) as f64;
                let moved = match fault.filter(|_| i == cause && at >= begun) {
                    Some(Fault::Step) => 25.0,
                    Some(Fault::Spike) if at < begun + 3 => 90.0,
                    Some(Fault::Stop) => -level,
                    Some(Fault::Drift) => since,
                    _ => 0.0,
                };
                Point { t: at as i64 * STEP, v: level + noise + spike + moved }
            };
            (0..points).map(value).collect()
        };
        Self {
            names: names.collect(),
            series: (0..series).map(one).collect(),
            cause,
            onset: (begun + late) as i64 * STEP,
        }
    }

    fn report(&self) -> anomaly::Report {
        let series = self.names.iter().zip(&self.series);
        let candidates: Vec<_> = series.map(|(name, points)| Candidate::named(name, points)).collect();
        anomaly::score(&candidates, self.onset)
    }

    fn first_by_stanch(&self) -> usize {
        self.report().smells[0].index
    }

    fn is_calm(&self) -> bool {
        self.report().fishy().next().is_none()
    }

    fn first_by(&self, score: fn(&[f64], &[f64]) -> f64) -> usize {
        let scored = self.series.iter().map(|points| {
            let (before, after): (Vec<&Point>, Vec<&Point>) = points.iter().partition(|point| point.t < self.onset);
            let values = |points: Vec<&Point>| points.iter().map(|point| point.v).collect::<Vec<_>>();
            score(&values(before), &values(after))
        });
        let best = scored.enumerate().max_by(|a, b| a.1.total_cmp(&b.1));
        best.map_or(0, |(index, _)| index)
    }

    fn median_ms(&self) -> f64 {
        let mut times: Vec<f64> = (0..5)
            .map(|_| {
                let begun = Instant::now();
                black_box(self.report());
                begun.elapsed().as_secs_f64() * 1e3
            })
            .collect();
        times.sort_by(f64::total_cmp);
        times[2]
    }
}

/// The farthest point since, in standard deviations from the mean before.
fn n_sigma(before: &[f64], after: &[f64]) -> f64 {
    let mean = before.iter().sum::<f64>() / before.len() as f64;
    let variance = before.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / before.len() as f64;
    let deviation = if variance > 0.0 { variance.sqrt() } else { 1.0 };
    after.iter().map(|v| (v - mean) / deviation).fold(f64::NEG_INFINITY, f64::max)
}

/// The farthest point since, in distances of the quartiles from the median before, as published.
fn robust(before: &[f64], after: &[f64]) -> f64 {
    let mut sorted = before.to_vec();
    sorted.sort_by(f64::total_cmp);
    let quantile = |part: f64| sorted[((sorted.len() - 1) as f64 * part) as usize];
    let (median, spread) = (quantile(0.5), quantile(0.75) - quantile(0.25));
    let spread = if spread > 0.0 { spread } else { 1.0 };
    after.iter().map(|v| (v - median) / spread).fold(f64::NEG_INFINITY, f64::max)
}

/// Xorshift: the same numbers everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }
}
