//! Links of a runbook that lead nowhere.

use pulldown_cmark::{Event, Options, Parser, Tag};

use super::{Library, Runbook, name};

/// A link that leads nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dead {
    /// The line of the file, from 1.
    pub line: usize,
    /// Where it leads, as it is written.
    pub target: String,
    /// What is wrong with it.
    pub why: String,
}

/// The links of a runbook to files and headings that are not there. `is_there` is asked about paths in its folder.
pub fn dead_links(library: &Library, book: &Runbook, is_there: &dyn Fn(&str) -> bool) -> Vec<Dead> {
    let markdown = book.markdown();
    let mut dead = Vec::new();
    for (event, range) in Parser::new_ext(markdown, Options::ENABLE_TABLES).into_offset_iter() {
        let Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) = event else { continue };
        if let Some(why) = wrong(library, book, &dest_url, is_there) {
            let line = markdown[..range.start].matches('\n').count() + book.first_line();
            dead.push(Dead { line, target: dest_url.into_string(), why });
        }
    }
    dead
}

fn wrong(library: &Library, book: &Runbook, target: &str, is_there: &dyn Fn(&str) -> bool) -> Option<String> {
    let scheme = target.split_once(':').map(|(scheme, _)| scheme);
    let is_elsewhere =
        scheme.is_some_and(|scheme| scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+.-".contains(c)));
    // What a site makes of an absolute path, or of a template, only the site knows.
    if is_elsewhere || target.starts_with('/') || target.contains("{{") || target.is_empty() {
        return None;
    }
    let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
    let path = path.split('?').next().unwrap_or_default();
    if path.is_empty() {
        return no_heading(book, anchor);
    }
    let mut way: Vec<&str> = book.relative.split('/').collect();
    way.pop();
    for step in path.split('/') {
        match step {
            "" | "." => {}
            ".." if way.pop().is_none() => return Some("it leads out of the folder of runbooks".into()),
            ".." => {}
            step => way.push(step),
        }
    }
    let way = way.join("/").replace("%20", " ");
    let same = |other: &&std::sync::Arc<Runbook>| {
        other.folder == book.folder && (other.relative == way || name::stem(&other.relative) == way)
    };
    match library.books.iter().find(same) {
        Some(other) => no_heading(other, anchor),
        None if is_there(&way) => None,
        None => Some("there is no such file".into()),
    }
}

fn no_heading(book: &Runbook, anchor: &str) -> Option<String> {
    // `#top` leads to the top whatever there is, and `#L12` to a line.
    let is_usual = anchor.is_empty()
        || anchor == "top"
        || anchor.strip_prefix('L').is_some_and(|n| n.starts_with(|c: char| c.is_ascii_digit()));
    (!is_usual && book.anchored(anchor).is_none()).then(|| format!("{} has no heading #{anchor}", book.relative))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_that_lead_nowhere_are_told_with_their_line() {
        let text = "---\ntitle: x\n---\n# A\n[1](b.md) [2](gone.md) [3](../../etc/passwd)\n[4](#a) [5](#b) [6](b.md#there) [7](b.md#not)\n\
                    [8](https://x.y/z) [9](mailto:a@b) [10](/abs) ![11](i.png) [12](../n/b) [13](a.md:3)\n";
        let book = |relative: &str, text: &str| std::sync::Arc::new(Runbook::read(relative, relative, &[], 0, text));
        let library = Library::new(vec![], vec![book("n/a.md", text), book("n/b.md", "# There\n")], vec![]);
        let dead = dead_links(&library, &library.books[0], &|path| path == "n/i.png");
        let told: Vec<String> =
            dead.iter().map(|dead| format!("{} {}: {}", dead.line, dead.target, dead.why)).collect();
        assert_eq!(
            told,
            [
                "5 gone.md: there is no such file",
                "5 ../../etc/passwd: it leads out of the folder of runbooks",
                "6 #b: n/a.md has no heading #b",
                "6 b.md#not: n/b.md has no heading #not",
            ]
        );
    }
}
