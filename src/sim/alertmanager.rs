//! Alertmanager's HTTP API v2, as far as a cockpit asks it: what fires, what is silenced, what is inhibited.
//!
//! Shapes and words are those of Alertmanager 0.25. Critical alerts inhibit warnings of the same service.

use std::collections::BTreeMap;

use axum::{
    Json, Router,
    extract::State,
    http::{StatusCode, Uri},
    response::{IntoResponse, Response},
    routing::get,
};
use serde_json::{Value as Any, json};

use super::{params::Params, promql::pattern::Pattern, shared::Shared, store::Labels, story, world::World};

/// The one silence there is.
const SILENCE_ID: &str = "53b24d59-2b4f-428b-bca2-358e0c201332";
const SILENCED: &str = "CertExpiresSoon";
/// How often Prometheus sends an alert again, in story seconds.
const RESEND: f64 = 10.0;
const DAY: f64 = 86_400.0;

pub(super) fn router(shared: Shared) -> Router {
    Router::new()
        .route("/api/v2/alerts", get(alerts))
        .route("/api/v2/alerts/groups", get(groups))
        .route("/api/v2/silences", get(silences))
        .route("/api/v2/status", get(status))
        .route("/api/v2/receivers", get(receivers))
        .route("/-/ready", get(async || "OK"))
        .route("/-/healthy", get(async || "OK"))
        .fallback(not_found)
        .with_state(shared)
}

/// An alert that fires at Prometheus.
struct Alert {
    labels: Labels,
    fingerprint: String,
    receiver: &'static str,
    inhibited_by: Vec<String>,
    json: Any,
}

impl Alert {
    fn is_silenced(&self) -> bool {
        self.labels.get("alertname") == SILENCED
    }
}

async fn alerts(State(shared): State<Shared>, params: Params) -> Result<Response, BadMatcher> {
    let (world, now) = shared.present();
    let wanted = Wanted::of(&params)?;
    let mut alerts = current(&world, shared.prometheus_url(), now);
    alerts.retain(|alert| wanted.accepts(alert));
    alerts.sort_by(|a, b| a.fingerprint.cmp(&b.fingerprint));
    Ok(Json(alerts.into_iter().map(|alert| alert.json).collect::<Vec<_>>()).into_response())
}

async fn groups(State(shared): State<Shared>, params: Params) -> Result<Response, BadMatcher> {
    let (world, now) = shared.present();
    let wanted = Wanted::of(&params)?;
    let mut groups: BTreeMap<(Labels, &str), Vec<Any>> = BTreeMap::new();
    for alert in current(&world, shared.prometheus_url(), now).into_iter().filter(|alert| wanted.accepts(alert)) {
        let labels = alert.labels.filtered(|name| name == "alertname" || name == "service");
        groups.entry((labels, alert.receiver)).or_default().push(alert.json);
    }
    let groups = groups.into_iter().map(
        |((labels, receiver), alerts)| json!({ "alerts": alerts, "labels": labels, "receiver": { "name": receiver } }),
    );
    Ok(Json(groups.collect::<Vec<_>>()).into_response())
}

/// The alerts that fire, with who is told and what holds them back.
fn current(world: &World, prometheus_url: &str, now_ms: i64) -> Vec<Alert> {
    let now = world.clock.story(now_ms);
    let mut alerts = Vec::new();
    for rule in &world.rules {
        for (labels, active) in &rule.active {
            let Some(fired) = active.fired else { continue };
            let annotations = rule.annotations(labels, active.value);
            let labels = labels.with([("cluster", "shop-eu-1"), ("env", "production")]);
            let fingerprint = fingerprint(&labels);
            let receiver = match (labels.get("alertname"), labels.get("severity")) {
                ("Watchdog", _) => "nowhere",
                (_, "critical") => "oncall-pager",
                _ => "team-chat",
            };
            let updated = fired + ((now - fired) / RESEND).floor().max(0.0) * RESEND;
            let json = json!({
                "annotations": annotations,
                "endsAt": world.clock.stamp(updated + 4.0 * RESEND),
                "fingerprint": fingerprint,
                "receivers": [{ "name": receiver }],
                "startsAt": world.clock.stamp(fired),
                "updatedAt": world.clock.stamp(updated),
                "generatorURL": format!("{prometheus_url}/graph?g0.expr={}&g0.tab=1", encoded(&rule.query)),
                "labels": labels,
            });
            alerts.push(Alert { labels, fingerprint, receiver, inhibited_by: Vec::new(), json });
        }
    }
    let is = |alert: &Alert, severity: &str| alert.labels.get("severity") == severity;
    let service = |alert: &Alert| alert.labels.get("service").to_owned();
    let critical: Vec<_> =
        alerts.iter().filter(|a| is(a, "critical")).map(|a| (service(a), a.fingerprint.clone())).collect();
    for alert in &mut alerts {
        if is(alert, "warning") {
            let own = service(alert);
            alert.inhibited_by = critical.iter().filter(|(of, _)| *of == own).map(|(_, by)| by.clone()).collect();
        }
        let silenced_by: &[&str] = if alert.is_silenced() { &[SILENCE_ID] } else { &[] };
        let state = if alert.inhibited_by.is_empty() && silenced_by.is_empty() { "active" } else { "suppressed" };
        alert.json["status"] = json!({ "inhibitedBy": alert.inhibited_by, "silencedBy": silenced_by, "state": state });
    }
    alerts
}

async fn silences(State(shared): State<Shared>) -> impl IntoResponse {
    let (world, _) = shared.present();
    let begun = world.clock.stamp(story::HISTORY - DAY);
    Json(json!([{
        "id": SILENCE_ID,
        "status": { "state": "active" },
        "updatedAt": begun,
        "comment": "renewal is booked for Monday",
        "createdBy": "dana@shop.example",
        "endsAt": world.clock.stamp(story::HISTORY + 2.0 * DAY),
        "matchers": [{ "isEqual": true, "isRegex": false, "name": "alertname", "value": SILENCED }],
        "startsAt": begun,
    }]))
}

async fn status(State(shared): State<Shared>) -> impl IntoResponse {
    let (world, _) = shared.present();
    let config = "route:\n  receiver: team-chat\n  group_by:\n  - alertname\n  - service\ninhibit_rules:\n- source_matchers:\n  \
                  - severity=\"critical\"\n  target_matchers:\n  - severity=\"warning\"\n  equal:\n  - service\n";
    Json(json!({
        "cluster": { "peers": [], "status": "disabled" },
        "config": { "original": config },
        "uptime": world.clock.stamp(story::HISTORY - 12.0 * DAY),
        "versionInfo": {
            "branch": "HEAD", "buildDate": "20221222-14:51:36", "buildUser": "stanch demo", "goVersion": "go1.19.4",
            "revision": "simulated", "version": "0.25.0",
        },
    }))
}

async fn receivers() -> impl IntoResponse {
    Json(json!([{ "name": "nowhere" }, { "name": "team-chat" }, { "name": "oncall-pager" }]))
}

async fn not_found(uri: Uri) -> impl IntoResponse {
    let message = format!("path {} was not found", uri.path());
    (StatusCode::NOT_FOUND, Json(json!({ "code": 404, "message": message })))
}

/// A filter that cannot be read; the body is a bare string.
struct BadMatcher(String);

impl IntoResponse for BadMatcher {
    fn into_response(self) -> Response {
        (StatusCode::BAD_REQUEST, Json(Any::String(self.0))).into_response()
    }
}

/// What a request asks for.
struct Wanted {
    active: bool,
    silenced: bool,
    inhibited: bool,
    receiver: Option<Pattern>,
    filters: Vec<Filter>,
}

struct Filter {
    label: String,
    negated: bool,
    value: Result<Pattern, String>,
}

impl Wanted {
    fn of(params: &Params) -> Result<Self, BadMatcher> {
        // A word that is neither true nor false counts as false.
        let flag = |name: &str| params.get(name).is_none_or(|value| value == "true");
        let bad_receiver = |error| BadMatcher(format!("failed to parse receiver param: {error}"));
        Ok(Self {
            active: flag("active"),
            silenced: flag("silenced"),
            inhibited: flag("inhibited"),
            receiver: params.get("receiver").map(Pattern::new).transpose().map_err(bad_receiver)?,
            filters: params.all("filter").map(Filter::parse).collect::<Result<_, _>>()?,
        })
    }

    fn accepts(&self, alert: &Alert) -> bool {
        let (silenced, inhibited) = (alert.is_silenced(), !alert.inhibited_by.is_empty());
        (self.silenced || !silenced)
            && (self.inhibited || !inhibited)
            && (self.active || silenced || inhibited)
            && self.receiver.as_ref().is_none_or(|receiver| receiver.matches(alert.receiver))
            && self.filters.iter().all(|filter| filter.accepts(&alert.labels))
    }
}

impl Filter {
    fn parse(text: &str) -> Result<Self, BadMatcher> {
        let bad = || BadMatcher(format!("bad matcher format: {text}"));
        let at = text.find(['=', '!']).ok_or_else(bad)?;
        let (label, rest) = text.split_at(at);
        let sign = ["=~", "!~", "!=", "="].into_iter().find(|sign| rest.starts_with(sign)).ok_or_else(bad)?;
        let value = rest[sign.len()..].trim();
        let value = value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value);
        let value = if sign.ends_with('~') {
            Ok(Pattern::new(value).map_err(BadMatcher)?)
        } else {
            Err(value.replace("\\\"", "\"").replace("\\\\", "\\"))
        };
        Ok(Self { label: label.trim().to_owned(), negated: sign.starts_with('!'), value })
    }

    fn accepts(&self, labels: &Labels) -> bool {
        let found = labels.get(&self.label);
        let meets = match &self.value {
            Ok(pattern) => pattern.matches(found),
            Err(wanted) => wanted == found,
        };
        meets != self.negated
    }
}

/// The identity of an alert: FNV-1a over its sorted labels, as in Prometheus' `model.LabelSet.Fingerprint`.
fn fingerprint(labels: &Labels) -> String {
    const SEPARATOR: u8 = 0xff;
    let bytes = labels.iter().flat_map(|(name, value)| {
        name.bytes().chain([SEPARATOR]).chain(value.bytes()).chain([SEPARATOR]).collect::<Vec<_>>()
    });
    let hash =
        bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{hash:016x}")
}

/// Percent-encoded as Go's `url.QueryEscape` does.
fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            b' ' => out.push('+'),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fingerprint_is_the_real_one() {
        // Taken from a real Alertmanager's answer.
        let labels = Labels::of([
            ("alertname", "RedisDown"),
            ("cluster", "lab-eu-1"),
            ("env", "production"),
            ("instance", "redis-0"),
            ("job", "redis"),
            ("service", "redis"),
            ("severity", "critical"),
            ("team", "data"),
        ]);
        assert_eq!(fingerprint(&labels), "6676232233077d15");
    }

    #[test]
    fn filters() {
        let labels = Labels::of([("service", "edge"), ("severity", "critical")]);
        let check = |text, expected| match Filter::parse(text) {
            Ok(filter) => assert_eq!(filter.accepts(&labels), expected, "{text}"),
            Err(BadMatcher(error)) => panic!("{text}: {error}"),
        };
        check("service=\"edge\"", true);
        check("service=edge", true);
        check("service!=edge", false);
        check("severity=~\"crit.*|warning\"", true);
        check("severity!~\"crit.*\"", false);
        check("pod=", true);
        check("service==edge", false);
        assert!(matches!(Filter::parse("service"), Err(BadMatcher(text)) if text == "bad matcher format: service"));
    }
}
