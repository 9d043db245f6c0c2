//! What happens when the program is aborted: memory that cannot be had, a stack that has run out, a panic within a panic.
//! Nothing unwinds then and no hook runs. The terminal is given back and it is said what is safe, all of it by calls that
//! a signal handler may make.

use std::{io, sync::OnceLock};

use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};
use signal_hook::{
    consts::SIGABRT,
    low_level::{emulate_default_handler, register},
};

use super::tty::output;

/// How the terminal was set before it was taken.
static BEFORE: OnceLock<Termios> = OnceLock::new();

/// Leaves the mouse and the alternate screen, shows the cursor, ends a frame that was begun, and says what is safe.
const LAST: &[u8] = b"\x1b[0m\x1b[?2026l\x1b[?1006l\x1b[?1002l\x1b[?1000l\x1b[?2004l\x1b[?1049l\x1b[?25h\r\n\
    stanch: aborted, most likely for want of memory. What was recorded is in the journal: start it again to go on,\r\n\
    or `stanch export` for the notes.\r\n";

/// Sees to it that an abort leaves the terminal whole. To be called before the terminal is taken.
#[expect(
    unsafe_code,
    reason = "a signal handler cannot be installed safely: it must do nothing that allocates or locks"
)]
pub fn prepare() {
    let Ok(before) = tcgetattr(io::stdin()) else { return };
    if BEFORE.set(before).is_err() {
        return;
    }
    // SAFETY: the handler reads what was set before it was installed, and makes system calls alone.
    let installed = unsafe { register(SIGABRT, give_back) };
    // Without it an abort leaves a terminal as it is: nothing else is worse.
    drop(installed);
}

fn give_back() {
    // While an editor has the terminal, or when it was given back, it is not ours to change.
    let was_ours = output::leaves_now(LAST);
    if let Some(before) = BEFORE.get().filter(|_| was_ours) {
        let _ = tcsetattr(rustix::stdio::stdin(), OptionalActions::Now, before);
    }
    let _ = emulate_default_handler(SIGABRT);
}
