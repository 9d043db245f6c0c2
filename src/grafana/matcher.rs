//! Which columns an override or a transformation means:
//! <https://grafana.com/docs/grafana/latest/panels-visualizations/configure-overrides/>.

use std::collections::HashSet;

use serde_json::Value;

use super::{
    frame::{Cell, Field, FieldKind, Frame},
    js, json,
    naming::{Names, VALUE},
    pattern::Pattern,
    reduce,
};

/// A rule that fits columns or not.
#[derive(Debug)]
pub enum Matcher {
    /// By the name in the data or the one shown.
    Names {
        /// The names.
        names: HashSet<String>,
        /// Whether all others are meant.
        exclude: bool,
    },
    /// By a pattern over the name shown; `None` fits nothing.
    Pattern(Option<Pattern>),
    /// By either.
    PatternOrNames(Option<Pattern>, HashSet<String>),
    /// By what the cells are.
    Kinds(Vec<String>),
    /// By the letter of the query.
    RefId(Option<String>),
    /// The first column.
    First,
    /// The first column of times.
    FirstTime,
    /// By what a calculation gives; `None` fits nothing.
    Value(Option<ByValue>),
}

/// A comparison of what a calculation gives.
#[derive(Debug)]
pub struct ByValue {
    calc: String,
    op: String,
    value: Value,
}

impl Matcher {
    /// Reads `{"id", "options"}`; `None` for one there is not.
    pub fn read(matcher: &Value) -> Option<Self> {
        Self::of(json::at(matcher, "id").as_str()?, json::at(matcher, "options"))
    }

    /// The matcher of an id with its options; `None` for one there is not.
    pub fn of(id: &str, options: &Value) -> Option<Self> {
        Some(match id {
            "byName" => Self::name(options.as_str().unwrap_or_default()),
            "byNames" => {
                Self::Names { names: names(options), exclude: json::at(options, "mode").as_str() == Some("exclude") }
            }
            "byRegexp" => Self::Pattern(options.as_str().filter(|text| !text.is_empty()).and_then(pattern)),
            "byRegexpOrNames" => {
                let text = json::at(options, "pattern").as_str().filter(|text| !text.is_empty());
                Self::PatternOrNames(text.and_then(pattern), names(options))
            }
            "byType" => Self::Kinds(options.as_str().map(str::to_owned).into_iter().collect()),
            "byTypes" => Self::Kinds(texts(options).collect()),
            "numeric" => Self::Kinds(vec!["number".to_owned()]),
            "time" => Self::Kinds(vec!["time".to_owned()]),
            "first" => Self::First,
            "firstTimeField" => Self::FirstTime,
            "byFrameRefID" => Self::RefId(options.as_str().map(str::to_owned)),
            "byValue" => {
                Self::Value(json::text(options, "reducer").filter(|calc| !calc.is_empty()).map(|calc| ByValue {
                    calc,
                    op: json::text(options, "op").filter(|op| !op.is_empty()).unwrap_or_else(|| "eq".to_owned()),
                    value: json::at(options, "value").clone(),
                }))
            }
            _ => return None,
        })
    }

    /// The matcher by one name.
    pub fn name(name: &str) -> Self {
        Self::Names { names: HashSet::from([name.to_owned()]), exclude: false }
    }

    /// Whether it fits the column at `column` of the frame at `at`; settles its name where the name decides.
    pub fn fits(&self, names: &Names, frame: &mut Frame, at: usize, column: usize) -> bool {
        let ref_id = frame.ref_id.as_deref();
        match self {
            Self::RefId(wanted) => return ref_id == wanted.as_deref(),
            Self::First => return column == 0,
            Self::FirstTime => {
                return frame.fields.iter().position(|field| field.kind == FieldKind::Time) == Some(column);
            }
            _ => {}
        }
        let Some(field) = frame.fields.get_mut(column) else { return false };
        match self {
            Self::Names { names: wanted, exclude } => is_named(wanted, names, field, at, column) != *exclude,
            Self::Pattern(pattern) => pattern_fits(pattern.as_ref(), names, field, at, column),
            Self::PatternOrNames(pattern, wanted) => {
                is_named(wanted, names, field, at, column) || pattern_fits(pattern.as_ref(), names, field, at, column)
            }
            Self::Kinds(kinds) => kinds.iter().any(|kind| kind == kind_name(field.kind)),
            Self::Value(Some(by)) => by.fits(field),
            _ => false,
        }
    }
}

fn is_named(wanted: &HashSet<String>, names: &Names, field: &mut Field, at: usize, column: usize) -> bool {
    if wanted.contains(&field.name) || wanted.contains(names.settle(at, column, field)) {
        return true;
    }
    if wanted.contains(VALUE) {
        field.labels.get("__name__").is_some_and(|name| *name == field.name)
    } else {
        field.kind == FieldKind::Time && (wanted.contains("Time") || wanted.contains("time"))
    }
}

fn pattern_fits(pattern: Option<&Pattern>, names: &Names, field: &mut Field, at: usize, column: usize) -> bool {
    pattern.is_some_and(|pattern| pattern.is_match(names.settle(at, column, field)))
}

impl ByValue {
    fn fits(&self, field: &Field) -> bool {
        let left = reduce::reduce(field, &self.calc);
        if let Cell::Boolean(yes) = left
            && matches!(self.calc.as_str(), "allIsNull" | "allIsZero")
        {
            return yes;
        }
        let right = cell(&self.value);
        let nothing = left == Cell::Null || right == Cell::Null;
        // Nothing is compared as the word.
        let [left, right] = [left, right].map(|cell| if cell == Cell::Null { Cell::Text("null".into()) } else { cell });
        let order = match (&left, &right) {
            (Cell::Text(a), Cell::Text(b)) => Some(a.cmp(b)),
            _ => js::as_number(&left).partial_cmp(&js::as_number(&right)),
        };
        let equal = js::cell_text(&left) == js::cell_text(&right);
        match self.op.as_str() {
            "eq" => equal,
            "neq" => !equal,
            "gte" | "lte" if nothing => equal,
            "gt" => order.is_some_and(std::cmp::Ordering::is_gt),
            "gte" => order.is_some_and(std::cmp::Ordering::is_ge),
            "lt" => order.is_some_and(std::cmp::Ordering::is_lt),
            "lte" => order.is_some_and(std::cmp::Ordering::is_le),
            _ => false,
        }
    }
}

/// A value of the options as a cell.
pub fn cell(value: &Value) -> Cell {
    match value {
        Value::Number(number) => number.as_f64().map_or(Cell::Null, Cell::Number),
        Value::String(text) => Cell::Text(text.as_str().into()),
        Value::Bool(yes) => Cell::Boolean(*yes),
        _ => Cell::Null,
    }
}

/// A rule that fits frames or not.
#[derive(Debug)]
pub enum FrameMatcher {
    /// By a pattern over its name.
    Name(Option<Pattern>),
    /// By a pattern over the letter of its query.
    RefIdPattern(Option<Pattern>),
    /// By one of these letters.
    RefIds(Vec<String>),
}

impl FrameMatcher {
    /// Reads `{"id", "options"}`; `None` for one there is not.
    pub fn read(matcher: &Value) -> Option<Self> {
        let options = json::at(matcher, "options").as_str().unwrap_or_default();
        match json::at(matcher, "id").as_str()? {
            "byName" => Some(Self::Name(pattern(options))),
            "byRefId" if options.starts_with('/') && pattern(options).is_some() => {
                Some(Self::RefIdPattern(pattern(options)))
            }
            "byRefId" => Some(Self::RefIds(options.split('|').map(str::to_owned).collect())),
            _ => None,
        }
    }

    /// Whether it fits a frame.
    pub fn fits(&self, frame: &Frame) -> bool {
        let fits = |pattern: &Option<Pattern>, text: &Option<String>| {
            pattern.as_ref().is_some_and(|pattern| pattern.is_match(text.as_deref().unwrap_or_default()))
        };
        match self {
            Self::Name(pattern) => fits(pattern, &frame.name),
            Self::RefIdPattern(pattern) => fits(pattern, &frame.ref_id),
            Self::RefIds(letters) => {
                let own = frame.ref_id.as_deref().unwrap_or_default();
                letters.iter().any(|letter| letter == own)
            }
        }
    }
}

/// A pattern of the options: `/part/flags`, or the whole text.
pub fn pattern(text: &str) -> Option<Pattern> {
    match text.strip_prefix('/') {
        Some(rest) => {
            let (_, flags) = rest.rsplit_once('/')?;
            let mut left = "gimys".chars();
            flags.chars().all(|flag| left.any(|known| known == flag)).then(|| Pattern::read(text))?
        }
        None => Pattern::read(&format!("^{text}$")),
    }
}

/// What Grafana calls a kind of cells.
pub const fn kind_name(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Time => "time",
        FieldKind::Number => "number",
        FieldKind::Text => "string",
        FieldKind::Boolean => "boolean",
        FieldKind::Frame => "frame",
        FieldKind::Other => "other",
    }
}

/// The kind of a name; `Other` for one that is not known.
pub fn kind_of(name: &str) -> FieldKind {
    match name {
        "time" => FieldKind::Time,
        "number" => FieldKind::Number,
        "string" => FieldKind::Text,
        "boolean" => FieldKind::Boolean,
        "frame" => FieldKind::Frame,
        _ => FieldKind::Other,
    }
}

fn names(options: &Value) -> HashSet<String> {
    texts(json::at(options, "names")).collect()
}

fn texts(list: &Value) -> impl Iterator<Item = String> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned)
}
