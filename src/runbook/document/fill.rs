//! `$POD` and `${POD}` as what an alert says of its pod.

use std::borrow::Cow;

use crate::signal::Labels;

/// Fills in words.
pub fn text<'t>(written: &'t str, labels: &Labels) -> Cow<'t, str> {
    filled(written, labels, str::to_owned)
}

/// Fills in what a shell may read: a value is one word to it, whatever is in it.
pub fn code<'t>(written: &'t str, labels: &Labels) -> Cow<'t, str> {
    filled(written, labels, quoted)
}

/// Fills in a query, in which names and values stand between quotes: a value ends no string.
pub fn query<'t>(written: &'t str, labels: &Labels) -> Cow<'t, str> {
    filled(written, labels, |value| {
        value.replace('\\', "\\\\").replace('"', "\\\"").replace('\'', "\\'").replace('`', "")
    })
}

fn quoted(value: &str) -> String {
    let is_word = |c: char| c.is_ascii_alphanumeric() || "_-./:@%+=,".contains(c);
    match !value.is_empty() && value.chars().all(is_word) && !value.starts_with('-') {
        true => value.to_owned(),
        false => format!("'{}'", value.replace('\'', "'\\''")),
    }
}

fn filled<'t>(written: &'t str, labels: &Labels, shown: impl Fn(&str) -> String) -> Cow<'t, str> {
    if labels.is_empty() || !written.contains('$') {
        return Cow::Borrowed(written);
    }
    let mut text = String::with_capacity(written.len() + 16);
    let mut rest = written;
    while let Some((before, after)) = rest.split_once('$') {
        text.push_str(before);
        let is_name = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
        let (name, behind) = match after.strip_prefix('{').and_then(|inside| inside.split_once('}')) {
            Some((name, behind)) if name.chars().all(is_name) => (name, behind),
            _ => after.split_at(after.find(|c| !is_name(c)).unwrap_or(after.len())),
        };
        let value = labels.iter().find(|(label, _)| !name.is_empty() && label.eq_ignore_ascii_case(name));
        match value {
            Some((_, value)) => {
                text.push_str(&shown(value));
                rest = behind;
            }
            None => {
                text.push('$');
                rest = after;
            }
        }
    }
    text.push_str(rest);
    Cow::Owned(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_one_word_to_a_shell() {
        let labels = Labels::of([("pod", "web-1"), ("job", "it's"), ("flag", "-rf"), ("nothing", "")]);
        assert_eq!(
            code("a $POD ${POD}x $JOB $FLAG $NOTHING $$ $1 ${ $pod", &labels),
            "a web-1 web-1x 'it'\\''s' '-rf' '' $$ $1 ${ $pod"
        );
        assert_eq!(text("$JOB", &labels), "it's");
        let labels = Labels::of([("pod", "a\"} or up{x=\"")]);
        assert_eq!(query("up{pod=\"$POD\"}", &labels), "up{pod=\"a\\\"} or up{x=\\\"\"}");
    }
}
