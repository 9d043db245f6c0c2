//! Hypotheses to add: what is known and has the words typed, below it what is typed. A piece of a name looks for what is
//! known: Enter adds the best match, with all that is known of it. A whole name, or several words, are what someone wants
//! to add: Enter adds them as they stand. Tab takes the match in either case, Ctrl-S what is typed.

use nucleo_matcher::{
    Config, Matcher, Utf32Str,
    pattern::{CaseMatching, Normalization, Pattern},
};

use crate::{
    app::field::Field,
    base::words,
    incident::{Id, Prior},
};

/// What can be picked, what is typed, what is marked.
#[derive(Clone, Debug)]
pub struct Picker {
    /// What is typed.
    pub field: Field,
    /// All that is known.
    pub candidates: Vec<Candidate>,
    /// The candidates that fit what is typed, best first.
    pub found: Vec<usize>,
    /// Candidates marked to be added, in the order they were marked.
    pub marked: Vec<usize>,
    /// The line selected. The last line is what is typed, when something is.
    pub cursor: usize,
}

/// A hypothesis that could be added.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// What could be the cause.
    pub text: String,
    /// Where it comes from: `change`, `generic`, `runbook`.
    pub from: &'static str,
    /// One more word about it: `6 min before the onset`.
    pub about: String,
    /// How common such a cause is.
    pub prior: Prior,
    /// Whether something of it changed shortly before the onset.
    pub changed: bool,
    /// The generic cause whose expectations it shares.
    pub like: Option<Id>,
    /// The change it blames, if one.
    pub subject: Option<String>,
    /// The row of what runbooks bring that it is, if it is one.
    pub runbook: Option<Id>,
}

/// A line of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// What is typed, as a new hypothesis.
    Typed,
    /// A candidate, by its place.
    Known(usize),
}

impl Picker {
    /// Everything known, nothing typed.
    pub fn new(candidates: Vec<Candidate>, typed: &str) -> Self {
        let mut picker =
            Self { field: Field::line(typed), candidates, found: Vec::new(), marked: Vec::new(), cursor: 0 };
        picker.search();
        picker
    }

    /// The lines shown.
    pub fn lines(&self) -> Vec<Line> {
        let typed = (!self.field.is_blank()).then_some(Line::Typed);
        self.found.iter().map(|at| Line::Known(*at)).chain(typed).collect()
    }

    /// The line selected.
    pub fn selected(&self) -> Option<Line> {
        self.lines().get(self.cursor).copied()
    }

    /// Looks again for what fits what is typed, what has all its words first. Selects that where a piece of a name is typed,
    /// else what is typed.
    pub fn search(&mut self) {
        let typed = self.field.text();
        let texts = || self.candidates.iter().map(|candidate| candidate.text.as_str());
        let mut found = with_all_words(&typed, texts());
        let fits = found.len();
        let guesses = if self.field.is_blank() { usize::MAX } else { MOST_GUESSES };
        let others = fuzzy(&typed, texts()).into_iter().filter(|at| !found.contains(at)).take(guesses);
        found.extend(others.collect::<Vec<_>>());
        let looks_for = fits > 0 && is_piece(&typed, texts());
        self.cursor = if self.field.is_blank() || looks_for { 0 } else { found.len() };
        self.found = found;
    }

    /// Marks the selected candidate, on what is typed the best match, or takes the mark off. What is typed has done its
    /// work then.
    pub fn mark(&mut self) {
        let at = match self.selected() {
            Some(Line::Known(at)) => Some(at),
            Some(Line::Typed) => self.found.first().copied(),
            None => None,
        };
        let Some(at) = at else { return };
        match self.marked.iter().position(|marked| *marked == at) {
            Some(known) => drop(self.marked.remove(known)),
            None => self.marked.push(at),
        }
        if self.field.is_blank() {
            self.cursor = (self.cursor + 1).min(self.lines().len().saturating_sub(1));
            return;
        }
        self.field = Field::line("");
        self.search();
    }

    /// Marks the candidates that were marked when it was left.
    pub(in crate::app) fn mark_again(&mut self, texts: &[String]) {
        self.marked = texts.iter().filter_map(|text| self.candidates.iter().position(|c| c.text == *text)).collect();
    }

    /// The texts of what is marked.
    pub(in crate::app) fn marked_texts(&self) -> Vec<String> {
        self.marked.iter().filter_map(|at| self.candidates.get(*at)).map(|candidate| candidate.text.clone()).collect()
    }

    /// Moves the selection. A single step goes round: from what is typed, which stands last, down to the best match.
    pub fn step(&mut self, by: isize) {
        let last = self.lines().len().saturating_sub(1);
        self.cursor = match self.cursor {
            0 if by == -1 => last,
            at if by == 1 && at == last => 0,
            at => at.saturating_add_signed(by).min(last),
        };
    }
}

/// Matches by letters only that are shown below those that have the words.
const MOST_GUESSES: usize = 6;

/// Whether one word is typed that is not the whole of any of these texts.
fn is_piece<'a>(typed: &str, mut texts: impl Iterator<Item = &'a str>) -> bool {
    let typed = typed.trim();
    !typed.contains(char::is_whitespace) && !texts.any(|text| text.eq_ignore_ascii_case(typed))
}

/// The places of the texts in which each word typed begins a word, the very text first; none for less than two letters.
fn with_all_words<'a>(typed: &str, texts: impl Iterator<Item = &'a str>) -> Vec<usize> {
    let wanted = words::of(typed);
    if wanted.iter().map(String::len).sum::<usize>() < 2 {
        return Vec::new();
    }
    let has_all = |text: &str| {
        let known = words::of(text);
        wanted.iter().all(|word| known.iter().any(|known| known.starts_with(word.as_str())))
    };
    let typed = typed.trim();
    let mut found: Vec<_> = texts.enumerate().filter(|(_, text)| has_all(text)).collect();
    found.sort_by_key(|(_, text)| !text.eq_ignore_ascii_case(typed));
    found.into_iter().map(|(at, _)| at).collect()
}

/// The places of the texts that fit what is typed, best first; all of them, in order, when nothing is typed.
pub(super) fn fuzzy<'a>(typed: &str, texts: impl Iterator<Item = &'a str>) -> Vec<usize> {
    if typed.trim().is_empty() {
        return texts.enumerate().map(|(at, _)| at).collect();
    }
    let pattern = Pattern::parse(typed.trim(), CaseMatching::Ignore, Normalization::Smart);
    let mut matcher = Matcher::new(Config::DEFAULT);
    let mut buffer = Vec::new();
    let mut found: Vec<(u32, usize)> = texts
        .enumerate()
        .filter_map(|(at, text)| Some((pattern.score(Utf32Str::new(text, &mut buffer), &mut matcher)?, at)))
        .collect();
    found.sort_by_key(|(score, at)| (std::cmp::Reverse(*score), *at));
    found.into_iter().map(|(_, at)| at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(text: &str) -> Candidate {
        Candidate {
            text: text.into(),
            from: "generic",
            about: String::new(),
            prior: Prior::Usual,
            changed: false,
            like: None,
            subject: None,
            runbook: None,
        }
    }

    fn picker(known: &[&str], typed: &str) -> Picker {
        Picker::new(known.iter().map(|text| candidate(text)).collect(), typed)
    }

    #[test]
    fn all_that_is_known_is_listed_while_nothing_is_typed() {
        let known = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];
        assert_eq!(picker(&known, "").lines().len(), known.len());
    }

    #[test]
    fn what_matches_stands_first_and_what_is_typed_last() {
        let known = ["bad deploy", "DNS fails", "db pool exhausted"];
        assert_eq!(picker(&known, "").lines(), [Line::Known(0), Line::Known(1), Line::Known(2)]);
        let pool = picker(&known, "pool");
        assert_eq!(pool.lines(), [Line::Known(2), Line::Typed]);
        assert_eq!(pool.selected(), Some(Line::Known(2)));
        assert_eq!(picker(&known, "bad host").selected(), Some(Line::Typed), "one key adds what nothing matches");
        assert_eq!(picker(&known, "dpl").selected(), Some(Line::Typed), "letters alone are no match to be taken");
        // Who types a name whole, or a phrase, means just that.
        let deploys = ["bad deploy checkout v2", "bad deploy"];
        assert_eq!(picker(&deploys, "bad deploy").lines(), [Line::Known(1), Line::Known(0), Line::Typed]);
        assert_eq!(picker(&deploys, "bad deploy").selected(), Some(Line::Typed));
        assert_eq!(picker(&deploys, "deploy v2").selected(), Some(Line::Typed));
        assert_eq!(picker(&deploys, "deploy").selected(), Some(Line::Known(0)));
    }

    #[test]
    fn tab_marks_the_match_and_clears_what_is_typed() {
        let mut picker = picker(&["DNS fails", "db pool exhausted", "a dependency is slow"], "dns");
        picker.mark();
        assert_eq!((picker.marked.as_slice(), picker.field.text().as_str()), ([0].as_slice(), ""));
        picker.field.paste("depend");
        picker.search();
        assert_eq!(picker.selected(), Some(Line::Known(2)));
        picker.mark();
        assert_eq!(picker.marked, [0, 2]);
    }

    #[test]
    fn a_single_step_goes_round() {
        let mut picker = picker(&["DNS fails"], "dns");
        assert_eq!(picker.selected(), Some(Line::Known(0)));
        picker.step(-1);
        assert_eq!(picker.selected(), Some(Line::Typed));
        picker.step(1);
        assert_eq!(picker.selected(), Some(Line::Known(0)), "and down from there to the best match");
    }

    #[test]
    fn tab_marks_and_goes_on() {
        let mut picker = Picker::new(vec![candidate("a"), candidate("b")], "");
        picker.mark();
        picker.mark();
        assert_eq!(picker.marked, [0, 1]);
        picker.mark();
        assert_eq!(picker.marked, [0], "the last line stays selected and its mark comes off");
    }
}
