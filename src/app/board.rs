//! View 2: where the cursor is on the board, and what its keys do.

use super::{
    App, Effect, Overlay,
    action::Action,
    overlay::{Choice, Fill, Purpose, Subject, choice::Then},
};
use crate::incident::{
    Cell, Event, HypothesisState, Id, ObservationState,
    ranking::{self, RowId},
};

/// The state of view 2.
#[derive(Clone, Debug, Default)]
pub struct BoardState {
    /// The row selected; `None` before there is one.
    pub row: Option<RowId>,
    /// The column selected.
    pub column: Option<Id>,
    /// Rows that moved: which, from which place, and when. Shown for a few seconds.
    pub moved: Vec<(RowId, usize, jiff::Timestamp)>,
    /// What made them move, in words.
    pub moved_by: Option<String>,
    /// What was marked in the picker when it was left.
    pub(super) marked: Vec<String>,
}

impl App {
    /// Rows in the order they are shown: the order given by hand, then that of the evidence.
    pub fn board_order(&self) -> Vec<RowId> {
        ranking::by_hand(&self.incident.ranking, &self.incident.board)
    }

    /// The row the cursor is on, the first one when it is on none.
    pub fn board_row(&self) -> Option<RowId> {
        let order = self.board_order();
        self.board.row.filter(|row| order.contains(row)).or_else(|| order.first().copied())
    }

    /// The hypothesis the cursor is on.
    pub fn selected_hypothesis(&self) -> Option<Id> {
        match self.board_row()? {
            RowId::Named(id) => Some(id),
            RowId::Other => None,
        }
    }

    /// The observation the cursor is on, the first one when it is on none.
    pub fn selected_observation(&self) -> Option<Id> {
        let columns = &self.incident.board.observations;
        let wanted = self.board.column.filter(|id| columns.iter().any(|column| column.id == *id));
        wanted.or_else(|| columns.first().map(|column| column.id))
    }

    /// Notes which rows have moved.
    pub(super) fn after_apply(&mut self, before: &[RowId], why: Option<&Event>) {
        let after = self.board_order();
        let now = self.now;
        self.board.moved.retain(|(_, _, at)| super::clock::seconds_between(*at, now) < 8);
        for (place, row) in after.iter().enumerate() {
            if let Some(was) = before.iter().position(|known| known == row).filter(|was| *was != place) {
                self.board.moved.retain(|(id, _, _)| id != row);
                self.board.moved.push((*row, was + 1, now));
                self.board.moved_by = why.and_then(|event| self.settled_in_words(event));
            }
        }
    }

    /// What settled a column, in a few words: `s5 is present, 0.97`.
    fn settled_in_words(&self, event: &Event) -> Option<String> {
        let (id, state, value) = match event {
            Event::CheckTurned { observation, state, shown, .. } => (*observation, state, shown.as_str()),
            Event::ObservationSet { observation, state, .. } => (*observation, state, ""),
            _ => return None,
        };
        let column = self.incident.board.observation(id)?;
        let value = if value.is_empty() { String::new() } else { format!(", {value}") };
        Some(format!("{} is {}{value}", column.label, state.word()))
    }

    pub(super) fn board_action(&mut self, action: Action) -> Vec<Effect> {
        match action {
            Action::Up => self.row_move(-1),
            Action::Down => self.row_move(1),
            Action::PageUp => self.row_move(-10),
            Action::PageDown => self.row_move(10),
            Action::First => self.row_move(isize::MIN / 2),
            Action::Last => self.row_move(isize::MAX / 2),
            Action::Left => self.column_move(-1),
            Action::Right => self.column_move(1),
            Action::PreviousPane => self.column_move(-self.column_page()),
            Action::NextPane => self.column_move(self.column_page()),
            Action::CellMust => return self.set_cell(Cell::Must),
            Action::CellLikely => return self.set_cell(Cell::Likely),
            Action::CellNeutral => return self.set_cell(Cell::Neutral),
            Action::CellUnlikely => return self.set_cell(Cell::Unlikely),
            Action::CellCannot => return self.set_cell(Cell::Cannot),
            Action::CellUnassessed => return self.set_cell(Cell::Unassessed),
            Action::CellNext => return self.next_cell(),
            Action::CellRest => return self.rest_says_nothing(),
            Action::AddSign => self.ask(Purpose::Sign),
            Action::SetCheck => self.ask_for_check(),
            Action::RunAll => return self.run_all_checks(),
            Action::Fill => self.open_fill_strip(),
            Action::Settle => self.ask_to_settle(),
            Action::Open => return self.open_on_board(),
            Action::Evidence => self.show_reasons(),
            Action::RankUp => return self.rank_by_hand(-1),
            Action::RankDown => return self.rank_by_hand(1),
            Action::EvidenceOrder => self.ask_evidence_order(),
            Action::Refute => self.judge(HypothesisState::Refuted),
            Action::Confirm => self.ask_confirm(),
            Action::Reopen => return self.reopen(),
            Action::Edit => self.reword(),
            Action::Assume => self.ask(Purpose::Assumption(self.selected_or_all())),
            Action::Poke => self.open_assumptions(),
            Action::Origin => self.ask_origin(),
            Action::Coincidence => return self.toggle_coincidence(),
            _ => {}
        }
        Vec::new()
    }

    fn row_move(&mut self, by: isize) {
        let order = self.board_order();
        let Some(at) = self.board_row().and_then(|row| order.iter().position(|known| *known == row)) else { return };
        let to = at.saturating_add_signed(by).min(order.len() - 1);
        self.board.row = Some(order[to]);
    }

    fn column_move(&mut self, by: isize) {
        let columns = &self.incident.board.observations;
        let selected = self.selected_observation();
        let Some(at) = columns.iter().position(|column| Some(column.id) == selected) else { return };
        self.board.column = Some(columns[at.saturating_add_signed(by).min(columns.len() - 1)].id);
    }

    /// How far Tab goes: on a wide board a handful of columns at once.
    fn column_page(&self) -> isize {
        if self.incident.board.observations.len() > 20 { 5 } else { 1 }
    }

    fn set_cell(&mut self, cell: Cell) -> Vec<Effect> {
        let (Some(hypothesis), Some(observation)) = (self.selected_hypothesis(), self.selected_observation()) else {
            let named = !self.incident.board.hypotheses.is_empty() && self.selected_hypothesis().is_none();
            self.complain(match named {
                true => "this row has no cells: it stands for what nobody has named; `a` names it",
                false => "no cell here yet: `s` adds a symptom, `a` adds hypotheses",
            });
            return Vec::new();
        };
        if self.incident.board.cell(hypothesis, observation) == cell {
            return Vec::new();
        }
        self.record(vec![Event::CellSet { hypothesis, observation, cell }])
    }

    fn next_cell(&mut self) -> Vec<Effect> {
        let (Some(row), Some(column)) = (self.selected_hypothesis(), self.selected_observation()) else {
            return Vec::new();
        };
        self.set_cell(match self.incident.board.cell(row, column) {
            Cell::Unassessed => Cell::Must,
            Cell::Must => Cell::Likely,
            Cell::Likely => Cell::Neutral,
            Cell::Neutral => Cell::Unlikely,
            Cell::Unlikely => Cell::Cannot,
            Cell::Cannot => Cell::Unassessed,
        })
    }

    fn rest_says_nothing(&mut self) -> Vec<Effect> {
        let Some(observation) = self.selected_observation() else { return Vec::new() };
        let board = &self.incident.board;
        let open = board.live().filter(|row| board.cell(row.id, observation) == Cell::Unassessed);
        let events: Vec<_> =
            open.map(|row| Event::CellSet { hypothesis: row.id, observation, cell: Cell::Neutral }).collect();
        if events.is_empty() { Vec::new() } else { self.record(events) }
    }

    /// Enter on a column with a query runs it; without one it settles what is untested or unclear; else it opens the fill
    /// strip, or the reasons when all cells are filled.
    fn open_on_board(&mut self) -> Vec<Effect> {
        let selected = self.selected_observation();
        if let Some(effects) = selected.and_then(|id| self.run_check(id)) {
            return effects;
        }
        let column = selected.and_then(|id| self.incident.board.observation(id));
        if column.is_some_and(|column| !column.state.is_settled()) {
            self.ask_to_settle();
        } else {
            self.open_fill_strip();
        }
        Vec::new()
    }

    fn open_fill_strip(&mut self) {
        match Fill::of(&self.incident.board, &[]) {
            Some(fill) => self.overlay = Some(Overlay::Fill(fill)),
            None => self.show_reasons(),
        }
    }

    fn show_reasons(&mut self) {
        let subject = match (self.board_row(), self.selected_observation()) {
            (Some(RowId::Named(id)), _) => Subject::Row(Some(id)),
            (Some(RowId::Other), _) => Subject::Row(None),
            (None, Some(column)) => Subject::Column(column),
            (None, None) => return,
        };
        self.overlay = Some(Overlay::Detail { subject, scroll: 0 });
    }

    /// From the reasons of the row to the evidence of the column, and back to the board.
    pub(super) fn other_detail(&self, shown: Subject) -> Option<Overlay> {
        match shown {
            Subject::Row(_) => {
                let subject = Subject::Column(self.selected_observation()?);
                Some(Overlay::Detail { subject, scroll: 0 })
            }
            Subject::Column(_) => None,
        }
    }

    pub(super) fn ask_to_settle(&mut self) {
        let Some(column) = self.selected_observation().and_then(|id| self.incident.board.observation(id)) else {
            return self.complain("no column yet: `s` adds a symptom, `t` a sign to look for");
        };
        let then = |state| Then::Ask(Purpose::SettleNote(column.id, state));
        let choice = Choice::new(format!("{} {}: what is seen?", column.label, column.text))
            .titled(format!("Settle {}, now {}", column.label, column.state.word()))
            .or('p', "present: it is there", then(ObservationState::Present))
            .or('a', "absent: looked, and it is not there", then(ObservationState::Absent))
            .or('u', "unclear: looked, and could not tell", then(ObservationState::Unclear))
            .or('t', "untested: nobody has looked", then(ObservationState::Untested));
        self.overlay = Some(Overlay::Choice(choice));
    }

    fn rank_by_hand(&mut self, by: isize) -> Vec<Effect> {
        let Some(selected) = self.selected_hypothesis() else { return Vec::new() };
        let named = |row: RowId| match row {
            RowId::Named(id) => Some(id),
            RowId::Other => None,
        };
        let mut order: Vec<Id> = self.board_order().into_iter().filter_map(named).collect();
        let Some(at) = order.iter().position(|id| *id == selected) else { return Vec::new() };
        let to = at.saturating_add_signed(by).min(order.len() - 1);
        if to == at {
            return Vec::new();
        }
        order.swap(at, to);
        self.board.row = Some(RowId::Named(selected));
        self.record(vec![Event::RankedByHand { order }])
    }

    fn ask_evidence_order(&mut self) {
        if self.incident.board.hand_order.is_empty() {
            return self.say("the rows are in the order of the evidence");
        }
        let choice = Choice::new("Back to the order of the evidence?")
            .titled("Order of the rows")
            .or('y', "yes, drop the order by hand", Then::Record(vec![Event::RankedByHand { order: Vec::new() }]))
            .or('n', "no, keep it", Then::Nothing);
        self.overlay = Some(Overlay::Choice(choice));
    }

    fn reword(&mut self) {
        if let Some(row) = self.selected_hypothesis().and_then(|id| self.incident.board.hypothesis(id)) {
            let (id, text) = (row.id, row.text.clone());
            self.ask_with(Purpose::Reword(id), &text);
        }
    }

    /// Offers the other columns to share an origin with.
    fn ask_origin(&mut self) {
        let Some(column) = self.selected_observation().and_then(|id| self.incident.board.observation(id)) else {
            return;
        };
        let observation = column.id;
        let mut choice = Choice::new(format!("{} {} comes from the same place as …", column.label, column.text))
            .titled(format!("Origin of {}", column.label));
        let others = self.incident.board.observations.iter().filter(|other| other.id != observation);
        for (key, other) in ('1'..='9').zip(others) {
            let origin = other.origin.clone().unwrap_or_else(|| other.text.clone());
            let mut events = Vec::new();
            if other.origin.is_none() {
                events.push(Event::OriginSet { observation: other.id, origin: Some(origin.clone()) });
            }
            events.push(Event::OriginSet { observation, origin: Some(origin) });
            choice = choice.or(key, format!("{} {}", other.label, other.text), Then::Record(events));
        }
        let own = Then::Record(vec![Event::OriginSet { observation, origin: None }]);
        self.overlay = Some(Overlay::Choice(choice.or('0', "nothing else: it counts by itself", own)));
    }

    fn toggle_coincidence(&mut self) -> Vec<Effect> {
        let Some(column) = self.selected_observation().and_then(|id| self.incident.board.observation(id)) else {
            return Vec::new();
        };
        let (observation, coincidence) = (column.id, !column.coincidence);
        self.record(vec![Event::CoincidenceSet { observation, coincidence }])
    }
}

/// Whether an event is what a person or a check found out about a column.
pub(super) fn settles(event: &Event) -> bool {
    matches!(event, Event::CheckTurned { .. } | Event::ObservationSet { .. })
}
