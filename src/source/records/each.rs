//! The records of an answer, one after the other, so that it is never there as values as a whole.

use std::fmt;

use serde::{
    Deserializer,
    de::{DeserializeSeed, IgnoredAny, SeqAccess, Visitor},
};
use serde_json::Value;

use super::super::{
    bounded_value::{Bounded, Room},
    wire,
};
use crate::signal::{Fault, FaultKind};

/// Most memory that one record takes, in bytes.
const MAX_RECORD: usize = 32 << 20;

const WHAT: &str = "what was expected";

/// Hands over each record: the elements of a single array, or the values themselves, of which there may be several in a
/// row as JSON lines have them. A single `null` is no record.
pub(super) fn each(text: &str, mut take: impl FnMut(Value)) -> Result<(), Fault> {
    let mut values = 0;
    for value in serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>() {
        match value {
            Ok(IgnoredAny) => values += 1,
            // The whole is decoded again for the words.
            Err(_) => {
                let whole = wire::decode::<IgnoredAny>(text, WHAT);
                return Err(whole.err().unwrap_or_else(|| Fault::new(FaultKind::Malformed, "not JSON")));
            }
        }
    }
    let mut room = Room::of(MAX_RECORD);
    let mut json = serde_json::Deserializer::from_str(text);
    let read = match values {
        1 if text.trim_start().starts_with('[') => json.deserialize_seq(Elements { room: &mut room, take: &mut take }),
        values => (0..values).try_for_each(|_| {
            room = Room::of(MAX_RECORD);
            let value = Bounded(&room).deserialize(&mut json)?;
            if values > 1 || !value.is_null() {
                take(value);
            }
            Ok(())
        }),
    };
    read.map_err(|error| match room.is_exceeded() {
        true => Fault::new(FaultKind::Malformed, "one record has too many values: take it apart with `jq`"),
        false => wire::malformed(text.trim(), text.len(), WHAT, &error),
    })
}

/// The elements of an array.
struct Elements<'r, F> {
    room: &'r mut Room,
    take: F,
}

impl<'de, F: FnMut(Value)> Visitor<'de> for Elements<'_, F> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }
    fn visit_seq<A: SeqAccess<'de>>(mut self, mut seq: A) -> Result<(), A::Error> {
        loop {
            *self.room = Room::of(MAX_RECORD);
            match seq.next_element_seed(Bounded(&*self.room))? {
                Some(record) => (self.take)(record),
                None => return Ok(()),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Result<&[&str], &str>) {
        let mut records = Vec::new();
        let said = each(text, |record| records.push(record.to_string())).map_err(|fault| fault.detail);
        assert_eq!(
            said.map(|()| records),
            expected.map(|all| all.iter().map(|&one| one.to_owned()).collect()).map_err(str::to_owned)
        );
    }

    #[test]
    fn records_of_an_array_or_in_a_row() {
        check("", Ok(&[]));
        check("null", Ok(&[]));
        check(" [1,{\"a\":[2]}] ", Ok(&["1", "{\"a\":[2]}"]));
        check("[null]", Ok(&["null"]));
        check("{\"a\":1}\n{\"a\":2}\n", Ok(&["{\"a\":1}", "{\"a\":2}"]));
        check("[1]\n[2]", Ok(&["[1]", "[2]"]));
        check("null null", Ok(&["null", "null"]));
        check("[1,", Err("cut off after 3 bytes"));
        check("{} x", Err("not JSON at line 1, column 4; begins with {} x"));
    }

    #[test]
    fn many_records_are_fine_and_a_huge_one_is_not() {
        let many = format!("[{}]", vec![r#"{"":0}"#; 200_000].join(","));
        let mut found = 0;
        assert_eq!(each(&many, |_| found += 1), Ok(()));
        assert_eq!(found, 200_000);
        for huge in [format!("[{many}]"), format!("{{\"a\":{many}}}")] {
            let fault = each(&huge, |_| {}).expect_err("too many");
            assert_eq!(fault.detail, "one record has too many values: take it apart with `jq`");
        }
    }
}
