//! What becomes of a theme on terminals that show fewer colours: words stay as readable as they were, and what means
//! different things keeps looking different.

use ratatui::style::{Color, Modifier, Style};

use super::{
    Depth, Role, Theme,
    color::{self, contrast},
};

/// Roles that say how something stands: their colours are told apart from one another, and from lines of charts.
const STATES: [Role; 7] =
    [Role::Critical, Role::Warning, Role::Info, Role::Ok, Role::Stale, Role::Change, Role::Accent];

/// The levels of contrast that colours are held to: AAA, AA, and AA for large text, of WCAG 2.1.
const LEVELS: [f64; 3] = [7.0, 4.5, 3.0];

/// What words stand on, as far as it is known.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Paper {
    Dark,
    Light,
    /// That of the terminal, whichever it is.
    Own,
}

impl Theme {
    /// This theme with colours that a terminal of `depth` shows.
    #[must_use]
    pub fn limited_to(&self, depth: Depth) -> Self {
        match depth {
            Depth::True => self.clone(),
            Depth::Indexed => self.in_256(),
            Depth::Ansi16 => self.in_16(),
            Depth::None => Self::mono().drawn_in(self.glyphs),
        }
    }

    /// Each colour becomes the nearest that can be read as well as it could, on the background and on a selected row.
    fn in_256(&self) -> Self {
        let mut theme = self.clone();
        for style in &mut theme.styles {
            style.bg = style.bg.map(|bg| nearest(bg, |_| true));
        }
        let mut taken: Vec<(Color, Color)> = Vec::new();
        for (role, _) in Role::ALL {
            let Some(ink) = self[*role].fg else { continue };
            let papers: Vec<(Color, Color)> = [*role, Role::Background, Role::Selection]
                .iter()
                .filter(|paper| self[*role].bg.is_none() || *paper == role)
                .filter_map(|paper| Some((self[*paper].bg?, theme[*paper].bg?)))
                .collect();
            let is_told_apart = STATES.contains(role) || (0..8).any(|at| Role::series(at) == *role);
            let fits = |color: Color| {
                let is_readable = |(before, now): &(Color, Color)| level(color, *now) >= level(ink, *before);
                let is_apart = |(before, now): &(Color, Color)| *before == ink || *now != color;
                papers.iter().all(is_readable) && (!is_told_apart || taken.iter().all(is_apart))
            };
            let shown = nearest(ink, fits);
            theme.styles[*role as usize].fg = Some(shown);
            taken.extend(is_told_apart.then_some((ink, shown)));
        }
        theme
    }

    /// The user chose the sixteen colours, so few of them can be read on all terminals. On a dark background those are the
    /// bright ones, by hue; elsewhere the inks are those of the theme that is made of the sixteen.
    fn in_16(&self) -> Self {
        let ansi = Self::builtin("ansi16").unwrap_or_else(Self::mono);
        let paper = Paper::of(self[Role::Background].bg);
        let plain = match self[Role::Text].fg {
            Some(ink) if is_beyond_16(ink) => match paper {
                Paper::Dark => color::rgb(ink).and_then(color::nearest_bright).unwrap_or(Color::Gray),
                Paper::Light => Color::Black,
                Paper::Own => Color::Reset,
            },
            ink => ink.unwrap_or_default(),
        };
        let mut theme = self.clone();
        for (role, _) in Role::ALL {
            let style = &mut theme.styles[*role as usize];
            if let Some(ink) = style.fg.filter(|ink| is_beyond_16(*ink)) {
                // By hue, lines of charts would take the colours of state.
                let is_line = (0..8).any(|at| Role::series(at) == *role);
                let bright =
                    color::rgb(ink).filter(|_| paper == Paper::Dark && !is_line).and_then(color::nearest_bright);
                style.fg = Some(match (bright, paper, role) {
                    (Some(bright), ..) => bright,
                    // Of what has no words nothing is lost where it is hardly seen.
                    (None, Paper::Dark, Role::Frame) => Color::DarkGray,
                    (None, ..) => {
                        style.add_modifier |= ansi[*role].add_modifier;
                        paper.ink(ansi[*role].fg.unwrap_or_default(), plain)
                    }
                });
            }
            if style.bg.is_some_and(is_beyond_16) {
                // Sixteen colours have no quiet background, so a selected row is turned inside out instead.
                style.bg = None;
                *style = style.add_modifier(Modifier::REVERSED);
            }
        }
        let bg = match paper {
            Paper::Own => self[Role::Background].bg,
            Paper::Dark => Some(Color::Black),
            Paper::Light => Some(Color::White),
        };
        let bg = self[Role::Background].bg.filter(|bg| !is_beyond_16(*bg)).or(bg);
        theme.styles[Role::Background as usize] = Style { fg: Some(plain), bg, ..Style::new() };
        theme
    }
}

impl Paper {
    fn of(background: Option<Color>) -> Self {
        match background {
            None | Some(Color::Reset) => Self::Own,
            Some(Color::White | Color::Gray) => Self::Light,
            Some(other) if color::is_dark(other) => Self::Dark,
            Some(_) => Self::Light,
        }
    }

    /// What an ink that can be read on any background becomes where it is known which there is.
    fn ink(self, ink: Color, plain: Color) -> Color {
        match (self, ink) {
            (Self::Own, ink) => ink,
            (_, Color::Reset) => plain,
            (Self::Dark, Color::Red) => Color::LightRed,
            (Self::Dark, Color::Magenta) => Color::LightMagenta,
            (Self::Dark, Color::DarkGray) => Color::White,
            (Self::Light, Color::LightBlue) => Color::Blue,
            (Self::Light, Color::LightMagenta) => Color::Magenta,
            (_, ink) => ink,
        }
    }
}

/// A colour that sixteen do not have.
fn is_beyond_16(color: Color) -> bool {
    color::rgb(color).is_some()
}

fn nearest(color: Color, fits: impl Fn(Color) -> bool) -> Color {
    match color {
        Color::Rgb(r, g, b) => color::nearest_indexed([r, g, b], fits),
        other => other,
    }
}

/// The highest level of contrast that two colours have; 0 below all of them, and where the terminal says what they are.
fn level(ink: Color, paper: Color) -> f64 {
    let of = contrast(ink, paper).unwrap_or(0.0);
    LEVELS.into_iter().find(|level| of >= *level).unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::theme::BUILTIN;

    /// The themes that have a background of their own.
    const PAINTED: [&str; 4] = ["dark", "light", "high-contrast", "colour-blind"];

    /// The sixteen colours as terminals have them that show no more.
    const PALETTES: [(&str, [u32; 16]); 4] = [
        (
            "xterm",
            [
                0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5, 0x7f7f7f, 0xff0000,
                0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff,
            ],
        ),
        (
            "the console of Linux",
            [
                0x000000, 0xaa0000, 0x00aa00, 0xaa5500, 0x0000aa, 0xaa00aa, 0x00aaaa, 0xaaaaaa, 0x555555, 0xff5555,
                0x55ff55, 0xffff55, 0x5555ff, 0xff55ff, 0x55ffff, 0xffffff,
            ],
        ),
        (
            "the console of Windows",
            [
                0x0c0c0c, 0xc50f1f, 0x13a10e, 0xc19c00, 0x0037da, 0x881798, 0x3a96dd, 0xcccccc, 0x767676, 0xe74856,
                0x16c60c, 0xf9f1a5, 0x3b78ff, 0xb4009e, 0x61d6d6, 0xf2f2f2,
            ],
        ),
        (
            "GNOME",
            [
                0x000000, 0xcc0000, 0x4e9a06, 0xc4a000, 0x3465a4, 0x75507b, 0x06989a, 0xd3d7cf, 0x555753, 0xef2929,
                0x8ae234, 0xfce94f, 0x729fcf, 0xad7fa8, 0x34e2e2, 0xeeeeec,
            ],
        ),
    ];

    /// The colour of a palette that has this name.
    fn of_palette(palette: &[u32; 16], named: Color) -> Color {
        const NAMED: [Color; 16] = [
            Color::Black,
            Color::Red,
            Color::Green,
            Color::Yellow,
            Color::Blue,
            Color::Magenta,
            Color::Cyan,
            Color::Gray,
            Color::DarkGray,
            Color::LightRed,
            Color::LightGreen,
            Color::LightYellow,
            Color::LightBlue,
            Color::LightMagenta,
            Color::LightCyan,
            Color::White,
        ];
        let at = NAMED.iter().position(|known| *known == named).unwrap_or_else(|| panic!("{named:?} is not known"));
        Color::from_u32(palette[at])
    }

    fn with_words() -> impl Iterator<Item = (Role, &'static str)> {
        Role::ALL.iter().copied().filter(|(role, _)| *role != Role::Frame)
    }

    #[test]
    fn without_colours_there_are_none() {
        for (name, _) in BUILTIN {
            let theme = Theme::builtin(name).expect(name).limited_to(Depth::None);
            assert!(theme.styles.iter().all(|style| style.fg.is_none() && style.bg.is_none()), "{name}");
        }
        assert!(Theme::mono()[Role::Selection].add_modifier.contains(Modifier::REVERSED));
    }

    #[test]
    fn of_sixteen_colours_those_that_can_be_read_are_taken() {
        for name in PAINTED {
            let theme = Theme::builtin(name).expect(name).limited_to(Depth::Ansi16);
            let paper = theme[Role::Background].bg.expect("a background");
            assert_eq!(paper, if name == "light" { Color::White } else { Color::Black }, "{name}");
            let frame = theme[Role::Frame];
            let quiet = frame.fg == Some(Color::DarkGray) || frame.add_modifier.contains(Modifier::DIM);
            assert!(quiet || name == "high-contrast", "{name}: the frames are {frame:?}");
            for (role, word) in with_words() {
                let ink = theme[role].fg.or(theme[Role::Text].fg).expect("a colour");
                for (terminal, palette) in &PALETTES {
                    let ratio = contrast(of_palette(palette, ink), of_palette(palette, paper)).expect("colours");
                    assert!(ratio >= 3.0, "{name}: {word} has {ratio:.2} on {terminal}");
                }
            }
        }
    }

    #[test]
    fn of_256_colours_those_are_taken_that_can_be_read_as_well() {
        for (name, least) in [("dark", 4.5), ("light", 4.5), ("high-contrast", 7.0), ("colour-blind", 4.5)] {
            let theme = Theme::builtin(name).expect(name).limited_to(Depth::Indexed);
            for paper in [Role::Background, Role::Selection].map(|role| theme[role].bg.expect("a background")) {
                for (role, word) in with_words().filter(|(role, _)| theme[*role].bg.is_none_or(|bg| bg == paper)) {
                    let ink = theme[role].fg.or(theme[Role::Text].fg).expect("a colour");
                    assert!(matches!(ink, Color::Indexed(16..)), "{name}: {word} is {ink:?}");
                    let ratio = contrast(ink, paper).expect("colours");
                    assert!(ratio >= least, "{name}: {word} has {ratio:.2}");
                }
            }
        }
    }

    #[test]
    fn states_stay_apart() {
        for name in PAINTED {
            let theme = Theme::builtin(name).expect(name);
            let (many, few) = (theme.limited_to(Depth::Indexed), theme.limited_to(Depth::Ansi16));
            for (at, a) in STATES.iter().enumerate() {
                for b in &STATES[at + 1..] {
                    // What is old is set in italics as well.
                    let has_colour = name == "colour-blind" || [*a, *b] != [Role::Info, Role::Stale];
                    let looks = |theme: &Theme, role: Role| Style {
                        add_modifier: theme[role].add_modifier
                            & if has_colour { Modifier::empty() } else { Modifier::all() },
                        ..theme[role]
                    };
                    assert_ne!(looks(&theme, *a), looks(&theme, *b), "{name}: {a:?} and {b:?}");
                    assert_ne!(looks(&many, *a), looks(&many, *b), "{name} in 256 colours: {a:?} and {b:?}");
                    // What fires and is not bad looks like what is well where neither has a colour; it says what it is.
                    if [*a, *b] != [Role::Info, Role::Ok] {
                        assert_ne!(few[*a], few[*b], "{name} in 16 colours: {a:?} and {b:?}");
                    }
                }
                for line in (0..8).map(Role::series) {
                    assert_ne!(many[*a].fg, many[line].fg, "{name} in 256 colours: {a:?} and {line:?}");
                }
            }
            for (a, b) in (0..8).flat_map(|a| (0..a).map(move |b| (Role::series(a), Role::series(b)))) {
                assert_ne!(many[a].fg, many[b].fg, "{name} in 256 colours: {a:?} and {b:?}");
            }
        }
    }

    #[test]
    fn what_a_theme_names_of_the_sixteen_it_keeps() {
        let own = "[roles]\nbackground = { bg = '#1e2030' }\ntext = 'magenta'\nok = '202'\nstale = '#808080'";
        let theme = Theme::parse("own", own, &|_| None).expect("a theme").limited_to(Depth::Ansi16);
        assert_eq!(theme[Role::Background].bg, Some(Color::Black), "a blue so dark is no blue");
        assert_eq!((theme[Role::Text].fg, theme[Role::Ok].fg), (Some(Color::Magenta), Some(Color::LightRed)));
        assert_eq!(theme[Role::Stale].fg, Some(Color::Magenta), "as plain text, and dim");
        // On the background of the terminal, which nobody knows, hues are not safe.
        let own = "[roles]\ntext = '#ffffff'\nok = '#00ff00'\nwarning = '#ffff00'";
        let theme = Theme::parse("own", own, &|_| None).expect("a theme").limited_to(Depth::Ansi16);
        assert_eq!((theme[Role::Background].bg, theme[Role::Text].fg), (None, Some(Color::Reset)));
        assert_eq!((theme[Role::Ok].fg, theme[Role::Warning].fg), (Some(Color::Reset), Some(Color::Magenta)));
    }
}
