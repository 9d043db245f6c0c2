//! `stanch man`: one page that holds every command, and one about the configuration.

mod roff;

use std::io;

use clap::{Args, Command, CommandFactory};
use clap_mangen::Man;

use super::{Cli, EXAMPLES, help, out};
use crate::failure::Failure;

/// Print the manual page
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  stanch man | man -l -\n  stanch man > ~/.local/share/man/man1/stanch.1\n  \
                        stanch man stanch.toml > ~/.local/share/man/man5/stanch.toml.5")]
pub struct Options {
    /// The page
    #[arg(value_enum, default_value = "stanch", hide_default_value = true)]
    page: Page,
}

/// The pages there are.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Page {
    Stanch,
    #[value(name = "stanch.toml")]
    Config,
}

/// The part of the page that is about no command: exit codes, files, variables.
const AROUND: &str = "\
.SH INCIDENTS
Where an incident is named its ID need not be written out: any part of it that no other ID has is enough, be it a time \
(0312), a date (2026\\-11\\-22), or a word of the title. \\fBlast\\fR or \\fB\\-1\\fR is the newest, \\fB\\-2\\fR the one before \
it. A whole ID is always itself.
.SH EXIT STATUS
0 done, 1 what was asked for failed, 2 usage or configuration.
.SH FILES
.TP
stanch.toml
What to watch, in the current folder, else in stanch/ in $XDG_CONFIG_HOME or ~/.config. stanch init writes one that \
explains every key.
.TP
stanch/themes/NAME.toml
Themes of your own, in $XDG_CONFIG_HOME or ~/.config.
.TP
incidents/ID/journal.jsonl
All that is known of an incident, in the data folder: $STANCH_DATA, else stanch in $XDG_DATA_HOME or ~/.local/share; on \
macOS ~/Library/Application Support.
.TP
ID.md
The notes of an incident, in the folder for notes, else the current one; written anew when the cockpit is left again, \
unless somebody has changed them. Nothing else is overwritten.
.TP
FILE, FILE.1
The log that --log or $STANCH_LOG names, for bug reports: at most 5 MB, and what came before that.
.TP
$XDG_RUNTIME_DIR/stanch, else stanch\\-UID in the folder for temporary files
What a journal does not take, until it does.
.TP
ID\\-unwritten.jsonl
Entries that neither of them had taken when stanch ended, one a line, beside the notes, else in the folder for temporary \
files. Nothing reads it back.
.SH ENVIRONMENT
.TP
STANCH_CONFIG, STANCH_DATA, STANCH_LOG
The configuration, the data folder and the log, when --config, --data and --log do not say.
.TP
NO_COLOR
No colours: only bold, dim, underline and reverse.
.TP
COLORFGBG
With the theme \\fBauto\\fR, which is the default, whether the background is light.
.TP
VISUAL, EDITOR
What opens a note for editing.
.TP
STANCH_INCIDENT, STANCH_TITLE, STANCH_STATUS, STANCH_MITIGATION, STANCH_ONSET, STANCH_CHANGE …
What a command of a mitigation is told; set for it alone, and only what is known.
";

/// Prints the page.
pub fn run(options: Options) -> Result<(), Failure> {
    if matches!(options.page, Page::Config) {
        return out::print(&in_ascii(&roff::page(help::CONFIG, 5)));
    }
    let page = page(Cli::command()).map_err(|error| Failure::Failed(format!("no manual page: {error}")))?;
    out::print(&page)
}

fn page(mut command: Command) -> io::Result<String> {
    command.build();
    let whole = Man::new(command.clone());
    let mut page = Vec::new();
    whole.render_title(&mut page)?;
    whole.render_name_section(&mut page)?;
    whole.render_synopsis_section(&mut page)?;
    whole.render_description_section(&mut page)?;
    whole.render_options_section(&mut page)?;
    page.extend(b".SH COMMANDS\n");
    for one in command.get_subcommands().filter(|one| !one.is_hide_set()) {
        page.extend(section(one)?);
    }
    page.extend(AROUND.bytes());
    page.extend(examples().bytes());
    Ok(in_ascii(&tidy(&String::from_utf8_lossy(&page))))
}

/// Without what formatters warn of: paragraphs that hold nothing, breaks around empty lines, spaces at the ends of lines.
fn tidy(page: &str) -> String {
    let page = page.replace(".br\n\n.br\n", ".sp\n");
    // Without a date, which clap_mangen leaves out, the version would stand in its place.
    let page = page.replacen(".TH stanch 1  ", ".TH stanch 1 \"\" ", 1);
    let mut out = String::new();
    let mut lines = page.lines().map(str::trim_end).peekable();
    let mut begun = false;
    while let Some(line) = lines.next() {
        let goes_on = lines.peek().is_some_and(|next| !next.starts_with(['.', '\'']) || next.starts_with(".nf"));
        if line == ".PP" && (begun || !goes_on) {
            continue;
        }
        begun = line.starts_with(".SS") || line.starts_with(".SH");
        out += line;
        out.push('\n');
    }
    out
}

/// Other letters by their number: what formats the page may not expect UTF-8.
fn in_ascii(page: &str) -> String {
    let letter = |c: char| if c.is_ascii() { c.to_string() } else { format!("\\[u{:04X}]", u32::from(c)) };
    page.chars().map(letter).collect()
}

/// The examples of `--help`, each on its line.
fn examples() -> String {
    let lines = EXAMPLES.lines().skip(1).map(|line| line.trim_start().replace('-', "\\-") + "\n");
    format!(".SH EXAMPLES\n.nf\n{}.fi\n", lines.collect::<String>())
}

/// A command as a subsection: how it is called, what it does, its own options.
fn section(command: &Command) -> io::Result<Vec<u8>> {
    // Options of every command stand once, further up.
    let own = command.clone().mut_args(|arg| {
        let everywhere = arg.is_global_set() || matches!(arg.get_id().as_str(), "help" | "version");
        arg.hide(everywhere)
    });
    let man = Man::new(own);
    let mut text = format!(".SS \"{}\"\n", command.get_name()).into_bytes();
    for render in [Man::render_synopsis_section, Man::render_description_section, Man::render_options_section] {
        let mut part = Vec::new();
        render(&man, &mut part)?;
        let part = String::from_utf8_lossy(&part).into_owned();
        // How an apostrophe is printed is said once, in front of the page.
        let lines = part.lines().filter(|line| !line.starts_with(".ie ") && !line.starts_with(".el "));
        let lines = lines.map(|line| if line.starts_with(".SH ") { ".PP" } else { line });
        text.extend(lines.flat_map(|line| [line, "\n"]).flat_map(str::bytes));
    }
    Ok(text)
}
