//! Asks sources outside of the cockpit, on a runtime that leaves nothing behind.

use std::{future::Future, io};

use tokio::{
    select,
    signal::unix::{SignalKind, signal},
};

use crate::{failure::Failure, source};

/// Does what asks, here and now. Interrupted, it ends what was started for it.
pub fn asked<T>(work: impl Future<Output = T>) -> Result<T, Failure> {
    let cannot_start = |error: io::Error| Failure::Failed(format!("cannot start asking: {error}"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(cannot_start)?;
    let answer = runtime.block_on(async {
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        Ok(select! {
            answer = work => Some(answer),
            _ = interrupt.recv() => None,
            _ = terminate.recv() => None,
        })
    });
    // What still runs, a hanging look-up of a name for one, must not keep anyone waiting.
    runtime.shutdown_background();
    answer.map_err(cannot_start)?.ok_or_else(|| {
        source::kill_all();
        Failure::Failed("interrupted".into())
    })
}
