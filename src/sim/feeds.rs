//! What the shop writes about itself beside metrics: changes and log lines.

use std::collections::VecDeque;

use serde::Serialize;

use super::{
    clock::Clock,
    noise::Noise,
    shop::{BAD, Condition, SEARCH_NEW},
    story,
};

/// Log lines that are kept.
const KEPT: usize = 2_000;

/// Something that was changed, in story time.
#[derive(Clone, Debug)]
pub(super) struct Change {
    pub id: String,
    pub kind: &'static str,
    pub title: &'static str,
    pub service: &'static str,
    pub version: &'static str,
    pub started: f64,
    pub finished: f64,
    pub who: &'static str,
    pub undo: &'static str,
}

/// A change as the deploy feed has it.
#[derive(Serialize)]
pub(super) struct Deployment {
    id: String,
    kind: &'static str,
    title: &'static str,
    service: &'static str,
    version: Option<&'static str>,
    status: &'static str,
    started_at: String,
    finished_at: Option<String>,
    who: &'static str,
    undo: Option<&'static str>,
    url: String,
}

impl Change {
    pub fn deployment(&self, clock: Clock, now: f64) -> Deployment {
        let done = self.finished <= now;
        let word = |word: &'static str| (!word.is_empty()).then_some(word);
        Deployment {
            id: self.id.clone(),
            kind: self.kind,
            title: self.title,
            service: self.service,
            version: word(self.version),
            status: if done { "succeeded" } else { "running" },
            started_at: clock.stamp(self.started),
            finished_at: done.then(|| clock.stamp(self.finished)),
            who: self.who,
            undo: word(self.undo),
            url: format!("https://deploys.shop.example/{}", self.id),
        }
    }
}

/// What was changed before the demo began, oldest first.
pub(super) fn past_changes() -> Vec<Change> {
    const HOUR: f64 = 3600.0;
    let mut changes: Vec<Change> = Vec::new();
    let mut add = |kind, title, (service, version), finished: f64, lasted: f64, who, undo| {
        let id = change_id(changes.len());
        changes.push(Change { id, kind, title, service, version, started: finished - lasted, finished, who, undo });
    };
    add("deploy", "cart v3.2.2", ("cart", "v3.2.2"), -26.0 * HOUR, 40.0, "jo", "deploy cart v3.2.1");
    add("schema", "orders: index on customer", ("db", ""), -9.0 * HOUR, 300.0, "dana", "");
    add("deploy", "payments v4.8.0", ("payments", "v4.8.0"), -3.1 * HOUR, 35.0, "sam", "deploy payments v4.7.9");
    add("config", "edge: rate limit 900/s", ("edge", ""), -1500.0, 5.0, "kim", "revert edge-config 5fd2");
    add("deploy", "checkout v2.3.1", ("checkout", BAD), story::CHECKOUT_DEPLOYED, 26.0, "maria", "rollback-checkout");
    add("deploy", "search v1.9.0", ("search", SEARCH_NEW), story::SEARCH_DEPLOYED, 14.0, "ivan", "rollback-search");
    add("flag", "autumn banner on", ("edge", ""), story::BANNER_ON, 1.0, "lena", "banner-off");
    changes
}

/// The id of the change that comes after `before` others.
pub(super) fn change_id(before: usize) -> String {
    format!("chg-{}", 1041 + before)
}

/// A log line as the feed has it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Line {
    pub at: String,
    pub level: &'static str,
    pub service: &'static str,
    pub pod: String,
    pub text: String,
}

/// The newest log lines, oldest first.
#[derive(Default)]
pub(super) struct Logs(VecDeque<Line>);

impl Logs {
    /// The newest of a service and level, or of all.
    pub fn newest(&self, service: Option<&str>, level: Option<&str>, limit: usize) -> Vec<Line> {
        let lines = self.0.iter().rev();
        let lines = lines.filter(|line| service.is_none_or(|wanted| wanted == line.service));
        let lines = lines.filter(|line| level.is_none_or(|wanted| wanted == line.level));
        let mut lines: Vec<_> = lines.take(limit).cloned().collect();
        lines.reverse();
        lines
    }

    pub fn push(&mut self, line: Line) {
        if self.0.len() >= KEPT {
            self.0.pop_front();
        }
        self.0.push_back(line);
    }

    /// What the pods write in one moment: now and then something usual, more when they fare badly.
    pub fn step<'a>(
        &mut self,
        clock: Clock,
        now: f64,
        noise: Noise,
        db_is_up: bool,
        pods: impl Iterator<Item = Condition<'a>>,
    ) {
        for Condition { pod, failing, pool } in pods {
            let dice = noise.unit(&pod.name, now + 0.5);
            let number = (noise.unit(&pod.name, now + 0.25) * 90_000.0) as u32 + 10_000;
            let said = match (pod.service, pod.version) {
                (service, _) if failing > 0.5 && !db_is_up && service != "edge" => {
                    ("error", "db-0:5432: connection refused".to_owned())
                }
                ("checkout", BAD) if dice < failing * 0.8 => {
                    let text = format!("order {number}: no connection within 3000 ms (pool {pool}/20, 61 waiting)");
                    ("error", text)
                }
                ("checkout", BAD) if pool >= 16.0 && dice > 0.9 => {
                    ("warn", format!("pool {pool}/20 in use, oldest held for {:.0} s", now - pod.born))
                }
                ("edge", _) if dice < failing * 2.0 => {
                    ("warn", format!("upstream checkout answered 500 for POST /checkout/{number}"))
                }
                ("search", version) if dice > 0.985 => {
                    ("info", format!("query took {} ms ({version}, new ranking)", 180 + number % 140))
                }
                ("payments", _) if dice > 0.985 => ("info", format!("captured payment of order {number}")),
                ("checkout", _) if dice > 0.97 => ("info", format!("order {number} completed")),
                ("cart", _) if dice > 0.99 => ("info", format!("cart {number} merged after sign-in")),
                _ => continue,
            };
            let (level, text) = said;
            self.push(Line { at: clock.stamp(now), level, service: pod.service, pod: pod.name.clone(), text });
        }
    }
}
