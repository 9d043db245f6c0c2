//! Notes of an incident that may say anything, in all formats: no control character, no markup that came from data, and
//! the export reads back as what it was.

use pulldown_cmark::{Event as Mark, Options, Parser, Tag};
use stanch::incident::{Incident, report, timeline};

use super::{
    made::Made,
    oracle::{clean_block, clean_line, is_harmful},
};

pub fn notes(bytes: &[u8]) {
    let incident = Incident::replay(Made::of(bytes).entries(80));
    harmless(&incident);
    reads_back(&incident);
}

/// Any bytes as an export: refused in clean words, or an incident whose notes can be written. Its entries come from a
/// file and are not scrubbed; what is made of them is.
pub fn import(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    match report::from_json(&text) {
        Ok(incident) => {
            harmless(&incident);
            // What no journal says, such as a field said twice, is kept as it can be said: it may be known from then on, or
            // be seen to be wrong.
            match report::from_json(&report::json(&incident)) {
                Ok(again) => reads_back(&again),
                Err(error) => clean_line(&error.to_string()),
            }
        }
        Err(error) => clean_line(&error.to_string()),
    }
}

fn harmless(incident: &Incident) {
    let markdown = report::markdown(incident);
    clean_block(&markdown);
    check_markdown(&markdown);
    let html = report::html(incident);
    clean_block(&html);
    check_html(&html);
    let log = timeline::text(incident);
    clean_block(&log);
    assert_eq!(log.lines().count(), timeline::items(incident).len(), "an entry is a line:\n{log}");
    let json = report::json(incident);
    assert!(!json.contains(|c: char| c != '\n' && c.is_control()), "a control character in the JSON");
    let _value: serde_json::Value = serde_json::from_str(&json).expect("the export is JSON");
}

fn reads_back(incident: &Incident) {
    let json = report::json(incident);
    let again = report::from_json(&json).expect("our own export");
    assert_eq!(again.entries(), incident.entries());
    assert_eq!(report::markdown(&again), report::markdown(incident));
    assert_eq!(report::json(&again), json);
}

/// What is never ours, wherever the notes are pasted.
fn check_markdown(notes: &str) {
    let dialects = Options::all() - Options::ENABLE_SMART_PUNCTUATION - Options::ENABLE_HEADING_ATTRIBUTES;
    for mark in Parser::new_ext(notes, dialects) {
        match mark {
            Mark::Html(_) | Mark::InlineHtml(_) | Mark::InlineMath(_) | Mark::DisplayMath(_) | Mark::Rule => {
                panic!("{mark:?} in\n{notes}")
            }
            Mark::FootnoteReference(_) | Mark::TaskListMarker(_) | Mark::HardBreak => panic!("{mark:?} in\n{notes}"),
            Mark::Start(
                Tag::Image { .. }
                | Tag::Table(_)
                | Tag::BlockQuote(_)
                | Tag::HtmlBlock
                | Tag::FootnoteDefinition(_)
                | Tag::Emphasis
                | Tag::Strikethrough
                | Tag::List(Some(_)),
            ) => panic!("{mark:?} in\n{notes}"),
            Mark::Start(Tag::Link { ref dest_url, .. }) => {
                let is_web = dest_url.starts_with("https://") || dest_url.starts_with("http://");
                assert!(is_web && !dest_url.contains(is_harmful), "leads to {dest_url:?}\n{notes}");
            }
            _ => {}
        }
    }
}

/// Only our own tags, each whole; addresses lead to the web and stay within their quotes.
fn check_html(html: &str) {
    const TAGS: &[&str] = &["h1", "h2", "h3", "ul", "li", "strong", "code", "pre", "a", "main", "body", "html", "p"];
    let body = html.split_once("<body>").expect("a body").1;
    for tag in body.split('<').skip(1) {
        let (tag, _) = tag.split_once('>').expect("a whole tag");
        let name = tag.trim_start_matches('/').split(' ').next().unwrap_or_default();
        assert!(TAGS.contains(&name), "<{tag}>");
        let is_plain = tag.trim_start_matches('/') == name;
        let is_link = tag.starts_with("a href=\"http") && tag.matches('"').count() == 2 && tag.ends_with('"');
        assert!(is_plain || is_link, "<{tag}>");
    }
}
