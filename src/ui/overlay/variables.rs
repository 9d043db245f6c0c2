//! Variables of a dashboard with what they are set to, or the values of one of them.

use ratatui::{buffer::Buffer, layout::Rect, text::Line};

use super::{boxed, draw_field};
use crate::{
    app::screen::overlay::{VariablePicker, variables::Entry},
    signal::storm::thousands,
    ui::{
        Role, Screen,
        line::{self, words},
        sign,
        widget::{list, text},
    },
};

/// Cells of the name of a variable.
const NAME: usize = 20;

pub(super) fn draw(screen: Screen<'_>, picker: &VariablePicker, body: Rect, buf: &mut Buffer) {
    let theme = screen.theme;
    let (found, all) = picker.lines();
    let said = said(screen, picker);
    // As high as all that could be listed, so that it stands still while one types.
    let height = u16::try_from(all + 3 + usize::from(said.is_some())).unwrap_or(u16::MAX);
    let height = height.min(body.height / 4 * 3).clamp(8, 24);
    let inner = boxed(screen, &title(picker), &keys(picker), super::middle(body, 84, height), buf);
    let field = Rect { height: inner.height.min(1), ..inner };
    line::put(buf, field, &Line::from(words(theme, Role::Accent, sign::PROMPT)));
    draw_field(screen, &picker.field, Rect { x: field.x + 2, width: field.width.saturating_sub(2), ..field }, buf);
    let foot = u16::from(said.is_some() && inner.height > 3);
    let below = Rect { y: inner.y + field.height, height: inner.height.saturating_sub(1 + foot), ..inner };
    if let Some((role, said)) = said.filter(|_| foot > 0) {
        line::put(buf, Rect { y: below.bottom(), height: 1, ..inner }, &Line::from(words(theme, role, said)));
    }
    let view = list::in_view(found, below.height.into(), screen.app.screen.overlay_top, Some(picker.cursor));
    screen.note_lines(below, &view, found);
    if found == 0 {
        let none = match picker.of() {
            Some(_) if all == 0 => "  type what it is to be",
            Some(_) => "  no value is like this",
            None => "  no variable is like this",
        };
        line::put(buf, below, &Line::from(words(theme, Role::Dim, none)));
    }
    for (y, at) in (below.y..).zip(view) {
        let Some(entry) = picker.entry(at) else { continue };
        let row = Rect { y, height: 1, ..below };
        draw_entry(screen, picker, &entry, at == picker.cursor, row, buf);
        if at == picker.cursor {
            line::select(buf, row, theme);
        }
    }
}

fn title(picker: &VariablePicker) -> String {
    let (found, all) = picker.lines();
    let of = |what: &str| match found == all || all == 0 {
        true => what.to_owned(),
        false => format!("{what}: {} of {}", thousands(found), thousands(all)),
    };
    match (picker.of(), picker.marked()) {
        (Some((name, _)), Some(marked)) => format!("{name}: {} marked", thousands(marked)),
        (Some((name, _)), None) => of(name),
        (None, _) => of(&format!("Variables of {}", picker.dashboard())),
    }
}

fn keys(picker: &VariablePicker) -> String {
    let back = if picker.has_list() { "← others · " } else { "" };
    match (picker.of(), picker.marked()) {
        (None, _) => "Enter shows its values · Esc leaves".into(),
        (Some((_, true)), Some(_)) => format!("Enter takes them · Space marks · {back}Esc leaves"),
        (Some((_, true)), None) => format!("Enter takes it · Space marks several · {back}Esc leaves"),
        (Some((_, false)), _) => format!("Enter takes it · {back}Esc leaves"),
    }
}

/// What should be known besides, most pressing first.
fn said(screen: Screen<'_>, picker: &VariablePicker) -> Option<(Role, String)> {
    let is_asked = screen.app.world.dashboards.is_being_opened(picker.place);
    let asked = is_asked.then(|| (Role::Dim, "the values are being asked for …".to_owned()));
    let trouble = picker.trouble.clone().map(|trouble| (Role::Warning, trouble));
    trouble.or(asked).or_else(|| Some((Role::Dim, picker.said()?)))
}

fn draw_entry(
    screen: Screen<'_>,
    picker: &VariablePicker,
    entry: &Entry<'_>,
    selected: bool,
    row: Rect,
    buf: &mut Buffer,
) {
    let theme = screen.theme;
    let cursor = words(theme, Role::Focus, format!("{} ", sign::cursor(selected)));
    let role = if entry.is_trouble { Role::Warning } else { Role::Dim };
    if picker.of().is_none() {
        let left = Line::from(vec![
            cursor,
            words(theme, Role::Strong, format!("{} ", text::left(&entry.name, NAME))),
            words(theme, if entry.is_trouble { role } else { Role::Text }, entry.about.to_string()),
        ]);
        line::put(buf, row, &left);
        return;
    }
    let (sign, name) = if entry.is_marked { ("✓ ", Role::Strong) } else { ("  ", Role::Text) };
    let left = Line::from(vec![cursor, words(theme, Role::Accent, sign), words(theme, name, entry.name.to_string())]);
    line::put_both(buf, row, &left, &Line::from(words(theme, role, entry.about.to_string())));
}
