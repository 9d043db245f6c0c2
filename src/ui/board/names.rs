//! Names of rows cut so that one still tells them apart.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;

use crate::ui::widget::text;

/// Each name in at most the cells beside it, cut in the middle: what follows a name's beginning often is what differs. Two
/// that would look alike are cut so that the first difference between them is seen.
pub(super) fn told_apart(names: &[(String, usize)]) -> Vec<String> {
    let cut: Vec<Cow<'_, str>> = names.iter().map(|(name, max)| text::clip_middle(name, *max)).collect();
    let one = |(at, (name, max)): (usize, &(String, usize))| {
        let twin = (0..names.len()).find(|other| cut[*other] == cut[at] && names[*other].0 != *name);
        twin.map_or_else(|| cut[at].to_string(), |other| from_difference(name, &names[other].0, *max))
    };
    names.iter().enumerate().map(one).collect()
}

/// The beginning of a name, and what stands around its first difference from another.
fn from_difference(name: &str, other: &str, max: usize) -> String {
    let same = name.graphemes(true).zip(other.graphemes(true)).take_while(|(a, b)| a == b).map(|(a, _)| a);
    let same: Vec<&str> = same.collect();
    let head = max / 3;
    let before: usize = same.iter().rev().take(2).map(|piece| piece.len()).sum();
    let from = same.iter().map(|piece| piece.len()).sum::<usize>() - before;
    if head < 2 || text::width(&name[..from]) <= head {
        return text::clip(name, max).into_owned();
    }
    let mut start = text::clip(name, head).into_owned();
    if !start.ends_with('…') {
        start.push('…');
    }
    let rest = text::clip(&name[from..], max.saturating_sub(text::width(&start))).into_owned();
    start + &rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(names: &[&str], max: usize, expected: &[&str]) {
        let names: Vec<_> = names.iter().map(|name| ((*name).to_owned(), max)).collect();
        let cut = told_apart(&names);
        assert_eq!(cut, expected);
        assert!(cut.iter().all(|name| text::width(name) <= max));
    }

    #[test]
    fn names_are_cut_where_they_do_not_differ() {
        check(&["dns", "bad deploy"], 12, &["dns", "bad deploy"]);
        check(&["bad deploy checkout v2.3.1", "bad deploy checkout v2.3.0"], 14, &["bad dep…v2.3.1", "bad dep…v2.3.0"]);
        check(
            &["the nightly train broke eu in the gateway", "the nightly train broke us in the gateway"],
            18,
            &["the n…e eu in the…", "the n…e us in the…"],
        );
        check(&["支付服务的部署坏了一", "支付服务的部署坏了二"], 9, &["支付服…一", "支付服…二"]);
        check(&["same", "same"], 3, &["sa…", "sa…"]);
    }
}
