//! Rows that hold their panels, as they were before schema 16.

use serde_json::{Value, json};

use super::{
    super::json::{at, flag, list, number, text},
    is_set, put,
};

/// The panels of old rows, behind the head of their row where heads are shown at all; with the places they would have.
pub(super) fn panels(rows: &[Value]) -> Vec<Value> {
    let are_shown = rows.iter().any(|row| flag(row, "collapse") || flag(row, "showTitle") || is_set(row, "repeat"));
    let ids = rows.iter().flat_map(|row| list(row, "panels")).filter_map(|panel| at(panel, "id").as_i64());
    let mut next = ids.max().unwrap_or_default() + 1;
    let (mut out, mut y) = (Vec::new(), 0_u64);
    for row in rows.iter().filter(|row| !is_set(row, "repeatIteration")) {
        let is_collapsed = flag(row, "collapse");
        let mut head = json!({
            "id": next,
            "type": "row",
            "title": at(row, "title"),
            "repeat": at(row, "repeat"),
            "collapsed": is_collapsed,
            "gridPos": {"x": 0, "y": y, "w": 24, "h": 1},
        });
        if are_shown {
            next += 1;
            y += 1;
        }
        let inside = placed(row, &mut y);
        match (are_shown, is_collapsed) {
            (true, true) => {
                put(&mut head, "panels", inside.into());
                out.push(head);
            }
            (true, false) => {
                out.push(head);
                out.extend(inside);
            }
            (false, _) => out.extend(inside),
        }
    }
    out
}

/// Old panels stand side by side, 12 to a line.
fn placed(row: &Value, y: &mut u64) -> Vec<Value> {
    let height = match at(row, "height") {
        Value::String(text) => text.trim_end_matches("px").parse().unwrap_or(250.0),
        other => other.as_f64().unwrap_or(250.0),
    };
    let height = (height / 38.0).ceil().clamp(1.0, 100.0) as u64;
    let mut x = 0;
    let mut out = Vec::new();
    for panel in list(row, "panels").iter().filter(|panel| panel.is_object()) {
        let width = (number(at(panel, "span")).unwrap_or(4.0).clamp(1.0, 12.0) * 2.0) as u64;
        if x + width > 24 {
            (x, *y) = (0, *y + height);
        }
        let mut panel = panel.clone();
        let in_px = text(&panel, "height").and_then(|text| text.trim_end_matches("px").parse::<f64>().ok());
        let own = in_px.map_or(height, |px| (px / 38.0).ceil().clamp(1.0, 100.0) as u64);
        put(&mut panel, "gridPos", json!({"x": x, "y": *y, "w": width, "h": own}));
        x += width;
        out.push(panel);
    }
    if x > 0 {
        *y += height;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_shown_where_one_is() {
        let rows = [
            json!({"title": "a", "panels": [{"id": 1, "span": 8}, {"id": 2, "span": 8}]}),
            json!({"title": "b", "collapse": true, "panels": [{"id": 3}]}),
        ];
        let panels = panels(&rows);
        let ids: Vec<_> = panels.iter().map(|panel| at(panel, "id").as_i64().unwrap_or_default()).collect();
        assert_eq!(ids, [4, 1, 2, 5]);
        assert_eq!(panels[2].pointer("/gridPos"), Some(&json!({"x": 0, "y": 8, "w": 16, "h": 7})));
        assert_eq!(list(&panels[3], "panels").len(), 1);
    }
}
