//! The command line from outside: what is printed where, and the exit code.
#![expect(
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a test that cannot go on fails, and files are its business"
)]

#[path = "cli/dashboards.rs"]
mod dashboards;
#[path = "cli/runbooks.rs"]
mod runbooks;
#[path = "cli/safety.rs"]
mod safety;

use std::{
    fs,
    path::Path,
    process::{Command as Process, Stdio},
};

use assert_cmd::Command;
use jiff::Timestamp;
use stanch::{
    incident::{Draft, Event, Incident},
    journal::{self, Home},
};
use tempfile::TempDir;

/// A machine of its own: a home, a data folder and a current folder, and nothing of the real one.
struct Machine(TempDir);

impl Machine {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    /// With a `stanch.toml` in the current folder.
    fn with_config(text: &str) -> Self {
        let machine = Self::new();
        fs::write(machine.path().join("stanch.toml"), text).expect("written");
        machine
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn home(&self) -> Home {
        Home::at(self.path().join("data"))
    }

    /// Begins an incident at 03:12, and answers its id.
    fn incident(&self, title: &str) -> String {
        let at = time("2026-11-22T03:12:00Z");
        drop(self.home().create(title, false, "alice@host", at).expect("created"));
        self.home().incidents().expect("a list").remove(0).id
    }

    fn record(&self, id: &str, event: Event) {
        let draft = Draft { id: journal::ids().next(time("2026-11-22T03:13:00Z")), event };
        let mut log = self.home().open(id).expect("a journal");
        log.append("alice@host", &[draft], time("2026-11-22T03:13:00Z")).expect("appended");
    }

    fn replay(&self, id: &str) -> Incident {
        Incident::replay(self.home().read(id).expect("a journal").entries)
    }

    fn stanch(&self, args: &[&str]) -> Command {
        let mut command = Command::cargo_bin("stanch").expect("the program");
        command.env_clear().current_dir(self.path()).args(args);
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("HOME", self.path()).env("STANCH_DATA", self.path().join("data"));
        command
    }

    /// Runs it and checks the exit code; answers what it printed on standard output and on standard error.
    #[track_caller]
    fn check(&self, args: &[&str], code: i32) -> (String, String) {
        let output = self.stanch(args).output().expect("ran");
        let (out, error) = (text(&output.stdout), text(&output.stderr));
        assert_eq!(output.status.code(), Some(code), "{args:?}\n{out}\n{error}");
        (self.anywhere(out), self.anywhere(error))
    }

    /// Text without the folder it happened in.
    fn anywhere(&self, text: String) -> String {
        text.replace(&self.path().display().to_string(), "/home/alice")
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("text")
}

fn time(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).expect("JSON")
}

#[test]
fn help_of_everything() {
    let machine = Machine::new();
    let commands = [
        "demo",
        "init",
        "check",
        "dashboard",
        "snapshot",
        "list",
        "note",
        "log",
        "export",
        "rank",
        "runbook",
        "fishy",
        "completions",
        "help",
        "man",
    ];
    let mut help = machine.check(&["--help"], 0).0;
    for command in commands {
        help += &format!("\n---- {command}\n{}", machine.check(&[command, "--help"], 0).0);
    }
    insta::assert_snapshot!(help);
}

#[test]
fn usage_errors_end_with_two() {
    let machine = Machine::new();
    let check = |args: &[&str], expected: &str| {
        let (out, error) = machine.check(args, 2);
        assert_eq!(out, "");
        assert!(error.contains(expected), "{args:?}: {error}");
    };
    check(&["dashbord"], "unrecognized subcommand 'dashbord'");
    check(&["list", "--jsn"], "'--json'");
    check(&["note"], "required arguments were not provided");
    check(&["snapshot", "--size", "wide"], "expected columns and rows from 1 to 1000, such as 160x45");
    check(&["snapshot", "--wait", "10"], "expected a duration such as 10s");
    check(&["snapshot", "--view", "alerts"], "[possible values: watch, board, act, log, learn]");
    check(&["--incident", "x", "log"], "write the incident behind it");
    check(&["--title", "x", "list"], "`--title` opens the cockpit; it does not go with a command");
    check(&["--incident", "a", "--title", "b"], "expected one of them");
    check(&["--read-only", "--incident", "new"], "cannot start a new one");
}

#[test]
fn global_options_stand_before_or_after() {
    let machine = Machine::new();
    let elsewhere = machine.path().join("elsewhere");
    let folder = elsewhere.to_str().expect("text");
    drop(Home::at(&elsewhere).create("far away", false, "bob@host", time("2026-11-22T03:12:00Z")).expect("created"));
    for args in [["--data", folder, "list"], ["list", "--data", folder]] {
        assert!(machine.check(&args, 0).0.contains("far away"), "{args:?}");
    }
    assert!(!machine.check(&["list"], 0).0.contains("far away"));
    machine.check(&["--data", folder, "--as", "carol", "note", "seen"], 0);
    machine.check(&["note", "seen", "again", "--as", "dave", "--data", folder], 0);
    let log = machine.check(&["log", "--json", "--data", folder], 0).0;
    let by: Vec<_> = log.lines().map(|line| json(line)["by"].as_str().expect("an author").to_owned()).collect();
    assert_eq!(by, ["bob@host", "carol", "dave"]);
}

#[test]
fn a_broken_configuration_ends_with_two_and_starts_nothing() {
    let machine = Machine::with_config(
        "[[source]]\nname = \"prom\"\ntype = \"prometheus\"\nurl = \"localhost:9090\"\nintervall = \"5s\"\n",
    );
    for args in [&["check"] as &[&str], &["snapshot"], &[], &["--title", "x"]] {
        let (out, error) = machine.check(args, 2);
        assert_eq!(out, "");
        assert_eq!(
            error,
            "stanch.toml:4:7: `url` in [[source]] `prom`: expected an address such as \"http://127.0.0.1:9090\", found \
             `localhost:9090`\nstanch.toml:5:1: unknown key `intervall` in [[source]] `prom`; did you mean `every`?\n"
        );
    }
    assert!(!machine.path().join("data").exists(), "nothing was started");
}

#[test]
fn where_the_configuration_is_looked_for() {
    let machine = Machine::new();
    // Each file is known by the mistake in it.
    let write = |path: &str| {
        let path = machine.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, "zzz = 1").expect("written");
    };
    let reads = |command: &mut Command| {
        let error = text(&command.output().expect("ran").stderr);
        machine.anywhere(error).split(':').next().expect("a file").to_owned()
    };
    machine.check(&["check"], 1);
    write(".config/stanch/stanch.toml");
    assert_eq!(reads(&mut machine.stanch(&["check"])), "/home/alice/.config/stanch/stanch.toml");
    write("xdg/stanch/stanch.toml");
    let xdg = machine.path().join("xdg");
    assert_eq!(reads(machine.stanch(&["check"]).env("XDG_CONFIG_HOME", xdg)), "/home/alice/xdg/stanch/stanch.toml");
    write("stanch.toml");
    assert_eq!(reads(&mut machine.stanch(&["check"])), "stanch.toml");
    write("env.toml");
    assert_eq!(reads(machine.stanch(&["check"]).env("STANCH_CONFIG", "env.toml")), "env.toml");
    write("flag.toml");
    let mut both = machine.stanch(&["--config", "flag.toml", "check"]);
    assert_eq!(reads(both.env("STANCH_CONFIG", "env.toml")), "flag.toml");
}

#[test]
fn a_configuration_that_cannot_be_read() {
    let machine = Machine::new();
    let error = machine.check(&["check", "--config", "gone.toml"], 2).1;
    assert_eq!(
        error,
        "gone.toml: cannot read the configuration (named by --config): it does not exist; `stanch init` writes one\n"
    );
    fs::write(machine.path().join("binary.toml"), b"title = \"a\"\n\xff\xfe").expect("written");
    let error = machine.check(&["check", "--config", "binary.toml"], 2).1;
    assert_eq!(error, "binary.toml:2:1: this is no text in UTF-8; save it as UTF-8\n");
    let error = machine.check(&["check", "--config", "."], 2).1;
    assert!(error.contains("it is a folder"), "{error}");
}

#[test]
fn a_secret_is_checked_and_never_printed() {
    let machine = Machine::with_config(
        "[[source]]\nname = \"prom\"\ntype = \"prometheus\"\nurl = \"http://127.0.0.1:1\"\nbearer = \"env:PROM_TOKEN\"\n",
    );
    let error = machine.check(&["check"], 2).1;
    assert_eq!(
        error,
        "stanch.toml:5:10: `bearer` in [[source]] `prom`: the environment variable PROM_TOKEN is not set\n"
    );
    let output = machine.stanch(&["check", "--json"]).env("PROM_TOKEN", "hunter2").output().expect("ran");
    let printed = text(&output.stdout) + &text(&output.stderr);
    assert!(output.status.code() == Some(1) && !printed.contains("hunter2"), "{printed}");
}

#[test]
fn check_has_a_row_for_every_source() {
    let machine = Machine::with_config(
        "[[source]]\nname = \"prom\"\ntype = \"prometheus\"\nurl = \"http://127.0.0.1:1\"\n\
         [[source]]\nname = \"count\"\ntype = \"command\"\nrun = [\"echo\", \"3\"]\nas = \"number\"\n\
         [[pane]]\ntitle = \"Count\"\nsource = \"count\"\n",
    );
    let (out, error) = machine.check(&["check", "--json"], 1);
    assert_eq!(error, "");
    let mut rows = json(&out);
    for row in rows.as_array_mut().expect("rows") {
        assert!(row["ms"].take().is_u64());
    }
    insta::assert_snapshot!(serde_json::to_string_pretty(&rows).expect("JSON"));
    let (out, _) = machine.check(&["check"], 1);
    let lines: Vec<_> = out.lines().collect();
    assert!(lines[0].starts_with("SOURCE  KIND        MS") && lines.len() == 3, "{out}");
    assert!(lines[1].starts_with("prom    prometheus") && lines[1].contains("refused"), "{out}");
    assert!(lines[2].starts_with("count   command") && lines[2].ends_with("ok"), "{out}");
}

#[test]
fn without_sources_check_says_what_to_do() {
    let machine = Machine::new();
    let said = "no sources are configured; `stanch init` writes a configuration to begin with\n".to_owned();
    assert_eq!(machine.check(&["check"], 1), (String::new(), said.clone()));
    assert_eq!(machine.check(&["check", "--json"], 1), ("[]\n".into(), said));
    let machine = Machine::with_config("title = \"shop\"\n");
    let said = "stanch.toml: no sources are configured; it needs a [[source]] at least\n".to_owned();
    assert_eq!(machine.check(&["check"], 1), (String::new(), said));
}

#[test]
fn init_writes_what_loads_and_replaces_nothing_unasked() {
    let machine = Machine::new();
    let (out, _) = machine.check(&["init"], 0);
    assert!(out.contains("wrote stanch.toml; "), "{out}");
    let written = fs::read_to_string(machine.path().join("stanch.toml")).expect("a file");
    stanch::config::load::parse(&written, Path::new("stanch.toml")).expect("it loads");
    assert!(written.contains("#query = \""), "and explains the keys");

    fs::write(machine.path().join("stanch.toml"), "# mine").expect("written");
    let (out, error) = machine.check(&["init"], 1);
    assert_eq!(out, "");
    assert_eq!(error, "error: stanch.toml is there already; --force replaces it, --config FILE writes another\n");
    assert_eq!(fs::read_to_string(machine.path().join("stanch.toml")).expect("a file"), "# mine");
    machine.check(&["init", "--config", "other.toml"], 0);
    assert!(machine.path().join("other.toml").exists());
    machine.check(&["init", "--force"], 0);
    assert_eq!(fs::read_to_string(machine.path().join("stanch.toml")).expect("a file"), written);
}

/// A Prometheus that has one counter of requests, and an Alertmanager behind a sign-in.
fn servers() -> String {
    use std::{
        io::{Read, Write},
        net::TcpListener,
    };
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut request = [0; 4096];
            let length = stream.read(&mut request).unwrap_or(0);
            let request = String::from_utf8_lossy(&request[..length]).into_owned();
            let vector = |metric: &str| {
                format!(
                    r#"{{"status":"success","data":{{"resultType":"vector","result":[{{"metric":{metric},"value":[1,"1"]}}]}}}}"#
                )
            };
            let (status, body) = match request.split(' ').nth(1).unwrap_or_default() {
                path if path.contains("/locked/") => (401, "{}".to_owned()),
                path if path.contains("__name__") => (200, vector(r#"{"__name__":"http_requests_total"}"#)),
                path if path.contains("ALERTS") => (200, vector(r#"{"alertname":"CheckoutSlow"}"#)),
                path if path.contains("group") && path.contains("job") => (200, vector(r#"{"job":"shop\u001b[2J"}"#)),
                path if path.contains("count+by") || path.contains("count%20by") => {
                    (200, vector(r#"{"status":"200","service":"shop"}"#))
                }
                path if path.contains("/api/v1/query_range") => (
                    200,
                    vector("{}").replace("vector", "matrix").replace(r#""value":[1,"1"]"#, r#""values":[[1,"1"]]"#),
                ),
                path if path.contains("/api/v1/query") => (200, vector("{}")),
                _ => (404, String::new()),
            };
            let length = body.len();
            let head = format!(
                "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n"
            );
            let _ = stream.write_all((head + &body).as_bytes());
        }
    });
    url
}

#[test]
fn init_writes_what_the_named_servers_have() {
    let (machine, url) = (Machine::new(), servers());
    let locked = format!("{url}/locked/alertmanager");
    let (out, _) = machine.check(&["init", &format!("{url}/prom/"), &locked, "http://127.0.0.1:1"], 0);
    for words in [
        format!("found Prometheus at {url}/prom"),
        format!("found Alertmanager at {locked}"),
        "which asks who you are: fill in its `bearer`".into(),
        "nothing to use at http://127.0.0.1:1/: refused: nobody listens there".into(),
        "shown: http ok · Errors, http · Requests a second, http\n".into(),
        "jobs it scrapes: shop[2J\nalerts that fire there now: CheckoutSlow\n".into(),
    ] {
        assert!(out.contains(&words), "{words}\n{out}");
    }
    let written = fs::read_to_string(machine.path().join("stanch.toml")).expect("a file");
    let (config, _) = stanch::config::load::parse(&written, Path::new("stanch.toml")).expect("it loads");
    let names: Vec<&str> = config.sources.iter().map(|source| source.name.as_str()).collect();
    assert_eq!(names, ["prom", "alertmanager"]);
    assert_eq!(config.vitals.len(), 1);
    assert!(written.contains("# Jobs that prom scrapes: shop[2J\n# Alerts that fired there when"), "{written}");
    assert!(written.contains("rate(http_requests_total{status=~\"5.*\"}[5m])"), "{written}");
}

#[test]
fn a_snapshot_shows_what_was_configured_first() {
    let mut config =
        "title = \"shop\"\n[[source]]\nname = \"prom\"\ntype = \"prometheus\"\nurl = \"http://127.0.0.1:1\"\n"
            .to_owned();
    for n in 1..=6 {
        config += &format!("[[pane]]\ntitle = \"Chart {n}\"\nsource = \"prom\"\nquery = \"up\"\n");
    }
    let machine = Machine::with_config(&config);
    for size in ["80x24", "120x40"] {
        // The alerts pane nobody asked for stands behind them, on a page of its own.
        let (out, _) = machine.check(&["snapshot", "--size", size], 0);
        assert!(out.contains("┏ Chart 1 ━"), "{out}");
        assert!(out.lines().next().is_some_and(|header| header.contains("shop")), "{out}");
    }
}

#[test]
fn list_is_a_table_or_json() {
    let machine = Machine::new();
    assert_eq!(
        machine.check(&["list"], 0),
        (String::new(), "no incidents in /home/alice/data; `stanch` starts one\n".into())
    );
    assert_eq!(machine.check(&["list", "--json"], 0).0, "[]\n");
    let id = machine.incident("checkout 5xx");
    machine.record(&id, Event::SeveritySet { severity: "SEV1".into() });
    insta::assert_snapshot!(machine.check(&["list"], 0).0 + &machine.check(&["list", "--json"], 0).0);
}

#[test]
fn notes_go_where_they_are_meant() {
    let machine = Machine::new();
    let error = machine.check(&["note", "hello"], 1).1;
    assert_eq!(error, "error: no incidents in /home/alice/data; `stanch` starts one\n");
    let old = machine.incident("old one");
    let check = |args: &[&str], id: &str, expected: &str| {
        let out = machine.check(&[&["note"], args].concat(), 0).0;
        assert!(out.starts_with(&format!("noted in {id}")), "{out}");
        assert_eq!(machine.replay(id).notes.last().expect("a note").text, expected);
    };
    check(&["rolled", "back  to", "v2.3.0"], &old, "rolled back  to v2.3.0");
    drop(machine.home().create("new one", false, "alice@host", time("2026-11-22T04:12:00Z")).expect("created"));
    let new = machine.home().incidents().expect("a list").remove(0).id;
    check(&["one word is not an id"], &new, "one word is not an id");
    check(&[&old, "late", "thought"], &old, "late thought");
    check(&["2026-11-22-0312-no-such", "text"], &new, "2026-11-22-0312-no-such text");
    check(&["-5", "% traffic"], &new, "-5 % traffic");
    check(&["--", "--force did it"], &new, "--force did it");
    check(&["../../etc", "x"], &new, "../../etc x");
    let error = machine.check(&["note", &old], 2).1;
    assert!(error.contains(&format!("expected `stanch note {old} TEXT`")), "{error}");
    machine.check(&["note", " "], 1);
}

#[test]
fn an_incident_is_named_by_a_part_of_its_id() {
    let machine = Machine::new();
    let old = machine.incident("checkout 5xx");
    let second = machine.incident("pool full");
    drop(machine.home().create("disk full", false, "alice@host", time("2026-11-22T04:15:00Z")).expect("created"));
    let new = machine.home().incidents().expect("a list").remove(0).id;
    for (name, id) in [("0415", &new), ("last", &new), ("-1", &new), ("-3", &old), ("checkout", &old), (&old, &old)] {
        let opened = machine.check(&["log", name], 0).0;
        assert_eq!(opened, machine.check(&["log", id], 0).0, "{name}");
        let exported = machine.check(&["export", name, "-o", "-"], 0).0;
        assert_eq!(exported, machine.check(&["export", id, "-o", "-"], 0).0, "{name}");
        machine.check(&["rank", name], 0);
        let noted = machine.check(&["note", "--incident", name, "0312", "x"], 0).0;
        assert_eq!(
            (noted, machine.replay(id).notes.last().expect("a note").text.as_str()),
            (format!("noted in {id}\n"), "0312 x")
        );
        let frame = machine.check(&["snapshot", "--incident", name], 0).0;
        assert!(frame.contains(&machine.replay(id).summary.title), "{frame}");
    }
    let error = machine.check(&["log", "0312"], 1).1;
    assert_eq!(error, format!("error: \"0312\" is a part of {second}, {old}; expected more of one\n"));
    machine.check(&["--incident", "full"], 1);
    machine.check(&["--incident", "nope"], 1);
    // In front of a note only what is hardly ever text.
    let noted = machine.check(&["note", "0415", "was", "a drill"], 0).0;
    assert_eq!(
        (noted, machine.replay(&new).notes.last().expect("a note").text.as_str()),
        (format!("noted in {new} (as 0415 says)\n"), "was a drill")
    );
    for text in ["checkout", "last", "-1", "2026-11-22", "0312"] {
        machine.check(&["note", text, "is back"], 0);
        assert_eq!(machine.replay(&new).notes.last().expect("a note").text, format!("{text} is back"));
    }
}

#[test]
fn a_note_may_begin_with_a_dash() {
    let machine = Machine::new();
    let id = machine.incident("one");
    machine.check(&["note", "-5%", "orders", "since 03:00"], 0);
    machine.check(&["note", &id, "--verbose was on", "--as", "bob"], 0);
    machine.check(&["note", "--", "--as"], 0);
    let incident = machine.replay(&id);
    let notes: Vec<_> = incident.notes.iter().map(|note| (note.by.as_str(), note.text.as_str())).collect();
    assert_eq!(notes[0].1, "-5% orders since 03:00");
    assert!(notes[1].0.starts_with("bob"), "{notes:?}");
    assert_eq!((notes[1].1, notes[2].1), ("--verbose was on", "--as"));
}

#[test]
fn a_note_may_be_piped_in_and_is_scrubbed() {
    let machine = Machine::new();
    let id = machine.incident("checkout 5xx");
    let mut command = machine.stanch(&["note", "-"]);
    let output = command.write_stdin("pod a\x1b]0;x\x07\r\n\tpod b\u{202E}\n\n").output().expect("ran");
    assert_eq!(text(&output.stdout), format!("noted in {id}\n"));
    assert_eq!(machine.replay(&id).notes[0].text, "pod a]0;x\n pod b");
    let flood = "x".repeat(2_000_000);
    machine.stanch(&["note", "-"]).write_stdin(flood).assert().success();
    let longest = machine.replay(&id).notes[1].text.clone();
    assert!(longest.len() <= 1_000_000 && longest.ends_with("x…"), "{}", longest.len());
    machine.stanch(&["note", "-"]).write_stdin("").assert().code(1);
}

#[test]
fn a_note_that_begins_with_a_time_is_backdated() {
    let machine = Machine::new();
    let id = machine.incident("checkout 5xx");
    // A time in the next few minutes would be taken for one of now, by a clock that is a little ahead.
    let two_hours_ago = Timestamp::now() - jiff::Span::new().hours(2);
    let time = two_hours_ago.strftime("%H:%M").to_string();
    let out = machine.check(&["note", &time, "first", "call"], 0).0;
    let note = machine.replay(&id).notes[0].clone();
    assert_eq!(note.text, "first call");
    assert!(out.ends_with(&format!(" as of {}\n", note.at.strftime("%Y-%m-%d %H:%MZ"))), "{out}");
    assert_eq!(note.at.strftime("%H:%M:%S").to_string(), format!("{time}:00"));
}

#[test]
fn log_is_text_or_json_lines() {
    let machine = Machine::new();
    let id = machine.incident("checkout 5xx");
    machine.record(&id, Event::Noted { text: "pool at 100 %".into(), when: None });
    let text = machine.check(&["log"], 0).0;
    assert!(text.contains("pool at 100 %"), "{text}");
    let lines = machine.check(&["log", &id, "--json"], 0).0;
    let kinds: Vec<_> =
        lines.lines().map(|line| json(line)["event"]["kind"].as_str().expect("a kind").to_owned()).collect();
    assert_eq!(kinds, ["incident_opened", "noted"]);
    let error = machine.check(&["log", "nope"], 1).1;
    assert_eq!(
        error,
        "error: no incident \"nope\" in /home/alice/data/incidents; `stanch list` shows those there are\n"
    );
}

#[test]
fn export_never_takes_the_place_of_another_file() {
    let machine = Machine::with_config("notes = \"notes\"");
    let id = machine.incident("checkout 5xx");
    for name in ["", "-2", "-3"] {
        assert_eq!(machine.check(&["export"], 0).0, format!("notes/{id}{name}.md\n"));
    }
    let printed = machine.check(&["export", "-o", "-"], 0).0;
    assert!(printed.starts_with("# ") && printed.contains("checkout 5xx"), "{printed}");
    let file = fs::read_to_string(machine.path().join(format!("notes/{id}.md"))).expect("the notes");
    assert_eq!(file, printed, "the same bytes wherever they go");
    assert_eq!(machine.check(&["export", &id, "--format", "html"], 0).0, format!("notes/{id}.html\n"));
    let whole = machine.check(&["export", "--format", "json", "--output", "-"], 0).0;
    json(&whole);
    assert_eq!(machine.check(&["export", "--output", "mine.md"], 0).0, "mine.md\n");
    assert_eq!(fs::read_to_string(machine.path().join("mine.md")).expect("the notes"), printed);
    let error = machine.check(&["export", "-o", "no/such/folder/x.md"], 1).1;
    assert!(error.contains("no/such/folder/x.md: ") && error.contains("-o FILE puts them elsewhere"), "{error}");
}

#[test]
fn the_short_form_is_printed_and_plain() {
    let machine = Machine::new();
    machine.incident("checkout");
    let (out, _) = machine.check(&["export", "--short"], 0);
    assert!(out.starts_with("checkout (watching)\nWhen: opened 2026-11-22 03:12 UTC"), "{out}");
    let (_, error) = machine.check(&["export", "--short", "--format", "html"], 2);
    assert!(error.contains("--short is plain text"), "{error}");
    machine.check(&["export", "--short", "-o", "short.txt"], 0);
    assert_eq!(fs::read_to_string(machine.path().join("short.txt")).expect("notes"), out);
}

#[test]
fn export_to_a_file_needs_no_configuration() {
    let machine = Machine::with_config("zzz = 1");
    machine.incident("checkout 5xx");
    machine.check(&["export", "-o", "-"], 0);
    machine.check(&["export"], 2);
}

#[test]
fn a_board_to_begin_with_is_read_before_the_screen_is_taken() {
    let machine = Machine::new();
    fs::write(machine.path().join("bad.toml"), "[[hypothesis]]\nid = \"h1\"\n").expect("written");
    let error = machine.check(&["--board", "bad.toml"], 2).1;
    assert_eq!(error, "bad.toml:1:1: missing field `text`\n");
    let error = machine.check(&["--board", "gone.toml"], 1).1;
    assert!(error.starts_with("error: cannot read the board gone.toml: "), "{error}");
    let error = machine.check(&["--board", "bad.toml", "--read-only"], 2).1;
    assert!(error.starts_with("error: --read-only writes nothing, --board puts a file on the board"), "{error}");
}

#[test]
fn fishy_names_what_moved_since_the_onset() {
    let machine = Machine::new();
    let mut csv = "time,\"cpu{pod=\"\"a\"\"}\",\"cpu{pod=\"\"b\"\"}\",flat\n".to_owned();
    for i in 0..240 {
        let b = if i < 200 { i % 7 } else { 90 + i % 7 };
        csv += &format!("{},{},{b},1\n", 1_700_000_000 + i * 15, i % 5);
    }
    fs::write(machine.path().join("m.csv"), &csv).expect("written");
    let onset = 1_700_000_000 + 200 * 15;
    let rows = json(&machine.check(&["fishy", "m.csv", "--onset", &onset.to_string(), "--json"], 0).0);
    assert_eq!(rows["onset"], f64::from(onset));
    assert_eq!(rows["series"].as_array().map(Vec::len), Some(3), "every series, {rows}");
    let first = &rows["series"][0];
    assert_eq!((&first["rank"], &first["name"]), (&1.into(), &"cpu{pod=\"b\"}".into()));
    assert_eq!((&first["fishy"], &first["direction"]), (&true.into(), &"up".into()));
    assert_eq!(first["since"], f64::from(onset), "{first}");
    assert_eq!(rows["series"][1]["fishy"], false);

    let (text, _) = machine.check(&["fishy", "m.csv"], 0);
    assert!(text.starts_with("onset 2023-11-14T23:03:20Z, estimated from the curves"), "{text}");
    assert!(text.contains("1 of 3 smell fishy") && text.contains("its usual spread; worst before"), "{text}");
    let calm: String = csv.lines().take(190).map(|line| format!("{line}\n")).collect();
    fs::write(machine.path().join("calm.csv"), calm).expect("written");
    let (text, _) = machine.check(&["fishy", "calm.csv", "--onset", "2023-11-14T22:50:00Z"], 0);
    assert!(text.contains("nothing smells"), "{text}");
    assert!(!machine.path().join("data").exists(), "nothing is written");
}

#[test]
fn fishy_says_what_is_wrong_with_its_input() {
    let machine = Machine::new();
    let write = |name: &str, text: &str| fs::write(machine.path().join(name), text).expect("written");
    write("m.csv", "time,a\n1700000000,1\n1700000060,2\n");
    let error = machine.check(&["fishy", "m.csv", "--onset", "1600000000"], 2).1;
    assert!(error.contains("the onset 2020-09-13T12:26:40Z is before all there is in m.csv"), "{error}");
    let error = machine.check(&["fishy", "m.csv", "--onset", "1900000000"], 2).1;
    assert!(error.contains("is after all there is in m.csv"), "{error}");
    let error = machine.check(&["fishy", "m.csv", "--onset", "noon"], 2).1;
    assert!(error.contains("expected seconds since 1970"), "{error}");
    write("bad.csv", "time,a\n1700000000,one\n");
    let error = machine.check(&["fishy", "bad.csv"], 2).1;
    assert!(error.starts_with("bad.csv:2:12: `one` is no number"), "{error}");
    write("none.csv", "time,a\n1700000000,\n");
    let error = machine.check(&["fishy", "none.csv"], 1).1;
    assert!(error.contains("none.csv holds no number"), "{error}");
    let error = machine.check(&["fishy", "checkout-5xx"], 1).1;
    assert!(error.contains("an incident's journal keeps no curves"), "{error}");
}

#[test]
fn rank_takes_an_incident_or_a_board_file() {
    let machine = Machine::new();
    let board = "title = \"x\"\n[[observation]]\nid = \"s1\"\ntext = \"5xx\"\n[[hypothesis]]\nid = \"h1\"\ntext = \"deploy\"\n\
                 cells = { s1 = \"#\" }\n";
    fs::write(machine.path().join("board.toml"), board).expect("written");
    let rows = json(&machine.check(&["rank", "board.toml", "--json"], 0).0);
    assert_eq!(rows["hypotheses"][0]["id"], "h1");
    assert_eq!(rows["hypotheses"][0]["bits"], 2.1);
    assert!(machine.check(&["rank", "board.toml"], 0).0.contains("deploy"));
    assert!(!machine.path().join("data").exists(), "nothing is written");

    fs::write(machine.path().join("board.toml"), board.replace('#', "%")).expect("written");
    let error = machine.check(&["rank", "board.toml"], 2).1;
    assert!(error.starts_with("board.toml:8:"), "{error}");
    let error = machine.check(&["rank", "gone.toml"], 1).1;
    assert!(error.starts_with("error: cannot read the board gone.toml: "), "{error}");

    let id = machine.incident("checkout 5xx");
    machine.record(
        &id,
        Event::HypothesisAdded { text: "dns".into(), prior: Default::default(), changed: false, from: String::new() },
    );
    assert!(machine.check(&["rank"], 0).0.contains("dns"));
    assert_eq!(json(&machine.check(&["rank", &id, "--json"], 0).0)["hypotheses"][0]["text"], "dns");
}

#[test]
fn board_files_nobody_meant_to_write() {
    let machine = Machine::new();
    let column = "[[observation]]\nid = \"s1\"\ntext = \"5xx\"\n";
    let row = "[[hypothesis]]\nid = \"h1\"\ntext = \"deploy\"\ncells = { s1 = \"#\" }\n";
    let file = |bytes: &[u8]| fs::write(machine.path().join("b.toml"), bytes).expect("written");
    let check = |bytes: &[u8], code: i32, expected: &str| {
        file(bytes);
        let (out, error) = machine.check(&["rank", "b.toml"], code);
        let said = if code == 0 { out } else { error };
        assert!(said.contains(expected), "{expected}: {said}");
        said
    };
    let with = |rest: &str| format!("{column}{row}{rest}").into_bytes();
    check(&with("state = \"refuted\"\nreason = \"no\""), 0, "deploy  +2.1 · refuted");
    check(column.as_bytes(), 0, "Nothing explains these");
    check(b"", 0, "something not on this board");
    check(format!("\u{feff}{column}{row}").replace('\n', "\r\n").as_bytes(), 0, "deploy  +2.1");
    let rows: String = (0..200).map(|n| row.replace("h1", &format!("h{n}"))).collect();
    assert_eq!(check(format!("{column}{rows}").as_bytes(), 0, "h199").matches("deploy").count(), 200);
    let untested = format!("{column}state = \"untested\"\n{row}");
    check(untested.as_bytes(), 0, "explains 0 of 0");
    check(&with("bogus = 1"), 2, "b.toml:8:1: unknown field `bogus`");
    check(&with(row), 2, "b.toml:9:6: expected an id of its own, found `h1`, which line 5 has already");
    check(b"text = \"caf\xe9\"", 2, "b.toml:1:12: this is no text in UTF-8; save it as UTF-8");
    check(b"\xff\xfet\0", 2, "b.toml:1:1: this is text in UTF-16");
    check(b"\x7fELF\0\0\0", 2, "b.toml:1:");
    let said = check(row.repeat(50).as_bytes(), 2, "b.toml:4:11: expected the id of an observation (there are none)");
    assert_eq!(said.lines().count(), 21);
    assert!(said.ends_with("and 79 more\n"), "{said}");
    check(&[b'#'; 50_000_000], 1, "error: the board b.toml is larger than 4 MiB; is it a board?");
    fs::rename(machine.path().join("b.toml"), machine.path().join("board.txt")).expect("renamed");
    let error = machine.check(&["rank", "board.txt"], 1).1;
    assert!(error.contains("the board board.txt is larger"), "a name with a dot is a file: {error}");
}

#[test]
fn a_text_for_a_bug_report_is_for_people_to_read() {
    let machine = Machine::with_config(
        "title = \"shop\"\n[[source]]\nname = \"feed\"\ntype = \"command\"\nrun = [\"echo\", \"[]\"]\nas = \"table\"\n",
    );
    machine.incident("quiet title");
    let out = machine.check(&["check", "--bundle", "-"], 0).0;
    for words in [
        "# For a bug report",
        "- stanch 0.1.0",
        "name = \"feed\"",
        "run = [\"echo\", \"***\"]",
        "1 in ",
        "- 1 entries, ",
    ] {
        assert!(out.contains(words), "{words}\n{out}");
    }
    assert!(!out.contains("quiet") && out.contains("--log FILE"), "{out}");
    let out = machine.check(&["check", "--bundle", "report.md"], 0).0;
    assert!(out.contains("feed") && out.ends_with("wrote report.md; read it before you send it\n"), "{out}");
    let report = fs::read_to_string(machine.path().join("report.md")).expect("a report");
    assert!(!report.contains(&machine.path().display().to_string()) && report.contains("in ~/data"), "{report}");
    let error = machine.check(&["check", "--bundle", "stanch.toml"], 2).1;
    assert!(error.contains("stanch.toml is no text for a bug report: --bundle would write over it"), "{error}");
    // What keeps the program from starting is worth a report too.
    fs::write(machine.path().join("stanch.toml"), "titel = \"hush\"\n[[source]]\nname = \"feed\"\n").expect("written");
    let (_, error) = machine.check(&["check", "--bundle", "report.md"], 2);
    assert!(error.contains("unknown key `titel`"), "{error}");
    let report = fs::read_to_string(machine.path().join("report.md")).expect("a report");
    assert!(report.contains("unknown key `titel`") && report.contains("name = \"feed\""), "{report}");
    assert!(!report.contains("hush"), "{report}");
}

#[test]
fn a_log_that_cannot_be_written_is_said_before_the_screen_is_taken() {
    let machine = Machine::with_config("title = \"shop\"\n");
    for args in [&["--log", "stanch.toml"][..], &["demo", "--log", "stanch.toml"]] {
        let error = machine.check(args, 2).1;
        assert!(
            error.starts_with(
                "error: cannot write the log stanch.toml: it is there already, and is no log of stanch; name another with --log"
            ),
            "{error}"
        );
    }
    let output = machine.stanch(&["demo"]).env("STANCH_LOG", "/no/such/folder/x").output().expect("ran");
    let error = text(&output.stderr);
    assert!(
        output.status.code() == Some(2) && error.contains("/no/such/folder/x") && error.contains("STANCH_LOG"),
        "{error}"
    );
    assert!(!machine.path().join("data").exists(), "nothing was started");
    // What writes no log does not care.
    machine.stanch(&["list"]).env("STANCH_LOG", "/no/such/folder/x").assert().success();
}

#[test]
fn completions_and_the_manual() {
    let machine = Machine::new();
    for shell in ["bash", "zsh", "fish"] {
        let out = machine.check(&["completions", shell], 0).0;
        assert!(out.contains("stanch") && out.contains("snapshot"), "{shell}");
    }
    let man = machine.check(&["man"], 0).0;
    for part in [".TH stanch 1", ".SS \"snapshot\"", "\\-\\-size", ".SH EXIT STATUS", ".SH FILES", ".SH ENVIRONMENT"] {
        assert!(man.contains(part), "{part}");
    }
    assert!(man.is_ascii(), "what formats it may not expect UTF-8");
    assert!(!man.contains("__"), "what is hidden stays hidden");
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let machine = Machine::new();
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let program = machine.stanch(&[]).get_program().to_owned();
    let output = Process::new(program).arg("man").stdout(writer).stderr(Stdio::piped()).output().expect("ran");
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()));
}

#[test]
fn without_a_home_the_data_folder_is_asked_for() {
    let machine = Machine::new();
    let mut command = machine.stanch(&["list"]);
    let output = command.env_remove("HOME").env_remove("STANCH_DATA").output().expect("ran");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(text(&output.stderr), "error: no folder for data: set STANCH_DATA or HOME, or give --data\n");
}

/// The source's own command stands for an upgrade while the program runs: the filter comes after it.
#[test]
fn a_filter_runs_after_the_program_was_replaced() {
    let machine = Machine::with_config(
        "[[source]]\nname = \"it\"\ntype = \"command\"\njq = \".n\"\nas = \"number\"\n\
         run = [\"sh\", \"-c\", \"cp it new && mv new it && echo '{\\\"n\\\":7}'\"]\n",
    );
    // By another process: what a test beside this one starts would hold the file open for writing.
    let copied = Process::new("cp").arg(env!("CARGO_BIN_EXE_stanch")).arg(machine.path().join("it")).status();
    assert!(copied.expect("run").success());
    let mut command = Process::new(machine.path().join("it"));
    command.env_clear().current_dir(machine.path()).args(["check"]).env("HOME", machine.path());
    let output = command.env("PATH", std::env::var_os("PATH").unwrap_or_default()).output().expect("run");
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
}
