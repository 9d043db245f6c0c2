//! Which data source a reference means, and the way to it: straight to a source of the cockpit, or through Grafana.
//!
//! Dashboards name data sources in every way there ever was: by uid, by name, by type alone, by a variable, or not at all,
//! which means the default one. Only Grafana knows them all; what it says of them is [`KnownSource`].

use serde_json::{Value, json};

use super::{
    data_source::{DataSource, of_type},
    json::at,
    template::Format,
};

/// The way to a data source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Way {
    /// Nobody here can ask it.
    #[default]
    None,
    /// The source of this number speaks its language.
    Direct(usize),
    /// The source of this number is a Grafana that asks it for us.
    Grafana(usize),
}

/// A data source, as Grafana has it in its settings.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KnownSource {
    /// What Grafana calls it in addresses.
    pub uid: String,
    /// What people call it.
    pub name: String,
    /// The type: `prometheus`, `influxdb`, …
    pub kind: String,
    /// Whether it is meant where nobody says which.
    pub is_default: bool,
    /// How often its targets are scraped, in milliseconds, where its settings say so.
    pub scrape: Option<f64>,
}

/// Who is asked for what.
#[derive(Clone, Debug, PartialEq)]
pub struct Routes {
    /// The source that PromQL goes to which nothing else is said of; without one it goes through Grafana.
    pub prometheus: Option<usize>,
    /// The sources that are a Loki. What asks a Loki goes to the first of them; without one it goes through Grafana.
    pub lokis: Vec<usize>,
    /// The source that is a Grafana.
    pub grafana: Option<usize>,
    /// What was said by hand: the uid, name or type of a data source, and where it is asked.
    pub said: Vec<(String, Way)>,
    /// Whether the dashboard is one of that Grafana's own: then a data source that it does not list is none.
    pub is_own: bool,
    /// How often the targets of sources that are asked directly are scraped, in milliseconds, where that was said.
    pub scraped: Vec<(usize, f64)>,
    /// The data sources that Grafana knows; none where it was not asked, or does not tell.
    pub known: Vec<KnownSource>,
}

impl Default for Routes {
    /// The only source there is speaks PromQL.
    fn default() -> Self {
        Self {
            prometheus: Some(0),
            lokis: Vec::new(),
            grafana: None,
            said: Vec::new(),
            is_own: false,
            scraped: Vec::new(),
            known: Vec::new(),
        }
    }
}

/// A data source that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Reached {
    /// What it is.
    pub kind: DataSource,
    /// The way to it.
    pub way: Way,
    /// What it is to Grafana: `{"type": …, "uid": …}`.
    pub reference: Value,
    /// How often its targets are scraped, in milliseconds, where that is known.
    pub scrape: Option<f64>,
}

impl Reached {
    /// What Grafana calls it in addresses; empty where that is not known.
    pub fn uid(&self) -> &str {
        at(&self.reference, "uid").as_str().unwrap_or_default()
    }

    /// How values are written into its queries.
    pub fn language(&self) -> Format<'static> {
        let kind = self.type_name().to_ascii_lowercase();
        let is_one = |words: &[&str]| words.iter().any(|word| kind.contains(word));
        match self.kind {
            DataSource::Prometheus => Format::Prometheus,
            DataSource::Loki => Format::Loki,
            _ if is_one(&[
                "sql",
                "postgres",
                "clickhouse",
                "snowflake",
                "oracle",
                "redshift",
                "athena",
                "bigquery",
            ]) =>
            {
                Format::Sql
            }
            _ if is_one(&["influx"]) => Format::Influx,
            _ if is_one(&["elastic", "opensearch"]) => Format::Named("lucene"),
            _ => Format::Glob,
        }
    }

    /// Its type; empty where that is not known.
    pub fn type_name(&self) -> &str {
        at(&self.reference, "type").as_str().unwrap_or_default()
    }
}

impl Routes {
    /// Finds a data source by a reference whose variables are filled in. `kind` is what the dashboard alone makes of it.
    pub fn reach(&self, kind: DataSource, reference: &Value) -> Reached {
        let nowhere = |kind, way| Reached { kind, way, reference: Value::Null, scrape: None };
        match kind {
            DataSource::Expression => {
                let way = self.grafana.map_or(Way::None, Way::Grafana);
                let reference = json!({"type": "__expr__", "uid": "__expr__"});
                return Reached { reference, ..nowhere(DataSource::Expression, way) };
            }
            DataSource::Mixed | DataSource::Dashboard | DataSource::Grafana => return nowhere(kind, Way::None),
            DataSource::Prometheus | DataSource::Loki | DataSource::Other(_) => {}
        }
        let written = |key: &str| at(reference, key).as_str().unwrap_or_default();
        let word = reference.as_str().unwrap_or_default();
        let known = self.known(word, written("uid"), written("type"), &kind);
        let (uid, name, of) = match known {
            Some(known) => (known.uid.as_str(), known.name.as_str(), known.kind.as_str()),
            None => (if word.is_empty() { written("uid") } else { word }, word, written("type")),
        };
        let kind = known.map_or(kind, |known| of_type(&known.kind));
        // What is nearest counts: this data source, then its kind.
        let keys = [uid, name, written("uid"), word, of, kind.name()];
        let said = keys.iter().filter(|key| !key.is_empty()).find_map(|key| {
            let said = self.said.iter().find(|(of, _)| of == key || of.eq_ignore_ascii_case(key));
            said.map(|(_, way)| *way)
        });
        let through = self.grafana.map_or(Way::None, Way::Grafana);
        let way = said.unwrap_or(match (&kind, self.prometheus) {
            (DataSource::Prometheus, Some(source)) => Way::Direct(source),
            (DataSource::Loki, _) => self.lokis.first().map_or(through, |source| Way::Direct(*source)),
            _ => through,
        });
        // Who sends it to a source that speaks PromQL, or LogQL, says that it is asked so.
        let kind = match way {
            Way::Direct(source) if self.lokis.contains(&source) => DataSource::Loki,
            Way::Direct(_) => DataSource::Prometheus,
            Way::Grafana(_) | Way::None => kind,
        };
        let of = if of.is_empty() { known_type(&kind) } else { of };
        let reference = json!({"type": of, "uid": uid});
        let own = self.scraped.iter().find(|(source, _)| way == Way::Direct(*source)).map(|(_, scrape)| *scrape);
        Reached { kind, way, reference, scrape: own.or_else(|| known.and_then(|known| known.scrape)) }
    }

    /// The data source that is meant. A uid may also be a name, as Grafana has it; where neither is known, as in a dashboard
    /// of another Grafana, it is the default one of the type, or the first.
    fn known(&self, word: &str, uid: &str, of: &str, kind: &DataSource) -> Option<&KnownSource> {
        let called = |name: &str| {
            let by_uid = self.known.iter().find(|one| one.uid == name);
            by_uid.or_else(|| self.known.iter().find(|one| one.name == name))
        };
        let default = || self.known.iter().find(|one| one.is_default);
        let is_unsaid = |name: &str| name.is_empty() || name == "default";
        match (is_unsaid(word), is_unsaid(uid)) {
            (true, true) if of.is_empty() => default(),
            (false, _) if called(word).is_some() => called(word),
            (_, false) if called(uid).is_some() => called(uid),
            // It is gone, or nobody may see it: Grafana says so, and another one has other numbers.
            (false, _) | (_, false) if self.is_own && !self.known.is_empty() => None,
            _ => {
                let is_of_type = |one: &&KnownSource| match of {
                    "" => of_type(&one.kind) == *kind,
                    of => one.kind == of,
                };
                default().filter(is_of_type).or_else(|| self.known.iter().find(is_of_type))
            }
        }
    }
}

fn known_type(kind: &DataSource) -> &str {
    match kind {
        DataSource::Prometheus => "prometheus",
        DataSource::Loki => "loki",
        DataSource::Other(name) if name != "unknown" => name,
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn routes(prometheus: Option<usize>) -> Routes {
        let known = |uid: &str, name: &str, kind: &str, is_default| KnownSource {
            uid: uid.into(),
            name: name.into(),
            kind: kind.into(),
            is_default,
            scrape: None,
        };
        Routes {
            prometheus,
            lokis: Vec::new(),
            grafana: Some(7),
            said: vec![("eu".into(), Way::Direct(3)), ("Loki".into(), Way::Direct(4))],
            is_own: false,
            scraped: vec![(3, 5_000.0)],
            known: vec![
                known("p1", "Prom US", "prometheus", false),
                known("eu", "Prom EU", "prometheus", false),
                known("i1", "Influx", "influxdb", true),
                known("l1", "Logs", "loki", false),
            ],
        }
    }

    #[test]
    fn a_data_source_that_is_gone_is_no_other_one() {
        let gone = json!({"type": "prometheus", "uid": "deleted"});
        let reached = |is_own| Routes { is_own, ..routes(None) }.reach(DataSource::Prometheus, &gone);
        assert_eq!(reached(true).uid(), "deleted", "Grafana is asked for it, and says that there is none");
        assert_eq!(reached(false).uid(), "p1", "a dashboard of another Grafana means ours of its type");
    }

    #[test]
    fn a_source_that_is_asked_directly_says_itself_how_often_it_scrapes() {
        let reached = |uid: &str| routes(None).reach(DataSource::Prometheus, &json!({"uid": uid})).scrape;
        assert_eq!((reached("eu"), reached("p1")), (Some(5_000.0), None));
    }

    #[test]
    fn each_is_found_however_it_is_named() {
        let prometheus = || DataSource::Prometheus;
        let other = |name: &str| DataSource::Other(name.into());
        for (kind, reference, way, uid) in [
            (prometheus(), json!({"type": "prometheus", "uid": "p1"}), Way::Grafana(7), "p1"),
            (prometheus(), json!("Prom US"), Way::Grafana(7), "p1"),
            (prometheus(), json!({"uid": "Prom US"}), Way::Grafana(7), "p1"),
            (prometheus(), json!("Prom EU"), Way::Direct(3), "eu"),
            // Nobody says which: the default one, whatever the dashboard alone would think.
            (prometheus(), Value::Null, Way::Grafana(7), "i1"),
            (prometheus(), json!("default"), Way::Grafana(7), "i1"),
            // Of another Grafana: the first of its type.
            (prometheus(), json!({"type": "prometheus", "uid": "elsewhere"}), Way::Grafana(7), "p1"),
            (prometheus(), json!({"type": "prometheus", "uid": "${DS_PROM}"}), Way::Grafana(7), "p1"),
            (other("influxdb"), json!({"type": "influxdb", "uid": "i1"}), Way::Grafana(7), "i1"),
            (DataSource::Loki, json!({"type": "loki", "uid": "l1"}), Way::Direct(4), "l1"),
            (DataSource::Expression, json!({"type": "__expr__"}), Way::Grafana(7), "__expr__"),
            (DataSource::Mixed, json!("-- Mixed --"), Way::None, ""),
            (other("mysql"), json!({"type": "mysql", "uid": "m"}), Way::Grafana(7), "m"),
        ] {
            let reached = routes(None).reach(kind, &reference);
            assert_eq!((reached.way, reached.uid()), (way, uid), "{reference}");
        }
        assert_eq!(routes(None).reach(prometheus(), &Value::Null).kind, other("influxdb"));
        assert_eq!(routes(None).reach(DataSource::Loki, &json!("Logs")).kind, DataSource::Prometheus);
    }

    #[test]
    fn logql_goes_straight_where_there_is_a_loki() {
        let direct = Routes { lokis: vec![5, 4], said: Vec::new(), ..routes(None) };
        let reached = direct.reach(DataSource::Loki, &json!({"type": "loki", "uid": "l1"}));
        assert_eq!((reached.way, reached.kind.clone(), reached.uid()), (Way::Direct(5), DataSource::Loki, "l1"));
        let said = Routes { lokis: vec![5, 4], ..routes(None) };
        assert_eq!(said.reach(DataSource::Loki, &json!("Logs")).way, Way::Direct(4), "what was said counts first");
        assert_eq!(said.reach(DataSource::Loki, &json!("Logs")).kind, DataSource::Loki);
    }

    #[test]
    fn promql_goes_straight_where_there_is_a_source_for_it() {
        let reached = routes(Some(1)).reach(DataSource::Prometheus, &json!({"uid": "p1"}));
        assert_eq!((reached.way, reached.type_name()), (Way::Direct(1), "prometheus"));
        let reached = routes(Some(1)).reach(DataSource::Prometheus, &json!("Prom EU"));
        assert_eq!(reached.way, Way::Direct(3), "what was said of it counts first");
        let alone = Routes::default();
        assert_eq!(alone.reach(DataSource::Prometheus, &Value::Null).way, Way::Direct(0));
        assert_eq!(alone.reach(DataSource::Other("influxdb".into()), &Value::Null).way, Way::None);
        assert_eq!(alone.reach(DataSource::Expression, &Value::Null).way, Way::None);
    }
}
