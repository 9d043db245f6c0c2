//! Reads `stanch.toml`: from a file to a [`Config`], or to every error that stands in it.
//!
//! The file is walked by hand over `toml`'s spanned tables rather than deserialized, so that all mistakes are reported
//! at once, each with line, column, what was found and what was expected. Nothing is started, no command is run and no
//! secret is kept.
#![expect(clippy::disallowed_methods, reason = "finding and reading the configuration is what this file is for")]

mod alert_words;
mod dashboard;
mod errors;
mod lines;
mod mitigation;
mod names;
mod pane;
mod runbooks;
mod secret;
mod source;
mod synonyms;
mod unfilled;
mod value;

use std::{
    collections::BTreeMap,
    env,
    path::{Path, PathBuf},
    time::Duration,
};

pub use errors::{ConfigErrors, Warning};
use names::{Sources, unique};
use source::Declared;
use synonyms::SYNONYMS;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{Charts, Config, Shape, Source};
use crate::{
    base::{
        text,
        toml::{Diagnostic, Diagnostics, Fields, types::found},
    },
    files::{self, CannotRead, trust},
};

/// Largest file that is read, in bytes.
const MAX_FILE: u64 = 4 << 20;

/// Finds and reads the configuration: `explicit`, else `$STANCH_CONFIG`, else `./stanch.toml`, else the one in the
/// user's configuration folder; without any, the default one. A file that is named must be there; one that is not must be
/// such that nobody else could have written it, because a configuration runs commands.
pub fn load(explicit: Option<&Path>) -> Result<(Config, Vec<Warning>), ConfigErrors> {
    let named = match (explicit, env::var_os("STANCH_CONFIG").filter(|path| !path.is_empty())) {
        (Some(path), _) => Some((path.to_owned(), "--config")),
        (None, Some(path)) => Some((PathBuf::from(path), "$STANCH_CONFIG")),
        (None, None) => None,
    };
    let (file, named_by) = match named {
        Some((path, by)) => (path, Some(by)),
        None => match usual_places().into_iter().find(|path| path.is_file()) {
            Some(path) => (path, None),
            None => return Ok((Config::default(), Vec::new())),
        },
    };
    if named_by.is_none() {
        believe(&file)?;
    }
    let text = text_of(&file, named_by)?;
    parse(&text, &file)
}

/// Where the configuration is looked for when nobody names it, first to last.
fn usual_places() -> Vec<PathBuf> {
    let absolute = |name: &str| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let folder = absolute("XDG_CONFIG_HOME").or_else(|| Some(home()?.join(".config")));
    let mut places = vec![PathBuf::from("stanch.toml")];
    places.extend(folder.map(|folder| folder.join("stanch/stanch.toml")));
    places
}

/// Reads a configuration. `file` is named in messages, and relative paths start at its folder.
pub fn parse(text: &str, file: &Path) -> Result<(Config, Vec<Warning>), ConfigErrors> {
    let (document, broken) = DeTable::parse_recoverable(text);
    if !broken.is_empty() {
        // What a broken file says further on is guesswork.
        let place = |error: &toml::de::Error| error.span().map_or(0, |span| span.start);
        let found = broken.iter().map(|error| Diagnostic::at(file, text, place(error), error.message()));
        return Err(ConfigErrors(found.collect()));
    }
    let diagnostics = Diagnostics::new(file, text, &SYNONYMS);
    let home = home();
    let place = Place { file, home: home.as_deref(), to: &diagnostics };
    let mut config = whole(&document, &place);
    config.file = Some(file.to_owned());
    let warnings = diagnostics.finish().map_err(ConfigErrors)?;
    Ok((config, warnings.into_iter().map(Warning).collect()))
}

/// Where relative paths start, and who is told.
struct Place<'a> {
    file: &'a Path,
    home: Option<&'a Path>,
    to: &'a Diagnostics<'a>,
}

impl Place<'_> {
    fn path(&self, text: &str) -> PathBuf {
        value::path(text, self.file, self.home)
    }

    fn program(&self, word: &str) -> String {
        value::program(word, self.file, self.home)
    }
}

fn whole(document: &Spanned<DeTable<'_>>, place: &Place<'_>) -> Config {
    let mut top = Fields::new("the file", document.get_ref(), 0..0, place.to);
    let mut config = Config {
        title: top.line("title").map(Spanned::into_inner),
        theme: theme(&mut top, place),
        charts: top.word("charts", &CHARTS).map(Spanned::into_inner).unwrap_or_default(),
        notes: path(&mut top, place, "notes"),
        dashboard_folder: path(&mut top, place, "dashboards"),
        runbooks: runbooks::folders(&mut top, place),
        keys: keys(&mut top),
        ..Config::default()
    };
    let window = top.duration("window", Duration::from_secs(60), Duration::from_secs(30 * 86_400));
    config.window = window.unwrap_or(config.window);
    config.max_memory = top.bytes("max_memory", 64_000_000, 64_000_000_000).unwrap_or(config.max_memory);
    config.links = top.boolean("links");
    config.utc = top.boolean("utc").unwrap_or(config.utc);
    config.mouse = top.boolean("mouse").unwrap_or(config.mouse);

    let mut declared: Vec<Declared> = top
        .tables("source", "[[source]]", "[[source]]")
        .into_iter()
        .map(|fields| source::source(fields, place))
        .collect();
    unique("sources", declared.iter().filter_map(|one| one.name.as_ref()), place.to);
    let sources = Sources { declared: &declared, to: place.to };
    sources.check_behind();

    let vitals: Vec<_> =
        top.tables("vital", "[[vital]]", "[[vital]]").into_iter().map(|fields| pane::vital(fields, &sources)).collect();
    unique("vitals", vitals.iter().filter_map(|(_, title)| title.as_ref()), place.to);
    let panes: Vec<_> =
        top.tables("pane", "[[pane]]", "[[pane]]").into_iter().map(|fields| pane::pane(fields, &sources)).collect();
    unique("panes", panes.iter().filter_map(|(_, title)| title.as_ref()), place.to);
    config.dashboards = top
        .tables("dashboard", "[[dashboard]]", "[[dashboard]]")
        .into_iter()
        .map(|fields| dashboard::dashboard(fields, &sources, place))
        .collect();
    let commands: Vec<_> = top
        .tables("mitigation", "[[mitigation]]", "[[mitigation]]")
        .into_iter()
        .map(|fields| mitigation::mitigation(fields, place))
        .collect();
    unique("mitigations", commands.iter().filter_map(|(_, name)| name.as_ref()), place.to);
    top.finish(&[]);

    config.vitals = vitals.into_iter().map(|(vital, _)| vital).collect();
    config.panes = panes.into_iter().map(|(pane, _)| pane).collect();
    config.commands = commands.into_iter().map(|(command, _)| command).collect();
    config.sources = declared.iter_mut().filter_map(|one| settle_shape(one, &config)).collect();
    config
}

/// A source that does not say what its filter gives is read as the first pane or vital that shows it needs.
fn settle_shape(declared: &mut Declared, config: &Config) -> Option<Source> {
    let mut source = declared.source.take()?;
    let name = source.name.clone();
    if let (None, Some(read)) = (declared.shape, &mut source.settings.read) {
        let vital = config.vitals.iter().find(|vital| vital.source == name).map(|_| Shape::Number);
        let pane = || config.panes.iter().find(|pane| pane.sources.contains(&name)).map(|pane| pane.kind.shape());
        read.shape = vital.or_else(pane).unwrap_or_default();
    }
    Some(source)
}

/// The characters of charts, by the words of the file.
const CHARTS: [(&str, Charts); 4] =
    [("auto", Charts::Auto), ("braille", Charts::Braille), ("block", Charts::Block), ("ascii", Charts::Ascii)];

/// A name stays a name; what looks like a file is one.
fn theme(fields: &mut Fields<'_>, place: &Place<'_>) -> Option<String> {
    let text = fields.line("theme")?;
    let is_file = text.get_ref().contains('/') || text.get_ref().ends_with(".toml");
    match is_file {
        true => path(fields, place, "theme").map(|path| path.to_string_lossy().into_owned()),
        false => Some(text.into_inner()),
    }
}

/// A path that the file names.
fn path(fields: &mut Fields<'_>, place: &Place<'_>, key: &'static str) -> Option<PathBuf> {
    let text = fields.line(key)?;
    let path = place.path(text.get_ref());
    unfilled::check_path(fields, key, &text, &path);
    Some(path)
}

/// `[keys]`: actions and their keys. Whether they exist is for the one who knows the actions.
fn keys(top: &mut Fields<'_>) -> BTreeMap<String, Vec<String>> {
    let mut keys = BTreeMap::new();
    let Some((table, _)) = top.table("keys", "a table [keys] such as note = [\"n\", \"F2\"]") else { return keys };
    for (action, value) in table {
        let name = action.get_ref();
        let one = |value: &Spanned<DeValue<'_>>| match value.get_ref().as_str() {
            Some(key) if !key.trim().is_empty() => Some(text::clipped(key, 40).into_owned()),
            _ => {
                let found = found(value.get_ref());
                top.error(
                    &value.span(),
                    format!("`keys.{name}`: expected a key such as \"n\" or \"Ctrl-R\", found {found}"),
                );
                None
            }
        };
        let given: Vec<String> = match value.get_ref().as_array() {
            Some(several) => several.iter().filter_map(one).collect(),
            None => one(value).into_iter().collect(),
        };
        keys.insert(text::clipped(name, 60).into_owned(), given);
    }
    keys
}

fn home() -> Option<PathBuf> {
    env::var_os("HOME").map(PathBuf::from).filter(|path| path.is_absolute())
}

/// A configuration that was found, not named, may be another user's.
fn believe(file: &Path) -> Result<(), ConfigErrors> {
    let refused = |why: String| ConfigErrors(vec![Diagnostic::whole(file, why)]);
    let advice = format!("look through it, then name it: --config {}", file.display());
    match trust::check(file) {
        Ok(Ok(())) => Ok(()),
        Ok(Err(untrusted)) => {
            Err(refused(format!("not used, because {untrusted}, and a configuration runs commands; {advice}")))
        }
        Err(error) => Err(refused(format!("not used, because it cannot be told whose it is ({error}); {advice}"))),
    }
}

fn text_of(file: &Path, named_by: Option<&str>) -> Result<String, ConfigErrors> {
    let fail = |finding| ConfigErrors(vec![finding]);
    let by = named_by.map(|by| format!(" (named by {by})")).unwrap_or_default();
    let bytes = files::read(file, MAX_FILE).map_err(|why| {
        let advice = match why {
            CannotRead::Missing => "; `stanch init` writes one",
            CannotRead::Folder => "; expected a file such as stanch.toml",
            _ => "",
        };
        fail(Diagnostic::whole(file, format!("cannot read the configuration{by}: {why}{advice}")))
    })?;
    String::from_utf8(bytes)
        .map_err(|error| fail(Diagnostic::not_utf8(file, error.as_bytes(), error.utf8_error().valid_up_to())))
}
