//! How a time series panel draws each of its series.

use serde_json::Value;

use super::super::{
    frame::Field,
    json::{at, text},
    model::Panel,
    shown::{LineStyle, Stacking, Stroke},
};

/// How a field is drawn, once its overrides were applied.
pub(super) fn of(panel: &Panel, field: &Field) -> LineStyle {
    let config = &field.config;
    let custom = |key: &str| config.custom.get(key).unwrap_or(&Value::Null);
    let said = |key: &str| custom(key).as_str().unwrap_or_default();
    let usual = text(at(&panel.field_config, "defaults"), "unit");
    let unit = config.unit.clone().filter(|unit| Some(unit) != usual.as_ref());
    let scale = custom("scaleDistribution");
    let base = at(scale, "log").as_f64().filter(|base| base.is_finite() && *base > 1.0);
    LineStyle {
        unit: unit.or_else(|| (config.unit.is_none() && usual.is_some()).then(|| "short".to_owned())),
        is_right: said("axisPlacement") == "right",
        stacking: match at(custom("stacking"), "mode").as_str() {
            Some("normal") => Stacking::Sum,
            Some("percent") => Stacking::Percent,
            _ => Stacking::No,
        },
        stroke: match (said("drawStyle"), said("lineInterpolation")) {
            ("bars", _) => Stroke::Bars,
            ("points", _) => Stroke::Points,
            (_, "stepAfter" | "stepBefore") => Stroke::Steps,
            _ => Stroke::Line,
        },
        is_filled: custom("fillOpacity").as_f64().is_some_and(|opacity| opacity > 0.0),
        log: (at(scale, "type").as_str() == Some("log")).then(|| base.unwrap_or(2.0)),
        is_mirrored: said("transform") == "negative-Y",
        ends: [config.min, config.max],
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::grafana::field_config::FieldConfig;

    fn style(config: &Value) -> LineStyle {
        let panel = Panel { field_config: json!({"defaults": {"unit": "s"}}), ..Panel::default() };
        of(&panel, &Field { config: FieldConfig::read(config), ..Field::default() })
    }

    #[test]
    fn what_a_panel_says_of_a_curve_is_read() {
        assert_eq!(style(&json!({"unit": "s"})), LineStyle::default());
        let full = style(&json!({"unit": "bytes", "min": 0, "custom": {
            "axisPlacement": "right", "stacking": {"mode": "percent"}, "drawStyle": "bars", "fillOpacity": 10,
            "scaleDistribution": {"type": "log", "log": 10}, "transform": "negative-Y"}}));
        let expected = LineStyle {
            unit: Some("bytes".to_owned()),
            is_right: true,
            stacking: Stacking::Percent,
            stroke: Stroke::Bars,
            is_filled: true,
            log: Some(10.0),
            is_mirrored: true,
            ends: [Some(0.0), None],
        };
        assert_eq!(full, expected);
        assert_eq!(style(&json!({})).unit.as_deref(), Some("short"), "a unit that was taken away");
    }

    #[test]
    fn odd_words_draw_a_plain_line() {
        let odd = json!({"unit": "s", "custom": {"stacking": 7, "drawStyle": [], "fillOpacity": "much", "axisPlacement": {},
            "scaleDistribution": {"type": "linear", "log": 10}}});
        assert_eq!(style(&odd), LineStyle::default());
        let log = style(&json!({"unit": "s", "custom": {"scaleDistribution": {"type": "log", "log": -3}}}));
        assert_eq!(log.log, Some(2.0));
    }
}
