//! The few things a journal asks of a file system.
//!
//! Nothing here knows what a line is. What is made is for its owner's eyes only.
#![expect(clippy::disallowed_methods, reason = "this is where files are opened")]

use std::{
    fs::{self, DirBuilder, File, Metadata, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::{DirBuilderExt, FileExt, MetadataExt, OpenOptionsExt},
    path::Path,
};

use crate::journal::JournalError;

/// Device and inode: tells one file from another in its place.
pub type Identity = (u64, u64);

/// The incident's id: the name of its folder.
pub fn id_of(folder: &Path) -> String {
    folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Tells a file from another that is put in its place.
pub fn identity(meta: &Metadata) -> Identity {
    (meta.dev(), meta.ino())
}

/// Makes a folder that only its owner can look into, and those above it.
pub fn make_folder(folder: &Path) -> Result<(), JournalError> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(JournalError::io("create", folder))
}

/// Makes a file to append to; an error when there is one.
pub fn new_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().append(true).create_new(true).mode(0o600).open(path)
}

/// Opens for reading and appending, or for reading only where that is all one may.
pub fn open_either(path: &Path) -> Result<(File, bool), JournalError> {
    match OpenOptions::new().read(true).append(true).open(path) {
        Ok(file) => return Ok((file, true)),
        Err(error) => match error.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {}
            io::ErrorKind::NotFound => {
                let folder = path.parent().unwrap_or(path);
                return Err(JournalError::NotFound {
                    id: id_of(folder),
                    folder: folder.parent().unwrap_or(folder).to_owned(),
                });
            }
            _ => return Err(JournalError::io("open", path)(error)),
        },
    }
    File::open(path).map(|file| (file, false)).map_err(JournalError::io("open", path))
}

/// Everything in a file, and which file it is.
pub fn read_all(mut file: &File) -> io::Result<(Identity, Vec<u8>)> {
    let meta = file.metadata()?;
    let mut bytes = Vec::with_capacity(usize::try_from(meta.len()).unwrap_or(0));
    file.read_to_end(&mut bytes)?;
    Ok((identity(&meta), bytes))
}

/// Everything in the file at `path`.
pub fn read_path(path: &Path) -> Result<Vec<u8>, JournalError> {
    fs::read(path).map_err(JournalError::io("read", path))
}

/// Everything from `at` on.
pub fn read_from(file: &File, mut at: u64) -> io::Result<Vec<u8>> {
    let (mut bytes, mut buffer) = (Vec::new(), vec![0; 64 * 1024]);
    loop {
        match file.read_at(&mut buffer, at) {
            Ok(0) => return Ok(bytes),
            Ok(n) => {
                bytes.extend_from_slice(&buffer[..n]);
                at += n as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// One `write(2)`: all of `bytes`, or the file is left `length` bytes long.
pub fn write_once(file: &mut File, path: &Path, bytes: &[u8], length: u64) -> Result<(), JournalError> {
    let written = loop {
        match file.write(bytes) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            written => break written,
        }
    };
    if matches!(written, Ok(n) if n == bytes.len()) {
        return Ok(());
    }
    // If even that fails, the torn line is for the next one who holds the lock.
    let _ = file.set_len(length);
    Err(match written {
        Ok(written) => JournalError::ShortWrite { path: path.to_owned(), written, wanted: bytes.len() },
        Err(error) => JournalError::io("write", path)(error),
    })
}

/// Makes `name` hold `bytes`, all of them or none. Under the lock only.
pub fn put(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), JournalError> {
    let new = folder.join(format!("{name}.new"));
    let write = || -> io::Result<()> {
        match fs::remove_file(&new) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        new_file(&new)?.write_all(bytes)?;
        fs::rename(&new, folder.join(name))
    };
    write().map_err(JournalError::io("write", &new))
}

/// Brings the names in a folder onto the disk.
pub fn sync_names(folder: &Path) -> Result<(), JournalError> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(JournalError::io("sync", folder))
}
