//! A runbook as it is read on the screen: headings, steps, code, tables and links, one block each.
//!
//! Where the text says `$POD`, what the alert has as its label `pod` stands instead. A label's value comes from outside: in
//! code it is put into quotes as soon as a shell could see more in it than a word.

pub(super) mod fill;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::{grafana::text_panel, signal::Labels};

/// Blocks of one document that are shown.
const MOST_BLOCKS: usize = 20_000;

/// Lines of code, and rows of a table, in one block: what is longer is several, so that each can be seen whole.
const MOST_LINES: usize = 5;

/// How deep a list in a list is shown as such.
const DEEPEST: u8 = 8;

/// The language of code that is for the board.
pub const BOARD: &str = "stanch";

/// A text, taken apart.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// What it is made of, from the first to the last.
    pub blocks: Vec<Block>,
    /// Where its links lead, by the number that a span has.
    pub links: Vec<String>,
}

/// A piece of a text that stands on lines of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Its words. Code is one span with its lines; a table has them in its rows.
    pub spans: Vec<Span>,
    /// How many lists it stands in.
    pub depth: u8,
    /// Whether it is quoted.
    pub quoted: bool,
    /// The line of the file it begins in, from 1.
    pub line: usize,
    /// Whether it goes on from the block before: long code is several.
    pub goes_on: bool,
}

/// What a block is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BlockKind {
    /// A heading, of level 1 to 6.
    Heading(u8),
    /// A paragraph.
    Text,
    /// An item of a list, with what stands before it: `•`, `3.`.
    Item(String),
    /// Code, with the language it says.
    Code(String),
    /// Rows of cells; the first is the head.
    Table(Vec<Vec<String>>),
    /// A line across the page.
    Rule,
}

/// Words of one look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// The words; `\n` is the end of a line.
    pub text: String,
    /// How they look.
    pub style: SpanStyle,
}

/// How words look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the meaning")]
pub enum SpanStyle {
    #[default]
    Plain,
    Strong,
    Emphasis,
    Code,
    /// A link, by its place in [`Document::links`].
    Link(usize),
}

impl Block {
    /// Its words without their looks.
    pub fn text(&self) -> String {
        match &self.kind {
            BlockKind::Table(rows) => rows.iter().map(|row| row.join("  ")).collect::<Vec<_>>().join("\n"),
            _ => self.spans.iter().map(|span| span.text.as_str()).collect(),
        }
    }

    /// Whether it is something to be done: a step is ticked, a heading is not.
    pub fn is_step(&self) -> bool {
        !matches!(self.kind, BlockKind::Heading(_) | BlockKind::Rule)
    }
}

impl Document {
    /// Takes Markdown apart that begins in this line of its file, with an alert's labels filled in.
    pub fn of(markdown: &str, first_line: usize, labels: &Labels) -> Self {
        let options = Options::ENABLE_TABLES
            | Options::ENABLE_STRIKETHROUGH
            | Options::ENABLE_TASKLISTS
            | Options::ENABLE_FOOTNOTES
            | Options::ENABLE_HEADING_ATTRIBUTES;
        let mut page = Page::of(labels);
        let (mut line, mut counted) = (first_line, 0);
        for (event, range) in Parser::new_ext(markdown, options).into_offset_iter() {
            // Places come in order, but for the ends of what began before.
            if range.start > counted {
                line += markdown.as_bytes()[counted..range.start].iter().filter(|byte| **byte == b'\n').count();
                counted = range.start;
            }
            page.line = line;
            page.take(event);
            if page.document.blocks.len() >= MOST_BLOCKS {
                break;
            }
        }
        page.finish();
        page.document
    }

    /// All of what a block is a part of, as text.
    pub fn whole(&self, at: usize) -> String {
        let goes_on = |at: &usize| self.blocks.get(*at).is_some_and(|block| block.goes_on);
        let first = (0..=at).rev().find(|at| !goes_on(at)).unwrap_or(at);
        let parts = std::iter::once(first).chain((first + 1..self.blocks.len()).take_while(goes_on));
        parts.filter_map(|at| self.blocks.get(at)).map(Block::text).collect::<Vec<_>>().join("\n")
    }

    /// The block that begins in a line, or the first behind it.
    pub fn at_line(&self, line: usize) -> usize {
        let at = self.blocks.iter().position(|block| block.line >= line);
        at.unwrap_or(self.blocks.len().saturating_sub(1))
    }
}

/// What was read so far.
struct Page<'l> {
    document: Document,
    labels: &'l Labels,
    line: usize,
    open: Option<Block>,
    /// The lists that are open; the number of the next item of those that count.
    lists: Vec<Option<u64>>,
    /// What stands before an item that has no words yet.
    marker: Option<String>,
    quotes: usize,
    strong: usize,
    emphasis: usize,
    link: Option<usize>,
    /// The HTML that is open.
    html: Option<String>,
    /// The rows of the table that is open.
    rows: Option<Vec<Vec<String>>>,
    /// The line it begins in.
    table_line: usize,
}

impl<'l> Page<'l> {
    fn of(labels: &'l Labels) -> Self {
        Self {
            document: Document::default(),
            labels,
            line: 1,
            open: None,
            lists: Vec::new(),
            marker: None,
            quotes: 0,
            strong: 0,
            emphasis: 0,
            link: None,
            html: None,
            rows: None,
            table_line: 1,
        }
    }

    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text),
            Event::Code(code) => self.push(&fill::code(&code, self.labels), SpanStyle::Code),
            Event::InlineHtml(html) if html.get(..3).is_some_and(|tag| tag.eq_ignore_ascii_case("<br")) => {
                self.push("\n", SpanStyle::Plain);
            }
            Event::Html(html) => self.html.get_or_insert_default().push_str(&html),
            Event::SoftBreak => self.push(" ", SpanStyle::Plain),
            Event::HardBreak => self.push("\n", SpanStyle::Plain),
            Event::Rule => {
                self.finish();
                self.add(BlockKind::Rule, Vec::new());
            }
            Event::TaskListMarker(done) => self.marker = Some(if done { "[x]" } else { "[ ]" }.to_owned()),
            Event::FootnoteReference(name) => self.push(&format!("[{name}]"), SpanStyle::Plain),
            Event::InlineHtml(_) | Event::InlineMath(_) | Event::DisplayMath(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Heading { level, .. } => {
                self.finish();
                self.open(BlockKind::Heading(self::level(level)));
            }
            Tag::Paragraph => self.finish(),
            Tag::BlockQuote(_) => {
                self.finish();
                self.quotes += 1;
            }
            Tag::CodeBlock(kind) => {
                self.finish();
                self.marker = None;
                let language = match kind {
                    CodeBlockKind::Fenced(info) if is_board(&info) => BOARD.to_owned(),
                    CodeBlockKind::Fenced(info) => info.split([' ', ',', '{']).next().unwrap_or_default().to_owned(),
                    CodeBlockKind::Indented => String::new(),
                };
                self.open(BlockKind::Code(language));
            }
            Tag::List(first) => {
                self.finish();
                self.lists.push(first);
            }
            Tag::Item => {
                self.finish();
                self.marker = Some(match self.lists.last_mut() {
                    Some(Some(next)) => {
                        *next = next.saturating_add(1);
                        format!("{}.", *next - 1)
                    }
                    _ => "•".to_owned(),
                });
            }
            Tag::Table(_) => {
                self.finish();
                self.rows = Some(Vec::new());
                self.table_line = self.line;
            }
            Tag::TableHead | Tag::TableRow => self.rows.iter_mut().for_each(|rows| rows.push(Vec::new())),
            Tag::TableCell => {
                let row = self.rows.as_mut().and_then(|rows| rows.last_mut());
                row.into_iter().for_each(|row| row.push(String::new()));
            }
            Tag::FootnoteDefinition(name) => {
                self.finish();
                self.marker = Some(format!("[{name}]"));
            }
            Tag::Strong => self.strong += 1,
            Tag::Emphasis => self.emphasis += 1,
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } if !dest_url.is_empty() => {
                self.link = Some(self.document.links.len());
                self.document.links.push(dest_url.into_string());
            }
            Tag::HtmlBlock => {
                self.finish();
                self.html = Some(String::new());
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) | TagEnd::Paragraph | TagEnd::CodeBlock => self.finish(),
            TagEnd::Item | TagEnd::FootnoteDefinition => {
                self.finish();
                self.marker = None;
            }
            TagEnd::BlockQuote(_) => {
                self.finish();
                self.quotes = self.quotes.saturating_sub(1);
            }
            TagEnd::List(_) => {
                self.finish();
                self.lists.pop();
            }
            TagEnd::Table => {
                let rows = self.rows.take().unwrap_or_default();
                self.push_table(rows);
            }
            TagEnd::Strong => self.strong = self.strong.saturating_sub(1),
            TagEnd::Emphasis => self.emphasis = self.emphasis.saturating_sub(1),
            TagEnd::Link | TagEnd::Image => self.link = None,
            TagEnd::HtmlBlock => {
                let words = text_panel::plain(Some("html"), &self.html.take().unwrap_or_default());
                if !words.trim().is_empty() {
                    self.push(&words, SpanStyle::Plain);
                }
                self.finish();
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if matches!(self.open, Some(Block { kind: BlockKind::Code(_), .. })) {
            return self.push(&fill::code(text, self.labels), SpanStyle::Code);
        }
        let style = match self.link {
            Some(link) => SpanStyle::Link(link),
            None if self.strong > 0 => SpanStyle::Strong,
            None if self.emphasis > 0 => SpanStyle::Emphasis,
            None => SpanStyle::Plain,
        };
        self.push(&fill::text(text, self.labels), style);
    }

    /// Adds words to what is open; what is not yet is an item or a paragraph.
    fn push(&mut self, words: &str, style: SpanStyle) {
        if let Some(rows) = &mut self.rows {
            if let Some(cell) = rows.last_mut().and_then(|row| row.last_mut()) {
                cell.push_str(&words.replace('\n', " "));
            }
            return;
        }
        if self.open.is_none() {
            let kind = self.marker.take().map_or(BlockKind::Text, BlockKind::Item);
            self.open(kind);
        }
        let Some(block) = &mut self.open else { return };
        match block.spans.last_mut().filter(|last| last.style == style) {
            Some(last) => last.text.push_str(words),
            None => block.spans.push(Span { text: words.to_owned(), style }),
        }
    }

    fn open(&mut self, kind: BlockKind) {
        self.open = Some(self.block(kind, Vec::new()));
    }

    fn add(&mut self, kind: BlockKind, spans: Vec<Span>) {
        let block = self.block(kind, spans);
        self.document.blocks.push(block);
    }

    fn block(&self, kind: BlockKind, spans: Vec<Span>) -> Block {
        let depth = u8::try_from(self.lists.len()).unwrap_or(DEEPEST).min(DEEPEST);
        Block { kind, spans, depth, quoted: self.quotes > 0, line: self.line, goes_on: false }
    }

    fn finish(&mut self) {
        let Some(mut block) = self.open.take() else { return };
        if let (BlockKind::Code(_), Some(last)) = (&block.kind, block.spans.last_mut()) {
            last.text.truncate(last.text.trim_end_matches('\n').len());
        }
        match &block.kind {
            _ if block.text().trim().is_empty() => {}
            // What is for the board is shown in a line.
            BlockKind::Code(language) if language != BOARD => self.push_code(&block),
            _ => self.document.blocks.push(block),
        }
    }

    fn push_code(&mut self, whole: &Block) {
        let text = whole.text();
        let lines: Vec<&str> = text.lines().collect();
        for (nth, part) in lines.chunks(MOST_LINES).enumerate() {
            let spans = vec![Span { text: part.join("\n"), style: SpanStyle::Code }];
            let line = whole.line + nth * MOST_LINES;
            if self.document.blocks.len() >= MOST_BLOCKS {
                return;
            }
            let Block { depth, quoted, .. } = *whole;
            let kind = whole.kind.clone();
            self.document.blocks.push(Block { kind, spans, depth, quoted, line, goes_on: nth > 0 });
        }
    }

    fn push_table(&mut self, rows: Vec<Vec<String>>) {
        let Some((head, rows)) = rows.split_first() else { return };
        // Each part has the head again: it says what is what.
        let parts = rows.chunks(MOST_LINES).map(|part| std::iter::once(head).chain(part).cloned().collect());
        let parts: Vec<Vec<Vec<String>>> = parts.collect();
        let parts = if parts.is_empty() { vec![vec![head.clone()]] } else { parts };
        for (nth, part) in parts.into_iter().enumerate() {
            let line = self.table_line + nth * MOST_LINES;
            let block = self.block(BlockKind::Table(part), Vec::new());
            self.document.blocks.push(Block { line, goes_on: nth > 0, ..block });
        }
    }
}

/// Whether code is for the board, by what stands behind its fence.
pub(super) fn is_board(info: &str) -> bool {
    info.split_whitespace().any(|word| word.trim_matches(['{', '}', '.']) == BOARD)
}

fn level(level: HeadingLevel) -> u8 {
    level as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(markdown: &str) -> Vec<String> {
        let labels = Labels::of([("pod", "web-1"), ("namespace", "a b; rm -rf /")]);
        let document = Document::of(markdown, 1, &labels);
        let told = |block: &Block| {
            let kind = match &block.kind {
                BlockKind::Heading(level) => format!("h{level}"),
                BlockKind::Text => "p".into(),
                BlockKind::Item(marker) => {
                    format!("{}{marker}", " ".repeat(usize::from(block.depth.saturating_sub(1))))
                }
                BlockKind::Code(language) => format!("code({language})"),
                BlockKind::Table(_) => "table".into(),
                BlockKind::Rule => "rule".into(),
            };
            let quoted = if block.quoted { "> " } else { "" };
            format!("{} {quoted}{kind} {}", block.line, block.text().replace('\n', "⏎"))
        };
        document.blocks.iter().map(told).collect()
    }

    #[test]
    fn a_text_is_blocks_with_their_lines() {
        let markdown = "# The *title*\n\nSome `code`,\nand a [link](https://x.y).\n\n1. One\n   - inner\n\n   more\n2. Two\n   ```sh\n   a\n   b\n   ```\n\
                        \n- [x] done\n- [ ] open\n\n> quoted\n\n| a | b |\n|---|---|\n| 1 | `2` |\n\n---\n\n    indented\n\n<div>made<br>up</div>\n";
        assert_eq!(
            told(markdown),
            [
                "1 h1 The title",
                "3 p Some code, and a link.",
                "6 1. One",
                "7  • inner",
                "9 p more",
                "10 2. Two",
                "11 code(sh) a⏎b",
                "16 [x] done",
                "17 [ ] open",
                "19 > p quoted",
                "21 table a  b⏎1  2",
                "25 rule ",
                "27 code() indented",
                "29 p made⏎up",
            ]
        );
        assert_eq!(told("```toml stanch\nx\n```"), ["1 code(stanch) x"]);
        let document = Document::of(markdown, 1, &Labels::default());
        assert_eq!(document.links, ["https://x.y"]);
        let looks: Vec<SpanStyle> = document.blocks[1].spans.iter().map(|span| span.style).collect();
        let (plain, code, link) = (SpanStyle::Plain, SpanStyle::Code, SpanStyle::Link(0));
        assert_eq!(looks, [plain, code, plain, link, plain]);
        assert_eq!(document.at_line(8), 4);
        assert_eq!(document.at_line(999), 13);
    }

    #[test]
    fn what_is_long_is_several_blocks_and_one_whole() {
        let code: String = (1..=20).map(|n| format!("line {n}\n")).collect();
        let document = Document::of(&format!("```\n{code}```\n\ntext\n"), 1, &Labels::default());
        let lines: Vec<(usize, bool)> = document.blocks.iter().map(|block| (block.line, block.goes_on)).collect();
        assert_eq!(lines, [(1, false), (6, true), (11, true), (16, true), (24, false)]);
        for at in 0..4 {
            assert_eq!(document.whole(at), code.trim_end());
        }
        assert_eq!(document.whole(4), "text");
        let rows: String = (1..=10).map(|n| format!("| {n} |\n")).collect();
        let table = Document::of(&format!("| head |\n|---|\n{rows}"), 1, &Labels::default());
        assert!(table.blocks.len() == 2 && table.blocks[1].text().starts_with("head\n6"));
    }

    #[test]
    fn labels_are_filled_in_and_in_code_only_plain_words() {
        assert_eq!(
            told(
                "Of $POD and ${NAMESPACE}, `kubectl -n $NAMESPACE`: $HOME\n\n```\nget $POD $POD_NAME $NAMESPACE\n```\n"
            ),
            ["1 p Of web-1 and a b; rm -rf /, kubectl -n $NAMESPACE: $HOME", "3 code() get web-1 $POD_NAME $NAMESPACE",]
        );
    }

    #[test]
    fn any_text_is_taken_apart() {
        for text in
            ["[a](", "- \n-\n", "|", "<div", "```", "> > > x", "1. ```\n", "[^1]: x\n[^1]", "* * *", "![i](a.png)"]
        {
            told(&text.repeat(50));
        }
        assert!(told(&"- x\n".repeat(30_000)).len() <= MOST_BLOCKS);
    }
}
