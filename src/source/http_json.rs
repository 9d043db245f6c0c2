//! The kind `http`: any JSON over HTTP, read through a jq filter or as it is.

use futures_util::future::BoxFuture;
use jiff::Timestamp;

use super::{
    Failure,
    client::{Client, Content, cannot},
    generic::{Came, Generic},
    http::{Http, RequestBody},
    request::{Question, Request},
};
use crate::config::Source;

/// One address.
struct HttpJson {
    http: Http,
    /// What is posted; without it the address is got.
    posted: Option<String>,
    answers: Generic,
}

/// Connects one. Touches neither network nor files.
pub(super) fn connect(source: &Source) -> Box<dyn Client> {
    let body = || source.text("body").unwrap_or_default().to_owned();
    let posted = source.posts().then(body);
    Box::new(HttpJson { http: Http::of(source), posted, answers: Generic::of(source) })
}

impl HttpJson {
    async fn fetch(&self, request: &Request) -> Result<Content, Failure> {
        let Question::Fetch { path, read } = &*request.question else { return Err(cannot()) };
        let sent = self.posted.as_deref().map_or(RequestBody::None, RequestBody::Text);
        let body = self.http.without_sent_secrets(self.http.ask(path, &[], sent).await?);
        Ok(self.answers.read(body, Came::OverHttp, read, request).await?)
    }
}

impl Client for HttpJson {
    fn read<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Content, Failure>> {
        Box::pin(self.fetch(request))
    }

    fn probe(&self, now: Timestamp) -> BoxFuture<'_, Result<usize, Failure>> {
        Box::pin(async move { Ok(self.fetch(&self.answers.probing(now)).await?.0.items()) })
    }

    fn http(&self) -> Option<&Http> {
        Some(&self.http)
    }
}
