//! Theme files: `inherits`, `[palette]` (names for colours) and `[roles]` (styles by meaning).
//!
//! A role is a colour, or a table with `fg`, `bg`, `bold`, `dim`, `italic`, `underline`, `reverse`. A theme that
//! inherits may give just another palette: the roles of its parent then use those colours. Errors name file, line and
//! column, and what would have been right.

use std::{collections::BTreeMap, ops::Range, path::Path};

use ratatui::style::{Color, Modifier, Style};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{BUILTIN, Role, Theme, color};
use crate::{
    base::toml::{
        Diagnostic,
        types::{self, WrongType},
    },
    ui::glyphs::Glyphs,
};

/// How many themes may inherit from one another.
const MAX_DEPTH: usize = 8;

/// One file, not yet put together with those it inherits from.
struct Sheet {
    name: String,
    text: String,
    inherits: Option<(String, Range<usize>)>,
    palette: BTreeMap<String, Color>,
    roles: Vec<(Role, Draft)>,
}

/// A style whose colours may be names of the palette, with the place of each.
#[derive(Clone, Default)]
struct Draft {
    fg: Option<(String, Range<usize>)>,
    bg: Option<(String, Range<usize>)>,
    modifier: Modifier,
}

pub(super) fn theme(name: &str, text: &str, resolve: &dyn Fn(&str) -> Option<String>) -> Result<Theme, Diagnostic> {
    let mut sheets = vec![Sheet::read(name, text)?];
    while let Some((parent, at)) = sheets.last().and_then(|sheet| sheet.inherits.clone()) {
        let child = &sheets[sheets.len() - 1];
        if sheets.len() == MAX_DEPTH {
            return Err(child.error(&at, "too many themes inherit from one another, or in a circle"));
        }
        let own = || BUILTIN.iter().find(|(known, _)| *known == parent).map(|(_, text)| (*text).to_owned());
        let found = if parent == child.name { own() } else { resolve(&parent).or_else(own) };
        let Some(text) = found else {
            let known: Vec<_> = BUILTIN.iter().map(|(name, _)| *name).collect();
            return Err(child.error(&at, &format!("no theme `{parent}`; built in are {}", known.join(", "))));
        };
        sheets.push(Sheet::read(&parent, &text)?);
    }
    let mut palette = BTreeMap::new();
    let mut theme = Theme { styles: [Style::new(); Role::ALL.len()], glyphs: Glyphs::default() };
    // From the eldest to the youngest, so that the youngest has the last word; the palette is complete before any role
    // asks for a colour.
    for sheet in sheets.iter().rev() {
        palette.extend(sheet.palette.iter().map(|(name, color)| (name.as_str(), *color)));
    }
    for sheet in sheets.iter().rev() {
        for (role, draft) in &sheet.roles {
            let color = |wanted: &Option<(String, Range<usize>)>| match wanted {
                None => Ok(None),
                Some((text, at)) => {
                    let found = palette.get(text.as_str()).copied().or_else(|| color::parse(text));
                    found.map(Some).ok_or_else(|| sheet.error(at, &unknown_color(text)))
                }
            };
            theme.styles[*role as usize] =
                Style { fg: color(&draft.fg)?, bg: color(&draft.bg)?, ..Style::new().add_modifier(draft.modifier) };
        }
    }
    Ok(theme)
}

impl Sheet {
    fn read(name: &str, text: &str) -> Result<Self, Diagnostic> {
        let mut sheet = Self {
            name: name.to_owned(),
            text: text.to_owned(),
            inherits: None,
            palette: BTreeMap::new(),
            roles: Vec::new(),
        };
        let table = DeTable::parse(text)
            .map_err(|error| sheet.error(&error.span().unwrap_or_default(), error.message().trim()))?;
        for (key, value) in table.get_ref() {
            match key.get_ref().as_ref() {
                "inherits" => sheet.inherits = Some((sheet.string(value)?, value.span())),
                "palette" => sheet.read_palette(sheet.table(value)?)?,
                "roles" => sheet.read_roles(sheet.table(value)?)?,
                other => {
                    let message = format!("unknown key `{other}`; expected inherits, palette or roles");
                    return Err(sheet.error(&key.span(), &message));
                }
            }
        }
        Ok(sheet)
    }

    fn read_palette(&mut self, table: &DeTable<'_>) -> Result<(), Diagnostic> {
        for (key, value) in table {
            let text = self.string(value)?;
            let color = color::parse(&text).ok_or_else(|| self.error(&value.span(), &unknown_color(&text)))?;
            self.palette.insert(key.get_ref().to_string(), color);
        }
        Ok(())
    }

    fn read_roles(&mut self, table: &DeTable<'_>) -> Result<(), Diagnostic> {
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            let Some((role, _)) = Role::ALL.iter().find(|(_, known)| *known == name) else {
                let known: Vec<_> = Role::ALL.iter().map(|(_, name)| *name).collect();
                return Err(self.error(&key.span(), &format!("unknown role `{name}`; roles are {}", known.join(", "))));
            };
            let draft = self.draft(value)?;
            self.roles.push((*role, draft));
        }
        Ok(())
    }

    fn draft(&self, value: &Spanned<DeValue<'_>>) -> Result<Draft, Diagnostic> {
        let mut draft = Draft::default();
        let DeValue::Table(table) = value.get_ref() else {
            draft.fg = Some((self.string(value)?, value.span()));
            return Ok(draft);
        };
        for (key, value) in table {
            let modifier = match key.get_ref().as_ref() {
                "fg" => {
                    draft.fg = Some((self.string(value)?, value.span()));
                    continue;
                }
                "bg" => {
                    draft.bg = Some((self.string(value)?, value.span()));
                    continue;
                }
                "bold" => Modifier::BOLD,
                "dim" => Modifier::DIM,
                "italic" => Modifier::ITALIC,
                "underline" => Modifier::UNDERLINED,
                "reverse" => Modifier::REVERSED,
                other => {
                    let message =
                        format!("unknown key `{other}`; expected fg, bg, bold, dim, italic, underline or reverse");
                    return Err(self.error(&key.span(), &message));
                }
            };
            let on = types::boolean(value.get_ref()).map_err(|wrong| self.wrong(value, &wrong))?;
            draft.modifier.set(modifier, on);
        }
        Ok(draft)
    }

    fn string(&self, value: &Spanned<DeValue<'_>>) -> Result<String, Diagnostic> {
        types::string(value.get_ref()).map(str::to_owned).map_err(|wrong| self.wrong(value, &wrong))
    }

    fn table<'t, 'i>(&self, value: &'t Spanned<DeValue<'i>>) -> Result<&'t DeTable<'i>, Diagnostic> {
        types::table(value.get_ref()).map_err(|wrong| self.wrong(value, &wrong))
    }

    fn wrong(&self, value: &Spanned<DeValue<'_>>, wrong: &WrongType) -> Diagnostic {
        self.error(&value.span(), &format!("expected {}", wrong.expected))
    }

    fn error(&self, at: &Range<usize>, message: &str) -> Diagnostic {
        Diagnostic::at(Path::new(&self.name), &self.text, at.start, message)
    }
}

fn unknown_color(text: &str) -> String {
    format!("unknown colour `{text}`; expected a name of the palette, #rrggbb, red, bright-red, default or 0 to 255")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Theme, Diagnostic> {
        theme("mine", text, &|name| (name == "parent").then(|| PARENT.to_owned()))
    }

    const PARENT: &str = "[palette]\nink = '#112233'\n[roles]\ntext = 'ink'\nok = { fg = 'green', bold = true }\n";

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let error = read(text).expect_err("an error").to_string();
        assert!(error.starts_with(expected), "{error}");
    }

    #[test]
    fn built_in_themes_give_every_role_but_the_background_a_style() {
        for (name, text) in BUILTIN {
            let theme = theme(name, text, &|_| None).unwrap_or_else(|error| panic!("{error}"));
            for (role, word) in &Role::ALL[1..] {
                assert_ne!(theme[*role], Style::new(), "{name} says nothing about {word}");
            }
        }
    }

    #[test]
    fn a_child_may_change_only_the_palette() {
        let theme = read("inherits = 'parent'\n[palette]\nink = '#445566'").expect("a theme");
        assert_eq!(theme[Role::Text].fg, Some(Color::Rgb(0x44, 0x55, 0x66)));
        assert_eq!(theme[Role::Ok], Style::new().fg(Color::Green).add_modifier(Modifier::BOLD));
    }

    #[test]
    fn a_file_named_like_a_built_in_theme_builds_on_it() {
        let theme =
            theme("dark", "inherits = 'dark'\n[roles]\ntext = 'magenta'", &|_| panic!("itself")).expect("a theme");
        assert_eq!(theme[Role::Text].fg, Some(Color::Magenta));
        assert_eq!(theme[Role::Ok], Theme::default()[Role::Ok]);
    }

    #[test]
    fn errors_name_the_place() {
        check("[roles]\ncritcal = 'red'", "mine:2:1: unknown role `critcal`; roles are background, text");
        check("[roles]\ntext = 'inkk'", "mine:2:8: unknown colour `inkk`");
        check("[roles]\ntext = \"\\u001b]0;x\\u0007\\tink\"", "mine:2:8: unknown colour `]0;x ink`");
        check("[roles]\ntext = { fg = 'red', blink = true }", "mine:2:22: unknown key `blink`");
        check("[roles]\ntext = { bold = 1 }", "mine:2:17: expected true or false");
        check("[palette]\n\nink = 3", "mine:3:7: expected a string");
        check("inherits = 'nobody'", "mine:1:12: no theme `nobody`; built in are dark");
        check("colors = 1", "mine:1:1: unknown key `colors`");
        check("[roles\n", "mine:1:7: ");
    }

    #[test]
    fn a_circle_ends() {
        let error = theme("a", "inherits = 'b'", &|name| {
            Some(if name == "b" { "inherits = 'a'".into() } else { "inherits = 'b'".to_owned() })
        })
        .expect_err("a circle");
        assert!(error.message.contains("circle"), "{error}");
    }
}
