//! A log line whole, as it was when it was opened: lines come and go below it.

use std::collections::BTreeMap;

use crate::signal::{LogLine, log_fields};

/// Lines shown of many that say the same, besides the newest.
const EXAMPLES: usize = 4;

/// A log line, or several that say the same.
#[derive(Clone, Debug)]
pub struct LogSheet {
    /// The title of its pane.
    pub pane: String,
    /// The name of its source.
    pub source: String,
    /// The line; of several the newest.
    pub line: LogLine,
    /// How many there are.
    pub count: usize,
    /// The first of several, and others of them; empty for one line.
    pub earlier: Vec<LogLine>,
    /// Where they came from: names, and the values that occur, in order of names.
    pub labels: Vec<(String, Vec<String>)>,
    /// Names and values in the line, where it is written in such.
    pub fields: Vec<(String, String)>,
    /// First line shown.
    pub scroll: usize,
}

impl LogSheet {
    /// What is to be shown of lines that say the same, from the first to the newest; nothing when there are none.
    pub(in crate::app) fn of<'l>(
        pane: &str,
        source: &str,
        lines: impl DoubleEndedIterator<Item = &'l LogLine> + ExactSizeIterator,
    ) -> Option<Self> {
        let lines: Vec<&LogLine> = lines.collect();
        let (newest, before) = lines.split_last()?;
        let mut values = BTreeMap::<&str, Vec<String>>::new();
        for (name, value) in lines.iter().flat_map(|line| line.labels.iter()) {
            let known = values.entry(name).or_default();
            if !known.iter().any(|known| known == value) {
                known.push(value.to_owned());
            }
        }
        let step = before.len().div_ceil(EXAMPLES).max(1);
        Some(Self {
            pane: pane.to_owned(),
            source: source.to_owned(),
            line: (*newest).clone(),
            count: lines.len(),
            earlier: before.iter().step_by(step).map(|line| (*line).clone()).collect(),
            labels: values.into_iter().map(|(name, values)| (name.to_owned(), values)).collect(),
            fields: log_fields::fields(&newest.text),
            scroll: 0,
        })
    }
}
