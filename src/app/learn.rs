//! View 5: the questions asked afterwards, and what to do about it.

use super::{
    App, Effect, Overlay,
    action::Action,
    overlay::{Choice, Prompt, Purpose},
};
use crate::incident::{ActionItem, Event, Question, mitigation};

/// So many answers are asked for in one go; the others wait in the list.
const IN_ONE_GO: usize = 5;

/// The state of view 5.
#[derive(Clone, Debug, Default)]
pub struct LearnState {
    /// The line selected.
    pub line: usize,
}

/// A line of view 5 that can be selected.
#[derive(Clone, Copy, Debug)]
pub enum LearnItem<'a> {
    /// A question of the review.
    Question(Question),
    /// Something to be done.
    Action(&'a ActionItem),
    /// Where one more action is added.
    NewAction,
}

impl App {
    /// The lines of view 5: questions, actions, and one for a new action.
    pub fn learn_items(&self) -> Vec<LearnItem<'_>> {
        let questions = Question::ALL.iter().map(|question| LearnItem::Question(*question));
        questions.chain(self.incident.actions.iter().map(LearnItem::Action)).chain([LearnItem::NewAction]).collect()
    }

    pub(super) fn learn_action(&mut self, action: Action) -> Vec<Effect> {
        let last = self.learn_items().len() - 1;
        let step = |line: usize, by: isize| line.saturating_add_signed(by).min(last);
        match action {
            Action::Up | Action::PreviousPane => self.learn.line = step(self.learn.line, -1),
            Action::Down | Action::NextPane => self.learn.line = step(self.learn.line, 1),
            Action::PageUp => self.learn.line = step(self.learn.line, -10),
            Action::PageDown => self.learn.line = step(self.learn.line, 10),
            Action::First => self.learn.line = 0,
            Action::Last => self.learn.line = last,
            Action::AddAction => self.ask(Purpose::ActionItem),
            Action::Open => self.open_learn(),
            _ => {}
        }
        Vec::new()
    }

    fn open_learn(&mut self) {
        match self.learn_items().get(self.learn.line) {
            Some(LearnItem::Question(question)) => {
                let question = *question;
                let known = self.incident.answers.get(&question).cloned().unwrap_or_default();
                self.ask_with(Purpose::Review(question), &known);
            }
            Some(LearnItem::NewAction) => self.ask(Purpose::ActionItem),
            Some(LearnItem::Action(_)) | None => {}
        }
    }
}

impl App {
    /// Takes the answer to a question. Where none stood before the next open one is asked at once, and after the last one
    /// the field gives way to an end that takes no letters: who goes on typing answers commands nothing.
    pub(super) fn submit_review(&mut self, question: Question, text: String, prompt: Prompt) -> Vec<Effect> {
        let answers = &self.incident.answers;
        let first = !answers.contains_key(&question);
        let mut events = Vec::new();
        if answers.get(&question).map_or(!text.is_empty(), |known| *known != text) {
            events.push(Event::Answered { question, text });
        }
        if first {
            self.after_answer(question, !events.is_empty());
        }
        let name = prompt.purpose.draft_name().unwrap_or_default();
        self.forget_draft(&name, events)
    }

    fn after_answer(&mut self, question: Question, answered: bool) {
        let answers = &self.incident.answers;
        let before = answers.len();
        let now = before + usize::from(answered);
        let at = Question::ALL.iter().position(|known| *known == question).unwrap_or(0);
        let next = Question::ALL[at + 1..].iter().find(|next| !answers.contains_key(next)).copied();
        let coach = self.keymap.key(Action::Coach);
        match next {
            Some(next) if now != IN_ONE_GO || before == now => {
                if let Some(line) = self.learn_items().iter().position(|item| item.asks(next)) {
                    self.learn.line = line;
                }
                self.ask(Purpose::Review(next));
            }
            Some(_) => {
                let said = format!(
                    "All five answered. Esc leaves; then {coach} goes on with the next step, and Enter on a question \
                     below answers it too."
                );
                self.overlay = Some(Overlay::Choice(Choice::end("Review: the end", said)));
            }
            None => {
                let said = format!("That was the last question. Esc leaves; then {coach} goes on with the next step.");
                self.overlay = Some(Overlay::Choice(Choice::end("Review: the end", said)));
            }
        }
    }
}

impl LearnItem<'_> {
    fn asks(&self, question: Question) -> bool {
        matches!(self, Self::Question(known) if *known == question)
    }
}

/// What kind of mitigation a sentence speaks of.
pub(super) fn mitigation_kind(text: &str) -> mitigation::MitigationKind {
    mitigation::MitigationKind::guess(text)
}
