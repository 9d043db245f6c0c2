//! A Loki that holds what it is given, and answers for log lines as a real one does: newest or oldest first, a limit over
//! all streams, an end that does not count, streams in no order of time.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use serde_json::{Value, json};

use crate::server::{Seen, Server, Step, reply};

/// Most lines of one answer.
pub const MOST: usize = 5000;

/// One line that it holds.
#[derive(Clone, Debug)]
pub struct Held {
    pub ns: i64,
    pub app: &'static str,
    pub line: String,
}

/// What it holds, and what it is told to do.
#[derive(Default)]
pub struct Store {
    pub lines: Vec<Held>,
    /// Most lines of one answer, where that is less than usual.
    pub most: Option<usize>,
    /// Answers this to everything.
    pub refuses: Option<(u16, &'static str)>,
}

/// A running one.
pub struct FakeLoki {
    pub server: Server,
    pub store: Arc<Mutex<Store>>,
}

impl FakeLoki {
    pub async fn start() -> Self {
        let store = Arc::<Mutex<Store>>::default();
        let held = Arc::clone(&store);
        let server = Server::start(move |seen| answer(&held.lock().expect("not poisoned"), seen)).await;
        Self { server, store }
    }

    /// Puts lines in.
    pub fn push(&self, lines: impl IntoIterator<Item = (i64, &'static str, String)>) {
        let held = lines.into_iter().map(|(ns, app, line)| Held { ns, app, line });
        self.store.lock().expect("not poisoned").lines.extend(held);
    }

    pub fn refuse(&self, refusal: Option<(u16, &'static str)>) {
        self.store.lock().expect("not poisoned").refuses = refusal;
    }

    /// The parameters of each request for lines, in their order.
    pub fn asked(&self) -> Vec<BTreeMap<String, String>> {
        self.server.seen().iter().map(parameters).collect()
    }
}

fn parameters(seen: &Seen) -> BTreeMap<String, String> {
    let query = seen.path.split_once('?').map_or(seen.body.as_str(), |(_, query)| query);
    let url = reqwest::Url::parse(&format!("http://x/?{query}")).expect("an address");
    url.query_pairs().into_owned().collect()
}

/// As it is sent: in plain text.
fn text(status: u16, words: &str) -> Vec<Step> {
    reply(status, &[("content-type", "text/plain; charset=utf-8")], words)
}

fn answer(store: &Store, seen: &Seen) -> Vec<Step> {
    if let Some((status, words)) = store.refuses {
        return text(status, words);
    }
    let asked = parameters(seen);
    let number = |name: &str| asked.get(name).and_then(|value| value.parse::<i64>().ok());
    let most = store.most.unwrap_or(MOST);
    let limit = number("limit").unwrap_or(100) as usize;
    if limit > most {
        let words =
            format!("max entries limit per query exceeded, limit > max_entries_limit_per_query ({limit} > {most})");
        return text(400, &words);
    }
    let (start, end) = (number("start").unwrap_or(i64::MIN), number("end").unwrap_or(i64::MAX));
    let mut lines: Vec<&Held> = store.lines.iter().filter(|held| (start..end).contains(&held.ns)).collect();
    lines.sort_by_key(|held| held.ns);
    if asked.get("direction").is_none_or(|direction| direction != "forward") {
        lines.reverse();
    }
    lines.truncate(limit);
    let mut streams = BTreeMap::<&str, Vec<Value>>::new();
    for held in &lines {
        streams.entry(held.app).or_default().push(json!([held.ns.to_string(), held.line, {}]));
    }
    let result: Vec<Value> =
        streams.into_iter().map(|(app, values)| json!({"stream": {"app": app}, "values": values})).collect();
    let data = json!({"resultType": "streams", "encodingFlags": ["categorize-labels"], "result": result, "stats": {}});
    let body = json!({"status": "success", "data": data}).to_string();
    reply(200, &[("content-type", "application/json; charset=UTF-8")], body)
}
