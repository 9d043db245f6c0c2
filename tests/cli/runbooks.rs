//! `stanch runbook`: what it prints, and what it says of folders and files that are not as they should be.

use std::fs;

use super::{Machine, json};

/// A folder of runbooks in as many shapes.
const FILES: [(&str, &str); 5] = [
    (
        "node/disk-full.md",
        "---\nreviewed: 2026-05-04\n---\n# Disk full\n\nSee [network](../net.md) and [gone](gone.md).\n",
    ),
    ("PodDown/README.md", "# Pod\n"),
    ("net.md", "# Network\n\n## NetworkErrors\n\n## PacketLoss\n"),
    ("queue.md", "---\nalerts: ['alertname=~\"Queue.*\"']\n---\n# Queues\n"),
    ("broken.md", "---\nalerts: [A\n---\n# Broken\n"),
];

const ALERTS: &str = r#"[
    {"labels": {"alertname": "DiskFull"}, "annotations": {"runbook_url": "https://ops.example/runbooks/node/disk-full"}},
    {"labels": {"alertname": "PodDown"}},
    {"labels": {"alertname": "PacketLoss"}, "annotations": {"summary": "lost"}},
    {"labels": {"alertname": "QueueFull"}, "annotations": {}},
    {"labels": {"alertname": "Unknown"}, "annotations": {"runbook_url": "https://ops.example/runbooks/unknown"}}
]"#;

fn machine(config: &str) -> Machine {
    let machine = Machine::with_config(config);
    for (file, text) in FILES {
        let path = machine.path().join("books").join(file);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, text).expect("written");
    }
    fs::write(machine.path().join("alerts.json"), ALERTS).expect("written");
    machine
}

#[test]
fn each_alert_has_its_file_in_the_order_of_the_list() {
    let machine = machine("runbooks = [\"books\"]\n");
    let (out, error) = machine.check(&["runbook", "match", "alerts.json", "--runbooks", "books", "--json"], 0);
    let rows = json(&out);
    let cell = |row: &serde_json::Value, name: &str| row[name].as_str().map(str::to_owned);
    let rows = rows.as_array().expect("a list");
    let files: Vec<_> = rows.iter().map(|row| (cell(row, "alertname").expect("a name"), cell(row, "file"))).collect();
    let file = |name: &str| Some(format!("books/{name}"));
    assert_eq!(
        files,
        [
            ("DiskFull".into(), file("node/disk-full.md")),
            ("PodDown".into(), file("PodDown/README.md")),
            ("PacketLoss".into(), file("net.md")),
            ("QueueFull".into(), file("queue.md")),
            ("Unknown".into(), None),
        ]
    );
    assert_eq!(cell(&rows[0], "why").as_deref(), Some("runbook_url ends in node/disk-full"));
    assert_eq!(cell(&rows[2], "heading").as_deref(), Some("PacketLoss"));
    assert!(cell(&rows[4], "why").is_some_and(|why| why.contains("no file is called as runbook_url ends")));
    assert_eq!(error, "books/broken.md:2: expected `]` at the end of the list behind `alerts`\n");
    // Without folders those of the configuration count.
    let (table, _) = machine.check(&["runbook", "match", "alerts.json"], 0);
    assert!(table.starts_with("ALERT "), "{table}");
    assert!(table.contains("QueueFull   ") && table.ends_with("4 of 5 alerts have a runbook\n"), "{table}");
}

#[test]
fn what_is_wrong_with_them_is_said() {
    let machine = machine("runbooks = [\"books\"]\n");
    let (out, _) = machine.check(&["runbook", "check"], 1);
    assert!(out.contains("Cannot be read as meant (1):\n  books/broken.md:2: expected `]`"), "{out}");
    assert!(out.contains("Dead links (1):\n  books/node/disk-full.md:6: gone.md: there is no such file\n"), "{out}");
    assert!(out.contains("4 of 5 say nowhere when they were reviewed"), "{out}");
    assert!(out.ends_with("5 runbooks; no Prometheus was asked for its alert rules\n"), "{out}");
    let (out, _) = machine.check(&["runbook", "check", "--json"], 1);
    let found = json(&out);
    assert_eq!((found["runbooks"].as_u64(), found["alerts"].as_u64()), (Some(5), None));
    assert_eq!(found["reviewed"][0]["reviewed"].as_str(), Some("2026-05-04"));
    for file in ["books/broken.md", "books/node/disk-full.md"] {
        fs::write(machine.path().join(file), "# Fine\n").expect("written");
    }
    machine.check(&["runbook", "check"], 0);
}

#[test]
fn what_is_no_list_of_alerts_is_told_with_its_place() {
    let machine = machine("");
    let (_, error) = machine.check(&["runbook", "match", "alerts.json"], 2);
    assert!(error.contains("no folder of runbooks: ") && error.contains("--runbooks DIR"), "{error}");
    #[track_caller]
    fn check(machine: &Machine, text: &str, code: i32, expected: &str) {
        fs::write(machine.path().join("a.json"), text).expect("written");
        let (_, error) = machine.check(&["runbook", "match", "a.json", "--runbooks", "books"], code);
        assert!(error.contains(expected), "{text}: {error}");
    }
    check(&machine, "{\"alerts\": []}", 0, "");
    check(&machine, "[", 2, "a.json:1:1: no JSON: expected a list of alerts");
    check(&machine, "3", 2, "a.json: expected a list of alerts such as [{\"labels\": {…}}], found a number");
    check(&machine, "[{}, 3]", 2, "a.json: alert 2: expected an object, found a number");
    check(&machine, "[{\"labels\": []}]", 2, "a.json: alert 1: expected an object as `labels`, found a list");
    let (_, error) = machine.check(&["runbook", "match", "gone.json", "--runbooks", "books"], 1);
    assert!(error.contains("cannot read gone.json: it does not exist"), "{error}");
    let (_, error) = machine.check(&["runbook", "match", "alerts.json", "--runbooks", "gone"], 0);
    assert!(error.contains("gone: cannot read the folder of runbooks: it does not exist"), "{error}");
}
