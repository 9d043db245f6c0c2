//! When two names are the same: `KubePodCrashLooping`, `kube-pod-crash-looping` and `kube_pod_crash_looping.md` are.
//!
//! Letters and digits count, whatever stands between them and in whatever case. Nothing is guessed beyond that: a name
//! that is merely close is that of another failure.

/// Words around a name that say what kind of page it is, not which.
const KINDS: [&str; 9] =
    ["runbook", "runbooks", "sop", "playbook", "alert", "alerts", "alertname", "incident", "howto"];

/// Names of files that stand for their folder.
const OF_FOLDER: [&str; 6] = ["readme", "index", "runbook", "sop", "playbook", "_index"];

/// Endings of Markdown files, and what addresses have in their place.
const ENDINGS: [&str; 8] = ["md", "markdown", "mdown", "mkd", "mdx", "html", "htm", "rst"];

/// What a name is compared by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keys {
    /// All of it; empty where it has neither letters nor digits.
    pub whole: String,
    /// Without numbers to sort by and words such as `runbook`; the same where it has none.
    pub bare: String,
}

/// The name of a file.
#[derive(Debug)]
pub struct FileName {
    /// As it is written, without its ending.
    pub shown: String,
    pub keys: Keys,
}

/// The letters and digits of a name, in lower case.
pub fn key(text: &str) -> String {
    if text.is_ascii() {
        let letters = text.bytes().filter(u8::is_ascii_alphanumeric);
        return letters.map(|letter| char::from(letter.to_ascii_lowercase())).collect();
    }
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// What a name is compared by.
pub fn keys(text: &str) -> Keys {
    let whole = key(text);
    let mut words: Vec<String> = text.split(|c: char| !c.is_alphanumeric()).map(key).collect();
    words.retain(|word| !word.is_empty());
    let is_number = |word: &String| word.len() <= 4 && word.bytes().all(|byte| byte.is_ascii_digit());
    let is_kind = |word: &String| KINDS.contains(&word.as_str());
    while words.len() > 1 && words.first().is_some_and(|word| is_number(word) || is_kind(word)) {
        words.remove(0);
    }
    // "Runbook for DiskFull".
    if words.len() > 1 && words.concat().len() < whole.len() && words.first().is_some_and(|word| word == "for") {
        words.remove(0);
    }
    while words.len() > 1 && words.last().is_some_and(is_kind) {
        words.pop();
    }
    Keys { bare: words.concat(), whole }
}

/// What a file is called: by its own name, or that of its folder where its own says nothing (`disk-full/README.md`).
/// `top` is the name of the outermost folder.
pub fn of_file(relative: &str, top: Option<&str>) -> FileName {
    let mut names = relative.rsplit('/');
    let own = stem(names.next().unwrap_or(relative));
    let folder = names.next().or(top);
    let shown = folder.filter(|_| stands_for_folder(own)).unwrap_or(own);
    FileName { shown: shown.to_owned(), keys: keys(shown) }
}

/// Whether a file of this name, without its ending, says what its folder is about.
fn stands_for_folder(stem: &str) -> bool {
    OF_FOLDER.iter().any(|name| stem.eq_ignore_ascii_case(name))
}

/// The names that lead to a file, from the outside in, each by its key.
pub fn path(relative: &str, above: &[&str]) -> Vec<String> {
    segments(above.iter().copied().chain(relative.split('/')))
}

/// Names on the way to a page, by their keys.
pub fn segments<'n>(names: impl Iterator<Item = &'n str>) -> Vec<String> {
    telling(names).into_iter().map(key).collect()
}

/// The names on the way to a page that tell it; a last one that stands for its folder is left out.
pub fn telling<'n>(names: impl Iterator<Item = &'n str>) -> Vec<&'n str> {
    let mut names: Vec<&str> = names.filter(|name| !matches!(*name, "" | "." | "..")).collect();
    if let Some(last) = names.pop() {
        let last = stem(last);
        if !stands_for_folder(last) || names.is_empty() {
            names.push(last);
        }
    }
    names.retain(|name| name.contains(char::is_alphanumeric));
    names
}

/// A file's name without an ending that Markdown has, as a file or as a page.
pub fn stem(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() && ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known)) => {
            stem
        }
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_same_however_they_are_written() {
        for name in
            ["KubePodCrashLooping", "kube-pod-crash-looping", "Kube pod  crash_looping", "`KUBE.Pod`CrashLooping"]
        {
            assert_eq!(key(name), "kubepodcrashlooping", "{name}");
        }
        assert_eq!(key("Überlast 2"), "überlast2");
        assert_eq!(key("–!"), "");
    }

    #[test]
    fn what_kind_of_page_it_is_tells_no_pages_apart() {
        let bare = |name: &str| keys(name).bare;
        assert_eq!(bare("01-runbook_disk-full"), "diskfull");
        assert_eq!(bare("Alert: DiskFull"), "diskfull");
        assert_eq!(bare("Runbook for `DiskFull`"), "diskfull");
        assert_eq!(bare("DiskFull (runbook)"), "diskfull");
        assert_eq!(bare("AlertmanagerDown"), "alertmanagerdown");
        assert_eq!(bare("5xx-errors"), "5xxerrors");
        assert_eq!(bare("runbook"), "runbook");
        assert_eq!(bare("2024"), "2024");
    }

    #[test]
    fn a_readme_is_called_as_its_folder() {
        let called = |relative: &str| of_file(relative, Some("ops")).shown;
        assert_eq!(called("a/disk-full/README.md"), "disk-full");
        assert_eq!(called("index.markdown"), "ops");
        assert_eq!(called("a/v1.2.md"), "v1.2");
        assert_eq!(path("a/DiskFull/README.md", &["x", "ops"]), ["x", "ops", "a", "diskfull"]);
        assert_eq!(path("a/DiskFull.md", &[]), ["a", "diskfull"]);
    }
}
