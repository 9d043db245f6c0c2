//! Decodes bodies where it does not hold up others.

use super::memory;
use crate::signal::{Fault, FaultKind};

/// Larger bodies are decoded away from the threads that serve the others, in bytes.
pub(super) const DECODE_APART: usize = 64 * 1024;

/// Decodes a body; a large one away from the threads that serve the other sources.
pub(super) async fn decoding<T: Send + 'static>(
    body: Vec<u8>,
    decode: impl FnOnce(&[u8]) -> Result<T, Fault> + Send + 'static,
) -> Result<T, Fault> {
    if body.len() <= DECODE_APART {
        return decode(&body);
    }
    // Whoever waits for it may give up; the work goes on, and so does its turn.
    let turn = memory::turn_to_decode(body.len()).await;
    let work = move || {
        let _until_done = turn;
        decode(&body)
    };
    let decoded = tokio::task::spawn_blocking(work).await;
    decoded.unwrap_or_else(|_| Err(broke_off()))
}

/// Says that what read an answer panicked.
pub(super) fn broke_off() -> Fault {
    Fault::new(FaultKind::Malformed, "reading the answer broke off; this is a defect of stanch")
}
