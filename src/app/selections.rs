//! The selection of every list that changes by itself: brought up to date after each message, and told of when what was
//! selected has vanished. What a list is, is said in [`lists`].
//!
//! Lists of an overlay that stand still while they are open (picker, palette, storm, fill strip) lose no rows and are not
//! held here.

pub mod lists;

use self::lists::{ActRows, Assumptions, BoardRows, Columns, LogLines, PaneRows, Review};
use crate::app::{
    App, Overlay, View,
    screen::{
        selection::{ListId, Named, Selection, Selections},
        watch,
    },
};

/// A list with a cursor: the only place that says how each is read and moved.
pub(in crate::app) trait List {
    /// What tells one thing in it from all others.
    type Key: Clone + PartialEq;

    /// Where its selection is kept.
    fn selection<'s>(&self, all: &'s mut Selections) -> &'s mut Option<Selection<Self::Key>>;

    /// What its cursor is shown on. A cursor that follows the newest line is on nothing.
    fn on(&self, app: &App) -> Option<Named<Self::Key>>;

    /// Whether the list has this.
    fn has(&self, app: &App, key: &Self::Key) -> bool;

    /// Puts the cursor on what it is shown on, so that it stays there.
    fn stay(&self, app: &mut App);

    /// What is the same to people as something that is there no more: the cursor is moved to it, and its key answered.
    fn follow(&self, _app: &mut App, _was: &Named<Self::Key>) -> Option<Self::Key> {
        None
    }
}

impl ListId {
    fn list(self) -> Box<dyn Held> {
        match self {
            Self::Pane(id) => Box::new(PaneRows(id)),
            Self::Rows => Box::new(BoardRows),
            Self::Columns => Box::new(Columns),
            Self::Act => Box::new(ActRows),
            Self::Log => Box::new(LogLines),
            Self::Learn => Box::new(Review),
            Self::Assumptions => Box::new(Assumptions),
        }
    }
}

/// Brings up to date what the cursors that are seen are on. `own`: what has just happened was done by the person
/// here, so what vanished by it is not missed.
///
/// A list is held from when it is first seen, even before its cursor was ever moved: what comes in above must not
/// slip under a key.
pub(in crate::app) fn hold(app: &mut App, own: bool) {
    let seen = lists_seen(app);
    for id in &seen {
        let own = own && app.screen.selections.seen.contains(id);
        id.list().hold(app, own);
    }
    if !seen.contains(&ListId::Assumptions) {
        app.screen.selections.assumptions = None;
    }
    app.screen.selections.seen = seen;
}

/// Says what has vanished from under the cursors that are seen; false when nothing has.
pub(in crate::app) fn tell_gone(app: &mut App) -> bool {
    let lists = lists_seen(app);
    tell_gone_of(app, &lists)
}

/// Says what has vanished from under the cursors of these lists; false when nothing has.
pub(in crate::app) fn tell_gone_of(app: &mut App, lists: &[ListId]) -> bool {
    let said: Vec<String> = lists.iter().filter_map(|id| id.list().tell(app)).collect();
    if !said.is_empty() {
        app.complain(said.join("; "));
    }
    !said.is_empty()
}

/// The lists whose cursors are on the screen.
fn lists_seen(app: &App) -> Vec<ListId> {
    let mut lists = match app.screen.view {
        View::Watch => watch::focused(app).map(|pane| ListId::Pane(pane.id)).into_iter().collect(),
        View::Board => vec![ListId::Rows, ListId::Columns],
        View::Act => vec![ListId::Act],
        View::Log => vec![ListId::Log],
        View::Learn => vec![ListId::Learn],
    };
    if matches!(app.screen.overlay, Some(Overlay::Assumptions { .. })) {
        lists.push(ListId::Assumptions);
    }
    lists
}

/// A list, whatever its keys are.
trait Held {
    fn hold(&self, app: &mut App, own: bool);
    /// What is to be said of what vanished; from then on the selection is where the cursor is shown.
    fn tell(&self, app: &mut App) -> Option<String>;
}

impl<L: List> Held for L {
    fn hold(&self, app: &mut App, own: bool) {
        let was = self.selection(&mut app.screen.selections).as_ref().map(|selection| selection.was().clone());
        if let Some(key) = was.and_then(|was| self.follow(app, &was))
            && let Some(selection) = self.selection(&mut app.screen.selections)
        {
            selection.rename(key);
        }
        let now = self.on(app);
        let mut selection = self.selection(&mut app.screen.selections).take();
        selection.take_if(|held| held.is_read(app.session.now));
        let lost = selection.as_mut().is_some_and(|held| held.has_lost(now.as_ref(), own, |key| self.has(app, key)));
        match lost {
            true => *self.selection(&mut app.screen.selections) = selection,
            false => put(self, app, now),
        }
    }

    fn tell(&self, app: &mut App) -> Option<String> {
        let (told, now) = self.selection(&mut app.screen.selections).as_ref()?.untold()?;
        put(self, app, now);
        Some(told)
    }
}

/// The selection is on what the cursor is shown on. A cursor that waits for what is on its way to the journal is left
/// alone.
fn put<L: List>(list: &L, app: &mut App, now: Option<Named<L::Key>>) {
    if now.is_some() && !app.outbox.keys_wait() {
        list.stay(app);
    }
    *list.selection(&mut app.screen.selections) = now.map(Selection::on);
}
