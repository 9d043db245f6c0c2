//! Looks for servers on their usual ports of this machine, and nowhere else.
//!
//! A short wait and a look at what answers: a port that is open is not yet a Prometheus.

use std::{
    io::{Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpStream},
    thread,
    time::Duration,
};

use crate::base::text;

/// How long to wait for a connection, and for each piece of an answer.
const PATIENCE: Duration = Duration::from_millis(200);

/// The servers that are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Prometheus,
    Alertmanager,
}

impl Kind {
    /// Its name, as its project writes it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Prometheus => "Prometheus",
            Self::Alertmanager => "Alertmanager",
        }
    }

    fn port(self) -> u16 {
        match self {
            Self::Prometheus => 9090,
            Self::Alertmanager => 9093,
        }
    }

    /// A path that only it answers, and where its version stands there.
    fn version(self) -> (&'static str, &'static str) {
        match self {
            Self::Prometheus => ("/api/v1/status/buildinfo", "/data/version"),
            Self::Alertmanager => ("/api/v2/status", "/versionInfo/version"),
        }
    }
}

/// A server that answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub kind: Kind,
    pub url: String,
    pub version: String,
}

/// Those on their usual ports.
pub fn usual() -> Vec<Found> {
    let look = |kind: Kind| move || at(kind, SocketAddr::from((Ipv4Addr::LOCALHOST, kind.port())));
    let threads = [Kind::Prometheus, Kind::Alertmanager].map(|kind| thread::spawn(look(kind)));
    threads.into_iter().filter_map(|one| one.join().ok().flatten()).collect()
}

/// Whether a server of this kind listens there.
fn at(kind: Kind, address: SocketAddr) -> Option<Found> {
    let (path, version) = kind.version();
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    stream.set_write_timeout(Some(PATIENCE)).ok()?;
    // HTTP/1.0, so that the answer comes in one piece and ends with the connection.
    let request = format!("GET {path} HTTP/1.0\r\nHost: {address}\r\nAccept: application/json\r\n\r\n");
    stream.write_all(request.as_bytes()).ok()?;
    let answer = until_end(stream);
    let (head, body) = answer.split_once("\r\n\r\n")?;
    if head.split(' ').nth(1) != Some("200") {
        return None;
    }
    let body: serde_json::Value = serde_json::from_str(body).ok()?;
    let version = text::clipped(body.pointer(version)?.as_str()?, 40).into_owned();
    Some(Found { kind, url: format!("http://{address}"), version })
}

/// What comes until the end, a pause or 64 KiB, whichever is first.
fn until_end(stream: TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut piece = [0; 4096];
    let mut stream = stream.take(64 * 1024);
    while let Ok(length @ 1..) = stream.read(&mut piece) {
        bytes.extend_from_slice(&piece[..length]);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    /// Answers one request with `answer` and checks what is made of it.
    #[track_caller]
    fn check(kind: Kind, answer: &'static str, expected: Option<&str>) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let server = thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a connection");
            let mut request = [0; 1024];
            let length = stream.read(&mut request).expect("a request");
            stream.write_all(answer.as_bytes()).expect("answered");
            String::from_utf8_lossy(&request[..length]).into_owned()
        });
        let found = at(kind, address);
        assert_eq!(found.as_ref().map(|found| found.version.as_str()), expected);
        let request = server.join().expect("a request");
        assert!(request.starts_with(&format!("GET {} HTTP/1.0\r\n", kind.version().0)), "{request}");
    }

    #[test]
    fn only_what_answers_as_it_should_is_found() {
        let json = "HTTP/1.1 200 OK\r\n\r\n{\"status\":\"success\",\"data\":{\"version\":\"2.42.0\"}}";
        check(Kind::Prometheus, json, Some("2.42.0"));
        check(Kind::Alertmanager, json, None);
        check(Kind::Alertmanager, "HTTP/1.0 200 OK\r\n\r\n{\"versionInfo\":{\"version\":\"0.25.0\"}}", Some("0.25.0"));
        check(Kind::Prometheus, "HTTP/1.1 404 Not Found\r\n\r\n{\"data\":{\"version\":\"x\"}}", None);
        check(Kind::Prometheus, "HTTP/1.1 200 OK\r\n\r\n<html>sign in</html>", None);
        check(Kind::Prometheus, "SSH-2.0-OpenSSH_9.2\r\n", None);
    }
}
