//! What is wrong with a file, and where: `FILE:LINE:COL: message`.
//!
//! Messages are made harmless here, because they quote what stands in the file; they must never quote a secret.

use std::{
    cell::RefCell,
    fmt,
    ops::Range,
    path::{Path, PathBuf},
};

use super::did_you_mean::{self, Synonyms};
use crate::base::text;

/// Longest message, in bytes.
const LONGEST: usize = 600;

/// Something about a place in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The file, as the person named it.
    pub file: PathBuf,
    /// Line and column, from 1, the column in characters; `None` when the file as a whole is meant.
    pub at: Option<(usize, usize)>,
    /// The finding in words: as far as possible what stands there, and what was expected instead.
    pub message: String,
}

impl Diagnostic {
    /// Something about a file as a whole.
    pub fn whole(file: &Path, message: impl AsRef<str>) -> Self {
        Self { file: file.to_owned(), at: None, message: clean(message) }
    }

    /// Something about the byte `offset` of `text`, which is what the file holds.
    pub fn at(file: &Path, text: &str, offset: usize, message: impl AsRef<str>) -> Self {
        Self { file: file.to_owned(), at: Some(position(text, offset)), message: clean(message) }
    }

    /// Says that `bytes` are no text: up to the byte `offset` they are UTF-8, and there they are not.
    pub fn not_utf8(file: &Path, bytes: &[u8], offset: usize) -> Self {
        let before = String::from_utf8_lossy(&bytes[..offset]);
        let is_utf16 = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
        let found = if is_utf16 { "this is text in UTF-16" } else { "this is no text in UTF-8" };
        Self::at(file, &before, before.len(), format!("{found}; save it as UTF-8"))
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&text::line(&self.file.to_string_lossy()))?;
        if let Some((line, column)) = self.at {
            write!(f, ":{line}:{column}")?;
        }
        write!(f, ": {}", self.message)
    }
}

impl std::error::Error for Diagnostic {}

/// Gathers what is wrong while a file is read, so that all of it is reported together, in the order of the file. Shared by
/// reference, so that every part of a reader can report.
pub struct Diagnostics<'a> {
    file: &'a Path,
    text: &'a str,
    synonyms: Synonyms<'a>,
    errors: RefCell<Vec<(usize, String)>>,
    warnings: RefCell<Vec<(usize, String)>>,
}

impl<'a> Diagnostics<'a> {
    /// Gathers for a file that holds `text`. Its readers know the `synonyms` for their keys and words.
    pub fn new(file: &'a Path, text: &'a str, synonyms: Synonyms<'a>) -> Self {
        Self { file, text, synonyms, errors: RefCell::default(), warnings: RefCell::default() }
    }

    /// Something that is wrong at a place.
    pub fn error(&self, span: &Range<usize>, message: impl Into<String>) {
        self.errors.borrow_mut().push((span.start, message.into()));
    }

    /// Something that is unwise at a place.
    pub fn warn(&self, span: &Range<usize>, message: impl Into<String>) {
        self.warnings.borrow_mut().push((span.start, message.into()));
    }

    /// `line 12`, for messages that point at a second place.
    pub fn line_of(&self, span: &Range<usize>) -> String {
        format!("line {}", line_of(self.text, span.start))
    }

    /// The word of `known` that `word` was most likely meant to be.
    pub fn nearest<'w>(&self, word: &str, known: &[&'w str]) -> Option<&'w str> {
        did_you_mean::nearest(word, known, self.synonyms)
    }

    /// `; did you mean …?`, or nothing.
    pub fn did_you_mean(&self, word: &str, known: &[&str]) -> String {
        did_you_mean::hint(word, known, self.synonyms)
    }

    /// The warnings, or, if there is one at least, the errors.
    pub fn finish(self) -> Result<Vec<Diagnostic>, Vec<Diagnostic>> {
        let placed = |mut found: Vec<(usize, String)>| -> Vec<Diagnostic> {
            found.sort_by_key(|(offset, _)| *offset);
            found.into_iter().map(|(offset, message)| Diagnostic::at(self.file, self.text, offset, message)).collect()
        };
        match placed(self.errors.take()) {
            errors if errors.is_empty() => Ok(placed(self.warnings.take())),
            errors => Err(errors),
        }
    }
}

/// The line of a byte, from 1.
pub fn line_of(text: &str, offset: usize) -> usize {
    position(text, offset).0
}

fn clean(message: impl AsRef<str>) -> String {
    text::clipped(message.as_ref(), LONGEST).into_owned()
}

/// Line and column of a byte, from 1; the column counts characters, and a mark of the order of bytes is none.
fn position(text: &str, offset: usize) -> (usize, usize) {
    let end = (0..=offset.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    let before = &text[..end];
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let before_it = before[start..].trim_start_matches('\u{feff}');
    (before.matches('\n').count() + 1, before_it.chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, offset: usize, expected: &str) {
        assert_eq!(Diagnostic::at(Path::new("a.toml"), text, offset, "x\x1b[2J").to_string(), expected);
    }

    #[test]
    fn places_are_counted_from_one_in_characters() {
        check("", 0, "a.toml:1:1: x[2J");
        check("a = 1\nb = 2", 6, "a.toml:2:1: x[2J");
        check("ä = 1\nüb = 2", 10, "a.toml:2:3: x[2J");
        check("a", 99, "a.toml:1:2: x[2J");
        check("\u{feff}a = 1", 3, "a.toml:1:1: x[2J");
    }
}
