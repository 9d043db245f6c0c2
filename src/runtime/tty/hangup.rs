//! Notices when the terminal goes away without a signal: over a lost connection, or when its window is killed.
//!
//! A read of a terminal that is gone returns at once, for ever; without this the loop would spin. The thread sleeps in
//! the kernel until then.

use std::{io, thread};

use rustix::event::{PollFd, PollFlags, poll};

/// Calls `gone` when the terminal on standard input has hung up.
pub fn watch(gone: impl FnOnce() + Send + 'static) {
    let watching = thread::Builder::new().name("hangup".into()).spawn(move || {
        let input = io::stdin();
        loop {
            // Asking for nothing still reports that the other end is closed.
            let mut fds = [PollFd::new(&input, PollFlags::empty())];
            match poll(&mut fds, None) {
                Ok(_) if fds[0].revents().intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) => break,
                Ok(_) | Err(rustix::io::Errno::INTR) => {}
                Err(_) => return,
            }
        }
        gone();
    });
    drop(watching);
}
