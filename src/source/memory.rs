//! The memory of the whole program, and its limit: above it no large answer is read, small ones go on.
//!
//! What a source may send has a cap of its own; what all of them send at once, and what is kept of it, has this one. It goes
//! by what the kernel says, so nothing is forgotten. Where it says nothing (other than on Linux) only the caps hold.
#![expect(clippy::disallowed_methods, reason = "what the program takes stands in a file of the kernel's")]

use std::{
    fs,
    sync::atomic::{AtomicU64, Ordering},
};

use tokio::sync::{Semaphore, SemaphorePermit};

use crate::signal::{Fault, FaultKind};

/// What is no larger is read whatever is held: the answer of a vital is, and that it still comes matters most. In bytes.
const SMALL: usize = 1 << 20;

/// So much of an answer comes between two looks, in bytes.
const STEP: usize = 1 << 18;

/// The part of the limit that is left for what an answer becomes once it is there: its values, its rows.
const KEPT_FREE: f64 = 0.375;

/// The limit in bytes. One for the process, as its memory is.
static LIMIT: AtomicU64 = AtomicU64::new(u64::MAX);

/// What is taken and not counted, in bytes.
static EXCUSED: AtomicU64 = AtomicU64::new(0);

/// What the program itself takes with an ordinary incident, in bytes.
const OWN: u64 = 48 << 20;

/// Large answers are turned into values one at a time: each becomes several times its size for a moment.
static DECODING: Semaphore = Semaphore::const_new(1);

/// From now on no large answer is read while the program takes more than this, in bytes.
pub fn limit(bytes: u64) {
    LIMIT.store(bytes, Ordering::Relaxed);
}

/// What is held by now is not counted beyond what an ordinary incident takes: the history of an incident, which is as long as it
/// is, and which no pane can make shorter.
pub fn leave_out_what_is_held() {
    EXCUSED.store(resident().unwrap_or(0).saturating_sub(OWN), Ordering::Relaxed);
}

/// The memory the program takes, in bytes, where that is known.
pub fn resident() -> Option<u64> {
    status_of("VmRSS:")
}

/// The most it has taken, in bytes.
pub fn peak() -> Option<u64> {
    status_of("VmHWM:")
}

fn status_of(name: &str) -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let value = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kib: u64 = value.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib << 10)
}

/// How much of one answer has come.
#[derive(Default)]
pub(super) struct Arriving {
    bytes: usize,
    looked_at: usize,
}

impl Arriving {
    /// More has come: its bytes in all, or that there is no room for the rest.
    pub(super) fn add(&mut self, bytes: usize) -> Result<usize, Fault> {
        self.bytes += bytes;
        if self.bytes > SMALL && self.bytes - self.looked_at > STEP {
            self.looked_at = self.bytes;
            room()?;
        }
        Ok(self.bytes)
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }
}

/// Waits for its turn to turn an answer of so many bytes into values; nothing to wait for when it is small.
pub(super) async fn turn_to_decode(bytes: usize) -> Option<SemaphorePermit<'static>> {
    if bytes <= SMALL { None } else { DECODING.acquire().await.ok() }
}

fn room() -> Result<(), Fault> {
    let limit = LIMIT.load(Ordering::Relaxed);
    match resident() {
        Some(taken) if is_too_much(taken.saturating_sub(EXCUSED.load(Ordering::Relaxed)), limit) => {
            Err(Fault::new(FaultKind::NoRoom(limit), ""))
        }
        _ => Ok(()),
    }
}

fn is_too_much(taken: u64, limit: u64) -> bool {
    taken as f64 > limit as f64 * (1.0 - KEPT_FREE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn what_is_taken_is_known() {
        let before = resident().expect("Linux says it");
        let held = vec![1_u8; 64 << 20];
        let after = resident().expect("Linux says it");
        assert!(after - before > 60 << 20, "{before} {after}");
        drop(held);
    }

    #[test]
    fn room_is_left_for_what_an_answer_becomes() {
        for (taken, expected) in [(10, false), (160, false), (161, true), (300, true)] {
            assert_eq!(is_too_much(taken << 20, 256 << 20), expected, "{taken}");
        }
        assert!(!is_too_much(1 << 50, u64::MAX), "without a limit");
    }
}
