//! What `stanch rank --json` prints. A contract: names may be added, never renamed.
//!
//! Rows and columns go by the labels people see; for a board file these are the ids its author gave.

use serde::Serialize;

use super::{Ranking, RowId, matrix::Matrix, reason::reasons_in};
use crate::incident::{
    Board, Id,
    board::{HypothesisState, Observation},
    cover, next_check,
};

/// The board judged, in words and numbers of its own.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names are the meaning; they are documented with the command")]
pub struct Judgement {
    pub hypotheses: Vec<RowJson>,
    pub unexplained: Vec<String>,
    pub covers: Vec<Vec<String>>,
    pub truncated: bool,
    pub next_checks: Vec<CheckJson>,
}

/// A row.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[expect(missing_docs, reason = "as above")]
pub struct RowJson {
    pub rank: usize,
    pub id: String,
    pub text: String,
    pub state: HypothesisState,
    pub bits: f64,
    pub explains: Share,
    pub against: usize,
    pub not_assessed: usize,
    pub reasons: Vec<ReasonJson>,
}

/// So many of so many.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[expect(missing_docs, reason = "as above")]
pub struct Share {
    pub count: usize,
    pub of: usize,
}

/// A reason.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[expect(missing_docs, reason = "as above")]
pub struct ReasonJson {
    pub bits: f64,
    pub observations: Vec<String>,
    pub text: String,
}

/// A check.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[expect(missing_docs, reason = "as above")]
pub struct CheckJson {
    pub observation: String,
    pub text: String,
    pub bits: f64,
    pub minutes: f64,
    pub read_only: bool,
    pub separates: [Vec<String>; 2],
}

impl Judgement {
    /// Judges a board.
    pub fn of(board: &Board) -> Self {
        let matrix = Matrix::of(board, Observation::counts);
        let ranking = super::rank_matrix(&matrix);
        let covers = cover::covers(board, &ranking);
        let checks = next_check::next_checks(board, &ranking);
        let column = |id: Id| board.observation(id).map_or_else(String::new, |column| column.label.clone());
        let row = |id: &Id| board.hypothesis(*id).map_or_else(String::new, |row| row.label.clone());
        Self {
            hypotheses: rows(&matrix, &ranking),
            unexplained: cover::unexplained(board).into_iter().map(column).collect(),
            covers: covers.sets.iter().map(|set| set.iter().map(row).collect()).collect(),
            truncated: covers.truncated,
            next_checks: checks
                .into_iter()
                .map(|check| CheckJson {
                    observation: column(check.observation),
                    text: board.observation(check.observation).map_or_else(String::new, |o| o.text.clone()),
                    // The list is in unrounded order; digits past these differ between platforms.
                    bits: (check.gain * 1e9).round() / 1e9,
                    minutes: check.minutes,
                    read_only: check.read_only,
                    separates: [check.more, check.less].map(|side| side.iter().map(row).collect()),
                })
                .collect(),
        }
    }
}

fn rows(matrix: &Matrix<'_>, ranking: &Ranking) -> Vec<RowJson> {
    let column = |id: &Id| matrix.board.observation(*id).map_or_else(String::new, |column| column.label.clone());
    let json = |row: &super::Row| {
        let (id, text) = match row.id {
            RowId::Other => ("other".to_owned(), super::OTHER.to_owned()),
            RowId::Named(id) => {
                let named = matrix.board.hypothesis(id);
                named.map_or_else(Default::default, |row| (row.label.clone(), row.text.clone()))
            }
        };
        let reasons = reasons_in(matrix, row.id).into_iter().map(|reason| ReasonJson {
            bits: reason.bits.bits(),
            observations: reason.observations.iter().map(column).collect(),
            text: reason.text,
        });
        RowJson {
            rank: row.rank,
            id,
            text,
            state: row.state,
            bits: row.bits.bits(),
            explains: Share { count: row.explains, of: row.of },
            against: row.against,
            not_assessed: row.not_assessed,
            reasons: reasons.collect(),
        }
    };
    ranking.rows.iter().map(json).collect()
}
