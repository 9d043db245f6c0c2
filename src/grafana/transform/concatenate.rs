//! Puts frames side by side or below each other.

use serde_json::Value;

use super::{
    super::{
        frame::{Cell, Field, FieldKind, Frame},
        json::text,
        naming::{self, VALUE},
    },
    CELLS, letters,
    merge::read_as,
    series_table::is_time_series,
    sort::sort_frame,
    unsettle,
};

/// All columns in one frame.
pub fn concatenate(options: &Value, frames: Vec<Frame>) -> Vec<Frame> {
    if frames.len() < 2 {
        return frames;
    }
    let mode = text(options, "frameNameMode").unwrap_or_else(|| "field".to_owned());
    let label = text(options, "frameNameLabel").unwrap_or_else(|| "frame".to_owned());
    let columns: usize = frames.iter().map(|frame| frame.fields.len()).sum();
    let rows = frames.iter().map(Frame::len).max().unwrap_or(0).min(CELLS / columns.max(1));
    let mut fields = Vec::with_capacity(columns);
    for frame in frames {
        let name = frame.name.filter(|name| !name.is_empty());
        for mut field in frame.fields {
            unsettle(&mut field);
            match (&name, mode.as_str()) {
                (None, _) | (_, "drop") => {}
                (Some(name), "label") => {
                    field.labels.insert(label.clone(), name.clone());
                }
                (Some(name), _) if field.name.is_empty() || field.name == VALUE => field.name.clone_from(name),
                (Some(name), _) => field.name = format!("{name} · {}", field.name),
            }
            field.cells.resize(rows, Cell::Null);
            fields.push(field);
        }
    }
    vec![Frame { fields, ..Frame::default() }]
}

/// All series in one frame of time, name and value, the latest first; other frames stay as they are.
pub fn series_to_rows(frames: Vec<Frame>) -> Vec<Frame> {
    if frames.is_empty() {
        return frames;
    }
    let mut data: Vec<Frame> = frames.into_iter().filter(|frame| !frame.is_empty()).collect();
    if !data.iter().all(is_time_series) {
        return data;
    }
    let ref_id = Some(format!("seriesToRows-{}", letters(&data)));
    let (mut time, mut value) = (Field::default(), Field::default());
    let mut metric = Field { name: "Metric".to_owned(), ..Field::default() };
    // Which of the columns comes first goes by the first frame.
    let value_first =
        data.iter().flat_map(|frame| &frame.fields).next().is_some_and(|field| field.kind != FieldKind::Time);
    let like = |wanted: fn(FieldKind) -> bool, name: &str| {
        let first = data.iter().flat_map(|frame| &frame.fields).find(|field| wanted(field.kind));
        let mut made = first.map(|field| Field { kind: field.kind, config: field.config.clone(), ..Field::default() });
        if let Some(made) = &mut made {
            made.name = name.to_owned();
            made.config.display_name = None;
            made.config.display_name_from_source = None;
        }
        made
    };
    if let (Some(times), Some(values)) =
        (like(|kind| kind == FieldKind::Time, "Time"), like(|kind| kind != FieldKind::Time, VALUE))
    {
        (time, value) = (times, values);
    }
    for frame in &mut data {
        let name = Cell::Text(naming::frame_name(frame, None).into());
        let at = frame.fields.iter().rposition(|field| field.kind == FieldKind::Time).unwrap_or(0);
        let column = |column: usize| frame.fields.get(column).map_or(&[][..], |field| field.cells.as_slice());
        for row in 0..frame.len() {
            let cell = |cells: &[Cell]| cells.get(row).cloned().unwrap_or_default();
            time.cells.push(cell(column(at)));
            metric.cells.push(name.clone());
            value.cells.push(read_as(value.kind, cell(column(usize::from(at == 0)))));
        }
    }
    let fields = match (data.is_empty(), value_first) {
        (true, _) => Vec::new(),
        (_, true) => vec![value, time, metric],
        (_, false) => vec![time, metric, value],
    };
    let mut frame = Frame { ref_id, fields, ..Frame::default() };
    sort_frame(&mut frame, 0, true);
    vec![frame]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::check;

    #[test]
    fn frames_are_put_side_by_side_or_below() {
        check::all(&[
            ("concatenate", "two", json!({}), "> pod 1:s a,b,- | cpu:n 1,2,- | pod 2:s b,c,b | mem:n 5,6,7"),
            (
                "seriesToRows",
                "series",
                json!({}),
                "seriesToRows-A-B> Time:t 3000,3000,2000,2000,1000 | Metric:s a,b,a,b,a | Value:n -,NaN,2,5,1",
            ),
            ("seriesToRows", "two", json!({}), "A> pod:s a,b | cpu:n 1,2 // B> pod:s b,c,b | mem:n 5,6,7"),
        ]);
    }
}
