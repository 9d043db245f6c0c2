//! The words of HTML, in lines.

use pulldown_cmark::{Event, Parser};

use super::harmless;

/// Elements that begin and end a line.
const BLOCKS: [&str; 34] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "br",
    "center",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tr",
    "ul",
];
/// Elements whose content is not shown.
const HIDDEN: [&str; 4] = ["script", "style", "template", "title"];
/// How far a list in a list is shifted at most, in lists.
const DEEPEST: usize = 8;

/// The words, with a line for each block.
pub fn words(html: &str) -> String {
    let mut page = Page::default();
    let mut rest = html;
    while !rest.is_empty() {
        let end = rest.find('<').unwrap_or(rest.len());
        let (text, markup) = rest.split_at_checked(end).unwrap_or((rest, ""));
        page.text(text);
        rest = page.markup(markup);
    }
    page.end_line();
    page.lines.join("\n")
}

/// What was read so far.
#[derive(Default)]
struct Page {
    lines: Vec<String>,
    line: String,
    /// Whether a space is due before the next word.
    space: bool,
    /// Whether the next word is the first of a list item.
    bullet: bool,
    /// How many lists are open.
    lists: usize,
    /// How many elements are open in which spaces and line ends are as written.
    verbatim: usize,
}

impl Page {
    /// Reads what begins with `<`, and returns what comes after it.
    fn markup<'h>(&mut self, markup: &'h str) -> &'h str {
        let Some(inside) = markup.strip_prefix('<') else { return "" };
        if let Some(comment) = inside.strip_prefix("!--") {
            return comment.split_once("-->").map_or("", |(_, after)| after);
        }
        let (closing, named) = inside.strip_prefix('/').map_or((false, inside), |named| (true, named));
        if !named.starts_with(|c: char| c.is_ascii_alphabetic() || c == '!' || c == '?') {
            self.text("<");
            return inside;
        }
        let length = named.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(named.len());
        let (name, attributes) = named.split_at_checked(length).unwrap_or((named, ""));
        let name = name.to_ascii_lowercase();
        let after = after_tag(attributes);
        if HIDDEN.contains(&name.as_str()) && !closing {
            return after_element(after, &name);
        }
        self.tag(&name, closing);
        after
    }

    fn tag(&mut self, name: &str, closing: bool) {
        if BLOCKS.contains(&name) {
            self.end_line();
        }
        match (name, closing) {
            ("li", _) => self.bullet = !closing,
            ("ul" | "ol", false) => self.lists += 1,
            ("ul" | "ol", true) => self.lists = self.lists.saturating_sub(1),
            ("pre", false) => self.verbatim += 1,
            ("pre", true) => self.verbatim = self.verbatim.saturating_sub(1),
            ("td" | "th", _) => self.space = true,
            _ => {}
        }
    }

    /// Adds text with entities in it.
    fn text(&mut self, text: &str) {
        let mut rest = text;
        while let Some((before, entity)) = rest.split_once('&') {
            self.write(before);
            match decoded(entity) {
                Some((text, after)) => {
                    self.write(&text);
                    rest = after;
                }
                None => {
                    self.write("&");
                    rest = entity;
                }
            }
        }
        self.write(rest);
    }

    fn write(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '\n' if self.verbatim > 0 => self.end_line(),
                ' ' | '\t' if self.verbatim > 0 => self.begin(&harmless(c.encode_utf8(&mut [0; 4]))),
                c if c.is_whitespace() => self.space = true,
                c => self.begin(&harmless(c.encode_utf8(&mut [0; 4]))),
            }
        }
    }

    /// Adds to the line, with what is due before it.
    fn begin(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        if self.line.is_empty() {
            let depth = self.lists.min(DEEPEST);
            let indent = if depth == 0 { 0 } else { 2 * (depth - 1) };
            self.line = " ".repeat(indent);
            match (depth, self.bullet) {
                (_, true) => self.line.push_str("• "),
                (0, false) => {}
                (_, false) => self.line.push_str("  "),
            }
            self.bullet = false;
        } else if self.space {
            self.line.push(' ');
        }
        self.space = false;
        self.line.push_str(text);
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        if !line.trim().is_empty() {
            self.lines.push(line.trim_end().to_owned());
        }
        self.space = false;
    }
}

/// What comes after the `>` of a tag; one in quotes does not count, and without any there is nothing more.
fn after_tag(attributes: &str) -> &str {
    let mut quote = None;
    for (at, c) in attributes.char_indices() {
        match (quote, c) {
            (None, '>') => return attributes.get(at + 1..).unwrap_or(""),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    ""
}

/// What comes after the end of an element whose content is no markup.
fn after_element<'h>(content: &'h str, name: &str) -> &'h str {
    let mut rest = content;
    while let Some((_, closing)) = rest.split_once("</") {
        if closing.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name)) {
            return after_tag(closing.get(name.len()..).unwrap_or(""));
        }
        rest = closing;
    }
    ""
}

/// The signs that an entity without its `&` stands for, and what comes after it; `None` for what is no entity.
fn decoded(entity: &str) -> Option<(String, &str)> {
    // None has a longer name.
    let length = entity.bytes().take(33).position(|b| b == b';')?;
    let (name, after) = (entity.get(..length)?, entity.get(length + 1..)?);
    if !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'#') {
        return None;
    }
    let written = format!("&{name};");
    let decoded: String = Parser::new(&written)
        .filter_map(|event| if let Event::Text(text) = event { Some(text.to_string()) } else { None })
        .collect();
    (decoded != written).then_some((decoded, after))
}
