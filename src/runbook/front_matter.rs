//! What stands before the Markdown, between lines of `---` (YAML) or `+++` (TOML): which alerts a runbook is for, what it
//! is called, when it was last reviewed.
//!
//! Of YAML as much is read as people write there: words, lists in brackets or with dashes, maps one level deep. Keys that
//! are somebody else's are passed over; one of ours that cannot be read is a remark with its line.

mod yaml;

use jiff::civil::Date;

use super::{Remark, name};
use crate::signal::matcher::Matchers;

/// What a runbook says of itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FrontMatter {
    /// What it is called.
    pub title: Option<String>,
    /// Which alerts it is for: any of these.
    pub alerts: Vec<Selector>,
    /// What an alert must have besides; all of these.
    pub only: Vec<Selector>,
    /// Addresses it was or is known under.
    pub addresses: Vec<String>,
    /// When somebody last said that it is right.
    pub reviewed: Option<Date>,
    /// Who looks after it.
    pub owner: String,
}

/// Alerts that are meant.
#[derive(Clone, Debug, PartialEq)]
pub struct Selector {
    /// As it is written.
    pub written: String,
    pub meant: Meant,
}

/// How they are meant.
#[derive(Clone, Debug, PartialEq)]
pub enum Meant {
    /// By their name, as [`name::key`] has it.
    Name(String),
    /// By their labels.
    Labels(Matchers),
}

/// A key of the front matter, as it was read.
pub(in crate::runbook) struct Entry {
    key: String,
    line: usize,
    value: Value,
}

/// What a key is set to.
enum Value {
    Text(String),
    List(Vec<(usize, String)>),
    /// A map, a number in TOML and such.
    Other,
}

impl FrontMatter {
    /// Whether it says which alerts it is for.
    pub fn names_alerts(&self) -> bool {
        !self.alerts.is_empty() || !self.only.is_empty()
    }

    /// Reads what stands before the Markdown, and says where that begins: the byte, and the line from 1.
    pub fn read(text: &str, remarks: &mut Vec<Remark>) -> (Self, (usize, usize)) {
        let none = (Self::default(), (0, 1));
        let first = text.lines().next().unwrap_or_default().trim_end();
        let closing: &[&str] = match first {
            "---" => &["---", "..."],
            "+++" => &["+++"],
            _ => return none,
        };
        let begin = text.find('\n').map_or(text.len(), |newline| newline + 1);
        let (mut at, mut line) = (begin, 2);
        let mut end = None;
        for written in text[begin..].split_inclusive('\n') {
            if closing.contains(&written.trim_end()) {
                end = Some((at, at + written.len(), line + 1));
                break;
            }
            (at, line) = (at + written.len(), line + 1);
        }
        let Some((end, body, body_line)) = end else {
            // A line across the page looks the same.
            let second = text[begin..].lines().next().unwrap_or_default();
            if second.split_once(':').is_some_and(|(key, _)| is_key(key)) || first == "+++" {
                let text = format!("front matter begins here and does not end; expected a line `{first}` behind it");
                remarks.push(Remark::at(1, text));
            }
            return none;
        };
        let inside = &text[begin..end];
        let entries = if first == "+++" { of_toml(inside, remarks) } else { yaml::read(inside, 2, remarks) };
        (Self::of(entries, remarks), (body, body_line))
    }

    fn of(entries: Vec<Entry>, remarks: &mut Vec<Remark>) -> Self {
        let mut front = Self::default();
        let mut further = Vec::new();
        for entry in entries {
            let key = name::key(&entry.key);
            match key.as_str() {
                "title" => front.title = entry.text(remarks).filter(|title| !title.is_empty()),
                "alert" | "alerts" | "alertname" | "alertnames" => front.alerts.extend(entry.selectors(remarks)),
                "matcher" | "matchers" => further.extend(entry.selectors(remarks)),
                "alias" | "aliases" | "runbookurl" | "runbookurls" | "url" | "urls" => {
                    front.addresses.extend(entry.list(remarks).into_iter().map(|(_, address)| address));
                }
                "reviewed" | "lastreviewed" | "lastreview" | "reviewdate" | "reviewedat" | "reviewedon" => {
                    front.reviewed = entry.date(remarks);
                }
                "owner" | "owners" | "team" => {
                    let owners: Vec<String> = entry.list(remarks).into_iter().map(|(_, owner)| owner).collect();
                    front.owner = owners.join(", ");
                }
                _ => {}
            }
        }
        // Where they name alerts, they are one more way to say which; else they narrow down what is said elsewhere.
        let names = further.iter().any(|selector| match &selector.meant {
            Meant::Name(_) => true,
            Meant::Labels(labels) => labels.names("alertname"),
        });
        match names {
            true => front.alerts.extend(further),
            false => front.only = further,
        }
        front
    }
}

impl Selector {
    fn read(written: &str) -> Result<Self, String> {
        let written = written.trim();
        let has_sign = written.contains(['=', '{']);
        if !has_sign && !written.contains('*') {
            let key = name::key(written);
            let meant = Some(Meant::Name(key.clone())).filter(|_| !key.is_empty());
            let meant = meant.ok_or_else(|| "expected the name of an alert, found nothing".to_owned())?;
            return Ok(Self { written: written.to_owned(), meant });
        }
        // A star stands for any letters, as in the shell.
        let text = if has_sign { quoted(written) } else { format!("alertname=~\"{}\"", starred(written)) };
        let meant = text
            .parse()
            .map(Meant::Labels)
            .map_err(|error: crate::signal::matcher::MatchersError| format!("{error}; `=~` and `!~` take a pattern"))?;
        Ok(Self { written: written.to_owned(), meant })
    }
}

/// A pattern for a name with stars in it; it goes between quotes.
fn starred(written: &str) -> String {
    written
        .split('*')
        .map(|part| regex_lite::escape(part).replace('\\', "\\\\").replace('"', "\\\""))
        .collect::<Vec<_>>()
        .join(".*")
}

/// One matcher with a value that nobody put into quotes, or into single ones, as one with.
fn quoted(written: &str) -> String {
    let signs = ["=~", "!~", "!=", "="];
    let Some((at, sign)) = signs
        .iter()
        .filter_map(|sign| Some((written.find(sign)?, *sign)))
        .min_by_key(|(at, sign)| (*at, 3 - sign.len()))
    else {
        return written.to_owned();
    };
    let (label, value) = (&written[..at], written[at + sign.len()..].trim());
    let single = value.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
    match single.or(Some(value).filter(|value| !value.contains(['"', '}', ',']))) {
        Some(value) => format!("{}{sign}\"{}\"", label.trim(), value.replace('\\', "\\\\").replace('"', "\\\"")),
        None => written.to_owned(),
    }
}

impl Entry {
    fn text(&self, remarks: &mut Vec<Remark>) -> Option<String> {
        match &self.value {
            Value::Text(text) => Some(text.clone()),
            _ => {
                remarks.push(Remark::at(self.line, format!("expected words behind `{}`", self.key)));
                None
            }
        }
    }

    fn list(self, remarks: &mut Vec<Remark>) -> Vec<(usize, String)> {
        match self.value {
            Value::Text(text) if text.is_empty() => Vec::new(),
            Value::Text(text) => vec![(self.line, text)],
            Value::List(list) => list,
            Value::Other => {
                let text = format!("expected a list behind `{}`, such as `{0}: [a, b]`", self.key);
                remarks.push(Remark::at(self.line, text));
                Vec::new()
            }
        }
    }

    fn selectors(self, remarks: &mut Vec<Remark>) -> Vec<Selector> {
        let mut selectors = Vec::new();
        for (line, item) in self.list(remarks) {
            match Selector::read(&item) {
                Ok(selector) => selectors.push(selector),
                Err(why) => remarks.push(Remark::at(line, why)),
            }
        }
        selectors
    }

    fn date(&self, remarks: &mut Vec<Remark>) -> Option<Date> {
        let text = if let Value::Text(text) = &self.value { text.as_str() } else { "" };
        let date = text.get(..10).unwrap_or(text).parse().ok();
        if date.is_none() {
            let text = format!("expected a day such as 2026-11-30 behind `{}`, found `{text}`", self.key);
            remarks.push(Remark::at(self.line, text));
        }
        date
    }
}

fn is_key(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || "_-. ".contains(c))
}

fn of_toml(inside: &str, remarks: &mut Vec<Remark>) -> Vec<Entry> {
    let table: toml::Table = match inside.parse() {
        Ok(table) => table,
        Err(error) => {
            let error: toml::de::Error = error;
            let line = inside[..error.span().map_or(0, |span| span.start).min(inside.len())].matches('\n').count() + 2;
            remarks.push(Remark::at(line, format!("broken front matter: {}", error.message().replace('\n', ", "))));
            return Vec::new();
        }
    };
    let word = |value: &toml::Value| match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Datetime(at) => Some(at.to_string()),
        _ => None,
    };
    let entry = |(key, value): (String, toml::Value)| {
        // The parser keeps no places; the key is found again by its name.
        let line = inside.lines().position(|line| line.trim_start().starts_with(key.as_str())).unwrap_or(0) + 2;
        let value = match &value {
            toml::Value::Array(items) => Value::List(items.iter().filter_map(word).map(|item| (line, item)).collect()),
            other => word(other).map_or(Value::Other, Value::Text),
        };
        Entry { key, line, value }
    };
    table.into_iter().map(entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (FrontMatter, (usize, usize), Vec<String>) {
        let mut remarks = Vec::new();
        let (front, body) = FrontMatter::read(text, &mut remarks);
        (front, body, remarks.iter().map(|remark| remark.told("f")).collect())
    }

    fn written(selectors: &[Selector]) -> Vec<&str> {
        selectors.iter().map(|selector| selector.written.as_str()).collect()
    }

    #[test]
    fn it_is_read_as_people_write_it() {
        let text = "---\ntitle: \"Disk: full\" # ours\nweight: 20\ntags: {a: b}\nalerts:\n  - DiskFull\n  - 'alertname=~\"Disk.*\"'\n\
                    - alertname: NodeDisk\n  severity: critical\n\nreviewed: 2026-05-04T10:00:00Z\naliases: [/old/disk, \"https://x/y,z\"]\nowner: [ann, bo]\n---\n# T\n";
        let (front, body, remarks) = read(text);
        assert_eq!(remarks, Vec::<String>::new());
        assert_eq!(front.title.as_deref(), Some("Disk: full"));
        assert_eq!(
            written(&front.alerts),
            ["DiskFull", "alertname=~\"Disk.*\"", "alertname=\"NodeDisk\", severity=\"critical\""]
        );
        assert_eq!(front.addresses, ["/old/disk", "https://x/y,z"]);
        assert_eq!(front.reviewed, Some(Date::constant(2026, 5, 4)));
        assert_eq!(front.owner, "ann, bo");
        assert_eq!((&text[body.0..], body.1), ("# T\n", 15));
    }

    #[test]
    fn toml_is_read_too() {
        let (front, body, remarks) = read("+++\nalerts = [\"A\", \"B\"]\nreviewed = 2026-05-04\n+++\nx");
        assert_eq!((written(&front.alerts), body.1, remarks), (vec!["A", "B"], 5, vec![]));
        assert_eq!(front.reviewed, Some(Date::constant(2026, 5, 4)));
        let (.., remarks) = read("+++\ntitle = \"x\"\nalerts = [\n+++\nx");
        assert!(remarks[0].starts_with("f:") && remarks[0].contains("broken front matter"), "{remarks:?}");
    }

    #[test]
    fn matchers_narrow_down_unless_they_name_alerts() {
        let (front, ..) = read("---\nalerts: A\nmatchers:\n- severity=critical\n- service=~'shop|cart'\n---\n");
        assert_eq!((written(&front.alerts), front.only.len()), (vec!["A"], 2));
        let (front, ..) = read("---\nalerts: A\nmatchers: ['alertname=~\"B.*\"']\n---\n");
        assert_eq!((front.alerts.len(), front.only.len()), (2, 0));
        let (front, ..) = read("---\nalerts: [Kube*]\n---\n");
        assert!(matches!(&front.alerts[0].meant, Meant::Labels(labels) if labels.names("alertname")));
    }

    #[test]
    fn what_is_broken_is_told_with_its_line() {
        #[track_caller]
        fn check(text: &str, expected: &str) {
            assert_eq!(read(text).2, [expected], "{text}");
        }
        check(
            "---\nalerts: [A]\n# X\n",
            "f:1: front matter begins here and does not end; expected a line `---` behind it",
        );
        check("---\nalerts: [A\n---\n", "f:2: expected `]` at the end of the list behind `alerts`");
        check("---\nwhat is this\n---\n", "f:2: expected `key: value`, found `what is this`");
        check("---\nalerts:\n  a: b\n---\n", "f:2: expected a list behind `alerts`, such as `alerts: [a, b]`");
        check("---\nreviewed: soon\n---\n", "f:2: expected a day such as 2026-11-30 behind `reviewed`, found `soon`");
        let (front, _, remarks) = read("---\nalerts:\n- ok\n- 'alertname=~\"(\"'\n---\n");
        assert_eq!(written(&front.alerts), ["ok"]);
        assert!(remarks[0].starts_with("f:4: expected"), "{remarks:?}");
        // A line across the page is no front matter.
        assert_eq!(read("---\n# Title\n").2, Vec::<String>::new());
        assert_eq!(read("---").1, (0, 1));
    }
}
