//! A mitigation that worked is evidence: it speaks for the rows it was for, more weakly than a sign that only they expect,
//! because things also heal by themselves.
//!
//! Most go back first and look for causes afterwards, so a row that is added later is spoken for as well.

use jiff::Timestamp;

use crate::{
    app::{
        App, Facts,
        act::{
            order,
            verify::{recovery_of, still_pages},
        },
        clock,
        world::{bleeding, recovery::Recovery},
    },
    incident::{
        Cell, Draft, Event, Id, Mitigation, MitigationState, Observation, ObservationState, board::CheckSpec,
        ranking::RowId,
    },
};

/// Whether what a mitigation is judged by has come back and held. An alert that still fires takes nothing from that, unless
/// alerts are all there is.
pub(in crate::app) fn has_held(facts: Facts<'_>, vital: Option<&str>) -> bool {
    match recovery_of(facts, vital) {
        Recovery::Held { .. } => true,
        Recovery::NoVitals => still_pages(facts).is_none(),
        _ => false,
    }
}

/// Puts a success on the board: present, and likely for the rows it was for. It tells nothing where another mitigation ran
/// meanwhile, or where no vital was seen to come back.
pub(in crate::app) fn as_evidence(app: &mut App, id: Id) -> Vec<Draft> {
    let rows = rows_for(app.facts(), id);
    if rows.is_empty() || column_of(app.facts(), id).is_some() {
        return Vec::new();
    }
    let Some(seen) = observed(app, id) else { return Vec::new() };
    let cells: Vec<Draft> = rows.into_iter().map(|row| likely(app, row, seen.id)).collect();
    [seen].into_iter().chain(cells).collect()
}

/// What the successes so far say of rows that these drafts add.
pub(in crate::app) fn for_new_rows(app: &mut App, drafts: &[Draft]) -> Vec<Draft> {
    let added = drafts.iter().filter_map(|draft| match &draft.event {
        Event::HypothesisAdded { text, .. } => Some((draft.id, text.as_str())),
        _ => None,
    });
    let added: Vec<(Id, &str)> = added.collect();
    let is_for = |m: &Mitigation| {
        let rows = added.iter().filter(|(row, text)| order::is_for(&app.incident, m, *row, text));
        rows.map(|(row, _)| *row).collect::<Vec<_>>()
    };
    let worked = app.incident.mitigations.iter().filter(|m| m.state == MitigationState::Worked);
    let told: Vec<(Id, Vec<Id>)> = worked.map(|m| (m.id, is_for(m))).filter(|(_, rows)| !rows.is_empty()).collect();
    let mut proofs = Vec::new();
    for (id, rows) in told {
        let known = column_of(app.facts(), id).map(|column| column.id);
        let seen = if known.is_none() { observed(app, id) } else { None };
        let Some(column) = known.or(seen.as_ref().map(|seen| seen.id)) else { continue };
        proofs.extend(seen);
        proofs.extend(rows.into_iter().map(|row| likely(app, row, column)));
    }
    proofs
}

/// The origin of what came of a mitigation.
pub(in crate::app) fn origin_of(id: Id) -> String {
    format!("mitigation {id}")
}

fn column_of(facts: Facts<'_>, id: Id) -> Option<&Observation> {
    let (origin, board) = (origin_of(id), &facts.incident.board);
    // A failure has the same origin, and may have come before; what a row forbids is one.
    let is_failure = |column: Id| board.hypotheses.iter().any(|row| board.cell(row.id, column) == Cell::Cannot);
    board.observations.iter().find(|column| column.origin.as_deref() == Some(&*origin) && !is_failure(column.id))
}

fn observed(app: &mut App, id: Id) -> Option<Draft> {
    let text = in_words(app.facts(), id)?;
    let (state, origin, check) = (ObservationState::Present, Some(origin_of(id)), CheckSpec::default());
    Some(app.draft(Event::ObservationAdded { text, state, origin, when: None, evidence: None, check }))
}

fn likely(app: &mut App, hypothesis: Id, observation: Id) -> Draft {
    app.draft(Event::CellSet { hypothesis, observation, cell: Cell::Likely })
}

/// `Roll back checkout v2 at 03:20: checkout ok back in range at 03:24`; `None` where it may have been something else.
fn in_words(facts: Facts<'_>, id: Id) -> Option<String> {
    let m = facts.incident.mitigation(id)?;
    let (begun, ended) = last_run(m)?;
    let ended = ended.unwrap_or(facts.session.now);
    let minute = |at| clock::minute(at, &facts.session.zone, facts.session.utc);
    let (at, what) = match vital_back(facts, m) {
        Some((at, vital)) => (at, format!("{vital} back in range at {}", minute(at))),
        // Where nothing is measured, live alerts tell.
        None => {
            let at = bleeding::quiet_since(facts).filter(|_| facts.session.config.vitals.is_empty())?;
            (at, format!("nothing critical fires since {}", minute(at)))
        }
    };
    let beside = facts.incident.mitigations.iter().filter(|other| other.id != id);
    let mut others = beside.filter_map(last_run).map(|(from, to)| (from, to.unwrap_or(facts.session.now)));
    // What came back after the word was given, or while another one ran, may have come back by something else.
    let alone = at > begun && at <= ended && !others.any(|(from, to)| from <= at && to >= begun);
    alone.then(|| format!("{} at {}: {what}", m.text, minute(begun)))
}

/// When the last of the vitals that a mitigation is judged by came back into its range, and which.
fn vital_back<'a>(facts: Facts<'a>, m: &Mitigation) -> Option<(Timestamp, &'a str)> {
    let judged = facts.incident.vitals.iter().filter(|(title, _)| m.vital.as_ref().is_none_or(|own| own == *title));
    let back = judged.filter_map(|(title, record)| Some((record.crossings.last()?, title.as_str())));
    back.filter(|(last, _)| last.inside).map(|(last, title)| (last.at, title)).max()
}

/// When a mitigation last began to run, and when that ended; `None` for the end while it runs.
fn last_run(m: &Mitigation) -> Option<(Timestamp, Option<Timestamp>)> {
    let at = m.history.iter().rposition(|turn| turn.state == MitigationState::Running)?;
    Some((m.history[at].at, m.history.get(at + 1).map(|next| next.at)))
}

/// The live rows that a mitigation was for: the one it names, and those that blame the change it undid.
fn rows_for(facts: Facts<'_>, id: Id) -> Vec<Id> {
    let Some(m) = facts.incident.mitigation(id) else { return Vec::new() };
    let helped = order::helped_by(facts.incident, m);
    helped.into_iter().filter_map(|row| if let RowId::Named(id) = row { Some(id) } else { None }).collect()
}
