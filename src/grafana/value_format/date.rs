//! Moments by a pattern such as `YYYY-MM-DD HH:mm`, as Moment.js reads it: <https://momentjs.com/docs/#/displaying/format/>.

use super::civil::Civil;

/// What is shown of a moment that is none.
const INVALID: &str = "Invalid date";
/// The months by their names.
pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
/// The days of the week by their names, Sunday first.
pub const WEEKDAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// Patterns that stand for others.
const LONG: [(&str, &str); 10] = [
    ("LTS", "h:mm:ss A"),
    ("LT", "h:mm A"),
    ("LLLL", "dddd, MMMM D, YYYY h:mm A"),
    ("LLL", "MMMM D, YYYY h:mm A"),
    ("LL", "MMMM D, YYYY"),
    ("L", "MM/DD/YYYY"),
    ("llll", "ddd, MMM D, YYYY h:mm A"),
    ("lll", "MMM D, YYYY h:mm A"),
    ("ll", "MMM D, YYYY"),
    ("l", "M/D/YYYY"),
];

/// The signs of a pattern; of those that begin alike, the longest first.
const SIGNS: &str = "eHHmm Hmmss hmmss Hmm hmm MMMM MMM MM Mo M DDDD DDDo DDD DD Do D dddd ddd dd do d ww wo w WW Wo W Qo Q \
    NNNNN NNNN NNN NN N YYYYYY YYYYY YYYY YY Y yyyy yyy yy yo y ggggg gggg gg GGGGG GGGG GG e E a A hh h HH \
    H kk k mm m ss s SSSSSSSSS SSSSSSSS SSSSSSS SSSSSS SSSSS SSSS SSS SS S x X zz z ZZ Z";

/// A moment by a pattern.
pub fn moment(at: Option<&Civil>, pattern: &str) -> String {
    let Some(at) = at else { return INVALID.to_owned() };
    let mut text = String::new();
    if pattern.is_empty() {
        write(at, if at.zone == "UTC" { "YYYY-MM-DDTHH:mm:ss[Z]" } else { "YYYY-MM-DDTHH:mm:ssZ" }, &mut text);
    } else {
        write(at, pattern, &mut text);
    }
    text
}

fn write(at: &Civil, pattern: &str, text: &mut String) {
    let mut rest = pattern;
    while let Some(first) = rest.chars().next() {
        let inside = rest.strip_prefix('[').and_then(|inside| {
            let next = inside.find('[').unwrap_or(inside.len());
            let end = inside.get(..next)?.rfind(']')?;
            Some((inside.get(..end)?, inside.get(end + 1..)?))
        });
        if let Some((literal, after)) = inside {
            text.push_str(literal);
            rest = after;
        } else if let Some(escaped) = rest.strip_prefix('\\') {
            let length = sign_of(escaped)
                .or_else(|| long_of(escaped).map(|(sign, _)| sign))
                .map_or_else(|| escaped.chars().next().map_or(0, char::len_utf8), str::len);
            let (literal, after) = escaped.split_at_checked(length).unwrap_or((escaped, ""));
            text.extend(literal.chars().filter(|c| *c != '\\'));
            rest = after;
        } else if let Some((sign, stands_for)) = long_of(rest) {
            write(at, stands_for, text);
            rest = rest.get(sign.len()..).unwrap_or("");
        } else if let Some(sign) = sign_of(rest) {
            text.push_str(&part(at, sign));
            rest = rest.get(sign.len()..).unwrap_or("");
        } else {
            text.push(first);
            rest = rest.get(first.len_utf8()..).unwrap_or("");
        }
    }
}

fn long_of(pattern: &str) -> Option<(&'static str, &'static str)> {
    LONG.into_iter().find(|(sign, _)| pattern.starts_with(sign))
}

fn sign_of(pattern: &str) -> Option<&'static str> {
    SIGNS.split(' ').find(|sign| pattern.starts_with(sign))
}

fn name(names: &[&'static str], at: i64, letters: usize) -> String {
    let name = usize::try_from(at).ok().and_then(|at| names.get(at)).copied().unwrap_or("");
    name.chars().take(letters).collect()
}

/// What one sign stands for.
fn part(at: &Civil, sign: &str) -> String {
    let length = sign.len();
    let hour = at.of_day / 3_600_000;
    let of_twelve = if hour % 12 == 0 { 12 } else { hour % 12 };
    let (minute, second, millisecond) = (at.of_day / 60_000 % 60, at.of_day / 1000 % 60, at.of_day % 1000);
    let era_year = if at.year > 0 { at.year } else { 1 - at.year };
    let (sunday_week, iso_week) = (at.week(0, 1), at.week(1, 4));
    match sign {
        "M" | "MM" => padded(at.month, length),
        "Mo" => ordinal(at.month),
        "MMM" => name(&MONTHS, at.month - 1, 3),
        "MMMM" => name(&MONTHS, at.month - 1, 9),
        "D" | "DD" => padded(at.day, length),
        "Do" => ordinal(at.day),
        "DDD" => padded(at.day_of_year(), 1),
        "DDDD" => padded(at.day_of_year(), 3),
        "DDDo" => ordinal(at.day_of_year()),
        "d" | "e" => padded(at.weekday(), 1),
        "do" => ordinal(at.weekday()),
        "dd" | "ddd" => name(&WEEKDAYS, at.weekday(), length),
        "dddd" => name(&WEEKDAYS, at.weekday(), 9),
        "E" => padded((at.weekday() + 6) % 7 + 1, 1),
        "eHHmm" => format!("{}{hour:02}{minute:02}", at.weekday()),
        "w" | "ww" => padded(sunday_week.1, length),
        "wo" => ordinal(sunday_week.1),
        "W" | "WW" => padded(iso_week.1, length),
        "Wo" => ordinal(iso_week.1),
        "gg" => padded(sunday_week.0 % 100, 2),
        "gggg" | "ggggg" => padded(sunday_week.0, length),
        "GG" => padded(iso_week.0 % 100, 2),
        "GGGG" | "GGGGG" => padded(iso_week.0, length),
        "Q" => padded((at.month + 2) / 3, 1),
        "Qo" => ordinal((at.month + 2) / 3),
        "N" | "NN" | "NNN" | "NNNNN" => if at.year > 0 { "AD" } else { "BC" }.to_owned(),
        "NNNN" => if at.year > 0 { "Anno Domini" } else { "Before Christ" }.to_owned(),
        "Y" if at.year > 9999 => format!("+{}", at.year),
        "Y" => padded(at.year, 4),
        "YY" => padded(at.year % 100, 2),
        "YYYY" | "YYYYY" => padded(at.year, length),
        "YYYYYY" => format!("{}{}", if at.year < 0 { "" } else { "+" }, padded(at.year, length)),
        "y" | "yy" | "yyy" | "yyyy" => padded(era_year, length),
        "yo" => ordinal(era_year),
        "a" => if hour < 12 { "am" } else { "pm" }.to_owned(),
        "A" => if hour < 12 { "AM" } else { "PM" }.to_owned(),
        "h" | "hh" => padded(of_twelve, length),
        "H" | "HH" => padded(hour, length),
        "k" | "kk" => padded(if hour == 0 { 24 } else { hour }, length),
        "hmm" => format!("{of_twelve}{minute:02}"),
        "hmmss" => format!("{of_twelve}{minute:02}{second:02}"),
        "Hmm" => format!("{hour}{minute:02}"),
        "Hmmss" => format!("{hour}{minute:02}{second:02}"),
        "m" | "mm" => padded(minute, length),
        "s" | "ss" => padded(second, length),
        "x" => at.unix.to_string(),
        "X" => at.unix.div_euclid(1000).to_string(),
        "z" | "zz" => at.zone.clone(),
        "Z" => zone(at.offset, ":"),
        "ZZ" => zone(at.offset, ""),
        _ if sign.starts_with('S') => format!("{millisecond:03}000000").chars().take(length).collect(),
        _ => sign.to_owned(),
    }
}

/// With zeros before it, so that its digits are as many as said.
fn padded(value: i64, digits: usize) -> String {
    format!("{}{:0digits$}", if value < 0 { "-" } else { "" }, value.unsigned_abs())
}

fn ordinal(value: i64) -> String {
    let ending = match (value % 100 / 10, value % 10) {
        (1, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    format!("{value}{ending}")
}

fn zone(offset: i64, between: &str) -> String {
    let minutes = offset.abs() / 60;
    format!("{}{:02}{between}{:02}", if offset < 0 { "-" } else { "+" }, minutes / 60, minutes % 60)
}
