//! Colours by meaning: a pane asks for [`Role::Critical`] and never for red.
//!
//! A theme is a table from [`Role`] to style, read from TOML by [`Theme::parse`]. Five are built in. Files are not
//! opened here; whoever does hands in their text.

pub mod color;
mod limited;
mod parse;

use std::ops::Index;

pub use color::Depth;
use ratatui::style::{Modifier, Style};

use crate::{base::toml::Diagnostic, ui::glyphs::Glyphs};

macro_rules! roles {
    ($($role:ident $name:literal $doc:literal,)*) => {
        /// The meaning a style has.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Role { $(#[doc = $doc] $role,)* }

        impl Role {
            /// Every role with its name in theme files, in order of its number.
            pub const ALL: &'static [(Role, &'static str)] = &[$((Role::$role, $name),)*];
        }
    };
}

roles! {
    Background "background" "What everything stands on; the only role that paints a whole screen.",
    Text "text" "Plain text.",
    Strong "strong" "The newest value, the leading row: what is read first.",
    Dim "dim" "What is not news: axis labels, times, units, help.",
    Frame "frame" "Lines around panes.",
    Title "title" "The title in the line of a frame.",
    Focus "focus" "The frame and title of the pane that has the keys.",
    Selection "selection" "The selected row.",
    Accent "accent" "The coach's next step.",
    Key "key" "The name of a key.",
    Critical "critical" "Users are hurt; a critical alert; a value beyond its worst threshold.",
    Warning "warning" "A warning.",
    Info "info" "Something that fires and is not bad.",
    Ok "ok" "In range; stanched.",
    Stale "stale" "Old data, and the words that say so.",
    Change "change" "A deploy, a flag flip; its mark on the axis.",
    Series1 "series1" "A line of a chart.",
    Series2 "series2" "A line of a chart.",
    Series3 "series3" "A line of a chart.",
    Series4 "series4" "A line of a chart.",
    Series5 "series5" "A line of a chart.",
    Series6 "series6" "A line of a chart.",
    Series7 "series7" "A line of a chart.",
    Series8 "series8" "A line of a chart.",
}

impl Role {
    /// The role of the `at`-th line of a chart; there are eight, then they start again.
    pub fn series(at: usize) -> Self {
        const SERIES: [Role; 8] = [
            Role::Series1,
            Role::Series2,
            Role::Series3,
            Role::Series4,
            Role::Series5,
            Role::Series6,
            Role::Series7,
            Role::Series8,
        ];
        SERIES[at % SERIES.len()]
    }
}

/// The text of the themes that come with the program, by name.
pub const BUILTIN: [(&str, &str); 5] = [
    ("dark", include_str!("../../themes/dark.toml")),
    ("light", include_str!("../../themes/light.toml")),
    ("high-contrast", include_str!("../../themes/high-contrast.toml")),
    ("colour-blind", include_str!("../../themes/colour-blind.toml")),
    ("ansi16", include_str!("../../themes/ansi16.toml")),
];

/// A style for every role: `theme[Role::Critical]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Theme {
    styles: [Style; Role::ALL.len()],
    glyphs: Glyphs,
}

impl Index<Role> for Theme {
    type Output = Style;

    fn index(&self, role: Role) -> &Style {
        &self.styles[role as usize]
    }
}

impl Default for Theme {
    /// The theme `dark`; no colours should that be broken.
    fn default() -> Self {
        Self::builtin("dark").unwrap_or_else(Self::mono)
    }
}

impl Theme {
    /// The theme of that name that comes with the program; `None` if there is none.
    pub fn builtin(name: &str) -> Option<Self> {
        let (name, text) = BUILTIN.iter().find(|(known, _)| *known == name)?;
        Self::parse(name, text, &|_| None).ok()
    }

    /// Reads a theme. `name` is what errors call it, and the theme a file of this name takes the place of. Themes it
    /// inherits from are looked up with `resolve` first, then among those built in; a file that inherits from its own
    /// name means the built-in one.
    pub fn parse(name: &str, text: &str, resolve: &dyn Fn(&str) -> Option<String>) -> Result<Self, Diagnostic> {
        parse::theme(name, text, resolve)
    }

    /// A theme without colours, for `NO_COLOR` and terminals without them: bold, dim, underline and reverse only.
    pub fn mono() -> Self {
        let mut theme = Self { styles: [Style::new(); Role::ALL.len()], glyphs: Glyphs::default() };
        for (role, _) in Role::ALL {
            let modifier = match role {
                Role::Strong | Role::Focus | Role::Accent | Role::Critical | Role::Warning => Modifier::BOLD,
                Role::Dim | Role::Frame | Role::Stale => Modifier::DIM,
                Role::Selection => Modifier::REVERSED,
                Role::Key => Modifier::UNDERLINED,
                _ => Modifier::empty(),
            };
            theme.styles[*role as usize] = Style::new().add_modifier(modifier);
        }
        theme
    }

    /// This theme on a terminal that has these characters.
    #[must_use]
    pub fn drawn_in(self, glyphs: Glyphs) -> Self {
        Self { glyphs, ..self }
    }

    /// The characters it is drawn in.
    pub fn glyphs(&self) -> Glyphs {
        self.glyphs
    }
}

#[cfg(test)]
mod tests {
    use ratatui::style::Color;

    use super::*;

    /// The themes that have a background of their own, and how much lighter than it words must be: as WCAG 2.1 has it at
    /// level AA, and AAA where the theme promises it.
    const CONTRASTS: [(&str, f64); 4] = [("dark", 4.5), ("light", 4.5), ("high-contrast", 7.0), ("colour-blind", 4.5)];

    /// All roles but the lines around panes carry words; those of lines in charts do in legends.
    fn with_words() -> impl Iterator<Item = (Role, &'static str)> {
        Role::ALL.iter().copied().filter(|(role, _)| *role != Role::Frame)
    }

    #[test]
    fn words_can_be_read_on_the_background_and_on_a_selected_row() {
        for (name, least) in CONTRASTS {
            let theme = Theme::builtin(name).expect(name);
            let papers = [Role::Background, Role::Selection].map(|role| theme[role].bg.expect("a background"));
            for (role, role_name) in with_words() {
                let ink = theme[role].fg.or(theme[Role::Text].fg).expect("a colour");
                for paper in papers {
                    let ratio = color::contrast(ink, theme[role].bg.unwrap_or(paper)).expect("colours of its own");
                    assert!(ratio >= least || theme[role].bg == Some(paper), "{name}: {role_name} {ratio:.2}");
                }
            }
        }
    }

    #[test]
    fn sixteen_colours_can_be_read_on_white_and_on_black() {
        // As xterm has them, which are the brightest around: (colour, luminance).
        const XTERM: [(Color, f64); 6] = [
            (Color::Red, 0.129),
            (Color::Magenta, 0.174),
            (Color::DarkGray, 0.212),
            (Color::LightRed, 0.213),
            (Color::LightBlue, 0.164),
            (Color::LightMagenta, 0.285),
        ];
        let theme = Theme::builtin("ansi16").expect("built in");
        for (role, role_name) in with_words() {
            let Some(fg) = theme[role].fg.filter(|fg| *fg != Color::Reset) else { continue };
            let known = XTERM.iter().find(|(color, _)| *color == fg);
            let (_, luminance) = known.unwrap_or_else(|| panic!("{role_name}: {fg:?} cannot be read everywhere"));
            let (on_white, on_black) = (1.05 / (luminance + 0.05), (luminance + 0.05) / 0.05);
            assert!(on_white >= 3.0 && on_black >= 3.0, "{role_name}: {on_white:.1} on white, {on_black:.1} on black");
        }
    }

    #[test]
    fn no_two_meanings_have_one_colour_in_the_theme_for_the_colour_blind() {
        let theme = Theme::builtin("colour-blind").expect("built in");
        let series = (0..8).map(Role::series);
        // The next step, its key, and where the keys go are one meaning: what a key does next.
        let theirs = [Role::Focus, Role::Key].map(|role| theme[role].fg);
        assert_eq!(theirs, [theme[Role::Accent].fg; 2]);
        let meanings = [Role::Critical, Role::Warning, Role::Info, Role::Ok, Role::Stale, Role::Change, Role::Accent];
        let roles: Vec<Role> = meanings.into_iter().chain(series).collect();
        for (at, a) in roles.iter().enumerate() {
            for b in &roles[at + 1..] {
                assert_ne!(theme[*a].fg, theme[*b].fg, "{a:?} and {b:?}");
            }
        }
    }

    /// What a person without green (or red) cones sees, after Viénot, Brettel and Mollon (1999), in linear light.
    fn seen(color: Color, deuteranopia: bool) -> [f64; 3] {
        let [r, g, b] = color::linear(color).expect("an RGB colour");
        if deuteranopia {
            let rg = 0.29275 * r + 0.70725 * g;
            [rg, rg, -0.02234 * r + 0.02234 * g + b]
        } else {
            let rg = 0.11238 * r + 0.88762 * g;
            [rg, rg, 0.00401 * r - 0.00401 * g + b]
        }
    }

    #[test]
    fn states_are_told_apart_without_red_or_green() {
        let theme = Theme::builtin("colour-blind").expect("built in");
        let roles = [Role::Critical, Role::Warning, Role::Ok, Role::Stale];
        for deuteranopia in [true, false] {
            for (i, a) in roles.iter().enumerate() {
                for b in &roles[i + 1..] {
                    let (x, y) = (seen(theme[*a].fg.unwrap(), deuteranopia), seen(theme[*b].fg.unwrap(), deuteranopia));
                    let far = x.iter().zip(y).map(|(x, y)| (x.sqrt() - y.max(0.0).sqrt()).powi(2)).sum::<f64>().sqrt();
                    assert!(far > 0.2, "{a:?} and {b:?} look alike: {far:.2}");
                }
            }
        }
    }
}
