//! Files a person asked for (notes, boards, configurations): written whole or not at all, and never over another one
//! that they did not name. Knows nothing of what is in them; the journal has its own way, which appends.
#![expect(clippy::disallowed_methods, reason = "writing notes and configurations is what this file is for")]

use std::{
    fmt,
    fs::{self, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

/// A file that could not be written.
#[derive(Debug, thiserror::Error)]
pub struct FileError {
    path: PathBuf,
    error: io::Error,
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.error)
    }
}

/// Writes `text` to a new file `<folder>/<stem>.<extension>`, or `<stem>-2.<extension>` and so on, and answers its path.
/// The folder is made if need be.
pub fn beside(folder: &Path, stem: &str, extension: &str, text: &str) -> Result<PathBuf, FileError> {
    let fail = |path: &Path| {
        let path = path.to_owned();
        move |error| FileError { path, error }
    };
    if !folder.as_os_str().is_empty() {
        fs::create_dir_all(folder).map_err(fail(folder))?;
    }
    let first = folder.join(format!("{stem}.{extension}"));
    let whole = written(&first, text).map_err(fail(&first))?;
    for n in 1.. {
        let path = if n == 1 { first.clone() } else { folder.join(format!("{stem}-{n}.{extension}")) };
        // A rename would replace what came there in the meantime; a link does not.
        match fs::hard_link(&whole.0, &path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Ok(()) => return Ok(path),
            // Some file systems have no links.
            Err(_) if path.symlink_metadata().is_ok() => {}
            Err(_) => return fs::rename(&whole.0, &path).map(|()| path.clone()).map_err(fail(&path)),
        }
    }
    Ok(first)
}

/// Writes `text` to `path` unless something is there; whether it did.
pub fn fresh(path: &Path, text: &str) -> Result<bool, FileError> {
    let fail = |error| FileError { path: path.to_owned(), error };
    if path.symlink_metadata().is_ok() {
        return Ok(false);
    }
    let whole = written(path, text).map_err(fail)?;
    match fs::hard_link(&whole.0, path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        // Some file systems have no links.
        Err(_) => fs::rename(&whole.0, path).map(|()| true).map_err(fail),
    }
}

/// Writes `text` to `path`, in place of what is there. A device or a pipe is written to, not replaced.
pub fn replace(path: &Path, text: &str) -> Result<(), FileError> {
    let fail = |error| FileError { path: path.to_owned(), error };
    // Through a link, so that the link stays one.
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    if target.metadata().is_ok_and(|metadata| !metadata.is_file()) {
        return fs::write(&target, text).map_err(fail);
    }
    let whole = written(&target, text).map_err(fail)?;
    fs::rename(&whole.0, &target).map_err(fail)
}

/// A file that is not in its place yet; removed when it is not wanted any more.
struct Written(PathBuf);

impl Drop for Written {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// Writes a file beside `path` and puts it on disk.
fn written(path: &Path, text: &str) -> io::Result<Written> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let whole = Written(path.with_file_name(format!(".{name}.{}", std::process::id())));
    let mut file = OpenOptions::new().write(true).create_new(true).open(&whole.0)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    Ok(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("a folder");
        let mut names: Vec<_> =
            entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_taken_name_gets_a_number_and_nothing_is_left_behind() {
        let folder = tempfile::tempdir().expect("a folder");
        let notes = folder.path().join("deep/notes");
        for n in 1..=3 {
            beside(&notes, "x", "md", &format!("text {n}")).expect("written");
        }
        assert_eq!(names(&notes), ["x-2.md", "x-3.md", "x.md"]);
        assert_eq!(fs::read_to_string(notes.join("x.md")).expect("the first"), "text 1");
        assert_eq!(fs::read_to_string(notes.join("x-3.md")).expect("the third"), "text 3");
    }

    #[test]
    fn a_link_stays_a_link() {
        let folder = tempfile::tempdir().expect("a folder");
        let (target, link) = (folder.path().join("target"), folder.path().join("link"));
        fs::write(&target, "old").expect("written");
        std::os::unix::fs::symlink(&target, &link).expect("a link");
        replace(&link, "new").expect("written");
        assert_eq!(fs::read_to_string(&target).expect("the target"), "new");
        assert!(link.symlink_metadata().expect("the link").is_symlink());
        assert_eq!(names(folder.path()), ["link", "target"]);
    }

    #[test]
    fn a_folder_that_cannot_be_written_to_is_named() {
        let error = replace(Path::new("/no/such/folder/x.md"), "").expect_err("an error");
        assert!(error.to_string().starts_with("/no/such/folder/x.md: "), "{error}");
    }
}
