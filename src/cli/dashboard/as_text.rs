//! What a dashboard shows, for people who read it in a terminal or paste it.

use std::fmt::Write;

use super::super::out;
use crate::{
    base::text,
    grafana::report::{PanelReport, Report},
};

/// Rows of a table that are printed.
const MAX_ROWS: usize = 20;
/// Values of a panel that are printed.
const MAX_VALUES: usize = 30;

/// Title, variables, and each panel with what it reads.
pub fn text(report: &Report) -> String {
    let line = |words: &str| text::line(words).into_owned();
    let mut out = format!("{}\n", line(&report.title));
    for variable in &report.variables {
        let value = variable.text.join(" + ");
        let error = variable.error.as_deref().map(|why| format!("  ! {why}")).unwrap_or_default();
        let _ = writeln!(out, "  ${} = {}{}", line(&variable.name), line(&value), line(&error));
    }
    let mut row = None;
    for panel in &report.panels {
        if panel.row != row {
            row.clone_from(&panel.row);
            if let Some(row) = &row {
                let _ = writeln!(out, "\n== {}", line(row));
            }
        }
        let _ = writeln!(out, "\n{}", line(if panel.title.is_empty() { &panel.kind } else { &panel.title }));
        self::panel(panel, &mut out);
    }
    out
}

fn panel(panel: &PanelReport, out: &mut String) {
    let line = |words: &str| text::line(words).into_owned();
    if let Some(why) = &panel.reason {
        let _ = writeln!(out, "  not shown: {}", line(why));
        for query in &panel.queries {
            let _ = writeln!(out, "  {}: {}", line(&query.ref_id), line(&query.expr));
        }
    }
    if let Some(words) = &panel.text {
        for words in words.lines() {
            let _ = writeln!(out, "  {}", line(words));
        }
    }
    let fields = panel.fields.as_deref().unwrap_or_default();
    let cells = |name: &str, text: &str| vec![format!("  {}", line(name)), line(text)];
    let values: Vec<_> = fields.iter().take(MAX_VALUES).map(|field| cells(&field.name, &field.text)).collect();
    out.push_str(&out::table(&values));
    more(fields.len(), MAX_VALUES, out);
    if let (Some(columns), Some(rows)) = (&panel.columns, &panel.rows) {
        let cells = |row: &Vec<String>| {
            row.iter()
                .enumerate()
                .map(|(at, cell)| if at == 0 { format!("  {}", line(cell)) } else { line(cell) })
                .collect()
        };
        let all: Vec<Vec<String>> = std::iter::once(columns).chain(rows.iter().take(MAX_ROWS)).map(cells).collect();
        out.push_str(&out::table(&all));
        more(rows.len(), MAX_ROWS, out);
    }
    for warning in &panel.warnings {
        let _ = writeln!(out, "  ! {}", line(warning));
    }
}

fn more(all: usize, told: usize, out: &mut String) {
    if all > told {
        let _ = writeln!(out, "  and {} more", all - told);
    }
}
