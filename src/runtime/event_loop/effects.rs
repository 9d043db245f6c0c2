//! What the app asks for is carried out: at once, or aside where it may take its time.

use std::{
    panic::{self, AssertUnwindSafe},
    sync::Arc,
};

use jiff::Timestamp;

use super::{
    super::{
        boards, dashboard_list,
        dashboards::{self, Wanted},
        editor::Editor,
        front_end::FrontEnd,
        runbooks,
        told::Told,
    },
    EventLoop, FAILED, Running,
};
use crate::{
    app::{BoardNotSaved, Effect, Msg},
    config::SourceId,
    dashboard::SubscriptionChange,
    incident::Id,
    signal::Operation,
};

impl<F: FrontEnd> EventLoop<F> {
    pub(super) fn carry_out(&mut self, effects: Vec<Effect>, running: &mut Running) {
        for effect in effects {
            match effect {
                Effect::Record(drafts) => self.link.record(drafts),
                Effect::PollNow => running.poller.poll_now(),
                Effect::Subscribe(change) => {
                    if let SubscriptionChange::Ask { id, query, every } = &change {
                        running.poll_log.asks(*id, query.source, every.is_none());
                    }
                    running.poller.apply(&[change]);
                }
                Effect::SetWindow(window) => running.context.send_modify(|context| *context = context.over(window)),
                Effect::RunCommand { mitigation, argv, env, timeout } => {
                    let sender = self.sender.clone();
                    let ended = move |end| drop(sender.send(Told::Msg(Msg::CommandEnded(end))));
                    self.commands.start(&self.sources, mitigation, argv, env, timeout, ended);
                }
                Effect::Write { sent, source, operation } => self.write(sent, source, operation, running),
                Effect::Copy(text) => self.front.copy(&text),
                Effect::OpenEditor(text) => self.edit(&text, running),
                Effect::LoadBoard(path) => {
                    running.board_files += 1;
                    let read = |path, outcome| Told::Msg(Msg::BoardRead { path, outcome });
                    let failed = read(path.clone(), Err(FAILED.into()));
                    self.aside(failed, move || {
                        let outcome = boards::load(&path).map(Arc::new);
                        read(path, outcome)
                    });
                }
                Effect::SaveBoard { path, text, replace } => {
                    running.board_files += 1;
                    let saved = |path, outcome| Told::Msg(Msg::BoardSaved { path, outcome });
                    let failed = saved(path.clone(), Err(BoardNotSaved::Failed(FAILED.into())));
                    self.aside(failed, move || {
                        let outcome = boards::save(&path, &text, replace);
                        saved(path, outcome)
                    });
                }
                Effect::OpenDashboard { place, chosen, request } => {
                    let previous = self.app.world.dashboards.open.get(&place).cloned();
                    self.open_dashboard(Wanted { place, chosen, request, previous }, running);
                }
                Effect::ListDashboards => self.list_dashboards(running),
                Effect::ListIncidents => self.list_incidents(),
                Effect::OpenIncident(wanted) => self.open_incident(wanted),
                Effect::Compute(task) => self.lane.put(task),
                Effect::Say(page) => {
                    self.app.prepare_frame();
                    self.front.say(&self.app, page);
                }
                Effect::Redraw => running.whole = true,
                Effect::CaptureMouse(mouse) => self.front.capture_mouse(mouse),
                Effect::Quit => {
                    self.ended_by.get_or_insert("a key");
                    running.done = true;
                }
            }
        }
    }

    /// Reads a dashboard and asks for what its variables can be set to, beside the polls. What was asked for it before is
    /// given up.
    fn open_dashboard(&mut self, wanted: Wanted, running: &mut Running) {
        let place = wanted.place;
        let (sender, registry) = (self.sender.clone(), running.registry.clone());
        let config = Arc::clone(&self.app.session.config);
        let when = (self.app.world.window, Timestamp::now());
        let opening = self.asides.spawn_on(
            async move {
                let told = |opened| drop(sender.send(Told::Msg(Msg::DashboardOpened(opened))));
                dashboards::open_in_time(registry, config, wanted, when, told).await;
            },
            &self.sources,
        );
        if let Some(before) = running.opening.insert(place, opening) {
            before.abort();
        }
    }

    /// Reads the runbooks beside the polls, and again when a file has changed.
    pub(super) fn follow_runbooks(&self) {
        let folders = self.app.session.config.runbooks.clone();
        if !folders.is_empty() {
            let sender = self.sender.clone();
            let tell = move |library| sender.send(Told::Msg(Msg::Runbooks(library))).is_ok();
            drop(self.sources.spawn(runbooks::follow(folders, tell)));
        }
    }

    /// Has a source change something, beside the polls and once: whether what failed was done is not known here.
    fn write(&mut self, sent: Id, source: SourceId, operation: Operation, running: &mut Running) {
        running.writes += 1;
        let (sender, registry) = (self.sender.clone(), running.registry.clone());
        self.asides.spawn_on(
            async move {
                let outcome = registry.write(source, &operation).await;
                drop(sender.send(Told::Msg(Msg::Written { sent, outcome })));
            },
            &self.sources,
        );
    }

    /// Lists the dashboards there are, beside the polls.
    fn list_dashboards(&mut self, running: &Running) {
        let (sender, registry) = (self.sender.clone(), running.registry.clone());
        let config = Arc::clone(&self.app.session.config);
        self.asides.spawn_on(
            async move {
                let (rows, trouble) = dashboard_list::list(&registry, &config).await;
                drop(sender.send(Told::Msg(Msg::DashboardsListed(rows, trouble))));
            },
            &self.sources,
        );
    }

    /// Does what touches files away from the loop; what comes of it is told, or that it `failed` where it panics.
    pub(super) fn aside(&mut self, failed: Told, work: impl FnOnce() -> Told + Send + 'static) {
        let sender = self.sender.clone();
        let told = move || {
            let told = panic::catch_unwind(AssertUnwindSafe(work)).unwrap_or(failed);
            drop(sender.send(told));
        };
        drop(self.asides.spawn_blocking_on(told, &self.sources));
        while self.asides.try_join_next().is_some() {}
    }

    /// The editor has the terminal and its keys to itself; polls and the journal go on.
    fn edit(&mut self, text: &str, running: &mut Running) {
        if running.editor.is_some() {
            return;
        }
        self.front.pause(true);
        self.front.leave();
        match Editor::open(text) {
            Ok(editor) => running.editor = Some(editor),
            Err(error) => self.take(Told::Edited(Err(error)), running),
        }
    }
}
