//! What the program runs on and in: build, kernel, terminal, language, time zone.
#![expect(clippy::disallowed_methods, reason = "what terminal this is stands in the environment")]

use std::{env, io};

use jiff::tz::TimeZone;

use crate::{base::text, config::Config};

/// Variables whose values say what the terminal is and how it is used.
const VALUES: &[&str] =
    &["TERM", "COLORTERM", "TERM_PROGRAM", "TERM_PROGRAM_VERSION", "NO_COLOR", "LANG", "LC_ALL", "LC_CTYPE", "TZ"];

/// Variables of which it is enough to know that they are set.
const SET: &[&str] = &[
    "TMUX",
    "STY",
    "SSH_CONNECTION",
    "SSH_TTY",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "all_proxy",
    "no_proxy",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "XDG_RUNTIME_DIR",
    "STANCH_CONFIG",
    "STANCH_DATA",
    "STANCH_LOG",
    "VISUAL",
    "EDITOR",
];

/// Which program, on which system.
pub fn program() -> String {
    let libc = if cfg!(target_env = "musl") { "musl" } else { "the system's C library" };
    let build = if cfg!(debug_assertions) { "debug" } else { "optimised" };
    let jq = if cfg!(feature = "jq") { "with jq" } else { "without jq" };
    let system = rustix::system::uname();
    let part = |text: &std::ffi::CStr| text.to_string_lossy().into_owned();
    format!(
        "- stanch {}, {build}, {jq}, {libc}\n- {} {} {}\n",
        env!("CARGO_PKG_VERSION"),
        part(system.sysname()),
        part(system.release()),
        part(system.machine()),
    )
}

/// The terminal, and what is seen in it.
pub fn terminal(config: Option<&Config>) -> String {
    let size = rustix::termios::tcgetwinsize(io::stderr()).or_else(|_| rustix::termios::tcgetwinsize(io::stdin()));
    let size = size.map_or_else(|_| "unknown".into(), |size| format!("{}x{}", size.ws_col, size.ws_row));
    let mut out = format!("- size: {size}\n");
    for name in VALUES {
        if let Ok(value) = env::var(name) {
            out += &format!("- {name}: {}\n", text::clipped(&value, 80));
        }
    }
    let set: Vec<_> = SET.iter().copied().filter(|name| env::var_os(name).is_some()).collect();
    out += &format!("- set: {}\n", if set.is_empty() { "none of those that matter".into() } else { set.join(", ") });
    let zone = TimeZone::system();
    out += &format!("- time zone: {}\n", zone.iana_name().unwrap_or("one without a name"));
    let theme = config.map_or("unknown", |config| config.theme.as_deref().unwrap_or("dark"));
    out + &format!("- theme: {theme}\n")
}

/// The text with `~` for the home folder, which mostly says a person's name.
pub fn without_home(text: &str) -> String {
    match env::var("HOME").ok().map(|home| home.trim_end_matches('/').to_owned()).filter(|home| home.len() > 1) {
        Some(home) => text.replace(&home, "~"),
        None => text.to_owned(),
    }
}
