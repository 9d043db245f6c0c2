//! Records as rows, their fields as columns in the order they were written in.

use std::{collections::HashSet, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::Value;

use super::without_escapes;
use crate::{
    base::text,
    signal::{Column, Table},
};

/// Most rows of a table.
const MAX_ROWS: usize = 1000;
/// Most columns of a table.
const MAX_COLUMNS: usize = 40;
/// Most columns that are counted.
const MAX_NAMES: usize = 1000;
/// Longest cell, in bytes.
const MAX_CELL: usize = 500;

/// Records as rows.
pub(super) struct TableReader {
    /// The names of the columns as far as known, each once; those past the cap are here to be counted.
    names: Vec<String>,
    known: HashSet<String>,
    rows: Vec<Vec<String>>,
    /// Of each column, whether something stands in it, and whether all of that is numbers.
    kinds: [(bool, bool); MAX_COLUMNS],
    found: usize,
}

impl TableReader {
    /// With the names of the fields as far as they are known, in their order.
    pub(super) fn with(order: Vec<String>) -> Self {
        let known = order.iter().cloned().collect();
        Self { names: order, known, rows: Vec::new(), kinds: [(false, true); MAX_COLUMNS], found: 0 }
    }

    pub(super) fn add(&mut self, record: &Value) {
        self.found += 1;
        if self.found > MAX_ROWS {
            return;
        }
        match record {
            Value::Object(fields) => fields.keys().for_each(|name| self.name(name)),
            Value::Array(cells) => (1..=cells.len().min(MAX_NAMES)).for_each(|n| self.name(&n.to_string())),
            _ => self.name("value"),
        }
        let shown = &self.names[..self.names.len().min(MAX_COLUMNS)];
        let cells = shown.iter().zip(&mut self.kinds).map(|(name, (filled, numbers))| {
            let value = match record {
                Value::Object(fields) => fields.get(name),
                Value::Array(cells) => name.parse::<usize>().ok().and_then(|n| cells.get(n.checked_sub(1)?)),
                other => (name == "value").then_some(other),
            };
            *filled |= value.is_some();
            *numbers &= value.is_none_or(|value| value.is_number() || value.is_null());
            cell(value)
        });
        self.rows.push(cells.collect());
    }

    pub(super) fn read(mut self, warnings: &mut Vec<String>) -> Table {
        if self.names.len() > MAX_COLUMNS {
            let more = if self.names.len() > MAX_NAMES { "more than " } else { "" };
            let count = self.names.len().min(MAX_NAMES);
            warnings.push(format!("showing {MAX_COLUMNS} of {more}{count} columns"));
            self.names.truncate(MAX_COLUMNS);
        }
        // A record that came early knows nothing of the columns of later ones.
        self.rows.iter_mut().for_each(|row| row.resize(self.names.len(), String::new()));
        let columns = self.names.iter().zip(self.kinds).map(|(name, (filled, numbers))| Column {
            name: text::clipped(name, 100).into_owned(),
            numeric: filled && numbers,
        });
        let dropped = self.found.saturating_sub(MAX_ROWS);
        Table { columns: columns.collect(), rows: self.rows, dropped, ..Table::default() }
    }

    fn name(&mut self, name: &str) {
        if self.names.len() <= MAX_NAMES && !self.known.contains(name) {
            self.known.insert(name.to_owned());
            self.names.push(name.to_owned());
        }
    }
}

fn cell(value: Option<&Value>) -> String {
    let text = match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => without_escapes(text),
        Some(other) => other.to_string(),
    };
    text::clipped(&text, MAX_CELL).into_owned()
}

/// A column of plain lines.
pub(super) fn of_lines<'a>(lines: impl Iterator<Item = &'a str>) -> Table {
    let columns = vec![Column { name: "line".into(), numeric: false }];
    let mut rows: Vec<_> =
        lines.map(|line| vec![text::clipped(&without_escapes(line), MAX_CELL).into_owned()]).collect();
    let dropped = rows.len().saturating_sub(MAX_ROWS);
    rows.truncate(MAX_ROWS);
    Table { columns, rows, dropped, ..Table::default() }
}

/// The names of the fields of the first records in `text`, in the order they are written in.
pub(super) fn order_in(text: &str) -> Vec<String> {
    let mut order = Vec::new();
    for names in serde_json::Deserializer::from_str(text).into_iter::<Names>().take(MAX_ROWS).map_while(Result::ok) {
        names.0.into_iter().for_each(|name| {
            if !order.contains(&name) && order.len() <= MAX_COLUMNS {
                order.push(name);
            }
        });
    }
    order
}

/// The field names of a record, or of the records of an array.
struct Names(Vec<String>);

impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NamesVisitor;
        impl<'de> Visitor<'de> for NamesVisitor {
            type Value = Names;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("anything")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Names, A::Error> {
                let mut names = Vec::new();
                while let Some((name, IgnoredAny)) = map.next_entry::<String, IgnoredAny>()? {
                    if names.len() <= MAX_COLUMNS {
                        names.push(name);
                    }
                }
                Ok(Names(names))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Names, A::Error> {
                let mut all = Vec::new();
                while let Some(Names(names)) = seq.next_element()? {
                    for name in names {
                        if all.len() <= MAX_COLUMNS && !all.contains(&name) {
                            all.push(name);
                        }
                    }
                }
                Ok(Names(all))
            }
            fn visit_str<E>(self, _: &str) -> Result<Names, E> {
                Ok(Names(Vec::new()))
            }
            fn visit_bool<E>(self, _: bool) -> Result<Names, E> {
                Ok(Names(Vec::new()))
            }
            fn visit_i64<E>(self, _: i64) -> Result<Names, E> {
                Ok(Names(Vec::new()))
            }
            fn visit_u64<E>(self, _: u64) -> Result<Names, E> {
                Ok(Names(Vec::new()))
            }
            fn visit_f64<E>(self, _: f64) -> Result<Names, E> {
                Ok(Names(Vec::new()))
            }
            fn visit_unit<E>(self) -> Result<Names, E> {
                Ok(Names(Vec::new()))
            }
        }
        deserializer.deserialize_any(NamesVisitor)
    }
}

#[cfg(test)]
mod tests {
    use crate::{config::Shape, signal::Data, source::records::tests::data};

    #[test]
    fn tables() {
        let (data, _) = data(r#"[{"pod":"a","n":1},{"pod":"b\u001b[31m!","n":null,"x":[1]},"loose"]"#, Shape::Table);
        let Data::Table(table) = data else { panic!("{data:?}") };
        let heads: Vec<_> = table.columns.iter().map(|column| (column.name.as_str(), column.numeric)).collect();
        assert_eq!(heads, [("pod", false), ("n", true), ("x", false), ("value", false)]);
        assert_eq!(table.rows, [["a", "1", "", ""], ["b!", "", "[1]", ""], ["", "", "", "loose"]]);
    }

    #[test]
    fn columns_past_the_cap_are_counted() {
        let warned = |columns: usize| {
            let fields: Vec<String> = (0..columns).map(|n| format!("\"c{n:04}\":{n}")).collect();
            let (data, warnings) = data(&format!("{{{}}}", fields.join(",")), Shape::Table);
            let Data::Table(table) = data else { panic!("{data:?}") };
            assert!(table.columns.len() <= 40 && table.columns.iter().all(|column| column.numeric));
            assert_eq!(table.rows[0].last(), Some(&(table.columns.len() - 1).to_string()));
            warnings
        };
        assert_eq!(warned(40), Vec::<String>::new());
        assert_eq!(warned(41), ["showing 40 of 41 columns"]);
        assert_eq!(warned(1000), ["showing 40 of 1000 columns"]);
        assert_eq!(warned(5000), ["showing 40 of more than 1000 columns"]);
    }

    #[test]
    fn rows_past_the_cap_are_counted() {
        let (data, _) = data(&format!("[{}]", vec!["{\"a\":1}"; 1500].join(",")), Shape::Table);
        let Data::Table(table) = data else { panic!("{data:?}") };
        assert_eq!((table.rows.len(), table.dropped), (1000, 500));
    }
}
