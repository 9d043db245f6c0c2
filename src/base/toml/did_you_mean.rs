//! "Did you mean": the known word closest to one that is not known. Which other words people bring along for a known one
//! is up to the caller.

/// Words that people use elsewhere, each with the word that stands for it here.
pub type Synonyms<'a> = &'a [(&'a str, &'a str)];

/// The word of `known` that `word` was most likely meant to be. A synonym of a word that is not in `known` does not count.
pub fn nearest<'a>(word: &str, known: &[&'a str], synonyms: Synonyms<'_>) -> Option<&'a str> {
    let word = word.to_lowercase().replace('-', "_");
    let as_known = |ours: &str| known.iter().copied().find(|known| *known == ours);
    let mut meant = synonyms.iter().filter(|(theirs, _)| *theirs == word).map(|(_, ours)| *ours);
    if let Some(ours) = meant.find_map(as_known) {
        return Some(ours);
    }
    let direct = known.iter().map(|known| (*known, *known));
    let others = synonyms.iter().filter_map(|(theirs, ours)| Some((*theirs, as_known(ours)?)));
    direct
        .chain(others)
        .map(|(spelled, ours)| (distance(&word, spelled), spelled.len(), ours))
        .filter(|(distance, length, _)| *distance <= (*length).max(word.len()) / 3)
        .min_by_key(|(distance, ..)| *distance)
        .map(|(.., ours)| ours)
}

/// `; did you mean …?`, or nothing.
pub fn hint(word: &str, known: &[&str], synonyms: Synonyms<'_>) -> String {
    nearest(word, known, synonyms).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default()
}

/// Edits between two words; two letters swapped count as one (optimal string alignment).
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(64).collect(), b.chars().take(64).collect());
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for (i, row) in rows.iter_mut().enumerate() {
        row[0] = i;
    }
    for (j, cell) in rows[0].iter_mut().enumerate() {
        *cell = j;
    }
    for i in 1..=a.len() {
        for j in 1..=b.len() {
            let change = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = change.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = least;
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(word: &str, known: &[&str], expected: Option<&str>) {
        assert_eq!(nearest(word, known, &[("interval", "every"), ("argv", "run")]), expected, "{word}");
    }

    #[test]
    fn slips_and_words_of_other_tools() {
        let source = ["name", "type", "url", "every", "timeout", "max_bytes", "bearer", "run"];
        check("intervall", &source, Some("every"));
        check("evry", &source, Some("every"));
        check("tiemout", &source, Some("timeout"));
        check("max-bytes", &source, Some("max_bytes"));
        check("Argv", &source, Some("run"));
        check("sources", &["source", "pane"], Some("source"));
        check("prometeus", &["prometheus", "http"], Some("prometheus"));
        check("colour", &source, None);
        check("x", &source, None);
    }
}
