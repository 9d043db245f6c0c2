//! A column of lines that is longer than the screen, of which a selected stretch stays in view.

use std::ops::Range;

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    text::{Line, Span},
};

use super::{Role, Screen, Theme, line, sign, spots::Spot, widget::list};

/// Lines from top to bottom.
#[derive(Default)]
pub struct Sheet<'a> {
    lines: Vec<Line<'a>>,
    /// The lines of each thing that can be selected.
    rows: Vec<Range<usize>>,
    /// The lines that are headings.
    headings: Vec<usize>,
    selected: Option<Range<usize>>,
}

impl<'a> Sheet<'a> {
    /// Adds a line.
    pub fn push(&mut self, line: impl Into<Line<'a>>) {
        self.lines.push(line.into());
    }

    /// Adds a line, wrapped to `max` cells, the second line on indented.
    pub fn push_wrapped(&mut self, line: &Line<'_>, max: u16, indent: usize) {
        self.lines.extend(line::wrap(line, max.into(), indent));
    }

    /// Adds an empty line, unless there is nothing above it.
    pub fn gap(&mut self) {
        if !self.lines.is_empty() {
            self.push(Line::default());
        }
    }

    /// Adds a heading.
    pub fn heading(&mut self, theme: &Theme, title: impl Into<String>, aside: impl Into<String>) {
        self.gap();
        self.headings.push(self.lines.len());
        let title = Span::styled(title.into(), theme[Role::Title].add_modifier(ratatui::style::Modifier::BOLD));
        self.push(Line::from(vec![title, Span::styled(format!("  {}", aside.into()), theme[Role::Dim])]));
    }

    /// The words of its lines; what stands beside a heading is said behind a colon.
    pub fn texts(&self) -> impl Iterator<Item = String> {
        self.lines.iter().enumerate().map(|(at, line)| match &line.spans[..] {
            [title, aside] if self.headings.contains(&at) && !aside.content.trim().is_empty() => {
                format!("{}: {}", title.content, aside.content.trim())
            }
            _ => line.to_string(),
        })
    }

    /// How many lines there are.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Everything added since line `from` is selected.
    pub fn select_from(&mut self, from: usize) {
        self.selected = Some(from..self.lines.len());
    }

    /// Everything added since line `from` is one thing that can be selected.
    pub fn row_from(&mut self, from: usize) {
        self.rows.push(from..self.lines.len());
    }

    /// Draws the lines from `scroll` on; where they are is said elsewhere.
    pub fn draw_plain(&self, area: Rect, scroll: usize, buf: &mut Buffer) {
        for (y, at) in (area.y..area.bottom()).zip(scroll..self.lines.len()) {
            line::put(buf, Rect { y, height: 1, ..area }, &self.lines[at]);
        }
    }

    /// Draws the lines from `scroll` on, moved as far as what is selected needs to be in view; says on the right of the last
    /// line when there is more below.
    pub fn draw(&self, theme: &Theme, area: Rect, scroll: Option<usize>, buf: &mut Buffer) {
        let view = self.in_view(area.height.into(), scroll);
        for (y, at) in (area.y..).zip(view.clone()) {
            let row = Rect { y, height: 1, ..area };
            let selected = self.selected.as_ref().filter(|selected| selected.contains(&at));
            line::put(buf, row, &self.lines[at]);
            // Said without colour too; lines that can be selected leave their first cell free.
            if selected.is_some_and(|selected| selected.start == at) {
                line::at(buf, row, row.x, y, sign::SELECTED, theme[Role::Focus]);
            }
            if selected.is_some() {
                line::select(buf, row, theme);
            }
        }
        if let Some(position) = list::position(&view, self.lines.len()).filter(|_| area.height > 1) {
            let words = Line::from(Span::styled(format!(" {position}"), theme[Role::Dim]));
            let cells = line::width(&words).min(area.width.into()) as u16;
            let corner = Rect { x: area.right() - cells, y: area.bottom() - 1, width: cells, height: 1 };
            line::put(buf, corner, &words);
        }
    }

    /// The lines that are drawn.
    fn in_view(&self, height: usize, scroll: Option<usize>) -> Range<usize> {
        match &self.selected {
            // A little of what comes next stays in view, unless the wheel has left it so; and the whole of what is selected
            // if it fits.
            Some(selected) => {
                let lead = if scroll.is_some() { 0 } else { height / 4 };
                let end = (selected.end + lead).min(self.lines.len());
                let top = scroll.unwrap_or(0).min(self.lines.len().saturating_sub(height));
                let top = top.max(end.saturating_sub(height)).min(selected.start);
                top..(top + height).min(self.lines.len())
            }
            None => list::in_view(self.lines.len(), height, scroll.unwrap_or(0), None),
        }
    }

    /// Notes what is drawn where: the things that can be selected, or without any the lines.
    pub(super) fn note(&self, screen: Screen<'_>, area: Rect, scroll: Option<usize>) {
        let height = usize::from(area.height);
        let view = self.in_view(height, scroll);
        if self.rows.is_empty() {
            return screen.note_lines(area, &view, self.lines.len());
        }
        let most = self.lines.len().saturating_sub(height);
        screen.note(area, Spot::list(self.rows.len(), view.start, most));
        for (at, lines) in self.rows.iter().enumerate() {
            let (from, to) = (lines.start.max(view.start), lines.end.min(view.end));
            if from < to {
                let row = Rect { y: area.y + (from - view.start) as u16, height: (to - from) as u16, ..area };
                screen.note(row, Spot::Row(at));
            }
        }
    }
}
