//! From a question to the answer of a success: over a connection that may have been dropped, along redirects at home.
#![expect(clippy::disallowed_methods, reason = "one question has one deadline, however often it is asked")]

use std::{sync::atomic::Ordering, time::Instant};

use reqwest::{Client, Response, StatusCode, Url, header::HeaderMap};
use secrecy::SecretString;

use super::{
    super::{Failure, apart::NotDone},
    Http, RequestBody,
    client::{self, Connections},
    clock, faults, redact,
    redirect::Redirect,
    said,
};
use crate::{
    config::Auth,
    signal::{Fault, FaultKind},
};

/// How much of the body of an error is looked at, in bytes.
const MAX_ERROR_BODY: u64 = 64 * 1024;

/// What stays the same however often it is asked.
#[derive(Clone, Copy)]
pub(super) struct Question<'a> {
    /// The source's address.
    pub(super) base: &'a Url,
    /// The path below it.
    pub(super) below: &'a str,
    pub(super) headers: &'a HeaderMap,
    /// The secrets that must not be quoted.
    pub(super) known: &'a [SecretString],
    /// Whether the body of a refusal is an answer as well.
    pub(super) reads_refusals: bool,
}

impl Http {
    /// Asks, and follows where the server says so; the answer is a success.
    pub(super) async fn exchange(
        &self,
        mut url: Url,
        mut body: RequestBody<'_>,
        question: Question<'_>,
    ) -> Result<Response, Failure> {
        let deadline = Instant::now() + self.timeout;
        let below = question.below.split_once('?').map_or(question.below, |(path, _)| path);
        let base = url.path().strip_suffix(below).unwrap_or(url.path()).to_owned();
        let mut hops = 0;
        loop {
            let response = self.answer(&url, body, question, deadline).await?;
            let status = response.status();
            if !status.is_redirection() {
                let says_more = status == StatusCode::BAD_REQUEST && said::says_json(response.headers());
                if question.reads_refusals && says_more {
                    return Ok(response);
                }
                return self.success(response, question.known).await;
            }
            let redirect = Redirect { status, headers: response.headers(), from: &url, base: &base, below, hops };
            (url, body) = redirect.followed(body)?;
            hops += 1;
        }
    }

    /// Sends it; once more on a new connection where one that was kept was gone before a byte of the answer came, as it is
    /// when a proxy or a firewall on the way has forgotten it. What may do something is sent once.
    async fn answer(
        &self,
        url: &Url,
        body: RequestBody<'_>,
        question: Question<'_>,
        deadline: Instant,
    ) -> Result<Response, Fault> {
        let send = async |client: &Client| {
            let left = deadline.saturating_duration_since(Instant::now());
            let url = url.clone();
            let request = match body {
                RequestBody::None => client.get(url),
                RequestBody::Form(form) => client.post(url).form(form),
                RequestBody::Text(text) | RequestBody::Questions(text) => {
                    client.post(url).header("content-type", kind_of(text)).body(text.to_owned())
                }
            };
            request.headers(question.headers.clone()).timeout(left).send().await
        };
        let build = |connections| self.build(question.base.clone(), connections);
        let client = self.client.get_or_try_init(|| build(Connections::Kept)).await?;
        let may_be_kept = self.has_answered.load(Ordering::Relaxed);
        let mut outcome = send(client).await;
        if let Err(error) = &outcome
            && may_be_kept
            && !matches!(body, RequestBody::Text(_))
            && faults::is_lost_connection(error)
        {
            let fresh = self.fresh.get_or_try_init(|| build(Connections::New)).await?;
            outcome = send(fresh).await;
        }
        let response = outcome.map_err(|error| faults::of_transport(error, self.timeout, jiff::Timestamp::now()))?;
        self.has_answered.store(true, Ordering::Relaxed);
        Ok(response)
    }

    async fn success(&self, response: Response, known: &[SecretString]) -> Result<Response, Failure> {
        let status = response.status();
        if !status.is_success() {
            let (headers, url) = (response.headers().clone(), response.url().clone());
            // What the server says is worth having, but its status alone will do.
            let body = self.body(response, MAX_ERROR_BODY).await.unwrap_or_default();
            let body = redact::without(known, &String::from_utf8_lossy(&body)).into_bytes();
            let anonymous =
                self.config.auth == Auth::None && self.config.headers.is_empty() && url.username().is_empty();
            return Err(faults::of_status(status, &headers, &body, &url, anonymous));
        }
        self.ahead.store(clock::ahead(response.headers(), jiff::Timestamp::now()), Ordering::Relaxed);
        Ok(response)
    }

    async fn build(&self, base: Url, connections: Connections) -> Result<Client, Fault> {
        let (config, timeout) = (self.config.clone(), self.timeout);
        let build = move || client::of(&config, &base, timeout, connections);
        match self.building.done(&connections, timeout, build).await {
            Ok(built) => built,
            Err(NotDone::Late) => Err(Fault::new(FaultKind::Tls, "the certificates could not be read in time")),
            Err(NotDone::BrokeOff) => Err(Fault::new(FaultKind::Tls, "the client could not be made")),
        }
    }
}

fn kind_of(text: &str) -> &'static str {
    match text.trim_start().chars().next() {
        Some('{' | '[' | '"') => "application/json",
        _ => "application/x-www-form-urlencoded",
    }
}
