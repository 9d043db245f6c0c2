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

/// The nearest colour a terminal of this depth shows; `dark` says what the colour stands on.
pub fn limit(color: Color, depth: Depth, dark: bool) -> Color {
    let Color::Rgb(r, g, b) = color else { return color };
    match depth {
        Depth::True => color,
        Depth::Indexed => Color::Indexed(nearest_indexed([r, g, b])),
        Depth::Ansi16 => nearest_named([r, g, b], dark),
        Depth::None => Color::Reset,
    }
}

/// Whether light text is readable on it.
pub fn is_dark(color: Color) -> bool {
    luminance(color).is_none_or(|light| light < 0.18)
}

/// Relative luminance of an RGB colour, 0 to 1, as WCAG 2 defines it.
pub(super) fn luminance(color: Color) -> Option<f64> {
    linear(color).map(|[r, g, b]| 0.2126 * r + 0.7152 * g + 0.0722 * b)
}

/// Red, green and blue in linear light, 0 to 1.
pub(super) fn linear(color: Color) -> Option<[f64; 3]> {
    let Color::Rgb(r, g, b) = color else { return None };
    let channel = |byte: u8| {
        let c = f64::from(byte) / 255.0;
        if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    };
    Some([channel(r), channel(g), channel(b)])
}

/// The nearest of the 6×6×6 cube and the grey ramp of the 256-colour palette.
fn nearest_indexed(rgb: [u8; 3]) -> u8 {
    const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];
    let far = |a: [u8; 3]| a.iter().zip(rgb).map(|(a, b)| (i32::from(*a) - i32::from(b)).pow(2)).sum::<i32>();
    let level = |c: u8| (0..6).min_by_key(|i| STEPS[usize::from(*i)].abs_diff(c)).unwrap_or(0u8);
    let [r, g, b] = rgb.map(level);
    let cube = [r, g, b].map(|i| STEPS[usize::from(i)]);
    let mean = rgb.iter().map(|c| u32::from(*c)).sum::<u32>() / 3;
    let ramp = (mean.saturating_sub(8).div_ceil(10)).min(23) as u8;
    let grey = [8 + 10 * ramp; 3];
    if far(grey) < far(cube) { 232 + ramp } else { 16 + 36 * r + 6 * g + b }
}

/// The nearest of the sixteen by hue; greys by lightness, kept off the background.
fn nearest_named(rgb: [u8; 3], dark: bool) -> Color {
    let [r, g, b] = rgb.map(i32::from);
    let (most, least) = (r.max(g).max(b), r.min(g).min(b));
    let spread = most - least;
    if spread * 3 < most || most < 40 {
        return match (most, dark) {
            (..50, true) => Color::Black,
            (..180, true) => Color::DarkGray,
            (..230, true) => Color::Gray,
            (_, true) => Color::White,
            (..70, false) => Color::Black,
            (..240, false) => Color::DarkGray,
            (_, false) => Color::White,
        };
    }
    let hue = match most {
        _ if most == r => 60 * (g - b) / spread,
        _ if most == g => 120 + 60 * (b - r) / spread,
        _ => 240 + 60 * (r - g) / spread,
    };
    let bright = dark && most > 200;
    match ((hue + 360) % 360, bright) {
        (0..=22 | 340.., false) => Color::Red,
        (0..=22 | 340.., true) => Color::LightRed,
        (23..=70, false) => Color::Yellow,
        (23..=70, true) => Color::LightYellow,
        (71..=160, false) => Color::Green,
        (71..=160, true) => Color::LightGreen,
        (161..=195, false) => Color::Cyan,
        (161..=195, true) => Color::LightCyan,
        (196..=255, false) => Color::Blue,
        (196..=255, true) => Color::LightBlue,
        (_, false) => Color::Magenta,
        (_, true) => Color::LightMagenta,
    }
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
        assert_eq!(nearest_indexed([255, 0, 0]), 196);
        assert_eq!(nearest_indexed([0, 0, 0]), 16);
        assert_eq!(nearest_indexed([128, 128, 128]), 244);
        assert_eq!(nearest_named([255, 110, 103], true), Color::LightRed);
        assert_eq!(nearest_named([170, 20, 20], false), Color::Red);
        assert_eq!(nearest_named([60, 66, 74], true), Color::DarkGray);
    }
}
