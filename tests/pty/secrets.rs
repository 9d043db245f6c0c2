//! Secrets that leave by the back door: in what a redirect, a proxy, a password manager, a mistake in the configuration or a
//! server that echoes in another spelling says of them.
#![expect(clippy::expect_used, clippy::disallowed_methods, reason = "helpers of tests may panic, and read files")]

use std::{fs, sync::PoisonError, thread, time::Duration};

use rustix::process::Signal;

use super::{
    pty::{Machine, Terminal},
    strangers::{PLANTED, argv, descendants, hides, serve},
};

/// Opens a cockpit on this configuration, waits for `texts`, goes through its views and its outputs, and searches all of it.
/// What every command and the terminal said, for tests that want to see more.
fn hunt(config: &str, env: &[(&str, &str)], texts: &[&str]) -> String {
    let machine = Machine::with_config(config);
    fs::write(machine.folder().join("key"), format!("a/b+{PLANTED}=\n")).expect("written");
    let mut command = machine.command(env!("CARGO_BIN_EXE_stanch"), &[]);
    env.iter().for_each(|(name, value)| command.env(name, value));
    let mut cockpit = Terminal::start(command, 200, 60);
    cockpit.sees(&["▸"]);
    cockpit.sees(texts);
    for id in descendants(cockpit.id()).into_iter().chain([cockpit.id()]) {
        hides("arguments", argv(id).as_bytes());
    }
    for key in ["2", "4", "1", "\r"] {
        cockpit.press(key);
        thread::sleep(Duration::from_millis(150));
    }
    cockpit.signal(Signal::TERM);
    cockpit.ended_well();
    hides("the terminal", &cockpit.raw());
    let mut all = cockpit.screen();
    for args in [
        &["check"][..],
        &["check", "--json"],
        &["snapshot", "--size", "200x60", "--color", "never"],
        &["log", "--json"],
        &["export", "-o", "-"],
        &["export", "--format", "json", "-o", "-"],
        &["export", "--format", "html", "-o", "-"],
        &["list", "--json"],
    ] {
        let (_, out, error) = machine.run_with(args, env, &[]);
        hides(&format!("{args:?}"), out.as_bytes());
        hides(&format!("{args:?}: what it said"), error.as_bytes());
        all += &(out + &error);
    }
    for file in machine.files() {
        if !["key", "stanch.toml"].iter().any(|name| file.ends_with(name)) {
            hides(&file.display().to_string(), &fs::read(&file).expect("a file"));
        }
    }
    all
}

/// A source of this name and a pane that shows it; `more` lines belong to the source.
fn source(name: &str, url: &str, more: &str) -> String {
    format!(
        "[[source]]\nname = \"{name}\"\ntype = \"http\"\nurl = \"{url}\"\nevery = \"1s\"\n{more}\n\
         [[pane]]\ntitle = \"{name}\"\nsource = \"{name}\"\njq = \".value\"\nas = \"number\"\n"
    )
}

#[test]
fn a_redirect_takes_no_credential_along_and_its_own_is_not_shown() {
    let (elsewhere, seen) = serve(|_, _| (200, r#"{"value": 1}"#.to_owned()));
    let to = format!("{elsewhere}/login?state={PLANTED}&token=x#{PLANTED}");
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    thread::spawn(move || {
        use std::io::{Read, Write};
        for mut stream in listener.incoming().flatten() {
            let mut head = [0; 4096];
            let _ = stream.read(&mut head);
            let answer =
                format!("HTTP/1.1 302 Found\r\nlocation: {to}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    let config = source("one", &url, "bearer = \"env:STANCH_TEST_BEARER\"")
        + &source("two", &url, "headers = { X-Api-Key = \"file:key\" }");
    let bearer = format!("tok-{PLANTED}");
    let all = hunt(&config, &[("STANCH_TEST_BEARER", &bearer)], &["redirected to"]);
    assert!(all.contains("/login"), "{all}");
    assert!(seen.lock().unwrap_or_else(PoisonError::into_inner).is_empty(), "nobody went there");
}

#[test]
fn an_echo_in_another_spelling_is_recognised() {
    // As a page, a log line or a proxy quotes what it was sent: percent-encoded, in JSON, in HTML.
    let secret = format!("a/b+{PLANTED}=");
    let spellings = [
        "a%2Fb%2BPLANTED%3D".to_owned(),
        "a%2fb%2bPLANTED%3d".to_owned(),
        "a\\/b+PLANTED=".to_owned(),
        "a\\u002fb\\u002bPLANTED\\u003d".to_owned(),
        "a&#x2F;b&#43;PLANTED&#61;".to_owned(),
        secret.clone(),
    ];
    for spelling in spellings {
        let (url, _) = serve(move |_, _| (403, format!("no entry for {spelling} here")));
        let all = hunt(&source("one", &url, "bearer = \"file:key\""), &[], &["no entry for"]);
        assert!(all.contains("no entry for ***"), "{all}");
    }
}

#[test]
fn what_stands_in_an_address_is_not_shown() {
    // The server says which address was asked for.
    let (url, seen) = serve(|line, _| (404, format!("nothing at {line}")));
    let config = source("one", &format!("{url}/x?api_key={PLANTED}&team=shop"), "")
        + &source("two", &format!("http://127.0.0.1:1/x?token={PLANTED}"), "");
    let all = hunt(&config, &[], &["nothing at"]);
    assert!(all.contains("team=shop"), "what is no secret may help: {all}");
    assert!(seen.lock().unwrap_or_else(PoisonError::into_inner).join("\n").contains(PLANTED), "it was sent");
}

#[test]
fn an_answer_that_holds_what_was_sent_is_shown_without_it() {
    // As a server does that is asked for its own headers: in the answer itself, and in what the filter says of it.
    let (url, _) = serve(|_, head| (200, serde_json::json!({"value": head, "n": 1}).to_string()));
    let more = "bearer = \"file:key\"";
    let table = format!("{}[[pane]]\ntitle = \"all\"\nsource = \"one\"\nas = \"table\"\n", source("one", &url, more));
    let filter = "[[pane]]\ntitle = \"filter\"\nsource = \"one\"\njq = \".value | error\"\nas = \"number\"\n";
    hunt(&(table + filter), &[], &["Bearer ***"]);
    // What is not understood is quoted.
    for kind in ["prometheus", "alertmanager"] {
        let (url, _) = serve(|_, _| (200, format!("{{\"status\": \"success\", \"data\": \"a/b+{PLANTED}=\"}}")));
        let config = format!(
            "[[source]]\nname = \"one\"\ntype = \"{kind}\"\nurl = \"{url}\"\nevery = \"1s\"\nbearer = \"file:key\"\n\
             [[pane]]\ntitle = \"one\"\nsource = \"one\"\n{}",
            if kind == "prometheus" { "query = \"up\"\n" } else { "type = \"alerts\"\n" }
        );
        let all = hunt(&config, &[], &["one"]);
        assert!(all.contains("not understood") || all.contains("expected"), "{kind}: {all}");
    }
}

#[test]
fn what_a_password_manager_says_is_not_passed_on() {
    let (url, _) = serve(|_, head| (403, head.to_owned()));
    let commands = [
        format!("command:sh -c 'echo {PLANTED} >&2; exit 3'"),
        format!("command:sh -c 'printf \\\"x\\\\\\\\001{PLANTED}\\\"'"),
        format!("command:/nowhere/{PLANTED}"),
    ];
    // Its own words stand in the configuration; only the program is named.
    for (at, command) in commands.iter().enumerate().take(2) {
        let all = hunt(&source("one", &url, &format!("bearer = \"{command}\"")), &[], &["no secret"]);
        assert!(all.contains("`sh` ended with 3") || all.contains("no header may hold"), "{at}: {all}");
    }
}

#[test]
fn certificates_and_keys_are_named_and_never_quoted() {
    let (url, _) = serve(|_, _| (200, r#"{"value": 1}"#.to_owned()));
    let machine = Machine::new();
    let pem = machine.folder().join("client.pem");
    fs::write(&pem, format!("-----BEGIN PRIVATE KEY-----\n{PLANTED}\n-----END PRIVATE KEY-----\n")).expect("written");
    let more = format!("client_cert = \"{}\"", pem.display());
    let all = hunt(&source("one", &url, &more), &[], &["client.pem"]);
    assert!(all.contains("does not hold"), "{all}");
}

#[test]
fn a_mistake_beside_a_secret_does_not_quote_it() {
    let machine = Machine::new();
    let head = "[[source]]\nname = \"x\"\ntype = \"prometheus\"\nurl = \"http://127.0.0.1:1\"\n";
    let mistakes = [
        format!("{head}bearer = \"{PLANTED}\" oops\n"),
        format!("{head}bearer = \"{PLANTED}\n"),
        format!("{head}bearer = {PLANTED}\n"),
        format!("{head}bearer = [\"{PLANTED}\"]\n"),
        format!("{head}bearer = {{ token = \"{PLANTED}\" }}\n"),
        format!("{head}bearer = \"env:OK\"\npassword = \"{PLANTED}\"\n"),
        format!("{head}token = \"{PLANTED}\"\n"),
        format!("{head}headers = {{ \"X Y\" = \"{PLANTED}\" }}\n"),
        format!("{head}headers = \"{PLANTED}\"\n"),
        format!("{head}user = \"ann\"\npassword = \"{PLANTED}\"\nuser = \"bob\"\n"),
        format!("{head}proxy = \"http://ann:{PLANTED}@p\"\n"),
        format!("{head}proxy = \"http//ann:{PLANTED}@p\"\n"),
        format!("{head}proxy = \"ftp://ann:{PLANTED}@p\"\n"),
    ];
    for (at, text) in mistakes.iter().enumerate() {
        fs::write(machine.folder().join("wrong.toml"), text).expect("written");
        for args in [&["check", "--config", "wrong.toml"][..], &["check", "--json", "--config", "wrong.toml"]] {
            let (_, out, error) = machine.run_anyhow(args);
            hides(&format!("mistake {at}, {args:?}"), (out + &error).as_bytes());
        }
    }
}
