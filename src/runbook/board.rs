//! What a runbook brings for the board: hypotheses with their signs, as a board file in a fenced block that says `stanch`;
//! and in it, as `[[mitigation]]` with `text` and `for`, what may stop the bleeding.

use std::{collections::HashMap, path::Path};

use serde::Deserialize;
use toml::Spanned;

use super::{
    Remark, Runbook,
    document::{self, fill},
};
use crate::{
    base::{text, toml::Diagnostic},
    incident::{
        Id,
        board::{
            Hypothesis, Observation,
            file::{BoardFile, BoardFileError},
        },
    },
    signal::Labels,
};

/// Blocks of one file that are read.
const MOST: usize = 50;

/// What one block brings.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Brought {
    /// Hypotheses and signs.
    pub file: BoardFile,
    /// What may stop the bleeding.
    pub mitigations: Vec<Proposed>,
}

/// Something that may stop the bleeding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposed {
    /// What would be done.
    pub text: String,
    /// The words of the hypothesis it would help with, if one.
    pub hypothesis: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MitigationsToml {
    #[serde(default)]
    mitigation: Vec<MitigationToml>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MitigationToml {
    text: Spanned<String>,
    #[serde(rename = "for")]
    hypothesis: Option<Spanned<String>>,
}

/// The boards in a runbook, each with what is wrong with it. Mistakes name the line of the file.
pub fn boards(book: &Runbook) -> Vec<Result<Brought, BoardFileError>> {
    let read = |(line, block): (usize, String)| {
        // So that its lines are those of the file.
        let placed = "\n".repeat(line - 1) + &block;
        let (board, mitigations) = apart(&placed);
        let mut file = BoardFile::parse(&board, &book.file)?;
        let mitigations = proposed(&mitigations, &book.file, &file)?;
        file.board.hypotheses.iter_mut().for_each(|row| row.from = "runbook".to_owned());
        if file.title.is_empty() {
            file.title.clone_from(&book.title);
        }
        Ok(Brought { file, mitigations })
    };
    blocks(book).into_iter().map(read).collect()
}

impl Brought {
    /// With an alert's labels where the words and queries name them: `$POD`.
    #[must_use]
    pub fn filled(mut self, labels: &Labels) -> Self {
        for column in &mut self.file.board.observations {
            column.text = fill::text(&column.text, labels).into_owned();
            if let Some(check) = &mut column.check.query {
                check.query = fill::query(&check.query, labels).into_owned();
            }
        }
        for row in &mut self.file.board.hypotheses {
            row.text = fill::text(&row.text, labels).into_owned();
        }
        for one in &mut self.mitigations {
            one.text = fill::text(&one.text, labels).into_owned();
            one.hypothesis = one.hypothesis.as_ref().map(|words| fill::text(words, labels).into_owned());
        }
        self
    }
}

/// A block without its mitigations, and these alone; each line stays where it is in both.
fn apart(block: &str) -> (String, String) {
    let (mut board, mut mitigations) = (String::with_capacity(block.len()), String::new());
    let mut is_mitigation = false;
    for line in block.lines() {
        if line.trim_start().starts_with('[') {
            is_mitigation = line.trim_start().starts_with("[[mitigation]]");
        }
        if is_mitigation {
            mitigations.push_str(line)
        } else {
            board.push_str(line)
        }
        board.push('\n');
        mitigations.push('\n');
    }
    (board, mitigations)
}

fn proposed(text: &str, file: &str, board: &BoardFile) -> Result<Vec<Proposed>, BoardFileError> {
    let wrong = |at: usize, message: String| BoardFileError(vec![Diagnostic::at(Path::new(file), text, at, message)]);
    let read: MitigationsToml = toml::from_str(text)
        .map_err(|error| wrong(error.span().map_or(0, |span| span.start), error.message().replace('\n', ", ")))?;
    let mut all = Vec::new();
    for one in read.mitigation {
        let words = text::line(one.text.get_ref()).trim().to_owned();
        if words.is_empty() {
            return Err(wrong(one.text.span().start, "expected a few words, found nothing".into()));
        }
        let row = |id: &Spanned<String>| {
            let row = board.board.hypotheses.iter().find(|row| row.label == *id.get_ref());
            let known = || board.board.hypotheses.iter().map(|row| row.label.as_str()).collect::<Vec<_>>().join(", ");
            row.map(|row| row.text.clone()).ok_or_else(|| {
                wrong(
                    id.span().start,
                    format!("expected the id of a hypothesis ({}), found `{}`", known(), id.get_ref()),
                )
            })
        };
        let hypothesis = one.hypothesis.as_ref().map(row).transpose()?;
        all.push(Proposed { text: words, hypothesis });
    }
    Ok(all)
}

/// One board of several: what says the same stands there once.
pub fn merged(files: impl IntoIterator<Item = BoardFile>) -> BoardFile {
    let mut whole = BoardFile::default();
    for file in files {
        if whole.title.is_empty() {
            whole.title = file.title;
        }
        let mut names = HashMap::new();
        for column in &file.board.observations {
            let known = whole.board.observations.iter().find(|known| is_same(&known.text, &column.text));
            let id = known.map(|known| known.id).unwrap_or_else(|| {
                let id = Id::small(whole.board.observations.len() as u128 + 1);
                whole.board.observations.push(Observation { id, ..column.clone() });
                id
            });
            names.insert(column.id, id);
        }
        for row in &file.board.hypotheses {
            let known = whole.board.hypotheses.iter().find(|known| is_same(&known.text, &row.text));
            let id = known.map(|known| known.id).unwrap_or_else(|| {
                let id = Id::small((1 << 64) + whole.board.hypotheses.len() as u128);
                whole.board.hypotheses.push(Hypothesis { id, ..row.clone() });
                id
            });
            for column in &file.board.observations {
                if let Some(entry) = file.board.cell_entry(row.id, column.id) {
                    whole.board.set_cell(id, names[&column.id], entry.cell, "");
                }
            }
        }
    }
    whole
}

fn is_same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

impl Runbook {
    /// Whether it brings anything for the board.
    pub fn has_board(&self) -> bool {
        self.text.contains("stanch") && !blocks(self).is_empty()
    }

    /// What is wrong with what it brings for the board.
    pub fn board_remarks(&self) -> Vec<Remark> {
        let broken = boards(self).into_iter().filter_map(Result::err).flat_map(|error| error.0);
        broken.map(|mistake| Remark { line: mistake.at.map(|(line, _)| line), text: mistake.message }).collect()
    }
}

/// The lines between fences that say `stanch`, with the number of the first.
fn blocks(book: &Runbook) -> Vec<(usize, String)> {
    let mut blocks: Vec<(usize, String)> = Vec::new();
    // The fence that is open, and whether it is one of ours.
    let mut open: Option<(&str, bool)> = None;
    for (line, written) in (book.first_line()..).zip(book.markdown().lines()) {
        let words = written.trim();
        let sign = if words.starts_with("```") { "`" } else { "~" };
        let length = words.len() - words.trim_start_matches(sign).len();
        match open {
            Some((fence, ours)) => {
                if words.starts_with(fence) && words.len() == length {
                    open = None;
                } else if let Some((_, block)) = blocks.last_mut().filter(|_| ours) {
                    block.push_str(written);
                    block.push('\n');
                }
            }
            None if length >= 3 => {
                let ours = document::is_board(&words[length..]) && blocks.len() < MOST;
                open = Some((&words[..length], ours));
                if ours {
                    blocks.push((line + 1, String::new()));
                }
            }
            None => {}
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# Disk full\n```sh\n# ```stanch\n```\n```toml stanch\n[[observation]]\nid = \"s1\"\ntext = \"no space left\"\n\
                        [[hypothesis]]\nid = \"h1\"\ntext = \"logs grew\"\ncells = { s1 = \"#\" }\n```\n";

    fn book(text: &str) -> Runbook {
        Runbook::read("ops/disk.md", "disk.md", &[], 0, text)
    }

    #[test]
    fn a_fenced_board_is_read() {
        let boards = boards(&book(TEXT));
        let file = &boards[0].as_ref().expect("a board").file;
        assert_eq!((boards.len(), file.title.as_str()), (1, "Disk full"));
        let row = &file.board.hypotheses[0];
        assert_eq!((row.text.as_str(), row.from.as_str()), ("logs grew", "runbook"));
        assert!(book(TEXT).has_board() && !book("# stanch\n").has_board());
    }

    #[test]
    fn labels_are_filled_into_words_and_queries() {
        let text = TEXT
            .replace(
                "no space left\"",
                "no space on $NODE\"\ncheck = { source = \"p\", query = \"free{node='$NODE'}\", present = \"< 1\" }",
            )
            .replace("logs grew", "logs of $NODE grew");
        let text = text.replace(
            "cells = { s1 = \"#\" }\n",
            "cells = { s1 = \"#\" }\n[[mitigation]]\ntext = \"drain $NODE\"\nfor = \"h1\"\n",
        );
        let labels = Labels::of([("node", "n1")]);
        let brought = boards(&book(&text)).remove(0).expect("a board").filled(&labels);
        let column = &brought.file.board.observations[0];
        assert_eq!(column.text, "no space on n1");
        assert_eq!(column.check.query.as_ref().map(|check| check.query.as_str()), Some("free{node='n1'}"));
        let proposed = Proposed { text: "drain n1".into(), hypothesis: Some("logs of n1 grew".into()) };
        assert_eq!(brought.mitigations, [proposed]);
    }

    #[test]
    fn what_several_say_stands_there_once() {
        let one = boards(&book(TEXT)).remove(0).expect("a board").file;
        let other = TEXT.replace("logs grew", "a dump was left").replace("no space left", "No space left");
        let other = boards(&book(&other)).remove(0).expect("a board").file;
        let both = merged([one, other]).board;
        assert_eq!((both.hypotheses.len(), both.observations.len()), (2, 1));
        let cell = |row: usize| both.cell(both.hypotheses[row].id, both.observations[0].id);
        assert_eq!([cell(0), cell(1)], [crate::incident::Cell::Must; 2]);
    }

    #[test]
    fn a_mistake_names_its_line_in_the_file() {
        let remarks = book(&TEXT.replace("s1 = \"#\"", "s9 = \"#\"")).board_remarks();
        let told: Vec<String> = remarks.iter().map(|remark| remark.told("disk.md")).collect();
        assert_eq!(told, ["disk.md:12: expected the id of an observation (s1), found `s9`"]);
        let with = |mitigation: &str| {
            let text = TEXT.replace("[[hypothesis]]", &format!("[[mitigation]]\n{mitigation}\n[[hypothesis]]"));
            boards(&book(&text)).remove(0).map(|brought| brought.mitigations).map_err(|error| error.to_string())
        };
        let words = |text: &str, row: Option<&str>| Proposed { text: text.into(), hypothesis: row.map(str::to_owned) };
        assert_eq!(with("text = \"free logs\"\nfor = \"h1\""), Ok(vec![words("free logs", Some("logs grew"))]));
        assert_eq!(with("text = \"wait\""), Ok(vec![words("wait", None)]));
        let unknown = "ops/disk.md:11:7: expected the id of a hypothesis (h1), found `h2`";
        assert_eq!(with("text = \"x\"\nfor = \"h2\""), Err(unknown.to_owned()));
        assert!(with("txt = \"x\"").is_err_and(|error| error.starts_with("ops/disk.md:10:")));
        assert_eq!(boards(&book("~~~stanch\nnonsense\n")).len(), 1);
    }
}
