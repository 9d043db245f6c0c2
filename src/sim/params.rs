//! The parameters of a request, from the address and, for a form, from the body.

use axum::{
    extract::{FromRequest, Request},
    http::{StatusCode, header},
};

/// Longest form that is read, in bytes.
const MAX_FORM: usize = 64 * 1024;

/// Names and values in the order they came; a name may come more than once.
pub(super) struct Params(Vec<(String, String)>);

impl Params {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

impl<S: Send + Sync> FromRequest<S> for Params {
    type Rejection = StatusCode;

    async fn from_request(request: Request, _: &S) -> Result<Self, Self::Rejection> {
        let mut pairs = parse(request.uri().query().unwrap_or(""));
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        if kind.is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded")) {
            let body = axum::body::to_bytes(request.into_body(), MAX_FORM).await;
            let body = body.map_err(|_| StatusCode::PAYLOAD_TOO_LARGE)?;
            // The body comes first, as in Go's `Request.Form`.
            pairs.splice(0..0, parse(&String::from_utf8_lossy(&body)));
        }
        Ok(Self(pairs))
    }
}

fn parse(text: &str) -> Vec<(String, String)> {
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    pairs.map(|(name, value)| (decoded(name), decoded(value))).collect()
}

/// Percent and plus undone; what is not UTF-8 is replaced.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, more)) = rest.split_first() {
        rest = more;
        let hex = |at: usize| more.get(at).and_then(|digit| char::from(*digit).to_digit(16));
        match (first, hex(0), hex(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push((high * 16 + low) as u8);
                rest = &more[2..];
            }
            (b'+', ..) => bytes.push(b' '),
            (other, ..) => bytes.push(*other),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_plus_and_repetition() {
        let params = Params(parse("query=up%7Bjob%3D%22a%22%7D+%2B+1&filter=a&filter=b&flag&bad=%zz%e2%82"));
        assert_eq!(params.get("query"), Some("up{job=\"a\"} + 1"));
        assert_eq!(params.all("filter").collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(params.get("flag"), Some(""));
        assert_eq!(params.get("bad"), Some("%zz\u{fffd}"));
        assert_eq!(params.get("none"), None);
    }
}
