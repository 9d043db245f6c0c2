//! What could have been the cause: hypotheses in their final order, what spoke for and against each, what is explained
//! and what is not.

use super::Teller;
use crate::incident::{
    Cell, Entry, Event, Folded, Hypothesis, HypothesisState, Id, Observation, ObservationState,
    board::Evidence,
    event::AssumptionState,
    ranking::{Row, RowId, reasons},
    report::{
        doc::{Doc, Line},
        words::at_the_time,
    },
    timeline,
};

/// More turning points of the ranking than this are not told one by one.
const TURNS: usize = 30;

/// Of what a check showed, so many of the first and of the last are told.
const SHOWN: usize = 4;

/// More columns of the board than this are counted; a postmortem that shows them all is read by nobody.
const COLUMNS: usize = 60;

/// More rows than this are named only, and the reasons are told of fewer.
const ROWS: usize = 20;
const ROWS_WITH_REASONS: usize = 8;

/// More reasons of a row than this are counted: the strongest are told.
const REASONS: usize = 8;

/// More symptoms and signs of one kind than this are counted.
const OF_A_KIND: usize = 30;

impl Teller<'_> {
    /// One line: impact stopped and cause confirmed are two facts.
    pub(super) fn cause(&self, doc: &mut Doc) {
        let lead = Line::bold("Cause:");
        let confirmed = |row: &Hypothesis| {
            let why = if row.reason.trim().is_empty() { String::new() } else { format!(": {}", row.reason) };
            format!("{}, confirmed {}{why}", named(row), self.clock(row.since))
        };
        let confirmed: Vec<_> = self.rows_in(HypothesisState::Confirmed).map(confirmed).collect();
        doc.bullet(
            0,
            match (confirmed.as_slice(), self.leader()) {
                ([], Some(RowId::Other)) => lead.and(" (not confirmed; no hypothesis on the board holds up)"),
                ([], Some(RowId::Named(id))) => {
                    let text = self.incident.board.hypothesis(id).map(named).unwrap_or_default();
                    let shaky = match self.incident.ranking.leader_is_shaky {
                        true => ", by a lead that what was not assessed could undo",
                        false => "",
                    };
                    lead.and(format!(" (not confirmed; the evidence favours {text}{shaky})"))
                }
                ([], None) => lead.and(" (not known)"),
                (confirmed, _) => lead.and(format!(" {}", confirmed.join("; "))),
            },
        );
    }

    pub(super) fn hypotheses(&self, doc: &mut Doc) {
        doc.heading(2, "Hypotheses");
        let board = &self.incident.board;
        if board.hypotheses.is_empty() {
            doc.bullet(0, Line::text("None was written down."));
            return;
        }
        let rows = &self.incident.ranking.rows;
        let mut left_out = Vec::new();
        for (at, row) in rows.iter().enumerate() {
            match row.id {
                RowId::Named(id) => {
                    let Some(known) = board.hypothesis(id) else { continue };
                    // Who was confirmed is told whatever its place.
                    if at < ROWS || known.state == HypothesisState::Confirmed {
                        self.hypothesis(doc, known, Some((row, at < ROWS_WITH_REASONS)));
                    } else {
                        left_out.push(known.label.as_str());
                    }
                }
                RowId::Other => {
                    doc.bullet(0, Line::bold("Something not on this board").and(format!(": {} bits", row.bits)))
                }
            }
        }
        if !left_out.is_empty() {
            let (count, labels) = (left_out.len(), left_out.join(", "));
            doc.bullet(0, Line::text(format!("{count} more rows of lower rank: {labels}")));
        }
        if rows.len() > ROWS_WITH_REASONS {
            let lead = format!("Reasons are told of the first {ROWS_WITH_REASONS} rows. All of them: ");
            doc.bullet(0, elsewhere(&lead));
        }
        let is_ranked = |id: Id| rows.iter().any(|row| row.id == RowId::Named(id));
        for row in board.hypotheses.iter().filter(|row| !is_ranked(row.id)) {
            self.hypothesis(doc, row, None);
        }
        if !board.hand_order.is_empty() {
            let labels: Vec<_> = board.hand_order.iter().filter_map(|id| board.hypothesis(*id)).collect();
            let labels: Vec<_> = labels.iter().map(|row| row.label.as_str()).collect();
            doc.bullet(0, Line::text(format!("Ranked by hand in the end: {}", labels.join(", "))));
        }
        self.turns(doc);
        self.cells(doc);
    }

    /// The board itself, a column a bullet: what each hypothesis expects there.
    fn cells(&self, doc: &mut Doc) {
        let board = &self.incident.board;
        if board.observations.is_empty() {
            return;
        }
        doc.heading(3, "The board at the end");
        for column in board.observations.iter().take(COLUMNS) {
            let said = |cell: Cell| {
                let rows = board.hypotheses.iter().filter(|row| board.cell(row.id, column.id) == cell);
                let rows: Vec<_> = rows.map(|row| row.label.as_str()).collect();
                (!rows.is_empty()).then(|| format!("{} for {}", cell.words(), rows.join(", ")))
            };
            use Cell::*;
            let said: Vec<_> =
                [Must, Likely, Neutral, Unlikely, Cannot, Unassessed].into_iter().filter_map(said).collect();
            let flag = if column.coincidence { ", a coincidence" } else { "" };
            let lead = Line::bold(format!("{} {}", column.label, column.text));
            doc.bullet(0, lead.and(format!(" ({}{flag}): {}", column.state.word(), said.join("; "))));
        }
        if let more @ 1.. = board.observations.len().saturating_sub(COLUMNS) {
            doc.bullet(0, elsewhere(&format!("{more} more columns are left out here: ")));
        }
    }

    fn hypothesis(&self, doc: &mut Doc, row: &Hypothesis, score: Option<(&Row, bool)>) {
        let mut text = match row.state {
            HypothesisState::Open => ": open".to_owned(),
            state => format!(": {} {}", state.word(), self.clock(row.since)),
        };
        if !row.reason.trim().is_empty() {
            let by = if row.state == HypothesisState::Refuted { " by" } else { ", because" };
            text.push_str(&format!("{by}: {}", row.reason));
        }
        if let Some(owner) = &row.owner {
            text.push_str(&format!(" (owner {owner})"));
        }
        doc.bullet(0, Line::bold(named(row)).and(text));
        let Some((score, with_reasons)) = score else { return };
        let mut sum = format!("explains {} of {} symptoms", score.explains, score.of);
        match score.against {
            0 => sum.push_str(", nothing against it"),
            n => sum.push_str(&format!(", {n} against it")),
        }
        if score.not_assessed > 0 {
            sum.push_str(&format!(", {} not assessed", score.not_assessed));
        }
        doc.bullet(1, Line::text(format!("{sum}; {} bits in all", score.bits)));
        if !with_reasons {
            return;
        }
        let mut telling = reasons(&self.incident.board, score.id);
        telling.retain(|reason| reason.bits.0 != 0);
        let left_out = telling.len().saturating_sub(REASONS);
        if left_out > 0 {
            // Stable: of those as strong the first stay.
            telling.sort_by_key(|reason| std::cmp::Reverse(reason.bits.0.abs()));
            telling.truncate(REASONS);
        }
        for reason in &telling {
            let labels = self.labels(&reason.observations);
            let space = if labels.is_empty() { "" } else { " " };
            let lead = format!("{} ({}): ", reason.bits.words(), reason.bits);
            doc.bullet(1, Line::text(format!("{lead}{labels}{space}{}", reason.text)));
        }
        match left_out {
            0 => {}
            1 => doc.bullet(1, Line::text("and 1 weaker reason")),
            more => doc.bullet(1, Line::text(format!("and {more} weaker reasons"))),
        }
    }

    fn turns(&self, doc: &mut Doc) {
        let turns = self.incident.rank_turns.iter().map(|turn| timeline::turned(turn, self.incident));
        let lines: Vec<_> = turns.map(|item| format!("{} {}", self.clock(item.at), item.what)).collect();
        if lines.is_empty() {
            let settled = self.incident.board.observations.iter().any(|column| column.state.is_settled());
            if let Some(RowId::Named(id)) = self.leader().filter(|_| settled)
                && let Some(row) = self.incident.board.hypothesis(id)
            {
                doc.bullet(0, Line::text(format!("The ranking never turned: {} leads.", named(row))));
            }
            return;
        }
        doc.heading(3, "How the ranking moved");
        let told = lines.len().min(TURNS);
        // Where it began and where it came to rest.
        let (first, last) = (&lines[..told.div_ceil(2)], &lines[lines.len() - told / 2..]);
        first.iter().for_each(|line| doc.bullet(0, Line::text(line)));
        if lines.len() > told {
            doc.bullet(0, Line::text(format!("(here it moved {} more times)", lines.len() - told)));
        }
        last.iter().for_each(|line| doc.bullet(0, Line::text(line)));
    }

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
            doc.bullet(0, Line::text(self.clock(at)).and(" ").and_bold(pin.evidence.title.as_str()));
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
        doc.bullet(0, Line::bold(format!("{} {}", column.label, column.text)).and(text));
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
            doc.bullet(1, Line::text(format!("{at} its check shows: {found} (")).and_code(shown).and(")"));
            for turn in self.incident.rank_turns.iter().filter(|turn| turn.seq == entry.seq) {
                doc.bullet(2, Line::text(format!("so {}", turn.what)));
            }
        }
        if let Some(folded) = self.incident.folded.get(&column.id) {
            self.folded(doc, folded);
        }
        if let Some(query) = &column.check.query {
            let lead = format!("checked on {}, present when {}: ", query.source, query.present);
            doc.bullet(1, Line::text(lead).and_code(query.query.as_str()));
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
            Line::text(format!("folded from {alerts} in {groups_word}, the first at {began}{quiet}: {names}{more}")),
        );
        if folded.alerts > 1 && !folded.why.is_empty() {
            doc.bullet(1, Line::text(format!("taken for one because: {}", folded.why.join("; "))));
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
        doc.prose(1, Line::text(lead), note);
        for turn in self.incident.rank_turns.iter().filter(|turn| turn.seq == entry.seq) {
            doc.bullet(2, Line::text(format!("so {}", turn.what)));
        }
    }

    fn evidence(&self, doc: &mut Doc, evidence: &Evidence, titled: bool) {
        let mut line = Line::default();
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
            line = line.and(" ").and_link("look again", at_the_time(url, self.start, self.end));
        }
        if !line.0.is_empty() {
            doc.bullet(1, line);
        }
        if !evidence.query.is_empty() {
            doc.bullet(1, Line::text("query ").and_code(evidence.query.as_str()));
        }
    }

    pub(super) fn assumptions(&self, doc: &mut Doc) {
        let assumptions = &self.incident.board.assumptions;
        if assumptions.is_empty() {
            return;
        }
        doc.heading(2, "Assumptions");
        for assumption in assumptions {
            let word = match assumption.state {
                AssumptionState::Unpoked => "Never checked:",
                AssumptionState::Holds => "Holds:",
                AssumptionState::Broken => "Broken:",
            };
            let row = assumption.hypothesis.and_then(|id| self.incident.board.hypothesis(id));
            let of = row.map(|row| format!(" (for {})", row.label)).unwrap_or_default();
            doc.bullet(0, Line::bold(word).and(format!(" {}{of}", assumption.text)));
        }
    }

    /// Labels of the live rows that expect an observation.
    fn expecting(&self, observation: Id) -> Vec<&str> {
        let board = &self.incident.board;
        let expects = |row: &&Hypothesis| matches!(board.cell(row.id, observation), Cell::Must | Cell::Likely);
        board.live().filter(expects).map(|row| row.label.as_str()).collect()
    }

    fn labels(&self, observations: &[Id]) -> String {
        let columns = observations.iter().filter_map(|id| self.incident.board.observation(*id));
        columns.map(|column| column.label.as_str()).collect::<Vec<_>>().join(", ")
    }

    fn rows_in(&self, state: HypothesisState) -> impl Iterator<Item = &Hypothesis> {
        self.incident.board.hypotheses.iter().filter(move |row| row.state == state)
    }

    /// The row the evidence favours, if there is a board to speak of and one row leads.
    fn leader(&self) -> Option<RowId> {
        let leader = self.incident.ranking.leader()?;
        (leader.state.is_live() && !self.incident.board.hypotheses.is_empty()).then_some(leader.id)
    }
}

/// Says what is left out, and where it is.
fn elsewhere(lead: &str) -> Line {
    Line::text(lead).and_code("stanch rank").and(", or ").and_code("stanch export --format json")
}

fn named(row: &Hypothesis) -> String {
    format!("{} {}", row.label, row.text)
}

fn count(n: usize, word: &str) -> String {
    if n == 1 { format!("1 {word}") } else { format!("{n} {word}s") }
}
