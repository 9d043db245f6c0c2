//! Where the person at the keys is: the view, what is selected in it, what lies over it, what was just said.
//!
//! Nothing here is a fact about the incident, and nothing of it is written to the journal.

pub mod act;
pub mod addresses;
pub mod board;
pub mod cursor;
pub mod layout;
pub mod learn;
pub mod log;
pub mod overlay;
pub mod pointer;
pub(in crate::app) mod selection;
pub mod tabs;
pub mod type_ahead;
pub mod watch;

use std::collections::BTreeMap;

use crate::{
    app::{
        ActState, BoardState, LearnState, LogState, Notice, Overlay, View, WatchState,
        screen::{overlay::storm::StormMemory, pointer::Pointer, selection::Selections, type_ahead::Keys},
    },
    dashboard::Plan,
    incident::Id,
};

/// What one person sees.
#[derive(Clone, Debug)]
pub struct Screen {
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// The view shown.
    pub view: View,
    /// The state of view 1.
    pub watch: WatchState,
    /// The state of view 2.
    pub board: BoardState,
    /// The state of view 3.
    pub act: ActState,
    /// The state of view 4.
    pub log: LogState,
    /// The state of view 5.
    pub learn: LearnState,
    /// What lies over the view.
    pub overlay: Option<Overlay>,
    /// How many whole lines were typed: what is said of one is said again of the next.
    pub lines_typed: u64,
    /// Rows hidden above in the list of what lies over the view, as the mouse has left it; see
    /// [`Cursor::top`](cursor::Cursor::top).
    pub overlay_top: usize,
    /// What was just done or could not be done, for a few seconds.
    pub notice: Option<Notice>,
    /// What the cursors are on, as the person at the keys knows it.
    pub(in crate::app) selections: Selections,
    pub(in crate::app) keys: Keys,
    /// What is gone on with once the journal has it.
    pub(in crate::app) awaited: Awaited,
    /// What the mouse was last used for.
    pub pointer: Pointer,
    pub(in crate::app) storm: StormMemory,
    /// The filter as it was before another one is typed.
    pub(in crate::app) filter_before: String,
    /// What was left in fields that are about the screen or a file.
    pub(in crate::app) left: BTreeMap<&'static str, String>,
}

/// What is on its way to the journal and gone on with once it is there.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::app) struct Awaited {
    /// An answer to a why: the next why is asked of it.
    pub(in crate::app) why: Option<Id>,
    /// Rows: the fill strip opens for them.
    pub(in crate::app) rows: Vec<Id>,
}

impl Screen {
    /// The filter of the log, else of the pane that has the focus.
    pub fn filter_of(&self, view: View) -> &str {
        match view {
            View::Log => &self.log.filter,
            _ => self.watch.focus.map_or("", |pane| self.watch.filter(pane)),
        }
    }

    pub(in crate::app) fn set_filter(&mut self, view: View, filter: &str) {
        match (view, self.watch.focus) {
            (View::Log, _) => filter.clone_into(&mut self.log.filter),
            (_, Some(pane)) if filter.is_empty() => drop(self.watch.filters.remove(&pane)),
            (_, Some(pane)) => drop(self.watch.filters.insert(pane, filter.to_owned())),
            (_, None) => {}
        }
    }

    /// The alerts have the focus at first.
    pub(in crate::app) fn new(plan: &Plan) -> Self {
        Self {
            size: (80, 24),
            view: View::Watch,
            watch: WatchState::new(plan),
            board: BoardState::default(),
            act: ActState::default(),
            log: LogState::default(),
            learn: LearnState::default(),
            overlay: None,
            lines_typed: 0,
            overlay_top: 0,
            notice: None,
            selections: Selections::default(),
            keys: Keys::default(),
            awaited: Awaited::default(),
            pointer: Pointer::default(),
            storm: StormMemory::default(),
            filter_before: String::new(),
            left: BTreeMap::new(),
        }
    }
}
