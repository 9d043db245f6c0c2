//! What other users of the machine, files that are none, proxies and a system without room can do to a command: nothing but
//! a line that says so.

use std::{
    fs::{self, Permissions},
    io::{Read, Write},
    net::TcpListener,
    os::unix::{
        fs::{MetadataExt, PermissionsExt, chown},
        process::ExitStatusExt,
    },
    path::Path,
    process::Command as Process,
    thread,
    time::Duration,
};

use super::{Machine, text};

/// A source whose command leaves `ran` behind.
const RUNS: &str = "[[source]]\nname = \"feed\"\ntype = \"command\"\nrun = [\"sh\", \"-c\", \"touch ran; echo []\"]\n\
                    as = \"table\"\n";

/// Longer than any of this takes, and shorter than for ever.
const PATIENCE: Duration = Duration::from_secs(60);

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).expect("set");
}

#[test]
fn a_configuration_that_others_could_have_put_there_is_used_only_if_it_is_named() {
    let machine = Machine::with_config(RUNS);
    let (here, file, ran) = (machine.path(), machine.path().join("stanch.toml"), machine.path().join("ran"));
    let refused = |file: &str, why: &str| {
        let error = machine.check(&["check"], 2).1;
        let advice = format!("look through it, then name it: --config {file}");
        assert_eq!(error, format!("{file}: not used, because {why}, and a configuration runs commands; {advice}\n"));
        assert!(!ran.exists(), "its command ran");
    };
    mode(here, 0o777);
    refused("stanch.toml", "others may write to its folder /home/alice");
    mode(here, 0o1777);
    refused("stanch.toml", "others may write to its folder /home/alice");
    machine.check(&["check", "--config", "stanch.toml"], 0);
    fs::remove_file(&ran).expect("it ran");
    machine.stanch(&["check"]).env("STANCH_CONFIG", "stanch.toml").assert().success();
    fs::remove_file(&ran).expect("it ran");
    mode(here, 0o755);
    mode(&file, 0o666);
    refused("stanch.toml", "others may write to it");
    mode(&file, 0o644);
    // Only who may do anything can give a file away.
    if rustix::process::geteuid().is_root() {
        chown(&file, Some(12345), None).expect("given away");
        refused("stanch.toml", "it belongs to another user (number 12345)");
        chown(&file, Some(0), None).expect("taken back");
        chown(here, Some(12345), None).expect("given away");
        refused("stanch.toml", "its folder /home/alice belongs to another user (number 12345)");
        chown(here, Some(0), None).expect("taken back");
    }
    machine.check(&["check"], 0);
    fs::remove_file(&ran).expect("it ran");

    let folder = here.join(".config/stanch");
    fs::create_dir_all(&folder).expect("made");
    fs::rename(&file, folder.join("stanch.toml")).expect("moved");
    mode(&folder, 0o777);
    refused("/home/alice/.config/stanch/stanch.toml", "others may write to its folder /home/alice/.config/stanch");
}

#[test]
fn a_theme_that_others_could_have_put_there_is_not_used() {
    let machine = Machine::with_config("theme = \"mine\"\n");
    let folder = machine.path().join(".config/stanch/themes");
    fs::create_dir_all(&folder).expect("made");
    fs::write(folder.join("mine.toml"), "inherits = \"light\"\n").expect("written");
    machine.check(&["snapshot", "--color", "always"], 0);
    mode(&folder, 0o777);
    let error = machine.check(&["snapshot", "--color", "always"], 2).1;
    assert!(error.contains("theme `mine`") && error.contains("others may write to its folder"), "{error}");
    // A folder that cannot be looked into keeps nobody from the theme that is built in.
    let machine = Machine::new();
    fs::write(machine.path().join(".config"), "").expect("written");
    machine.check(&["snapshot", "--color", "always"], 0);
}

#[test]
fn a_pipe_or_a_device_is_called_one_and_not_waited_for() {
    let machine = Machine::with_config("theme = \"./pipe\"\n");
    assert!(Process::new("mkfifo").arg(machine.path().join("pipe")).status().expect("it runs").success());
    let check = |args: &[&str], code: i32, expected: &str| {
        let output = machine.stanch(args).timeout(PATIENCE).output().expect("ran");
        let said = text(&output.stdout) + &text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{args:?}: {said}");
        assert!(said.contains(&format!("{expected}: it is a pipe or a device; expected an ordinary file")), "{said}");
    };
    check(&["snapshot", "--color", "always"], 2, "theme `./pipe`: cannot read ./pipe");
    for file in ["pipe", "/dev/zero"] {
        check(&["check", "--config", file], 2, "cannot read the configuration (named by --config)");
    }
    check(&["rank", "./pipe"], 1, "cannot read the board ./pipe");
    check(&["check", "--bundle", "-", "--log", "pipe"], 0, "pipe");
    let source = "[[source]]\nname = \"prom\"\ntype = \"prometheus\"\nurl = \"http://127.0.0.1:1\"\n";
    for key in ["bearer = \"file:pipe\"", "ca_file = \"pipe\""] {
        fs::write(machine.path().join("other.toml"), format!("{source}{key}\n")).expect("written");
        let output = machine.stanch(&["check", "--config", "other.toml"]).timeout(PATIENCE).output().expect("ran");
        let error = text(&output.stderr);
        assert!(error.starts_with("other.toml:5:") && error.contains("the file pipe is a pipe or a device"), "{error}");
    }
}

#[test]
fn a_pipe_that_nobody_reads_is_not_waited_for() {
    let machine = Machine::new();
    let id = machine.incident("checkout 5xx");
    assert!(Process::new("mkfifo").arg(machine.path().join("pipe")).status().expect("it runs").success());
    let output = machine.stanch(&["export", &id, "-o", "pipe"]).timeout(PATIENCE).output().expect("ran");
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("it is a pipe that nobody reads"), "{}", text(&output.stderr));
    machine.check(&["export", &id, "-o", "/dev/null"], 0);
}

#[test]
fn a_theme_of_another_names_no_file() {
    let machine = Machine::with_config("theme = \"./mine.toml\"\n");
    fs::write(machine.path().join("mine.toml"), "inherits = \"./other.toml\"\n").expect("written");
    fs::write(machine.path().join("other.toml"), "hunter2").expect("written");
    let (_, error) = machine.check(&["snapshot", "--color", "always"], 2);
    assert!(error.contains("theme `./other.toml`: `inherits` takes the name of a theme, not a file"), "{error}");
    assert!(!error.contains("hunter2"), "{error}");
}

#[test]
fn notes_over_others_are_for_those_who_could_read_those() {
    let machine = Machine::new();
    let id = machine.incident("checkout 5xx");
    let notes = machine.path().join("notes.md");
    fs::write(&notes, "old").expect("written");
    mode(&notes, 0o600);
    machine.check(&["export", &id, "-o", "notes.md"], 0);
    assert_eq!(notes.metadata().expect("notes").mode() & 0o777, 0o600);
    assert!(fs::read_to_string(&notes).expect("notes").contains("checkout 5xx"));
}

#[test]
fn what_signs_in_at_a_proxy_is_not_shown_when_the_proxy_quotes_it() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut head = [0; 4096];
            let count = stream.read(&mut head).unwrap_or(0);
            let said = String::from_utf8_lossy(&head[..count]).replace("\r\n", " ");
            let body = format!("who are you? ann:s3/cret! s3%2Fcret%21 {said}");
            let length = body.len();
            let answer =
                format!("HTTP/1.1 502 Bad Gateway\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}");
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    let machine = Machine::with_config(
        "[[source]]\nname = \"feed\"\ntype = \"http\"\nurl = \"http://far.example/feed\"\nas = \"table\"\n",
    );
    let proxy = format!("http://ann:s3%2Fcret%21@127.0.0.1:{port}");
    for args in [&["check"][..], &["check", "--json"], &["check", "--bundle", "-"]] {
        let output = machine.stanch(args).env("http_proxy", &proxy).output().expect("ran");
        let said = text(&output.stdout) + &text(&output.stderr);
        assert!(said.contains("who are you? ann:***"), "{args:?}: {said}");
        // The pair as it is sent: `printf 'ann:s3/cret!' | base64`.
        for secret in ["s3/cret", "s3%2Fcret", "YW5uOnMzL2NyZXQh"] {
            assert!(!said.contains(secret), "{args:?}: {said}");
        }
    }
}

#[test]
fn a_report_shows_the_form_of_an_address_and_not_what_is_in_it() {
    let token = "aB3dE5fG7hI9jK1lM3nO5pQ7";
    let said = format!("no http://127.0.0.1/hook/{token}?team=hush&limit=5");
    let machine = Machine::with_config(&format!(
        "[[source]]\nname = \"feed\"\ntype = \"command\"\nrun = [\"sh\", \"-c\", \"echo '{said}' >&2; exit 1\"]\n\
         as = \"table\"\n[[source]]\nname = \"hook\"\ntype = \"http\"\nurl = \"http://127.0.0.1:1/services/T01AB/{token}\"\n\
         as = \"table\"\n"
    ));
    let out = machine.check(&["check", "--bundle", "-"], 1).0;
    assert!(out.contains("http://127.0.0.1/hook/***?team=***&limit=5"), "{out}");
    assert!(out.contains("http://127.0.0.1:1/services/T01AB/***"), "{out}");
    assert!(!out.contains(token) && !out.contains("hush"), "{out}");
}

/// Runs the program behind a line of a shell.
fn after(machine: &Machine, line: &str, args: &[&str]) -> std::process::Output {
    let mut shell = Process::new("sh");
    shell.args(["-c", &format!("{line}; exec \"$0\" \"$@\""), env!("CARGO_BIN_EXE_stanch")]).args(args);
    shell.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("HOME", machine.path());
    shell.current_dir(machine.path()).output().expect("ran")
}

#[test]
fn a_system_without_room_is_said_in_a_line() {
    let machine = Machine::with_config(RUNS);
    for most in 5..=8 {
        for args in [&["check"][..], &["snapshot"]] {
            let output = after(&machine, &format!("ulimit -n {most}"), args);
            let expected = format!(
                "error: cannot start: too few files may be open, {most} at once here; `ulimit -n 256` allows more\n"
            );
            assert_eq!((text(&output.stderr), output.status.code()), (expected, Some(1)), "{args:?}");
        }
    }
    assert!(!machine.path().join("ran").exists());
    assert_eq!(after(&machine, "ulimit -n 64", &["check"]).status.code(), Some(0));
}

#[test]
#[cfg(target_os = "linux")]
fn a_crash_leaves_no_secrets_behind_and_commands_keep_their_limits() {
    let machine = Machine::with_config(
        "[[source]]\nname = \"feed\"\ntype = \"command\"\nas = \"table\"\n\
         run = [\"sh\", \"-c\", \"ulimit -c > limit; kill -ABRT $PPID; sleep 5\"]\n",
    );
    let ended = after(&machine, "ulimit -c unlimited", &["check"]).status;
    assert_eq!((ended.signal(), ended.core_dumped()), (Some(6), false));
    assert_eq!(fs::read_to_string(machine.path().join("limit")).expect("a limit"), "unlimited\n");
}
