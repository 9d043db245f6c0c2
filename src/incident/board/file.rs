//! Board files: a board a person can read and write, for tests, drills, SOPs and `stanch rank FILE`. `examples/board.toml`
//! shows every key.
//!
//! Reading names every mistake with line and column and says what was expected. Nothing here touches the file system: text
//! comes in, text goes out.

mod read;
mod write;

use std::{fmt, path::Path};

pub use write::to_toml;

use super::Board;
use crate::base::toml::Diagnostic;

/// A dozen generic causes with their usual expectations.
const GENERIC_CAUSES: &str = include_str!("../../../examples/generic-causes.toml");

/// A board as it stands in a file. Its rows and columns are labelled with the ids their author gave them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BoardFile {
    /// What it is called.
    pub title: String,
    /// The board.
    pub board: Board,
}

/// What is wrong with a board file: one line for each mistake, `FILE:LINE:COL: message`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoardFileError(pub Vec<Diagnostic>);

impl fmt::Display for BoardFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<_> = self.0.iter().map(Diagnostic::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl std::error::Error for BoardFileError {}

impl BoardFile {
    /// Reads a board; `file` is its name in errors.
    pub fn parse(text: &str, file: &str) -> Result<Self, BoardFileError> {
        read::read(text, file).map_err(BoardFileError)
    }

    /// Reads a board from the bytes of a file.
    pub fn parse_bytes(bytes: &[u8], file: &str) -> Result<Self, BoardFileError> {
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::parse(text, file),
            Err(error) => Err(BoardFileError(vec![Diagnostic::not_utf8(Path::new(file), bytes, error.valid_up_to())])),
        }
    }

    /// The generic causes that come with the program.
    pub fn generic_causes() -> Self {
        Self::parse(GENERIC_CAUSES, "generic-causes.toml").unwrap_or_default()
    }
}

#[cfg(test)]
pub(in crate::incident) mod tests {
    use jiff::Timestamp;
    use proptest::prelude::*;

    pub(in crate::incident) use super::read::tests::BOARD;
    use super::*;
    use crate::{
        base::text,
        incident::{
            Cell, Draft, Entry, Ids, Incident, ObservationState,
            ranking::{rank, tests::any_board},
        },
    };

    /// An incident into which drafts were recorded.
    pub(in crate::incident) fn recorded(drafts: Vec<Draft>) -> Incident {
        let entry = |(at, draft): (usize, Draft)| Entry {
            seq: at as u64 + 1,
            id: draft.id,
            at: Timestamp::UNIX_EPOCH,
            by: "alice".into(),
            event: draft.event,
        };
        Incident::replay(drafts.into_iter().enumerate().map(entry))
    }

    #[test]
    fn generic_causes_are_whole() {
        let file = BoardFile::parse(GENERIC_CAUSES, "generic-causes.toml").expect("a board");
        let board = file.board;
        assert!(board.hypotheses.len() >= 12);
        for row in &board.hypotheses {
            let cells: Vec<_> = board.observations.iter().map(|column| board.cell(row.id, column.id)).collect();
            assert!(!cells.contains(&Cell::Unassessed), "{} leaves a cell blank", row.label);
            let signs = cells.iter().filter(|cell| matches!(cell, Cell::Must | Cell::Likely)).count();
            assert!((2..=7).contains(&signs), "{} has {signs} signs to look for", row.label);
        }
        assert!(board.observations.iter().all(|column| column.state == ObservationState::Untested));
        // Every cause leads when exactly what it says must be there is there.
        for row in &board.hypotheses {
            let mut board = board.clone();
            for column in 0..board.observations.len() {
                let cell = board.cell(row.id, board.observations[column].id);
                board.observations[column].state = match cell {
                    Cell::Must | Cell::Likely => ObservationState::Present,
                    _ => ObservationState::Absent,
                };
            }
            assert_eq!(rank(&board).named().next().expect("a row").0, row.id, "{}", row.label);
        }
    }

    #[test]
    fn boards_of_any_size() {
        let row = |n| format!("[[hypothesis]]\nid = \"h{n}\"\ntext = \"cause {n}\"\ncells = {{ s1 = \"#\" }}\n");
        let column = "[[observation]]\nid = \"s1\"\ntext = \"5xx\"\n";
        for rows in [0, 1, 200] {
            let text = column.to_owned() + &(0..rows).map(row).collect::<String>();
            let board = BoardFile::parse(&text, "b").expect("a board").board;
            assert_eq!(board.hypotheses.len(), rows);
            assert_eq!(rank(&board).rows.len(), rows + 1);
            let again = BoardFile::parse(&to_toml("", &board), "b").expect("what was written").board;
            assert_eq!(rank(&again).leader().is_some(), rows < 2);
            assert_eq!(again.hypotheses.len(), rows);
        }
    }

    #[test]
    fn what_is_no_text_is_named_with_its_place() {
        let told = |bytes: &[u8]| BoardFile::parse_bytes(bytes, "b.toml").expect_err("no text").to_string();
        assert_eq!(told(b"title = \"x\"\n# caf\xe9"), "b.toml:2:6: this is no text in UTF-8; save it as UTF-8");
        assert_eq!(told(b"\xff\xfet\0i\0"), "b.toml:1:1: this is text in UTF-16; save it as UTF-8");
        let file = BoardFile::parse_bytes(b"\xef\xbb\xbftitle = \"x\"\r\n", "b.toml");
        assert_eq!(file.map(|file| file.title), Ok("x".to_owned()));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn written_and_read_again(board in any_board(4, 5), title in ".{0,20}", odd in "[^\\p{C}]{0,20}[a-z]") {
            let mut board = board;
            if let Some(column) = board.observations.first_mut() {
                column.text = text::line(&odd).into_owned();
                column.note = column.text.clone();
            }
            let read = BoardFile::parse(&to_toml(&title, &board), "b").expect("what was written");
            prop_assert_eq!(&read.title, &text::line(&title).into_owned());
            prop_assert_eq!(to_toml(&read.title, &read.board), to_toml(&read.title, &board));
            let bits = |board: &Board| {
                let mut rows: Vec<_> = rank(board).rows.iter().map(|row| (row.bits, row.state.word(), row.explains)).collect();
                rows.sort();
                rows
            };
            prop_assert_eq!(bits(&read.board), bits(&board));
            let incident = recorded(read.drafts(&mut Ids::new(1), Timestamp::UNIX_EPOCH));
            prop_assert_eq!(bits(&incident.board), bits(&board));
            let relabelled = to_toml("", &incident.board);
            prop_assert_eq!(relabelled, to_toml("", &board));
        }

        #[test]
        fn any_text_reads_or_says_why(text in ".{0,200}") {
            if let Err(error) = BoardFile::parse(&text, "b") {
                prop_assert!(error.to_string().starts_with("b:"));
            }
        }
    }
}
