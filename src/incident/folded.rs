//! What a symptom stands for that was folded from many alerts.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Groups that are named; the others are counted.
pub const MOST_GROUPS: usize = 40;

/// The alerts behind a folded symptom, as they were when it was taken.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Folded {
    /// What they are of: `service=payments`, or the title of the only group.
    pub of: String,
    /// Why they belong together, in words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub why: Vec<String>,
    /// How many fired.
    pub alerts: usize,
    /// How many more they kept quiet.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub inhibited: usize,
    /// When the first of them began.
    pub began: Timestamp,
    /// Their groups, worst first; at most [`MOST_GROUPS`].
    pub groups: Vec<FoldedGroup>,
    /// How many groups there were besides.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub more: usize,
}

/// A group of alerts in a folded symptom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoldedGroup {
    /// The source it was seen at.
    pub source: String,
    /// Its key there.
    pub group: String,
    /// What people call it.
    pub title: String,
    /// How many of its alerts fired.
    pub firing: usize,
}

impl Folded {
    /// How many of the groups are among those the symptom stands for, and how many there are.
    pub fn known<'a>(&self, groups: impl IntoIterator<Item = (&'a str, &'a str)>) -> (usize, usize) {
        let mine: BTreeSet<_> = self.groups.iter().map(|known| (known.source.as_str(), known.group.as_str())).collect();
        groups.into_iter().fold((0, 0), |(known, all), group| (known + usize::from(mine.contains(&group)), all + 1))
    }

    /// The label that all of them share, if that is what they are of.
    pub fn label(&self) -> Option<(&str, &str)> {
        self.of.split(" since ").next()?.split_once('=').filter(|(name, _)| !name.contains(' '))
    }
}

/// Whether a count is left out of the JSON.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands in a reference")]
pub(super) fn is_zero(n: &usize) -> bool {
    *n == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_told_from_a_title() {
        let check = |of: &str, expected| {
            assert_eq!(Folded { of: of.into(), ..Folded::default() }.label(), expected, "{of}");
        };
        check("service=payments", Some(("service", "payments")));
        check("service=payments since 03:04", Some(("service", "payments")));
        check("url=/a?b=c", Some(("url", "/a?b=c")));
        check("HighErrors", None);
        check("Errors with code=500", None);
    }

    #[test]
    fn what_is_known_is_counted_by_source_and_group() {
        let group =
            |group: &str| FoldedGroup { source: "am".into(), group: group.into(), title: "t".into(), firing: 1 };
        let folded = Folded { groups: vec![group("a"), group("b")], ..Folded::default() };
        assert_eq!(folded.known([("am", "a"), ("am", "c"), ("other", "b")]), (1, 3));
    }
}
