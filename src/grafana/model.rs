//! A dashboard as it is meant today, whatever version of Grafana wrote it.

mod inputs;
mod version_two;

use serde_json::Value;

use super::{
    json::{at, flag, list, number, text},
    upgrade,
};

/// Most panels that are read; the largest dashboards people publish have a few hundred.
const MAX_PANELS: usize = 2000;
/// Longest text of a dashboard, in bytes; the largest that people publish have about two million.
const MAX_BYTES: usize = 16 << 20;
/// Most links that are read of a dashboard, and of one panel.
const MAX_LINKS: usize = 100;
/// Most queries that are read of one panel.
const MAX_TARGETS: usize = 200;

/// A dashboard.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dashboard {
    /// Its title; may name variables.
    pub title: String,
    /// What Grafana calls it in addresses; empty where there is none.
    pub uid: String,
    /// Its variables, as they were written.
    pub variables: Vec<Value>,
    /// Rows and panels, in reading order.
    pub items: Vec<Item>,
    /// Where it leads, as it was written.
    pub links: Vec<Value>,
    /// What was left out, in words.
    pub warnings: Vec<String>,
}

/// What stands on a dashboard.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// A row: what follows belongs to it, up to the next one.
    Row(Row),
    /// A panel.
    Panel(Box<Panel>),
}

/// The head of a row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// Its title; may name variables.
    pub title: String,
    /// The variable whose every value it is repeated for.
    pub repeat: Option<String>,
    /// The panels inside, where it is collapsed.
    pub collapsed: Vec<Panel>,
    /// Whether it is collapsed.
    pub is_collapsed: bool,
}

/// One panel.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Panel {
    /// Its number on the dashboard.
    pub id: i64,
    /// Its title; may name variables.
    pub title: String,
    /// What it is about, for who asks.
    pub description: String,
    /// What it draws, by today's name: `timeseries`, `stat`, …
    pub kind: String,
    /// What it asks, as it was written.
    pub datasource: Value,
    /// Its queries, as they were written, each with a `refId`.
    pub targets: Vec<Value>,
    /// The options of its kind.
    pub options: Value,
    /// Defaults and overrides of its fields.
    pub field_config: Value,
    /// What is done to the answers before they are shown.
    pub transformations: Vec<Value>,
    /// The variable whose every value it is repeated for.
    pub repeat: Option<String>,
    /// The least interval between points; may name variables.
    pub interval: Option<String>,
    /// How many points it wants at most.
    pub max_data_points: Option<u32>,
    /// The stretch of time it shows instead of the dashboard's: `1h`.
    pub time_from: Option<String>,
    /// How much earlier than the dashboard's it shows: `1d`.
    pub time_shift: Option<String>,
    /// Where it stands in a grid of 24 columns.
    pub place: Place,
    /// Where it leads, as it was written.
    pub links: Vec<Value>,
    /// The name of the panel of Grafana's library that it stands for.
    pub library: Option<String>,
}

/// A place in Grafana's grid of 24 columns; a row is 38 pixels high.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the meaning")]
pub struct Place {
    pub x: u16,
    pub y: u32,
    pub width: u16,
    pub height: u16,
}

impl Dashboard {
    /// Reads the text of a dashboard: classic, wrapped, or of schema v2. Refused is only what is none at all.
    pub fn read(text: &str) -> Result<Self, String> {
        if text.len() > MAX_BYTES {
            return Err(format!("this is no dashboard: it has {} MB", text.len() >> 20));
        }
        let text = text.trim_start_matches('\u{feff}');
        let json: Value = serde_json::from_str(text).map_err(|error| match text.trim_start().starts_with('<') {
            true => "this is a web page, not a dashboard; is it behind a login?".to_owned(),
            false => format!("this is no JSON: {error}"),
        })?;
        Self::of(json)
    }

    /// As [`read`](Self::read), from JSON.
    pub fn of(json: Value) -> Result<Self, String> {
        let json = inputs::unwrapped(json);
        let json = if version_two::is_one(&json) { version_two::classic(&json) } else { inputs::filled_in(json) };
        if !json.is_object() || ["panels", "rows", "templating", "title"].iter().all(|key| json.get(key).is_none()) {
            return Err("this is no dashboard: it has neither panels nor a title".into());
        }
        let json = upgrade::dashboard(json);
        let mut dashboard = Self {
            title: text(&json, "title").unwrap_or_default(),
            uid: text(&json, "uid").unwrap_or_default(),
            variables: list(at(&json, "templating"), "list").to_vec(),
            links: list(&json, "links").iter().take(MAX_LINKS).cloned().collect(),
            ..Self::default()
        };
        dashboard.warn_of_many_targets(&json);
        let mut left = MAX_PANELS;
        for item in list(&json, "panels") {
            if left == 0 {
                dashboard.warnings.push(format!("only the first {MAX_PANELS} panels are shown"));
                break;
            }
            if text(item, "type").as_deref() == Some("row") {
                let collapsed: Vec<Panel> = list(item, "panels").iter().take(left).map(Panel::of).collect();
                left -= collapsed.len();
                dashboard.items.push(Item::Row(Row {
                    title: text(item, "title").unwrap_or_default(),
                    repeat: named(item, "repeat"),
                    is_collapsed: flag(item, "collapsed"),
                    collapsed,
                }));
            } else {
                left -= 1;
                dashboard.items.push(Item::Panel(Box::new(Panel::of(item))));
            }
        }
        Ok(dashboard)
    }

    fn warn_of_many_targets(&mut self, json: &Value) {
        for panel in list(json, "panels").iter().flat_map(|item| std::iter::once(item).chain(list(item, "panels"))) {
            let count = list(panel, "targets").len();
            if count > MAX_TARGETS {
                let title = text(panel, "title").unwrap_or_default();
                self.warnings.push(format!("{title}: of its {count} queries only the first {MAX_TARGETS} are asked"));
            }
        }
    }
}

impl Panel {
    fn of(json: &Value) -> Self {
        let size = |key: &str| number(at(at(json, "gridPos"), key)).unwrap_or_default().clamp(0.0, 1e6);
        let mut targets = list(json, "targets").to_vec();
        targets.truncate(MAX_TARGETS);
        Self {
            id: number(at(json, "id")).map_or(0, |id| id as i64),
            title: text(json, "title").unwrap_or_default(),
            description: text(json, "description").unwrap_or_default(),
            kind: text(json, "type").unwrap_or_default(),
            datasource: at(json, "datasource").clone(),
            targets,
            options: at(json, "options").clone(),
            field_config: at(json, "fieldConfig").clone(),
            transformations: list(json, "transformations").to_vec(),
            repeat: named(json, "repeat"),
            interval: named(json, "interval"),
            max_data_points: number(at(json, "maxDataPoints")).filter(|n| (1.0..1e6).contains(n)).map(|n| n as u32),
            time_from: named(json, "timeFrom"),
            time_shift: named(json, "timeShift"),
            place: Place {
                x: size("x") as u16,
                y: size("y") as u32,
                width: size("w").min(24.0) as u16,
                height: size("h").min(1000.0) as u16,
            },
            links: list(json, "links").iter().take(MAX_LINKS).cloned().collect(),
            library: text(at(json, "libraryPanel"), "name"),
        }
    }
}

/// A text that says something.
fn named(json: &Value, key: &str) -> Option<String> {
    match at(json, key) {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn rows_keep_what_is_inside() {
        let dashboard = Dashboard::of(json!({"title": "t", "schemaVersion": 39, "panels": [
            {"type": "stat", "id": 1, "title": "a", "gridPos": {"x": 12, "y": 3, "w": 12, "h": 8}},
            {"type": "row", "id": 2, "title": "r", "collapsed": true, "repeat": "pod",
             "panels": [{"type": "graph", "id": 3}]},
            "odd", 5,
        ]}));
        let items = dashboard.expect("a dashboard").items;
        let [Item::Panel(stat), Item::Row(row)] = items.as_slice() else { panic!("{items:?}") };
        assert_eq!(stat.place, Place { x: 12, y: 3, width: 12, height: 8 });
        assert_eq!((row.repeat.as_deref(), row.collapsed.len()), (Some("pod"), 1));
        assert_eq!(row.collapsed[0].kind, "timeseries");
    }

    #[test]
    fn what_is_no_dashboard_is_refused_in_words() {
        let said = |text: &str| Dashboard::read(text).expect_err("no dashboard");
        assert!(said("<!doctype html><title>Grafana</title>").contains("login"));
        assert!(said("{\"a\": ").starts_with("this is no JSON: EOF"));
        assert!(said("[1]").contains("neither panels"));
        assert!(said("{}").contains("neither panels"));
    }

    #[test]
    fn odd_fields_reject_nothing() {
        let odd = json!({"title": 5, "panels": [{"type": 7, "id": "x", "targets": {}, "gridPos": [], "options": 3,
            "fieldConfig": "no", "transformations": {"a": 1}, "maxDataPoints": "many"}], "templating": []});
        let dashboard = Dashboard::of(odd).expect("a dashboard");
        assert_eq!(dashboard.items.len(), 1);
    }
}
