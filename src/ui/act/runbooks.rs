//! The runbooks of what fires, in a line each: what to read before something is tried.

use ratatui::text::Line;

use crate::{
    app::Action,
    ui::{Role, Screen, line::words, sheet::Sheet, sign},
};

/// Runbooks that are named.
const MOST: usize = 3;

pub(super) fn push(screen: Screen<'_>, width: u16, sheet: &mut Sheet<'_>) {
    let Screen { app, theme, .. } = screen;
    let runbooks = &app.world.runbooks;
    let fitting = runbooks.fitting();
    if fitting.is_empty() {
        return;
    }
    let more = fitting.len().saturating_sub(MOST);
    let more = if more > 0 { format!(" · and {more} more") } else { String::new() };
    sheet.heading(theme, "Runbooks", format!("{} reads{more}", app.session.keymap.key(Action::Runbook)));
    for one in fitting.iter().take(MOST) {
        let Some(book) = runbooks.library.books.get(one.found.book) else { continue };
        let (mark, role) = sign::severity(one.severity);
        let heading = one.found.heading.and_then(|at| book.headings.get(at)).map(|heading| &heading.text);
        let part = heading.filter(|heading| !heading.is_empty() && **heading != book.title);
        let part = part.map(|heading| format!(": {heading}")).unwrap_or_default();
        let has: Vec<&str> = one.parts.iter().map(|part| part.word()).collect();
        let has = if has.is_empty() { String::new() } else { format!(" · {}", has.join(", ")) };
        let line = Line::from(vec![
            words(theme, role, format!("  {mark} ")),
            words(theme, Role::Strong, format!("{}{part}", book.title)),
            words(theme, Role::Dim, format!("  for {} · {}{has}", one.alert, one.found.why)),
        ]);
        sheet.push_wrapped(&line, width, 4);
    }
}
