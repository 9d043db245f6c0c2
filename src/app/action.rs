//! Every intention a user can have in a view, declared once, in one row of `for_each_action!`: its name, its keys, where it
//! applies, what it does in words, whether it writes to the journal, what it is done to, when it would do something,
//! and the function that does it. **To add an action is to add its row and that function.**
//!
//! The rows are an "X macro": `for_each_action!(receive)` hands all of them to the macro `receive`, which makes of them
//! what its place needs. Paths in the rows mean what they mean in the file that receives them. So this file, which lies
//! below the commands, makes [`Action`] and [`TABLE`] of the columns that are data and drops the others unread, and
//! `commands.rs` makes the two matches of the columns that are code. No match over the actions is written by hand, and
//! a row that lacks a column compiles in neither place.
//!
//! The keymap, the help, the palette, the man pages and the check for conflicts are all derived from [`TABLE`]. Answers to
//! an open dialog are not in it: they belong to the dialog, in `app::dialogs`.

pub mod synonyms;

use crate::app::view::View;

/// Where an action applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// In every view.
    Everywhere,
    /// In one view only; its keys win over those that work everywhere.
    In(View),
}

/// What an action needs of the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// It is offered under `--read-only`, too.
    Reads,
    /// It comes to an entry in the journal or a file, at once or after a question.
    Writes,
}

/// What an action is done to: one that is done to a selection never hits what took the place of something that vanished.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The screen, or the incident as a whole.
    Nothing,
    /// What a cursor of the view is on.
    Selection,
    /// What a cursor is on in these views; elsewhere nothing that is selected.
    SelectionIn(&'static [View]),
}

impl Target {
    /// Whether it is something that is selected in this view.
    pub(in crate::app) fn is_selected_in(self, view: View) -> bool {
        match self {
            Self::Nothing => false,
            Self::Selection => true,
            Self::SelectionIn(views) => views.contains(&view),
        }
    }
}

/// Hands all rows to a macro, in the order help shows them:
///
/// ```text
/// Variant: name, [keys unless the configuration says otherwise], scope, what it does in a few words
///     => access, target, when: fn(&App) -> bool, run: fn(&mut App) -> () or Vec<Effect>;
/// ```
macro_rules! for_each_action {
    ($receive:ident) => {
        $receive! {
            Watch: "watch", ["1"], Everywhere, "panes: what hurts"
                => Reads, Nothing, when::always, tabs::watch;
            Board: "board", ["2"], Everywhere, "hypotheses and what they explain"
                => Reads, Nothing, when::always, |app| app.show(View::Board);
            Act: "act", ["3"], Everywhere, "changes and mitigations"
                => Reads, Nothing, when::always, |app| app.show(View::Act);
            Log: "log", ["4"], Everywhere, "timeline and notes"
                => Reads, Nothing, when::always, |app| app.show(View::Log);
            Learn: "learn", ["5"], Everywhere, "whys, review, actions"
                => Reads, Nothing, when::always, |app| app.show(View::Learn);
            Coach: "coach", [">"], Everywhere, "do the next step that the coach line names"
                => Reads, Nothing, when::always, coach::take_advice;
            NotNow: "not-now", ["<"], Everywhere, "not now: pass over it until something changes"
                => Reads, Nothing, when::always, coach::not_now;
            Note: "note", ["n"], Everywhere, "write a note (`03:05 text` backdates it)"
                => Writes, Nothing, when::always, everywhere::open_note;
            TakeSymptom: "symptom", ["s"], Everywhere, "take the selection as a symptom, or type one"
                => Writes, SelectionIn(&[View::Watch]), when::always, everywhere::take_symptom;
            FoldStorm: "fold", ["f"], Everywhere, "fold what fires into a few symptoms"
                => Reads, Nothing, when::always, storm::open_storm;
            Silence: "silence", ["M"], Everywhere, "silence the selected alerts for a while"
                => Writes, SelectionIn(&[View::Watch]), when::silences, silence::ask;
            Smells: "fishy", ["Y"], Everywhere, "list the curves that smell fishy"
                => Reads, Nothing, when::always, smells::open_smells;
            AddHypotheses: "hypotheses", ["a"], Everywhere, "add hypotheses"
                => Writes, Nothing, when::always, everywhere::open_picker;
            Acknowledge: "acknowledge", ["A"], Everywhere, "say: I am on it"
                => Writes, Nothing, when::is_not_acknowledged, everywhere::acknowledge;
            ParkWhy: "park-why", ["w"], Everywhere, "keep a why for later"
                => Writes, Nothing, when::always, |app| app.ask(Purpose::ParkWhy);
            Open: "open", ["enter"], Everywhere, "open or accept; never changes the world"
                => Reads, SelectionIn(&[View::Board, View::Act, View::Learn]), when::opens, movement::open;
            Back: "back", ["esc"], Everywhere, "back; drafts are kept"
                => Reads, Nothing, when::always, movement::back;
            NextPane: "next-pane", ["tab"], Everywhere, "next pane"
                => Reads, Nothing, when::has_next_pane, movement::next_pane;
            PreviousPane: "previous-pane", ["shift-tab"], Everywhere, "previous pane"
                => Reads, Nothing, when::has_next_pane, movement::previous_pane;
            Up: "up", ["up", "k", "ctrl-p"], Everywhere, "up"
                => Reads, Nothing, when::always, movement::up;
            Down: "down", ["down", "j", "ctrl-n"], Everywhere, "down"
                => Reads, Nothing, when::always, movement::down;
            Left: "left", ["left", "h"], Everywhere, "left"
                => Reads, Nothing, when::has_sides, movement::left;
            Right: "right", ["right", "l"], Everywhere, "right"
                => Reads, Nothing, when::has_sides, movement::right;
            PageUp: "page-up", ["pageup"], Everywhere, "a page up, or the page of panes before"
                => Reads, Nothing, when::always, movement::page_up;
            PageDown: "page-down", ["pagedown"], Everywhere, "a page down, or the next page of panes"
                => Reads, Nothing, when::always, movement::page_down;
            First: "first", ["home", "g g"], Everywhere, "to the first"
                => Reads, Nothing, when::always, movement::first;
            Last: "last", ["end", "G"], Everywhere, "to the last"
                => Reads, Nothing, when::always, movement::last;
            Filter: "filter", ["/"], Everywhere, "filter the pane, or the log, as you type"
                => Reads, Nothing, when::filters, everywhere::ask_filter;
            LogsAround: "logs-around", ["L"], Everywhere, "log lines two minutes around the selection"
                => Reads, SelectionIn(&[View::Watch, View::Log]), when::can_look_around, around::open;
            Palette: "palette", [":"], Everywhere, "find an action by name"
                => Reads, Nothing, when::always, everywhere::open_palette;
            Help: "help", ["?"], Everywhere, "what can be done here"
                => Reads, Nothing, when::always, everywhere::open_help;
            Pin: "pin", ["p"], Everywhere, "keep the reading with its numbers in the log"
                => Writes, SelectionIn(&[View::Watch]), when::pins, everywhere::pin;
            Copy: "copy", ["y"], Everywhere, "copy the selection to the clipboard (OSC 52)"
                => Reads, Selection, when::copies, everywhere::copy;
            Undo: "undo", ["u"], Everywhere, "undo my last entry"
                => Writes, Nothing, when::can_undo, everywhere::undo;
            Redo: "redo", ["ctrl-r"], Everywhere, "redo it"
                => Writes, Nothing, when::can_redo, everywhere::redo;
            Refresh: "refresh", ["ctrl-l"], Everywhere, "poll now and redraw"
                => Reads, Nothing, when::always, everywhere::refresh;
            Zone: "zone", ["z"], Everywhere, "UTC or local time"
                => Reads, Nothing, when::always, everywhere::switch_zone;
            Mouse: "mouse", [], Everywhere, "take the mouse, or leave it to the terminal"
                => Reads, Nothing, when::always, everywhere::switch_mouse;
            Title: "title", [], Everywhere, "change the incident's title"
                => Writes, Nothing, when::always, everywhere::ask_title;
            Severity: "severity", [], Everywhere, "set the severity"
                => Writes, Nothing, when::always, |app| app.ask(Purpose::Severity);
            Onset: "onset", ["O"], Everywhere, "set when it began"
                => Writes, Nothing, when::always, everywhere::ask_onset;
            Load: "load", [], Everywhere, "put a board file on the board (`:load FILE`)"
                => Writes, Nothing, when::always, |app| app.ask(Purpose::LoadBoard);
            Save: "save", [], Everywhere, "write the board to a file (`:save FILE`)"
                => Writes, Nothing, when::has_board, board_file::ask_where_to_save;
            New: "new", [], Everywhere, "begin a new incident (`:new TITLE`)"
                => Writes, Nothing, when::always, incidents::ask_new;
            Switch: "switch", [], Everywhere, "go to another incident (`:switch PART-OF-ITS-ID`)"
                => Reads, Nothing, when::always, incidents::open_list;
            Runbook: "runbook", ["B"], Everywhere, "the runbook of what is selected, or of what fires"
                => Reads, SelectionIn(&[View::Watch]), when::always, runbooks::open;
            Dashboards: "dashboard", [], Everywhere, "open a Grafana dashboard, from a list"
                => Reads, Nothing, when::always, dashboards::open_list;
            Quit: "quit", ["q"], Everywhere, "close an overlay, else write the notes and quit"
                => Reads, Nothing, when::always, App::quit;
            QuitNow: "quit-now", ["ctrl-c"], Everywhere, "write the notes and quit at once"
                => Reads, Nothing, when::always, App::quit;
            Narrower: "narrower", ["{"], In(View::Watch), "narrower time window"
                => Reads, Nothing, when::has_panes, watch::narrower;
            Wider: "wider", ["}"], In(View::Watch), "wider time window"
                => Reads, Nothing, when::has_panes, watch::wider;
            PanBack: "pan-back", ["["], In(View::Watch), "back in time"
                => Reads, Nothing, when::has_panes, watch::pan_back;
            PanForward: "pan-forward", ["]"], In(View::Watch), "forward in time"
                => Reads, Nothing, when::is_in_the_past, watch::pan_forward;
            Live: "live", ["0"], In(View::Watch), "back to live"
                => Reads, Nothing, when::is_in_the_past, watch::go_live;
            Wrap: "wrap", ["W"], In(View::Watch), "log lines whole, wrapped, or one row each"
                => Reads, Nothing, when::is_on_logs, logs::wrap;
            FoldLines: "fold-lines", ["F"], In(View::Watch), "log lines that say the same in one row, or each"
                => Reads, Nothing, when::is_on_logs, logs::fold_lines;
            NextError: "next-error", ["e"], In(View::Watch), "log lines: to the next error"
                => Reads, Nothing, when::is_on_logs, |app| logs::next_error(app, true);
            PreviousError: "previous-error", ["E"], In(View::Watch), "log lines: to the error before"
                => Reads, Nothing, when::is_on_logs, |app| logs::next_error(app, false);
            Highlight: "highlight", ["*"], In(View::Watch), "log lines: mark a text wherever it stands"
                => Reads, Nothing, when::is_on_logs, logs::ask_highlight;
            LookAtTime: "time", ["c"], In(View::Watch), "one time in all charts; left and right move it"
                => Reads, Nothing, when::has_charts, chart::look_at_time;
            TimeBack: "time-back", ["shift-left"], In(View::Watch), "ten columns back, where a time is looked at"
                => Reads, Nothing, when::looks_at_a_time, |app| chart::time_step(app, -10);
            TimeForward: "time-forward", ["shift-right"], In(View::Watch), "ten columns forward, where a time is looked at"
                => Reads, Nothing, when::looks_at_a_time, |app| chart::time_step(app, 10);
            Compare: "compare", ["b"], In(View::Watch), "compare with an hour, a day, a week before"
                => Reads, Nothing, when::has_charts, compare::next;
            HideSeries: "hide-series", ["space"], In(View::Watch), "in an open chart: hide or show a series"
                => Reads, Nothing, when::has_legend, chart::hide_series;
            OnlySeries: "only-series", ["i"], In(View::Watch), "in an open chart: show only this series, or all"
                => Reads, Nothing, when::has_legend, chart::only_series;
            OrderSeries: "order-series", ["o"], In(View::Watch), "in an open chart: by now, by maximum, by name"
                => Reads, Nothing, when::has_legend, chart::order_series;
            Variable: "variable", ["$"], In(View::Watch), "set a variable (`:variable pod=web-1`)"
                => Reads, Nothing, when::has_variables, variables::ask;
            Links: "links", ["U"], In(View::Watch), "where the panel and its dashboard lead to"
                => Reads, Nothing, when::has_dashboards, links::open;
            NextTab: "next-tab", [")"], In(View::Watch), "the next dashboard, then the team's panes"
                => Reads, Nothing, when::has_tabs, tabs::next;
            PreviousTab: "previous-tab", ["("], In(View::Watch), "the dashboard before"
                => Reads, Nothing, when::has_tabs, tabs::previous;
            Tab: "tab", [], In(View::Watch), "go to a dashboard (`:tab 2`, `:tab NAME`)"
                => Reads, Nothing, when::has_tabs, tabs::ask;
            SignHere: "sign-here", ["t"], In(View::Watch), "take the selection as a sign its query checks"
                => Writes, SelectionIn(&[View::Watch]), when::always, checks::ask_for_sign_here;
            CellMust: "must", ["#"], In(View::Board), "it must be there"
                => Writes, Selection, when::has_cells, |app| board::set_cell(app, Cell::Must);
            CellLikely: "likely", ["+"], In(View::Board), "likely there"
                => Writes, Selection, when::has_cells, |app| board::set_cell(app, Cell::Likely);
            CellNeutral: "neutral", ["."], In(View::Board), "says nothing"
                => Writes, Selection, when::has_cells, |app| board::set_cell(app, Cell::Neutral);
            CellUnlikely: "unlikely", ["-"], In(View::Board), "unlikely"
                => Writes, Selection, when::has_cells, |app| board::set_cell(app, Cell::Unlikely);
            CellCannot: "cannot", ["X", "!"], In(View::Board), "cannot be there"
                => Writes, Selection, when::has_cells, |app| board::set_cell(app, Cell::Cannot);
            CellUnassessed: "unassessed", ["backspace"], In(View::Board), "not assessed"
                => Writes, Selection, when::has_cells, |app| board::set_cell(app, Cell::Unassessed);
            CellRest: "rest", [","], In(View::Board), "the rest of the column says nothing"
                => Writes, Selection, when::has_cells, board::rest_says_nothing;
            CellNext: "next-value", ["space"], In(View::Board), "next value"
                => Writes, Selection, when::has_cells, board::next_cell;
            AddSign: "sign", ["t"], In(View::Board), "add a sign to look for"
                => Writes, Nothing, when::always, |app| app.ask(Purpose::Sign);
            RunAll: "run-all", ["b"], In(View::Board), "run all checks of untested signs that only read"
                => Writes, Nothing, when::has_checks, checks::run_all_checks;
            SetCheck: "check", ["T"], In(View::Board), "a query that checks the column (Enter runs it)"
                => Writes, Selection, when::has_columns, checks::ask_for_check;
            Fill: "fill", ["F"], In(View::Board), "fill the cells nobody has assessed"
                => Writes, Nothing, when::has_unassessed, board::open_fill_strip;
            Settle: "settle", ["v"], In(View::Board), "settle the column: present, absent, unclear"
                => Writes, Selection, when::has_columns, board::ask_to_settle;
            Evidence: "evidence", ["e"], In(View::Board), "evidence and reasons"
                => Reads, Selection, when::has_rows, board::show_reasons;
            RankUp: "rank-up", ["alt-up", "K"], In(View::Board), "rank higher by hand"
                => Writes, Selection, when::has_rivals, |app| board::rank_by_hand(app, -1);
            RankDown: "rank-down", ["alt-down", "J"], In(View::Board), "rank lower by hand"
                => Writes, Selection, when::has_rivals, |app| board::rank_by_hand(app, 1);
            EvidenceOrder: "evidence-order", ["="], In(View::Board), "back to the order of evidence"
                => Writes, Nothing, when::is_ranked_by_hand, board::ask_evidence_order;
            Refute: "refute", ["x"], In(View::Board), "refute it; asks what refuted it"
                => Writes, Selection, when::can_refute, judge::ask_refute;
            Confirm: "confirm", ["c"], In(View::Board), "confirm it as the cause"
                => Writes, Selection, when::can_confirm, judge::ask_confirm;
            Reopen: "reopen", ["r"], In(View::Board), "open a refuted or parked one again"
                => Writes, Selection, when::can_reopen, judge::reopen;
            Origin: "origin", ["o"], In(View::Board), "of one origin with another column: counts once"
                => Writes, Selection, when::has_other_columns, board::ask_origin;
            Coincidence: "coincidence", ["~"], In(View::Board), "a coincidence: kept, not counted"
                => Writes, Selection, when::has_columns, board::toggle_coincidence;
            Edit: "edit", ["E"], In(View::Board), "reword the row"
                => Writes, Selection, when::has_rows, board::reword;
            Assume: "assume", ["i"], In(View::Board), "write down what the row takes for granted"
                => Writes, Selection, when::always, assumptions::ask_assumption;
            Poke: "poke", ["P"], In(View::Board), "assumptions: check one, the oldest first"
                => Writes, Selection, when::always, assumptions::open_assumptions;
            Mitigate: "mitigate", ["m"], In(View::Act), "enter a mitigation"
                => Writes, Nothing, when::always, act::ask_mitigation;
            Guard: "guard", ["r"], In(View::Act), "rollback guard: four questions before going back"
                => Writes, Selection, when::always, act::guard_selected;
            Verify: "verify", ["v"], In(View::Act), "what came of it: running, worked, failed, undone"
                => Writes, Selection, when::has_mitigations, act::verify_selected;
            Stanched: "stanched", ["S"], In(View::Act), "impact has stopped"
                => Writes, Nothing, when::is_not_stanched, |app| status::ask_status(app, Status::Stanched);
            Closed: "closed", ["C"], In(View::Act), "learned from: close it"
                => Writes, Nothing, when::is_not_closed, |app| status::ask_status(app, Status::Closed);
            Bleeding: "bleeding", ["R"], In(View::Act), "it is bleeding, or bleeding again"
                => Writes, Nothing, when::is_not_bleeding, |app| status::ask_status(app, Status::Bleeding);
            AddAction: "add-action", ["t"], In(View::Learn), "add an action"
                => Writes, Nothing, when::always, |app| app.ask(Purpose::ActionItem);
            WhyBeside: "beside", ["b"], In(View::Learn), "another answer beside this one"
                => Writes, Selection, when::is_on_a_why, learn::ask_beside;
            WhyEnds: "ends", ["e"], In(View::Learn), "it names a process: the branch ends here, or not"
                => Writes, Selection, when::is_on_an_end, learn::end_branch;
            Reword: "change", ["E"], In(View::Learn), "change the words; without any it is taken back"
                => Writes, Selection, when::can_reword, learn::reword;
        }
    };
}
pub(in crate::app) use for_each_action;

macro_rules! declare {
    ($($action:ident: $name:literal, [$($key:literal),*], $scope:expr, $doc:literal
        => $access:ident, $target:expr, $when:expr, $run:expr;)*) => {
        /// A user's intention.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Action {
            $(#[doc = $doc] $action,)*
        }

        /// All actions, in the order of the rows, which is that of the enum.
        pub const TABLE: &[Spec] = &[
            $(Spec {
                action: Action::$action,
                name: $name,
                doc: $doc,
                keys: &[$($key),*],
                scope: $scope,
                access: Access::$access,
                target: $target,
            },)*
        ];
    };
}

/// The columns of a row that are data.
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
    /// Whether `--read-only` takes it away.
    pub access: Access,
    /// What it is done to.
    pub target: Target,
}

use Scope::{Everywhere, In};
use Target::{Nothing, Selection, SelectionIn};
for_each_action!(declare);

/// Moves, which are one line of help together.
pub const MOVES: [Action; 10] = [
    Action::Up,
    Action::Down,
    Action::Left,
    Action::Right,
    Action::PageUp,
    Action::PageDown,
    Action::First,
    Action::Last,
    Action::NextPane,
    Action::PreviousPane,
];

/// The views, by the actions that lead to them.
pub const VIEWS: [Action; 5] = [Action::Watch, Action::Board, Action::Act, Action::Log, Action::Learn];

impl View {
    /// The action that leads to it.
    pub fn action(self) -> Action {
        VIEWS[self as usize]
    }
}

impl Action {
    /// Its line in the table.
    pub fn spec(self) -> &'static Spec {
        &TABLE[self as usize]
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{HashMap, HashSet};

    use super::*;

    #[test]
    fn each_action_finds_its_row() {
        assert!(TABLE.iter().all(|spec| spec.action.spec().name == spec.name));
    }

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
