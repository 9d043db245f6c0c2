//! What `stanch rank --json` prints. A contract: names may be added, never renamed.
//!
//! Rows and columns go by the labels people see; for a board file these are the ids its author gave.

use serde::Serialize;

use super::{
    Board, Id, Ranking,
    board::{HypothesisState, Observation},
    next_check,
    ranking::{self, Matrix, OTHER, RowId, rank_matrix, reasons_in},
    set_cover,
};

/// The board judged, in words and numbers of its own.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names are the meaning; they are documented with the command")]
pub struct BoardJson {
    pub hypotheses: Vec<RowJson>,
    pub unexplained: Vec<String>,
    pub covers: Vec<Vec<String>>,
    /// Whether there may be more smallest sets than are listed.
    pub truncated: bool,
    /// Whether the sets were found greedily: there may be others as small, and smaller ones.
    pub greedy: bool,
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

impl BoardJson {
    /// Judges a board.
    pub fn of(board: &Board) -> Self {
        let matrix = Matrix::of(board, Observation::counts);
        let ranking = rank_matrix(&matrix);
        let covers = set_cover::covers(board, &ranking);
        let checks = next_check::next_checks(board, &ranking);
        let columns = |ids: &[Id]| ids.iter().map(|id| column_label(board, *id)).collect();
        let rows_of = |ids: &[Id]| ids.iter().map(|id| row_label(board, *id)).collect();
        Self {
            hypotheses: rows(&matrix, &ranking),
            unexplained: columns(&set_cover::unexplained(board)),
            covers: covers.sets.iter().map(|set| rows_of(set)).collect(),
            truncated: covers.truncated || !covers.exact,
            greedy: !covers.exact,
            next_checks: checks
                .into_iter()
                .map(|check| CheckJson {
                    observation: column_label(board, check.observation),
                    text: board.observation(check.observation).map_or_else(String::new, |o| o.text.clone()),
                    // The list is in unrounded order; digits past these differ between platforms.
                    bits: (check.gain * 1e9).round() / 1e9,
                    minutes: check.minutes,
                    read_only: check.read_only,
                    separates: [check.more, check.less].map(|side| rows_of(&side)),
                })
                .collect(),
        }
    }
}

fn column_label(board: &Board, id: Id) -> String {
    board.observation(id).map_or_else(String::new, |column| column.label.clone())
}

fn row_label(board: &Board, id: Id) -> String {
    board.hypothesis(id).map_or_else(String::new, |row| row.label.clone())
}

fn rows(matrix: &Matrix<'_>, ranking: &Ranking) -> Vec<RowJson> {
    let json = |row: &ranking::Row| {
        let (id, text) = match row.id {
            RowId::Other => ("other".to_owned(), OTHER.to_owned()),
            RowId::Named(id) => {
                let named = matrix.board.hypothesis(id);
                named.map_or_else(Default::default, |row| (row.label.clone(), row.text.clone()))
            }
        };
        let reasons = reasons_in(matrix, row.id).into_iter().map(|reason| ReasonJson {
            bits: reason.bits.bits(),
            observations: reason.observations.iter().map(|id| column_label(matrix.board, *id)).collect(),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incident::board::file::BoardFile;

    #[test]
    fn the_shape_scripts_rely_on() {
        let file = BoardFile::parse(
            r##"
            [[observation]]
            id = "s1"
            text = "checkout returns 5xx"
            origin = "CheckoutErrorRate"
            [[observation]]
            id = "s2"
            text = "errors only on v2 pods"
            state = "untested"
            minutes = 1
            [[observation]]
            id = "s3"
            text = "a red moon"
            [[hypothesis]]
            id = "h1"
            text = "bad deploy v2.3.1"
            prior = "common"
            cells = { s1 = "#", s2 = "+" }
            [[hypothesis]]
            id = "h2"
            text = "dns"
            state = "parked"
            cells = { s1 = "-" }
            "##,
            "board.toml",
        );
        let judgement = BoardJson::of(&file.expect("a board").board);
        insta::assert_snapshot!(serde_json::to_string_pretty(&judgement).expect("json"), @r##"
        {
          "hypotheses": [
            {
              "rank": 1,
              "id": "h1",
              "text": "bad deploy v2.3.1",
              "state": "open",
              "bits": 3.7,
              "explains": {
                "count": 1,
                "of": 2
              },
              "against": 0,
              "not_assessed": 1,
              "reasons": [
                {
                  "bits": 1.6,
                  "observations": [],
                  "text": "common cause"
                },
                {
                  "bits": 2.1,
                  "observations": [
                    "s1"
                  ],
                  "text": "checkout returns 5xx: expected for certain, and it is there"
                }
              ]
            },
            {
              "rank": 2,
              "id": "other",
              "text": "something not on this board",
              "state": "open",
              "bits": 0.5,
              "explains": {
                "count": 0,
                "of": 2
              },
              "against": 0,
              "not_assessed": 0,
              "reasons": [
                {
                  "bits": -1.6,
                  "observations": [],
                  "text": "a cause nobody has named is rare"
                },
                {
                  "bits": 2.1,
                  "observations": [
                    "s1"
                  ],
                  "text": "checkout returns 5xx: explained as well as by the average row"
                },
                {
                  "bits": 0.0,
                  "observations": [
                    "s3"
                  ],
                  "text": "a red moon: explained as well as by the average row"
                }
              ]
            },
            {
              "rank": 3,
              "id": "h2",
              "text": "dns",
              "state": "parked",
              "bits": -1.7,
              "explains": {
                "count": 0,
                "of": 2
              },
              "against": 1,
              "not_assessed": 1,
              "reasons": [
                {
                  "bits": 0.0,
                  "observations": [],
                  "text": "usual cause"
                },
                {
                  "bits": -1.7,
                  "observations": [
                    "s1"
                  ],
                  "text": "checkout returns 5xx: not expected, yet it is there"
                }
              ]
            }
          ],
          "unexplained": [
            "s3"
          ],
          "covers": [
            [
              "h1"
            ]
          ],
          "truncated": false,
          "greedy": false,
          "next_checks": [
            {
              "observation": "s2",
              "text": "errors only on v2 pods",
              "bits": 0.005059128,
              "minutes": 1.0,
              "read_only": true,
              "separates": [
                [],
                []
              ]
            }
          ]
        }
        "##);
    }

    /// A board of two symptoms and so many rows, half of which explain the one and half the other.
    fn many(rows: usize) -> BoardJson {
        use crate::incident::ranking::sketch::sketch;
        let row = |row: usize| format!("R{row} {}\n", if row.is_multiple_of(2) { "# ." } else { ". #" });
        BoardJson::of(&sketch(&format!("present present\n{}", (0..rows).map(row).collect::<String>())))
    }

    #[test]
    fn where_sets_are_found_greedily_it_is_said() {
        let exact = many(20);
        assert_eq!((exact.covers.len(), exact.truncated, exact.greedy), (100, false, false));
        let greedy = many(21); // 110 sets of two
        assert_eq!((greedy.covers.len(), greedy.truncated, greedy.greedy), (1, true, true));
    }

    #[test]
    fn an_empty_board_has_one_row() {
        let json = serde_json::to_value(BoardJson::of(&Board::default())).expect("json");
        assert_eq!(json["hypotheses"][0]["id"], "other");
        assert_eq!(json["covers"], serde_json::json!([]));
    }
}
