//! Files a person asked for (notes, boards, configurations): written whole or not at all, and never over another one
//! that they did not name; read without waiting, and no more of them than is wanted. Knows nothing of what is in them;
//! the journal has its own way, which appends.
#![cfg_attr(test, expect(clippy::disallowed_methods, reason = "tests look at files in their own way"))]

mod read;
pub mod trust;

use std::{
    fmt,
    fs::{self, File, OpenOptions, Permissions},
    io::{self, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, fchown},
    path::{Path, PathBuf},
};

pub use read::{CannotRead, open, read, read_text};
use rustix::{
    fs::{OFlags, fcntl_setfl},
    io::Errno,
};

/// Who may read and write a file that was made, unless the umask takes some of it away.
const FOR_ALL: u32 = 0o666;

/// Who may read and write a file that is nobody else's.
const FOR_OWNER: u32 = 0o600;

/// How often another name is tried for a file that is not in its place yet.
const MOST_NAMES: usize = 100;

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
    beside_for(FOR_ALL, folder, stem, extension, text)
}

/// As [`beside`] does, for no other user of the machine to read.
pub fn private_beside(folder: &Path, stem: &str, extension: &str, text: &str) -> Result<PathBuf, FileError> {
    beside_for(FOR_OWNER, folder, stem, extension, text)
}

fn beside_for(mode: u32, folder: &Path, stem: &str, extension: &str, text: &str) -> Result<PathBuf, FileError> {
    let fail = |path: &Path| {
        let path = path.to_owned();
        move |error| FileError { path, error }
    };
    if !folder.as_os_str().is_empty() {
        fs::create_dir_all(folder).map_err(fail(folder))?;
    }
    let first = folder.join(format!("{stem}.{extension}"));
    let whole = Unplaced::new(&first, mode).and_then(|file| file.filled(text)).map_err(fail(&first))?;
    for n in 1.. {
        let path = if n == 1 { first.clone() } else { folder.join(format!("{stem}-{n}.{extension}")) };
        // A rename would replace what came there in the meantime; a link does not.
        match fs::hard_link(&whole.path, &path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Ok(()) => return Ok(path),
            // Some file systems have no links.
            Err(_) if path.symlink_metadata().is_ok() => {}
            Err(_) => return whole.move_to(&path).map(|()| path.clone()).map_err(fail(&path)),
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
    let whole = Unplaced::new(path, FOR_ALL).and_then(|file| file.filled(text)).map_err(fail)?;
    match fs::hard_link(&whole.path, path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        // Some file systems have no links.
        Err(_) => whole.move_to(path).map(|()| true).map_err(fail),
    }
}

/// Writes `text` to `path`, in place of what is there, for those who may read and write that. A device or a pipe is
/// written to, not replaced.
pub fn replace(path: &Path, text: &str) -> Result<(), FileError> {
    let fail = |error| FileError { path: path.to_owned(), error };
    // Through a link, so that the link stays one.
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let old = target.metadata().ok();
    if old.as_ref().is_some_and(|old| !old.is_file()) {
        return write_through(&target, text).map_err(fail);
    }
    let whole = Unplaced::new(&target, if old.is_some() { FOR_OWNER } else { FOR_ALL });
    let whole = whole.and_then(|file| if let Some(old) = &old { file.like(old) } else { Ok(file) });
    whole.and_then(|file| file.filled(text)?.move_to(&target)).map_err(fail)
}

/// Writes into what is no file: a device, or a pipe that somebody reads; nobody is waited for.
fn write_through(target: &Path, text: &str) -> io::Result<()> {
    let flags = (OFlags::NONBLOCK | OFlags::NOCTTY).bits().cast_signed();
    let opened = OpenOptions::new().write(true).custom_flags(flags).open(target);
    let mut file = opened.map_err(|error| match error.raw_os_error() == Some(Errno::NXIO.raw_os_error()) {
        true => io::Error::other("it is a pipe that nobody reads"),
        false => error,
    })?;
    fcntl_setfl(&file, OFlags::empty())?;
    file.write_all(text.as_bytes())
}

/// A file that is not in its place yet; removed when it is not wanted any more.
struct Unplaced {
    path: PathBuf,
    file: File,
}

impl Drop for Unplaced {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

impl Unplaced {
    /// Makes one in the folder of `path`, empty, under a name that nothing else there has.
    fn new(path: &Path, mode: u32) -> io::Result<Self> {
        let names = std::iter::repeat_with(|| format!(".stanch-{}", uuid::Uuid::now_v7().simple())).take(MOST_NAMES);
        Self::named(path, mode, names)
    }

    /// Under the first of these names that is free. What has one of them already is someone else's, and stays.
    fn named(path: &Path, mode: u32, names: impl Iterator<Item = String>) -> io::Result<Self> {
        let mut taken = io::Error::from(io::ErrorKind::AlreadyExists);
        for name in names {
            let path = path.with_file_name(name);
            match OpenOptions::new().write(true).create_new(true).mode(mode).open(&path) {
                Ok(file) => return Ok(Self { path, file }),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => taken = error,
                Err(error) => return Err(error),
            }
        }
        Err(taken)
    }

    /// For those who may read and write the file it is to replace. Whoever cannot give it the group of that gives the
    /// group no more than all others have.
    fn like(self, old: &fs::Metadata) -> io::Result<Self> {
        let mut mode = old.mode() & 0o777;
        let new = self.file.metadata()?;
        if new.gid() != old.gid() && fchown(&self.file, None, Some(old.gid())).is_err() {
            mode &= !0o070 | (mode & 0o007) << 3;
        }
        if new.uid() != old.uid() {
            // Only the system's user may.
            let _ = fchown(&self.file, Some(old.uid()), None);
        }
        self.file.set_permissions(Permissions::from_mode(mode))?;
        Ok(self)
    }

    /// Writes `text` into it, and puts it on disk.
    fn filled(mut self, text: &str) -> io::Result<Self> {
        self.file.write_all(text.as_bytes())?;
        self.file.sync_all()?;
        Ok(self)
    }

    /// Puts it in the place of what may be at `path`.
    fn move_to(&self, path: &Path) -> io::Result<()> {
        fs::rename(&self.path, path)
    }
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

    fn mode(path: &Path) -> u32 {
        path.metadata().expect("a file").mode() & 0o777
    }

    #[test]
    fn what_replaces_a_file_is_for_those_who_had_that() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("x.md");
        for expected in [0o600, 0o640, 0o444, 0o666] {
            fs::write(&path, "old").expect("written");
            fs::set_permissions(&path, Permissions::from_mode(expected)).expect("set");
            replace(&path, "new").expect("written");
            assert_eq!((fs::read_to_string(&path).expect("text").as_str(), mode(&path)), ("new", expected));
            fs::remove_file(&path).expect("removed");
        }
        // Only who may do anything can give a file away.
        if rustix::process::geteuid().is_root() {
            fs::write(&path, "old").expect("written");
            std::os::unix::fs::chown(&path, Some(12345), Some(54321)).expect("given away");
            replace(&path, "new").expect("written");
            let new = path.metadata().expect("a file");
            assert_eq!((new.uid(), new.gid()), (12345, 54321));
        }
    }

    #[test]
    fn a_new_file_is_as_any_other_unless_it_is_private() {
        let folder = tempfile::tempdir().expect("a folder");
        let plain = folder.path().join("plain");
        fs::write(&plain, "").expect("written");
        let new = folder.path().join("new");
        replace(&new, "").expect("written");
        assert_eq!(mode(&new), mode(&plain));
        assert_eq!(mode(&beside(folder.path(), "x", "md", "").expect("written")), mode(&plain));
        assert_eq!(mode(&private_beside(folder.path(), "x", "md", "").expect("written")), 0o600);
    }

    #[test]
    fn what_a_crash_left_behind_is_in_nobodys_way_and_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("x.md");
        let left = format!(".x.md.{}", std::process::id());
        fs::write(folder.path().join(&left), "left").expect("written");
        beside(folder.path(), "x", "md", "new").expect("written");
        assert_eq!(names(folder.path()), [left.as_str(), "x.md"]);
        let tried = || [left.clone(), "free".into(), "never".into()].into_iter();
        let made = Unplaced::named(&path, FOR_OWNER, tried()).expect("a file");
        assert_eq!(names(folder.path()), [left.as_str(), "free", "x.md"]);
        drop(made);
        assert!(Unplaced::named(&path, FOR_OWNER, tried().take(1)).is_err());
        assert_eq!(names(folder.path()), [left.as_str(), "x.md"]);
        assert_eq!(fs::read_to_string(folder.path().join(&left)).expect("text"), "left");
    }

    #[test]
    fn a_name_may_be_as_long_as_the_system_takes() {
        let folder = tempfile::tempdir().expect("a folder");
        let name = "x".repeat(252);
        beside(folder.path(), &name, "md", "new").expect("written");
        assert_eq!(names(folder.path()), [format!("{name}.md")]);
    }

    #[test]
    fn a_folder_that_cannot_be_written_to_is_named() {
        let error = replace(Path::new("/no/such/folder/x.md"), "").expect_err("an error");
        assert!(error.to_string().starts_with("/no/such/folder/x.md: "), "{error}");
    }
}
