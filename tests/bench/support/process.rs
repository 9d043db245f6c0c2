//! What a program costs, as the kernel counts it: processor time, wake-ups and memory of it and its children.
//!
//! Read from `/proc`; where there is none, all of it is 0.

use std::{
    collections::HashMap,
    fs,
    time::{Duration, Instant},
};

/// What a program and its children used since this was made, or since [`Meter::restart`].
pub struct Meter {
    pid: u32,
    since: Instant,
    /// Nanoseconds and wake-ups of each thread when it was last looked at.
    seen: HashMap<(u32, u32), (u64, u64)>,
    nanos: u64,
    wakeups: u64,
}

/// How much of it there is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Size {
    /// Resident memory now, in bytes.
    pub rss: u64,
    /// The most it ever was.
    pub peak: u64,
    pub threads: usize,
    pub descriptors: usize,
}

impl Meter {
    pub fn start(pid: u32) -> Self {
        let mut meter = Self { pid, since: Instant::now(), seen: HashMap::new(), nanos: 0, wakeups: 0 };
        meter.restart();
        meter
    }

    pub fn restart(&mut self) {
        self.look();
        (self.since, self.nanos, self.wakeups) = (Instant::now(), 0, 0);
    }

    /// Adds up what was used meanwhile. Once a second, so that little is lost of what ends in between.
    pub fn look(&mut self) {
        for pid in tree(self.pid) {
            for task in numbers(&format!("/proc/{pid}/task")) {
                let read = |name| fs::read_to_string(format!("/proc/{pid}/task/{task}/{name}")).unwrap_or_default();
                let nanos = read("schedstat").split(' ').next().and_then(|word| word.parse().ok()).unwrap_or(0);
                let wakeups = field(&read("status"), "voluntary_ctxt_switches:");
                let before = self.seen.insert((pid, task), (nanos, wakeups)).unwrap_or_default();
                self.nanos += nanos.saturating_sub(before.0);
                self.wakeups += wakeups.saturating_sub(before.1);
            }
        }
    }

    /// Processor time.
    pub fn cpu(&mut self) -> Duration {
        self.look();
        Duration::from_nanos(self.nanos)
    }

    /// Processor time as a part of one core, in per cent.
    pub fn cpu_percent(&mut self) -> f64 {
        100.0 * self.cpu().as_secs_f64() / self.since.elapsed().as_secs_f64()
    }

    pub fn wakeups_a_second(&self) -> f64 {
        self.wakeups as f64 / self.since.elapsed().as_secs_f64()
    }

    pub fn elapsed(&self) -> Duration {
        self.since.elapsed()
    }
}

/// How much there is of a process and its children.
pub fn size(pid: u32) -> Size {
    let mut size = Size::default();
    for pid in tree(pid) {
        let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
        size.rss += field(&status, "VmRSS:") * 1024;
        size.peak += field(&status, "VmHWM:") * 1024;
        size.threads += field(&status, "Threads:") as usize;
        size.descriptors += numbers(&format!("/proc/{pid}/fd")).len();
    }
    size
}

fn tree(pid: u32) -> Vec<u32> {
    let (mut todo, mut all) = (vec![pid], Vec::new());
    while let Some(pid) = todo.pop() {
        all.push(pid);
        for task in numbers(&format!("/proc/{pid}/task")) {
            let children = fs::read_to_string(format!("/proc/{pid}/task/{task}/children")).unwrap_or_default();
            todo.extend(children.split_whitespace().filter_map(|word| word.parse::<u32>().ok()));
        }
    }
    all
}

/// The entries of a folder that are numbers.
fn numbers(folder: &str) -> Vec<u32> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect()
}

fn field(status: &str, name: &str) -> u64 {
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
