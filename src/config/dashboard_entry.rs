//! `[[dashboard]]`: where a Grafana dashboard is, and who is asked what it asks.

use std::{path::PathBuf, time::Duration};

use reqwest::Url;

use super::{Config, SourceId};

/// A Grafana dashboard to show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DashboardEntry {
    /// Where it is.
    pub at: DashboardAt,
    /// The source its panels ask; `None` is the first that answers PromQL for a file, and Grafana itself for a dashboard
    /// that is there.
    pub source: Option<String>,
    /// The uid, name or type of a data source, and the name of the source that is asked in its place.
    pub sources: Vec<(String, String)>,
    /// Names of variables, each with a value; several of one name choose several.
    pub vars: Vec<(String, String)>,
    /// How often its panels are asked; `None` for as often as suits.
    pub refresh: Option<Duration>,
}

/// Where a dashboard is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DashboardAt {
    /// In a file that Grafana exported.
    File(PathBuf),
    /// In a Grafana.
    Grafana {
        /// What it is called there.
        uid: String,
        /// The address of that Grafana, where it was given.
        base: Option<String>,
    },
    /// In the program itself.
    Shipped {
        /// What it is called.
        name: &'static str,
        /// As Grafana exports it.
        text: &'static str,
    },
}

impl Default for DashboardAt {
    fn default() -> Self {
        Self::File(PathBuf::new())
    }
}

/// What the address of a dashboard says: `https://grafana.example/d/UID/title?var-job=api&from=now-1h&to=now`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GrafanaLink {
    /// The address of Grafana itself.
    pub base: String,
    /// What the dashboard is called there.
    pub uid: String,
    /// Its variables; several of one name choose several.
    pub vars: Vec<(String, String)>,
    /// From when on it shows, as Grafana writes it.
    pub from: Option<String>,
    /// Up to when.
    pub to: Option<String>,
}

impl GrafanaLink {
    /// Reads an address; `None` for one that leads to no dashboard of a Grafana.
    pub fn parse(text: &str) -> Option<Self> {
        let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())?;
        let parts: Vec<&str> = url.path_segments()?.collect();
        let at = parts.iter().position(|part| matches!(*part, "d" | "d-solo"))?;
        let uid = (*parts.get(at + 1)?).to_owned();
        if uid.is_empty() {
            return None;
        }
        let mut base = url.clone();
        base.set_path(&parts.get(..at)?.join("/"));
        base.set_query(None);
        base.set_fragment(None);
        let mut link = Self { base: base.as_str().trim_end_matches('/').to_owned(), uid, ..Self::default() };
        for (name, value) in url.query_pairs() {
            match (name.strip_prefix("var-"), &*name) {
                (Some(name), _) if !name.is_empty() => link.vars.push((name.to_owned(), value.into_owned())),
                (_, "from") => link.from = Some(value.into_owned()),
                (_, "to") => link.to = Some(value.into_owned()),
                _ => {}
            }
        }
        Some(link)
    }

    /// The entry for the dashboard that it leads to.
    pub fn entry(self) -> DashboardEntry {
        let at = DashboardAt::Grafana { uid: self.uid, base: Some(self.base) };
        DashboardEntry { at, vars: self.vars, ..DashboardEntry::default() }
    }
}

impl DashboardEntry {
    /// The dashboard of a file.
    pub fn of_file(file: impl Into<PathBuf>) -> Self {
        Self { at: DashboardAt::File(file.into()), ..Self::default() }
    }

    /// What it is called before its title is known.
    pub fn shown(&self) -> String {
        match &self.at {
            DashboardAt::File(file) => file.display().to_string(),
            DashboardAt::Grafana { uid, .. } => uid.clone(),
            DashboardAt::Shipped { name, .. } => (*name).to_owned(),
        }
    }

    /// The Grafana that has it, or that is asked for what no other source can be asked: the one that is named, the one of
    /// its address, or the first.
    pub fn grafana(&self, config: &Config) -> Option<SourceId> {
        let all = || config.sources_by_id().filter(|(_, source)| source.kind.has_dashboards());
        let named = |name: &str| all().find(|(_, source)| source.name == name);
        let base = match &self.at {
            DashboardAt::Grafana { base: Some(base), .. } => Some(base.trim_end_matches('/')),
            _ => None,
        };
        let has_address = |url: &str| base.is_some_and(|base| url.trim_end_matches('/').eq_ignore_ascii_case(base));
        let of_address = || all().find(|(_, source)| source.http().is_some_and(|http| has_address(&http.url)));
        let in_map = || self.sources.iter().find_map(|(_, name)| named(name));
        let found = self.source.as_deref().and_then(named).or_else(of_address).or_else(in_map);
        found.or_else(|| all().next()).map(|(id, _)| id)
    }

    /// The address it has, where it is asked of a Grafana at another one.
    pub fn is_asked_elsewhere(&self, config: &Config) -> Option<&str> {
        let DashboardAt::Grafana { base: Some(base), .. } = &self.at else { return None };
        let base = base.trim_end_matches('/');
        let asked = self.grafana(config).and_then(|id| config.source(id)).and_then(|source| source.http());
        let is_it = asked.is_some_and(|http| http.url.trim_end_matches('/').eq_ignore_ascii_case(base));
        (!is_it).then_some(base)
    }

    /// The sources that are asked in LogQL, the one that is meant first where that was said.
    pub fn lokis(&self, config: &Config) -> Vec<SourceId> {
        let all = config.sources_by_id().filter(|(_, source)| source.kind.answers_logql());
        let mut all: Vec<(SourceId, &str)> = all.map(|(id, source)| (id, source.name.as_str())).collect();
        all.sort_by_key(|(_, name)| self.source.as_deref() != Some(*name));
        all.into_iter().map(|(id, _)| id).collect()
    }

    /// The source that PromQL goes to which nothing else is said of; `None` where it goes through Grafana.
    pub fn prometheus(&self, config: &Config) -> Option<SourceId> {
        let mut all = config.sources_by_id().filter(|(_, source)| source.kind.answers_promql());
        let found = match (&self.source, &self.at) {
            (Some(name), _) => all.find(|(_, source)| source.name == *name),
            // Which of them a Grafana means, only Grafana knows.
            (None, DashboardAt::Grafana { .. }) => None,
            (None, DashboardAt::File(_) | DashboardAt::Shipped { .. }) => all.next(),
        };
        found.map(|(id, _)| id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_say_all() {
        let link = GrafanaLink::parse(
            "https://grafana.example/sub/d/abc-1/the-title?orgId=1&var-job=a%20b&var-job=c&from=now-6h&to=now&var-=x#y",
        );
        let vars = [("job", "a b"), ("job", "c")].map(|(name, value)| (name.to_owned(), value.to_owned()));
        let expected = GrafanaLink {
            base: "https://grafana.example/sub".into(),
            uid: "abc-1".into(),
            vars: vars.into(),
            from: Some("now-6h".into()),
            to: Some("now".into()),
        };
        assert_eq!(link, Some(expected));
        let plain = GrafanaLink::parse("http://127.0.0.1:3000/d-solo/x").expect("a link");
        assert_eq!((plain.base.as_str(), plain.uid.as_str()), ("http://127.0.0.1:3000", "x"));
        for other in ["http://host/explore", "http://host/d/", "http://host/d", "ftp://host/d/x", "d/x", "node.json"] {
            assert_eq!(GrafanaLink::parse(other), None, "{other}");
        }
    }
}
