//! The mitigations that run, and what speaks against saying that one has worked.

use jiff::Timestamp;

use crate::{
    app::{
        Facts,
        world::{
            recovery::{self, Recovery},
            worst_alert,
        },
    },
    base::human_time,
    incident::{Id, Incident, Mitigation},
};

/// A mitigation that runs: for every view to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Running {
    /// Its id in the journal.
    pub id: Id,
    /// Its name on the screen: `m1`.
    pub label: String,
    /// What is done.
    pub text: String,
    /// When it was begun.
    pub since: Timestamp,
    /// By when it should show.
    pub deadline: Timestamp,
}

impl Running {
    /// Seconds until its deadline; below 0 when that is past.
    pub fn left(&self, now: Timestamp) -> i64 {
        self.deadline.duration_since(now).as_secs()
    }
}

/// The mitigations that run, the one with the nearest deadline first.
pub fn running(incident: &Incident) -> Vec<Running> {
    let of = |m: &Mitigation| {
        let (since, deadline) = (m.running_since()?, m.deadline()?);
        Some(Running { id: m.id, label: m.label.clone(), text: m.text.clone(), since, deadline })
    };
    let mut running: Vec<_> = incident.mitigations.iter().filter_map(of).collect();
    running.sort_by_key(|m| (m.deadline, m.since));
    running
}

/// What the vitals say, in words: `checkout ok in range 25 s, wait for 60 s`.
pub fn recovery_in_words(facts: Facts<'_>, recovery: &Recovery) -> String {
    match recovery {
        Recovery::Held { since } => {
            let vitals = if facts.session.config.vitals.len() == 1 { "it has" } else { "vitals have" };
            let title =
                if facts.session.config.vitals.len() == 1 { facts.session.config.vitals[0].title.as_str() } else { "" };
            let age = human_time::age(human_time::seconds_between(*since, facts.session.now));
            match title {
                "" => format!("{vitals} held in range for {age}"),
                title => format!("{title} has held in range for {age}"),
            }
        }
        Recovery::Holding { vital, seconds, needed } => {
            format!("{vital} in range {seconds} s, wait for {needed} s")
        }
        Recovery::Hurting(vital, value) => format!("{vital} is {value}"),
        Recovery::Unknown(vital) => format!("{vital} is UNKNOWN"),
        Recovery::NoVitals => "no vital tells".into(),
    }
}

/// What the vitals say of something that is judged by one of them, or by all: that one, and where it has held, whichever
/// other has not. The one rule for when something has held long enough.
pub fn recovery_of(facts: Facts<'_>, vital: Option<&str>) -> Recovery {
    let own = recovery::recovery(facts, vital);
    let all = || recovery::recovery(facts, None);
    match own {
        Recovery::Held { .. } => match all() {
            Recovery::Held { .. } | Recovery::NoVitals => own,
            other => other,
        },
        own => own,
    }
}

/// Whether the vital that something is judged by has held, whatever the others say.
pub(in crate::app) fn own_has_held(facts: Facts<'_>, vital: Option<&str>) -> bool {
    vital.is_some() && matches!(recovery::recovery(facts, vital), Recovery::Held { .. })
}

/// `CheckoutErrors still fires`, while an alert pages.
pub(in crate::app) fn still_pages(facts: Facts<'_>) -> Option<String> {
    worst_alert::paging(facts).map(|alert| alert.words_with("still fires", facts.session.now))
}

/// What speaks against saying that the impact has stopped; empty when nothing does.
pub(in crate::app) fn doubts(facts: Facts<'_>, vital: Option<&str>) -> Vec<String> {
    let recovery = recovery_of(facts, vital);
    let holds = matches!(recovery, Recovery::Held { .. } | Recovery::NoVitals);
    let told = (!holds).then(|| recovery_in_words(facts, &recovery));
    told.into_iter().chain(still_pages(facts)).collect()
}

/// How long it has run, until when it should show, and what the vital says.
pub fn running_in_words(facts: Facts<'_>, m: &Mitigation) -> String {
    let age = m.running_since().map_or(0, |since| human_time::seconds_between(since, facts.session.now));
    let left = m.deadline().map_or(0, |deadline| deadline.duration_since(facts.session.now).as_secs());
    let deadline = match left {
        left if left > 0 => format!("{} left", human_time::countdown(left)),
        left => format!("{} past its deadline", human_time::age(-left)),
    };
    format!(
        "for {}, {deadline}: {}",
        human_time::age(age),
        recovery_in_words(facts, &recovery_of(facts, m.vital.as_deref()))
    )
}
