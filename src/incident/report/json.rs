//! The notes as JSON: what follows from the facts, for scripts, and the entries, from which all of it follows again.
//!
//! One entry a line, as in the journal, so that two exports can be compared line by line. Names are stable.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::facts::{self, Gap, Impact, Times};
use crate::{
    base::text,
    incident::{
        ActionKind, Branch, Cell, End, Entry, HypothesisState, Incident, Note, Observation, ObservationState, Status,
        ranking::{Row, RowId},
    },
};

/// The format this version writes, and the only one it reads.
const FORMAT: u32 = 1;

/// Why an export cannot be read.
#[derive(Debug, Error)]
pub enum ReadError {
    /// It is not the JSON of an export.
    #[error("not an export of an incident: {0}")]
    NotAnExport(#[from] serde_json::Error),
    /// A newer version wrote it.
    #[error("an export of format {0}; this version reads format {FORMAT}")]
    OtherFormat(u32),
}

#[derive(Serialize)]
struct SummaryJson<'a> {
    title: &'a str,
    drill: bool,
    status: Status,
    severity: Option<&'a str>,
    times: Times,
    bleeding: Vec<BleedingJson>,
    impact: Vec<Impact>,
    mitigations: Vec<MitigationJson<'a>>,
    hypotheses: Vec<HypothesisJson<'a>>,
    symptoms: Vec<SymptomJson<'a>>,
    rank_turns: Vec<TurnJson<'a>>,
    answers: Vec<AnswerJson<'a>>,
    whys: Vec<RootJson<'a>>,
    actions: Vec<ActionJson<'a>>,
    unwatched: Vec<Gap>,
    lost_sources: Vec<Gap>,
}

/// A time it bled. Of an incident that bled again there are several.
#[derive(Serialize)]
struct BleedingJson {
    from: jiff::Timestamp,
    until: Option<jiff::Timestamp>,
    seconds: Option<i64>,
}

#[derive(Serialize)]
struct MitigationJson<'a> {
    id: &'a str,
    text: &'a str,
    state: crate::incident::MitigationState,
}

#[derive(Serialize)]
struct HypothesisJson<'a> {
    rank: usize,
    id: &'a str,
    text: &'a str,
    state: Option<HypothesisState>,
    reason: &'a str,
    bits: f64,
    explains: ExplainsJson,
    against: usize,
    not_assessed: usize,
}

#[derive(Serialize)]
struct ExplainsJson {
    count: usize,
    of: usize,
}

#[derive(Serialize)]
struct SymptomJson<'a> {
    id: &'a str,
    text: &'a str,
    state: ObservationState,
    coincidence: bool,
    expected_by: Vec<&'a str>,
}

#[derive(Serialize)]
struct TurnJson<'a> {
    at: jiff::Timestamp,
    text: &'a str,
}

#[derive(Serialize)]
struct AnswerJson<'a> {
    question: crate::incident::Question,
    text: &'a str,
}

/// "Why did it happen?", or a why that was put aside, and what answers it.
#[derive(Serialize)]
struct RootJson<'a> {
    parked: Option<&'a str>,
    answers: Vec<WhyJson<'a>>,
}

#[derive(Serialize)]
struct WhyJson<'a> {
    /// Below its root, from 1; an answer stands behind the one that it answers.
    depth: usize,
    text: &'a str,
    process: bool,
}

#[derive(Serialize)]
struct ActionJson<'a> {
    text: &'a str,
    owner: &'a str,
    due: &'a str,
    #[serde(rename = "type")]
    kind: ActionKind,
}

pub(super) fn write(incident: &Incident) -> String {
    let summary = serde_json::to_string_pretty(&SummaryJson::of(incident)).unwrap_or_else(unwritable);
    let entries: Vec<_> = incident.entries().iter().map(|entry| format!("    {}", line(entry))).collect();
    // A string in JSON never holds a newline, so indenting the text cannot change what it says.
    let text = format!(
        "{{\n  \"format\": {FORMAT},\n  \"summary\": {},\n  \"entries\": [\n{}\n  ]\n}}\n",
        summary.replace('\n', "\n  "),
        entries.join(",\n")
    );
    text::json(&text).into_owned()
}

pub(super) fn read(text: &str) -> Result<Incident, ReadError> {
    #[derive(Deserialize)]
    struct Format {
        format: u32,
    }
    #[derive(Deserialize)]
    struct Export {
        entries: Vec<Entry>,
    }
    let Format { format } = serde_json::from_str(text)?;
    if format != FORMAT {
        return Err(ReadError::OtherFormat(format));
    }
    let Export { entries } = serde_json::from_str(text)?;
    Ok(Incident::replay(entries))
}

fn line(entry: &Entry) -> String {
    serde_json::to_string(entry).unwrap_or_else(unwritable)
}

/// Never reached: no map of ours has a key that is not text, which is all that could fail.
fn unwritable(error: serde_json::Error) -> String {
    serde_json::Value::from(error.to_string()).to_string()
}

impl<'a> SummaryJson<'a> {
    fn of(incident: &'a Incident) -> Self {
        let lost = |outage: &crate::incident::SourceOutage| Gap {
            from: outage.since,
            until: outage.until,
            why: format!("{}: {}", outage.source, outage.error),
        };
        Self {
            title: &incident.summary.title,
            drill: incident.summary.drill,
            status: incident.summary.status,
            severity: incident.summary.severity.as_deref(),
            times: Times::of(incident),
            bleeding: bleeding(incident),
            impact: facts::impact(incident),
            mitigations: incident
                .mitigations
                .iter()
                .map(|m| MitigationJson { id: &m.label, text: &m.text, state: m.state })
                .collect(),
            hypotheses: incident.ranking.rows.iter().map(|row| hypothesis(incident, row)).collect(),
            symptoms: incident.board.observations.iter().map(|column| symptom(incident, column)).collect(),
            rank_turns: incident.rank_turns.iter().map(|turn| TurnJson { at: turn.at, text: &turn.text }).collect(),
            answers: incident.answers.iter().map(|(question, text)| AnswerJson { question: *question, text }).collect(),
            whys: std::iter::once(None)
                .chain(incident.whys.iter().map(Some))
                .map(|root| whys(incident, root))
                .collect(),
            actions: incident
                .actions
                .iter()
                .map(|a| ActionJson { text: &a.text, owner: &a.owner, due: &a.due, kind: a.kind })
                .collect(),
            unwatched: facts::unwatched(incident),
            lost_sources: incident.outages.iter().map(lost).collect(),
        }
    }
}

/// Each time it bled; none where nothing says when that began.
fn bleeding(incident: &Incident) -> Vec<BleedingJson> {
    let known = incident.onset().is_some() && incident.has_bled();
    let bleeds = facts::bleeds(incident).into_iter().filter(|_| known);
    let json = |bleed: facts::Bleed| BleedingJson {
        from: bleed.from,
        seconds: bleed.seconds(),
        until: bleed.until.map(|end| end.at),
    };
    bleeds.map(json).collect()
}

fn whys<'a>(incident: &'a Incident, root: Option<&'a Note>) -> RootJson<'a> {
    let answers = incident.branches(root.map(|why| why.id)).into_iter();
    let answer = |branch: Branch<'a>| WhyJson {
        depth: branch.depth,
        text: &branch.why.text,
        process: branch.end == End::Process,
    };
    RootJson { parked: root.map(|why| why.text.as_str()), answers: answers.map(answer).collect() }
}

fn hypothesis<'a>(incident: &'a Incident, row: &Row) -> HypothesisJson<'a> {
    let known = match row.id {
        RowId::Named(id) => incident.board.hypothesis(id),
        RowId::Other => None,
    };
    HypothesisJson {
        rank: row.rank,
        id: known.map_or("other", |known| &known.label),
        text: known.map_or("something not on this board", |known| &known.text),
        state: known.map(|known| known.state),
        reason: known.map_or("", |known| &known.reason),
        bits: f64::from(row.bits.0) / 10.0,
        explains: ExplainsJson { count: row.explains, of: row.of },
        against: row.against,
        not_assessed: row.not_assessed,
    }
}

fn symptom<'a>(incident: &'a Incident, column: &'a Observation) -> SymptomJson<'a> {
    let board = &incident.board;
    let expects = |id| matches!(board.cell(id, column.id), Cell::Must | Cell::Likely);
    SymptomJson {
        id: &column.label,
        text: &column.text,
        state: column.state,
        coincidence: column.coincidence,
        expected_by: board.live().filter(|row| expects(row.id)).map(|row| row.label.as_str()).collect(),
    }
}
