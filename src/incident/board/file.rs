//! Board files: a board a person can read and write, for tests, drills, SOPs and `stanch rank FILE`.
//!
//! Reading names every mistake with line and column and says what was expected. Nothing here touches the file system: text
//! comes in, text goes out.

mod write;

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    ops::Range,
};

use jiff::Timestamp;
use serde::Deserialize;
use toml::Spanned;

use super::{Board, Cell, CheckQuery, CheckSpec, Hypothesis, HypothesisState, Observation, ObservationState, Prior};
use crate::{
    incident::{Draft, Event, Id, Ids},
    signal::scrub,
};

pub use write::to_toml;

/// A dozen generic causes with their usual expectations.
pub const GENERIC_CAUSES: &str = include_str!("../../../examples/generic-causes.toml");

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
pub struct BoardFileError(pub Vec<Mistake>);

/// A mistake, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the meaning")]
pub struct Mistake {
    pub file: String,
    pub line: usize,
    pub column: usize,
    pub message: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.file, self.line, self.column, self.message)
    }
}

impl fmt::Display for BoardFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<_> = self.0.iter().map(Mistake::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl std::error::Error for BoardFileError {}

impl BoardFile {
    /// Reads a board; `file` is its name in errors.
    pub fn parse(text: &str, file: &str) -> Result<Self, BoardFileError> {
        let mut reader = Reader { text, file, mistakes: Vec::new() };
        let board = match toml::from_str::<FileToml>(text) {
            Ok(file) => reader.read(file),
            Err(error) => {
                reader.mistake(error.span().unwrap_or(0..0), error.message().replace('\n', ", "));
                Self::default()
            }
        };
        if reader.mistakes.is_empty() { Ok(board) } else { Err(BoardFileError(reader.mistakes)) }
    }

    /// The generic causes that come with the program.
    pub fn generic_causes() -> Self {
        Self::parse(GENERIC_CAUSES, "generic-causes.toml").unwrap_or_default()
    }

    /// The events that put all of it on an empty board.
    pub fn drafts(&self, ids: &mut Ids, now: Timestamp) -> Vec<Draft> {
        self.drafts_missing(&Board::default(), ids, now)
    }

    /// The events that put on a board what it has not yet. Rows and columns go by their text.
    pub fn drafts_missing(&self, board: &Board, ids: &mut Ids, now: Timestamp) -> Vec<Draft> {
        let columns: Vec<_> = self.board.observations.iter().collect();
        let rows: Vec<_> = self.board.hypotheses.iter().collect();
        self.drafts_of(&rows, &columns, board, ids, now)
    }

    /// The events that add some of its rows to a board that may have others: the chosen rows, the signs that should be
    /// there if one of them is true, and what they say of signs the board has already, which go by their text.
    pub fn drafts_onto(&self, board: &Board, chosen: &[Id], ids: &mut Ids, now: Timestamp) -> Vec<Draft> {
        let rows: Vec<_> = self.board.hypotheses.iter().filter(|row| chosen.contains(&row.id)).collect();
        let expected = |column: &Observation| {
            rows.iter().any(|row| matches!(self.board.cell(row.id, column.id), Cell::Must | Cell::Likely))
        };
        let wanted = |column: &&Observation| known(board, column).is_some() || expected(column);
        let columns: Vec<_> = self.board.observations.iter().filter(wanted).collect();
        self.drafts_of(&rows, &columns, board, ids, now)
    }

    fn drafts_of(
        &self,
        rows: &[&Hypothesis],
        columns: &[&Observation],
        onto: &Board,
        ids: &mut Ids,
        now: Timestamp,
    ) -> Vec<Draft> {
        let mut drafts = Vec::new();
        let mut add = |event| {
            let id = ids.next(now);
            drafts.push(Draft { id, event });
            id
        };
        let mut names = HashMap::new();
        for column in columns {
            let name = known(onto, column).unwrap_or_else(|| add_column(column, &mut add));
            names.insert(column.id, name);
        }
        for row in rows {
            let there = known_row(onto, row);
            let name = there.unwrap_or_else(|| add_row(row, &mut add));
            for column in columns {
                let cell = self.board.cell(row.id, column.id);
                // Where both were there already, what people made of them since stands.
                let old = there.is_some() && known(onto, column).is_some();
                if cell != Cell::Unassessed && !old {
                    add(Event::CellSet { hypothesis: name, observation: names[&column.id], cell });
                }
            }
        }
        drafts
    }
}

fn add_column(column: &Observation, add: &mut impl FnMut(Event) -> Id) -> Id {
    let id = add(Event::ObservationAdded {
        text: column.text.clone(),
        state: column.state,
        origin: column.origin.clone(),
        when: None,
        evidence: None,
        check: column.check.clone(),
    });
    if !column.note.is_empty() {
        add(Event::ObservationSet { observation: id, state: column.state, note: column.note.clone(), when: None });
    }
    if column.coincidence {
        add(Event::CoincidenceSet { observation: id, coincidence: true });
    }
    id
}

fn add_row(row: &Hypothesis, add: &mut impl FnMut(Event) -> Id) -> Id {
    let from = if row.from.is_empty() { "board file".to_owned() } else { row.from.clone() };
    let text = row.text.clone();
    let id = add(Event::HypothesisAdded { text, prior: row.prior, changed: row.changed, from });
    if row.state != HypothesisState::Open {
        add(Event::HypothesisSet { hypothesis: id, state: row.state, reason: row.reason.clone() });
    }
    id
}

/// The column of a board that says the same.
fn known(board: &Board, column: &Observation) -> Option<Id> {
    let same = |other: &&Observation| other.text.to_lowercase() == column.text.to_lowercase();
    board.observations.iter().find(same).map(|column| column.id)
}

/// The row of a board that says the same.
fn known_row(board: &Board, row: &Hypothesis) -> Option<Id> {
    let same = |other: &&Hypothesis| other.text.to_lowercase() == row.text.to_lowercase();
    board.hypotheses.iter().find(same).map(|row| row.id)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileToml {
    #[serde(default)]
    title: String,
    #[serde(default)]
    observation: Vec<ColumnToml>,
    #[serde(default)]
    hypothesis: Vec<RowToml>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ColumnToml {
    id: Spanned<String>,
    text: String,
    #[serde(default)]
    state: ObservationState,
    #[serde(default)]
    note: String,
    origin: Option<String>,
    #[serde(default)]
    coincidence: bool,
    minutes: Option<Spanned<f64>>,
    #[serde(default = "super::yes")]
    read_only: bool,
    check: Option<CheckQuery>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RowToml {
    id: Spanned<String>,
    text: String,
    #[serde(default)]
    prior: Prior,
    #[serde(default)]
    changed: bool,
    #[serde(default)]
    state: HypothesisState,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    cells: BTreeMap<Spanned<String>, Spanned<String>>,
}

struct Reader<'a> {
    text: &'a str,
    file: &'a str,
    mistakes: Vec<Mistake>,
}

impl Reader<'_> {
    fn read(&mut self, file: FileToml) -> BoardFile {
        let mut board = Board::default();
        let mut columns = HashMap::new();
        for (at, column) in file.observation.into_iter().enumerate() {
            let id = Id::small(at as u128 + 1);
            self.take_id(&column.id, &mut columns, id);
            board.observations.push(self.column(column, id));
        }
        let mut rows = HashMap::new();
        for (at, row) in file.hypothesis.into_iter().enumerate() {
            let id = Id::small((1 << 64) + at as u128);
            if row.id.get_ref() == "other" {
                self.mistake(row.id.span(), "expected an id other than `other`, which names what is not on the board");
            }
            self.take_id(&row.id, &mut rows, id);
            self.cells(&row.cells, &board.observations, &columns)
                .into_iter()
                .for_each(|(column, cell)| board.set_cell(id, column, cell, ""));
            board.hypotheses.push(hypothesis(row, id));
        }
        BoardFile { title: scrub::line(&file.title).into_owned(), board }
    }

    fn column(&mut self, column: ColumnToml, id: Id) -> Observation {
        let standard = CheckSpec::default().minutes;
        let minutes = column.minutes.map_or(standard, |minutes| {
            if !(minutes.get_ref().is_finite() && *minutes.get_ref() >= 0.0) {
                self.mistake(minutes.span(), format!("expected minutes from 0 up, found `{}`", minutes.get_ref()));
            }
            minutes.into_inner()
        });
        Observation {
            id,
            label: column.id.into_inner(),
            text: scrub::line(&column.text).into_owned(),
            state: column.state,
            note: scrub::line(&column.note).into_owned(),
            origin: column.origin.map(|origin| scrub::line(&origin).into_owned()),
            coincidence: column.coincidence,
            when: Timestamp::UNIX_EPOCH,
            cleared: None,
            evidence: None,
            check: CheckSpec { query: column.check, minutes, read_only: column.read_only },
            by: String::new(),
        }
    }

    fn cells(
        &mut self,
        cells: &BTreeMap<Spanned<String>, Spanned<String>>,
        observations: &[Observation],
        columns: &HashMap<String, (Id, Range<usize>)>,
    ) -> Vec<(Id, Cell)> {
        let mut read = Vec::new();
        for (key, sign) in cells {
            let column = columns.get(key.get_ref()).map(|known| known.0);
            let cell = Cell::parse(sign.get_ref());
            if column.is_none() {
                let known = one_of(observations.iter().map(|column| column.label.as_str()));
                self.mistake(key.span(), format!("expected the id of an observation ({known}), found `{key}`"));
            }
            if cell.is_none() {
                let message = format!("expected one of `#`, `+`, `.`, `-`, `X`, `?`, found `{sign}`");
                self.mistake(sign.span(), message);
            }
            read.extend(column.zip(cell));
        }
        read
    }

    /// Names a row or column, if its id is whole and not taken.
    fn take_id(&mut self, id: &Spanned<String>, taken: &mut HashMap<String, (Id, Range<usize>)>, name: Id) {
        let text = id.get_ref();
        if text.trim() != text || text.is_empty() || scrub::line(text) != *text {
            self.mistake(id.span(), format!("expected a short id such as `s1`, found `{}`", text.escape_debug()));
        } else if let Some((_, first)) = taken.get(text) {
            let line = place(self.text, first.start).0;
            self.mistake(
                id.span(),
                format!("expected an id of its own, found `{text}`, which line {line} has already"),
            );
        } else {
            taken.insert(text.clone(), (name, id.span()));
        }
    }

    fn mistake(&mut self, at: Range<usize>, message: impl Into<String>) {
        let (line, column) = place(self.text, at.start);
        self.mistakes.push(Mistake { file: self.file.to_owned(), line, column, message: message.into() });
    }
}

fn hypothesis(row: RowToml, id: Id) -> Hypothesis {
    Hypothesis {
        id,
        label: row.id.into_inner(),
        text: scrub::line(&row.text).into_owned(),
        state: row.state,
        reason: scrub::line(&row.reason).into_owned(),
        since: Timestamp::UNIX_EPOCH,
        prior: row.prior,
        changed: row.changed,
        from: "board file".to_owned(),
        owner: None,
        by: String::new(),
        stoppable: false,
    }
}

/// Line and column of a byte, both from 1, columns in characters.
fn place(text: &str, byte: usize) -> (usize, usize) {
    let before = text.get(..byte).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

fn one_of<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> String {
    const SHOWN: usize = 8;
    let more = names.len().saturating_sub(SHOWN);
    let mut shown: Vec<_> = names.take(SHOWN).map(str::to_owned).collect();
    if more > 0 {
        shown.push(format!("{more} more"));
    }
    if shown.is_empty() { "there are none".to_owned() } else { shown.join(", ") }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::incident::{Entry, Incident, ranking::rank, ranking::tests::any_board};

    const BOARD: &str = r##"
title = "checkout 5xx"
[[observation]]
id = "s1"
text = "checkout returns 5xx"
origin = "CheckoutErrorRate"
[[observation]]
id = "s2"
text = "errors only on v2 pods"
state = "untested"
minutes = 1
read_only = false
check = { source = "prom", query = "up", present = "> 0 for 1m", empty = "absent" }
[[hypothesis]]
id = "h1"
text = "bad deploy v2.3.1"
prior = "common"
changed = true
cells = { s1 = "#", s2 = "+" }
[[hypothesis]]
id = "h2"
text = "dns"
"##;

    fn parse(text: &str) -> BoardFile {
        BoardFile::parse(text, "board.toml").expect("a board")
    }

    #[test]
    fn reads_what_a_responder_writes() {
        let file = parse(BOARD);
        let board = &file.board;
        assert_eq!(file.title, "checkout 5xx");
        let [s1, s2] = &*board.observations else { panic!("two columns") };
        assert_eq!(
            (s1.state, s1.origin.as_deref(), s1.check.minutes),
            (ObservationState::Present, Some("CheckoutErrorRate"), 5.0)
        );
        assert!(s1.check.read_only && !s2.check.read_only);
        assert_eq!(s2.check.query.as_ref().expect("a query").empty, Some(ObservationState::Absent));
        let [h1, h2] = &*board.hypotheses else { panic!("two rows") };
        assert_eq!((h1.label.as_str(), h1.prior, h1.changed), ("h1", Prior::Common, true));
        assert_eq!([board.cell(h1.id, s2.id), board.cell(h2.id, s2.id)], [Cell::Likely, Cell::Unassessed]);
        assert_eq!(parse("").board, Board::default());
        assert_eq!(parse("title = \"t\"").title, "t");
    }

    /// `expected` is how the first line of the error goes on after the file's name.
    #[track_caller]
    fn check_error(text: &str, expected: &str) {
        let error = BoardFile::parse(text, "b.toml").expect_err(text).to_string();
        assert!(error.lines().next().is_some_and(|line| line.starts_with(&format!("b.toml:{expected}"))), "{error}");
    }

    #[test]
    fn mistakes_are_named_with_line_and_column() {
        let column = "[[observation]]\nid = \"s1\"\ntext = \"5xx\"\n";
        let with = |rest: &str| format!("{column}{rest}");
        check_error(
            "titel = \"x\"",
            "1:1: unknown field `titel`, expected one of `title`, `observation`, `hypothesis`",
        );
        check_error(&with("stat = \"present\""), "4:1: unknown field `stat`, expected one of `id`, `text`");
        check_error(&with("state = \"gone\""), "4:9: unknown variant `gone`, expected one of `present`, `absent`");
        check_error(&with("minutes = -1"), "4:11: expected minutes from 0 up, found `-1`");
        check_error(&with("minutes = inf"), "4:11: expected minutes from 0 up, found `inf`");
        check_error(&with("minutes = \"1\""), "4:11: invalid type: string \"1\", expected f64");
        check_error(&with(column), "5:6: expected an id of its own, found `s1`, which line 2 has already");
        check_error("[[observation]]\ntext = \"x\"", "1:1: missing field `id`");
        check_error("[[observation]]\nid = \" \"\ntext = \"x\"", "2:6: expected a short id such as `s1`, found ` `");
        let check = "check = { source = \"p\", query = \"q\", present = \"0.5\" }";
        check_error(&with(check), "4:48: expected a comparison such as");
        check_error(&with("check = { source = \"p\", qery = \"q\" }"), "4:25: unknown field `qery`");
        let row = |rest: &str| with(&format!("[[hypothesis]]\nid = \"h1\"\ntext = \"x\"\n{rest}"));
        check_error(&row("cells = { s1 = \"§\" }"), "7:16: expected one of `#`, `+`, `.`, `-`, `X`, `?`, found `§`");
        check_error(&row("cells = { s9 = \"#\" }"), "7:11: expected the id of an observation (s1), found `s9`");
        check_error(&row("prior = \"likely\""), "7:9: unknown variant `likely`, expected one of `common`");
        check_error("[[hypothesis]]\nid = \"other\"\ntext = \"x\"", "2:6: expected an id other than `other`");
        check_error("title = \"ä\" x", "1:13: ");
    }

    #[test]
    fn all_mistakes_are_listed() {
        let text = "[[hypothesis]]\nid = \"h\"\ntext = \"x\"\ncells = { s1 = \"Z\" }\n";
        let error = BoardFile::parse(&format!("{text}{text}"), "b").expect_err("mistakes");
        let places: Vec<_> = error.0.iter().map(|mistake| (mistake.line, mistake.column)).collect();
        assert_eq!(places, [(4, 11), (4, 16), (6, 6), (8, 11), (8, 16)]);
    }

    #[test]
    fn strangers_text_is_made_harmless() {
        let file = parse("[[observation]]\nid = \"s1\"\ntext = \"a\\u001b[2Jb\\u202Ec\"");
        assert_eq!(file.board.observations[0].text, "a[2Jbc");
    }

    /// An incident into which drafts were recorded.
    fn recorded(drafts: Vec<Draft>) -> Incident {
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
    fn a_chosen_row_brings_its_signs_once() {
        let file = BoardFile::generic_causes();
        let id = |label: &str| file.board.hypotheses.iter().find(|row| row.label == label).expect("a row").id;
        let mut ids = Ids::new(1);
        let mut drafts = file.drafts_onto(&Board::default(), &[id("dns")], &mut ids, Timestamp::UNIX_EPOCH);
        let first = recorded(drafts.clone()).board;
        assert_eq!((first.hypotheses.len(), first.observations.len()), (1, 2));
        drafts.extend(file.drafts_onto(&first, &[id("network")], &mut ids, Timestamp::UNIX_EPOCH));
        let both = recorded(drafts).board;
        // DNS errors are a sign of both and stand there once.
        assert_eq!((both.hypotheses.len(), both.observations.len()), (2, 6));
        let (dns, network) = (both.hypotheses[0].id, both.hypotheses[1].id);
        let text =
            |text: &str| both.observations.iter().find(|column| column.text.contains(text)).expect("a column").id;
        let errors = text("cannot be resolved");
        assert_eq!([both.cell(dns, errors), both.cell(network, errors)], [Cell::Must, Cell::Likely]);
        assert_eq!(both.cell(network, text("config or flag")), Cell::Neutral);
    }

    #[test]
    fn put_on_a_board_again_it_brings_only_what_is_new() {
        let mut ids = Ids::new(1);
        let mut drafts = parse(BOARD).drafts(&mut ids, Timestamp::UNIX_EPOCH);
        let first = recorded(drafts.clone()).board;
        assert_eq!(parse(BOARD).drafts_missing(&first, &mut ids, Timestamp::UNIX_EPOCH), []);
        let cell = Event::CellSet {
            hypothesis: first.hypotheses[0].id,
            observation: first.observations[0].id,
            cell: Cell::Cannot,
        };
        drafts.push(Draft { id: ids.next(Timestamp::UNIX_EPOCH), event: cell });
        let changed = recorded(drafts.clone()).board;
        let longer = "[[observation]]\nid = \"s3\"\ntext = \"new\"\n".to_owned()
            + BOARD.trim_start().split_once('\n').expect("a title").1;
        let longer = longer.replace("s2 = \"+\"", "s2 = \"+\", s3 = \"#\"");
        drafts.extend(parse(&longer).drafts_missing(&changed, &mut ids, Timestamp::UNIX_EPOCH));
        let board = recorded(drafts).board;
        assert_eq!((board.hypotheses.len(), board.observations.len()), (2, 3));
        let cells: Vec<_> =
            board.observations.iter().map(|column| board.cell(board.hypotheses[0].id, column.id)).collect();
        assert_eq!(cells, [Cell::Cannot, Cell::Likely, Cell::Must], "what was changed by hand stands");
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn written_and_read_again(board in any_board(4, 5), title in ".{0,20}", odd in "[^\\p{C}]{1,20}") {
            let mut board = board;
            if let Some(column) = board.observations.first_mut() {
                column.text = scrub::line(&odd).into_owned();
                column.note = column.text.clone();
            }
            let read = BoardFile::parse(&to_toml(&title, &board), "b").expect("what was written");
            prop_assert_eq!(&read.title, &scrub::line(&title).into_owned());
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
