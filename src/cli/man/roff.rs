//! Markdown as a manual page: headings, paragraphs, lists whose items begin with a name, code.

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

/// The page. The first heading is its name.
pub(super) fn page(markdown: &str, section: u8) -> String {
    let mut out = String::new();
    // Whether the next text begins an item: its name goes on a line of its own.
    let mut begins_item = false;
    for event in Parser::new(markdown) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => out += if level as u8 == 1 { "\n.TH " } else { "\n.SH " },
            Event::End(TagEnd::Heading(level)) if level as u8 == 1 => {
                out += &format!(" {section} \"\" \"stanch {}\" \"\"\n", env!("CARGO_PKG_VERSION"));
            }
            Event::Start(Tag::Paragraph) if !begins_item => out += "\n.PP\n",
            Event::Start(Tag::Item) => {
                out += "\n.TP\n";
                begins_item = true;
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_) | CodeBlockKind::Indented)) => out += "\n.PP\n.nf\n",
            Event::End(TagEnd::CodeBlock) => out += ".fi\n",
            Event::Code(code) => out += &format!("\\fB{}\\fR", escaped(&code)),
            Event::Start(Tag::Emphasis) => out += "\\fI",
            Event::End(TagEnd::Emphasis) => out += "\\fR",
            Event::Text(text) => {
                let said = text.split_once(": ").filter(|_| begins_item);
                match said {
                    Some((name, rest)) => {
                        out += &format!("{}\n{}", escaped(name), escaped(rest));
                        begins_item = false;
                    }
                    None => out += &escaped(&text),
                }
            }
            Event::SoftBreak | Event::HardBreak => out.push('\n'),
            Event::End(TagEnd::Item) => begins_item = false,
            _ => {}
        }
    }
    let lines = out.lines().map(str::trim_end).filter(|line| !line.is_empty());
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// Text that is no request and keeps its signs.
fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\e").replace('-', "\\-");
    match text.starts_with(['.', '\'']) {
        true => format!("\\&{text}"),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_items_stand_alone() {
        let made =
            page("# x.toml\n\nFirst.\n\n## Keys\n\n- `a-b`: *required*: it\n- plain\n\n```sh\n.run --now\n```\n", 5);
        let head = format!(".TH x.toml 5 \"\" \"stanch {}\" \"\"\n", env!("CARGO_PKG_VERSION"));
        let rest = ".PP\nFirst.\n.SH Keys\n.TP\n\\fBa\\-b\\fR\n\\fIrequired\\fR: it\n.TP\nplain\n.PP\n.nf\n\\&.run \\-\\-now\n.fi\n";
        assert_eq!(made, head + rest);
    }
}
