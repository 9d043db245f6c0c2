//! Numbers in thousands, millions and so on: of bytes, of watts, of money.

use super::{Formatted, Side, number};

/// Signs of the powers of a thousand, from the smallest.
const SI_PREFIXES: [&str; 14] = ["f", "p", "n", "µ", "m", "", "k", "M", "G", "T", "P", "E", "Z", "Y"];
/// Where in them the unit itself stands.
const SI_BASE: i32 = 5;
/// Signs of the powers of 1024.
const BINARY_PREFIXES: [&str; 9] = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi"];
/// Short words for the powers of a thousand of what is counted.
const COUNTS: [&str; 5] = ["", "K", "M", "B", "T"];

/// A number over the power of a factor that suits it, and which of so many signs that is; no sign for what has no end or
/// is no number. The unit itself is at `base`.
fn scaled(factor: f64, signs: usize, base: i32, value: f64, decimals: Option<i32>) -> (String, Option<usize>) {
    if value.is_infinite() {
        return (number::infinite(value), None);
    }
    if value.is_nan() {
        return (number::plain(value), None);
    }
    let last = i32::try_from(signs).unwrap_or(i32::MAX) - 1;
    // As an integer it saturates, far beyond the last sign.
    let power = if value == 0.0 { 0 } else { (value.abs().log10() / factor.log10()).floor() as i32 };
    let power = power.clamp(-base, (last - base).max(-base));
    let text = number::fixed(value / factor.powf(f64::from(power)), decimals);
    (text, usize::try_from((base + power).clamp(0, last)).ok())
}

/// In thousands, with a list of what stands behind.
pub fn thousands(suffixes: &[&str], value: f64, decimals: Option<i32>) -> Formatted {
    let (text, at) = scaled(1000.0, suffixes.len(), 0, value, decimals);
    Formatted::new("", text, at.and_then(|at| suffixes.get(at)).copied().unwrap_or(""))
}

/// With a sign of the powers of a thousand before the unit; the value is given in the `offset`th power.
pub fn si(unit: &str, offset: i32, value: f64, decimals: Option<i32>) -> Formatted {
    prefixed(1000.0, &SI_PREFIXES, SI_BASE + offset, unit, value, decimals)
}

/// With a sign of the powers of 1024 before the unit; the value is given in the `offset`th power.
pub fn binary(unit: &str, offset: i32, value: f64, decimals: Option<i32>) -> Formatted {
    prefixed(1024.0, &BINARY_PREFIXES, offset, unit, value, decimals)
}

fn prefixed(factor: f64, signs: &[&str], base: i32, unit: &str, value: f64, decimals: Option<i32>) -> Formatted {
    let (text, at) = scaled(factor, signs.len(), base, value, decimals);
    Formatted::new("", text, at.and_then(|at| signs.get(at)).map(|sign| format!(" {sign}{unit}")).unwrap_or_default())
}

/// Which power of a thousand the first sign of a unit says, and the unit without it.
pub fn split_si(written: &str) -> (&str, i32) {
    let Some(first) = written.chars().next() else { return (written, 0) };
    // Two signs look alike: the one for a millionth, and the Greek letter.
    let first = if first == 'μ' { 'µ' } else { first };
    let at = SI_PREFIXES.iter().position(|sign| sign.chars().eq([first]));
    match at.and_then(|at| i32::try_from(at).ok()) {
        Some(at) => (written.get(written.chars().next().map_or(0, char::len_utf8)..).unwrap_or(""), at - SI_BASE),
        None => (written, 0),
    }
}

/// So many of something, such as requests in a second.
pub fn count(what: &str, value: f64, decimals: Option<i32>) -> Formatted {
    let (text, at) = scaled(1000.0, COUNTS.len(), 0, value, decimals);
    // Grafana says so for what has no end.
    let sign = at.and_then(|at| COUNTS.get(at)).copied().unwrap_or("undefined");
    Formatted::new("", text, format!("{sign} {what}"))
}

/// An amount of money, in short.
pub fn currency(symbol: &str, side: Side, value: f64, decimals: Option<i32>) -> Formatted {
    let negative = value < 0.0;
    let (text, at) = scaled(1000.0, COUNTS.len(), 0, if negative { -value } else { value }, decimals);
    let sign = at.and_then(|at| COUNTS.get(at)).copied();
    let minus = if negative { "-" } else { "" };
    match side {
        Side::Before => Formatted::new(format!("{minus}{symbol}"), text, sign.unwrap_or("")),
        Side::Behind => Formatted::new(minus, text, sign.map(|sign| format!("{sign}{symbol}")).unwrap_or_default()),
    }
}

/// An amount of money, in full.
pub fn full_currency(symbol: &str, side: Side, value: f64, decimals: Option<i32>) -> Formatted {
    let text = match decimals {
        Some(digits) => number::english(value, digits, digits),
        None => number::english(value, 0, 1),
    };
    match side {
        Side::Before => Formatted::new(symbol, text, ""),
        Side::Behind => Formatted::new("", text, symbol),
    }
}
