//! Curves against those of an hour, a day, a week before. Nothing of it is written to the journal.

use std::time::Duration;

use crate::{
    app::{
        Action, App, Effect, View,
        world::comparison::{REACH, USUAL, in_words},
    },
    base::human_time,
};

/// Goes on to what lies further back, and after the last to no comparison.
pub(super) fn next(app: &mut App) {
    let next = match app.world.comparison.ago {
        None => USUAL.first(),
        Some(ago) => USUAL.iter().find(|usual| **usual > ago),
    };
    set(app, next.copied());
}

/// Compares with what was typed: `1d`, `week`, `off`.
pub(in crate::app) fn with(app: &mut App, typed: &str) -> Vec<Effect> {
    match read(typed) {
        Ok(ago) => {
            app.show(View::Watch);
            set(app, ago);
        }
        Err(why) => app.complain(why),
    }
    Vec::new()
}

fn set(app: &mut App, ago: Option<Duration>) {
    app.world.comparison.ago = ago;
    let key = app.session.keymap.key(Action::Compare);
    match ago {
        None => app.say("charts are compared with nothing now"),
        Some(ago) => app.say(format!("charts against {} earlier, drawn dim · {key} goes further back", in_words(ago))),
    }
}

fn read(typed: &str) -> Result<Option<Duration>, String> {
    let words = typed.trim().to_lowercase();
    let words = words.trim_start_matches("a ").trim_start_matches("an ");
    let words = words.trim_end_matches("earlier").trim_end_matches("before").trim_end_matches("ago").trim();
    let ago = match words {
        "off" | "no" | "none" | "nothing" | "0" => return Ok(None),
        "hour" => USUAL.first().copied(),
        "day" | "yesterday" => USUAL.get(1).copied(),
        "week" => USUAL.get(2).copied(),
        other => days(other).or_else(|| human_time::parse(other)),
    };
    match ago {
        Some(ago) if (REACH.0..=REACH.1).contains(&ago) => Ok(Some(ago)),
        Some(_) => Err("charts are compared with what was between 1 min and 400 d earlier".into()),
        None => Err(format!("{typed} is no length of time; 1h, 1d, 1w, `hour`, `day`, `week` or `off` are")),
    }
}

/// `2d`, `1 w`.
fn days(words: &str) -> Option<Duration> {
    let number = words.trim_end_matches(['d', 'w']);
    let unit = if words.ends_with('w') { 7 * 86_400 } else { 86_400 };
    let count = number.trim().parse::<u64>().ok().filter(|_| number.len() + 1 == words.len())?;
    count.checked_mul(unit).map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_much_earlier_as_people_say_it() {
        let seconds = |typed: &str| read(typed).map(|ago| ago.map(|ago| ago.as_secs()));
        for (typed, expected) in [
            ("1d", 86_400),
            ("a week ago", 604_800),
            ("Yesterday", 86_400),
            ("2h", 7200),
            ("hour", 3600),
            ("1w", 604_800),
        ] {
            assert_eq!(seconds(typed), Ok(Some(expected)), "{typed}");
        }
        assert_eq!(seconds("off"), Ok(None));
        assert!(seconds("soon").expect_err("no time").starts_with("soon is no length of time"));
        assert!(seconds("5s").is_err() && seconds("900d").is_err());
    }
}
