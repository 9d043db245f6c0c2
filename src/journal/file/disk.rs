//! The few things a journal asks of a file system.
//!
//! Nothing here knows what a line is. What is made is for its owner's eyes only. Where a file belongs, anyone may have put
//! a pipe or a device: it is opened without waiting for another end, and refused.

use std::{
    fs::{self, DirBuilder, File, Metadata, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::{DirBuilderExt, FileExt, MetadataExt, OpenOptionsExt},
    path::Path,
};

use rustix::{fs::OFlags, io::Errno};

use crate::journal::JournalError;

/// Largest part of a journal that is read, in bytes: six million entries.
const MAX_PART: u64 = 2_000_000_000;

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

/// Whether a pipe, a folder or a device stands there.
pub fn is_no_file(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|meta| !meta.is_file())
}

/// Opens a file, and nothing that is none; without ever waiting.
pub fn open(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    let flags = (OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::NOFOLLOW).bits().cast_signed();
    match options.custom_flags(flags).open(path) {
        Ok(file) if file.metadata()?.is_file() => Ok(file),
        Err(error) if error.raw_os_error() == Some(Errno::LOOP.raw_os_error()) => {
            Err(io::Error::other("it is a link, which may lead to another's file; move it away"))
        }
        // Of a folder or a socket the system says something else.
        Err(error) if !is_no_file(path) => Err(error),
        _ => Err(io::Error::other("it is a pipe, a folder or a device, not a file; move it away")),
    }
}

/// Opens for reading and appending, or for reading only where that is all one may.
pub fn open_either(path: &Path) -> Result<(File, bool), JournalError> {
    match open(OpenOptions::new().read(true).append(true), path) {
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
    open(OpenOptions::new().read(true), path).map(|file| (file, false)).map_err(JournalError::io("open", path))
}

/// Everything in a file, and which file it is.
pub fn read_all(file: &File) -> io::Result<(Identity, Vec<u8>)> {
    let meta = file.metadata()?;
    let most = size_limit(&meta)?;
    let mut bytes = Vec::with_capacity(usize::try_from(meta.len()).unwrap_or(0));
    file.take(most).read_to_end(&mut bytes)?;
    Ok((identity(&meta), bytes))
}

/// Everything in the file at `path`.
pub fn read_path(path: &Path) -> io::Result<Vec<u8>> {
    let file = open(OpenOptions::new().read(true), path)?;
    read_all(&file).map(|(_, bytes)| bytes)
}

/// Reads a file piece by piece. `take` is given what it did not take before and what follows, and says how much of it it
/// takes; what it never takes is left.
pub fn in_pieces(path: &Path, mut take: impl FnMut(&[u8]) -> usize) -> io::Result<()> {
    const PIECE: u64 = 16 << 20;
    let file = open(OpenOptions::new().read(true), path)?;
    let most = size_limit(&file.metadata()?)?;
    let (mut rest, mut bytes) = (file.take(most), Vec::new());
    while rest.by_ref().take(PIECE).read_to_end(&mut bytes)? > 0 {
        let taken = take(&bytes);
        bytes.drain(..taken);
    }
    Ok(())
}

/// How many bytes are read of a file at most; an error for a larger one.
fn size_limit(meta: &Metadata) -> io::Result<u64> {
    if meta.len() > MAX_PART {
        return Err(io::Error::other(format!("it is larger than {} GB", MAX_PART / 1_000_000_000)));
    }
    Ok(MAX_PART)
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
    let flags = (OFlags::DIRECTORY | OFlags::NONBLOCK).bits().cast_signed();
    let opened = OpenOptions::new().read(true).custom_flags(flags).open(folder);
    opened.and_then(|folder| folder.sync_all()).map_err(JournalError::io("sync", folder))
}
