//! Runbooks: Markdown files as teams have them, and which of them an alert is about.
//!
//! Text comes in and answers go out: the folders are walked by [`runtime::runbooks`](crate::runtime::runbooks). A file is
//! scanned for what it is found by (front matter, title, headings) when it is read, and taken apart for the screen when a
//! person opens it. What is wrong with a file is a remark with its line; the file is of use all the same.

mod address;
mod board;
mod document;
mod front_matter;
mod headings;
mod library;
mod links;
mod matching;
mod name;
mod section;
mod way;

use std::sync::Arc;

use jiff::civil::Date;

pub use self::{
    board::{Brought, Proposed, boards, merged},
    document::{BOARD, Block, BlockKind, Document, Span, SpanStyle},
    headings::Heading,
    library::{Folder, Library},
    links::{Dead, dead_links},
    matching::{Alert, Match},
    section::Section,
};
use self::{front_matter::FrontMatter, name::Keys};
use crate::base::text;

/// How much of a file is read, in bytes. A runbook is read in minutes; what is longer is something else.
pub const LONGEST: usize = 1 << 18;

/// Something that is wrong with a file, or odd, and keeps nobody from reading it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// The line it is about; `None` for the file as a whole.
    pub line: Option<usize>,
    /// What was found and what was expected.
    pub text: String,
}

impl Remark {
    fn at(line: usize, text: impl Into<String>) -> Self {
        Self { line: Some(line), text: text.into() }
    }

    /// With the file and line it is about.
    pub fn told(&self, file: &str) -> String {
        match self.line {
            Some(line) => format!("{file}:{line}: {}", self.text),
            None => format!("{file}: {}", self.text),
        }
    }
}

/// One file, as it was read.
#[derive(Clone, Debug)]
pub struct Runbook {
    /// Its path: that of its folder, and the path in it.
    pub file: String,
    /// Its path in its folder, with `/` between names.
    pub relative: String,
    /// The place of its folder in [`Library::folders`].
    pub folder: usize,
    /// What it is called: by its front matter, its first heading, or its name.
    pub title: String,
    /// When somebody last said that it is right.
    pub reviewed: Option<Date>,
    /// Who looks after it; empty where it does not say.
    pub owner: String,
    /// Its headings, in order.
    pub headings: Vec<Heading>,
    /// What is wrong with it.
    pub remarks: Vec<Remark>,
    /// The whole text as far as it is read, harmless to a terminal.
    pub text: Arc<str>,
    /// Where the Markdown begins behind the front matter: the byte, and the line from 1.
    body: (usize, usize),
    front: FrontMatter,
    /// The names of the folders above it and its own, as they are compared with an address.
    path: Vec<String>,
    name: Keys,
}

impl Runbook {
    /// Reads the text of a file. `file` is its path for people, `relative` that in its folder, `above` the names of the
    /// folders that lead to that folder.
    pub fn read(file: &str, relative: &str, above: &[&str], folder: usize, written: &str) -> Self {
        let (written, is_cut) = start(written);
        let text = harmless(written);
        let mut remarks = Vec::new();
        if is_cut {
            let most = LONGEST >> 10;
            remarks.push(Remark { line: None, text: format!("it is longer than {most} KiB; the rest is not read") });
        }
        let (front, body) = FrontMatter::read(&text, &mut remarks);
        let headings = headings::of(&text[body.0..], body.1);
        let name = name::of_file(relative, above.last().copied());
        let own_title = headings.first().filter(|first| first.level == 1).map(|first| first.text.clone());
        let title = front.title.clone().or(own_title).unwrap_or_else(|| name.shown.clone());
        let path = name::path(relative, above);
        Self {
            file: file.to_owned(),
            relative: relative.to_owned(),
            folder,
            title,
            reviewed: front.reviewed,
            owner: front.owner.clone(),
            headings,
            remarks,
            text: text.into(),
            body,
            front,
            path,
            name: name.keys,
        }
    }

    /// The Markdown behind the front matter.
    pub fn markdown(&self) -> &str {
        &self.text[self.body.0..]
    }

    /// The line that the Markdown begins in, from 1.
    pub fn first_line(&self) -> usize {
        self.body.1
    }

    /// The first heading of a kind, as a place in [`Self::headings`].
    pub fn section(&self, section: Section) -> Option<usize> {
        self.headings.iter().position(|heading| Section::of(&heading.text) == Some(section))
    }

    /// Whether it says which alerts it is for, other than by what it is called.
    pub fn names_alerts(&self) -> bool {
        self.front.names_alerts() || self.headings.iter().any(|heading| !heading.alerts.is_empty())
    }
}

/// As much of a text as is read, and whether that is not all of it.
fn start(text: &str) -> (&str, bool) {
    if text.len() <= LONGEST {
        return (text, false);
    }
    let end = (0..=LONGEST).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    let end = text[..end].rfind('\n').map_or(end, |newline| newline + 1);
    (&text[..end], true)
}

/// Without what steers a terminal. Tabs are four spaces: one alone would move a list to another level.
fn harmless(written: &str) -> String {
    let written = written.strip_prefix('\u{feff}').unwrap_or(written);
    let spaced = if written.contains('\t') { written.replace('\t', "    ") } else { written.to_owned() };
    // Nearly every file is plain, and a look at its bytes tells.
    if spaced.bytes().all(|byte| matches!(byte, b'\n' | b' '..=b'~')) {
        return spaced;
    }
    text::block(&spaced, usize::MAX).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_called_by_what_it_says_first() {
        let title = |relative: &str, text: &str| Runbook::read(relative, relative, &["ops"], 0, text).title;
        assert_eq!(title("a.md", "---\ntitle: Disk full\n---\n# Other\n"), "Disk full");
        assert_eq!(title("a.md", "# Other\n"), "Other");
        assert_eq!(title("a.md", "text\n## Meaning\n"), "a");
        assert_eq!(title("disk-full/README.md", ""), "disk-full");
        assert_eq!(title("README.md", ""), "ops");
    }

    #[test]
    fn a_long_file_is_cut_at_a_line_and_says_so() {
        let book = Runbook::read("a.md", "a.md", &[], 0, &"0123456 é\n".repeat(1 << 20));
        assert!(book.text.len() <= LONGEST && book.text.ends_with("é\n"));
        assert_eq!(book.remarks[0].told("a.md"), "a.md: it is longer than 256 KiB; the rest is not read");
    }

    #[test]
    fn nothing_in_it_steers_a_terminal() {
        let book = Runbook::read("a.md", "a.md", &[], 0, "\u{feff}# A\u{1b}[31m\r\n-\tb\u{202e}\n");
        assert_eq!(&*book.text, "# A[31m\n-    b\n");
        assert_eq!(book.headings[0].text, "A[31m");
    }
}
