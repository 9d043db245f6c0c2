//! The words of a text panel, without their markup: <https://grafana.com/docs/grafana/latest/panels-visualizations/visualizations/text/>.

mod html;

use pulldown_cmark::{Options, Parser};

/// How much of a text is read, in bytes.
const LONGEST: usize = 1 << 18;

/// The words of a text in its mode, `markdown`, `html` or `code`; other modes are the first. Lines stand for blocks, list
/// items begin with `•`, and nothing in it moves the cursor of a terminal.
pub fn plain(mode: Option<&str>, content: &str) -> String {
    let content = start(content, LONGEST);
    match mode {
        Some("code") => content.lines().map(|line| harmless(line).trim_end().to_owned()).collect::<Vec<_>>().join("\n"),
        Some("html") => html::words(content),
        _ => {
            let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
            let mut written = String::new();
            pulldown_cmark::html::push_html(&mut written, Parser::new_ext(content, options));
            html::words(&written)
        }
    }
}

/// What comes before a length in bytes, or a little less.
fn start(text: &str, most: usize) -> &str {
    let end = (0..=most.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    end.and_then(|end| text.get(..end)).unwrap_or("")
}

/// Without signs that steer a terminal, or turn the direction of what follows; a tab is four spaces.
fn harmless(text: &str) -> String {
    let mut kept = String::new();
    for c in text.chars() {
        match c {
            '\t' => kept.push_str("    "),
            '\u{a0}' => kept.push(' '),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
            c if c.is_control() => {}
            c => kept.push(c),
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_and_markup_goes() {
        let markdown = "# Title\n\nSome *words*,\nand a [link](https://x.y) &rarr; `a<b>`.\n\n1. **One**\n   - inner\n2. Two\n\n\
                        | a | b |\n|---|---|\n| 1 | 2 |\n\n```\nfn x() {\n  y\n}\n```\n![alt](i.png)<br>end";
        let shown = "Title\nSome words, and a link → a<b>.\n• One\n  • inner\n• Two\na b\n1 2\nfn x() {\n  y\n}\nend";
        for (mode, content, shown) in [
            (None, markdown, shown),
            (Some("markdown"), "- [x] done\n- loose\n\n  second", "• done\n• loose\n  second"),
            (
                Some("html"),
                "<div a='>'><h4>Made &amp; kept</h4>\n<p>by\ncode&nbsp;&#33;&#x21;&nope;</p></div>",
                "Made & kept\nby code !!&nope;",
            ),
            (Some("html"), "<script>if (a < b) {}</script>a<!-- <b> -->b<style>x</STYLE >c", "abc"),
            (Some("html"), "1 < 2 <br/>3<unclosed", "1 < 2\n3"),
            (Some("html"), "<ul><li><p>x</p></li><li></li></ul>\u{1b}[31m&#27;\u{202e}y", "• x\n[31my"),
            (Some("code"), "a:\n\tb: 1\u{7}  \n<c>", "a:\n    b: 1\n<c>"),
            (Some("html"), "<script>never closed", ""),
        ] {
            assert_eq!(plain(mode, content), shown, "{content}");
        }
    }

    #[test]
    fn a_long_text_is_cut_between_letters() {
        assert_eq!(start("aéb", 2), "a");
        assert_eq!(start("aéb", 9), "aéb");
        for written in ["<li>", "<script>", "<a '", "<!--", "&", "&#"] {
            assert!(plain(Some("html"), &written.repeat(1 << 14)).len() <= 1 << 16, "{written}");
        }
    }
}
