//! Transformations: what a panel does with frames before they are shown, as in
//! <https://grafana.com/docs/grafana/latest/panels-visualizations/query-transform-data/transform-data/>.

mod calculate;
#[cfg(test)]
mod check;
mod concatenate;
mod config_mapping;
mod convert;
mod dates;
mod filter_by_value;
mod from_rows;
mod group;
mod histogram;
mod join;
mod labels;
mod matrix;
mod merge;
mod organize;
mod partition;
mod prepare;
mod reduced;
mod select;
mod series_table;
mod sort;
mod window;

use serde_json::{Map, Value};

use super::{
    frame::{Field, Frame},
    json::{at, flag, text},
    matcher::FrameMatcher,
};

/// How many cells a transformation makes at most, where it makes more than it was given.
const CELLS: usize = 5_000_000;

/// What a transformation makes of frames; `None` where its options cannot be understood.
type Outcome = Option<Vec<Frame>>;

/// Carries out a panel's transformations one after the other. The names of those that are not understood come along;
/// frames pass by them unchanged.
pub fn transform(transformations: &[Value], mut frames: Vec<Frame>) -> (Vec<Frame>, Vec<String>) {
    let mut unknown = Vec::new();
    for one in transformations {
        if flag(one, "disabled") || text(one, "topic").is_some_and(|topic| topic == "annotations") {
            continue;
        }
        let Some(id) = text(one, "id") else { continue };
        let options = at(one, "options");
        let filter = at(one, "filter");
        let only = if at(filter, "options").as_str().is_some_and(|letter| !letter.is_empty()) {
            FrameMatcher::read(filter)
        } else {
            None
        };
        // Whether it can be understood goes by its options alone, so it is tried without frames first.
        if carry_out(&id, options, Vec::new()).is_some() {
            frames = apply(&id, options, frames, only.as_ref()).unwrap_or_default();
        } else if !unknown.contains(&id) {
            unknown.push(id);
        }
    }
    (frames, unknown)
}

/// One transformation; frames that `only` does not fit pass by it and stand where the first of them stood.
fn apply(id: &str, options: &Value, frames: Vec<Frame>, only: Option<&FrameMatcher>) -> Outcome {
    let Some(only) = only else { return carry_out(id, options, frames) };
    let at = frames.iter().enumerate().skip(1).find(|(_, frame)| !only.fits(frame)).map_or(0, |(at, _)| at);
    let (meant, others): (Vec<_>, Vec<_>) = frames.into_iter().partition(|frame| only.fits(frame));
    let mut done = carry_out(id, options, meant)?;
    let at = at.min(done.len());
    done.splice(at..at, others);
    Some(done)
}

fn carry_out(id: &str, options: &Value, frames: Vec<Frame>) -> Outcome {
    match id {
        "noop" | "convertFrameType" => Some(frames),
        "organize" => Some(organize::organize(options, frames)),
        "order" => Some(organize::order(options, frames)),
        "rename" => Some(organize::rename(options, frames)),
        "renameByRegex" => organize::rename_by_regex(options, frames),
        "filterFieldsByName" => Some(select::filter_by_name(options, frames)),
        "filterFields" => select::filter_fields(options, frames),
        "filterByRefId" => Some(select::filter_by_ref_id(options, frames)),
        "filterFrames" => select::filter_frames(options, frames),
        "filterByValue" => filter_by_value::filter_by_value(options, frames),
        "limit" => Some(select::limit(options, frames)),
        "joinByField" | "seriesToColumns" => Some(join::join_by_field(options, frames)),
        "ensureColumns" => Some(join::ensure_columns(frames)),
        "merge" => Some(merge::merge(frames)),
        "concatenate" => Some(concatenate::concatenate(options, frames)),
        "seriesToRows" => Some(concatenate::series_to_rows(frames)),
        "sortBy" => Some(sort::sort_by(options, frames)),
        "labelsToFields" => Some(labels::labels_to_fields(options, frames)),
        "timeSeriesTable" => Some(series_table::time_series_table(options, frames)),
        "reduce" => reduced::reduce(options, frames),
        "groupBy" => group::group_by(options, frames),
        "calculateField" => calculate::calculate_field(options, frames),
        "convertFieldType" => convert::convert_field_type(options, frames),
        "formatTime" => Some(convert::format_time(options, frames)),
        "formatString" => Some(convert::format_string(options, frames)),
        "groupingToMatrix" => Some(matrix::grouping_to_matrix(options, frames)),
        "histogram" => Some(histogram::histogram(options, frames)),
        "rowsToFields" => Some(from_rows::rows_to_fields(options, frames)),
        "configFromData" => from_rows::config_from_data(options, frames),
        "partitionByValues" => partition::partition_by_values(options, frames),
        "prepareTimeSeries" => Some(prepare::prepare_time_series(options, frames)),
        "transpose" => Some(matrix::transpose(options, frames)),
        _ => None,
    }
}

/// The letters of the queries the frames come from.
fn letters(frames: &[Frame]) -> String {
    frames.iter().map(|frame| frame.ref_id.as_deref().unwrap_or_default()).collect::<Vec<_>>().join("-")
}

/// An option that is an object; `None` where it is not one.
fn map<'v>(options: &'v Value, key: &str) -> Option<&'v Map<String, Value>> {
    at(options, key).as_object()
}

/// Takes away the name a field was settled by.
fn unsettle(field: &mut Field) {
    field.shown_name = None;
    field.named_among_many = None;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn frame(letter: &str) -> Frame {
        Frame { ref_id: Some(letter.to_owned()), fields: vec![Field::default()], ..Frame::default() }
    }

    #[test]
    fn what_is_disabled_or_unknown_changes_nothing() {
        let list = [
            json!({"id": "filterByRefId", "options": {"include": "A"}, "disabled": true}),
            json!({"id": "filterByRefId", "options": {"include": "A"}, "topic": "annotations"}),
            json!({"id": "spatial"}),
            json!({"id": "renameByRegex", "options": {"regex": "("}}),
            json!({"id": "spatial"}),
        ];
        let (frames, unknown) = transform(&list, vec![frame("A"), frame("B")]);
        assert_eq!((frames.len(), unknown), (2, vec!["spatial".to_owned(), "renameByRegex".to_owned()]));
    }

    #[test]
    fn a_filter_leaves_other_frames_alone() {
        let one = json!({"id": "limit", "options": {"limitField": 0}, "filter": {"id": "byRefId", "options": "B"}});
        let filled = |letter: &str| {
            let mut frame = frame(letter);
            frame.fields.iter_mut().for_each(|field| field.cells.push(super::super::frame::Cell::Null));
            frame
        };
        let (frames, _) = transform(&[one], ["A", "B", "C"].map(filled).to_vec());
        let shown: Vec<_> = frames.iter().map(|frame| (frame.ref_id.as_deref(), frame.len())).collect();
        assert_eq!(shown, [(Some("B"), 0), (Some("A"), 1), (Some("C"), 1)].map(|x| x));
    }
}
