//! `stanch help`: what a command takes, or one of the longer texts.

use std::{collections::BTreeMap, fmt::Write};

use clap::{Args, CommandFactory};

use super::{Cli, out};
use crate::{
    app::{
        Keymap, View,
        action::{Scope, TABLE},
    },
    failure::Failure,
};

/// Print what a command takes, or a longer text about keys, the configuration, the ranking, the journal, bugs
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  stanch help keys\n  stanch help config | less\n  stanch help export")]
pub struct Options {
    /// A command, or one of keys, config, ranking, journal, bugs
    #[arg(value_name = "TOPIC")]
    topic: Option<String>,
}

/// The configuration, key by key, as Markdown.
pub const CONFIG: &str = include_str!("help/config.md");

/// The longer texts by name.
const TEXTS: [(&str, &str); 4] = [
    ("config", CONFIG),
    ("ranking", include_str!("help/ranking.md")),
    ("journal", include_str!("help/journal.md")),
    ("bugs", include_str!("help/bugs.md")),
];

/// Prints it.
pub fn run(options: Options) -> Result<(), Failure> {
    let mut whole = Cli::command();
    let Some(topic) = options.topic else { return out::print(&whole.render_long_help().to_string()) };
    if topic == "keys" {
        return out::print(&keys());
    }
    if let Some((_, text)) = TEXTS.iter().find(|(name, _)| *name == topic) {
        return out::print(text);
    }
    whole.build();
    let command = whole.get_subcommands_mut().find(|command| command.get_name() == topic && !command.is_hide_set());
    match command {
        Some(command) => out::print(&command.render_long_help().to_string()),
        None => Err(Failure::Usage(format!(
            "there is no help on `{topic}`; expected a command, or one of keys, {}",
            TEXTS.map(|(name, _)| name).join(", ")
        ))),
    }
}

/// Every action with its keys and its name, by view.
fn keys() -> String {
    let Ok(keymap) = Keymap::new(&BTreeMap::new()) else { return String::new() };
    let mut text = String::new();
    let views = View::ALL.iter().map(|view| (Scope::In(*view), format!("In {}", view.name())));
    for (scope, title) in std::iter::once((Scope::Everywhere, "In every view".to_owned())).chain(views) {
        let specs = TABLE.iter().filter(|spec| spec.scope == scope);
        let row = |keys: String, doc: &str, name: &str| vec![format!("  {keys}"), doc.to_owned(), name.to_owned()];
        let rows: Vec<_> = specs
            .map(|spec| {
                let keys = keymap.keys_of(spec.action).iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
                row(if keys.is_empty() { format!(": {}", spec.name) } else { keys }, spec.doc, spec.name)
            })
            .collect();
        if !rows.is_empty() {
            let _ = write!(text, "{title}:\n{}\n", out::table(&rows));
        }
    }
    text + "In a field Enter accepts what is typed, and so do Ctrl-S and Ctrl-D in a note; there Ctrl-J or Alt-Enter begins a\n\
            new line and Ctrl-E opens $EDITOR. Esc leaves a field and keeps the draft. While you type, no key means anything else. [keys] in the configuration gives an action other keys,\n\
            by the name in the last column.\n\n\
            The wheel scrolls what it is over, a click selects, two open; on the right button stands what can be done there. Over\n\
            a chart the left button draws the stretch of time to zoom in on. None of it decides, records or runs anything by\n\
            itself. With Shift held down most terminals select text; `mouse = false` or `:mouse` leaves the mouse to them.\n"
}
