//! The cells of one column, as many as there is room for.

use std::{cell::Cell as Budget, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{
        Error, IgnoredAny, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer, value::SeqAccessDeserializer,
    },
};
use serde_json::Value;

use super::super::frame::Cell;

/// Most cells that are kept of one answer.
pub(super) const MAX_CELLS: usize = 500_000;
/// The longest text of a cell, in bytes.
const MAX_TEXT: usize = 20_000;

/// What was read of a column.
#[derive(Debug, Default)]
pub(super) struct Column {
    pub(super) cells: Vec<Cell>,
    /// How many cells were left out.
    pub(super) dropped: usize,
}

impl Column {
    /// Reads a list of values; `left` is how many cells there is still room for.
    pub(super) fn read(json: &str, left: &Budget<usize>) -> Result<Self, String> {
        let mut deserializer = serde_json::Deserializer::from_str(json);
        deserializer.deserialize_any(Cells { left }).map_err(|error| error.to_string())
    }
}

struct Cells<'a> {
    left: &'a Budget<usize>,
}

impl<'de> Visitor<'de> for Cells<'_> {
    type Value = Column;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of values")
    }

    fn visit_unit<E: Error>(self) -> Result<Column, E> {
        Ok(Column::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Column, A::Error> {
        let mut column = Column::default();
        while self.left.get() > 0 {
            let Some(One(cell)) = seq.next_element()? else { return Ok(column) };
            self.left.set(self.left.get() - 1);
            column.cells.push(cell);
        }
        while seq.next_element::<IgnoredAny>()?.is_some() {
            column.dropped += 1;
        }
        Ok(column)
    }
}

/// One cell. What is neither number, text nor yes or no stays as it is written.
struct One(Cell);

impl<'de> Deserialize<'de> for One {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Single).map(One)
    }
}

struct Single;

impl<'de> Visitor<'de> for Single {
    type Value = Cell;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E: Error>(self) -> Result<Cell, E> {
        Ok(Cell::Null)
    }

    fn visit_bool<E: Error>(self, yes: bool) -> Result<Cell, E> {
        Ok(Cell::Boolean(yes))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Cell, E> {
        Ok(Cell::Number(value as f64))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Cell, E> {
        Ok(Cell::Number(value as f64))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Cell, E> {
        Ok(Cell::Number(value))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Cell, E> {
        Ok(words(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Cell, A::Error> {
        Value::deserialize(SeqAccessDeserializer::new(seq)).map(|value| words(&value.to_string()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Cell, A::Error> {
        Value::deserialize(MapAccessDeserializer::new(map)).map(|value| words(&value.to_string()))
    }
}

fn words(text: &str) -> Cell {
    let mut end = text.len().min(MAX_TEXT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    Cell::Text(text.get(..end).unwrap_or_default().into())
}
