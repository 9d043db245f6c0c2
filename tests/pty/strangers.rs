//! What comes from strangers, and what must not leave: the real program against a server with bad intentions.
//!
//! The server answers with attacks on terminals wherever it may put words, and sends back whatever it was sent, secrets
//! among it. Everything the program shows, keeps, prints and starts is searched.
#![expect(clippy::expect_used, reason = "helpers of tests may panic")]

use std::{
    fs,
    io::{Read, Write},
    net::TcpListener,
    path::Path,
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use rustix::process::Signal;

use super::pty::{Machine, Terminal};

/// In every secret, so that one search finds them all. Base64 of what stands before it is chosen to keep it whole.
pub(super) const PLANTED: &str = "PLANTED";

/// What a terminal must never be sent, each with a word that shows that it came through.
const ATTACKS: &[&str] = &[
    "w0 \u{1b}]52;c;ZXZpbA==\u{7}",
    "w1 \u{1b}]0;title\u{1b}\\",
    "w2 \u{1b}]8;;https://evil.example\u{1b}\\link\u{1b}]8;;\u{1b}\\",
    "w3 \u{1b}P1$r0m\u{1b}\\ \u{1b}_apc\u{1b}\\ \u{1b}^pm\u{1b}\\",
    "w4 \u{9b}31m \u{9d}0;x\u{9c} \u{90}q\u{9c} \u{85}",
    "w5 \u{202e}reversed\u{202c} \u{2066}isolated\u{2069} \u{200f}",
    "w6 zero\u{200b}width\u{feff}\u{200d}\u{ad} tag\u{e0041}",
    "w7 \u{1b}c\u{1b}[2J\u{1b}[?1049l\u{1b}[6n\u{8}\u{8}\u{7f}\u{0}\r\n\u{b}\u{c}",
    "w8 \u{1b}[?1003h\u{1b}[?2004h\u{5}\u{e}\u{1b}(0",
];

/// The longest line, and the letter with the most marks.
fn floods() -> [String; 2] {
    [format!("w9 {}", "long ".repeat(200_000)), format!("wA z{}", "\u{301}\u{327}".repeat(5000))]
}

fn attacks() -> Vec<String> {
    ATTACKS.iter().map(|attack| (*attack).to_owned()).chain(floods()).collect()
}

/// Answers each request with what `answer` makes of its first line and its head, for ever.
pub(super) fn serve(
    answer: impl Fn(&str, &str) -> (u16, String) + Send + Sync + 'static,
) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let seen = Arc::<Mutex<Vec<String>>>::default();
    let (into, answer) = (Arc::clone(&seen), Arc::new(answer));
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let (into, answer) = (Arc::clone(&into), Arc::clone(&answer));
            thread::spawn(move || {
                let (mut head, mut byte) = (Vec::new(), [0]);
                while !head.ends_with(b"\r\n\r\n") && stream.read_exact(&mut byte).is_ok() {
                    head.push(byte[0]);
                }
                let head = String::from_utf8_lossy(&head).into_owned();
                let (status, body) = answer(head.lines().next().unwrap_or_default(), &head);
                into.lock().expect("not poisoned").push(head);
                let length = body.len();
                let answer = format!(
                    "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
                );
                // Whoever has seen enough hangs up.
                let _ = stream.write_all(answer.as_bytes());
            });
        }
    });
    (url, seen)
}

/// Alerts whose every word is an attack.
fn hostile_alerts() -> String {
    let groups: Vec<_> = attacks()
        .iter()
        .enumerate()
        .map(|(at, attack)| {
            let labels = serde_json::json!({"alertname": attack, "severity": "critical", "service": attack, "n": at.to_string()});
            let alert = serde_json::json!({
                "labels": labels, "annotations": {"summary": attack, "description": attack, "runbook_url": attack},
                "startsAt": "2026-11-22T03:00:00Z", "endsAt": "2036-11-22T03:00:00Z", "updatedAt": "2026-11-22T03:00:00Z",
                "fingerprint": format!("{at:016x}"), "generatorURL": attack, "receivers": [{"name": attack}],
                "status": {"state": "active", "silencedBy": [], "inhibitedBy": []},
            });
            serde_json::json!({"labels": {"alertname": attack}, "receiver": {"name": attack}, "alerts": [alert]})
        })
        .collect();
    serde_json::Value::from(groups).to_string()
}

#[test]
fn no_word_of_a_stranger_moves_the_terminal_or_is_kept_as_it_came() {
    let (url, _) = serve(|line, _| match line {
        line if line.contains("/api/v2/alerts/groups") => (200, hostile_alerts()),
        _ => (500, attacks().join("\n")),
    });
    let machine = Machine::with_config(&format!(
        "[[source]]\nname = \"am\"\ntype = \"alertmanager\"\nurl = \"{url}\"\nevery = \"1s\"\n\
         [[source]]\nname = \"prom\"\ntype = \"prometheus\"\nurl = \"{url}\"\nevery = \"1s\"\n\
         [[source]]\nname = \"words\"\ntype = \"command\"\nrun = [\"cat\", \"words\"]\nas = \"logs\"\nevery = \"1s\"\n\
         [[pane]]\ntitle = \"Fails\"\nsource = \"prom\"\nquery = \"up\"\n\
         [[pane]]\ntitle = \"Words\"\nsource = \"words\"\n"
    ));
    fs::write(machine.folder().join("words"), attacks().join("\n") + "\n").expect("written");
    let mut cockpit = machine.open_at(200, 60, &["--title", ATTACKS[0], "--as", ATTACKS[4], "--log", "x.log"]);
    cockpit.sees(&["▸", "Alerts", "Words", "w7"]);
    cockpit.wait("lines and alerts", |screen| screen.contains("w1") && screen.contains("500"));
    cockpit.press("s");
    for attack in attacks() {
        let (code, _, error) = machine.pipe(&["note", "-"], attack.as_bytes());
        assert_eq!(code, Some(0), "{error}");
        clean("an error", error.as_bytes());
    }
    // Through the terminal as well: pasted, and taken from the selection.
    cockpit.escape().paste(&ATTACKS.join("\n"));
    cockpit.sees(&["Ctrl-S"]);
    cockpit.press("\x13");
    cockpit.sees_no(&["Ctrl-S"]);
    for view in ["4", "3", "5", "2", "1"] {
        cockpit.press(view);
        thread::sleep(Duration::from_millis(150));
    }
    cockpit.press("\x03");
    cockpit.ended_well();
    let sequences = only_known_sequences(&cockpit.raw());
    assert!(sequences > 100, "{sequences}");

    for file in machine.files() {
        let bytes = fs::read(&file).expect("a file");
        if file.file_name().is_some_and(|name| name != "words") {
            clean(&file.display().to_string(), &bytes);
        }
    }
    for args in [
        &["export", "-o", "-"][..],
        &["export", "--format", "html", "-o", "-"],
        &["export", "--format", "json", "-o", "-"],
        &["log"],
        &["log", "--json"],
        &["list"],
        &["list", "--json"],
        &["rank", "--json"],
        &["check", "--json"],
        &["check"],
        &["check", "--bundle", "-", "--log", "x.log"],
        &["snapshot", "--size", "200x60", "--color", "never"],
    ] {
        let (_, out, error) = machine.run_anyhow(args);
        clean(&format!("{args:?}"), out.as_bytes());
        clean(&format!("{args:?}: what it said"), error.as_bytes());
        assert!(out.len() < 4_000_000, "{args:?}: {}", out.len());
        assert!(!out.contains("<script") || args[0] != "export", "{args:?}");
    }
    // They did come through, as words.
    let log = machine.run(&["log"]);
    for word in ["w0", "w1", "w2", "w3", "w4", "w5", "w6", "w8", "w9", "wA"] {
        assert!(log.contains(word), "{word}");
    }
}

/// Nothing in it but text and newlines.
#[track_caller]
fn clean(what: &str, bytes: &[u8]) {
    let text = std::str::from_utf8(bytes).unwrap_or_else(|error| panic!("{what}: {error}"));
    let bad = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}')
    };
    if let Some((at, c)) = text.char_indices().find(|(_, c)| bad(*c)) {
        let around: String = text[..at].chars().rev().take(80).collect::<Vec<_>>().into_iter().rev().collect();
        panic!("{what}: {c:?} after {around:?}");
    }
    // JSON could hold it escaped.
    for escaped in ["\\u001b", "\\u009b", "\\u202e", "\\u200b", "\\u0007", "\\u0000"] {
        assert!(!text.contains(escaped), "{what}: {escaped}");
    }
    let marks = text.split(|c| !matches!(c, '\u{300}'..='\u{36f}')).map(|run| run.chars().count()).max();
    assert!(marks < Some(9), "{what}: {marks:?} marks on one letter");
}

/// Fails at the first sequence the cockpit has no reason to send; how many there were.
#[track_caller]
fn only_known_sequences(raw: &[u8]) -> usize {
    let text = String::from_utf8(raw.to_vec()).expect("text");
    let (mut rest, mut count) = (text.as_str(), 0);
    while let Some(at) = rest.find(|c: char| c.is_control() && !matches!(c, '\r' | '\n')) {
        let sequence = &rest[at..];
        let shown: String = sequence.chars().take(40).collect();
        let body = sequence.strip_prefix("\x1b[").unwrap_or_else(|| panic!("{shown:?}"));
        // A frame that the end has cut off: the ESC that follows takes back what it cuts.
        let cut = body.find('\x1b').filter(|cut| body[..*cut].chars().all(|c| c.is_ascii_digit() || ";?".contains(c)));
        if let Some(cut) = cut {
            rest = &body[cut..];
            continue;
        }
        let end = body.find(|c: char| c.is_ascii_alphabetic()).unwrap_or_else(|| panic!("{shown:?}"));
        let (parameters, last) = (&body[..end], &body[end..=end]);
        let known = match last {
            "m" | "H" | "J" | "K" | "A" | "B" | "C" | "D" => {
                parameters.chars().all(|c| c.is_ascii_digit() || ";:".contains(c))
            }
            // Alternate screen, cursor, bracketed paste, frames that are shown at once, the buttons of the mouse.
            "h" | "l" => ["?1049", "?25", "?2004", "?2026", "?1000", "?1002", "?1006"].contains(&parameters),
            _ => false,
        };
        assert!(known, "{shown:?}");
        (rest, count) = (&body[end + 1..], count + 1);
    }
    let invisible = |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    assert!(!text.contains(invisible), "text that reads backwards, or hides");
    count
}

#[test]
fn no_secret_is_shown_kept_printed_or_passed_on() {
    // Sends back all it was sent: in words, and in answers that are no JSON.
    let (url, seen) = serve(|line, head| match line {
        line if line.contains("/ok") => (200, r#"{"value": 1}"#.to_owned()),
        line if line.contains("/teapot") => (200, format!("<html>{head}</html>")),
        _ => (403, format!("{{\"status\":\"error\",\"errorType\":\"x\",\"error\":{:?}}}", head)),
    });
    let config = format!(
        "[[source]]\nname = \"one\"\ntype = \"prometheus\"\nurl = \"{url}\"\nevery = \"1s\"\nbearer = \"env:STANCH_TEST_BEARER\"\n\
         [[source]]\nname = \"two\"\ntype = \"alertmanager\"\nurl = \"{url}/teapot\"\nevery = \"1s\"\nuser = \"ann\"\npassword = \"file:password\"\n\
         [[source]]\nname = \"three\"\ntype = \"http\"\nurl = \"{url}\"\nevery = \"1s\"\nheaders = {{ X-Api-Key = \"command:cat key\" }}\n\
         [[source]]\nname = \"slow\"\ntype = \"http\"\nurl = \"{url}/ok\"\nevery = \"1s\"\ntimeout = \"1s\"\nbearer = \"env:STANCH_TEST_BEARER\"\n\
         [[source]]\nname = \"five\"\ntype = \"http\"\nurl = \"{url}/no?token=query-{PLANTED}-4\"\nevery = \"1s\"\n\
         [[pane]]\ntitle = \"Five\"\nsource = \"five\"\nquery = \"page?key=path-{PLANTED}-5\"\n\
         [[pane]]\ntitle = \"One\"\nsource = \"one\"\nquery = \"up\"\n\
         [[pane]]\ntitle = \"Three\"\nsource = \"three\"\njq = \".value\"\nas = \"number\"\n\
         [[pane]]\ntitle = \"Slow\"\nsource = \"slow\"\njq = \"last(range(1000000000))\"\nas = \"number\"\n"
    );
    let machine = Machine::with_config(&config);
    fs::write(machine.folder().join("password"), format!("pass-{PLANTED}-1\n")).expect("written");
    fs::write(machine.folder().join("key"), format!("key-{PLANTED}-2\n")).expect("written");
    let bearer = format!("tok-{PLANTED}-3");
    let mut command = machine.command(env!("CARGO_BIN_EXE_stanch"), &["--log", "stanch.log"]);
    command.env("STANCH_TEST_BEARER", &bearer);
    let mut cockpit = Terminal::start(command, 200, 60);
    cockpit.sees(&["▸", "One", "Three", "Five", "403", "Bearer ***"]);

    // What is started for a filter knows nothing; the cockpit's own arguments hold nothing.
    let child = super::wait_for(|| descendants(cockpit.id()).into_iter().find(|id| argv(*id).contains("__jq")));
    let environment = fs::read(format!("/proc/{child}/environ")).expect("a child");
    assert_eq!(String::from_utf8_lossy(&environment), "");
    for id in descendants(cockpit.id()).into_iter().chain([cockpit.id()]) {
        hides("arguments", argv(id).as_bytes());
    }
    for view in ["2", "3", "4", "5", "?", "q", "1"] {
        cockpit.press(view);
        thread::sleep(Duration::from_millis(100));
    }
    // The whole of a pane with its fault.
    cockpit.press("\r");
    thread::sleep(Duration::from_millis(300));
    cockpit.signal(Signal::TERM);
    cockpit.ended_well();
    hides("the terminal", &cockpit.raw());

    let heads = seen.lock().expect("not poisoned").join("\n");
    for sent in [
        bearer.as_str(),
        &format!("key-{PLANTED}-2"),
        "Basic YW5uOnBhc3MtUExBTlRFRC0x",
        "query-PLANTED-4",
        "path-PLANTED-5",
    ] {
        assert!(heads.contains(sent), "it was sent: {sent}\n{heads}");
    }
    for file in machine.files() {
        if !["password", "key", "stanch.toml"].iter().any(|name| file.ends_with(name)) {
            hides(&file.display().to_string(), &fs::read(&file).expect("a file"));
        }
    }
    let log = machine.read("stanch.log");
    for words in ["poll     one q", "poll     five q", "Bearer ***", "token=***", "key=***"] {
        assert!(log.contains(words), "{words}\n{log}");
    }
    // As if something had slipped through.
    let slipped = format!("2026-11-22T03:14:05.123Z INFO  poll     {bearer} pass-{PLANTED}-1\n");
    fs::write(machine.folder().join("stanch.log"), log + &slipped).expect("written");
    let set = [("STANCH_TEST_BEARER", bearer.as_str())];
    let bundling = ["check", "--bundle", "report.md", "--log", "stanch.log"];
    let (code, out, error) = machine.run_with(&bundling, &set, &[]);
    assert_eq!(code, Some(1), "{out}{error}");
    let report = machine.read("report.md");
    hides("the bundle", report.as_bytes());
    for words in
        ["bearer = \"env:STANCH_TEST_BEARER\"", "/no\"", "query = \"page\"", "403", "poll     one q", "*** ***"]
    {
        assert!(report.contains(words), "{words}\n{report}");
    }
    for args in [
        &["check", "--json"][..],
        &["check"],
        &["snapshot", "--size", "200x60"],
        &["export", "-o", "-"],
        &["export", "--format", "json", "-o", "-"],
        &["export", "--format", "html", "-o", "-"],
        &["log", "--json"],
        &["list", "--json"],
    ] {
        let (_, out, error) = machine.run_with(args, &set, &[]);
        hides(&format!("{args:?}"), (out + &error).as_bytes());
    }
    // Where it does not belong it is refused, and not quoted.
    for wrong in [format!("http://ann:{PLANTED}@127.0.0.1:1"), format!("http://{PLANTED}@127.0.0.1:1")] {
        let text = format!("[[source]]\nname = \"x\"\ntype = \"prometheus\"\nurl = \"{wrong}\"\n");
        fs::write(machine.folder().join("wrong.toml"), text).expect("written");
        let (code, out, error) = machine.run_anyhow(&["check", "--config", "wrong.toml"]);
        assert_eq!(code, Some(2), "{error}");
        hides("what is said of a wrong address", (out + &error).as_bytes());
    }
}

/// Neither as it is nor as it is sent.
#[track_caller]
pub(super) fn hides(what: &str, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for hidden in [PLANTED, "UExBTlRFRC", "YW5uOnBhc3"] {
        if let Some(at) = text.find(hidden) {
            let from = (0..=at.saturating_sub(60)).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            panic!("{what}: {:?}", text[from..].chars().take(160).collect::<String>());
        }
    }
}

pub(super) fn argv(id: u32) -> String {
    let bytes = fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
    String::from_utf8_lossy(&bytes).replace('\0', " ")
}

/// The processes a process has started, and those they have.
pub(super) fn descendants(id: u32) -> Vec<u32> {
    let mut found = Vec::new();
    let tasks = fs::read_dir(format!("/proc/{id}/task")).into_iter().flatten().flatten();
    for task in tasks {
        let children = fs::read_to_string(Path::new(&task.path()).join("children")).unwrap_or_default();
        for child in children.split_whitespace().filter_map(|child| child.parse().ok()) {
            found.push(child);
            found.extend(descendants(child));
        }
    }
    found
}

#[test]
fn a_command_of_a_source_finds_no_terminal_to_write_on() {
    let machine = Machine::with_config(
        "[[source]]\nname = \"words\"\ntype = \"command\"\nas = \"logs\"\nevery = \"1s\"\n\
         run = [\"sh\", \"-c\", \"(printf 'SCRIB%s' BLED > /dev/tty) 2> /dev/null || echo found none; echo polled\"]\n\
         [[pane]]\ntitle = \"Words\"\nsource = \"words\"\n",
    );
    let mut cockpit = machine.open(&[]);
    cockpit.sees(&["▸", "found none", "polled"]);
    cockpit.signal(Signal::TERM);
    cockpit.ended_well();
    let raw = String::from_utf8_lossy(&cockpit.raw()).into_owned();
    assert!(!raw.contains("SCRIBBLED"), "{raw}");
}
