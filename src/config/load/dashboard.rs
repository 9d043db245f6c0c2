//! `[[dashboard]]`: a Grafana dashboard whose panels are shown behind the panes.

use std::time::Duration;

use toml::Spanned;

use super::{Place, names::Sources, value};
use crate::{
    base::toml::{Fields, fields::quoted, types::found},
    config::{DashboardAt, DashboardEntry, GrafanaLink, Kind},
};

/// Reads one `[[dashboard]]`.
pub(super) fn dashboard(mut fields: Fields<'_>, sources: &Sources<'_>, place: &Place<'_>) -> DashboardEntry {
    let mut entry = place_of(&mut fields, place);
    entry.source = fields.line("source").filter(|name| is_asked(name, &fields, sources)).map(Spanned::into_inner);
    entry.sources = sources_of(&mut fields, sources);
    for line in fields.lines("vars", "\"job=shop\"").map(Spanned::into_inner).unwrap_or_default() {
        match line.get_ref().split_once('=').filter(|(name, _)| !name.trim().is_empty()) {
            Some((name, value)) => {
                let name = name.trim().to_owned();
                // What the file says counts before what the address does.
                entry.vars.retain(|(known, _)| *known != name || fields.has("file"));
                entry.vars.push((name, value.to_owned()));
            }
            None => fields.error(&line.span(), "expected NAME=VALUE, such as \"job=shop\""),
        }
    }
    entry.refresh = fields.duration("refresh", Duration::from_secs(1), Duration::from_secs(86_400));
    let has_grafana = sources.declared.iter().any(|one| one.kind.is_none_or(Kind::has_dashboards));
    if matches!(entry.at, DashboardAt::Grafana { .. }) && !has_grafana {
        let key = if fields.has("uid") { "uid" } else { "url" };
        let message =
            format!("{}: `{key}` needs a [[source]] of type \"grafana\" to ask, and there is none", fields.what());
        fields.error(&fields.at(key), message);
    }
    fields.finish(&[]);
    entry
}

/// `file`, `url` or `uid`: one of them.
fn place_of(fields: &mut Fields<'_>, place: &Place<'_>) -> DashboardEntry {
    let given: Vec<&str> = ["file", "url", "uid"].into_iter().filter(|key| fields.has(key)).collect();
    if let [_, second, ..] = given.as_slice() {
        let message = format!("{} has {}; expected one of them", fields.what(), given.join(" and "));
        fields.error(&fields.at(second), message);
    }
    let (file, url, uid) = (fields.line("file"), fields.line("url"), fields.line("uid"));
    let first = [&file, &url, &uid].into_iter().flatten().next().map(|name| name.get_ref().clone());
    match first {
        Some(name) => fields.named(&name),
        None if given.is_empty() => {
            fields.missing("file", "the JSON that Grafana exports, or `url` or `uid` of a dashboard in Grafana");
        }
        None => {}
    }
    if let Some(file) = file {
        return DashboardEntry::of_file(place.path(file.get_ref()));
    }
    if let Some(url) = url {
        let link = value::url(url.get_ref()).ok().and_then(|_| GrafanaLink::parse(url.get_ref()));
        return link.map(GrafanaLink::entry).unwrap_or_else(|| {
            let message = "`url`: expected the address of a dashboard in Grafana, such as \"https://grafana.example/d/abc123/title\"";
            fields.error(&url.span(), message);
            DashboardEntry::default()
        });
    }
    match uid {
        Some(uid) => {
            let is_one = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
            if !uid.get_ref().bytes().all(is_one) {
                let message =
                    format!("`uid`: expected what stands behind /d/ in its address, found {}", quoted(uid.get_ref()));
                fields.error(&uid.span(), message);
            }
            let at = DashboardAt::Grafana { uid: uid.into_inner(), base: None };
            DashboardEntry { at, ..DashboardEntry::default() }
        }
        None => DashboardEntry::default(),
    }
}

/// `sources = { "uid, name or type" = "source" }`.
fn sources_of(fields: &mut Fields<'_>, sources: &Sources<'_>) -> Vec<(String, String)> {
    const SUCH_AS: &str = "a table such as { prometheus = \"prom\", loki = \"grafana\" }";
    let Some((table, _)) = fields.table("sources", SUCH_AS) else { return Vec::new() };
    let mut out = Vec::new();
    for (of, source) in table {
        let Some(name) = source.get_ref().as_str() else {
            let found = found(source.get_ref());
            fields.error(&source.span(), format!("`sources`: expected the name of a source, found {found}"));
            continue;
        };
        let name = Spanned::new(source.span(), name.to_owned());
        if is_asked(&name, fields, sources) {
            out.push((of.get_ref().to_string(), name.into_inner()));
        }
    }
    out
}

fn can_be_asked(kind: &Kind) -> bool {
    kind.answers_promql() || kind.answers_logql() || kind.has_dashboards()
}

/// Whether a source is there and can be asked what panels ask; reports it where not.
fn is_asked(name: &Spanned<String>, fields: &Fields<'_>, sources: &Sources<'_>) -> bool {
    let found = sources.find(name, fields.what());
    if let Some(kind) = found.and_then(|one| one.kind).filter(|kind| !can_be_asked(kind)) {
        let message = format!(
            "{} asks in PromQL, in LogQL or through Grafana, which a source of type {} does not answer",
            fields.what(),
            kind.name
        );
        fields.error(&name.span(), message);
    }
    found.is_some()
}
