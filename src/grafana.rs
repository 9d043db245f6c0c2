//! Dashboards as Grafana writes them: what each panel asks, and what it shows of the answers.
//!
//! Read leniently: a field of the wrong type is as good as none, and what is not understood is said at its panel. What is
//! asked and shown is meant to be what Grafana itself asks and shows, to the letter: people compare the two.

pub mod collate;
pub mod color;
pub mod data_source;
pub mod date_text;
pub mod display;
pub mod evaluate;
pub mod field_config;
pub mod field_display;
pub mod field_kind;
pub mod field_variables;
pub mod frame;
pub mod frame_json;
pub mod interval;
pub mod js;
pub mod js_regex;
pub mod json;
pub mod links;
pub mod mapped;
pub mod mapping;
pub mod matcher;
pub mod model;
pub mod naming;
pub mod open;
pub mod overrides;
pub mod pattern;
pub mod plan;
pub mod prometheus;
pub mod reduce;
pub mod replacement;
pub mod report;
pub mod routes;
pub mod series;
pub mod shown;
pub mod table_rows;
pub mod template;
pub mod text_panel;
pub mod threshold;
pub mod time_range;
pub mod transform;
mod upgrade;
pub mod value_format;
pub mod variable;
