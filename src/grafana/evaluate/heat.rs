//! The cells of a heatmap: from buckets that were answered, or counted from the values of series.

use std::collections::BTreeSet;

use serde_json::Value;

use super::super::{
    frame::{Cell, Field, FieldKind, Frame, FrameKind},
    json::{at, flag, number, text},
    model::Panel,
    shown::{Heat, HeatRow},
    value_format::{self, Viewer, text_number},
};

/// Most times that are kept; a terminal has fewer columns.
const MAX_TIMES: usize = 2000;
/// Most buckets that are kept.
const MAX_ROWS: usize = 500;
/// About so many buckets are made of values.
const BUCKETS: f64 = 10.0;
/// Sizes of buckets, with powers of ten.
const SIZES: [f64; 4] = [1.0, 2.0, 5.0, 10.0];

/// What a heatmap shows; empty where there is nothing to show.
pub(super) fn of(panel: &Panel, frames: &[Frame], viewer: Viewer<'_>) -> Heat {
    let words = Words { options: &panel.options, viewer };
    let has_buckets = frames.iter().any(|frame| frame.kind == FrameKind::HeatmapRows);
    let fields: Vec<(&Frame, &Field)> = frames
        .iter()
        .flat_map(|frame| frame.fields.iter().map(move |field| (frame, field)))
        .filter(|(frame, field)| field.kind == FieldKind::Number && frame.first_of(FieldKind::Time).is_some())
        .take(MAX_ROWS)
        .collect();
    match flag(&panel.options, "calculate") && !has_buckets {
        true => counted(&fields, &words),
        false => answered(&fields, &words),
    }
}

struct Words<'a> {
    options: &'a Value,
    viewer: Viewer<'a>,
}

impl Words<'_> {
    /// A bound with its unit, as exact as it is: the digits a panel wants may make two bounds look the same.
    fn bound(&self, value: f64) -> String {
        let unit = text(at(self.options, "yAxis"), "unit").filter(|unit| !unit.is_empty());
        let unit = unit.unwrap_or_else(|| "short".to_owned());
        let mut words = value_format::format(Some(&unit), value, None, false, self.viewer);
        // Zeros at its end say nothing.
        if words.text.contains('.') {
            words.text.truncate(words.text.trim_end_matches('0').trim_end_matches('.').len());
        }
        words.to_string()
    }

    /// Which values are in a bucket, by its bound and that of the one before.
    fn bucket(&self, bound: f64, before: Option<f64>) -> String {
        let layout = text(at(self.options, "rowsFrame"), "layout").unwrap_or_default();
        match (layout.as_str(), before) {
            ("ge", _) => format!("≥ {}", self.bound(bound)),
            (_, Some(before)) if bound.is_infinite() => format!("> {}", self.bound(before)),
            (_, None) if bound.is_infinite() => "all".to_owned(),
            _ => format!("≤ {}", self.bound(bound)),
        }
    }
}

fn time_of(cell: &Cell) -> Option<i64> {
    cell.number().filter(|time| time.is_finite()).map(|time| time as i64)
}

/// All times of some fields, the earliest first; the latest where there are too many.
fn times(fields: &[(&Frame, &Field)]) -> Vec<i64> {
    let times = fields.iter().filter_map(|(frame, _)| frame.first_of(FieldKind::Time));
    let all: BTreeSet<i64> = times.flat_map(|field| &field.cells).filter_map(time_of).collect();
    let left_out = all.len().saturating_sub(MAX_TIMES);
    all.into_iter().skip(left_out).collect()
}

/// Each field a bucket.
fn answered(fields: &[(&Frame, &Field)], words: &Words<'_>) -> Heat {
    let times = times(fields);
    let name = |field: &Field| field.shown_name.clone().unwrap_or_else(|| field.name.clone());
    let bound = |name: &str| match name.trim() {
        "+Inf" | "Inf" | "inf" | "+inf" => f64::INFINITY,
        name => text_number::whole(name),
    };
    let mut rows: Vec<(f64, String, &(&Frame, &Field))> =
        fields.iter().map(|field| (bound(&name(field.1)), name(field.1), field)).collect();
    let are_bounds = rows.iter().all(|(bound, ..)| !bound.is_nan());
    if are_bounds {
        rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    }
    let mut before = None;
    let row = |(bound, name, (frame, field)): &(f64, String, &(&Frame, &Field))| {
        let name = if are_bounds { words.bucket(*bound, before.replace(*bound)) } else { name.clone() };
        let mut counts = vec![f64::NAN; times.len()];
        let at_times = frame.first_of(FieldKind::Time).map_or(&[][..], |field| &field.cells);
        for (time, cell) in at_times.iter().zip(&field.cells) {
            let place = time_of(time).and_then(|time| times.binary_search(&time).ok());
            if let Some(count) = place.and_then(|at| counts.get_mut(at)) {
                *count = cell.number().unwrap_or(f64::NAN);
            }
        }
        HeatRow { name, counts }
    };
    Heat { rows: rows.iter().map(row).collect(), times }
}

/// How many values of the fields lie in which bucket.
fn counted(fields: &[(&Frame, &Field)], words: &Words<'_>) -> Heat {
    let times = times(fields);
    let values =
        || fields.iter().flat_map(|(_, field)| &field.cells).filter_map(Cell::number).filter(|v| v.is_finite());
    let scale = at(at(at(words.options, "calculation"), "yBuckets"), "scale");
    let base = number(at(scale, "log")).filter(|base| base.is_finite() && *base > 1.0).unwrap_or(2.0);
    let is_log = at(scale, "type").as_str() == Some("log");
    let (least, most) = values()
        .filter(|value| !is_log || *value > 0.0)
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(v), b.max(v)));
    if least > most {
        return Heat { times, rows: Vec::new() };
    }
    let size = size_of(most - least);
    let place = |value: f64| if is_log { (value.ln() / base.ln()).floor() } else { (value / size).floor() };
    let upper = |place: f64| if is_log { ((place + 1.0) * base.ln()).exp() } else { (place + 1.0) * size };
    let (first, last) = (place(least), place(most));
    let count = (last - first).clamp(0.0, MAX_ROWS as f64 - 1.0) as usize + 1;
    let name = |nth: usize| format!("≤ {}", words.bound(upper(first + nth as f64)));
    let mut rows: Vec<HeatRow> =
        (0..count).map(|nth| HeatRow { name: name(nth), counts: vec![0.0; times.len()] }).collect();
    for (frame, field) in fields {
        let at_times = frame.first_of(FieldKind::Time).map_or(&[][..], |field| &field.cells);
        for (time, value) in at_times.iter().zip(&field.cells) {
            let (Some(time), Some(value)) = (time_of(time), value.number().filter(|value| value.is_finite())) else {
                continue;
            };
            if is_log && value <= 0.0 {
                continue;
            }
            let row = ((place(value) - first).max(0.0) as usize).min(count - 1);
            let at = times.binary_search(&time).ok();
            if let Some(count) = at.and_then(|at| rows.get_mut(row)?.counts.get_mut(at)) {
                *count += 1.0;
            }
        }
    }
    Heat { times, rows }
}

/// The size of buckets over a stretch: round, and about as many as there are to be.
fn size_of(wide: f64) -> f64 {
    let wanted = wide / BUCKETS;
    if !wanted.is_normal() || wanted <= 0.0 {
        return 1.0;
    }
    let power = 10f64.powf(wanted.log10().floor());
    SIZES.into_iter().map(|size| size * power).find(|size| *size >= wanted).unwrap_or(wanted)
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use serde_json::json;

    use super::*;

    fn frame(name: &str, kind: FrameKind, cells: &[(f64, f64)]) -> Frame {
        let column = |name: &str, kind, cells| Field { name: name.to_owned(), kind, cells, ..Field::default() };
        let fields = vec![
            column("Time", FieldKind::Time, cells.iter().map(|(t, _)| Cell::Number(*t)).collect()),
            column(name, FieldKind::Number, cells.iter().map(|(_, v)| Cell::Number(*v)).collect()),
        ];
        Frame { fields, kind, ..Frame::default() }
    }

    fn rows(options: Value, frames: &[Frame]) -> Vec<(String, Vec<f64>)> {
        let panel = Panel { options, ..Panel::default() };
        let heat = of(&panel, frames, Viewer { zone: &TimeZone::UTC, now: 0.0 });
        heat.rows.into_iter().map(|row| (row.name, row.counts)).collect()
    }

    #[test]
    fn buckets_are_named_by_what_is_in_them() {
        let bucket =
            |name: &str, counts: [f64; 2]| frame(name, FrameKind::HeatmapRows, &[(1.0, counts[0]), (2.0, counts[1])]);
        let frames = [bucket("+Inf", [0.0, 1.0]), bucket("0.005", [5.0, 6.0]), bucket("1", [2.0, 3.0])];
        let names = |options| rows(options, &frames).into_iter().map(|row| row.0).collect::<Vec<_>>();
        assert_eq!(names(json!({"yAxis": {"unit": "s", "decimals": 0}})), ["≤ 5 ms", "≤ 1 s", "> 1 s"]);
        assert_eq!(names(json!({"rowsFrame": {"layout": "ge"}}))[0], "≥ 0.005");
        assert_eq!(rows(json!({}), &frames)[0].1, [5.0, 6.0]);
        let words =
            [frame("fast", FrameKind::TimeSeries, &[(1.0, 2.0)]), frame("slow", FrameKind::TimeSeries, &[(2.0, 9.0)])];
        let found = rows(json!({}), &words);
        assert_eq!((found[0].0.as_str(), found[0].1[0], found[0].1[1].is_nan()), ("fast", 2.0, true));
    }

    #[test]
    fn values_are_counted_by_size_and_time() {
        let frames = [
            frame("a", FrameKind::TimeSeries, &[(1.0, 0.0), (2.0, 90.0)]),
            frame("b", FrameKind::TimeSeries, &[(1.0, 3.0), (2.0, f64::NAN)]),
        ];
        let found = rows(json!({"calculate": true, "yAxis": {"unit": "ms"}}), &frames);
        assert_eq!((found[0].0.as_str(), found[0].1.as_slice()), ("≤ 10 ms", &[2.0, 0.0][..]));
        assert_eq!((found.len(), found[9].1.as_slice()), (10, &[0.0, 1.0][..]));
        let log = json!({"calculate": true, "calculation": {"yBuckets": {"scale": {"type": "log", "log": 10}}}});
        let names: Vec<_> = rows(log, &frames).into_iter().map(|row| row.0).collect();
        assert_eq!(names, ["≤ 10", "≤ 100"]);
        assert!(rows(json!({"calculate": true}), &[frame("a", FrameKind::TimeSeries, &[(1.0, f64::NAN)])]).is_empty());
    }
}
