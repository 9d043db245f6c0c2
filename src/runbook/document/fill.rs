//! `$POD` and `${POD}` as what an alert says of its pod.

use std::borrow::Cow;

use crate::signal::Labels;

/// Fills in words.
pub fn text<'t>(written: &'t str, labels: &Labels) -> Cow<'t, str> {
    filled(written, labels, |_, value| Some(value.to_owned()))
}

/// Fills in what a shell may read: a value that is one plain word. Any other stays a name: whether it stands between quotes,
/// and which, decides what a shell would make of it.
pub fn code<'t>(written: &'t str, labels: &Labels) -> Cow<'t, str> {
    filled(written, labels, |_, value| is_plain(value).then(|| value.to_owned()))
}

/// Fills in a query, in which names and values stand between quotes: a value ends no string.
pub fn query<'t>(written: &'t str, labels: &Labels) -> Cow<'t, str> {
    filled(written, labels, |before, value| match open_quote(before) {
        Some('`') => (!value.contains('`')).then(|| value.to_owned()),
        Some(quote) => {
            let escaped = value.replace('\\', "\\\\").replace('\n', "\\n");
            Some(escaped.replace(quote, &format!("\\{quote}")))
        }
        None => is_plain(value).then(|| value.to_owned()),
    })
}

fn is_plain(value: &str) -> bool {
    let is_word = |c: char| c.is_ascii_alphanumeric() || "_-./:@%+=,".contains(c);
    !value.is_empty() && value.chars().all(is_word) && !value.starts_with('-')
}

/// The quote that is open at the end of a piece of a query.
fn open_quote(before: &str) -> Option<char> {
    let (mut open, mut is_escaped) = (None, false);
    for c in before.chars() {
        match (open, c) {
            _ if is_escaped => is_escaped = false,
            (Some('"' | '\''), '\\') => is_escaped = true,
            (Some(quote), c) if c == quote => open = None,
            (None, '"' | '\'' | '`') => open = Some(c),
            _ => {}
        }
    }
    open
}

/// `shown` is given what stands before, and the value; what it shows nothing for stays a name.
fn filled<'t>(written: &'t str, labels: &Labels, shown: impl Fn(&str, &str) -> Option<String>) -> Cow<'t, str> {
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
        match value.and_then(|(_, value)| shown(&text, value)) {
            Some(value) => {
                text.push_str(&value);
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
    fn a_shell_gets_plain_words_only() {
        let labels = Labels::of([("pod", "web-1"), ("job", "it's"), ("flag", "-rf"), ("nothing", "")]);
        assert_eq!(
            code("a $POD ${POD}x $JOB $FLAG $NOTHING $$ $1 ${ $pod", &labels),
            "a web-1 web-1x $JOB $FLAG $NOTHING $$ $1 ${ $pod"
        );
        assert_eq!(text("$JOB", &labels), "it's");
        assert_eq!(query("up{job=\"$JOB\"} or up{job='$JOB'}", &labels), "up{job=\"it's\"} or up{job='it\\'s'}");
        assert_eq!(query("sum by ($JOB) (up)", &labels), "sum by ($JOB) (up)");
        let hostile = Labels::of([("pod", "$(curl x|sh)"), ("job", "x; rm -rf ~")]);
        assert_eq!(code("rm \"$POD\" '$JOB'", &hostile), "rm \"$POD\" '$JOB'");
        let labels = Labels::of([("pod", "a\"} or up{x=\"")]);
        assert_eq!(query("up{pod=\"$POD\"}", &labels), "up{pod=\"a\\\"} or up{x=\\\"\"}");
    }
}
