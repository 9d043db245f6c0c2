//! Commands without a terminal. One that shares ours could write across the screen through `/dev/tty`, or take keys that
//! are meant for the cockpit, whatever its input and output are.

use tokio::process::Command;

/// Has a command lead a session of its own, and with it a process group: it finds no terminal to ask a password at.
#[expect(unsafe_code, reason = "no safe function begins a session for a child")]
pub fn in_own_session(command: &mut Command) -> &mut Command {
    // SAFETY: setsid() takes no pointer and may be called between fork and exec.
    unsafe { command.pre_exec(|| rustix::process::setsid().map(drop).map_err(Into::into)) }
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use super::*;

    /// What a shell's own line in `/proc` says: its id, and that of its session.
    async fn ids(own: bool) -> (String, String) {
        let mut command = Command::new("sh");
        command.args(["-c", "read -r line < /proc/self/stat; echo $line"]);
        let command = if own { in_own_session(&mut command) } else { &mut command };
        let output = command.output().await.expect("it runs");
        let line = String::from_utf8(output.stdout).expect("text");
        let words: Vec<&str> = line.split_whitespace().collect();
        (words[0].to_owned(), words[5].to_owned())
    }

    #[tokio::test]
    async fn a_command_leads_a_session_of_its_own() {
        let (id, session) = ids(true).await;
        assert_eq!(id, session, "without one there is no terminal that controls it");
        let (id, session) = ids(false).await;
        assert_ne!(id, session, "by itself it would share ours");
    }
}
