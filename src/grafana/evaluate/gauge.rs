//! The scale of a gauge: what its ends are, and where the colour changes.

use super::super::{
    display::Display,
    frame::{Cell, Field},
    shown::ShownScale,
};

/// The scale of a field; `None` where its ends are not apart.
pub(super) fn scale(field: &Field, display: &Display<'_>) -> Option<ShownScale> {
    let (least, most) = display.range();
    let is_scale = least.is_finite() && most.is_finite() && least < most;
    let words = |end: f64| display.show(&Cell::Number(end)).whole();
    let thresholds = field.config.thresholds.as_ref();
    let part = |from: f64| match thresholds.is_some_and(|thresholds| thresholds.percentage) {
        true => from / 100.0,
        false => (from - least) / (most - least),
    };
    let steps = thresholds.map_or(&[][..], |thresholds| &thresholds.steps).iter().skip(1);
    let marks = steps.map(|step| (part(step.from), step.color.clone())).filter(|(part, _)| part.is_finite());
    is_scale.then(|| ShownScale { ends: [least, most].map(words), marks: marks.take(20).collect() })
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use serde_json::json;

    use super::*;
    use crate::grafana::{field_config::FieldConfig, value_format::Viewer};

    #[test]
    fn marks_stand_where_the_colour_changes() {
        let of = |mode: &str, range| {
            let config = FieldConfig::read(&json!({"unit": "percent", "thresholds": {"mode": mode, "steps": [
                {"value": null, "color": "green"}, {"value": 60, "color": "red"}]}}));
            let field = Field {
                config,
                range: Some(range),
                kind: super::super::super::frame::FieldKind::Number,
                ..Field::default()
            };
            let scale = scale(&field, &Display::new(&field, Viewer { zone: &TimeZone::UTC, now: 0.0 }))?;
            Some((scale.ends, scale.marks))
        };
        let ends = ["0%", "200%"].map(str::to_owned);
        assert_eq!(of("absolute", (0.0, 200.0)), Some((ends.clone(), vec![(0.3, "red".to_owned())])));
        assert_eq!(of("percentage", (0.0, 200.0)), Some((ends, vec![(0.6, "red".to_owned())])));
        assert_eq!(of("absolute", (5.0, 5.0)), None);
    }
}
