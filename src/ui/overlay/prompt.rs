//! A question answered in one line.

use ratatui::{buffer::Buffer, layout::Rect, text::Line};

use super::{boxed, draw_field, paragraph, put_lines};
use crate::{
    app::{
        act::intent,
        screen::overlay::{Prompt, Purpose},
    },
    base::command_line,
    incident::mitigation::guard,
    ui::{
        Role, Screen,
        line::{self, words},
        sign,
    },
};

/// How a command is run.
pub(in crate::ui) fn runs_when(name: &str) -> String {
    format!("It runs when its name is typed: {name}")
}

/// How something is sent to a source.
pub(in crate::ui) fn sent_when(name: &str) -> String {
    format!("It is sent when its name is typed: {name}")
}

pub(super) fn draw(screen: Screen<'_>, prompt: &Prompt, body: Rect, buf: &mut Buffer) {
    let theme = screen.theme;
    let width = body.width.min(90);
    let inside = width.saturating_sub(4).max(1);
    let spec = prompt.purpose.spec();
    let mut lines = match &prompt.purpose {
        // A command is shown whole, and apart from the words around it.
        Purpose::RunCommand { intent, name, argv } => {
            let mut lines = paragraph(screen, Role::Strong, &format!("$ {}", command_line::shown(argv)), inside);
            for warning in guard::warnings(&intent::guard_of(&screen.app.incident, intent)) {
                lines.extend(paragraph(screen, Role::Warning, &format!("! {warning}"), inside));
            }
            lines.extend(paragraph(screen, Role::Text, &runs_when(name), inside));
            lines
        }
        // So is what a source would be told.
        Purpose::Write(write) => {
            let shown = write.shown.iter().flat_map(|said| paragraph(screen, Role::Strong, said, inside));
            let mut lines: Vec<_> = shown.collect();
            for warning in &write.warnings {
                lines.extend(paragraph(screen, Role::Warning, &format!("! {warning}"), inside));
            }
            lines.extend(paragraph(screen, Role::Text, &sent_when(write.name()), inside));
            lines
        }
        _ => paragraph(screen, Role::Text, &spec.question, inside),
    };
    let about = spec.about.in_words(&screen.app.incident);
    lines.splice(0..0, about.iter().flat_map(|said| paragraph(screen, Role::Strong, said, inside)));
    let trouble =
        prompt.trouble.as_deref().map(|trouble| paragraph(screen, Role::Warning, &format!("✗ {trouble}"), inside));
    let mut trouble = trouble.unwrap_or_default();
    if let Some(hint) = spec.hint {
        trouble.extend(paragraph(screen, Role::Dim, hint, inside));
    }
    let height = u16::try_from(lines.len() + trouble.len() + 3).unwrap_or(u16::MAX);
    let area = match prompt.purpose {
        // What is filtered stays in view.
        Purpose::Filter(_) | Purpose::Highlight => {
            Rect { y: body.bottom().saturating_sub(height).max(body.y), height: height.min(body.height), ..body }
        }
        _ => super::middle(body, width, height),
    };
    let inner = boxed(screen, &spec.title, &spec.keys(), area, buf);
    // Where not all fits, the field does.
    let most = usize::from(inner.height.saturating_sub(1));
    let y = put_lines(&lines[..lines.len().min(most)], inner, buf);
    let field = Rect { y, height: 1, ..inner }.intersection(inner);
    line::put(buf, field, &Line::from(words(theme, Role::Accent, sign::PROMPT)));
    draw_field(screen, &prompt.field, Rect { x: field.x + 2, width: field.width.saturating_sub(2), ..field }, buf);
    let below = Rect { y: y + 1, height: inner.bottom().saturating_sub(y + 1), ..inner };
    put_lines(&trouble, below, buf);
}
