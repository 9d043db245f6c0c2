//! Answers of Prometheus as data frames, named and shaped as Grafana's data source does it.

mod legend;
mod shapes;

use std::collections::BTreeMap;

pub use shapes::shaped;

use super::{
    frame::{Cell, Field, FieldKind, Frame, FrameKind},
    plan::PanelQuery,
};

/// What a query answered.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answered {
    /// The series, as they came.
    pub series: Vec<Points>,
    /// Whether each is a single number of now.
    pub is_instant: bool,
}

/// One series.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Points {
    /// Its labels, with the name of its metric.
    pub labels: BTreeMap<String, String>,
    /// Times in milliseconds, and values; gaps are not there.
    pub points: Vec<(i64, f64)>,
}

/// The series in the frames that Grafana makes of an answer: each column of numbers with the times beside it.
pub fn series_in(frames: &[Frame], is_instant: bool) -> Answered {
    let of_frame = |frame: &Frame| -> Vec<Points> {
        let Some(times) = frame.first_of(FieldKind::Time) else { return Vec::new() };
        let numbers = frame.fields.iter().filter(|field| field.kind == FieldKind::Number);
        let points = |field: &Field| Points {
            labels: field.labels.clone(),
            points: times
                .cells
                .iter()
                .zip(&field.cells)
                .filter_map(|(t, v)| Some((t.number()? as i64, v.number()?)))
                .collect(),
        };
        numbers.map(points).collect()
    };
    Answered { series: frames.iter().flat_map(of_frame).collect(), is_instant }
}

/// The frames of one query, one a series; an empty one where nothing came.
pub fn frames(answer: &Answered, query: &PanelQuery) -> Vec<Frame> {
    let frames: Vec<Frame> = answer.series.iter().map(|series| frame(series, answer.is_instant, query)).collect();
    match frames.is_empty() {
        true => vec![Frame { ref_id: Some(query.frame_ref.clone()), ..Frame::default() }],
        false => frames,
    }
}

fn frame(series: &Points, is_instant: bool, query: &PanelQuery) -> Frame {
    let name = legend::name(&series.labels, query.legend.as_deref(), &query.expr);
    let mut time = Field { name: "Time".into(), kind: FieldKind::Time, ..Field::default() };
    time.config.interval = Some(query.step);
    time.cells = series.points.iter().map(|(t, _)| Cell::Number(*t as f64)).collect();
    let mut value = Field {
        name: series.labels.get("__name__").cloned().unwrap_or_else(|| "Value".into()),
        kind: FieldKind::Number,
        labels: series.labels.clone(),
        labelled: true,
        cells: series.points.iter().map(|(_, v)| Cell::Number(*v)).collect(),
        ..Field::default()
    };
    value.config.display_name_from_source = (!name.is_empty()).then_some(name);
    Frame {
        name: None,
        ref_id: Some(query.frame_ref.clone()),
        fields: vec![time, value],
        kind: if is_instant { FrameKind::Numeric } else { FrameKind::TimeSeries },
    }
}
