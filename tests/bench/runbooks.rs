//! How long a thousand runbooks take to be read and put in order, and two thousand alerts to find theirs.
#![expect(clippy::disallowed_methods, reason = "a measurement makes the files that are read")]

use std::{fs, sync::Arc};

use criterion::{Criterion, criterion_group, criterion_main};
use stanch::{
    config::RunbookFolder,
    runbook::{Alert, Document, Folder, Library, Runbook},
    runtime::runbooks,
    signal::Labels,
};

const FILES: usize = 1000;
const ALERTS: usize = 2000;

/// A runbook of usual length: 3 KB, six headings.
fn text(nth: usize) -> String {
    let front = match nth % 4 {
        0 => format!(
            "---\ntitle: Some words {nth}\nalerts:\n  - Alert{nth}\n  - 'alertname=~\"Other{nth}.*\"'\nreviewed: 2026-11-30\n---\n"
        ),
        _ => String::new(),
    };
    let step = "- Look at `kubectl -n $NAMESPACE get pods` and see [the board](https://grafana.example/d/1) for what is slow.\n";
    let part = |heading: &str| {
        format!("\n## {heading}\n\nWhat it says, in a sentence or two of usual length.\n\n{}", step.repeat(4))
    };
    let parts = ["Meaning", "Impact", "Diagnosis", "Mitigation", "Verification"].map(part).concat();
    format!("{front}# KubeThing{nth}Failing\n{parts}\n```sh\nkubectl get nodes\n```\n")
}

fn alerts() -> Vec<(Labels, String)> {
    let one = |nth: usize| {
        let name = format!("KubeThing{}Failing", nth % (FILES * 5 / 4));
        let labels = [("alertname", name.as_str()), ("severity", "warning"), ("namespace", "shop"), ("pod", "web-1")];
        (Labels::of(labels), format!("https://runbooks.example/runbooks/kube/{}", name.to_lowercase()))
    };
    (0..ALERTS).map(one).collect()
}

fn reading(c: &mut Criterion) {
    let place = std::env::temp_dir().join(format!("stanch-bench-runbooks-{}", std::process::id()));
    for nth in 0..FILES {
        let path = place.join(format!("kube/group{}/thing-{nth}.md", nth % 10));
        fs::create_dir_all(path.parent().unwrap_or(&place)).unwrap_or_else(|error| panic!("{error}"));
        fs::write(path, text(nth)).unwrap_or_else(|error| panic!("{error}"));
    }
    let folders = [RunbookFolder { path: place.clone(), url: None }];
    assert_eq!(runbooks::read(&folders).books.len(), FILES);
    c.bench_function("read 1,000 runbooks", |b| b.iter(|| runbooks::read(&folders)));
    let mut shelf = runbooks::Shelf::default();
    shelf.read(&folders);
    c.bench_function("look whether one of 1,000 has changed", |b| b.iter(|| shelf.read(&folders)));
    drop(fs::remove_dir_all(&place));
}

fn matching(c: &mut Criterion) {
    let book = |nth: usize| {
        let relative = format!("kube/thing-{nth}.md");
        Arc::new(Runbook::read(&relative, &relative, &["runbooks"], 0, &text(nth)))
    };
    let library = Library::new(vec![Folder::default()], (0..FILES).map(book).collect(), vec![]);
    let alerts = alerts();
    let found = |(labels, address): &(Labels, String)| library.matches(Alert { labels, address: Some(address) }).len();
    assert_eq!(alerts.iter().filter(|alert| found(alert) > 0).count(), 1750);
    c.bench_function("match 2,000 alerts", |b| b.iter(|| alerts.iter().map(found).sum::<usize>()));
    let markdown = text(1);
    c.bench_function("take a runbook apart", |b| b.iter(|| Document::of(&markdown, 1, &Labels::default())));
}

criterion_group!(benches, reading, matching);
criterion_main!(benches);
