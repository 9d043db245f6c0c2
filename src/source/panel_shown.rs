//! What a panel shows, as what is drawn: words are made harmless and short, and there is not more of anything than can be
//! looked at.

use serde_json::Value;

use super::{Failure, client::Content};
use crate::{
    base::text,
    grafana::{
        color,
        json::{at, list},
        model::Panel,
        shown::{self, Line, LineStyle, Shown, ShownBand, ShownField, ShownTable, Stacking},
    },
    signal::{
        Band, Bucket, Column, Curves, Data, Fault, FaultKind, Heatmap, Histogram, HistogramBar, Labels, Look, Point,
        Readout, Series, Stack, Stretch, Stroke, Table, Tone, Unit,
    },
};

/// Most curves that are drawn, and most states, values and buckets.
const MAX_LINES: usize = 200;
/// The longest text of a cell, in bytes.
const MAX_WORDS: usize = 1000;
/// Most rows that are shown.
const MAX_ROWS: usize = 1000;

/// What is drawn of a panel.
pub(super) fn content(panel: Option<&Panel>, shown: Shown) -> Result<Content, Failure> {
    let mut warnings: Vec<String> = shown.warnings.iter().map(|warning| readable(warning)).collect();
    let judges = panel.is_some_and(judges);
    if let Some(why) = shown.reason {
        return Err(Fault::new(FaultKind::BadQuery, readable(&why)).into());
    }
    let mut fewer = |count: usize, what: &str| {
        if count > MAX_LINES {
            warnings.push(format!("showing {MAX_LINES} of {count} {what}"));
        }
    };
    let data = if let Some(heat) = shown.heat {
        fewer(heat.rows.len(), "buckets");
        Data::Heatmap(heatmap(heat))
    } else if let Some(bands) = shown.bands {
        fewer(bands.len(), "series");
        Data::States(bands.into_iter().take(MAX_LINES).map(|one| band(one, judges)).collect())
    } else if let Some(counts) = shown.counts {
        Data::Histogram(histogram(counts))
    } else if let Some(bars) = shown.bars {
        fewer(bars.len(), "bars");
        Data::Readouts(readouts(bars, panel, judges))
    } else if let Some(table) = shown.table {
        Data::Table(self::table(table))
    } else if !shown.lines.is_empty() {
        fewer(shown.lines.len(), "series");
        curves(shown.lines)
    } else {
        match shown.fields {
            Some(fields) => {
                fewer(fields.len(), "values");
                Data::Readouts(readouts(fields, panel, judges))
            }
            None => Data::Series(Vec::new()),
        }
    };
    Ok((data, warnings))
}

/// Whether somebody said from which value on a number is bad, and wants it seen: what every panel has when nobody did
/// says nothing.
fn judges(panel: &Panel) -> bool {
    fn names(value: &Value) -> bool {
        let own = |key: &str| list(value, key).len() > 1 || list(at(value, key), "steps").len() > 1;
        own("thresholds") || !list(value, "mappings").is_empty()
    }
    let rules = list(&panel.field_config, "overrides").iter().flat_map(|rule| list(rule, "properties"));
    let mut ruled = rules.filter_map(|property| at(property, "id").as_str());
    let is_coloured = at(&panel.options, "colorMode").as_str() != Some("none");
    let is_judged =
        names(at(&panel.field_config, "defaults")) || ruled.any(|id| matches!(id, "thresholds" | "mappings"));
    is_coloured && is_judged
}

/// Words as they go to the screen: on one line, not endless, and an infinite count, for which Grafana writes
/// `∞undefined req/s`, without the word that says nothing.
pub(super) fn readable(words: &str) -> String {
    let line = text::line(words);
    text::clipped(&line, MAX_WORDS).replace("∞undefined", "∞")
}

fn tone(color: &str) -> Option<Tone> {
    Tone::of_hex(&color::hex(color))
}

fn table(table: ShownTable) -> Table {
    let dropped = table.rows.len().saturating_sub(MAX_ROWS);
    let numeric = |at: usize| {
        let mut cells = table.rows.iter().filter_map(|row| row.get(at)).filter(|cell| !cell.is_empty()).peekable();
        let is_number =
            |cell: &String| cell.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '∞')) || cell == "NaN";
        cells.peek().is_some() && cells.all(is_number)
    };
    let columns = table.columns.iter().enumerate();
    let columns = columns.map(|(at, name)| Column { name: readable(name), numeric: numeric(at) }).collect();
    let rows = table.rows.iter().take(MAX_ROWS);
    let rows = rows.map(|row| row.iter().map(|cell| readable(cell)).collect()).collect();
    let levels = table.levels.iter().filter(|(row, ..)| *row < MAX_ROWS);
    let tones = levels.filter_map(|(row, column, color)| Some((*row, *column, tone(color)?))).collect();
    Table { columns, rows, dropped, tones }
}

/// Plain lines, unless some are to be drawn in another way.
fn curves(lines: Vec<Line>) -> Data {
    let is_alone = lines.len() == 1;
    let lines: Vec<Line> = lines.into_iter().take(MAX_LINES).collect();
    let looks: Vec<Look> = lines.iter().map(|line| look(&line.style, is_alone)).collect();
    let series: Vec<Series> = lines.into_iter().map(series).collect();
    match looks.iter().all(|look| *look == Look::default()) {
        true => Data::Series(series),
        false => Data::Curves(Curves { series, looks }),
    }
}

fn series(line: Line) -> Series {
    Series {
        name: readable(&line.name).into(),
        labels: Labels::of(line.labels.iter().map(|(name, value)| (name.as_str(), value.as_str()))),
        points: line.points.into_iter().map(|(t, v)| Point { t, v }).collect(),
    }
}

/// Areas are filled where they hide nothing: on a stack, and below a line that is alone.
fn look(style: &LineStyle, is_alone: bool) -> Look {
    Look {
        unit: style.unit.as_deref().map(Unit::parse),
        is_apart: style.is_right,
        stack: match style.stacking {
            Stacking::No => Stack::No,
            Stacking::Sum => Stack::Sum,
            Stacking::Percent => Stack::Percent,
        },
        stroke: match style.stroke {
            shown::Stroke::Line => Stroke::Line,
            shown::Stroke::Steps => Stroke::Steps,
            shown::Stroke::Bars => Stroke::Bars,
            shown::Stroke::Points => Stroke::Points,
        },
        is_filled: style.is_filled && is_alone,
        log: style.log,
        is_mirrored: style.is_mirrored,
        ends: style.ends,
    }
}

fn heatmap(heat: shown::Heat) -> Heatmap {
    let bucket = |row: shown::HeatRow| Bucket { name: readable(&row.name), counts: row.counts };
    Heatmap { times: heat.times, buckets: heat.rows.into_iter().take(MAX_LINES).map(bucket).collect() }
}

fn band(band: ShownBand, judges: bool) -> Band {
    let stretch = |one: shown::ShownStretch| Stretch {
        from: one.from,
        until: one.until,
        state: readable(&one.state),
        tone: one.level.as_deref().filter(|_| judges).and_then(tone),
    };
    Band { name: readable(&band.name), stretches: band.stretches.into_iter().map(stretch).collect() }
}

fn histogram(counts: Vec<shown::Count>) -> Histogram {
    let bar = |one: shown::Count| HistogramBar { from: readable(&one.from), to: readable(&one.to), count: one.count };
    Histogram { bars: counts.into_iter().map(bar).collect() }
}

fn readouts(mut fields: Vec<ShownField>, panel: Option<&Panel>, judges: bool) -> Vec<Readout> {
    let option = |key: &str| panel.and_then(|panel| at(&panel.options, key).as_str()).unwrap_or_default();
    // A pie shows the largest slice first, unless it is told otherwise.
    if fields.iter().any(|field| field.share.is_some()) && option("sort") != "none" {
        let size = |field: &ShownField| field.share.unwrap_or_default();
        fields.sort_by(|a, b| size(b).total_cmp(&size(a)));
        if option("sort") == "asc" {
            fields.reverse();
        }
    }
    let is_loud = option("colorMode").starts_with("background");
    let readout = |field: ShownField| Readout { is_loud, ..self::readout(field, judges) };
    fields.into_iter().take(MAX_LINES).map(readout).collect()
}

fn readout(field: ShownField, judges: bool) -> Readout {
    let marks = field.scale.iter().filter(|_| judges).flat_map(|scale| &scale.marks);
    Readout {
        name: readable(&field.name),
        text: readable(&field.text),
        value: field.value,
        part: field.share.or(field.part),
        tone: field.level.as_deref().filter(|_| judges).and_then(tone),
        share: field.share,
        marks: marks.filter_map(|(at, color)| Some((*at, tone(color)?))).collect(),
        ends: field.scale.as_ref().map(|scale| scale.ends.each_ref().map(|end| readable(end))),
        past: field.past.into_iter().map(|(t, v)| Point { t, v }).collect(),
        is_loud: false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(panel: &Panel, shown: Shown) -> Data {
        match content(Some(panel), shown) {
            Ok((data, _)) => data,
            Err(_) => panic!("nothing is shown"),
        }
    }

    fn line(style: LineStyle) -> Line {
        Line { points: vec![(1, 2.0)], style, ..Line::default() }
    }

    #[test]
    fn plain_lines_stay_plain() {
        let panel = Panel::default();
        let filled = || LineStyle { is_filled: true, ..LineStyle::default() };
        let shown = |lines| Shown { lines, ..Shown::default() };
        let several = told(&panel, shown(vec![line(filled()), line(filled())]));
        assert!(matches!(several, Data::Series(all) if all.len() == 2), "areas of several would hide each other");
        let alone = told(&panel, shown(vec![line(filled())]));
        assert!(matches!(alone, Data::Curves(curves) if curves.looks[0].is_filled));
    }

    #[test]
    fn slices_are_in_the_order_of_their_size() {
        let slice = |name: &str, share| ShownField { name: name.into(), share: Some(share), ..ShownField::default() };
        let names = |sort: &str| {
            let panel = Panel { options: json!({"sort": sort}), ..Panel::default() };
            let fields = Some(vec![slice("a", 0.2), slice("b", 0.5), slice("c", 0.3)]);
            let Data::Readouts(all) = told(&panel, Shown { fields, ..Shown::default() }) else { panic!("readouts") };
            all.iter().map(|one| one.name.as_str()).collect::<String>()
        };
        assert_eq!(["", "desc", "asc", "none"].map(names), ["bca", "bca", "acb", "abc"]);
    }

    #[test]
    fn colours_say_something_only_where_somebody_chose_them() {
        let field = ShownField { level: Some("red".into()), text: "9".into(), ..ShownField::default() };
        let tone = |defaults: Value, options: Value| {
            let panel = Panel { field_config: json!({"defaults": defaults}), options, ..Panel::default() };
            let shown = Shown { fields: Some(vec![field.clone()]), ..Shown::default() };
            let Data::Readouts(all) = told(&panel, shown) else { panic!("readouts") };
            (all[0].tone, all[0].is_loud)
        };
        let chosen = || json!({"thresholds": {"steps": [{"color": "green"}, {"color": "red", "value": 5}]}});
        assert_eq!(tone(json!({}), json!({})), (None, false));
        assert_eq!(tone(chosen(), json!({"colorMode": "background"})), (Some(Tone::Bad), true));
        assert_eq!(tone(chosen(), json!({"colorMode": "none"})), (None, false));
    }

    #[test]
    fn too_many_and_too_long_is_cut_and_said() {
        let rows = (0..300).map(|nth| shown::HeatRow { name: format!("{nth}\u{1b}[31m"), counts: Vec::new() });
        let heat = Some(shown::Heat { times: vec![1], rows: rows.collect() });
        let Ok((Data::Heatmap(heatmap), warnings)) = content(None, Shown { heat, ..Shown::default() }) else {
            panic!("a heatmap")
        };
        assert_eq!((heatmap.buckets.len(), heatmap.buckets[0].name.as_str()), (200, "0[31m"));
        assert_eq!(warnings, ["showing 200 of 300 buckets"]);
    }
}
