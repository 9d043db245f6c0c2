//! The states a state timeline shows: stretches of one value each.

use super::super::{
    display::Display,
    frame::{Cell, Field, FieldKind, Frame},
    json::at,
    mapped::mapped,
    model::Panel,
    series::Series,
    shown::{ShownBand, ShownStretch},
    value_format::Viewer,
};

/// Most stretches of one band that are kept: a terminal has fewer columns.
const MAX_STRETCHES: usize = 1000;
/// Most bands whose states are told.
const MAX_BANDS: usize = 300;
/// Points further apart than this many steps have a gap between them.
const GAP: f64 = 2.5;

/// The bands of a panel, in the order of its series.
pub(super) fn of(panel: &Panel, frames: &[Frame], all: &[Series], viewer: Viewer<'_>) -> Vec<ShownBand> {
    // Equal neighbours are one, unless the panel says otherwise.
    let is_split = at(&panel.options, "mergeValues").as_bool() == Some(false);
    let merges = panel.kind == "state-timeline" && !is_split;
    let one = |(nth, series): (usize, &Series)| {
        let frame = frames.get(series.frame)?;
        let field = frame.fields.get(series.column)?;
        let times = &frame.first_of(FieldKind::Time)?.cells;
        let name = field.shown_name.clone().unwrap_or_else(|| field.name.clone());
        // That there are more is said; nobody looks at them.
        let stretches = if nth < MAX_BANDS { stretches(field, times, merges, viewer) } else { Vec::new() };
        Some(ShownBand { name, stretches })
    };
    all.iter().enumerate().filter_map(one).collect()
}

fn stretches(field: &Field, times: &[Cell], merges: bool, viewer: Viewer<'_>) -> Vec<ShownStretch> {
    let times: Vec<Option<i64>> = times.iter().map(|time| time.number().map(|time| time as i64)).collect();
    let steps = times.windows(2).filter_map(|pair| match pair {
        [Some(a), Some(b)] if b > a => Some(b - a),
        _ => None,
    });
    let step = steps.min().unwrap_or(60_000);
    let (display, end) = (Display::new(field, viewer), viewer.now as i64);
    let mut out: Vec<ShownStretch> = Vec::new();
    for (nth, (time, cell)) in times.iter().zip(&field.cells).enumerate() {
        let Some(from) = *time else { continue };
        if matches!(cell, Cell::Null | Cell::Frame(..)) {
            continue;
        }
        let next = times.get(nth + 1).copied().flatten();
        let is_near = |next: &i64| (next - from) as f64 <= step as f64 * GAP;
        let until = next.filter(is_near).unwrap_or_else(|| from.saturating_add(step).min(end.max(from + 1)));
        let (state, level) = state(field, &display, cell, merges);
        match out.last_mut().filter(|last| last.until == from && last.state == state) {
            Some(last) => last.until = until,
            None => out.push(ShownStretch { from, until, state, level }),
        }
    }
    let left_out = out.len().saturating_sub(MAX_STRETCHES);
    out.drain(..left_out);
    out
}

/// A value as a state, and its colour where somebody chose one for it. Numbers that were given thresholds and no words are
/// as good as the stretch between two of those.
fn state(field: &Field, display: &Display<'_>, cell: &Cell, merges: bool) -> (String, Option<String>) {
    let config = &field.config;
    let chosen = mapped(&config.mappings, cell);
    let shown = display.show(cell);
    let is_known = !cell.number().is_some_and(f64::is_nan);
    let by_threshold = is_known && config.color_mode.as_deref() == Some("thresholds");
    let level =
        chosen.as_ref().and_then(|chosen| chosen.color.clone()).or(shown.level.clone().filter(|_| by_threshold));
    if chosen.is_some() || !by_threshold || !merges || field.kind != FieldKind::Number {
        return (shown.whole(), level);
    }
    let steps = config.thresholds.as_ref().map_or(&[][..], |thresholds| &thresholds.steps);
    let value = match config.thresholds.as_ref() {
        Some(thresholds) if thresholds.percentage => shown.part * 100.0,
        _ => shown.numeric.unwrap_or(f64::NAN),
    };
    let words = |from: f64| display.show(&Cell::Number(from)).whole();
    let reached = steps.iter().take_while(|step| value >= step.from).count();
    match (steps.len(), steps.get(1)) {
        (2.., Some(second)) if reached <= 1 && !value.is_nan() => (format!("< {}", words(second.from)), level),
        (2.., _) if reached > 1 => {
            let from = steps.get(reached - 1).map_or(f64::NAN, |step| step.from);
            (format!("{}+", words(from)), level)
        }
        _ => (shown.whole(), level),
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use serde_json::json;

    use super::{super::super::field_config::FieldConfig, *};

    fn told(config: serde_json::Value, cells: &[(f64, Cell)], merges: bool) -> Vec<(i64, i64, String, Option<String>)> {
        let times: Vec<Cell> = cells.iter().map(|(time, _)| Cell::Number(*time)).collect();
        let field = Field {
            kind: FieldKind::Number,
            cells: cells.iter().map(|(_, cell)| cell.clone()).collect(),
            config: FieldConfig::read(&config),
            ..Field::default()
        };
        let found = stretches(&field, &times, merges, Viewer { zone: &TimeZone::UTC, now: 100.0 });
        found.into_iter().map(|one| (one.from, one.until, one.state, one.level)).collect()
    }

    #[test]
    fn equal_states_are_one_stretch_and_gaps_stay() {
        let config = json!({"mappings": [{"type": "value", "options": {
            "0": {"text": "down", "color": "red"}, "1": {"text": "up"}}}]});
        let cells = [(0.0, 1.0), (10.0, 1.0), (20.0, 0.0), (70.0, 1.0), (95.0, 0.0)].map(|(t, v)| (t, Cell::Number(v)));
        let (up, down) = (|| "up".to_owned(), || ("down".to_owned(), Some("red".to_owned())));
        let found = told(config, &cells, true);
        let expected = vec![
            (0, 20, up(), None),
            (20, 30, down().0, down().1),
            (70, 95, up(), None),
            (95, 100, down().0, down().1),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn numbers_with_thresholds_are_the_stretch_between_them() {
        let config = json!({"unit": "percent", "color": {"mode": "thresholds"}, "thresholds": {"mode": "absolute", "steps": [
            {"value": null, "color": "green"}, {"value": 70, "color": "orange"}, {"value": 90, "color": "red"}]}});
        let cells =
            [(0.0, Cell::Number(3.0)), (10.0, Cell::Number(69.0)), (20.0, Cell::Number(75.0)), (30.0, Cell::Null)];
        let words = |merges| told(config.clone(), &cells, merges).into_iter().map(|one| one.2).collect::<Vec<_>>();
        assert_eq!(words(true), ["< 70%", "70%+"]);
        assert_eq!(words(false), ["3%", "69%", "75%"]);
    }
}
