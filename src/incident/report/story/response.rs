//! How the bleeding was stopped: what was tried, in order, what ran, what came of it.

use jiff::Timestamp;

use super::Teller;
use crate::{
    base::command_line,
    incident::{
        Entry, Event, GuardAnswer, GuardQuestion, GuardReply, Id, Mitigation, MitigationState,
        mitigation::MitigationTurn,
        report::{
            doc::{Doc, DocLine},
            words::sentence,
        },
    },
};

/// Lines kept of what a command printed.
const OUTPUT: usize = 10;

impl Teller<'_> {
    pub(super) fn response(&self, doc: &mut Doc) {
        doc.heading(2, "How the bleeding was stopped");
        let worked: Vec<_> = self.incident.mitigations.iter().filter(|m| m.state == MitigationState::Worked).collect();
        doc.bullet(
            0,
            match (&self.times.stanched, worked.as_slice()) {
                (Some(stanched), []) => DocLine::text(format!(
                    "It stopped at {}, with no mitigation marked as having worked.",
                    self.clock(stanched.at)
                )),
                (Some(stanched), worked) => {
                    let texts: Vec<_> = worked.iter().map(|m| m.text.as_str()).collect();
                    DocLine::text(format!("It stopped at {}. What worked: ", self.clock(stanched.at)))
                        .and_bold(texts.join(", "))
                }
                (None, _) => DocLine::text(sentence(&self.not_over())),
            },
        );
        if self.incident.mitigations.is_empty() {
            doc.bullet(0, DocLine::text("No mitigation was recorded."));
        }
        let rejected = |m: &&Mitigation| m.state == MitigationState::Rejected;
        let all = &self.incident.mitigations;
        all.iter().filter(|m| !rejected(m)).for_each(|m| self.mitigation(doc, m));
        // What was considered and not done is asked about as much as what was.
        for (nth, mitigation) in all.iter().filter(rejected).enumerate() {
            if nth == 0 {
                doc.heading(3, "Considered and not done");
            }
            self.mitigation(doc, mitigation);
        }
        for entry in self.commands(None) {
            self.command(doc, 0, entry);
        }
    }

    fn mitigation(&self, doc: &mut Doc, m: &Mitigation) {
        let row = m.hypothesis.and_then(|id| self.incident.board.hypothesis(id));
        let aim = row.map(|row| format!(", for {} {}", row.label, row.text)).unwrap_or_default();
        let lead = DocLine::bold(format!("{} {}", m.label, m.text));
        let last = m.history.last().filter(|turn| turn.state == MitigationState::Rejected);
        let rejected = last.map(|turn| turn.note.trim()).filter(|note| !note.is_empty());
        let why = rejected.map(|note| format!(", because {note}")).unwrap_or_default();
        doc.bullet(0, lead.and(format!(" ({}{aim}): {}{why}", m.kind.words(), m.state.word())));
        self.expected(doc, m);
        let mut commands = self.commands(Some(m.id)).peekable();
        let mut said = self.said_of(m.id);
        for MitigationTurn { at, state, note } in &m.history {
            while let Some(entry) = commands.next_if(|entry| entry.at < *at) {
                self.command(doc, 1, entry);
            }
            let by = self.names.short(said.next().unwrap_or(&m.by));
            let by = if *state == MitigationState::Proposed { format!(" by {by}") } else { format!(" ({by})") };
            // Its reason stands in the line above.
            let note = if rejected.is_some_and(|reason| reason == note.trim()) { "" } else { note };
            let lead = DocLine::text(format!(
                "{} {}{by}{}",
                self.clock(*at),
                state.word(),
                if note.is_empty() { "" } else { ":" }
            ));
            doc.prose(1, lead, note);
        }
        commands.for_each(|entry| self.command(doc, 1, entry));
    }

    /// Who said where a mitigation stands, in the order of its history.
    fn said_of(&self, id: Id) -> impl Iterator<Item = &str> {
        let held = self.incident.entries().iter().filter(|entry| !self.incident.is_undone(entry.id));
        let said = held.filter(move |entry| match &entry.event {
            Event::MitigationAdded { .. } => entry.id == id,
            Event::MitigationSet { mitigation, .. } => *mitigation == id,
            _ => false,
        });
        said.map(|entry| entry.by.as_str())
    }

    /// What was expected of it, and what was answered before it was done.
    fn expected(&self, doc: &mut Doc, m: &Mitigation) {
        // Mostly the words say it already.
        let unsaid = |part: &String| !m.effect.contains(part.as_str());
        let by = m.minutes.map(|minutes| format!("within {minutes} min")).filter(unsaid);
        let vital = m.vital.as_ref().filter(|vital| unsaid(vital)).map(|vital| format!("judged by {vital}"));
        let back = m.reversible.map(|yes| if yes { "can be taken back" } else { "cannot be taken back" }.to_owned());
        let parts: Vec<_> = [vital, by, back].into_iter().flatten().collect();
        if !m.effect.is_empty() || !parts.is_empty() {
            let rest = if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) };
            doc.prose(1, DocLine::text("expected:"), &format!("{}{rest}", m.effect));
        }
        let skipped = |reply: &GuardReply| reply.answer == GuardAnswer::Skipped && reply.text.is_empty();
        // The proof is what is expected, in the same words.
        let told = m.guard.iter().filter(|(_, reply)| reply.text.is_empty() || reply.text != m.effect);
        for (question, reply) in told.filter(|(_, reply)| !skipped(reply)) {
            let at = self.guarded(m, *question).map(|at| format!("{} ", self.clock(at))).unwrap_or_default();
            doc.prose(1, DocLine::text(format!("{at}guard, {}:", question.name())), &reply.words());
        }
        let names: Vec<_> = m.guard.iter().filter(|(_, reply)| skipped(reply)).map(|(q, _)| q.name()).collect();
        if !names.is_empty() {
            doc.bullet(1, DocLine::text(format!("guard, skipped: {}", names.join("; "))));
        }
    }

    /// When a question of the guard was answered last.
    fn guarded(&self, m: &Mitigation, asked: GuardQuestion) -> Option<Timestamp> {
        let answered = |entry: &&Entry| match &entry.event {
            Event::GuardAnswered { mitigation, change, question, .. } => {
                *question == asked && (*mitigation == Some(m.id) || (change.is_some() && *change == m.change))
            }
            _ => false,
        };
        let held = |entry: &&Entry| !self.incident.is_undone(entry.id);
        self.incident.entries().iter().rev().filter(held).find(answered).map(|entry| entry.at)
    }

    /// The commands that ran for a mitigation, or for none that is known.
    fn commands(&self, of: Option<Id>) -> impl Iterator<Item = &Entry> {
        let known = |id: &Id| self.incident.mitigation(*id).is_some();
        self.incident.entries().iter().filter(move |entry| match &entry.event {
            Event::CommandRan { mitigation, .. } => mitigation.filter(|id| known(id)) == of,
            _ => false,
        })
    }

    fn command(&self, doc: &mut Doc, depth: usize, entry: &Entry) {
        let Event::CommandRan { argv, exit, output, seconds, .. } = &entry.event else { return };
        let outcome = match exit {
            Some(0) => "succeeded".to_owned(),
            Some(code) => format!("failed with exit code {code}"),
            None => match output.lines().last() {
                Some(said) if said.ends_with("left running") => {
                    "was left running when the cockpit was closed".to_owned()
                }
                _ => "was stopped or did not start".to_owned(),
            },
        };
        let (at, by) = (self.clock(entry.at), self.names.short(&entry.by));
        let lead = DocLine::text(format!("{at} {by} ran ")).and_code(command_line::shown(argv));
        let after = if *seconds < 0.05 { "at once".to_owned() } else { format!("after {seconds:.1} s") };
        doc.bullet(depth, lead.and(format!(", which {outcome} {after}")));
        let lines: Vec<_> = output.lines().filter(|line| !line.trim().is_empty()).collect();
        let shown = &lines[lines.len().saturating_sub(OUTPUT)..];
        match shown {
            [] => {}
            [line] => doc.bullet(depth + 1, DocLine::text("it printed ").and_code(line.trim())),
            shown => {
                let which = match lines.len() - shown.len() {
                    0 => "it printed:".to_owned(),
                    _ => format!("the last {} of {} lines it printed:", shown.len(), lines.len()),
                };
                doc.bullet(depth + 1, DocLine::text(which));
                doc.code(depth + 2, &shown.join("\n"));
            }
        }
    }
}
