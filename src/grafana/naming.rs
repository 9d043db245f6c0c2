//! The name a column is shown by, and the variables such a name may hold.

use std::{
    collections::{BTreeMap, HashMap},
    fmt::Write as _,
};

use super::frame::{Field, FieldKind, Frame};

/// The name a source gives a column of numbers it has no name for; it is not shown beside better words.
pub const VALUE: &str = "Value";

/// What naming needs to know of all frames that are shown together, gathered once.
#[derive(Debug, Default)]
pub struct Names {
    /// Whether there is more than one frame.
    many: bool,
    /// Whether the frames have different names.
    differ: bool,
    /// The label that is the only one there is.
    single_label: Option<String>,
    frames: Vec<FrameNames>,
}

#[derive(Debug)]
struct FrameNames {
    name: Option<String>,
    /// Which of several columns of one name each is, from 1; 0 for a column whose name is its own.
    ordinals: Vec<usize>,
}

impl Names {
    /// Names among these frames.
    pub fn among(frames: &[Frame]) -> Self {
        Self {
            many: frames.len() > 1,
            differ: frames.windows(2).any(|pair| matches!(pair, [a, b] if a.name != b.name)),
            single_label: single_label(frames),
            frames: frames
                .iter()
                .map(|frame| FrameNames { name: frame.name.clone(), ordinals: ordinals(&frame.fields) })
                .collect(),
        }
    }

    /// Names of one frame's columns for themselves, whatever else is shown.
    pub fn alone(frame: &Frame) -> Self {
        Self::among(std::slice::from_ref(frame))
    }

    /// The name of the column at `column` of the frame at `frame`; once settled, it stays with the field.
    pub fn of(&self, frame: usize, column: usize, field: &mut Field) -> String {
        self.settle(frame, column, field).to_owned()
    }

    /// Gives a field its name, unless it has one that was settled among as many frames.
    pub fn settle<'f>(&self, frame: usize, column: usize, field: &'f mut Field) -> &'f str {
        if field.named_among_many != Some(self.many) || field.shown_name.as_ref().is_none_or(String::is_empty) {
            let name = self.reckon(frame, column, field);
            field.shown_name = Some(name);
            field.named_among_many = Some(self.many);
        }
        field.shown_name.as_deref().unwrap_or_default()
    }

    fn reckon(&self, frame: usize, column: usize, field: &Field) -> String {
        let config = &field.config;
        for given in [&config.display_name, &config.display_name_from_source] {
            if let Some(given) = given.as_ref().filter(|name| !name.is_empty()) {
                return given.clone();
            }
        }
        if field.kind == FieldKind::Time && !field.has_labels() {
            return field.name.clone();
        }
        let known = self.frames.get(frame);
        let frame_name = known.and_then(|known| known.name.as_deref()).filter(|name| !name.is_empty());
        let mut parts: Vec<String> = Vec::new();
        let mut framed = false;
        if let Some(name) = frame_name.filter(|_| self.differ) {
            parts.push(name.to_owned());
            framed = true;
        }
        if !field.name.is_empty() && field.name != VALUE {
            parts.push(field.name.clone());
        }
        let labels = match &self.single_label {
            Some(single) => field.labels.get(single).cloned().unwrap_or_default(),
            None => labels_text(&field.labels),
        };
        let labelled = !labels.is_empty();
        if labelled {
            parts.push(labels);
        }
        if let Some(name) = frame_name.filter(|_| !framed && !labelled && field.name == VALUE) {
            parts.push(name.to_owned());
        }
        let name = match (parts.is_empty(), field.name.is_empty()) {
            (false, _) => parts.join(" "),
            (true, false) => field.name.clone(),
            (true, true) => VALUE.to_owned(),
        };
        match known.and_then(|known| known.ordinals.get(column)) {
            Some(ordinal) if *ordinal > 0 && name == field.name => format!("{name} {ordinal}"),
            _ => name,
        }
    }
}

/// Gives all fields their names, among each other.
pub fn settle_all(frames: &mut [Frame]) {
    let names = Names::among(frames);
    for (at, frame) in frames.iter_mut().enumerate() {
        for (column, field) in frame.fields.iter_mut().enumerate() {
            names.settle(at, column, field);
        }
    }
}

/// The name of a field of which nothing else is known; it is settled by that.
pub fn settle_bare(field: &mut Field) -> String {
    if let Some(name) = settled_alone(field) {
        return name;
    }
    let name = match &field.config.display_name {
        Some(name) if !name.is_empty() => name.clone(),
        _ if field.name.is_empty() && field.kind != FieldKind::Time => VALUE.to_owned(),
        _ => field.name.clone(),
    };
    field.shown_name = Some(name.clone());
    field.named_among_many = Some(false);
    name
}

/// The name a field has among no other frames, if that was settled.
fn settled_alone(field: &Field) -> Option<String> {
    field.shown_name.clone().filter(|name| field.named_among_many == Some(false) && !name.is_empty())
}

/// The name of a frame: its own, or that of its columns; `index` is where it stands among the frames.
pub fn frame_name(frame: &mut Frame, index: Option<usize>) -> String {
    if let Some(name) = frame.name.as_ref().filter(|name| !name.is_empty()) {
        return name.clone();
    }
    let wanted = if index.is_some() { 2 } else { usize::MAX };
    let named = |frame: &Frame| {
        let columns = frame.fields.iter().filter(|field| field.kind != FieldKind::Time).take(wanted);
        columns.map(settled_alone).collect::<Option<Vec<String>>>()
    };
    let shown = named(frame).unwrap_or_else(|| {
        let names = Names::alone(frame);
        let columns = frame.fields.iter_mut().enumerate().filter(|(_, field)| field.kind != FieldKind::Time);
        columns.take(wanted).map(|(column, field)| names.of(0, column, field)).collect()
    });
    match (shown.as_slice(), index, &frame.ref_id) {
        ([one], ..) => one.clone(),
        (_, None, _) if !frame.fields.is_empty() => shown.join(", "),
        (_, _, Some(letter)) if !letter.is_empty() => format!("Series ({letter})"),
        (_, Some(index), _) => format!("Series ({index})"),
        (_, None, _) => "Series (undefined)".to_owned(),
    }
}

/// Labels as they are written: `{a="b", c="d"}`; empty where there are none.
pub fn labels_text(labels: &BTreeMap<String, String>) -> String {
    if labels.is_empty() { String::new() } else { format!("{{{}}}", plain_labels(labels)) }
}

/// Labels as they are written, without braces.
pub fn plain_labels(labels: &BTreeMap<String, String>) -> String {
    let mut out = String::new();
    for (name, value) in labels {
        let comma = if out.is_empty() { "" } else { ", " };
        // A String takes everything.
        let _ = write!(out, "{comma}{name}=\"{value}\"");
    }
    out
}

fn single_label(frames: &[Frame]) -> Option<String> {
    let mut names = frames.iter().flat_map(|frame| &frame.fields).flat_map(|field| field.labels.keys());
    let first = names.next()?;
    names.all(|name| name == first).then(|| first.clone())
}

fn ordinals(fields: &[Field]) -> Vec<usize> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for field in fields {
        *counts.entry(&field.name).or_default() += 1;
    }
    let mut seen: HashMap<&str, usize> = HashMap::new();
    fields
        .iter()
        .map(|field| {
            let nth = seen.entry(&field.name).or_default();
            *nth += 1;
            if counts.get(field.name.as_str()).is_some_and(|count| *count > 1) { *nth } else { 0 }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(name: &str, labels: &[(&str, &str)]) -> Field {
        Field {
            name: name.to_owned(),
            kind: FieldKind::Number,
            labels: labels.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
            ..Field::default()
        }
    }

    fn names(frames: &[(Option<&str>, Vec<Field>)]) -> Vec<String> {
        let mut frames: Vec<Frame> = frames
            .iter()
            .map(|(name, fields)| Frame { name: name.map(str::to_owned), fields: fields.clone(), ..Frame::default() })
            .collect();
        settle_all(&mut frames);
        frames.into_iter().flat_map(|frame| frame.fields).filter_map(|field| field.shown_name).collect()
    }

    #[test]
    fn a_name_is_made_of_what_tells_columns_apart() {
        let pod = |pod| field(VALUE, &[("pod", pod)]);
        let both = |pod| field(VALUE, &[("pod", pod), ("job", "j")]);
        for (frames, expected) in [
            (vec![(None, vec![pod("a")]), (None, vec![pod("b")])], vec!["a", "b"]),
            (vec![(None, vec![both("a")]), (None, vec![pod("b")])], vec!["{job=\"j\", pod=\"a\"}", "{pod=\"b\"}"]),
            (vec![(Some("x"), vec![pod("a")]), (Some("y"), vec![field(VALUE, &[])])], vec!["x a", "y"]),
            (vec![(Some("x"), vec![field(VALUE, &[])])], vec!["x"]),
            (vec![(None, vec![field("m", &[]), field("m", &[]), field("n", &[])])], vec!["m 1", "m 2", "n"]),
            (vec![(None, vec![field("", &[])])], vec![VALUE]),
        ] {
            assert_eq!(names(&frames), expected);
        }
    }

    #[test]
    fn a_frame_without_a_name_is_called_by_its_column() {
        let mut frame = Frame { fields: vec![field("a", &[])], ..Frame::default() };
        assert_eq!(frame_name(&mut frame, Some(3)), "a");
        frame.fields.push(field("b", &[]));
        assert_eq!([frame_name(&mut frame, Some(3)), frame_name(&mut frame, None)], ["Series (3)", "a, b"]);
        frame.ref_id = Some("A".to_owned());
        assert_eq!(frame_name(&mut frame, Some(3)), "Series (A)");
    }
}
