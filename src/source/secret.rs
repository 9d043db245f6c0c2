//! Reads secrets at the moment of use.
//!
//! A value lives in a [`SecretString`] and goes nowhere but into a request. What a command prints is kept for a few
//! minutes, because asking a password manager every five seconds would be felt; a rejected request forgets it. A file is
//! read off the threads that serve the sources: one that does not answer is a fault of its own source only.
#![expect(clippy::disallowed_methods, reason = "secrets come from the environment, and age")]

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use secrecy::{ExposeSecret, SecretString};

use super::apart::{Apart, NotDone};
use crate::{
    config::Secret,
    files,
    signal::{Fault, FaultKind},
};

const COMMAND_TIMEOUT: Duration = Duration::from_secs(15);
const COMMAND_KEPT: Duration = Duration::from_secs(300);
const MAX_BYTES: u64 = 64 * 1024;

/// Secrets of one source.
#[derive(Default)]
pub(super) struct Secrets {
    printed: Mutex<HashMap<Vec<String>, (Instant, SecretString)>>,
    files: Apart<PathBuf, Result<SecretString, Fault>>,
}

impl Secrets {
    /// The value of a secret, now. A file has so long to be read, a command a time of its own.
    pub(super) async fn read(&self, secret: &Secret, within: Duration) -> Result<SecretString, Fault> {
        let value = match secret {
            Secret::Env(name) => {
                let value = std::env::var(name);
                value.map_err(|_| fault(format!("the environment has no usable `{name}`")))?
            }
            Secret::File(path) => return self.first_line_of(path, within).await,
            Secret::Command(argv) => return self.printed_by(argv).await,
            Secret::Literal(literal) => literal.0.clone(),
        };
        filled(value, secret)
    }

    /// Forgets what commands printed, so that a renewed token is seen.
    pub(super) fn forget(&self) {
        self.printed.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    async fn first_line_of(&self, path: &PathBuf, within: Duration) -> Result<SecretString, Fault> {
        let from = path.clone();
        match self.files.done(path, within, move || first_line_of(&from)).await {
            Ok(read) => read,
            Err(NotDone::Late) => Err(unreadable(path, &format!("nothing came within {:.1} s", within.as_secs_f64()))),
            Err(NotDone::BrokeOff) => Err(unreadable(path, "reading it broke off")),
        }
    }

    async fn printed_by(&self, argv: &[String]) -> Result<SecretString, Fault> {
        let known = |now: Instant| {
            let printed = self.printed.lock().unwrap_or_else(PoisonError::into_inner);
            printed.get(argv).filter(|(at, _)| now - *at < COMMAND_KEPT).map(|(_, value)| value.clone())
        };
        if let Some(value) = known(Instant::now()) {
            return Ok(value);
        }
        let out = super::process::run(argv, COMMAND_TIMEOUT, MAX_BYTES).await;
        // What it wrote to standard error may hold what it was asked for; only how it ended is told.
        let out = out.map_err(|failed| {
            let detail = failed.detail.split(": ").next().unwrap_or_default();
            fault(format!("{}: {detail}", failed.short()))
        })?;
        let first = String::from_utf8_lossy(&out).lines().next().unwrap_or_default().to_owned();
        let value = filled(first, &Secret::Command(argv.to_vec()))?;
        let mut printed = self.printed.lock().unwrap_or_else(PoisonError::into_inner);
        printed.insert(argv.to_vec(), (Instant::now(), value.clone()));
        Ok(value)
    }
}

fn first_line_of(path: &Path) -> Result<SecretString, Fault> {
    let bytes = files::read(path, MAX_BYTES).map_err(|why| unreadable(path, &why.to_string()))?;
    let text = String::from_utf8(bytes).map_err(|_| unreadable(path, "it is no text"))?;
    filled(text.lines().next().unwrap_or_default().to_owned(), &Secret::File(path.to_owned()))
}

fn unreadable(path: &Path, why: &str) -> Fault {
    fault(format!("cannot read {}: {why}", path.display()))
}

fn filled(value: String, from: &Secret) -> Result<SecretString, Fault> {
    let value = SecretString::from(value.trim().to_owned());
    if value.expose_secret().is_empty() {
        return Err(fault(match from {
            Secret::Env(name) => format!("the environment's `{name}` is empty"),
            Secret::File(path) => format!("the first line of {} is empty", path.display()),
            Secret::Command(argv) => format!("`{}` printed nothing", argv.first().map_or("", String::as_str)),
            Secret::Literal(_) => "the value written in the configuration is empty".to_owned(),
        }));
    }
    Ok(value)
}

fn fault(detail: String) -> Fault {
    Fault::new(FaultKind::Secret, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOON: Duration = Duration::from_secs(5);

    async fn check(secret: Secret, expected: Result<&str, &str>) {
        let outcome = Secrets::default().read(&secret, SOON).await;
        let outcome = outcome.map(|value| value.expose_secret().to_owned()).map_err(|fault| fault.to_string());
        assert_eq!(outcome, expected.map(str::to_owned).map_err(str::to_owned));
    }

    fn sh(script: &str) -> Secret {
        Secret::Command(["sh", "-c", script].map(str::to_owned).to_vec())
    }

    #[tokio::test]
    async fn from_everywhere() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("token");
        std::fs::write(&path, "s3cret\nsecond line\n").expect("written");
        check(Secret::File(path), Ok("s3cret")).await;
        let pipe = folder.path().join("pipe");
        rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RUSR).expect("a pipe");
        let told =
            format!("no secret: cannot read {}: it is a pipe or a device; expected an ordinary file", pipe.display());
        check(Secret::File(pipe), Err(&told)).await;
        check(Secret::File("/nowhere/token".into()), Err("no secret: cannot read /nowhere/token: it does not exist"))
            .await;
        check(
            Secret::Env("PATH_THAT_IS_NOT".into()),
            Err("no secret: the environment has no usable `PATH_THAT_IS_NOT`"),
        )
        .await;
        check(sh("echo s3cret"), Ok("s3cret")).await;
        check(sh("true"), Err("no secret: `sh` printed nothing")).await;
        check(sh("echo s3cret >&2; exit 1"), Err("no secret: command failed: `sh` ended with 1")).await;
    }

    #[tokio::test]
    async fn a_command_is_asked_again_after_a_rejection() {
        let folder = tempfile::tempdir().expect("a folder");
        let counter = folder.path().join("n");
        let secret = sh(&format!("echo x >> {0}; wc -l < {0}", counter.display()));
        let secrets = Secrets::default();
        for expected in ["1", "1"] {
            assert_eq!(secrets.read(&secret, SOON).await.expect("a value").expose_secret(), expected);
        }
        secrets.forget();
        assert_eq!(secrets.read(&secret, SOON).await.expect("a value").expose_secret(), "2");
    }
}
