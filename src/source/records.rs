//! Values of unknown servers, read into what a pane can show.
//!
//! The field names are those of [`Shape`](crate::config::Shape), with the spellings that are common elsewhere accepted too.

use std::{
    collections::{HashMap, HashSet},
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use jiff::Timestamp;
use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Value};

use super::{times, wire};
use crate::{
    config::Shape,
    signal::{
        Alert, AlertSet, AlertState, Change, ChangeKind, Column, Data, Fault, FaultKind, Labels, Level, LogLine,
        Severity, Table, alert::AlertLinks, scrub,
    },
};

/// Most rows of a table.
const MAX_ROWS: usize = 1000;
/// Most columns of a table.
const MAX_COLUMNS: usize = 40;
/// Longest cell, in bytes.
const MAX_CELL: usize = 500;
/// Most alerts.
const MAX_ALERTS: usize = 5000;
/// Most changes.
const MAX_CHANGES: usize = 500;
/// Most log lines.
const MAX_LINES: usize = 2000;

/// When alerts without a beginning of their own were first seen. They would begin anew at every poll otherwise.
#[derive(Default)]
pub(super) struct FirstSeen(Mutex<HashMap<String, Timestamp>>);

/// Reads the values that came out of a filter, or the JSON as it is. `order` names the fields of a table in the order
/// they were written in, which [`Value`] forgets.
pub(super) fn read(
    values: Vec<Value>,
    order: Vec<String>,
    shape: Shape,
    now: Timestamp,
    first_seen: &FirstSeen,
) -> Result<(Data, Vec<String>), Fault> {
    let mut warnings = Vec::new();
    let data = match shape {
        Shape::Number => Data::Number(number(&values)?),
        Shape::Table => Data::Table(table(records(values), order, &mut warnings)),
        Shape::Alerts => Data::Alerts(alerts(records(values), now, first_seen, &mut warnings)),
        Shape::Changes => Data::Changes(changes(records(values), &mut warnings)?),
        Shape::Logs => Data::Logs(logs(records(values), &mut warnings)),
    };
    Ok((data, warnings))
}

/// Reads plain text: a number, or lines.
pub(super) fn read_plain(text: &str, shape: Shape) -> Result<(Data, Vec<String>), Fault> {
    let mut warnings = Vec::new();
    let lines = || text.lines().filter(|line| !line.trim().is_empty());
    let data = match shape {
        Shape::Number => Data::Number(number_in(text).ok_or_else(|| {
            Fault::new(FaultKind::Malformed, format!("a number was expected, got {}", scrub::clipped(text.trim(), 60)))
        })?),
        Shape::Logs => {
            let lines = lines().map(plain_line).collect();
            Data::Logs(newest(lines, &mut warnings))
        }
        Shape::Table => {
            let columns = vec![Column { name: "line".into(), numeric: false }];
            let mut rows: Vec<_> =
                lines().map(|line| vec![scrub::clipped(&without_escapes(line), MAX_CELL).into_owned()]).collect();
            let dropped = rows.len().saturating_sub(MAX_ROWS);
            rows.truncate(MAX_ROWS);
            Data::Table(Table { columns, rows, dropped })
        }
        Shape::Alerts | Shape::Changes => {
            let begins = scrub::clipped(text.trim(), 60);
            return Err(Fault::new(FaultKind::Malformed, format!("JSON was expected, got {begins}")));
        }
    };
    Ok((data, warnings))
}

/// The names of the fields of the first records in `text`, in the order they are written in.
pub(super) fn order_in(text: &str) -> Vec<String> {
    let mut order = Vec::new();
    for names in serde_json::Deserializer::from_str(text).into_iter::<Names>().take(MAX_ROWS).map_while(Result::ok) {
        names.0.into_iter().for_each(|name| {
            if !order.contains(&name) && order.len() <= MAX_COLUMNS {
                order.push(name);
            }
        });
    }
    order
}

/// The field names of a record, or of the records of an array.
struct Names(Vec<String>);

impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Names;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("anything")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Names, A::Error> {
                let mut names = Vec::new();
                while let Some((name, IgnoredAny)) = map.next_entry::<String, IgnoredAny>()? {
                    names.push(name);
                }
                Ok(Names(names))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Names, A::Error> {
                let mut all = Vec::new();
                while let Some(Names(names)) = seq.next_element()? {
                    for name in names {
                        if all.len() <= MAX_COLUMNS && !all.contains(&name) {
                            all.push(name);
                        }
                    }
                }
                Ok(Names(all))
            }
            fn visit_str<E>(self, _: &str) -> Result<Names, E> {
                Ok(Names(Vec::new()))
            }
            fn visit_bool<E>(self, _: bool) -> Result<Names, E> {
                Ok(Names(Vec::new()))
            }
            fn visit_i64<E>(self, _: i64) -> Result<Names, E> {
                Ok(Names(Vec::new()))
            }
            fn visit_u64<E>(self, _: u64) -> Result<Names, E> {
                Ok(Names(Vec::new()))
            }
            fn visit_f64<E>(self, _: f64) -> Result<Names, E> {
                Ok(Names(Vec::new()))
            }
            fn visit_unit<E>(self) -> Result<Names, E> {
                Ok(Names(Vec::new()))
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

/// The elements of a single array, or the values themselves.
fn records(mut values: Vec<Value>) -> Vec<Value> {
    match values.as_mut_slice() {
        [Value::Array(items)] => std::mem::take(items),
        [Value::Null] => Vec::new(),
        _ => values,
    }
}

fn number(values: &[Value]) -> Result<f64, Fault> {
    let fault = |what: String| Err(Fault::new(FaultKind::Malformed, format!("a number was expected, got {what}")));
    match values {
        [] | [Value::Null] => Ok(f64::NAN),
        [Value::Number(number)] => Ok(number.as_f64().unwrap_or(f64::NAN)),
        [Value::Bool(yes)] => Ok(f64::from(u8::from(*yes))),
        [Value::String(text)] => match number_in(text) {
            Some(number) => Ok(number),
            None => fault(scrub::clipped(text, 60).into_owned()),
        },
        [Value::Array(items)] => number(items),
        [Value::Object(_)] => fault("a record".to_owned()),
        many => fault(format!("{} values", many.len())),
    }
}

fn number_in(text: &str) -> Option<f64> {
    text.trim().parse().ok()
}

fn table(records: Vec<Value>, order: Vec<String>, warnings: &mut Vec<String>) -> Table {
    let mut known: HashSet<String> = order.iter().cloned().collect();
    let mut names = order;
    for record in records.iter().take(MAX_ROWS) {
        let fields: Vec<String> = match record {
            Value::Object(fields) => fields.keys().cloned().collect(),
            Value::Array(cells) => (1..=cells.len()).map(|n| n.to_string()).collect(),
            _ => vec!["value".to_owned()],
        };
        names.extend(fields.into_iter().filter(|name| known.insert(name.clone())));
    }
    if names.len() > MAX_COLUMNS {
        warnings.push(format!("showing {MAX_COLUMNS} of {} columns", names.len()));
        names.truncate(MAX_COLUMNS);
    }
    let cell_at = |record: &Value, at: usize| match record {
        Value::Object(fields) => fields.get(&names[at]).cloned(),
        Value::Array(cells) => names[at].parse::<usize>().ok().and_then(|n| cells.get(n - 1).cloned()),
        other => (names[at] == "value").then(|| other.clone()),
    };
    let is_number = |at: usize| {
        let mut cells = records.iter().take(MAX_ROWS).filter_map(|record| cell_at(record, at)).peekable();
        cells.peek().is_some() && cells.all(|cell| cell.is_number() || cell.is_null())
    };
    let columns = names
        .iter()
        .enumerate()
        .map(|(at, name)| Column { name: scrub::clipped(name, 100).into_owned(), numeric: is_number(at) });
    let rows = records.iter().take(MAX_ROWS);
    Table {
        columns: columns.collect(),
        rows: rows.map(|record| (0..names.len()).map(|at| cell(cell_at(record, at).as_ref())).collect()).collect(),
        dropped: records.len().saturating_sub(MAX_ROWS),
    }
}

fn cell(value: Option<&Value>) -> String {
    let text = match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => without_escapes(text),
        Some(other) => other.to_string(),
    };
    scrub::clipped(&text, MAX_CELL).into_owned()
}

fn alerts(records: Vec<Value>, now: Timestamp, first_seen: &FirstSeen, warnings: &mut Vec<String>) -> AlertSet {
    let found = records.len();
    let mut alerts: Vec<_> = records.iter().filter_map(Value::as_object).filter_map(alert).collect();
    skipped(found - records.iter().filter(|record| record.is_object()).count(), "that are no records", warnings);
    let dropped = alerts.len().saturating_sub(MAX_ALERTS);
    if dropped > 0 {
        warnings.push(format!("showing {MAX_ALERTS} of {} alerts", alerts.len()));
        alerts.truncate(MAX_ALERTS);
    }
    first_seen.fill(&mut alerts, now);
    let alerts = alerts.into_iter().map(|(alert, _)| alert).collect();
    AlertSet { dropped, ..AlertSet::grouped(alerts, super::alertmanager::by_name_and_service) }
}

/// An alert, and whether it says when it began; nothing if it says that all is well.
fn alert(fields: &Map<String, Value>) -> Option<(Alert, bool)> {
    let state = state_of(&text(fields, &["state", "status"]).unwrap_or_default())?;
    let title =
        text(fields, &["title", "name", "alertname", "summary", "message"]).unwrap_or_else(|| "alert".to_owned());
    let since = first(fields, &["since", "starts_at", "startsAt", "at"]).and_then(times::of_value);
    let severity = text(fields, &["severity", "priority", "level"]);
    let url = text(fields, &["url", "link", "html_url"])
        .filter(|url| url.starts_with("http://") || url.starts_with("https://"));
    // Everything short that tells something is a label, so that alerts of one name can be told apart and joined.
    let spoken_for =
        ["id", "state", "status", "title", "name", "since", "starts_at", "startsAt", "at", "url", "link", "summary"];
    let others = fields.iter().filter(|(name, _)| !spoken_for.contains(&name.as_str()));
    let others = others.filter_map(|(name, value)| Some((name.as_str(), scalar(value)?)));
    let mut pairs: Vec<_> = others.map(|(name, value)| (name.to_owned(), value)).collect();
    pairs.push(("alertname".to_owned(), title.clone()));
    let pairs = wire::Pairs(pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect());
    let labels = wire::Interner::default().labels(&pairs);
    let alert = Alert {
        id: text(fields, &["id"]).unwrap_or_else(|| labels.to_string()).into(),
        summary: text(fields, &["summary"]).unwrap_or(title).into(),
        state,
        severity: severity.map(|word| Severity::parse(&word)).unwrap_or_default(),
        starts_at: since.unwrap_or_default(),
        receivers: Arc::from([]),
        links: AlertLinks { dashboard: url, ..AlertLinks::default() },
        labels,
    };
    Some((alert, since.is_some()))
}

/// An unknown word fires: whoever lists something among the alerts means it.
fn state_of(word: &str) -> Option<AlertState> {
    match word.trim().to_ascii_lowercase().as_str() {
        "ok" | "okay" | "resolved" | "inactive" | "up" | "normal" | "healthy" | "closed" | "operational"
        | "passing" => None,
        "pending" | "grace" => Some(AlertState::Pending),
        "silenced" | "suppressed" | "muted" | "snoozed" | "ignored" | "maintenance" => Some(AlertState::Silenced),
        "inhibited" => Some(AlertState::Inhibited),
        _ => Some(AlertState::Firing),
    }
}

impl FirstSeen {
    fn fill(&self, alerts: &mut [(Alert, bool)], now: Timestamp) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut seen = HashMap::new();
        for (alert, _) in alerts.iter_mut().filter(|(_, dated)| !dated) {
            alert.starts_at = known.get(alert.id.as_ref()).copied().unwrap_or(now);
            seen.insert(alert.id.to_string(), alert.starts_at);
        }
        *known = seen;
    }
}

fn changes(records: Vec<Value>, warnings: &mut Vec<String>) -> Result<Vec<Change>, Fault> {
    let found = records.len();
    let mut changes: Vec<_> = records.iter().filter_map(Value::as_object).filter_map(change).collect();
    if changes.is_empty() && found > 0 {
        return Err(Fault::new(FaultKind::Malformed, format!("none of {found} records has both `title` and `at`")));
    }
    skipped(found - changes.len(), "without `title` or `at`", warnings);
    changes.sort_by(|a, b| (b.at, &b.id).cmp(&(a.at, &a.id)));
    let mut known = HashSet::new();
    changes.retain(|change| known.insert(change.id.clone()));
    changes.truncate(MAX_CHANGES);
    Ok(changes)
}

fn change(fields: &Map<String, Value>) -> Option<Change> {
    let at = first(fields, &["at", "time", "finished_at", "deployed_at", "created_at"]).and_then(times::of_value)?;
    let service = text(fields, &["service", "app"]);
    let version = text(fields, &["version", "revision", "tag"]);
    let made_up = || Some(format!("{} {}", service.as_deref()?, version.as_deref()?));
    let title = text(fields, &["title", "name", "text", "summary"]).or_else(made_up)?;
    Some(Change {
        id: text(fields, &["id"]).unwrap_or_else(|| format!("{title} {at}")),
        kind: ChangeKind::parse(&text(fields, &["kind", "type"]).unwrap_or_default()),
        who: text(fields, &["who", "by", "user", "author"]),
        undo: text(fields, &["undo"]),
        url: text(fields, &["url", "link"]).filter(|url| url.starts_with("http://") || url.starts_with("https://")),
        title,
        service,
        version,
        at,
    })
}

fn logs(records: Vec<Value>, warnings: &mut Vec<String>) -> Vec<LogLine> {
    let lines = records.iter().map(|record| match record {
        Value::Object(fields) => log_record(fields),
        Value::String(line) => plain_line(line),
        other => plain_line(&other.to_string()),
    });
    newest(lines.collect(), warnings)
}

fn log_record(fields: &Map<String, Value>) -> LogLine {
    let named = text(fields, &["text", "message", "msg", "line", "log"]);
    let line = named.unwrap_or_else(|| scrub::line(&Value::Object(fields.clone()).to_string()).into_owned());
    let level = text(fields, &["level", "severity", "lvl"]);
    let labels = fields.get("labels").and_then(Value::as_object);
    let labels = labels.into_iter().flatten().filter_map(|(name, value)| Some((name.as_str(), scalar(value)?)));
    let pairs = wire::Pairs(labels.map(|(name, value)| (name.to_owned().into(), value.into())).collect());
    LogLine {
        at: first(fields, &["at", "time", "ts", "timestamp"]).and_then(times::of_value),
        level: level.map_or_else(|| Level::of_line(&line), |word| Level::parse(&word)),
        labels: wire::Interner::default().labels(&pairs),
        text: line,
    }
}

/// A time is only taken from the front of a line, where loggers write it.
fn plain_line(line: &str) -> LogLine {
    let text = scrub::line(&without_escapes(line)).trim_end().to_owned();
    let at = text.split_whitespace().next().filter(|word| word.contains('T')).and_then(times::of_text);
    LogLine { at, level: Level::of_line(&text), labels: Labels::default(), text }
}

/// Oldest first when all have a time, else as they came; the newest are kept.
fn newest(mut lines: Vec<LogLine>, warnings: &mut Vec<String>) -> Vec<LogLine> {
    if lines.iter().all(|line| line.at.is_some()) {
        lines.sort_by_key(|line| line.at);
    }
    let over = lines.len().saturating_sub(MAX_LINES);
    if over > 0 {
        warnings.push(format!("showing the last {MAX_LINES} of {} lines", lines.len()));
        lines.drain(..over);
    }
    lines
}

/// Drops whole colour and cursor sequences, of which a scrub would leave the rest behind (`[31m`).
fn without_escapes(text: &str) -> String {
    if !text.contains('\x1b') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\x1b' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('[') => drop(chars.find(|c| ('\x40'..='\x7e').contains(c))),
            Some(']') => drop(chars.find(|c| matches!(c, '\x07' | '\x1b' | '\u{9c}'))),
            _ => {}
        }
    }
    out
}

fn first<'a>(fields: &'a Map<String, Value>, names: &[&str]) -> Option<&'a Value> {
    names.iter().filter_map(|name| fields.get(*name)).find(|value| !value.is_null())
}

/// The first of the fields that is a filled text or a number, on one line.
fn text(fields: &Map<String, Value>, names: &[&str]) -> Option<String> {
    let mut values = names.iter().filter_map(|name| scalar(fields.get(*name)?));
    values.find(|text| !text.is_empty())
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(scrub::line(without_escapes(text).trim()).into_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(yes) => Some(yes.to_string()),
        _ => None,
    }
}

fn skipped(count: usize, why: &str, warnings: &mut Vec<String>) {
    if count > 0 {
        warnings.push(format!("left out {count} records {why}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    fn data(json: &str, shape: Shape) -> (Data, Vec<String>) {
        let value = serde_json::from_str(json).expect("JSON");
        read(vec![value], order_in(json), shape, at("2026-11-22T14:00:00Z"), &FirstSeen::default()).expect("a reading")
    }

    #[track_caller]
    fn check_number(json: &str, expected: Result<f64, &str>) {
        let value = serde_json::from_str(json).expect("JSON");
        let outcome = number(&[value]).map_err(|fault| fault.detail);
        match (&outcome, expected) {
            (Ok(value), Ok(expected)) => {
                assert!(*value == expected || (value.is_nan() && expected.is_nan()), "{value}")
            }
            (outcome, expected) => assert_eq!(outcome.clone(), expected.map_err(str::to_owned)),
        }
    }

    #[test]
    fn numbers() {
        check_number("1.5", Ok(1.5));
        check_number("\"12\"", Ok(12.0));
        check_number("\"NaN\"", Ok(f64::NAN));
        check_number("null", Ok(f64::NAN));
        check_number("true", Ok(1.0));
        check_number("[7]", Ok(7.0));
        check_number("\"many\"", Err("a number was expected, got many"));
        check_number("[1,2]", Err("a number was expected, got 2 values"));
        check_number("{}", Err("a number was expected, got a record"));
        assert_eq!(read_plain("42\n", Shape::Number).expect("a number").0, Data::Number(42.0));
        assert!(read_plain("42 things", Shape::Number).is_err());
    }

    #[test]
    fn tables() {
        let (data, _) = data(r#"[{"pod":"a","n":1},{"pod":"b\u001b[31m!","n":null,"x":[1]},"loose"]"#, Shape::Table);
        let Data::Table(table) = data else { panic!("{data:?}") };
        let heads: Vec<_> = table.columns.iter().map(|column| (column.name.as_str(), column.numeric)).collect();
        assert_eq!(heads, [("pod", false), ("n", true), ("x", false), ("value", false)]);
        assert_eq!(table.rows, [["a", "1", "", ""], ["b!", "", "[1]", ""], ["", "", "", "loose"]]);
    }

    #[test]
    fn alerts_of_a_pager() {
        let (data, warnings) = data(
            r#"[{"id":"P1","state":"triggered","severity":"high","title":"db down","service":"db","since":"2026-11-22T13:00:00Z","url":"https://p/1"},
                {"id":"P2","state":"acknowledged","title":"db down","service":"db","since":1795356000},
                {"id":"P3","state":"resolved","title":"old"}, 5]"#,
            Shape::Alerts,
        );
        let Data::Alerts(set) = data else { panic!("{data:?}") };
        assert_eq!(warnings, ["left out 1 records that are no records"]);
        let [group] = set.groups.as_slice() else { panic!("{set:?}") };
        assert_eq!((group.title.as_ref(), group.counts.firing, group.severity), ("db down", 2, Severity::Critical));
        assert_eq!(group.since, at("2026-11-22T13:00:00Z"));
        assert_eq!(group.alerts[0].links.dashboard.as_deref(), Some("https://p/1"));
    }

    #[test]
    fn an_alert_without_a_beginning_keeps_the_first_time_it_was_seen() {
        let seen = FirstSeen::default();
        let poll = |json: &str, now: &str| {
            let values = vec![serde_json::from_str(json).expect("JSON")];
            let (data, _) = read(values, Vec::new(), Shape::Alerts, at(now), &seen).expect("a reading");
            let Data::Alerts(set) = data else { panic!("{data:?}") };
            set.groups.first().map(|group| group.since.to_string())
        };
        let alert = r#"[{"id":"a","title":"x"}]"#;
        assert_eq!(poll(alert, "2026-11-22T14:00:00Z").as_deref(), Some("2026-11-22T14:00:00Z"));
        assert_eq!(poll(alert, "2026-11-22T14:00:05Z").as_deref(), Some("2026-11-22T14:00:00Z"));
        assert_eq!(poll("[]", "2026-11-22T14:00:10Z"), None);
        assert_eq!(poll(alert, "2026-11-22T14:00:15Z").as_deref(), Some("2026-11-22T14:00:15Z"));
    }

    #[test]
    fn changes_newest_first() {
        let (data, warnings) = data(
            r#"[{"id":"1","title":"checkout v1","at":"2026-11-22T13:00:00Z","kind":"flag","undo":"flip it"},
                {"service":"checkout","version":"v2","finished_at":1795356000,"by":"ann"},
                {"title":"undated"}]"#,
            Shape::Changes,
        );
        let Data::Changes(changes) = data else { panic!("{data:?}") };
        assert_eq!(warnings, ["left out 1 records without `title` or `at`"]);
        let told: Vec<_> =
            changes.iter().map(|c| (c.title.as_str(), c.kind, c.who.as_deref(), c.undo.as_deref())).collect();
        assert_eq!(
            told,
            [
                ("checkout v2", ChangeKind::Deploy, Some("ann"), None),
                ("checkout v1", ChangeKind::Flag, None, Some("flip it")),
            ]
        );
    }

    #[test]
    fn log_lines_oldest_first_and_without_escapes() {
        let (data, _) = data(
            r#"[{"ts":1795356001,"level":"err","msg":"\u001b[31mred\u001b[0m","labels":{"pod":"a"}},{"ts":1795356000,"msg":"warn: x"}]"#,
            Shape::Logs,
        );
        let Data::Logs(lines) = data else { panic!("{data:?}") };
        let told: Vec<_> = lines.iter().map(|line| (line.text.as_str(), line.level)).collect();
        assert_eq!(told, [("warn: x", Level::Warn), ("red", Level::Error)]);
        assert_eq!(lines[1].labels.get("pod"), Some("a"));
        let (data, _) =
            read_plain("2026-11-22T14:00:00Z ERROR a\x1b]52;c;x\x07b\n\n  plain\n", Shape::Logs).expect("lines");
        let Data::Logs(lines) = data else { panic!("{data:?}") };
        assert_eq!(lines[0].text, "2026-11-22T14:00:00Z ERROR ab");
        assert_eq!(lines[0].at, Some(at("2026-11-22T14:00:00Z")));
        assert_eq!(lines[1].text, "  plain");
    }
}
