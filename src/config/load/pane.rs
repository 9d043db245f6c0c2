//! `[[vital]]` and `[[pane]]`: what is asked of the sources.
//!
//! Which keys a pane needs depends on its source and on how it is drawn; both are checked here, so that a pane that
//! loads has something to ask.

use std::time::Duration;

use toml::Spanned;

use super::{
    lines::{self, Needs},
    names::Sources,
    source::{Declared, SHAPES, filter},
    unfilled,
};
use crate::{
    base::{text, toml::Fields},
    config::{
        Kind, Pane, PaneKind, Read, Shape, Threshold, ThresholdLevel, Vital,
        kinds::{Field, Gives, Language},
    },
    signal::{Condition, Unit},
};

const KINDS: [(&str, PaneKind); 9] = [
    ("timeseries", PaneKind::TimeSeries),
    ("stat", PaneKind::Stat),
    ("gauge", PaneKind::Gauge),
    ("bargauge", PaneKind::BarGauge),
    ("table", PaneKind::Table),
    ("logs", PaneKind::Logs),
    ("alerts", PaneKind::Alerts),
    ("changes", PaneKind::Changes),
    ("text", PaneKind::Text),
];

/// What an `ok` looks like.
const CONDITION: &str = "a comparison such as \">= 0.995\" or \"> 0.5 for 1m\"";

/// Reads one `[[vital]]`; answers its title too.
pub(super) fn vital(mut fields: Fields<'_>, sources: &Sources<'_>) -> (Vital, Option<Spanned<String>>) {
    let title = title(&mut fields);
    let named = fields.line("source");
    let declared = match &named {
        Some(named) => sources.find(named, fields.what()),
        None if fields.has("source") => None,
        // With one source there is nothing to choose.
        None => sources.only().or_else(|| {
            fields.missing("source", "the name of a source");
            None
        }),
    };
    let query = fields.block("query");
    match declared.and_then(|one| one.kind) {
        Some(kind) if !kind.gives(Gives::Series) => {
            let at = fields.at("source");
            fields.error(&at, format!("{}: {} gives no numbers", fields.what(), a_source(kind)));
        }
        Some(kind) if kind.needs_query && is_blank(query.as_ref()) => fields.missing("query", &a_query(kind)),
        Some(kind) => {
            check_path(&fields, kind, query.as_ref());
            lines::check_query(&fields, kind, query.as_ref(), Needs::Numbers);
        }
        None => {}
    }
    if !fields.has("ok") {
        fields.missing("ok", &format!("{CONDITION}, the range in which nobody is hurt"));
    }
    let ok = fields.line("ok").and_then(|text| match text.get_ref().parse::<Condition>() {
        Ok(condition) => Some(condition),
        Err(error) => {
            fields.error(&text.span(), format!("`ok` in {}: {error}", fields.what()));
            None
        }
    });
    let vital = Vital {
        title: title.as_ref().map(|title| title.get_ref().clone()).unwrap_or_default(),
        source: declared.and_then(|one| one.name.as_ref()).map(|name| name.get_ref().clone()).unwrap_or_default(),
        query: query.map(Spanned::into_inner).unwrap_or_default(),
        ok: ok.unwrap_or(Condition { op: crate::signal::condition::Op::Equal, value: 0.0, hold: Duration::ZERO }),
        unit: unit(&mut fields),
    };
    fields.finish(&[]);
    (vital, title)
}

/// Reads one `[[pane]]`; answers its title too.
pub(super) fn pane(mut fields: Fields<'_>, sources: &Sources<'_>) -> (Pane, Option<Spanned<String>>) {
    let title = title(&mut fields);
    let said = fields.word("type", &KINDS).map(Spanned::into_inner);
    let text = fields.block("text");
    let names = source_names(&mut fields);
    let mut shown: Vec<&Declared> = names.iter().filter_map(|name| sources.find(name, fields.what())).collect();
    let names_none = !fields.has("source") && !fields.has("sources");
    if names_none && text.is_none() && said != Some(PaneKind::Text) {
        match sources.only() {
            Some(only) => shown.push(only),
            None => fields.missing("source", "the name of a source, or `text` for a pane of text"),
        }
    }
    let query = fields.block("query");
    let kind = said.unwrap_or_else(|| natural_kind(&shown, text.is_some(), query.as_ref()));
    let own = OwnRead::of(&mut fields);

    for declared in &shown {
        fits(&fields, kind, declared, &query);
    }
    if shown.len() > 1 && !matches!(kind, PaneKind::Alerts | PaneKind::Changes) {
        let at = fields.at("sources");
        fields.error(&at, format!("{}: only panes of alerts and of changes take several sources", fields.what()));
    }
    if own.is_some() && !shown.is_empty() && !shown.iter().any(|one| is_fetched(one)) {
        let at = fields.at(own.first_key(&fields));
        fields.error(&at, format!("{}: jq, as and error_when belong to http and command sources", fields.what()));
    }
    if kind == PaneKind::Text && names_none && is_blank(text.as_ref()) {
        fields.missing("text", "what the pane says");
    }
    if kind != PaneKind::Text && text.is_some() {
        let at = fields.at("text");
        fields.error(&at, format!("{}: `text` belongs to panes of type \"text\"", fields.what()));
    }

    let mut pane = Pane::titled(title.as_ref().map(|title| title.get_ref().clone()).unwrap_or_default());
    pane.sources = shown.iter().filter_map(|one| one.name.as_ref()).map(|name| name.get_ref().clone()).collect();
    pane.query = query.map(Spanned::into_inner).unwrap_or_default();
    pane.kind = kind;
    pane.unit = unit(&mut fields);
    pane.legend = fields.line("legend").map(Spanned::into_inner);
    pane.thresholds = thresholds(&mut fields);
    (pane.min, pane.max) = axis(&mut fields);
    pane.every = fields.duration("every", Duration::from_millis(100), Duration::from_secs(86_400));
    pane.width = fields.whole("width", 1, 24).unwrap_or(1);
    pane.height = fields.whole("height", 1, 24).unwrap_or(1);
    pane.text = text.map(Spanned::into_inner).unwrap_or_default();
    pane.read = own.resolved(kind, &shown, &fields);
    pane.lines = lines::lines(&mut fields, kind, &shown);
    fields.finish(&[]);
    (pane, title)
}

fn title(fields: &mut Fields<'_>) -> Option<Spanned<String>> {
    let title = fields.line("title");
    match &title {
        Some(title) => fields.named(title.get_ref()),
        None if !fields.has("title") => fields.missing("title", "a title"),
        None => {}
    }
    title
}

fn unit(fields: &mut Fields<'_>) -> Unit {
    fields.line("unit").map(|unit| Unit::parse(&text::clipped(unit.get_ref(), 40))).unwrap_or_default()
}

fn is_blank(text: Option<&Spanned<String>>) -> bool {
    text.is_none_or(|text| text.get_ref().is_empty())
}

fn is_fetched(one: &Declared) -> bool {
    one.kind.is_none_or(Kind::is_generic)
}

/// A kind with its article: `an alertmanager source`.
fn a_source(kind: &Kind) -> String {
    let article = if kind.name.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {} source", kind.name)
}

/// What is missing where a kind needs a query: `a query in PromQL`.
fn a_query(kind: &Kind) -> String {
    kind.languages.first().map_or("a query".to_owned(), |language| format!("a query in {}", language.word()))
}

/// `source = "a"` or `sources = ["a", "b"]`.
fn source_names(fields: &mut Fields<'_>) -> Vec<Spanned<String>> {
    let one = fields.line("source");
    let several = fields.lines("sources", "[\"prom\", \"alertmanager\"]");
    if let (Some(_), Some(several)) = (&one, &several) {
        fields.error(&several.span(), format!("{} has `source` and `sources`; expected one of them", fields.what()));
    }
    one.into_iter().chain(several.map(Spanned::into_inner).unwrap_or_default()).collect()
}

/// How a pane is drawn that does not say.
fn natural_kind(shown: &[&Declared], has_text: bool, query: Option<&Spanned<String>>) -> PaneKind {
    let query = query.map_or("", |query| query.get_ref());
    match shown.first() {
        None if has_text => PaneKind::Text,
        None => PaneKind::default(),
        Some(first) => match first.shape {
            Some(Shape::Alerts) => PaneKind::Alerts,
            Some(Shape::Changes) => PaneKind::Changes,
            Some(Shape::Logs) => PaneKind::Logs,
            Some(Shape::Table) => PaneKind::Table,
            Some(Shape::Number) => PaneKind::Stat,
            None => first.kind.map(|kind| kind.usual_pane(query)).unwrap_or_default(),
        },
    }
}

/// Whether a source can give what a pane shows, and is asked for something.
fn fits(fields: &Fields<'_>, kind: PaneKind, declared: &Declared, query: &Option<Spanned<String>>) {
    let name = declared.name.as_ref().map_or("", |name| name.get_ref().as_str());
    let word = KINDS.iter().find(|(_, one)| *one == kind).map_or("", |(word, _)| word);
    let cannot = |gives: &str| {
        let at = fields.at(if fields.has("type") { "type" } else { "source" });
        fields
            .error(&at, format!("{} is of type \"{word}\", but the source `{name}` gives only {gives}", fields.what()));
    };
    let Some(of) = declared.kind else { return };
    if !of.can_be_shown_as(kind) {
        let gives: Vec<_> = of.gives.iter().map(|gives| gives.word()).collect();
        cannot(&gives.join(" and "));
    } else if kind == PaneKind::Alerts && !of.is_generic() && query.is_some() {
        fields.error(
            &fields.at("query"),
            format!("{}: a pane of alerts shows them all, and takes no `query`", fields.what()),
        );
    } else if kind != PaneKind::Alerts && of.needs_query && is_blank(query.as_ref()) {
        fields.missing("query", &a_query(of));
    } else if of.languages.is_empty() && query.is_some() {
        let why = if of.fields.contains(&Field::Run) { "; its `run` says all" } else { "" };
        fields.error(&fields.at("query"), format!("{}: {} takes no `query`{why}", fields.what(), a_source(of)));
    } else {
        check_path(fields, of, query.as_ref());
        let needs = if kind == PaneKind::Logs { Needs::Lines } else { Needs::Numbers };
        lines::check_query(fields, of, query.as_ref(), needs);
    }
}

/// Reports a query that is a path and names a variable.
fn check_path(fields: &Fields<'_>, kind: &Kind, query: Option<&Spanned<String>>) {
    let Some(query) = query.filter(|_| kind.languages == [Language::Path]) else { return };
    if let Some(unfilled) = unfilled::in_path(query.get_ref()) {
        fields.error(&query.span(), format!("`query` in {}: {}", fields.what(), unfilled.in_address_words()));
    }
}

fn axis(fields: &mut Fields<'_>) -> (Option<f64>, Option<f64>) {
    let (min, max) = (fields.number("min"), fields.number("max"));
    if let (Some(min), Some(max)) = (&min, &max)
        && min.get_ref() >= max.get_ref()
    {
        let message = format!(
            "{}: `min` is {}, `max` is {}; expected min below max",
            fields.what(),
            min.get_ref(),
            max.get_ref()
        );
        fields.error(&max.span(), message);
    }
    (min.map(Spanned::into_inner), max.map(Spanned::into_inner))
}

/// `thresholds = [{ from = 0.5, level = "warning" }]`, sorted.
fn thresholds(fields: &mut Fields<'_>) -> Vec<Threshold> {
    const LEVELS: [(&str, ThresholdLevel); 3] =
        [("ok", ThresholdLevel::Ok), ("warning", ThresholdLevel::Warning), ("critical", ThresholdLevel::Critical)];
    let mut thresholds = Vec::new();
    for mut one in fields.tables("thresholds", "[{ from = 0.5, level = \"warning\" }]", "a threshold") {
        for key in ["from", "level"].into_iter().filter(|key| !one.has(key)) {
            one.missing(key, if key == "from" { "the least value of the level" } else { "ok, warning or critical" });
        }
        let from = one.number("from").map(Spanned::into_inner);
        let level = one.word("level", &LEVELS).map(Spanned::into_inner);
        one.finish(&[]);
        thresholds.extend(from.zip(level).map(|(from, level)| Threshold { from, level }));
    }
    thresholds.sort_by(|a, b| a.from.total_cmp(&b.from));
    thresholds
}

/// How the pane itself says that answers are read.
struct OwnRead {
    jq: Option<String>,
    shape: Option<Shape>,
    error_when: Option<String>,
}

impl OwnRead {
    fn of(fields: &mut Fields<'_>) -> Self {
        let jq = filter(fields, "jq");
        let shape = fields.word("as", &SHAPES).map(Spanned::into_inner);
        Self { jq, shape, error_when: filter(fields, "error_when") }
    }

    fn is_some(&self) -> bool {
        self.jq.is_some() || self.shape.is_some() || self.error_when.is_some()
    }

    fn first_key(&self, fields: &Fields<'_>) -> &'static str {
        ["jq", "as", "error_when"].into_iter().find(|key| fields.has(key)).unwrap_or("jq")
    }

    /// Key by key the pane counts before its source; a shape that neither names follows from how the pane is drawn.
    /// Several sources are each read as they say themselves, unless the pane says so for all.
    fn resolved(self, kind: PaneKind, shown: &[&Declared], fields: &Fields<'_>) -> Option<Read> {
        let fetched: Vec<_> = shown.iter().filter(|one| is_fetched(one)).collect();
        if fetched.is_empty() || (fetched.len() > 1 && !self.is_some()) {
            return None;
        }
        let one = fetched.first().filter(|_| fetched.len() == 1);
        let theirs = one.and_then(|one| one.source.as_ref()).and_then(|source| source.settings.read.clone());
        let theirs = theirs.unwrap_or_default();
        let said = self.shape.or(one.and_then(|one| one.shape));
        let needed = kind.shape();
        if let Some(said) = said
            && said != needed
            && [said, needed].iter().any(|shape| matches!(shape, Shape::Alerts | Shape::Changes | Shape::Logs))
        {
            let word = |shape| SHAPES.iter().find(|(_, one)| *one == shape).map_or("", |(word, _)| word);
            let at = fields.at(["as", "type", "source"].into_iter().find(|key| fields.has(key)).unwrap_or("title"));
            let (what, said, needed) = (fields.what(), word(said), word(needed));
            fields.error(
                &at,
                format!("{what} shows {needed}, but its answer is read as {said}; expected as = \"{needed}\""),
            );
        }
        Some(Read {
            jq: self.jq.or(theirs.jq),
            shape: said.unwrap_or(needed),
            error_when: self.error_when.or(theirs.error_when),
        })
    }
}
