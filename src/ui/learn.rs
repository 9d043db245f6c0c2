//! View 5: the questions asked afterwards, what to do so that next week pages less, and the whys put aside.

use ratatui::{buffer::Buffer, layout::Rect, text::Line};

use super::{Role, Screen, line::words, sheet::Sheet};
use crate::{
    app::{Action, LearnItem, clock},
    incident::{ActionItem, Question, Status},
};

pub(super) fn draw(screen: Screen<'_>, body: Rect, buf: &mut Buffer) {
    if body.is_empty() {
        return;
    }
    let area = Rect { x: body.x + 1, width: body.width.saturating_sub(2).max(1), ..body }.intersection(buf.area);
    sheet(screen, area.width).draw(screen.theme, area, 0, buf);
}

fn sheet<'a>(screen: Screen<'a>, width: u16) -> Sheet<'a> {
    let Screen { app, theme, .. } = screen;
    let mut sheet = Sheet::default();
    if app.incident.status == Status::Bleeding {
        let text =
            "It still bleeds: nobody is asked why, and nobody is blamed. This can wait until the impact has stopped.";
        sheet.push_wrapped(&Line::from(words(theme, Role::Info, text)), width, 0);
    }
    let mut part = "";
    for (at, item) in app.learn_items().into_iter().enumerate() {
        let (title, aside) = part_of(item);
        if title != part {
            part = title;
            sheet.heading(theme, title, aside);
        }
        let from = sheet.len();
        match item {
            LearnItem::Question(question) => push_question(screen, question, width, &mut sheet),
            LearnItem::Action(action) => push_action(screen, action, width, &mut sheet),
            LearnItem::NewAction => {
                let text = format!("  + add an action  ({})", app.keymap.key(Action::AddAction));
                sheet.push(Line::from(words(theme, Role::Dim, text)));
            }
        }
        if at == app.learn.line {
            sheet.select_from(from);
        }
    }
    push_parked(screen, width, &mut sheet);
    sheet
}

fn part_of(item: LearnItem<'_>) -> (&'static str, &'static str) {
    use Question::{SopChange, SopClear, SopFoundCause, SopStopped, Why1, Why2, Why3, Why4, Why5, Worse, WorseNeeds};
    match item {
        LearnItem::Question(Question::Summary | Question::Impact) => ("What happened", "Enter answers"),
        LearnItem::Question(Why1 | Why2 | Why3 | Why4 | Why5) => ("Five whys", "end in a process, not a person"),
        LearnItem::Question(SopFoundCause | SopStopped | SopClear | SopChange) => ("The SOP", ""),
        LearnItem::Question(Worse | WorseNeeds) => ("The worst case", ""),
        LearnItem::Question(_) => ("Looking back", ""),
        LearnItem::Action(_) | LearnItem::NewAction => ("Actions", "fewer pages next week than this week"),
    }
}

fn push_question(screen: Screen<'_>, question: Question, width: u16, sheet: &mut Sheet<'_>) {
    let Screen { app, theme, .. } = screen;
    let answer = app.incident.answers.get(&question);
    let (sign, role) = if answer.is_some() { ("✓", Role::Ok) } else { ("·", Role::Dim) };
    let asked = if answer.is_some() { Role::Dim } else { Role::Text };
    let mut line = Line::from(vec![words(theme, role, format!("  {sign} ")), words(theme, asked, question.text())]);
    if let Some(answer) = answer {
        line.push_span(words(theme, Role::Text, format!("  {answer}")));
    }
    sheet.push_wrapped(&line, width, 4);
}

fn push_action(screen: Screen<'_>, action: &ActionItem, width: u16, sheet: &mut Sheet<'_>) {
    let theme = screen.theme;
    let mut line = Line::from(vec![
        words(theme, Role::Dim, format!("  □ {:<8} ", action.kind.word())),
        words(theme, Role::Text, action.text.clone()),
    ]);
    let missing = [(&action.owner, "owner"), (&action.due, "due")];
    for (value, name) in missing {
        let (role, text) = match value.as_str() {
            "" => (Role::Warning, format!(" · no {name}")),
            value => (Role::Dim, format!(" · {name} {value}")),
        };
        line.push_span(words(theme, role, text));
    }
    sheet.push_wrapped(&line, width, 13);
}

fn push_parked(screen: Screen<'_>, width: u16, sheet: &mut Sheet<'_>) {
    let Screen { app, theme, .. } = screen;
    sheet.heading(theme, "Whys put aside", "asked while it bled");
    if app.incident.whys.is_empty() {
        let text = format!("  none · {} parks one from any view", app.keymap.key(Action::ParkWhy));
        sheet.push(Line::from(words(theme, Role::Dim, text)));
    }
    for why in &app.incident.whys {
        let at = clock::minute(why.at, &app.zone, app.utc);
        let by = why.by.split('@').next().unwrap_or_default();
        let line = Line::from(vec![
            words(theme, Role::Dim, format!("  {at} {by}  ")),
            words(theme, Role::Text, why.text.clone()),
        ]);
        sheet.push_wrapped(&line, width, 4);
    }
}
