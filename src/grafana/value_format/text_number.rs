//! The number that is in a text, as a browser reads it.

use serde_json::Value;

/// The number that a text begins with, as JavaScript's `parseFloat`; NaN where there is none.
pub fn leading(text: &str) -> f64 {
    let text = text.trim_start();
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let sign = text.len() - unsigned.len();
    if unsigned.starts_with("Infinity") {
        return if text.starts_with('-') { f64::NEG_INFINITY } else { f64::INFINITY };
    }
    let digits = |from: usize| unsigned.bytes().skip(from).take_while(u8::is_ascii_digit).count();
    let whole = digits(0);
    let mut end = whole;
    if unsigned.as_bytes().get(end) == Some(&b'.') {
        let behind = digits(end + 1);
        if whole + behind > 0 {
            end += 1 + behind;
        }
    }
    if end == 0 {
        return f64::NAN;
    }
    if matches!(unsigned.as_bytes().get(end), Some(b'e' | b'E')) {
        let signed = usize::from(matches!(unsigned.as_bytes().get(end + 1), Some(b'-' | b'+')));
        let exponent = digits(end + 1 + signed);
        if exponent > 0 {
            end += 1 + signed + exponent;
        }
    }
    text.get(..sign + end).and_then(|number| number.parse().ok()).unwrap_or(f64::NAN)
}

/// The number that a whole text is, as JavaScript's `Number(text)`; NaN where it is none.
pub fn whole(text: &str) -> f64 {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if text.is_empty() {
        return 0.0;
    }
    let based = |digits: &str, radix: u32| {
        let mut value = if digits.is_empty() { f64::NAN } else { 0.0 };
        for digit in digits.chars() {
            value = value * f64::from(radix) + digit.to_digit(radix).map_or(f64::NAN, f64::from);
        }
        value
    };
    for (prefixes, radix) in [(["0x", "0X"], 16), (["0o", "0O"], 8), (["0b", "0B"], 2)] {
        if let Some(digits) = prefixes.iter().find_map(|prefix| text.strip_prefix(prefix)) {
            return based(digits, radix);
        }
    }
    match text.trim_start_matches(['-', '+']) {
        "Infinity" => leading(text),
        digits if digits.bytes().all(|b| b.is_ascii_digit() || b".eE+-".contains(&b)) => {
            text.parse().unwrap_or(f64::NAN)
        }
        _ => f64::NAN,
    }
}

/// The number that a value of JSON is, as JavaScript's `Number(value)`; NaN where it is none.
pub fn of_json(value: &Value) -> f64 {
    match value {
        Value::Null => 0.0,
        Value::Bool(yes) => f64::from(u8::from(*yes)),
        Value::Number(number) => number.as_f64().unwrap_or(f64::NAN),
        Value::String(text) => whole(text),
        Value::Array(_) | Value::Object(_) => f64::NAN,
    }
}
