//! Each sign that the screen shows has a form on terminals that lack it.
#![expect(
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a test that cannot go on fails, and files are its business"
)]

use std::{collections::BTreeMap, fs, path::Path};

use stanch::ui::glyphs::Glyphs;

/// Signs with the first file that has them, of all files below a folder with this ending; what `lines` leaves out of a
/// text does not count.
fn signs(folder: &Path, ending: &str, lines: fn(&str) -> String, all: &mut BTreeMap<char, String>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            signs(&path, ending, lines, all);
        } else if path.to_string_lossy().ends_with(ending) {
            let text = lines(&fs::read_to_string(&path).expect("a text"));
            for sign in text.chars().filter(|c| !c.is_ascii() && !c.is_alphabetic()) {
                all.entry(sign).or_insert_with(|| path.display().to_string());
            }
        }
    }
}

/// Code without comments and tests.
fn code(text: &str) -> String {
    let own = text.split("#[cfg(test)]").next().unwrap_or_default();
    own.lines().filter_map(|line| line.split("//").next()).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_sign_of_the_screen_has_a_form_in_ascii() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = BTreeMap::new();
    signs(&root.join("tests/snapshots"), ".snap", str::to_owned, &mut all);
    ["src/ui", "src/app", "src/base", "src/signal"].iter().for_each(|of| signs(&root.join(of), ".rs", code, &mut all));
    assert!(all.len() > 40, "only {} signs were found", all.len());
    all.retain(|sign, _| Glyphs::Ascii.form(*sign).is_none());
    assert_eq!(all, BTreeMap::new(), "they need a row in the table of signs");
}
