//! Who did what, and where people did not agree.

use std::collections::BTreeMap;

use super::Teller;
use crate::incident::{
    Cell, Entry, Event, Id, MitigationState, ObservationState,
    report::doc::{Doc, DocLine},
};

/// More disagreements than this are counted.
const DISAGREEMENTS: usize = 20;

impl Teller<'_> {
    /// A line for each person, where there are several.
    pub(super) fn who_did_what(&self, doc: &mut Doc) {
        let mut people = BTreeMap::<&str, Deeds>::new();
        for entry in self.held() {
            if let Some(deed) = self.deed(entry) {
                people.entry(self.names.short(&entry.by)).or_default().add(deed);
            }
        }
        if people.len() < 2 {
            return;
        }
        doc.heading(2, "Who did what");
        for (who, deeds) in people {
            doc.bullet(0, DocLine::bold(format!("{who}:")).and(format!(" {}", deeds.words())));
        }
    }

    /// Where two people said different things of one cell, one sign or one hypothesis, and whose word counts.
    pub(super) fn disagreements(&self, doc: &mut Doc) {
        let said: Vec<String> = self.cells_disagreed().into_iter().chain(self.signs_disagreed()).collect();
        if said.is_empty() {
            return;
        }
        doc.heading(3, "Where people did not agree");
        said.iter().take(DISAGREEMENTS).for_each(|line| doc.bullet(0, DocLine::text(line)));
        if let more @ 1.. = said.len().saturating_sub(DISAGREEMENTS) {
            doc.bullet(0, DocLine::text(format!("and in {more} more places")));
        }
    }

    fn cells_disagreed(&self) -> Vec<String> {
        let board = &self.incident.board;
        let places = board.hypotheses.iter().flat_map(|row| board.observations.iter().map(move |column| (row, column)));
        let line = |(row, column): (&crate::incident::Hypothesis, &crate::incident::Observation)| {
            let entry = board.cell_entry(row.id, column.id)?;
            // A cell that was cleared again is no word against another.
            let words = || entry.by.iter().filter(|(_, cell)| *cell != Cell::Unassessed);
            let (last, _) = entry.by.last()?;
            if words().all(|(_, cell)| *cell == entry.cell) {
                return None;
            }
            let each = words().map(|(by, cell)| format!("{} says {}", self.names.short(by), cell.words()));
            let each = each.collect::<Vec<_>>().join(", ");
            let place = format!("for {} {}, {} {}", row.label, row.text, column.label, column.text);
            Some(format!("{place}: {each}; {} said it last, and that counts", self.names.short(last)))
        };
        places.filter_map(line).collect()
    }

    /// Signs that one found there and another did not, and hypotheses that one confirmed and another refuted.
    fn signs_disagreed(&self) -> Vec<String> {
        let mut words = BTreeMap::<Id, Vec<(&str, &'static str, &Entry)>>::new();
        for entry in self.held() {
            let (of, word) = match &entry.event {
                Event::ObservationAdded { state, .. } => (entry.id, settled(*state)),
                Event::ObservationSet { observation, state, .. } => (*observation, settled(*state)),
                Event::HypothesisSet { hypothesis, state, .. } => (*hypothesis, Some(state.word())),
                _ => continue,
            };
            let by = self.names.short(&entry.by);
            let said = words.entry(of).or_default();
            said.retain(|(known, ..)| *known != by);
            said.extend(word.map(|word| (by, word, entry)));
        }
        let board = &self.incident.board;
        let named = |id: Id| {
            let column = board.observation(id).map(|column| format!("{} {}", column.label, column.text));
            column.or_else(|| board.hypothesis(id).map(super::board::named))
        };
        let line = |(id, said): (Id, Vec<(&str, &'static str, &Entry)>)| {
            let (_, last, _) = said.last()?;
            if said.iter().all(|(_, word, _)| word == last) {
                return None;
            }
            let each = said.iter().map(|(by, word, entry)| format!("{by} says {word} ({})", self.clock(entry.at)));
            Some(format!("{}: {}", named(id)?, each.collect::<Vec<_>>().join(", ")))
        };
        words.into_iter().filter_map(line).collect()
    }

    /// Entries that take effect.
    fn held(&self) -> impl Iterator<Item = &Entry> {
        let takes_effect = |entry: &&Entry| !self.incident.is_undone(entry.id) && !self.incident.is_repeat(entry.id);
        self.incident.entries().iter().filter(takes_effect)
    }

    fn deed(&self, entry: &Entry) -> Option<Deed> {
        let label = |id: Id| self.incident.mitigation(id).map_or_else(String::new, |m| format!(" {}", m.label));
        let row = |id: Id| self.incident.board.hypothesis(id).map_or_else(String::new, |row| format!(" {}", row.label));
        Some(match &entry.event {
            Event::Acknowledged { .. } => Deed::Said("acknowledged it".into()),
            Event::SeveritySet { .. } => Deed::Said("set the severity".into()),
            Event::OnsetSet { .. } => Deed::Said("set the onset".into()),
            Event::StatusSet { status, .. } => Deed::Said(format!("called it {}", status.word())),
            Event::HypothesisSet { hypothesis, state, .. } => {
                Deed::Said(format!("{}{}", state.word(), row(*hypothesis)))
            }
            Event::MitigationAdded { .. } => Deed::Said(format!("proposed{}", label(entry.id))),
            Event::MitigationSet { mitigation, state, .. } => Deed::Said(match state {
                MitigationState::Running => format!("started{}", label(*mitigation)),
                state => format!("called{} {}", label(*mitigation), state.word()),
            }),
            Event::CommandRan { mitigation: Some(id), .. } => Deed::Said(format!("ran the command of{}", label(*id))),
            Event::CommandRan { .. } => Deed::Counted("command"),
            Event::ObservationAdded { .. } => Deed::Counted("symptom or sign"),
            Event::ObservationSet { .. } => Deed::Counted("look at a sign"),
            Event::HypothesisAdded { .. } => Deed::Counted("hypothesis"),
            Event::CellSet { .. } => Deed::Counted("cell of the board"),
            Event::Noted { .. } => Deed::Counted("note"),
            Event::Pinned { .. } => Deed::Counted("reading kept"),
            Event::Answered { text, .. } if !text.is_empty() => Deed::Counted("answer"),
            Event::WhyAnswered { .. } => Deed::Counted("answer to a why"),
            Event::WhyParked { .. } => Deed::Counted("why put aside"),
            Event::ActionAdded { .. } => Deed::Counted("action"),
            _ => return None,
        })
    }
}

/// The word for what someone found, where that is a finding.
fn settled(state: ObservationState) -> Option<&'static str> {
    matches!(state, ObservationState::Present | ObservationState::Absent).then(|| state.word())
}

enum Deed {
    Said(String),
    Counted(&'static str),
}

/// What one person did, in order of the first time.
#[derive(Default)]
struct Deeds {
    said: Vec<String>,
    counted: Vec<(&'static str, usize)>,
}

impl Deeds {
    fn add(&mut self, deed: Deed) {
        match deed {
            Deed::Said(words) if self.said.contains(&words) => {}
            Deed::Said(words) => self.said.push(words),
            Deed::Counted(what) => match self.counted.iter_mut().find(|known| known.0 == what) {
                Some(known) => known.1 += 1,
                None => self.counted.push((what, 1)),
            },
        }
    }

    fn words(self) -> String {
        let counted = self.counted.into_iter().map(|(what, count)| match (count, what) {
            (1, what) => format!("1 {what}"),
            (n, "symptom or sign") => format!("{n} symptoms or signs"),
            (n, "look at a sign") => format!("{n} looks at signs"),
            (n, "hypothesis") => format!("{n} hypotheses"),
            (n, "cell of the board") => format!("{n} cells of the board"),
            (n, "reading kept") => format!("{n} readings kept"),
            (n, "answer to a why") => format!("{n} answers to whys"),
            (n, "why put aside") => format!("{n} whys put aside"),
            (n, what) => format!("{n} {what}s"),
        });
        self.said.into_iter().chain(counted).collect::<Vec<_>>().join(", ")
    }
}
