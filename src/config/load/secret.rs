//! References to secrets: `env:NAME`, `file:PATH`, `command:WORD…`.
//!
//! Whether a variable is set and a file can be read is looked at here, so that a missing one is an error with its line
//! and not a 401 an hour later. The value is not kept, and no message quotes one. A command is not run.
#![expect(clippy::disallowed_methods, reason = "whether a variable is set is what is checked here")]

use std::path::Path;

use toml::Spanned;

use super::{Place, unfilled, value};
use crate::{
    base::toml::Fields,
    config::{Literal, Secret},
    files::{self, CannotRead},
};

/// How a value written out is taken.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    /// It is a secret in the open.
    Warns,
    /// It need not be a secret: `X-Scope-OrgID`.
    IsFine,
}

/// Reads a reference; `key` is how messages call it.
pub(super) fn secret(
    fields: &Fields<'_>,
    place: &Place<'_>,
    key: &str,
    text: &Spanned<&str>,
    written: Written,
) -> Option<Secret> {
    let span = text.span();
    let text = text.get_ref().trim();
    let wrong = |message: String| {
        fields.error(&span, format!("`{key}` in {}: {message}", fields.what()));
        None
    };
    let unfilled = unfilled::in_value(text);
    match text.split_once(':') {
        Some(("env", name)) => match std::env::var_os(name) {
            _ if name.is_empty() || name.contains(['=', '\0']) => wrong("expected a name after `env:`".into()),
            None => wrong(format!("the environment variable {name} is not set")),
            Some(value) if value.is_empty() => wrong(format!("the environment variable {name} is empty")),
            Some(_) => Some(Secret::Env(name.to_owned())),
        },
        Some(("file", "")) => wrong("expected a path after `file:`".into()),
        Some(("file", written_path)) => {
            let path = place.path(written_path);
            match readable(&path) {
                Ok(()) => Some(Secret::File(path)),
                Err(why) => wrong(
                    unfilled::path_words(written_path, &path)
                        .unwrap_or_else(|| format!("the file {} {why}", path.display())),
                ),
            }
        }
        Some(("command", line)) => match value::words(line) {
            Ok(mut words) => {
                if let Some(program) = words.first_mut() {
                    *program = place.program(program);
                }
                Some(Secret::Command(words))
            }
            Err(expected) => wrong(format!("expected {expected} after `command:`")),
        },
        _ if text.is_empty() => wrong("it is empty".into()),
        _ if unfilled.is_some() => wrong(unfilled.map(|unfilled| unfilled.in_value_words()).unwrap_or_default()),
        _ if text.chars().any(char::is_control) => wrong("it holds a control character".into()),
        _ => {
            if written == Written::Warns {
                let advice = "written out in the file; put it into env:NAME, file:PATH or command:…";
                place.to.warn(&span, format!("`{key}` in {} is {advice}", fields.what()));
            }
            Some(Secret::Literal(Literal(text.to_owned())))
        }
    }
}

/// Whether a file is there and may be read, in words that read after its name.
pub(super) fn readable(path: &Path) -> Result<(), String> {
    match files::open(path) {
        Ok(_) => Ok(()),
        Err(CannotRead::Io(error)) => Err(format!("cannot be read ({error})")),
        // "it does not exist"
        Err(other) => Err(other.to_string().trim_start_matches("it ").to_owned()),
    }
}
