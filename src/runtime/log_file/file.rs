//! The file itself: readable by its owner alone, never larger than its cap, and never one that was something else.

use std::{
    fmt,
    fs::{self, File, OpenOptions, Permissions},
    io::{self, Read, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use jiff::Timestamp;

use crate::files;

/// Why there can be no log.
#[derive(Debug, thiserror::Error)]
pub struct CannotLog {
    path: PathBuf,
    error: io::Error,
}

impl CannotLog {
    pub(super) fn new(path: &Path, error: io::Error) -> Self {
        Self { path: path.to_owned(), error }
    }
}

impl fmt::Display for CannotLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot write the log {}: {}", self.path.display(), self.error)
    }
}

/// An open log. Several cockpits may write one.
#[derive(Debug)]
pub struct LogFile {
    path: PathBuf,
    file: File,
    max: u64,
}

impl LogFile {
    /// Opens or makes it. What is there and is no log is left alone.
    pub fn open(path: &Path, max: u64) -> Result<Self, CannotLog> {
        let fail = |error| CannotLog::new(path, error);
        // Through a link, so that the link stays one when the file is moved aside.
        let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let file = opened(&target).map_err(fail)?;
        Ok(Self { path: target, file, max })
    }

    /// Writes a line in one piece, and moves the file aside before it grows too large.
    pub fn append(&mut self, line: &str) -> io::Result<()> {
        if !self.is_in_its_place() {
            self.file = opened(&self.path)?;
        }
        if self.file.metadata()?.len() + line.len() as u64 > self.max {
            let aside = aside(&self.path);
            // What is there under that name and is no log is not ours to replace.
            let is_free = fs::symlink_metadata(&aside).is_err() || is_log(&aside).unwrap_or(false);
            if !is_free || fs::rename(&self.path, &aside).is_err() {
                self.file.set_len(0)?;
            } else {
                self.file = opened(&self.path)?;
            }
        }
        self.file.write_all(line.as_bytes())
    }

    /// Another cockpit, or whatever tidies up logs, may have moved it aside.
    fn is_in_its_place(&self) -> bool {
        let place = |metadata: fs::Metadata| (metadata.dev(), metadata.ino());
        let (there, ours) = (fs::metadata(&self.path).map(place), self.file.metadata().map(place));
        matches!((there, ours), (Ok(there), Ok(ours)) if there == ours)
    }
}

/// Where the lines before the newest ones are: `FILE.1`.
pub(super) fn aside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".1");
    name.into()
}

fn opened(path: &Path) -> io::Result<File> {
    if let Ok(there) = fs::metadata(path) {
        let wrong = match there {
            there if there.is_dir() => Some("it is a folder"),
            // A pipe that nobody reads would be waited for.
            there if !there.is_file() => Some("it is no ordinary file"),
            there if there.len() > 0 && !is_log(path)? => Some("it is there already, and is no log of stanch"),
            _ => None,
        };
        if let Some(wrong) = wrong {
            return Err(io::Error::other(wrong));
        }
    }
    let file = OpenOptions::new().append(true).create(true).mode(0o600).open(path)?;
    if file.metadata()?.permissions().mode() & 0o077 != 0 {
        file.set_permissions(Permissions::from_mode(0o600))?;
    }
    Ok(file)
}

/// Every log begins with a time and a level.
fn is_log(path: &Path) -> io::Result<bool> {
    let mut start = Vec::new();
    files::open(path)?.take(64).read_to_end(&mut start)?;
    let start = String::from_utf8_lossy(&start);
    let mut words = start.split(' ');
    let is_time = words.next().is_some_and(|word| word.parse::<Timestamp>().is_ok());
    Ok(is_time && words.next().is_some_and(|word| ["INFO", "WARN", "ERROR"].contains(&word)))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::disallowed_methods, reason = "a test reads what was written")]

    use super::*;

    const LINE: &str = "2026-11-22T03:14:05.123Z INFO  poll     prom q1: 3 items in 12 ms\n";

    fn open(path: &Path) -> LogFile {
        LogFile::open(path, 1000).expect("a log")
    }

    fn read(path: &Path) -> String {
        fs::read_to_string(path).expect("a file")
    }

    #[test]
    fn it_never_grows_past_its_cap_and_the_newest_is_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("stanch.log");
        // Two that write one file, as two cockpits would.
        let mut both = [open(&path), open(&path)];
        for n in 0..500 {
            both[n % 2].append(&LINE.replace("12", &n.to_string())).expect("written");
            for file in fs::read_dir(folder.path()).expect("a folder").flatten() {
                assert!(file.metadata().expect("a file").len() <= 1000, "{:?}", file.path());
            }
        }
        let text = read(&aside(&path)) + &read(&path);
        assert!(text.ends_with("499 ms\n"), "{text}");
        let numbers = text.lines().map(|line| line.rsplit(' ').nth(1).and_then(|n| n.parse().ok()).expect("a number"));
        let numbers: Vec<usize> = numbers.collect();
        assert!(numbers.windows(2).all(|pair| pair[1] == pair[0] + 1) && numbers.len() > 14, "{numbers:?}");
    }

    #[test]
    fn it_is_its_owners_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("stanch.log");
        let mode = || fs::metadata(&path).expect("a file").permissions().mode() & 0o777;
        open(&path).append(LINE).expect("written");
        assert_eq!(mode(), 0o600);
        fs::set_permissions(&path, Permissions::from_mode(0o644)).expect("changed");
        open(&path).append(LINE).expect("written");
        assert_eq!((mode(), read(&path)), (0o600, LINE.repeat(2)));
    }

    #[test]
    fn what_is_no_log_is_left_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("stanch.toml");
        fs::write(&path, "title = \"shop\"\n").expect("written");
        let error = LogFile::open(&path, 1000).expect_err("refused").to_string();
        assert!(error.ends_with("stanch.toml: it is there already, and is no log of stanch"), "{error}");
        assert_eq!(read(&path), "title = \"shop\"\n");
        let error = LogFile::open(folder.path(), 1000).expect_err("refused").to_string();
        assert!(error.ends_with("it is a folder"), "{error}");
        let error = LogFile::open(Path::new("/dev/null"), 1000).expect_err("refused").to_string();
        assert!(error.ends_with("it is no ordinary file"), "{error}");
    }

    #[test]
    fn what_has_the_older_lines_name_and_is_no_log_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("stanch.log");
        fs::write(aside(&path), "mine").expect("written");
        let mut log = open(&path);
        for _ in 0..30 {
            log.append(LINE).expect("written");
        }
        assert_eq!(read(&aside(&path)), "mine");
        assert!((1..=1000).contains(&read(&path).len()));
    }

    #[test]
    fn a_link_stays_a_link() {
        let folder = tempfile::tempdir().expect("a folder");
        let (target, link) = (folder.path().join("target"), folder.path().join("link"));
        fs::write(&target, "").expect("written");
        std::os::unix::fs::symlink(&target, &link).expect("a link");
        let mut log = open(&link);
        (0..30).for_each(|_| log.append(LINE).expect("written"));
        assert!(link.symlink_metadata().expect("a link").is_symlink() && read(&link).ends_with(LINE));
    }
}
