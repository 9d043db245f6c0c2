//! The headings of a file, and the alerts it names below them, found without taking the text apart: a thousand files are
//! gone through when the cockpit opens.

use std::collections::HashMap;

use super::name::{self, Keys};

/// Headings of one file that are kept; one with more is a book.
const MOST: usize = 2000;

/// What stands before a list of alerts: "Alerts: A, B".
const ALERT_WORDS: [&str; 8] =
    ["alert", "alerts", "alertname", "alertnames", "alertrule", "alertrules", "firingalerts", "triggeredby"];

/// Headings that begin so speak of other alerts.
const OTHERS: [&str; 9] = ["see", "related", "similar", "not", "vs", "unlike", "compare", "differences", "difference"];

/// A heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// Its words, without markup.
    pub text: String,
    /// 1 for the title, to 6.
    pub level: u8,
    /// Its line in the file, from 1.
    pub line: usize,
    /// The anchors it can be reached by.
    pub(super) anchors: Vec<String>,
    /// What it is compared with the name of an alert by: all of it, and each of several names.
    pub(super) names: Vec<Keys>,
    /// The alerts that are named in its part as those it is for, each by its key.
    pub(super) alerts: Vec<String>,
}

/// The headings of Markdown that begins in this line of its file. Alerts that are named before the first heading are its.
pub(super) fn of(markdown: &str, first_line: usize) -> Vec<Heading> {
    let mut scan = Scan::default();
    for (line, written) in (first_line..).zip(markdown.lines()) {
        scan.line(line, written);
        if scan.headings.len() >= MOST {
            break;
        }
    }
    if let Some(first) = scan.headings.first_mut() {
        first.alerts.splice(0..0, scan.early);
    } else if !scan.early.is_empty() {
        let mut whole = heading("", 1, first_line, &mut scan.taken);
        whole.alerts = scan.early;
        scan.headings.push(whole);
    }
    scan.headings
}

#[derive(Default)]
struct Scan<'t> {
    headings: Vec<Heading>,
    /// How often each anchor was given.
    taken: HashMap<String, usize>,
    /// The sign that ends the code that is open, and how often it must stand there at least.
    fence: Option<(char, usize)>,
    in_comment: bool,
    /// The line before, if a line of `===` or `---` below would make it a heading.
    before: Option<&'t str>,
    /// Anchors that stand before a heading.
    anchors: Vec<String>,
    /// Alerts named before there is a heading.
    early: Vec<String>,
    /// Whether the items of a list are alerts: below a heading "Alerts".
    lists_alerts: bool,
}

impl<'t> Scan<'t> {
    fn line(&mut self, line: usize, written: &'t str) {
        let words = written.trim();
        let before = self.before.take();
        if self.is_hidden(words) {
            return;
        }
        let shift = written.len() - written.trim_start().len();
        let level = words.bytes().take_while(|byte| *byte == b'#').count();
        let is_atx = (1..=6).contains(&level) && shift < 4 && matches!(words.as_bytes().get(level), None | Some(b' '));
        if is_atx {
            return self.heading(line, words[level..].trim_end_matches('#'), level);
        }
        if let (Some(text), Some(sign @ ('=' | '-'))) = (before, words.chars().next())
            && words.trim_matches(sign).is_empty()
            && shift < 4
        {
            return self.heading(line - 1, text, if sign == '=' { 1 } else { 2 });
        }
        if words.contains('<') && (words.contains("<a") || words.contains("id=")) {
            self.anchors.extend(html_anchor(words));
        }
        self.alerts(words);
        let is_paragraph = !words.is_empty() && shift < 4 && !words.starts_with(['-', '*', '+', '>', '|', '<']);
        self.before = Some(words).filter(|_| is_paragraph);
    }

    /// Whether a line is code or a remark, or begins or ends such.
    fn is_hidden(&mut self, words: &str) -> bool {
        if self.in_comment {
            self.in_comment = !words.contains("-->");
            return true;
        }
        let sign = words.chars().next().filter(|sign| matches!(sign, '`' | '~'));
        let count = sign.map_or(0, |sign| words.chars().take_while(|c| *c == sign).count());
        match (self.fence, sign) {
            (Some((open, least)), Some(sign)) if sign == open && count >= least && words.len() == count => {
                self.fence = None;
                true
            }
            (Some(_), _) => true,
            (None, Some(sign)) if count >= 3 && !words[count..].contains('`') => {
                self.fence = Some((sign, count));
                true
            }
            (None, _) => {
                let opens = words.contains('<') && words.rfind("<!--").is_some_and(|at| !words[at..].contains("-->"));
                self.in_comment = opens;
                opens && words.starts_with("<!--")
            }
        }
    }

    fn heading(&mut self, line: usize, written: &str, level: usize) {
        let mut heading = heading(written.trim(), level, line, &mut self.taken);
        heading.anchors.append(&mut self.anchors);
        self.lists_alerts = ALERT_WORDS.contains(&name::key(&heading.text).as_str());
        self.headings.push(heading);
    }

    /// Keeps the alerts a line names as those that the runbook is for.
    fn alerts(&mut self, words: &str) {
        let mut found = Vec::new();
        if let Some(item) = words.strip_prefix(['-', '*', '+']).filter(|_| self.lists_alerts) {
            let item = item.trim().trim_matches(['`', '*', '_']);
            found.extend(Some(name::key(item)).filter(|_| !item.contains(' ')));
        } else if let Some(listed) = listed(words) {
            found.extend(listed.split([',', ';', '|']).map(name::key));
        }
        found.retain(|key| !key.is_empty());
        self.headings.last_mut().map_or(&mut self.early, |last| &mut last.alerts).append(&mut found);
    }
}

/// What stands behind "Alerts:", or in the cell beside it.
fn listed(words: &str) -> Option<&str> {
    let begins = |words: &str| words.get(..5).is_some_and(|word| word.eq_ignore_ascii_case("alert"));
    let plain = words.trim_start_matches(['|', '*', '_', '-', '>', ' ', '`']);
    // Nearly every line ends here.
    if !begins(plain) && !plain.get(..9).is_some_and(|word| word.eq_ignore_ascii_case("triggered")) {
        return None;
    }
    let (word, rest) = plain.split_once([':', '|'])?;
    ALERT_WORDS.contains(&name::key(word).as_str()).then(|| rest.trim_end_matches('|'))
}

fn heading(written: &str, level: usize, line: usize, taken: &mut HashMap<String, usize>) -> Heading {
    let (written, own) = match written.rsplit_once("{#") {
        Some((words, id)) if id.ends_with('}') => (words.trim_end(), Some(id.trim_end_matches('}').to_owned())),
        _ => (written, None),
    };
    let text = plain(written);
    let slug = slug(&text);
    let nth = taken.entry(slug.clone()).or_default();
    let slug = if *nth == 0 { slug } else { format!("{slug}-{nth}") };
    *nth += 1;
    let anchors = own.into_iter().chain(Some(slug)).chain(html_anchor(written)).collect();
    let level = u8::try_from(level).unwrap_or(6);
    Heading { names: names(&text), text, level, line, anchors, alerts: Vec::new() }
}

/// The names in a heading: all of it, and where several stand side by side each of them.
fn names(text: &str) -> Vec<Keys> {
    let mut names = vec![name::keys(text)];
    let first = text.split(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty()).unwrap_or_default();
    if OTHERS.iter().any(|other| first.eq_ignore_ascii_case(other)) || text.len() > 400 {
        return names;
    }
    let spaced = text.replace(" and ", ",").replace(" or ", ",").replace(" - ", ",");
    let parts: Vec<&str> = spaced.split([',', '/', '&', ':', '(', ')', '|', '–', '—', ';']).collect();
    if parts.len() > 1 {
        names.extend(parts.into_iter().map(name::keys).filter(|keys| !keys.whole.is_empty()));
    }
    names
}

/// The words of a heading, without markup: of a link its text.
fn plain(written: &str) -> String {
    let mut text = String::with_capacity(written.len());
    let mut rest = written;
    while let Some(at) = rest.find(['[', '<', '`', '*', '\\']) {
        text.push_str(&rest[..at]);
        let (sign, after) = (&rest[at..=at], &rest[at + 1..]);
        rest = match sign {
            "[" => match after.split_once("](") {
                Some((shown, behind)) => {
                    text.push_str(shown);
                    behind.split_once(')').map_or("", |(_, behind)| behind)
                }
                None => {
                    text.push('[');
                    after
                }
            },
            "<" => match after.split_once('>') {
                Some((tag, behind)) if tag.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/') => behind,
                _ => {
                    text.push('<');
                    after
                }
            },
            _ => after,
        };
    }
    text.push_str(rest);
    text.trim().to_owned()
}

/// The anchor that a forge gives a heading.
fn slug(text: &str) -> String {
    let kept = text.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).flat_map(char::to_lowercase).collect()
}

/// The anchor of a tag in a line: `<a name="x">`, `<h2 id="x">`.
fn html_anchor(words: &str) -> Option<String> {
    let at = ["name=", "id="].iter().find_map(|name| Some(words.find(name)? + name.len()))?;
    let opens = words[..at].rfind('<')?;
    let value = words[at..].trim_start_matches(['"', '\'']);
    let end = value.find(['"', '\'', '>', ' '])?;
    (!words[opens..at].contains('>')).then(|| value[..end].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(markdown: &str) -> Vec<String> {
        let heading = |heading: Heading| {
            format!("{} {} {} #{}", heading.line, heading.level, heading.text, heading.anchors.join(" #"))
        };
        of(markdown, 1).into_iter().map(heading).collect()
    }

    #[test]
    fn headings_have_their_words_line_and_anchors() {
        let markdown = "# The `Disk` is [full](x.md) ##\n\n```sh\n# no heading\n```\n<!--\n# nor this\n-->\nSet\n===\n\
                        - item\n---\n## Same\n## Same\n<a name=\"here\"></a>\n### Own {#own}\n#nospace\n    # code\n\
                        Last\n----\n";
        assert_eq!(
            told(markdown),
            [
                "1 1 The Disk is full #the-disk-is-full",
                "9 1 Set #set",
                "13 2 Same #same",
                "14 2 Same #same-1",
                "16 3 Own #own #own #here",
                "19 2 Last #last",
            ]
        );
    }

    #[test]
    fn alerts_are_named_in_headings_and_below() {
        let names = |text: &str| names(text).into_iter().map(|keys| keys.bare).collect::<Vec<_>>();
        assert_eq!(names("Alert: DiskFull"), ["diskfull", "alert", "diskfull"]);
        assert_eq!(
            names("DiskFull / NodeDisk (warning)"),
            ["diskfullnodediskwarning", "diskfull", "nodedisk", "warning"]
        );
        assert_eq!(names("See also: DiskFull"), ["seealsodiskfull"]);
        let alerts = |markdown: &str| of(markdown, 1).into_iter().map(|heading| heading.alerts).collect::<Vec<_>>();
        assert_eq!(
            alerts("**Alerts:** `DiskFull`, NodeDisk\n# T\n| Alert | Third |\n"),
            [["diskfull", "nodedisk", "third"]]
        );
        assert_eq!(alerts("# T\n## Alerts\n- `DiskFull`\n- some words\n## X\n- no\n")[1], ["diskfull"]);
        assert_eq!(alerts("Alertname: X"), [["x"]]);
        assert_eq!(alerts("# T\nRelated alerts: X\nAlerts are sent: X\n"), [Vec::<String>::new()]);
    }

    #[test]
    fn code_that_never_ends_and_odd_lines_harm_nobody() {
        for text in
            ["```\n# x", "~~~\n```\n# x", "<!-- \n# x", "#######", "---\n---", "[a](", "# <", "# [a](b", "|", "é:"]
        {
            of(text, 1);
        }
        assert_eq!(told("~~~\n```\n# x\n~~~\n# y"), ["5 1 y #y"]);
    }
}
