//! Variables that somebody expected to be filled in: `${PROM_HOST}`, `$HOME`, `{{ host }}`, `$(hostname)`.
//!
//! Nothing in a configuration is replaced; only secrets and headers can name a variable, as `env:NAME`. So what looks like
//! one in an address or a path is an error at its place, and not a host nobody finds at the first poll.

use std::path::Path;

use toml::Spanned;

use super::Place;
use crate::base::toml::Fields;

/// Programs that fill in variables themselves, or whose language has words such as `$NF`.
const EXPANDING: [&str; 20] = [
    "sh", "bash", "dash", "ash", "zsh", "ksh", "fish", "busybox", "ssh", "env", "envsubst", "awk", "gawk", "sed",
    "grep", "jq", "yq", "perl", "ruby", "make",
];

/// A variable that was not filled in.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unfilled<'a> {
    /// How it begins, and its name; nothing else of it, which may be a secret's default.
    shown: String,
    /// The name of an environment variable; `None` where it is none.
    name: Option<&'a str>,
}

/// The first of an address: of any form before its path, and further on what no address has there. `$filter` is a
/// parameter of many an API.
pub(super) fn in_address(text: &str) -> Option<Unfilled<'_>> {
    let start = text.find("://").map_or(0, |at| at + 3);
    let end = text[start..].find(['/', '?', '#']).map_or(text.len(), |at| start + at);
    first_in(&text[..end], |_| true).or_else(|| in_path(&text[end..]))
}

/// The first of a path, or of another text in which a `$` may stand for itself.
pub(super) fn in_path(text: &str) -> Option<Unfilled<'_>> {
    first_in(text, is_of_environment)
}

/// The first that any part of the text between blanks consists of, or that is in brackets anywhere: of a header's value.
pub(super) fn in_value(text: &str) -> Option<Unfilled<'_>> {
    let is_whole = |word: &str| word.strip_prefix('$').is_some_and(|name| name.len() == ident(name).len());
    let words = text.split_whitespace().filter(|word| is_whole(word));
    first_in(text, |_| false).or_else(|| words.filter_map(in_path).next())
}

/// Reports a path that names a variable; whether it did. A file that is called so is none of them.
pub(super) fn check_path(fields: &Fields<'_>, key: &str, written: &Spanned<String>, path: &Path) -> bool {
    let words = path_words(written.get_ref(), path);
    if let Some(words) = &words {
        fields.error(&written.span(), format!("`{key}` in {}: {words}", fields.what()));
    }
    words.is_some()
}

/// What is wrong with a path as it is written, if it names a variable and is no file's.
pub(super) fn path_words(written: &str, path: &Path) -> Option<String> {
    let Unfilled { shown, .. } = in_path(written).filter(|_| !is_there(path))?;
    Some(format!("{shown} is not filled in here; write the path out (~/ is the home folder)"))
}

/// Warns of an argument that a program will get as it stands.
pub(super) fn check_arguments(fields: &Fields<'_>, argv: &[Spanned<String>], place: &Place<'_>) {
    let base = |word: &str| word.rsplit('/').next().unwrap_or_default().to_owned();
    if argv.iter().any(|word| EXPANDING.contains(&base(word.get_ref()).as_str())) {
        return;
    }
    for argument in argv.iter().skip(1) {
        if let Some(Unfilled { shown, .. }) = in_path(argument.get_ref()) {
            place.to.warn(
                &argument.span(),
                format!(
                    "`run` in {}: {shown} is passed on as it stands, there is no shell; run [\"sh\", \"-c\", \"…\"] to have it filled in",
                    fields.what()
                ),
            );
        }
    }
}

impl Unfilled<'_> {
    /// What is wrong with an address.
    pub(super) fn in_address_words(&self) -> String {
        let shown = &self.shown;
        format!(
            "{shown} is not filled in here; write the address out (only secrets and headers can come from the \
             environment, as env:NAME)"
        )
    }

    /// What is wrong with a secret or a header.
    pub(super) fn in_value_words(&self) -> String {
        let Self { shown, name } = self;
        let instead = name.map_or("env:NAME, file:PATH or command:…".to_owned(), |name| format!("env:{name}"));
        format!("{shown} is not filled in here; let the whole value be {instead}")
    }
}

/// The first variable: in brackets, or a `$` with a name that counts as one.
fn first_in(text: &str, counts: impl Fn(&str) -> bool) -> Option<Unfilled<'_>> {
    let is_one = |(at, _): (usize, &str)| one(&text[at..], &counts);
    text.match_indices(['$', '{']).find_map(is_one)
}

/// The variable that a text begins with.
fn one<'a>(text: &'a str, counts: impl Fn(&str) -> bool) -> Option<Unfilled<'a>> {
    if let Some(inside) = text.strip_prefix("{{") {
        let end = inside.find("}}")?;
        let inside = &inside[..end];
        let is_name = inside.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ' ' | '$'));
        return Some(Unfilled { shown: format!("`{{{{{}}}}}`", if is_name { inside } else { "…" }), name: None });
    }
    let rest = text.strip_prefix('$')?;
    if rest.starts_with('(') {
        return Some(Unfilled { shown: "`$(…)`".into(), name: None });
    }
    if let Some(inside) = rest.strip_prefix('{') {
        // As some write it: `${env:HOST}`, `${env.HOST}`.
        let inside = ["env:", "env."].iter().find_map(|form| inside.strip_prefix(form)).unwrap_or(inside);
        let name = ident(inside);
        inside.contains('}').then_some(())?;
        let shown = if name.is_empty() { "`${…}`".to_owned() } else { format!("`${{{name}}}`") };
        return Some(Unfilled { shown, name: Some(name).filter(|name| !name.is_empty()) });
    }
    let name = ident(rest);
    (!name.is_empty() && counts(name)).then(|| Unfilled { shown: format!("`${name}`"), name: Some(name) })
}

/// The name of a variable that a text begins with; empty if it begins with none.
fn ident(text: &str) -> &str {
    let is_letter = |c: char| c == '_' || c.is_ascii_alphanumeric();
    let name = &text[..text.find(|c| !is_letter(c)).unwrap_or(text.len())];
    if name.starts_with(|c: char| c.is_ascii_digit()) { "" } else { name }
}

/// Whether a name is written as those of the environment are.
fn is_of_environment(name: &str) -> bool {
    name.len() > 1 && !name.contains(|c: char| c.is_ascii_lowercase())
}

/// A file may really be called so.
fn is_there(path: &Path) -> bool {
    path.exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(find: impl Fn(&str) -> Option<Unfilled<'_>>, text: &str, expected: Option<&str>) {
        assert_eq!(find(text).map(|found| found.shown).as_deref(), expected, "{text}");
    }

    #[test]
    fn of_addresses() {
        check(in_address, "http://${PROM_HOST}:9090", Some("`${PROM_HOST}`"));
        check(in_address, "http://${PROM_HOST:-s3cret}:9090", Some("`${PROM_HOST}`"));
        check(in_address, "$prom_url", Some("`$prom_url`"));
        check(in_address, "${PROM_URL}/x", Some("`${PROM_URL}`"));
        check(in_address, "http://$host/x", Some("`$host`"));
        check(in_address, "http://{{ .Values.host }}:9090", Some("`{{ .Values.host }}`"));
        check(in_address, "http://{{ x | y }}", Some("`{{…}}`"));
        check(in_address, "http://$(hostname):9090", Some("`$(…)`"));
        check(in_address, "http://x/${TENANT}/prom", Some("`${TENANT}`"));
        check(in_address, "http://x/?token=$TOKEN", Some("`$TOKEN`"));
        check(in_address, "http://x/?a={{b}}", Some("`{{b}}`"));
        for fine in [
            "http://127.0.0.1:9090",
            "http://x/odata?$filter=a&$top=5&price=$5&q=$A",
            "http://x/a?q={up}",
            "http://x/$metadata",
        ] {
            check(in_address, fine, None);
        }
    }

    #[test]
    fn of_values() {
        check(in_value, "$TOKEN", Some("`$TOKEN`"));
        check(in_value, "Bearer ${env:TOKEN}", Some("`${TOKEN}`"));
        check(in_value, "Bearer $TOKEN", Some("`$TOKEN`"));
        check(in_value, "{{ token }}", Some("`{{ token }}`"));
        for fine in ["pa$$WORD", "$ecret", "$a{b", "x$TOKEN", "{\"a\":1}", "$1", "a${b"] {
            check(in_value, fine, None);
        }
    }
}
