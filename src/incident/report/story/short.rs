//! The incident in a few lines that stand alone: for a chat, and as the first thing a reader of the notes sees.

use super::{Teller, board::named, title};
use crate::{
    base::{human_time::two_units, text},
    incident::{
        HypothesisState, Incident, Mitigation, MitigationState, ObservationState, Question,
        ranking::RowId,
        report::{escape, facts, words::sentence},
    },
};

/// The most lines.
const LINES: usize = 15;
/// Vitals told.
const VITALS: usize = 3;
/// The longest line, in bytes; more of what a person wrote stands in the notes.
const LINE: usize = 300;

/// At most [`LINES`] lines of plain text.
pub(in crate::incident::report) fn short(incident: &Incident) -> String {
    let teller = Teller::of(incident);
    let line = |line: String| escape::chat(&text::clipped(&line, LINE)) + "\n";
    teller.lines().into_iter().map(line).collect()
}

impl Teller<'_> {
    /// One sentence or two: what hurt, from when to when, what stopped it, and why it happened.
    pub(super) fn in_short(&self) -> String {
        let when = self.start_and_end();
        let from = if self.times.stanched.is_some() { "from" } else { "since" };
        let first = match self.out_of_range() {
            Some(vitals) => format!("{vitals}, {from} {when}"),
            None if self.times.stanched.is_some() => format!("from {when}"),
            None => when,
        };
        let stopped = self.stopped_by().map(|by| format!("stopped by {by}"));
        let parts: Vec<_> = [Some(first), stopped, self.cause_in_short()].into_iter().flatten().collect();
        parts.join("; ") + "."
    }

    /// `checkout ok was out of its range, at worst 71.2 %`: what left its range first stands first.
    fn out_of_range(&self) -> Option<String> {
        let mut impacts = facts::impact(self.incident);
        impacts.sort_by_key(|impact| impact.from);
        let worst = |impact: &facts::Impact| impact.worst.as_ref().map(|worst| format!("at worst {worst}"));
        if let [only] = &impacts[..] {
            let worst = worst(only).map(|worst| format!(", {worst}")).unwrap_or_default();
            return Some(format!("{} was out of its range{worst}", only.vital));
        }
        let named = impacts.iter().take(VITALS).map(|impact| match worst(impact) {
            Some(worst) => format!("{} ({worst})", impact.vital),
            None => impact.vital.clone(),
        });
        let mut named: Vec<String> = named.collect();
        let more = impacts.len().saturating_sub(VITALS);
        named.extend((more > 0).then(|| format!("{more} more")));
        let last = named.pop()?;
        Some(format!("{} and {last} were out of their ranges", named.join(", ")))
    }

    fn lines(&self) -> Vec<String> {
        let incident = self.incident;
        let severity = incident.summary.severity.as_ref().map(|severity| format!(", {severity}")).unwrap_or_default();
        let mut lines = vec![format!("{} ({}{severity})", title(incident), incident.status_word())];
        lines.push(format!("When: {}", self.start_and_end()));
        lines.extend(self.first_line_of(Question::Summary, "What happened"));
        lines.extend(self.first_line_of(Question::Impact, "Who was hurt"));
        let impacts = facts::impact(incident);
        lines.extend(impacts.iter().take(VITALS).map(|impact| {
            let worst = impact.worst.as_ref().map(|worst| format!("worst {worst}, ")).unwrap_or_default();
            let long = two_units(impact.seconds_outside.round() as i64);
            format!("{} (should be {}): {worst}{long} out of range", impact.vital, impact.ok)
        }));
        lines.extend(self.times.detected.as_ref().map(|m| format!("Detected: {} by {}", self.clock(m.at), m.how)));
        let on_it = self.times.acknowledged.as_ref();
        lines.extend(on_it.map(|m| format!("Acknowledged: {} by {}", self.clock(m.at), self.names.short(&m.how))));
        lines.extend(self.stopped_by().map(|by| format!("Stopped by: {by}")));
        let running = self.with_state(MitigationState::Running);
        lines.extend((!running.is_empty()).then(|| format!("Being tried: {}", running.join("; "))));
        let failed = self.with_state(MitigationState::Failed);
        lines.extend((!failed.is_empty()).then(|| format!("Did not help: {}", failed.join("; "))));
        lines.extend(self.cause_in_short().map(|cause| sentence(&cause)));
        let unexplained = self.unexplained();
        lines.extend((unexplained > 0).then(|| match unexplained {
            1 => "1 symptom is not explained".to_owned(),
            n => format!("{n} symptoms are not explained"),
        }));
        let actions = incident.actions.len();
        let nobody = incident.actions.iter().filter(|action| action.owner.trim().is_empty()).count();
        lines.extend((actions > 0).then(|| format!("Actions: {actions}, {nobody} without an owner")));
        // What a reader misses least goes where all the others are there.
        let people = if lines.len() < LINES { self.people() } else { Vec::new() };
        lines.extend((!people.is_empty()).then(|| format!("Responders: {}", people.join(", "))));
        lines.truncate(LINES);
        lines
    }

    fn first_line_of(&self, question: Question, name: &str) -> Option<String> {
        let line = self.answered(question)?.lines().find(|line| !line.trim().is_empty())?;
        Some(format!("{name}: {}", line.trim()))
    }

    fn with_state(&self, state: MitigationState) -> Vec<String> {
        let of_it = self.incident.mitigations.iter().filter(|m: &&Mitigation| m.state == state);
        of_it.map(|m| format!("{} {}", m.label, m.text)).collect()
    }

    fn stopped_by(&self) -> Option<String> {
        let worked = self.with_state(MitigationState::Worked);
        (self.times.stanched.is_some() && !worked.is_empty()).then(|| worked.join(", "))
    }

    /// `cause: B bad deploy, confirmed`; nothing where nobody thought of one.
    fn cause_in_short(&self) -> Option<String> {
        let confirmed: Vec<_> = self.rows_in(HypothesisState::Confirmed).map(named).collect();
        if !confirmed.is_empty() {
            return Some(format!("cause, confirmed: {}", confirmed.join("; ")));
        }
        match self.leader()? {
            RowId::Named(id) => {
                let row = self.incident.board.hypothesis(id).map(named)?;
                Some(format!("cause not confirmed; the evidence favours {row}"))
            }
            RowId::Other => Some("cause not known; no hypothesis holds up".into()),
        }
    }

    fn unexplained(&self) -> usize {
        let present = |o: &&crate::incident::Observation| o.state == ObservationState::Present && !o.coincidence;
        let all = self.incident.board.observations.iter().filter(present);
        all.filter(|o| self.expecting(o.id).is_empty()).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        incident::{
            Event, Id, MitigationKind, Status,
            report::facts::fixture::{crossed, fired, incident, opened, said},
        },
        signal::Severity,
    };

    #[test]
    fn a_chat_is_told_what_is_being_tried() {
        let added = Event::MitigationAdded {
            text: "restart dns".into(),
            mitigation_kind: MitigationKind::Restart,
            hypothesis: None,
            command: None,
            change: None,
        };
        let mut incident = incident(&[(0, opened()), (10, added)]);
        assert!(!short(&incident).contains("Being tried"));
        incident.mitigations[0].state = MitigationState::Running;
        assert!(short(&incident).contains("Being tried: m1 restart dns"), "{}", short(&incident));
    }

    #[test]
    fn with_everything_there_is_to_tell_it_is_fifteen_lines() {
        let left = |name: &str, when: i64| match crossed(when, false) {
            Event::VitalCrossed { key, value, shown, ok, inside, when, .. } => {
                Event::VitalCrossed { key: format!("{key} {name}"), vital: name.into(), value, shown, ok, inside, when }
            }
            other => other,
        };
        let answer = |question: Question| Event::Answered { question, text: "in words".into() };
        let proposed = |text: &str| Event::MitigationAdded {
            text: text.into(),
            mitigation_kind: MitigationKind::Restart,
            hypothesis: None,
            command: None,
            change: None,
        };
        let set = |mitigation: u128, state: MitigationState| Event::MitigationSet {
            mitigation: Id::small(mitigation),
            state,
            note: String::new(),
            when: None,
        };
        let mut events = vec![opened(), Event::SeveritySet { severity: "SEV1".into() }];
        events.extend(["a", "b", "c", "d"].map(|name| left(name, 10)));
        events.extend([fired(12, Severity::Critical), Event::Acknowledged { what: String::new() }]);
        events.extend([Question::Summary, Question::Impact].map(answer));
        events.extend(["restart", "roll back", "scale"].map(proposed));
        let states = [MitigationState::Worked, MitigationState::Running, MitigationState::Failed];
        events.extend((11..).zip(states).map(|(id, state)| set(id, state)));
        events.push(Event::ObservationAdded {
            text: "503".into(),
            state: ObservationState::Present,
            origin: None,
            when: None,
            evidence: None,
            check: Default::default(),
        });
        let row = events.len() as u128 + 1;
        let (text, from) = ("dns".to_owned(), String::new());
        events.push(Event::HypothesisAdded { text, prior: Default::default(), changed: false, from });
        let state = HypothesisState::Confirmed;
        events.push(Event::HypothesisSet { hypothesis: Id::small(row), state, reason: String::new() });
        events.push(Event::ActionAdded {
            text: "alert on it".into(),
            owner: String::new(),
            due: String::new(),
            action_kind: Default::default(),
        });
        let told = |events: &[Event]| {
            let events: Vec<_> = (10..).zip(events.iter().cloned()).collect();
            short(&incident(&events))
        };
        let most = told(&events);
        assert!(most.contains("Responders: alice"), "{most}");
        assert_eq!(most.lines().count(), LINES, "{most}");
        // One more line, that of what stopped it: whoever took part is in the notes.
        events.push(said(Status::Stanched));
        let full = told(&events);
        assert_eq!(full.lines().count(), LINES, "{full}");
        let missing = |begin: &&str| !full.lines().any(|line| line.starts_with(begin));
        let begins = [
            "t (stanched, SEV1)",
            "When: ",
            "What happened: in words",
            "Who was hurt: in words",
            "a (should be ",
            "b (should be ",
            "c (should be ",
            "Detected: ",
            "Acknowledged: ",
            "Stopped by: m1 restart",
            "Being tried: m2 roll back",
            "Did not help: m3 scale",
            "Cause, confirmed: ",
            "1 symptom is not explained",
            "Actions: 1, 1 without an owner",
        ];
        assert_eq!(begins.iter().filter(|begin| missing(begin)).collect::<Vec<_>>(), Vec::<&&str>::new(), "{full}");
    }

    #[test]
    fn in_short_what_left_its_range_first_stands_first() {
        let of = |name: &str, when: i64, value: &str| match crossed(when, false) {
            Event::VitalCrossed { key, value: at, ok, inside, when, .. } => Event::VitalCrossed {
                key: format!("{key} {name}"),
                vital: name.into(),
                shown: value.into(),
                value: at,
                ok,
                inside,
                when,
            },
            other => other,
        };
        let orders = (10, of("orders", 10, "75 %"));
        let said = |events: &[(i64, Event)]| Teller::of(&incident(events)).in_short();
        let one = said(&[(0, opened()), orders.clone()]);
        assert!(one.starts_with("orders was out of its range, at worst 75 %, since "), "{one}");
        let two = said(&[(0, opened()), orders, (20, of("http", 20, "96 %"))]);
        let words = "orders (at worst 75 %) and http (at worst 96 %) were out of their ranges, since ";
        assert!(two.starts_with(words), "{two}");
    }
}
