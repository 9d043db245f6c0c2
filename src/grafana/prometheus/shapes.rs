//! What becomes of the frames of all queries of a panel: names by what tells them apart, tables, buckets.

use std::collections::BTreeMap;

use super::{
    super::{
        frame::{Cell, Field, FieldKind, Frame, FrameKind},
        naming,
        plan::{AnswerShape, PanelQuery},
    },
    legend,
};

/// Most rows of a table that is made of series.
const MAX_ROWS: usize = 100_000;

/// The frames of a panel's queries, each with its query, in the shape it asks for.
pub fn shaped(frames: Vec<(Frame, &PanelQuery)>) -> Vec<Frame> {
    let mut frames = named(frames);
    let mut take = |shape: AnswerShape| -> Vec<Frame> {
        // What is asked for one time beside a curve stays as it is.
        let fits = |query: &PanelQuery| {
            let own = if query.frame_ref == query.ref_id { query.shape } else { AnswerShape::TimeSeries };
            own == shape
        };
        let (taken, left) = std::mem::take(&mut frames).into_iter().partition(|(_, query)| fits(query));
        frames = left;
        let taken: Vec<(Frame, &PanelQuery)> = taken;
        taken.into_iter().map(|(frame, _)| frame).collect()
    };
    let (tables, buckets, mut out) =
        (take(AnswerShape::Table), take(AnswerShape::Heatmap), take(AnswerShape::TimeSeries));
    out.extend(as_tables(tables));
    out.extend(as_buckets(buckets));
    out
}

/// Series whose legend is left to us are named by what tells them apart, without the name of the metric.
fn named(frames: Vec<(Frame, &PanelQuery)>) -> Vec<(Frame, &PanelQuery)> {
    let is_auto = |query: &PanelQuery| query.legend.as_deref() == Some(legend::AUTO) && query.frame_ref == query.ref_id;
    if !frames.iter().any(|(_, query)| is_auto(query)) {
        return frames;
    }
    let (mut frames, queries): (Vec<Frame>, Vec<&PanelQuery>) = frames.into_iter().unzip();
    let names = naming::Names::among(&frames);
    let mut found = Vec::new();
    for (at, frame) in frames.iter().enumerate().filter(|(at, _)| queries.get(*at).is_some_and(|query| is_auto(query)))
    {
        for (column, field) in frame.fields.iter().enumerate() {
            if field.labels.get("__name__").is_some_and(|name| *name == field.name) {
                let mut plain = Field { name: naming::VALUE.into(), cells: Vec::new(), ..field.clone() };
                found.push((at, column, names.of(at, column, &mut plain)));
            }
        }
    }
    for (at, column, name) in found {
        if let Some(field) = frames.get_mut(at).and_then(|frame| frame.fields.get_mut(column)) {
            field.config.display_name_from_source = Some(name);
        }
    }
    frames.into_iter().zip(queries).collect()
}

/// Frames by the letter of their query, in order.
fn by_letter(frames: Vec<Frame>) -> Vec<(String, Vec<Frame>)> {
    let mut groups: Vec<(String, Vec<Frame>)> = Vec::new();
    for frame in frames {
        let letter = frame.ref_id.clone().unwrap_or_default();
        match groups.iter_mut().find(|(known, _)| *known == letter) {
            Some((_, group)) => group.push(frame),
            None => groups.push((letter, vec![frame])),
        }
    }
    groups
}

fn as_tables(frames: Vec<Frame>) -> Vec<Frame> {
    if frames.iter().all(Frame::is_empty) && frames.len() <= 1 {
        return frames;
    }
    let groups = by_letter(frames);
    let many = groups.len() > 1;
    groups.into_iter().map(|(letter, frames)| as_table(&letter, &frames, many)).collect()
}

fn as_table(letter: &str, frames: &[Frame], many: bool) -> Frame {
    let value_of = |frame: &'_ Frame| frame.fields.get(1).cloned().unwrap_or_default();
    let mut names: Vec<&String> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for name in frames.iter().filter_map(|frame| frame.fields.get(1)).flat_map(|field| field.labels.keys()) {
        if seen.insert(name) {
            names.push(name);
        }
    }
    let mut rows: Vec<(f64, usize, Cell)> = Vec::new();
    for (at, frame) in frames.iter().enumerate() {
        let times = frame.fields.first().map_or(&[][..], |field| &field.cells);
        let values = value_of(frame).cells;
        rows.extend(times.iter().zip(values).map(|(time, value)| (time.number().unwrap_or(f64::NAN), at, value)));
    }
    rows.truncate(MAX_ROWS);
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut time = Field { name: "Time".into(), kind: FieldKind::Time, ..Field::default() };
    time.config.interval = frames.iter().find_map(|frame| frame.fields.first()?.config.interval);
    time.cells = rows.iter().map(|(t, ..)| Cell::Number(*t)).collect();
    let labels_of = |at: usize| frames.get(at).and_then(|frame| frame.fields.get(1)).map(|field| &field.labels);
    let column = |name: &String| Field {
        name: name.clone(),
        kind: FieldKind::Text,
        cells: rows
            .iter()
            .map(|(_, at, _)| labels_of(*at).and_then(|labels| labels.get(name)).map_or("", String::as_str))
            .map(|value| Cell::Text(value.into()))
            .collect(),
        ..Field::default()
    };
    let value = Field {
        name: if many { format!("Value #{letter}") } else { naming::VALUE.to_owned() },
        kind: FieldKind::Number,
        cells: rows.iter().map(|(.., value)| value.clone()).collect(),
        ..Field::default()
    };
    Frame {
        ref_id: Some(letter.to_owned()),
        fields: std::iter::once(time).chain(names.into_iter().map(column)).chain([value]).collect(),
        kind: FrameKind::Table,
        ..Frame::default()
    }
}

/// Buckets of histograms by rising bound, each less the one below: what Prometheus counts is cumulative.
fn as_buckets(frames: Vec<Frame>) -> Vec<Frame> {
    let mut out = Vec::new();
    for (_, mut frames) in by_letter(frames) {
        for frame in &mut frames {
            let Some(value) = frame.fields.iter_mut().find(|field| field.kind == FieldKind::Number) else { continue };
            if let Some(le) = value.labels.get("le").cloned() {
                value.config.display_name_from_source = Some(le.clone());
                frame.name = Some(le);
            }
        }
        let mut groups: Vec<(BTreeMap<String, String>, Vec<Frame>)> = Vec::new();
        for frame in frames {
            let mut labels = frame.first_of(FieldKind::Number).map(|field| field.labels.clone()).unwrap_or_default();
            labels.remove("le");
            match groups.iter_mut().find(|(known, _)| known.values().eq(labels.values())) {
                Some((_, group)) => group.push(frame),
                None => groups.push((labels, vec![frame])),
            }
        }
        out.extend(groups.into_iter().filter_map(|(_, frames)| histogram(frames)));
    }
    out
}

fn histogram(mut frames: Vec<Frame>) -> Option<Frame> {
    if frames.len() == 1 && frames.first().is_some_and(Frame::is_empty) {
        return None;
    }
    let bound = |frame: &Frame| {
        let name = frame.name.as_deref().or_else(|| frame.fields.get(1).map(|field| field.name.as_str()));
        match name {
            Some("+Inf" | "Inf") => f64::INFINITY,
            Some(name) => name.parse().unwrap_or(f64::NAN),
            None => f64::NAN,
        }
    };
    frames.sort_by(|a, b| bound(a).partial_cmp(&bound(b)).unwrap_or(std::cmp::Ordering::Equal));
    let mut values: Vec<Field> = Vec::new();
    for frame in &frames {
        values.push(frame.first_of(FieldKind::Number)?.clone());
    }
    for at in (1..values.len()).rev() {
        let (below, above) = values.split_at_mut(at);
        let (Some(below), Some(above)) = (below.last(), above.first_mut()) else { continue };
        for (nth, cell) in above.cells.iter_mut().enumerate() {
            let under = below.cells.get(nth).and_then(Cell::number).unwrap_or_default();
            if let Cell::Number(value) = cell {
                let difference = *value - under;
                *value = if difference < 1e-9 { 0.0 } else { difference };
            }
        }
    }
    for value in &mut values {
        value.name = value.config.display_name_from_source.clone().unwrap_or_default();
    }
    let first = frames.into_iter().next()?;
    let time = first.fields.first()?.clone();
    let fields = std::iter::once(time).chain(values).collect();
    Some(Frame { fields, kind: FrameKind::HeatmapRows, ..first })
}
