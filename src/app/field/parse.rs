//! What short answers mean: a severity, an action with its owner and day, a note with a time in front that is none. What
//! cannot be read is said in words that tell what could be.

use jiff::{Timestamp, ToSpan, civil, tz::TimeZone};

use crate::{
    app::clock,
    incident::{ActionKind, Event},
};

/// Words for how bad it is that are not a letter and a number.
const SEVERITIES: [&str; 5] = ["critical", "major", "minor", "high", "low"];
/// How the days of the week begin, Monday first.
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
/// How the months begin.
const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Longest severity of a team's own words, in characters: it stands in the header and in lists.
const LONGEST_SEVERITY: usize = 20;

/// Reads `SEV1`, `sev 1`, `1`, `p2`, `critical`, or a team's own words as they are; an empty text takes the severity back.
pub fn severity(text: &str) -> Result<String, String> {
    let word: String = text.to_lowercase().chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    if word.is_empty() || SEVERITIES.contains(&word.as_str()) {
        return Ok(word);
    }
    let (name, number) = word.split_at(word.find(|c: char| c.is_ascii_digit()).unwrap_or(word.len()));
    let name = match name {
        "" | "sev" | "s" | "severity" => "SEV",
        "p" | "prio" | "priority" => "P",
        _ => "",
    };
    if !name.is_empty() && matches!(number, "0" | "1" | "2" | "3" | "4" | "5") {
        return Ok(format!("{name}{number}"));
    }
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.chars().count() > LONGEST_SEVERITY {
        return Err(format!(
            "that is too long for a severity: at most {LONGEST_SEVERITY} characters, as SEV1 or critical"
        ));
    }
    Ok(words)
}

/// Reads `add a pool alert owner: alice due: Dec 1 #detect`; `@alice`, `due:2026-12-01` and `due friday` mean the same.
pub fn action(text: &str, now: Timestamp, zone: &TimeZone) -> Result<Event, String> {
    let today = now.to_zoned(zone.clone()).date();
    let (mut owner, mut due) = (String::new(), String::new());
    let mut kind = ActionKind::default();
    let mut left: Vec<&str> = Vec::new();
    let words: Vec<&str> = text.split_whitespace().collect();
    let word_at = |at: usize| words.get(at).copied().unwrap_or_default();
    let mut at = 0;
    while let Some(word) = words.get(at).copied() {
        at += 1;
        if let Some(name) = word.strip_prefix('@').filter(|name| !name.is_empty()) {
            owner = tidy(name);
        } else if let Some(name) = after_key(word, "owner") {
            owner = tidy(if name.is_empty() { word_at(at) } else { name });
            at += usize::from(name.is_empty());
            if owner.is_empty() {
                return Err("`owner:` names nobody: write `owner: maria` or `@maria`".into());
            }
        } else if let Some(rest) = after_key(word, "due") {
            at += usize::from(rest.is_empty());
            let first = if rest.is_empty() { word_at(at - 1) } else { rest };
            let (day, used) = day_of(first, word_at(at), today).ok_or_else(|| no_day(first))?;
            at += used - 1;
            due = day.to_string();
        } else if let Some((day, used)) = Some(word)
            .filter(|word| word.eq_ignore_ascii_case("due"))
            .and_then(|_| day_of(word_at(at), word_at(at + 1), today))
        {
            // Without a colon it means a day only where one follows: `errors due to retries` does not.
            at += used;
            due = day.to_string();
        } else if let Some(tag) =
            word.strip_prefix('#').filter(|tag| !tag.is_empty() && tag.chars().all(char::is_alphabetic))
        {
            kind = kind_of(tag)
                .ok_or_else(|| format!("`{word}` is no type: write #prevent, #detect, #mitigate or #process"))?;
        } else {
            left.push(word);
        }
    }
    let text = left.join(" ").trim_end_matches([',', ';', ':']).to_owned();
    if text.is_empty() {
        return Err("that names no action: say what is to be done".into());
    }
    Ok(Event::ActionAdded { text, owner, due, action_kind: kind })
}

/// What a note begins with that looks like a time and is none: `25:99`.
pub fn no_time(text: &str, now: Timestamp, zone: &TimeZone) -> Option<String> {
    let first = text.split_whitespace().next()?;
    let parts: Vec<&str> = first.trim_end_matches(['Z', 'z']).split(':').collect();
    let is_number = |part: &&str| (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    let looks = (2..=3).contains(&parts.len()) && parts.iter().all(is_number);
    (looks && clock::parse(first, now, zone).is_none()).then(|| first.to_owned())
}

fn after_key<'a>(word: &'a str, key: &str) -> Option<&'a str> {
    let (name, rest) = word.split_once(':')?;
    name.eq_ignore_ascii_case(key).then_some(rest)
}

fn tidy(name: &str) -> String {
    name.trim_matches([',', ';', '@']).to_owned()
}

fn no_day(text: &str) -> String {
    let said = if text.is_empty() { "`due:` without a day".into() } else { format!("`{text}` is no day") };
    format!("{said}: write 2026-12-01, Dec 1, friday, tomorrow or 2w")
}

/// The day that one or two words name, and how many of them: `2026-12-01`, `Dec 1`, `1 Dec`, `friday`, `tomorrow`, `2w`.
fn day_of(first: &str, second: &str, today: civil::Date) -> Option<(civil::Date, usize)> {
    let (first, second) = (tidy(first).to_lowercase(), tidy(second).to_lowercase());
    if let Ok(day) = first.parse::<civil::Date>() {
        return Some((day, 1));
    }
    let month = |word: &str| MONTHS.iter().position(|m| word.starts_with(m)).map(|at| at as i8 + 1);
    let number = |word: &str| word.trim_end_matches(|c: char| c.is_alphabetic() || c == '.').parse::<i8>().ok();
    for (month, day) in [(month(&first), number(&second)), (month(&second), number(&first))] {
        if let (Some(month), Some(day)) = (month, day) {
            let at = civil::Date::new(today.year(), month, day).ok()?;
            // A day that is past means next year's.
            return Some((if at < today { civil::Date::new(today.year() + 1, month, day).ok()? } else { at }, 2));
        }
    }
    let weekday = DAYS.iter().position(|day| first.starts_with(day) && (first.len() == 3 || first.ends_with("day")));
    let ahead = match (first.as_str(), weekday) {
        ("today", _) => 0,
        ("tomorrow", _) => 1,
        (_, Some(at)) => match (at as i64 - i64::from(today.weekday().to_monday_zero_offset())).rem_euclid(7) {
            0 => 7,
            days => days,
        },
        (word, None) => {
            let (number, unit) = word.split_at_checked(word.len().checked_sub(1)?)?;
            let number = number.parse::<u16>().ok()?;
            match unit {
                "d" => i64::from(number),
                "w" => i64::from(number) * 7,
                _ => return None,
            }
        }
    };
    today.checked_add(ahead.days()).ok().map(|day| (day, 1))
}

fn kind_of(word: &str) -> Option<ActionKind> {
    use ActionKind::{Detect, Mitigate, Prevent, Process};
    [Prevent, Detect, Mitigate, Process].into_iter().find(|kind| kind.word().eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        // A Sunday.
        "2026-11-22T03:16:24Z".parse().expect("a time")
    }

    /// What an action line means: text, owner, day and type, or the first words of what is wrong.
    #[track_caller]
    fn check(text: &str, expected: &str) {
        let said = match action(text, now(), &TimeZone::UTC) {
            Ok(Event::ActionAdded { text, owner, due, action_kind }) => {
                format!("{text} | {owner} | {due} | {}", action_kind.word())
            }
            Ok(other) => panic!("{other:?}"),
            Err(error) => error,
        };
        assert!(said.starts_with(expected), "{text:?} gives {said:?}, not {expected:?}");
    }

    #[test]
    fn an_action_names_owner_day_and_type() {
        check("alert on pool use @alice due:2026-12-01 #detect", "alert on pool use | alice | 2026-12-01 | detect");
        check("alert on pool use, owner: maria, due: Dec 1", "alert on pool use | maria | 2026-12-01 | prevent");
        check("owner:maria due 1 dec #Process write the SOP", "write the SOP | maria | 2026-12-01 | process");
        check("page due Feb 3 earlier", "page earlier |  | 2027-02-03 | prevent");
        check("page earlier due friday", "page earlier |  | 2026-11-27 | prevent");
        check("page earlier due:sunday", "page earlier |  | 2026-11-29 | prevent");
        check("page earlier due 2w", "page earlier |  | 2026-12-06 | prevent");
        check("look into latency due to retries", "look into latency due to retries |  |  | prevent");
        check("fix #1234 and ticket:77", "fix #1234 and ticket:77 |  |  | prevent");
    }

    #[test]
    fn what_can_not_be_read_is_said() {
        check("page earlier due: soon", "`soon` is no day: write 2026-12-01");
        check("page earlier due:2026-13-45", "`2026-13-45` is no day");
        check("page earlier due:支付", "`支付` is no day");
        check("page earlier due:", "`due:` without a day");
        check("page earlier owner:", "`owner:` names nobody");
        check("page earlier #later", "`#later` is no type");
        check("@alice due:friday", "that names no action");
    }

    #[test]
    fn severities_as_people_write_them() {
        let known = |text: &str| severity(text).unwrap_or_else(|_| "none".into());
        let said = ["sev1", "SEV-2", "sev 3", "1", "p0", "P2", "Critical", "", "code  red", "sev9"].map(known);
        assert_eq!(said, ["SEV1", "SEV2", "SEV3", "SEV1", "P0", "P2", "critical", "", "code red", "sev9"]);
        assert!(severity("the pool is full and nobody knows why").is_err());
    }

    #[test]
    fn a_time_that_is_none_is_seen() {
        let seen = |text: &str| no_time(text, now(), &TimeZone::UTC);
        assert_eq!(seen("25:99 pool alarms").as_deref(), Some("25:99"));
        assert_eq!(seen("12:60"), Some("12:60".into()));
        assert_eq!(["03:05 pool", "1:2:3:4 is no time", "pool: 9", "10:x"].map(seen), [None, None, None, None]);
    }
}
