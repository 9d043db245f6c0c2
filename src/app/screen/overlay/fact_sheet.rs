//! All that is known of one thing of which a list has room for a line: an alert group, a change, an entry of the timeline.
//! As it was when it was opened: such things come and go below it.

use jiff::Timestamp;

/// What is known of a thing.
#[derive(Clone, Debug, Default)]
pub struct FactSheet {
    /// Where it was opened: the title of a pane, or the name of the view.
    pub place: String,
    /// What it is, in words; may have several lines.
    pub name: String,
    /// What is known of it, by name.
    pub facts: Vec<(String, Fact)>,
    /// What there is more of than a line says, below a heading.
    pub more: Vec<(String, Vec<String>)>,
    /// First line shown.
    pub scroll: usize,
}

/// Something known, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// In words.
    Words(String),
    /// A time.
    At(Timestamp),
    /// An address that can be followed.
    Address(String),
    /// Its source does not say, and somebody will look for it.
    Unsaid,
}

impl FactSheet {
    pub(in crate::app) fn of(place: &str, name: impl Into<String>) -> Self {
        Self { place: place.to_owned(), name: name.into(), ..Self::default() }
    }

    /// Adds words, unless there are none.
    pub(in crate::app) fn words(&mut self, name: &str, words: impl AsRef<str>) {
        if !words.as_ref().trim().is_empty() {
            self.facts.push((name.to_owned(), Fact::Words(words.as_ref().to_owned())));
        }
    }

    /// Adds a time.
    pub(in crate::app) fn at(&mut self, name: &str, at: Timestamp) {
        self.facts.push((name.to_owned(), Fact::At(at)));
    }

    /// Adds an address, if there is one.
    pub(in crate::app) fn address(&mut self, name: &str, address: Option<impl AsRef<str>>) {
        self.facts.extend(address.map(|to| (name.to_owned(), Fact::Address(to.as_ref().to_owned()))));
    }

    /// Adds what somebody will look for, whether or not its source says it.
    pub(in crate::app) fn looked_for(&mut self, name: &str, words: Option<&str>) {
        let words = words.map_or(Fact::Unsaid, |words| Fact::Words(words.to_owned()));
        self.facts.push((name.to_owned(), words));
    }

    /// The addresses in it.
    pub fn addresses(&self) -> impl Iterator<Item = &str> {
        self.facts.iter().filter_map(|(_, fact)| match fact {
            Fact::Address(to) => Some(to.as_str()),
            _ => None,
        })
    }

    /// All of it as text, to be copied.
    pub(in crate::app) fn text(&self) -> String {
        let fact = |(name, fact): &(String, Fact)| match fact {
            Fact::Words(words) | Fact::Address(words) => Some(format!("{name}: {words}")),
            Fact::At(at) => Some(format!("{name}: {at}")),
            Fact::Unsaid => None,
        };
        let more = self.more.iter().flat_map(|(heading, lines)| std::iter::once(heading).chain(lines).cloned());
        let lines = std::iter::once(self.name.clone()).chain(self.facts.iter().filter_map(fact)).chain(more);
        lines.collect::<Vec<_>>().join("\n")
    }
}
