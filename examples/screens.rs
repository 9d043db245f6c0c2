//! Prints one frame of a scripted outage as ANSI text, to look at: `screens board 160x45 dark`.

#[path = "../tests/screens/script.rs"]
#[expect(dead_code, reason = "tests play more of it than is looked at here")]
mod script;

use script::Stage;
use stanch::ui::Theme;

/// An empty screen, and the cursor at its top.
const CLEAR: &str = "\x1b[2J\x1b[H";

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let word = |at: usize, default: &str| args.get(at).cloned().unwrap_or_else(|| default.to_owned());
    let (width, height) = word(1, "160x45").split_once('x').map_or((160, 45), |(w, h)| (number(w), number(h)));
    let mut stage = scene(&word(0, "watch"), (width, height));
    stage.theme = match word(2, "dark").as_str() {
        "mono" => Theme::mono(),
        name => Theme::builtin(name).unwrap_or_default(),
    };
    print!("{CLEAR}{}", stanch::ui::print::text(&stage.draw(), true).trim_end());
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
