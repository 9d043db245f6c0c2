//! Writes the notes that are left when the cockpit ends; what is in them is the incident's to say.
//!
//! Of an incident there is one file that grows: whoever leaves it once more gets it written anew, unless somebody has
//! changed it meanwhile. What was written is remembered beside the journal, by its length and its checksum: of each folder
//! its file, since one who goes from folder to folder and back wants the file that grows there.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::shutdown::Watchdog;
use crate::{app::App, failure::Failure, files, incident::report};

/// The file beside the journal that remembers them.
pub const REMEMBERED: &str = "notes.json";

/// Folders remembered, those last written to first.
const FOLDERS: usize = 64;

/// Larger files are nobody's notes.
const LARGEST: u64 = 64 << 20;

/// Why there is no file with the notes.
pub enum Unwritten {
    /// It was refused.
    Refused(Failure),
    /// The disk is still at it. These are the notes.
    Hangs(String),
}

/// Notes as they were written.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Remembered {
    path: PathBuf,
    bytes: usize,
    crc32c: u32,
}

/// Writes `<id>.md` into the folder for notes, over what a cockpit wrote there before and never over another file; where
/// it is.
pub fn write(app: &App, remembered: PathBuf, watchdog: &Watchdog) -> Result<PathBuf, Unwritten> {
    let (folder, id) = (app.session.config.notes.clone().unwrap_or_default(), app.session.id.clone());
    let text = report::markdown(&app.incident);
    let whole = text.clone();
    let written = watchdog.write(move || place(&folder, &id, &whole, &remembered));
    written.ok_or(Unwritten::Hangs(text))?.map_err(|error| {
        let id = &app.session.id;
        let elsewhere = format!("`stanch export {id} -o FILE` writes them elsewhere");
        Unwritten::Refused(Failure::Failed(format!("cannot write the notes: {error}; {elsewhere}")))
    })
}

fn place(folder: &Path, id: &str, text: &str, remembered: &Path) -> Result<PathBuf, files::FileError> {
    let mut all = Remembered::read(remembered);
    let before = all.iter().position(|before| before.is_in(folder)).map(|at| all.remove(at));
    let path = match before.filter(Remembered::is_untouched) {
        Some(before) => files::replace(&before.path, text).map(|()| before.path)?,
        None => files::beside(folder, id, "md", text)?,
    };
    // Without it the next notes get a number.
    let _ = Remembered::of(&path, text).map(|now| {
        all.insert(0, now);
        all.truncate(FOLDERS);
        Remembered::write(&all, remembered)
    });
    Ok(path)
}

/// The file as it is written, and as it was when it knew one folder.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Each(Vec<Remembered>),
    One(Remembered),
}

impl Remembered {
    fn of(path: &Path, text: &str) -> Option<Self> {
        let path = std::path::absolute(path).ok()?;
        Some(Self { path, bytes: text.len(), crc32c: crc32c::crc32c(text.as_bytes()) })
    }

    fn read(from: &Path) -> Vec<Self> {
        let text = files::read_text(from, LARGEST).unwrap_or_default();
        match serde_json::from_str(&text) {
            Ok(Written::Each(all)) => all,
            Ok(Written::One(one)) => vec![one],
            Err(_) => Vec::new(),
        }
    }

    fn write(all: &[Self], to: &Path) -> Option<()> {
        files::replace(to, &(serde_json::to_string(all).ok()? + "\n")).ok()
    }

    fn is_in(&self, folder: &Path) -> bool {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let same = |a: &Path, b: &Path| Some(a.canonicalize().ok()? == b.canonicalize().ok()?);
        self.path.parent().and_then(|parent| same(parent, folder)).unwrap_or(false)
    }

    fn is_untouched(&self) -> bool {
        let is_it = |text: &String| Self::of(&self.path, text).is_some_and(|now| now == *self);
        files::read_text(&self.path, LARGEST).is_ok_and(|text| is_it(&text))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::disallowed_methods, reason = "a test looks at the files that were written")]

    use std::fs;

    use super::*;

    #[test]
    fn notes_grow_in_one_file_until_somebody_changes_it() {
        let machine = tempfile::tempdir().expect("a folder");
        let (folder, remembered) = (machine.path().join("notes"), machine.path().join(REMEMBERED));
        let write = |text: &str| {
            let path = place(&folder, "one", text, &remembered).expect("written");
            assert_eq!(fs::read_to_string(&path).expect("notes"), text);
            path.file_name().expect("a name").to_string_lossy().into_owned()
        };
        assert_eq!(write("first"), "one.md");
        assert_eq!(write("first and second"), "one.md");
        fs::write(folder.join("one.md"), "mine").expect("written");
        assert_eq!(write("third"), "one-2.md");
        assert_eq!(write("fourth"), "one-2.md");
        assert_eq!(fs::read_to_string(folder.join("one.md")).expect("notes"), "mine");
        // What was taken away is not missed, and what nobody remembers is nobody's.
        fs::remove_file(folder.join("one-2.md")).expect("removed");
        assert_eq!(write("fifth"), "one-2.md");
        fs::remove_file(&remembered).expect("removed");
        assert_eq!(write("sixth"), "one-3.md");
        // Another folder has a file of its own.
        let path = place(&machine.path().join("other"), "one", "seventh", &remembered).expect("written");
        assert!(path.ends_with("other/one.md"), "{path:?}");
    }
    #[test]
    fn each_folder_has_its_file_that_grows() {
        let machine = tempfile::tempdir().expect("a folder");
        let remembered = machine.path().join(REMEMBERED);
        let write = |folder: &str, text: &str| {
            let path = place(&machine.path().join(folder), "one", text, &remembered).expect("written");
            assert_eq!(fs::read_to_string(&path).expect("notes"), text);
            path.strip_prefix(machine.path()).expect("below").display().to_string()
        };
        assert_eq!(write("x", "first"), "x/one.md");
        // As it was remembered when there was room for one.
        let text = fs::read_to_string(&remembered).expect("remembered");
        fs::write(&remembered, text.trim().trim_matches(['[', ']'])).expect("written");
        assert_eq!(write("x", "second"), "x/one.md");
        assert_eq!(write("y", "third"), "y/one.md");
        assert_eq!(write("x", "fourth"), "x/one.md");
        assert_eq!(write("y", "fifth"), "y/one.md");
        // One more folder than are remembered.
        (0..FOLDERS).for_each(|n| assert_eq!(write(&format!("z{n}"), "sixth"), format!("z{n}/one.md")));
        assert_eq!(write("y", "seventh"), "y/one-2.md");
        assert_eq!(write("y", "eighth"), "y/one-2.md");
        let all = Remembered::read(&remembered);
        assert_eq!((all.len(), all.iter().filter(|one| one.path.ends_with("y/one-2.md")).count()), (FOLDERS, 1));
    }
}
