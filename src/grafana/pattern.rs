//! Regular expressions as a browser knows them, in dashboards.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use fancy_regex::{Regex, RegexBuilder};

use super::js_regex::translated;

/// How much is tried before a pattern counts as one that does not fit: some take for ever.
const BACKTRACK_LIMIT: usize = 100_000;

/// How often a pattern may take too long before it is not tried any more.
const MAX_FAILURES: usize = 3;

/// A pattern, as it was written.
#[derive(Clone)]
pub struct Pattern {
    written: String,
    regex: Regex,
    /// How often it took too long.
    failures: Arc<AtomicUsize>,
}

impl Pattern {
    /// Reads `/pattern/flags`, or a pattern without slashes; `None` when it is not one.
    pub fn read(written: &str) -> Option<Self> {
        let (body, flags) = match written.strip_prefix('/').and_then(|rest| rest.rsplit_once('/')) {
            Some((body, flags)) if flags.chars().all(|c| "gimsuy".contains(c)) => (body, flags),
            _ => (written, ""),
        };
        let mut builder = RegexBuilder::new(&translated(body));
        let builder = builder
            .case_insensitive(flags.contains('i'))
            .multi_line(flags.contains('m'))
            .dot_matches_new_line(flags.contains('s'))
            .backtrack_limit(BACKTRACK_LIMIT);
        Some(Self { written: written.to_owned(), regex: builder.build().ok()?, failures: Arc::default() })
    }

    /// Whether it fits somewhere. One that took too long a few times fits nowhere.
    pub fn is_match(&self, text: &str) -> bool {
        if self.failures.load(Ordering::Relaxed) >= MAX_FAILURES {
            return false;
        }
        self.regex.is_match(text).unwrap_or_else(|_| {
            self.failures.fetch_add(1, Ordering::Relaxed);
            false
        })
    }

    /// Whether it is meant for every place that fits, by the flag `g`.
    pub fn is_global(&self) -> bool {
        self.written.starts_with('/') && self.written.rsplit_once('/').is_some_and(|(_, flags)| flags.contains('g'))
    }

    /// What is behind the pattern.
    pub const fn regex(&self) -> &Regex {
        &self.regex
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.written == other.written
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}
