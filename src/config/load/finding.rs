//! What is wrong with a configuration, and where: `FILE:LINE:COL: message`.
//!
//! All findings of a file are gathered and reported together, in the order of the file. Messages are scrubbed here,
//! because they quote what stands in the file; they must never quote a secret.

use std::{
    cell::RefCell,
    fmt,
    ops::Range,
    path::{Path, PathBuf},
};

use crate::base::text;

/// Something about a place in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The file.
    pub file: PathBuf,
    /// Line and column, from 1, the column in characters; `None` when the file as a whole is meant.
    pub at: Option<(usize, usize)>,
    /// What was found, what was expected.
    pub message: String,
}

impl Finding {
    /// Something about a file as a whole.
    pub fn whole(file: &Path, message: impl AsRef<str>) -> Self {
        Self { file: file.to_owned(), at: None, message: clean(message) }
    }

    /// Something about the byte `offset` of `text`, which is what the file holds.
    pub fn at(file: &Path, text: &str, offset: usize, message: impl AsRef<str>) -> Self {
        Self { file: file.to_owned(), at: Some(position(text, offset)), message: clean(message) }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&text::line(&self.file.to_string_lossy()))?;
        if let Some((line, column)) = self.at {
            write!(f, ":{line}:{column}")?;
        }
        write!(f, ": {}", self.message)
    }
}

/// Something that is not wrong but unwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning(pub Finding);

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Finding { file, at, message } = &self.0;
        let message = format!("warning: {message}");
        Finding { file: file.clone(), at: *at, message }.fmt(f)
    }
}

/// Why a configuration cannot be used: at least one finding, one a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigErrors(pub Vec<Finding>);

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, finding) in self.0.iter().enumerate() {
            if n > 0 {
                f.write_str("\n")?;
            }
            finding.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigErrors {}

/// Gathers findings while a file is read. Shared by reference, so that every part of the reader can report.
pub(super) struct Findings<'a> {
    file: &'a Path,
    text: &'a str,
    errors: RefCell<Vec<(usize, String)>>,
    warnings: RefCell<Vec<(usize, String)>>,
}

impl<'a> Findings<'a> {
    pub fn new(file: &'a Path, text: &'a str) -> Self {
        Self { file, text, errors: RefCell::default(), warnings: RefCell::default() }
    }

    pub fn error(&self, span: &Range<usize>, message: impl Into<String>) {
        self.errors.borrow_mut().push((span.start, message.into()));
    }

    pub fn warn(&self, span: &Range<usize>, message: impl Into<String>) {
        self.warnings.borrow_mut().push((span.start, message.into()));
    }

    /// `line 12`, for messages that point at a second place.
    pub fn line_of(&self, span: &Range<usize>) -> String {
        format!("line {}", position(self.text, span.start).0)
    }

    /// The warnings, if there was no error.
    pub fn finish(self) -> Result<Vec<Warning>, ConfigErrors> {
        let placed = |mut found: Vec<(usize, String)>| -> Vec<Finding> {
            found.sort_by_key(|(offset, _)| *offset);
            found.into_iter().map(|(offset, message)| Finding::at(self.file, self.text, offset, message)).collect()
        };
        match placed(self.errors.take()) {
            errors if errors.is_empty() => Ok(placed(self.warnings.take()).into_iter().map(Warning).collect()),
            errors => Err(ConfigErrors(errors)),
        }
    }
}

fn clean(message: impl AsRef<str>) -> String {
    text::clipped(message.as_ref(), 600).into_owned()
}

/// Line and column of a byte, from 1; the column counts characters.
fn position(text: &str, offset: usize) -> (usize, usize) {
    let end = (0..=offset.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    let before = &text[..end];
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (before.matches('\n').count() + 1, before[start..].chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, offset: usize, expected: &str) {
        assert_eq!(Finding::at(Path::new("a.toml"), text, offset, "x\x1b[2J").to_string(), expected);
    }

    #[test]
    fn places_are_counted_from_one_in_characters() {
        check("", 0, "a.toml:1:1: x[2J");
        check("a = 1\nb = 2", 6, "a.toml:2:1: x[2J");
        check("ä = 1\nüb = 2", 10, "a.toml:2:3: x[2J");
        check("a", 99, "a.toml:1:2: x[2J");
    }
}
