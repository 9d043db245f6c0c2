//! Words for how old a pane's data is, and for what its source warns of. Live data without a warning needs none.

use jiff::Timestamp;
use ratatui::style::Style;

use super::{PaneInput, SlotView};
use crate::{
    base::human_time,
    config::PaneKind,
    signal::{Freshness, alert_words, reading::says_which_lines},
    ui::{Role, Theme, sign},
};

/// The newest value and, when something is wrong, how old it is and why; longest form first.
pub(super) fn joined(
    input: &PaneInput<'_>,
    value: Vec<Vec<(String, Style)>>,
    theme: &Theme,
) -> Vec<Vec<(String, Style)>> {
    let style = theme[Role::Stale];
    let trouble: Vec<(String, Style)> = trouble(input).into_iter().map(|words| (words, style)).collect();
    if trouble.is_empty() {
        return warned(input, value, theme);
    }
    let mut forms = Vec::new();
    // That a value is old matters more than the value.
    for words in &trouble {
        for value in &value {
            let mut form: Vec<_> = value.iter().map(|(text, _)| (text.clone(), style)).collect();
            form.push(("  ".into(), style));
            form.push(words.clone());
            forms.push(form);
        }
        forms.push(vec![words.clone()]);
    }
    forms
}

/// What a source wants said about its answer, such as that its clock is off, beside the newest value. A chart says it below.
fn warned(input: &PaneInput<'_>, value: Vec<Vec<(String, Style)>>, theme: &Theme) -> Vec<Vec<(String, Style)>> {
    let warnings = input.slots.iter().filter_map(|slot| slot.reading).flat_map(|reading| &reading.warnings);
    let mut warnings = warnings.filter(|warning| input.zoomed && !says_which_lines(warning) || !is_remark(warning));
    let Some(first) = warnings.next().filter(|_| input.pane.kind != PaneKind::TimeSeries) else {
        return remarked(input, value, theme);
    };
    let words = match warnings.filter(|other| *other != first).count() {
        0 => format!("{} {first}", sign::WARNING),
        more => format!("{} {first} and {more} more", sign::WARNING),
    };
    let nothing = vec![Vec::new()];
    let mut forms = Vec::new();
    for words in [words, format!("{} not all is well", sign::WARNING), sign::WARNING.to_owned()] {
        for value in if value.is_empty() { &nothing } else { &value } {
            let gap = (!value.is_empty()).then(|| ("  ".to_owned(), Style::default()));
            let said = (words.clone(), theme[Role::Warning]);
            forms.push(value.iter().cloned().chain(gap).chain([said]).collect());
        }
    }
    forms
}

/// That a word for a severity is not known, or how far back the newest lines go, where there is room for it: what came is
/// shown all the same.
fn remarked(input: &PaneInput<'_>, value: Vec<Vec<(String, Style)>>, theme: &Theme) -> Vec<Vec<(String, Style)>> {
    let mut warnings = input.slots.iter().filter_map(|slot| slot.reading).flat_map(|reading| &reading.warnings);
    let Some(said) = warnings.find(|warning| is_remark(warning) && !warning.starts_with("PromQL info")) else {
        return value;
    };
    let first = value.first().cloned().unwrap_or_default();
    let with = |said: &str| {
        let gap = (!first.is_empty()).then(|| ("  ".to_owned(), Style::default()));
        first.iter().cloned().chain(gap).chain([(said.to_owned(), theme[Role::Dim])]).collect()
    };
    let (long, short) = match says_which_lines(said) {
        true => {
            let which = said.split(';').next().unwrap_or_default();
            (which.to_owned(), which.rsplit(", ").next().unwrap_or_default().to_owned())
        }
        false => {
            let word = said.split(" of ").next().unwrap_or_default();
            (said.clone(), format!("{word} not known"))
        }
    };
    [with(&long), with(&short)].into_iter().chain(value).collect()
}

/// Whether a warning is only a remark on how a query is written, as Prometheus marks them, on a word for a severity, or on
/// how far back the newest lines go: the answer is as good as any.
pub(super) fn is_remark(warning: &str) -> bool {
    ["PromQL info", alert_words::UNKNOWN_SEVERITY].iter().any(|remark| warning.starts_with(remark))
        || says_which_lines(warning)
}

/// Whether none of the data can be believed.
pub(super) fn all_old(input: &PaneInput<'_>) -> bool {
    !input.slots.is_empty() && input.slots.iter().all(SlotView::is_old)
}

/// What stands in a pane that has not had a reading yet.
pub(super) fn nothing_yet(input: &PaneInput<'_>) -> String {
    let failed = input.slots.iter().find_map(|slot| Some((slot.source, slot.fault?)));
    match (failed, input.slots.first()) {
        (Some((source, fault)), _) => format!("{source}: {fault}"),
        (None, Some(slot)) => format!("waiting for {}", slot.source),
        (None, None) => "no source is asked for this pane".into(),
    }
}

/// `polled 2 s ago`: how long ago the oldest of the last good readings came.
pub(super) fn polled(input: &PaneInput<'_>) -> String {
    match input.slots.iter().filter_map(|slot| slot.last_good).min() {
        Some(at) => format!("polled {} ago", human_time::long(human_time::between(at, input.now))),
        None => "not polled yet".into(),
    }
}

/// Times whose age is in the words of this file: of what is old, and of all when the body tells how old it is.
pub(super) fn shown_ages<'b>(input: &'b PaneInput<'_>, told: bool) -> impl Iterator<Item = Timestamp> + 'b {
    input.slots.iter().filter(move |slot| told || slot.is_old()).filter_map(|slot| slot.last_good)
}

/// What is wrong with the worst query, longest form first; nothing when all are live.
fn trouble(input: &PaneInput<'_>) -> Vec<String> {
    let rank = |slot: &SlotView<'_>| match slot.freshness {
        Freshness::Live => 0,
        Freshness::Never => 1,
        Freshness::Stale => 2,
        Freshness::Failing => 3,
    };
    let worst = input.slots.iter().rev().max_by_key(|slot| (rank(slot), std::cmp::Reverse(slot.last_good)));
    let Some(slot) = worst.filter(|slot| slot.freshness != Freshness::Live) else { return Vec::new() };
    let old = slot.last_good.map(|at| format!("stale {}", human_time::long(human_time::between(at, input.now))));
    let why = slot.fault.map(|fault| format!("{} {}", slot.source, fault.short()));
    match (slot.freshness, old, why) {
        (Freshness::Never, ..) if input.slots.len() > 1 => vec![format!("waiting for {}", slot.source)],
        (Freshness::Never, ..) => vec!["no data yet".into()],
        (_, Some(old), Some(why)) => vec![format!("{old} · {why}"), old, "stale".into()],
        (_, Some(old), None) if input.slots.len() > 1 => {
            vec![format!("{} {old}", slot.source), old, "stale".into()]
        }
        (_, Some(old), None) => vec![old, "stale".into()],
        (_, None, Some(why)) => vec![why, "failed".into()],
        (_, None, None) => vec!["failed".into()],
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::tz::TimeZone;

    use super::*;
    use crate::{
        app::world::rows::Rows,
        config::Pane,
        signal::{Fault, FaultKind, Window},
    };

    fn slot(freshness: Freshness, fault: Option<&Fault>, good: Option<i64>) -> SlotView<'_> {
        SlotView {
            source: "prom",
            tells: false,
            follows: true,
            reading: None,
            until: None,
            freshness,
            heard: freshness == Freshness::Live,
            fault,
            last_good: good.map(|s| Timestamp::from_second(s).unwrap()),
            every: Duration::from_secs(5),
        }
    }

    fn input<'a>(pane: &'a Pane, slots: Vec<SlotView<'a>>) -> PaneInput<'a> {
        PaneInput {
            pane,
            slots,
            focused: false,
            zoomed: false,
            now: Timestamp::from_second(100).unwrap(),
            window: Window::live(Duration::from_secs(60)),
            tz: TimeZone::UTC,
            marks: &[],
            onset: None,
            rows: Rows::default(),
            cursor: None,
            scroll: 0,
            stopped: Vec::new(),
            wrapped: false,
            marked: Vec::new(),
            filter: "",
            dragged: None,
            time: None,
            is_beside_time: false,
            legend: None,
            earlier: None,
            smell: None,
        }
    }

    #[track_caller]
    fn check(freshness: Freshness, fault: Option<FaultKind>, good: Option<i64>, expected: &[&str]) {
        let fault = fault.map(|kind| Fault::new(kind, ""));
        let pane = Pane::titled("a");
        assert_eq!(trouble(&input(&pane, vec![slot(freshness, fault.as_ref(), good)])), expected);
    }

    #[test]
    fn words_for_what_is_wrong() {
        let timed_out = FaultKind::TimedOut(Duration::from_secs(5));
        check(Freshness::Live, None, Some(98), &[]);
        check(Freshness::Stale, None, Some(58), &["stale 42 s", "stale"]);
        check(Freshness::Failing, Some(timed_out), Some(58), &["stale 42 s · prom timed out", "stale 42 s", "stale"]);
        check(Freshness::Failing, Some(FaultKind::Refused), None, &["prom refused", "failed"]);
        check(Freshness::Never, None, None, &["no data yet"]);
    }

    #[test]
    fn a_remark_is_no_warning() {
        let info = "PromQL info: metric might not be a counter, name does not end in _total: \"jobs\" (1:6)";
        let reading = crate::signal::Reading {
            at: Timestamp::UNIX_EPOCH,
            data: crate::signal::Data::Number(1.0),
            warnings: vec![info.into(), "partial".into()],
        };
        let pane = Pane { kind: PaneKind::Stat, ..Pane::titled("a") };
        let said = |zoomed: bool, warnings: usize| {
            let reading = crate::signal::Reading { warnings: reading.warnings[..warnings].to_vec(), ..reading.clone() };
            let slot = SlotView { reading: Some(&reading), ..slot(Freshness::Live, None, Some(98)) };
            let input = PaneInput { zoomed, ..input(&pane, vec![slot]) };
            let theme = Theme::default();
            joined(&input, Vec::new(), &theme).first().map(|form| form.iter().map(|(text, _)| text.as_str()).collect())
        };
        let told = |text: &str| Some(format!("{} {text}", sign::WARNING));
        assert_eq!(said(false, 1), None::<String>);
        assert_eq!(said(false, 2), told("partial"));
        assert_eq!(said(true, 1), told(info));
    }

    #[test]
    fn how_far_back_the_newest_lines_go_is_said_and_no_warning() {
        let warning = "the newest 1000 lines, of the last 12 s; older ones are left out";
        let (at, data) = (Timestamp::UNIX_EPOCH, crate::signal::Data::Logs(Vec::new()));
        let reading = crate::signal::Reading { at, data, warnings: vec![warning.into()] };
        let pane = Pane { kind: PaneKind::Logs, ..Pane::titled("a") };
        let slot = SlotView { reading: Some(&reading), ..slot(Freshness::Live, None, Some(98)) };
        for zoomed in [false, true] {
            let input = PaneInput { zoomed, ..input(&pane, vec![slot.clone()]) };
            let forms = joined(&input, Vec::new(), &Theme::default());
            let said = forms.iter().map(|form| form.iter().map(|(text, _)| text.as_str()).collect::<String>());
            assert_eq!(said.collect::<Vec<_>>(), ["the newest 1000 lines, of the last 12 s", "of the last 12 s"]);
        }
    }

    #[test]
    fn a_severity_nobody_knows_is_said_where_there_is_room() {
        let warning = "severity “sev-blue” of 12 alerts is not known: shown as `?`";
        let reading = crate::signal::Reading {
            at: Timestamp::UNIX_EPOCH,
            data: crate::signal::Data::Number(1.0),
            warnings: vec![warning.into()],
        };
        let pane = Pane { kind: PaneKind::Alerts, ..Pane::titled("a") };
        let slot = SlotView { reading: Some(&reading), ..slot(Freshness::Live, None, Some(98)) };
        let value = vec![vec![("3 firing".to_owned(), Style::default())]];
        let forms = joined(&input(&pane, vec![slot]), value, &Theme::default());
        let forms: Vec<String> =
            forms.iter().map(|form| form.iter().map(|(text, _)| text.as_str()).collect()).collect();
        let short = "3 firing  severity “sev-blue” not known".to_owned();
        assert_eq!(forms, [format!("3 firing  {warning}"), short, "3 firing".to_owned()]);
    }
}
