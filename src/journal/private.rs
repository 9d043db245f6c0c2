//! Folders that are one user's alone, for what must not lie where the journal lies.
//!
//! A folder for temporary files is everyone's: what another user could have put there in advance is never written to and
//! never believed.
#![expect(clippy::disallowed_methods, reason = "the runtime folder is named in the environment")]

use std::{
    env,
    ffi::OsString,
    fs::{self, DirBuilder},
    io,
    os::unix::fs::{DirBuilderExt, MetadataExt},
    path::{Path, PathBuf},
};

use super::JournalError;

/// `$XDG_RUNTIME_DIR/stanch`, then a folder of this user's in the one for temporary files.
pub fn runtime_folders() -> Vec<PathBuf> {
    let user = rustix::process::geteuid().as_raw();
    folders(env::var_os("XDG_RUNTIME_DIR"), &env::temp_dir(), user)
}

fn folders(runtime: Option<OsString>, temporary: &Path, user: u32) -> Vec<PathBuf> {
    // The XDG specification says to ignore a path that is not absolute.
    let runtime = runtime.map(PathBuf::from).filter(|path| path.is_absolute());
    let ours = runtime.map(|path| path.join("stanch"));
    ours.into_iter().chain([temporary.join(format!("stanch-{user}"))]).collect()
}

/// Makes the folder if need be. An error when it is not a folder of this user's that nobody else may look into.
pub fn make(folder: &Path) -> Result<(), JournalError> {
    // Those above it are there, or are nobody's business.
    if let Some(above) = folder.parent().filter(|above| !above.exists()) {
        super::file::disk::make_folder(above)?;
    }
    match DirBuilder::new().mode(0o700).create(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            return Err(JournalError::io("create", folder)(error));
        }
        _ => {}
    }
    if is_ours_alone(folder) { Ok(()) } else { Err(JournalError::NotPrivate { path: folder.to_owned() }) }
}

/// Whether it is a folder, no link to one, of this user's, that nobody else may look into.
pub fn is_ours_alone(folder: &Path) -> bool {
    let Ok(meta) = fs::symlink_metadata(folder) else { return false };
    meta.is_dir() && meta.mode() & 0o077 == 0 && meta.uid() == rustix::process::geteuid().as_raw()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn the_runtime_folder_comes_first() {
        #[track_caller]
        fn check(runtime: Option<&str>, expected: &[&str]) {
            let found = folders(runtime.map(OsString::from), Path::new("/tmp"), 1000);
            assert_eq!(found, expected.iter().map(PathBuf::from).collect::<Vec<_>>());
        }
        check(Some("/run/user/1000"), &["/run/user/1000/stanch", "/tmp/stanch-1000"]);
        check(Some("run"), &["/tmp/stanch-1000"]);
        check(Some(""), &["/tmp/stanch-1000"]);
        check(None, &["/tmp/stanch-1000"]);
    }

    #[test]
    fn what_another_could_have_planted_is_refused() {
        let there = tempfile::tempdir().expect("a folder");
        let path = |name: &str| there.path().join(name);
        make(&path("new")).expect("made");
        make(&path("new")).expect("it is ours");
        assert_eq!(fs::metadata(path("new")).expect("a folder").mode() & 0o777, 0o700);

        fs::create_dir(path("open")).expect("made");
        fs::set_permissions(path("open"), fs::Permissions::from_mode(0o755)).expect("opened");
        symlink(path("new"), path("link")).expect("linked");
        fs::write(path("file"), "").expect("written");
        for name in ["open", "link", "file"] {
            assert!(matches!(make(&path(name)), Err(JournalError::NotPrivate { .. })), "{name}");
        }
        // Only who may do anything can give a folder away.
        if rustix::process::geteuid().is_root() {
            std::os::unix::fs::chown(path("new"), Some(12345), None).expect("given away");
            assert!(matches!(make(&path("new")), Err(JournalError::NotPrivate { .. })));
        }
    }
}
