//! From one incident to another without leaving the cockpit: the other is opened beside the loop; once it is open the one
//! that was open is put away as at the end, and the loop goes on with another app.
//!
//! Terminal, sources and the team's commands go along. What belongs to an incident is made anew: its journal and whatever
//! tells the loop of it, by a channel of its own, so that nothing which was under way for the one before reaches the other.
#![expect(clippy::disallowed_methods, reason = "an incident is begun now")]

use std::{mem, path::PathBuf};

use jiff::Timestamp;
use tokio::{sync::mpsc, time::Instant};

use super::{
    super::{
        front_end::FrontEnd,
        incidents::{Incidents, in_words},
        log_file::Level,
        notes::{self, Unwritten},
        open::Opened,
        recovery_file,
        shutdown::Watchdog,
    },
    EventLoop, FAILED, HELD, Running, Told,
    threads::{link, new_lane, record, seed, take_the_rest},
};
use crate::{
    app::{
        Effect, Msg, OtherIncident,
        another::{Another, hear_again, on_another, typed_ahead, why_not_left},
        journal,
    },
    base::text,
    dashboard::Subscriptions,
};

/// Said where what a command comes to would be told to another incident.
const COMMAND_RUNS: &str = "not left: a command still runs; try again when it has ended";

/// Said while it is not known what came of a change at a source: it is told to the incident it was made for.
const WRITE_RUNS: &str = "not left: a source has not yet said whether it did what it was told; try again when it has";

/// Said to whoever asks for a second one before the first is there.
const IS_OPENING: &str = "another incident is just being opened";

/// Said while what a file comes to would be told to another incident.
const BOARD_FILE: &str = "the other incident opens as soon as the board file is read or written";

/// Said when that takes too long.
const BOARD_FILE_HANGS: &str = "not left: a board file is still being read or written";

/// What was left of incidents that were open before: said when the cockpit ends.
#[derive(Default)]
pub struct Before {
    /// Notes that were written.
    pub notes: Vec<PathBuf>,
    /// What did not go well, in a line or more each.
    pub troubles: Vec<String>,
    /// The id of an incident that was opened and not gone to any more.
    pub not_gone_to: Option<String>,
}

impl<F: FrontEnd> EventLoop<F> {
    /// Lists the incidents, away from the loop.
    pub(super) fn list_incidents(&mut self) {
        let incidents = self.incidents.clone();
        let failed = Told::Msg(Msg::IncidentsListed(Err(FAILED.into())));
        self.aside(failed, move || Told::Msg(Msg::IncidentsListed(incidents.list())));
    }

    /// Opens another incident, away from the loop: a lock or a disk may take its time.
    pub(super) fn open_incident(&mut self, wanted: OtherIncident) {
        let (incidents, current) = (self.incidents.clone(), self.app.session.id.clone());
        let refused = self.commands.any_runs().then_some(COMMAND_RUNS).or(self.opening.map(|_| IS_OPENING));
        if let Some(why) = refused {
            self.app.update(Msg::IncidentNotOpened(why.into()));
            return;
        }
        self.opening = Some(Instant::now());
        let failed = Told::Msg(Msg::IncidentNotOpened(FAILED.into()));
        self.aside(failed, move || match incidents.open(wanted, &current) {
            Ok(opened) => Told::Opened(Box::new(opened)),
            Err(why) => Told::Msg(Msg::IncidentNotOpened(why)),
        });
    }

    /// Goes on with the other incident, as soon as nobody is typing into this one.
    pub(super) fn switch_when_free(&mut self, running: &mut Running) {
        if self.app.screen.overlay.is_some() || self.app.session.quitting || running.editor.is_some() {
            return;
        }
        let is_busy = running.board_files > 0;
        if is_busy && running.opened.is_some() && self.opening.is_some_and(|asked| asked.elapsed() < HELD) {
            // What becomes of it is told to whoever asked for it.
            if self.app.screen.notice.is_none() {
                self.app.greet(BOARD_FILE);
            }
            return;
        }
        let Some(opened) = running.opened.take() else { return };
        self.opening = None;
        // Since it was asked for, the journal may have begun to refuse.
        let why = why_not_left(&self.app)
            .or_else(|| self.commands.any_runs().then(|| COMMAND_RUNS.to_owned()))
            .or_else(|| (running.writes > 0).then(|| WRITE_RUNS.to_owned()))
            .or_else(|| is_busy.then(|| BOARD_FILE_HANGS.to_owned()));
        match why {
            Some(why) => {
                let why = format!("{why}; {} is there, and empty or as it was", opened.id);
                self.before.not_gone_to = Some(opened.id);
                let effects = self.app.update(Msg::IncidentNotOpened(why));
                self.carry_out(effects, running);
            }
            None => {
                // A disk may take its time.
                self.app.greet("writing the notes of this incident");
                if self.front.is_ready() {
                    self.show(false);
                }
                self.switch(*opened, running);
            }
        }
    }

    fn switch(&mut self, opened: Opened, running: &mut Running) {
        let ahead = typed_ahead(&mut self.app);
        let left = self.put_away();
        let Opened { id, incident, journal, folder, said, .. } = opened;
        self.log.say(
            Level::Info,
            "incident",
            format!("left one for another, which has {} entries", incident.entries().len()),
        );
        let another = Another { id, incident, seed: seed(), now: Timestamp::now() };
        let app = on_another(&self.app, another);
        let before = mem::replace(&mut self.app, app);
        (self.sender, self.inbox) = mpsc::unbounded_channel();
        self.front.go_on(self.sender.clone());
        self.lane = new_lane(&self.sender);
        let Incidents { author, read_only, .. } = &self.incidents;
        self.link = link(journal, author.clone(), *read_only, &self.sender, &self.log);
        self.folder = folder;
        // Checks of the one before end; then those of this one begin.
        let app = &self.app;
        let standing = Subscriptions::of(&app.session.config, &app.world.plan);
        running.poller.apply(&standing.changes_from(&before.world.subscriptions));
        let changes = app.world.subscriptions.changes_from(&standing);
        self.carry_out(changes.into_iter().map(Effect::Subscribe).collect(), running);
        self.app.greet(&format!("{said}{left}"));
        // Those who told of them told the incident that was left.
        self.follow_runbooks();
        let effects = self.app.start();
        self.carry_out(effects, running);
        let effects = hear_again(&mut self.app, &before);
        self.carry_out(effects, running);
        let effects = self.app.type_on(ahead);
        self.carry_out(effects, running);
        self.carry_out(vec![Effect::PollNow], running);
    }

    /// Closes the journal and writes the notes, as at the end. What is to be said of it beside the other incident.
    fn put_away(&mut self) -> String {
        let effects = self.app.update(Msg::Terminate);
        record(effects, &mut self.link);
        self.link.close();
        take_the_rest(&mut self.inbox, &mut self.app, &mut self.link);
        journal::hide_pending(&mut self.app);
        let limit = Watchdog::silent();
        let unwritten = recovery_file::keep(&self.app, &limit);
        let troubles: Vec<String> = unwritten.into_iter().chain(recovery_file::troubles(&self.app)).collect();
        let told: String = troubles.iter().map(|trouble| format!(" · {}", text::line(trouble))).collect();
        self.before.troubles.extend(troubles);
        if self.app.session.read_only || (self.app.incident.is_bare() && told.is_empty()) {
            return told;
        }
        told + &self.write_notes(&limit)
    }

    /// Writes the notes of the incident that is left. What is to be said of it.
    fn write_notes(&mut self, limit: &Watchdog) -> String {
        match notes::write(&self.app, self.folder.join(notes::REMEMBERED), limit) {
            Ok(path) => {
                let path = std::path::absolute(&path).unwrap_or(path);
                let said = format!(" · notes of the one before: {}", text::line(&path.display().to_string()));
                if !self.before.notes.contains(&path) {
                    self.before.notes.push(path);
                }
                said
            }
            Err(why) => {
                let id = &self.app.session.id;
                let why = match why {
                    Unwritten::Refused(failure) => in_words(failure),
                    Unwritten::Hangs(_) => {
                        format!("the folder for notes takes too long; `stanch export {id}` writes them")
                    }
                };
                self.before.troubles.push(why.clone());
                format!(" · {why}")
            }
        }
    }
}
