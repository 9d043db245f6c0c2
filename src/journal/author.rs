//! Who writes: the name that stands in every entry, and the ids it gives.
#![expect(clippy::disallowed_methods, reason = "the author's name comes from the environment")]

use crate::incident::id::Ids;

/// Longest name kept, in characters.
const LONGEST: usize = 64;

/// The author's name: what `--as` says, else `user@host`. Only letters, digits, spaces and ASCII punctuation are kept,
/// because it is shown on other people's terminals.
pub fn author(as_flag: Option<&str>) -> String {
    let named = clean(as_flag.unwrap_or_default());
    if named.is_empty() { format!("{}@{}", user(), host()) } else { named }
}

/// A maker of ids that no other author shares.
pub fn ids() -> Ids {
    // The low half of a version 7 UUID is random.
    Ids::new(uuid::Uuid::now_v7().as_u64_pair().1)
}

/// The name of this machine, up to its first dot.
pub(super) fn host() -> String {
    let uname = rustix::system::uname();
    let name = uname.nodename().to_string_lossy();
    let short = clean(name.split('.').next().unwrap_or_default());
    if short.is_empty() { "localhost".to_owned() } else { short }
}

fn user() -> String {
    let known = ["USER", "LOGNAME"].iter().filter_map(|name| std::env::var(name).ok());
    let uid = || format!("uid{}", rustix::process::getuid().as_raw());
    known.map(|name| clean(&name)).find(|name| !name.is_empty()).unwrap_or_else(uid)
}

fn clean(name: &str) -> String {
    let shown = |c: &char| c.is_alphanumeric() || c.is_ascii_punctuation() || *c == ' ';
    name.trim().chars().filter(shown).take(LONGEST).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(flag: &str, expected: &str) {
        assert_eq!(author(Some(flag)), expected);
    }

    #[test]
    fn a_name_is_taken_as_it_is_given() {
        check("alice@db1", "alice@db1");
        check("  Zoë O'Neil ", "Zoë O'Neil");
    }

    #[test]
    fn a_name_cannot_paint_on_a_terminal() {
        check("al\x1b]0;x\x07ice\u{202E}", "al]0;xice");
        assert_eq!(author(Some(&"a".repeat(500))).len(), LONGEST);
    }

    #[test]
    fn without_a_name_it_is_user_at_host() {
        let name = author(Some(" \u{200B}"));
        let (user, host) = name.split_once('@').expect("user@host");
        assert!(!user.is_empty() && !host.is_empty() && name == author(None));
    }
}
