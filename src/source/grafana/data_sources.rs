//! Which data sources a Grafana has: from what it tells its own pages, which everyone who may sign in may read, else from
//! the list that needs a right of its own.
#![expect(clippy::disallowed_methods, reason = "what is kept is kept for a while")]

use std::{
    sync::{Arc, PoisonError},
    time::{Duration, Instant},
};

use serde_json::Value;

use super::{
    super::{Failure, wire},
    Grafana,
};
use crate::{
    base::text::{clipped, line},
    grafana::{
        interval,
        json::{at, flag, text},
        routes::KnownSource,
    },
    signal::{Fault, FaultKind},
};

/// How long the list is kept: data sources seldom change, and variables are set often.
const KEPT: Duration = Duration::from_secs(300);
/// Most data sources that are read.
const MAX_SOURCES: usize = 5000;
/// The longest name, in bytes.
const MAX_NAME: usize = 200;

/// The list, and since when it is known.
pub(super) type KeptSources = (Instant, Arc<[KnownSource]>);

impl Grafana {
    /// Those it told of lately, or tells of now.
    pub(super) async fn known_sources(&self) -> Result<Arc<[KnownSource]>, Failure> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((since, known)) = kept
            && since.elapsed() < KEPT
        {
            return Ok(known);
        }
        let known: Arc<[KnownSource]> = match self.get("/api/frontend/settings", &[], of_settings).await {
            Ok(known) => known.into(),
            Err(failure) => match self.get("/api/datasources", &[], of_list).await {
                Ok(known) => known.into(),
                Err(_) => return Err(failure),
            },
        };
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), Arc::clone(&known)));
        Ok(known)
    }
}

fn of_settings(body: &[u8]) -> Result<Vec<KnownSource>, Fault> {
    let settings: Value = wire::decode(&wire::text_of(body), "the settings of Grafana")?;
    let all = at(&settings, "datasources").as_object();
    let all =
        all.ok_or_else(|| Fault::new(FaultKind::Malformed, "no settings of Grafana: it names no data sources"))?;
    let default = text(&settings, "defaultDatasource").unwrap_or_default();
    let known = all.iter().filter_map(|(name, one)| known(one, name, &default));
    Ok(known.take(MAX_SOURCES).collect())
}

fn of_list(body: &[u8]) -> Result<Vec<KnownSource>, Fault> {
    let all: Vec<Value> = wire::decode(&wire::text_of(body), "a list of data sources")?;
    Ok(all.iter().take(MAX_SOURCES).filter_map(|one| known(one, "", "")).collect())
}

/// A data source; not one of those that Grafana has for itself.
fn known(one: &Value, key: &str, default: &str) -> Option<KnownSource> {
    let plain = |text: String| clipped(&line(&text), MAX_NAME).into_owned();
    let name = plain(text(one, "name").unwrap_or_else(|| key.to_owned()));
    if name.starts_with("-- ") || name == "__expr__" {
        return None;
    }
    Some(KnownSource {
        uid: plain(text(one, "uid")?),
        kind: plain(text(one, "type").unwrap_or_default()),
        is_default: flag(one, "isDefault") || (!default.is_empty() && name == default),
        scrape: text(at(one, "jsonData"), "timeInterval").and_then(|every| interval::parse(&every)),
        name,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_lists_say_the_same() {
        let settings = br#"{"defaultDatasource": "Main", "datasources": {
            "Main": {"uid": "p1", "type": "prometheus", "name": "Main", "jsonData": {"timeInterval": "30s"}},
            "Old": {"uid": "i1", "type": "influxdb"}, "No uid": {"type": "mysql"}, "Odd": 5,
            "-- Grafana --": {"uid": "grafana", "type": "datasource"}}}"#;
        let list = br#"[{"uid": "p1", "type": "prometheus", "name": "Main", "isDefault": true,
                "jsonData": {"timeInterval": "30s"}}, {"uid": "i1", "type": "influxdb", "name": "Old"}]"#;
        let (settings, list) = (of_settings(settings).expect("settings"), of_list(list).expect("a list"));
        assert_eq!(settings, list);
        let main = settings.first().expect("one");
        assert_eq!((main.uid.as_str(), main.is_default, main.scrape), ("p1", true, Some(30_000.0)));
        assert!(of_settings(b"{}").is_err() && of_list(b"{}").is_err());
    }
}
