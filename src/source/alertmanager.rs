//! Alertmanager's API v2, and what speaks it (Grafana, Mimir).
//!
//! Alerts come grouped as they are routed; one routed to several receivers comes several times and is merged. Every
//! alert costs the server, most of all an inhibited one, so those are asked for only when wanted. Parameters are never
//! anything but `true` and `false`: any other word silently means false.

#![expect(clippy::disallowed_methods, reason = "a silence begins when it is asked for")]

mod decode;
mod silence;

use std::sync::Arc;

use futures_util::future::BoxFuture;
use jiff::Timestamp;

use super::{
    Failure,
    client::{Client, Content, cannot, cannot_write},
    first_seen::FirstSeen,
    http::{Http, RequestBody},
    request::{Question, Request},
    streaming_body::StreamingBody,
};
use crate::{
    config::Source,
    signal::{AlertWords, Fault, Operation, Receipt},
};

/// One Alertmanager, and which of its alerts are wanted.
struct Alertmanager {
    http: Http,
    receiver: Option<String>,
    filters: Vec<String>,
    silenced: bool,
    inhibited: bool,
    first_seen: Arc<FirstSeen>,
    words: Arc<AlertWords>,
}

/// Connects one. Touches neither network nor files.
pub(super) fn connect(source: &Source) -> Box<dyn Client> {
    Box::new(Alertmanager {
        http: Http::of(source),
        receiver: source.text("receiver").map(str::to_owned),
        filters: source.list("filters").to_vec(),
        silenced: source.flag("silenced"),
        inhibited: source.flag("inhibited"),
        first_seen: Arc::default(),
        words: Arc::clone(&source.settings.words),
    })
}

impl Alertmanager {
    /// All alerts wanted, grouped.
    async fn alerts(&self, now: Timestamp) -> Result<Content, Failure> {
        let word = |yes: bool| if yes { "true" } else { "false" };
        let mut query =
            vec![("active", "true"), ("silenced", word(self.silenced)), ("inhibited", word(self.inhibited))];
        query.extend(self.filters.iter().map(|filter| ("filter", filter.as_str())));
        query.extend(self.receiver.as_deref().map(|receiver| ("receiver", receiver)));
        let filtered = self.filters.iter().map(|filter| name_in(filter).to_owned());
        let looked_at = filtered.chain([self.words.severity_label.clone()]).collect();
        let (first_seen, words) = (Arc::clone(&self.first_seen), Arc::clone(&self.words));
        let decode = move |body| decode::groups(body, looked_at, &words, &first_seen, now);
        self.http.ask_reading("/api/v2/alerts/groups", &query, RequestBody::None, decode).await
    }
}

impl Client for Alertmanager {
    fn read<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Content, Failure>> {
        Box::pin(async move {
            match *request.question {
                Question::Alerts => self.alerts(request.now).await,
                _ => Err(cannot()),
            }
        })
    }

    fn probe(&self, _: Timestamp) -> BoxFuture<'_, Result<usize, Failure>> {
        Box::pin(async move {
            let body = self.http.ask("/api/v2/status", &[], RequestBody::None).await?;
            decode::is_ours(&body)?;
            Ok(0)
        })
    }

    fn write<'a>(&'a self, operation: &'a Operation) -> BoxFuture<'a, Result<Receipt, Failure>> {
        Box::pin(async move {
            let Operation::Silence { matchers, until, by, comment } = operation else {
                return Err(cannot_write(operation.kind()));
            };
            let body = silence::body(matchers, (Timestamp::now(), *until), by, comment)?;
            let said = self.http.ask("/api/v2/silences", &[], RequestBody::Text(&body)).await?;
            Ok(Receipt { id: silence::id_in(&said)?, at: Timestamp::now() })
        })
    }

    fn http(&self) -> Option<&Http> {
        Some(&self.http)
    }
}

/// The label that a matcher is about: `team` of `{team=~"db|web"}`.
fn name_in(filter: &str) -> &str {
    filter.trim_start_matches('{').split(['=', '!', '~']).next().unwrap_or_default().trim().trim_matches('"')
}

/// Reads an answer to the question for alerts.
pub(super) fn decode_groups(body: &[u8], now: Timestamp) -> Result<Content, Fault> {
    let (words, first_seen) = (AlertWords::default(), FirstSeen::default());
    decode::groups(StreamingBody::new(body.to_vec(), None), Vec::new(), &words, &first_seen, now)
}
