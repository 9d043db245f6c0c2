//! What can be asked for and is said once: the screens of a front end that has none.

use crate::incident::Id;

/// Something to be said in lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// Whether it bleeds, the vitals, what fires, which sources are lost.
    Watch,
    /// What each pane of the dashboard shows that is looked at, or each of the team's own.
    Panes,
    /// Columns, and the rows in their order with the reasons for it.
    Board,
    /// Why a row has its number; `None` is "something not on this board".
    Row(Option<Id>),
    /// What is known of a column.
    Column(Id),
    /// What runs, what to try, what was tried, what was changed.
    Act,
    /// The end of the timeline.
    Log,
    /// Whys, review, actions.
    Learn,
    /// The next best step.
    Next,
    /// The question that is open.
    Question,
    /// What can be typed.
    Help,
}

impl Page {
    /// The pages that have a name, each with the words it is asked for by, the first of which is its name.
    pub const NAMED: [(Self, &'static [&'static str], &'static str); 8] = [
        (Self::Watch, &["watch", "status", "alerts", "1"], "what hurts: status, vitals, what fires"),
        (Self::Panes, &["panes", "panels"], "what each pane shows; `tab 2` goes to another dashboard"),
        (Self::Board, &["board", "rank", "2"], "what was seen, and the ranking with its reasons"),
        (Self::Act, &["act", "3"], "what runs, what to try, what was changed"),
        (Self::Log, &["log", "4"], "the end of the timeline"),
        (Self::Learn, &["learn", "5"], "whys, review, actions"),
        (Self::Next, &["next"], "the next best step; `do` does it"),
        (Self::Help, &["help", "?"], "what can be typed"),
    ];

    /// The page of this name.
    pub(in crate::app) fn named(word: &str) -> Option<Self> {
        Self::NAMED.iter().find(|(_, words, _)| words.contains(&word)).map(|(page, ..)| *page)
    }
}
