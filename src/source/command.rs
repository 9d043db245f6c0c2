//! The kind `command`: what a command of the team's own prints, read through a jq filter or as it is.

use std::time::Duration;

use futures_util::future::BoxFuture;
use jiff::Timestamp;

use super::{
    Failure,
    client::{Client, Content, cannot},
    generic::{Came, Generic},
    process,
    request::{Question, Request},
};
use crate::config::Source;

/// One command.
struct Command {
    argv: Vec<String>,
    timeout: Duration,
    max_bytes: u64,
    answers: Generic,
}

/// Connects one. Starts nothing.
pub(super) fn connect(source: &Source) -> Box<dyn Client> {
    let (timeout, max_bytes) = (source.timeout, source.max_bytes);
    Box::new(Command { argv: source.settings.argv.clone(), timeout, max_bytes, answers: Generic::of(source) })
}

impl Command {
    async fn run(&self, request: &Request) -> Result<Content, Failure> {
        let Question::Fetch { read, .. } = &*request.question else { return Err(cannot()) };
        let printed = process::run(&self.argv, self.timeout, self.max_bytes).await?;
        Ok(self.answers.read(printed, Came::Printed, read, request).await?)
    }
}

impl Client for Command {
    fn read<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Content, Failure>> {
        Box::pin(self.run(request))
    }

    fn probe(&self, now: Timestamp) -> BoxFuture<'_, Result<usize, Failure>> {
        Box::pin(async move { Ok(self.run(&self.answers.probing(now)).await?.0.items()) })
    }
}
