//! The least of a web server that keeps its connections: a thread each, an answer for every request.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::Arc,
    thread,
};

/// Answers a request for this path and query, on the bare connection.
pub trait Answer: Fn(&str, &mut TcpStream) -> io::Result<()> + Send + Sync + 'static {}
impl<F: Fn(&str, &mut TcpStream) -> io::Result<()> + Send + Sync + 'static> Answer for F {}

/// Serves on a free port of loopback as long as the program runs; the address.
pub fn serve(answer: impl Answer) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let answer = Arc::new(answer);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let answer = Arc::clone(&answer);
            // A client that is gone is nobody's fault.
            thread::spawn(move || connection(stream, answer.as_ref()));
        }
    });
    url
}

fn connection(mut stream: TcpStream, answer: &impl Answer) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
        let mut length = 0;
        loop {
            let mut header = String::new();
            reader.read_line(&mut header)?;
            let header = header.trim().to_ascii_lowercase();
            if header.is_empty() {
                break;
            }
            if let Some(value) = header.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or(0);
            }
        }
        io::copy(&mut reader.by_ref().take(length), &mut io::sink())?;
        answer(&path, &mut stream)?;
    }
}

/// Everything before a JSON body of this length.
pub fn head(length: usize) -> String {
    format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n")
}

/// A whole answer in one write, so that it costs little and comes at once.
pub fn send(stream: &mut TcpStream, body: &[u8]) -> io::Result<()> {
    let mut bytes = head(body.len()).into_bytes();
    bytes.extend_from_slice(body);
    stream.write_all(&bytes)
}

/// A parameter of a query as it stands there, not decoded.
pub fn parameter<'a>(path: &'a str, name: &str) -> Option<&'a str> {
    let query = path.split_once('?')?.1;
    query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
}
