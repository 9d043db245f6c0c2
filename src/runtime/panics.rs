//! What happens when something panics: the terminal is given back first, then it is said what happened.
//!
//! A panic in a task of its own does not end the cockpit: its pane grows stale, and the message is printed at the end.

use std::{
    panic,
    sync::{Mutex, PoisonError},
    thread,
};

use super::terminal;

static IN_TASKS: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Installs the hook. The thread that calls it is the one whose panic ends everything.
pub fn install() {
    let main = thread::current().id();
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if thread::current().id() == main {
            terminal::give_back();
            before(info);
            eprintln!("stanch: this is a bug. All that was recorded is in the journal; start it again to go on.");
        } else {
            IN_TASKS.lock().unwrap_or_else(PoisonError::into_inner).push(info.to_string());
        }
    }));
}

/// What panicked in tasks, taken.
pub fn in_tasks() -> Vec<String> {
    std::mem::take(&mut IN_TASKS.lock().unwrap_or_else(PoisonError::into_inner))
}
