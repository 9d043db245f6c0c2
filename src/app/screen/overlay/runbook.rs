//! A runbook that is read: which it is of those that fit, how far it was read, which steps were done; and the list of all.

use std::{collections::BTreeSet, sync::Arc};

use crate::{
    app::field::Field,
    incident::Note,
    runbook::{Block, BlockKind, Document, Library, Runbook, Section},
    signal::Labels,
};

/// Longest part of a step that stands in the timeline, in bytes.
const STEP: usize = 300;

/// A runbook, or a part of one, with the alert it was opened for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Place {
    /// The path of its file.
    pub file: String,
    /// What it is called.
    pub title: String,
    /// The line that is meant, from 1; `None` for the whole.
    pub line: Option<usize>,
    /// What people call the alert; empty where it was chosen from a list.
    pub alert: String,
    /// The alert's labels, to be filled in.
    pub labels: Labels,
    /// Why it is this one.
    pub why: String,
}

/// A runbook that is open.
#[derive(Clone, Debug)]
pub struct RunbookSheet {
    /// Those that fit, the best first.
    pub places: Vec<Place>,
    /// The one that is read.
    pub at: usize,
    /// It.
    pub book: Arc<Runbook>,
    /// Its blocks.
    pub document: Arc<Document>,
    /// Whether it brings something for the board.
    pub has_board: bool,
    /// How many lines its file has.
    pub lines: usize,
    /// The block selected.
    pub cursor: usize,
    /// The blocks that were done.
    pub done: BTreeSet<usize>,
}

impl RunbookSheet {
    /// Opens one of several; `None` when its file is not there any more. Where no part of it is meant it begins with `first`.
    pub fn open(
        library: &Library,
        places: Vec<Place>,
        at: usize,
        first: Option<Section>,
        notes: &[Note],
    ) -> Option<Self> {
        let place = places.get(at)?;
        let book = Arc::clone(&library.books[library.place(&place.file)?]);
        let document = Arc::new(Document::of(book.markdown(), book.first_line(), &place.labels));
        let of_section = || Some(book.headings[book.section(first?)?].line);
        let cursor = place.line.or_else(of_section).map_or(0, |line| document.at_line(line));
        let (has_board, lines) = (book.has_board(), book.text.lines().count());
        let mut sheet = Self { places, at, book, document, has_board, lines, cursor, done: BTreeSet::new() };
        sheet.find_done(notes);
        Some(sheet)
    }

    /// The same as it is on disk now, at the same place.
    pub fn renewed(&self, library: &Library, notes: &[Note]) -> Option<Self> {
        let line = self.block().map(|block| block.line);
        let mut sheet = Self::open(library, self.places.clone(), self.at, None, notes)?;
        sheet.cursor = line.map_or(0, |line| sheet.document.at_line(line));
        Some(sheet)
    }

    /// The one that is read, of those that fit.
    pub fn place(&self) -> &Place {
        &self.places[self.at]
    }

    /// The block selected; `None` in an empty file.
    pub fn block(&self) -> Option<&Block> {
        self.document.blocks.get(self.cursor)
    }

    /// Selects a block, or the last one.
    pub fn point(&mut self, block: usize) {
        self.cursor = block.min(self.document.blocks.len().saturating_sub(1));
    }

    /// Selects another block, by so many; a line across the page is passed over.
    pub fn step(&mut self, by: isize) {
        let is_rule = |at: usize| self.document.blocks.get(at).is_some_and(|block| block.kind == BlockKind::Rule);
        let mut to = self.cursor.saturating_add_signed(by);
        if is_rule(to) {
            to = to.saturating_add_signed(by.signum());
        }
        self.point(to);
    }

    /// Selects the next heading, or the one before.
    pub fn step_heading(&mut self, forward: bool) {
        let is_heading =
            |at: &usize| matches!(self.document.blocks.get(*at), Some(Block { kind: BlockKind::Heading(_), .. }));
        let to = match forward {
            true => (self.cursor + 1..self.document.blocks.len()).find(is_heading),
            false => (0..self.cursor).rev().find(is_heading),
        };
        self.point(to.unwrap_or(if forward { self.document.blocks.len() } else { 0 }));
    }

    /// The heading that the selected block stands below.
    pub fn heading(&self) -> Option<String> {
        let before = self.document.blocks.get(..=self.cursor)?;
        let heading = before.iter().rev().find(|block| matches!(block.kind, BlockKind::Heading(_)));
        heading.map(Block::text)
    }

    /// What the timeline says when a block was done.
    pub fn note_of(&self, block: usize) -> String {
        format!("done: {} ({})", self.quoted(block), self.book.title)
    }

    /// What the review says of a block that is wrong, or behind which something is missing.
    pub fn fault_of(&self, block: usize) -> String {
        let line = self.document.blocks.get(block).map_or(1, |block| block.line);
        format!("{}:{line}: wrong or missing here: “{}”", self.book.relative, self.quoted(block))
    }

    /// A block, with what it is a part of, in one line that is not too long.
    pub fn quoted(&self, block: usize) -> String {
        let words = self.document.whole(block).split_whitespace().collect::<Vec<_>>().join(" ");
        crate::base::text::clipped(&words, STEP).into_owned()
    }

    fn find_done(&mut self, notes: &[Note]) {
        let ends = format!(" ({})", self.book.title);
        let said: BTreeSet<&str> = notes
            .iter()
            .map(|note| note.text.as_str())
            .filter(|text| text.starts_with("done: ") && text.ends_with(&ends))
            .collect();
        if !said.is_empty() {
            let blocks = self.document.blocks.iter().enumerate();
            let is_done = |at: usize, block: &Block| block.is_step() && said.contains(self.note_of(at).as_str());
            self.done = blocks.filter(|(at, block)| is_done(*at, block)).map(|(at, _)| at).collect();
        }
    }
}

/// Runbooks to choose from.
#[derive(Clone, Debug)]
pub struct RunbookList {
    /// What is typed.
    pub field: Field,
    rows: Vec<RunbookRow>,
    /// Those that fit, by their place among all.
    found: Vec<usize>,
    /// The one selected, among those that fit.
    pub cursor: usize,
}

/// A line of the list.
#[derive(Clone, Debug, PartialEq)]
pub struct RunbookRow {
    /// What it is called.
    pub title: String,
    /// Why it fits, else where it is.
    pub about: String,
    /// What is opened.
    pub place: Place,
}

impl RunbookList {
    /// Those that fit what fires, then all others.
    pub fn of(rows: Vec<RunbookRow>) -> Self {
        let mut list = Self { field: Field::line(""), rows, found: Vec::new(), cursor: 0 };
        list.search();
        list
    }

    /// Finds those that have each word typed in their title, path or why; the first is selected.
    pub fn search(&mut self) {
        let typed = self.field.text().to_lowercase();
        let fits = |row: &RunbookRow| {
            let text = format!("{} {} {} {}", row.title, row.about, row.place.file, row.place.alert).to_lowercase();
            typed.split_whitespace().all(|word| text.contains(word))
        };
        self.found = self.rows.iter().enumerate().filter(|(_, row)| fits(row)).map(|(at, _)| at).collect();
        self.cursor = 0;
    }

    /// Those that fit.
    pub fn found(&self) -> impl ExactSizeIterator<Item = &RunbookRow> {
        self.found.iter().map(|at| &self.rows[*at])
    }

    /// The one selected; `None` when none fits.
    pub fn selected(&self) -> Option<&RunbookRow> {
        self.found().nth(self.cursor)
    }

    /// Moves the cursor by so many lines.
    pub fn step(&mut self, by: isize) {
        self.point(self.cursor.saturating_add_signed(by));
    }

    /// Puts the cursor on a line, or on the last one.
    pub fn point(&mut self, line: usize) {
        self.cursor = line.min(self.found.len().saturating_sub(1));
    }
}
