//! Every intention a user can have, declared once: its name, what it does, its keys, and where it applies.
//!
//! The keymap, the help, the palette, the README's table and the check for conflicts are all derived from [`TABLE`].

use super::view::View;

/// Where an action applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// In every view.
    Everywhere,
    /// In one view only; its keys win over those that work everywhere.
    In(View),
}

/// A user's intention.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is documented by its line in the table")]
pub enum Action {
    Watch,
    Board,
    Act,
    Log,
    Learn,
    NextPane,
    PreviousPane,
    Up,
    Down,
    Left,
    Right,
    PageUp,
    PageDown,
    First,
    Last,
    Open,
    Back,
    Coach,
    Filter,
    Palette,
    Help,
    Note,
    TakeSymptom,
    AddHypotheses,
    Acknowledge,
    ParkWhy,
    Pin,
    Copy,
    Undo,
    Redo,
    Refresh,
    Zone,
    Title,
    Severity,
    Onset,
    Load,
    Save,
    Quit,
    QuitNow,
    Narrower,
    Wider,
    PanBack,
    PanForward,
    Live,
    CellMust,
    CellLikely,
    CellNeutral,
    CellUnlikely,
    CellCannot,
    CellUnassessed,
    CellRest,
    CellNext,
    AddSign,
    Settle,
    Evidence,
    RankUp,
    RankDown,
    EvidenceOrder,
    Refute,
    Confirm,
    Reopen,
    Origin,
    Coincidence,
    Edit,
    Assume,
    Poke,
    Mitigate,
    Guard,
    Verify,
    Stanched,
    Closed,
    Bleeding,
    AddAction,
    RunAll,
    SetCheck,
    SignHere,
    Fill,
    FoldStorm,
    WhyBeside,
    WhyEnds,
    Reword,
}

/// One line of the table.
#[derive(Clone, Copy, Debug)]
pub struct Spec {
    /// The action.
    pub action: Action,
    /// Its name in `[keys]` and in the palette.
    pub name: &'static str,
    /// What it does, in a few words.
    pub doc: &'static str,
    /// Its keys unless the configuration says otherwise.
    pub keys: &'static [&'static str],
    /// Where it applies.
    pub scope: Scope,
}

impl Action {
    /// Its line in the table.
    pub fn spec(self) -> &'static Spec {
        TABLE.iter().find(|spec| spec.action == self).unwrap_or(&TABLE[0])
    }
}

const fn row(
    action: Action,
    name: &'static str,
    keys: &'static [&'static str],
    scope: Scope,
    doc: &'static str,
) -> Spec {
    Spec { action, name, doc, keys, scope }
}

use Action as A;
use Scope::{Everywhere as ALL, In};

/// All actions, in the order help shows them.
pub const TABLE: &[Spec] = &[
    row(A::Watch, "watch", &["1"], ALL, "panes: what hurts"),
    row(A::Board, "board", &["2"], ALL, "hypotheses and what they explain"),
    row(A::Act, "act", &["3"], ALL, "changes and mitigations"),
    row(A::Log, "log", &["4"], ALL, "timeline and notes"),
    row(A::Learn, "learn", &["5"], ALL, "whys, review, actions"),
    row(A::Coach, "coach", &[">"], ALL, "do the next step that the coach line names"),
    row(A::Note, "note", &["n"], ALL, "write a note (`03:05 text` backdates it)"),
    row(A::TakeSymptom, "symptom", &["s"], ALL, "take the selection as a symptom, or type one"),
    row(A::FoldStorm, "fold", &["f"], ALL, "fold what fires into a few symptoms"),
    row(A::AddHypotheses, "hypotheses", &["a"], ALL, "add hypotheses"),
    row(A::Acknowledge, "acknowledge", &["A"], ALL, "say: I am on it"),
    row(A::ParkWhy, "park-why", &["w"], ALL, "put a why aside for later"),
    row(A::Open, "open", &["enter"], ALL, "open or accept; never changes the world"),
    row(A::Back, "back", &["esc"], ALL, "back; drafts are kept"),
    row(A::NextPane, "next-pane", &["tab"], ALL, "next pane"),
    row(A::PreviousPane, "previous-pane", &["shift-tab"], ALL, "previous pane"),
    row(A::Up, "up", &["up", "k"], ALL, "up"),
    row(A::Down, "down", &["down", "j"], ALL, "down"),
    row(A::Left, "left", &["left", "h"], ALL, "left"),
    row(A::Right, "right", &["right", "l"], ALL, "right"),
    row(A::PageUp, "page-up", &["pageup"], ALL, "a page up"),
    row(A::PageDown, "page-down", &["pagedown"], ALL, "a page down"),
    row(A::First, "first", &["home", "g g"], ALL, "to the first"),
    row(A::Last, "last", &["end", "G"], ALL, "to the last"),
    row(A::Filter, "filter", &["/"], ALL, "filter what is shown"),
    row(A::Palette, "palette", &[":"], ALL, "find an action by name"),
    row(A::Help, "help", &["?"], ALL, "what can be done here"),
    row(A::Pin, "pin", &["p"], ALL, "keep the reading with its numbers in the log"),
    row(A::Copy, "copy", &["y"], ALL, "copy the selection to the clipboard (OSC 52)"),
    row(A::Undo, "undo", &["u"], ALL, "undo my last entry"),
    row(A::Redo, "redo", &["ctrl-r"], ALL, "redo it"),
    row(A::Refresh, "refresh", &["ctrl-l"], ALL, "poll now and redraw"),
    row(A::Zone, "zone", &["z"], ALL, "UTC or local time"),
    row(A::Title, "title", &[], ALL, "change the incident's title"),
    row(A::Severity, "severity", &[], ALL, "set the severity"),
    row(A::Onset, "onset", &["O"], ALL, "set when it began"),
    row(A::Load, "load", &[], ALL, "put a board file on the board (`:load FILE`)"),
    row(A::Save, "save", &[], ALL, "write the board to a file (`:save FILE`)"),
    row(A::Quit, "quit", &["q"], ALL, "close an overlay, else write the notes and quit"),
    row(A::QuitNow, "quit-now", &["ctrl-c"], ALL, "write the notes and quit at once"),
    row(A::Narrower, "narrower", &["{"], In(View::Watch), "narrower time window"),
    row(A::Wider, "wider", &["}"], In(View::Watch), "wider time window"),
    row(A::PanBack, "pan-back", &["["], In(View::Watch), "back in time"),
    row(A::PanForward, "pan-forward", &["]"], In(View::Watch), "forward in time"),
    row(A::Live, "live", &["0"], In(View::Watch), "back to live"),
    row(A::SignHere, "sign-here", &["t"], In(View::Watch), "take the selection as a sign that its query checks"),
    row(A::CellMust, "must", &["#"], In(View::Board), "it must be there"),
    row(A::CellLikely, "likely", &["+"], In(View::Board), "likely there"),
    row(A::CellNeutral, "neutral", &["."], In(View::Board), "says nothing"),
    row(A::CellUnlikely, "unlikely", &["-"], In(View::Board), "unlikely"),
    row(A::CellCannot, "cannot", &["!", "X"], In(View::Board), "cannot be there"),
    row(A::CellUnassessed, "unassessed", &["backspace"], In(View::Board), "not assessed"),
    row(A::CellRest, "rest", &[","], In(View::Board), "the rest of the column says nothing"),
    row(A::CellNext, "next-value", &["space"], In(View::Board), "next value"),
    row(A::AddSign, "sign", &["t"], In(View::Board), "add a sign to look for"),
    row(A::RunAll, "run-all", &["b"], In(View::Board), "run all checks of untested signs that only read"),
    row(A::SetCheck, "check", &["T"], In(View::Board), "give the column a query that checks it (Enter runs it)"),
    row(A::Fill, "fill", &["F"], In(View::Board), "fill the cells nobody has assessed"),
    row(A::Settle, "settle", &["v"], In(View::Board), "settle the column: present, absent, unclear"),
    row(A::Evidence, "evidence", &["e"], In(View::Board), "evidence and reasons"),
    row(A::RankUp, "rank-up", &["alt-up", "K"], In(View::Board), "rank higher by hand"),
    row(A::RankDown, "rank-down", &["alt-down", "J"], In(View::Board), "rank lower by hand"),
    row(A::EvidenceOrder, "evidence-order", &["="], In(View::Board), "back to the order of evidence"),
    row(A::Refute, "refute", &["x"], In(View::Board), "refute it; asks what refuted it"),
    row(A::Confirm, "confirm", &["c"], In(View::Board), "confirm it as the cause"),
    row(A::Reopen, "reopen", &["r"], In(View::Board), "open a refuted or parked one again"),
    row(A::Origin, "origin", &["o"], In(View::Board), "of one origin with another column: counts once"),
    row(A::Coincidence, "coincidence", &["~"], In(View::Board), "a coincidence: kept, not counted"),
    row(A::Edit, "edit", &["E"], In(View::Board), "reword the row"),
    row(A::Assume, "assume", &["i"], In(View::Board), "write down what the row takes for granted"),
    row(A::Poke, "poke", &["P"], In(View::Board), "assumptions: poke one, the oldest first"),
    row(A::Mitigate, "mitigate", &["m"], In(View::Act), "enter a mitigation"),
    row(A::Guard, "guard", &["r"], In(View::Act), "the rollback guard: four questions before going back"),
    row(A::Verify, "verify", &["v"], In(View::Act), "mark it: running, worked, failed, undone, rejected"),
    row(A::Stanched, "stanched", &["S"], In(View::Act), "impact has stopped"),
    row(A::Closed, "closed", &["C"], In(View::Act), "learned from: close it"),
    row(A::Bleeding, "bleeding", &["R"], In(View::Act), "bleeding again"),
    row(A::AddAction, "add-action", &["t"], In(View::Learn), "add an action"),
    row(A::WhyBeside, "beside", &["b"], In(View::Learn), "another answer beside this one"),
    row(A::WhyEnds, "ends", &["e"], In(View::Learn), "it names a process: the branch ends here, or not"),
    row(A::Reword, "change", &["E"], In(View::Learn), "change the words; without any it is taken back"),
];

#[cfg(test)]
mod tests {
    use std::collections::{HashMap, HashSet};

    use super::*;

    #[test]
    fn names_are_unique() {
        let names: HashSet<_> = TABLE.iter().map(|spec| spec.name).collect();
        assert_eq!(names.len(), TABLE.len());
    }

    #[test]
    fn no_key_means_two_things_in_one_place() {
        let mut seen = HashMap::new();
        for spec in TABLE {
            for key in spec.keys {
                if let Some(other) = seen.insert((key, spec.scope), spec.name) {
                    panic!("{key} is {other} and {} in {:?}", spec.name, spec.scope);
                }
            }
        }
    }
}
