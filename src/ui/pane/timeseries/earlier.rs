//! The curves of so much earlier, dim behind those of now, and what a series was then.

use std::time::Duration;

use super::{Body, PaneInput, stack};
use crate::{
    app::world::{comparison, rows::legend::LegendLine},
    signal::{Curves, Data, Look, Series, Stack},
    ui::Role,
};

/// `against 1 d earlier`, shorter in a narrow pane; empty where nothing is compared, or what came has no curves.
pub(in crate::ui::pane) fn aside(input: &PaneInput<'_>, width: u16) -> String {
    match &input.earlier {
        Some((ago, _)) if is_of_curves(input) && width < NARROW => format!("vs {} ago", comparison::in_words(*ago)),
        Some((ago, _)) if is_of_curves(input) => format!("against {} earlier", comparison::in_words(*ago)),
        _ => String::new(),
    }
}

/// A pane of fewer columns needs them for its title.
const NARROW: u16 = 64;

fn is_of_curves(input: &PaneInput<'_>) -> bool {
    let data = input.slots.iter().find_map(|slot| Some(&slot.reading?.data));
    data.is_none_or(|data| matches!(data, Data::Series(_) | Data::Curves(_)))
}

fn ago(input: &PaneInput<'_>) -> Option<Duration> {
    input.earlier.as_ref().map(|(ago, _)| *ago)
}

/// A series as it came, with its source and its looks.
type Came<'a> = (&'a str, &'a Series, Option<&'a Look>);

fn all<'a>(input: &PaneInput<'a>) -> Vec<Came<'a>> {
    let slots = input.earlier.iter().flat_map(|(_, slots)| slots);
    let of = |slot: &super::super::SlotView<'a>| -> Vec<Came<'a>> {
        match slot.reading.map(|reading| &reading.data) {
            Some(Data::Series(series)) => series.iter().map(|one| (slot.source, one, None)).collect(),
            Some(Data::Curves(Curves { series, looks })) => {
                let looks = looks.iter().map(Some).chain(std::iter::repeat(None));
                series.iter().zip(looks).map(|(one, look)| (slot.source, one, look)).collect()
            }
            _ => Vec::new(),
        }
    };
    slots.flat_map(of).collect()
}

/// What a line was earlier: the series of its labels, or of both answers the only one.
pub(super) fn of<'a>(input: &PaneInput<'a>, line: &LegendLine<'_>) -> Option<&'a Series> {
    let all = all(input);
    let is_same = |came: &&Came<'_>| {
        came.0 == line.source && came.1.name == line.series.name && came.1.labels == line.series.labels
    };
    let is_alone = || {
        let counts = input.slots.iter().filter_map(|slot| match &slot.reading?.data {
            Data::Series(series) | Data::Curves(Curves { series, .. }) => Some(series.len()),
            _ => None,
        });
        counts.sum::<usize>() == 1
    };
    match all.iter().find(is_same) {
        Some(same) => Some(same.1),
        None => all.first().filter(|_| all.len() == 1 && is_alone()).map(|only| only.1),
    }
}

/// What all that is stacked came to; `None` where nothing is, or some of it hangs below zero.
pub(super) fn total(input: &PaneInput<'_>, window: (i64, i64)) -> Option<super::paths::Path> {
    let stacked = all(input).into_iter().filter_map(|(_, series, look)| Some((series, look?)));
    let stacked: Vec<_> = stacked.filter(|(_, look)| look.stack == Stack::Sum).collect();
    if stacked.iter().any(|(_, look)| look.is_mirrored) {
        return None;
    }
    let members: Vec<_> = stacked.iter().map(|(series, _)| (*series, false)).collect();
    stack::of(&members, window, false).pop()
}

/// What a line was at that time, with its unit: `was 10.1 req/s`. Empty where nothing is compared or known.
pub(super) fn was(body: &Body<'_, '_>, line: &LegendLine<'_>, t: i64) -> Option<String> {
    let is_share = line.look.is_some_and(|look| look.stack == Stack::Percent);
    let point = of(body.input, line).filter(|_| !is_share)?.near(t).filter(|point| !point.v.is_nan())?;
    Some(format!("was {}", line.unit(body.input.pane).format(point.v)))
}

/// Why nothing of earlier is to be seen, or not of all lines.
pub(super) fn note(input: &PaneInput<'_>, lines: &[LegendLine<'_>], window: (i64, i64)) -> Option<String> {
    let words = comparison::in_words(ago(input)?);
    let (_, slots) = input.earlier.as_ref()?;
    if let Some(fault) = slots.iter().find_map(|slot| slot.fault) {
        return Some(format!("{words} earlier: {fault}"));
    }
    let is_awaited = |slot: &super::super::SlotView<'_>| slot.reading.is_none() || slot.until.is_none();
    if slots.is_empty() || slots.iter().any(is_awaited) {
        return Some(format!("{words} earlier: asked for"));
    }
    let has = |line: &&LegendLine<'_>| of(input, line).is_some_and(|series| !series.between(window).is_empty());
    match lines.iter().filter(has).count() {
        0 if total(input, window).is_none() => Some(format!("nothing {words} earlier")),
        _ => None,
    }
}

/// The style of what was.
pub(super) fn style(body: &Body<'_, '_>) -> ratatui::style::Style {
    body.style(Role::Dim)
}
