//! How much of each kind an incident holds, so that a journal others wrote slows nobody down.
//!
//! An entry beyond that stays in the log as it is, is counted by kind, and changes nothing else. What is shown and judged
//! at each key is held tightly; what is only told is held so that telling it takes a moment.

use std::collections::{BTreeMap, HashMap};

use super::{
    Board, ChosenValues, Entry, Event, Id, Incident,
    board::{MOST_CELLS, MOST_COLUMNS, MOST_ROWS},
};
use crate::signal::storm::thousands;

/// The most names of authors that are kept, to tell a person from a process in what is written.
pub(super) const MOST_AUTHORS: usize = 1_000;

/// Drafts of all authors together.
const MOST_DRAFTS: usize = 20_000;

/// A kind of which an incident holds so many and no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names are the meaning")]
pub enum Limited {
    Hypotheses,
    Observations,
    /// Everything that changes the ranking, settings of cells above all.
    BoardChanges,
    Assumptions,
    Mitigations,
    Notes,
    Pins,
    ParkedWhys,
    Whys,
    ActionItems,
    Links,
    Drafts,
    Variables,
    StatusChanges,
    Watches,
    Vitals,
    Watchdogs,
    Changes,
    GuardAnswers,
}

impl Limited {
    /// The most there are of it. Of hypotheses and observations the board may hold fewer, see [`MOST_CELLS`].
    pub fn most(self) -> usize {
        match self {
            Self::Hypotheses => MOST_ROWS,
            Self::Observations => MOST_COLUMNS,
            Self::BoardChanges => 200_000,
            Self::Assumptions | Self::Mitigations | Self::ParkedWhys | Self::Whys | Self::Vitals => 500,
            Self::Pins
            | Self::ActionItems
            | Self::Links
            | Self::Drafts
            | Self::Variables
            | Self::Watchdogs
            | Self::GuardAnswers => 1_000,
            Self::StatusChanges | Self::Watches => 10_000,
            Self::Notes | Self::Changes => 20_000,
        }
    }

    /// What people call it, for more than one.
    pub fn words(self) -> &'static str {
        match self {
            Self::Hypotheses => "hypotheses",
            Self::Observations => "observations",
            Self::BoardChanges => "changes of the board",
            Self::Assumptions => "assumptions",
            Self::Mitigations => "mitigations",
            Self::Notes => "notes",
            Self::Pins => "pinned readings",
            Self::ParkedWhys => "whys put aside",
            Self::Whys => "answers to whys",
            Self::ActionItems => "action items",
            Self::Links => "links",
            Self::Drafts => "drafts",
            Self::Variables => "variables of dashboards",
            Self::StatusChanges => "changes of status",
            Self::Watches => "watches",
            Self::Vitals => "vitals",
            Self::Watchdogs => "watchdogs",
            Self::Changes => "changes",
            Self::GuardAnswers => "answers before going back",
        }
    }
}

/// What an incident was given beyond what it holds.
#[derive(Clone, Debug, Default)]
pub(super) struct Beyond {
    counts: BTreeMap<Limited, usize>,
    /// Their numbers in the log.
    numbers: HashMap<Id, u64>,
}

impl Beyond {
    /// Takes in an entry that is left out.
    pub fn leave_out(&mut self, kind: Limited, entry: Id, number: u64) {
        *self.counts.entry(kind).or_default() += 1;
        self.numbers.insert(entry, number);
    }

    /// The number of an entry that is left out.
    pub fn number_of(&self, entry: Id) -> Option<u64> {
        self.numbers.get(&entry).copied()
    }
}

impl Incident {
    /// How many entries of each kind are in the log and beyond what an incident holds.
    pub fn beyond(&self) -> &BTreeMap<Limited, usize> {
        &self.beyond.counts
    }

    /// What is left out, in a sentence; `None` where nothing is.
    pub fn beyond_in_words(&self) -> Option<String> {
        let counted = |(kind, count): (&Limited, &usize)| format!("{} ({})", kind.words(), thousands(*count));
        let left_out: Vec<_> = self.beyond().iter().map(counted).collect();
        (!left_out.is_empty())
            .then(|| format!("in the journal only, as an incident holds no more: {}", left_out.join(", ")))
    }

    /// What is left out that was not when so much was, in a sentence; `None` where nothing is.
    pub fn left_out_since(&self, before: &BTreeMap<Limited, usize>) -> Option<String> {
        let more = |(kind, count): (&Limited, &usize)| {
            let more = count - before.get(kind).copied().unwrap_or(0).min(*count);
            let are = if more == 1 { "is" } else { "are" };
            (more > 0).then(|| {
                format!("an incident holds no more {}: {} {are} in the log only", kind.words(), thousands(more))
            })
        };
        self.beyond().iter().find_map(more)
    }

    /// The kind that there would be too much of with this entry.
    pub(super) fn is_full_for(&self, entry: &Entry) -> Option<Limited> {
        use Limited::*;
        let Board { hypotheses, observations, assumptions, .. } = &self.board;
        let (rows, columns) = (hypotheses.len(), observations.len());
        let too_many_cells = |rows: usize, columns: usize| rows * columns > MOST_CELLS;
        let (kind, count) = match &entry.event {
            Event::HypothesisAdded { .. } if too_many_cells(rows + 1, columns) => return Some(Hypotheses),
            Event::HypothesisAdded { .. } => (Hypotheses, rows),
            Event::ObservationAdded { .. } if too_many_cells(rows, columns + 1) => return Some(Observations),
            Event::ObservationAdded { .. } => (Observations, columns),
            Event::AssumptionAdded { .. } => (Assumptions, assumptions.len()),
            Event::MitigationAdded { .. } => (Mitigations, self.mitigations.len()),
            Event::Noted { .. } => (Notes, self.notes.len()),
            Event::Pinned { .. } => (Pins, self.pins.len()),
            Event::WhyParked { .. } => (ParkedWhys, self.whys.len()),
            Event::WhyAnswered { .. } => (Whys, self.causes.len()),
            Event::ActionAdded { .. } => (ActionItems, self.actions.len()),
            Event::LinkAdded { .. } => (Links, self.links.len()),
            Event::DraftKept { field, text } if !text.is_empty() => {
                let is_known = self.drafts.contains_key(&(entry.by.clone(), field.clone()));
                // Of each author there may be so many: what others leave takes no room from mine.
                let own =
                    self.drafts.range((entry.by.clone(), String::new())..).take_while(|((by, _), _)| *by == entry.by);
                match self.drafts.len() {
                    MOST_DRAFTS.. if !is_known => return Some(Drafts),
                    _ => (Drafts, if is_known { 0 } else { own.count() }),
                }
            }
            Event::VariableSet { dashboard, variable, .. } => {
                let is_it = |known: &ChosenValues| {
                    (&known.by, &known.dashboard, &known.variable) == (&entry.by, dashboard, variable)
                };
                (Variables, if self.variables.iter().any(is_it) { 0 } else { self.variables.len() })
            }
            Event::StatusSet { .. } => (StatusChanges, self.status_history.len()),
            Event::WatchStarted { .. } => (Watches, self.watches.len()),
            Event::VitalCrossed { vital, .. } | Event::VitalWorsened { vital, .. } => {
                (Vitals, if self.vitals.contains_key(vital) { 0 } else { self.vitals.len() })
            }
            Event::WatchdogTurned { source, group, .. } => {
                (Watchdogs, if self.places.of_watchdog(source, group).is_some() { 0 } else { self.watchdogs.len() })
            }
            Event::ChangeSeen { .. } => (Changes, self.changes.len()),
            Event::GuardAnswered { mitigation: None, change: Some(change), .. } => {
                (GuardAnswers, if self.change_guards.contains_key(change) { 0 } else { self.change_guards.len() })
            }
            event if event.touches_board() => (BoardChanges, self.counters.board_changes),
            _ => return None,
        };
        (count >= kind.most()).then_some(kind)
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::incident::{
        Cell, GuardAnswer, GuardQuestion, Status, board::Evidence, fixture::at_once, report, timeline,
    };

    fn row(n: usize) -> Event {
        Event::HypothesisAdded {
            text: format!("cause {n}"),
            prior: Default::default(),
            changed: false,
            from: String::new(),
        }
    }

    fn column(n: usize) -> Event {
        Event::ObservationAdded {
            text: format!("sign {n}"),
            state: crate::incident::ObservationState::Present,
            origin: None,
            when: None,
            evidence: None,
            check: Default::default(),
        }
    }

    #[track_caller]
    fn check(events: impl IntoIterator<Item = Event>, expected: &[(Limited, usize)]) -> Incident {
        let incident = at_once("mallory", events);
        assert_eq!(incident.beyond().iter().map(|(kind, count)| (*kind, *count)).collect::<Vec<_>>(), expected);
        incident
    }

    #[test]
    fn of_each_kind_there_are_so_many_and_the_rest_is_counted() {
        let now = Timestamp::UNIX_EPOCH;
        let text = || "x".to_owned();
        let of = |kind, event: &dyn Fn(usize) -> Event| {
            let most = Limited::most(kind);
            check((0..most).map(event), &[]);
            check((0..most + 3).map(event), &[(kind, 3)]);
        };
        of(Limited::Hypotheses, &row);
        of(Limited::Observations, &column);
        of(Limited::Assumptions, &|_| Event::AssumptionAdded { text: text(), hypothesis: None });
        of(Limited::Mitigations, &|_| Event::MitigationAdded {
            text: text(),
            mitigation_kind: crate::incident::MitigationKind::Rollback,
            hypothesis: None,
            command: None,
            change: None,
        });
        of(Limited::Notes, &|_| Event::Noted { text: text(), when: None });
        of(Limited::Pins, &|_| Event::Pinned { evidence: Evidence::default() });
        of(Limited::ParkedWhys, &|_| Event::WhyParked { text: text() });
        of(Limited::Whys, &|_| Event::WhyAnswered { parent: None, text: text(), process: false });
        of(Limited::ActionItems, &|_| Event::ActionAdded {
            text: text(),
            owner: text(),
            due: text(),
            action_kind: Default::default(),
        });
        of(Limited::Links, &|_| Event::LinkAdded { title: text(), url: text() });
        of(Limited::Variables, &|n| Event::VariableSet {
            dashboard: text(),
            title: text(),
            variable: n.to_string(),
            values: vec![text()],
            shown: text(),
        });
        of(Limited::Drafts, &|n| Event::DraftKept { field: n.to_string(), text: text() });
        of(Limited::StatusChanges, &|_| Event::StatusSet { status: Status::Bleeding, reason: text(), when: None });
        of(Limited::Watches, &|n| Event::WatchStarted { session: Id::small(n as u128), vitals: false });
        of(Limited::Vitals, &|n| Event::VitalCrossed {
            key: n.to_string(),
            vital: n.to_string(),
            value: 1.0,
            shown: text(),
            ok: text(),
            inside: true,
            when: now,
        });
        of(Limited::Watchdogs, &|n| Event::WatchdogTurned {
            key: n.to_string(),
            source: text(),
            group: n.to_string(),
            title: text(),
            firing: false,
            when: now,
        });
        of(Limited::GuardAnswers, &|n| Event::GuardAnswered {
            mitigation: None,
            change: Some(n.to_string()),
            question: GuardQuestion::WrittenSince,
            answer: GuardAnswer::No,
            text: text(),
        });
    }

    #[test]
    fn a_board_has_so_many_cells_however_they_lie() {
        let rows = MOST_CELLS / 200;
        let board =
            check((0..200).map(column).chain((0..MOST_ROWS).map(row)), &[(Limited::Hypotheses, MOST_ROWS - rows)]);
        assert_eq!((board.board.hypotheses.len(), board.board.observations.len()), (rows, 200));
        let columns = MOST_CELLS / 100;
        check(
            (0..100).map(row).chain((0..MOST_COLUMNS).map(column)),
            &[(Limited::Observations, MOST_COLUMNS - columns)],
        );
    }

    #[test]
    fn what_is_left_out_changes_nothing_and_is_told() {
        let left_out = Id::small(MOST_ROWS as u128 + 2);
        let cell = |n| Event::CellSet { hypothesis: Id::small(n), observation: Id::small(1), cell: Cell::Must };
        let events = [column(0)].into_iter().chain((0..=MOST_ROWS).map(row));
        let events = events.chain([cell(2), cell(MOST_ROWS as u128 + 2)]);
        let incident = check(events, &[(Limited::Hypotheses, 1)]);
        assert!(incident.is_beyond(left_out) && !incident.is_undone(left_out));
        assert_eq!(incident.board.cell(left_out, Id::small(1)), Cell::Unassessed);
        assert_eq!(incident.board.cell(Id::small(2), Id::small(1)), Cell::Must);
        let text = timeline::text(&incident);
        assert!(text.contains("cause 500  (left out)"), "{}", &text[text.len() - 600..]);
        let said = "in the journal only, as an incident holds no more: hypotheses (1)";
        assert!(report::markdown(&incident).contains(said));
        let said = incident.left_out_since(&BTreeMap::new());
        assert_eq!(said.as_deref(), Some("an incident holds no more hypotheses: 1 is in the log only"));
        assert_eq!(incident.left_out_since(incident.beyond()), None);
    }

    #[test]
    fn what_is_known_goes_on_where_nothing_new_is_taken() {
        let draft = |n: usize, text: &str| Event::DraftKept { field: n.to_string(), text: text.into() };
        let most = Limited::Drafts.most();
        let events = (0..most).map(|n| draft(n, "first")).chain([draft(0, "then"), draft(1, "")]);
        let incident = check(events, &[]);
        assert_eq!(incident.drafts[&("mallory".to_owned(), "0".to_owned())], "then");
        assert_eq!(incident.drafts.len(), most - 1);
        let status = |status| Event::StatusSet { status, reason: String::new(), when: None };
        let turns = (0..Limited::StatusChanges.most()).map(|_| status(Status::Bleeding));
        let incident = at_once("a", turns.chain([status(Status::Stanched)]));
        assert_eq!(incident.summary.status, Status::Stanched, "where it stands is never left out");
        let last = incident.status_history.last().map(|turn| turn.status);
        assert_eq!((last, incident.beyond()[&Limited::StatusChanges]), (Some(Status::Stanched), 1));
    }

    /// Seconds; with a look at all that came before for each entry it takes many minutes.
    #[test]
    #[expect(clippy::disallowed_methods, reason = "the test measures")]
    fn what_others_wrote_by_the_hundred_thousand_is_taken_in() {
        let turned = |n: usize, severity| Event::AlertTurned {
            key: format!("{n} {severity:?}"),
            source: "am".into(),
            group: n.to_string(),
            title: "t".into(),
            severity,
            turn: crate::incident::AlertTurn::Fired,
            firing: 1,
            when: Timestamp::UNIX_EPOCH,
            first: false,
            links: Default::default(),
        };
        use crate::signal::Severity;
        const MANY: usize = 50_000;
        let kinds: [&dyn Fn(usize) -> Event; 6] = [
            &row,
            &column,
            &|n| turned(n, Severity::Unknown),
            &|n| turned(n, Severity::Info),
            &|_| Event::StatusSet { status: Status::Bleeding, reason: String::new(), when: None },
            &|n| Event::Undone { entry: Id::small(n as u128 + 1) },
        ];
        let begun = std::time::Instant::now();
        let incident = at_once("a", kinds.iter().flat_map(|kind| (0..MANY).map(kind)));
        assert!(timeline::text(&incident).lines().count() > MANY);
        assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
    }
}
