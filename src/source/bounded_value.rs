//! JSON values that take no more memory than they may: `{"":0}` is six bytes in a body and several hundred here.

use std::{cell::Cell, fmt};

use serde::{
    Deserializer,
    de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Number, Value};

/// What a value takes in a list, which grows to twice its size.
const VALUE: usize = 2 * size_of::<Value>();
/// What a text takes beside its letters, of which there are no more than in the body.
const TEXT: usize = 32;
/// What a record takes for its first field, and for each that follows.
const FIRST_FIELD: usize = 640;
const FIELD: usize = 128;

/// The memory that values may still take, in bytes.
pub(super) struct Room(Cell<Option<usize>>);

/// Reads a value into the room there is; an error when there is none.
#[derive(Clone, Copy)]
pub(super) struct Bounded<'r>(pub(super) &'r Room);

impl Room {
    pub(super) fn of(bytes: usize) -> Self {
        Self(Cell::new(Some(bytes)))
    }

    /// Whether a value did not fit in.
    pub(super) fn is_exceeded(&self) -> bool {
        self.0.get().is_none()
    }

    fn take<E: Error>(&self, bytes: usize) -> Result<(), E> {
        let left = self.0.get().and_then(|left| left.checked_sub(bytes));
        self.0.set(left);
        left.map(drop).ok_or_else(|| E::custom("too large"))
    }
}

impl<'de> DeserializeSeed<'de> for Bounded<'_> {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.0.take(VALUE)?;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Bounded<'_> {
    type Value = Value;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }
    fn visit_bool<E>(self, yes: bool) -> Result<Value, E> {
        Ok(Value::Bool(yes))
    }
    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Number(number.into()))
    }
    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Number(number.into()))
    }
    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Number::from_f64(number).map_or(Value::Null, Value::Number))
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        self.0.take(TEXT)?;
        Ok(Value::String(text.to_owned()))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = seq.next_element_seed(self)? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut fields = Map::new();
        while let Some(name) = map.next_key::<String>()? {
            self.0.take(if fields.is_empty() { FIRST_FIELD } else { FIELD })?;
            fields.insert(name, map.next_value_seed(self)?);
        }
        Ok(Value::Object(fields))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(json: &str, fits: bool) {
        let room = Room::of(10_000);
        let value = Bounded(&room).deserialize(&mut serde_json::Deserializer::from_str(json));
        assert_eq!((value.is_ok(), room.is_exceeded()), (fits, !fits), "{}", &json[..20]);
        if let Ok(value) = value {
            assert_eq!(Some(value), serde_json::from_str(json).ok());
        }
    }

    #[test]
    fn a_value_is_read_while_there_is_room() {
        check(r#"{"a":[1,-2,2.5,"x",null,true,{}],"a":{"b":[]},"c":18446744073709551615}"#, true);
        check(&format!("[{}]", ["0"; 100].join(",")), true);
        check(&format!("[{}]", ["0"; 1000].join(",")), false);
        check(&format!("[{}]", [r#"{"":0}"#; 100].join(",")), false);
        check(&format!("[{}]", [r#""a""#; 150].join(",")), false);
        check(&format!("\"{}\"", "long ".repeat(10_000)), true);
    }
}
