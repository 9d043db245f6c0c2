//! Runs jq filters where they can do no harm: in a child process.
//!
//! A filter may recurse until the stack overflows, never end, fill the memory or read the environment. The child is this
//! program again under a hidden subcommand, with an empty environment and limits of its own; it serves one source and
//! is kept between polls. Requests and answers are a line of JSON and as many bytes as it announces.

pub mod child;

use std::{path::PathBuf, process::Stdio, sync::OnceLock, time::Duration};

use serde::{Deserialize, Serialize};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    process::{ChildStdin, ChildStdout, Command},
    sync::Mutex,
    task::JoinHandle,
};

use super::{process, process_group::Group};
use crate::signal::{Fault, FaultKind};

/// The hidden subcommand.
pub const SUBCOMMAND: &str = "__jq";
/// Longest time a filter may run, whatever the source's timeout.
const MAX_TIME: Duration = Duration::from_secs(10);
/// A child is replaced after so many requests, so that its own limit on processor time is never met by diligence.
const MAX_REQUESTS: u32 = 500;
/// How much of the end of its standard error is kept, in bytes.
const MAX_SAID: usize = 1024;
/// Longest line that announces an answer, in bytes.
const MAX_HEAD: u64 = 16 * 1024;

static PROGRAM: OnceLock<PathBuf> = OnceLock::new();

/// The running program, which is there also once the file at its path was replaced, as an upgrade does.
#[cfg(target_os = "linux")]
const ITSELF: &str = "/proc/self/exe";

/// Names the program to run filters with instead of the running one. Only the first call counts; for tests, whose own
/// program has no such subcommand.
pub fn use_program(path: impl Into<PathBuf>) {
    let _earlier = PROGRAM.set(path.into());
}

/// What a child is asked; the body follows.
#[derive(Debug, Serialize, Deserialize)]
struct FilterRequest<'a> {
    jq: &'a str,
    error_when: Option<&'a str>,
    max: u64,
    bytes: usize,
}

/// What it answers; for [`FilterAnswer::Ok`] the values follow, one a line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum FilterAnswer {
    Ok(usize),
    /// The filter could not be read, or failed.
    Failed(String),
    /// The body is no JSON.
    Malformed(String),
    /// `error_when` held, with its message if it gave one.
    Rejected(String),
    /// The values are larger than they may be.
    TooLarge,
}

/// The child of one source.
pub(super) struct Jq {
    child: Mutex<Option<WarmChild>>,
    timeout: Duration,
    max_bytes: u64,
}

struct WarmChild {
    // Held so that it is killed when this is dropped.
    group: Group,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
    /// The end of its standard error, once it has ended.
    said: JoinHandle<Vec<u8>>,
    requests: u32,
}

impl Jq {
    /// Starts nothing yet.
    pub(super) fn new(timeout: Duration, max_bytes: u64) -> Self {
        Self { child: Mutex::new(None), timeout: timeout.min(MAX_TIME), max_bytes }
    }

    /// Filters `body`. Gives the values that come out, one a line.
    pub(super) async fn filter(&self, jq: &str, error_when: Option<&str>, body: &[u8]) -> Result<Vec<u8>, Fault> {
        let request = FilterRequest { jq, error_when, max: self.max_bytes, bytes: body.len() };
        let mut slot = self.child.lock().await;
        loop {
            let mut kept = match slot.take() {
                Some(kept) => kept,
                None => match tokio::time::timeout(self.timeout, WarmChild::start()).await {
                    Ok(started) => started?,
                    Err(_) => return Err(cannot_start("it takes too long")),
                },
            };
            let used = kept.requests > 0;
            // While it is out of its slot, giving up on this future kills it.
            match tokio::time::timeout(self.timeout, kept.ask(&request, body)).await {
                Ok(Ok((answer, out))) => {
                    kept.requests += 1;
                    if kept.requests < MAX_REQUESTS {
                        *slot = Some(kept);
                    }
                    return answer.into_result(out, self.max_bytes);
                }
                // An old child may have died of something else; a fresh one decides.
                Ok(Err(_)) if used => {}
                Ok(Err(_)) => return Err(kept.died().await),
                Err(_) => {
                    let seconds = self.timeout.as_secs_f64();
                    return Err(Fault::new(
                        FaultKind::Filter,
                        format!("the filter ran for {seconds:.1} s and was stopped"),
                    ));
                }
            }
        }
    }
}

impl FilterAnswer {
    fn into_result(self, out: Vec<u8>, max: u64) -> Result<Vec<u8>, Fault> {
        match self {
            Self::Ok(_) => Ok(out),
            Self::Failed(why) => Err(Fault::new(FaultKind::Filter, why)),
            Self::Malformed(why) => Err(Fault::new(FaultKind::Malformed, why)),
            Self::Rejected(message) => Err(Fault::new(FaultKind::ErrorInAnswer, message)),
            Self::TooLarge => Err(Fault::new(FaultKind::TooLarge(max), "what the filter makes of it")),
        }
    }
}

/// What runs as this program does.
fn running() -> std::io::Result<PathBuf> {
    #[cfg(target_os = "linux")]
    if std::path::Path::new(ITSELF).exists() {
        return Ok(ITSELF.into());
    }
    std::env::current_exe()
}

fn cannot_start(why: &str) -> Fault {
    Fault::new(FaultKind::Filter, format!("cannot start a child for the filter: {why}"))
}

impl WarmChild {
    async fn start() -> Result<Self, Fault> {
        let program = match PROGRAM.get() {
            Some(program) => program.clone(),
            None => running().map_err(|error| cannot_start(&error.to_string()))?,
        };
        let mut command = Command::new(program);
        // Who lists processes sees what it is, and not a path that is the same for all.
        command
            .arg0(env!("CARGO_PKG_NAME"))
            .arg(SUBCOMMAND)
            .env_clear()
            .current_dir("/")
            .process_group(0)
            .kill_on_drop(true);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut group = process::started(command).await.map_err(|error| cannot_start(&error.to_string()))?;
        let child = &mut group.child;
        let (Some(stdin), Some(stdout), Some(mut stderr)) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(cannot_start("it has no pipes"));
        };
        // Read all along, so that a talkative child does not stall; the end is where the reason stands.
        let said = tokio::spawn(async move {
            let (mut said, mut chunk) = (Vec::new(), [0; 512]);
            while let Ok(count @ 1..) = stderr.read(&mut chunk).await {
                said.extend_from_slice(&chunk[..count]);
                said.drain(..said.len().saturating_sub(MAX_SAID));
            }
            said
        });
        Ok(Self { group, stdin, stdout: BufReader::new(stdout), said, requests: 0 })
    }

    async fn ask(&mut self, request: &FilterRequest<'_>, body: &[u8]) -> std::io::Result<(FilterAnswer, Vec<u8>)> {
        let mut head = serde_json::to_vec(request)?;
        head.push(b'\n');
        self.stdin.write_all(&head).await?;
        self.stdin.write_all(body).await?;
        self.stdin.flush().await?;
        let mut line = Vec::new();
        (&mut self.stdout).take(MAX_HEAD).read_until(b'\n', &mut line).await?;
        let answer: FilterAnswer = serde_json::from_slice(&line)?;
        let mut out = Vec::new();
        if let FilterAnswer::Ok(bytes) = answer {
            let bytes = (bytes as u64).min(request.max);
            (&mut self.stdout).take(bytes).read_to_end(&mut out).await?;
            if (out.len() as u64) < bytes {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
        }
        Ok((answer, out))
    }

    /// Words for a child that ended in the middle of a filter.
    async fn died(mut self) -> Fault {
        use std::os::unix::process::ExitStatusExt;
        let status = tokio::time::timeout(Duration::from_secs(1), self.group.wait()).await;
        let said = tokio::time::timeout(Duration::from_secs(1), self.said).await;
        let said = String::from_utf8_lossy(&said.ok().and_then(Result::ok).unwrap_or_default()).into_owned();
        let why = match status {
            _ if said.contains("overflowed its stack") => "the filter recursed too deeply".to_owned(),
            _ if said.contains("memory allocation") => "the filter wanted too much memory".to_owned(),
            Ok(Ok(status)) => match (status.signal(), status.code()) {
                (Some(signal), _) if signal == rustix::process::Signal::XCPU.as_raw() => {
                    "the filter used too much processor time".to_owned()
                }
                (Some(signal), _) => format!("the filter was ended by signal {signal}"),
                (_, Some(code)) => format!("the filter ended its process with {code}"),
                _ => "the filter ended its process".to_owned(),
            },
            _ => "the filter broke off".to_owned(),
        };
        Fault::new(FaultKind::Filter, why)
    }
}
