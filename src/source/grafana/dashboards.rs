//! Dashboards that a Grafana has: which there are, and each by its uid, in the schema that the server keeps it in.

use serde_json::Value;

use super::{
    super::{
        Failure,
        dashboard_server::{DashboardHit, SearchFor},
        http::RequestBody,
        wire,
    },
    Grafana, segment,
};
use crate::{
    base::text::{clipped, line},
    grafana::json::{at, flag, list, text},
    signal::{Fault, FaultKind},
};

/// Most dashboards that a search answers.
const MAX_HITS: usize = 1000;
/// The longest title, folder or tag, in bytes.
const MAX_WORDS: usize = 200;
/// Most tags that are kept of one.
const MAX_TAGS: usize = 10;

impl Grafana {
    /// Whether a Grafana is there.
    pub(super) async fn health(&self) -> Result<(), Failure> {
        self.get("/api/health", &[], |body| {
            let health: Value = wire::decode(&wire::text_of(body), "the health of Grafana")?;
            let is_one = at(&health, "database").is_string();
            is_one.then_some(()).ok_or_else(|| Fault::new(FaultKind::Malformed, "what answers there is no Grafana"))
        })
        .await
    }

    /// Searches its dashboards.
    pub(super) async fn hits(&self, wanted: &SearchFor) -> Result<Vec<DashboardHit>, Failure> {
        let limit = MAX_HITS.to_string();
        let mut parameters = vec![("type", "dash-db"), ("limit", limit.as_str())];
        if !wanted.words.is_empty() {
            parameters.push(("query", &wanted.words));
        }
        if wanted.starred {
            parameters.push(("starred", "true"));
        }
        self.get("/api/search", &parameters, hits).await
    }

    /// The JSON of one, wherever the server keeps it.
    pub(super) async fn one(&self, uid: &str) -> Result<Vec<u8>, Failure> {
        let uid = segment(uid, "dashboard")?;
        let path = format!("/api/dashboards/uid/{uid}");
        match self.ask(&path, &[], RequestBody::None).await {
            // One of a newer schema is elsewhere, and where is said.
            Err(failure) => match elsewhere(&failure.fault, uid) {
                Some(path) => self.ask(&path, &[], RequestBody::None).await,
                None => Err(failure),
            },
            outcome => outcome,
        }
    }
}

fn hits(body: &[u8]) -> Result<Vec<DashboardHit>, Fault> {
    let all: Vec<Value> = wire::decode(&wire::text_of(body), "a list of dashboards")?;
    let plain = |text: &str| clipped(&line(text), MAX_WORDS).into_owned();
    let word = |one: &Value, key: &str| plain(&text(one, key).unwrap_or_default());
    let hit = |one: &Value| DashboardHit {
        uid: word(one, "uid"),
        title: word(one, "title"),
        folder: word(one, "folderTitle"),
        tags: list(one, "tags").iter().filter_map(Value::as_str).take(MAX_TAGS).map(plain).collect(),
        is_starred: flag(one, "isStarred"),
    };
    let is_one = |one: &&Value| at(one, "type").as_str().is_none_or(|kind| kind == "dash-db");
    let mut hits: Vec<_> =
        all.iter().filter(is_one).take(MAX_HITS).map(hit).filter(|hit| !hit.uid.is_empty()).collect();
    let key = |hit: &DashboardHit| (!hit.is_starred, hit.folder.to_lowercase(), hit.title.to_lowercase());
    hits.sort_by_cached_key(key);
    Ok(hits)
}

/// The path that an answer names in the place of a dashboard of a newer schema; only one that is such a dashboard's.
fn elsewhere(fault: &Fault, uid: &str) -> Option<String> {
    const BEGIN: &str = "/apis/dashboard.grafana.app/";
    if fault.kind != FaultKind::BadQuery {
        return None;
    }
    let path = fault.detail.split_whitespace().find(|word| word.starts_with(BEGIN))?;
    let parts: Vec<&str> = path.strip_prefix(BEGIN)?.split('/').collect();
    let [version, "namespaces", namespace, "dashboards", name] = parts.as_slice() else { return None };
    let is_word = |word: &str| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    (is_word(version) && is_word(namespace) && *name == uid).then(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_that_are_marked_come_first() {
        let body = br#"[{"uid": "b", "title": "B\u001b[2J", "type": "dash-db", "folderTitle": "Zoo", "tags": ["x", 5]},
            {"uid": "a", "title": "a", "type": "dash-db"}, {"uid": "f", "title": "F", "type": "dash-folder"},
            {"uid": "c", "title": "c", "isStarred": true, "folderTitle": "Zoo"}, {"title": "none"}, 5]"#;
        let hits = hits(body).expect("hits");
        let order: Vec<&str> = hits.iter().map(|hit| hit.uid.as_str()).collect();
        assert_eq!(order, ["c", "a", "b"]);
        assert_eq!((hits[2].title.as_str(), hits[2].tags.as_slice()), ("B[2J", ["x".to_owned()].as_slice()));
    }

    #[test]
    fn a_newer_schema_is_asked_for_where_it_is() {
        let said = |words: &str| elsewhere(&Fault::new(FaultKind::BadQuery, words), "abc");
        let path = "/apis/dashboard.grafana.app/v2beta1/namespaces/default/dashboards/abc";
        let words = format!("dashboard api version not supported, use {path} instead");
        assert_eq!(said(&words).as_deref(), Some(path));
        for other in [
            "/apis/dashboard.grafana.app/v2/namespaces/default/dashboards/other",
            "/apis/dashboard.grafana.app/../namespaces/default/dashboards/abc",
            "/apis/iam.grafana.app/v2/namespaces/default/users/abc",
            "/api/admin/settings",
        ] {
            assert_eq!(said(&format!("use {other} instead")), None, "{other}");
        }
    }
}
