//! A runbook as it is read: headings, steps, code, tables, links; the selected block stays in the upper half of what is seen.
//!
//! Only the blocks around the selected one are laid out: a frame costs the same however long the text is.

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::Modifier,
    text::{Line, Span},
};

use super::boxed;
use crate::{
    app::{Action, screen::overlay::RunbookSheet},
    runbook::{BOARD, Block, BlockKind, SpanStyle},
    ui::{
        Role, Screen, Theme,
        line::{self, words},
        sign,
        spots::Spot,
        widget::text,
    },
};

/// The widest lines are read in.
const WIDEST: u16 = 120;

/// Lines around the text: the frame, why it is this one, what can be done and an empty one above that.
const AROUND: usize = 5;

/// Cells before a block: the mark of what is selected, and that of what is done.
const BEFORE: usize = 4;

pub(super) fn draw(screen: Screen<'_>, sheet: &RunbookSheet, body: Rect, buf: &mut Buffer) {
    let theme = screen.theme;
    let width = body.width.min(WIDEST);
    // What is short takes no more room than it needs.
    let room = usize::from(body.height).saturating_sub(AROUND);
    let needed = around(theme, sheet, width.saturating_sub(4), room).len();
    let height = u16::try_from(needed + AROUND).unwrap_or(u16::MAX).min(body.height);
    let area = super::middle(body, width, height);
    let inner = boxed(screen, &title(sheet, width), "Esc leaves", area, buf);
    if inner.height < 3 {
        return;
    }
    line::put_both(buf, Rect { height: 1, ..inner }, &why(theme, sheet), &place(theme, sheet, inner.width));
    let foot = Rect { y: inner.bottom() - 1, height: 1, ..inner };
    line::put(buf, foot, &keys(screen, sheet, inner.width));
    let gap = u16::from(inner.height > 8);
    let inner = Rect { y: inner.y + 1, height: inner.height - 2 - gap, ..inner };
    let shown = around(theme, sheet, inner.width, inner.height.into());
    if sheet.document.blocks.is_empty() {
        line::put(buf, inner, &Line::from(words(theme, Role::Dim, "    the file is empty")));
    }
    screen.note(inner, Spot::list(sheet.document.blocks.len(), sheet.cursor, sheet.document.blocks.len()));
    for (y, (at, line)) in (inner.y..inner.bottom()).zip(&shown) {
        let row = Rect { y, height: 1, ..inner };
        line::put(buf, row, line);
        screen.note(row, Spot::Row(*at));
        if *at == sheet.cursor && !line.spans.is_empty() {
            line::select(buf, row, theme);
        }
    }
}

fn title(sheet: &RunbookSheet, width: u16) -> String {
    let of =
        if sheet.places.len() > 1 { format!(" · {} of {}", sheet.at + 1, sheet.places.len()) } else { String::new() };
    let room = usize::from(width).saturating_sub("Esc leaves".len() + 10 + of.len());
    format!("{}{of}", text::clip(&sheet.book.title, room.max(12)))
}

/// For which alert it is, and why it is this one.
fn why(theme: &Theme, sheet: &RunbookSheet) -> Line<'static> {
    let place = sheet.place();
    let of = if place.alert.is_empty() { String::new() } else { format!("{}: ", place.alert) };
    Line::from(words(theme, Role::Dim, format!("{of}{}", place.why)))
}

/// How far it was read, and where there is room in which file.
fn place(theme: &Theme, sheet: &RunbookSheet, width: u16) -> Line<'static> {
    let at = sheet.block().map_or(0, |block| block.line);
    let file = if width > 100 { format!("{} ", text::clip_middle(&sheet.book.relative, 40)) } else { String::new() };
    Line::from(words(theme, Role::Dim, format!("{file}line {at} of {}", sheet.lines)))
}

/// What can be done with the selected block, and where else to go.
fn keys(screen: Screen<'_>, sheet: &RunbookSheet, width: u16) -> Line<'static> {
    let copy = screen.app.session.keymap.key(Action::Copy);
    let mut keys = vec![("Space", "tick"), (copy.as_str(), "copy"), ("w", "wrong here"), ("m", "mitigation")];
    keys.extend(sheet.has_board.then_some(("t", "to the board")));
    keys.extend((sheet.places.len() > 1).then_some(("Tab", "next")));
    keys.extend([("[ ]", "parts"), ("/", "all")]);
    let cells = |keys: &[(&str, &str)]| keys.iter().map(|(key, does)| text::width(key) + does.len() + 4).sum::<usize>();
    while keys.len() > 1 && cells(&keys) > usize::from(width) + 3 {
        keys.pop();
    }
    let mut line = Line::default();
    for (nth, (key, does)) in keys.into_iter().enumerate() {
        if nth > 0 {
            line.push_span(words(screen.theme, Role::Dim, " · "));
        }
        line.push_span(words(screen.theme, Role::Key, key.to_owned()));
        line.push_span(words(screen.theme, Role::Dim, format!(" {does}")));
    }
    line
}

/// As many lines as fit, each with the block it is of; a quarter of them above the selected block, unless an end is near.
fn around(theme: &Theme, sheet: &RunbookSheet, width: u16, height: usize) -> Vec<(usize, Line<'static>)> {
    let of = |at: usize| -> Vec<(usize, Line<'static>)> {
        lines(theme, sheet, at, width).into_iter().map(|line| (at, line)).collect()
    };
    let count = sheet.document.blocks.len();
    if count == 0 {
        return Vec::new();
    }
    let chosen = of(sheet.cursor);
    let (mut above, mut below): (Vec<_>, Vec<_>) = (Vec::new(), Vec::new());
    let (mut first, mut next) = (sheet.cursor, sheet.cursor + 1);
    let mut used = chosen.len();
    while next < count && below.len() < height && used < height.saturating_mul(2) {
        let more = of(next);
        used += more.len();
        below.extend(more);
        next += 1;
    }
    while first > 0 && above.len() < height {
        first -= 1;
        let mut more = of(first);
        more.append(&mut above);
        above = more;
    }
    let room = height.saturating_sub(chosen.len());
    // More below than above: what comes next is what is looked for.
    let wanted_above = (room / 4).max(room.saturating_sub(below.len())).min(above.len());
    let start = above.len() - wanted_above;
    above.drain(..start);
    above.into_iter().chain(chosen).chain(below).take(height).collect()
}

/// All of it as text, a line for each block.
pub fn texts(sheet: &RunbookSheet) -> impl Iterator<Item = String> + '_ {
    sheet.document.blocks.iter().map(|block| match &block.kind {
        BlockKind::Item(marker) => format!("{marker} {}", block.text()),
        BlockKind::Rule => String::new(),
        _ => block.text(),
    })
}

/// The lines of a block, with the empty one before it where it begins something.
fn lines(theme: &Theme, sheet: &RunbookSheet, at: usize, width: u16) -> Vec<Line<'static>> {
    let Some(block) = sheet.document.blocks.get(at) else { return Vec::new() };
    let before = at.checked_sub(1).and_then(|at| sheet.document.blocks.get(at));
    let mut lines = Vec::new();
    if before.is_some_and(|before| is_apart(before, block)) {
        lines.push(Line::default());
    }
    let selected = at == sheet.cursor;
    let (done, role) = if sheet.done.contains(&at) && !block.goes_on { ("✓", Role::Ok) } else { (" ", Role::Dim) };
    let mark = vec![
        words(theme, Role::Focus, if selected { sign::SELECTED } else { " " }.to_owned()),
        words(theme, role, format!("{done} ")),
    ];
    let room = usize::from(width).saturating_sub(BEFORE).max(8);
    for (nth, line) in content(theme, sheet, block, room).into_iter().enumerate() {
        let mut spans = if nth == 0 { mark.clone() } else { vec![Span::raw("   ")] };
        if block.quoted {
            spans.push(words(theme, Role::Dim, "│ "));
        }
        spans.extend(line.spans);
        lines.push(Line::from(spans));
    }
    lines
}

fn is_apart(before: &Block, block: &Block) -> bool {
    let is_item = |block: &Block| matches!(block.kind, BlockKind::Item(_));
    let is_heading = |block: &Block| matches!(block.kind, BlockKind::Heading(_));
    match () {
        () if block.goes_on => false,
        () if is_heading(block) => true,
        () if is_heading(before) => false,
        () if is_item(block) && (is_item(before) || block.depth > before.depth) => false,
        // Code below a step is of that step.
        () if block.depth > 0 && block.depth <= before.depth && !is_item(block) => false,
        () => true,
    }
}

fn content(theme: &Theme, sheet: &RunbookSheet, block: &Block, room: usize) -> Vec<Line<'static>> {
    let indent = usize::from(block.depth.saturating_sub(u8::from(matches!(block.kind, BlockKind::Item(_))))) * 2;
    let room = room.saturating_sub(indent).max(8);
    let shifted = |mut line: Line<'static>| {
        if indent > 0 {
            line.spans.insert(0, Span::raw(" ".repeat(indent)));
        }
        line
    };
    let lines: Vec<Line<'static>> = match &block.kind {
        BlockKind::Heading(level) => {
            let role = if *level < 3 { Role::Title } else { Role::Strong };
            let style = theme[role].add_modifier(Modifier::BOLD);
            text::wrap(&block.text(), room).into_iter().map(|piece| Line::from(Span::styled(piece, style))).collect()
        }
        BlockKind::Text => paragraph(theme, sheet, block, room),
        BlockKind::Item(marker) => {
            let cells = text::width(marker) + 1;
            let mut pieces = paragraph(theme, sheet, block, room.saturating_sub(cells).max(8));
            for (nth, piece) in pieces.iter_mut().enumerate() {
                let lead = if nth == 0 { format!("{marker} ") } else { " ".repeat(cells) };
                piece.spans.insert(0, words(theme, Role::Dim, lead));
            }
            pieces
        }
        BlockKind::Code(language) if language == BOARD => vec![brings(theme, block)],
        BlockKind::Code(_) => {
            let piece =
                |piece: String| Line::from(vec![words(theme, Role::Dim, "│ "), words(theme, Role::Text, piece)]);
            block.text().lines().flat_map(|line| text::wrap(line, room.saturating_sub(2).max(8))).map(piece).collect()
        }
        BlockKind::Table(rows) => table(theme, rows, room),
        BlockKind::Rule => vec![Line::from(words(theme, Role::Frame, "─".repeat(room.min(40))))],
    };
    lines.into_iter().map(shifted).collect()
}

/// What a block brings for the board, counted: it is for the cockpit to read.
fn brings(theme: &Theme, block: &Block) -> Line<'static> {
    let text = block.text();
    let count = |table: &str| text.matches(table).count();
    let counts = [("[[hypothesis]]", "hypotheses"), ("[[observation]]", "signs"), ("[[mitigation]]", "mitigations")];
    let counts = counts.map(|(table, name)| (count(table), name)).into_iter().filter(|(count, _)| *count > 0);
    let counts: Vec<String> = counts.map(|(count, name)| format!("{count} {name}")).collect();
    Line::from(vec![
        words(theme, Role::Key, "t"),
        words(theme, Role::Dim, format!(" takes onto the board: {}", counts.join(", "))),
    ])
}

/// Words in their looks, wrapped. Behind a link stands where it leads.
fn paragraph(theme: &Theme, sheet: &RunbookSheet, block: &Block, room: usize) -> Vec<Line<'static>> {
    let mut lines = vec![Line::default()];
    for span in &block.spans {
        let (style, address) = match span.style {
            SpanStyle::Plain => (theme[Role::Text], None),
            SpanStyle::Strong => (theme[Role::Strong].add_modifier(Modifier::BOLD), None),
            SpanStyle::Emphasis => (theme[Role::Text].add_modifier(Modifier::ITALIC), None),
            SpanStyle::Code => (theme[Role::Strong], None),
            SpanStyle::Link(at) => (theme[Role::Text].add_modifier(Modifier::UNDERLINED), sheet.document.links.get(at)),
        };
        for (nth, piece) in span.text.split('\n').enumerate() {
            if nth > 0 {
                lines.push(Line::default());
            }
            if let (Some(line), false) = (lines.last_mut(), piece.is_empty()) {
                line.push_span(Span::styled(piece.to_owned(), style));
            }
        }
        if let (Some(address), Some(line)) = (address.filter(|address| **address != span.text), lines.last_mut()) {
            line.push_span(words(theme, Role::Dim, format!(" ({})", text::clip(address, 300))));
        }
    }
    lines.iter().flat_map(|line| line::wrap(line, room, 0)).collect()
}

/// Cells in columns; where they are too wide for that, a line for each cell.
fn table(theme: &Theme, rows: &[Vec<String>], room: usize) -> Vec<Line<'static>> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |at: usize| rows.iter().filter_map(|row| row.get(at)).map(|cell| text::width(cell)).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let role = |nth: usize| if nth == 0 { Role::Strong } else { Role::Text };
    if widths.iter().sum::<usize>() + 2 * columns.saturating_sub(1) <= room {
        let line = |(nth, row): (usize, &Vec<String>)| {
            let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{}  ", text::left(cell, *width)));
            Line::from(words(theme, role(nth), cells.collect::<String>().trim_end().to_owned()))
        };
        return rows.iter().enumerate().map(line).collect();
    }
    let Some((head, rows)) = rows.split_first() else { return Vec::new() };
    let mut lines = Vec::new();
    for row in rows {
        for (at, cell) in row.iter().enumerate() {
            let lead = if at == 0 { "" } else { "  " };
            let name = head.get(at).map(|name| format!("{lead}{name}: ")).unwrap_or_default();
            let line = Line::from(vec![words(theme, Role::Dim, name), words(theme, Role::Text, cell.clone())]);
            lines.extend(line::wrap(&line, room, 4));
        }
    }
    lines
}
