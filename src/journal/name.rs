//! An incident named in short: by a part of its id, or by its place among the newest.

/// What a short name stands for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// The one that is this many older than the newest.
    Older(usize),
    /// The one whose id has this part.
    Id(String),
    /// The ids that have this part, in the order given.
    Several(Vec<String>),
    /// No id has it.
    Nothing,
}

/// What `given` stands for among these ids: `last` or `-1` for the newest, `-2` for the one before it, a whole id for
/// itself, and any other part of an id for the one that has it. Capitals, blanks and the colon of a time are read as ids
/// write them, so that `2026-11-22 03:12` and `Checkout 5xx` are parts as well.
pub(super) fn named(given: &str, ids: &[String]) -> Named {
    if ids.iter().any(|id| id == given) {
        return Named::Id(given.to_owned());
    }
    if let Some(older) = place(given) {
        return Named::Older(older);
    }
    let part = as_in_ids(given);
    if part.is_empty() || part.starts_with('-') {
        return Named::Nothing;
    }
    let mut having: Vec<String> = ids.iter().filter(|id| as_in_ids(id).contains(&part)).cloned().collect();
    match having.len() {
        0 => Named::Nothing,
        1 => Named::Id(having.remove(0)),
        _ => Named::Several(having),
    }
}

/// Whether `word` is the time an incident begins with, as its id has it: `0312` of `2026-11-22-0312-checkout-5xx`, or that
/// beginning of the id or a longer one.
pub(super) fn is_time_of(word: &str, id: &str) -> bool {
    let minute = id.get(.."2026-11-22-0312".len());
    minute.is_some_and(|minute| minute.rsplit('-').next() == Some(word) || word.starts_with(minute))
}

fn place(given: &str) -> Option<usize> {
    if given.eq_ignore_ascii_case("last") {
        return Some(0);
    }
    let digits = given.strip_prefix('-').filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()))?;
    digits.parse::<usize>().ok()?.checked_sub(1)
}

fn as_in_ids(text: &str) -> String {
    let letter = |c: char| if c.is_whitespace() { '-' } else { c.to_ascii_lowercase() };
    text.trim().chars().filter(|&c| c != ':').map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEW: &str = "2026-11-23-0120-pool-exhaustion-2";
    const POOL: &str = "2026-11-23-0120-pool-exhaustion";
    const OLD: &str = "2026-11-22-0312-checkout-5xx";

    #[track_caller]
    fn check(given: &str, expected: Named) {
        assert_eq!(named(given, &[NEW, POOL, OLD].map(str::to_owned)), expected, "{given:?}");
    }

    #[track_caller]
    fn is(given: &str, expected: &str) {
        check(given, Named::Id(expected.to_owned()));
    }

    #[track_caller]
    fn is_one_of(given: &str, expected: &[&str]) {
        check(given, Named::Several(expected.iter().copied().map(str::to_owned).collect()));
    }

    #[test]
    fn a_whole_id_is_itself_even_where_others_begin_with_it() {
        is(POOL, POOL);
        is(OLD, OLD);
    }

    #[test]
    fn a_part_that_one_id_has_is_enough() {
        is("0312", OLD);
        is("2026-11-22", OLD);
        is("11-22", OLD);
        is("checkout", OLD);
        is("exhaustion-2", NEW);
    }

    #[test]
    fn a_part_that_several_have_names_them() {
        is_one_of("0120", &[NEW, POOL]);
        is_one_of("2026-11", &[NEW, POOL, OLD]);
    }

    #[test]
    fn a_part_is_read_as_ids_are_written() {
        is("Checkout 5XX", OLD);
        is("2026-11-22 03:12", OLD);
        is("03:12", OLD);
    }

    #[test]
    fn last_and_a_number_count_from_the_newest() {
        check("last", Named::Older(0));
        check("-1", Named::Older(0));
        check("-3", Named::Older(2));
    }

    #[test]
    fn what_no_id_has_is_nothing() {
        for given in ["nope", "", " ", "-0", "-x", "../x"] {
            check(given, Named::Nothing);
        }
    }

    #[test]
    fn only_its_time_is_the_time_of_an_incident() {
        for word in ["0312", "2026-11-22-0312", "2026-11-22-0312-check"] {
            assert!(is_time_of(word, OLD), "{word}");
        }
        for word in ["2026", "2026-11-22", "312", "checkout", "5xx", ""] {
            assert!(!is_time_of(word, OLD), "{word}");
        }
        assert!(!is_time_of("0312", "odd"));
    }
}
