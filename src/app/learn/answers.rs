//! What comes of an answer: it is recorded, and the next one is asked at once. After the last one of a part the field
//! gives way to an end that takes no letters: who goes on typing answers commands nothing.

use crate::{
    app::{
        Action, App, Effect, Overlay,
        overlay::{Choice, Prompt},
    },
    incident::{Event, Id, Question, learning::whys},
};

impl App {
    /// Takes the answer to a question.
    pub(in crate::app) fn submit_review(&mut self, question: Question, text: String, prompt: Prompt) -> Vec<Effect> {
        let answers = &self.incident.answers;
        let first = !answers.contains_key(&question);
        let mut events = Vec::new();
        if answers.get(&question).map_or(!text.is_empty(), |known| *known != text) {
            events.push(Event::Answered { question, text });
        }
        if first {
            self.after_answer(question);
        }
        let name = prompt.purpose.draft_name().unwrap_or_default();
        self.forget_draft(&name, events)
    }

    /// The next question of the same part; behind what happened, the first why.
    fn after_answer(&mut self, question: Question) {
        let at = Question::ALL.iter().position(|known| *known == question).unwrap_or(0);
        let of_part = Question::ALL[at + 1..].iter().take_while(|next| next.part() == question.part());
        let next = of_part.copied().find(|next| !self.incident.answers.contains_key(next));
        let coach = self.keymap.key(Action::Coach);
        match next {
            Some(next) => {
                self.learn_to(&format!("question {next:?}"));
                self.ask_question(next);
            }
            None if question.part() == Question::ALL[0].part() && self.incident.branches(None).is_empty() => {
                self.learn_to("why");
                self.ask_why(None);
            }
            None => {
                let said = format!(
                    "That was the last question of this part. Esc leaves; then {coach} goes on with the next step."
                );
                self.end_of_review(question.part(), said);
            }
        }
    }

    /// Takes the answer to a why, and asks why again until it names a process. Without words the branch is left open.
    pub(in crate::app) fn submit_why(&mut self, of: Option<Id>, text: &str, prompt: &Prompt) -> Vec<Effect> {
        let name = prompt.purpose.draft_name().unwrap_or_default();
        if text.is_empty() {
            let open = self.keymap.key(Action::Open);
            self.say(format!("left open: {open} on the line asks on"));
            return self.forget_draft(&name, Vec::new());
        }
        let (text, process) = whys::read(text, &self.incident);
        let depth = self.incident.why_depth(of) + 1;
        let mut drafts = vec![self.draft(Event::WhyAnswered { parent: of, text: text.to_owned(), process })];
        let id = drafts[0].id;
        self.learn.cursor.key = Some(format!("why {id}"));
        if self.my_draft(&name).is_some() {
            drafts.push(self.draft(Event::DraftKept { field: name, text: String::new() }));
        }
        let coach = self.keymap.key(Action::Coach);
        let beside = self.keymap.key(Action::WhyBeside);
        if process {
            let ends = self.keymap.key(Action::WhyEnds);
            let said = format!(
                "That names a process: the branch ends there. Esc leaves; then {beside} adds another cause beside it, \
                 {ends} opens the branch again, and {coach} goes on."
            );
            self.end_of_review("Whys", said);
        } else if depth >= whys::HABIT && depth.is_multiple_of(whys::HABIT) {
            let said = format!(
                "{depth} levels down, and no process named yet. Esc leaves; then Enter asks on from here, and {coach} \
                 goes on."
            );
            self.end_of_review("Whys", said);
        } else {
            self.awaited.why = Some(id);
        }
        self.record_drafts(drafts)
    }

    /// Asks why of an answer once the journal has it.
    pub(in crate::app) fn ask_on(&mut self) {
        let Some(id) = self.awaited.why.filter(|id| self.incident.causes.iter().any(|why| why.id == *id)) else {
            return;
        };
        self.awaited.why = None;
        if self.overlay.is_none() {
            self.ask_why(Some(id));
        }
    }

    fn end_of_review(&mut self, part: &str, said: String) {
        self.overlay = Some(Overlay::Choice(Choice::end(part, said)));
    }
}
