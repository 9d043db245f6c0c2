//! From what is on the screen to an observation: the value, query, source, time and link are kept as evidence.

use jiff::{Timestamp, tz::TimeZone};

use crate::{
    app::{
        App, Facts, VitalState, clock,
        screen::watch,
        world::{
            checks::{SignOf, suggest},
            rows::What,
            variables,
            vitals::{self, range_in_words},
        },
    },
    base::{redact::without_secrets_of_addresses, text},
    config::{PaneKind, SourceId},
    dashboard::{Ask, PlannedPane},
    incident::{
        Event, ObservationState,
        board::{CheckSpec, Evidence},
    },
    signal::{
        AlertGroup, Band, Bucket, Curves, Data, Heatmap, HistogramBar, Level, LogLine, Reach, Reading, Readout, Series,
        Unit, logql, storm::Proposal,
    },
};

/// Points of a curve that are kept.
const POINTS: usize = 30;
/// Series whose values are kept of one time.
const MOST_SERIES: usize = 30;
/// The longest name of a series there, in bytes.
const MAX_NAME: usize = 120;
/// The longest sentence about a pane, in bytes.
const MAX_SAID: usize = 400;

/// What is selected in view 1 as a new observation; `None` when nothing is selected that could be one.
pub(in crate::app) fn selection_as_symptom(app: &App) -> Option<Event> {
    let pane = watch::focused(app)?;
    match watch::selected(app, pane.id).map(|row| (row.source, row.what)) {
        Some((source, What::Alerts(alerts))) => {
            return Some(alert_as_symptom(app.facts(), app.session.source_of(source)?, &alerts.part()));
        }
        Some((_, What::Line(line))) => {
            let evidence = Evidence { value: line.text.clone(), at: line.at, ..evidence_of(app.facts(), pane) };
            let text = text::clipped(&line.text, 120).into_owned();
            return Some(symptom(text, None, line.at, evidence));
        }
        Some((_, What::Change(change))) => {
            let mut evidence = Evidence { at: Some(change.at), ..evidence_of(app.facts(), pane) };
            evidence.link = change.url.clone().or(evidence.link);
            return Some(symptom(format!("{} {}", change.kind.word(), change.title), None, Some(change.at), evidence));
        }
        _ => {}
    }
    match pane.pane.kind {
        PaneKind::Alerts | PaneKind::Logs | PaneKind::Changes => None,
        PaneKind::Text => None,
        _ => {
            let evidence = evidence_of(app.facts(), pane);
            let text = match evidence.value.as_str() {
                "" => pane.pane.title.clone(),
                value => format!("{} is {value}", pane.pane.title),
            };
            Some(symptom(text, Some(pane.pane.title.clone()), None, evidence))
        }
    }
}

/// An alert group as an observation; all of a group have one origin.
pub(in crate::app) fn alert_as_symptom(facts: Facts<'_>, source: SourceId, group: &AlertGroup) -> Event {
    let first = group.alerts.first();
    let summary = first.map(|alert| alert.summary.to_string()).filter(|summary| !summary.is_empty());
    let count = group.counts.total();
    let text = match summary {
        Some(summary) if count == 1 => format!("{}: {summary}", group.title),
        Some(summary) if group.alerts.iter().all(|alert| *alert.summary == *summary) => {
            format!("{} ×{count}: {summary}", group.title)
        }
        Some(summary) => format!("{} ×{count}, such as {summary}", group.title),
        None if count == 1 => group.title.to_string(),
        None => format!("{} ×{count}", group.title),
    };
    let links = first.map(|alert| &alert.links);
    let evidence = Evidence {
        title: group.title.to_string(),
        source: facts.session.source_name(source),
        query: group.labels.to_string(),
        value: format!("{count} {}", group.state.word()),
        at: alerts_heard(facts, source),
        link: links.and_then(|l| l.dashboard.as_ref().or(l.generator.as_ref()).map(ToString::to_string)),
        points: Vec::new(),
    };
    symptom(text, Some(group.title.to_string()), Some(group.since), evidence)
}

/// When the alerts of a source were read.
fn alerts_heard(facts: Facts<'_>, source: SourceId) -> Option<Timestamp> {
    let readings =
        facts.world.plan.of_source(source).filter_map(|(query, _)| facts.world.signals.slot(query)?.good.as_ref());
    readings.filter(|reading| matches!(reading.data, Data::Alerts(_))).map(|reading| reading.at).max()
}

/// A folded part of an alert storm as one observation.
pub(in crate::app) fn proposal_as_symptom(facts: Facts<'_>, proposal: &Proposal, origin: &str) -> Event {
    let firing = || proposal.parts.iter().filter(|part| part.firing > 0);
    let mut sources: Vec<&str> = firing().map(|part| &*part.source).collect();
    sources.sort_unstable();
    sources.dedup();
    let groups = firing().count();
    let (plural, alerts) = (if groups == 1 { "" } else { "s" }, proposal.alerts.len());
    let evidence = Evidence {
        title: proposal.of.clone(),
        source: sources.join(", "),
        query: proposal.shared().to_string(),
        value: format!("{alerts} firing in {groups} group{plural}"),
        at: sources.iter().filter_map(|name| alerts_heard(facts, facts.session.source_of(name)?)).min(),
        link: None,
        points: Vec::new(),
    };
    symptom(proposal.text.clone(), Some(origin.to_owned()), Some(proposal.began), evidence)
}

/// A vital that is out of its range as an observation.
pub(in crate::app) fn vital_as_symptom(facts: Facts<'_>, at: usize) -> Option<Event> {
    let (vital, query) = (facts.session.config.vitals.get(at)?, facts.world.plan.vitals.get(at)?);
    let VitalState::Outside(value) = vitals::vital(facts, at) else { return None };
    let reading = facts.world.signals.slot(*query)?.good.as_ref()?;
    let source = facts.session.config.sources.iter().find(|source| source.name == vital.source);
    let link = source.and_then(|source| source.link(&vital.query, facts.world.window, facts.session.now));
    let value = vital.format(value);
    let text = format!("{} is {value} (should be {})", vital.title, range_in_words(vital));
    let points = match &reading.data {
        Data::Series(series) => series.first().map(thinned).unwrap_or_default(),
        _ => Vec::new(),
    };
    let evidence = Evidence {
        title: vital.title.clone(),
        source: vital.source.clone(),
        query: vital.query.clone(),
        value,
        at: Some(reading.at),
        link,
        points,
    };
    Some(symptom(text, Some(vital.title.clone()), facts.incident.onset(), evidence))
}

/// What a pane shows now, with its numbers.
pub(in crate::app) fn evidence_of(facts: Facts<'_>, pane: &PlannedPane) -> Evidence {
    let query = pane.queries.first().and_then(|id| Some((id, facts.world.plan.query(*id)?)));
    let reading = query.and_then(|(id, _)| facts.world.signals.slot(*id)?.good.as_ref());
    let source = query.and_then(|(_, query)| facts.session.config.source(query.source));
    let (value, points) = reading.map(|r| value_of(pane, r)).unwrap_or_default();
    let link = source.and_then(|source| match query.map(|(_, query)| &query.ask)? {
        Ask::Range(expr) | Ask::LiveRange(expr) | Ask::Instant(expr) => {
            source.link(expr, facts.world.window, facts.session.now)
        }
        Ask::Panel(panel) => source.link(panel.queries().first()?, facts.world.window, facts.session.now),
        _ => None,
    });
    Evidence {
        title: title_of(pane, query.map(|(_, query)| &query.ask)),
        source: source.map(|source| source.name.clone()).unwrap_or_default(),
        // It goes into the journal and the notes, and an address may carry a key.
        query: match query.map(|(_, query)| &query.ask) {
            Some(Ask::Fetch { .. }) => without_secrets_of_addresses(&pane.pane.query),
            _ => pane.pane.query.clone(),
        },
        value,
        at: reading.map(|r| r.at),
        link,
        points,
    }
}

/// The title of a pane, and for which values of its variables it stands: who reads it later does not see them.
fn title_of(pane: &PlannedPane, ask: Option<&Ask>) -> String {
    let variables = match ask {
        Some(Ask::Panel(panel)) => variables::of_panel(panel),
        _ => String::new(),
    };
    let title = &pane.pane.title;
    if variables.is_empty() { title.clone() } else { format!("{title} ({variables})") }
}

/// What the chart that has the focus shows at a time: a value of each series that is drawn there; `None` where the focus is
/// on no chart.
pub(in crate::app) fn at_time(app: &App, at: Timestamp) -> Option<Evidence> {
    let pane = watch::focused(app).filter(|pane| pane.pane.kind == PaneKind::TimeSeries)?;
    let legend = watch::legend(app, pane);
    // What is drawn in other ways, as buckets or states, has no curves to read a value from.
    if legend.all.is_empty() {
        return None;
    }
    let shown = legend.lines.iter().filter(|line| line.shown);
    let values: Vec<_> = shown
        .filter_map(|line| {
            let v = line.series.near(at.as_millisecond())?.v;
            Some((line.series, line.unit(&pane.pane).format(v)))
        })
        .collect();
    let word = |(series, value): &(&Series, String)| match legend.all.len() {
        1 => value.clone(),
        _ => format!("{} {value}", text::clipped(&series.name, MAX_NAME)),
    };
    let words: Vec<String> = values.iter().take(MOST_SERIES).map(word).collect();
    let value = match (words.is_empty(), values.len().saturating_sub(MOST_SERIES)) {
        (true, _) => "no data".to_owned(),
        (false, 0) => words.join(", "),
        (false, more) => format!("{} and {more} more", words.join(", ")),
    };
    let points = values.first().map(|(series, _)| thinned(series)).unwrap_or_default();
    let of_now = evidence_of(app.facts(), pane);
    // It is read later, and elsewhere.
    let title = format!("{} at {}", of_now.title, clock::time(at, &TimeZone::UTC, true));
    Some(Evidence { title, value, at: Some(at), points, ..of_now })
}

/// What a pane shows, in a sentence without its title, for who cannot see it.
pub fn in_a_sentence(app: &App, pane: &PlannedPane) -> String {
    if pane.pane.kind == PaneKind::Text {
        let words = text::line(pane.pane.text.trim()).into_owned();
        return text::clipped(&words, MAX_SAID).into_owned();
    }
    let slots = pane.queries.iter().filter_map(|query| app.world.signals.slot(*query));
    let said = slots.map(|slot| {
        let value = slot.good.as_ref().map(|reading| match &reading.data {
            Data::Logs(lines) => lines_in_words(lines),
            _ => value_of(pane, reading).0,
        });
        let value = value.filter(|value| !value.is_empty());
        match (slot.fault(), value) {
            (Some(fault), Some(value)) => format!("not known now, {fault}; it was {value}"),
            (Some(fault), None) => format!("not known, {fault}"),
            (None, Some(value)) => value,
            (None, None) if slot.good.is_some() => "nothing".into(),
            (None, None) => "no answer yet".into(),
        }
    });
    let said: Vec<String> = said.collect();
    if said.is_empty() { "it asks nothing".into() } else { text::clipped(&said.join("; "), MAX_SAID).into_owned() }
}

/// `12 lines, 3 errors; the last: pool exhausted`
fn lines_in_words(lines: &[LogLine]) -> String {
    let Some(last) = lines.last() else { return String::new() };
    let counted = |count: usize, of: &str| format!("{count} {of}{}", if count == 1 { "" } else { "s" });
    let errors = lines.iter().filter(|line| line.level == Level::Error).count();
    format!("{}, {}; the last: {}", counted(lines.len(), "line"), counted(errors, "error"), last.text)
}

fn symptom(text: String, origin: Option<String>, when: Option<Timestamp>, evidence: Evidence) -> Event {
    Event::ObservationAdded {
        text,
        state: ObservationState::Present,
        origin,
        when,
        evidence: Some(Box::new(evidence)),
        check: CheckSpec::default(),
    }
}

/// The value in words, and a few points of the only curve. What has ended is not of now.
fn value_of(pane: &PlannedPane, reading: &Reading) -> (String, Vec<(i64, f64)>) {
    let unit = &pane.pane.unit;
    match &reading.data {
        Data::Number(v) => (unit.format(*v), Vec::new()),
        Data::Series(series) | Data::Curves(Curves { series, .. }) => {
            let reach = Reach::of(series, reading.at.as_millisecond());
            let goes_on = |(_, s): &(usize, &Series)| reach.ended(s).is_none();
            let going_on = series.iter().enumerate().filter(goes_on);
            let mut last: Vec<_> =
                going_on.filter_map(|(at, s)| Some((s, s.last()?.v, said(unit, reading, at)))).collect();
            last.sort_by(|a, b| b.1.total_cmp(&a.1));
            let points = last.first().map(|(s, ..)| thinned(s)).unwrap_or_default();
            match last.as_slice() {
                [] => ("no data".into(), Vec::new()),
                [(_, only, unit)] if series.len() == 1 => (unit.format(*only), points),
                several => {
                    let shown = several.iter().take(3).map(|(s, v, unit)| format!("{} {}", s.name, unit.format(*v)));
                    (shown.collect::<Vec<_>>().join(", "), points)
                }
            }
        }
        Data::Readouts(readouts) => {
            let word = |readout: &Readout| match readout.name.is_empty() || readouts.len() == 1 {
                true => readout.text.clone(),
                false => format!("{} {}", readout.name, readout.text),
            };
            (readouts.iter().take(3).map(word).collect::<Vec<_>>().join(", "), Vec::new())
        }
        Data::Heatmap(heatmap) => (busiest(heatmap), Vec::new()),
        Data::Histogram(histogram) => {
            let most = histogram.bars.iter().max_by(|a, b| a.count.total_cmp(&b.count));
            let words = |bar: &HistogramBar| format!("most from {} to {}", bar.from, bar.to);
            (most.map(words).unwrap_or_default(), Vec::new())
        }
        Data::States(bands) => {
            let state = |band: &Band| Some(format!("{} {}", band.name, band.stretches.last()?.state));
            (bands.iter().take(3).filter_map(state).collect::<Vec<_>>().join(", "), Vec::new())
        }
        Data::Table(table) => (format!("{} rows", table.rows.len()), Vec::new()),
        Data::Alerts(set) => (format!("{} firing", set.counts().firing), Vec::new()),
        Data::Changes(changes) => (format!("{} changes", changes.len()), Vec::new()),
        Data::Logs(lines) => (lines.last().map(|line| line.text.clone()).unwrap_or_default(), Vec::new()),
    }
}

/// The unit a series is said in: its own, or that of the pane.
fn said<'a>(unit: &'a Unit, reading: &'a Reading, at: usize) -> &'a Unit {
    let look = match &reading.data {
        Data::Curves(curves) => curves.look(at),
        _ => None,
    };
    look.and_then(|look| look.unit.as_ref()).unwrap_or(unit)
}

/// The bucket that has most values now.
fn busiest(heatmap: &Heatmap) -> String {
    let now = |bucket: &Bucket| bucket.counts.last().copied().filter(|count| *count > 0.0);
    let counted = heatmap.buckets.iter().filter_map(|bucket| Some((bucket, now(bucket)?)));
    let most = counted.max_by(|a, b| a.1.total_cmp(&b.1));
    most.map_or_else(|| "no values".to_owned(), |(bucket, _)| format!("most {}", bucket.name))
}

fn thinned(series: &Series) -> Vec<(i64, f64)> {
    let step = series.points.len().div_ceil(POINTS).max(1);
    let from_the_end = series.points.iter().rev().step_by(step).filter(|point| point.v.is_finite());
    let mut points: Vec<_> = from_the_end.map(|point| (point.t / 1000, point.v)).collect();
    points.reverse();
    points
}

/// What is selected in Watch as a sign: how it is asked, and its words with a condition.
pub(in crate::app) fn suggested_sign(app: &App) -> Option<(SignOf, String)> {
    let pane = watch::focused(app)?;
    if let Some((source, What::Alerts(alerts))) = watch::selected(app, pane.id).map(|row| (row.source, row.what)) {
        let group: &AlertGroup = alerts.group;
        let shared = suggest::shared_labels(group);
        let (source, query, empty) =
            suggest::alert_query(app.facts(), app.session.source_of(source)?, &shared.to_string())?;
        let title = group.title.to_string();
        let text = format!("{title} fires present when > 0");
        return Some((SignOf { source, query, empty, origin: Some(title) }, text));
    }
    if let Some((name, What::Line(line))) = watch::selected(app, pane.id).map(|row| (row.source, row.what)) {
        let (_, source) = app.session.config.source_named(name).filter(|(_, source)| source.kind.answers_logql())?;
        let part = logql::steady_part(&line.text);
        let query = logql::count_of(&pane.pane.query, part);
        let what = if part.is_empty() { pane.pane.title.clone() } else { format!("“{part}”") };
        // Where nothing is logged there is nothing to count.
        let empty = Some(ObservationState::Absent);
        let of = SignOf { source: source.name.clone(), query, empty, origin: Some(pane.pane.title.clone()) };
        return Some((of, format!("{what} is logged present when > 0")));
    }
    if !suggest::has_numbers(pane.pane.kind) {
        return None;
    }
    let query = app.world.plan.query(*pane.queries.first()?)?;
    let source = app.session.config.source(query.source).filter(|source| !source.kind.has_dashboards())?.name.clone();
    let asked = match &query.ask {
        Ask::Range(query) | Ask::LiveRange(query) | Ask::Instant(query) => query.clone(),
        Ask::Fetch { path, .. } => path.clone(),
        // Of several queries the first is the one that is meant most often.
        Ask::Panel(panel) => panel.queries().into_iter().next()?,
        // It is nobody's evidence: what it is compared with is.
        Ask::Lines { .. } | Ask::Alerts | Ask::Earlier { .. } => return None,
    };
    let title = pane.pane.title.clone();
    let text = format!("{title} present when {}", suggest::suggested_condition(app.facts(), pane));
    Some((SignOf { source, query: asked, empty: None, origin: Some(title) }, text))
}
