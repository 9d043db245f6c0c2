//! Between the app and the store that keeps the incident's log: what the app wants recorded goes there, what the store says
//! comes back as messages. Knows how long an answer took and what has none yet; decides nothing about the incident.

use std::{
    collections::{HashSet, VecDeque},
    fmt::Display,
    time::Duration,
};

use tokio::time::Instant;

use super::log_file::{Appends, Log};
use crate::{
    app::{App, Effect, Msg},
    base::text,
    incident::{Draft, Entry, Id},
    journal::{News, Spilled, Store, Ticket, Warning},
};

/// How long a disk may take for the last of it: a person waits for a terminal. Another's lock, and a sync, are given up
/// sooner.
const CLOSE_WITHIN: Duration = Duration::from_millis(1_100);

/// How long the app waits for an answer before it goes on without one. A file takes about a millisecond.
const UNCONFIRMED_AFTER: Duration = Duration::from_millis(300);

/// Drafts that are submitted at once, and entries that the app takes in at once, at the most: a storm of alerts must hold
/// up no key. What a person did is all or none, however much it is.
const SLICE: usize = 500;

/// The app's side of a store.
pub struct JournalLink {
    store: Box<dyn Store>,
    /// What the store has told and the app has not taken in.
    told: VecDeque<News>,
    /// What was submitted and is not answered, oldest first.
    sent: VecDeque<Sent>,
    /// Writes to the log file what became of submissions.
    appends: Appends,
}

/// A submission that is not answered.
struct Sent {
    ticket: Ticket,
    ids: Vec<Id>,
    patience: Patience,
}

/// How long the app waits for an answer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Patience {
    /// At this time it is told that there is none yet.
    Until(Instant),
    /// It was told.
    Over,
    /// Nobody waits for what a machine observed.
    Endless,
}

impl JournalLink {
    /// Links the app to this store.
    pub fn new(store: impl Store + 'static) -> Self {
        Self { store: Box::new(store), told: VecDeque::new(), sent: VecDeque::new(), appends: Appends::default() }
    }

    /// Says in the log file what becomes of the journal.
    pub fn log_to(mut self, log: Log) -> Self {
        self.appends = Appends::new(log);
        self
    }

    /// Submits these.
    pub fn record(&mut self, drafts: Vec<Draft>) {
        if drafts.iter().any(|draft| !draft.event.is_observed()) {
            // Behind others that have no answer there will be none either.
            let is_behind = self.sent.iter().any(|sent| sent.patience == Patience::Over);
            let wait = if is_behind { Duration::ZERO } else { UNCONFIRMED_AFTER };
            return self.submit(drafts, Patience::Until(Instant::now() + wait));
        }
        let mut drafts = drafts.into_iter().peekable();
        while drafts.peek().is_some() {
            self.submit(drafts.by_ref().take(SLICE).collect(), Patience::Endless);
        }
    }

    fn submit(&mut self, drafts: Vec<Draft>, patience: Patience) {
        let ids = drafts.iter().map(|draft| draft.id).collect();
        let ticket = self.store.submit(drafts);
        self.appends.begin(ticket);
        self.sent.push_back(Sent { ticket, ids, patience });
    }

    /// Whether the store has told something that the app has not taken in.
    pub fn has_more(&self) -> bool {
        !self.told.is_empty()
    }

    /// Passes on to the app what the store has to say, or the first of it when that is much. Whether the store has broken,
    /// and will say nothing more.
    pub fn take(&mut self, app: &mut App) -> (Vec<Effect>, bool) {
        let (mut effects, mut broken) = (Vec::new(), false);
        self.told.extend(self.store.poll());
        let mut taken = 0;
        while taken < SLICE
            && let Some(news) = self.told.pop_front()
        {
            taken += match &news {
                News::Appended { entries, .. } | News::Rebased { entries, .. } => entries.len(),
                _ => 0,
            };
            self.appends.end(&news);
            let known = self.settle(&news);
            broken |= matches!(news, News::Broken);
            effects.extend(take_news(app, news));
            if !known.is_empty() {
                effects.extend(app.update(Msg::Confirmed(known)));
            }
        }
        (effects, broken)
    }

    /// Settles what this answers. Returns the drafts of which the log had all there is to say.
    fn settle(&mut self, news: &News) -> Vec<Id> {
        let (entries, tickets): (&[Entry], &[Ticket]) = match news {
            News::Appended { entries, tickets } | News::Rebased { entries, tickets } => (entries, tickets),
            News::Refused { ticket, .. } => {
                self.sent.retain(|sent| sent.ticket != *ticket);
                return Vec::new();
            }
            _ => return Vec::new(),
        };
        let new: HashSet<Id> = entries.iter().map(|entry| entry.id).collect();
        let is_new = |id: &Id| new.contains(id);
        let answered = self.sent.iter().filter(|sent| tickets.contains(&sent.ticket)).flat_map(|sent| &sent.ids);
        let known: HashSet<Id> = answered.filter(|id| !is_new(id)).copied().collect();
        self.sent.retain(|sent| !tickets.contains(&sent.ticket));
        known.into_iter().collect()
    }

    /// When the app is to be told that something has no answer yet.
    pub fn overdue_at(&self) -> Option<Instant> {
        let until = |sent: &Sent| match sent.patience {
            Patience::Until(at) => Some(at),
            Patience::Over | Patience::Endless => None,
        };
        self.sent.iter().find_map(until)
    }

    /// Tells the app so, if it is time.
    pub fn tell_overdue(&mut self, app: &mut App, now: Instant) -> Vec<Effect> {
        if self.overdue_at().is_none_or(|at| at > now) {
            return Vec::new();
        }
        for sent in self.sent.iter_mut().filter(|sent| sent.patience != Patience::Endless) {
            sent.patience = Patience::Over;
        }
        app.update(Msg::Unconfirmed)
    }

    /// Has what was submitted written and synced. A disk that hangs is left to itself: what it did not take stays in the
    /// app's [outbox](crate::app::Outbox::unwritten).
    pub fn close(&mut self) {
        self.store.close(CLOSE_WITHIN);
    }
}

fn take_news(app: &mut App, news: News) -> Vec<Effect> {
    match news {
        News::Appended { entries, .. } => app.update(Msg::Recorded(entries)),
        News::Rebased { entries, .. } => app.update(Msg::Rebased(entries)),
        News::Refused { drafts, error, .. } => app.update(Msg::NotRecorded(drafts, error.brief())),
        News::Spilled(spilled) => app.update(Msg::Spilled(spilled.as_ref().map(in_words))),
        News::Stalled(stall) => says(app, &stall),
        News::Durable(_) => app.update(Msg::Synced(None)),
        // Said again with each try; what counts is the first.
        News::NotDurable { .. } => app.update(Msg::Synced(app.outbox.unsynced.or(Some(app.session.now)))),
        News::Warned(warnings) => match warnings.first() {
            Some(merged @ Warning::Merged { .. }) => {
                app.greet(&text::line(&merged.to_string()));
                Vec::new()
            }
            Some(warning) => says(app, warning),
            None => Vec::new(),
        },
        News::Unreadable(error) => says(app, &error),
        News::Broken => Vec::new(),
    }
}

/// A folder of a journal may be called anything.
fn says(app: &mut App, words: &impl Display) -> Vec<Effect> {
    app.update(Msg::JournalSays(text::line(&words.to_string()).into_owned()))
}

/// What is in the spill, for the banner: what can be cut off comes last.
fn in_words(spilled: &Spilled) -> String {
    let Spilled { path, entries, why } = spilled;
    let entries = if *entries == 1 { "1 entry".to_owned() } else { format!("{entries} entries") };
    text::line(&format!("journal not written: {why} · {entries} kept in {}", path.display())).into_owned()
}

#[cfg(test)]
pub(super) mod tests;
