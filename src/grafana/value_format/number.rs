//! Numbers as a browser writes them: Grafana's texts come from there, down to where they are rounded.

/// The most digits behind the point that a browser takes.
const MOST_DIGITS: i32 = 100;

/// A number in the fewest digits that tell it apart, as JavaScript's `String(number)`.
pub fn plain(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    if value.is_nan() || (1e-6..1e21).contains(&value.abs()) {
        return shortest(value);
    }
    signed_exponent(&format!("{value:e}"))
}

/// All digits before the point, and the fewest behind it that tell a number apart. Of two that are as near, the even one.
fn shortest(value: f64) -> String {
    let text = format!("{value}");
    if text.len() > 16 && text.contains('.') {
        let exact = format!("{value:.32}");
        let exact = exact.trim_end_matches('0');
        if let Some(even) = exact.strip_suffix('5')
            && even.len() == text.len()
            && even.parse() == Ok(value)
            && even.ends_with(['0', '2', '4', '6', '8'])
        {
            return even.to_owned();
        }
    }
    text
}

/// What was written as `1e21`, as `1e+21`.
fn signed_exponent(written: &str) -> String {
    match written.split_once('e') {
        Some((digits, exponent)) if !exponent.starts_with('-') => format!("{digits}e+{exponent}"),
        _ => written.to_owned(),
    }
}

/// Rounds half up, as JavaScript's `Math.round`.
fn round(value: f64) -> f64 {
    let below = value.floor();
    if value - below >= 0.5 { below + 1.0 } else { below }
}

/// What stands for a number without end.
pub fn infinite(value: f64) -> String {
    if value > 0.0 { "∞" } else { "-∞" }.to_owned()
}

/// A number with a number of digits behind the point; `None` for as many as suit its size.
pub fn fixed(value: f64, decimals: Option<i32>) -> String {
    if value.is_infinite() {
        return infinite(value);
    }
    let decimals = decimals.unwrap_or_else(|| digits_that_suit(value));
    let digits = usize::try_from(decimals.clamp(0, MOST_DIGITS)).unwrap_or(0);
    if value == 0.0 {
        return format!("{:.*}", digits, 0.0);
    }
    let factor = 10_f64.powf(f64::from(decimals.max(0)));
    let mut formatted = plain(round(value * factor) / factor);
    if formatted.contains('e') {
        return formatted;
    }
    let precision = formatted.split_once('.').map_or(0, |(_, behind)| behind.len());
    if precision < digits {
        if precision == 0 {
            formatted.push('.');
        }
        // The zeros come from the factor as it is written, which is not all zeros once it is large.
        formatted.extend(plain(factor).chars().skip(1).take(digits - precision));
    }
    formatted
}

/// How many digits behind the point show a number well.
fn digits_that_suit(value: f64) -> i32 {
    if value.is_nan() || value % 1.0 == 0.0 {
        return 0;
    }
    let magnitude = (value.abs().ln() / std::f64::consts::LN_10).floor();
    let digits = 1.0 - magnitude;
    let norm = value.abs() / 10_f64.powf(-digits);
    let digits = if norm > 2.25 { digits + 1.0 } else { digits };
    // Saturates, and is small anyway: no number is smaller than 1e-324.
    digits.max(0.0) as i32
}

/// A number as `1.5e+3`; `None` for as many digits as tell it apart.
pub fn scientific(value: f64, decimals: Option<i32>) -> String {
    if !value.is_finite() {
        return plain(value);
    }
    let value = if value == 0.0 { 0.0 } else { value };
    let Some(decimals) = decimals else {
        return signed_exponent(&format!("{value:e}"));
    };
    let digits = usize::try_from(decimals.clamp(0, MOST_DIGITS)).unwrap_or(0);
    let even = format!("{value:.digits$e}");
    // Halves are rounded up here, and to the even digit there. No number has more than 767 digits.
    let exact = format!("{value:.767e}");
    let half = exact
        .split_once('e')
        .and_then(|(exact, _)| exact.trim_start_matches('-').get(digits + 2..))
        .and_then(|rest| rest.strip_prefix('5'))
        .is_some_and(|rest| rest.bytes().all(|b| b == b'0'));
    if half {
        let up = if value > 0.0 { value.next_up() } else { value.next_down() };
        return signed_exponent(&format!("{up:.digits$e}"));
    }
    signed_exponent(&even)
}

/// A number in base sixteen, with small letters, as JavaScript's `toString(16)`.
pub fn hexadecimal(value: f64) -> String {
    if !value.is_finite() {
        return plain(value);
    }
    let (mut integer, mut fraction) = (value.abs().floor(), value.abs().fract());
    let mut behind = Vec::new();
    // Digits are written as long as they are more than half the distance to the next number.
    let mut delta = (0.5 * (value.abs().next_up() - value.abs())).max(f64::from_bits(1));
    while fraction >= delta {
        fraction *= 16.0;
        delta *= 16.0;
        let digit = fraction as u32;
        behind.push(digit);
        fraction -= f64::from(digit);
        if (fraction > 0.5 || (fraction == 0.5 && digit % 2 == 1)) && fraction + delta > 1.0 {
            loop {
                match behind.pop() {
                    None => integer += 1.0,
                    Some(15) => continue,
                    Some(digit) => behind.push(digit + 1),
                }
                break;
            }
            break;
        }
    }
    let mut before = Vec::new();
    loop {
        let digit = integer % 16.0;
        before.push(digit as u32);
        integer = (integer - digit) / 16.0;
        if integer <= 0.0 {
            break;
        }
    }
    let letter = |digit: &u32| char::from_digit(*digit, 16).unwrap_or('0');
    let mut text = if value < 0.0 { "-".to_owned() } else { String::new() };
    text.extend(before.iter().rev().map(letter));
    if !behind.is_empty() {
        text.push('.');
        text.extend(behind.iter().map(letter));
    }
    text
}

/// A number as it is written in English, with commas between thousands; `least` and `most` digits behind the point.
pub fn english(value: f64, least: i32, most: i32) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return infinite(value);
    }
    let count = |digits: i32| usize::try_from(digits.clamp(0, MOST_DIGITS)).unwrap_or(0);
    let (least, most) = (count(least), count(most));
    let written = shortest(value.abs());
    let (whole, behind) = written.split_once('.').unwrap_or((&written, ""));
    let mut digits: Vec<u8> = whole.bytes().chain(behind.bytes().take(most)).map(|digit| digit - b'0').collect();
    if behind.as_bytes().get(most).is_some_and(|next| *next >= b'5') {
        round_up(&mut digits);
    }
    let kept = behind.len().min(most);
    let (whole, behind) = digits.split_at(digits.len().saturating_sub(kept));
    let mut text = if value.is_sign_negative() { "-".to_owned() } else { String::new() };
    for (at, digit) in whole.iter().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            text.push(',');
        }
        text.push(char::from(b'0' + digit));
    }
    let needed = behind.iter().rposition(|digit| *digit != 0).map_or(0, |last| last + 1).max(least);
    if needed > 0 {
        text.push('.');
        text.extend((0..needed).map(|at| char::from(b'0' + behind.get(at).copied().unwrap_or(0))));
    }
    text
}

/// Adds one to the last of some digits.
fn round_up(digits: &mut Vec<u8>) {
    for digit in digits.iter_mut().rev() {
        if *digit < 9 {
            *digit += 1;
            return;
        }
        *digit = 0;
    }
    digits.insert(0, 1);
}
