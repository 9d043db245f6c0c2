//! The team's runbooks, and which of them what fires now is about.

use std::{collections::HashSet, sync::Arc};

use crate::{
    app::{
        App, Facts,
        world::{rows, signals::Stamp},
    },
    config::PaneKind,
    incident::board::file::BoardFile,
    runbook::{self, Alert, Library, Match, Section},
    signal::{AlertGroup, AlertState, Labels, Severity},
};

/// Alert groups that are looked at: of a storm the worst.
const MOST_GROUPS: usize = 300;

/// Runbooks that are named at most.
const MOST: usize = 20;

/// What is known of runbooks.
#[derive(Clone, Debug, Default)]
pub struct Runbooks {
    /// All there are.
    pub library: Arc<Library>,
    /// Of which alerts the rest was found; `None` before it was.
    seen: Option<Vec<Stamp>>,
    /// Those that what fires is about, the worst alert first.
    fitting: Vec<Fitting>,
    /// What those bring for the board.
    board: Arc<BoardFile>,
}

/// A runbook that something that fires is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Fitting {
    /// What people call the alert group.
    pub alert: String,
    /// The labels all of its alerts share.
    pub labels: Labels,
    /// How bad it is.
    pub severity: Severity,
    /// The runbook, which part of it, and why.
    pub found: Match,
    /// Which of the usual parts it has, of those that are looked for while it hurts.
    pub parts: Vec<Section>,
}

impl Runbooks {
    /// As they are for another incident: what fires is found anew.
    pub(in crate::app) fn at_rest(&self) -> Self {
        Self { library: Arc::clone(&self.library), ..Self::default() }
    }

    /// Those that what fires is about, the worst alert first.
    pub fn fitting(&self) -> &[Fitting] {
        &self.fitting
    }

    /// What those bring for the board.
    pub fn board(&self) -> &Arc<BoardFile> {
        &self.board
    }

    /// Takes in the runbooks as they are now on disk.
    pub(in crate::app) fn renew(&mut self, library: Arc<Library>) {
        (self.library, self.seen) = (library, None);
    }

    /// The runbooks an alert group is about, the best first.
    pub fn of_group(&self, group: &AlertGroup) -> Vec<Match> {
        match alert_of(group) {
            Some(alert) => self.library.matches(alert),
            None => Vec::new(),
        }
    }
}

/// An alert of a group, as it is looked for: the first, which is the worst.
pub(in crate::app) fn alert_of(group: &AlertGroup) -> Option<Alert<'_>> {
    let first = group.alerts.first()?;
    let address = group.links().and_then(|links| links.runbook.as_deref());
    Some(Alert { labels: &first.labels, address })
}

/// What may be said of a group as a whole: the labels of its only alert, or those that all have.
pub(in crate::app) fn labels_of(group: &AlertGroup) -> Labels {
    match group.alerts.as_slice() {
        [only] => only.labels.clone(),
        _ => group.labels.clone(),
    }
}

/// Whether they were found of the alerts as they are.
pub(in crate::app) fn is_current(app: &App) -> bool {
    let known = &app.world.runbooks;
    match &known.seen {
        // Without runbooks there is nothing to find.
        None => known.library.books.is_empty() && known.fitting.is_empty(),
        Some(seen) => rows::alert_stamps(app.facts()).eq(seen.iter().copied()),
    }
}

/// Finds them once, when the alerts or the runbooks have changed.
pub(in crate::app) fn refresh(app: &mut App) {
    let facts = app.facts();
    let seen = rows::alert_stamps(facts).collect();
    let fitting = find(facts);
    let is_same = facts.world.runbooks.seen.is_some() && fitting == facts.world.runbooks.fitting;
    let board = match is_same {
        true => Arc::clone(&facts.world.runbooks.board),
        false => Arc::new(board_of(&facts.world.runbooks.library, &fitting)),
    };
    let known = &mut app.world.runbooks;
    (known.seen, known.fitting, known.board) = (Some(seen), fitting, board);
}

fn find(facts: Facts<'_>) -> Vec<Fitting> {
    let runbooks = &facts.world.runbooks;
    let panes = facts.world.plan.panes.iter().filter(|pane| pane.pane.kind == PaneKind::Alerts);
    let mut groups: Vec<&AlertGroup> =
        panes.flat_map(|pane| rows::known_alerts(facts, pane)).map(|shown| shown.group).collect();
    groups.retain(|group| group.state == AlertState::Firing);
    groups.sort_by_key(|group| (group.severity, group.since));
    let mut named = HashSet::new();
    let mut fitting = Vec::new();
    for group in groups.into_iter().take(MOST_GROUPS) {
        let Some(found) = runbooks.of_group(group).into_iter().next() else { continue };
        if named.insert((found.book, found.heading)) {
            let labels = labels_of(group);
            let parts = parts_of(&runbooks.library, &found);
            fitting.push(Fitting { alert: group.title.to_string(), labels, severity: group.severity, found, parts });
        }
        if fitting.len() == MOST {
            break;
        }
    }
    fitting
}

fn parts_of(library: &Library, found: &Match) -> Vec<Section> {
    let wanted = [Section::Mitigation, Section::Diagnosis, Section::Escalation];
    let book = library.books.get(found.book);
    wanted.into_iter().filter(|part| book.is_some_and(|book| book.section(*part).is_some())).collect()
}

fn board_of(library: &Library, fitting: &[Fitting]) -> BoardFile {
    let of = |one: &Fitting| {
        let book = library.books.get(one.found.book).filter(|book| book.has_board());
        let boards = book.map(|book| runbook::boards(book)).unwrap_or_default();
        boards.into_iter().filter_map(Result::ok).map(|brought| brought.filled(&one.labels).file).collect::<Vec<_>>()
    };
    runbook::merged(fitting.iter().flat_map(of))
}
