//! View 5: the questions asked afterwards, the whys as a tree, and what to do about it.

use crate::{
    app::{
        App,
        screen::{Screen, cursor::Cursor},
    },
    incident::{ActionItem, Branch, Incident, Note, Question},
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
pub(in crate::app) fn selected_learning(app: &App) -> LearnItem<'_> {
    let mut items = learn_items(&app.incident);
    let line = app.screen.learn_line(&items);
    items.swap_remove(line)
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

pub(in crate::app) fn learn_step(app: &mut App, by: isize) {
    let keys: Vec<String> = learn_items(&app.incident).iter().map(LearnItem::key).collect();
    let Some(line) = app.screen.learn.cursor.find(&keys) else { return };
    let to = line.saturating_add_signed(by).min(keys.len().saturating_sub(1));
    app.screen.learn.cursor.put(&keys, to);
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
    pub(in crate::app) fn key(&self) -> String {
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
    pub(in crate::app) fn line(&self, app: &App) -> Option<String> {
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
