//! Why a poll gave no reading, told apart as far as the person who reads it can act on it.
//!
//! A fault is state, not an error path: the pane shows it beside its last good reading, and the other panes go on.

use std::{fmt, time::Duration};

/// A poll that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What kind of failure; decides the words and what to do next.
    pub kind: FaultKind,
    /// What was found, scrubbed and short: a message from the server, a title of a page, the address.
    pub detail: String,
}

/// The kinds of failure a responder would act on differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// The name has no address.
    Resolve,
    /// Nobody listens there.
    Refused,
    /// No route, network down, or the connection was cut.
    Unreachable,
    /// Certificate or handshake trouble.
    Tls,
    /// No answer within the time given.
    TimedOut(Duration),
    /// 401: credentials missing or wrong.
    Unauthorized,
    /// 403: known, but not allowed.
    Forbidden,
    /// 404: wrong address, prefix or product.
    NotFound,
    /// 429, and how long the server asks to wait.
    TooManyRequests(Option<Duration>),
    /// The server says the query is wrong (4xx with its words).
    BadQuery,
    /// Any other status that is not a success.
    Status(u16),
    /// The body is larger than the cap, in bytes.
    TooLarge(u64),
    /// The program has taken as much memory as it may, in bytes, and the answer is large.
    NoRoom(u64),
    /// HTML where data was expected: most likely a sign-in page, or a redirect to one.
    LoginPage,
    /// What is asked for is elsewhere now; the address in the configuration should say so.
    Moved,
    /// One redirect after another within the server, most likely in a circle.
    TooManyRedirects,
    /// The body is not the JSON expected: cut off, of another shape, of another product.
    Malformed,
    /// The answer came, and says that it failed (`error_when`).
    ErrorInAnswer,
    /// The jq filter failed, ran too long or was stopped.
    Filter,
    /// A command could not be started or ended with an error.
    Command,
    /// A secret (`env:`, `file:`, `command:`) could not be had.
    Secret,
}

impl FaultKind {
    /// Whether the source is there and only this query is wrong.
    pub fn is_about_query(self) -> bool {
        matches!(self, Self::BadQuery | Self::Filter | Self::ErrorInAnswer)
    }

    /// Whether nothing answered at all.
    pub fn is_silence(self) -> bool {
        matches!(self, Self::Resolve | Self::Refused | Self::Unreachable | Self::Tls | Self::TimedOut(_))
    }
}

impl Fault {
    /// A fault of `kind`; `detail` is scrubbed and cut to a line.
    pub fn new(kind: FaultKind, detail: impl AsRef<str>) -> Self {
        Self { kind, detail: crate::base::text::clipped(detail.as_ref().trim(), 300).into_owned() }
    }

    /// The shortest words for it; for the frame line of a pane.
    pub fn short(&self) -> String {
        match self.kind {
            FaultKind::Resolve => "cannot resolve".into(),
            FaultKind::Refused => "refused".into(),
            FaultKind::Unreachable => "unreachable".into(),
            FaultKind::Tls => "TLS failed".into(),
            FaultKind::TimedOut(_) => "timed out".into(),
            FaultKind::Unauthorized => "401 not signed in".into(),
            FaultKind::Forbidden => "403 not allowed".into(),
            FaultKind::NotFound => "404 not found".into(),
            FaultKind::TooManyRequests(_) => "429 too many requests".into(),
            FaultKind::BadQuery => "query refused".into(),
            FaultKind::Status(code) => format!("status {code}"),
            FaultKind::TooLarge(_) => "too large".into(),
            FaultKind::NoRoom(_) => "no memory left".into(),
            FaultKind::LoginPage => "login page".into(),
            FaultKind::Moved => "moved".into(),
            FaultKind::TooManyRedirects => "too many redirects".into(),
            FaultKind::Malformed => "not the JSON expected".into(),
            FaultKind::ErrorInAnswer => "answered with an error".into(),
            FaultKind::Filter => "jq failed".into(),
            FaultKind::Command => "command failed".into(),
            FaultKind::Secret => "no secret".into(),
        }
    }

    /// Whether the program has taken all the memory it may.
    pub fn lacks_room(&self) -> bool {
        matches!(self.kind, FaultKind::NoRoom(_))
    }

    /// How long the server asked to be left alone, if it did.
    pub fn retry_after(&self) -> Option<Duration> {
        match self.kind {
            FaultKind::TooManyRequests(after) => after,
            _ => None,
        }
    }
}

impl fmt::Display for Fault {
    /// One line that reads after the name of a source: what happened, with what was found.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            FaultKind::TimedOut(after) => write!(f, "timed out after {}", seconds(after))?,
            FaultKind::TooManyRequests(Some(after)) => {
                write!(f, "429 too many requests, asked to wait {}", seconds(after))?;
            }
            FaultKind::TooLarge(cap) => write!(f, "answer larger than {} MB", cap / 1_000_000)?,
            FaultKind::NoRoom(limit) => {
                write!(
                    f,
                    "a large answer was not read: it would take stanch past `max_memory`, {} MB",
                    limit / 1_000_000
                )?;
            }
            FaultKind::LoginPage => f.write_str("HTML where JSON was expected (sign-in page?)")?,
            FaultKind::Unauthorized => f.write_str("401 not signed in: check the credentials")?,
            FaultKind::NotFound => f.write_str("404 not found: check the address and its prefix")?,
            FaultKind::Status(code) if code >= 500 => write!(f, "server error {code}")?,
            _ => f.write_str(&self.short())?,
        }
        if !self.detail.is_empty() {
            write!(f, ": {}", self.detail)?;
        }
        Ok(())
    }
}

impl std::error::Error for Fault {}

fn seconds(duration: Duration) -> String {
    let text = format!("{:.1}", duration.as_secs_f64());
    format!("{} s", text.strip_suffix(".0").unwrap_or(&text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_as_words() {
        let fault = Fault::new(FaultKind::TimedOut(Duration::from_secs(5)), "");
        assert_eq!(fault.to_string(), "timed out after 5 s");
        let fault = Fault::new(FaultKind::BadQuery, "1:7: parse error\x1b[31m");
        assert_eq!(fault.to_string(), "query refused: 1:7: parse error[31m");
    }
}
