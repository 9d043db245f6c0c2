//! What a team writes down before it is needed: sources, vitals, panes, commands.
//!
//! These are data. [`load`] reads them from a file with errors that name line and column; [`kinds`] knows what each kind
//! of source can. Which queries follow from them is said in [`dashboard`](crate::dashboard). Names of keys are resolved
//! by the runtime, not here.

mod dashboard_entry;
pub mod kinds;
mod lines;
pub mod load;

use std::{collections::BTreeMap, path::PathBuf, sync::Arc, time::Duration};

pub use dashboard_entry::{DashboardAt, DashboardEntry, GrafanaLink};
pub use kinds::Kind;
pub use lines::Lines;

use crate::{
    base::redact,
    incident::MitigationKind,
    signal::{AlertWords, Condition, Unit},
};

/// The whole configuration. [`Default`] is a cockpit without sources or panes, which is valid.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// The file it was read from, if any.
    pub file: Option<PathBuf>,
    /// What is being watched: `shop`.
    pub title: Option<String>,
    /// Systems that are polled.
    pub sources: Vec<Source>,
    /// "Is it still bleeding?"
    pub vitals: Vec<Vital>,
    /// The panes to show, in the order of the file.
    pub panes: Vec<Pane>,
    /// Grafana dashboards whose panels are shown behind the panes.
    pub dashboards: Vec<DashboardEntry>,
    /// A folder of more of them, to choose from while it runs.
    pub dashboard_folder: Option<PathBuf>,
    /// Folders of runbooks, the ones to be preferred first.
    pub runbooks: Vec<RunbookFolder>,
    /// Commands that may stop the bleeding.
    pub commands: Vec<Command>,
    /// The folder the notes are written to on exit; `None` is the current one.
    pub notes: Option<PathBuf>,
    /// The theme's name, or a file.
    pub theme: Option<String>,
    /// Whether addresses can be clicked on; `None` where the terminal is known to take that.
    pub links: Option<bool>,
    /// The characters that charts are drawn in.
    pub charts: Charts,
    /// Memory above which no large answer is read, in bytes.
    pub max_memory: u64,
    /// The stretch of time the panes show at first.
    pub window: Duration,
    /// Whether times are shown in UTC at first.
    pub utc: bool,
    /// Whether the mouse is taken at first.
    pub mouse: bool,
    /// Keys by the name of their action: `note = ["n", "F2"]`.
    pub keys: BTreeMap<String, Vec<String>>,
}

/// A folder of runbooks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunbookFolder {
    /// Where it is.
    pub path: PathBuf,
    /// The address its files are known under to alerts: what their `runbook_url` begins with.
    pub url: Option<String>,
}

/// The characters that charts are drawn in, and with them all other signs of the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Charts {
    /// What the terminal is likely to have.
    #[default]
    Auto,
    /// Dots, two by four a cell.
    Braille,
    /// Half blocks, and signs that a console without a graphical screen has.
    Block,
    /// ASCII only.
    Ascii,
}

/// A source, by its place in the configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourceId(usize);

impl SourceId {
    /// The source at this place; for tests, which know what they configured.
    pub const fn nth(place: usize) -> Self {
        Self(place)
    }
}

impl Config {
    /// A source, if it is there.
    pub fn source(&self, id: SourceId) -> Option<&Source> {
        self.sources.get(id.0)
    }

    /// All sources, in the order of the file.
    pub fn sources_by_id(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        self.sources.iter().enumerate().map(|(place, source)| (SourceId(place), source))
    }

    /// The source of this name.
    pub fn source_named(&self, name: &str) -> Option<(SourceId, &Source)> {
        self.sources_by_id().find(|(_, source)| source.name == name)
    }

    /// That there are no sources, and what to do about it; whoever has a file is not sent to write one.
    pub fn no_sources(&self) -> String {
        match &self.file {
            Some(file) => format!("{}: no sources are configured; it needs a [[source]] at least", file.display()),
            None => "no sources are configured; `stanch init` writes a configuration to begin with".to_owned(),
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            file: None,
            title: None,
            sources: Vec::new(),
            vitals: Vec::new(),
            panes: Vec::new(),
            dashboards: Vec::new(),
            dashboard_folder: None,
            runbooks: Vec::new(),
            commands: Vec::new(),
            notes: None,
            theme: None,
            links: None,
            charts: Charts::Auto,
            max_memory: 256_000_000,
            window: Duration::from_secs(30 * 60),
            utc: true,
            mouse: true,
            keys: BTreeMap::new(),
        }
    }
}

/// A system that is polled.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// Its name; unique.
    pub name: String,
    /// What it is, and so what it can.
    pub kind: &'static Kind,
    /// How it is reached and asked.
    pub settings: Settings,
    /// How often, unless a pane says otherwise.
    pub every: Duration,
    /// How long one request may take.
    pub timeout: Duration,
    /// Largest body that is read, in bytes.
    pub max_bytes: u64,
    /// For an alert source: the name of the source behind it. While that one fails, an alert that vanishes is lost from
    /// sight, not resolved.
    pub behind: Option<String>,
}

/// What the configuration says of a source besides what every one has: as much of it as its kind has
/// [fields](Kind::fields) for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    /// Where and how it is reached; `None` for what is not reached by HTTP.
    pub http: Option<Http>,
    /// The command and its arguments; never a shell line. Empty for what is no command.
    pub argv: Vec<String>,
    /// How its answers are read; `None` where they can mean one thing only.
    pub read: Option<Read>,
    /// The team's own words for alerts.
    pub words: Arc<AlertWords>,
    /// Keys that few kinds have, as far as the file has them.
    pub own: BTreeMap<&'static str, Setting>,
}

/// The value of a key that few kinds have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Setting {
    /// `true` or `false`.
    Flag(bool),
    /// A stretch of time.
    Span(Duration),
    /// Text of one or more lines.
    Text(String),
    /// Several texts.
    List(Vec<String>),
}

impl Source {
    /// Where and how, for those that are reached by HTTP.
    pub fn http(&self) -> Option<&Http> {
        self.settings.http.as_ref()
    }

    /// Whether a key of its kind is set; without one in the file, what its kind has for that.
    pub fn flag(&self, key: &'static str) -> bool {
        let usual = || self.kind.fields.contains(&kinds::Field::Flag(key, true));
        match self.own(key) {
            Some(Setting::Flag(yes)) => *yes,
            _ => usual(),
        }
    }

    /// The stretch of time of a key of its kind, if the file has it.
    pub fn span(&self, key: &'static str) -> Option<Duration> {
        match self.own(key) {
            Some(Setting::Span(span)) => Some(*span),
            _ => None,
        }
    }

    /// The text of a key of its kind, if the file has it.
    pub fn text(&self, key: &'static str) -> Option<&str> {
        match self.own(key) {
            Some(Setting::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// The texts of a key of its kind; none if the file does not have it.
    pub fn list(&self, key: &'static str) -> &[String] {
        match self.own(key) {
            Some(Setting::List(list)) => list,
            _ => &[],
        }
    }

    /// Whether it is asked with a `POST`, which may do more than read.
    pub fn posts(&self) -> bool {
        self.kind.fields.contains(&kinds::Field::Body) && self.text("method") == Some("POST")
    }

    fn own(&self, key: &'static str) -> Option<&Setting> {
        let is_known = self.kind.fields.iter().any(|field| field.keys().contains(&key));
        debug_assert!(is_known, "a {} source has no key `{key}`", self.kind.name);
        self.settings.own.get(key)
    }
}

/// Where and how a source is reached.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Http {
    /// The address, with any route prefix.
    pub url: String,
    /// Credentials sent with each request.
    pub auth: Auth,
    /// More headers: name and where its value comes from.
    pub headers: Vec<(String, Secret)>,
    /// Certificates of an own authority, PEM.
    pub ca_file: Option<PathBuf>,
    /// A client certificate with its key, PEM.
    pub client_cert: Option<PathBuf>,
    /// A proxy; `None` takes the environment's, which loopback addresses never use.
    pub proxy: Option<String>,
}

/// Credentials.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Auth {
    /// No credentials.
    #[default]
    None,
    /// `Authorization: Bearer …`.
    Bearer(Secret),
    /// A name and a password.
    Basic {
        /// The user name, which is no secret.
        user: String,
        /// The password, by reference.
        password: Secret,
    },
}

/// Where a secret comes from. Its value is never kept here, so a configuration may be printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Secret {
    /// `env:NAME`: an environment variable.
    Env(String),
    /// `file:PATH`: the first line of a file, read anew at each use.
    File(PathBuf),
    /// `command:WORD…`: the first line a command prints.
    Command(Vec<String>),
    /// Written into the configuration, which warns for a token or password and is right for `X-Scope-OrgID`.
    Literal(Literal),
}

impl Secret {
    /// Whether, as the value of a header of this name, it is but a word that answers are full of, and stands in the
    /// configuration for all to read: a tenant's.
    pub fn is_word(&self, header: &str) -> bool {
        match self {
            Self::Literal(literal) => redact::is_word(header, literal.0.trim()),
            Self::Env(_) | Self::File(_) | Self::Command(_) => false,
        }
    }
}

/// A value that shows as `***` when printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Literal(pub String);

impl std::fmt::Debug for Literal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

/// How the answer of an `http` or `command` source is read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Read {
    /// A jq filter over the JSON; without one the JSON as it is.
    pub jq: Option<String>,
    /// How the filter's output is read.
    pub shape: Shape,
    /// A jq filter that says `true`, or a message, when the answer is an error in spite of its status.
    pub error_when: Option<String>,
}

/// What comes out of a filter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Shape {
    /// Records become rows, their fields columns.
    #[default]
    Table,
    /// One number, or a string that is one.
    Number,
    /// Records with `id`, `state`, `severity`, `title`, `service`, `since`, `url`.
    Alerts,
    /// Records with `id`, `title`, `at`, and optionally `kind`, `service`, `version`, `who`, `undo`, `url`.
    Changes,
    /// Strings, or records with `at`, `level`, `text`; for a command without a filter, its plain lines.
    Logs,
}

/// A query with a range that says whether users are hurt.
#[derive(Clone, Debug, PartialEq)]
pub struct Vital {
    /// The name of what is measured, as the header names it.
    pub title: String,
    /// The name of the source to ask.
    pub source: String,
    /// The query, in the language of its source.
    pub query: String,
    /// The range in which nobody is hurt.
    pub ok: Condition,
    /// The unit of its value.
    pub unit: Unit,
}

impl Vital {
    /// A value of it with its unit, which never reads as the limit of its range when it is not.
    pub fn format(&self, value: f64) -> String {
        self.unit.format_apart(value, self.ok.value)
    }
}

/// A rectangle that shows one query.
#[derive(Clone, Debug, PartialEq)]
pub struct Pane {
    /// What it shows; unique.
    pub title: String,
    /// The sources to ask; several only for alerts and changes.
    pub sources: Vec<String>,
    /// The query, as the source reads it; for `http` a path below the source's address.
    pub query: String,
    /// How it is drawn; `None` decides by what comes.
    pub kind: PaneKind,
    /// The unit of the values.
    pub unit: Unit,
    /// The name of a series in the legend: `{{code}} on {{pod}}`.
    pub legend: Option<String>,
    /// Values from which the colour changes, least first.
    pub thresholds: Vec<Threshold>,
    /// Least value of the axis or gauge.
    pub min: Option<f64>,
    /// Greatest value of the axis or gauge.
    pub max: Option<f64>,
    /// The interval between polls; `None` is that of its source.
    pub every: Option<Duration>,
    /// How many columns of the grid it spans, at least 1.
    pub width: u16,
    /// How many rows of the grid it spans, at least 1.
    pub height: u16,
    /// What a text pane says.
    pub text: String,
    /// How answers of `http` and `command` sources are read, when not as the source says.
    pub read: Option<Read>,
    /// Which log lines are asked for, where a source is asked for such.
    pub lines: Lines,
}

impl Pane {
    /// An empty pane of this title.
    pub fn titled(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            sources: Vec::new(),
            query: String::new(),
            kind: PaneKind::default(),
            unit: Unit::default(),
            legend: None,
            thresholds: Vec::new(),
            min: None,
            max: None,
            every: None,
            width: 1,
            height: 1,
            text: String::new(),
            read: None,
            lines: Lines::default(),
        }
    }
}

/// How a pane is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are the meaning")]
pub enum PaneKind {
    #[default]
    TimeSeries,
    Stat,
    Gauge,
    BarGauge,
    Table,
    Logs,
    Alerts,
    Changes,
    Text,
}

impl PaneKind {
    /// Whether the values of now are enough, without their past.
    pub fn is_instant(self) -> bool {
        matches!(self, Self::Gauge | Self::BarGauge | Self::Table)
    }

    /// What must come out of a source that answers with JSON or text to be shown so.
    pub fn shape(self) -> Shape {
        match self {
            Self::Alerts => Shape::Alerts,
            Self::Changes => Shape::Changes,
            Self::Logs => Shape::Logs,
            Self::TimeSeries | Self::Stat | Self::Gauge => Shape::Number,
            Self::BarGauge | Self::Table | Self::Text => Shape::Table,
        }
    }
}

/// From `from` on, a value is `level`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Threshold {
    /// The least value of the level.
    pub from: f64,
    /// How bad such a value is.
    pub level: ThresholdLevel,
}

/// How bad a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the meaning")]
pub enum ThresholdLevel {
    Ok,
    Warning,
    Critical,
}

/// A command of the team's own that may stop the bleeding. It runs only after a person typed its name.
#[derive(Clone, Debug, PartialEq)]
pub struct Command {
    /// The name to type; unique.
    pub name: String,
    /// What it does, in words.
    pub text: String,
    /// What kind of action it is.
    pub kind: MitigationKind,
    /// Whether it can be taken back; `None` where neither the file nor its own words say so for certain.
    pub reversible: Option<bool>,
    /// The command and its arguments; never a shell line.
    pub argv: Vec<String>,
    /// How long it may run.
    pub timeout: Duration,
}
