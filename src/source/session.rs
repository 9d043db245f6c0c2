//! Commands without a terminal. One that shares ours could write across the screen through `/dev/tty`, or take keys that
//! are meant for the cockpit, whatever its input and output are.

use tokio::process::Command;

/// Has a command lead a session of its own, and with it a process group: it finds no terminal to ask a password at.
#[expect(unsafe_code, reason = "no safe function begins a session for a child")]
pub fn in_own_session(command: &mut Command) -> &mut Command {
    // SAFETY: setsid() takes no pointer and may be called between fork and exec.
    unsafe { command.pre_exec(|| rustix::process::setsid().map(drop).map_err(Into::into)) }
}
