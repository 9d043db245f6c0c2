//! From the text of a board file to a board, or to all that is wrong with it.
//!
//! Each mistake is named where it stands and says what was expected; reading goes on behind it, so that a person mends a
//! file once.

use std::{
    collections::{BTreeMap, HashMap},
    ops::Range,
    path::Path,
};

use jiff::Timestamp;
use serde::{Deserialize, de::IntoDeserializer};
use toml::Spanned;

use super::BoardFile;
use crate::{
    base::{
        text,
        toml::{Diagnostic, line_of},
    },
    incident::{
        Board, Cell, Hypothesis, Id, Observation,
        board::{CheckQuery, CheckSpec, MOST_CELLS, MOST_COLUMNS, MOST_MINUTES, MOST_ROWS},
    },
};

/// The most mistakes that are told of one file; for each the lines before it are counted.
const MOST_MISTAKES: usize = 200;

/// Reads a board; `file` is its name in mistakes.
pub(super) fn read(text: &str, file: &str) -> Result<BoardFile, Vec<Diagnostic>> {
    let mut reader = Reader { text, file: Path::new(file), mistakes: Vec::new() };
    let board = match toml::from_str::<FileToml>(text) {
        Ok(file) => reader.read(file),
        Err(error) => {
            reader.mistake(error.span().unwrap_or(0..0), error.message().replace('\n', ", "));
            BoardFile::default()
        }
    };
    if reader.mistakes.is_empty() { Ok(board) } else { Err(reader.mistakes) }
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
    text: Spanned<String>,
    state: Option<Spanned<String>>,
    #[serde(default)]
    note: String,
    origin: Option<String>,
    #[serde(default)]
    coincidence: bool,
    minutes: Option<Spanned<f64>>,
    #[serde(default = "crate::incident::board::yes")]
    read_only: bool,
    check: Option<CheckQuery>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RowToml {
    id: Spanned<String>,
    text: Spanned<String>,
    prior: Option<Spanned<String>>,
    #[serde(default)]
    changed: bool,
    state: Option<Spanned<String>>,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    cells: BTreeMap<Spanned<String>, Spanned<String>>,
}

struct Reader<'a> {
    text: &'a str,
    file: &'a Path,
    mistakes: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn read(&mut self, file: FileToml) -> BoardFile {
        let mut board = Board::default();
        if let Some((at, what)) = too_much(&file) {
            self.mistake(at, format!("{what}; leave out what tells no causes apart, or make several boards of it"));
            return BoardFile::default();
        }
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
            board.hypotheses.push(self.row(row, id));
        }
        BoardFile { title: text::line(&file.title).into_owned(), board }
    }

    fn column(&mut self, column: ColumnToml, id: Id) -> Observation {
        let standard = CheckSpec::default().minutes;
        let minutes = column.minutes.map_or(standard, |minutes| {
            if !(0.0..=MOST_MINUTES).contains(minutes.get_ref()) {
                let found = &self.text[minutes.span()];
                self.mistake(
                    minutes.span(),
                    format!("expected minutes from 0 to {MOST_MINUTES} (a year), found `{found}`"),
                );
            }
            minutes.into_inner()
        });
        Observation {
            id,
            text: self.words(&column.text),
            label: column.id.into_inner(),
            state: self.word(column.state),
            note: text::line(&column.note).into_owned(),
            origin: column.origin.map(|origin| text::line(&origin).into_owned()),
            coincidence: column.coincidence,
            when: Timestamp::UNIX_EPOCH,
            cleared: None,
            evidence: None,
            check: CheckSpec { query: column.check.map(scrubbed), minutes, read_only: column.read_only },
            by: String::new(),
        }
    }

    fn row(&mut self, row: RowToml, id: Id) -> Hypothesis {
        Hypothesis {
            id,
            text: self.words(&row.text),
            label: row.id.into_inner(),
            prior: self.word(row.prior),
            state: self.word(row.state),
            reason: text::line(&row.reason).into_owned(),
            since: Timestamp::UNIX_EPOCH,
            changed: row.changed,
            from: "board file".to_owned(),
            owner: None,
            by: String::new(),
            stoppable: false,
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
                let found = if sign.get_ref().is_empty() { "nothing".to_owned() } else { format!("`{sign}`") };
                self.mistake(sign.span(), format!("expected one of `#`, `+`, `.`, `-`, `X`, `?`, found {found}"));
            }
            read.extend(column.zip(cell));
        }
        read
    }

    /// What a row or column says; a row of nothing is nobody's.
    fn words(&mut self, text: &Spanned<String>) -> String {
        let words = text::line(text.get_ref()).into_owned();
        if words.trim().is_empty() {
            self.mistake(text.span(), "expected a few words, found nothing");
        }
        words
    }

    /// One of a few words; the usual one where it is left out.
    fn word<'de, T: Deserialize<'de> + Default>(&mut self, word: Option<Spanned<String>>) -> T {
        let Some(word) = word else { return T::default() };
        let span = word.span();
        T::deserialize(word.into_inner().into_deserializer()).unwrap_or_else(|error: serde::de::value::Error| {
            self.mistake(span, error.to_string());
            T::default()
        })
    }

    /// Names a row or column, if its id is whole and not taken.
    fn take_id(&mut self, id: &Spanned<String>, taken: &mut HashMap<String, (Id, Range<usize>)>, name: Id) {
        let text = id.get_ref();
        if text.trim() != text || text.is_empty() || text::line(text) != *text {
            self.mistake(id.span(), format!("expected a short id such as `s1`, found `{}`", text.escape_debug()));
        } else if let Some((_, first)) = taken.get(text) {
            let line = line_of(self.text, first.start);
            self.mistake(
                id.span(),
                format!("expected an id of its own, found `{text}`, which line {line} has already"),
            );
        } else {
            taken.insert(text.clone(), (name, id.span()));
        }
    }

    fn mistake(&mut self, at: Range<usize>, message: impl Into<String>) {
        if self.mistakes.len() == MOST_MISTAKES {
            return;
        }
        self.mistakes.push(Diagnostic::at(self.file, self.text, at.start, message.into()));
    }
}

/// Why nobody could work with such a board, and where it becomes too large.
fn too_much(file: &FileToml) -> Option<(Range<usize>, String)> {
    let (columns, rows) = (file.observation.len(), file.hypothesis.len());
    if let Some(first) = file.observation.get(MOST_COLUMNS) {
        return Some((first.id.span(), format!("{columns} observations are more than a board takes, {MOST_COLUMNS}")));
    }
    if let Some(first) = file.hypothesis.get(MOST_ROWS) {
        return Some((first.id.span(), format!("{rows} hypotheses are more than a board takes, {MOST_ROWS}")));
    }
    let first = file.hypothesis.get(MOST_CELLS.checked_div(columns)?)?;
    let cells = format!("{rows} hypotheses and {columns} observations make {} cells", rows * columns);
    Some((first.id.span(), format!("{cells}, more than a board takes, {MOST_CELLS}")))
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

/// Longest query of a check, in bytes.
const LONGEST_QUERY: usize = 16 * 1024;

/// Without what a terminal must not get.
fn scrubbed(check: CheckQuery) -> CheckQuery {
    let source = text::line(&check.source).into_owned();
    CheckQuery { source, query: text::block(&check.query, LONGEST_QUERY).into_owned(), ..check }
}

#[cfg(test)]
pub(in crate::incident) mod tests {
    use super::*;
    use crate::incident::{ObservationState, Prior};

    pub(in crate::incident) const BOARD: &str = r##"
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
        check_error(&with("minutes = -1"), "4:11: expected minutes from 0 to 525600 (a year), found `-1`");
        check_error(&with("minutes = inf"), "4:11: expected minutes from 0 to 525600 (a year), found `inf`");
        check_error(&with("minutes = 1e308"), "4:11: expected minutes from 0 to 525600 (a year), found `1e308`");
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
        check_error(&row("cells = { s1 = \"\" }"), "7:16: expected one of `#`, `+`, `.`, `-`, `X`, `?`, found nothing");
        check_error(
            &row("cells = { s1 = \"\\u001b[2J\" }"),
            "7:16: expected one of `#`, `+`, `.`, `-`, `X`, `?`, found `[2J`",
        );
        check_error(&row("cells = { s1 = \"#\", s1 = \"+\" }"), "7:21: duplicate key");
        check_error("[[observation]]\nid = \"s1\"\ntext = \" \"", "3:8: expected a few words, found nothing");
        check_error("[[hypothesis]]\nid = \"h1\"\ntext = \"\"", "3:8: expected a few words, found nothing");
        check_error("\u{feff}titel = 1", "1:1: unknown field `titel`");
        check_error(&row("cells = { s1 = \"Q\" }").replace('\n', "\r\n"), "7:16: expected one of");
        check_error(&format!("a = {}", "[".repeat(100_000)), "1:");
    }

    #[test]
    fn all_mistakes_are_listed() {
        let text = "[[hypothesis]]\nid = \"h\"\ntext = \"x\"\ncells = { s1 = \"Z\" }\n";
        let error = BoardFile::parse(&format!("{text}{text}"), "b").expect_err("mistakes");
        let places: Vec<_> = error.0.iter().map(|mistake| mistake.at.expect("a place")).collect();
        assert_eq!(places, [(4, 11), (4, 16), (6, 6), (8, 11), (8, 16)]);
        let text = "[[observation]]\nid = \"s\"\ntext = \"x\"\nstate = \"gone\"\n\
                    [[hypothesis]]\nid = \"h\"\ntext = \"x\"\nprior = \"often\"\nstate = \"dead\"\n";
        let error = BoardFile::parse(text, "b").expect_err("mistakes");
        let places: Vec<_> = error.0.iter().map(|mistake| mistake.at.expect("a place")).collect();
        assert_eq!(places, [(4, 9), (8, 9), (9, 9)]);
    }

    /// A board of so many columns and rows, which says nothing in its cells.
    fn sized(columns: usize, rows: usize) -> String {
        let column = |n| format!("[[observation]]\nid = \"s{n}\"\ntext = \"x\"\n");
        let row = |n| format!("[[hypothesis]]\nid = \"h{n}\"\ntext = \"x\"\n");
        (0..columns).map(column).chain((0..rows).map(row)).collect()
    }

    #[test]
    fn a_board_that_is_too_large_is_refused_where_it_becomes_so() {
        let advice = "; leave out what tells no causes apart, or make several boards of it";
        let said = |what: &str| format!("{what}{advice}");
        assert_eq!(parse(&sized(1_000, 50)).board.observations.len(), 1_000);
        assert_eq!(parse(&sized(100, 500)).board.hypotheses.len(), 500);
        assert_eq!(parse(&sized(0, 500)).board.hypotheses.len(), 500);
        check_error(&sized(1_001, 1), &said("3002:6: 1001 observations are more than a board takes, 1000"));
        check_error(&sized(1, 502), &said("1505:6: 502 hypotheses are more than a board takes, 500"));
        let cells = "1577:6: 400 hypotheses and 400 observations make 160000 cells, more than a board takes, 50000";
        check_error(&sized(400, 400), &said(cells));
    }

    #[test]
    fn of_very_many_mistakes_the_first_are_told() {
        let cells: Vec<_> = (0..20_000).map(|n| format!("c{n} = \"Z\"")).collect();
        let text = format!("[[hypothesis]]\nid = \"h\"\ntext = \"x\"\ncells = {{ {} }}\n", cells.join(", "));
        let error = BoardFile::parse(&text, "b").expect_err("mistakes");
        assert_eq!(error.0.len(), MOST_MISTAKES);
    }

    #[test]
    fn strangers_text_is_made_harmless() {
        let file = parse("[[observation]]\nid = \"s1\"\ntext = \"a\\u001b[2Jb\\u202Ec\"");
        assert_eq!(file.board.observations[0].text, "a[2Jbc");
    }
}
