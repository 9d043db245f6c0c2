//! The last lines of a log, for a report.

use std::{
    io::{self, Read, Seek, SeekFrom},
    path::Path,
};

use super::file::aside;
use crate::{base::text, files};

/// Longest end of a file that is looked at, in bytes.
const LOOKED_AT: u64 = 200_000;

/// The last lines, oldest first; from the file before, too, where this one has fewer.
pub fn tail(path: &Path, count: usize) -> io::Result<String> {
    let mut text = end_of(path)?;
    if text.lines().count() < count
        && let Ok(before) = end_of(&aside(path))
    {
        text = before + &text;
    }
    let skipped = text.lines().count().saturating_sub(count);
    let lines = text.lines().skip(skipped).flat_map(|line| [line, "\n"]);
    // Anyone may have put anything into it.
    Ok(text::block(&lines.collect::<String>(), LOOKED_AT as usize * 2).into_owned())
}

/// Whole lines from the end of a file.
fn end_of(path: &Path) -> io::Result<String> {
    let mut file = files::open(path)?;
    let from = file.metadata()?.len().saturating_sub(LOOKED_AT);
    file.seek(SeekFrom::Start(from))?;
    let mut bytes = Vec::new();
    file.take(LOOKED_AT).read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Ok(match text.split_once('\n') {
        Some((_, rest)) if from > 0 => rest.to_owned(),
        _ => text,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_lines_of_both_files() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("x.log");
        assert!(tail(&path, 3).is_err());
        std::fs::write(aside(&path), "a\nb\nc\n").expect("written");
        std::fs::write(&path, "d\ne\x1b[31m\n").expect("written");
        assert_eq!(tail(&path, 3).expect("lines"), "c\nd\ne[31m\n");
        std::fs::write(&path, format!("{}\nlast\n", "x".repeat(300_000))).expect("written");
        std::fs::remove_file(aside(&path)).expect("removed");
        assert_eq!(tail(&path, 3).expect("lines"), "last\n");
    }
}
