//! A Loki: whether one is at an address, what logcli's variables say of it, and the panes for the labels its streams have.
#![expect(clippy::disallowed_methods, reason = "the environment names servers, and who asks them")]

use std::{env, path::Path};

use jiff::Timestamp;

use super::{
    super::asking::asked,
    ask::{self, Found, Kind, TIMEOUT},
    golden::Block,
    places::Place,
};
use crate::{
    base::toml::quoted,
    config::load,
    dashboard::{Plan, QueryContext},
    signal::{Data, Fault, FaultKind, Window},
    source::{self, Registry},
};

/// Labels that say which part of a system a stream is of, the most telling first.
const LABELS: [&str; 6] = ["service_name", "service", "app", "container", "job", "namespace"];
/// What marks a line that says that something went wrong.
const BAD: &str = "(?i)\\b(error|fatal|panic|exception)\\b";

/// The Loki at a place; `None` where there is none.
pub fn server_at(place: &Place, now: Timestamp) -> Option<Found> {
    let text = source_text(&place.url) + &sign_in(place);
    let config = load::parse(&text, Path::new("stanch.toml")).ok()?.0;
    let context = QueryContext::of(Window::live(config.window));
    let rows = asked(source::check(&Registry::of(&config), &Plan::of(&config), &context)).ok()?;
    let found = |is_locked, blocks| {
        let (url, dashboards) = (place.url.clone(), Vec::new());
        Some(Found { kind: Kind::Loki, url, is_locked, dashboards, sign_in: sign_in(place), blocks })
    };
    match rows.into_iter().next()?.outcome {
        Ok(_) => found(false, blocks(&text, now)),
        Err(fault) if is_locked(&fault, place) => found(true, Vec::new()),
        Err(_) => None,
    }
}

/// Whether it is a Loki that wants to know who asks. Any server may say that; that it is one, its own words say, or who
/// named it.
fn is_locked(fault: &Fault, place: &Place) -> bool {
    let is_refusal = matches!(fault.kind, FaultKind::Unauthorized | FaultKind::Forbidden);
    is_refusal && (fault.detail.contains("this Loki") || place.is_of_logcli())
}

fn source_text(url: &str) -> String {
    format!("[[source]]\nname = \"loki\"\ntype = \"loki\"\nurl = {}\ntimeout = \"{TIMEOUT}\"\n", quoted(url))
}

/// Who asks, as logcli's variables say it of the Loki that they name. Secrets stay where they are.
fn sign_in(place: &Place) -> String {
    let set = |name: &str| env::var(name).ok().filter(|value| place.is_of_logcli() && !value.trim().is_empty());
    let mut text = String::new();
    if let Some(tenant) = set("LOKI_ORG_ID") {
        text += &format!("tenant = {}\n", quoted(&tenant));
    }
    if set("LOKI_BEARER_TOKEN").is_some() {
        text += "bearer = \"env:LOKI_BEARER_TOKEN\"\n";
    } else if let Some(user) = set("LOKI_USERNAME").filter(|_| set("LOKI_PASSWORD").is_some()) {
        text += &format!("user = {}\npassword = \"env:LOKI_PASSWORD\"\n", quoted(&user));
    }
    text
}

/// Panes for the first of the labels that streams have now: the lines that say that something went wrong, and how many of
/// them there are.
fn blocks(source: &str, now: Timestamp) -> Vec<Block> {
    let mut text = source.to_owned();
    for label in LABELS {
        let query = quoted(&format!("count by ({label}) (count_over_time({{{label}=~\".+\"}}[1m]))"));
        text += &format!("[[pane]]\ntitle = \"{label}\"\nsource = \"loki\"\ntype = \"table\"\nquery = {query}\n");
    }
    let Ok(answers) = ask::answers(&text, now) else { return Vec::new() };
    let has_lines = |label: &&str| {
        let answer = answers.get(*label).and_then(|answer| answer.as_ref().ok());
        answer.is_some_and(|reading| matches!(&reading.data, Data::Series(all) if !all.is_empty()))
    };
    LABELS.into_iter().find(has_lines).map(of_label).unwrap_or_default()
}

fn of_label(label: &str) -> Vec<Block> {
    let lines = format!("{{{label}=~\".+\"}} |~ `{BAD}`");
    let pane = |title: &str, query: &str| Block {
        title: title.to_owned(),
        toml: format!("[[pane]]\ntitle = \"{title}\"\nsource = \"loki\"\nquery = {}\n\n", quoted(query)),
        is_vital: false,
    };
    vec![
        pane("Errors logged", &lines),
        pane(&format!("Errors logged by {label}"), &format!("sum by ({label}) (count_over_time({lines} [1m]))")),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::PaneKind;

    #[test]
    fn what_is_written_for_a_label_loads() {
        let text = source_text("http://loki:3100")
            + &of_label("service_name").into_iter().map(|block| block.toml).collect::<String>();
        let (config, warnings) = load::parse(&text, Path::new("stanch.toml")).expect("valid");
        let kinds: Vec<_> = config.panes.iter().map(|pane| pane.kind).collect();
        assert_eq!((warnings, kinds), (vec![], vec![PaneKind::Logs, PaneKind::TimeSeries]));
        assert_eq!(config.panes[0].query, r#"{service_name=~".+"} |~ `(?i)\b(error|fatal|panic|exception)\b`"#);
    }

    #[test]
    fn a_refusal_is_a_lokis_where_it_says_so_or_is_named_as_one() {
        let refused = |words: &str| Fault::new(FaultKind::Unauthorized, words);
        let named = Place::of("http://x", Some("$LOKI_ADDR".into()));
        let other = Place::of("http://x", None);
        assert!(is_locked(&refused("no"), &named) && !is_locked(&refused("no"), &other));
        assert!(is_locked(&refused("this Loki has several tenants"), &other));
        assert!(!is_locked(&Fault::new(FaultKind::Refused, ""), &named));
    }
}
