//! Whys as a tree: a cause has several causes, each may be asked why again, and a branch ends where it names a process.
//!
//! A root is "Why did it happen?" or a why that was put aside while it bled. Nothing here decides: that a branch names a
//! person is said, so that it can be asked on, and never stops anyone.

mod words;

use jiff::Timestamp;
use words::People;
pub use words::read;

use super::Question;
use crate::incident::{Id, Incident};

/// A habit, not a limit: so many levels down nobody is asked on unasked.
pub const HABIT: usize = 5;

/// An answer to a why.
#[derive(Clone, Debug, PartialEq)]
pub struct Why {
    /// Its name in the log.
    pub id: Id,
    /// The answer, or the why put aside, that it answers; `None` is "Why did it happen?".
    pub parent: Option<Id>,
    /// The answer.
    pub text: String,
    /// Whether the branch ends here, with a process.
    pub process: bool,
    /// When it was answered.
    pub at: Timestamp,
    /// Who answered.
    pub by: String,
    /// The question of the fixed five that older journals have.
    pub(in crate::incident) question: Option<Question>,
}

/// A line of the tree as it is shown and printed: above what answers it.
#[derive(Clone, Debug, PartialEq)]
pub struct Branch<'a> {
    /// The answer.
    pub why: &'a Why,
    /// Steps below its root, from 1.
    pub depth: usize,
    /// Whether it is the last answer to its question; and the same for each answer above it, the uppermost first.
    pub last: Vec<bool>,
    /// Where the branch stands.
    pub end: End,
}

/// Where a branch stands at one of its answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It goes on below.
    GoesOn,
    /// It can be asked why again.
    Open,
    /// It ends with a person: what let that happen?
    Person,
    /// It ends with a process.
    Process,
}

impl End {
    /// The question that goes on from here.
    pub fn asks(self) -> &'static str {
        match self {
            Self::Person => "What let that happen?",
            Self::GoesOn | Self::Open | Self::Process => "Why was that?",
        }
    }
}

impl Incident {
    /// The answers below a root, each above what answers it; `None` is "Why did it happen?".
    pub fn branches(&self, root: Option<Id>) -> Vec<Branch<'_>> {
        let people = People::of(self);
        let mut branches = Vec::new();
        self.add_branches(root, &mut Vec::new(), &people, &mut branches);
        branches
    }

    /// The question of a root or of an answer, and what it asks about.
    pub fn why_asked(&self, of: Option<Id>) -> (&'static str, Option<&str>) {
        let Some(id) = of else { return ("Why did it happen?", None) };
        if let Some(parked) = self.whys.iter().find(|why| why.id == id) {
            return ("Why was that? You put it aside while it bled.", Some(&parked.text));
        }
        match self.causes.iter().find(|why| why.id == id) {
            Some(why) => (self.end_of(why, &People::of(self)).asks(), Some(&why.text)),
            None => ("Why was that?", None),
        }
    }

    /// How deep an answer stands below its root, from 1; 0 is a root.
    pub fn why_depth(&self, of: Option<Id>) -> usize {
        let mut depth = 0;
        let mut at = of.and_then(|id| self.causes.iter().find(|why| why.id == id));
        while let Some(why) = at.filter(|_| depth <= self.causes.len()) {
            depth += 1;
            at = self.causes.iter().find(|parent| Some(parent.id) == why.parent);
        }
        depth
    }

    /// What is answered next: "Why did it happen?", then branches that are open, then whys put aside, in the order they
    /// are shown. Five levels down only a branch that ends with a person is asked on.
    pub fn open_whys(&self) -> Vec<Option<Id>> {
        let mut open = Vec::new();
        for root in std::iter::once(None).chain(self.whys.iter().map(|why| Some(why.id))) {
            let branches = self.branches(root);
            if branches.is_empty() {
                open.push(root);
            }
            let asks_on = |branch: &&Branch<'_>| match branch.end {
                End::Open => branch.depth < HABIT,
                End::Person => true,
                End::GoesOn | End::Process => false,
            };
            open.extend(branches.iter().filter(asks_on).map(|branch| Some(branch.why.id)));
        }
        open
    }

    fn add_branches<'a>(&'a self, of: Option<Id>, above: &mut Vec<bool>, people: &People, to: &mut Vec<Branch<'a>>) {
        let answers: Vec<_> = self.answers_to(of).collect();
        for (at, why) in answers.iter().enumerate() {
            above.push(at + 1 == answers.len());
            to.push(Branch { why, depth: above.len(), last: above.clone(), end: self.end_of(why, people) });
            self.add_branches(Some(why.id), above, people, to);
            above.pop();
        }
    }

    /// What answers a why. An answer whose own question was taken back stands below "Why did it happen?".
    fn answers_to(&self, of: Option<Id>) -> impl Iterator<Item = &Why> {
        self.causes.iter().filter(move |why| match why.parent {
            Some(parent) if of.is_none() => !self.is_why(parent),
            parent => parent == of,
        })
    }

    fn is_why(&self, id: Id) -> bool {
        self.causes.iter().any(|why| why.id == id) || self.whys.iter().any(|why| why.id == id)
    }

    fn end_of(&self, why: &Why, people: &People) -> End {
        if self.causes.iter().any(|other| other.parent == Some(why.id)) {
            End::GoesOn
        } else if why.process {
            End::Process
        } else if people.are_named_in(&why.text) {
            End::Person
        } else {
            End::Open
        }
    }

    pub(in crate::incident) fn answer_why(&mut self, why: Why) {
        // A tree stays one: what answers itself, or nothing that stands above it, is kept as it came and hangs nowhere.
        if why.parent != Some(why.id) {
            self.causes.push(why);
        }
    }

    /// Takes other words; without any the answer goes, and what stood below it moves up.
    pub(in crate::incident) fn reword_why(&mut self, id: Id, text: String) {
        let Some(at) = self.causes.iter().position(|why| why.id == id) else { return };
        if !text.is_empty() {
            self.causes[at].text = text;
            return;
        }
        let parent = self.causes.remove(at).parent;
        for why in self.causes.iter_mut().filter(|why| why.parent == Some(id)) {
            why.parent = parent;
        }
    }

    /// One of the fixed five that older journals have: a branch without a fork.
    pub(in crate::incident) fn answer_fixed_why(&mut self, question: Question, mut why: Why) {
        let known = self.causes.iter_mut().find(|known| known.question == Some(question));
        match known {
            Some(known) if why.text.is_empty() => {
                let id = known.id;
                self.reword_why(id, String::new());
            }
            Some(known) => known.text = why.text,
            None if why.text.is_empty() => {}
            None => {
                why.question = Some(question);
                self.causes.push(why);
            }
        }
        let mut straight: Vec<(Question, Id)> =
            self.causes.iter().filter_map(|why| Some((why.question?, why.id))).collect();
        straight.sort_unstable_by_key(|(question, _)| *question);
        for (at, (_, id)) in straight.iter().enumerate() {
            let parent = at.checked_sub(1).map(|above| straight[above].1);
            if let Some(why) = self.causes.iter_mut().find(|why| why.id == *id) {
                why.parent = parent;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incident::{Event, fixture};

    fn answer(parent: Option<u128>, text: &str) -> Event {
        Event::WhyAnswered { parent: parent.map(Id::small), text: text.into(), process: false }
    }

    /// The tree below "Why did it happen?", a line an answer: depth, text, where the branch stands.
    #[track_caller]
    fn check(events: Vec<Event>, expected: &[&str]) {
        let incident = fixture::at_once("maria@host", events);
        let lines: Vec<_> =
            incident.branches(None).iter().map(|b| format!("{} {} {:?}", b.depth, b.why.text, b.end)).collect();
        assert_eq!(lines, expected);
    }

    #[test]
    fn a_cause_has_several_causes() {
        let events = vec![
            answer(None, "a setting was missing"),
            answer(Some(1), "it is typed by hand"),
            answer(None, "the canary is blind"),
            answer(Some(1), "the service starts without it"),
            Event::WhyEnded { why: Id::small(4), process: true },
        ];
        let expected = [
            "1 a setting was missing GoesOn",
            "2 it is typed by hand Open",
            "2 the service starts without it Process",
            "1 the canary is blind Open",
        ];
        check(events, &expected);
    }

    #[test]
    fn the_fixed_five_of_older_journals_are_a_straight_branch() {
        let fixed = |question, text: &str| Event::Answered { question, text: text.into() };
        let events = vec![
            fixed(Question::Why2, "typed by hand"),
            fixed(Question::Why1, "a setting was missing"),
            fixed(Question::Why3, "no tool"),
            fixed(Question::Why2, "typed by hand twice"),
            answer(Some(1), "two files"),
            fixed(Question::Why3, ""),
        ];
        check(events, &["1 a setting was missing GoesOn", "2 typed by hand twice GoesOn", "3 two files Open"]);
    }

    #[test]
    fn an_answer_without_words_goes_and_what_hangs_on_it_moves_up() {
        let reworded = |text: &str| Event::WhyReworded { why: Id::small(2), text: text.into() };
        let tree = || vec![answer(None, "a"), answer(Some(1), "b"), answer(Some(2), "c")];
        check([tree(), vec![reworded("B")]].concat(), &["1 a GoesOn", "2 B GoesOn", "3 c Open"]);
        check([tree(), vec![reworded("")]].concat(), &["1 a GoesOn", "2 c Open"]);
        // The middle is undone: nothing below it is lost.
        check([tree(), vec![Event::Undone { entry: Id::small(2) }]].concat(), &["1 a Open", "1 c Open"]);
    }

    #[test]
    fn whys_put_aside_are_roots() {
        let parked = Event::WhyParked { text: "why no canary".into() };
        let incident = fixture::at_once("maria@host", [parked, answer(Some(1), "it is switched off")]);
        assert_eq!(incident.branches(Some(Id::small(1)))[0].why.text, "it is switched off");
        assert_eq!(incident.open_whys(), [None, Some(Id::small(2))]);
    }
}
