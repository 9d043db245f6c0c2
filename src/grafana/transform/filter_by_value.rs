//! Keeps rows by what their cells are.

use std::collections::HashMap;

use serde_json::Value;

use super::{
    super::{
        frame::{Cell, Frame},
        js,
        json::{at, list, text},
        matcher,
        naming::Names,
        pattern::Pattern,
    },
    Outcome, unsettle,
};

/// Keeps rows that fit any or all of `filters`, or leaves those out.
pub fn filter_by_value(options: &Value, mut frames: Vec<Frame>) -> Outcome {
    let filters = list(options, "filters");
    if filters.is_empty() {
        return Some(frames);
    }
    let all = text(options, "match").as_deref() == Some("all");
    let include = text(options, "type").is_none_or(|kind| kind == "include");
    let tests: Vec<(String, Test)> = filters
        .iter()
        .map(|filter| Some((text(filter, "fieldName").unwrap_or_default(), Test::read(at(filter, "config"))?)))
        .collect::<Option<_>>()?;
    let names = Names::among(&frames);
    for (place, frame) in frames.iter_mut().enumerate() {
        let mut columns: HashMap<String, usize> = HashMap::new();
        for (column, field) in frame.fields.iter_mut().enumerate() {
            columns.insert(names.of(place, column, field), column);
        }
        let tests: Vec<_> = tests.iter().map(|(name, test)| (columns.get(name).copied(), test)).collect();
        let keep: Vec<bool> = (0..frame.len())
            .map(|row| {
                let mut fits = tests.iter().map(|(column, test)| {
                    let field = column.and_then(|column| frame.fields.get(column));
                    field.is_some_and(|field| test.fits(field.cells.get(row).unwrap_or(&Cell::Null)))
                });
                let fits = if all { fits.all(|fits| fits) } else { fits.any(|fits| fits) };
                fits == include
            })
            .collect();
        for field in &mut frame.fields {
            let mut keep = keep.iter();
            field.cells.retain(|_| keep.next().copied().unwrap_or(false));
            unsettle(field);
        }
    }
    Some(frames)
}

/// A question about one cell.
enum Test {
    Null(bool),
    /// Compared with a number; nothing fits none.
    Order(fn(f64, f64) -> bool, f64),
    Equal(bool, Cell),
    /// Whether it contains a text, in small letters.
    Part(bool, String),
    Between(f64, f64),
    Pattern(Pattern),
}

impl Test {
    fn read(config: &Value) -> Option<Self> {
        let options = at(config, "options");
        let value = at(options, "value");
        let number = || js::as_number(&matcher::cell(value));
        let limit = |key| match at(options, key) {
            Value::Number(number) => number.as_f64().unwrap_or(f64::NAN),
            other => js::parse_float(&js::cell_text(&matcher::cell(other))).trunc(),
        };
        let part = || text(options, "value").unwrap_or_default().to_lowercase();
        Some(match at(config, "id").as_str()? {
            "isNull" => Self::Null(true),
            "isNotNull" => Self::Null(false),
            "greater" => Self::Order(|a, b| a > b, number()),
            "greaterOrEqual" => Self::Order(|a, b| a >= b, number()),
            "lower" => Self::Order(|a, b| a < b, number()),
            "lowerOrEqual" => Self::Order(|a, b| a <= b, number()),
            "equal" => Self::Equal(true, matcher::cell(value)),
            "notEqual" => Self::Equal(false, matcher::cell(value)),
            "substring" => Self::Part(true, part()),
            "notSubstring" => Self::Part(false, part()),
            "between" => Self::Between(limit("from"), limit("to")),
            // A pattern here stands anywhere in the text, and has no slashes around it.
            "regex" => Self::Pattern(Pattern::read(&format!("(?:{})", js::cell_text(&matcher::cell(value))))?),
            _ => return None,
        })
    }

    fn fits(&self, cell: &Cell) -> bool {
        let number = if *cell == Cell::Null { f64::NAN } else { js::as_number(cell) };
        match self {
            Self::Null(wanted) => (*cell == Cell::Null) == *wanted,
            Self::Order(order, value) => order(number, *value),
            Self::Equal(wanted, value) => loosely_equal(cell, value) == *wanted,
            Self::Part(_, part) if part.is_empty() => matches!(self, Self::Part(true, _)),
            Self::Part(wanted, part) => match cell {
                Cell::Text(text) if !text.is_empty() => text.to_lowercase().contains(part) == *wanted,
                _ => false,
            },
            Self::Between(from, to) => number > *from && number < *to,
            Self::Pattern(pattern) => *cell != Cell::Null && pattern.is_match(&js::cell_text(cell)),
        }
    }
}

fn loosely_equal(a: &Cell, b: &Cell) -> bool {
    match (a, b) {
        (Cell::Null, _) | (_, Cell::Null) => a == b,
        (Cell::Text(a), Cell::Text(b)) => a == b,
        _ => js::as_number(a) == js::as_number(b),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::check;

    #[test]
    fn rows_are_kept_by_their_cells() {
        check::all(&[
            (
                "filterByValue",
                "table",
                json!({"type": "include", "match": "any", "filters": [{"fieldName": "cpu", "config": {"id": "greater", "options": {"value": 2}}}, {"fieldName": "pod", "config": {"id": "equal", "options": {"value": "b"}}}]}),
                "A> pod:s b,a | ns:s x,y | cpu:n 2,3.5 | mem:n NaN,30",
            ),
            (
                "filterByValue",
                "table",
                json!({"type": "exclude", "match": "all", "filters": [{"fieldName": "pod", "config": {"id": "regex", "options": {"value": "^a"}}}, {"fieldName": "ns", "config": {"id": "substring", "options": {"value": "Y"}}}]}),
                "A> pod:s a,b,- | ns:s x,x,y | cpu:n 1,2,0 | mem:n 10,NaN,40",
            ),
            (
                "filterByValue",
                "table",
                json!({"type": "include", "match": "all", "filters": [{"fieldName": "mem", "config": {"id": "between", "options": {"from": 5, "to": "40"}}}]}),
                "A> pod:s a,a | ns:s x,y | cpu:n 1,3.5 | mem:n 10,30",
            ),
            (
                "filterByValue",
                "table",
                json!({"filters": [{"fieldName": "none", "config": {"id": "isNull", "options": {}}}]}),
                "A> pod:s  | ns:s  | cpu:n  | mem:n ",
            ),
        ]);
    }
}
