//! Queries to the simulator, over HTTP as the cockpit asks them: each is answered, and soon.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    sync::{Mutex, OnceLock},
    time::Duration,
};

use stanch::sim::{self, Options, Sim};

struct Asked {
    sim: Sim,
    stream: Option<BufReader<TcpStream>>,
}

fn shop() -> &'static Mutex<Asked> {
    static SIM: OnceLock<Mutex<Asked>> = OnceLock::new();
    SIM.get_or_init(|| {
        let start = jiff::Timestamp::now() - jiff::SignedDuration::from_mins(6);
        let sim = sim::start(Options { start: Some(start), ..Options::default() }).expect("a simulator");
        Mutex::new(Asked { sim, stream: None })
    })
}

pub fn promql(bytes: &[u8]) {
    let query: String = bytes.iter().map(|byte| format!("%{byte:02x}")).collect();
    let mut asked = shop().lock().expect("the one before was answered");
    let now = jiff::Timestamp::now().as_second();
    for (path, more) in
        [("/api/v1/query", String::new()), ("/api/v1/query_range", format!("&start={}&end={now}&step=15", now - 300))]
    {
        let answer = asked.ask(path, &format!("query={query}{more}"));
        let value: serde_json::Value = serde_json::from_slice(&answer).expect("an answer in JSON");
        let status = value["status"].as_str().expect("a status");
        assert!(status == "success" || value["error"].is_string(), "{value}");
    }
}

impl Asked {
    fn ask(&mut self, path: &str, form: &str) -> Vec<u8> {
        let address = self.sim.prometheus_url.trim_start_matches("http://").trim_end_matches('/').to_owned();
        let mut stream = self.stream.take().unwrap_or_else(|| {
            let stream = TcpStream::connect(&address).expect("it listens");
            stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a timeout");
            stream.set_nodelay(true).expect("no delay");
            BufReader::new(stream)
        });
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{form}",
            form.len()
        );
        stream.get_mut().write_all(request.as_bytes()).expect("it takes the question");
        let (mut line, mut length) = (String::new(), None);
        loop {
            line.clear();
            assert!(stream.read_line(&mut line).expect("an answer within a minute") > 0, "it hung up on {form}");
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse::<usize>().ok();
            }
            if line.trim().is_empty() {
                break;
            }
        }
        let mut body = vec![0; length.expect("the length of the answer")];
        stream.read_exact(&mut body).expect("the whole answer");
        self.stream = Some(stream);
        body
    }
}
