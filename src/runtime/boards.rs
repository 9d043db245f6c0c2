//! Board files on disk: read whole or not at all, written whole or not at all, never by the thread that reads
//! keys. Those named on the command line are read here too, so that both say the same of a file that cannot be used.

use std::path::{Path, PathBuf};

use crate::{
    app::BoardNotSaved,
    base::text,
    failure::Failure,
    files::{self, CannotRead},
    incident::board::file::BoardFile,
};

/// The largest board file that is read, in bytes: some 300,000 cells.
const LARGEST: u64 = 4 << 20;

/// Reads a board file; the error may be of many lines, one a mistake.
pub fn read(path: &Path) -> Result<BoardFile, Failure> {
    let name = path.display().to_string();
    let bytes = files::read(path, LARGEST).map_err(|why| match why {
        CannotRead::TooLarge(_) => {
            Failure::Failed(format!("the board {name} is larger than {} MiB; is it a board?", LARGEST >> 20))
        }
        why => Failure::Failed(format!("cannot read the board {name}: {why}")),
    })?;
    BoardFile::parse_bytes(&bytes, &name).map_err(|mistakes| Failure::Mistakes(mistakes.to_string()))
}

/// Reads a board file that was named on the screen. The error is one line: what, where, what to do.
pub fn load(path: &str) -> Result<BoardFile, String> {
    let place = expanded(path);
    if !place.exists() {
        return Err(not_there(path, &place));
    }
    read(&place).map_err(|failure| match failure {
        Failure::Failed(message) | Failure::Mistakes(message) | Failure::Usage(message) => first_line(&message, path),
        Failure::Config(_) | Failure::Said => format!("cannot read the board {path}"),
    })
}

/// Writes a board file; over one that is there only if `replace` says so.
pub fn save(path: &str, text: &str, replace: bool) -> Result<(), BoardNotSaved> {
    let place = expanded(path);
    let failed = |error: files::FileError| BoardNotSaved::Failed(format!("cannot write the board {error}"));
    if place.is_dir() {
        return Err(BoardNotSaved::Failed(format!("cannot write the board {path}: it is a folder")));
    }
    if let Some(folder) = place.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.exists()) {
        let folder = folder.display();
        return Err(BoardNotSaved::Failed(format!("cannot write the board {path}: there is no folder {folder}")));
    }
    if replace {
        return files::replace(&place, text).map_err(failed);
    }
    match files::fresh(&place, text).map_err(failed)? {
        true => Ok(()),
        false => Err(BoardNotSaved::Taken),
    }
}

/// Who named a file that is not there has often another folder in mind.
fn not_there(path: &str, place: &Path) -> String {
    let here = std::env::current_dir().ok().filter(|_| place.is_relative());
    let from = here.map_or_else(String::new, |here| format!("; names begin at {}", here.display()));
    format!("cannot read the board {path}: there is no such file{from}")
}

/// The first of several mistakes, and how many there are; a line of the screen holds no more.
fn first_line(mistakes: &str, path: &str) -> String {
    let mut lines = mistakes.lines();
    let first = text::line(lines.next().unwrap_or_default());
    match lines.count() {
        0 => first.into_owned(),
        more => format!("{first} (and {more} more: `stanch rank {path}` lists them)"),
    }
}

/// A shell would have done this.
fn expanded(path: &str) -> PathBuf {
    let home = path.strip_prefix("~/").and_then(|rest| Some(std::env::home_dir()?.join(rest)));
    home.unwrap_or_else(|| Path::new(path).to_owned())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::disallowed_methods, reason = "a test makes the files that are read")]

    use std::fs;

    use super::*;

    const BOARD: &str =
        "[[observation]]\nid = \"s1\"\ntext = \"5xx\"\n[[hypothesis]]\nid = \"h1\"\ntext = \"deploy\"\n";

    fn folder() -> (tempfile::TempDir, String) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("b.toml").display().to_string();
        (folder, path)
    }

    #[test]
    fn what_was_saved_is_loaded_and_not_overwritten_unasked() {
        let (folder, path) = folder();
        assert_eq!(save(&path, BOARD, false), Ok(()));
        assert_eq!(load(&path).expect("a board").board.hypotheses[0].text, "deploy");
        assert_eq!(save(&path, "title = \"other\"", false), Err(BoardNotSaved::Taken));
        assert_eq!(fs::read_to_string(&path).expect("text"), BOARD);
        assert_eq!(save(&path, "title = \"other\"", true), Ok(()));
        assert_eq!(load(&path).expect("a board").title, "other");
        assert_eq!(fs::read_dir(folder.path()).expect("entries").count(), 1, "nothing is left behind");
    }

    #[test]
    fn what_cannot_be_read_or_written_is_named_in_one_line() {
        #[track_caller]
        fn check(error: String, expected: &str) {
            assert!(error.starts_with(expected) && !error.contains('\n'), "{error}");
        }
        let (folder, path) = folder();
        let load = |path: &str| load(path).expect_err(path);
        check(load(&path), &format!("cannot read the board {path}: there is no such file"));
        check(load("gone.toml"), "cannot read the board gone.toml: there is no such file; names begin at /");
        let here = folder.path().display().to_string();
        check(load(&here), &format!("cannot read the board {here}: it is a folder"));
        fs::write(&path, [0xff, 0xfe]).expect("written");
        check(load(&path), &format!("{path}:1:1: this is text in UTF-16; save it as UTF-8"));
        fs::write(&path, BOARD.replace("h1", "other") + "cells = { s1 = \"%\", s2 = \"#\" }").expect("written");
        check(load(&path), &format!("{path}:5:6: expected an id other than `other`"));
        assert!(load(&path).ends_with(&format!("(and 2 more: `stanch rank {path}` lists them)")));
        fs::write(&path, "#".repeat(5 << 20)).expect("written");
        check(load(&path), &format!("the board {path} is larger than 4 MiB; is it a board?"));
        check(load("/dev/zero"), "cannot read the board /dev/zero: it is a pipe or a device");
        let Err(BoardNotSaved::Failed(error)) = save("/no/such/folder/b.toml", "", false) else { panic!("written") };
        check(error, "cannot write the board /no/such/folder/b.toml: there is no folder /no/such/folder");
        let Err(BoardNotSaved::Failed(error)) = save(&here, "", true) else { panic!("written") };
        check(error, &format!("cannot write the board {here}: it is a folder"));
    }
}
