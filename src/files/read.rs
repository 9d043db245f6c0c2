//! Reads a file that an option, a variable or a configuration names: an ordinary one, and never more of it than is wanted.
//!
//! A pipe would be waited for, a device may never end, and a file may grow while it is read: what is opened is looked at
//! before and after, without waiting, and the length it says it has is not believed.

use std::{
    fmt,
    fs::{self, File, Metadata, OpenOptions},
    io::{self, ErrorKind, Read},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use rustix::fs::OFlags;

/// Why a file is not read, in words that read after its name and a colon.
#[derive(Debug)]
pub enum CannotRead {
    /// There is nothing of this name.
    Missing,
    /// It belongs to someone who lets nobody else read it.
    Denied,
    /// It is a folder.
    Folder,
    /// It is a pipe, a socket or a device.
    NotOrdinary,
    /// It is larger than this, in bytes.
    TooLarge(u64),
    /// The system says something else.
    Io(io::Error),
}

impl fmt::Display for CannotRead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("it does not exist"),
            Self::Denied => f.write_str("it may not be read"),
            Self::Folder => f.write_str("it is a folder"),
            Self::NotOrdinary => f.write_str("it is a pipe or a device; expected an ordinary file"),
            Self::TooLarge(max) if *max < 1 << 20 => write!(f, "it is larger than {} KiB", max >> 10),
            Self::TooLarge(max) => write!(f, "it is larger than {} MiB", max >> 20),
            Self::Io(error) => error.fmt(f),
        }
    }
}

impl From<io::Error> for CannotRead {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            ErrorKind::NotFound => Self::Missing,
            ErrorKind::PermissionDenied => Self::Denied,
            ErrorKind::IsADirectory => Self::Folder,
            _ => Self::Io(error),
        }
    }
}

impl From<CannotRead> for io::Error {
    fn from(error: CannotRead) -> Self {
        match error {
            CannotRead::Io(error) => error,
            other => Self::other(other.to_string()),
        }
    }
}

/// Opens an ordinary file.
pub fn open(path: &Path) -> Result<File, CannotRead> {
    // To open a pipe or a device may do something to it already.
    check(&fs::metadata(path)?)?;
    // Another one may lie there by now.
    let flags = (OFlags::NONBLOCK | OFlags::NOCTTY).bits().cast_signed();
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path)?;
    check(&file.metadata()?)?;
    Ok(file)
}

/// All that an ordinary file holds, if that is at most `max` bytes.
pub fn read(path: &Path, max: u64) -> Result<Vec<u8>, CannotRead> {
    let mut bytes = Vec::new();
    open(path)?.take(max.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > max { Err(CannotRead::TooLarge(max)) } else { Ok(bytes) }
}

/// All that an ordinary file holds, if that is text and at most `max` bytes.
pub fn read_text(path: &Path, max: u64) -> Result<String, CannotRead> {
    let no_text = |_| CannotRead::Io(io::Error::new(ErrorKind::InvalidData, "it is no text in UTF-8"));
    String::from_utf8(read(path, max)?).map_err(no_text)
}

fn check(metadata: &Metadata) -> Result<(), CannotRead> {
    match metadata {
        folder if folder.is_dir() => Err(CannotRead::Folder),
        other if !other.is_file() => Err(CannotRead::NotOrdinary),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::disallowed_methods, reason = "a test makes the files that are read")]

    use std::process::Command;

    use super::*;

    #[track_caller]
    fn check(path: &Path, max: u64, expected: &str) {
        assert_eq!(read(path, max).expect_err("an error").to_string(), expected, "{}", path.display());
    }

    #[test]
    fn what_is_no_ordinary_file_is_not_waited_for() {
        let folder = tempfile::tempdir().expect("a folder");
        let pipe = folder.path().join("pipe");
        assert!(Command::new("mkfifo").arg(&pipe).status().expect("it runs").success());
        check(&pipe, 10, "it is a pipe or a device; expected an ordinary file");
        check(Path::new("/dev/zero"), 10, "it is a pipe or a device; expected an ordinary file");
        check(folder.path(), 10, "it is a folder");
        check(&folder.path().join("gone"), 10, "it does not exist");
    }

    #[test]
    fn no_more_is_read_than_is_wanted() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("file");
        fs::write(&path, "12345").expect("written");
        assert_eq!(read(&path, 5).expect("all of it"), b"12345");
        assert_eq!(read_text(&path, 5).expect("all of it"), "12345");
        check(&path, 4, "it is larger than 0 KiB");
        fs::write(&path, b"\xff").expect("written");
        assert_eq!(read_text(&path, 5).expect_err("no text").to_string(), "it is no text in UTF-8");
        // It says that it is empty.
        #[cfg(target_os = "linux")]
        check(Path::new("/proc/self/smaps"), 1 << 10, "it is larger than 1 KiB");
    }
}
