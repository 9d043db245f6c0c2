//! The cockpit in sentences, for screen readers and for terminals that only take lines: nothing is drawn over, nothing
//! moves, what has changed is said once, below what was said before.
//!
//! The sentences are those of the screens: the timeline, the coach, the questions, the sheets of Act and Learn.

mod changes;
mod heard;
mod pace;
mod pages;
mod question;
mod spoken;

use jiff::Timestamp;

use self::{heard::Heard, pace::Pace};
use crate::{
    app::{App, Page, clock},
    incident::timeline::Item,
};

/// What a person was told so far, and how fast.
#[derive(Default)]
pub struct Speaker {
    heard: Option<Heard>,
    pace: Pace,
    /// The next step that is about to be said, and since when it is that one.
    next: Option<(heard::Next, Timestamp)>,
}

impl Speaker {
    /// What is new since it was last asked, in lines; first what a person should know to begin with.
    pub fn hear(&mut self, app: &App) -> Vec<String> {
        let mut now = Heard::of(app);
        let Some(before) = self.heard.take() else {
            let lines = pages::greeting(app);
            self.heard = Some(now);
            return spoken::lines(lines);
        };
        if app.outbox.keys_wait() {
            // What was answered is said before what is asked next.
            now.question.clone_from(&before.question);
        }
        now.next = self.settled(app, &before, now.next.take());
        let lines = changes::between(&before, &now, app, &mut self.pace);
        self.heard = Some(now);
        spoken::lines(lines)
    }

    /// Something that was asked for.
    pub fn page(&self, app: &App, page: Page) -> Vec<String> {
        spoken::lines(pages::page(app, page))
    }

    /// The next step to be held against the one that was said: a new one counts once it has stood for a moment, and is
    /// not said into a question.
    fn settled(&mut self, app: &App, before: &Heard, next: Option<heard::Next>) -> Option<heard::Next> {
        const MOMENT: i64 = 1;
        let now = app.session.now;
        let next = next.filter(|_| app.screen.overlay.is_none());
        if next.is_none() || next == before.next {
            self.next = None;
            return before.next.clone();
        }
        match &self.next {
            Some((known, since)) if Some(known) == next.as_ref() => match now.duration_since(*since).as_secs() {
                MOMENT.. => next,
                _ => before.next.clone(),
            },
            _ => {
                self.next = next.map(|next| (next, now));
                before.next.clone()
            }
        }
    }
}

/// A line of the timeline: its time, with the day where that is another one, what it is about, whose it is where it is not one's own.
fn entry(app: &App, item: &Item) -> String {
    let time = clock::dated(item.at, app.session.now, &app.session.zone, app.session.utc);
    let by = item.by.split('@').next().unwrap_or_default();
    let by = if item.machine || item.by == app.session.author { String::new() } else { format!(" by {by}") };
    let undone = if item.undone { " (undone)" } else { "" };
    format!("{time} {}{by}: {}{undone}", item.kind.word(), item.what)
}

fn counted(n: usize, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}

#[cfg(test)]
mod tests;
