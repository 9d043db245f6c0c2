//! What could have been the cause: hypotheses in their final order, what spoke for and against each, and what
//! was taken for granted.

use super::Teller;
use crate::{
    base::human_time::seconds_between,
    incident::{
        Cell, Event, Hypothesis, HypothesisState, Id,
        board::AssumptionState,
        ranking::{Row, RowId, Turn, reasons},
        report::doc::{Doc, DocLine},
        timeline,
    },
};

/// More turning points of the ranking than this are not told one by one.
const TURNS: usize = 30;

/// Turns within this many seconds of each other are of one go.
const GO: i64 = 600;

/// More columns of the board than this are counted; a postmortem that shows them all is read by nobody.
const COLUMNS: usize = 60;

/// More rows than this are named only, and the reasons are told of fewer.
const ROWS: usize = 20;
const ROWS_WITH_REASONS: usize = 8;

/// More reasons of a row than this are counted: the strongest are told.
const REASONS: usize = 8;

impl Teller<'_> {
    /// One line: impact stopped and cause confirmed are two facts.
    pub(super) fn cause(&self, doc: &mut Doc) {
        let lead = DocLine::bold("Cause:");
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
            doc.bullet(0, DocLine::text("None was written down."));
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
                    doc.bullet(0, DocLine::bold("Something not on this board").and(format!(": {} bits", row.bits)))
                }
            }
        }
        if !left_out.is_empty() {
            let (count, labels) = (left_out.len(), left_out.join(", "));
            doc.bullet(0, DocLine::text(format!("{count} more rows of lower rank: {labels}")));
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
            doc.bullet(0, DocLine::text(format!("Ranked by hand in the end: {}", labels.join(", "))));
        }
        self.turns(doc);
        self.cells(doc);
        self.disagreements(doc);
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
            let lead = DocLine::bold(format!("{} {}", column.label, column.text));
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
        doc.bullet(0, DocLine::bold(named(row)).and(text));
        let Some((score, with_reasons)) = score else { return };
        let mut sum = format!("explains {} of {} symptoms", score.explains, score.of);
        match score.against {
            0 => sum.push_str(", nothing against it"),
            n => sum.push_str(&format!(", {n} against it")),
        }
        if score.not_assessed > 0 {
            sum.push_str(&format!(", {} not assessed", score.not_assessed));
        }
        doc.bullet(1, DocLine::text(format!("{sum}; {} bits in all", score.bits)));
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
            doc.bullet(1, DocLine::text(format!("{lead}{labels}{space}{}", reason.text)));
        }
        match left_out {
            0 => {}
            1 => doc.bullet(1, DocLine::text("and 1 weaker reason")),
            more => doc.bullet(1, DocLine::text(format!("and {more} weaker reasons"))),
        }
    }

    fn turns(&self, doc: &mut Doc) {
        let lines = self.turning_points();
        if lines.is_empty() {
            let settled = self.incident.board.observations.iter().any(|column| column.state.is_settled());
            if let Some(RowId::Named(id)) = self.leader().filter(|_| settled)
                && let Some(row) = self.incident.board.hypothesis(id)
            {
                doc.bullet(0, DocLine::text(format!("The ranking never turned: {} leads.", named(row))));
            }
            return;
        }
        doc.heading(3, "How the ranking moved");
        let told = lines.len().min(TURNS);
        // Where it began and where it came to rest.
        let (first, last) = (&lines[..told.div_ceil(2)], &lines[lines.len() - told / 2..]);
        first.iter().for_each(|line| doc.bullet(0, DocLine::text(line)));
        if lines.len() > told {
            doc.bullet(0, DocLine::text(format!("(here it moved {} more times)", lines.len() - told)));
        }
        last.iter().for_each(|line| doc.bullet(0, DocLine::text(line)));
    }

    /// The turns of the ranking, a line each; of those that came of filling the board in one go only the last, because the
    /// order in which cells are filled says nothing.
    fn turning_points(&self) -> Vec<String> {
        let entries = self.incident.entries();
        let is_filling = |turn: &Turn| {
            let entry = entries.binary_search_by_key(&turn.seq, |entry| entry.seq).map(|at| &entries[at].event);
            matches!(entry, Ok(Event::CellSet { .. } | Event::HypothesisAdded { .. } | Event::ObservationAdded { .. }))
        };
        let goes_on = |a: &Turn, b: &Turn| is_filling(a) && is_filling(b) && seconds_between(a.at, b.at) < GO;
        let goes = self.incident.rank_turns.chunk_by(goes_on);
        let line = |go: &[Turn]| {
            let item = timeline::turned(go.last()?, self.incident)?;
            let before = match go.len() - 1 {
                0 => String::new(),
                1 => " (it had turned once before while the board was filled)".to_owned(),
                times => format!(" (it had turned {times} times before while the board was filled)"),
            };
            Some(format!("{} {}{before}", self.clock(item.at), item.what))
        };
        goes.filter_map(line).collect()
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
            doc.bullet(0, DocLine::bold(word).and(format!(" {}{of}", assumption.text)));
        }
    }

    fn labels(&self, observations: &[Id]) -> String {
        let columns = observations.iter().filter_map(|id| self.incident.board.observation(*id));
        columns.map(|column| column.label.as_str()).collect::<Vec<_>>().join(", ")
    }

    pub(super) fn rows_in(&self, state: HypothesisState) -> impl Iterator<Item = &Hypothesis> {
        self.incident.board.hypotheses.iter().filter(move |row| row.state == state)
    }

    /// The row the evidence favours, if there is a board to speak of and one row leads.
    pub(super) fn leader(&self) -> Option<RowId> {
        let leader = self.incident.ranking.leader()?;
        (leader.state.is_live() && !self.incident.board.hypotheses.is_empty()).then_some(leader.id)
    }
}

/// Says what is left out, and where it is.
pub(super) fn elsewhere(lead: &str) -> DocLine {
    DocLine::text(lead).and_code("stanch rank").and(", or ").and_code("stanch export --format json")
}

pub(super) fn named(row: &Hypothesis) -> String {
    format!("{} {}", row.label, row.text)
}
