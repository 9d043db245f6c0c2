//! What can lie over a view. There is at most one, Esc always leaves it, and nothing typed into it is lost.

pub mod about;
pub mod choice;
pub mod dashboards;
pub mod fact_sheet;
pub mod fill;
pub mod guard;
pub mod incidents;
pub mod log_sheet;
pub mod menu;
pub mod picker;
pub mod prompt;
pub mod runbook;
pub mod storm;
pub mod variables;
pub mod write;

pub use crate::app::{
    screen::overlay::{
        about::About,
        choice::{Answer, Choice},
        dashboards::DashboardList,
        fact_sheet::FactSheet,
        fill::Fill,
        guard::GuardSheet,
        incidents::IncidentList,
        log_sheet::LogSheet,
        menu::Menu,
        picker::{Candidate, Picker},
        prompt::{KeptUnder, Prompt, PromptSpec, Purpose},
        runbook::{RunbookList, RunbookSheet},
        storm::Storm,
        variables::VariablePicker,
    },
    world::checks::SignOf,
};
use crate::{
    app::{
        act,
        action::{Action, TABLE, synonyms},
        field::Field,
        screen::cursor::Cursor,
    },
    base::words,
    incident::Id,
};

/// Something over the view.
#[derive(Clone, Debug)]
pub enum Overlay {
    /// What can be done here.
    Help {
        /// First line shown.
        scroll: usize,
    },
    /// Actions by name.
    Palette(Palette),
    /// What can be done with what was clicked on.
    Menu(Menu),
    /// A note of several lines.
    Note(Field),
    /// A question answered in one line.
    Prompt(Prompt),
    /// Hypotheses to add.
    Picker(Picker),
    /// Cells to fill, one key each.
    Fill(Fill),
    /// A question answered by one key.
    Choice(Choice),
    /// What is taken for granted, to be poked.
    Assumptions {
        /// The line selected.
        cursor: Cursor,
    },
    /// Curves that smell.
    Smells {
        /// The line selected.
        cursor: Cursor,
    },
    /// The four questions before something is rolled back.
    Guard(GuardSheet),
    /// What fires, folded into a few proposals.
    Storm(Storm),
    /// Dashboards, to open one.
    Dashboards(DashboardList),
    /// Incidents, to go to another.
    Incidents(IncidentList),
    /// Variables of a dashboard, and what one of them can be.
    Variables(VariablePicker),
    /// The reasons of a row, or the evidence of a column.
    Detail {
        /// The row or column it is about.
        subject: Subject,
        /// First line shown.
        scroll: usize,
    },
    /// A log line, whole.
    LogLine(Box<LogSheet>),
    /// A runbook.
    Runbook(Box<RunbookSheet>),
    /// Runbooks, to open one.
    Runbooks(Box<RunbookList>),
    /// An alert group, a change or an entry of the timeline, whole.
    Facts(Box<FactSheet>),
}

/// What a detail is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A row of the board; `None` is "something not on this board".
    Row(Option<Id>),
    /// A column of the board.
    Column(Id),
}

/// Actions found by name.
#[derive(Clone, Debug)]
pub struct Palette {
    /// What is typed.
    pub field: Field,
    /// The actions that fit, best first.
    pub found: Vec<Action>,
    /// The one selected.
    pub cursor: usize,
}

impl Palette {
    /// Finds those of these actions that fit what is typed; the best is selected.
    pub fn search(&mut self, actions: &[Action]) {
        let typed = self.field.text();
        let found = fitting(&typed, actions);
        let named = TABLE.iter().find(|spec| spec.name == typed.trim()).map(|spec| spec.action);
        // A name typed whole means that action and no other, even where it can do nothing and only says so.
        self.found = match self.with_argument().map(|(action, _)| action).or(named) {
            Some(action) => vec![action],
            None => found,
        };
        self.cursor = 0;
    }

    /// An action that was typed whole with what it is to be done to: `load FILE`.
    pub(in crate::app) fn with_argument(&self) -> Option<(Action, String)> {
        let text = self.field.text();
        let (word, argument) = text.trim_start().split_once(' ')?;
        let action = WITH_ARGUMENT.into_iter().find(|action| action.spec().name == word)?;
        let argument = argument.trim();
        (!argument.is_empty()).then(|| (action, argument.to_owned()))
    }
}

/// The actions that are typed with what they are to be done to.
const WITH_ARGUMENT: [Action; 7] =
    [Action::Load, Action::Save, Action::New, Action::Switch, Action::Variable, Action::Compare, Action::Tab];

/// From so many letters on a word alone finds an action, whatever else is typed.
const TELLING: usize = 4;

/// The actions that have words beginning with what is typed: in their name, then among the words others use for it, then
/// in what they do. All of them where nothing is typed; never one that merely has the letters.
fn fitting(typed: &str, actions: &[Action]) -> Vec<Action> {
    let wanted = words::of(typed);
    if wanted.is_empty() {
        return actions.to_vec();
    }
    let begins = |text: &str, word: &str| words::of(text).iter().any(|known| known.starts_with(word));
    let fit = |action: &Action| {
        let spec = action.spec();
        let place = |word: &String| match () {
            () if begins(spec.name, word) => Some(0),
            () => synonyms::meant_by(word)
                .position(|meant| meant == *action)
                .map(|nth| 1 + nth)
                .or_else(|| begins(spec.doc, word).then_some(usize::MAX)),
        };
        let places: Vec<Option<usize>> = wanted.iter().map(place).collect();
        // Whoever describes what they look for uses words of their own besides; a letter or two are none.
        let missed = places.iter().filter(|place| place.is_none()).count();
        let tells = |word: &String| missed == 0 || word.len() >= TELLING;
        let best = wanted.iter().zip(&places).filter(|(word, _)| tells(word)).filter_map(|(_, place)| *place).min();
        best.map(|best| (missed, best))
    };
    let mut found: Vec<_> = actions.iter().filter_map(|action| Some((fit(action)?, *action))).collect();
    found.sort_by_key(|(fit, _)| *fit);
    found.into_iter().map(|(_, action)| action).collect()
}

impl Overlay {
    /// Whether keys are text here.
    pub fn is_typing(&self) -> bool {
        match self {
            Self::Guard(sheet) => sheet.field.is_some(),
            other => matches!(
                other,
                Self::Palette(_)
                    | Self::Note(_)
                    | Self::Prompt(_)
                    | Self::Picker(_)
                    | Self::Dashboards(_)
                    | Self::Incidents(_)
                    | Self::Runbooks(_)
                    | Self::Variables(_)
            ),
        }
    }

    /// The field that is open and what it is for, to be kept as a draft.
    pub fn draft(&self) -> Option<(String, String)> {
        let (name, field) = match self {
            Self::Note(field) => ("note".to_owned(), field),
            // What was offered and left as it was is nobody's text.
            Self::Prompt(prompt) if prompt.is_changed() => (prompt.purpose.spec().kept_under.draft()?, &prompt.field),
            Self::Picker(picker) => ("hypothesis".to_owned(), &picker.field),
            Self::Guard(sheet) => (act::guard_field(&sheet.intent, sheet.question()?), sheet.field.as_ref()?),
            _ => return None,
        };
        Some((name, field.text()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_palette_goes_by_whole_beginnings_of_words() {
        let all: Vec<Action> = TABLE.iter().map(|spec| spec.action).collect();
        let first = |typed: &str| fitting(typed, &all).first().map(|action| action.spec().name);
        assert_eq!(first("note"), Some("note"));
        assert_eq!(first("rank"), Some("rank-up"));
        assert_eq!(first("by hand higher"), Some("rank-up"));
        assert_eq!(first("refute this"), Some("refute"));
        assert_eq!(first("runbook"), Some("runbook"));
        assert_eq!(first("sop"), Some("runbook"));
        assert_eq!(first("rollback"), Some("guard"));
        assert_eq!(first("snooze"), Some("not-now"));
        assert_eq!(first("silence"), Some("silence"));
        assert_eq!(first("rfte"), None, "no action has merely its letters");
        assert_eq!(first("loads b.toml"), None);
        assert_eq!(fitting("", &all).len(), all.len());
    }
}
