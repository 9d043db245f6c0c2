//! Small frames for the tests of transformations, and a short way to write what becomes of them.

use serde_json::Value;

use super::super::{
    frame::{Cell, Field, FieldKind, Frame},
    js, naming,
};

fn field(name: &str, kind: FieldKind, cells: &[Cell]) -> Field {
    Field { name: name.to_owned(), kind, cells: cells.to_vec(), ..Field::default() }
}

fn numbers<const N: usize>(values: [f64; N]) -> [Cell; N] {
    values.map(Cell::Number)
}

fn texts<const N: usize>(values: [&str; N]) -> [Cell; N] {
    values.map(|text| if text == "-" { Cell::Null } else { Cell::Text(text.into()) })
}

fn frame(letter: &str, fields: Vec<Field>) -> Frame {
    Frame { ref_id: Some(letter.to_owned()), fields, ..Frame::default() }
}

fn input(name: &str) -> Vec<Frame> {
    let labelled = |pod: &str, cells: &[Cell]| {
        let mut field = field("Value", FieldKind::Number, cells);
        field.labels.insert("pod".to_owned(), pod.to_owned());
        field
    };
    let (text, number, time) = (FieldKind::Text, FieldKind::Number, FieldKind::Time);
    match name {
        "series" => vec![
            frame(
                "A",
                vec![
                    field("Time", time, &numbers([1000.0, 2000.0, 3000.0])),
                    labelled("a", &[Cell::Number(1.0), Cell::Number(2.0), Cell::Null]),
                ],
            ),
            frame("B", vec![field("Time", time, &numbers([2000.0, 3000.0])), labelled("b", &numbers([5.0, f64::NAN]))]),
        ],
        "table" => vec![frame(
            "A",
            vec![
                field("pod", text, &texts(["a", "b", "a", "-"])),
                field("ns", text, &texts(["x", "x", "y", "y"])),
                field("cpu", number, &numbers([1.0, 2.0, 3.5, 0.0])),
                field("mem", number, &numbers([10.0, f64::NAN, 30.0, 40.0])),
            ],
        )],
        _ => vec![
            frame("A", vec![field("pod", text, &texts(["a", "b"])), field("cpu", number, &numbers([1.0, 2.0]))]),
            frame(
                "B",
                vec![field("pod", text, &texts(["b", "c", "b"])), field("mem", number, &numbers([5.0, 6.0, 7.0]))],
            ),
        ],
    }
}

fn written(cell: &Cell) -> String {
    match cell {
        Cell::Null => "-".to_owned(),
        Cell::Frame(_, value) => format!("<{}>", js::number_text(value.unwrap_or(f64::NAN))),
        cell => js::cell_text(cell),
    }
}

fn shown(mut frames: Vec<Frame>) -> String {
    naming::settle_all(&mut frames);
    let column = |field: &Field| {
        let kind = match field.kind {
            FieldKind::Time => 't',
            FieldKind::Number => 'n',
            FieldKind::Text => 's',
            FieldKind::Boolean => 'b',
            FieldKind::Frame => 'f',
            FieldKind::Other => 'o',
        };
        let cells: Vec<String> = field.cells.iter().map(written).collect();
        format!("{}:{kind} {}", field.shown_name.clone().unwrap(), cells.join(","))
    };
    let frame = |frame: &Frame| {
        let columns: Vec<String> = frame.fields.iter().map(column).collect();
        format!("{}> {}", frame.ref_id.as_deref().unwrap_or_default(), columns.join(" | "))
    };
    frames.iter().map(frame).collect::<Vec<_>>().join(" // ")
}

/// Each case is a transformation, its options, the frames it is given, and what Grafana makes of them.
pub fn all(cases: &[(&str, &str, Value, &str)]) {
    for (id, name, options, expected) in cases {
        let one = serde_json::json!({"id": id, "options": options});
        let (frames, unknown) = super::transform(&[one], input(name));
        assert_eq!((shown(frames).as_str(), unknown.len()), (*expected, 0), "{id} {options}");
    }
}
