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
/// Longest cell, in bytes.
const MAX_CELL: usize = 500;

/// Reads records; `order` are the names of their fields as far as known.
pub(super) fn table(records: Vec<Value>, order: Vec<String>, warnings: &mut Vec<String>) -> Table {
    let mut known: HashSet<String> = order.iter().cloned().collect();
    let mut names = order;
    for record in records.iter().take(MAX_ROWS) {
        let fields: Vec<String> = match record {
            Value::Object(fields) => fields.keys().cloned().collect(),
            Value::Array(cells) => (1..=cells.len()).map(|n| n.to_string()).collect(),
            _ => vec!["value".to_owned()],
        };
        names.extend(fields.into_iter().filter(|name| known.insert(name.clone())));
    }
    if names.len() > MAX_COLUMNS {
        warnings.push(format!("showing {MAX_COLUMNS} of {} columns", names.len()));
        names.truncate(MAX_COLUMNS);
    }
    let cell_at = |record: &Value, at: usize| match record {
        Value::Object(fields) => fields.get(&names[at]).cloned(),
        Value::Array(cells) => names[at].parse::<usize>().ok().and_then(|n| cells.get(n - 1).cloned()),
        other => (names[at] == "value").then(|| other.clone()),
    };
    let is_number = |at: usize| {
        let mut cells = records.iter().take(MAX_ROWS).filter_map(|record| cell_at(record, at)).peekable();
        cells.peek().is_some() && cells.all(|cell| cell.is_number() || cell.is_null())
    };
    let columns = names
        .iter()
        .enumerate()
        .map(|(at, name)| Column { name: text::clipped(name, 100).into_owned(), numeric: is_number(at) });
    let rows = records.iter().take(MAX_ROWS);
    Table {
        columns: columns.collect(),
        rows: rows.map(|record| (0..names.len()).map(|at| cell(cell_at(record, at).as_ref())).collect()).collect(),
        dropped: records.len().saturating_sub(MAX_ROWS),
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
    Table { columns, rows, dropped }
}

/// The names of the fields of the first records in `text`, in the order they are written in.
pub(in super::super) fn order_in(text: &str) -> Vec<String> {
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
                    names.push(name);
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
}
