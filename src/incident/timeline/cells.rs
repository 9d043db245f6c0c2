//! Cells filled one after the other by one person become one line a row; all else is told line by line.

use super::Item;
use crate::incident::{Cell, Event, Id, Incident};

/// The timeline with runs of cells told as one.
pub(super) fn folded(items: Vec<Item>, incident: &Incident) -> Vec<Item> {
    let mut told: Vec<Item> = Vec::with_capacity(items.len());
    let mut run: Option<Run> = None;
    for item in items {
        let cell = cell_of(&item, incident);
        match (&mut run, cell) {
            (Some(open), Some((row, said))) if open.row == row && open.first.by == item.by => open.said.push(said),
            (_, cell) => {
                told.extend(run.take().map(|run| run.told(incident)));
                match cell {
                    Some((row, said)) => run = Some(Run { row, said: vec![said], first: item }),
                    None => told.push(item),
                }
            }
        }
    }
    told.extend(run.map(|run| run.told(incident)));
    told
}

struct Run {
    row: Id,
    first: Item,
    said: Vec<(Cell, String)>,
}

impl Run {
    fn told(self, incident: &Incident) -> Item {
        let name = incident.board.hypothesis(self.row).map(|row| format!("{} {}", row.label, row.text));
        match (self.said.len(), name) {
            (2.., Some(name)) => Item { what: format!("{name} expects {}", by_sign(&self.said)), ..self.first },
            _ => self.first,
        }
    }
}

/// `# s3 · + s1, s2`
fn by_sign(said: &[(Cell, String)]) -> String {
    const ORDER: [Cell; 6] = [Cell::Must, Cell::Likely, Cell::Neutral, Cell::Unlikely, Cell::Cannot, Cell::Unassessed];
    let labels = |cell: Cell| said.iter().filter(|one| one.0 == cell).map(|one| one.1.as_str()).collect::<Vec<_>>();
    let parts = ORDER.into_iter().map(|cell| (cell, labels(cell))).filter(|(_, labels)| !labels.is_empty());
    parts.map(|(cell, labels)| format!("{} {}", cell.sign(), labels.join(", "))).collect::<Vec<_>>().join(" · ")
}

/// The row of a cell that was set and still holds, with what was said of which column.
fn cell_of(item: &Item, incident: &Incident) -> Option<(Id, (Cell, String))> {
    let entries = incident.entries();
    let at = entries.binary_search_by_key(&item.seq, |entry| entry.seq).ok()?;
    match &entries[at].event {
        Event::CellSet { hypothesis, observation, cell } if !item.undone => {
            Some((*hypothesis, (*cell, incident.board.observation(*observation)?.label.clone())))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incident::{ObservationState, Prior, board::CheckSpec, fixture, timeline};

    #[test]
    fn cells_of_a_row_are_one_line() {
        let observed = |text: &str| Event::ObservationAdded {
            text: text.into(),
            state: ObservationState::Present,
            origin: None,
            when: None,
            evidence: None,
            check: CheckSpec::default(),
        };
        let row =
            Event::HypothesisAdded { text: "dns".into(), prior: Prior::Usual, changed: false, from: "typed".into() };
        let set =
            |column: u128, cell| Event::CellSet { hypothesis: Id::small(3), observation: Id::small(column), cell };
        let events = [observed("5xx"), observed("p99"), row, set(1, Cell::Must), set(2, Cell::Neutral)];
        let incident = fixture::at_once("alice", events);
        let told = folded(timeline::items(&incident), &incident);
        let lines: Vec<&str> = told.iter().map(|item| item.what.as_str()).collect();
        assert_eq!(lines.last(), Some(&"A dns expects # s1 · . s2"));
        assert_eq!(lines.len(), 4);
    }
}
