//! What a time series panel and a state timeline show: a line or a band for each of some columns.

use super::{
    frame::{Cell, FieldKind, Frame},
    reduce,
};

/// One line or band.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Which frame it is of.
    pub frame: usize,
    /// Which column of it.
    pub column: usize,
    /// The last value there is; `Null` where there is none.
    pub last: Cell,
}

/// The lines of a time series panel: columns of numbers over time, but those that are hidden.
pub fn lines(frames: &[Frame]) -> Vec<Series> {
    let over_time = |frame: &Frame| {
        let plotted = |kind| matches!(kind, FieldKind::Number | FieldKind::Boolean);
        frame.first_of(FieldKind::Time).is_some() && frame.fields.iter().any(|field| plotted(field.kind))
    };
    columns(frames, |frame, kind| kind == FieldKind::Number && over_time(frame))
        .map(|(frame, column, cells)| {
            // What has no height on the plot is no value of it.
            let last = cells.iter().rfind(|cell| cell.number().is_some_and(f64::is_finite));
            Series { frame, column, last: last.cloned().unwrap_or_default() }
        })
        .collect()
}

/// The bands of a state timeline: columns of numbers, texts and booleans, but those that are hidden.
pub fn bands(frames: &[Frame]) -> Vec<Series> {
    columns(frames, |_, kind| matches!(kind, FieldKind::Number | FieldKind::Boolean | FieldKind::Text))
        .map(|(frame, column, cells)| {
            let last = reduce::reduce_cells(FieldKind::Other, cells, "lastNotNull");
            Series { frame, column, last }
        })
        .collect()
}

fn columns(
    frames: &[Frame],
    wanted: impl Fn(&Frame, FieldKind) -> bool,
) -> impl Iterator<Item = (usize, usize, &[Cell])> {
    frames.iter().enumerate().flat_map(move |(at, frame)| {
        let kinds =
            [FieldKind::Number, FieldKind::Boolean, FieldKind::Text].map(|kind| wanted(frame, kind).then_some(kind));
        let columns = frame.fields.iter().enumerate();
        columns
            .filter(move |(_, field)| !field.config.hidden && kinds.contains(&Some(field.kind)))
            .map(move |(column, field)| (at, column, field.cells.as_slice()))
    })
}
