//! View 5: the questions asked afterwards, the whys as a tree, and what to do about it.

pub mod answers;

use crate::{
    app::{App, Effect, action::Action, overlay::Purpose, screen::Screen, world::rows::Cursor},
    incident::{ActionItem, Branch, End, Event, Id, Incident, Note, Question, mitigation},
};

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

/// The lines of view 5 from top to bottom: the cursor moves over these, and these are drawn.
pub fn learn_items(incident: &Incident) -> Vec<LearnItem<'_>> {
    let mut items = Vec::new();
    let behind_whys = Question::ALL.iter().position(|question| question.part() != Question::ALL[0].part());
    let (before, after) = Question::ALL.split_at(behind_whys.unwrap_or(0));
    items.extend(before.iter().map(|question| LearnItem::Question(*question)));
    for root in std::iter::once(None).chain(incident.whys.iter().map(Some)) {
        items.push(LearnItem::Root(root));
        items.extend(incident.branches(root.map(|why| why.id)).into_iter().map(LearnItem::Why));
    }
    items.extend(after.iter().map(|question| LearnItem::Question(*question)));
    items.extend(incident.actions.iter().map(LearnItem::Action));
    items.push(LearnItem::NewAction);
    items
}

impl Screen {
    /// The place of the line that is selected.
    pub fn learn_line(&self, items: &[LearnItem<'_>]) -> usize {
        let keys: Vec<String> = items.iter().map(LearnItem::key).collect();
        self.learn.cursor.find(&keys).unwrap_or(0)
    }
}

/// The line that is selected.
pub fn selected_learning(app: &App) -> LearnItem<'_> {
    let mut items = learn_items(&app.incident);
    let line = app.screen.learn_line(&items);
    items.swap_remove(line)
}

pub(in crate::app) fn learn_action(app: &mut App, action: Action) -> Vec<Effect> {
    match action {
        Action::Up | Action::PreviousPane => learn_step(app, -1),
        Action::Down | Action::NextPane => learn_step(app, 1),
        Action::PageUp => learn_step(app, -10),
        Action::PageDown => learn_step(app, 10),
        Action::First => learn_step(app, isize::MIN),
        Action::Last => learn_step(app, isize::MAX),
        Action::AddAction => app.ask(Purpose::ActionItem),
        Action::Open => open_learn(app),
        Action::WhyBeside => ask_beside(app),
        Action::WhyEnds => return end_branch(app),
        Action::Edit | Action::Reword => reword_learn(app),
        _ => {}
    }
    Vec::new()
}

/// Puts the cursor on what a key names, if it is there.
pub(in crate::app) fn learn_to(app: &mut App, key: &str) {
    let keys: Vec<String> = learn_items(&app.incident).iter().map(LearnItem::key).collect();
    if let Some(line) = keys.iter().position(|known| known == key) {
        app.screen.learn.cursor.put(&keys, line);
    }
}

/// Keeps the cursor on the line it is shown on.
pub(in crate::app) fn stay_in_learn(app: &mut App) {
    learn_step(app, 0);
}

fn learn_step(app: &mut App, by: isize) {
    let keys: Vec<String> = learn_items(&app.incident).iter().map(LearnItem::key).collect();
    let Some(line) = app.screen.learn.cursor.find(&keys) else { return };
    let to = line.saturating_add_signed(by).min(keys.len().saturating_sub(1));
    app.screen.learn.cursor.put(&keys, to);
}

/// Enter: a question is answered, a why is asked on, an action is changed.
fn open_learn(app: &mut App) {
    match selected_learning(app) {
        LearnItem::Question(question) => ask_question(app, question),
        LearnItem::Root(parked) => {
            let of = parked.map(|why| why.id);
            ask_why(app, of);
        }
        LearnItem::Why(branch) => {
            let of = branch.why.id;
            ask_why(app, Some(of));
        }
        LearnItem::NewAction => app.ask(Purpose::ActionItem),
        LearnItem::Action(_) => reword_learn(app),
    }
}

pub(in crate::app) fn ask_question(app: &mut App, question: Question) {
    let known = app.incident.answers.get(&question).cloned().unwrap_or_default();
    app.ask_with(Purpose::Review(question), &known);
}

/// Asks why, of an answer, of what was put aside, or of it all.
pub(in crate::app) fn ask_why(app: &mut App, of: Option<Id>) {
    let asked = app.incident.why_asked(of).0;
    app.ask(Purpose::Why { of, asked });
}

/// Another answer to the question that the selected one answers.
fn ask_beside(app: &mut App) {
    match selected_learning(app) {
        LearnItem::Why(branch) => {
            let of = branch.why.parent;
            ask_why(app, of);
        }
        LearnItem::Root(parked) => {
            let of = parked.map(|why| why.id);
            ask_why(app, of);
        }
        _ => app.say("select an answer to a why: another one goes beside it"),
    }
}

/// The selected answer names a process, or does not after all.
fn end_branch(app: &mut App) -> Vec<Effect> {
    let LearnItem::Why(Branch { why, end, .. }) = selected_learning(app) else {
        app.say("select the answer that names a process");
        return Vec::new();
    };
    if end == End::GoesOn {
        app.say("it was asked why already: the branch ends further down");
        return Vec::new();
    }
    let (why, process) = (why.id, !why.process);
    app.say(if process { "a process: the branch ends here" } else { "the branch is open again" });
    app.record(vec![Event::WhyEnded { why, process }])
}

fn reword_learn(app: &mut App) {
    let (purpose, text) = match selected_learning(app) {
        LearnItem::Why(branch) => (Purpose::WhyWords(branch.why.id), branch.why.text.clone()),
        LearnItem::Action(action) => (Purpose::EditAction(action.id), action.typed()),
        LearnItem::Question(question) => return ask_question(app, question),
        LearnItem::Root(_) | LearnItem::NewAction => return app.say("select an answer or an action to change it"),
    };
    app.ask_with(purpose, &text);
}

/// How many questions of the review nobody has answered; whys that were never asked count.
pub(in crate::app) fn open_questions(incident: &Incident) -> usize {
    let incident = &incident;
    let questions = Question::ALL.iter().filter(|question| !incident.answers.contains_key(question)).count();
    let roots = std::iter::once(None).chain(incident.whys.iter().map(|why| Some(why.id)));
    questions + roots.filter(|root| incident.branches(*root).is_empty()).count()
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
