//! Prints one frame of a scripted outage as ANSI text, to look at: `screens board 160x45 dark`.

#[path = "../tests/screens/script.rs"]
mod script;

use ratatui::{
    buffer::Buffer,
    style::{Color, Modifier},
};
use script::Stage;
use stanch::ui::Theme;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let word = |at: usize, default: &str| args.get(at).cloned().unwrap_or_else(|| default.to_owned());
    let (width, height) = word(1, "160x45").split_once('x').map_or((160, 45), |(w, h)| (number(w), number(h)));
    let mut stage = scene(&word(0, "watch"), (width, height));
    stage.theme = match word(2, "dark").as_str() {
        "mono" => Theme::mono(),
        name => Theme::builtin(name).unwrap_or_default(),
    };
    print!("{}", ansi(&stage.draw()));
    // Stays until a key comes, so that a terminal can be looked at.
    let _ = std::io::stdin().read_line(&mut String::new());
}

fn number(text: &str) -> u16 {
    text.parse().unwrap_or(80)
}

/// A view, or a view with something over it.
fn scene(name: &str, size: (u16, u16)) -> Stage {
    if name == "bare" {
        return Stage::bare(size);
    }
    let mut stage = Stage::new(size);
    match name {
        "calm" => return stage,
        "boardempty" => {
            stage.keys("2");
            return stage;
        }
        _ => stage.play(),
    }
    match name {
        "watch" => stage.keys("1"),
        "zoom" => stage.keys("1 tab tab enter"),
        "lost" => {
            stage.keys("1");
            for time in ["03:16:40", "03:16:50", "03:17:06"] {
                stage.tick(time);
                stage.poll(Some("prom"));
            }
        }
        "act" => stage.keys("3"),
        "running" => {
            stage.mitigate();
            stage.tick("03:18:24");
            stage.poll(None);
            stage.keys("3");
        }
        "log" => stage.keys("4"),
        "learn" => stage.keys("5"),
        "help" => stage.keys("2 ?"),
        "palette" => {
            stage.keys("2 :");
            stage.text("ev");
        }
        "note" => {
            stage.keys("1 n");
            stage.text("03:05 pool alarms since the deploy; 支付 team says no change on their side");
        }
        "prompt" => stage.keys("2 x"),
        "run" => {
            stage.mitigate();
            stage.keys("3 enter x");
        }
        "picker" => {
            stage.keys("2 a");
            stage.text("d");
        }
        "fill" => {
            stage.keys("2 a");
            stage.text("cache stampede");
            stage.keys("enter + .");
        }
        "choice" => stage.keys("2 right right right v"),
        "detail" => stage.keys("2 e"),
        "hand" => stage.keys("2 alt-down"),
        _ => stage.keys("2"),
    }
    stage
}

/// The cells with their colours as escape sequences.
fn ansi(buf: &Buffer) -> String {
    let mut out = String::from("\x1b[2J\x1b[H");
    for y in 0..buf.area.height {
        out.push_str(&format!("\x1b[{};1H", y + 1));
        let mut x = 0;
        while x < buf.area.width {
            let cell = &buf[(x, y)];
            out.push_str("\x1b[0m");
            for (modifier, code) in [
                (Modifier::BOLD, 1),
                (Modifier::DIM, 2),
                (Modifier::ITALIC, 3),
                (Modifier::UNDERLINED, 4),
                (Modifier::REVERSED, 7),
                (Modifier::CROSSED_OUT, 9),
            ] {
                if cell.modifier.contains(modifier) {
                    out.push_str(&format!("\x1b[{code}m"));
                }
            }
            out.push_str(&colour(cell.fg, 38));
            out.push_str(&colour(cell.bg, 48));
            out.push_str(cell.symbol());
            x += u16::try_from(unicode_width::UnicodeWidthStr::width(cell.symbol())).unwrap_or(1).max(1);
        }
    }
    out + "\x1b[0m"
}

fn colour(colour: Color, base: u8) -> String {
    match colour {
        Color::Rgb(r, g, b) => format!("\x1b[{base};2;{r};{g};{b}m"),
        Color::Indexed(i) => format!("\x1b[{base};5;{i}m"),
        Color::Reset => String::new(),
        named => {
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
            let at = NAMED.iter().position(|known| *known == named).unwrap_or(7);
            format!("\x1b[{base};5;{at}m")
        }
    }
}
