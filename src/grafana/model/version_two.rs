//! Dashboards of schema v2, as classic ones: elements that a layout of rows, tabs and grids points to.
//!
//! <https://grafana.com/docs/grafana/latest/as-code/observability-as-code/schema-v2/>

use serde_json::{Map, Value, json};

use super::super::json::{at, flag, list, number, object, text};

/// Layouts inside layouts are followed this far.
const MAX_DEPTH: usize = 8;
/// Most rows and panels that are placed: many items may point to one large element.
const MAX_ITEMS: usize = 3000;
/// Columns of the grid.
const COLUMNS: u64 = 24;

/// Whether a dashboard is of schema v2.
pub(super) fn is_one(json: &Value) -> bool {
    let version = text(json, "apiVersion").unwrap_or_default();
    version.starts_with("dashboard.grafana.app/v2") || spec_of(json).get("elements").is_some_and(Value::is_object)
}

fn spec_of(json: &Value) -> &Value {
    match json.get("elements") {
        Some(_) => json,
        None => at(json, "spec"),
    }
}

/// The same as a classic dashboard.
pub(super) fn classic(json: &Value) -> Value {
    let spec = spec_of(json);
    let mut layout = Layout { elements: at(spec, "elements"), panels: Vec::new(), y: 0 };
    layout.place(at(spec, "layout"), 0);
    let variables: Vec<Value> = list(spec, "variables").iter().map(variable).collect();
    json!({
        "title": at(spec, "title"),
        "uid": at(at(json, "metadata"), "name"),
        "schemaVersion": 42,
        "links": at(spec, "links"),
        "panels": layout.panels,
        "templating": {"list": variables},
    })
}

struct Layout<'a> {
    elements: &'a Value,
    panels: Vec<Value>,
    /// The first free row of the grid.
    y: u64,
}

impl Layout<'_> {
    fn place(&mut self, layout: &Value, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        let spec = at(layout, "spec");
        match at(layout, "kind").as_str().unwrap_or_default() {
            "RowsLayout" => self.sections(list(spec, "rows"), depth),
            "TabsLayout" => self.sections(list(spec, "tabs"), depth),
            "AutoGridLayout" => {
                let columns = number(at(spec, "maxColumnCount")).map_or(3, |n| n.clamp(1.0, 8.0) as u64);
                let width = COLUMNS / columns;
                for (nth, item) in list(spec, "items").iter().enumerate() {
                    let nth = nth as u64;
                    let place =
                        json!({"x": nth % columns * width, "y": self.y + nth / columns * 8, "w": width, "h": 8});
                    self.item(item, &place);
                }
                self.y += (list(spec, "items").len() as u64).div_ceil(columns) * 8;
            }
            _ => {
                let mut items: Vec<&Value> = list(spec, "items").iter().collect();
                let position = |item: &Value| {
                    let of = |key| number(at(at(item, "spec"), key)).unwrap_or_default() as i64;
                    (of("y"), of("x"))
                };
                items.sort_by_key(|item| position(item));
                let from = self.y;
                for item in items {
                    let of = |key| number(at(at(item, "spec"), key)).unwrap_or_default().clamp(0.0, 1e6) as u64;
                    let (y, height) = (from + of("y"), of("height"));
                    self.y = self.y.max(y + height);
                    let place = json!({"x": of("x"), "y": y, "w": of("width"), "h": height});
                    // A row may stand in a grid.
                    match at(item, "kind").as_str() {
                        Some("GridLayoutRow") => self.sections(std::slice::from_ref(item), depth),
                        _ => self.item(item, &place),
                    }
                }
            }
        }
    }

    fn sections(&mut self, sections: &[Value], depth: usize) {
        for section in sections {
            let spec = at(section, "spec");
            self.panels.push(json!({
                "type": "row",
                "title": at(spec, "title"),
                "repeat": at(at(spec, "repeat"), "value"),
                "collapsed": false,
                "gridPos": {"x": 0, "y": self.y, "w": COLUMNS, "h": 1},
            }));
            self.y += 1;
            match at(spec, "elements").as_array() {
                Some(elements) => elements.iter().for_each(|item| {
                    self.item(item, at(item, "spec"));
                }),
                None => self.place(at(spec, "layout"), depth + 1),
            }
        }
    }

    fn item(&mut self, item: &Value, place: &Value) {
        if self.panels.len() > MAX_ITEMS {
            return;
        }
        let spec = at(item, "spec");
        let name = text(at(spec, "element"), "name").unwrap_or_default();
        let element = at(self.elements, &name);
        let mut panel = panel(at(element, "spec"), at(element, "kind").as_str().unwrap_or_default());
        panel.insert("gridPos".into(), place.clone());
        panel.insert("repeat".into(), at(at(spec, "repeat"), "value").clone());
        self.panels.push(Value::Object(panel));
    }
}

fn panel(spec: &Value, kind: &str) -> Map<String, Value> {
    let mut panel = Map::new();
    for key in ["id", "title", "description", "links"] {
        panel.insert(key.into(), at(spec, key).clone());
    }
    if kind == "LibraryPanel" {
        panel.insert("libraryPanel".into(), at(spec, "libraryPanel").clone());
        return panel;
    }
    let viz = at(spec, "vizConfig");
    // The type of a panel was the kind at first, and is the group now.
    let group = text(viz, "group").or_else(|| text(viz, "kind")).unwrap_or_default();
    panel.insert("type".into(), group.into());
    panel.insert("pluginVersion".into(), at(viz, "version").clone());
    panel.insert("options".into(), at(at(viz, "spec"), "options").clone());
    panel.insert("fieldConfig".into(), at(at(viz, "spec"), "fieldConfig").clone());
    let data = at(at(spec, "data"), "spec");
    let queries: Vec<Value> = list(data, "queries").iter().map(query).collect();
    if let Some(first) = queries.first() {
        panel.insert("datasource".into(), at(first, "datasource").clone());
    }
    panel.insert("targets".into(), queries.into());
    let transformations = list(data, "transformations").iter().map(transformation);
    panel.insert("transformations".into(), transformations.collect());
    let options = at(data, "queryOptions");
    for key in ["interval", "maxDataPoints", "timeFrom", "timeShift"] {
        panel.insert(key.into(), at(options, key).clone());
    }
    panel
}

fn query(query: &Value) -> Value {
    let spec = at(query, "spec");
    let inner = at(spec, "query");
    let mut target: Map<String, Value> =
        object(inner, "spec").map(|(key, value)| (key.clone(), value.clone())).collect();
    target.insert("refId".into(), at(spec, "refId").clone());
    target.insert("hide".into(), at(spec, "hidden").clone());
    target.insert("datasource".into(), data_source(spec, inner));
    Value::Object(target)
}

/// Which data source a query is for: by its name, or by its type alone.
fn data_source(spec: &Value, inner: &Value) -> Value {
    if let Some(classic) = spec.get("datasource").filter(|value| value.is_object()) {
        return classic.clone();
    }
    let kind = text(inner, "group").or_else(|| text(inner, "kind")).unwrap_or_default();
    json!({"type": kind, "uid": at(at(inner, "datasource"), "name")})
}

fn transformation(transformation: &Value) -> Value {
    let spec = at(transformation, "spec");
    let id = text(transformation, "group").or_else(|| text(spec, "id"));
    let id = id.or_else(|| text(transformation, "kind")).unwrap_or_default();
    json!({
        "id": id,
        "options": at(spec, "options"),
        "disabled": flag(spec, "disabled"),
        "filter": at(spec, "filter"),
    })
}

fn variable(variable: &Value) -> Value {
    let spec = at(variable, "spec");
    let mut out: Map<String, Value> =
        object(variable, "spec").map(|(key, value)| (key.clone(), value.clone())).collect();
    let kind = match at(variable, "kind").as_str().unwrap_or_default() {
        "QueryVariable" => "query",
        "CustomVariable" => "custom",
        "DatasourceVariable" => "datasource",
        "IntervalVariable" => "interval",
        "ConstantVariable" => "constant",
        "TextVariable" => "textbox",
        "AdhocVariable" => "adhoc",
        "GroupByVariable" => "groupby",
        "SwitchVariable" => "switch",
        other => other,
    };
    out.insert("type".into(), kind.into());
    match kind {
        "query" => {
            let query = at(spec, "query");
            out.insert("datasource".into(), data_source(spec, query));
            let inner = at(query, "spec");
            // Old queries are a text in a field of their own.
            let legacy = inner.get("__legacyStringValue").or_else(|| inner.get("query"));
            out.insert("query".into(), legacy.unwrap_or(inner).clone());
            out.insert("sort".into(), sort(at(spec, "sort")).into());
        }
        "datasource" => {
            out.insert("query".into(), at(spec, "pluginId").clone());
        }
        "interval" => {
            for (old, new) in [("auto_min", "auto_min"), ("auto_count", "auto_count")] {
                out.insert(old.into(), at(spec, new).clone());
            }
        }
        _ => {}
    }
    Value::Object(out)
}

fn sort(sort: &Value) -> u64 {
    const NAMES: [&str; 9] = [
        "disabled",
        "alphabeticalAsc",
        "alphabeticalDesc",
        "numericalAsc",
        "numericalDesc",
        "alphabeticalCaseInsensitiveAsc",
        "alphabeticalCaseInsensitiveDesc",
        "naturalAsc",
        "naturalDesc",
    ];
    let by_name = sort.as_str().and_then(|name| NAMES.iter().position(|known| *known == name));
    by_name.map_or_else(|| sort.as_u64().unwrap_or_default(), |place| place as u64)
}
