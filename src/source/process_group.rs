//! Children that lead a process group of their own, which ends with them or with the program.
//!
//! A group is killed as a whole when its child is no longer wanted, that is when [`Group`] is dropped. At the end of the
//! program there may be nobody to drop it in time: a runtime drops its tasks when the processor gets to them. So the
//! groups are listed, and [`kill_all`] ends whatever is left.

use std::{
    io,
    process::ExitStatus,
    sync::{Mutex, MutexGuard, PoisonError},
};

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::process::Child;

static RUNNING: Mutex<Running> = Mutex::new(Running { leaders: Vec::new(), is_over: false });

/// A child that leads its own process group; the whole group goes with it.
pub(super) struct Group {
    pub(super) child: Child,
    /// `None` once it has been waited for: its number may already belong to somebody else.
    leader: Option<Pid>,
}

impl Group {
    /// A child that was started as a leader. Killed at once when the program is ending.
    pub(super) fn led_by(child: Child) -> Self {
        let leader = child.id().and_then(|id| Pid::from_raw(id.cast_signed()));
        if let Some(leader) = leader {
            running().add(leader);
        }
        Self { child, leader }
    }

    /// Waits for the child to end. What it left behind in its group lives on.
    pub(super) async fn wait(&mut self) -> io::Result<ExitStatus> {
        let status = self.child.wait().await?;
        if let Some(leader) = self.leader.take() {
            running().remove(leader);
        }
        Ok(status)
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(leader) = self.leader {
            kill(leader);
            running().remove(leader);
        }
    }
}

/// Kills every group that is left, and from now on every one that is still being started.
pub fn kill_all() {
    running().end();
}

/// The groups nobody has waited for yet, by their leaders.
struct Running {
    leaders: Vec<Pid>,
    is_over: bool,
}

impl Running {
    fn add(&mut self, leader: Pid) {
        if self.is_over {
            kill(leader);
        }
        self.leaders.push(leader);
    }

    fn remove(&mut self, leader: Pid) {
        self.leaders.retain(|other| *other != leader);
    }

    fn end(&mut self) {
        self.is_over = true;
        self.leaders.iter().copied().for_each(kill);
    }
}

fn running() -> MutexGuard<'static, Running> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

fn kill(leader: Pid) {
    let _gone = kill_process_group(leader, Signal::KILL);
}

#[cfg(test)]
mod tests {
    use std::{
        io::Read,
        os::unix::process::CommandExt,
        process::{Command, Stdio},
    };

    use super::*;

    /// A child with one of its own; both hold what is read from.
    fn started() -> std::process::Child {
        let mut command = Command::new("sh");
        command.args(["-c", "sleep 500 & echo up; sleep 501"]).stdout(Stdio::piped()).process_group(0);
        command.spawn().expect("a shell")
    }

    fn leader(child: &std::process::Child) -> Pid {
        Pid::from_raw(child.id().cast_signed()).expect("its number")
    }

    #[track_caller]
    fn ends(child: &mut std::process::Child) {
        let mut said = String::new();
        // To its end: until nobody of the group holds it any more.
        child.stdout.take().expect("a pipe").read_to_string(&mut said).expect("its words");
        assert!(!child.wait().expect("it ends").success());
    }

    #[test]
    fn at_the_end_nobody_has_to_drop_a_group_for_it_to_be_killed() {
        let mut running = Running { leaders: Vec::new(), is_over: false };
        let (mut child, mut waited_for) = (started(), started());
        running.add(leader(&child));
        running.add(leader(&waited_for));
        running.remove(leader(&waited_for));
        running.end();
        ends(&mut child);
        assert_eq!(waited_for.try_wait().expect("its state"), None, "it is not ours any more");
        let mut late = started();
        running.add(leader(&late));
        ends(&mut late);
        kill(leader(&waited_for));
        ends(&mut waited_for);
    }
}
