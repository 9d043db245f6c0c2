//! A bad deploy of checkout with a decoy: about sixty entries as two cockpits and a pipe would have written them.

use jiff::{SignedDuration, Timestamp};
use stanch::{
    incident::{
        ActionKind, AlertTurn, Cell, Entry, Event, GuardAnswer, GuardQuestion, HypothesisState, Id, MitigationKind,
        MitigationState, ObservationState, Prior, Question, Status,
        board::{AssumptionState, CheckSpec, Evidence},
    },
    signal::{Change, ChangeKind, Severity, alert::AlertLinks},
};

/// A journal in the making. Times are minutes after its start.
pub struct Log {
    pub entries: Vec<Entry>,
    start: Timestamp,
}

impl Log {
    pub fn new(start: &str) -> Self {
        Self { entries: Vec::new(), start: start.parse().expect("a time") }
    }

    pub fn at(&self, minutes: f64) -> Timestamp {
        self.start + SignedDuration::from_millis((minutes * 60_000.0) as i64)
    }

    pub fn add(&mut self, by: &str, minutes: impl Into<f64>, event: Event) -> Id {
        let seq = self.entries.len() as u64 + 1;
        let id = Id::small(u128::from(seq));
        self.entries.push(Entry { seq, id, at: self.at(minutes.into()), by: by.into(), event });
        id
    }

    pub fn note(&mut self, minutes: impl Into<f64>, text: &str) -> Id {
        self.add("alice@ops1", minutes, Event::Noted { text: text.into(), when: None })
    }

    pub fn hypothesis(&mut self, minutes: impl Into<f64>, text: &str) -> Id {
        let (prior, from) = (Prior::Usual, "typed".into());
        self.add("alice@ops1", minutes, Event::HypothesisAdded { text: text.into(), prior, changed: false, from })
    }

    pub fn observation(&mut self, minutes: impl Into<f64>, text: &str, state: ObservationState) -> Id {
        let (text, check) = (text.into(), CheckSpec::default());
        let event = Event::ObservationAdded { text, state, origin: None, when: None, evidence: None, check };
        self.add("alice@ops1", minutes, event)
    }

    pub fn cell(&mut self, minutes: impl Into<f64>, hypothesis: Id, observation: Id, sign: &str) {
        let cell = Cell::parse(sign).expect("a sign");
        self.add("alice@ops1", minutes, Event::CellSet { hypothesis, observation, cell });
    }

    pub fn settle(&mut self, minutes: impl Into<f64>, observation: Id, state: ObservationState, note: &str) {
        let event = Event::ObservationSet { observation, state, note: note.into(), when: None };
        self.add("alice@ops1", minutes, event);
    }

    pub fn decide(&mut self, minutes: impl Into<f64>, hypothesis: Id, state: HypothesisState, reason: &str) {
        self.add("alice@ops1", minutes, Event::HypothesisSet { hypothesis, state, reason: reason.into() });
    }

    pub fn mitigation(&mut self, minutes: impl Into<f64>, mitigation: Id, state: MitigationState, note: &str) {
        self.add("alice@ops1", minutes, Event::MitigationSet { mitigation, state, note: note.into(), when: None });
    }

    /// An alert as it turned at `when`, written half a minute later.
    pub fn alert(&mut self, when: f64, title: &str, severity: Severity, turn: AlertTurn, firing: usize) -> Id {
        let first =
            turn == AlertTurn::Fired && !self.entries.iter().any(|e| matches!(e.event, Event::AlertTurned { .. }));
        let links = AlertLinks {
            runbook: Some(format!("https://wiki.example/runbooks/{title}").into()),
            dashboard: Some("https://grafana.example/d/shop/checkout?orgId=1&from=now-1h&to=now".into()),
            generator: None,
        };
        let event = Event::AlertTurned {
            key: format!("{title} {turn:?} {when}"),
            source: "am".into(),
            group: title.into(),
            title: title.into(),
            severity,
            turn,
            firing,
            when: self.at(when),
            first,
            links,
        };
        self.add("alice@ops1", when + 0.5, event)
    }

    pub fn vital(&mut self, when: f64, value: f64, inside: bool) {
        let event = Event::VitalCrossed {
            key: format!("vital {when}"),
            vital: "checkout ok".into(),
            value,
            shown: format!("{:.1} %", value * 100.0),
            ok: ">= 99.5 %".into(),
            inside,
            when: self.at(when),
        };
        self.add("alice@ops1", when + 0.2, event);
    }

    pub fn deploy(&mut self, when: f64, seen: f64, title: &str, id: &str) {
        let change = Change {
            id: id.into(),
            kind: ChangeKind::Deploy,
            title: title.into(),
            service: None,
            version: None,
            at: self.at(when),
            who: Some("ci".into()),
            undo: Some("kubectl rollout undo deploy/checkout".into()),
            url: Some(format!("https://ci.example/deploys/{id}")),
        };
        let key = format!("change {id}");
        self.add("alice@ops1", seen, Event::ChangeSeen { key, source: "deploys".into(), change: change.into() });
    }

    pub fn answer(&mut self, minutes: impl Into<f64>, question: Question, text: &str) {
        self.add("alice@ops1", minutes, Event::Answered { question, text: text.into() });
    }
}

/// The whole outage; its clock starts at 03:00.
pub fn outage() -> Vec<Entry> {
    let mut log = Log::new("2026-11-22T03:00:00Z");
    detected(&mut log);
    worked(&mut log);
    stopped(&mut log);
    learned(&mut log);
    log.entries
}

fn detected(log: &mut Log) {
    use ObservationState::Present;
    let alice = "alice@ops1";
    log.add(alice, 8, Event::IncidentOpened { title: "Checkout returns 5xx".into(), drill: false });
    log.add(alice, 8, Event::WatchStarted { session: Id::small(901), vitals: false });
    log.alert(6.5, "CheckoutErrorRate", Severity::Critical, AlertTurn::Fired, 8);
    log.alert(7.2, "PaymentsLatency", Severity::Warning, AlertTurn::Fired, 5);
    log.vital(5.0, 0.982, false);
    for n in 0..7 {
        log.deploy(-9000.0 + f64::from(n) * 1200.0, 8.1, &format!("search v4.{n}"), &format!("s{n}"));
    }
    log.deploy(-3.0, 8.1, "checkout v2.3.1", "d17");
    log.add(alice, 8.5, Event::Acknowledged { what: String::new() });
    log.add(alice, 8.6, Event::SeveritySet { severity: "SEV1".into() });
    let evidence = Evidence {
        title: "CheckoutErrorRate".into(),
        source: "am".into(),
        query: "sum(rate(http_requests_total{service=\"checkout\",code=~\"5..\"}[1m]))".into(),
        value: "12.4 req/s".into(),
        at: Some(log.at(8.9)),
        link: Some("http://prom.example:9090/graph?g0.expr=up&g0.tab=0".into()),
        points: vec![(1_795_316_700, 12.4)],
    };
    let event = Event::ObservationAdded {
        text: "checkout returns 5xx".into(),
        state: Present,
        origin: Some("CheckoutErrorRate".into()),
        when: Some(log.at(6.5)),
        evidence: Some(evidence.into()),
        check: CheckSpec::default(),
    };
    log.add(alice, 9, event);
}

fn worked(log: &mut Log) {
    use ObservationState::{Absent, Present, Untested};
    let s1 = log.entries.last().expect("s1").id;
    let s2 = log.observation(9.3, "payments p99 above 1 s", Present);
    let dns = log.hypothesis(9.8, "slow DNS");
    log.cell(9.9, dns, s1, "+");
    log.cell(9.9, dns, s2, "+");
    let (text, prior, from) = ("bad deploy of checkout v2.3.1".into(), Prior::Common, "change".into());
    let deploy = log.add("alice@ops1", 10.2, Event::HypothesisAdded { text, prior, changed: true, from });
    log.cell(10.3, deploy, s1, "#");
    log.cell(10.3, deploy, s2, ".");
    let pool = log.hypothesis(10.8, "db pool exhausted");
    log.cell(10.9, pool, s1, "+");
    log.cell(10.9, pool, s2, "+");
    let s3 = log.observation(11.5, "lookups take longer than 50 ms", Untested);
    log.cell(11.6, dns, s3, "#");
    let s4 = log.observation(12, "errors only on v2.3.1 pods", Untested);
    log.cell(12.1, deploy, s4, "#");
    log.cell(12.1, pool, s4, "X");
    log.cell(12.2, dns, s4, "X");
    let s5 = log.observation(12.4, "search suggestions are slow", Present);
    log.add("alice@ops1", 12.5, Event::CoincidenceSet { observation: s5, coincidence: true });
    let lost = log.at(13.0);
    let (key, source, error) = ("lost am".into(), "am".into(), "timed out after 5 s".into());
    log.add("alice@ops1", 13.2, Event::SourceLost { key, source, error, when: lost });
    log.settle(13.5, s3, Absent, "lookups answer in 2 ms");
    log.decide(13.7, dns, HypothesisState::Refuted, "lookups answer in 2 ms (s3)");
    let (key, source, when) = ("back am".into(), "am".into(), log.at(15.5));
    log.add("alice@ops1", 15.6, Event::SourceBack { key, source, lost, when });
    let pods = "NAME               READY  RESTARTS  VERSION\ncheckout-7d9-abcde   0/1         6  v2.3.1\n\
                checkout-7d9-fghij   0/1         5  v2.3.1\ncheckout-5c2-klmno   1/1         0  v2.3.0\n";
    log.add("bob@bastion", 14.4, Event::Noted { text: pods.into(), when: None });
    log.settle(14.8, s4, Present, "all 5xx come from the two v2.3.1 pods");
    let text = "asked @payments-team, they see nothing on their side (#4711)".into();
    log.add("bob@bastion", 16, Event::Noted { text, when: None });
    let (text, when) = ("first customer complaint in the shop chat".into(), Some(log.at(5.0)));
    log.add("bob@bastion", 16.5, Event::Noted { text, when });
    log.add("alice@ops1", 16.6, Event::WhyParked { text: "why did the canary not catch this?".into() });
    let (text, hypothesis) = ("the old image is still in the registry".into(), Some(deploy));
    let assumption = log.add("alice@ops1", 16.8, Event::AssumptionAdded { text, hypothesis });
    log.add("alice@ops1", 17, Event::AssumptionSet { assumption, state: AssumptionState::Holds });
    let text = "restart the pods".into();
    let kind = MitigationKind::Restart;
    let event =
        Event::MitigationAdded { text, mitigation_kind: kind, hypothesis: Some(pool), command: None, change: None };
    let restart = log.add("bob@bastion", 12.0, event);
    log.mitigation(12.5, restart, MitigationState::Running, "");
    log.mitigation(14.0, restart, MitigationState::Failed, "still 5xx after both came back");
    let event = Event::MitigationAdded {
        text: "roll back checkout to v2.3.0".into(),
        mitigation_kind: MitigationKind::Rollback,
        hypothesis: Some(deploy),
        command: Some("rollback-checkout".into()),
        change: Some("d17".into()),
    };
    log.add("alice@ops1", 17.2, event);
}

fn stopped(log: &mut Log) {
    let rollback = log.entries.last().expect("the rollback").id;
    let answers = [
        (GuardQuestion::LastGood, GuardAnswer::Said, "v2.3.0, until 02:57"),
        (GuardQuestion::ChangedSince, GuardAnswer::No, ""),
        (GuardQuestion::Tested, GuardAnswer::Skipped, ""),
    ];
    for (question, answer, text) in answers {
        let (mitigation, change, text) = (Some(rollback), None, text.into());
        log.add("alice@ops1", 17.4, Event::GuardAnswered { mitigation, change, question, answer, text });
    }
    let row = |log: &Log, text: &str| {
        log.entries
            .iter()
            .find(|e| matches!(&e.event, Event::HypothesisAdded { text: t, .. } if t.contains(text)))
            .expect("a row")
            .id
    };
    let (deploy, pool) = (row(log, "bad deploy"), row(log, "pool"));
    log.mitigation(17.6, rollback, MitigationState::Running, "");
    let event = Event::CommandRan {
        mitigation: Some(rollback),
        argv: ["kubectl", "-n", "shop", "rollout", "undo", "deploy/checkout"].map(str::to_owned).to_vec(),
        exit: Some(0),
        output: "deployment.apps/checkout rolled back\n".into(),
        seconds: 1.84,
    };
    log.add("alice@ops1", 17.7, event);
    // The cockpit was killed here and came back a minute and a half later.
    log.add("alice@ops1", 19.2, Event::WatchStarted { session: Id::small(902), vitals: false });
    let event = Event::VitalWorsened {
        vital: "checkout ok".into(),
        since: log.at(5.0),
        until: log.at(20.4),
        seconds: 894.0,
        worst: 0.712,
        shown: "71.2 %".into(),
        area: 2.417,
        back: None,
    };
    log.add("alice@ops1", 20.5, event);
    log.vital(20.4, 0.997, true);
    log.alert(21.0, "CheckoutErrorRate", Severity::Critical, AlertTurn::Resolved, 0);
    log.alert(21.2, "PaymentsLatency", Severity::Warning, AlertTurn::LostSight, 0);
    log.mitigation(22, rollback, MitigationState::Worked, "no 5xx for 90 s");
    let (status, reason) = (Status::Stanched, "vital in range for 3 minutes".into());
    log.add("alice@ops1", 24, Event::StatusSet { status, reason, when: Some(log.at(20.4)) });
    log.decide(26, deploy, HypothesisState::Confirmed, "v2.3.1 fails in staging with the same stack trace");
    log.decide(26.2, pool, HypothesisState::Parked, "");
    let s1 = log.entries.iter().find(|e| matches!(e.event, Event::ObservationAdded { .. })).expect("s1").id;
    let when = Some(log.at(20.6));
    log.add("alice@ops1", 26.5, Event::ObservationCleared { observation: s1, when });
    log.add("alice@ops1", 27, Event::WatchStopped { session: Id::small(902), when: None });
}

fn learned(log: &mut Log) {
    use Question::{Badly, Impact, Lucky, SopClear, SopFoundCause, Summary, Well, Why1, Why2};
    log.answer(
        1900,
        Summary,
        "A deploy of checkout read a setting that is only there in staging. Two of three pods failed every payment.",
    );
    log.answer(1901, Impact, "About 3,100 failed checkouts; no order was charged twice.");
    log.answer(1902, Why1, "v2.3.1 read PAYMENT_URL_V2, which production does not set.");
    log.answer(1903, Why2, "Settings are added by hand in two places.\nNobody is told when one is missing:\n- the service starts without it\n- the readiness probe does not ask for it");
    log.answer(1904, SopFoundCause, "No, it stops at \"restart the pods\".");
    log.answer(1904, SopClear, "Yes.");
    log.answer(1905, Well, "The rollback took four minutes from idea to effect.");
    log.answer(1905, Badly, "We restarted pods first, out of habit.");
    log.answer(1906, Lucky, "It was Sunday at three.");
    let mut action = |text: &str, owner: &str, due: &str, action_kind: ActionKind| {
        let (text, owner, due) = (text.into(), owner.into(), due.into());
        log.add("bob@bastion", 1910, Event::ActionAdded { text, owner, due, action_kind });
    };
    action("Refuse to start without required settings", "bob", "2026-11-29", ActionKind::Prevent);
    action("Page on 5xx by version", "", "", ActionKind::Detect);
    let (title, url) = ("Fix".into(), "https://git.example/shop/checkout/pull/812".into());
    log.add("bob@bastion", 1911, Event::LinkAdded { title, url });
    log.add("bob@bastion", 1911, Event::DraftKept { field: "note".into(), text: "also ask whether".into() });
    log.add("alice@ops1", 1912, Event::StatusSet { status: Status::Closed, reason: String::new(), when: None });
}
