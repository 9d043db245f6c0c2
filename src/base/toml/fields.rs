//! Reads a TOML table key by key, and says where a value is of the wrong form.
//!
//! Each reader method names a key the table may have; [`Fields::finish`] then reports every key that was not named. A
//! value that cannot be used is reported and left out, so that one mistake does not hide the next.

use std::{ops::Range, time::Duration};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    Diagnostics, forms,
    types::{self, WrongType, found},
};
use crate::base::{human_time, text};

/// Longest text of several lines that is kept: a query, a filter, a body, what a text pane says. In bytes.
const MAX_BLOCK: usize = 64 * 1024;

/// A table that is being read.
pub struct Fields<'a> {
    /// What it is called in messages: `` [[source]] `prom` ``.
    what: String,
    table: &'a DeTable<'a>,
    span: Range<usize>,
    known: Vec<&'static str>,
    to: &'a Diagnostics<'a>,
}

impl<'a> Fields<'a> {
    /// Reads a table at `span`, which messages call `what` until it is [`named`](Self::named).
    pub fn new(what: &str, table: &'a DeTable<'a>, span: Range<usize>, to: &'a Diagnostics<'a>) -> Self {
        Self { what: what.to_owned(), table, span, known: Vec::new(), to }
    }

    /// What it is called in messages.
    pub fn what(&self) -> &str {
        &self.what
    }

    /// Has messages call the table by its name from here on.
    pub fn named(&mut self, name: &str) {
        self.what = format!("{} `{name}`", self.what);
    }

    /// Whether the key stands there, of whatever form.
    pub fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// Where a key stands; the beginning of the table when it does not.
    pub fn at(&self, key: &str) -> Range<usize> {
        self.table.get_key_value(key).map_or(self.span.clone(), |(key, _)| key.span())
    }

    /// Reports something that is wrong at a place.
    pub fn error(&self, span: &Range<usize>, message: impl Into<String>) {
        self.to.error(span, message);
    }

    /// Reports a key that should be there.
    pub fn missing(&self, key: &str, such_as: &str) {
        self.error(&self.span, format!("{} has no `{key}`; expected {such_as}", self.what));
    }

    /// Text of one line that is not empty.
    pub fn line(&mut self, key: &'static str) -> Option<Spanned<String>> {
        let (text, span) = self.text(key)?;
        let line = text::line(text).trim().to_owned();
        if line.is_empty() {
            self.error(&span, format!("`{key}` is empty"));
            return None;
        }
        Some(Spanned::new(span, line))
    }

    /// Text that may have several lines.
    pub fn block(&mut self, key: &'static str) -> Option<Spanned<String>> {
        let (text, span) = self.text(key)?;
        if text.len() > MAX_BLOCK {
            self.error(&span, format!("`{key}` is longer than {} KiB", MAX_BLOCK / 1024));
            return None;
        }
        Some(Spanned::new(span, text::block(text, MAX_BLOCK).trim().to_owned()))
    }

    /// Text as it stands, for secrets. Never quoted in a message.
    pub fn raw(&mut self, key: &'static str) -> Option<Spanned<&'a str>> {
        let (text, span) = self.text(key)?;
        Some(Spanned::new(span, text))
    }

    /// Text in a form of its own.
    pub fn parsed<T>(
        &mut self,
        key: &'static str,
        parse: impl FnOnce(&str) -> Result<T, &'static str>,
    ) -> Option<Spanned<T>> {
        let text = self.line(key)?;
        match parse(text.get_ref()) {
            Ok(value) => Some(Spanned::new(text.span(), value)),
            Err(expected) => {
                self.expected(key, &text.span(), expected, &quoted(text.get_ref()));
                None
            }
        }
    }

    /// A duration between `least` and `greatest`.
    pub fn duration(&mut self, key: &'static str, least: Duration, greatest: Duration) -> Option<Duration> {
        if let Some(number) = self.value(key).filter(|v| v.get_ref().is_integer() || v.get_ref().is_float()) {
            let written = found(number.get_ref());
            self.expected(key, &number.span(), "a duration with its unit, such as \"30s\"", &written);
            return None;
        }
        let duration = self.parsed(key, forms::duration)?;
        let (span, duration) = (duration.span(), duration.into_inner());
        if duration < least || duration > greatest {
            let range = format!("{} to {}", human_time::written(least), human_time::written(greatest));
            self.expected(key, &span, &range, &human_time::written(duration));
            return None;
        }
        Some(duration)
    }

    /// One of a few words.
    pub fn word<T: Copy>(&mut self, key: &'static str, words: &[(&str, T)]) -> Option<Spanned<T>> {
        let text = self.line(key)?;
        if let Some((_, value)) = words.iter().find(|(word, _)| *word == text.get_ref()) {
            return Some(Spanned::new(text.span(), *value));
        }
        let known: Vec<_> = words.iter().map(|(word, _)| *word).collect();
        let hint = self.to.did_you_mean(text.get_ref(), &known);
        let found = format!("{}{hint}", quoted(text.get_ref()));
        self.expected(key, &text.span(), &format!("one of {}", known.join(", ")), &found);
        None
    }

    /// True or false.
    pub fn boolean(&mut self, key: &'static str) -> Option<bool> {
        let value = self.value(key)?;
        self.right(key, value, types::boolean)
    }

    /// A number, whole or not.
    pub fn number(&mut self, key: &'static str) -> Option<Spanned<f64>> {
        let value = self.value(key)?;
        Some(Spanned::new(value.span(), self.right(key, value, types::number)?))
    }

    /// A whole number between `least` and `greatest`.
    pub fn whole(&mut self, key: &'static str, least: u16, greatest: u16) -> Option<u16> {
        let value = self.value(key)?;
        let whole = match value.get_ref() {
            DeValue::Integer(number) => u16::from_str_radix(number.as_str(), number.radix()).ok(),
            _ => None,
        };
        let whole = whole.filter(|n| (least..=greatest).contains(n));
        if whole.is_none() {
            let range = format!("a whole number from {least} to {greatest}");
            self.expected(key, &value.span(), &range, &found(value.get_ref()));
        }
        whole
    }

    /// A size in bytes, as a number or with its unit.
    pub fn bytes(&mut self, key: &'static str, least: u64, greatest: u64) -> Option<u64> {
        let value = self.value(key)?;
        let bytes = match value.get_ref() {
            DeValue::Integer(number) => forms::bytes(number.as_str()),
            DeValue::String(text) => forms::bytes(text),
            _ => Err("a size such as \"20MB\", or a number of bytes"),
        };
        let range = format!("{} kB to {} GB", least / 1000, greatest / 1_000_000_000);
        let fault = match bytes {
            Ok(bytes) if (least..=greatest).contains(&bytes) => return Some(bytes),
            Ok(_) => range.as_str(),
            Err(expected) => expected,
        };
        self.expected(key, &value.span(), fault, &found(value.get_ref()));
        None
    }

    /// A list of strings; none of them may be empty.
    pub fn lines(&mut self, key: &'static str, such_as: &str) -> Option<Spanned<Vec<Spanned<String>>>> {
        let value = self.value(key)?;
        let Some(array) = value.get_ref().as_array() else {
            self.expected(key, &value.span(), &format!("a list such as {such_as}"), &found(value.get_ref()));
            return None;
        };
        let mut lines = Vec::new();
        for item in array.iter() {
            match item.get_ref().as_str() {
                Some(text) => lines.push(Spanned::new(item.span(), text::line(text).into_owned())),
                None => {
                    self.expected(key, &item.span(), "a list of strings", &found(item.get_ref()));
                    return None;
                }
            }
        }
        Some(Spanned::new(value.span(), lines))
    }

    /// A table inside this one, and its span.
    pub fn table(&mut self, key: &'static str, such_as: &str) -> Option<(&'a DeTable<'a>, Range<usize>)> {
        let value = self.value(key)?;
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.expected(key, &value.span(), such_as, &found(value.get_ref()));
        }
        table.map(|table| (table, value.span()))
    }

    /// Tables of one kind: `[[key]]`, or a list of inline ones. `form` is what is expected, `what` each is called.
    pub fn tables(&mut self, key: &'static str, form: &str, what: &str) -> Vec<Fields<'a>> {
        let Some(value) = self.value(key) else { return Vec::new() };
        let Some(array) = value.get_ref().as_array() else {
            let found = if value.get_ref().is_table() { format!("[{key}]") } else { found(value.get_ref()) };
            self.expected(key, &value.span(), form, &found);
            return Vec::new();
        };
        let mut tables = Vec::new();
        for item in array.iter() {
            match item.get_ref().as_table() {
                Some(table) => tables.push(Fields::new(what, table, item.span(), self.to)),
                None => self.expected(key, &item.span(), form, &found(item.get_ref())),
            }
        }
        tables
    }

    /// A list whose items are texts or tables; one text alone is a list of one. `such_as` is what is expected, `what` a
    /// table in it is called.
    pub fn texts_or_tables(
        &mut self,
        key: &'static str,
        such_as: &str,
        what: &str,
    ) -> Vec<Result<Spanned<String>, Fields<'a>>> {
        let Some(value) = self.value(key) else { return Vec::new() };
        let text = |value: &Spanned<DeValue<'_>>| {
            let text = value.get_ref().as_str().map(|text| text::line(text).trim().to_owned());
            text.filter(|text| !text.is_empty()).map(|text| Spanned::new(value.span(), text))
        };
        let Some(array) = value.get_ref().as_array() else {
            let alone = text(value);
            if alone.is_none() {
                self.expected(key, &value.span(), such_as, &found(value.get_ref()));
            }
            return alone.into_iter().map(Ok).collect();
        };
        let mut items = Vec::new();
        for item in array.iter() {
            match (text(item), item.get_ref().as_table()) {
                (Some(text), _) => items.push(Ok(text)),
                (None, Some(table)) => items.push(Err(Fields::new(what, table, item.span(), self.to))),
                (None, None) => self.expected(key, &item.span(), such_as, &found(item.get_ref())),
            }
        }
        items
    }

    /// Reports every key that no method above was asked for. `elsewhere` are keys that fit other tables of this kind,
    /// with the words for those.
    pub fn finish(self, elsewhere: &[(&str, &str)]) {
        for key in self.table.keys() {
            let name: &str = key.get_ref();
            if self.known.contains(&name) {
                continue;
            }
            let message = match elsewhere.iter().find(|(other, _)| *other == name) {
                Some((_, owner)) => format!("`{name}` does not fit {}; it belongs to {owner}", self.what),
                None => {
                    let hint = match self.to.nearest(name, &self.known) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => format!("expected {}", self.known.join(", ")),
                    };
                    format!("unknown key `{}` in {}; {hint}", text::clipped(name, 60), self.what)
                }
            };
            self.to.error(&key.span(), message);
        }
    }

    fn value(&mut self, key: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        if !self.known.contains(&key) {
            self.known.push(key);
        }
        self.table.get(key)
    }

    fn text(&mut self, key: &'static str) -> Option<(&'a str, Range<usize>)> {
        let value = self.value(key)?;
        Some((self.right(key, value, types::string)?, value.span()))
    }

    /// The value as the type it should be of; reports it if it is of another.
    fn right<T>(
        &self,
        key: &str,
        value: &'a Spanned<DeValue<'a>>,
        read: impl FnOnce(&'a DeValue<'a>) -> Result<T, WrongType>,
    ) -> Option<T> {
        read(value.get_ref()).inspect_err(|wrong| self.expected(key, &value.span(), wrong.expected, &wrong.found)).ok()
    }

    fn expected(&self, key: &str, span: &Range<usize>, expected: &str, found: &str) {
        self.error(span, format!("`{key}` in {}: expected {expected}, found {found}", self.what));
    }
}

/// Text that is known not to be a secret, short enough for a message.
pub fn quoted(text: &str) -> String {
    format!("`{}`", text::clipped(text, 80))
}
