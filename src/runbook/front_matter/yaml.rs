//! As much of YAML as stands before a runbook.

use super::{Entry, Value, is_key};
use crate::{base::text, runbook::Remark};

/// Keys that are read at most; front matter has a dozen.
const MOST_KEYS: usize = 1000;

/// Reads the keys of a text whose first line has this number.
pub(super) fn read(inside: &str, first: usize, remarks: &mut Vec<Remark>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    // Whether lines that are shifted belong to a text of several lines.
    let mut in_block = false;
    let mut dash = 0;
    for (line, written) in (first..).zip(inside.lines()) {
        let indent = written.len() - written.trim_start().len();
        let words = uncommented(written.trim());
        let item = words.strip_prefix('-').filter(|rest| rest.is_empty() || rest.starts_with(' '));
        if words.is_empty() || (indent > 0 && in_block) {
            continue;
        }
        match (item, entries.last_mut()) {
            (Some(item), Some(entry)) => {
                dash = indent;
                entry.push(line, item.trim());
            }
            (None, Some(entry)) if indent > 0 => entry.go_on(indent > dash, words),
            (None, _) => match words.split_once(':').filter(|(key, rest)| is_key(key) && is_apart(rest)) {
                Some((key, value)) if entries.len() < MOST_KEYS => {
                    in_block = value.trim().starts_with(['|', '>']);
                    let value = value_of(value.trim()).unwrap_or_else(|| {
                        let text = format!("expected `]` at the end of the list behind `{}`", key.trim());
                        remarks.push(Remark::at(line, text));
                        Value::List(Vec::new())
                    });
                    let value = match value {
                        Value::List(items) => Value::List(items.into_iter().map(|(_, item)| (line, item)).collect()),
                        value => value,
                    };
                    entries.push(Entry { key: key.trim().to_owned(), line, value });
                }
                Some(_) => {}
                None => remarks.push(Remark::at(line, unexpected(words))),
            },
            (Some(_), None) => remarks.push(Remark::at(line, unexpected(words))),
        }
    }
    entries
}

fn unexpected(words: &str) -> String {
    format!("expected `key: value`, found `{}`", text::clipped(words, 60))
}

/// Whether what stands behind a colon is its value: in `a:b` it is not.
fn is_apart(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with(' ')
}

impl Entry {
    /// Adds an item of a list with dashes.
    fn push(&mut self, line: usize, item: &str) {
        if !matches!(self.value, Value::List(_)) {
            self.value = Value::List(Vec::new());
        }
        let Value::List(items) = &mut self.value else { return };
        let map = item.split_once(": ").filter(|(key, _)| is_label(key));
        items.push(match map {
            Some((key, value)) => (line, matcher(key, value)),
            None => (line, scalar(item)),
        });
    }

    /// Takes in a line that is shifted: a map, or more of the item before.
    fn go_on(&mut self, is_of_item: bool, words: &str) {
        let map = words.split_once(": ").filter(|(key, _)| is_label(key));
        match (&mut self.value, map) {
            (Value::List(items), Some((key, value))) if is_of_item => {
                if let Some((_, item)) = items.last_mut().filter(|(_, item)| item.contains('=')) {
                    item.push_str(", ");
                    item.push_str(&matcher(key, value));
                }
            }
            (Value::Text(text), _) if text.is_empty() => self.value = Value::Other,
            // Words may go on in the next line.
            (Value::Text(text), None) => {
                text.push(' ');
                text.push_str(words);
            }
            _ => {}
        }
    }
}

fn is_label(key: &str) -> bool {
    !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn matcher(key: &str, value: &str) -> String {
    let value = scalar(value.trim()).replace('\\', "\\\\").replace('"', "\\\"");
    format!("{key}=\"{value}\"")
}

/// What stands behind a key; `None` for a list that does not end in its line.
fn value_of(written: &str) -> Option<Value> {
    if written.starts_with('{') {
        return Some(Value::Other);
    }
    let Some(inside) = written.strip_prefix('[') else { return Some(Value::Text(scalar(written))) };
    let inside = inside.strip_suffix(']')?;
    Some(Value::List(
        split(inside).into_iter().map(|item| (0, scalar(item.trim()))).filter(|(_, item)| !item.is_empty()).collect(),
    ))
}

/// The parts between commas that stand in no quotes.
fn split(inside: &str) -> Vec<&str> {
    let (mut parts, mut from, mut quote) = (Vec::new(), 0, None);
    let mut before = ',';
    for (at, c) in inside.char_indices() {
        match (quote, c) {
            (None, ',') => {
                parts.push(&inside[from..at]);
                from = at + 1;
            }
            // In the middle of a word it is a letter.
            (None, '"' | '\'') if before == ',' || before == ' ' => quote = Some(c),
            (Some(open), c) if open == c && before != '\\' => quote = None,
            _ => {}
        }
        before = c;
    }
    parts.push(&inside[from..]);
    parts
}

/// A word or several, without quotes around them.
fn scalar(written: &str) -> String {
    let between = |quote| written.strip_prefix(quote).and_then(|rest: &str| rest.strip_suffix(quote));
    if let Some(inside) = between('"') {
        return inside.replace("\\\"", "\"").replace("\\\\", "\\");
    }
    between('\'').map_or_else(|| written.to_owned(), |inside| inside.replace("''", "'"))
}

/// Without what stands behind a `#` that is in no quotes.
fn uncommented(written: &str) -> &str {
    if !written.contains('#') {
        return written;
    }
    let (mut quote, mut before) = (None, ' ');
    for (at, c) in written.char_indices() {
        match (quote, c) {
            (None, '#') if before == ' ' => return written[..at].trim_end(),
            (None, '"' | '\'') if !before.is_alphanumeric() => quote = Some(c),
            (Some(open), c) if open == c && before != '\\' => quote = None,
            _ => {}
        }
        before = c;
    }
    written
}
