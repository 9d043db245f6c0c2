//! The words and colours of value mappings, for a value.

use super::{
    frame::Cell,
    mapping::{MappedTo, Special, ValueMapping},
    replacement::replace,
    value_format::{number, text_number},
};

/// What a value becomes by the first rule that fits; `None` when none does.
pub fn mapped(mappings: &[ValueMapping], value: &Cell) -> Option<MappedTo> {
    mappings.iter().find_map(|mapping| result_of(mapping, value))
}

fn result_of(mapping: &ValueMapping, value: &Cell) -> Option<MappedTo> {
    match mapping {
        ValueMapping::Values(results) => match value {
            Cell::Text(text) => results.get(&**text),
            Cell::Number(number) | Cell::Frame(_, Some(number)) => results.get(&number::plain(*number)),
            Cell::Boolean(yes) => results.get(if *yes { "true" } else { "false" }),
            Cell::Null | Cell::Frame(_, None) => None,
        }
        .cloned(),
        ValueMapping::Range { from, to, result } => {
            let number = match value {
                Cell::Text(text) => text_number::leading(text),
                Cell::Number(number) | Cell::Frame(_, Some(number)) => *number,
                Cell::Boolean(_) | Cell::Null | Cell::Frame(_, None) => return None,
            };
            let inside = from.is_none_or(|from| number >= from) && to.is_none_or(|to| number <= to);
            (inside && !number.is_nan()).then(|| result.clone())
        }
        ValueMapping::Regex { pattern, result } => {
            let (Some(pattern), Cell::Text(text)) = (pattern, value) else { return None };
            let replaced = |words: &String| replace(pattern, text, words);
            pattern.is_match(text).then(|| MappedTo { text: result.text.as_ref().map(replaced), ..result.clone() })
        }
        ValueMapping::Special { matches, result } => is(*matches, value).then(|| result.clone()),
    }
}

/// Whether a value is one of those.
fn is(matches: Special, value: &Cell) -> bool {
    let null = matches!(value, Cell::Null | Cell::Frame(_, None));
    let not_a_number = matches!(value, Cell::Number(number) | Cell::Frame(_, Some(number)) if number.is_nan());
    let text = |wanted: &str| matches!(value, Cell::Text(text) if &**text == wanted);
    match matches {
        Special::True => *value == Cell::Boolean(true) || text("true"),
        Special::False => *value == Cell::Boolean(false) || text("false"),
        Special::Null => null,
        Special::NaN => not_a_number,
        Special::NullOrNaN => null || not_a_number,
        Special::Empty => text(""),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn text(mappings: &Value, value: Cell) -> Option<String> {
        mapped(&ValueMapping::read_all(mappings), &value)?.text
    }

    #[test]
    fn the_first_rule_that_fits_counts() {
        let mappings = json!([
            {"type": "value", "options": {"0": {"text": "down"}, "1": {"text": 1.5}, "true": {"text": "yes"}, "NaN": null}},
            {"type": "range", "options": {"from": 5, "to": "10", "result": {"text": "some", "color": "red"}}},
            {"type": "range", "options": {"from": 100, "to": null, "result": {"text": "many"}}},
            {"type": "regex", "options": {"pattern": "node-(\\d+)", "result": {"text": "n$1 of $$ $2 $&"}}},
            {"type": "regex", "options": {"pattern": "/O/gi", "result": {"text": "0"}}},
            {"type": "special", "options": {"match": "null+nan", "result": {"text": "none"}}},
            {"type": "special", "options": {"match": "empty", "result": {"text": "empty"}}},
            {"type": "special", "options": {"match": "false", "result": {}}},
            {"type": "unheard of"}, 7
        ]);
        let of = |text: &str| Cell::Text(text.into());
        for (value, shown) in [
            (Cell::Number(-0.0), Some("down")),
            (Cell::Number(1.0), Some("1.5")),
            (Cell::Boolean(true), Some("yes")),
            (Cell::Number(10.0), Some("some")),
            (Cell::Number(11.0), None),
            (Cell::Number(f64::INFINITY), Some("many")),
            (of("7 apples"), Some("some")),
            (of("node-42"), Some("n42 of $ $2 node-42")),
            (of("my node-42x"), Some("my n0de-42x")),
            (Cell::Number(f64::NAN), Some("none")),
            (Cell::Null, Some("none")),
            (of(""), Some("empty")),
            (of("false"), None),
        ] {
            assert_eq!(text(&mappings, value.clone()).as_deref(), shown, "{value:?}");
        }
    }
}
