//! Which column of a frame sets which option of others.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::super::{
    field_config::FieldConfig,
    frame::{Cell, Field, FieldKind, Frame},
    js,
    json::{at, text},
    naming::Names,
    threshold::{Step, Thresholds},
};

/// Options a column may set by its name alone.
const OPTIONS: [&str; 10] = [
    "max",
    "min",
    "unit",
    "decimals",
    "displayName",
    "color",
    "threshold1",
    "mappings.value",
    "mappings.color",
    "mappings.text",
];

/// What a column is for.
#[derive(Clone, Debug, PartialEq)]
pub enum Role {
    Name,
    Value,
    Label,
    /// Sets an option; the colour is that of a threshold.
    Option(&'static str, Option<String>),
    Nothing,
}

/// A column's role, and the calculation that makes one value of it.
pub struct Mapped {
    pub role: Role,
    pub calc: Option<String>,
}

/// The roles of all columns of a frame; with `rows`, one is the name, one the value and others are labels unless said
/// otherwise.
pub fn roles(frame: &mut Frame, mappings: &[Value], rows: bool) -> Vec<Mapped> {
    let says = |key: &str| mappings.iter().any(|mapping| at(mapping, "handlerKey") == key);
    let (mut name_open, mut value_open) = (rows && !says("field.name"), rows && !says("field.value"));
    let names = Names::alone(frame);
    let mut out = Vec::with_capacity(frame.fields.len());
    for (column, field) in frame.fields.iter_mut().enumerate() {
        let name = names.settle(0, column, field).to_owned();
        let mapping = mappings.iter().find(|mapping| at(mapping, "fieldName") == name.as_str());
        let key = mapping.map_or_else(|| Some(name.to_lowercase()), |mapping| text(mapping, "handlerKey"));
        let color = mapping.and_then(|mapping| text(at(at(mapping, "handlerArguments"), "threshold"), "color"));
        let known = key.as_deref().and_then(|key| match key {
            "field.name" => Some(Role::Name),
            "field.value" => Some(Role::Value),
            "field.label" => Some(Role::Label),
            "__ignore" => Some(Role::Nothing),
            _ => OPTIONS.iter().find(|option| **option == key).map(|option| Role::Option(option, color.clone())),
        });
        let role = match known {
            Some(role) => role,
            None if mapping.is_none() && name_open && field.kind == FieldKind::Text => {
                name_open = false;
                Role::Name
            }
            None if mapping.is_none() && value_open && field.kind == FieldKind::Number => {
                value_open = false;
                Role::Value
            }
            None if rows => Role::Label,
            None => Role::Nothing,
        };
        out.push(Mapped { role, calc: mapping.and_then(|mapping| text(mapping, "reducerId")) });
    }
    out
}

/// The options that the cells of one row set.
pub fn config<'c>(cells: impl Iterator<Item = (&'c Role, Cell)>) -> FieldConfig {
    let mut config = FieldConfig::default();
    for (role, cell) in cells {
        let Role::Option(option, color) = role else { continue };
        if cell == Cell::Null {
            continue;
        }
        let number = js::as_number(&cell);
        match *option {
            "threshold1" if !number.is_nan() => {
                let step = Step { from: number, color: color.clone().unwrap_or_else(|| "red".to_owned()) };
                config.thresholds.get_or_insert_with(Thresholds::default).steps.push(step);
            }
            "decimals" if number.fract() == 0.0 && (0.0..=15.0).contains(&number) => {
                config.decimals = Some(number as i32)
            }
            "max" if !number.is_nan() => config.max = Some(number),
            "min" if !number.is_nan() => config.min = Some(number),
            "color" => config.set("color", &json!({"mode": "fixed", "fixedColor": js::cell_text(&cell)})),
            "unit" | "displayName" => config.set(option, &Value::String(js::cell_text(&cell))),
            _ => {}
        }
    }
    config
}

/// Puts what is set in `new` over what is set in `config`.
pub fn lay_over(config: &mut FieldConfig, new: &FieldConfig) {
    let new = new.clone();
    let text = |old: &mut Option<String>, new: Option<String>| *old = new.or_else(|| old.take());
    text(&mut config.unit, new.unit);
    text(&mut config.display_name, new.display_name);
    config.decimals = new.decimals.or(config.decimals);
    config.min = new.min.or(config.min);
    config.max = new.max.or(config.max);
    config.thresholds = new.thresholds.or_else(|| config.thresholds.take());
    if new.color_mode.is_some() {
        config.color_mode = new.color_mode;
        config.fixed_color = new.fixed_color;
    }
    if !new.mappings.is_empty() {
        config.mappings = new.mappings;
    }
}

/// Words and colours for values, of three columns side by side.
pub fn value_mappings(frame: &Frame, roles: &[Mapped]) -> Option<Value> {
    let column = |wanted: &str| -> Option<&Field> {
        let at = roles.iter().position(|mapped| matches!(mapped.role, Role::Option(option, _) if option == wanted))?;
        frame.fields.get(at)
    };
    let values = column("mappings.value")?;
    let (colors, texts) = (column("mappings.color"), column("mappings.text"));
    let mut options = HashMap::new();
    for (row, value) in values.cells.iter().enumerate().filter(|(_, value)| **value != Cell::Null) {
        let shown = |field: Option<&Field>| {
            let cell = field.and_then(|field| field.cells.get(row));
            cell.filter(|cell| **cell != Cell::Null).map(js::cell_text)
        };
        let result = json!({"color": shown(colors), "text": shown(texts), "index": row});
        options.insert(js::cell_text(value), result);
    }
    Some(json!([{"type": "value", "options": options}]))
}
