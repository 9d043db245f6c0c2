//! Words of a command line that are free text: a note, a title, a name. Whoever types them does not think of options, so
//! one that begins with `-` is text, unless there is an option of that name.

use std::{ffi::OsString, iter::Peekable};

use clap::{Arg, Command};

/// The command all of whose words are text.
const ALL_TEXT: &str = "note";

/// The words as the parser takes them: text stands behind `--`, and a value that begins with `-` is joined to its option.
pub fn arguments(root: &Command, given: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut given = given.into_iter().peekable();
    let mut line = Line { root, command: None, words: given.next().into_iter().collect(), text: Vec::new() };
    while let Some(word) = given.next() {
        if word == "--" {
            line.takes_all_of(given);
            break;
        }
        match line.option(&word) {
            Some(Known { awaits_value: true }) => {
                let word = line.with_value(word, &mut given);
                line.words.extend(word);
            }
            Some(_) => line.words.push(word),
            None => line.takes(word),
        }
    }
    if line.text.iter().any(looks_like_an_option) {
        line.words.push("--".into());
    }
    line.words.append(&mut line.text);
    line.words
}

struct Line<'c> {
    root: &'c Command,
    /// The command that was named, once one is.
    command: Option<&'c Command>,
    words: Vec<OsString>,
    text: Vec<OsString>,
}

/// An option that there is.
struct Known {
    awaits_value: bool,
}

impl<'c> Line<'c> {
    fn is_text(&self) -> bool {
        self.command.is_some_and(|command| command.get_name() == ALL_TEXT)
    }

    /// Takes a word that is no option.
    fn takes(&mut self, word: OsString) {
        if self.is_text() {
            return self.text.push(word);
        }
        if self.command.is_none() {
            self.command = self.root.find_subcommand(&word);
        }
        self.words.push(word);
    }

    /// Takes what follows `--`.
    fn takes_all_of(&mut self, rest: impl Iterator<Item = OsString>) {
        if self.is_text() {
            self.text.extend(rest);
        } else {
            self.words.push("--".into());
            self.words.extend(rest);
        }
    }

    /// An option and its value, as one word where the parser would take the value for an option.
    fn with_value(&self, mut word: OsString, given: &mut Peekable<impl Iterator<Item = OsString>>) -> Vec<OsString> {
        match given.next_if(|next| next != "--" && self.option(next).is_none()) {
            Some(value) if looks_like_an_option(&value) => {
                word.push("=");
                word.push(value);
                vec![word]
            }
            Some(value) => vec![word, value],
            None => vec![word],
        }
    }

    /// The option that a word is, if there is one of that name here.
    fn option(&self, word: &OsString) -> Option<Known> {
        let word = word.to_str()?;
        if ["-h", "--help", "-V", "--version"].contains(&word) {
            return Some(Known { awaits_value: false });
        }
        if let Some(long) = word.strip_prefix("--") {
            let (name, value) = long.split_once('=').map_or((long, None), |(name, value)| (name, Some(value)));
            let arg = self.args().find(|arg| arg.get_long() == Some(name))?;
            return Some(Known { awaits_value: value.is_none() && takes_value(arg) });
        }
        let mut letters = word.strip_prefix('-')?.chars();
        let letter = letters.next()?;
        let is_alone = letters.next().is_none();
        let arg = self.args().find(|arg| arg.get_short() == Some(letter))?;
        (takes_value(arg) || is_alone).then(|| Known { awaits_value: is_alone && takes_value(arg) })
    }

    /// All options that can stand here.
    fn args(&self) -> impl Iterator<Item = &'c Arg> {
        let is_behind = self.command.is_some();
        let of_root = self.root.get_arguments().filter(move |arg| !is_behind || arg.is_global_set());
        of_root.chain(self.command.into_iter().flat_map(Command::get_arguments))
    }
}

fn takes_value(arg: &Arg) -> bool {
    arg.get_action().takes_values()
}

fn looks_like_an_option(word: &OsString) -> bool {
    word != "-" && word.as_encoded_bytes().starts_with(b"-")
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::cli::Cli;

    #[track_caller]
    fn check(given: &str, expected: &str) {
        let words = std::iter::once("stanch").chain(given.split(' ')).map(OsString::from);
        let found = arguments(&Cli::command(), words);
        let found: Vec<_> = found[1..].iter().map(|word| word.to_string_lossy()).collect();
        assert_eq!(found.join(" "), expected);
    }

    #[test]
    fn a_dash_begins_text_unless_an_option_has_that_name() {
        check("note -5% orders", "note -- -5% orders");
        check("note id -5% orders", "note -- id -5% orders");
        check("note -half of them --data x", "note --data x -- -half of them");
        check("--as bob note --verbose was on --data=x", "--as bob note --data=x -- --verbose was on");
        check("note plain words", "note plain words");
        check("note -", "note -");
        check("note --help", "note --help");
        check("note -- --help -h", "note -- --help -h");
        check("note a -- -- b", "note -- a -- b");
        check("--title -5% orders", "--title=-5% orders");
        check("--title --read-only", "--title --read-only");
        check("--as -bob list --json", "--as=-bob list --json");
        check("export -o - --format html", "export -o - --format html");
        check("list -5", "list -5");
        check("check --jsn", "check --jsn");
    }
}
