//! Which runbooks an alert is about, the best first, each with why.
//!
//! Where an alert says its runbook is counts before what a file is called, and that before patterns: the more a person
//! meant this very alert, the earlier. Names are the same or they are not; an alert without a runbook gets none.

use super::{
    Library, Runbook,
    address::Address,
    front_matter::{Meant, Selector},
    library::Found,
    name,
    way::Way,
};
use crate::signal::Labels;

/// Annotations, and labels, that say where a runbook is; by their keys.
const LINKS: [&str; 8] =
    ["runbookurl", "runbook", "runbooklink", "sop", "sopurl", "soplink", "playbook", "playbookurl"];

/// Those that are told of one alert at most.
const MOST: usize = 50;

/// What of an alert is looked at.
#[derive(Clone, Copy, Debug)]
pub struct Alert<'a> {
    /// Its labels.
    pub labels: &'a Labels,
    /// Where it says its runbook is.
    pub address: Option<&'a str>,
}

/// A runbook for an alert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// The place of the runbook in [`Library::books`].
    pub book: usize,
    /// The part of it that is meant: a place in [`Runbook::headings`].
    pub heading: Option<usize>,
    /// Why, in a few words.
    pub why: String,
    /// How well.
    rank: Rank,
}

/// What is compared first comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    way: Way,
    /// How many names of the way to it an address and a file have in common; how many labels were asked for.
    agreement: usize,
    /// How many folders on the way to it are called as a label's value: of two teams' pages the one that is meant.
    affinity: usize,
    /// In how many ways it was found.
    ways: usize,
}

impl<'a> Alert<'a> {
    /// The address among these annotations, else among the labels.
    pub fn address_in(annotations: impl Iterator<Item = (&'a str, &'a str)>, labels: &'a Labels) -> Option<&'a str> {
        let mut best: Option<(usize, &str)> = None;
        for (at, (name, value)) in annotations.chain(labels.iter()).enumerate() {
            let key = name::key(name);
            if let Some(place) = LINKS.iter().position(|known| *known == key).filter(|_| !value.trim().is_empty())
                && best.is_none_or(|(best, _)| place < best)
            {
                best = Some((place, value));
            }
            if at > 1000 {
                break;
            }
        }
        best.map(|(_, value)| value.trim())
    }

    fn name(&self) -> &'a str {
        self.labels.get("alertname").unwrap_or_default()
    }
}

impl Library {
    /// The runbooks an alert is about, the best first.
    pub fn matches(&self, alert: Alert<'_>) -> Vec<Match> {
        let mut found = Vec::new();
        if let Some(written) = alert.address {
            self.by_address(written, alert, &mut found);
        }
        self.by_name(alert, &mut found);
        self.by_selectors(alert, &mut found);
        self.best_first(alert, found)
    }

    /// Why an alert has no runbook.
    pub fn why_none(&self, alert: Alert<'_>) -> String {
        let name = alert.name();
        if self.books.is_empty() {
            return "there are no runbooks".into();
        }
        match (alert.address, name.is_empty()) {
            (Some(address), false) => format!(
                "no file is called as runbook_url ends ({}), or {name}",
                crate::base::text::clipped(address, 200)
            ),
            (Some(address), true) => {
                format!("no file is called as runbook_url ends ({})", crate::base::text::clipped(address, 200))
            }
            (None, false) => format!("it has no runbook_url, and no file is called {name}"),
            (None, true) => "it has neither an alertname nor a runbook_url".into(),
        }
    }

    fn by_address(&self, written: &str, alert: Alert<'_>, found: &mut Vec<Match>) {
        let address = Address::read(written, alert.labels);
        let own = name::key(alert.name());
        let before = found.len();
        let mut push = |book: usize, way: Way, agreement: usize, why: String| {
            let heading = address.anchor.as_deref().and_then(|anchor| self.books[book].anchored(anchor));
            let is_of_alert = |anchor: &String| !own.is_empty() && name::key(anchor) == own;
            // An anchor that is the alert's name stands for a part of a page of many; without that part there is nothing
            // on the alert. The first page of all says nothing on any.
            let is_missing = heading.is_none()
                && (address.anchor.as_ref().is_some_and(is_of_alert) || self.books[book].is_front_page());
            let way = if heading.is_some() { Way::Exactly } else { way };
            if !is_missing {
                let rank = Rank { way, agreement, affinity: 0, ways: 1 };
                found.push(Match { book, heading, why, rank });
            }
        };
        let based = self.based(&address.page);
        if let Some((folder, rest)) = based {
            let wanted = name::segments(rest.split('/'));
            for at in self.by_path.get(&(folder, wanted)).into_iter().flatten() {
                push(
                    *at,
                    Way::Exactly,
                    1000,
                    format!("runbook_url is its address ({rest} in {})", self.folders[folder].path),
                );
            }
        }
        let Some(last) = address.segments.last() else { return };
        let bare = name::keys(address.names.last().map_or("", String::as_str)).bare;
        let pages = self.by_page.get(last).or_else(|| self.by_page.get(&bare)).map_or(&[][..], Vec::as_slice);
        // A folder with an address of its own is told by that.
        let pages = pages.iter().filter(|at| based.is_none_or(|(folder, _)| self.books[**at].folder != folder));
        let pages: Vec<(usize, usize)> = pages.map(|at| (*at, self.books[*at].agreement(&address, &bare))).collect();
        let most = pages.iter().map(|(_, agreement)| *agreement).max().unwrap_or(0);
        for (book, agreement) in pages.into_iter().filter(|(_, agreement)| *agreement == most) {
            let way = if agreement > 1 { Way::Exactly } else { Way::Page };
            let ends = &address.names[address.names.len().saturating_sub(agreement.max(1))..];
            push(book, way, agreement, format!("runbook_url ends in {}", ends.join("/")));
        }
        if found.len() == before {
            for asked in &address.asked {
                for book in self.by_page.get(asked).map_or(&[][..], Vec::as_slice) {
                    let heading = None;
                    let rank = Rank { way: Way::Asked, agreement: 1, affinity: 0, ways: 1 };
                    found.push(Match { book: *book, heading, why: format!("runbook_url asks for {asked}"), rank });
                }
            }
        }
    }

    /// The folder whose address this one begins with, and the rest of it; of several the longest.
    fn based<'p>(&self, page: &'p str) -> Option<(usize, &'p str)> {
        let rest = |folder: &super::Folder| {
            let base = folder.address.as_deref()?.trim_end_matches('/');
            let rest = page.strip_prefix(base).filter(|_| !base.is_empty())?;
            (rest.is_empty() || rest.starts_with('/')).then(|| rest.trim_matches('/'))
        };
        let found = self.folders.iter().enumerate().filter_map(|(at, folder)| Some((at, rest(folder)?)));
        found.min_by_key(|(_, rest)| rest.len())
    }

    fn by_name(&self, alert: Alert<'_>, found: &mut Vec<Match>) {
        let key = name::key(alert.name());
        for Found { book, heading, way } in self.by_alert.get(&key).map_or(&[][..], Vec::as_slice) {
            let of = &self.books[*book];
            if !of.front.only.iter().all(|only| only.means(alert.labels, &key)) {
                continue;
            }
            let why = match (way, heading.and_then(|at| of.headings.get(at))) {
                (Way::FrontMatter, _) => format!("its front matter names {}", alert.name()),
                (Way::Heading, Some(heading)) => format!("it has a heading “{}”", heading.text),
                (Way::Named, Some(heading)) if !heading.text.is_empty() => {
                    format!("it names {} below “{}”", alert.name(), heading.text)
                }
                (Way::Named, _) => format!("it names {}", alert.name()),
                (Way::Title, _) => format!("its title is “{}”", of.title),
                _ => format!("its file is called {}", name::of_file(&of.relative, None).shown),
            };
            let heading = if *way == Way::Title { None } else { *heading };
            let rank = Rank { way: *way, agreement: of.front.only.len(), affinity: 0, ways: 1 };
            found.push(Match { book: *book, heading, why, rank });
        }
    }

    fn by_selectors(&self, alert: Alert<'_>, found: &mut Vec<Match>) {
        let key = name::key(alert.name());
        for at in &self.by_labels {
            let front = &self.books[*at].front;
            if !front.only.iter().all(|only| only.means(alert.labels, &key)) {
                continue;
            }
            let labels = front.alerts.iter().filter(|selector| matches!(selector.meant, Meant::Labels(_)));
            let best =
                labels.filter(|selector| selector.means(alert.labels, &key)).max_by_key(|selector| selector.rank());
            if let Some(selector) = best {
                let (way, agreement) = selector.rank();
                let rank = Rank { way, agreement, affinity: 0, ways: 1 };
                found.push(Match {
                    book: *at,
                    heading: None,
                    why: format!("its front matter says {}", selector.written),
                    rank,
                });
            } else if front.alerts.is_empty() {
                let written: Vec<&str> = front.only.iter().map(|only| only.written.as_str()).collect();
                let rank = Rank { way: Way::Labels, agreement: front.only.len(), affinity: 0, ways: 1 };
                let why = format!("its front matter says {}", written.join(", "));
                found.push(Match { book: *at, heading: None, why, rank });
            }
        }
    }

    /// Each runbook once, the best first.
    fn best_first(&self, alert: Alert<'_>, mut found: Vec<Match>) -> Vec<Match> {
        found.sort_by(|a, b| a.book.cmp(&b.book).then(b.rank.cmp(&a.rank)));
        let mut books: Vec<Match> = Vec::new();
        for one in found {
            match books.last_mut().filter(|last| last.book == one.book) {
                // A heading says where in the file, whatever the file was found by.
                Some(last) => {
                    last.rank.ways += 1;
                    last.heading = last.heading.or(one.heading);
                }
                None => books.push(one),
            }
        }
        if books.len() > 1 {
            let values: Vec<String> = alert.labels.iter().map(|(_, value)| name::key(value)).collect();
            for one in &mut books {
                one.rank.affinity = self.books[one.book].affinity(&values);
            }
            // The order of files is kept among equals.
            books.sort_by_key(|one| std::cmp::Reverse(one.rank));
            let ties = books.iter().filter(|one| one.rank == books[0].rank).count() - 1;
            if ties > 0 {
                let other = self.books[books[1].book].relative.clone();
                let more = if ties > 1 { format!(" and {} more", ties - 1) } else { String::new() };
                books[0].why.push_str(&format!("; so does {other}{more}"));
            }
            books.truncate(MOST);
        }
        books
    }
}

impl Selector {
    /// Whether it means an alert of these labels; `key` is that of its name.
    fn means(&self, labels: &Labels, key: &str) -> bool {
        match &self.meant {
            Meant::Name(name) => name == key,
            Meant::Labels(matchers) => matchers.match_labels(labels),
        }
    }

    fn rank(&self) -> (Way, usize) {
        match &self.meant {
            Meant::Name(_) => (Way::FrontMatter, 0),
            Meant::Labels(labels) if labels.equals("alertname") => (Way::FrontMatter, labels.len()),
            Meant::Labels(labels) if labels.names("alertname") && self.written.trim() != "*" => {
                (Way::Pattern, labels.len())
            }
            Meant::Labels(labels) => (Way::Labels, labels.len()),
        }
    }
}

impl Runbook {
    /// How many names of the way to a page and to this file are the same, from the last on.
    fn agreement(&self, address: &Address, bare: &str) -> usize {
        let theirs = address.segments.iter().rev();
        let same = self.path.iter().rev().zip(theirs).take_while(|(ours, theirs)| ours == theirs).count();
        // The page itself may have been found without words such as `runbook`.
        if same > 0 { same } else { usize::from(self.name.bare == *bare || self.name.whole == *bare) }
    }

    /// How many folders it is in are called as one of these.
    fn affinity(&self, values: &[String]) -> usize {
        let folders = self.relative.rsplit_once('/').map_or("", |(folders, _)| folders);
        folders.split('/').map(name::key).filter(|folder| folder.len() > 1 && values.contains(folder)).count()
    }

    /// Whether it is the first page of its folder, which says what there is.
    fn is_front_page(&self) -> bool {
        !self.relative.contains('/') && name::of_file(&self.relative, Some("")).shown.is_empty()
    }

    /// The heading an anchor leads to.
    pub(super) fn anchored(&self, anchor: &str) -> Option<usize> {
        let exactly = |known: &String| known.eq_ignore_ascii_case(anchor);
        let exact = self.headings.iter().position(|heading| heading.anchors.iter().any(exactly));
        let wanted = name::key(anchor);
        exact.or_else(|| {
            let alike = |heading: &super::Heading| {
                heading.names.iter().any(|name| name.whole == wanted || name.bare == wanted)
                    || heading.anchors.iter().any(|anchor| name::key(anchor) == wanted)
            };
            self.headings.iter().position(alike).filter(|_| !wanted.is_empty())
        })
    }
}

#[cfg(test)]
mod tests;
