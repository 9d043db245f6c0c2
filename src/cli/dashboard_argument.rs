//! What names a dashboard on the command line: a file, its address in Grafana, or its uid there.
#![expect(clippy::disallowed_methods, reason = "the environment may hold a token")]

use std::{env, path::Path};

use crate::{
    base::toml::quoted,
    config::{Config, DashboardAt, DashboardEntry, GrafanaLink, Kind, Source, kinds::KINDS, load},
    failure::Failure,
};

/// The variable that holds the token of a Grafana that no source is configured for.
pub const TOKEN: &str = "GRAFANA_TOKEN";

/// Whether the environment has a token.
pub fn has_token() -> bool {
    env::var_os(TOKEN).is_some_and(|token| !token.is_empty())
}

/// The dashboard that is meant, and what its address says where it is one. For the address of a Grafana that nothing is
/// configured for, a source is added to the configuration.
pub fn entry(config: &mut Config, named: &str) -> Result<(DashboardEntry, Option<GrafanaLink>), Failure> {
    let has_grafana = config.sources.iter().any(|source| source.kind.has_dashboards());
    if named.contains("://") {
        let link = GrafanaLink::parse(named).ok_or_else(|| {
            Failure::Usage(
                "expected a file, a uid, or the address of a dashboard in Grafana, such as \
                 https://grafana.example/d/abc123/title"
                    .into(),
            )
        })?;
        if !has_grafana {
            config.sources.push(grafana_at(&link.base, config)?);
        }
        return Ok((link.clone().entry(), Some(link)));
    }
    let is_uid = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let may_be_uid = has_grafana && !named.is_empty() && named.bytes().all(is_uid);
    if may_be_uid && !Path::new(named).exists() {
        let at = DashboardAt::Grafana { uid: named.to_owned(), base: None };
        return Ok((DashboardEntry { at, ..DashboardEntry::default() }, None));
    }
    Ok((DashboardEntry::of_file(named), None))
}

/// A source for a Grafana that was only named by an address.
fn grafana_at(base: &str, config: &Config) -> Result<Source, Failure> {
    let (kind, name) = named_after(config, Kind::has_dashboards);
    let token = if has_token() { format!("bearer = \"env:{TOKEN}\"\n") } else { String::new() };
    let text = format!("[[source]]\nname = \"{name}\"\ntype = \"{kind}\"\nurl = {}\n{token}", quoted(base));
    let (mut parsed, _) = load::parse(&text, Path::new("--dashboard"))?;
    parsed.sources.pop().ok_or_else(|| Failure::Usage(format!("{base} is no address of a Grafana")))
}

/// The first kind that can do something, and a name after it that no source has yet.
pub fn named_after(config: &Config, can: fn(&Kind) -> bool) -> (&'static str, String) {
    let kind = KINDS.iter().find(|kind| can(kind)).map_or("", |kind| kind.name);
    let numbered = (2..).map(|number| format!("{kind}{number}"));
    let mut names = std::iter::once(kind.to_owned()).chain(numbered);
    (kind, names.find(|name| config.source_named(name).is_none()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_to_name_one() {
        let at = |config: &mut Config, named: &str| entry(config, named).expect("an entry").0.at;
        let uid =
            |uid: &str, base: Option<&str>| DashboardAt::Grafana { uid: uid.into(), base: base.map(str::to_owned) };
        let mut config = Config::default();
        assert_eq!(at(&mut config, "abc"), DashboardAt::File("abc".into()), "there is no Grafana to ask");
        assert_eq!(at(&mut config, "https://g.example/d/abc/x?var-a=b"), uid("abc", Some("https://g.example")));
        let urls: Vec<_> =
            config.sources.iter().filter_map(|source| source.http()).map(|http| http.url.as_str()).collect();
        assert_eq!(urls, ["https://g.example"]);
        assert_eq!(at(&mut config, "abc"), uid("abc", None));
        assert_eq!(at(&mut config, "abc.json"), DashboardAt::File("abc.json".into()));
        at(&mut config, "https://g.example/d/other");
        assert_eq!(config.sources.len(), 1);
        assert!(entry(&mut config, "https://g.example/explore").is_err());
    }
}
