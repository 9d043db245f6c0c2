//! Records as alerts.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use serde_json::{Map, Value};

use super::{
    super::{
        alerts::{UnknownSeverities, by_name_and_service, past_the_cap},
        wire,
    },
    Context,
    misread::Misread,
    phantom, text, web,
};
use crate::signal::{
    Alert, AlertSet, AlertState, Fault, FaultKind, Severity, alert::AlertLinks, alert_words::Standing,
};

/// Most alerts.
const MAX_ALERTS: usize = 5000;
/// Most words for states that are quoted because nobody knows them.
const MAX_UNKNOWN: usize = 3;
/// Fields that tell what an alert is called.
const TITLES: [&str; 5] = ["title", "name", "alertname", "summary", "message"];
/// Fields of which an alert that has no name has at least one.
const TELLING: [&str; 4] = ["state", "status", "severity", "id"];

/// Records as alerts; what they lack is made up for, what is no record is left out.
pub(super) struct AlertsReader<'c> {
    context: Context<'c>,
    /// Beside each stands whether it says when it began.
    alerts: Vec<(Alert, bool)>,
    /// Where the alerts of each id of their own stand.
    places: HashMap<String, Vec<usize>>,
    /// How many there are, those past the cap included.
    found: usize,
    /// How many records say that all is well.
    well: usize,
    /// How many are no records.
    skipped: usize,
    /// How many have no field that an alert has, and the names of those that the first one has.
    strange: (usize, String),
    /// Words for states that nobody knows.
    unknown: BTreeSet<String>,
    unknown_severities: UnknownSeverities,
    misread: Misread,
    interner: wire::Interner,
}

impl<'c> AlertsReader<'c> {
    pub(super) fn new(context: Context<'c>) -> Self {
        Self {
            context,
            alerts: Vec::new(),
            places: HashMap::new(),
            found: 0,
            well: 0,
            skipped: 0,
            strange: (0, String::new()),
            unknown: BTreeSet::new(),
            unknown_severities: UnknownSeverities::default(),
            misread: Misread::default(),
            interner: wire::Interner::keeping(vec![context.words.severity_label.clone()]),
        }
    }

    pub(super) fn add(&mut self, record: &Value) {
        let Some(fields) = record.as_object() else {
            self.skipped += 1;
            return;
        };
        if text(fields, &TITLES).or_else(|| text(fields, &TELLING)).is_none() {
            if self.strange.0 == 0 {
                self.strange.1 = phantom::names(fields);
            }
            self.strange.0 += 1;
        }
        let Some(state) = self.state(fields) else {
            self.well += 1;
            return;
        };
        let id = text(fields, &["id"]);
        if self.alerts.len() >= MAX_ALERTS {
            self.found += 1;
            return;
        }
        let (mut alert, is_dated) = self.alert(fields, id.as_deref(), state);
        if let Some(id) = id {
            let places = self.places.entry(id).or_default();
            let same = places.iter().find_map(|at| {
                let (known, _) = self.alerts.get(*at)?;
                (group_of(known) == group_of(&alert)).then_some(*at)
            });
            if let Some((known, _)) = same.and_then(|at| self.alerts.get_mut(at)) {
                // Told of several times, it is as urgent as the most urgent word on it.
                (known.state, known.severity) = (known.state.min(alert.state), known.severity.min(alert.severity));
                return;
            }
            if !places.is_empty() {
                alert.id = format!("{} {}", alert.id, alert.labels).into();
            }
            places.push(self.alerts.len());
        }
        self.found += 1;
        self.alerts.push((alert, is_dated));
    }

    pub(super) fn read(mut self, warnings: &mut Vec<String>) -> Result<AlertSet, Fault> {
        let fault = |why: String| Err(Fault::new(FaultKind::Malformed, why));
        match (self.found + self.well, self.skipped, &self.strange) {
            (0, 1.., _) => return fault("records with a `title` were expected, and none came".to_owned()),
            (records, _, (strange, names)) if records > 0 && records == *strange => {
                return fault(format!("none of {records} records has a `title` or a `state`; they have {names}"));
            }
            _ => {}
        }
        match self.skipped {
            0 => {}
            1 => warnings.push("left out 1 value that is no record".to_owned()),
            many => warnings.push(format!("left out {many} values that are no records")),
        }
        if !self.unknown.is_empty() {
            let mut words: Vec<_> = self.unknown.iter().take(MAX_UNKNOWN).map(|word| format!("“{word}”")).collect();
            if self.unknown.len() > MAX_UNKNOWN {
                words.push(format!("{} more", self.unknown.len() - MAX_UNKNOWN));
            }
            warnings.push(format!(
                "state {} is not known and counts as firing; say in `states` what it means",
                words.join(", ")
            ));
        }
        self.unknown_severities.warn(warnings);
        warnings.extend(self.misread.words().map(|words| format!("{words}; dated when it was first seen")));
        self.interner.warn_of_cut_labels(warnings);
        let dropped = past_the_cap(self.found, MAX_ALERTS, warnings);
        self.context.first_seen.fill(&mut self.alerts, self.context.now);
        let alerts = self.alerts.into_iter().map(|(alert, _)| alert).collect();
        Ok(AlertSet { dropped, ..AlertSet::grouped(alerts, by_name_and_service) })
    }

    /// Where an alert stands; `None` if it says that all is well. A word that nobody knows fires: whoever lists something
    /// among the alerts means it.
    fn state(&mut self, fields: &Map<String, Value>) -> Option<AlertState> {
        let words = self.context.words;
        let Some(word) = text(fields, &["state", "status"]) else {
            // Some have the one word for both.
            let severity = text(fields, &["severity", "level"]).unwrap_or_default();
            let is_well = ["ok", "okay", "clear", "cleared"].iter().any(|well| severity.eq_ignore_ascii_case(well));
            return (!is_well).then_some(AlertState::Firing);
        };
        match words.standing(&word) {
            Some(Standing::Well) => None,
            Some(Standing::In(state)) => Some(state),
            None => {
                if self.unknown.len() < MAX_ALERTS {
                    self.unknown.insert(word);
                }
                Some(AlertState::Firing)
            }
        }
    }

    /// An alert, and whether it says when it began.
    fn alert(&mut self, fields: &Map<String, Value>, id: Option<&str>, state: AlertState) -> (Alert, bool) {
        let title = text(fields, &TITLES).or_else(|| id.map(str::to_owned)).unwrap_or_else(|| "alert".to_owned());
        let since = self.misread.time(fields, &["since", "starts_at", "startsAt", "at"], self.context.now);
        let severity = self.context.words.severity(&title, |name| text(fields, &[name]));
        if severity == Severity::Unknown {
            self.unknown_severities.count(self.context.words.unknown_severity(&title, |name| text(fields, &[name])));
        }
        let url = web(fields, &["url", "link", "html_url"]);
        // Everything short that tells something is a label, so that alerts of one name can be told apart and joined.
        let spoken_for = [
            "id",
            "state",
            "status",
            "title",
            "name",
            "since",
            "starts_at",
            "startsAt",
            "at",
            "url",
            "link",
            "summary",
        ];
        let others = fields.iter().filter(|(name, _)| !spoken_for.contains(&name.as_str()));
        let others = others.filter_map(|(name, value)| Some((name.as_str(), super::scalar(value)?)));
        let mut pairs: Vec<_> = others.map(|(name, value)| (name.to_owned(), value)).collect();
        pairs.push(("alertname".to_owned(), title.clone()));
        let pairs = wire::Pairs(pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect());
        let labels = self.interner.labels(&pairs);
        let alert = Alert {
            id: id.map_or_else(|| labels.to_string(), str::to_owned).into(),
            summary: text(fields, &["summary"]).unwrap_or(title).into(),
            state,
            severity,
            starts_at: since.unwrap_or_default(),
            receivers: Arc::from([]),
            links: AlertLinks { dashboard: url.map(Into::into), ..AlertLinks::default() },
            inhibited_by: Arc::from([]),
            muted_for: Arc::from([]),
            labels,
        };
        (alert, since.is_some())
    }
}

/// What two records of one id have in common that are the same alert.
fn group_of(alert: &Alert) -> (Arc<str>, Arc<str>) {
    by_name_and_service(alert)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        config::Shape,
        signal::{AlertWords, Data, Severity},
        source::{
            first_seen::FirstSeen,
            records::{
                read,
                tests::{at, data, read_at},
            },
        },
    };

    #[test]
    fn alerts_of_a_pager() {
        let (data, warnings) = data(
            r#"[{"id":"P1","state":"triggered","severity":"high","title":"db down","service":"db","since":"2026-11-22T13:00:00Z","url":"https://p/1"},
                {"id":"P2","state":"acknowledged","title":"db down","service":"db","since":1795356000},
                {"id":"P3","state":"resolved","title":"old"}, 5]"#,
            Shape::Alerts,
        );
        let Data::Alerts(set) = data else { panic!("{data:?}") };
        assert_eq!(warnings, ["left out 1 value that is no record"]);
        let [group] = set.groups.as_slice() else { panic!("{set:?}") };
        assert_eq!((group.title.as_ref(), group.counts.firing, group.severity), ("db down", 2, Severity::Critical));
        assert_eq!(group.since, at("2026-11-22T13:00:00Z"));
        assert_eq!(group.alerts[0].links.dashboard.as_deref(), Some("https://p/1"));
    }

    #[test]
    fn an_alert_without_a_beginning_keeps_the_first_time_it_was_seen() {
        let (seen, words) = (FirstSeen::default(), AlertWords::default());
        let poll = |json: &str, now: &str| {
            let context = Context { now: at(now), first_seen: &seen, words: &words };
            let (data, _) = read(json, Shape::Alerts, context).expect("a reading");
            let Data::Alerts(set) = data else { panic!("{data:?}") };
            set.groups.first().map(|group| group.since.to_string())
        };
        let alert = r#"[{"id":"a","title":"x"}]"#;
        assert_eq!(poll(alert, "2026-11-22T14:00:00Z").as_deref(), Some("2026-11-22T14:00:00Z"));
        assert_eq!(poll(alert, "2026-11-22T14:00:05Z").as_deref(), Some("2026-11-22T14:00:00Z"));
        assert_eq!(poll("[]", "2026-11-22T14:00:10Z"), None);
        assert_eq!(poll(alert, "2026-11-22T14:00:15Z").as_deref(), Some("2026-11-22T14:00:15Z"));
    }

    fn set(json: &str) -> (AlertSet, Vec<String>) {
        let (data, warnings) = data(json, Shape::Alerts);
        let Data::Alerts(set) = data else { panic!("{data:?}") };
        (set, warnings)
    }

    #[test]
    fn what_says_that_all_is_well_does_not_fire() {
        let (set, warnings) =
            set(r#"[{"title":"a","state":0},{"title":"b","status":"success"},{"title":"c","status":"postmortem"},
                {"title":"d","severity":"OK"},{"title":"e","status":"down"},{"title":"f","status":"paused"},
                {"title":"g","status":"new"},{"title":"h","state":2}]"#);
        let counts = set.counts();
        assert_eq!((counts.firing, counts.pending, counts.silenced, counts.total()), (2, 1, 1, 4));
        assert!(warnings.is_empty(), "{warnings:?}");
    }

    #[test]
    fn a_word_nobody_knows_fires_and_is_told_once() {
        let (set, warnings) =
            set(r#"[{"title":"a","state":"wobbly"},{"title":"b","state":"wobbly"},{"title":"c","state":"odd"}]"#);
        assert_eq!(set.counts().firing, 3);
        assert_eq!(
            warnings,
            ["state “odd”, “wobbly” is not known and counts as firing; say in `states` what it means"]
        );
    }

    #[test]
    fn an_alert_told_several_times_is_one_and_the_worst_word_counts() {
        let (set, _) = set(
            r#"[{"id":1,"title":"db down","state":"snoozed","priority":"P3"},{"id":1,"title":"db down","state":"open","priority":"P1"},
                {"id":1,"title":"disk full","state":"open"},{"id":1,"title":"db down","service":"b","state":"open"}]"#,
        );
        assert_eq!((set.counts().firing, set.counts().total()), (3, 3), "{set:?}");
        let alert =
            |title: &str| set.groups.iter().find(|group| group.title.as_ref() == title).expect("it").alerts[0].clone();
        assert_eq!(alert("db down").severity, Severity::Critical);
        assert_ne!(alert("db down").id, alert("disk full").id, "one id of different things");
    }

    #[test]
    fn what_has_nothing_of_an_alert_is_none() {
        let detail = |json: &str| read_at(json, Shape::Alerts, "2026-11-22T14:00:00Z").expect_err("a fault").detail;
        assert_eq!(
            detail(r#"[{"check":"disk","host":"a"},{"check":"cpu"}]"#),
            "none of 2 records has a `title` or a `state`; they have check, host"
        );
        assert_eq!(detail(r#"["unauthorized"]"#), "records with a `title` were expected, and none came");
        assert_eq!(set("[]").0.counts().total(), 0);
        assert_eq!(set(r#"[{"check":"disk"},{"title":"db"}]"#).0.counts().firing, 2);
    }

    #[test]
    fn a_time_that_is_not_understood_is_quoted_and_the_alert_kept() {
        let (set, warnings) =
            set(r#"[{"title":"a","since":"a while ago"},{"title":"b","since":"Sun, 22 Nov 2026 13:00:00 GMT"}]"#);
        let since: Vec<String> = set.groups.iter().map(|group| group.since.to_string()).collect();
        assert_eq!(since, ["2026-11-22T13:00:00Z", "2026-11-22T14:00:00Z"]);
        assert_eq!(warnings, ["a time is not understood: “a while ago”; dated when it was first seen"]);
    }
}
