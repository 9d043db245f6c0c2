//! View 5: the questions asked afterwards, the whys as a tree, and what to do about it.

mod answers;

use super::{App, Effect, action::Action, overlay::Purpose, rows::Cursor};
use crate::incident::{ActionItem, Branch, End, Event, Id, Note, Question, mitigation};

/// The state of view 5.
#[derive(Clone, Debug, Default)]
pub struct LearnState {
    /// The line selected; it stays on what it is on while the tree grows.
    pub cursor: Cursor,
}

/// A line of view 5 that can be selected.
#[derive(Clone, Debug)]
pub enum LearnItem<'a> {
    /// A question of the review.
    Question(Question),
    /// Where a tree of whys begins: a why that was put aside, or "Why did it happen?".
    Root(Option<&'a Note>),
    /// An answer to a why.
    Why(Branch<'a>),
    /// Something to be done.
    Action(&'a ActionItem),
    /// Where one more action is added.
    NewAction,
}

impl App {
    /// The lines of view 5 from top to bottom: the cursor moves over these, and these are drawn.
    pub fn learn_items(&self) -> Vec<LearnItem<'_>> {
        let mut items = Vec::new();
        let behind_whys = Question::ALL.iter().position(|question| question.part() != Question::ALL[0].part());
        let (before, after) = Question::ALL.split_at(behind_whys.unwrap_or(0));
        items.extend(before.iter().map(|question| LearnItem::Question(*question)));
        for root in std::iter::once(None).chain(self.incident.whys.iter().map(Some)) {
            items.push(LearnItem::Root(root));
            items.extend(self.incident.branches(root.map(|why| why.id)).into_iter().map(LearnItem::Why));
        }
        items.extend(after.iter().map(|question| LearnItem::Question(*question)));
        items.extend(self.incident.actions.iter().map(LearnItem::Action));
        items.push(LearnItem::NewAction);
        items
    }

    /// The place of the line that is selected.
    pub fn learn_line(&self, items: &[LearnItem<'_>]) -> usize {
        let keys: Vec<String> = items.iter().map(LearnItem::key).collect();
        self.learn.cursor.find(&keys).unwrap_or(0)
    }

    /// The line that is selected.
    pub fn selected_learning(&self) -> LearnItem<'_> {
        let mut items = self.learn_items();
        let line = self.learn_line(&items);
        items.swap_remove(line)
    }

    pub(super) fn learn_action(&mut self, action: Action) -> Vec<Effect> {
        match action {
            Action::Up | Action::PreviousPane => self.learn_step(-1),
            Action::Down | Action::NextPane => self.learn_step(1),
            Action::PageUp => self.learn_step(-10),
            Action::PageDown => self.learn_step(10),
            Action::First => self.learn_step(isize::MIN),
            Action::Last => self.learn_step(isize::MAX),
            Action::AddAction => self.ask(Purpose::ActionItem),
            Action::Open => self.open_learn(),
            Action::WhyBeside => self.ask_beside(),
            Action::WhyEnds => return self.end_branch(),
            Action::Edit | Action::Reword => self.reword_learn(),
            _ => {}
        }
        Vec::new()
    }

    /// Puts the cursor on what a key names, if it is there.
    pub(super) fn learn_to(&mut self, key: &str) {
        let keys: Vec<String> = self.learn_items().iter().map(LearnItem::key).collect();
        if let Some(line) = keys.iter().position(|known| known == key) {
            self.learn.cursor.put(&keys, line);
        }
    }

    /// Keeps the cursor on the line it is shown on.
    pub(super) fn stay_in_learn(&mut self) {
        self.learn_step(0);
    }

    fn learn_step(&mut self, by: isize) {
        let keys: Vec<String> = self.learn_items().iter().map(LearnItem::key).collect();
        let Some(line) = self.learn.cursor.find(&keys) else { return };
        let to = line.saturating_add_signed(by).min(keys.len().saturating_sub(1));
        self.learn.cursor.put(&keys, to);
    }

    /// Enter: a question is answered, a why is asked on, an action is changed.
    fn open_learn(&mut self) {
        match self.selected_learning() {
            LearnItem::Question(question) => self.ask_question(question),
            LearnItem::Root(parked) => {
                let of = parked.map(|why| why.id);
                self.ask_why(of);
            }
            LearnItem::Why(branch) => {
                let of = branch.why.id;
                self.ask_why(Some(of));
            }
            LearnItem::NewAction => self.ask(Purpose::ActionItem),
            LearnItem::Action(_) => self.reword_learn(),
        }
    }

    pub(super) fn ask_question(&mut self, question: Question) {
        let known = self.incident.answers.get(&question).cloned().unwrap_or_default();
        self.ask_with(Purpose::Review(question), &known);
    }

    /// Asks why, of an answer, of what was put aside, or of it all.
    pub(super) fn ask_why(&mut self, of: Option<Id>) {
        let asked = self.incident.why_asked(of).0;
        self.ask(Purpose::Why { of, asked });
    }

    /// Another answer to the question that the selected one answers.
    fn ask_beside(&mut self) {
        match self.selected_learning() {
            LearnItem::Why(branch) => {
                let of = branch.why.parent;
                self.ask_why(of);
            }
            LearnItem::Root(parked) => {
                let of = parked.map(|why| why.id);
                self.ask_why(of);
            }
            _ => self.say("select an answer to a why: another one goes beside it"),
        }
    }

    /// The selected answer names a process, or does not after all.
    fn end_branch(&mut self) -> Vec<Effect> {
        let LearnItem::Why(Branch { why, end, .. }) = self.selected_learning() else {
            self.say("select the answer that names a process");
            return Vec::new();
        };
        if end == End::GoesOn {
            self.say("it was asked why already: the branch ends further down");
            return Vec::new();
        }
        let (why, process) = (why.id, !why.process);
        self.say(if process { "a process: the branch ends here" } else { "the branch is open again" });
        self.record(vec![Event::WhyEnded { why, process }])
    }

    fn reword_learn(&mut self) {
        let (purpose, text) = match self.selected_learning() {
            LearnItem::Why(branch) => (Purpose::WhyWords(branch.why.id), branch.why.text.clone()),
            LearnItem::Action(action) => (Purpose::EditAction(action.id), action.typed()),
            LearnItem::Question(question) => return self.ask_question(question),
            LearnItem::Root(_) | LearnItem::NewAction => return self.say("select an answer or an action to change it"),
        };
        self.ask_with(purpose, &text);
    }

    /// How many questions of the review nobody has answered; whys that were never asked count.
    pub(super) fn open_questions(&self) -> usize {
        let incident = &self.incident;
        let questions = Question::ALL.iter().filter(|question| !incident.answers.contains_key(question)).count();
        let roots = std::iter::once(None).chain(incident.whys.iter().map(|why| Some(why.id)));
        questions + roots.filter(|root| incident.branches(*root).is_empty()).count()
    }
}

impl LearnItem<'_> {
    /// What tells it from all others.
    pub(super) fn key(&self) -> String {
        match self {
            Self::Question(question) => format!("question {question:?}"),
            Self::Root(None) => "why".into(),
            Self::Root(Some(parked)) => format!("parked {}", parked.id),
            Self::Why(branch) => format!("why {}", branch.why.id),
            Self::Action(action) => format!("action {}", action.id),
            Self::NewAction => "new".into(),
        }
    }

    /// What is copied of it: one line.
    pub(super) fn line(&self, app: &App) -> Option<String> {
        let answered = |asked: &str, answer: Option<&String>| match answer {
            Some(answer) => format!("{asked} {answer}"),
            None => asked.to_owned(),
        };
        let text = match self {
            Self::Question(question) => answered(question.text(), app.incident.answers.get(question)),
            Self::Root(None) => "Why did it happen?".into(),
            Self::Root(Some(parked)) => parked.text.clone(),
            Self::Why(branch) => branch.why.text.clone(),
            Self::Action(action) => action.typed(),
            Self::NewAction => return None,
        };
        Some(text.lines().map(str::trim).collect::<Vec<_>>().join(" "))
    }
}

/// What kind of mitigation a sentence speaks of.
pub(super) fn mitigation_kind(text: &str) -> mitigation::MitigationKind {
    mitigation::MitigationKind::guess(text)
}
