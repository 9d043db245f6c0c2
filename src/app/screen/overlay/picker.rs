//! Hypotheses to add: what is typed stands first, below it what is known. Enter on text adds it as typed; Tab takes the best
//! match instead, with all that is known of it.

use nucleo_matcher::{
    Config, Matcher, Utf32Str,
    pattern::{CaseMatching, Normalization, Pattern},
};

use crate::{
    app::field::Field,
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
    /// The line selected. Line 0 is what is typed, when something is.
    pub cursor: usize,
}

/// A hypothesis that could be added.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// What could be the cause.
    pub text: String,
    /// Where it comes from: `change`, `generic`, `sop`.
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
        typed.into_iter().chain(self.found.iter().map(|at| Line::Known(*at))).collect()
    }

    /// The line selected.
    pub fn selected(&self) -> Option<Line> {
        self.lines().get(self.cursor).copied()
    }

    /// Looks again for what fits what is typed; the selection goes back to the first line.
    pub fn search(&mut self) {
        self.found = fuzzy(&self.field.text(), self.candidates.iter().map(|c| c.text.as_str()));
        self.cursor = 0;
    }

    /// Marks the selected candidate or takes the mark off, and goes to the next line.
    pub fn mark(&mut self) {
        // On what is typed it means the best match below.
        if self.selected() == Some(Line::Typed) {
            self.step(1);
        }
        let Some(Line::Known(at)) = self.selected() else { return };
        match self.marked.iter().position(|marked| *marked == at) {
            Some(known) => drop(self.marked.remove(known)),
            None => self.marked.push(at),
        }
        self.step(1);
    }

    /// Marks the candidates that were marked when it was left.
    pub(in crate::app) fn mark_again(&mut self, texts: &[String]) {
        self.marked = texts.iter().filter_map(|text| self.candidates.iter().position(|c| c.text == *text)).collect();
    }

    /// The texts of what is marked.
    pub(in crate::app) fn marked_texts(&self) -> Vec<String> {
        self.marked.iter().filter_map(|at| self.candidates.get(*at)).map(|candidate| candidate.text.clone()).collect()
    }

    /// Moves the selection.
    pub fn step(&mut self, by: isize) {
        let last = self.lines().len().saturating_sub(1);
        self.cursor = self.cursor.saturating_add_signed(by).min(last);
    }
}

/// The places of the texts that fit what is typed, best first; all of them, in order, when nothing is typed.
pub(in crate::app) fn fuzzy<'a>(typed: &str, texts: impl Iterator<Item = &'a str>) -> Vec<usize> {
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

/// The same for words in any order, each of which may stand anywhere in a text; a text with the words themselves comes
/// before one with only their letters.
pub(in crate::app) fn by_words<'a>(typed: &str, texts: impl Iterator<Item = &'a str> + Clone) -> Vec<usize> {
    let wanted: Vec<String> = typed.split_whitespace().map(str::to_lowercase).collect();
    let has = |text: &str| {
        let text = text.to_lowercase();
        let begins = |word: &&String| text.split(|c: char| !c.is_alphanumeric()).any(|known| known.starts_with(*word));
        wanted.iter().filter(begins).count()
    };
    let counts: Vec<usize> = texts.clone().map(has).collect();
    let mut found = fuzzy(typed, texts);
    // Whoever describes what they look for uses words of their own besides.
    found.extend((0..counts.len()).filter(|at| counts[*at] > 0 && !found.contains(at)).collect::<Vec<_>>());
    found.sort_by_key(|at| std::cmp::Reverse(counts[*at]));
    found
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
        }
    }

    #[test]
    fn what_is_typed_stands_first() {
        let known = vec![candidate("DNS fails"), candidate("db pool exhausted")];
        let mut picker = Picker::new(known, "");
        assert_eq!(picker.lines(), [Line::Known(0), Line::Known(1)]);
        picker.field.paste("pool");
        picker.search();
        assert_eq!(picker.lines(), [Line::Typed, Line::Known(1)]);
    }

    #[test]
    fn tab_on_what_is_typed_takes_the_best_match() {
        let known = vec![candidate("DNS fails"), candidate("db pool exhausted"), candidate("DNS fails slowly")];
        let mut picker = Picker::new(known, "dns");
        assert_eq!(picker.selected(), Some(Line::Typed));
        picker.mark();
        assert_eq!(picker.marked, [0]);
        assert!(matches!(picker.selected(), Some(Line::Known(_))), "Enter then takes what is marked");
    }

    #[test]
    fn any_word_finds_its_text() {
        let texts = ["note write a note", "refute refute it; asks what refuted it", "rank-up rank higher by hand"];
        let found = |typed: &str| by_words(typed, texts.iter().copied());
        assert_eq!(found("rank"), [2]);
        assert_eq!(found("by hand higher"), [2]);
        assert_eq!(found("write"), [0]);
        assert_eq!(found("rfte").first(), Some(&1));
        assert_eq!(found("refute this").first(), Some(&1));
        assert_eq!(found(""), [0, 1, 2]);
        assert!(found("zzz").is_empty());
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
