//! From which value on which colour.

use serde_json::Value;

use super::{color, json, value_format::text_number};

/// The steps of a field.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Thresholds {
    /// Whether the steps are percent of the field's range.
    pub percentage: bool,
    /// By rising value; the first begins at minus infinity.
    pub steps: Vec<Step>,
}

/// One step.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The value it begins at.
    pub from: f64,
    /// Its colour: a name or `#rrggbb`.
    pub color: String,
}

impl Thresholds {
    /// Reads `{"mode": "absolute", "steps": [{"value": null, "color": "green"}, …]}`; `None` when it is no object.
    pub fn read(written: &Value) -> Option<Self> {
        written.as_object()?;
        let steps = json::list(written, "steps").iter().enumerate().map(|(at, step)| Step {
            from: match json::at(step, "value") {
                // JSON has no infinity.
                Value::Null if at == 0 => f64::NEG_INFINITY,
                value => text_number::of_json(value),
            },
            color: json::text(step, "color").unwrap_or_else(|| color::FALLBACK.to_owned()),
        });
        Some(Self { percentage: json::at(written, "mode").as_str() == Some("percentage"), steps: steps.collect() })
    }

    /// The colour of a value, which is `part` of the way through the field's range; [`color::FALLBACK`] without steps.
    pub fn color_of(&self, value: f64, part: f64) -> &str {
        let value = if self.percentage { part * 100.0 } else { value };
        let reached = self.steps.iter().take_while(|step| value >= step.from).last();
        reached.or(self.steps.first()).map_or(color::FALLBACK, |step| &step.color)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_value_has_the_colour_of_the_last_step_it_reached() {
        let steps = json!([
            {"value": null, "color": "green"}, {"value": 70, "color": "orange"}, {"value": "85", "color": "red"},
            {"value": "x", "color": "blue"}, {"value": 90, "color": "purple"}
        ]);
        let absolute = Thresholds::read(&json!({"mode": "absolute", "steps": steps})).unwrap();
        let percentage = Thresholds::read(&json!({"mode": "percentage", "steps": steps})).unwrap();
        for (value, color) in
            [(f64::NEG_INFINITY, "green"), (69.9, "green"), (70.0, "orange"), (85.0, "red"), (99.0, "red")]
        {
            assert_eq!(absolute.color_of(value, 0.0), color);
            assert_eq!(percentage.color_of(0.0, value / 100.0), color);
        }
    }

    #[test]
    fn what_cannot_be_read_has_the_colour_for_none() {
        assert_eq!(Thresholds::read(&json!([])), None);
        let empty = Thresholds::read(&json!({"steps": {"value": 1}})).unwrap();
        assert_eq!(empty.color_of(1.0, 0.0), "#808080");
        let no_color = Thresholds::read(&json!({"steps": [7, {"value": true}]})).unwrap();
        assert_eq!((no_color.color_of(2.0, 0.0), no_color.steps[1].from), ("#808080", 1.0));
    }
}
