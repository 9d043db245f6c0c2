//! The colours of series that are shown together.

use super::{FALLBACK, channels, hex, hex_of};

/// The colours of series, in their order.
#[rustfmt::skip]
static CLASSIC: [&str; 64] = [
    "green", "semi-dark-yellow", "blue", "orange", "red", "purple", "dark-green", "dark-yellow", "dark-blue",
    "dark-orange", "dark-red", "dark-purple", "super-light-green", "super-light-yellow", "super-light-blue",
    "super-light-orange", "super-light-red", "super-light-purple", "#447EBC", "#C15C17", "#890F02", "#0A437C",
    "#6D1F62", "#584477", "#B7DBAB", "#F4D598", "#70DBED", "#F9BA8F", "#F29191", "#82B5D8", "#E5A8E2", "#AEA2E0",
    "#629E51", "#E5AC0E", "#64B0C8", "#E0752D", "#BF1B00", "#0A50A1", "#962D82", "#614D93", "#9AC48A", "#F2C96D",
    "#65C5DB", "#F9934E", "#EA6460", "#5195CE", "#D683CE", "#806EB7", "#3F6833", "#967302", "#2F575E", "#99440A",
    "#58140C", "#052B51", "#511749", "#3F2B5B", "#E0F9D7", "#FCEACA", "#CFFAFF", "#F9E2D2", "#FCE2DE", "#BADFF4",
    "#F9D9F9", "#DEDAF7",
];

/// The colours of [`CLASSIC`] that are too dark to be given by a name's hash.
#[rustfmt::skip]
static TOO_DARK: [&str; 18] = [
    "dark-blue", "dark-red", "dark-purple", "#890F02", "#0A437C", "#6D1F62", "#584477", "#BF1B00", "#0A50A1",
    "#962D82", "#614D93", "#3F6833", "#2F575E", "#99440A", "#58140C", "#052B51", "#511749", "#3F2B5B",
];

/// Colours of series in other modes, in their order.
#[rustfmt::skip]
static PALETTES: [(&str, &[&str]); 4] = [
    ("palette-colorblind", &[
        "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#FFFFFF",
    ]),
    ("palette-categorical-next", &[
        "#D97E9B", "#FFC554", "#41CD94", "#64A6D8", "#F79CFF", "#E78A5F", "#C9E1A6", "#00CFE3", "#9B93DF",
        "#FFB2BE", "#CEA82E", "#9CF2D6", "#8FC3FF", "#CE84C1", "#FFC39D", "#89C862", "#41AEC7", "#CDB9FF",
        "#EF8488", "#E7DB98", "#00D8BE", "#759EE6", "#FFB1E1", "#EE9941", "#BAF2B8", "#54D3FF", "#B78EE2",
        "#FF645A", "#C0BD2F", "#8FFFF6", "#B4C7FF", "#EB85B5", "#FFD49F", "#58DB89", "#46ABDE", "#EABCFF",
        "#FF8E6F", "#DEED9F", "#00DFE5", "#959DF6",
    ]),
    ("palette-categorical-next-2", &[
        "#63B564", "#DED188", "#84B1FF", "#FFDBBC", "#FFA8AA", "#C986E6", "#FFC4D4", "#9BCB35", "#D3EFFF",
        "#F8B4D2", "#A6B924", "#AFE8FF", "#FF97DA", "#AAA720", "#81E3FB", "#F386E2", "#FFE397", "#84D6E1",
        "#D784DF", "#FED283", "#00D4DA", "#F2E7FF", "#F3C48A", "#00C9C0", "#E4DAFF", "#FFAC74", "#00BEA7",
        "#D2CFFF", "#FF9767", "#9DFFDF", "#BDC4FF", "#FE8260", "#93F4C5", "#A4BAFF", "#EA796E", "#9FE3B3",
        "#74B6FF", "#FFD8DD", "#89E04D", "#3BAFFE",
    ]),
    ("palette-categorical-next-3", &[
        "#63B564", "#88DDFE", "#CA94FF", "#FFD8D3", "#CFCB00", "#00BEB5", "#C7D5FF", "#FF8DC4", "#FFE5C7",
        "#9FDCB0", "#00BBFF", "#F0D0FF", "#FFA48B", "#9BAC32", "#7CE6E9", "#A3ABFF", "#FFDAE4", "#E1C18A",
        "#1DC58A", "#B7DFFF", "#F38EFC", "#FFE7DD", "#BED997", "#00C5D8", "#DEDCFF", "#FFA4B3", "#C79E00",
        "#8BEBCC", "#7DBBFF", "#FFDCF8", "#F5BB95", "#7DC053", "#9BEAFF", "#C5ADFF", "#EA777E", "#E0D287",
        "#00CEB5", "#D5E4FF", "#FFA1DC", "#E88E29",
    ]),
];

/// The colour of one of the series, by how it is chosen: `palette-classic`, `palette-classic-by-name`, `shades`, …; `base`
/// is the colour that was picked for the modes that have one. `None` for modes that go by the value.
pub fn of_series(mode: &str, index: usize, name: &str, base: Option<&str>) -> Option<String> {
    let base = base.unwrap_or(FALLBACK);
    let color = match mode {
        "fixed" | "gradient" => base.to_owned(),
        "shades" => shade(base, index),
        "palette-classic" => at(&CLASSIC, index).to_owned(),
        "palette-classic-by-name" => of_name(name).to_owned(),
        _ => at(PALETTES.iter().find(|(known, _)| *known == mode)?.1, index).to_owned(),
    };
    Some(color)
}

fn at(colors: &[&'static str], index: usize) -> &'static str {
    colors.get(index % colors.len().max(1)).copied().unwrap_or(FALLBACK)
}

/// By its name, so that a series has the same colour everywhere.
fn of_name(name: &str) -> &'static str {
    let units: Vec<u16> = name.encode_utf16().collect();
    let hash = units.iter().rev().fold(5381_u32, |hash, unit| hash.wrapping_mul(33) ^ u32::from(*unit)) as usize;
    let bright: Vec<&str> = CLASSIC.into_iter().filter(|color| !TOO_DARK.contains(color)).collect();
    at(&bright, hash)
}

/// A colour and others near it, by turns brighter and darker.
fn shade(base: &str, index: usize) -> String {
    let at = index % 11;
    if at == 0 {
        return base.to_owned();
    }
    let part = at.div_ceil(2) as f64 / 6.0;
    let [hue, saturation, lightness] = to_hsl(channels(&hex(base)));
    if at % 2 == 1 {
        let more = (255.0 * part * 0.35 - 0.5).ceil();
        return hex_of(to_rgb([turned(hue, part * 10.0), saturation, lightness]).map(|channel| channel.round() + more));
    }
    let [hue, saturation, lightness] = to_hsl(to_rgb([turned(hue, part * -10.0), saturation, lightness]));
    hex_of(to_rgb([hue, saturation, (lightness - part * 0.35).max(0.0)]))
}

fn turned(hue: f64, by: f64) -> f64 {
    (hue + by).rem_euclid(360.0)
}

/// Hue in degrees, saturation and lightness up to 1, of channels up to 255.
fn to_hsl(channels: [f64; 3]) -> [f64; 3] {
    let [red, green, blue] = channels.map(|channel| channel / 255.0);
    let (most, least) = (red.max(green).max(blue), red.min(green).min(blue));
    let (spread, lightness) = (most - least, f64::midpoint(most, least));
    if spread == 0.0 {
        return [0.0, 0.0, lightness];
    }
    let saturation = if lightness > 0.5 { spread / (2.0 - most - least) } else { spread / (most + least) };
    let sixth = if most == red {
        (green - blue) / spread + if green < blue { 6.0 } else { 0.0 }
    } else if most == green {
        (blue - red) / spread + 2.0
    } else {
        (red - green) / spread + 4.0
    };
    [sixth * 60.0, saturation, lightness]
}

/// Channels up to 255, of hue, saturation and lightness; the latter two are cut to hundredths of a percent.
fn to_rgb([hue, saturation, lightness]: [f64; 3]) -> [f64; 3] {
    let cut = |part: f64| (part * 10_000.0).trunc() / 10_000.0;
    let (saturation, lightness) = (cut(saturation), cut(lightness));
    let high =
        if lightness < 0.5 { lightness * (1.0 + saturation) } else { lightness + saturation - lightness * saturation };
    let low = 2.0 * lightness - high;
    [1.0 / 3.0, 0.0, -1.0 / 3.0].map(|by| {
        let part = (hue / 360.0 + by).rem_euclid(1.0);
        let channel = if part < 1.0 / 6.0 {
            low + (high - low) * 6.0 * part
        } else if part < 0.5 {
            high
        } else if part < 2.0 / 3.0 {
            low + (high - low) * (2.0 / 3.0 - part) * 6.0
        } else {
            low
        };
        channel * 255.0
    })
}
