//! What fits a pattern, replaced in a text as a browser does it.

use fancy_regex::Captures;

use super::pattern::Pattern;

/// How many places of a text are replaced.
const MOST_REPLACED: usize = 1000;
/// How long a text may become, in bytes: a few signs can ask for the whole text at each place.
const LONGEST: usize = 1 << 20;

/// The text with what fits replaced, the first time or with the flag `g` each time. `$1` and `$<name>` are groups, `$&` is
/// all that fits, `` $` `` and `$'` are what stands before and behind it.
pub fn replace(pattern: &Pattern, text: &str, by: &str) -> String {
    let mut replaced = String::new();
    let mut end = 0;
    let named = pattern.regex().capture_names().flatten().next().is_some();
    let most = if pattern.is_global() { MOST_REPLACED } else { 1 };
    for found in pattern.regex().captures_iter(text).take(most) {
        let Some((found, whole)) =
            found.ok().and_then(|found| found.get(0).map(|whole| whole.range()).map(|whole| (found, whole)))
        else {
            break;
        };
        replaced.push_str(text.get(end..whole.start).unwrap_or(""));
        end = whole.end;
        expand(text, &found, named, by, &mut replaced);
        if replaced.len() > LONGEST {
            break;
        }
    }
    replaced.push_str(text.get(end..).unwrap_or(""));
    replaced
}

/// Writes what stands for one place that fits; names of groups are read where there are any.
fn expand(text: &str, found: &Captures<'_, str>, has_names: bool, by: &str, into: &mut String) {
    let group = |at: usize| found.get(at).map_or("", |group| group.as_str());
    let Some(whole) = found.get(0) else { return };
    let mut rest = by;
    while let Some((plain, sign)) = rest.split_once('$') {
        into.push_str(plain);
        let digits = sign.bytes().take(2).take_while(u8::is_ascii_digit).count();
        let number = (1..=digits).rev().find_map(|length| {
            let at = sign.get(..length)?.parse().ok().filter(|at| (1..found.len()).contains(at))?;
            Some((at, length))
        });
        let named = || {
            let (name, after) = sign.strip_prefix('<').filter(|_| has_names)?.split_once('>')?;
            Some((found.name(name).map_or("", |group| group.as_str()), after))
        };
        let (meant, after) = match sign.chars().next() {
            Some('$') => ("$", sign.get(1..)),
            Some('&') => (whole.as_str(), sign.get(1..)),
            Some('`') => (text.get(..whole.start()).unwrap_or(""), sign.get(1..)),
            Some('\'') => (text.get(whole.end()..).unwrap_or(""), sign.get(1..)),
            _ => match (number, named()) {
                (Some((at, length)), _) => (group(at), sign.get(length..)),
                (None, Some((group, after))) => (group, Some(after)),
                (None, None) => ("$", Some(sign)),
            },
        };
        into.push_str(meant);
        rest = after.unwrap_or("");
    }
    into.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_in_what_replaces_are_read() {
        for (pattern, text, by, replaced) in [
            ("/b(.)(x)?/", "abcbd", "[$1|$2|$3|$$|$&]", "a[c||$3|$|bc]bd"),
            ("/b(.)/g", "abcbd", "$1$01$10", "accc0ddd0"),
            ("/b/", "abc", "<$`-$'>", "a<a-c>c"),
            ("/(?<n>b)/", "abc", "$<n>$<m>$", "ab$c"),
            ("/b/", "abc", "$<n>", "a$<n>c"),
            ("/x*/g", "ab", "-", "-a-b-"),
            ("/z/", "ab", "-", "ab"),
        ] {
            let pattern = Pattern::read(pattern).unwrap();
            assert_eq!(replace(&pattern, text, by), replaced, "{pattern:?}");
        }
    }
}
