//! What a person sits before, as the loop knows it: it shows what is so, and gives what is typed.

use std::{io, time::Duration};

use ratatui::crossterm::event::Event;
use tokio::sync::mpsc;

use super::event_loop::Told;
use crate::app::App;

/// The side of a person.
pub trait FrontEnd {
    /// Columns and rows there are to show something in.
    fn size(&self) -> (u16, u16);

    /// Begins to read what is typed. That nobody is there any more is told, too.
    fn read(&mut self, told: mpsc::UnboundedSender<Told>) -> Typed;

    /// Shows what is new; with `whole`, nothing is taken to be shown already. How long it took to make, before any of it
    /// was sent.
    fn show(&mut self, app: &App, whole: bool) -> Duration;

    /// Whether it has taken all it was shown; before that it is shown nothing.
    fn is_ready(&self) -> bool;

    /// Waits until it may take more of what it was shown; for ever when it has all of it.
    async fn takes_more(&self);

    /// Puts text into the clipboard of the person.
    fn copy(&mut self, text: &str);

    /// Leaves the terminal to another program.
    fn leave(&mut self);

    /// Has the terminal again; what it shows is not known.
    fn come_back(&mut self) -> io::Result<()>;

    /// Leaves it to another program to read what is typed, or takes that up again.
    fn pause(&mut self, paused: bool);
}

/// What is typed, until there is nobody who types.
pub enum Typed {
    /// Keys, as a terminal sends them.
    Keys(mpsc::UnboundedReceiver<Event>),
    /// Nothing any more.
    Nothing,
}

impl Typed {
    /// Waits for what comes next; `None` when there will be nothing more, for ever after that.
    pub async fn next(&mut self) -> Option<Event> {
        match self {
            Self::Keys(keys) => keys.recv().await,
            Self::Nothing => std::future::pending().await,
        }
    }

    /// What has come already.
    pub fn at_hand(&mut self) -> Option<Event> {
        match self {
            Self::Keys(keys) => keys.try_recv().ok(),
            Self::Nothing => None,
        }
    }
}
