//! What is learned, and what is left over: answers and open questions, actions, parked whys, gaps, links, raw notes.

use std::collections::HashSet;

use jiff::Timestamp;

use super::{Teller, board::elsewhere};
use crate::{
    base::human_time::{seconds_between, two_units},
    incident::{
        AlertRecord, End, Id, Question, SourceOutage,
        report::{
            doc::{Doc, DocLine},
            facts,
            words::at_the_time,
        },
    },
    signal::Severity,
};

/// Levels of whys that are indented.
const LEVELS: usize = 8;

/// Alert groups whose links are told.
const ALERTS: usize = 6;

/// Changes whose links are told, and how many seconds before the onset one may be to be among them.
const CHANGES: usize = 6;
const CHANGED: i64 = 6 * 3600;

impl Teller<'_> {
    pub(super) fn review(&self, doc: &mut Doc) {
        use Question::*;
        self.whys(doc);
        let sections: [(&str, &[Question]); 3] = [
            ("Runbook", &[SopFoundCause, SopStopped, SopClear, SopChange]),
            ("The worst case", &[Worse, WorseNeeds]),
            ("What went well, badly, and where we were lucky", &[Well, Badly, Lucky]),
        ];
        for (heading, questions) in sections {
            if questions.iter().any(|question| self.answered(*question).is_some()) {
                doc.heading(2, heading);
                questions.iter().for_each(|question| self.answer(doc, *question));
            }
        }
        self.actions(doc);
    }

    /// What a review asks for and nobody has answered, in one place.
    pub(super) fn not_answered(&self, doc: &mut Doc) {
        use Question::*;
        let asked =
            [Summary, Impact, SopFoundCause, SopStopped, SopClear, SopChange, Worse, WorseNeeds, Well, Badly, Lucky];
        let open = asked.into_iter().filter(|question| self.answered(*question).is_none()).map(Question::text);
        let why = self.incident.branches(None).is_empty().then(|| Why1.text());
        let open: Vec<_> = open.chain(why).collect();
        if !open.is_empty() {
            doc.heading(2, "Not answered yet");
            doc.bullet(0, DocLine::text(open.join(" ")));
        }
    }

    /// The whys as a tree, a bullet an answer; what was put aside while it bled begins trees of its own.
    fn whys(&self, doc: &mut Doc) {
        let is_asked = !self.incident.branches(None).is_empty();
        if !is_asked && self.incident.whys.is_empty() {
            return;
        }
        doc.heading(2, "Five whys");
        if is_asked {
            self.tree(doc, DocLine::bold("Why did it happen?"), None);
        }
        for why in &self.incident.whys {
            let text = why.text.lines().map(str::trim).collect::<Vec<_>>().join(" ");
            let aside = format!(" (put aside {} by {})", self.clock(why.at), self.names.short(&why.by));
            self.tree(doc, DocLine::bold(text).and(aside), Some(why.id));
        }
    }

    fn tree(&self, doc: &mut Doc, root: DocLine, of: Option<Id>) {
        let branches = self.incident.branches(of);
        if branches.is_empty() {
            return doc.bullet(0, root.and(" (not answered)"));
        }
        doc.bullet(0, root);
        for branch in branches {
            // Deeper than this no reader of Markdown indents in a way that can be read.
            let depth = branch.depth.min(LEVELS);
            let text = branch.why.text.trim();
            if text.contains('\n') {
                doc.prose(depth, DocLine::default(), text);
                continue;
            }
            let line = DocLine::text(text);
            let line = match branch.end {
                End::GoesOn => line,
                End::Open => line.and(" (not asked further)"),
                End::Person => line.and(" (ends with a person; what let that happen?)"),
                End::Process => line.and(" (").and_bold("a process").and(")"),
            };
            doc.bullet(depth, line);
        }
    }

    fn actions(&self, doc: &mut Doc) {
        if self.incident.actions.is_empty() {
            return;
        }
        doc.heading(2, "Actions");
        let or = |text: &str, none: &str| if text.trim().is_empty() { none.to_owned() } else { text.to_owned() };
        for action in &self.incident.actions {
            let (owner, due) = (or(&action.owner, "(nobody yet)"), or(&action.due, "(no date yet)"));
            let lead = DocLine::bold(action.text.as_str());
            doc.bullet(0, lead.and(format!(": owner {owner}, due {due}, type {}", action.kind.word())));
        }
    }

    pub(super) fn gaps(&self, doc: &mut Doc) {
        let unwatched = facts::unwatched(self.incident);
        let of_it = |outage: &&SourceOutage| self.bleeds.iter().any(|bleed| bleed.touches(outage.since, outage.until));
        let outages: Vec<_> = self.incident.outages.iter().filter(of_it).collect();
        let beyond = self.incident.beyond_in_words();
        if unwatched.is_empty() && outages.is_empty() && beyond.is_none() {
            return;
        }
        doc.heading(2, "What was not seen");
        if let Some(beyond) = beyond {
            doc.bullet(0, DocLine::bold("Left out:").and(format!(" {beyond}")));
        }
        for gap in unwatched {
            let until = gap.until.unwrap_or(self.end);
            let long = two_units(seconds_between(gap.from, until));
            let lead = DocLine::bold("Nothing was watched");
            let (from, until) = (self.clock(gap.from), self.clock(until));
            doc.bullet(0, lead.and(format!(" from {from} to {until} ({long}): {}", gap.why)));
        }
        let mut folded = Vec::<(&str, &str, usize)>::new();
        for outage in &outages {
            match folded.iter_mut().find(|known| known.0 == outage.source) {
                Some(known) => known.2 += 1,
                None => folded.push((&outage.source, &outage.error, 1)),
            }
        }
        for (source, error, times) in folded {
            let of = || outages.iter().filter(|outage| outage.source == source);
            let (Some(from), Some(last)) = (of().map(|o| o.since).min(), of().next_back()) else { continue };
            let seconds: i64 = of().filter_map(|o| Some(seconds_between(o.since, o.until?))).sum();
            let back = match last.until.and_then(|_| of().filter_map(|o| o.until).max()) {
                Some(until) => format!("to {} ({})", self.clock(until), two_units(seconds)),
                None => "and it was not back at the end".to_owned(),
            };
            let times = if times > 1 { format!(", {times} times") } else { String::new() };
            let lead = DocLine::text("Source ").and_bold(source);
            doc.bullet(0, lead.and(format!(" was lost from {} {back}{times}: {error}", self.clock(from))));
        }
    }

    pub(super) fn links(&self, doc: &mut Doc) {
        let mut links = Vec::<(String, String)>::new();
        let mut known = HashSet::new();
        let mut add = |what: String, url: Option<&str>| {
            if let Some(url) = url.map(|url| at_the_time(url, self.start, self.end, self.known))
                && known.insert(url.clone())
            {
                links.push((what, url));
            }
        };
        for (title, url) in &self.incident.links {
            add(title.clone(), Some(url.as_str()));
        }
        let alerts = self.telling_alerts();
        for alert in &alerts {
            add(format!("Runbook of {}", alert.title), alert.links.runbook.as_deref());
            add(format!("Dashboard of {}", alert.title), alert.links.dashboard.as_deref());
            add(format!("Expression of {}", alert.title), alert.links.generator.as_deref());
        }
        // Those that can have to do with it.
        let recent = |at: Timestamp| at <= self.end && seconds_between(at, self.start) <= CHANGED;
        for known in self.incident.changes.iter().filter(|known| recent(known.change.at)).take(CHANGES) {
            add(format!("Change: {}", known.change.title), known.change.url.as_deref());
        }
        if links.is_empty() {
            return;
        }
        doc.heading(2, "Links");
        for (what, url) in links {
            doc.bullet(0, DocLine::default().and_link(what, url));
        }
        match self.incident.alerts.len() - alerts.len() {
            0 => {}
            more => doc.bullet(0, elsewhere(&format!("those of {more} more alert groups are left out here: "))),
        }
    }

    /// The alerts whose links are worth a place: the first one, those that were taken for symptoms, and those that page;
    /// all of them while they are few.
    fn telling_alerts(&self) -> Vec<&AlertRecord> {
        let all = &self.incident.alerts;
        if all.len() <= ALERTS {
            return all.iter().collect();
        }
        let columns = &self.incident.board.observations;
        let taken = |alert: &AlertRecord| {
            let folded = self.incident.folded.values().flat_map(|folded| &folded.groups);
            columns.iter().any(|column| column.origin.as_deref() == Some(&alert.title))
                || folded.into_iter().any(|group| group.title == alert.title)
        };
        let mut told: Vec<_> = all.iter().collect();
        // Stable: of those that are worth the same the first to fire.
        told.sort_by_key(|alert| (!alert.first, !taken(alert), alert.severity != Severity::Critical));
        told.truncate(ALERTS);
        told
    }

    pub(super) fn notes(&self, doc: &mut Doc) {
        let drafts = self.incident.drafts.iter().filter(|(_, text)| !text.trim().is_empty());
        if !self.incident.notes.is_empty() {
            doc.heading(2, "Raw notes");
        }
        let mut notes: Vec<_> = self.incident.notes.iter().collect();
        notes.sort_by_key(|note| note.at);
        for note in notes {
            let lead = DocLine::text(format!("{} {}:", self.clock(note.at), self.names.short(&note.by)));
            doc.prose(0, lead, &note.text);
        }
        for (nth, ((by, field), text)) in drafts.enumerate() {
            if nth == 0 {
                doc.heading(2, "Left unfinished");
            }
            doc.prose(0, DocLine::text(format!("{field}, {}:", self.names.short(by))), text);
        }
    }
}
