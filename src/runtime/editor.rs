//! `$EDITOR` on the text of a note. The terminal and its keys are its own meanwhile; the loop goes on behind it.
#![expect(clippy::disallowed_methods, reason = "the editor and its file are named by the environment")]

use std::{
    env, fs,
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::PathBuf,
    process::ExitStatus,
    thread,
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};
use tokio::{
    process::{Child, Command},
    time::{self, Instant},
};

use super::tty::terminal::Modes;

/// How long an editor may take to end when it is asked to.
const PARTING: Duration = Duration::from_secs(2);

/// An editor that is open.
pub struct Editor {
    program: String,
    child: Child,
    file: File,
    /// How the terminal was set before it.
    modes: Modes,
    /// It is over, and well.
    ended_well: bool,
    /// Until when it may take its time, once it was asked to end.
    ending: Option<Instant>,
}

impl Editor {
    /// Opens `$VISUAL` or `$EDITOR` on this text.
    pub fn open(text: &str) -> Result<Self, String> {
        let set = |name| env::var(name).ok().filter(|editor| !editor.trim().is_empty());
        let editor = set("VISUAL").or_else(|| set("EDITOR"));
        Self::start(editor.as_deref().unwrap_or("vi"), text)
    }

    fn start(editor: &str, text: &str) -> Result<Self, String> {
        // An editor is often set with options, `code --wait`; words are enough, a shell is not needed.
        let mut words = editor.split_whitespace();
        let program = words.next().ok_or("no editor is named")?.to_owned();
        let (file, modes) = (File::new(text)?, Modes::now());
        let child = Command::new(&program).args(words).arg(&file.path).spawn();
        let child = child.map_err(|error| format!("{program}: {error}; set $EDITOR"))?;
        Ok(Self { program, child, file, modes, ended_well: false, ending: None })
    }

    /// Waits for its end; the text it leaves. It may be waited for again and again.
    pub async fn closed(&mut self) -> Result<String, String> {
        let mut was_killed = false;
        let status = if let Some(deadline) = self.ending {
            let ended = time::timeout_at(deadline, self.child.wait()).await;
            if ended.is_err() {
                was_killed = true;
                let _ = self.child.kill().await;
            }
            ended.unwrap_or_else(|_| Ok(ExitStatus::default()))
        } else {
            self.child.wait().await
        };
        self.ended_well = status.as_ref().is_ok_and(ExitStatus::success) && !was_killed;
        match status {
            // One that was asked to end has saved what it could.
            Ok(status) if status.success() || self.ending.is_some() => self.file.read(),
            Ok(status) => Err(format!("{} ended with {status}; the note is as it was", self.program)),
            Err(error) => Err(format!("{}: {error}", self.program)),
        }
    }

    /// Asks it to end, because the cockpit has to.
    pub fn ask_to_end(&mut self) {
        self.ending.get_or_insert_with(|| Instant::now() + PARTING);
        if let Some(id) = self.child.id().and_then(|id| Pid::from_raw(id.cast_signed())) {
            let _ = kill_process(id, Signal::TERM);
        }
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        // Only a panic drops one that is open; it must not be left with a terminal that a shell has, too.
        if let Ok(None) = self.child.try_wait() {
            self.file.keep();
            self.ask_to_end();
            for _ in 0..PARTING.as_millis() / 20 {
                if !matches!(self.child.try_wait(), Ok(None)) {
                    break;
                }
                thread::sleep(Duration::from_millis(20));
            }
            let _ = self.child.start_kill();
        }
        self.modes.restore(!self.ended_well);
    }
}

/// A file for the text, gone when it is not needed any more.
struct File {
    path: PathBuf,
    kept: bool,
}

impl File {
    fn new(text: &str) -> Result<Self, String> {
        let path = env::temp_dir().join(format!("stanch-note-{}.md", uuid::Uuid::now_v7()));
        let made = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
        let mut made = made.map_err(|error| format!("{}: {error}", path.display()))?;
        // From here on it is ours to remove.
        let file = Self { path, kept: false };
        made.write_all(text.as_bytes()).map_err(|error| file.cannot(&error))?;
        Ok(file)
    }

    fn read(&self) -> Result<String, String> {
        let bytes = fs::read(&self.path).map_err(|error| self.cannot(&error))?;
        Ok(String::from_utf8_lossy(&bytes).trim_end().to_owned())
    }

    /// Leaves it to whoever can still use it, and says where.
    fn keep(&mut self) {
        self.kept = true;
        let _ = writeln!(io::stderr(), "stanch: the text that was being edited is in {}", self.path.display());
    }

    fn cannot(&self, error: &io::Error) -> String {
        format!("{}: {error}", self.path.display())
    }
}

impl Drop for File {
    fn drop(&mut self) {
        if !self.kept {
            let _ = fs::remove_file(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An editor that is this script.
    fn script(folder: &tempfile::TempDir, text: &str) -> String {
        let path = folder.path().join("editor");
        fs::write(&path, text).expect("a script");
        format!("sh {}", path.display())
    }

    async fn check(text: &str, asked: bool, expected: Result<&str, &str>) {
        let folder = tempfile::tempdir().expect("a folder");
        let mut editor = Editor::start(&script(&folder, text), "before\n").expect("it starts");
        if asked {
            time::sleep(Duration::from_millis(500)).await;
            editor.ask_to_end();
        }
        let edited = editor.closed().await;
        assert_eq!(edited.as_deref().map_err(String::as_str), expected);
        let file = editor.file.path.clone();
        drop(editor);
        assert!(!file.exists());
    }

    #[tokio::test]
    async fn it_leaves_text_or_the_note_as_it_was() {
        check("echo after >> $1", false, Ok("before\nafter")).await;
        check("exit 3", false, Err("sh ended with exit status: 3; the note is as it was")).await;
        check("echo saved > $1; exec sleep 60", true, Ok("saved")).await;
        check("trap '' TERM; echo saved > $1; exec sleep 60", true, Ok("saved")).await;
        assert!(Editor::start(" ", "").is_err());
        assert!(Editor::start("/no/such/editor", "").is_err_and(|error| error.ends_with("set $EDITOR")));
    }
}
