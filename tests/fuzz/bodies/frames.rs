//! Data frames: read or refused, within bounds, and shown by every kind of panel.

use serde_json::{Value, json};
use stanch::grafana::{
    evaluate::{self, Outcome, Reply},
    frame::Frame,
    frame_json,
    model::Dashboard,
    plan::{self, Resolution},
    prometheus,
    routes::Routes,
    time_range::TimeRange,
    variable::{Variables, found_in},
};

/// Most cells of an answer that may be kept.
const MOST: usize = 500_000;

const KINDS: [&str; 8] = ["timeseries", "stat", "table", "bargauge", "piechart", "state-timeline", "heatmap", "logs"];

/// A panel of each kind, which asks one query through Grafana and joins what came.
fn dashboard() -> Dashboard {
    let panel = |(id, kind): (usize, &&str)| -> Value {
        json!({"id": id, "type": kind, "datasource": {"type": "mysql", "uid": "m"},
            "targets": [{"refId": "A", "rawSql": "select 1"}],
            "transformations": if id % 2 == 0 { json!([]) } else { json!([{"id": "merge"}, {"id": "organize"}]) }})
    };
    let panels: Vec<Value> = KINDS.iter().enumerate().map(panel).collect();
    Dashboard::of(json!({"title": "t", "schemaVersion": 39, "panels": panels})).expect("a dashboard")
}

pub fn frames(body: &[u8]) {
    let Ok(results) = frame_json::read(&String::from_utf8_lossy(body)) else { return };
    let frames: Vec<Frame> = results.into_iter().flat_map(|result| result.frames).collect();
    let cells: usize = frames.iter().flat_map(|frame| &frame.fields).map(|field| field.cells.len()).sum();
    assert!(cells <= MOST, "{cells} cells are kept");
    for frame in &frames {
        assert!(frame.fields.iter().all(|field| field.cells.len() == frame.len()), "columns of one length");
    }
    drop((prometheus::series_in(&frames, true), found_in(&frames)));
    let dashboard = dashboard();
    let range = TimeRange { from: 0, to: 3_600_000 };
    let routes = Routes { prometheus: None, grafana: Some(0), ..Routes::default() };
    let variables = Variables::of(&dashboard, range, &[]).by(routes);
    let panels = plan::panels(&dashboard, &variables, Resolution::default());
    let answers: Vec<Vec<Outcome>> = panels.iter().map(|_| vec![Ok(Reply::Frames(frames.clone()))]).collect();
    assert_eq!(evaluate::all(&panels, &answers, &variables).len(), KINDS.len());
}
