//! A new column, calculated from others of its row.

use serde_json::{Value, json};

use super::{
    super::{
        frame::{Cell, Field, FieldKind, Frame},
        js,
        json::{self, at, list, text},
        matcher::{self, Matcher},
        naming::Names,
        reduce::{self, Nulls},
    },
    Outcome, join, window,
};

/// Adds a column by `mode`; with `replaceFields` it stands alone, beside the time.
pub fn calculate_field(options: &Value, frames: Vec<Frame>) -> Outcome {
    let mode = text(options, "mode").unwrap_or_else(|| "reduceRow".to_owned());
    let series = at(options, "timeSeries") != false;
    let right = at(at(options, "binary"), "right");
    let right = if right.is_object() { at(right, "fixed") } else { right };
    let fixed =
        mode == "binary" && right.is_string() | right.is_number() && !js::as_number(&matcher::cell(right)).is_nan();
    let mut frames = if series && !fixed { join::ensure_columns(frames) } else { frames };
    let names = Names::among(&frames);
    let of_kind =
        |side: &Value| (at(at(side, "matcher"), "id") == "byType").then(|| text(at(side, "matcher"), "options"));
    if mode == "binary"
        && let Some(kind) = of_kind(at(at(options, "binary"), "left"))
    {
        return Some(by_kind(options, &kind.unwrap_or_default(), frames, &names));
    }
    let calculation = Calculation::read(&mode, options, &frames)?;
    let mut out = Vec::with_capacity(frames.len());
    for (place, mut frame) in frames.drain(..).enumerate() {
        let alone = at(options, "replaceFields") == true;
        let Some(cells) = calculation.cells(&names, &mut frame, place) else {
            if !alone {
                out.push(frame);
            }
            continue;
        };
        let mut field = Field { name: calculation.name(options), kind: FieldKind::Number, cells, ..Field::default() };
        let index = matches!(calculation, Calculation::Index(_));
        match &calculation {
            Calculation::Index(true) => field.config.unit = Some("percentunit".to_owned()),
            Calculation::Index(false) => {}
            _ => field.config.display_name = text(options, "alias").filter(|alias| !alias.is_empty()),
        }
        if alone {
            let time = frame.fields.iter().position(|field| field.kind == FieldKind::Time).filter(|_| series && !index);
            frame.fields = time.map(|time| frame.fields.swap_remove(time)).into_iter().collect();
        }
        frame.fields.push(field);
        out.push(frame);
    }
    Some(out)
}

/// Where an operand comes from.
enum Operand {
    /// The column of this name, or the number its name begins with.
    Named(String),
    Fixed(f64),
}

/// What is calculated.
enum Calculation {
    Row {
        matcher: Matcher,
        calc: String,
        nulls: Nulls,
    },
    Cumulative {
        matcher: Matcher,
        mean: bool,
    },
    Window {
        matcher: Matcher,
        window: window::Window,
    },
    Unary {
        field: String,
        operator: String,
    },
    Binary {
        left: Operand,
        operator: String,
        right: Operand,
    },
    /// The number of the row, or its share.
    Index(bool),
}

impl Calculation {
    fn read(mode: &str, options: &Value, frames: &[Frame]) -> Option<Self> {
        let numbers = || Matcher::of("numeric", &Value::Null);
        let column = |options: &Value| match text(options, "field").filter(|field| !field.is_empty()) {
            Some(field) => Matcher::of("byNames", &json!({ "names": [field] })),
            None => numbers(),
        };
        Some(match mode {
            "reduceRow" => {
                let options = at(options, "reduce");
                let include = list(options, "include");
                let calc = text(options, "reducer").unwrap_or_else(|| "sum".to_owned());
                reduce::id(&calc)?;
                Self::Row {
                    matcher: if include.is_empty() {
                        numbers()?
                    } else {
                        Matcher::of("byNames", &json!({ "names": include }))?
                    },
                    calc,
                    nulls: match text(options, "nullValueMode").as_deref() {
                        Some("connected") => Nulls::Ignore,
                        Some("null as zero") => Nulls::Zero,
                        _ => Nulls::Keep,
                    },
                }
            }
            "cumulativeFunctions" => {
                let options = at(options, "cumulative");
                let mean = match text(options, "reducer").as_deref() {
                    None | Some("sum") => false,
                    Some("mean") => true,
                    Some(_) => return None,
                };
                Self::Cumulative { matcher: column(options)?, mean }
            }
            "windowFunctions" => {
                let options = at(options, "window");
                Self::Window { matcher: column(options)?, window: window::Window::read(options)? }
            }
            "unary" => Self::Unary {
                field: text(at(options, "unary"), "fieldName").unwrap_or_default(),
                operator: text(at(options, "unary"), "operator").unwrap_or_else(|| "abs".to_owned()),
            },
            "binary" => {
                let options = at(options, "binary");
                Self::Binary {
                    left: Operand::read(at(options, "left"), frames),
                    operator: text(options, "operator").unwrap_or_else(|| "+".to_owned()),
                    right: Operand::read(at(options, "right"), frames),
                }
            }
            "index" => Self::Index(json::flag(at(options, "index"), "asPercentile")),
            _ => return None,
        })
    }

    /// The cells of the new column; `None` where something it needs is missing.
    fn cells(&self, names: &Names, frame: &mut Frame, place: usize) -> Option<Vec<Cell>> {
        let rows = frame.len();
        let first = |matcher: &Matcher, frame: &mut Frame| {
            (0..frame.fields.len()).find(|column| matcher.fits(names, frame, place, *column))
        };
        match self {
            Self::Row { matcher, calc, nulls } => {
                let columns: Vec<usize> =
                    (0..frame.fields.len()).filter(|column| matcher.fits(names, frame, place, *column)).collect();
                let fields: Vec<&Field> = columns.iter().filter_map(|column| frame.fields.get(*column)).collect();
                let row = |row: usize| {
                    let cells: Vec<Cell> =
                        fields.iter().map(|field| field.cells.get(row).cloned().unwrap_or_default()).collect();
                    reduce::reduce_row(&cells, calc, *nulls)
                };
                Some((0..rows).map(row).collect())
            }
            Self::Cumulative { matcher, mean } => {
                let field = first(matcher, frame).and_then(|column| frame.fields.get(column))?;
                let mut total = 0.0;
                let add = |row: usize| {
                    total += js::as_number(field.cells.get(row).unwrap_or(&Cell::Null));
                    Cell::Number(if *mean { total / (row + 1) as f64 } else { total })
                };
                Some((0..rows).map(add).collect())
            }
            Self::Window { matcher, window } => {
                let field = first(matcher, frame).and_then(|column| frame.fields.get(column))?;
                Some(window.over(&field.cells, rows))
            }
            Self::Unary { field, operator } => {
                let found = frame.fields.iter_mut().enumerate().filter_map(|(column, one)| {
                    (names.settle(place, column, one) == field && one.kind == FieldKind::Number).then_some(column)
                });
                let field = found.last().and_then(|column| frame.fields.get(column))?;
                unary(operator, field)
            }
            Self::Binary { left, operator, right } => {
                let left = left.cells(names, frame, place)?;
                let right = right.cells(names, frame, place)?;
                binary(operator, &left, &right)
            }
            Self::Index(share) => {
                let number = |row: usize| if *share { row as f64 / rows as f64 } else { row as f64 };
                Some((0..rows).map(|row| Cell::Number(number(row))).collect())
            }
        }
    }

    fn name(&self, options: &Value) -> String {
        let alias = text(options, "alias");
        if let Self::Index(_) = self {
            return alias.unwrap_or_else(|| "Row".to_owned());
        }
        if let Some(alias) = alias.filter(|alias| !alias.is_empty()) {
            return alias;
        }
        let part = |mode: &str, key: &str| text(at(options, mode), key).unwrap_or_default();
        let of = |field: String| if field.is_empty() { field } else { format!("({field})") };
        match self {
            Self::Row { .. } => {
                // Where nothing was said, Grafana looks for the name of no calculation.
                let named = text(at(options, "reduce"), "reducer");
                let named = if at(options, "reduce").is_null() { Some("sum".to_owned()) } else { named };
                named.and_then(|calc| reduce::name(&calc)).unwrap_or_else(|| "math".to_owned())
            }
            Self::Cumulative { .. } => {
                format!("cumulative {}{}", part("cumulative", "reducer"), of(part("cumulative", "field")))
            }
            Self::Window { .. } => {
                let (alignment, calc) = (part("window", "windowAlignment"), part("window", "reducer"));
                format!("{alignment} moving {calc}{}", of(part("window", "field")))
            }
            Self::Unary { .. } => part("unary", "operator") + &of(part("unary", "fieldName")),
            Self::Binary { operator, .. } => {
                let side = |key| side_name(at(at(options, "binary"), key));
                let (left, right) = (side("left"), side("right"));
                if left.is_empty() || right.is_empty() || left.contains('$') || right.contains('$') {
                    return String::new();
                }
                format!("{left} {operator} {right}")
            }
            Self::Index(_) => String::new(),
        }
    }
}

fn side_name(side: &Value) -> String {
    let named = if side.is_object() {
        let name = at(at(side, "matcher"), "options");
        if name.is_null() { at(side, "fixed") } else { name }
    } else {
        side
    };
    js::cell_or_empty(&matcher::cell(named))
}

impl Operand {
    fn read(side: &Value, frames: &[Frame]) -> Self {
        let begins = |value: &Value| js::parse_float(&js::cell_text(&matcher::cell(value)));
        match side {
            Value::String(name) => {
                let known = || frames.iter().flat_map(|frame| &frame.fields).any(|field| field.name == *name);
                if js::to_number(name).is_nan() || known() {
                    Self::Named(name.clone())
                } else {
                    Self::Fixed(js::parse_float(name))
                }
            }
            _ if at(at(side, "matcher"), "id") == "byName" => {
                Self::Named(text(at(side, "matcher"), "options").unwrap_or_default())
            }
            _ if !at(side, "fixed").is_null() => Self::Fixed(begins(at(side, "fixed"))),
            _ => Self::Fixed(begins(at(at(side, "matcher"), "options"))),
        }
    }

    fn cells(&self, names: &Names, frame: &mut Frame, place: usize) -> Option<Vec<Cell>> {
        let number = match self {
            Self::Fixed(number) => *number,
            Self::Named(name) => {
                let column =
                    frame.fields.iter_mut().enumerate().position(|(at, one)| names.settle(place, at, one) == name);
                match column.and_then(|column| frame.fields.get(column)) {
                    Some(field) if field.kind == FieldKind::Boolean => {
                        let number = |cell: &Cell| Cell::Number(js::as_number(cell));
                        return Some(field.cells.iter().map(number).collect());
                    }
                    Some(field) => return Some(field.cells.clone()),
                    None => js::parse_float(name),
                }
            }
        };
        (!number.is_nan()).then(|| vec![Cell::Number(number); frame.len()])
    }
}

/// A cell in arithmetic; nothing is what a join found no partner for, which has no number.
fn operand(cell: &Cell) -> f64 {
    if *cell == Cell::Null { f64::NAN } else { js::as_number(cell) }
}

fn binary(operator: &str, left: &[Cell], right: &[Cell]) -> Option<Vec<Cell>> {
    let operation: fn(f64, f64) -> f64 = match operator {
        "+" => |a, b| a + b,
        "-" => |a, b| a - b,
        "*" => |a, b| a * b,
        "/" => |a, b| a / b,
        _ => return None,
    };
    let pairs = left.iter().zip(right.iter().chain(std::iter::repeat(&Cell::Null)));
    Some(pairs.map(|(a, b)| Cell::Number(operation(operand(a), operand(b)))).collect())
}

fn unary(operator: &str, field: &Field) -> Option<Vec<Cell>> {
    let operation: fn(f64) -> f64 = match operator {
        "abs" => f64::abs,
        "exp" => f64::exp,
        "ln" => f64::ln,
        "round" => |value| (value + 0.5).floor(),
        "floor" => f64::floor,
        "ceil" => f64::ceil,
        "percent" => |value| value,
        _ => return None,
    };
    let finite = field.cells.iter().filter_map(Cell::number).filter(|value| value.is_finite());
    let total: f64 = if operator == "percent" { finite.sum() } else { 1.0 };
    let total = if total == 0.0 { 1.0 } else { total };
    let cells = field.cells.iter().map(|cell| Cell::Number(operation(operand(cell)) / total));
    (!field.cells.is_empty()).then(|| cells.collect())
}

/// One new column for each column of a kind.
fn by_kind(options: &Value, kind: &str, frames: Vec<Frame>, names: &Names) -> Vec<Frame> {
    let alone = at(options, "replaceFields") == true;
    let series = at(options, "timeSeries") != false;
    let settings = at(options, "binary");
    let operator = text(settings, "operator").unwrap_or_else(|| "+".to_owned());
    let right_side = Operand::read(at(settings, "right"), &frames);
    let mut out = Vec::new();
    for (place, mut frame) in frames.into_iter().enumerate() {
        let first_time = frame.fields.iter().position(|field| field.kind == FieldKind::Time).filter(|_| series);
        let right = right_side.cells(names, &mut frame, place);
        let mut fields: Vec<Field> = first_time.and_then(|time| frame.fields.get(time)).cloned().into_iter().collect();
        let mut added = false;
        for (column, field) in frame.fields.iter().enumerate() {
            if !alone && Some(column) != first_time {
                fields.push(field.clone());
            }
            let cells = right.as_ref().filter(|_| matcher::kind_name(field.kind) == kind);
            if let Some(cells) = cells.and_then(|right| binary(&operator, &field.cells, right)) {
                let name = format!("{} {operator} {}", field.name, side_name(at(settings, "right")));
                let mut made = Field { name, cells, ..field.clone() };
                super::unsettle(&mut made);
                fields.push(made);
                added = true;
            }
        }
        if added || !alone {
            out.push(Frame { fields, ..frame });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::check;

    #[test]
    fn columns_are_calculated() {
        check::all(&[
            (
                "calculateField",
                "table",
                json!({"mode": "reduceRow", "reduce": {"reducer": "sum"}}),
                "A> pod:s a,b,a,- | ns:s x,x,y,y | cpu:n 1,2,3.5,0 | mem:n 10,NaN,30,40 | Total:n 11,2,33.5,40",
            ),
            (
                "calculateField",
                "table",
                json!({"mode": "binary", "alias": "x", "replaceFields": true, "binary": {"left": "cpu", "operator": "*", "right": "1000"}}),
                "A> x:n 1000,2000,3500,0",
            ),
            (
                "calculateField",
                "table",
                json!({"mode": "binary", "binary": {"left": {"matcher": {"id": "byName", "options": "cpu"}}, "operator": "/", "right": {"matcher": {"id": "byName", "options": "mem"}}}}),
                "A> pod:s a,b,a,- | ns:s x,x,y,y | cpu:n 1,2,3.5,0 | mem:n 10,NaN,30,40 | cpu / mem:n 0.1,NaN,0.11666666666666667,0",
            ),
            (
                "calculateField",
                "table",
                json!({"mode": "binary", "replaceFields": true, "binary": {"left": {"matcher": {"id": "byType", "options": "number"}}, "operator": "-", "right": {"fixed": "1"}}}),
                "A> cpu - 1:n 0,1,2.5,-1 | mem - 1:n 9,NaN,29,39",
            ),
            (
                "calculateField",
                "table",
                json!({"mode": "unary", "unary": {"operator": "percent", "fieldName": "cpu"}}),
                "A> pod:s a,b,a,- | ns:s x,x,y,y | cpu:n 1,2,3.5,0 | mem:n 10,NaN,30,40 | percent(cpu):n 0.15384615384615385,0.3076923076923077,0.5384615384615384,0",
            ),
            (
                "calculateField",
                "table",
                json!({"mode": "cumulativeFunctions", "cumulative": {"reducer": "mean", "field": "cpu"}, "replaceFields": true}),
                "A> cumulative mean(cpu):n 1,1.5,2.1666666666666665,1.625",
            ),
            (
                "calculateField",
                "table",
                json!({"mode": "index", "replaceFields": true, "index": {"asPercentile": true}}),
                "A> Row:n 0,0.25,0.5,0.75",
            ),
            (
                "calculateField",
                "series",
                json!({"mode": "reduceRow", "replaceFields": true}),
                "joinByField-A-B> Time:t 1000,2000,3000 | Total:n 1,7,0",
            ),
        ]);
    }
}
