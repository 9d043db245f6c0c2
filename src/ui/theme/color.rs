//! Colours as theme files write them, and what becomes of them on terminals that show fewer.

use ratatui::style::Color;

/// How many colours a terminal shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// No colours at all, as `NO_COLOR` wants it.
    None,
    /// Sixteen colours, which the user chose for the terminal.
    Ansi16,
    /// 256 colours, the upper 240 of them the same everywhere.
    Indexed,
    /// 24 bits: each colour as it is written.
    True,
}

const NAMES: [(&str, Color); 18] = [
    ("default", Color::Reset),
    ("black", Color::Black),
    ("red", Color::Red),
    ("green", Color::Green),
    ("yellow", Color::Yellow),
    ("blue", Color::Blue),
    ("magenta", Color::Magenta),
    ("cyan", Color::Cyan),
    ("white", Color::Gray),
    ("gray", Color::DarkGray),
    ("bright-black", Color::DarkGray),
    ("bright-red", Color::LightRed),
    ("bright-green", Color::LightGreen),
    ("bright-yellow", Color::LightYellow),
    ("bright-blue", Color::LightBlue),
    ("bright-magenta", Color::LightMagenta),
    ("bright-cyan", Color::LightCyan),
    ("bright-white", Color::White),
];

/// Reads `#rrggbb`, `#rgb`, a terminal's colour by name (`red`, `bright-red`, `default`) or by number (`0` to `255`).
pub fn parse(text: &str) -> Option<Color> {
    if let Some(hex) = text.strip_prefix('#') {
        if !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let n = u32::from_str_radix(hex, 16).ok()?;
        let byte = |shift: u32| (n >> shift & 0xff) as u8;
        let nibble = |shift: u32| (n >> shift & 0xf) as u8 * 17;
        return match hex.len() {
            6 => Some(Color::Rgb(byte(16), byte(8), byte(0))),
            3 => Some(Color::Rgb(nibble(8), nibble(4), nibble(0))),
            _ => None,
        };
    }
    let named = NAMES.iter().find(|(name, _)| *name == text).map(|(_, color)| *color);
    named.or_else(|| text.parse().ok().map(Color::Indexed))
}

/// Whether light text is readable on it.
pub fn is_dark(color: Color) -> bool {
    luminance(color).is_none_or(|light| light < 0.18)
}

/// Relative luminance of an RGB colour, 0 to 1, as WCAG 2 defines it.
pub(super) fn luminance(color: Color) -> Option<f64> {
    linear(color).map(|[r, g, b]| 0.2126 * r + 0.7152 * g + 0.0722 * b)
}

/// How much lighter one is than the other, 1 to 21, as WCAG 2 defines it; none where it is the terminal's to say.
pub(super) fn contrast(a: Color, b: Color) -> Option<f64> {
    let (a, b) = (luminance(a)? + 0.05, luminance(b)? + 0.05);
    Some((a / b).max(b / a))
}

/// Red, green and blue in linear light, 0 to 1.
pub(super) fn linear(color: Color) -> Option<[f64; 3]> {
    let [r, g, b] = rgb(color)?;
    let channel = |byte: u8| {
        let c = f64::from(byte) / 255.0;
        if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    };
    Some([channel(r), channel(g), channel(b)])
}

/// A colour that is the same everywhere: the first sixteen of the palette are not.
pub(super) fn rgb(color: Color) -> Option<[u8; 3]> {
    const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];
    let step = |n: u8| STEPS[usize::from(n % 6)];
    match color {
        Color::Rgb(r, g, b) => Some([r, g, b]),
        Color::Indexed(n @ 232..) => Some([8 + 10 * (n - 232); 3]),
        Color::Indexed(n @ 16..) => Some([step((n - 16) / 36), step((n - 16) / 6), step(n - 16)]),
        _ => None,
    }
}

/// The nearest of the 6×6×6 cube and the grey ramp of the 256-colour palette that `fits`; of all, when none does.
pub(super) fn nearest_indexed(wanted: [u8; 3], fits: impl Fn(Color) -> bool) -> Color {
    let squared = |(a, b): (u8, u8)| u32::from(a.abs_diff(b)).pow(2);
    let far = |color: &Color| rgb(*color).map(|rgb| rgb.into_iter().zip(wanted).map(squared).sum::<u32>());
    let all = || (16..=u8::MAX).map(Color::Indexed);
    all().filter(|color| fits(*color)).min_by_key(far).or_else(|| all().min_by_key(far)).unwrap_or_default()
}

/// The one of the bright ones among the sixteen that has this hue, or is as light a grey. None for a grey that is neither
/// plain nor bright: dark grey is black on some terminals.
pub(super) fn nearest_bright([r, g, b]: [u8; 3]) -> Option<Color> {
    let [r, g, b] = [r, g, b].map(i32::from);
    let (most, least) = (r.max(g).max(b), r.min(g).min(b));
    let spread = most - least;
    // So dark a colour is hardly seen as one.
    if spread * 4 < most || most < 100 {
        return match most {
            ..180 => None,
            180..230 => Some(Color::Gray),
            _ => Some(Color::White),
        };
    }
    let hue = match most {
        _ if most == r => 60 * (g - b) / spread,
        _ if most == g => 120 + 60 * (b - r) / spread,
        _ => 240 + 60 * (r - g) / spread,
    };
    Some(match (hue + 360) % 360 {
        0..=22 | 340.. => Color::LightRed,
        23..=70 => Color::LightYellow,
        71..=160 => Color::LightGreen,
        161..=205 => Color::LightCyan,
        206..=255 => Color::LightBlue,
        _ => Color::LightMagenta,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<Color>) {
        assert_eq!(parse(text), expected);
    }

    #[test]
    fn colours_are_read() {
        check("#ff8000", Some(Color::Rgb(255, 128, 0)));
        check("#f80", Some(Color::Rgb(255, 136, 0)));
        check("bright-red", Some(Color::LightRed));
        check("default", Some(Color::Reset));
        check("202", Some(Color::Indexed(202)));
        check("256", None);
        check("#ff80", None);
        check("#+f8000", None);
        check("#é12", None);
        check("crimson", None);
    }

    #[test]
    fn nearest_colours() {
        let indexed = |rgb| nearest_indexed(rgb, |_| true);
        assert_eq!(indexed([255, 0, 0]), Color::Indexed(196));
        assert_eq!(indexed([0, 0, 0]), Color::Indexed(16));
        assert_eq!(indexed([128, 128, 128]), Color::Indexed(244));
        assert_eq!(indexed([49, 49, 49]), Color::Indexed(236), "48 is nearer than 58");
        assert_eq!(nearest_indexed([255, 0, 0], |color| color != Color::Indexed(196)), Color::Indexed(160));
        assert_eq!(nearest_indexed([255, 0, 0], |_| false), Color::Indexed(196));
        assert_eq!(nearest_bright([255, 110, 103]), Some(Color::LightRed));
        assert_eq!(nearest_bright([86, 180, 233]), Some(Color::LightCyan));
        assert_eq!(nearest_bright([108, 178, 255]), Some(Color::LightBlue));
        assert_eq!(nearest_bright([240, 243, 246]), Some(Color::White));
        assert_eq!(nearest_bright([58, 66, 78]), None);
    }

    #[test]
    fn what_is_the_same_everywhere_is_known() {
        assert_eq!(rgb(Color::Indexed(15)), None);
        assert_eq!(rgb(Color::Indexed(16)), Some([0, 0, 0]));
        assert_eq!(rgb(Color::Indexed(208)), Some([255, 135, 0]));
        assert_eq!(rgb(Color::Indexed(231)), Some([255, 255, 255]));
        assert_eq!(rgb(Color::Indexed(255)), Some([238, 238, 238]));
    }
}
