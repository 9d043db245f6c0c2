//! Where an alert says its runbook is, as far as a file can be told from that.
//!
//! An address is only compared with the names of files that are known. It is never opened, and no path is made of it.

use super::name;
use crate::signal::Labels;

/// An address, taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    /// All of it up to the anchor, with labels filled in.
    pub page: String,
    /// The names on the way to the page, each by its key; none where the last of them depends on what is not known.
    pub segments: Vec<String>,
    /// The same, as they are written.
    pub names: Vec<String>,
    /// The place in the page.
    pub anchor: Option<String>,
    /// Values behind a `?`, by their keys: some sites have the page there.
    pub asked: Vec<String>,
}

impl Address {
    /// Takes an address apart, once these labels are filled in.
    pub fn read(written: &str, labels: &Labels) -> Self {
        const LONGEST: usize = 4096;
        let written = filled(written.get(..LONGEST).unwrap_or(written), labels);
        let (page, anchor) =
            written.split_once('#').map_or((written.as_str(), None), |(page, anchor)| (page, Some(anchor)));
        let (path, query) = page.split_once('?').map_or((page, ""), |(path, query)| (path, query));
        let path = path.split_once("://").map_or(path, |(_, rest)| rest.split_once('/').map_or("", |(_, path)| path));
        // Sites that are one page to a browser have the way behind the `#`.
        let (behind, anchor) = match anchor {
            Some(way) if way.contains('/') => (way.trim_start_matches('!'), None),
            anchor => ("", anchor),
        };
        let names: Vec<String> = path.split('/').chain(behind.split('/')).map(decoded).collect();
        let named = names.iter().map(String::as_str).filter(|name| !name.is_empty());
        let last = named.clone().next_back().unwrap_or_default().to_owned();
        let is_open = last.contains(UNKNOWN);
        let telling = if is_open { Vec::new() } else { name::telling(named.filter(|name| !name.contains(UNKNOWN))) };
        let asked = query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(_, value)| name::key(name::stem(&decoded(value))));
        Self {
            page: page.to_owned(),
            segments: telling.iter().map(|name| name::key(name)).collect(),
            names: telling.into_iter().map(str::to_owned).collect(),
            anchor: anchor.map(decoded).filter(|anchor| !anchor.is_empty()),
            asked: asked.filter(|key| !key.is_empty()).collect(),
        }
    }
}

/// Stands for a part of an address that is not known.
const UNKNOWN: char = '\0';

/// With the labels of an alert where a rule names them: `{{ $labels.pod }}`, `{{ .Labels.pod }}`.
fn filled(written: &str, labels: &Labels) -> String {
    let mut text = String::with_capacity(written.len());
    let mut rest = written;
    while let Some((before, after)) = rest.split_once("{{") {
        text.push_str(before);
        let Some((inside, behind)) = after.split_once("}}") else {
            text.push_str("{{");
            rest = after;
            break;
        };
        let lower = inside.to_ascii_lowercase();
        let name = lower.find("labels").and_then(|at| {
            let name = inside[at + "labels".len()..].trim_start_matches(['.', ' ', '"', '`']);
            let end = name.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(name.len());
            Some(&name[..end]).filter(|name| !name.is_empty())
        });
        match name.and_then(|name| labels.get(name)) {
            // A value is one name of the way, whatever is in it.
            Some(value) => text.extend(value.chars().map(|c| if "/?#%".contains(c) { '-' } else { c })),
            None => text.push(UNKNOWN),
        }
        rest = behind;
    }
    text.push_str(rest);
    text
}

/// With `%20` and the like as what they stand for.
fn decoded(written: &str) -> String {
    if !written.contains('%') {
        return written.to_owned();
    }
    let digit = |byte: Option<&u8>| char::from(*byte?).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let bytes = written.as_bytes();
    let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while let Some(byte) = bytes.get(at) {
        let pair = digit(bytes.get(at + 1)).zip(digit(bytes.get(at + 2))).filter(|_| *byte == b'%');
        out.push(pair.map_or(*byte, |(high, low)| high << 4 | low));
        at += if pair.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(written: &str, segments: &str, anchor: Option<&str>) {
        let labels = Labels::of([("pod", "web/1"), ("alertname", "DiskFull")]);
        let address = Address::read(written, &labels);
        assert_eq!((address.segments.join("/").as_str(), address.anchor.as_deref()), (segments, anchor), "{written}");
    }

    #[test]
    fn the_names_on_the_way_to_a_page() {
        check("https://x.dev/runbooks/node/DiskFull", "runbooks/node/diskfull", None);
        check(
            "https://github.com/o/r/blob/main/ops/disk-full.md?plain=1#diagnosis",
            "o/r/blob/main/ops/diskfull",
            Some("diagnosis"),
        );
        check("https://x.dev/disk%2Dfull/README.md/", "diskfull", None);
        check("ops/../disk full.html", "ops/diskfull", None);
        check("https://x.dev/#/ops/DiskFull", "ops/diskfull", None);
        check("https://x.dev", "", None);
        check("https://x.dev/ops#", "ops", None);
        check("%zz/100%", "zz/100", None);
    }

    #[test]
    fn labels_are_filled_in_and_one_that_lacks_is_no_page() {
        check("https://x.dev/{{ $labels.alertname }}", "diskfull", None);
        check("https://x.dev/{{.Labels.pod | toLower}}/a", "web1/a", None);
        check("https://x.dev/ops/{{ $labels.job }}/a", "ops/a", None);
        check("https://x.dev/ops/{{ $labels.job }}", "", None);
        check("https://x.dev/ops/a#{{ index $labels \"alertname\" }}", "ops/a", Some("DiskFull"));
        check("https://x.dev/{{ $labels", "labels", None);
    }

    #[test]
    fn a_page_may_be_asked_for() {
        let address = Address::read("https://x.dev/view?id=12&title=Disk+Full.md", &Labels::default());
        assert_eq!(address.asked, ["12", "diskfull"]);
    }
}
