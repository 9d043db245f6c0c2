//! `[[source]]`: a system that is polled.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use toml::Spanned;

use super::{
    Place, alert_words,
    secret::{Written, readable, secret},
    unfilled,
    value::{self, UrlError},
};
use crate::{
    base::{
        redact,
        toml::{Fields, fields::quoted, types::found},
    },
    config::{
        Auth, Http, Kind, Read, Secret, Setting, Settings, Shape, Source,
        kinds::{Field, KINDS},
    },
    signal::AlertWords,
};

/// What a stretch of time in a source may be.
const SHORTEST_SPAN: Duration = Duration::from_millis(100);
const LONGEST_SPAN: Duration = Duration::from_secs(86_400);

/// The words for what comes out of a filter.
pub(super) const SHAPES: [(&str, Shape); 5] = [
    ("table", Shape::Table),
    ("number", Shape::Number),
    ("alerts", Shape::Alerts),
    ("changes", Shape::Changes),
    ("logs", Shape::Logs),
];

/// A source as far as it could be read, and what panes need to know of it.
pub(super) struct Declared {
    /// `None` when its type is not known, or its name is missing.
    pub source: Option<Source>,
    pub name: Option<Spanned<String>>,
    /// `None` when it is missing or not known.
    pub kind: Option<&'static Kind>,
    /// What its filter gives, if it says so.
    pub shape: Option<Shape>,
    /// The source behind it, with the place where it is named.
    pub behind: Option<Spanned<String>>,
}

/// Reads one `[[source]]`.
pub(super) fn source(mut fields: Fields<'_>, place: &Place<'_>) -> Declared {
    let name = fields.line("name");
    match &name {
        Some(name) => fields.named(name.get_ref()),
        None if !fields.has("name") => fields.missing("name", "a name that panes use, such as \"prom\""),
        None => {}
    }
    let types: Vec<(&str, &'static Kind)> = KINDS.iter().map(|kind| (kind.name, kind)).collect();
    if !fields.has("type") {
        let words: Vec<_> = types.iter().map(|(word, _)| *word).collect();
        fields.missing("type", &format!("one of {}", words.join(", ")));
    }
    let kind = fields.word("type", &types).map(Spanned::into_inner);
    let behind = fields.line("behind");
    let mut shape = None;
    let (every, timeout) = kind.map_or((10, 10), |kind| (kind.every, kind.timeout));
    let (every, timeout) = (Duration::from_secs(every), Duration::from_secs(timeout));
    let every = fields.duration("every", Duration::from_millis(100), Duration::from_secs(86_400)).unwrap_or(every);
    let timeout = fields.duration("timeout", Duration::from_millis(10), Duration::from_secs(600)).unwrap_or(timeout);
    let max_bytes = fields.bytes("max_bytes", 1000, 1_000_000_000).unwrap_or(20_000_000);
    // Without a kind, which keys fit is not known, so none can be called wrong.
    let Some(known) = kind else { return Declared { source: None, name, kind, shape, behind } };
    let settings = settings(known, &mut fields, place, &mut shape);
    let elsewhere = elsewhere();
    let elsewhere: Vec<_> = elsewhere.iter().map(|(key, owners)| (*key, owners.as_str())).collect();
    fields.finish(&elsewhere);
    let source = name.as_ref().map(|name| Source {
        name: name.get_ref().clone(),
        kind: known,
        settings,
        every,
        timeout,
        max_bytes,
        behind: behind.as_ref().map(|behind| behind.get_ref().clone()),
    });
    Declared { source, name, kind, shape, behind }
}

/// Keys that only some kinds have, with the words for those.
fn elsewhere() -> Vec<(&'static str, String)> {
    let all = KINDS.iter().flat_map(|kind| kind.fields);
    let owners = |field: &Field, key: &str| {
        let has = |kind: &&Kind| kind.fields.iter().any(|field| field.keys().contains(&key));
        let names: Vec<_> = KINDS.iter().filter(has).map(|kind| kind.name).collect();
        let names = match names.split_last() {
            Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
            _ => names.concat(),
        };
        let others = match field {
            Field::Read => ", and their panes",
            Field::Run => " and [[mitigation]]",
            _ => "",
        };
        format!("{names} sources{others}")
    };
    let mut keys: Vec<_> = all.flat_map(|field| field.keys().iter().map(|key| (*key, owners(field, key)))).collect();
    // What the key is called elsewhere.
    keys.push(("argv", "command sources, where it is called `run`".to_owned()));
    keys
}

/// Reads the keys of a kind.
fn settings(kind: &Kind, fields: &mut Fields<'_>, place: &Place<'_>, shape: &mut Option<Shape>) -> Settings {
    let mut settings = Settings::default();
    let mut words = AlertWords::default();
    for field in kind.fields {
        let value = match *field {
            Field::Http { api } => {
                settings.http = Some(http(fields, place, api));
                None
            }
            Field::Run => {
                settings.argv = run(fields, place);
                None
            }
            Field::Read => {
                settings.read = Some(read(fields, shape));
                None
            }
            Field::Body => {
                body(fields, &mut settings);
                None
            }
            Field::Severities => {
                alert_words::severities(fields, &mut words);
                None
            }
            Field::States => {
                alert_words::states(fields, &mut words);
                None
            }
            Field::Span(key) => {
                fields.duration(key, SHORTEST_SPAN, LONGEST_SPAN).map(|span| (key, Setting::Span(span)))
            }
            Field::Line(key) => fields.line(key).map(|line| (key, Setting::Text(line.into_inner()))),
            Field::Flag(key, _) => fields.boolean(key).map(|yes| (key, Setting::Flag(yes))),
            Field::Matchers(key) => matchers(fields, key).map(|list| (key, Setting::List(list))),
        };
        settings.own.extend(value);
    }
    settings.words = Arc::new(words);
    settings
}

fn matchers(fields: &mut Fields<'_>, key: &'static str) -> Option<Vec<String>> {
    let matchers = fields.lines(key, "[\"team=\\\"shop\\\"\"]")?.into_inner();
    for matcher in &matchers {
        if !is_matcher(matcher.get_ref()) {
            let found = quoted(matcher.get_ref());
            fields.error(&matcher.span(), format!("`{key}`: expected a matcher such as team=\"shop\", found {found}"));
        }
    }
    Some(matchers.into_iter().map(Spanned::into_inner).collect())
}

/// A label's name and an operator; the server judges the rest.
fn is_matcher(text: &str) -> bool {
    let text = text.trim().trim_start_matches('{');
    let name = text.find(['=', '!']).map_or("", |end| text[..end].trim());
    !name.is_empty() && (text.contains('=') || text.contains("!~"))
}

/// `method = "POST"`, which a `body` implies.
fn body(fields: &mut Fields<'_>, settings: &mut Settings) {
    let method = fields.word("method", &[("GET", "GET"), ("POST", "POST")]);
    let body = fields.block("body").map(Spanned::into_inner);
    if let (Some(method), Some(_)) = (&method, &body)
        && *method.get_ref() == "GET"
    {
        fields.error(&method.span(), format!("{} has a `body`, which needs method = \"POST\"", fields.what()));
    }
    let method = method.map(Spanned::into_inner).or(body.as_ref().map(|_| "POST"));
    settings.own.extend(method.map(|method| ("method", Setting::Text(method.to_owned()))));
    settings.own.extend(body.map(|body| ("body", Setting::Text(body))));
}

/// `run = ["kubectl", "get", "pods"]`.
pub(super) fn run(fields: &mut Fields<'_>, place: &Place<'_>) -> Vec<String> {
    const SUCH_AS: &str = "[\"kubectl\", \"get\", \"pods\"]";
    if !fields.has("run") {
        fields.missing("run", &format!("a command and its arguments, such as {SUCH_AS}"));
    }
    let Some(run) = fields.lines("run", SUCH_AS) else { return Vec::new() };
    let span = run.span();
    if let Some(program) = run.get_ref().first() {
        unfilled::check_path(fields, "run", program, Path::new(&place.program(program.get_ref())));
    }
    unfilled::check_arguments(fields, run.get_ref(), place);
    let mut argv: Vec<_> = run.into_inner().into_iter().map(Spanned::into_inner).collect();
    match argv.first_mut() {
        Some(program) if !program.trim().is_empty() => *program = place.program(program),
        _ => fields.error(&span, "`run` names no command"),
    }
    argv
}

fn read(fields: &mut Fields<'_>, shape: &mut Option<Shape>) -> Read {
    *shape = fields.word("as", &SHAPES).map(Spanned::into_inner);
    Read { jq: filter(fields, "jq"), shape: shape.unwrap_or_default(), error_when: filter(fields, "error_when") }
}

/// A jq filter.
pub(super) fn filter(fields: &mut Fields<'_>, key: &'static str) -> Option<String> {
    let text = fields.block(key)?;
    if !cfg!(feature = "jq") {
        fields.error(&text.span(), format!("`{key}`: this stanch was built without jq"));
    }
    Some(text.into_inner()).filter(|text| !text.is_empty())
}

/// Where and how. `api` says that paths are put below the address, so that it cannot have a query of its own.
fn http(fields: &mut Fields<'_>, place: &Place<'_>, api: bool) -> Http {
    if !fields.has("url") {
        fields.missing("url", "an address such as \"http://127.0.0.1:9090\"");
    }
    let url = address(fields, "url", value::url);
    if let Some(url) = &url
        && api
        && url.get_ref().contains(['?', '#'])
    {
        fields.error(&url.span(), "`url`: expected an address that ends before `?` and `#`; paths are put below it");
    }
    Http {
        url: url.map(Spanned::into_inner).unwrap_or_default(),
        auth: auth(fields, place),
        headers: headers(fields, place),
        ca_file: file(fields, place, "ca_file"),
        client_cert: file(fields, place, "client_cert"),
        proxy: address(fields, "proxy", value::proxy).map(Spanned::into_inner),
    }
}

fn address(
    fields: &mut Fields<'_>,
    key: &'static str,
    parse: fn(&str) -> Result<reqwest::Url, UrlError>,
) -> Option<Spanned<String>> {
    let text = fields.line(key)?;
    let span = text.span();
    let unfilled = unfilled::in_address(text.get_ref());
    let message = match parse(text.get_ref()) {
        _ if unfilled.is_some() => unfilled.map(|unfilled| unfilled.in_address_words()).unwrap_or_default(),
        Ok(_) => return Some(text),
        // What stands there may have been meant to hold a password.
        Err(UrlError::Form(expected)) if text.get_ref().contains('@') => format!("expected {expected}"),
        Err(UrlError::Form(expected)) => format!("expected {expected}, found {}", quoted(text.get_ref())),
        Err(UrlError::Credentials) if key == "proxy" => {
            "a name and password do not belong into an address; set HTTPS_PROXY or ALL_PROXY instead".into()
        }
        Err(UrlError::Credentials) => {
            "a name and password do not belong into an address; use `user` and `password`".into()
        }
    };
    fields.error(&span, format!("`{key}` in {}: {message}", fields.what()));
    None
}

fn auth(fields: &mut Fields<'_>, place: &Place<'_>) -> Auth {
    let bearer = fields.raw("bearer");
    let user = fields.line("user");
    let password = fields.raw("password");
    if bearer.is_some() && (user.is_some() || password.is_some()) {
        fields.error(
            &fields.at("bearer"),
            format!("{} has a `bearer` and a `user`; expected one way to sign in", fields.what()),
        );
    }
    if let Some(bearer) = bearer {
        return secret(fields, place, "bearer", &bearer, Written::Warns).map_or(Auth::None, Auth::Bearer);
    }
    match (user, password) {
        (None, None) => Auth::None,
        (Some(user), Some(password)) => secret(fields, place, "password", &password, Written::Warns)
            .map_or(Auth::None, |password| Auth::Basic { user: user.into_inner(), password }),
        (Some(_), None) => {
            fields.error(&fields.at("user"), format!("{} has a `user` but no `password`", fields.what()));
            Auth::None
        }
        (None, Some(_)) => {
            fields.error(&fields.at("password"), format!("{} has a `password` but no `user`", fields.what()));
            Auth::None
        }
    }
}

fn headers(fields: &mut Fields<'_>, place: &Place<'_>) -> Vec<(String, Secret)> {
    let Some((table, _)) = fields.table("headers", "a table such as { X-Scope-OrgID = \"shop\" }") else {
        return Vec::new();
    };
    let mut headers = Vec::new();
    for (name, value) in table {
        let key = format!("headers.{}", name.get_ref());
        if !is_header(name.get_ref()) {
            fields.error(&name.span(), format!("{} is not a name of a header", quoted(name.get_ref())));
            continue;
        }
        let Some(text) = value.get_ref().as_str() else {
            let found = found(value.get_ref());
            fields.error(&value.span(), format!("`{key}`: expected a string, found {found}"));
            continue;
        };
        let text = Spanned::new(value.span(), text);
        let written = if redact::is_secret_header(name.get_ref()) { Written::Warns } else { Written::IsFine };
        headers.extend(secret(fields, place, &key, &text, written).map(|value| (name.get_ref().to_string(), value)));
    }
    headers
}

fn is_header(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c))
}

fn file(fields: &mut Fields<'_>, place: &Place<'_>, key: &'static str) -> Option<PathBuf> {
    let text = fields.line(key)?;
    let path = place.path(text.get_ref());
    if unfilled::check_path(fields, key, &text, &path) {
        return None;
    }
    if let Err(why) = readable(&path) {
        fields.error(&text.span(), format!("`{key}` in {}: the file {} {why}", fields.what(), path.display()));
    }
    Some(path)
}
