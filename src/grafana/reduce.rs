//! Calculations: many values to one, as in
//! <https://grafana.com/docs/grafana/latest/panels-visualizations/query-transform-data/calculation-types/>.

use std::{collections::HashSet, sync::Arc};

use super::{
    frame::{Cell, Field, FieldKind},
    js,
};

/// The calculations but the percentiles, with the names people read; these and no others are known.
const CALCULATIONS: [(&str, &str); 25] = [
    ("lastNotNull", "Last *"),
    ("last", "Last"),
    ("firstNotNull", "First *"),
    ("first", "First"),
    ("min", "Min"),
    ("max", "Max"),
    ("mean", "Mean"),
    ("median", "Median"),
    ("variance", "Variance"),
    ("stdDev", "StdDev"),
    ("sum", "Total"),
    ("count", "Count"),
    ("countAll", "Count all"),
    ("range", "Range"),
    ("delta", "Delta"),
    ("step", "Step"),
    ("diff", "Difference"),
    ("logmin", "Min (above zero)"),
    ("allIsZero", "All Zeros"),
    ("allIsNull", "All Nulls"),
    ("changeCount", "Change Count"),
    ("distinctCount", "Distinct Count"),
    ("diffperc", "Difference percent"),
    ("allValues", "All values"),
    ("uniqueValues", "All unique values"),
];

/// Names of older versions.
const ALIASES: [(&str, &str); 3] = [("current", "lastNotNull"), ("avg", "mean"), ("total", "sum")];

/// How many values are listed at most where all are asked for; nobody reads more in one cell.
const LISTED: usize = 1_000;

/// What calculations over a row do with nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nulls {
    /// It is left out.
    Ignore,
    /// It counts where values are counted, and as 0 where they are ordered.
    Keep,
    /// It is 0.
    Zero,
}

/// The id of a calculation today; `None` for one that does not exist.
pub fn id(calc: &str) -> Option<&str> {
    let calc = ALIASES.iter().find(|(old, _)| *old == calc).map_or(calc, |(_, id)| id);
    (percentile(calc).is_some() || CALCULATIONS.iter().any(|(id, _)| *id == calc)).then_some(calc)
}

/// The name people read; `None` for a calculation that does not exist.
pub fn name(calc: &str) -> Option<String> {
    let calc = id(calc)?;
    if let Some(p) = percentile(calc) {
        let ending = match (p, p % 10) {
            (4..21, _) => "th",
            (_, 1) => "st",
            (_, 2) => "nd",
            (_, 3) => "rd",
            _ => "th",
        };
        return Some(format!("{p}{ending} %"));
    }
    CALCULATIONS.iter().find(|(id, _)| *id == calc).map(|(_, name)| (*name).to_owned())
}

/// What the result is, where the cells are of the kind `of`.
pub fn kind(calc: &str, of: FieldKind) -> FieldKind {
    match calc {
        "count" | "distinctCount" | "changeCount" | "countAll" => FieldKind::Number,
        "allIsNull" | "allIsZero" => FieldKind::Boolean,
        _ => of,
    }
}

/// The result of a calculation over a field; `Null` for one that does not exist.
pub fn reduce(field: &Field, calc: &str) -> Cell {
    reduce_cells(field.kind, &field.cells, calc)
}

/// The result of a calculation over cells of a kind; `Null` for one that does not exist.
pub fn reduce_cells(kind: FieldKind, cells: &[Cell], calc: &str) -> Cell {
    let Some(calc) = id(calc) else { return Cell::Null };
    if cells.is_empty() {
        return match calc {
            "sum" | "count" | "countAll" => Cell::Number(0.0),
            "allIsZero" => Cell::Boolean(false),
            "allIsNull" => Cell::Boolean(true),
            _ => Cell::Null,
        };
    }
    calculated(kind, cells, calc, Nulls::Ignore)
}

/// The result of a calculation over the numbers of one row; `Null` for one that does not exist.
pub fn reduce_row(cells: &[Cell], calc: &str, nulls: Nulls) -> Cell {
    id(calc).map_or(Cell::Null, |calc| calculated(FieldKind::Number, cells, calc, nulls))
}

fn calculated(kind: FieldKind, cells: &[Cell], calc: &str, nulls: Nulls) -> Cell {
    let zero = Cell::Number(0.0);
    let kept = || {
        cells.iter().filter_map(|cell| match (cell, nulls) {
            (Cell::Null, Nulls::Ignore) => None,
            (Cell::Null, Nulls::Zero) => Some(&zero),
            _ => Some(cell),
        })
    };
    let is_numeric = matches!(kind, FieldKind::Number | FieldKind::Time);
    let spread = || if is_numeric { variance(cells) } else { 0.0 };
    if let Some(p) = percentile(calc) {
        return at_percentile(&sorted(kept()), f64::from(p) / 100.0);
    }
    match calc {
        "first" => cells.first().cloned().unwrap_or_default(),
        "last" => cells.last().cloned().unwrap_or_default(),
        "firstNotNull" => cells.iter().find(|cell| is_value(cell)).cloned().unwrap_or_default(),
        "lastNotNull" => cells.iter().rfind(|cell| is_value(cell)).cloned().unwrap_or_default(),
        "countAll" => Cell::Number(cells.len() as f64),
        "median" => median(&sorted(kept())),
        "variance" => Cell::Number(spread()),
        "stdDev" => Cell::Number(spread().sqrt()),
        "changeCount" => Cell::Number(changes(kept()) as f64),
        "distinctCount" => Cell::Number(distinct(kept()).len() as f64),
        "allValues" => listed(cells.iter()),
        "uniqueValues" => listed(distinct(cells.iter()).into_iter()),
        _ => Standard::over(kind, kept()).result(calc),
    }
}

fn percentile(calc: &str) -> Option<u8> {
    let digits = calc.strip_prefix('p')?;
    (!digits.starts_with(['0', '+'])).then_some(digits)?.parse().ok().filter(|p| (1..=99).contains(p))
}

/// Neither nothing nor not a number.
fn is_value(cell: &Cell) -> bool {
    !matches!(cell, Cell::Null) && !matches!(cell, Cell::Number(value) if value.is_nan())
}

fn sorted<'c>(cells: impl Iterator<Item = &'c Cell>) -> Vec<&'c Cell> {
    let mut sorted: Vec<&Cell> = cells.collect();
    js::sort_by(&mut sorted, |a, b| js::as_number(a) - js::as_number(b));
    sorted
}

fn at_percentile(sorted: &[&Cell], p: f64) -> Cell {
    let last = sorted.len().saturating_sub(1) as f64;
    sorted.get((last * p + 0.5).floor() as usize).map_or(Cell::Null, |cell| (*cell).clone())
}

fn median(sorted: &[&Cell]) -> Cell {
    let middle = sorted.len() / 2;
    if !sorted.len().is_multiple_of(2) {
        return sorted.get(middle).map_or(Cell::Null, |cell| (*cell).clone());
    }
    match (middle.checked_sub(1).and_then(|below| sorted.get(below)), sorted.get(middle)) {
        (Some(a), Some(b)) => Cell::Number(f64::midpoint(js::as_number(a), js::as_number(b))),
        _ => Cell::Number(f64::NAN),
    }
}

/// The variance of a whole population; 0 where there are no numbers.
pub(super) fn variance(cells: &[Cell]) -> f64 {
    let (mut squares, mut mean, mut count) = (0.0, 0.0, 0.0);
    for value in cells.iter().filter(|cell| **cell != Cell::Null).map(js::as_number) {
        count += 1.0;
        let before = mean;
        mean += (value - before) / count;
        squares += (value - before) * (value - mean);
    }
    if count > 0.0 { squares / count } else { 0.0 }
}

fn changes<'c>(cells: impl Iterator<Item = &'c Cell>) -> usize {
    let values: Vec<&Cell> = cells.collect();
    values.windows(2).filter(|pair| matches!(pair, [a, b] if a != b)).count()
}

fn distinct<'c>(cells: impl Iterator<Item = &'c Cell>) -> Vec<&'c Cell> {
    let mut seen = HashSet::new();
    cells.filter(|cell| seen.insert(js::key(cell))).collect()
}

fn listed<'c>(cells: impl Iterator<Item = &'c Cell>) -> Cell {
    let texts: Vec<String> = cells.take(LISTED).map(js::cell_or_empty).collect();
    Cell::Text(Arc::from(texts.join(", ")))
}

/// What one walk over the cells gives.
struct Standard {
    sum: f64,
    max: Option<f64>,
    min: Option<f64>,
    /// The least above zero; the greatest number there is where there is none.
    log_min: f64,
    first: Option<Cell>,
    last: Option<Cell>,
    count: usize,
    /// Of numbers only.
    numbers: usize,
    all_zero: bool,
    delta: f64,
    step: f64,
}

impl Standard {
    fn over<'c>(kind: FieldKind, cells: impl Iterator<Item = &'c Cell>) -> Self {
        let numeric = matches!(kind, FieldKind::Number | FieldKind::Time);
        let (mut max, mut min) = (f64::MIN, f64::MAX);
        let mut all = Self {
            sum: 0.0,
            max: None,
            min: None,
            log_min: f64::MAX,
            first: None,
            last: None,
            count: 0,
            numbers: 0,
            all_zero: true,
            delta: 0.0,
            step: f64::MAX,
        };
        let (mut before, mut rose) = (None::<f64>, true);
        for cell in cells {
            all.count += 1;
            if !is_value(cell) {
                continue;
            }
            let value = js::as_number(cell);
            if numeric {
                all.sum += value;
                all.numbers += 1;
                if let Some(before) = before {
                    let step: f64 = value - before;
                    if all.step > step {
                        all.step = step;
                    }
                    let rises = before <= value;
                    if rises && rose {
                        all.delta += step;
                    }
                    rose = rises;
                }
                before = Some(value);
                if value > max {
                    max = value;
                }
                if value < min {
                    min = value;
                }
                if value < all.log_min && value > 0.0 {
                    all.log_min = value;
                }
            }
            all.all_zero &= matches!(cell, Cell::Number(0.0));
            all.first.get_or_insert_with(|| cell.clone());
            all.last = Some(cell.clone());
        }
        all.max = (max != f64::MIN).then_some(max);
        all.min = (min != f64::MAX).then_some(min);
        all
    }

    /// From the first to the last; only between numbers.
    fn difference(&self) -> Option<(f64, f64)> {
        match (&self.first, &self.last) {
            (Some(Cell::Number(first)), Some(Cell::Number(last))) => Some((*first, last - first)),
            _ => None,
        }
    }

    fn result(&self, calc: &str) -> Cell {
        let number = match calc {
            "min" => self.min,
            "max" => self.max,
            "mean" => (self.numbers > 0).then(|| self.sum / self.numbers as f64),
            "sum" => Some(self.sum),
            "count" => Some(self.count as f64),
            "range" => self.max.zip(self.min).map(|(max, min)| max - min),
            "delta" => Some(self.delta),
            "step" => (self.step != f64::MAX).then_some(self.step),
            "diff" => self.difference().map(|(_, difference)| difference),
            "diffperc" => Some(self.difference().map_or(0.0, |(first, difference)| difference / first * 100.0)),
            "logmin" => Some(self.log_min),
            "allIsZero" => return Cell::Boolean(self.all_zero && self.numbers > 0),
            "allIsNull" => return Cell::Boolean(self.numbers == 0),
            _ => None,
        };
        number.map_or(Cell::Null, Cell::Number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calculations_are_those_of_grafana() {
        let cells: Vec<Cell> = [Some(3.0), None, Some(f64::NAN), Some(0.0), Some(0.0), Some(7.5), None]
            .into_iter()
            .map(|value| value.map_or(Cell::Null, Cell::Number))
            .collect();
        for (calc, text) in [
            ("last", "null"),
            ("lastNotNull", "7.5"),
            ("first", "3"),
            ("min", "0"),
            ("max", "7.5"),
            ("mean", "2.625"),
            ("avg", "2.625"),
            ("sum", "10.5"),
            ("count", "5"),
            ("countAll", "7"),
            ("range", "7.5"),
            ("delta", "7.5"),
            ("step", "-3"),
            ("diff", "4.5"),
            ("diffperc", "150"),
            ("logmin", "3"),
            ("allIsZero", "false"),
            ("allIsNull", "false"),
            ("changeCount", "3"),
            ("distinctCount", "4"),
            ("stdDev", "NaN"),
            ("allValues", "3, , NaN, 0, 0, 7.5, "),
            ("uniqueValues", "3, , NaN, 0, 7.5"),
            ("none", "null"),
        ] {
            assert_eq!(js::cell_text(&reduce_cells(FieldKind::Number, &cells, calc)), text, "{calc}");
        }
    }

    #[test]
    fn nothing_and_texts_have_results_too() {
        let texts = [Cell::Text("a".into()), Cell::Text("b".into())];
        for (cells, calc, text) in [
            (&[][..], "sum", "0"),
            (&[], "mean", "null"),
            (&[], "allIsNull", "true"),
            (&texts, "last", "b"),
            (&texts, "mean", "null"),
            (&texts, "count", "2"),
            (&texts, "diffperc", "0"),
        ] {
            assert_eq!(js::cell_text(&reduce_cells(FieldKind::Text, cells, calc)), text, "{calc}");
        }
    }

    #[test]
    fn calculations_have_names() {
        assert_eq!(
            ["lastNotNull", "p2", "p11", "p93", "total"].map(name).map(Option::unwrap),
            ["Last *", "2nd %", "11th %", "93rd %", "Total"]
        );
        assert_eq!([name("p0"), name("p100"), name("p01"), name("x")], [None, None, None, None]);
    }
}
