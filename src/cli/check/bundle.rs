//! `stanch check --bundle FILE`: one text with what a bug report needs, to be read before it is sent.
//!
//! It is made of what is known to be harmless, not of everything less what is known to be secret: a key of the
//! configuration that is not listed shows as `***`, incidents are counted and not quoted. Last of all, whatever the
//! configuration knows to be secret is looked for in the text once more.

mod around;
mod redact;
mod shown;

use std::path::PathBuf;

use redact::Redactor;

use super::{Global, answers::Answered, table};
use crate::{
    base::text,
    config::{Config, load::ConfigErrors},
    runtime::log_file,
};

/// How such a text begins.
pub(super) const HEAD: &str = "# For a bug report about stanch";

/// How many lines of the log are taken along.
const LINES: usize = 200;

/// How many journals are named one by one.
const JOURNALS: usize = 10;

/// What is known of the configuration: it, or why it cannot be used.
pub(super) enum Read<'a> {
    /// It can be used, and this came of asking its sources.
    Whole(&'a Config, &'a [Answered]),
    /// It cannot be used, for these reasons.
    Broken(&'a ConfigErrors),
}

/// The text of the report.
pub(super) fn bundle(global: &Global, read: &Read<'_>) -> String {
    let config = match read {
        Read::Whole(config, _) => Some(*config),
        Read::Broken(_) => None,
    };
    let mut page = format!(
        "{HEAD}\n\nPlease read this before you send it: names of servers, queries and titles \
         are in it, secrets and what was recorded of incidents are not.\n",
    );
    let mut section = |title: &str, body: &str| page += &format!("\n## {title}\n\n{}\n", body.trim_end());
    section("Program", &around::program());
    section("Terminal", &around::terminal(config));
    section("Configuration", &configuration(global, read));
    section("Sources", &checked(read));
    section("Journals", &journals(global));
    section("Log", &log(global));
    let page = Redactor::of(config).redacted(&page);
    around::without_home(&text::block(&page, 4_000_000))
}

fn configuration(global: &Global, read: &Read<'_>) -> String {
    let file = match read {
        Read::Whole(config, _) => config.file.clone(),
        Read::Broken(errors) => errors.0.first().map(|finding| finding.file.clone()),
    };
    let Some(file) = file.or_else(|| global.config.clone()) else { return "none".into() };
    let mut out = format!("{}\n\n", file.display());
    if let Read::Broken(errors) = read {
        out += &fenced("text", &format!("{errors}\n"));
        out.push('\n');
    }
    match shown::of_file(&file) {
        Ok(text) => out + &fenced("toml", &text),
        Err(why) => out + why,
    }
}

fn checked(read: &Read<'_>) -> String {
    match read {
        Read::Whole(_, []) => "none".into(),
        Read::Whole(_, rows) => fenced("text", &table(rows)),
        Read::Broken(_) => "not asked: the configuration cannot be used".into(),
    }
}

fn journals(global: &Global) -> String {
    let sizes = global.home().and_then(|home| Ok((home.path().display().to_string(), home.sizes(JOURNALS)?)));
    let (folder, (count, newest)) = match sizes {
        Ok(sizes) => sizes,
        Err(error) => return format!("cannot be listed: {}", error.brief()),
    };
    let mut out = format!("{count} in {folder}\n");
    for size in newest {
        let format = size.format.unwrap_or_else(|| "unknown".into());
        let files = if size.files == 1 { String::new() } else { format!(" in {} files", size.files) };
        let wrong = size.unreadable.map(|why| format!("; {why}")).unwrap_or_default();
        out += &format!("- {} entries, {} bytes{files}, format {format}{wrong}\n", size.entries, size.bytes);
    }
    out
}

fn log(global: &Global) -> String {
    let Some(path) = global.log_file() else {
        return "none; a cockpit that is started with `--log FILE` writes one, and so does every one where $STANCH_LOG \
                names one"
            .into();
    };
    let shown = |path: PathBuf| path.display().to_string();
    match log_file::tail(&path, LINES) {
        Ok(lines) => format!("{}, its last {LINES} lines\n\n{}", shown(path), fenced("text", &lines)),
        Err(error) => format!("{}: {error}", shown(path)),
    }
}

/// A block of code that no line of it can end.
fn fenced(kind: &str, text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}{kind}\n{}\n{fence}\n", text.trim_end())
}
