//! Calculations over a window that moves along a column.

use serde_json::Value;

use super::super::{
    frame::Cell,
    js,
    json::{at, number, text},
    reduce::variance,
};

/// How many cells are looked at one by one; longer columns with wide windows are calculated by running sums.
const LOOKED_AT: usize = 20_000_000;

/// A window and what is calculated in it.
pub struct Window {
    calc: Calc,
    centered: bool,
    /// Rows, or a share of them.
    size: f64,
    share: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Calc {
    Mean,
    Variance,
    Deviation,
}

impl Window {
    /// Reads the options; `None` where there is no such calculation or the window has no size.
    pub fn read(options: &Value) -> Option<Self> {
        let size = match at(options, "windowSize") {
            Value::Null => 0.1,
            size => number(size).unwrap_or(0.0),
        };
        let window = Self {
            calc: match text(options, "reducer").as_deref() {
                None | Some("mean") => Calc::Mean,
                Some("variance") => Calc::Variance,
                Some("stdDev") => Calc::Deviation,
                Some(_) => return None,
            },
            centered: text(options, "windowAlignment").as_deref() == Some("centered"),
            size,
            share: text(options, "windowSizeMode").is_none_or(|mode| mode == "percentage"),
        };
        (size > 0.0).then_some(window)
    }

    /// The results for each of the first `rows` rows.
    pub fn over(&self, cells: &[Cell], rows: usize) -> Vec<Cell> {
        // What is wider than all rows is as wide as they are on both sides.
        let width = ((self.size * if self.share { rows as f64 } else { 1.0 }).ceil() as usize).min(rows * 2 + 2);
        match (self.calc, self.centered) {
            (Calc::Mean, false) => trailing_mean(cells, rows, width),
            (Calc::Mean, true) => centered_mean(cells, rows, width),
            _ => self.spread(cells, rows, width),
        }
    }

    /// From which row to which the window reaches; the end is not in it.
    fn reach(&self, row: usize, width: usize, all: usize) -> (usize, usize) {
        if self.centered {
            let ahead = width.div_ceil(2).saturating_sub(1);
            return (row.saturating_sub(width / 2), row.saturating_add(ahead).saturating_add(1).min(all));
        }
        ((row + 1).saturating_sub(width), (row + 1).min(all))
    }

    fn spread(&self, cells: &[Cell], rows: usize, width: usize) -> Vec<Cell> {
        let result =
            |variance: f64| Cell::Number(if self.calc == Calc::Deviation { variance.sqrt() } else { variance });
        if rows.saturating_mul(width.min(rows)) <= LOOKED_AT {
            let window = |row| {
                let (from, to) = self.reach(row, width, cells.len());
                result(variance(cells.get(from..to).unwrap_or_default()))
            };
            return (0..rows).map(window).collect();
        }
        let sums = Sums::of(cells);
        (0..rows).map(|row| result(sums.variance(self.reach(row, width, cells.len())))).collect()
    }
}

fn value(cells: &[Cell], row: usize) -> Option<f64> {
    cells.get(row).filter(|cell| **cell != Cell::Null).map(js::as_number)
}

fn mean(sum: f64, count: f64) -> Cell {
    Cell::Number(if count == 0.0 { 0.0 } else { sum / count })
}

/// What leaves the window is taken away only where something came in, as Grafana does it.
fn trailing_mean(cells: &[Cell], rows: usize, width: usize) -> Vec<Cell> {
    let (mut sum, mut count) = (0.0, 0.0);
    let step = |row: usize| {
        if let Some(new) = value(cells, row) {
            sum += new;
            count += 1.0;
            if let Some(old) = row.checked_sub(width).and_then(|row| value(cells, row)) {
                sum -= old;
                count -= 1.0;
            }
        }
        mean(sum, count)
    };
    (0..rows).map(step).collect()
}

fn centered_mean(cells: &[Cell], rows: usize, width: usize) -> Vec<Cell> {
    let (mut sum, mut count) = (0.0, 0.0);
    let ahead = width.div_ceil(2).saturating_sub(1);
    let step = |row: usize| {
        let new = if row == 0 { 0..ahead.saturating_add(1).min(cells.len()) } else { row + ahead..row + ahead + 1 };
        for value in new.filter_map(|row| value(cells, row)) {
            sum += value;
            count += 1.0;
        }
        let old = row.checked_sub(width / 2).and_then(|first| first.checked_sub(1)).filter(|_| row > 0);
        if let Some(old) = old.and_then(|row| value(cells, row)) {
            sum -= old;
            count -= 1.0;
        }
        mean(sum, count)
    };
    (0..rows).map(step).collect()
}

/// Sums from the beginning, of values less their mean.
struct Sums(Vec<(f64, f64, f64)>);

impl Sums {
    fn of(cells: &[Cell]) -> Self {
        let values = || cells.iter().filter(|cell| **cell != Cell::Null).map(js::as_number);
        let mean = values().sum::<f64>() / values().count().max(1) as f64;
        let mut all = vec![(0.0, 0.0, 0.0)];
        let (mut count, mut sum, mut squares) = (0.0, 0.0, 0.0);
        for cell in cells {
            if *cell != Cell::Null {
                let value = js::as_number(cell) - mean;
                count += 1.0;
                sum += value;
                squares += value * value;
            }
            all.push((count, sum, squares));
        }
        Self(all)
    }

    fn variance(&self, (from, to): (usize, usize)) -> f64 {
        let (Some(from), Some(to)) = (self.0.get(from), self.0.get(to)) else { return 0.0 };
        let (count, sum, squares) = (to.0 - from.0, to.1 - from.1, to.2 - from.2);
        if count > 0.0 { (squares / count - (sum / count).powi(2)).max(0.0) } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::check;

    #[test]
    fn windows_move_along() {
        check::all(&[
            (
                "calculateField",
                "table",
                json!({"mode": "windowFunctions", "replaceFields": true, "window": {"reducer": "mean", "field": "cpu", "windowSizeMode": "fixed", "windowSize": 2, "windowAlignment": "trailing"}}),
                "A> trailing moving mean(cpu):n 1,1.5,2.75,1.75",
            ),
            (
                "calculateField",
                "table",
                json!({"mode": "windowFunctions", "replaceFields": true, "window": {"reducer": "mean", "field": "cpu", "windowSizeMode": "fixed", "windowSize": 3, "windowAlignment": "centered"}}),
                "A> centered moving mean(cpu):n 1.5,2.1666666666666665,1.8333333333333333,1.75",
            ),
            (
                "calculateField",
                "table",
                json!({"mode": "windowFunctions", "replaceFields": true, "window": {"reducer": "variance", "field": "cpu", "windowSize": 0.5, "windowAlignment": "centered"}}),
                "A> centered moving variance(cpu):n 0,0.25,0.5625,3.0625",
            ),
        ]);
    }
}
