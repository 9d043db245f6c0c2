//! View 5: the questions asked afterwards, the whys as a tree, and what to do so that next week pages less.

use ratatui::{buffer::Buffer, layout::Rect, text::Line};

use super::{
    Role, Screen,
    line::{self, words},
    sheet::Sheet,
    widget::text,
};
use crate::{
    app::{Action, App, Keymap, LearnItem, clock, screen::learn},
    incident::{ActionItem, Branch, End, Note, Question, Status},
};

/// Cells before the tree.
const MARGIN: usize = 4;

pub(super) fn draw(screen: Screen<'_>, body: Rect, buf: &mut Buffer) {
    if body.is_empty() {
        return;
    }
    let area = Rect { x: body.x + 1, width: body.width.saturating_sub(2).max(1), ..body }.intersection(buf.area);
    let sheet = sheet(screen, area.width);
    let top = screen.app.screen.learn.cursor.top;
    sheet.draw(screen.theme, area, top, buf);
    sheet.note(screen, area, top);
}

pub(super) fn sheet<'a>(screen: Screen<'a>, width: u16) -> Sheet<'a> {
    let Screen { app, theme, .. } = screen;
    let mut sheet = Sheet::default();
    if app.incident.summary.status == Status::Bleeding {
        let text = match app.incident.summary.is_bleeding() {
            true => {
                "It still bleeds: nobody is asked why, and nobody is blamed. This can wait until the impact has stopped."
            }
            false => "Nothing has hurt yet: this is asked when an impact has stopped.",
        };
        sheet.push_wrapped(&Line::from(words(theme, Role::Info, text)), width, 0);
    }
    let items = learn::learn_items(&app.incident);
    let selected = app.screen.learn_line(&items);
    let mut part = "";
    for (at, item) in items.into_iter().enumerate() {
        let (title, aside) = part_of(app, &item);
        if title != part {
            part = title;
            sheet.heading(theme, title, aside);
        }
        let from = sheet.len();
        match item {
            LearnItem::Question(question) => push_question(screen, question, width, &mut sheet),
            LearnItem::Root(parked) => push_root(screen, parked, width, &mut sheet),
            LearnItem::Why(branch) => push_why(screen, &branch, width, &mut sheet),
            LearnItem::Action(action) => push_action(screen, action, width, &mut sheet),
            LearnItem::NewAction => {
                let text = format!("  + add an action  ({})", app.session.keymap.key(Action::AddAction));
                sheet.push(Line::from(words(theme, Role::Dim, text)));
            }
        }
        if at == selected {
            sheet.select_from(from);
        }
        sheet.row_from(from);
    }
    sheet
}

/// The title of the part it stands in, and what is said beside that.
fn part_of(app: &App, item: &LearnItem<'_>) -> (&'static str, String) {
    match item {
        LearnItem::Question(question @ Question::Summary) => (question.part(), answers(&app.session.keymap)),
        LearnItem::Question(question) => (question.part(), String::new()),
        LearnItem::Root(_) | LearnItem::Why(_) => ("Whys", "ask on until it names a process, not a person".into()),
        LearnItem::Action(_) | LearnItem::NewAction => ("Actions", "fewer pages next week than this week".into()),
    }
}

/// What answers a question: where lines are read there is no cursor, and the coach asks.
fn answers(keymap: &Keymap) -> String {
    match keymap.is_typed() {
        true => format!("{} asks them one by one when the impact has stopped", keymap.key(Action::Coach)),
        false => format!("{} answers", keymap.key(Action::Open)),
    }
}

fn push_question(screen: Screen<'_>, question: Question, width: u16, sheet: &mut Sheet<'_>) {
    let Screen { app, theme, .. } = screen;
    let answer = app.incident.answers.get(&question);
    let mut line = asked(screen, question.text(), answer.is_some());
    if let Some(answer) = answer {
        line.push_span(words(theme, Role::Text, format!("  {answer}")));
    }
    sheet.push_wrapped(&line, width, MARGIN);
}

fn push_root(screen: Screen<'_>, parked: Option<&Note>, width: u16, sheet: &mut Sheet<'_>) {
    let Screen { app, theme, .. } = screen;
    let answered = !app.incident.branches(parked.map(|why| why.id)).is_empty();
    let Some(why) = parked else {
        return sheet.push_wrapped(&asked(screen, "Why did it happen?", answered), width, MARGIN);
    };
    let mut line = asked(screen, &one_line(&why.text), answered);
    let by = why.by.split('@').next().unwrap_or_default();
    let aside = format!("  put aside {} {by}", clock::minute(why.at, &app.session.zone, app.session.utc));
    line.push_span(words(theme, Role::Dim, aside));
    sheet.push_wrapped(&line, width, MARGIN);
}

/// A question, and whether it has an answer.
fn asked(screen: Screen<'_>, question: &str, answered: bool) -> Line<'static> {
    let theme = screen.theme;
    let (sign, role, text) = if answered { ("✓", Role::Ok, Role::Dim) } else { ("·", Role::Dim, Role::Text) };
    Line::from(vec![words(theme, role, format!("  {sign} ")), words(theme, text, question.to_owned())])
}

/// An answer in the tree, and where its branch stands.
fn push_why(screen: Screen<'_>, branch: &Branch<'_>, width: u16, sheet: &mut Sheet<'_>) {
    let theme = screen.theme;
    let mut words_of = Line::from(words(theme, Role::Text, one_line(&branch.why.text)));
    let end = match branch.end {
        End::GoesOn => None,
        End::Open => Some((Role::Dim, "  why?".to_owned())),
        End::Person => Some((Role::Warning, format!("  {}", branch.end.asks().to_lowercase()))),
        End::Process => Some((Role::Ok, "  ■ a process".to_owned())),
    };
    if let Some((role, said)) = end {
        words_of.push_span(words(theme, role, said));
    }
    let (first, rest) = thin_lines(branch, usize::from(width));
    let room = usize::from(width).saturating_sub(text::width(&first)).max(1);
    for (nth, mut line) in line::wrap(&words_of, room, 0).into_iter().enumerate() {
        let lines = if nth == 0 { &first } else { &rest };
        line.spans.insert(0, words(theme, Role::Dim, lines.clone()));
        sheet.push(line);
    }
}

/// What stands before an answer, and before its second line on: where it hangs. Far down only the last few levels are
/// drawn, so that there is room for words.
fn thin_lines(branch: &Branch<'_>, width: usize) -> (String, String) {
    let most = (width.saturating_sub(MARGIN) / 4).max(1);
    let cut = branch.last.len().saturating_sub(most);
    let mut above = " ".repeat(MARGIN);
    if cut > 0 {
        above.truncate(MARGIN - 2);
        above.push_str("… ");
    }
    let levels = &branch.last[cut..];
    let (own, upper) = levels.split_last().map_or((true, levels), |(own, upper)| (*own, upper));
    upper.iter().for_each(|last| above.push_str(if *last { "  " } else { "│ " }));
    let first = format!("{above}{}", if own { "└ " } else { "├ " });
    let rest = format!("{above}{}", if own { "  " } else { "│ " });
    (first, rest)
}

fn one_line(text: &str) -> String {
    text.lines().map(str::trim).collect::<Vec<_>>().join(" ")
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
