//! Leaves out columns, frames and rows.

use serde_json::{Value, json};

use super::{
    super::{
        frame::Frame,
        js,
        json::{at, list, text},
        matcher::{FrameMatcher, Matcher},
        naming::Names,
    },
    Outcome,
};

/// Keeps columns by `include` and `exclude`, each with `names` or a `pattern`.
pub fn filter_by_name(options: &Value, frames: Vec<Frame>) -> Vec<Frame> {
    let by_variable = at(options, "byVariable") == true;
    let matcher = |key| by_name(at(options, key), by_variable);
    filter(matcher("include"), matcher("exclude"), frames)
}

/// Keeps columns by matchers of any kind.
pub fn filter_fields(options: &Value, frames: Vec<Frame>) -> Outcome {
    let matcher = |key| match at(options, key) {
        Value::Null => Some(None),
        matcher => Matcher::read(matcher).map(Some),
    };
    Some(filter(matcher("include")?, matcher("exclude")?, frames))
}

/// Keeps the columns named in `include`, if any, and leaves out those in `exclude`.
pub fn by_names(include: &[String], exclude: &[String], frames: Vec<Frame>) -> Vec<Frame> {
    let matcher = |names: &[String]| by_name(&json!({ "names": names }), false);
    filter(matcher(include), matcher(exclude), frames)
}

fn by_name(options: &Value, by_variable: bool) -> Option<Matcher> {
    if by_variable && let Some(names) = text(options, "variable").filter(|names| !names.is_empty()) {
        let inner = names.strip_prefix('{').and_then(|names| names.strip_suffix('}')).unwrap_or(&names);
        return Matcher::of("byNames", &json!({ "names": inner.split(',').collect::<Vec<_>>() }));
    }
    let pattern = text(options, "pattern").filter(|pattern| !pattern.is_empty());
    match (list(options, "names").is_empty(), pattern) {
        (true, None) => None,
        (false, None) => Matcher::of("byNames", &json!({ "names": at(options, "names") })),
        (true, Some(pattern)) => Matcher::of("byRegexp", &Value::String(pattern)),
        (false, Some(_)) => Matcher::of("byRegexpOrNames", options),
    }
}

fn filter(include: Option<Matcher>, exclude: Option<Matcher>, mut frames: Vec<Frame>) -> Vec<Frame> {
    if include.is_none() && exclude.is_none() {
        return frames;
    }
    let names = Names::among(&frames);
    for (at, frame) in frames.iter_mut().enumerate() {
        let mut keep = Vec::with_capacity(frame.fields.len());
        for column in 0..frame.fields.len() {
            let mut fits = |matcher: &Matcher| matcher.fits(&names, frame, at, column);
            let out = exclude.as_ref().is_some_and(&mut fits);
            keep.push(!out && include.as_ref().is_none_or(fits));
        }
        let mut keep = keep.into_iter();
        frame.fields.retain(|_| keep.next().unwrap_or(false));
    }
    frames.retain(|frame| !frame.fields.is_empty());
    frames
}

/// Keeps frames by the letters of their queries.
pub fn filter_by_ref_id(options: &Value, frames: Vec<Frame>) -> Vec<Frame> {
    let matcher = |key| match text(options, key).filter(|letters| !letters.is_empty()) {
        Some(letters) => FrameMatcher::read(&json!({"id": "byRefId", "options": letters})),
        None => None,
    };
    keep_frames(matcher("include"), matcher("exclude"), frames)
}

/// Keeps frames by matchers of any kind.
pub fn filter_frames(options: &Value, frames: Vec<Frame>) -> Outcome {
    let matcher = |key| match at(options, key) {
        Value::Null => Some(None),
        matcher => FrameMatcher::read(matcher).map(Some),
    };
    Some(keep_frames(matcher("include")?, matcher("exclude")?, frames))
}

fn keep_frames(include: Option<FrameMatcher>, exclude: Option<FrameMatcher>, mut frames: Vec<Frame>) -> Vec<Frame> {
    frames.retain(|frame| {
        !exclude.as_ref().is_some_and(|matcher| matcher.fits(frame))
            && include.as_ref().is_none_or(|matcher| matcher.fits(frame))
    });
    frames
}

/// Keeps the first rows, or the last where the limit is below zero.
pub fn limit(options: &Value, mut frames: Vec<Frame>) -> Vec<Frame> {
    let limit = match at(options, "limitField") {
        Value::String(text) => js::parse_float(text).trunc(),
        Value::Number(number) => number.as_f64().unwrap_or(10.0),
        _ => 10.0,
    };
    for frame in &mut frames {
        if frame.len() as f64 > limit {
            for field in &mut frame.fields {
                if limit >= 0.0 {
                    field.cells.truncate(limit as usize);
                } else {
                    let from = field.cells.len().saturating_sub(-limit as usize);
                    field.cells.drain(..from);
                }
            }
        }
    }
    frames
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::check;

    #[test]
    fn columns_frames_and_rows_are_left_out() {
        check::all(&[
            (
                "filterFieldsByName",
                "table",
                json!({"include": {"pattern": "/m|p/"}, "exclude": {"names": ["cpu"]}}),
                "A> pod:s a,b,a,- | mem:n 10,NaN,30,40",
            ),
            (
                "filterFields",
                "table",
                json!({"include": {"id": "byType", "options": "number"}}),
                "A> cpu:n 1,2,3.5,0 | mem:n 10,NaN,30,40",
            ),
            ("filterByRefId", "two", json!({"include": "/B|C/"}), "B> pod:s b,c,b | mem:n 5,6,7"),
            ("limit", "table", json!({"limitField": -1}), "A> pod:s - | ns:s y | cpu:n 0 | mem:n 40"),
            ("limit", "two", json!({"limitField": "1"}), "A> pod:s a | cpu:n 1 // B> pod:s b | mem:n 5"),
        ]);
    }
}
