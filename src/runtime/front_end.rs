//! What a person sits before, as the loop knows it: it shows what is so, and gives what is typed.

use std::{io, time::Duration};

use ratatui::crossterm::event::Event;
use tokio::sync::mpsc;

use super::{
    told::Told,
    tty::inputs::{Inputs, Pointed},
};
use crate::app::{App, Page, mouse::Under};

/// The side of a person.
pub trait FrontEnd {
    /// Whether whole lines are typed, so that actions are called by their names.
    const READS_LINES: bool;

    /// Columns and rows there are to show something in.
    fn size(&self) -> (u16, u16);

    /// Begins to read what is typed. That nobody is there any more is told, too.
    fn read(&mut self, told: mpsc::UnboundedSender<Told>) -> Typed;

    /// Another incident is shown from now on. That nobody is there any more is told here.
    fn go_on(&mut self, told: mpsc::UnboundedSender<Told>);

    /// Shows what is new; with `whole`, nothing is taken to be shown already. How long it took to make, before any of it
    /// was sent.
    fn show(&mut self, app: &App, whole: bool) -> Duration;

    /// Says something that was asked for.
    fn say(&mut self, app: &App, page: Page);

    /// Shows the last of what is so, before it goes.
    fn part(&mut self, app: &App);

    /// Whether it has taken all it was shown; before that it is shown nothing.
    fn is_ready(&self) -> bool;

    /// Waits until it may take more of what it was shown; for ever when it has all of it.
    async fn takes_more(&self);

    /// Puts text into the clipboard of the person.
    fn copy(&mut self, text: &str);

    /// Leaves the terminal to another program.
    fn leave(&mut self);

    /// Has the terminal again, with its mouse or without; what it shows is not known.
    fn come_back(&mut self, mouse: bool) -> io::Result<()>;

    /// What is shown at a column and row.
    fn under(&mut self, app: &App, at: (u16, u16)) -> Under;

    /// Takes the mouse, or leaves it to the terminal.
    fn capture_mouse(&mut self, mouse: bool);

    /// Leaves it to another program to read what is typed, or takes that up again.
    fn pause(&mut self, paused: bool);
}

/// What is typed, until there is nobody who types.
pub enum Typed {
    /// Keys, as a terminal sends them.
    Keys(Inputs),
    /// Whole lines.
    Lines(mpsc::Receiver<String>),
    /// Nothing any more.
    Nothing,
}

/// Something that was typed.
pub enum Given {
    /// A key, or what else a terminal sends.
    Event(Event),
    /// A line.
    Line(String),
}

impl Typed {
    /// Waits for what comes next; `None` when there will be nothing more.
    pub async fn next(&mut self) -> Option<Given> {
        match self {
            Self::Keys(inputs) => inputs.next().await.map(Given::Event),
            Self::Lines(lines) => lines.recv().await.map(Given::Line),
            Self::Nothing => std::future::pending().await,
        }
    }

    /// What has come already.
    pub fn at_hand(&mut self) -> Option<Given> {
        match self {
            Self::Keys(inputs) => inputs.at_hand().map(Given::Event),
            Self::Lines(lines) => lines.try_recv().ok().map(Given::Line),
            Self::Nothing => None,
        }
    }

    /// How much has come already.
    pub fn waiting(&self) -> usize {
        match self {
            Self::Keys(inputs) => inputs.waiting(),
            Self::Lines(lines) => lines.len(),
            Self::Nothing => 0,
        }
    }

    /// This and what goes on with it, of what has come already.
    pub fn merged(&mut self, first: Pointed) -> Pointed {
        match self {
            Self::Keys(inputs) => inputs.merged(first),
            Self::Lines(_) | Self::Nothing => first,
        }
    }
}
