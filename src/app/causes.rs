//! Causes to pick from: changes seen around the onset and causes that outages keep having, with the signs each predicts.

use std::{cmp::Reverse, sync::Arc};

use jiff::Timestamp;

use crate::{
    app::{App, Facts, act::order, screen::overlay::Candidate},
    base::human_time,
    incident::{
        Board, Cell, ChangeRecord, Draft, Event, Hypothesis, Id, Observation, ObservationState, Prior,
        board::file::BoardFile,
    },
    runbook,
    signal::ChangeKind,
};

/// How long before the onset a change is still offered, in seconds.
const BEFORE: i64 = 4 * 3600;
/// How long after it: onsets are estimates, but what came clearly later is no cause.
const AFTER: i64 = 60;
/// A change this short before the onset speaks for itself, in seconds.
const SHORTLY: i64 = 3600;

/// How the ids of generic signs begin that say only when it began.
const TIMING: &str = "after_";
/// How the ids of generic signs begin that say that only what is new fails.
const VERSION: &str = "only_";

/// Changes around the onset, what touches what hurts first, then the newest; then generic causes, those that a symptom
/// names first, and last what a change in the list says better. Those on the board already are left out, and so is what
/// was done to stop the bleeding.
pub(in crate::app) fn candidates(facts: Facts<'_>) -> Vec<Candidate> {
    let onset = facts.incident.onset().unwrap_or(facts.session.now);
    let incident = facts.incident;
    let near = |record: &&ChangeRecord| {
        let before = onset.duration_since(record.change.at).as_secs();
        (-AFTER..BEFORE).contains(&before) && !incident.is_own(record) && (before >= 0 || !incident.is_rollback(record))
    };
    // Most outages are self-made: what was changed shortly before, where it hurts, is as common a cause as any.
    let common = facts.session.generic.board.hypotheses.iter().map(|row| row.prior).max_by_key(|prior| prior.bits());
    // What someone thought worth going back from comes first.
    let suspected = |record: &&ChangeRecord| {
        facts.incident.mitigations.iter().any(|m| m.change.as_deref() == Some(record.change.id.as_str()))
    };
    let (first, mut rest): (Vec<_>, Vec<_>) = facts.incident.changes.iter().filter(near).partition(suspected);
    rest.sort_by_key(|record| Reverse(order::touches(facts, record)));
    let changes = first.into_iter().chain(rest).map(|record| {
        let seconds = onset.duration_since(record.change.at).as_secs();
        let shortly = (0..=SHORTLY).contains(&seconds);
        let fits = shortly && order::touches(facts, record) > 0 && !incident.is_rollback(record);
        let kind = if incident.is_rollback(record) { ChangeKind::Rollback } else { record.change.kind };
        let side = if seconds >= 0 { "before" } else { "after" };
        Candidate {
            text: format!("bad {} {}", kind.word(), record.change.title),
            from: "change",
            about: format!("{} {side} the onset", human_time::age(seconds.abs())),
            prior: common.filter(|_| fits).unwrap_or(Prior::Usual),
            changed: shortly,
            like: generic_for(facts, record.change.kind),
            subject: Some(record.change.title.clone()),
            runbook: None,
        }
    });
    let changes: Vec<Candidate> = changes.collect();
    let seen = symptoms(facts);
    let place = |row: &&Hypothesis| {
        let is_said = changes.iter().any(|change| change.like == Some(row.id));
        (is_said, !seen.iter().any(|symptom| order::alike(symptom, &row.text)))
    };
    let mut generic: Vec<&Hypothesis> = facts.session.generic.board.hypotheses.iter().collect();
    generic.sort_by_key(place);
    let generic = generic.into_iter().map(|row| Candidate {
        text: row.text.clone(),
        from: "generic",
        about: String::new(),
        prior: row.prior,
        changed: row.changed,
        like: Some(row.id),
        subject: None,
        runbook: None,
    });
    let known = |text: &str| facts.incident.board.hypotheses.iter().any(|row| row.text == text);
    let generic: Vec<Candidate> = generic.collect();
    // A runbook of what fires knows this system; the generic causes know systems.
    let of_runbooks = of_runbooks(facts);
    changes.into_iter().chain(of_runbooks).chain(generic).filter(|candidate| !known(&candidate.text)).collect()
}

/// What the runbooks of what fires bring, in their order.
fn of_runbooks(facts: Facts<'_>) -> impl Iterator<Item = Candidate> {
    let file = facts.world.runbooks.board();
    file.board.hypotheses.iter().map(|row| Candidate {
        text: row.text.clone(),
        from: "runbook",
        about: String::new(),
        prior: row.prior,
        changed: row.changed,
        like: None,
        subject: None,
        runbook: Some(row.id),
    })
}

/// What is seen, by the name of the alert that says so, else in its own words: those of a fold begin with what leads it.
fn symptoms(facts: Facts<'_>) -> Vec<&str> {
    let (board, folded) = (&facts.incident.board, &facts.incident.folded);
    let there = board.observations.iter().filter(|column| column.state == ObservationState::Present);
    let by_name = |column: &Observation| !folded.contains_key(&column.id);
    there.map(|column| column.origin.as_deref().filter(|_| by_name(column)).unwrap_or(&column.text)).collect()
}

/// The generic cause that speaks of changes of this kind.
fn generic_for(facts: Facts<'_>, kind: ChangeKind) -> Option<Id> {
    let word = match kind {
        ChangeKind::Config | ChangeKind::Flag => "config",
        ChangeKind::Rollback => ChangeKind::Deploy.word(),
        _ => kind.word(),
    };
    facts.session.generic.board.hypotheses.iter().find(|row| row.text.to_lowercase().contains(word)).map(|row| row.id)
}

/// The entries that add candidates, and the ids of their rows. One that is like a generic cause brings what that cause
/// expects, and the signs that would have to be there.
pub(in crate::app) fn adding(app: &mut App, chosen: &[Candidate]) -> (Vec<Draft>, Vec<Id>) {
    let mut brought = BoardFile::clone(app.world.runbooks.board());
    // What was offered may have changed since, or be gone: a row goes by its words.
    let is_brought = |candidate: &Candidate| {
        candidate.runbook.is_some() && brought.board.hypotheses.iter().any(|row| row.text == candidate.text)
    };
    let (of_runbooks, chosen): (Vec<Candidate>, Vec<Candidate>) = chosen.iter().cloned().partition(is_brought);
    let generic = file_of(&app.session.generic.clone(), &chosen);
    brought.board.hypotheses.retain(|row| of_runbooks.iter().any(|candidate| candidate.text == row.text));
    let file = if of_runbooks.is_empty() { generic } else { runbook::merged([generic, brought]) };
    let all: Vec<Id> = file.board.hypotheses.iter().map(|row| row.id).collect();
    let drafts = file.drafts_onto(&app.incident.board, &all, &mut app.session.ids, app.session.now);
    let added = |draft: &Draft| matches!(draft.event, Event::HypothesisAdded { .. }).then_some(draft.id);
    let rows = drafts.iter().filter_map(added).collect();
    (drafts, rows)
}

/// A board of the chosen candidates: each with the cells of the generic cause it is like.
fn file_of(generic: &Arc<BoardFile>, chosen: &[Candidate]) -> BoardFile {
    let mut board = Board::default();
    board.observations.clone_from(&generic.board.observations);
    for (at, candidate) in chosen.iter().enumerate() {
        // Ids of this board are its own; the journal's are given when the entries are made.
        let id = Id::small(u128::MAX - at as u128);
        board.hypotheses.push(row(id, candidate));
        for column in &generic.board.observations {
            if let Some(like) = candidate.like {
                let cell = generic.board.cell(like, column.id);
                // That a change came shortly before the onset has its own line in the score; it must not count twice.
                let counted = candidate.from == "change" && column.label.starts_with(TIMING);
                board.set_cell(id, column.id, if counted { Cell::Neutral } else { cell }, "");
            }
        }
    }
    name_the_version(generic, chosen, &mut board);
    BoardFile { title: String::new(), board }
}

/// Two deploys predict the same sign, but each of its own version: the sign of a change names the change, and speaks against
/// the other changes.
fn name_the_version(generic: &BoardFile, chosen: &[Candidate], board: &mut Board) {
    let rows: Vec<Id> = board.hypotheses.iter().map(|row| row.id).collect();
    for column in generic.board.observations.iter().filter(|column| column.label.starts_with(VERSION)) {
        for (at, candidate) in chosen.iter().enumerate() {
            let Some(subject) = &candidate.subject else { continue };
            if board.cell(rows[at], column.id) != Cell::Must {
                continue;
            }
            let id = Id::small(u128::MAX / 2 - board.observations.len() as u128);
            board.observations.push(Observation { id, text: format!("{} ({subject})", column.text), ..column.clone() });
            for (row, other) in rows.iter().zip(chosen) {
                let cell = match board.cell(*row, column.id) {
                    Cell::Must if *row != rows[at] && other.subject.is_some() => Cell::Unlikely,
                    cell => cell,
                };
                board.set_cell(*row, id, cell, "");
            }
        }
        // What a change says of its own version is said; of versions at large it says nothing more.
        for (row, candidate) in rows.iter().zip(chosen) {
            if candidate.subject.is_some() && board.cell(*row, column.id) == Cell::Must {
                board.set_cell(*row, column.id, Cell::Unassessed, "");
            }
        }
    }
}

fn row(id: Id, candidate: &Candidate) -> Hypothesis {
    Hypothesis {
        id,
        label: String::new(),
        text: candidate.text.clone(),
        state: Default::default(),
        reason: String::new(),
        since: Timestamp::UNIX_EPOCH,
        prior: candidate.prior,
        changed: candidate.changed,
        from: candidate.from.to_owned(),
        owner: None,
        by: String::new(),
        stoppable: false,
    }
}
