//! Values as JavaScript treats them: what a browser compares, sorts and writes is what people see in a dashboard.

use serde_json::Value;

use super::frame::Cell;
pub use super::value_format::{
    number::plain as number_text,
    text_number::{leading as parse_float, whole as to_number},
};

/// A cell as JavaScript writes it; nothing is `null`.
pub fn cell_text(cell: &Cell) -> String {
    match cell {
        Cell::Null => "null".to_owned(),
        Cell::Number(value) => number_text(*value),
        Cell::Text(text) => text.to_string(),
        Cell::Boolean(yes) => yes.to_string(),
        Cell::Frame(..) => "[object Object]".to_owned(),
    }
}

/// A cell as text, where nothing is the empty text.
pub fn cell_or_empty(cell: &Cell) -> String {
    if *cell == Cell::Null { String::new() } else { cell_text(cell) }
}

/// Whether a value of JSON counts as yes.
pub fn truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(yes) => *yes,
        Value::Number(number) => number.as_f64().is_some_and(|number| number != 0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(_) | Value::Object(_) => true,
    }
}

/// The number a cell counts as where one is needed: nothing is 0, yes is 1, a text is what it says.
pub fn as_number(cell: &Cell) -> f64 {
    match cell {
        Cell::Null => 0.0,
        Cell::Number(value) => *value,
        Cell::Boolean(yes) => f64::from(u8::from(*yes)),
        Cell::Text(text) => to_number(text),
        Cell::Frame(..) => f64::NAN,
    }
}

/// Puts keys in the order in which JavaScript walks over those of an object: whole numbers first.
pub fn object_order(keys: &mut [&str]) {
    let number = |key: &str| key.parse::<u32>().ok().filter(|number| *number < u32::MAX && number.to_string() == key);
    keys.sort_by_key(|key| number(key).map_or((true, 0), |number| (false, number)));
}

/// What tells cells apart, as the members of a set.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    /// Nothing.
    Null,
    /// A number by its bits; all NaN are one, and so are both zeros.
    Number(u64),
    /// A text.
    Text(std::sync::Arc<str>),
    /// Yes or no.
    Boolean(bool),
    /// A frame, by where it lies.
    Frame(usize),
}

/// The key of a cell.
pub fn key(cell: &Cell) -> Key {
    match cell {
        Cell::Null => Key::Null,
        Cell::Number(value) if value.is_nan() => Key::Number(f64::NAN.to_bits()),
        Cell::Number(value) => Key::Number((value + 0.0).to_bits()),
        Cell::Text(text) => Key::Text(text.clone()),
        Cell::Boolean(yes) => Key::Boolean(*yes),
        Cell::Frame(frame, _) => Key::Frame(std::sync::Arc::as_ptr(frame).addr()),
    }
}

/// As many as are sorted by inserting each at its place: what V8 does with less than this.
const RUN: usize = 63;

/// Sorts stably by a comparison that may contradict itself, as one with NaN does: short lists come out as in V8.
///
/// `compare` answers above zero when the first belongs behind the second; NaN counts as equal.
pub fn sort_by<T: Clone>(list: &mut Vec<T>, compare: impl Fn(&T, &T) -> f64) {
    let mut runs: Vec<Vec<T>> = list.chunks(RUN).map(|run| insertion_sorted(run, &compare)).collect();
    while runs.len() > 1 {
        let mut pairs = runs.into_iter();
        let mut merged = Vec::new();
        while let Some(left) = pairs.next() {
            merged.push(match pairs.next() {
                Some(right) => merge(left, right, &compare),
                None => left,
            });
        }
        runs = merged;
    }
    *list = runs.pop().unwrap_or_default();
}

/// One run: what rises or strictly falls at its beginning is kept, each further one goes behind its equals.
fn insertion_sorted<T: Clone>(run: &[T], compare: &impl Fn(&T, &T) -> f64) -> Vec<T> {
    let mut pairs = run.windows(2).map(|pair| match pair {
        [a, b] => compare(b, a),
        _ => 0.0,
    });
    let falls = pairs.next().is_some_and(|order| order < 0.0);
    let head = run.len().min(2 + pairs.take_while(|order| (*order < 0.0) == falls).count());
    let (head, tail) = run.split_at_checked(head).unwrap_or((run, &[]));
    let mut out: Vec<T> = if falls { head.iter().rev().cloned().collect() } else { head.to_vec() };
    for item in tail {
        let (mut left, mut right) = (0, out.len());
        while left < right {
            let middle = usize::midpoint(left, right);
            if out.get(middle).is_some_and(|other| compare(item, other) < 0.0) {
                right = middle
            } else {
                left = middle + 1
            }
        }
        out.insert(left, item.clone());
    }
    out
}

fn merge<T>(left: Vec<T>, right: Vec<T>, compare: &impl Fn(&T, &T) -> f64) -> Vec<T> {
    let mut out = Vec::with_capacity(left.len() + right.len());
    let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
    while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
        let next = if compare(b, a) < 0.0 { right.next() } else { left.next() };
        out.extend(next);
    }
    out.extend(left);
    out.extend(right);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_in_a_browser() {
        for (value, text) in [
            (0.1, "0.1"),
            (-0.0, "0"),
            (1e21, "1e+21"),
            (123456789012345680000.0, "123456789012345680000"),
            (1.5e-7, "1.5e-7"),
            (0.000001, "0.000001"),
            (f64::INFINITY, "Infinity"),
        ] {
            assert_eq!(number_text(value), text);
        }
    }

    #[test]
    fn texts_are_read_as_in_a_browser() {
        assert_eq!([to_number(" 12 "), to_number("1e3"), to_number("0x1F"), to_number("")], [12.0, 1000.0, 31.0, 0.0]);
        assert!(to_number("12px").is_nan() && to_number("inf").is_nan() && parse_float("x").is_nan());
        assert_eq!(
            [parse_float("12px"), parse_float("-1.5e3e"), parse_float("1e"), parse_float(".5")],
            [12.0, -1500.0, 1.0, 0.5]
        );
    }

    #[test]
    fn what_cannot_be_ordered_stays_where_v8_leaves_it() {
        let nan = f64::NAN;
        let mut list = vec![5.0, 4.0, nan, 3.0, 2.0, 9.0, nan, 1.0];
        sort_by(&mut list, |a, b| a - b);
        assert_eq!(list.iter().map(|v| number_text(*v)).collect::<Vec<_>>().join(" "), "1 2 3 4 5 NaN 9 NaN");
        let mut long: Vec<f64> = (0..1000).map(|i| f64::from(i * 7919 % 1000)).collect();
        sort_by(&mut long, |a, b| a - b);
        assert!(long.is_sorted());
    }
}
