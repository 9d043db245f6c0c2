//! The shapes teams give their runbooks, each with what finds it and what must not.

use std::sync::Arc;

use super::*;
use crate::runbook::Folder;

fn library(files: &[(&str, &str)]) -> Library {
    let above = ["work", "shop", "runbooks"];
    let book = |(path, text): &(&str, &str)| Arc::new(Runbook::read(path, path, &above, 0, text));
    Library::new(vec![Folder::default()], files.iter().map(book).collect(), vec![])
}

/// What an alert of these labels and this address finds, best first: `file#heading: why`.
fn found(library: &Library, labels: &[(&str, &str)], address: &str) -> Vec<String> {
    let labels = Labels::of(labels.iter().copied());
    let alert = Alert { labels: &labels, address: Some(address).filter(|address| !address.is_empty()) };
    let told = |one: Match| {
        let book = &library.books[one.book];
        let heading = one.heading.map(|at| format!("#{}", book.headings[at].text)).unwrap_or_default();
        format!("{}{heading}: {}", book.relative, one.why)
    };
    library.matches(alert).into_iter().map(told).collect()
}

#[track_caller]
fn check(files: &[(&str, &str)], alert: &str, address: &str, expected: &[&str]) {
    assert_eq!(found(&library(files), &[("alertname", alert)], address), expected, "{alert} {address}");
}

const SITE: &str = "https://runbooks.example.dev/runbooks";

#[test]
fn an_address_ends_in_the_name_of_the_file() {
    let files = [("node/DiskFull.md", "# x\n"), ("kube/PodDown.md", "# y\n"), ("kube/DiskFull.md", "# z\n")];
    let node = "node/DiskFull.md: runbook_url ends in runbooks/node/diskfull";
    let named = "kube/DiskFull.md: its file is called DiskFull";
    check(&files, "DiskFull", &format!("{SITE}/node/diskfull"), &[node, named]);
    check(&files, "Other", &format!("{SITE}/node/disk-full.html?x=1"), &[&node.replace("diskfull", "disk-full")]);
    check(&files, "Other", &format!("{SITE}/net/poddown"), &["kube/PodDown.md: runbook_url ends in poddown"]);
    check(
        &files,
        "Other",
        "https://github.com/o/ops/blob/main/runbooks/node/DiskFull.md",
        &[&node.replace("diskfull", "DiskFull")],
    );
    check(&files, "Other", &format!("{SITE}/node/diskfuller"), &[]);
    check(&files, "Other", "https://diskfull/", &[]);
    check(&files, "Other", "https://wiki/view?title=Pod+Down", &["kube/PodDown.md: runbook_url asks for poddown"]);
}

#[test]
fn labels_in_an_address_are_those_of_the_alert() {
    let library = library(&[("cart.md", ""), ("checkout.md", "")]);
    let address = "https://x.dev/runbooks/{{ $labels.service }}";
    let labels = [("alertname", "Errors"), ("service", "checkout")];
    assert_eq!(found(&library, &labels, address), ["checkout.md: runbook_url ends in runbooks/checkout"]);
    assert_eq!(found(&library, &labels[..1], address), Vec::<String>::new());
}

#[test]
fn a_folder_may_be_named_after_the_alert() {
    let files = [("DiskFull/README.md", "# Disk\n"), ("pod_down/index.md", ""), ("README.md", "# All\n\n## NetDown\n")];
    check(&files, "DiskFull", "", &["DiskFull/README.md: its file is called DiskFull"]);
    check(&files, "PodDown", "", &["pod_down/index.md: its file is called pod_down"]);
    let address = "https://github.com/o/shop/tree/main/runbooks/DiskFull/README.md";
    check(&files, "Other", address, &["DiskFull/README.md: runbook_url ends in runbooks/DiskFull"]);
    // The first page of all is for no alert, unless it has a part for it.
    check(&files, "Other", "https://github.com/o/shop/tree/main/runbooks/README.md", &[]);
    check(&files, "Other", "https://github.com/o/shop/tree/main/runbooks", &[]);
    check(
        &files,
        "NetDown",
        &format!("{SITE}/README.md#netdown"),
        &["README.md#NetDown: runbook_url ends in runbooks"],
    );
}

#[test]
fn one_file_may_have_a_part_for_each_alert() {
    let text = "# Runbooks\n\n## KubePodCrashLooping\n\n## Disk full\n\n## See also: NodeDown\n";
    let files = [("all.md", text)];
    let heading = "all.md#KubePodCrashLooping: it has a heading “KubePodCrashLooping”";
    check(&files, "KubePodCrashLooping", "", &[heading]);
    check(&files, "NodeDown", "", &[]);
    let address = "all.md#KubePodCrashLooping: runbook_url ends in runbooks/all";
    check(&files, "KubePodCrashLooping", "https://x.dev/runbooks/all.md#kubepodcrashlooping", &[address]);
    check(&files, "Other", "https://x.dev/all#disk-full", &["all.md#Disk full: runbook_url ends in all"]);
    // There is no part for it: the file says nothing on it.
    check(&files, "PodDown", "https://x.dev/all.md#poddown", &[]);
    check(&files, "PodDown", "https://x.dev/all.md#L12", &["all.md: runbook_url ends in all"]);
}

#[test]
fn names_are_the_same_however_they_are_written() {
    let alert = "KubePodCrashLooping";
    for file in ["kube-pod-crash-looping.md", "kube_pod_crash_looping.md", "kubePodCrashLooping.markdown"] {
        let stem = file.split('.').next().expect("a name");
        check(&[(file, "")], alert, "", &[&format!("{file}: its file is called {stem}")]);
    }
    for file in ["runbook-kube-pod-crash-looping.md", "01_KubePodCrashLooping.md", "KubePodCrashLooping.runbook.md"] {
        assert_eq!(found(&library(&[(file, "")]), &[("alertname", alert)], "").len(), 1, "{file}");
    }
    check(
        &[("x.md", "# Alert: KubePodCrashLooping\n")],
        alert,
        "",
        &["x.md: its title is “Alert: KubePodCrashLooping”"],
    );
    check(
        &[("x.md", "---\ntitle: Kube pod crash looping\n---\n")],
        alert,
        "",
        &["x.md: its title is “Kube pod crash looping”"],
    );
    check(
        &[("x.md", "# X\n\nAlerts: `Other`, `KubePodCrashLooping`\n")],
        alert,
        "",
        &["x.md#X: it names KubePodCrashLooping below “X”"],
    );
    for (file, text) in
        [("KubePodCrash.md", ""), ("PodCrashLooping.md", ""), ("x.md", "It is not KubePodCrashLooping.\n")]
    {
        check(&[(file, text)], alert, "", &[]);
    }
}

#[test]
fn front_matter_says_which_alerts_it_is_for() {
    let files = [
        ("a.md", "---\nalerts: [DiskFull, 'alertname=\"PodDown\", severity=\"critical\"']\n---\n"),
        ("b.md", "---\nmatchers:\n- alertname=~\"Disk.*\"\n---\n"),
        ("c.md", "---\nmatchers: ['service=~\"cart|shop\"']\n---\n"),
        ("DiskFull.md", "---\nmatchers: [severity=warning]\nalerts: [DiskFull]\n---\n"),
    ];
    let a = "a.md: its front matter names DiskFull";
    let b = "b.md: its front matter says alertname=~\"Disk.*\"";
    check(&files, "DiskFull", "", &[a, b]);
    check(&files, "DiskSlow", "", &[b]);
    let library = library(&files);
    assert_eq!(found(&library, &[("alertname", "PodDown")], ""), Vec::<String>::new());
    let critical = [("alertname", "PodDown"), ("severity", "critical"), ("service", "cart")];
    assert_eq!(
        found(&library, &critical, ""),
        [
            "a.md: its front matter says alertname=\"PodDown\", severity=\"critical\"",
            "c.md: its front matter says service=~\"cart|shop\"",
        ]
    );
    // One that asks for more of the alert, and gets it, is meant before one that asks for nothing.
    let warning = [("alertname", "DiskFull"), ("severity", "warning")];
    assert_eq!(found(&library, &warning, "")[0], "DiskFull.md: its front matter names DiskFull");
}

#[test]
fn of_two_for_one_alert_the_team_s_own_is_first_and_a_tie_is_said() {
    let files = [("cart/high-latency.md", ""), ("shop/high-latency.md", "")];
    let library = library(&files);
    let address = "https://x.dev/high-latency";
    assert_eq!(
        found(&library, &[("alertname", "Slow"), ("service", "shop")], address)[0],
        "shop/high-latency.md: runbook_url ends in high-latency"
    );
    assert_eq!(
        found(&library, &[("alertname", "Slow")], address)[0],
        "cart/high-latency.md: runbook_url ends in high-latency; so does shop/high-latency.md"
    );
}

#[test]
fn a_base_address_stands_for_a_folder() {
    let folders = vec![
        Folder { path: "wiki".into(), address: Some("https://wiki.example/ops/".into()) },
        Folder { path: "own".into(), address: None },
    ];
    let book = |path: &str, folder| Arc::new(Runbook::read(path, path, &["x"], folder, ""));
    let library = Library::new(folders, vec![book("a/disk.md", 0), book("b/disk.md", 0), book("disk.md", 1)], vec![]);
    let first = |address: &str| found(&library, &[("alertname", "A")], address).first().cloned();
    assert_eq!(
        first("https://wiki.example/ops/b/disk").as_deref(),
        Some("b/disk.md: runbook_url is its address (b/disk in wiki)")
    );
    assert_eq!(first("https://wiki.example/ops/c/disk").as_deref(), Some("disk.md: runbook_url ends in disk"));
    assert_eq!(first("https://wiki.example/opsx/a/disk").as_deref(), Some("a/disk.md: runbook_url ends in a/disk"));
}

#[test]
fn an_alert_without_a_runbook_is_told_why() {
    let library = library(&[("a.md", "")]);
    let labels = Labels::of([("alertname", "DiskFull")]);
    let why = |address| library.why_none(Alert { labels: &labels, address });
    assert_eq!(why(None), "it has no runbook_url, and no file is called DiskFull");
    assert_eq!(why(Some("https://x/y")), "no file is called as runbook_url ends (https://x/y), or DiskFull");
    let empty = Labels::default();
    assert_eq!(
        library.why_none(Alert { labels: &empty, address: None }),
        "it has neither an alertname nor a runbook_url"
    );
    assert_eq!(found(&library, &[], ""), Vec::<String>::new());
    assert_eq!(found(&library, &[("alertname", "–")], "#"), Vec::<String>::new());
}

#[test]
fn the_address_is_among_annotations_by_any_usual_name() {
    let labels = Labels::of([("runbook", "from a label")]);
    let address = |annotations: &[(&'static str, &'static str)]| {
        Alert::address_in(annotations.iter().copied(), &labels).map(str::to_owned)
    };
    assert_eq!(address(&[("sop", "b"), ("runbookUrl", "a")]).as_deref(), Some("a"));
    assert_eq!(address(&[("summary", "x")]).as_deref(), Some("from a label"));
    assert_eq!(address(&[("runbook_url", " ")]).as_deref(), Some("from a label"));
}

/// Names as rules have them, of a few words each; all different.
fn names() -> Vec<(&'static str, String)> {
    let groups = ["alertmanager", "etcd", "kubernetes", "node", "prometheus"];
    let things = ["Pod", "Job", "Disk", "Queue", "Target", "Config", "Rule"];
    let failures = ["Down", "Failing", "FillingUp", "NotReady"];
    let all = groups.iter().flat_map(|group| {
        let begins = format!("{}{}", group[..1].to_uppercase(), &group[1..]);
        let of = move |thing: &&'static str| failures.map(|failure| format!("{begins}{thing}{failure}"));
        things.iter().flat_map(of).map(|name| (*group, name)).collect::<Vec<_>>()
    });
    all.collect()
}

#[test]
fn of_many_each_finds_its_own_and_none_a_wrong_one() {
    let names = names();
    assert_eq!(names.len(), 140);
    // A fifth of the alerts has no file.
    let has_file = |nth: usize| nth % 5 != 4;
    let file = |(group, name): &(&str, String)| format!("{group}/{name}.md");
    let files: Vec<String> =
        names.iter().enumerate().filter(|(nth, _)| has_file(*nth)).map(|(_, one)| file(one)).collect();
    let files: Vec<(&str, &str)> =
        files.iter().map(|file| (file.as_str(), "---\ntitle: Some words\nweight: 20\n---\n")).collect();
    let library = library(&files);
    for (nth, one @ (group, name)) in names.iter().enumerate() {
        let address = format!("{SITE}/{group}/{}", name.to_lowercase());
        for address in [address.as_str(), ""] {
            let labels = Labels::of([("alertname", name.as_str()), ("severity", "warning")]);
            let alert = Alert { labels: &labels, address: Some(address).filter(|address| !address.is_empty()) };
            let found = library.matches(alert);
            let first = found.first().map(|found| library.books[found.book].relative.clone());
            assert_eq!(first, has_file(nth).then(|| file(one)), "{name} {address}");
        }
    }
}
