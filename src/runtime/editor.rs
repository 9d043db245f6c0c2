//! `$EDITOR` on the text of a note. The terminal is its own meanwhile.
#![expect(clippy::disallowed_methods, reason = "the editor and its file are named by the environment")]

use std::{
    env, fs,
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    process::Command,
};

/// Opens the editor and waits for it; the text it leaves.
pub fn edit(text: &str) -> Result<String, String> {
    let editor = env::var("VISUAL").or_else(|_| env::var("EDITOR")).unwrap_or_else(|_| "vi".into());
    // An editor is often set with options, `code --wait`; words are enough, a shell is not needed.
    let mut words = editor.split_whitespace();
    let program = words.next().ok_or("$EDITOR is empty")?;
    let file = env::temp_dir().join(format!("stanch-note-{}.md", uuid::Uuid::now_v7()));
    let cannot = |error: io::Error| format!("{}: {error}", file.display());
    let mut made = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&file).map_err(cannot)?;
    made.write_all(text.as_bytes()).map_err(cannot)?;
    drop(made);
    let status = Command::new(program).args(words).arg(&file).status();
    let read = fs::read(&file);
    let _ = fs::remove_file(&file);
    match status {
        Ok(status) if status.success() => {
            let bytes = read.map_err(cannot)?;
            Ok(String::from_utf8_lossy(&bytes).trim_end().to_owned())
        }
        Ok(status) => Err(format!("{program} ended with {status}; the note is as it was")),
        Err(error) => Err(format!("{program}: {error}; set $EDITOR")),
    }
}
