//! Where servers are looked for: what is named on the command line, else what the environment and amtool name, else the
//! usual ports of this machine.
#![expect(clippy::disallowed_methods, reason = "the environment and amtool's configuration name servers")]

use std::{env, path::PathBuf};

use crate::{files, source};

/// Variables that name a server, as the tools that come with the servers and the charts of many teams have them.
const VARIABLES: [&str; 5] = ["PROMETHEUS_URL", "PROM_URL", "ALERTMANAGER_URL", "AM_URL", "GRAFANA_URL"];

/// The variable that logcli goes by.
const LOGCLI: &str = "LOKI_ADDR";

/// Where amtool looks for its configuration, below a folder of configurations.
const AMTOOL: &str = "amtool/config.yml";

/// Largest configuration of amtool's that is read, in bytes.
const MAX_FILE: u64 = 64 * 1024;

/// An address, and who named it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub url: String,
    pub named_by: Option<String>,
    /// Whether a person typed it just now.
    pub is_typed: bool,
}

/// Where to look. Addresses that were typed are all there is when there are any.
pub fn to_look_at(typed: &[String]) -> Vec<Place> {
    let typed: Vec<Place> = typed.iter().map(|url| Place { is_typed: true, ..Place::of(url, None) }).collect();
    if !typed.is_empty() {
        return typed;
    }
    let set = |name: &str| env::var(name).ok().filter(|url| !url.trim().is_empty());
    let by_variables = VARIABLES.iter().filter_map(|name| Some(Place::of(&set(name)?, Some(format!("${name}")))));
    let mut places: Vec<Place> = by_variables.chain(of_amtool()).collect();
    let loki = set(LOGCLI).map(|url| Place::of(&url, Some(format!("${LOGCLI}"))));
    // One that names a Loki says nothing of the others, which may be here all the same.
    if places.is_empty() {
        places = usual(loki.is_none());
    }
    places.extend(loki);
    let mut seen = Vec::new();
    places.retain(|place| {
        !seen.contains(&place.url) && {
            seen.push(place.url.clone());
            true
        }
    });
    places
}

/// The ports the servers have on this machine when nobody says otherwise.
fn usual(with_loki: bool) -> Vec<Place> {
    let all = ["http://127.0.0.1:9090", "http://127.0.0.1:9093", "http://127.0.0.1:3100"];
    let some = if with_loki { &all[..] } else { &all[..2] };
    some.iter().map(|url| Place::of(url, None)).collect()
}

fn of_amtool() -> Option<Place> {
    let home = || env::var_os("HOME").map(|home| PathBuf::from(home).join(".config"));
    let folder = env::var_os("XDG_CONFIG_HOME").map(PathBuf::from).filter(|path| path.is_absolute()).or_else(home)?;
    let path = folder.join(AMTOOL);
    let text = files::read_text(&path, MAX_FILE).ok()?;
    Some(Place::of(alertmanager_url(&text)?, Some(path.display().to_string())))
}

/// The one key of amtool's configuration that matters here: `alertmanager.url: "http://…"`.
fn alertmanager_url(yaml: &str) -> Option<&str> {
    let value = yaml.lines().find_map(|line| line.trim().strip_prefix("alertmanager.url:"))?;
    let value = value.split(" #").next().unwrap_or_default();
    Some(value.trim().trim_matches(['"', '\''])).filter(|url| !url.is_empty())
}

impl Place {
    /// `prom:9090` is an address too.
    pub fn of(url: &str, named_by: Option<String>) -> Self {
        let url = url.trim().trim_end_matches('/');
        let url = if url.contains("://") { url.to_owned() } else { format!("http://{url}") };
        Self { url, named_by, is_typed: false }
    }

    /// Whether the token for a Grafana may go there: it was typed as an address of one's own, or is named as a Grafana.
    pub fn may_be_told_of_a_grafana(&self) -> bool {
        self.is_typed || self.named_by.as_deref() == Some("$GRAFANA_URL")
    }

    /// Whether the variables of logcli are about it.
    pub fn is_of_logcli(&self) -> bool {
        self.named_by.as_deref().and_then(|by| by.strip_prefix('$')) == Some(LOGCLI)
    }

    /// The address as it may be shown, and who named it.
    pub fn shown(&self) -> String {
        let url = source::shown_address(&self.url);
        self.named_by.as_ref().map_or_else(|| url.clone(), |by| format!("{url} (named by {by})"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_all_there_is() {
        let typed = ["prom:9090/".to_owned(), "https://am.example/alerts".to_owned()];
        let urls: Vec<String> = to_look_at(&typed).into_iter().map(|place| place.url).collect();
        assert_eq!(urls, ["http://prom:9090", "https://am.example/alerts"]);
    }

    #[test]
    fn the_token_of_a_grafana_goes_only_where_one_is_meant() {
        let named = |by: &str| Place::of("http://x:9090", Some(by.into())).may_be_told_of_a_grafana();
        assert!(named("$GRAFANA_URL") && !named("$PROMETHEUS_URL") && !named("/home/me/.config/amtool/config.yml"));
        assert!(to_look_at(&["x:3000".to_owned()])[0].may_be_told_of_a_grafana());
        assert!(usual(true).iter().all(|place| !place.may_be_told_of_a_grafana()));
    }

    #[test]
    fn amtool_names_an_alertmanager() {
        for (yaml, expected) in [
            ("# mine\nalertmanager.url: \"http://am:9093\"\nauthor: me\n", Some("http://am:9093")),
            ("alertmanager.url: http://am:9093", Some("http://am:9093")),
            ("alertmanager.url: \"http://am:9093\"  # prod", Some("http://am:9093")),
            ("alertmanager.url:\n", None),
            ("author: me\n", None),
        ] {
            assert_eq!(alertmanager_url(yaml), expected, "{yaml}");
        }
    }
}
