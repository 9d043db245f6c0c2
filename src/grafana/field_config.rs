//! How a field is shown, as Grafana calls its standard options:
//! <https://grafana.com/docs/grafana/latest/panels-visualizations/configure-standard-options/>.

use serde_json::{Map, Value};

use super::{
    field_kind::FieldKind,
    json,
    mapping::ValueMapping,
    threshold::Thresholds,
    value_format::{number, text_number},
};

/// The options of one field.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FieldConfig {
    /// The name a person gave it; may hold variables such as `${__field.labels.pod}`.
    pub display_name: Option<String>,
    /// The name its source gave it, by the legend's pattern.
    pub display_name_from_source: Option<String>,
    /// Grafana's id of the unit.
    pub unit: Option<String>,
    /// Digits behind the point; `None` for as many as suit.
    pub decimals: Option<i32>,
    /// The least value of its scale.
    pub min: Option<f64>,
    /// The greatest value of its scale.
    pub max: Option<f64>,
    /// Whether its scale goes by its own values alone, not by those of all fields.
    pub own_range: bool,
    /// What stands for no value.
    pub no_value: Option<String>,
    /// Words for values; the first that fits counts.
    pub mappings: Vec<ValueMapping>,
    /// From which value on which colour.
    pub thresholds: Option<Thresholds>,
    /// How the colour is chosen: `thresholds`, `fixed`, `palette-classic`, …
    pub color_mode: Option<String>,
    /// The colour of mode `fixed`.
    pub fixed_color: Option<String>,
    /// Whether it is left out of what is shown.
    pub hidden: bool,
    /// The step of its points, in milliseconds.
    pub interval: Option<f64>,
    /// Options of one type of panel alone, such as `cellOptions`.
    pub custom: Map<String, Value>,
}

impl FieldConfig {
    /// Reads `fieldConfig.defaults`; what is missing or of the wrong type is not set.
    pub fn read(defaults: &Value) -> Self {
        let mut config = Self::default();
        for (id, value) in defaults.as_object().into_iter().flatten() {
            if id == "custom" {
                config.custom = value.as_object().cloned().unwrap_or_default();
            } else {
                config.set(id, value);
            }
        }
        config.hide();
        config
    }

    /// Sets the option an override names, such as `unit` or `custom.hideFrom.viz`; null takes it away.
    pub fn set(&mut self, id: &str, value: &Value) {
        match id {
            "displayName" => self.display_name = text(value),
            "unit" => self.unit = text(value),
            "decimals" => self.decimals = number(value).map(|decimals| decimals as i32),
            "min" => self.min = number(value),
            "max" => self.max = number(value),
            "fieldMinMax" => self.own_range = value.as_bool().unwrap_or(false),
            "noValue" => self.no_value = text(value),
            "mappings" if value.is_null() => self.mappings.clear(),
            "mappings" => {
                self.mappings.splice(..0, ValueMapping::read_all(value));
            }
            "thresholds" => self.thresholds = Thresholds::read(value),
            "color" => {
                self.color_mode = json::text(value, "mode");
                self.fixed_color = json::text(value, "fixedColor");
            }
            _ => {
                if let Some(path) = id.strip_prefix("custom.") {
                    set_path(&mut self.custom, path, value);
                    self.hide();
                }
            }
        }
    }

    /// Takes from `defaults` what is not set here and suits columns of a kind.
    pub(super) fn fill(&mut self, defaults: &Self, kind: FieldKind) {
        let or = |own: &mut Option<String>, default: &Option<String>| {
            if own.is_none() {
                own.clone_from(default);
            }
        };
        or(&mut self.unit, &defaults.unit);
        or(&mut self.no_value, &defaults.no_value);
        if kind == FieldKind::Number {
            self.decimals = self.decimals.or(defaults.decimals);
            self.min = self.min.or(defaults.min);
            self.max = self.max.or(defaults.max);
            self.own_range |= defaults.own_range;
        }
        if kind != FieldKind::Time && self.mappings.is_empty() {
            self.mappings.clone_from(&defaults.mappings);
        }
        if self.thresholds.is_none() {
            self.thresholds.clone_from(&defaults.thresholds);
        }
        if self.color_mode.is_none() && self.fixed_color.is_none() {
            self.color_mode.clone_from(&defaults.color_mode);
            self.fixed_color.clone_from(&defaults.fixed_color);
        }
        if self.custom.is_empty() {
            self.custom.clone_from(&defaults.custom);
        }
        self.hide();
        if self.color_mode.is_none() {
            let plain = self.fixed_color.take().is_none() && self.thresholds.is_some();
            self.color_mode = plain.then(|| "thresholds".to_owned());
        }
        if let (Some(min), Some(max)) = (self.min, self.max)
            && min > max
        {
            (self.min, self.max) = (Some(max), Some(min));
        }
    }

    fn hide(&mut self) {
        let viz = self.custom.get("hideFrom").is_some_and(|from| json::flag(from, "viz"));
        self.hidden = viz || self.custom.get("hidden").and_then(Value::as_bool).unwrap_or(false);
    }
}

/// What is said as text, also where it was written as a number.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number::plain(number.as_f64()?)),
        Value::Bool(yes) => Some(yes.to_string()),
        _ => None,
    }
}

fn number(value: &Value) -> Option<f64> {
    text(value).map(|text| text_number::leading(&text)).filter(|number| !number.is_nan())
}

/// Sets what lies at `a.b.c`; null takes it away.
fn set_path(object: &mut Map<String, Value>, path: &str, value: &Value) {
    match path.split_once('.') {
        Some((first, rest)) => {
            let inner = object.entry(first).or_insert_with(|| Value::Object(Map::new()));
            if !inner.is_object() {
                *inner = Value::Object(Map::new());
            }
            if let Some(inner) = inner.as_object_mut() {
                set_path(inner, rest, value);
            }
        }
        None if value.is_null() => {
            object.remove(path);
        }
        None => {
            object.insert(path.to_owned(), value.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn options_are_read_and_set() {
        let mut config = FieldConfig::read(&json!({
            "unit": "s", "decimals": 2, "min": "3", "max": 1, "color": {"fixedColor": "red"},
            "custom": {"hideFrom": {"viz": false}}
        }));
        assert_eq!((config.unit.as_deref(), config.decimals, config.hidden), (Some("s"), Some(2), false));
        config.set("custom.hideFrom.viz", &json!(true));
        config.set("unit", &Value::Null);
        assert_eq!((config.unit.as_deref(), config.hidden), (None, true));
        config.set("custom.lineStyle.dash", &json!([1]));
        assert_eq!(config.custom.get("lineStyle"), Some(&json!({"dash": [1]})));
        config.set("noValue", &json!(0));
        assert_eq!(config.no_value.as_deref(), Some("0"));
    }

    #[test]
    fn defaults_fill_what_suits_the_kind() {
        let defaults = FieldConfig::read(&json!({"unit": "s", "min": 5, "max": 1, "color": {"fixedColor": "red"}}));
        let filled = |kind| {
            let mut config = FieldConfig { unit: Some("own".to_owned()), ..FieldConfig::default() };
            config.fill(&defaults, kind);
            config
        };
        let number = filled(FieldKind::Number);
        assert_eq!((number.unit.as_deref(), number.min, number.max), (Some("own"), Some(1.0), Some(5.0)));
        assert_eq!((number.color_mode, number.fixed_color, filled(FieldKind::Text).min), (None, None, None));
    }
}
