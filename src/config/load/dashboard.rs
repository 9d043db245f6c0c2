//! `[[dashboard]]`: a Grafana dashboard whose panels are shown behind the panes.

use toml::Spanned;

use super::{Place, names::Sources};
use crate::{base::toml::Fields, config::DashboardFile};

/// Reads one `[[dashboard]]`.
pub(super) fn dashboard(mut fields: Fields<'_>, sources: &Sources<'_>, place: &Place<'_>) -> DashboardFile {
    let file = fields.line("file");
    match &file {
        Some(file) => fields.named(file.get_ref()),
        None if !fields.has("file") => fields.missing("file", "the JSON that Grafana exports"),
        None => {}
    }
    let source = fields.line("source").filter(|name| {
        let found = sources.find(name, fields.what());
        if let Some(kind) = found.and_then(|one| one.kind).filter(|kind| !kind.answers_promql()) {
            let message = format!("{} asks in PromQL, which a {} source does not answer", fields.what(), kind.name);
            fields.error(&name.span(), message);
        }
        found.is_some()
    });
    let lines = fields.lines("vars", "\"job=shop\"").map(Spanned::into_inner).unwrap_or_default();
    let mut vars = Vec::new();
    for line in lines {
        match line.get_ref().split_once('=').filter(|(name, _)| !name.trim().is_empty()) {
            Some((name, value)) => vars.push((name.trim().to_owned(), value.to_owned())),
            None => fields.error(&line.span(), "expected NAME=VALUE, such as \"job=shop\""),
        }
    }
    fields.finish(&[]);
    let path = |file: Spanned<String>| place.path(file.get_ref());
    DashboardFile { file: file.map(path).unwrap_or_default(), source: source.map(Spanned::into_inner), vars }
}
