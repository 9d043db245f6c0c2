//! When it began, where nobody says: the time that best parts the curves into before and after.
//!
//! Each series tells at each time how far it is from what is usual in its first part; what is small is not counted, and one
//! series alone cannot decide. The sum over all series is then parted in two where the difference of the means, weighed by the
//! lengths, is greatest (the estimate of a single change point by cumulative sums).

use super::{Bad, Candidate, baseline};

/// The first part of the data is taken to be from before the onset.
const BEFORE: f64 = 0.4;
/// Times are told apart this finely.
const BINS: usize = 2000;
/// Less than so many spreads is not counted, nor what is more than so many.
const COUNTED: (f64, f64) = (3.0, 10.0);

/// An estimated onset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Onset {
    /// The best estimate, in milliseconds since the Unix epoch.
    pub at: i64,
    /// Whether anything changes there at all: else it is only where the newer part begins.
    pub is_seen: bool,
}

/// Estimates when it began; `None` without two times to choose from.
pub fn estimate(candidates: &[Candidate<'_>]) -> Option<Onset> {
    let (first, last) = super::bounds(candidates)?;
    let length = last.checked_sub(first).filter(|length| *length > 0)?;
    let bin = |t: i64| ((t - first) as f64 / length as f64 * (BINS - 1) as f64) as usize;
    let learned = first + (length as f64 * BEFORE) as i64;
    let (mut sums, mut seen, mut scratch) = (vec![0.0; BINS], vec![false; BINS], Vec::new());
    let mut times = vec![i64::MAX; BINS];
    for candidate in candidates {
        let either = Candidate { bad: Bad::Either, ..*candidate };
        let (usual, points) = baseline::split(&either, learned, &mut scratch);
        if !usual.is_known() {
            continue;
        }
        for point in points.iter() {
            let spreads = ((point.v - usual.median).abs() / usual.spread).min(COUNTED.1);
            let bin = bin(point.t);
            sums[bin] += (spreads - COUNTED.0).max(0.0);
            (seen[bin], times[bin]) = (true, times[bin].min(point.t));
        }
    }
    // Bins in which no series has a point are no times.
    let told: Vec<(f64, i64)> = (0..BINS).filter(|bin| seen[*bin]).map(|bin| (sums[bin], times[bin])).collect();
    let (total, count) = (told.iter().map(|(sum, _)| sum).sum::<f64>(), told.len() as f64);
    let mut best = (0.0, None);
    let mut before = 0.0;
    for (i, (sum, t)) in told.iter().enumerate() {
        let (left, right) = (i as f64, count - i as f64);
        if left > 0.0 && *t > learned {
            let rise = (total - before) / right - before / left;
            let gain = rise * (left * right / count).sqrt();
            if gain > best.0 {
                best = (gain, Some(*t));
            }
        }
        before += sum;
    }
    Some(Onset { at: best.1.unwrap_or(learned), is_seen: best.1.is_some() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::Point;

    /// A sawtooth of period 7 that is `height` higher from `from` on.
    fn tooth(from: i64, height: f64) -> Vec<Point> {
        (0..200).map(|i| Point { t: i * 1000, v: (i % 7) as f64 + if i >= from { height } else { 0.0 } }).collect()
    }

    #[test]
    fn the_onset_is_where_the_curves_part() {
        let curves = [tooth(150, 40.0), tooth(152, 30.0), tooth(999, 0.0)];
        let named = ["a", "b", "c"].iter().zip(&curves).map(|(name, points)| Candidate::named(name, points));
        let onset = estimate(&named.collect::<Vec<_>>()).expect("an onset");
        assert!(onset.is_seen && (148_000..=152_000).contains(&onset.at), "{onset:?}");
    }

    #[test]
    fn where_nothing_changes_it_is_said() {
        let curve = tooth(999, 0.0);
        let onset = estimate(&[Candidate::named("a", &curve)]).expect("an onset");
        assert!(!onset.is_seen);
        assert_eq!(estimate(&[]), None);
        assert_eq!(estimate(&[Candidate::named("a", &curve[..1])]), None);
    }
}
