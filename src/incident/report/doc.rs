//! What the notes are made of: headings, bullets, code blocks, and in a line text, bold, code and links. Nothing else
//! survives a paste into GitHub, Google Docs, Confluence and Notion alike, so nothing else can be said here.
//!
//! Text of strangers goes in as it is; only the renderer escapes, so it is escaped once and everywhere.

/// The notes, before they take any format.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Doc {
    pub blocks: Vec<Block>,
}

#[derive(Debug, PartialEq)]
pub(super) enum Block {
    /// A heading of level 1 to 3.
    Heading(u8, DocLine),
    /// A bullet, and how deep it stands, from 0.
    Bullet(usize, DocLine),
    /// Lines kept as they are, below a bullet of the depth above this one.
    Code(usize, String),
}

/// One line.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct DocLine(pub Vec<DocPiece>);

#[derive(Clone, Debug, PartialEq)]
pub(super) enum DocPiece {
    Text(String),
    Bold(String),
    Code(String),
    /// What it shows, and where it leads; a place that is no web address is shown as code instead.
    Link(String, String),
}

impl Doc {
    pub fn heading(&mut self, level: u8, text: &str) {
        self.blocks.push(Block::Heading(level, DocLine::text(text)));
    }

    pub fn bullet(&mut self, depth: usize, line: DocLine) {
        self.blocks.push(Block::Bullet(depth, line));
    }

    pub fn code(&mut self, depth: usize, text: &str) {
        self.blocks.push(Block::Code(depth, text.trim_matches('\n').to_owned()));
    }

    /// A line followed by what a person wrote, in as many lines as they used.
    pub fn prose(&mut self, depth: usize, lead: DocLine, text: &str) {
        let lines: Vec<_> = text.lines().filter(|line| !line.trim().is_empty()).collect();
        // In what is added and taken away, a minus is no bullet.
        let is_diff = lines.iter().any(|line| line.trim_start().starts_with("+ "));
        let own = |line: &str| DocLine::text(if is_diff { line.trim() } else { without_marker(line) });
        match lines.as_slice() {
            [] => self.bullet(depth, lead),
            [line] => self.bullet(depth, lead.and(" ").and(line.trim())),
            lines if is_laid_out(lines) => {
                self.bullet(depth, lead);
                self.code(depth + 1, text);
            }
            [first, ..] if without_marker(first) != first.trim() => {
                self.bullet(depth, lead);
                lines.iter().for_each(|line| self.bullet(depth + 1, own(line)));
            }
            [first, rest @ ..] => {
                self.bullet(depth, lead.and(" ").and(first.trim()));
                rest.iter().for_each(|line| self.bullet(depth + 1, own(line)));
            }
        }
    }
}

impl DocLine {
    pub fn text(text: impl Into<String>) -> Self {
        Self::default().and(text)
    }

    pub fn bold(text: impl Into<String>) -> Self {
        Self::default().and_bold(text)
    }

    pub fn and(mut self, text: impl Into<String>) -> Self {
        self.0.push(DocPiece::Text(text.into()));
        self
    }

    pub fn and_bold(mut self, text: impl Into<String>) -> Self {
        self.0.push(DocPiece::Bold(text.into()));
        self
    }

    pub fn and_code(mut self, text: impl Into<String>) -> Self {
        self.0.push(DocPiece::Code(text.into()));
        self
    }

    pub fn and_link(mut self, text: impl Into<String>, url: impl Into<String>) -> Self {
        self.0.push(DocPiece::Link(text.into(), url.into()));
        self
    }
}

/// Whether lines depend on their columns, as pasted output does. A person's own sentences and lists do not.
fn is_laid_out(lines: &[&str]) -> bool {
    let in_columns = |line: &str| {
        let indented = line.starts_with([' ', '\t']) && without_marker(line) == line.trim();
        indented || line.trim().contains("  ") || line.contains('\t')
    };
    lines.len() > 12 || lines.iter().any(|line| in_columns(line))
}

/// A list that a person typed becomes bullets of ours. A plus is mostly meant as one.
fn without_marker(line: &str) -> &str {
    let line = line.trim();
    ["- ", "* ", "• "].iter().find_map(|marker| line.strip_prefix(marker)).unwrap_or(line).trim_start()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(note: &str, expected: &[Block]) {
        let mut doc = Doc::default();
        doc.prose(0, DocLine::text("a:"), note);
        assert_eq!(doc.blocks, expected);
    }

    #[test]
    fn a_note_keeps_its_lines() {
        let lead = |text: &str| DocLine::text("a:").and(" ").and(text);
        check("one", &[Block::Bullet(0, lead("one"))]);
        check("one\n\n- two", &[Block::Bullet(0, lead("one")), Block::Bullet(1, DocLine::text("two"))]);
        check("", &[Block::Bullet(0, DocLine::text("a:"))]);
        // One line is no list, and a plus no bullet.
        check("+ replica added", &[Block::Bullet(0, lead("+ replica added"))]);
        check("- 5 %", &[Block::Bullet(0, lead("- 5 %"))]);
        let nested = |text: &str| Block::Bullet(1, DocLine::text(text));
        check("- one\n* two", &[Block::Bullet(0, DocLine::text("a:")), nested("one"), nested("two")]);
        check("+ one\n- two", &[Block::Bullet(0, lead("+ one")), nested("- two")]);
        let table = "NAME    READY\ncheckout  0/1\n";
        check(table, &[Block::Bullet(0, DocLine::text("a:")), Block::Code(1, table.trim_end().into())]);
    }
}
