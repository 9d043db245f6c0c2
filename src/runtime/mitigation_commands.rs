//! Runs commands of the team's own, as argv, never through a shell, and without a terminal; the end of what they print is
//! kept.
//!
//! A command is stopped when it runs too long, and only then: it is asked to end (SIGTERM), with all it started, and made
//! to a little later. When the cockpit is left it runs on, because half a rollback is worse than none or all of it.

use std::{os::unix::process::ExitStatusExt, process::Stdio, time::Duration};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions};
use tokio::{
    io::{AsyncRead, AsyncReadExt},
    process::{Child, ChildStderr, ChildStdout, Command},
    runtime::Handle,
    task::JoinSet,
    time::{self, Instant},
};
use tokio_util::sync::CancellationToken;

use crate::{app::CommandEnd, base::text, incident::Id, source::in_own_session};

/// How much of what it prints is kept: the end of it.
const KEPT: usize = 4000;

/// How long to wait for the rest of its output after it has ended: something it left behind may hold the pipe open.
const LINGER: Duration = Duration::from_millis(500);

/// How long a command may take to end once it was asked to: a lock given back, a half-written state undone.
const GRACE: Duration = Duration::from_secs(2);

/// How long leaving may take.
const PARTING: Duration = Duration::from_secs(1);

/// The commands that run.
#[derive(Default)]
pub struct Commands {
    tasks: JoinSet<Option<CommandEnd>>,
    leaving: CancellationToken,
}

impl Commands {
    /// Starts one; `ended` is told when it has ended, or was stopped with all it started after `timeout`.
    pub fn start(
        &mut self,
        on: &Handle,
        mitigation: Id,
        argv: Vec<String>,
        env: Vec<(String, String)>,
        timeout: Duration,
        ended: impl FnOnce(CommandEnd) + Send + 'static,
    ) {
        // Those that have told their end are nobody's any more.
        while self.tasks.try_join_next().is_some() {}
        let leaving = self.leaving.clone();
        let run = async move {
            let begun = Instant::now();
            let (ending, out, err) = run(&argv, env, timeout, &leaving).await;
            let (exit, said) = ending.told(timeout);
            let mut output = printed(&out, &err);
            if let Some(said) = said {
                output.push_str(if output.is_empty() { "" } else { "\n" });
                output.push_str(&said);
            }
            let end = CommandEnd { mitigation, argv, exit, output, seconds: begun.elapsed().as_secs_f64() };
            if matches!(ending, Ending::Left) {
                return Some(end);
            }
            ended(end);
            None
        };
        drop(self.tasks.spawn_on(run, on));
    }

    /// Whether any still runs.
    pub fn any_runs(&mut self) -> bool {
        while self.tasks.try_join_next().is_some() {}
        !self.tasks.is_empty()
    }

    /// Leaves those that still run to themselves, and says which.
    pub async fn leave(mut self) -> Vec<CommandEnd> {
        self.leaving.cancel();
        let mut left = Vec::new();
        let all = async {
            while let Some(task) = self.tasks.join_next().await {
                left.extend(task.ok().flatten());
            }
        };
        let _ = time::timeout(PARTING, all).await;
        left
    }
}

/// How it came to its end.
enum Ending {
    Exit(i32),
    Signal(i32),
    TimedOut,
    Left,
    NotStarted(String),
}

impl Ending {
    /// Its exit code, and what is to be said besides what it printed.
    fn told(&self, timeout: Duration) -> (Option<i32>, Option<String>) {
        match self {
            Self::Exit(code) => (Some(*code), None),
            Self::Signal(number) => (None, Some(format!("ended by signal {number}"))),
            Self::TimedOut => (None, Some(format!("took longer than {} s and was stopped", timeout.as_secs()))),
            Self::Left => (None, Some("the cockpit was closed; the command was left running".into())),
            Self::NotStarted(why) => (None, Some(why.clone())),
        }
    }
}

/// What is kept of what it printed: the end of both, and what is not kept said in words.
fn printed(out: &Printed, err: &Printed) -> String {
    let mut parts = Vec::new();
    for printed in [out, err] {
        let left_out = printed.bytes.saturating_sub(printed.kept.len() as u64);
        if text::is_binary(&printed.kept) {
            parts.push(format!("[{} of binary output, not kept]", size(printed.bytes)));
            continue;
        }
        if left_out > 0 {
            parts.push(format!("[{} printed, this is the end of it]", size(printed.bytes)));
        }
        let text = String::from_utf8_lossy(&printed.kept);
        // A character that was cut at the front is no part of it.
        let text = if left_out > 0 { text.trim_start_matches('\u{fffd}') } else { &text };
        let text = text::unstyled(text);
        let text = text::block(text.trim_end(), KEPT * 4);
        if !text.is_empty() {
            parts.push(text.into_owned());
        }
    }
    parts.join("\n")
}

fn size(bytes: u64) -> String {
    match bytes {
        b if b < 1000 => format!("{b} bytes"),
        b if b < 1_000_000 => format!("{:.1} kB", b as f64 / 1e3),
        b => format!("{:.1} MB", b as f64 / 1e6),
    }
}

async fn run(
    argv: &[String],
    env: Vec<(String, String)>,
    timeout: Duration,
    leaving: &CancellationToken,
) -> (Ending, Printed, Printed) {
    let mut child = match spawn(argv, env) {
        Ok(child) => child,
        Err(error) => {
            let program = argv.first().map_or("", String::as_str);
            let nothing = Printed::default;
            return (Ending::NotStarted(format!("{program}: {error}")), nothing(), nothing());
        }
    };
    let mut out = Tail { from: child.stdout.take(), printed: Printed::default() };
    let mut err = Tail { from: child.stderr.take(), printed: Printed::default() };
    let ending = tokio::select! {
        ending = end(&mut child, &mut out, &mut err) => ending,
        () = time::sleep(timeout) => {
            // Its number is its own until it is waited for.
            let leader = child.id().and_then(|id| Pid::from_raw(id.cast_signed()));
            signal(leader, Signal::TERM);
            let ended = async { tokio::join!(out.read(), err.read(), gone(leader)) };
            tokio::select! {
                _ = time::timeout(GRACE, ended) => {}
                () = leaving.cancelled() => {}
            }
            signal(leader, Signal::KILL);
            Ending::TimedOut
        }
        () = leaving.cancelled() => {
            out.from.take().map(ChildStdout::try_into).into_iter().flatten().for_each(drain);
            err.from.take().map(ChildStderr::try_into).into_iter().flatten().for_each(drain);
            Ending::Left
        }
    };
    (ending, out.last(), err.last())
}

fn spawn(argv: &[String], env: Vec<(String, String)>) -> std::io::Result<Child> {
    let (program, arguments) = argv.split_first().ok_or(std::io::ErrorKind::InvalidInput)?;
    let mut command = Command::new(program);
    command
        .args(arguments)
        // The system refuses a value with a NUL, and with it the command.
        .envs(env.into_iter().filter(|(name, value)| !name.contains(['=', '\0']) && !value.contains('\0')))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    in_own_session(&mut command).spawn()
}

/// Waits for its exit, and a little for the rest of what it printed.
async fn end(
    child: &mut Child,
    out: &mut Tail<impl AsyncRead + Unpin>,
    err: &mut Tail<impl AsyncRead + Unpin>,
) -> Ending {
    {
        let read = async { tokio::join!(out.read(), err.read()) };
        tokio::pin!(read);
        tokio::select! {
            _ = &mut read => {}
            _ = child.wait() => drop(time::timeout(LINGER, &mut read).await),
        }
    }
    match child.wait().await {
        Ok(status) => status.code().map_or_else(|| Ending::Signal(status.signal().unwrap_or(0)), Ending::Exit),
        Err(error) => Ending::NotStarted(error.to_string()),
    }
}

/// The end of what came out of a pipe, and how much that was.
#[derive(Default)]
struct Printed {
    kept: Vec<u8>,
    bytes: u64,
}

/// The last part of what comes out of a pipe.
struct Tail<R> {
    from: Option<R>,
    printed: Printed,
}

impl<R: AsyncRead + Unpin> Tail<R> {
    /// Reads to the end.
    async fn read(&mut self) {
        let Some(from) = &mut self.from else { return };
        let mut chunk = [0; 8192];
        while let Ok(read @ 1..) = from.read(&mut chunk).await {
            let Printed { kept, bytes } = &mut self.printed;
            *bytes += read as u64;
            kept.extend_from_slice(&chunk[..read]);
            if kept.len() > 2 * KEPT {
                kept.drain(..kept.len() - KEPT);
            }
        }
    }

    fn last(self) -> Printed {
        let Printed { mut kept, bytes } = self.printed;
        kept.drain(..kept.len().saturating_sub(KEPT));
        Printed { kept, bytes }
    }
}

/// Lets another process read what is printed from now on: a closed pipe would end the command at its next line.
fn drain(pipe: Stdio) {
    let mut reader = Command::new("cat");
    let _ = in_own_session(reader.stdin(pipe).stdout(Stdio::null()).stderr(Stdio::null())).spawn();
}

fn signal(group: Option<Pid>, signal: Signal) {
    if let Some(group) = group {
        let _ = rustix::process::kill_process_group(group, signal);
    }
}

/// Waits for the end of a child without taking note of it.
async fn gone(child: Option<Pid>) {
    let Some(child) = child else { return };
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    while let Ok(None) = rustix::process::waitid(WaitId::Pid(child), options) {
        time::sleep(Duration::from_millis(20)).await;
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;

    use super::*;

    fn start(commands: &mut Commands, argv: &[&str], timeout: Duration) -> oneshot::Receiver<CommandEnd> {
        let (sender, receiver) = oneshot::channel();
        let argv = argv.iter().map(|&word| word.to_owned()).collect();
        commands.start(&Handle::current(), Id::small(1), argv, env(), timeout, |end| drop(sender.send(end)));
        receiver
    }

    fn env() -> Vec<(String, String)> {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        vec![pair("STANCH_SERVICE", "$(touch /tmp/x); checkout"), pair("BAD=NAME", "x"), pair("STANCH_NUL", "a\0b")]
    }

    async fn sh(script: &str, timeout: Duration) -> CommandEnd {
        let mut commands = Commands::default();
        start(&mut commands, &["sh", "-c", script], timeout).await.expect("an end")
    }

    #[tokio::test]
    async fn output_and_exit_code_are_kept() {
        let end = sh("echo out; echo \x1b[31merr >&2; exit 3", Duration::from_secs(5)).await;
        assert_eq!((end.exit, end.output.as_str()), (Some(3), "out\nerr"));
        let end = sh("echo out; kill -9 $$", Duration::from_secs(5)).await;
        assert_eq!((end.exit, end.output.as_str()), (None, "out\nended by signal 9"));
    }

    #[tokio::test]
    #[cfg(target_os = "linux")]
    async fn it_has_no_terminal() {
        let end = sh("cat /proc/$$/stat", Duration::from_secs(5)).await;
        let fields: Vec<&str> = end.output.split(' ').collect();
        // Its number, and after name, state and parent its group, its session and its terminal.
        assert_eq!((fields[4], fields[5], fields[6]), (fields[0], fields[0], "0"), "{}", end.output);
    }

    #[tokio::test]
    async fn a_flood_is_cut_to_its_end() {
        let end = sh("yes | head -c 10000000; echo last", Duration::from_secs(20)).await;
        assert_eq!(end.exit, Some(0));
        assert!(end.output.ends_with("last") && end.output.len() <= KEPT + 60, "{}", end.output.len());
        assert!(end.output.starts_with("[10.0 MB printed, this is the end of it]\n"), "{}", &end.output[..60]);
    }

    #[tokio::test]
    async fn binary_output_is_named_and_not_kept() {
        let end = sh("head -c 5000 /dev/urandom; echo broken >&2; exit 1", Duration::from_secs(20)).await;
        assert_eq!((end.exit, end.output.as_str()), (Some(1), "[5.0 kB of binary output, not kept]\nbroken"));
    }

    #[tokio::test]
    async fn values_come_as_they_are_in_the_environment() {
        let end = sh("printf '%s|%s' \"$STANCH_SERVICE\" \"$STANCH_NUL\"", Duration::from_secs(5)).await;
        assert_eq!((end.exit, end.output.as_str()), (Some(0), "$(touch /tmp/x); checkout|"));
    }

    #[tokio::test]
    async fn what_hangs_is_stopped_with_its_children_and_what_it_said_is_kept() {
        let end = sh("echo 3 of 5 done; echo slow >&2; sleep 60 & sleep 60", Duration::from_millis(500)).await;
        assert_eq!((end.exit, end.output.as_str()), (None, "3 of 5 done\nslow\ntook longer than 0 s and was stopped"));
        assert!(end.seconds < 10.0, "{}", end.seconds);
    }

    #[tokio::test]
    async fn who_is_stopped_may_clean_up_and_who_will_not_end_is_made_to() {
        let script = "trap 'echo unlocked; exit 0' TERM; echo begun; sleep 60";
        let end = sh(script, Duration::from_millis(500)).await;
        assert_eq!(end.exit, None);
        assert!(end.output.starts_with("begun\nunlocked\n"), "{}", end.output);
        let folder = tempfile::tempdir().expect("a folder");
        let alive = folder.path().join("alive");
        for closed in ["", "exec >&- 2>&-;"] {
            let script =
                format!("trap '' TERM INT HUP;{closed} while :; do touch {}; sleep 0.1; done", alive.display());
            let end = sh(&script, Duration::from_millis(500)).await;
            assert_eq!((end.exit, end.output.as_str()), (None, "took longer than 0 s and was stopped"));
            std::fs::remove_file(&alive).expect("it ran");
            time::sleep(Duration::from_millis(500)).await;
            assert!(!alive.exists(), "it runs on");
        }
    }

    #[tokio::test]
    async fn who_closes_its_output_is_waited_for() {
        let end = sh("echo begun; exec >&- 2>&-; sleep 0.5; exit 4", Duration::from_secs(10)).await;
        assert_eq!((end.exit, end.output.as_str()), (Some(4), "begun"));
        assert!(end.seconds >= 0.5, "{}", end.seconds);
    }

    #[tokio::test]
    async fn a_hundred_megabytes_and_colours() {
        let end = sh("yes 12345678 | head -c 100000000; exit 1", Duration::from_secs(60)).await;
        assert_eq!(end.exit, Some(1));
        assert!(end.output.starts_with("[100.0 MB printed, this is the end of it]\n"), "{}", &end.output[..60]);
        assert!(end.output.len() <= KEPT + 60, "{}", end.output.len());
        let script = r"printf '\033[1mbold\033[0m\033]0;owned\007\n10%%\r99%%\r100%%\n\033[2J\033[H'";
        assert_eq!(sh(script, Duration::from_secs(5)).await.output, "bold\n100%");
    }

    #[tokio::test]
    async fn a_pipe_left_open_is_not_waited_for() {
        let end = sh("sleep 20 & echo done", Duration::from_secs(10)).await;
        assert_eq!((end.exit, end.output.as_str()), (Some(0), "done"));
        assert!(end.seconds < 5.0, "{}", end.seconds);
    }

    #[tokio::test]
    async fn what_is_not_there_is_named() {
        let mut commands = Commands::default();
        let end = start(&mut commands, &["/no/such/program"], Duration::from_secs(1)).await.expect("an end");
        assert_eq!(end.exit, None);
        assert!(end.output.starts_with("/no/such/program: "), "{}", end.output);
    }

    #[tokio::test]
    async fn what_runs_when_the_cockpit_is_left_runs_on() {
        let folder = tempfile::tempdir().expect("a folder");
        let done = folder.path().join("done");
        let script = format!("echo begun; sleep 1; echo more; echo more >&2; echo yes > {}", done.display());
        let mut commands = Commands::default();
        let end = start(&mut commands, &["sh", "-c", &script], Duration::from_secs(20));
        time::sleep(Duration::from_millis(500)).await;
        let left = commands.leave().await;
        assert_eq!(left.len(), 1);
        assert_eq!(left[0].output, "begun\nthe cockpit was closed; the command was left running");
        assert!(end.await.is_err(), "it is told once");
        for _ in 0..50 {
            if done.exists() {
                return;
            }
            time::sleep(Duration::from_millis(100)).await;
        }
        panic!("it did not run to its end");
    }
}
