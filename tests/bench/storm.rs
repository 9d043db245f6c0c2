//! How long an alert storm takes to fold: 2,000 alerts in 40 groups, and 20,000 as they come from a whole estate.

use std::{collections::HashSet, sync::Arc};

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use jiff::Timestamp;
use stanch::signal::{
    AlertState, Labels, Severity,
    storm::{MOST, Seen, fold, split},
};

/// One copy of each text, as decoders keep them.
#[derive(Default)]
struct Interner(HashSet<Arc<str>>);

impl Interner {
    fn get(&mut self, text: &str) -> Arc<str> {
        let known = self.0.get(text).cloned();
        known.unwrap_or_else(|| {
            let new = Arc::<str>::from(text);
            self.0.insert(Arc::clone(&new));
            new
        })
    }
}

/// Twenty alerts in a row share a service; names, clusters and namespaces run across them.
fn storm(alerts: usize, services: usize) -> Vec<Seen> {
    let mut interner = Interner::default();
    let source: Arc<str> = "alertmanager".into();
    let mut one = |i: usize| {
        let (name, service) = (format!("Rule{:02}", i % 40), format!("svc-{:03}", i / 20 % services));
        let (cluster, namespace) = (format!("eu-{}", i % 12), format!("ns-{:02}", i % 50));
        let (instance, pod) = (format!("10.0.{}.{}:9100", i / 250 % 250, i % 250), format!("{service}-{i:05}"));
        let labels = [
            ("alertname", &*name),
            ("service", &service),
            ("cluster", &cluster),
            ("namespace", &namespace),
            ("instance", &instance),
            ("pod", &pod),
            ("team", ["shop", "money", "data", "platform"][i % 4]),
            ("severity", ["critical", "warning", "warning", "info"][i % 4]),
        ];
        let labels = Labels::new(labels.map(|(name, value)| (interner.get(name), interner.get(value))));
        let title = format!("{name} {cluster}");
        Seen {
            source: Arc::clone(&source),
            group: interner.get(&title),
            title: interner.get(&title),
            id: format!("{i:016x}").into(),
            labels,
            summary: "".into(),
            state: AlertState::Firing,
            severity: [Severity::Critical, Severity::Warning, Severity::Warning, Severity::Info][i % 4],
            starts_at: Timestamp::constant(1_795_317_384, 0) + jiff::SignedDuration::from_secs((i % 3600) as i64),
            inhibited_by: Arc::from([]),
        }
    };
    (0..alerts).map(&mut one).collect()
}

fn folding(c: &mut Criterion) {
    for (alerts, services) in [(2_000, 10), (2_000, 200), (20_000, 20), (20_000, 200), (20_000, 1_000)] {
        let seen = storm(alerts, services);
        let proposals = fold(seen.clone());
        assert!(proposals.len() <= MOST);
        c.bench_function(&format!("fold {alerts} alerts of {services} services"), |b| {
            b.iter_batched(|| seen.clone(), fold, BatchSize::LargeInput);
        });
        c.bench_function(&format!("split the first of {alerts} alerts of {services} services"), |b| {
            b.iter(|| split(&proposals[0]));
        });
    }
}

criterion_group!(benches, folding);
criterion_main!(benches);
