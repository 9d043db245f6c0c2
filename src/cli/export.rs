//! `stanch export`: the notes, as Markdown byte for byte as the cockpit leaves them, as HTML, or as JSON.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{Global, out};
use crate::{
    base::text,
    failure::Failure,
    files,
    incident::{Incident, report},
};

/// Write an incident's notes
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  stanch export                          writes ID.md to the folder for notes\n  \
                        stanch export -o - | pbcopy\n  stanch export --format html -o /tmp/checkout.html\n  \
                        stanch export --short | pbcopy            a few lines for a chat")]
pub struct Options {
    /// The incident: its ID or a part of it, or `last` [default: the newest unclosed one, else the newest]
    #[arg(allow_negative_numbers = true)]
    id: Option<String>,
    /// The form: Markdown that survives pasting, a page of its own, or everything for programs
    #[arg(long, value_enum, default_value_t = Format::Md)]
    format: Format,
    /// Where; `-` is standard output [default: ID.md in the folder for notes, with -2, -3 … if that is taken]
    #[arg(long, short, value_name = "FILE|-")]
    output: Option<PathBuf>,
    /// At most fifteen lines of plain text for a chat, to standard output unless -o says where
    #[arg(long)]
    short: bool,
}

/// The forms notes come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[expect(missing_docs, reason = "the names are the meaning")]
pub enum Format {
    Md,
    Html,
    Json,
}

impl Format {
    /// The notes in this form.
    pub fn text(self, incident: &Incident) -> String {
        match self {
            Self::Md => report::markdown(incident),
            Self::Html => report::html(incident),
            Self::Json => report::json(incident),
        }
    }

    /// The end of the file's name.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Md => "md",
            Self::Html => "html",
            Self::Json => "json",
        }
    }
}

/// Writes them, and prints where they are.
pub fn run(global: &Global, options: Options) -> Result<(), Failure> {
    if options.short && options.format != Format::Md {
        return Err(Failure::Usage("--short is plain text; it does not go with --format".into()));
    }
    let (id, incident) = global.incident(options.id)?;
    let notes = if options.short { report::short(&incident) } else { options.format.text(&incident) };
    let cannot = |error| Failure::Failed(format!("cannot write the notes: {error}; -o FILE puts them elsewhere"));
    let path = match options.output {
        Some(path) if path.as_os_str() == "-" => return out::print(&notes),
        None if options.short => return out::print(&notes),
        Some(path) => files::replace(&path, &notes).map(|()| path).map_err(cannot)?,
        None => {
            let folder = global.config()?.notes.unwrap_or_default();
            files::beside(&folder, &id, options.format.extension(), &notes).map_err(cannot)?
        }
    };
    out::print(&format!("{}\n", text::line(&path.display().to_string())))
}
