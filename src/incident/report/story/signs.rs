//! What was seen and what was looked for: what is explained and what is not, with the numbers it was believed for.

use super::{Teller, board::elsewhere};
use crate::incident::{
    Cell, Entry, Event, Folded, Hypothesis, Id, Observation, ObservationState,
    board::Evidence,
    report::{
        doc::{Doc, DocLine},
        words::at_the_time,
    },
};

/// Of what a check showed, so many of the first and of the last are told.
const SHOWN: usize = 4;

/// More symptoms and signs of one kind than this are counted.
const OF_A_KIND: usize = 30;

impl Teller<'_> {
    pub(super) fn symptoms(&self, doc: &mut Doc) {
        let all = &self.incident.board.observations;
        if all.is_empty() && self.incident.pins.is_empty() {
            return;
        }
        doc.heading(2, "Symptoms and signs");
        let is = |state: ObservationState| all.iter().filter(move |o| o.state == state && !o.coincidence);
        let present = || is(ObservationState::Present);
        self.group(doc, "Explained", present().filter(|o| !self.expecting(o.id).is_empty()));
        self.group(doc, "Not explained by any live hypothesis", present().filter(|o| self.expecting(o.id).is_empty()));
        self.group(doc, "Set aside as coincidence", all.iter().filter(|o| o.coincidence));
        self.group(doc, "Looked for and not there", is(ObservationState::Absent));
        self.group(doc, "Looked for without a result", is(ObservationState::Unclear));
        self.group(doc, "Never looked for", is(ObservationState::Untested));
        if !self.incident.pins.is_empty() {
            doc.heading(3, "Readings kept");
        }
        for pin in &self.incident.pins {
            let at = pin.evidence.at.unwrap_or(pin.at);
            doc.bullet(0, DocLine::text(self.clock(at)).and(" ").and_bold(pin.evidence.title.as_str()));
            self.evidence(doc, &pin.evidence, false);
        }
    }

    fn group<'b>(&self, doc: &mut Doc, heading: &str, columns: impl Iterator<Item = &'b Observation>) {
        let mut more = 0;
        for (nth, column) in columns.enumerate() {
            if nth == 0 {
                doc.heading(3, heading);
            }
            if nth < OF_A_KIND {
                self.observation(doc, column);
            } else {
                more += 1;
            }
        }
        if more > 0 {
            doc.bullet(0, elsewhere(&format!("{more} more are left out here: ")));
        }
    }

    fn observation(&self, doc: &mut Doc, column: &Observation) {
        let mut text = String::new();
        if column.coincidence {
            text.push_str(&format!(": {}", column.state.word()));
        }
        if column.state == ObservationState::Present {
            text.push_str(&format!(", since {}", self.clock(column.when)));
            if let Some(cleared) = column.cleared {
                text.push_str(&format!(", cleared {}", self.clock(cleared)));
            }
        }
        let looked = self.looked(column.id);
        if looked.is_empty() && !column.note.trim().is_empty() {
            text.push_str(&format!(" ({})", column.note));
        }
        let expecting = self.expecting(column.id);
        if column.state == ObservationState::Present && !expecting.is_empty() && !column.coincidence {
            text.push_str(&format!(": expected by {}", expecting.join(", ")));
        }
        doc.bullet(0, DocLine::bold(format!("{} {}", column.label, column.text)).and(text));
        for (entry, state, note) in looked {
            self.check(doc, entry, state, note);
        }
        if let Some(evidence) = &column.evidence {
            self.evidence(doc, evidence, evidence.title != column.text);
        }
        for (entry, state, shown) in self.shown_by_check(column.id) {
            let found = match state {
                ObservationState::Present => "it holds",
                ObservationState::Absent => "it does not hold",
                ObservationState::Unclear | ObservationState::Untested => "nobody can tell",
            };
            let at = self.clock(entry.event.when().unwrap_or(entry.at));
            doc.bullet(1, DocLine::text(format!("{at} its check shows: {found} (")).and_code(shown).and(")"));
            for turn in self.incident.rank_turns.iter().filter(|turn| turn.seq == entry.seq) {
                doc.bullet(2, DocLine::text(format!("so {}", turn.what)));
            }
        }
        if let Some(folded) = self.incident.folded.get(&column.id) {
            self.folded(doc, folded);
        }
        if let Some(query) = &column.check.query {
            let lead = format!("checked on {}, present when {}: ", query.source, query.present);
            doc.bullet(1, DocLine::text(lead).and_code(query.query.as_str()));
        }
    }

    /// What a folded symptom stood for: how many alerts of which groups, since when, and why they were taken for one.
    fn folded(&self, doc: &mut Doc, folded: &Folded) {
        const NAMED: usize = 8;
        let groups = folded.groups.len() + folded.more;
        let (alerts, groups_word) = (count(folded.alerts, "alert"), count(groups, "group"));
        let quiet = if folded.inhibited > 0 { format!(", {} inhibited", folded.inhibited) } else { String::new() };
        let named = folded.groups.iter().take(NAMED).map(|group| format!("{} ×{}", group.title, group.firing));
        let more = groups.saturating_sub(NAMED.min(folded.groups.len()));
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let names = named.collect::<Vec<_>>().join(", ");
        let began = self.clock(folded.began);
        doc.bullet(
            1,
            DocLine::text(format!("folded from {alerts} in {groups_word}, the first at {began}{quiet}: {names}{more}")),
        );
        if folded.alerts > 1 && !folded.why.is_empty() {
            doc.bullet(1, DocLine::text(format!("taken for one because: {}", folded.why.join("; "))));
        }
    }

    /// Each time it was looked at: the entry, what was found and what was seen.
    fn looked(&self, observation: Id) -> Vec<(&Entry, ObservationState, &str)> {
        let held = self.incident.entries().iter().filter(|entry| !self.incident.is_undone(entry.id));
        let looked = held.filter_map(|entry| match &entry.event {
            Event::ObservationSet { observation: id, state, note, .. } if *id == observation => {
                Some((entry, *state, note.as_str()))
            }
            _ => None,
        });
        looked.collect()
    }

    /// What its check showed, turn by turn; of one that turned again and again the first and the last.
    fn shown_by_check(&self, observation: Id) -> Vec<(&Entry, ObservationState, &str)> {
        let held = self.incident.entries().iter().filter(|entry| !self.incident.is_repeat(entry.id));
        let shown = held.filter_map(|entry| match &entry.event {
            Event::CheckTurned { observation: id, state, shown, .. } if *id == observation => {
                Some((entry, *state, shown.as_str()))
            }
            _ => None,
        });
        let mut shown: Vec<_> = shown.collect();
        if shown.len() > 2 * SHOWN {
            shown.drain(SHOWN..shown.len() - SHOWN);
        }
        shown
    }

    /// What one look showed, and what it did to the order of the hypotheses.
    fn check(&self, doc: &mut Doc, entry: &Entry, state: ObservationState, note: &str) {
        let at = self.clock(entry.event.when().unwrap_or(entry.at));
        let found = match state {
            ObservationState::Present => "looked: it is there",
            ObservationState::Absent => "looked: it is not there",
            ObservationState::Unclear => "looked, without a result",
            ObservationState::Untested => "took the answer back",
        };
        let comma = if note.trim().is_empty() { "" } else { "," };
        let lead = format!("{at} {} {found}{comma}", self.names.short(&entry.by));
        doc.prose(1, DocLine::text(lead), note);
        for turn in self.incident.rank_turns.iter().filter(|turn| turn.seq == entry.seq) {
            doc.bullet(2, DocLine::text(format!("so {}", turn.what)));
        }
    }

    fn evidence(&self, doc: &mut Doc, evidence: &Evidence, titled: bool) {
        let mut line = DocLine::default();
        if titled && !evidence.title.is_empty() {
            line = line.and(format!("{}: ", evidence.title));
        }
        if !evidence.value.is_empty() {
            line = line.and_code(evidence.value.as_str());
        }
        if let Some(at) = evidence.at {
            line = line.and(format!(" at {}", self.clock(at)));
        }
        if !evidence.source.is_empty() {
            line = line.and(format!(" from {}", evidence.source));
        }
        if let Some(url) = &evidence.link {
            line = line.and(" ").and_link("look again", at_the_time(url, self.start, self.end, self.known));
        }
        if !line.0.is_empty() {
            doc.bullet(1, line);
        }
        if !evidence.query.is_empty() {
            doc.bullet(1, DocLine::text("query ").and_code(evidence.query.as_str()));
        }
    }

    /// Labels of the live rows that expect an observation.
    pub(super) fn expecting(&self, observation: Id) -> Vec<&str> {
        let board = &self.incident.board;
        let expects = |row: &&Hypothesis| matches!(board.cell(row.id, observation), Cell::Must | Cell::Likely);
        board.live().filter(expects).map(|row| row.label.as_str()).collect()
    }
}

fn count(n: usize, word: &str) -> String {
    if n == 1 { format!("1 {word}") } else { format!("{n} {word}s") }
}
