//! Runs a command of the team's own, as argv, never through a shell; its output is kept.

use std::{process::Stdio, time::Duration};

use tokio::{io::AsyncReadExt, process::Command, time};

use crate::{app::CommandEnd, incident::Id, signal::scrub};

/// How much of what it prints is kept: the end of it.
const KEPT: usize = 4000;

/// Runs it to its end, or stops it and all it started after `timeout`.
pub async fn run(mitigation: Id, argv: Vec<String>, timeout: Duration) -> CommandEnd {
    let begun = time::Instant::now();
    let (exit, output) = match spawn(&argv) {
        Ok(mut child) => {
            let group = child.id();
            let (mut out, mut err) = (child.stdout.take(), child.stderr.take());
            let reading = async { tokio::join!(tail(&mut out), tail(&mut err), child.wait()) };
            match time::timeout(timeout, reading).await {
                Ok((out, err, status)) => {
                    let code = status.ok().and_then(|status| status.code());
                    (code, [out, err].concat())
                }
                Err(_) => {
                    stop(group);
                    (None, format!("stopped after {} s", timeout.as_secs()).into_bytes())
                }
            }
        }
        Err(error) => (None, format!("{}: {error}", argv.first().map_or("", String::as_str)).into_bytes()),
    };
    let text = String::from_utf8_lossy(&output);
    let output = scrub::block(text.trim_end(), KEPT * 4).into_owned();
    CommandEnd { mitigation, argv, exit, output, seconds: begun.elapsed().as_secs_f64() }
}

fn spawn(argv: &[String]) -> std::io::Result<tokio::process::Child> {
    let (program, arguments) = argv.split_first().ok_or(std::io::ErrorKind::InvalidInput)?;
    Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .kill_on_drop(true)
        .spawn()
}

/// Reads to the end and keeps the last part.
async fn tail(from: &mut Option<impl tokio::io::AsyncRead + Unpin>) -> Vec<u8> {
    let mut kept = Vec::new();
    let Some(from) = from else { return kept };
    let mut chunk = [0; 8192];
    while let Ok(read @ 1..) = from.read(&mut chunk).await {
        kept.extend_from_slice(&chunk[..read]);
        if kept.len() > 2 * KEPT {
            kept.drain(..kept.len() - KEPT);
        }
    }
    let from = kept.len().saturating_sub(KEPT);
    kept.split_off(from)
}

fn stop(group: Option<u32>) {
    let group = group.and_then(|id| i32::try_from(id).ok()).and_then(rustix::process::Pid::from_raw);
    if let Some(group) = group {
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn sh(script: &str, timeout: Duration) -> CommandEnd {
        let argv = ["sh", "-c", script].map(str::to_owned).to_vec();
        run(Id::small(1), argv, timeout).await
    }

    #[tokio::test]
    async fn output_and_exit_code_are_kept() {
        let end = sh("echo out; echo \x1b[31merr >&2; exit 3", Duration::from_secs(5)).await;
        assert_eq!((end.exit, end.output.as_str()), (Some(3), "out\n[31merr"));
    }

    #[tokio::test]
    async fn a_flood_is_cut_to_its_end() {
        let end = sh("yes | head -c 10000000; echo last", Duration::from_secs(20)).await;
        assert_eq!(end.exit, Some(0));
        assert!(end.output.ends_with("last") && end.output.len() <= KEPT, "{}", end.output.len());
    }

    #[tokio::test]
    async fn what_hangs_is_stopped_with_its_children() {
        let end = sh("sleep 60 & sleep 60", Duration::from_millis(200)).await;
        assert_eq!(end.exit, None);
        assert!(end.seconds < 10.0, "{}", end.seconds);
    }

    #[tokio::test]
    async fn what_is_not_there_is_named() {
        let end = run(Id::small(1), vec!["/no/such/program".into()], Duration::from_secs(1)).await;
        assert_eq!(end.exit, None);
        assert!(end.output.starts_with("/no/such/program: "), "{}", end.output);
    }
}
