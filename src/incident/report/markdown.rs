//! The notes as Markdown, kept to what survives a paste anywhere; see [`doc`](super::doc).

use super::{
    doc::{Block, Doc, DocLine, DocPiece},
    escape,
};

/// Renders the notes. Ends in one newline.
pub(super) fn render(doc: &Doc) -> String {
    let mut out = String::new();
    let mut last = None;
    for block in &doc.blocks {
        let is_heading = matches!(block, Block::Heading(..));
        if last.is_some_and(|last| last || is_heading) {
            out.push('\n');
        }
        match block {
            Block::Heading(level, text) => {
                let sign = "#".repeat(usize::from(*level));
                line(&mut out, &format!("{sign} "), text);
            }
            Block::Bullet(depth, text) => line(&mut out, &format!("{}- ", "  ".repeat(*depth)), text),
            Block::Code(depth, text) => escape::block(&mut out, text, &"  ".repeat(*depth)),
        }
        last = Some(is_heading);
    }
    out
}

fn line(out: &mut String, lead: &str, line: &DocLine) {
    let mut text = String::new();
    for piece in &line.0 {
        self::piece(&mut text, piece);
    }
    out.push_str(lead);
    out.push_str(text.trim_end_matches(' '));
    out.push('\n');
}

fn piece(out: &mut String, piece: &DocPiece) {
    let starts = out.is_empty();
    match piece {
        DocPiece::Text(text) => escape::text(out, text, starts),
        DocPiece::Bold(text) if text.trim().is_empty() => {}
        DocPiece::Bold(text) => {
            out.push_str("**");
            escape::text(out, text.trim(), false);
            out.push_str("**");
        }
        DocPiece::Code(code) => escape::code(out, code),
        DocPiece::Link(text, url) => match escape::url(url) {
            Some(url) => {
                if out.ends_with('!') {
                    out.insert(out.len() - 1, '\\'); // `![` would begin an image
                }
                out.push('[');
                let shown = if text.trim().is_empty() { &url } else { text.trim() };
                escape::text(out, shown, false);
                out.push_str(&format!("]({url})"));
            }
            None => {
                escape::text(out, text, starts);
                if !out.is_empty() && !out.ends_with(' ') {
                    out.push(' ');
                }
                escape::code(out, url);
            }
        },
    }
}
