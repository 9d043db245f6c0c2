//! How large journals are and in which format, and nothing of what stands in them; for bug reports.

use super::{
    Home, JournalError,
    file::line,
    home::{names, parts},
    listing,
};

/// The journal of one incident, from outside.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// The number of entries.
    pub entries: u64,
    /// The number of files.
    pub files: usize,
    /// Their size together, in bytes.
    pub bytes: u64,
    /// Its format, `major.minor`; nothing when its first line cannot be read.
    pub format: Option<String>,
    /// Why it cannot be read, or not as a whole.
    pub unreadable: Option<String>,
}

impl Home {
    /// How many journals there are, and the sizes of the newest.
    pub fn sizes(&self, most: usize) -> Result<(usize, Vec<Size>), JournalError> {
        let folder = self.incidents_folder();
        let mut names = names(&folder)?;
        names.sort_unstable_by(|a, b| b.cmp(a));
        let newest = names.iter().take(most).map(|name| match parts(&folder.join(name)) {
            Ok(parts) => {
                let bytes = parts.iter().map(|(_, bytes)| bytes.len() as u64).sum();
                let first = parts.first().and_then(|(_, bytes)| bytes.split(|byte| *byte == b'\n').next());
                let format = first.and_then(|line| line::decode_header(line).ok()).map(|header| header.format);
                let files = parts.len();
                let listing = listing::list("", Ok(parts), &[]);
                Size { entries: listing.entries, files, bytes, format, unreadable: listing.unreadable }
            }
            // Its path would say the title.
            Err(error) => Size { unreadable: Some(error.brief()), ..Size::default() },
        });
        Ok((names.len(), newest.collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_no_words() {
        let folder = tempfile::tempdir().expect("a folder");
        let home = Home::at(folder.path());
        assert_eq!(home.sizes(5).expect("none"), (0, vec![]));
        let at = "2026-11-22T03:12:00Z".parse().expect("a time");
        let journal = home.create("secret title", false, "alice@host", at).expect("created");
        let path = journal.path();
        drop(journal);
        let (count, sizes) = home.sizes(5).expect("one");
        assert_eq!((count, sizes[0].entries, sizes[0].format.as_deref(), sizes[0].files), (1, 1, Some("1.0"), 1));
        assert_eq!(sizes[0].bytes, std::fs::metadata(&path).expect("a file").len());
        std::fs::remove_file(&path).expect("removed");
        let (_, sizes) = home.sizes(5).expect("one");
        let why = sizes[0].unreadable.as_deref().expect("why");
        assert!(!why.contains("secret") && !why.is_empty(), "{why}");
    }
}
