//! What a panel of a dashboard shows: all it asks, asked, and put together as Grafana does it.

use std::time::Duration;

use jiff::Timestamp;

use super::{
    Failure,
    client::Content,
    decoding::broke_off,
    panel_answers::{Answers, once, requests},
    panel_shown::{self, readable},
    peers::Peers,
};
use crate::{
    dashboard::PanelAsk,
    grafana::{
        evaluate::Outcome,
        plan::{PlannedPanel, Resolution},
        time_range::TimeRange,
    },
    signal::{Data, Fault, FaultKind, Window},
};

/// Points that a chart has room for.
const RESOLUTION: u32 = 360;

/// What a panel shows over a window. It may ask several of the sources.
pub(super) async fn read(
    peers: &dyn Peers,
    panel: &PanelAsk,
    window: Window,
    now: Timestamp,
) -> Result<Content, Failure> {
    read_over(peers, panel, Stretch { range: range_of(window, now), ahead: 0 }, now).await
}

/// What a panel showed over a window so much earlier, and a little further.
pub(super) async fn read_earlier(
    peers: &dyn Peers,
    panel: &PanelAsk,
    (window, ago): (Window, Duration),
    now: Timestamp,
) -> Result<Content, Failure> {
    let ms = |duration: Duration| i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
    let TimeRange { from, to } = range_of(window, now);
    let range = TimeRange { from: from.saturating_sub(ms(ago)), to: to.saturating_sub(ms(ago)) };
    read_over(peers, panel, Stretch { range, ahead: ms(window.ahead(ago)) }, now).await
}

fn range_of(window: Window, now: Timestamp) -> TimeRange {
    let (from, to) = window.bounds(now);
    TimeRange { from: from.as_millisecond(), to: to.as_millisecond() }
}

/// What is asked for: its durations are those of the range, however far ahead it goes.
#[derive(Clone, Copy)]
struct Stretch {
    range: TimeRange,
    /// Milliseconds behind its end that are asked for as well.
    ahead: i64,
}

fn plan(panel: &PanelAsk, stretch: Stretch) -> Vec<PlannedPanel<'_>> {
    let resolution = Resolution { points: RESOLUTION, ..Resolution::default() };
    let mut planned = panel.dashboard.planned(panel.unit, stretch.range, resolution);
    for one in &mut planned {
        one.range.to = one.range.to.saturating_add(stretch.ahead);
        for query in one.queries.iter_mut().filter(|query| !query.is_instant) {
            query.range.to = query.range.to.saturating_add(stretch.ahead);
        }
    }
    planned
}

async fn read_over(peers: &dyn Peers, panel: &PanelAsk, stretch: Stretch, now: Timestamp) -> Result<Content, Failure> {
    let planned = plan(panel, stretch);
    let mut answers = Answers::default();
    // One after the other: panels are asked side by side.
    for request in planned.iter().flat_map(requests) {
        if !answers.has(&request) {
            let came = once(&request, peers, now).await;
            answers.add(request, came);
        }
    }
    let outcomes: Vec<Vec<Outcome>> = planned.iter().map(|of| answers.of_panel(of)).collect();
    let mut all = outcomes.iter().flatten();
    if !all.any(Result::is_ok) {
        if let Some(failure) = answers.first_failure() {
            // One source is not left alone because another one wants to be.
            let retry_after = failure.retry_after.filter(|_| !answers.are_of_several());
            return Err(Failure { retry_after, ..failure.clone() });
        }
        let mut failed = outcomes.iter().flatten().filter_map(|outcome| outcome.as_ref().err());
        if let Some(why) = failed.find(|why| !why.is_empty()) {
            return Err(Fault::new(FaultKind::BadQuery, why).into());
        }
    }
    let lines = planned.first().filter(|of| of.panel.kind == "logs").and_then(|of| answers.lines(of));
    drop(planned);
    if let Some(lines) = lines {
        let failed = outcomes.iter().flatten().filter_map(|outcome| outcome.as_ref().err());
        let said = answers.remarks().chain(failed.filter(|why| !why.is_empty()));
        return Ok((Data::Logs(lines), said.map(|remark| readable(remark)).collect()));
    }
    let panel = panel.clone();
    let (data, said) = apart(move || {
        let planned = plan(&panel, stretch);
        let shown = panel.dashboard.shown(&planned, &outcomes);
        panel_shown::content(planned.first().map(|planned| planned.panel), shown)
    })
    .await?;
    // What the server says comes first: by that a part of an answer is known.
    Ok((data, answers.remarks().map(|remark| readable(remark)).chain(said).collect()))
}

/// Works something out away from the thread that asks the sources: transformations of large answers take long, and vitals do
/// not wait for them.
async fn apart(work: impl FnOnce() -> Result<Content, Failure> + Send + 'static) -> Result<Content, Failure> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| Err(broke_off().into()))
}
