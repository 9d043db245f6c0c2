//! Files that the configuration names: secrets and certificates.

use std::{
    fs::OpenOptions,
    io::{self, Read},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use rustix::fs::OFlags;

/// At most the first `max` bytes of a file, or why not in words that read after its name. What is no regular file is not
/// read, nor waited for: opening a pipe would wait for its other end. A regular one on a file system that hangs does wait.
pub(super) fn read(path: &Path, max: u64) -> Result<Vec<u8>, String> {
    let told = |error: io::Error| error.kind().to_string();
    let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
    let file = OpenOptions::new().read(true).custom_flags(flags.bits().cast_signed()).open(path).map_err(told)?;
    if !file.metadata().map_err(told)?.is_file() {
        return Err("not a regular file".to_owned());
    }
    let mut bytes = Vec::new();
    file.take(max).read_to_end(&mut bytes).map_err(told)?;
    Ok(bytes)
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests write files")]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_a_file_is_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let (file, pipe) = (folder.path().join("file"), folder.path().join("pipe"));
        std::fs::write(&file, "s3cret").expect("written");
        rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RUSR).expect("a pipe");
        assert_eq!(read(&file, 3), Ok(b"s3c".to_vec()));
        assert_eq!(read(&pipe, 3), Err("not a regular file".to_owned()));
        assert_eq!(read(folder.path(), 3), Err("not a regular file".to_owned()));
        assert_eq!(read("/dev/zero".as_ref(), 3), Err("not a regular file".to_owned()));
        assert_eq!(read("/nowhere".as_ref(), 3), Err("entity not found".to_owned()));
    }
}
