//! One frame as text: everything is polled once, nothing is written.
#![expect(clippy::disallowed_methods, reason = "a snapshot is of now")]

use std::{collections::HashSet, sync::Arc, time::Duration};

use jiff::Timestamp;
use ratatui::{Terminal, backend::TestBackend};
use tokio::{
    sync::{mpsc, watch},
    time::timeout,
};

use super::{
    dashboards::{self, Wanted},
    room, runbooks, themes, zone,
};
use crate::{
    app::{App, Effect, Keymap, Msg, Setup, View, world::dashboards::remembered},
    config::Config,
    dashboard::{QueryContext, Subscriptions},
    failure::Failure,
    incident::Incident,
    journal::Contents,
    source::{Poller, Registry},
    ui,
};

/// The frame that is wanted.
pub struct Snapshot {
    /// The view it shows.
    pub view: View,
    /// Columns and rows, each at least 1.
    pub size: (u16, u16),
    /// How long the slowest source is waited for.
    pub wait: Duration,
    /// Whether it holds the escape sequences of colours.
    pub in_colour: bool,
}

/// Polls everything once, waiting no longer than asked, and answers the frame. The journal gives the board and the log;
/// without one they are empty.
pub fn text(config: Config, author: String, journal: Option<Contents>, wanted: &Snapshot) -> Result<String, Failure> {
    let theme = if wanted.in_colour { themes::load(config.theme.as_deref())? } else { ui::Theme::mono() };
    let theme = theme.drawn_in(themes::glyphs(config.charts));
    let keymap = Keymap::new(&config.keys).map_err(|error| Failure::Mistakes(error.to_string()))?;
    let Contents { id, entries, .. } = journal.unwrap_or_default();
    let mut app = App::new(Setup {
        config: Arc::new(config),
        keymap,
        incident: Incident::replay(entries),
        id,
        author,
        seed: 0,
        now: Timestamp::now(),
        zone: zone::system(),
        read_only: true,
        generic: Arc::default(),
    });
    room::check(room::ONCE)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::Failed(format!("cannot start: {error}")))?;
    let folders = app.session.config.runbooks.clone();
    if !folders.is_empty() {
        update(&mut app, Msg::Runbooks(Arc::new(runbooks::read(&folders))));
    }
    runtime.block_on(poll(&mut app, wanted.wait));
    app.screen.view = wanted.view;
    let cannot = |never: std::convert::Infallible| -> Failure { match never {} };
    // What was configured first stands on the page that is printed, also where an alerts pane was put behind it.
    app.screen.watch.focus = app.world.plan.panes.first().map(|pane| pane.id);
    let (columns, rows) = wanted.size;
    update(&mut app, Msg::Resized(columns, rows));
    update(&mut app, Msg::Tick(Timestamp::now()));
    let mut terminal = Terminal::new(TestBackend::new(columns, rows)).map_err(cannot)?;
    let mut cache = ui::Cache::default();
    terminal.draw(|frame| ui::draw(frame, &app, &theme, &mut cache)).map_err(cannot)?;
    Ok(ui::print::text(terminal.backend().buffer(), wanted.in_colour))
}

/// Of what the app asks for only what it wants worked out is done, at once.
fn update(app: &mut App, msg: Msg) {
    for effect in app.update(msg) {
        if let Effect::Compute(task) = effect {
            update(app, Msg::Computed(task.run()));
        }
    }
}

/// Opens the dashboards of the configuration, whose panels are polled like all panes.
async fn open_dashboards(app: &mut App, registry: &Registry) {
    let config = Arc::clone(&app.session.config);
    for place in 0..config.dashboards.len() {
        let when = (app.world.window, Timestamp::now());
        let wanted = Wanted { place, chosen: remembered(app, place), request: 0, previous: None };
        let opened = dashboards::open(registry, &config, &wanted, when).await;
        update(app, Msg::DashboardOpened(opened));
    }
}

async fn poll(app: &mut App, wait: Duration) {
    let registry = Registry::of(&app.session.config);
    let _ = timeout(wait, open_dashboards(app, &registry)).await;
    let mut open: HashSet<_> = app.world.plan.queries().map(|(id, _)| id).collect();
    if open.is_empty() {
        return;
    }
    let (sender, mut inbox) = mpsc::unbounded_channel();
    let (_context, contexts) = watch::channel(QueryContext::of(app.world.window));
    let mut poller = Poller::start(&registry, contexts, move |polled| drop(sender.send(polled)));
    poller.apply(&app.world.subscriptions.changes_from(&Subscriptions::default()));
    let all = async {
        while !open.is_empty()
            && let Some(polled) = inbox.recv().await
        {
            open.remove(&polled.query);
            let at = polled.at;
            update(app, Msg::Tick(at));
            update(app, Msg::Polled { query: polled.query, outcome: polled.outcome, at });
        }
    };
    // What has not answered by then is shown as not having answered.
    let _ = timeout(wait, all).await;
    poller.stop().await;
}
