//! Things made from bytes: entries of a journal, readings, words. Whoever has random bytes has a random incident, so a
//! fuzzer and a property test share one generator, and a failure is a short string of bytes.
//!
//! Events are made by way of their JSON, which is a contract: a kind that cannot be read here fails the test.

use jiff::Timestamp;
use serde_json::{Value, json};
use stanch::{
    incident::{Entry, Event, Id},
    signal::{
        Alert, AlertSet, AlertState, Change, ChangeKind, Data, Labels, Level, LogLine, Point, Series, Severity, Table,
        alert::AlertLinks,
    },
};

/// Words that people and systems write, and some that nobody means well with.
const WORDS: &[&str] = &[
    "checkout",
    "db pool exhausted",
    "5xx",
    "bad deploy v2.3.1",
    "支付 slow 🌞",
    "e\u{301}te\u{301}",
    "**bold** [x](https://evil.example)",
    "<script>alert(1)</script>",
    "`tick` | a # b",
    "@someone #123",
    "03:05 pool alarms",
    "\"quoted\" \\ 'x'",
    "- item",
    "1. item",
    "https://a.example/?q=(b)",
    "",
    " ",
    "a very long line that goes on and on, and says the same thing again and again, until nobody reads it any more",
];

/// A reader of bytes that never runs out: behind the end there are zeros.
pub struct Made<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Made<'a> {
    pub fn of(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    pub fn is_over(&self) -> bool {
        self.at >= self.bytes.len()
    }

    pub fn byte(&mut self) -> u8 {
        let byte = self.bytes.get(self.at).copied().unwrap_or_default();
        self.at += 1;
        byte
    }

    pub fn below(&mut self, n: usize) -> usize {
        if n == 0 { 0 } else { usize::from(self.byte()) % n }
    }

    pub fn yes(&mut self) -> bool {
        self.byte() % 2 == 1
    }

    pub fn pick<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }

    /// The next so many bytes as text, whatever they are.
    pub fn raw(&mut self, most: usize) -> String {
        let length = self.below(most + 1);
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let text = &rest[..length.min(rest.len())];
        self.at += text.len();
        String::from_utf8_lossy(text).into_owned()
    }

    /// A word that is known, or any text.
    pub fn text(&mut self) -> String {
        match self.byte() {
            byte @ 0..=199 => WORDS[usize::from(byte) % WORDS.len()].to_owned(),
            _ => self.raw(40),
        }
    }

    /// Text as it is once it has come in.
    fn line(&mut self) -> String {
        stanch::base::text::line(&self.text()).into_owned()
    }

    fn maybe(&mut self) -> Option<String> {
        self.yes().then(|| self.line())
    }

    /// Mostly within an hour, now and then anywhere.
    pub fn time(&mut self) -> Timestamp {
        let base = 1_795_316_400; // 2026-11-22T03:00:00Z
        let second = match self.byte() {
            0..=239 => base + i64::from(self.byte()) * 15,
            240..=247 => base - i64::from(self.byte()) * 86_400,
            248..=253 => base + i64::from(self.byte()) * 86_400 * 365,
            254 => Timestamp::MIN.as_second(),
            _ => Timestamp::MAX.as_second(),
        };
        Timestamp::from_second(second).unwrap_or(Timestamp::MAX)
    }

    fn number(&mut self) -> f64 {
        match self.byte() {
            0 => f64::NAN,
            1 => f64::INFINITY,
            2 => f64::NEG_INFINITY,
            3 => f64::MAX,
            4 => f64::MIN_POSITIVE,
            5 => -0.0,
            byte => f64::from(byte) / 8.0 - 4.0,
        }
    }

    fn finite(&mut self) -> f64 {
        Some(self.number()).filter(|number| number.is_finite()).unwrap_or_default()
    }

    /// The id of an entry that may be there.
    fn id(&mut self, entries: usize) -> Id {
        Id::small(self.below(entries + 2) as u128)
    }

    fn check(&mut self) -> Value {
        let query = self.yes().then(|| {
            let present = self.pick(&["> 0", "< 0.5", ">= 1 for 5m", "== 0"]);
            json!({"source": self.pick(&["prom", "am", "nowhere"]), "query": self.line(), "present": present})
        });
        match query {
            Some(query) => json!({"query": query, "minutes": self.finite().abs(), "read_only": self.yes()}),
            None => json!({"minutes": self.finite().abs(), "read_only": self.yes()}),
        }
    }

    fn evidence(&mut self) -> Value {
        let (at, points) = (self.time(), (0..self.below(6)).map(|n| (n as i64 * 1000, self.finite())));
        let points = points.collect::<Vec<_>>();
        json!({"title": self.line(), "source": self.line(), "query": self.line(), "value": self.line(), "at": at,
            "link": self.maybe(), "points": points})
    }

    /// Any event that an incident of so many entries may see. What it names may be of another kind, or not be there.
    pub fn event(&mut self, entries: usize) -> Event {
        const KINDS: u8 = 46;
        let kind = self.byte() % KINDS;
        let state = self.pick(&["present", "absent", "untested", "unclear"]);
        let cell = self.pick(&["#", "+", ".", "-", "X", "?"]);
        let severity = self.pick(&["critical", "warning", "info", "none", "unknown"]);
        let prior = self.pick(&["usual", "common", "rare"]);
        let (a, b) = (self.id(entries), self.id(entries));
        let (text, when) = (self.line(), self.time());
        let key = format!("k{}", self.byte());
        let source = self.pick(&["prom", "am", "deploys", "nowhere"]);
        let group = self.pick(&["CheckoutErrors", "CartErrors", "x"]);
        let links = json!({"runbook": self.maybe(), "dashboard": self.maybe()});
        let event = match kind {
            0 => json!({"kind": "incident_opened", "title": text, "drill": self.yes()}),
            1 => json!({"kind": "watch_started", "session": a}),
            2 => json!({"kind": "watch_stopped", "session": a, "when": when}),
            3 => json!({"kind": "retitled", "title": text}),
            4 => json!({"kind": "severity_set", "severity": text}),
            5 => json!({"kind": "onset_set", "when": when, "basis": "person"}),
            6 => json!({"kind": "status_set", "status": self.pick(&["bleeding", "stanched", "closed"]), "reason": text,
                "when": when}),
            7 => json!({"kind": "acknowledged", "what": text}),
            8 => json!({"kind": "noted", "text": text, "when": when}),
            9 => json!({"kind": "why_parked", "text": text}),
            10 => json!({"kind": "draft_kept", "field": self.pick(&["note", "sign", "hypothesis"]), "text": text}),
            11 => json!({"kind": "pinned", "evidence": self.evidence()}),
            12 => {
                let turn = self.pick(&["fired", "firing_when_opened", "unmuted", "resolved", "lost_sight"]);
                json!({"kind": "alert_turned", "key": key, "source": source, "group": group, "title": text,
                    "severity": severity, "turn": turn, "firing": self.byte(), "when": when, "first": self.yes(),
                    "links": links})
            }
            13 => json!({"kind": "alert_flapped", "key": key, "source": source, "group": group, "title": text,
                "times": self.byte(), "since": when, "until": self.time()}),
            14 => json!({"kind": "source_lost", "key": key, "source": source, "error": text, "when": when}),
            15 => json!({"kind": "source_back", "key": key, "source": source, "lost": when, "when": self.time()}),
            16 => json!({"kind": "vital_crossed", "key": key, "vital": "checkout ok", "value": self.finite(),
                "shown": text, "ok": ">= 99.5 %", "inside": self.yes(), "when": when}),
            17 => json!({"kind": "vital_worsened", "vital": "checkout ok", "since": when, "until": self.time(),
                "seconds": self.finite(), "worst": self.finite(), "shown": text, "area": self.finite()}),
            18 => json!({"kind": "change_seen", "key": key, "source": source, "change": self.change()}),
            19..=21 => json!({"kind": "observation_added", "text": text, "state": state, "origin": self.maybe(),
                "when": when, "check": self.check()}),
            22 => json!({"kind": "observation_added", "text": text, "state": state, "evidence": self.evidence()}),
            23 => json!({"kind": "symptom_folded", "observation": a, "folded": {"of": text, "why": [self.line()],
                "alerts": self.byte(), "inhibited": self.byte(), "began": when, "groups": [{"source": source,
                "group": group, "title": self.line(), "firing": self.byte()}], "more": self.byte()}}),
            24 => json!({"kind": "observation_set", "observation": a, "state": state, "note": text, "when": when}),
            25 => json!({"kind": "observation_cleared", "observation": a, "when": self.yes().then_some(when)}),
            26 => json!({"kind": "check_set", "observation": a, "check": self.check()}),
            27 => json!({"kind": "check_started", "observation": a}),
            28 => json!({"kind": "check_turned", "key": key, "observation": a, "run": b, "state": state, "shown": text,
                "times": self.byte(), "when": when}),
            29 => json!({"kind": "observation_reworded", "observation": a, "text": text}),
            30 => json!({"kind": "origin_set", "observation": a, "origin": self.maybe()}),
            31 => json!({"kind": "coincidence_set", "observation": a, "coincidence": self.yes()}),
            32 | 33 => json!({"kind": "hypothesis_added", "text": text, "prior": prior, "changed": self.yes(),
                "from": "typed"}),
            34 => json!({"kind": "hypothesis_edited", "hypothesis": a, "text": text, "prior": prior,
                "changed": self.yes(), "owner": self.maybe()}),
            35 => json!({"kind": "hypothesis_set", "hypothesis": a, "reason": text,
                "state": self.pick(&["open", "testing", "confirmed", "refuted", "parked"])}),
            36 | 37 => json!({"kind": "cell_set", "hypothesis": a, "observation": b, "cell": cell}),
            38 => json!({"kind": "ranked_by_hand", "order": [a, b]}),
            39 => json!({"kind": "assumption_added", "text": text, "hypothesis": self.yes().then_some(a)}),
            40 => json!({"kind": "assumption_set", "assumption": a,
                "state": self.pick(&["unpoked", "holds", "broken"])}),
            41 => self.stopping(a, b, &text, when),
            42 => self.learning(a, &text),
            43 => json!({"kind": "link_added", "title": text, "url": self.line()}),
            44 => json!({"kind": self.pick(&["undone", "redone"]), "entry": a}),
            _ => json!({"kind": "paged_a_robot", "who": text}),
        };
        let kind = event["kind"].as_str().unwrap_or_default().to_owned();
        match serde_json::from_value(event) {
            Ok(Event::Unknown(_)) if kind != "paged_a_robot" => panic!("`{kind}` is not read as what it is"),
            Ok(event) => event,
            Err(error) => panic!("`{kind}`: {error}"),
        }
    }

    fn stopping(&mut self, a: Id, b: Id, text: &str, when: Timestamp) -> Value {
        match self.below(5) {
            0 => json!({"kind": "mitigation_added", "text": text, "hypothesis": b, "change": self.maybe(),
                "mitigation_kind": self.pick(&["rollback", "flag_off", "restart", "other"])}),
            1 => json!({"kind": "mitigation_set", "mitigation": a, "note": text, "when": when,
                "state": self.pick(&["proposed", "running", "worked", "failed", "undone", "rejected"])}),
            2 => json!({"kind": "mitigation_planned", "mitigation": a, "effect": text, "reversible": self.yes(),
                "vital": "checkout ok", "minutes": self.byte()}),
            3 => json!({"kind": "guard_answered", "mitigation": a, "text": text,
                "question": self.pick(&["last_good", "changed_since", "tested", "proof", "written_since"]),
                "answer": self.pick(&["yes", "no", "unknown", "skipped", "said"])}),
            _ => json!({"kind": "command_ran", "mitigation": a, "argv": ["kubectl", text], "exit": self.byte(),
                "output": self.line(), "seconds": self.finite()}),
        }
    }

    fn learning(&mut self, a: Id, text: &str) -> Value {
        let kind = self.pick(&["prevent", "detect", "mitigate", "process"]);
        match self.below(6) {
            0 => json!({"kind": "answered", "question": self.pick(&["summary", "impact", "why1", "why3", "lucky"]),
                "text": text}),
            1 => json!({"kind": "action_added", "text": text, "owner": self.line(), "due": self.line(),
                "action_kind": kind}),
            2 => {
                json!({"kind": "why_answered", "parent": self.yes().then_some(a), "text": text, "process": self.yes()})
            }
            3 => json!({"kind": "why_ended", "why": a, "process": self.yes()}),
            4 => json!({"kind": "why_reworded", "why": a, "text": text}),
            _ => json!({"kind": "action_edited", "action": a, "text": text, "owner": self.line(), "due": self.line(),
                "action_kind": kind}),
        }
    }

    /// A journal's entries, until the bytes end: numbers contiguous, ids `1, 2, 3, …`, two authors.
    pub fn entries(&mut self, most: usize) -> Vec<Entry> {
        let mut entries = Vec::new();
        while !self.is_over() && entries.len() < most {
            let seq = entries.len() as u64 + 1;
            let (by, at) = (self.pick(&["alice@host", "bob@host"]).to_owned(), self.time());
            let event = self.event(entries.len());
            entries.push(Entry { seq, id: Id::small(u128::from(seq)), at, by, event });
        }
        entries
    }

    fn change(&mut self) -> Change {
        Change {
            id: format!("c{}", self.below(6)),
            kind: self.pick(&[ChangeKind::Deploy, ChangeKind::Flag, ChangeKind::Schema, ChangeKind::Other]),
            title: self.line(),
            service: self.maybe(),
            version: self.maybe(),
            at: self.time(),
            who: self.maybe(),
            undo: self.maybe(),
            url: self.maybe(),
        }
    }

    fn alert(&mut self) -> Alert {
        use AlertState::{Firing, Inhibited, Pending, Silenced};
        let name = self.pick(&["CheckoutErrors", "CartErrors", "DiskFull", "Watchdog", "PodDown"]);
        let service = self.pick(&["checkout", "cart", "search"]);
        Alert {
            id: format!("{name}/{service}/{}", self.below(3)).into(),
            labels: Labels::of([("alertname", name), ("service", service)]),
            summary: self.line().into(),
            state: self.pick(&[Firing, Firing, Firing, Pending, Silenced, Inhibited]),
            severity: self.pick(&[Severity::Critical, Severity::Warning, Severity::Info, Severity::None]),
            starts_at: self.time(),
            receivers: ["oncall".into()].into(),
            links: AlertLinks::default(),
            inhibited_by: [].into(),
            muted_for: [].into(),
        }
    }

    /// A reading of the shape that is wanted: 0 numbers over time, 1 alerts, 2 changes, 3 log lines, 4 a number, 5 a table.
    pub fn data(&mut self, shape: usize) -> Data {
        match shape {
            0 => Data::Series((0..self.below(4)).map(|n| self.series(n)).collect()),
            1 => {
                let alerts = (0..self.below(7)).map(|_| self.alert()).collect();
                Data::Alerts(AlertSet::grouped(alerts, |alert| {
                    let name: std::sync::Arc<str> = alert.labels.get("alertname").unwrap_or_default().into();
                    (name.clone(), name)
                }))
            }
            2 => {
                let mut changes: Vec<_> = (0..self.below(5)).map(|_| self.change()).collect();
                changes.sort_by_key(|change| std::cmp::Reverse(change.at));
                Data::Changes(changes)
            }
            3 => Data::Logs(
                (0..self.below(6))
                    .map(|_| LogLine {
                        at: self.yes().then(|| self.time()),
                        level: self.pick(&[Level::Error, Level::Warn, Level::Info]),
                        labels: Labels::default(),
                        text: self.line(),
                    })
                    .collect(),
            ),
            4 => Data::Number(self.number()),
            _ => Data::Table(Table { rows: vec![vec![self.line()]], dropped: self.below(3), ..Table::default() }),
        }
    }

    fn series(&mut self, n: usize) -> Series {
        let start = self.time().as_millisecond();
        let points =
            (0..self.below(12) as i64).map(|at| Point { t: start.saturating_add(at * 15_000), v: self.number() });
        let points = points.collect();
        Series { name: self.line().into(), labels: Labels::of([("n", ["a", "b", "c", "d"][n % 4])]), points }
    }
}
