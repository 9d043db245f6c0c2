//! The panels of a dashboard as panes of `stanch.toml`, for those who want to own them.

use std::{collections::BTreeSet, fmt::Write};

use crate::{
    base::{text, toml},
    config::{Config, SourceId},
    grafana::{
        json::{at, text as field},
        plan::PlannedPanel,
        routes::Way,
    },
};

/// A `[[pane]]` for each query of each panel, with its variables filled in; what cannot be one is a comment.
pub fn text(title: &str, config: &Config, panels: &[PlannedPanel<'_>]) -> String {
    let comment = |words: &str| text::line(words).into_owned();
    let mut out = format!("# {}\n", comment(title));
    let mut taken = BTreeSet::new();
    for panel in panels {
        let queries: Vec<_> = panel.queries.iter().filter(|query| !query.is_hidden).collect();
        let kind = match panel.panel.kind.as_str() {
            "timeseries" | "heatmap" | "histogram" | "state-timeline" | "status-history" | "trend" => "timeseries",
            "stat" => "stat",
            "gauge" => "gauge",
            "bargauge" | "piechart" | "barchart" => "bargauge",
            "table" => "table",
            _ => "",
        };
        let name = if panel.unit.title.is_empty() { kind } else { &panel.unit.title };
        if kind.is_empty() || queries.is_empty() {
            let _ = writeln!(out, "\n# {} ({}): nothing a pane can ask", comment(name), comment(&panel.panel.kind));
            continue;
        }
        for query in &queries {
            // What only Grafana can ask, no pane can.
            let source = match query.way {
                Way::Direct(number) if query.error.is_none() => config.source(SourceId::nth(number)),
                _ => None,
            };
            let Some(source) = source else {
                let _ = writeln!(out, "\n# {}: {}", comment(name), comment(&query.expr));
                continue;
            };
            let full = if queries.len() > 1 { format!("{name} {}", query.ref_id) } else { name.to_owned() };
            let numbered = (2..).map(|n| format!("{full} {n}"));
            let unique = std::iter::once(full.clone()).chain(numbered).find(|title| taken.insert(title.clone()));
            let _ = writeln!(out, "\n[[pane]]\ntitle = {}", toml::quoted(&unique.unwrap_or_default()));
            let _ = writeln!(out, "source = {}\ntype = {}", toml::quoted(&source.name), toml::quoted(kind));
            let _ = writeln!(out, "query = {}", toml::quoted(&query.expr));
            let defaults = at(&panel.panel.field_config, "defaults");
            if let Some(unit) = field(defaults, "unit").filter(|unit| !unit.is_empty()) {
                let _ = writeln!(out, "unit = {}", toml::quoted(&unit));
            }
            if let Some(legend) = query.legend.as_deref().filter(|legend| !legend.is_empty() && *legend != "__auto") {
                let _ = writeln!(out, "legend = {}", toml::quoted(legend));
            }
        }
    }
    out
}
