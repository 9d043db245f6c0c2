//! A limit on the size of files (`ulimit -f`) is an error like a full disk, which is said and outlived. Unasked, the
//! system ends whoever writes past it, with the terminal as it is.

use std::sync::{Arc, atomic::AtomicBool};

use signal_hook::{consts::SIGXFSZ, flag};

/// Sees to it that a write past the limit fails and ends nothing. The commands that are started are ended as ever.
pub fn outlive_the_limit() {
    // Where it cannot be had, the limit ends the program; nothing else depends on it.
    let _registered = flag::register(SIGXFSZ, Arc::<AtomicBool>::default());
}
