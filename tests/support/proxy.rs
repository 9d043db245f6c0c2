//! A network between a client and a server that can be cut and mended: bytes are forwarded, or lost sight of.
//!
//! While it is cut nothing gets through in either direction, no connection is closed, and new ones are taken and never
//! answered: as a firewall that drops, or a cable that was pulled. What was under way goes on when it is mended, as TCP
//! sends again what was lost. Everything is on loopback and ends with the test.
#![expect(clippy::expect_used, reason = "a test may fail")]

use std::{
    io::{self, Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{Arc, Condvar, Mutex, MutexGuard},
    thread,
    time::Duration,
};

/// The network before one server.
pub struct Proxy {
    /// Where clients go instead.
    pub url: String,
    line: Arc<Line>,
}

#[derive(Default)]
struct Line {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Clone, Copy, Default, PartialEq)]
enum State {
    #[default]
    Whole,
    Cut,
    Over,
}

impl Proxy {
    /// Before the server at `http://host:port`.
    pub fn before(url: &str) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
        let own = format!("http://{}", listener.local_addr().expect("an address"));
        let (server, line) = (url.trim_start_matches("http://").to_owned(), Arc::<Line>::default());
        let shared = Arc::clone(&line);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                if shared.is_over() {
                    return;
                }
                let (server, line) = (server.clone(), Arc::clone(&shared));
                // One that breaks off is its two ends' to notice.
                thread::spawn(move || connect(client, &server, &line));
            }
        });
        Self { url: own, line }
    }

    /// From now on nothing gets through.
    pub fn cut(&self) {
        self.line.set(State::Cut);
    }

    /// Everything gets through again.
    pub fn mend(&self) {
        self.line.set(State::Whole);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.line.set(State::Over);
        // Wakes the thread that listens.
        let _ = TcpStream::connect(self.url.trim_start_matches("http://"));
    }
}

impl Line {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("not poisoned")
    }

    fn set(&self, state: State) {
        *self.lock() = state;
        self.changed.notify_all();
    }

    fn is_over(&self) -> bool {
        *self.lock() == State::Over
    }

    /// Waits while it is cut; false when the test is over.
    fn is_whole(&self) -> bool {
        let state = self.changed.wait_while(self.lock(), |state| *state == State::Cut).expect("not poisoned");
        *state == State::Whole
    }
}

fn connect(client: TcpStream, server: &str, line: &Arc<Line>) -> io::Result<()> {
    if !line.is_whole() {
        return Ok(());
    }
    let server = TcpStream::connect(server)?;
    let (from, into, there) = (client.try_clone()?, server.try_clone()?, Arc::clone(line));
    thread::spawn(move || carry(from, into, &there));
    carry(server, client, line)
}

/// Carries bytes one way. What has been read when the line is cut waits for it to be mended.
fn carry(mut from: TcpStream, mut into: TcpStream, line: &Line) -> io::Result<()> {
    from.set_read_timeout(Some(Duration::from_millis(100)))?;
    let mut chunk = [0; 16 * 1024];
    while line.is_whole() {
        let count = match from.read(&mut chunk) {
            Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => continue,
            Err(_) | Ok(0) => 0,
            Ok(count) => count,
        };
        if !line.is_whole() {
            break;
        }
        if count == 0 {
            return into.shutdown(Shutdown::Write);
        }
        into.write_all(&chunk[..count])?;
    }
    Ok(())
}
