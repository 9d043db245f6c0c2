//! The table: a row a figure, a column a program, the cockpit in relation to what it is measured by, and what is aimed at.

use std::collections::HashMap;

use super::measure::{Figure, Figures, Program};
use crate::support::figures::{self, short};

/// All that was measured.
#[derive(Default)]
pub struct Measured(HashMap<(Program, Figure), Vec<f64>>);

impl Measured {
    pub fn add(&mut self, program: Program, figures: Figures) {
        for (figure, value) in figures {
            self.0.entry((program, figure)).or_default().push(value);
        }
    }

    fn quantile(&self, program: Program, figure: Figure, part: f64) -> f64 {
        self.0.get(&(program, figure)).map_or(f64::NAN, |values| figures::quantile(values, part))
    }
}

/// What is aimed at.
enum Aim {
    /// So many times what this program takes, at most.
    Times(Program, f64),
    /// This, at most.
    Most(f64),
    Nothing,
}
use Aim::{Most, Nothing, Times};

const ROWS: &[(&str, Figure, f64, Aim)] = &[
    ("first paint, ms", Figure::FirstPaint, 0.5, Times(Program::Bare, 1.5)),
    ("all panes filled, ms", Figure::AllFilled, 0.5, Times(Program::Naive, 1.5)),
    ("key p50, ms", Figure::Key, 0.5, Times(Program::Ideal, 1.3)),
    ("key p99, ms", Figure::Key, 0.99, Times(Program::Ideal, 2.0)),
    ("CPU a key, µs", Figure::KeyCpu, 0.5, Times(Program::Ideal, 1.3)),
    ("bytes a key", Figure::KeyBytes, 0.5, Most(1000.0)),
    ("idle CPU, %", Figure::IdleCpu, 0.5, Most(0.12)),
    ("idle wake-ups /s", Figure::Wakeups, 0.5, Most(12.0)),
    ("idle frames /s", Figure::Frames, 0.5, Times(Program::Ideal, 1.3)),
    ("RSS, MiB", Figure::Rss, 0.5, Most(10.0)),
    ("quit, ms", Figure::Quit, 0.5, Most(50.0)),
    ("flood: key p50, ms", Figure::FloodKey, 0.5, Most(1.0)),
    ("flood: key p99, ms", Figure::FloodKey, 0.99, Most(10.0)),
    ("flood: key max, ms", Figure::FloodKey, 1.0, Most(50.0)),
    ("flood: CPU, %", Figure::FloodCpu, 0.5, Nothing),
    ("flood: RSS peak, MiB", Figure::FloodPeak, 0.5, Most(50.0)),
];

pub fn table(all: &Measured) -> String {
    let mut head = vec!["median of all rounds".to_owned()];
    head.extend(Program::ALL.map(|program| program.name().to_owned()));
    head.extend(["stanch is", "aim", ""].map(str::to_owned));
    let mut rows = vec![head];
    for (name, figure, part, aim) in ROWS {
        let value = |program| all.quantile(program, *figure, *part);
        let ours = value(Program::Stanch);
        let mut row = vec![(*name).to_owned()];
        row.extend(Program::ALL.map(|program| short(value(program))));
        let (relation, aim, met) = match aim {
            Times(program, most) => {
                let times = ours / value(*program);
                let relation = format!("{}× {}", short(times), program.name());
                (relation, format!("≤ {most}×"), times <= *most)
            }
            Most(most) => (String::new(), format!("≤ {most}"), ours <= *most),
            Nothing => {
                rows.push(row);
                continue;
            }
        };
        let verdict = if ours.is_nan() {
            "?"
        } else if met {
            "met"
        } else {
            "MISSED"
        };
        row.extend([relation, aim, verdict.to_owned()]);
        rows.push(row);
    }
    figures::table(&rows)
}
