//! Bodies of successes: whole, or decoded while they come.

use reqwest::{Response, Url};
use tokio::sync::mpsc;

use super::{
    super::{
        decoding::{DECODE_APART, broke_off},
        memory::Arriving,
        streaming_body::StreamingBody,
    },
    Http, RequestBody, faults, said,
};
use crate::{
    signal::{Fault, FaultKind},
    source::Failure,
};

/// The first room for a body, in bytes; more is made as it comes, however long a server says it will be.
const FIRST: usize = 1 << 20;
/// How many pieces wait for who decodes them; then the connection does.
const AHEAD: usize = 4;

/// What has come of a body.
struct Coming {
    response: Response,
    max: u64,
    arriving: Arriving,
}

impl Coming {
    /// That it is too large may be known before it comes.
    fn of(response: Response, max: u64) -> Result<Self, Fault> {
        match response.content_length() {
            Some(length) if length > max => Err(Fault::new(FaultKind::TooLarge(max), "")),
            _ => Ok(Self { response, max, arriving: Arriving::default() }),
        }
    }

    /// What comes next, counted after it has been decompressed.
    async fn next(&mut self, http: &Http) -> Result<Option<impl AsRef<[u8]> + use<>>, Fault> {
        let chunk = self.response.chunk().await.map_err(|e| faults::of_body(e, http.timeout, self.arriving.bytes()))?;
        let bytes = self.arriving.add(chunk.as_ref().map_or(0, |chunk| chunk.len()))?;
        if bytes as u64 > self.max {
            return Err(Fault::new(FaultKind::TooLarge(self.max), ""));
        }
        Ok(chunk)
    }
}

impl Http {
    /// Asks, and decodes the answer while it comes: it is never there as a whole.
    pub(in super::super) async fn ask_reading<T: Send + 'static>(
        &self,
        path: &str,
        query: &[(&str, &str)],
        body: RequestBody<'_>,
        decode: impl FnOnce(StreamingBody) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Failure> {
        self.asked(path, query, body, async |response| self.decoded(response, decode).await).await
    }

    /// The body of a success.
    pub(super) async fn whole(&self, response: Response) -> Result<Vec<u8>, Fault> {
        let (html, url) = (said::says_html(response.headers()), response.url().clone());
        let body = self.body(response, self.max_bytes).await?;
        not_a_page(html, &body, &url)?;
        Ok(body)
    }

    /// Any body, within a cap.
    pub(super) async fn body(&self, response: Response, max: u64) -> Result<Vec<u8>, Fault> {
        let length = response.content_length().unwrap_or(0).min(max) as usize;
        let mut coming = Coming::of(response, max)?;
        let mut body = Vec::with_capacity(length.min(FIRST));
        while let Some(piece) = coming.next(self).await? {
            let piece = piece.as_ref();
            if body.capacity() - body.len() < piece.len() {
                // Twice as much at a time, and no more than was announced.
                let left = length.checked_sub(body.len()).filter(|left| *left > 0).unwrap_or(usize::MAX);
                body.reserve_exact(left.min(body.len()).max(piece.len()));
            }
            body.extend_from_slice(piece);
        }
        Ok(body)
    }

    async fn decoded<T: Send + 'static>(
        &self,
        response: Response,
        decode: impl FnOnce(StreamingBody) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let (html, url) = (said::says_html(response.headers()), response.url().clone());
        let mut coming = Coming::of(response, self.max_bytes)?;
        let mut begun = Vec::new();
        while begun.len() <= DECODE_APART {
            match coming.next(self).await? {
                Some(piece) => begun.extend_from_slice(piece.as_ref()),
                None => {
                    not_a_page(html, &begun, &url)?;
                    return decode(StreamingBody::new(begun, None));
                }
            }
        }
        not_a_page(html, &begun, &url)?;
        let (sender, more) = mpsc::channel(AHEAD);
        let decoding = tokio::task::spawn_blocking(move || decode(StreamingBody::new(begun, Some(more))));
        // Of a body that is cut off, it is the cut that is told, whatever the decoder makes of what came.
        while let Some(piece) = coming.next(self).await? {
            if sender.send(piece.as_ref().to_vec()).await.is_err() {
                break;
            }
        }
        drop(sender);
        decoding.await.unwrap_or_else(|_| Err(broke_off()))
    }
}

fn not_a_page(html: bool, body: &[u8], url: &Url) -> Result<(), Fault> {
    if html || said::looks_like_html(body) { Err(faults::login_page(body, url)) } else { Ok(()) }
}
