//! Colours as Grafana names them, in its dark theme: <https://grafana.com/docs/grafana/latest/developers/visualization/>.

mod names;
mod scale;
mod series;

use self::names::{BROWSER, HUES, PLACES, SHADES};
pub use self::{scale::of_part, series::of_series};

/// The colour where none is known.
pub const FALLBACK: &str = "#808080";
const BLACK: &str = "#000000";

/// A colour as `#rrggbb`, with two more digits where it is not opaque. What begins with `#` stays as it is, in small
/// letters; no name at all is [`FALLBACK`], and an unknown one is black.
pub fn hex(name: &str) -> String {
    if name.is_empty() {
        return FALLBACK.to_owned();
    }
    if name.starts_with('#') {
        return name.to_lowercase();
    }
    let named = |table: &[(&str, &'static str)], name: &str| {
        table.iter().find(|(known, _)| *known == name).map(|(_, hex)| *hex)
    };
    let shade = || {
        let (hue, shades) = HUES.iter().find(|(hue, _)| name.ends_with(hue))?;
        let before = name.strip_suffix(hue)?;
        SHADES.iter().zip(shades).find(|(shade, _)| **shade == before).map(|(_, hex)| *hex)
    };
    shade()
        .or_else(|| named(&PLACES, name))
        .or_else(|| named(&BROWSER, &name.to_lowercase()))
        .map_or_else(|| function(name).unwrap_or_else(|| BLACK.to_owned()), str::to_owned)
}

/// Reads `rgb(1, 2, 3)`, `rgba(1, 2, 3, 0.5)` and the same with percent.
fn function(written: &str) -> Option<String> {
    let written = written.trim().to_lowercase();
    let inside = written.strip_prefix("rgba").or_else(|| written.strip_prefix("rgb"))?;
    let parts: Vec<&str> = inside.split(|c: char| "(), ".contains(c)).filter(|part| !part.is_empty()).collect();
    let number = |part: &str| part.parse::<f64>().ok().filter(|number| number.is_finite());
    let channel = |part: &str| {
        let of_255 = match part.strip_suffix('%') {
            Some(percent) => number(percent)? * 2.55,
            None => number(part)?,
        };
        // A float becomes an integer within its bounds.
        Some(of_255.round() as u8)
    };
    let ([red, green, blue], alpha) = match parts.as_slice() {
        [red, green, blue] => ([red, green, blue], 1.0),
        [red, green, blue, alpha] => ([red, green, blue], number(alpha)?),
        _ => return None,
    };
    let rgb = format!("#{:02x}{:02x}{:02x}", channel(red)?, channel(green)?, channel(blue)?);
    Some(if (0.0..1.0).contains(&alpha) { format!("{rgb}{:02x}", (alpha * 255.0).round() as u8) } else { rgb })
}

/// Red, green and blue, each up to 255, of `#rrggbb` or `#rgb`.
fn channels(hex: &str) -> [f64; 3] {
    let short = hex.len() < 6;
    [0, 1, 2].map(|channel| {
        let digits = if short { hex.get(1 + channel..2 + channel) } else { hex.get(1 + 2 * channel..3 + 2 * channel) };
        let value = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()).map_or(0.0, f64::from);
        if short { value * 17.0 } else { value }
    })
}

/// The opposite.
fn hex_of(channels: [f64; 3]) -> String {
    let [red, green, blue] = channels.map(|channel| channel.round().clamp(0.0, 255.0) as u8);
    format!("#{red:02x}{green:02x}{blue:02x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_numbers_of_the_dark_theme() {
        for (name, number) in [
            ("semi-dark-red", "#e02f44"),
            ("green", "#73bf69"),
            ("super-light-purple", "#deb6f2"),
            ("text", "#ccccdc"),
            ("transparent", "#00000000"),
            ("panel-bg", "#181b1f"),
            ("Red", "#ff0000"),
            ("rebeccapurple", "#663399"),
            ("#ABC", "#abc"),
            ("rgba(50, 172, 45, 0.97)", "#32ac2df7"),
            ("rgb(10%, 20%, 30%)", "#1a334d"),
            ("rgba(255,255,255,1)", "#ffffff"),
            ("", "#808080"),
            ("nothing", "#000000"),
            ("rgb(1, 2)", "#000000"),
        ] {
            assert_eq!(hex(name), number, "{name}");
        }
    }

    #[test]
    fn a_series_has_its_colour_by_the_mode() {
        for (mode, index, color) in [
            ("palette-classic", 65, Some("semi-dark-yellow")),
            ("palette-classic-by-name", 65, Some("super-light-yellow")),
            ("palette-colorblind", 8, Some("#0072B2")),
            ("shades", 0, Some("blue")),
            ("shades", 3, Some("#75a9ff")),
            ("shades", 4, Some("#207cee")),
            ("fixed", 7, Some("blue")),
            ("thresholds", 0, None),
            ("continuous-reds", 0, None),
        ] {
            assert_eq!(of_series(mode, index, "up", Some("blue")).as_deref(), color, "{mode}");
        }
    }

    #[test]
    fn a_scale_is_smooth() {
        for (mode, part, color) in [
            ("continuous-GrYlRd", 0.0, Some("#73bf69")),
            ("continuous-GrYlRd", 0.5, Some("#e2c03d")),
            ("continuous-GrYlRd", 7.0, Some("#f2495c")),
            ("continuous-viridis", 0.06, Some("#481769")),
            ("continuous-cividis", f64::NAN, Some("#002051")),
            ("continuous-nothing", 0.0, None),
            ("thresholds", 0.0, None),
        ] {
            assert_eq!(of_part(mode, part).as_deref(), color, "{mode}");
        }
    }
}
