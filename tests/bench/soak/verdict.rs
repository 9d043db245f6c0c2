//! The first third beside the last one, once it has warmed up.

use crate::support::{
    figures::{self, mib, quantile, short},
    process::Size,
};

/// The part of the samples that is warming up.
const WARM_UP: f64 = 0.2;
/// How much memory may rise.
const RISE: f64 = 1.1;
/// How much keys may slow down, and by how many milliseconds anyone would be right to call it slower.
const DRIFT: f64 = 1.25;
const NOTICED: (f64, f64) = (0.25, 2.0);

/// What was seen at one time.
pub struct Sample {
    pub minutes: f64,
    /// Memory at that time; the least there were of the rest since the sample before.
    pub size: Size,
    /// Since the sample before, in per cent of a core.
    pub cpu: f64,
    pub keys: Vec<f64>,
    /// In bytes.
    pub journal: u64,
}

/// What came of it.
pub struct Verdict {
    pub table: String,
    pub holds: bool,
}

impl Sample {
    pub fn head() -> String {
        "minute   RSS MiB  peak MiB  threads  descriptors  key p50 ms  key p99 ms  CPU %  journal kB".into()
    }

    pub fn row(&self) -> String {
        let Size { rss, peak, threads, descriptors } = self.size;
        let (p50, p99) = (quantile(&self.keys, 0.5), quantile(&self.keys, 0.99));
        format!(
            "{:6.1}  {:8}  {:8}  {threads:7}  {descriptors:11}  {:10}  {:10}  {:5}  {:10}",
            self.minutes,
            short(mib(rss)),
            short(mib(peak)),
            short(p50),
            short(p99),
            short(self.cpu),
            short(self.journal as f64 / 1e3)
        )
    }
}

pub fn of(samples: &[Sample]) -> Verdict {
    let warm = &samples[(samples.len() as f64 * WARM_UP).ceil() as usize..];
    let third = warm.len() / 3;
    if third == 0 {
        return Verdict { table: "too short to compare anything\n".into(), holds: true };
    }
    let (first, last) = (&warm[..third], &warm[warm.len() - third..]);
    let both = |of: &dyn Fn(&[Sample]) -> f64| (of(first), of(last));
    let least = |of: fn(&Size) -> usize| both(&|part| part.iter().map(|s| of(&s.size)).min().unwrap_or(0) as f64);
    let keys = |at: f64| both(&|part| quantile(&part.iter().flat_map(|s| s.keys.clone()).collect::<Vec<_>>(), at));
    let rss = both(&|part| figures::median(&part.iter().map(|s| mib(s.size.rss)).collect::<Vec<_>>()));
    let (threads, descriptors, p50, p99) = (least(|s| s.threads), least(|s| s.descriptors), keys(0.5), keys(0.99));
    let slower = |(first, last): (f64, f64), noticed: f64| last > first * DRIFT && last > first + noticed;
    let rows = [
        ("RSS, MiB", rss, rss.1 <= rss.0 * RISE),
        ("threads, least", threads, threads.1 <= threads.0),
        ("descriptors, least", descriptors, descriptors.1 <= descriptors.0),
        ("key p50, ms", p50, !slower(p50, NOTICED.0)),
        ("key p99, ms", p99, !slower(p99, NOTICED.1)),
    ];
    let mut table = vec![["", "first third", "last third", ""].map(str::to_owned).to_vec()];
    table.extend(rows.iter().map(|(name, (first, last), holds)| {
        let word = if *holds { "holds" } else { "ROSE" };
        vec![(*name).to_owned(), short(*first), short(*last), word.to_owned()]
    }));
    Verdict { table: figures::table(&table), holds: rows.iter().all(|row| row.2) }
}
