//! Log lines.

use jiff::Timestamp;

use super::Labels;

/// One line of a log.
#[derive(Clone, Debug, PartialEq)]
pub struct LogLine {
    /// The time it was written at, if the source says.
    pub at: Option<Timestamp>,
    /// How bad it says it is.
    pub level: Level,
    /// Where it came from.
    pub labels: Labels,
    /// The line, scrubbed.
    pub text: String,
}

/// How bad a log line says it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are the meaning")]
pub enum Level {
    Debug,
    #[default]
    Info,
    Warn,
    Error,
}

impl Level {
    /// The word for it: `error`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warn => "warning",
            Self::Error => "error",
        }
    }

    /// Reads the words that loggers use; anything unknown is `Info`.
    pub fn parse(word: &str) -> Self {
        Self::known(word).unwrap_or_default()
    }

    /// The same, `None` for anything unknown. Numbers are those that bunyan and pino write.
    pub fn known(word: &str) -> Option<Self> {
        Some(match word.trim().to_ascii_lowercase().as_str() {
            "trace" | "debug" | "dbg" | "10" | "20" => Self::Debug,
            "info" | "information" | "notice" | "30" => Self::Info,
            "warn" | "warning" | "40" => Self::Warn,
            "error" | "err" | "fatal" | "critical" | "crit" | "alert" | "emerg" | "panic" | "50" | "60" => Self::Error,
            _ => return None,
        })
    }

    /// The level a plain line names in its first words, as in `2026-11-22 ERROR pool exhausted` or `level=warn`.
    pub fn of_line(line: &str) -> Self {
        let words = line.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty());
        // A number in a sentence is no level.
        let words = words.take(12).filter(|word| !word.bytes().all(|byte| byte.is_ascii_digit()));
        words.map(Self::parse).find(|level| *level != Self::Info).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_found_in_lines() {
        assert_eq!(Level::of_line("2026-11-22T03:05:00Z ERROR pool exhausted"), Level::Error);
        assert_eq!(Level::of_line("ts=1 level=warn msg=slow"), Level::Warn);
        assert_eq!(Level::of_line("all is well"), Level::Info);
    }
}
