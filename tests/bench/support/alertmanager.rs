//! An Alertmanager whose answers are ready: a storm over a whole estate, in the shape of real ones.
//!
//! From poll to poll alerts go and others come, and times and measured values are others: no two answers are alike.

use std::{
    fmt::Write,
    io::{self, Write as _},
    net::TcpStream,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use jiff::{SignedDuration, Timestamp};

use super::http;

/// How many answers are prepared; they come in turns.
const TURNS: usize = 3;
/// Alerts when there is no storm, in three groups.
pub const CALM: usize = 150;
/// Alerts of one rule and service, at most.
const IN_A_GROUP: usize = 50;

/// What is answered.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Says {
    /// A few alerts.
    Calm,
    /// All of them.
    Storm,
    /// A body of so many bytes; nobody is expected to read all of it.
    TooMuch(usize),
}

/// An answer that has been sent.
#[derive(Clone, Copy, Debug)]
pub struct Sent {
    /// When its last byte was taken by the connection.
    pub at: Instant,
    /// How many alerts fire.
    pub alerts: usize,
}

/// A server.
pub struct Alertmanager {
    pub url: String,
    /// The size of the first storm, in bytes.
    pub bytes: usize,
    state: Arc<State>,
}

struct State {
    says: Mutex<Says>,
    sent: Mutex<Vec<Sent>>,
    calm: (usize, Vec<u8>),
    storms: Vec<(usize, Vec<u8>)>,
}

impl Alertmanager {
    pub fn start(alerts: usize) -> Self {
        let storms: Vec<_> = (0..TURNS).map(|turn| groups(alerts, turn)).collect();
        let bytes = storms[0].1.len();
        let (says, sent) = (Mutex::new(Says::Calm), Mutex::default());
        let state = Arc::new(State { says, sent, calm: groups(CALM, 0), storms });
        let answering = Arc::clone(&state);
        let url = http::serve(move |path, stream| answering.answer(path, stream));
        Self { url, bytes, state }
    }

    pub fn say(&self, says: Says) {
        *self.state.says.lock().unwrap_or_else(PoisonError::into_inner) = says;
    }

    /// All that was sent since this was asked last.
    pub fn sent(&self) -> Vec<Sent> {
        std::mem::take(&mut *self.state.sent.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl State {
    fn answer(&self, path: &str, stream: &mut TcpStream) -> io::Result<()> {
        if !path.starts_with("/api/v2/alerts/groups") {
            return http::send(stream, b"{}");
        }
        let says = *self.says.lock().unwrap_or_else(PoisonError::into_inner);
        let turn = (Timestamp::now().as_second() / 5) as usize % TURNS;
        let (alerts, body) = if says == Says::Calm { &self.calm } else { &self.storms[turn] };
        match says {
            Says::TooMuch(bytes) => {
                stream.write_all(http::head(bytes).as_bytes())?;
                let mut left = bytes;
                while left > 0 {
                    let part = &body[..left.min(body.len())];
                    stream.write_all(part)?;
                    left -= part.len();
                }
            }
            _ => {
                stream.write_all(http::head(body.len()).as_bytes())?;
                stream.write_all(body)?;
            }
        }
        let sent = Sent { at: Instant::now(), alerts: *alerts };
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).push(sent);
        Ok(())
    }
}

/// How many alerts fire, and an answer of `/api/v2/alerts/groups` that says so.
pub fn groups(alerts: usize, turn: usize) -> (usize, Vec<u8>) {
    let now = Timestamp::now() + SignedDuration::from_secs(5 * turn as i64);
    let mut body = String::with_capacity(alerts * 830);
    let (mut fire, mut group) = (0, None);
    body.push('[');
    // Each turn has another number of them, so that it can be told on the screen.
    for at in 0..alerts.saturating_sub(10 * turn) {
        // Every 61st is over, and others are in each turn.
        if alerts > TURNS * 61 && at % 61 == turn {
            continue;
        }
        let in_group = at / IN_A_GROUP;
        let (name, service) =
            (format!("{}{:02}", RULES[in_group % 4], in_group % 40), format!("svc-{:03}", in_group / 2));
        if group != Some(in_group) {
            let start = if group.is_some() { "]},{" } else { "{" };
            let labels = format!(r#"{{"alertname":"{name}","service":"{service}"}}"#);
            let _ = write!(body, r#"{start}"labels":{labels},"receiver":{{"name":"oncall-pager"}},"alerts":["#);
            group = Some(in_group);
        } else {
            body.push(',');
        }
        one(&mut body, at, turn, now, &name, &service);
        fire += 1;
    }
    body.push_str(if group.is_some() { "]}]" } else { "]" });
    (fire, body.into_bytes())
}

const RULES: [&str; 4] = ["HighErrorRate", "PodCrashLooping", "LatencyElevated", "ReplicasUnavailable"];
const SEVERITIES: [&str; 4] = ["critical", "warning", "warning", "info"];

fn one(body: &mut String, at: usize, turn: usize, now: Timestamp, name: &str, service: &str) {
    let began = now - SignedDuration::from_secs(60 + (at % 3000) as i64);
    let value = 5.0 + ((at * 31 + turn * 7) % 900) as f64 / 10.0;
    let (instance, pod) =
        (format!("10.{}.{}.{}:9100", at / 62_500, at / 250 % 250, at % 250), at * 2_654_435_761 % 0xff_ffff);
    let (cluster, namespace) = (at / 200 % 12, at / 50 % 50);
    let (severity, team) = (SEVERITIES[at / IN_A_GROUP % 4], ["shop", "money", "data", "platform"][at / 200 % 4]);
    let ends = now + SignedDuration::from_secs(240);
    let _ = write!(
        body,
        r#"{{"annotations":{{"description":"More than 5% of the requests to {service} in eu-{cluster} ended in a 5xx over the last 5 m (now {value:.1}%).","runbook_url":"https://runbooks.shop.example/{name}","summary":"{service}-{pod:06x} fails {value:.1}% of its requests"}},"endsAt":"{ends:.3}","fingerprint":"{at:016x}","receivers":[{{"name":"oncall-pager"}}],"startsAt":"{began:.3}","status":{{"inhibitedBy":[],"silencedBy":[],"state":"active"}},"updatedAt":"{now:.3}","generatorURL":"http://prometheus.eu-{cluster}.example/graph?g0.expr=service%3Aerrors%3Aratio5m+%3E+0.05\u0026g0.tab=1","labels":{{"alertname":"{name}","cluster":"eu-{cluster}","env":"production","instance":"{instance}","namespace":"ns-{namespace:02}","pod":"{service}-{pod:06x}","service":"{service}","severity":"{severity}","team":"{team}"}}}}"#
    );
}

/// A source of the cockpit that asks it.
pub fn configured(url: &str, every: Duration, max_bytes: usize) -> String {
    let seconds = every.as_secs();
    format!(
        "[[source]]\nname = \"alerts\"\ntype = \"alertmanager\"\nurl = \"{url}\"\nevery = \"{seconds}s\"\nmax_bytes = {max_bytes}\n"
    )
}
