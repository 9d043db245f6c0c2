//! The rollback guard: what is about to be done, the four questions with what was answered, and the keys of the one asked.

use ratatui::{buffer::Buffer, layout::Rect, text::Line};

use super::{boxed, draw_field, paragraph, put_lines};
use crate::{
    app::{
        act::{hint, intent},
        screen::overlay::GuardSheet,
    },
    incident::{GuardQuestion, mitigation::guard},
    ui::{
        Role, Screen,
        line::{self, words},
        sign,
        widget::text,
    },
};

pub(super) fn draw(screen: Screen<'_>, sheet: &GuardSheet, body: Rect, buf: &mut Buffer) {
    let theme = screen.theme;
    let width = body.width.min(90);
    let inside = width.saturating_sub(4).max(1);
    let answers = intent::guard_of(&screen.app.incident, &sheet.intent);
    let mut lines = paragraph(screen, Role::Strong, &sheet.intent.text, inside);
    let mut asked = 0..0;
    for (at, question) in GuardQuestion::ALL.into_iter().enumerate() {
        let now = at == sheet.at;
        let from = lines.len();
        let role = if now { Role::Strong } else { Role::Dim };
        let mut shown = Line::from(vec![
            words(theme, Role::Focus, format!("{} ", sign::cursor(now))),
            words(theme, role, format!("{} {}", at + 1, question.text())),
        ]);
        if let Some(reply) = answers.get(&question) {
            shown.push_span(words(theme, Role::Text, format!("  {}", reply.words())));
        }
        lines.extend(line::wrap(&shown, inside.into(), 4));
        if now {
            let hint = hint::guard_hint(screen.app.facts(), &sheet.intent, question);
            if !hint.text.is_empty() && sheet.field.is_none() {
                let role = if hint.warns { Role::Warning } else { Role::Info };
                let hint = paragraph(screen, role, &hint.text, inside.saturating_sub(4));
                lines.extend(hint.into_iter().map(|line| indented(line)));
            }
            asked = from..lines.len();
        }
    }
    let caution = hint::caution(screen.app.facts(), &sheet.intent);
    for warning in caution.iter().map(String::as_str).chain(guard::warnings(&answers)) {
        lines.extend(paragraph(screen, Role::Warning, &format!("! {warning}"), inside));
    }
    let typing = u16::from(sheet.field.is_some());
    let keys = if sheet.field.is_some() { "Enter accepts · Esc leaves".to_owned() } else { keys(sheet, inside) };
    let height = u16::try_from(lines.len() + 2).unwrap_or(u16::MAX).saturating_add(typing);
    let inner = boxed(screen, "Before going back", &keys, super::middle(body, width, height), buf);
    // In a low window the question asked stays.
    let room = usize::from(inner.height.saturating_sub(typing));
    let hidden = asked.end.saturating_sub(room);
    let shown = &lines[hidden..lines.len().min(hidden + room)];
    let y = put_lines(shown, inner, buf);
    if let Some(field) = &sheet.field {
        let row = Rect { y, height: 1, ..inner }.intersection(inner);
        line::put(buf, row, &Line::from(words(theme, Role::Accent, sign::PROMPT)));
        draw_field(screen, field, Rect { x: row.x + 2, width: row.width.saturating_sub(2), ..row }, buf);
    }
}

fn indented(line: Line<'static>) -> Line<'static> {
    let mut indented = Line::from("    ");
    indented.style = line.style;
    indented.spans.extend(line.spans);
    indented
}

/// The keys of the question asked, as many as fit.
fn keys(sheet: &GuardSheet, width: u16) -> String {
    let own = match sheet.question() {
        Some(GuardQuestion::LastGood) => "y that one · Enter words · n none",
        Some(GuardQuestion::Proof) => "y that · 1–9 minutes · Enter words",
        _ => "y yes · n no · u not known",
    };
    let all = format!("{own} · s skip · , skip all · Esc leaves");
    if text::width(&all) + 22 <= width.into() { all } else { format!("{own} · s skip · , all") }
}
