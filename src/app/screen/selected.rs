//! What is selected in each list, as data. What a list is, and how its selection follows it, is said in
//! [`selections`](crate::app::selections).

use std::collections::HashMap;

use crate::{
    app::screen::selection::Selection,
    dashboard::PaneId,
    incident::{Id, ranking::RowId},
};

/// Which list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::app) enum ListId {
    Pane(PaneId),
    Rows,
    Columns,
    Act,
    Log,
    Learn,
    Assumptions,
}

/// What is selected in each list that was looked at.
#[derive(Clone, Debug, Default)]
pub(in crate::app) struct Selections {
    pub(in crate::app) panes: HashMap<PaneId, Option<Selection<String>>>,
    pub(in crate::app) rows: Option<Selection<RowId>>,
    pub(in crate::app) columns: Option<Selection<Id>>,
    pub(in crate::app) act: Option<Selection<String>>,
    pub(in crate::app) log: Option<Selection<(u64, usize)>>,
    pub(in crate::app) learn: Option<Selection<String>>,
    pub(in crate::app) assumptions: Option<Selection<Id>>,
    /// The lists that were on the screen with their cursors when this was last brought up to date.
    pub(in crate::app) seen: Vec<ListId>,
}
