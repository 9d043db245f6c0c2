//! The notes as one page of HTML that needs nothing else: no script, no image, no font, nothing fetched.
//!
//! It is made from the Markdown, so both say the same. Whatever reaches the parser, raw HTML becomes text and only web
//! and mail addresses stay links.

use pulldown_cmark::{CowStr, Event, Parser, Tag, TagEnd, html::push_html};

const STYLE: &str = "\
:root{color-scheme:light dark}
body{margin:0 auto;max-width:46rem;padding:2rem 1.25rem 4rem;font:1rem/1.55 system-ui,sans-serif}
h1{font-size:1.6rem;line-height:1.25;margin:0 0 1rem}
h2{font-size:1.2rem;margin:2.2rem 0 .5rem;padding-bottom:.2rem;border-bottom:1px solid color-mix(in srgb,currentColor 25%,transparent)}
h3{font-size:1rem;margin:1.4rem 0 .3rem}
ul{margin:.2rem 0;padding-left:1.2rem}
li{margin:.15rem 0;overflow-wrap:anywhere}
code{font:.88em ui-monospace,monospace;background:color-mix(in srgb,currentColor 9%,transparent);padding:.05em .3em;border-radius:.2em}
pre{overflow-x:auto;background:color-mix(in srgb,currentColor 9%,transparent);padding:.6rem .8rem;border-radius:.3em}
pre code{background:none;padding:0}
@media print{body{max-width:none;padding:0;font-size:10pt}h2,h3{break-after:avoid}li{break-inside:avoid}pre{white-space:pre-wrap}}
";

/// A page with this title around this Markdown.
pub(super) fn page(title: &str, markdown: &str) -> String {
    let mut body = String::new();
    push_html(&mut body, harmless(Parser::new(markdown)));
    let title = text(title);
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n{body}</main>\n</body>\n</html>\n"
    )
}

/// Raw HTML becomes text; links lead to web and mail addresses or nowhere; images become links to them.
fn harmless<'a>(events: impl Iterator<Item = Event<'a>>) -> impl Iterator<Item = Event<'a>> {
    let mut open = Vec::new(); // for each link or image that is open, whether it leads somewhere
    events.filter_map(move |event| {
        Some(match event {
            Event::Html(html) | Event::InlineHtml(html) => Event::Text(html),
            Event::Start(Tag::HtmlBlock) | Event::End(TagEnd::HtmlBlock) => return None,
            Event::Start(
                Tag::Link { link_type, dest_url, title, id } | Tag::Image { link_type, dest_url, title, id },
            ) => {
                let keeps = is_allowed(&dest_url);
                open.push(keeps);
                return keeps.then_some(Event::Start(Tag::Link { link_type, dest_url, title, id }));
            }
            Event::End(TagEnd::Link | TagEnd::Image) => {
                return open.pop().unwrap_or(false).then_some(Event::End(TagEnd::Link));
            }
            other => other,
        })
    })
}

fn is_allowed(url: &CowStr<'_>) -> bool {
    // Browsers skip these inside an address, so `java\nscript:` would count.
    let url: String = url.chars().filter(|c| !c.is_ascii_control() && *c != ' ').collect();
    let scheme = url.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    matches!(scheme.as_deref(), Some("http" | "https" | "mailto"))
}

fn text(text: &str) -> String {
    let text = crate::base::text::clipped(text, usize::MAX);
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(markdown: &str, expected: &str) {
        let mut body = String::new();
        push_html(&mut body, harmless(Parser::new(markdown)));
        assert_eq!(body.trim_end(), expected);
    }

    #[test]
    fn raw_html_becomes_text() {
        check("a <script>x</script>", "<p>a &lt;script&gt;x&lt;/script&gt;</p>");
        check("<img src=x onerror=y>", "&lt;img src=x onerror=y&gt;");
    }

    #[test]
    fn only_harmless_schemes_lead_anywhere() {
        check("[a](https://b.example)", r#"<p><a href="https://b.example">a</a></p>"#);
        check("[a](javascript:alert(1))", "<p>a</p>");
        check("[a](<java\tscript:alert(1)>)", "<p>a</p>");
        check("<javascript:alert(1)>", "<p>javascript:alert(1)</p>");
        check("[a](data:text/html,x)", "<p>a</p>");
        check("[a](//b.example)", "<p>a</p>");
        check("![a](data:image/svg+xml,x)", "<p>a</p>");
        check("[![a](javascript:x)](https://b.example)", r#"<p><a href="https://b.example">a</a></p>"#);
    }

    #[test]
    fn the_title_cannot_close_its_tag() {
        let page = page("</title><script>", "");
        assert!(page.contains("<title>&lt;/title&gt;&lt;script&gt;</title>"), "{page}");
    }
}
