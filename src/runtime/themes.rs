//! Loads the theme that is drawn with: the one named, from the user's folder if it is there, else built in; in as many colours as
//! the terminal says it has.
#![expect(clippy::disallowed_methods, reason = "themes come from files, colours from the environment")]

use std::{env, fs, path::PathBuf};

use crate::{
    failure::Failure,
    ui::theme::{Depth, Theme},
};

/// The theme of this name, fit for this terminal. `NO_COLOR` leaves only bold, dim, underline and reverse.
pub fn load(name: Option<&str>) -> Result<Theme, Failure> {
    let set = |name: &str| env::var(name).unwrap_or_default();
    let name = name.unwrap_or("dark");
    let read = |name: &str| fs::read_to_string(path(name)?).ok();
    let theme = match read(name) {
        Some(text) => Theme::parse(name, &text, &read).map_err(|error| Failure::Usage(error.to_string()))?,
        None => Theme::builtin(name).ok_or_else(|| {
            let known = "dark, light, high-contrast, colour-blind, ansi16";
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

/// What looks like a file is one; a name is looked for among the user's own themes.
fn path(name: &str) -> Option<PathBuf> {
    let is_file = name.contains('/') || name.ends_with(".toml");
    if is_file { Some(PathBuf::from(name)) } else { folder().map(|folder| folder.join(format!("{name}.toml"))) }
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
    fn a_theme_may_be_a_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("mine.toml");
        fs::write(&path, "inherits = \"light\"").expect("written");
        let named = path.to_string_lossy();
        assert!(load(Some(&named)).is_ok());
        assert!(load(Some(&format!("{named}.not"))).is_err());
        assert!(load(Some("./no-such-theme.toml")).is_err());
    }
}
