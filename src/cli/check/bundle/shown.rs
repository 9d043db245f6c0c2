//! A configuration as a stranger may read it: what each key holds if that is known to be harmless, else `***`. Comments
//! are left out, because a token that was tried once may stand in one.

use std::path::Path;

use toml::{Table, Value};

use crate::{
    base::{redact, text},
    config::Kind,
    files, source,
};

/// Keys whose values are shown as they are.
const OPEN: &[&str] = &[
    "title",
    "theme",
    "notes",
    "window",
    "max_memory",
    "utc",
    "links",
    "charts",
    "mouse",
    "name",
    "type",
    "every",
    "timeout",
    "max_bytes",
    "behind",
    "ca_file",
    "client_cert",
    "receiver",
    "filters",
    "silenced",
    "inhibited",
    "method",
    "jq",
    "as",
    "error_when",
    "source",
    "sources",
    "ok",
    "unit",
    "legend",
    "thresholds",
    "from",
    "level",
    "min",
    "max",
    "width",
    "height",
    "kind",
];

/// Largest file that is shown, in bytes.
const MAX_FILE: u64 = 4 << 20;

/// What must not be shown.
const HIDDEN: &str = "\"***\"";

/// The configuration in a file; why not, in words that do not quote it.
pub fn of_file(path: &Path) -> Result<String, &'static str> {
    let text = files::read_text(path, MAX_FILE).map_err(|_| "The file cannot be read.")?;
    of(&text)
}

fn of(text: &str) -> Result<String, &'static str> {
    let whole: Table = text.parse().map_err(|_| "The file is no TOML and is not shown.")?;
    let languages = sources_of_a_language(&whole);
    let is_table = |value: &Value| {
        value.as_table().is_some() || value.as_array().is_some_and(|all| all.iter().any(Value::is_table))
    };
    let mut out = String::new();
    for (key, value) in whole.iter().filter(|(_, value)| !is_table(value)) {
        out += &format!("{} = {}\n", name(key), shown(key, value, true));
    }
    for (key, value) in whole.iter().filter(|(_, value)| is_table(value)) {
        let (open, close, tables) = match value {
            Value::Array(all) => ("[[", "]]", all.iter().collect()),
            one => ("[", "]", vec![one]),
        };
        for table in tables {
            out += &format!("\n{open}{}{close}\n", name(key));
            let Some(table) = table.as_table() else { continue };
            // What is asked is in a language of its own, which holds no secrets, or else the way to a page.
            let source = table.get("source").and_then(Value::as_str);
            let speaks = source.map_or(languages.all, |source| languages.names.contains(&source));
            for (inner, value) in table {
                let value = if key == "keys" { plain(value) } else { shown(inner, value, speaks) };
                out += &format!("{} = {value}\n", name(inner));
            }
        }
    }
    Ok(out)
}

/// Sources that are asked in PromQL or by matchers, and whether that is all there are.
struct Languages<'a> {
    names: Vec<&'a str>,
    all: bool,
}

fn sources_of_a_language(whole: &Table) -> Languages<'_> {
    let sources = whole.get("source").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_table);
    let text = |table: &'_ Table, key: &str| table.get(key).and_then(Value::as_str).map(str::to_owned);
    let mut languages = Languages { names: Vec::new(), all: true };
    for source in sources {
        let kind = text(source, "type").and_then(|kind| Kind::named(&kind));
        let speaks = kind.is_some_and(|kind| !kind.is_generic());
        languages.all &= speaks;
        languages.names.extend(source.get("name").and_then(Value::as_str).filter(|_| speaks));
    }
    languages
}

fn shown(key: &str, value: &Value, speaks: bool) -> String {
    match (key, value) {
        ("run", Value::Array(argv)) => ran(argv),
        ("headers", Value::Table(headers)) => {
            let headers: Vec<_> =
                headers.iter().map(|(key, value)| format!("{} = {}", name(key), referred(value))).collect();
            format!("{{ {} }}", headers.join(", "))
        }
        ("url" | "proxy", Value::String(url)) => quoted(&source::shown_address(url)),
        ("bearer" | "password", value) => referred(value),
        ("query", Value::String(query)) if speaks => quoted(query),
        ("query", Value::String(path)) => {
            quoted(&redact::shown_path(path.split(['?', '#']).next().unwrap_or_default()))
        }
        ("text", Value::String(text)) => quoted(&format!("*** ({} bytes)", text.len())),
        (_, Value::Array(all)) => {
            format!("[{}]", all.iter().map(|one| shown(key, one, speaks)).collect::<Vec<_>>().join(", "))
        }
        (_, Value::Table(inner)) => {
            let inner: Vec<_> =
                inner.iter().map(|(key, value)| format!("{} = {}", name(key), shown(key, value, speaks))).collect();
            format!("{{ {} }}", inner.join(", "))
        }
        (key, value) if OPEN.contains(&key) => plain(value),
        _ => HIDDEN.into(),
    }
}

/// A command by its name: its arguments may hold anything.
fn ran(argv: &[Value]) -> String {
    let program = argv.first().and_then(Value::as_str).unwrap_or_default();
    let rest = argv.iter().skip(1).map(|_| HIDDEN);
    format!("[{}]", std::iter::once(quoted(program).as_str()).chain(rest).collect::<Vec<_>>().join(", "))
}

/// Where a secret comes from, never the secret: a name that no variable would have is taken for one.
fn referred(value: &Value) -> String {
    let text = value.as_str().unwrap_or_default();
    let is_name = |name: &str| name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    match text.split_once(':') {
        Some(("env", name)) if is_name(name) => quoted(text),
        Some(("file", _)) => quoted(text),
        Some(("command", words)) => {
            quoted(&format!("command:{} ***", words.split_whitespace().next().unwrap_or_default()))
        }
        _ => HIDDEN.into(),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => quoted(text),
        Value::Array(all) => format!("[{}]", all.iter().map(plain).collect::<Vec<_>>().join(", ")),
        Value::Table(_) => HIDDEN.into(),
        other => other.to_string(),
    }
}

fn name(key: &str) -> String {
    let is_bare = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
    if is_bare { key.to_owned() } else { quoted(key) }
}

/// The text as TOML on one line, whatever it holds.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text::clipped(text, 2000).replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(of(text).expect("TOML"), expected);
    }

    #[test]
    fn what_is_harmless_is_shown() {
        check(
            "title = \"shop\"\nutc = false\n[keys]\nnote = [\"n\", \"F2\"]\n",
            "title = \"shop\"\nutc = false\n\n[keys]\nnote = [\"n\", \"F2\"]\n",
        );
        check(
            "[[source]]\nname = \"prom\"\ntype = \"prometheus\"\nurl = \"http://prom:9090/x\"\nbearer = \"env:TOKEN\"\n\
             [[pane]]\ntitle = \"a\"\nquery = 'x{a=~\"b?c\"}'\nthresholds = [{ from = 1, level = \"warning\" }]\n",
            "\n[[pane]]\nquery = \"x{a=~\\\"b?c\\\"}\"\nthresholds = [{ from = 1, level = \"warning\" }]\ntitle = \"a\"\n\
             \n[[source]]\nbearer = \"env:TOKEN\"\nname = \"prom\"\ntype = \"prometheus\"\nurl = \"http://prom:9090/x\"\n",
        );
    }

    #[test]
    fn what_may_be_secret_is_not() {
        for hidden in [
            "[[source]]\nbearer = \"S3CRET\"",
            "[[source]]\nbearer = \"env:S3CRETx\"",
            "[[source]]\npassword = \"command:pass S3CRET\"",
            "[[source]]\nuser = \"S3CRET\"",
            "[[source]]\nheaders = { X-A = \"S3CRET\", X-B = \"command:x S3CRET\" }",
            "[[source]]\nurl = \"http://a:S3CRET@h/p?k=S3CRET#S3CRET\"",
            "[[source]]\nurl = \"S3CRET@\"",
            "[[source]]\nproxy = \"http://S3CRET@h\"",
            "[[source]]\nrun = [\"curl\", \"-H\", \"S3CRET\"]",
            "[[source]]\nrun = \"curl S3CRET\"",
            "[[source]]\nbody = \"S3CRET\"",
            "[[source]]\nnew_key = \"S3CRET\"\nname = { token = \"S3CRET\" }",
            "[[source]]\nname = \"a\"\ntype = \"http\"\n[[pane]]\nsource = \"a\"\nquery = \"x?token=S3CRET\"",
            "[[source]]\nname = \"a\"\ntype = \"http\"\n[[pane]]\nquery = \"x?token=S3CRET\"",
            "[[source]]\nurl = \"http://h/token/S3CRET/x\"",
            "[[pane]]\nquery = \"token/S3CRET\"\n[[source]]\nname = \"a\"\ntype = \"http\"",
            "[source]\nbearer = \"S3CRET\"",
            "[a.b.c]\nd = \"S3CRET\"",
            "# S3CRET",
            "x = \"S3CRET\"\nbearer = [\"S3CRET\"]\nheaders = \"S3CRET\"",
        ] {
            let text = of(hidden).expect("TOML");
            assert!(!text.contains("S3CRET"), "{hidden}\n{text}");
        }
    }
}
