//! Dashboards on the command line: what cannot be read is said with what to do, and a check fails by it.

use std::fs;

use super::{Machine, json};

const NOBODY: &str =
    "[[source]]\nname = \"prom\"\ntype = \"prometheus\"\nurl = \"http://127.0.0.1:1\"\ntimeout = \"1s\"\n";

fn machine(config: &str) -> Machine {
    let machine = Machine::with_config(&format!("{NOBODY}{config}"));
    let text = r###"{"title": "T", "schemaVersion": 39, "panels": [
        {"id": 1, "type": "text", "title": "Read", "options": {"content": "## first\n- this"}},
        {"id": 2, "type": "stat", "title": "Up", "targets": [{"expr": "up"}], "fieldConfig": {"defaults": {"unit": "s"}}}],
        "templating": {"list": [{"name": "env", "type": "custom", "query": "prod,test"}]}}"###;
    for (name, text) in [("good.json", text), ("page.json", "<html>sign in</html>"), ("other.json", "{\"a\": 1}")] {
        fs::write(machine.path().join(name), text).expect("written");
    }
    machine
}

#[test]
fn what_is_no_dashboard_is_said() {
    let machine = machine("");
    let check = |args: &[&str], code: i32, expected: &str| {
        let (out, error) = machine.check(args, code);
        assert_eq!(out, "");
        assert!(error.contains(expected), "{args:?}: {error}");
    };
    check(&["dashboard", "gone.json"], 1, "cannot read the dashboard gone.json");
    check(&["dashboard", "page.json"], 1, "page.json: this is a web page, not a dashboard; is it behind a login?");
    check(&["dashboard", "other.json"], 1, "other.json: this is no dashboard: it has neither panels nor a title");
    check(&["dashboard", "good.json", "--var", "env"], 2, "expected NAME=VALUE");
    check(&["dashboard", "good.json", "--var", "pod=a"], 2, "good.json has no variable pod; it has env");
    check(&["dashboard", "good.json", "--range", "1"], 2, "expected a duration such as 1h");
    check(&["dashboard", "good.json", "--source", "loki"], 2, "there is no source loki; there are: prom");
    check(
        &["dashboard", "http://127.0.0.1:1/explore"],
        2,
        "expected a file, a uid, or the address of a dashboard in Grafana",
    );
    let refused = "error: the dashboard abc of grafana: refused: nobody listens there";
    check(&["dashboard", "http://127.0.0.1:1/d/abc/title?var-env=test"], 1, refused);
    check(&["--dashboard", "http://127.0.0.1:1/explore"], 2, "expected a file, a uid, or the address");
    check(&["--dashboard", "gone.json"], 1, "cannot read the dashboard gone.json");
}

#[test]
fn a_dashboard_is_printed_in_three_ways() {
    let machine = machine("");
    let (text, _) = machine.check(&["dashboard", "good.json"], 0);
    assert!(text.starts_with("T\n  $env = prod\n\nRead\n  first\n  • this\n\nUp\n"), "{text}");
    assert!(text.contains("  ! A: "), "that nobody answers is said: {text}");
    let (report, _) = machine.check(&["dashboard", "good.json", "--json", "--var", "env=test"], 0);
    let report = json(&report);
    assert_eq!(report.pointer("/variables/0/value/0"), Some(&"test".into()));
    assert_eq!(report.pointer("/panels/1/queries/0/expr"), Some(&"up".into()));
    let (panes, _) = machine.check(&["dashboard", "good.json", "--toml"], 0);
    assert!(
        panes.contains("[[pane]]\ntitle = \"Up\"\nsource = \"prom\"\ntype = \"stat\"\nquery = \"up\"\nunit = \"s\"\n")
    );
    fs::write(machine.path().join("stanch.toml"), format!("{NOBODY}{panes}")).expect("written");
    machine.check(&["snapshot", "--wait", "1s"], 0);
}

#[test]
fn a_check_opens_the_dashboards() {
    let good = machine("[[dashboard]]\nfile = \"good.json\"\n");
    let (out, _) = good.check(&["check"], 1);
    assert!(out.lines().any(|line| line.contains("good.json  dashboard") && line.ends_with("2      ok")), "{out}");
    let bad = machine("[[dashboard]]\nfile = \"page.json\"\n");
    let (out, _) = bad.check(&["check", "--json"], 1);
    let row = json(&out).as_array().and_then(|rows| rows.last().cloned()).expect("a row");
    assert_eq!((row["kind"].as_str(), row["ok"].as_bool()), (Some("dashboard"), Some(false)));
    let (frame, _) = good.check(&["snapshot", "--wait", "2s"], 0);
    assert!(frame.contains("[1 panes] 2 "), "its panels stand beside the panes: {frame}");
}
