//! Curves of now against those of an hour, a day or a week before: who is asked for the past, and how often.
//!
//! The past does not change, only the window moves on. So each chart asks for its past once, a little further than the
//! window reaches, and again when that is used up; another window asks anew by itself. Panels of a dashboard begin when
//! they are seen.

use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
    time::Duration,
};

use crate::{
    app::{App, Effect},
    base::human_time,
    config::PaneKind,
    dashboard::{Ask, Pace, PaneId, Plan, PlannedPane, Query, QueryId, Subscriber},
    signal::Window,
};

const HOUR: Duration = Duration::from_secs(3600);
/// What the key goes through, the nearest first.
pub const USUAL: [Duration; 3] = [HOUR, Duration::from_secs(86_400), Duration::from_secs(7 * 86_400)];
/// The nearest and the farthest past to compare with.
pub const REACH: (Duration, Duration) = (Duration::from_secs(60), Duration::from_secs(400 * 86_400));
/// How often a past that stands still is asked for, which is to say: once.
const STANDS_STILL: Duration = Duration::from_secs(6 * 3600);
/// Least time between two questions for it.
const LEAST: Duration = Duration::from_secs(15);

/// What all charts are compared with, if they are.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    /// How much earlier; `None` while nothing is compared.
    pub ago: Option<Duration>,
    /// Under which query the past of another comes.
    earlier: BTreeMap<QueryId, QueryId>,
    /// What it was last brought up to date for.
    followed: Option<Followed>,
}

/// What decides who is asked, and how often.
#[derive(Clone, Debug, PartialEq)]
struct Followed {
    ago: Duration,
    window: Window,
    revision: u64,
    panes: usize,
    /// Panels that were seen while it is compared.
    seen: HashSet<PaneId>,
}

impl Comparison {
    /// Under which query comes what another one gave earlier; `None` where nothing is compared, or not this.
    pub fn of(&self, query: QueryId) -> Option<QueryId> {
        self.ago.and_then(|_| self.earlier.get(&query).copied())
    }

    /// Takes what it asked out of a plan.
    pub(in crate::app) fn forget_in(&self, plan: &mut Arc<Plan>) {
        if !self.earlier.is_empty() {
            let plan = Arc::make_mut(plan);
            self.earlier.values().for_each(|id| plan.forget(*id));
        }
    }
}

/// `1 d`, `1 w`, `90 min`.
pub fn in_words(ago: Duration) -> String {
    let seconds = ago.as_secs();
    match seconds {
        0 => "now".into(),
        _ if seconds.is_multiple_of(7 * 86_400) => format!("{} w", seconds / (7 * 86_400)),
        _ if seconds.is_multiple_of(86_400) => format!("{} d", seconds / 86_400),
        _ if seconds.is_multiple_of(3600) => format!("{} h", seconds / 3600),
        _ if seconds.is_multiple_of(60) => format!("{} min", seconds / 60),
        _ => human_time::written(ago),
    }
}

/// Whether what is asked for goes with what is shown.
pub(in crate::app) fn is_current(app: &App) -> bool {
    let comparison = &app.world.comparison;
    match (&comparison.followed, comparison.ago) {
        (None, None) => true,
        (Some(known), Some(ago)) => {
            known.ago == ago
                && known.window == app.world.window
                && known.revision == app.world.dashboards.revision
                && known.panes == app.world.plan.panes.len()
                && seen(app).is_none_or(|seen| seen.is_subset(&known.seen))
        }
        _ => false,
    }
}

/// Asks for the past of what is seen, and no more for that of what is not there.
pub(in crate::app) fn follow(app: &mut App) -> Vec<Effect> {
    let config = app.session.config.clone();
    let before = app.world.subscriptions.clone();
    let mut known = std::mem::take(&mut app.world.comparison);
    let mut wanted: BTreeMap<QueryId, QueryId> = BTreeMap::new();
    let panes = app.world.plan.panes.clone();
    panes.iter().for_each(|pane| app.world.subscriptions.leave(Subscriber::Comparison(pane.id)));
    known.followed = known.ago.map(|ago| {
        let before = known.followed.take().filter(|followed| followed.ago == ago);
        let mut seen = before.map(|followed| followed.seen).unwrap_or_default();
        seen.extend(self::seen(app).into_iter().flatten().copied());
        let plan = Arc::make_mut(&mut app.world.plan);
        for pane in panes.iter().filter(|pane| is_chart(pane) && (pane.origin.is_none() || seen.contains(&pane.id))) {
            for id in &pane.queries {
                let Some(query) = plan.query(*id).filter(|query| matches!(query.ask, Ask::Range(_) | Ask::Panel(_)))
                else {
                    continue;
                };
                let ask = Ask::Earlier { of: Box::new(query.ask.clone()), ago };
                let query = Query { ask, ..query.clone() };
                let earlier = plan.ask(query.clone());
                wanted.insert(*id, earlier);
                let pace = Pace::Every(pace(app.world.window, ago));
                app.world.subscriptions.want(Subscriber::Comparison(pane.id), earlier, &query, pace);
            }
        }
        Followed {
            ago,
            window: app.world.window,
            revision: app.world.dashboards.revision,
            panes: app.world.plan.panes.len(),
            seen,
        }
    });
    // Each panel that is asked holds on to its whole dashboard.
    let plan = Arc::make_mut(&mut app.world.plan);
    let gone = known.earlier.values().filter(|id| !wanted.values().any(|kept| kept == *id));
    gone.for_each(|id| plan.forget(*id));
    known.earlier = wanted;
    app.world.comparison = known;
    let subscriptions = &mut app.world.subscriptions;
    let changes = subscriptions.changes_from(&before);
    app.world.signals.follow(&config, &app.world.plan, &app.world.subscriptions);
    changes.into_iter().map(Effect::Subscribe).collect()
}

/// The panels that were on the screen when it was last looked at; `None` while no dashboard is open.
fn seen(app: &App) -> Option<&HashSet<PaneId>> {
    app.screen.watch.attention.as_ref().map(|known| &known.seen)
}

fn is_chart(pane: &PlannedPane) -> bool {
    pane.pane.kind == PaneKind::TimeSeries
}

/// How often the past is asked for: before what lies ahead of the window is used up.
fn pace(window: Window, ago: Duration) -> Duration {
    match window.is_live() {
        true => (window.ahead(ago) * 3 / 4).max(LEAST),
        false => STANDS_STILL,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_past_is_asked_for_again_before_what_lies_ahead_is_used_up() {
        let live = |minutes: u64| Window::live(Duration::from_secs(minutes * 60));
        assert_eq!(pace(live(40), USUAL[1]), Duration::from_secs(225));
        assert_eq!(pace(live(1), USUAL[1]), LEAST);
        assert_eq!(pace(Window { end: Some(jiff::Timestamp::UNIX_EPOCH), ..live(40) }, USUAL[1]), STANDS_STILL);
        for minutes in [5, 30, 600, 10_080] {
            for ago in USUAL {
                assert!(pace(live(minutes), ago) < live(minutes).ahead(ago), "{minutes} min, {ago:?}");
            }
        }
    }

    #[test]
    fn how_much_earlier_in_words() {
        let words = |seconds: u64| in_words(Duration::from_secs(seconds));
        assert_eq!([3600, 86_400, 604_800, 5400, 172_800].map(words), ["1 h", "1 d", "1 w", "90 min", "2 d"]);
    }
}
