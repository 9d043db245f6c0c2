//! Which kind of system a panel, a query or a variable asks.

use serde_json::Value;

use super::json::{at, text};

/// A kind of data source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DataSource {
    /// Prometheus, and what speaks like it.
    Prometheus,
    /// Loki.
    Loki,
    /// Each query of the panel names its own.
    Mixed,
    /// Another panel of the dashboard.
    Dashboard,
    /// What Grafana itself knows: annotations, live measurements.
    Grafana,
    /// Sums over other queries, which Grafana does on its server.
    Expression,
    /// Something else, by the name of its type.
    Other(String),
}

/// The types of the data source variables of a dashboard, by their names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DataSources {
    by_variable: Vec<(String, String)>,
}

impl DataSources {
    /// Reads the variables of a dashboard.
    pub fn of(variables: &[Value]) -> Self {
        let sources = variables.iter().filter(|variable| at(variable, "type").as_str() == Some("datasource"));
        let kind = |variable: &Value| match at(variable, "query") {
            Value::String(kind) => Some(kind.clone()),
            other => text(other, "query"),
        };
        let by_variable = sources.filter_map(|one| Some((text(one, "name")?, kind(one).unwrap_or_default()))).collect();
        Self { by_variable }
    }

    /// What one query of a panel is asked of; `panel` is what its queries are asked of altogether.
    pub fn of_target(&self, panel: &DataSource, target: &Value) -> DataSource {
        let named = at(target, "datasource");
        let own = self.kind(named, &[target]);
        match panel {
            DataSource::Mixed => own,
            _ if own == DataSource::Expression && !named.is_null() => own,
            panel => panel.clone(),
        }
    }

    /// What a reference means. `targets` are the queries that go with it: where it says little, they tell.
    pub fn kind(&self, reference: &Value, targets: &[&Value]) -> DataSource {
        let has_expr = |target: &&Value| at(target, "expr").is_string();
        let is_empty = match reference {
            Value::Null => true,
            Value::String(name) => name.is_empty() || name == "default",
            _ => false,
        };
        if is_empty {
            let is_ours = |target: &&Value| {
                has_expr(target) || at(target, "panelId").is_number() || at(target, "type").as_str() == Some("math")
            };
            return match targets.is_empty() || targets.iter().any(is_ours) {
                true => DataSource::Prometheus,
                false => DataSource::Other("unknown".into()),
            };
        }
        let uid = reference.as_str().or_else(|| at(reference, "uid").as_str()).unwrap_or_default();
        let kind = at(reference, "type").as_str().unwrap_or_default();
        if let Some(special) = special(uid) {
            return special;
        }
        let by_variable = variable_of(uid).and_then(|name| self.by_variable.iter().find(|(known, _)| known == name));
        if let Some((_, kind)) = by_variable.filter(|(_, kind)| !kind.is_empty()) {
            return of_type(kind);
        }
        match (kind, uid) {
            ("datasource", _) => DataSource::Grafana,
            ("", "") => DataSource::Prometheus,
            ("", uid) => match by_name(uid) {
                Some(known) => known,
                None if targets.is_empty() || targets.iter().any(has_expr) => DataSource::Prometheus,
                None => DataSource::Other("unknown".into()),
            },
            (kind, _) => of_type(kind),
        }
    }
}

impl DataSource {
    /// What it is called for people.
    pub fn name(&self) -> &str {
        match self {
            Self::Prometheus => "prometheus",
            Self::Loki => "loki",
            Self::Mixed => "mixed",
            Self::Dashboard => "dashboard",
            Self::Grafana => "grafana",
            Self::Expression => "__expr__",
            Self::Other(name) => name,
        }
    }
}

fn special(uid: &str) -> Option<DataSource> {
    Some(match uid {
        "-- Mixed --" => DataSource::Mixed,
        "-- Dashboard --" => DataSource::Dashboard,
        "-- Grafana --" | "grafana" => DataSource::Grafana,
        "__expr__" => DataSource::Expression,
        _ => return None,
    })
}

pub(super) fn of_type(kind: &str) -> DataSource {
    match kind {
        "loki" => DataSource::Loki,
        "__expr__" => DataSource::Expression,
        kind if kind.to_ascii_lowercase().contains("prometheus") => DataSource::Prometheus,
        kind => DataSource::Other(kind.to_owned()),
    }
}

/// What a name alone gives away.
fn by_name(name: &str) -> Option<DataSource> {
    const OTHERS: [&str; 11] = [
        "influx",
        "graphite",
        "cloudwatch",
        "elastic",
        "zabbix",
        "tempo",
        "jaeger",
        "postgres",
        "mysql",
        "infinity",
        "clickhouse",
    ];
    let name = name.to_ascii_lowercase();
    if ["prometheus", "victoria", "mimir", "thanos"].iter().any(|known| name.contains(known)) {
        return Some(DataSource::Prometheus);
    }
    if name.contains("loki") {
        return Some(DataSource::Loki);
    }
    // A short word is looked for as a whole: `temporal` is no Tempo.
    let is_there = |known: &&&str| match **known {
        "tempo" => name.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|word| word == "tempo"),
        known => name.contains(known),
    };
    OTHERS.iter().find(is_there).map(|known| DataSource::Other((*known).to_owned()))
}

/// The variable that a uid consists of: `$ds`, `${ds}`, `[[ds]]`.
fn variable_of(uid: &str) -> Option<&str> {
    let name = match uid.strip_prefix("[[") {
        Some(inner) => inner.strip_suffix("]]")?,
        None => {
            let inner = uid.strip_prefix('$')?;
            match inner.strip_prefix('{') {
                Some(inner) => inner.strip_suffix('}')?.split(':').next()?,
                None => inner,
            }
        }
    };
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    is_name.then_some(name)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn references_of_every_age() {
        let variables = [json!({"type": "datasource", "name": "ds", "query": "loki"})];
        let sources = DataSources::of(&variables);
        let promql = json!({"expr": "up"});
        let sql = json!({"rawSql": "select 1"});
        let kind = |reference: Value, target: &Value| sources.kind(&reference, &[target]);
        for (reference, expected) in [
            (json!(null), DataSource::Prometheus),
            (json!("default"), DataSource::Prometheus),
            (json!("$ds"), DataSource::Loki),
            (json!({"uid": "${ds}"}), DataSource::Loki),
            (json!({"type": "prometheus", "uid": "$unknown"}), DataSource::Prometheus),
            (json!({"type": "grafana-amazonprometheus-datasource"}), DataSource::Prometheus),
            (json!("-- Mixed --"), DataSource::Mixed),
            (json!({"type": "datasource", "uid": "-- Dashboard --"}), DataSource::Dashboard),
            (json!({"type": "__expr__", "uid": "__expr__"}), DataSource::Expression),
            (json!({"type": "influxdb", "uid": "x"}), DataSource::Other("influxdb".into())),
            (json!("My Thanos"), DataSource::Prometheus),
            (json!("TemporalMetrics"), DataSource::Prometheus),
            (json!("whatever"), DataSource::Prometheus),
        ] {
            assert_eq!(kind(reference.clone(), &promql), expected, "{reference}");
        }
        assert_eq!(kind(json!(null), &sql), DataSource::Other("unknown".into()));
        assert_eq!(kind(json!("whatever"), &sql), DataSource::Other("unknown".into()));
    }
}
