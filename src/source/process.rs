//! Runs a command of the user's own and takes what it prints.
//!
//! Never through a shell, with nothing on its standard input, in a session of its own: it finds no terminal, and its process
//! group is killed as a whole when it runs too long, prints too much, or is no longer wanted. What it prints is data; what
//! was polled never becomes an argument.

use std::{
    io,
    process::Stdio,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncReadExt},
    process::Command,
};

use super::{memory::Arriving, process_group::Group, session::in_own_session};
use crate::{
    base::text,
    signal::{Fault, FaultKind},
};

/// How much of standard error is kept, in bytes.
const MAX_ERRORS: u64 = 4096;
/// How much of an answer shows whether it is text, in bytes.
const LOOKED_AT: usize = 64 * 1024;
/// How long to wait for the rest of its output after a command has ended: something it left behind may hold the pipe open.
const LINGER: Duration = Duration::from_millis(500);

/// Runs `argv` and gives its standard output, at most `max_bytes` of it.
pub(super) async fn run(argv: &[String], timeout: Duration, max_bytes: u64) -> Result<Vec<u8>, Fault> {
    let Some((program, arguments)) = argv.split_first() else {
        return Err(Fault::new(FaultKind::Command, "no command given"));
    };
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    in_own_session(&mut command).kill_on_drop(true);
    let work = async {
        let mut group = started(command).await.map_err(|error| cannot_start(program, &error))?;
        finish(&mut group, program, max_bytes).await
    };
    match tokio::time::timeout(timeout, work).await {
        Ok(outcome) => outcome,
        Err(_) => Err(Fault::new(FaultKind::TimedOut(timeout), format!("`{program}` was stopped"))),
    }
}

/// Programs that are being started, each as often as that is tried.
static STARTING: Mutex<Vec<String>> = Mutex::new(Vec::new());
/// How often the same program may be on its way at a time: each time holds a thread until the file system answers.
const AT_ONCE: usize = 2;
/// How long until it is looked again whether it may be started once more.
const AGAIN: Duration = Duration::from_millis(5);

/// Starts it off the threads that serve the sources: a program on a file system that hangs holds who starts it. Whoever
/// waits behind such a one holds nothing.
pub(super) async fn started(mut command: Command) -> io::Result<Group> {
    let program = command.as_std().get_program().to_string_lossy().into_owned();
    while !begins(&program) {
        tokio::time::sleep(AGAIN).await;
    }
    let work = move || {
        let child = command.spawn().map(Group::led_by);
        let mut starting = STARTING.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = starting.iter().position(|other| *other == program) {
            starting.swap_remove(at);
        }
        child
    };
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| Err(io::ErrorKind::Other.into()))
}

/// Whether a program may be started now; it is on its way then.
fn begins(program: &str) -> bool {
    let mut starting = STARTING.lock().unwrap_or_else(PoisonError::into_inner);
    let may = starting.iter().filter(|other| **other == program).count() < AT_ONCE;
    if may {
        starting.push(program.to_owned());
    }
    may
}

async fn finish(group: &mut Group, program: &str, max_bytes: u64) -> Result<Vec<u8>, Fault> {
    let (stdout, stderr) = (group.child.stdout.take(), group.child.stderr.take());
    let (mut printed, mut errors) = (Vec::new(), Vec::new());
    let read = {
        let read = async { tokio::try_join!(capped(stdout, &mut printed, max_bytes), drained(stderr, &mut errors)) };
        tokio::pin!(read);
        tokio::select! {
            read = &mut read => read,
            _ = group.wait() => tokio::time::timeout(LINGER, &mut read).await.unwrap_or(Ok(((), ()))),
        }
    };
    if let Err(fault) = read {
        let detail = if fault.detail.is_empty() {
            format!("from `{program}`")
        } else {
            format!("`{program}`: {}", fault.detail)
        };
        return Err(Fault { detail, ..fault });
    }
    let status = group.wait().await.map_err(|error| cannot_start(program, &error))?;
    if status.success() && text::is_binary(&printed[..printed.len().min(LOOKED_AT)]) {
        let fault =
            Fault::new(FaultKind::Command, format!("`{program}` printed {} bytes that are no text", printed.len()));
        return Err(fault);
    }
    if status.success() {
        return Ok(printed);
    }
    let errors = String::from_utf8_lossy(&errors);
    let errors = text::unstyled(&errors);
    let said = errors.lines().map(str::trim).filter(|line| !line.is_empty()).take(3).collect::<Vec<_>>().join(" · ");
    let ended = match status.code() {
        Some(code) => format!("`{program}` ended with {code}"),
        None => format!("`{program}` was killed"),
    };
    Err(Fault::new(FaultKind::Command, if said.is_empty() { ended } else { format!("{ended}: {said}") }))
}

/// Reads to the end or the cap.
async fn capped(from: Option<impl AsyncRead + Unpin>, into: &mut Vec<u8>, max: u64) -> Result<(), Fault> {
    let Some(mut from) = from else { return Ok(()) };
    let mut arriving = Arriving::default();
    loop {
        match from.read_buf(into).await {
            Ok(0) => return Ok(()),
            Ok(more) if arriving.add(more)? as u64 > max => return Err(Fault::new(FaultKind::TooLarge(max), "")),
            Ok(_) => {}
            Err(error) => return Err(Fault::new(FaultKind::Command, format!("its output broke off: {error}"))),
        }
    }
}

/// Keeps the beginning and reads on, so that a talkative command does not stall.
async fn drained(from: Option<impl AsyncRead + Unpin>, into: &mut Vec<u8>) -> Result<(), Fault> {
    let Some(mut from) = from else { return Ok(()) };
    let _cut_off = (&mut from).take(MAX_ERRORS).read_to_end(into).await;
    let _cut_off = tokio::io::copy(&mut from, &mut tokio::io::sink()).await;
    Ok(())
}

fn cannot_start(program: &str, error: &io::Error) -> Fault {
    let why = match error.kind() {
        io::ErrorKind::NotFound => "there is no such program".to_owned(),
        io::ErrorKind::PermissionDenied => "it may not be run".to_owned(),
        _ => error.to_string(),
    };
    Fault::new(FaultKind::Command, format!("cannot start `{program}`: {why}"))
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    fn sh(script: &str) -> Vec<String> {
        ["sh", "-c", script].map(str::to_owned).to_vec()
    }

    async fn check(argv: &[String], expected: Result<&str, &str>) {
        let outcome = run(argv, Duration::from_millis(1500), 1000).await;
        let outcome = outcome.map(|out| String::from_utf8_lossy(&out).into_owned()).map_err(|f| f.to_string());
        assert_eq!(outcome, expected.map(str::to_owned).map_err(str::to_owned));
    }

    #[tokio::test]
    async fn ends_in_output_or_words() {
        check(&sh("echo hello"), Ok("hello\n")).await;
        check(&sh("echo oops >&2; exit 3"), Err("command failed: `sh` ended with 3: oops")).await;
        check(
            &sh("printf '\\033[31mno context\\033[0m' >&2; exit 1"),
            Err("command failed: `sh` ended with 1: no context"),
        )
        .await;
        check(&sh("printf '\\001\\000\\377'"), Err("command failed: `sh` printed 3 bytes that are no text")).await;
        check(&sh("exec >&- 2>&-; sleep 0.2"), Ok("")).await;
        check(&sh("echo 1; exec >&- 2>&-; sleep 60"), Err("timed out after 1.5 s: `sh` was stopped")).await;
        check(&sh("trap '' TERM INT HUP; while :; do sleep 1; done"), Err("timed out after 1.5 s: `sh` was stopped"))
            .await;
        check(&sh("exit 3"), Err("command failed: `sh` ended with 3")).await;
        check(&sh("kill -9 $$"), Err("command failed: `sh` was killed")).await;
        check(&sh("cat"), Ok("")).await; // nothing on its standard input
        check(&sh("yes"), Err("answer larger than 0 MB: from `sh`")).await;
        check(&sh("yes >&2 & sleep 0.1; echo fine; kill $!"), Ok("fine\n")).await;
        check(
            &["/nowhere/to/be/found".to_owned()],
            Err("command failed: cannot start `/nowhere/to/be/found`: there is no such program"),
        )
        .await;
        check(&[], Err("command failed: no command given")).await;
    }

    #[tokio::test]
    #[cfg(target_os = "linux")]
    async fn it_has_no_terminal() {
        let stat = run(&sh("cat /proc/$$/stat"), Duration::from_secs(5), 1000).await.expect("it ran");
        let stat = String::from_utf8_lossy(&stat).into_owned();
        let fields: Vec<&str> = stat.split(' ').collect();
        // Its number, and after name, state and parent its group, its session and its terminal.
        assert_eq!((fields[4], fields[5], fields[6]), (fields[0], fields[0], "0"), "{stat}");
    }

    #[tokio::test]
    #[expect(clippy::disallowed_methods, reason = "the test measures")]
    async fn what_hangs_is_killed_with_its_children() {
        let begun = Instant::now();
        let folder = tempfile::tempdir().expect("a folder");
        let marker = folder.path().join("still-here");
        let script = format!("(sleep 1; touch {}) & sleep 60", marker.display());
        let outcome = run(&sh(&script), Duration::from_millis(200), 1000).await;
        assert_eq!(outcome.expect_err("it hangs").kind, FaultKind::TimedOut(Duration::from_millis(200)));
        tokio::time::sleep(Duration::from_millis(1200)).await;
        assert!(!marker.exists(), "its child outlived it");
        assert!(begun.elapsed() < Duration::from_secs(5));
    }

    #[tokio::test]
    #[expect(clippy::disallowed_methods, reason = "the test measures")]
    async fn a_pipe_left_open_does_not_hold_us() {
        let begun = Instant::now();
        let outcome = run(&sh("sleep 20 & echo done"), Duration::from_secs(10), 1000).await;
        assert_eq!(outcome.expect("it ended"), b"done\n");
        assert!(begun.elapsed() < Duration::from_secs(3));
    }
}
