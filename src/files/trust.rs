//! Whether a file that nobody named may be believed: one that was merely found, in the current folder or in a usual place,
//! may have been put there by another user of this machine.
//!
//! It is believed if it is this user's or the system's, nobody else may write to it, and nobody else may put another one
//! in its place.

use std::{
    fmt, fs, io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

/// Anyone may write.
const BY_ALL: u32 = 0o002;
/// The group may write.
const BY_GROUP: u32 = 0o020;
/// Only who owns a file in the folder may replace it.
const STICKY: u32 = 0o1000;

/// Why a file is not believed, in words that read after "because".
#[derive(Debug, PartialEq, Eq)]
pub enum Untrusted {
    /// It belongs to another user, of this number.
    Others(u32),
    /// Others may write to it.
    Writable,
    /// The folder belongs to another user, of this number.
    OthersFolder(PathBuf, u32),
    /// Others may write to the folder.
    WritableFolder(PathBuf),
}

impl fmt::Display for Untrusted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Others(user) => write!(f, "it belongs to another user (number {user})"),
            Self::Writable => f.write_str("others may write to it"),
            Self::OthersFolder(folder, user) => {
                write!(f, "its folder {} belongs to another user (number {user})", folder.display())
            }
            Self::WritableFolder(folder) => write!(f, "others may write to its folder {}", folder.display()),
        }
    }
}

/// Looks at the file at `path`, and at the folder it was found in. An error of its own when one of them cannot be looked at.
pub fn check(path: &Path) -> io::Result<Result<(), Untrusted>> {
    let user = rustix::process::geteuid().as_raw();
    let found_in = folder_of(&std::path::absolute(path)?);
    let target = path.canonicalize()?;
    let folder = |folder: PathBuf, may_be_sticky| -> io::Result<_> {
        Ok(folder_as(&folder, Owned::of(&fs::metadata(&folder)?), user, may_be_sticky))
    };
    // Where it was found anyone could have linked to it; where it lies, it is itself looked at.
    if let Err(untrusted) = folder(found_in, false)? {
        return Ok(Err(untrusted));
    }
    if let Err(untrusted) = file_as(Owned::of(&fs::metadata(&target)?), user) {
        return Ok(Err(untrusted));
    }
    folder(folder_of(&target), true)
}

fn folder_of(path: &Path) -> PathBuf {
    path.parent().unwrap_or(path).to_owned()
}

/// Whose something is, and who may write to it.
#[derive(Clone, Copy)]
struct Owned {
    user: u32,
    group: u32,
    mode: u32,
}

impl Owned {
    fn of(metadata: &fs::Metadata) -> Self {
        Self { user: metadata.uid(), group: metadata.gid(), mode: metadata.mode() }
    }

    fn is_anothers(self, user: u32) -> bool {
        self.user != user && self.user != 0
    }

    /// A group that is numbered as its user has nobody else in it: many systems give each user one, and let it write.
    fn is_writable_by_others(self) -> bool {
        self.mode & BY_ALL != 0 || (self.mode & BY_GROUP != 0 && self.group != self.user)
    }
}

fn file_as(file: Owned, user: u32) -> Result<(), Untrusted> {
    match file {
        file if file.is_anothers(user) => Err(Untrusted::Others(file.user)),
        file if file.is_writable_by_others() => Err(Untrusted::Writable),
        _ => Ok(()),
    }
}

fn folder_as(path: &Path, folder: Owned, user: u32, may_be_sticky: bool) -> Result<(), Untrusted> {
    let is_guarded = may_be_sticky && folder.mode & STICKY != 0;
    match folder {
        folder if folder.is_anothers(user) => Err(Untrusted::OthersFolder(path.to_owned(), folder.user)),
        folder if folder.is_writable_by_others() && !is_guarded => Err(Untrusted::WritableFolder(path.to_owned())),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, chown, symlink};

    use super::*;

    #[test]
    fn what_another_could_have_written_is_not_believed() {
        #[track_caller]
        fn file(user: u32, group: u32, mode: u32, expected: Result<(), Untrusted>) {
            assert_eq!(file_as(Owned { user, group, mode }, 1000), expected, "{user} {group} {mode:o}");
        }
        file(1000, 1000, 0o644, Ok(()));
        file(0, 0, 0o644, Ok(()));
        // Of a group with nobody else in it, and of one with others.
        file(1000, 1000, 0o664, Ok(()));
        file(1000, 100, 0o664, Err(Untrusted::Writable));
        file(1000, 1000, 0o646, Err(Untrusted::Writable));
        file(1001, 1000, 0o600, Err(Untrusted::Others(1001)));

        let (path, tmp) = (Path::new("/x"), Owned { user: 0, group: 0, mode: 0o1777 });
        assert_eq!(folder_as(path, tmp, 1000, false), Err(Untrusted::WritableFolder(path.into())));
        assert_eq!(folder_as(path, tmp, 1000, true), Ok(()));
        let theirs = Owned { user: 1001, ..tmp };
        assert_eq!(folder_as(path, theirs, 1000, true), Err(Untrusted::OthersFolder(path.into(), 1001)));
        assert_eq!(folder_as(path, Owned { mode: 0o755, ..tmp }, 1000, false), Ok(()));
    }

    #[test]
    fn a_file_is_looked_at_with_its_folder_and_where_its_link_leads() {
        let there = tempfile::tempdir().expect("a folder");
        let path = |name: &str| there.path().join(name);
        let mode = |name: &str, mode| fs::set_permissions(path(name), fs::Permissions::from_mode(mode)).expect("set");
        for folder in ["mine", "open"] {
            fs::create_dir(path(folder)).expect("made");
        }
        for file in ["mine/file", "open/file"] {
            fs::File::create(path(file)).expect("made");
            mode(file, 0o644);
        }
        mode("mine", 0o755);
        mode("open", 0o1777);
        symlink(path("open/file"), path("mine/to-open")).expect("linked");
        symlink(path("mine/file"), path("open/to-mine")).expect("linked");
        let open = || Err(Untrusted::WritableFolder(path("open")));
        assert_eq!(check(&path("mine/file")).expect("looked at"), Ok(()));
        assert_eq!(check(&path("open/file")).expect("looked at"), open());
        assert_eq!(check(&path("open/to-mine")).expect("looked at"), open());
        assert_eq!(check(&path("mine/to-open")).expect("looked at"), Ok(()), "nobody else can replace it there");
        mode("open", 0o777);
        assert_eq!(check(&path("mine/to-open")).expect("looked at"), open());
        mode("mine/file", 0o666);
        assert_eq!(check(&path("mine/file")).expect("looked at"), Err(Untrusted::Writable));
        assert!(check(&path("mine/gone")).is_err());
        // Only who may do anything can give a file away.
        if rustix::process::geteuid().is_root() {
            mode("mine/file", 0o644);
            chown(path("mine/file"), Some(12345), None).expect("given away");
            assert_eq!(check(&path("mine/file")).expect("looked at"), Err(Untrusted::Others(12345)));
            chown(path("mine"), Some(12345), None).expect("given away");
            let theirs = Err(Untrusted::OthersFolder(path("mine"), 12345));
            assert_eq!(check(&path("mine/to-open")).expect("looked at"), theirs);
        }
    }
}
