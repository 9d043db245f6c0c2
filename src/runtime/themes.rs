//! Loads the theme that is drawn with: the one named, from the user's folder if it is there, else built in; in as many colours as
//! the terminal says it has.
#![expect(clippy::disallowed_methods, reason = "themes come from files, colours from the environment")]

use std::{cell::RefCell, env, path::PathBuf};

use crate::{
    config::Charts,
    failure::Failure,
    files::{self, CannotRead, trust},
    ui::{
        glyphs::Glyphs,
        theme::{Depth, Theme},
    },
};

/// Largest theme that is read, in bytes.
const MAX_FILE: u64 = 1 << 20;

/// The theme of this name, fit for this terminal. `NO_COLOR` leaves only bold, dim, underline and reverse.
pub fn load(name: Option<&str>) -> Result<Theme, Failure> {
    let set = |name: &str| env::var(name).unwrap_or_default();
    let name = match name.unwrap_or("auto") {
        "auto" if is_light(&set("COLORFGBG")) => "light",
        "auto" => "dark",
        name => name,
    };
    // A theme that is there and cannot be read is not passed over for a built-in one, nor for there being none.
    let unread = RefCell::new(None);
    let resolve = |name: &str| read(name).unwrap_or_else(|why| unread.replace(Some(why)).and(None));
    let found = resolve(name);
    // A theme may be another's: it names no file.
    let resolve = |name: &str| match is_path(name) {
        true => {
            let why = format!("theme `{name}`: `inherits` takes the name of a theme, not a file");
            unread.replace(Some(why)).and(None)
        }
        false => resolve(name),
    };
    let parsed = found.map(|text| Theme::parse(name, &text, &resolve));
    if let Some(why) = unread.take() {
        return Err(Failure::Usage(why));
    }
    let theme = match parsed {
        Some(theme) => theme.map_err(|error| Failure::Usage(error.to_string()))?,
        None => Theme::builtin(name).ok_or_else(|| {
            let known = "auto, dark, light, high-contrast, colour-blind, ansi16";
            Failure::Usage(format!(
                "theme `{name}`: there is no such theme; expected {known}, or a file of that name in the themes folder"
            ))
        })?,
    };
    if !set("NO_COLOR").is_empty() {
        return Ok(Theme::mono());
    }
    let depth = match (set("COLORTERM").as_str(), set("TERM").as_str()) {
        ("truecolor" | "24bit", _) => Depth::True,
        (_, term) if term.contains("direct") || term.contains("kitty") || term.contains("alacritty") => Depth::True,
        (_, term) if term.contains("256") => Depth::Indexed,
        _ => Depth::Ansi16,
    };
    Ok(theme.limited_to(depth))
}

/// The characters to draw in: those that were chosen, else those that this terminal is likely to have.
pub fn glyphs(charts: Charts) -> Glyphs {
    let set = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
    match charts {
        Charts::Braille => Glyphs::Braille,
        Charts::Block => Glyphs::Block,
        Charts::Ascii => Glyphs::Ascii,
        Charts::Auto => {
            let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set);
            likely(locale.as_deref(), &set("TERM").unwrap_or_default())
        }
    }
}

/// What a terminal is likely to have. Without a locale, as in a container, it says nothing of the terminal outside.
fn likely(locale: Option<&str>, term: &str) -> Glyphs {
    let is_utf8 = locale.is_none_or(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    });
    let is_old = |term: &str| {
        let number = term.strip_prefix("vt").unwrap_or_default();
        number.starts_with(|c: char| c.is_ascii_digit()) || ["dumb", "ansi", "cons25"].contains(&term)
    };
    match term.split('-').next().unwrap_or_default() {
        _ if !is_utf8 => Glyphs::Ascii,
        "linux" => Glyphs::Block,
        term if is_old(term) => Glyphs::Ascii,
        _ => Glyphs::Braille,
    }
}

/// Whether a terminal says that its background is light: `0;15`, foreground and background as two of sixteen colours.
/// It is never asked: its answer would come among the keys.
fn is_light(colorfgbg: &str) -> bool {
    matches!(colorfgbg.rsplit(';').next(), Some("7" | "15"))
}

/// The text of a theme; `None` when there is no file of it. What looks like a file is one; a name is looked for among the
/// user's own themes.
fn read(name: &str) -> Result<Option<String>, String> {
    let is_named = is_path(name);
    let own = || folder().map(|folder| folder.join(format!("{name}.toml")));
    let Some(path) = is_named.then(|| PathBuf::from(name)).or_else(own) else { return Ok(None) };
    let refused = |why: String| format!("theme `{name}`: cannot read {}: {why}", path.display());
    let text = match files::read_text(&path, MAX_FILE) {
        Ok(text) => text,
        Err(CannotRead::Missing) => return Ok(None),
        // Nobody put that one there: the folder itself is closed, as to a user with another's `HOME`.
        Err(CannotRead::Denied | CannotRead::Io(_)) if !is_named && Theme::builtin(name).is_some() => return Ok(None),
        Err(why) => return Err(refused(why.to_string())),
    };
    match trust::check(&path) {
        _ if is_named => Ok(Some(text)),
        Ok(Ok(())) => Ok(Some(text)),
        Ok(Err(untrusted)) => Err(refused(format!("{untrusted}; `theme` may name it with its folder"))),
        Err(error) => Err(refused(error.to_string())),
    }
}

/// What looks like a file is one.
fn is_path(name: &str) -> bool {
    name.contains('/') || name.ends_with(".toml")
}

/// The user's own themes.
fn folder() -> Option<PathBuf> {
    let home = || env::var_os("HOME").map(|home| PathBuf::from(home).join(".config"));
    let config = env::var_os("XDG_CONFIG_HOME").map(PathBuf::from).filter(|path| path.is_absolute()).or_else(home)?;
    Some(config.join("stanch").join("themes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_light_background_is_taken_from_what_the_terminal_says() {
        for (said, expected) in
            [("0;15", true), ("0;default;15", true), ("0;7", true), ("15;0", false), ("", false), ("x", false)]
        {
            assert_eq!(is_light(said), expected, "{said}");
        }
    }

    #[test]
    fn characters_are_those_a_terminal_is_likely_to_have() {
        for (locale, term, expected) in [
            (Some("en_US.UTF-8"), "xterm-256color", Glyphs::Braille),
            (Some("C.utf8"), "tmux-256color", Glyphs::Braille),
            (None, "xterm", Glyphs::Braille),
            (None, "", Glyphs::Braille),
            (Some("en_US.UTF-8"), "linux", Glyphs::Block),
            (Some("de_DE.UTF-8"), "linux-16color", Glyphs::Block),
            (Some("C"), "linux", Glyphs::Ascii),
            (Some("POSIX"), "xterm-256color", Glyphs::Ascii),
            (Some("de_DE@euro"), "xterm", Glyphs::Ascii),
            (Some("de_DE.ISO-8859-15"), "xterm", Glyphs::Ascii),
            (Some("en_US.UTF-8"), "vt100", Glyphs::Ascii),
            (Some("en_US.UTF-8"), "vt220-8bit", Glyphs::Ascii),
            (None, "dumb", Glyphs::Ascii),
            (Some("en_US.UTF-8"), "vte-256color", Glyphs::Braille),
        ] {
            assert_eq!(likely(locale, term), expected, "{locale:?} {term}");
        }
    }

    #[test]
    fn a_theme_may_be_a_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("mine.toml");
        std::fs::write(&path, "inherits = \"light\"").expect("written");
        let named = path.to_string_lossy();
        assert!(load(Some(&named)).is_ok());
        assert!(load(Some(&format!("{named}.not"))).is_err());
        assert!(load(Some("./no-such-theme.toml")).is_err());
    }

    #[test]
    fn a_theme_that_cannot_be_read_says_why() {
        #[track_caller]
        fn check(name: &str, expected: &str) {
            let Err(Failure::Usage(error)) = load(Some(name)) else { panic!("{name}: no error") };
            assert_eq!(error, expected);
        }
        let folder = tempfile::tempdir().expect("a folder");
        let child = folder.path().join("child.toml").display().to_string();
        std::fs::write(&child, "inherits = \"/dev/zero\"").expect("written");
        let why = "theme `/dev/zero`: cannot read /dev/zero: it is a pipe or a device; expected an ordinary file";
        check("/dev/zero", why);
        check(&child, "theme `/dev/zero`: `inherits` takes the name of a theme, not a file");
        let here = format!("{}/", folder.path().display());
        check(&here, &format!("theme `{here}`: cannot read {here}: it is a folder"));
    }
}
