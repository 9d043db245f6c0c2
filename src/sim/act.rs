//! The hidden subcommand that the demo's mitigations run: one POST to the simulator, in plain words.

use std::{
    io::{self, Read, Write},
    net::TcpStream,
    process::ExitCode,
    time::Duration,
};

/// How long the simulator may take to answer.
const TIMEOUT: Duration = Duration::from_secs(10);
/// The most of an answer that is read, in bytes.
const MAX_ANSWER: u64 = 64 * 1024;

/// Takes `URL ACTION`, asks the simulator there to do it and prints what it says. Exits with 0 if it was done, 1 if it
/// was refused or nobody answers, 2 for arguments that make no sense.
pub fn act_main(args: impl IntoIterator<Item = String>) -> ExitCode {
    let args: Vec<String> = args.into_iter().collect();
    let [url, action] = args.as_slice() else {
        eprintln!("usage: stanch __sim-act URL ACTION");
        return ExitCode::from(2);
    };
    match ask(url, action) {
        Ok((200, text)) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Ok((_, text)) => {
            eprint!("{text}");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("{url}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn ask(url: &str, action: &str) -> io::Result<(u16, String)> {
    let invalid = |what: &str| io::Error::new(io::ErrorKind::InvalidInput, what.to_owned());
    let host = url.trim_end_matches('/').strip_prefix("http://").ok_or_else(|| invalid("not an http address"))?;
    if !action.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
        return Err(invalid("not the name of an action"));
    }
    let address = host.parse().map_err(|_| invalid("not an address and port"))?;
    let mut stream = TcpStream::connect_timeout(&address, TIMEOUT)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    // HTTP/1.0, so that the answer ends with the connection.
    write!(stream, "POST /act/{action} HTTP/1.0\r\nHost: {host}\r\nContent-Length: 0\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.take(MAX_ANSWER).read_to_end(&mut answer)?;
    let answer = String::from_utf8_lossy(&answer);
    let (head, body) = answer.split_once("\r\n\r\n").ok_or_else(|| invalid("the answer is not HTTP"))?;
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    Ok((status.ok_or_else(|| invalid("the answer is not HTTP"))?, body.to_owned()))
}
