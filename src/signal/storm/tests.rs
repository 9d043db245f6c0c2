//! Storms of which it is known what belongs together.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::signal::AlertWords;

/// Numbers that look random and are the same on every machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % n as u64) as usize
    }
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_795_316_760 + second).expect("a time")
}

/// An alert that fires, grouped by its name and service.
fn alert(labels: &[(&str, &str)], second: i64) -> Seen {
    let labels = Labels::of(labels.iter().copied());
    let of = |name| labels.get(name).unwrap_or_default().to_owned();
    let title = [of("alertname"), of("service")].join(" ").trim().to_owned();
    Seen {
        source: "am".into(),
        group: title.as_str().into(),
        title: title.into(),
        id: format!("{labels}").into(),
        summary: "".into(),
        state: AlertState::Firing,
        severity: AlertWords::default().severity(&of("alertname"), |name| labels.get(name)),
        starts_at: at(second),
        inhibited_by: Arc::from([]),
        labels,
    }
}

/// `n` alerts of a service, of several rules, on several pods in all zones, within `spread` seconds from `second` on.
fn service_fault(service: &str, n: usize, second: i64, spread: usize, dice: &mut Dice) -> Vec<Seen> {
    let one = |i: usize| {
        let name = ["HighErrorRate", "HighLatency", "QueueFull", "SLOBurn"][i % 4];
        let (pod, zone) = (format!("{service}-{}", i / 4), ["a", "b", "c"][i / 4 % 3]);
        let severity = ["critical", "warning", "warning", "info"][i % 4];
        let labels = [
            ("alertname", name),
            ("service", service),
            ("pod", &pod),
            ("zone", zone),
            ("severity", severity),
            ("cluster", "eu-1"),
        ];
        alert(&labels, second + dice.below(spread) as i64)
    };
    (0..n).map(one).collect()
}

fn texts(proposals: &[Proposal]) -> Vec<&str> {
    proposals.iter().map(|p| p.text.as_str()).collect()
}

/// Proposals that hold alerts of more than one fault, given which fault each alert is of.
fn mixed(proposals: &[Proposal], truth: &BTreeMap<String, usize>) -> usize {
    let faults = |p: &Proposal| p.alerts.iter().map(|a| truth[&*a.id]).collect::<BTreeSet<_>>().len();
    proposals.iter().filter(|p| !p.is_rest && faults(p) > 1).count()
}

fn truth(faults: &[Vec<Seen>]) -> BTreeMap<String, usize> {
    let of = |(n, fault): (usize, &Vec<Seen>)| fault.iter().map(move |a| (a.id.to_string(), n)).collect::<Vec<_>>();
    faults.iter().enumerate().flat_map(of).collect()
}

#[test]
fn a_service_is_one_symptom() {
    let proposals = fold(service_fault("payments", 24, 0, 90, &mut Dice(1)));
    assert_eq!(texts(&proposals), ["HighErrorRate payments and 23 more on 6 pods"]);
    let only = &proposals[0];
    assert_eq!((only.of.as_str(), only.parts.len(), only.severity), ("service=payments", 4, Severity::Critical));
    assert!(only.why[0].starts_with("same service=payments"), "{:?}", only.why);
    assert!(only.why[1].starts_with("began within"), "{:?}", only.why);
}

#[test]
fn two_faults_are_two_symptoms() {
    let mut dice = Dice(2);
    let faults = [service_fault("payments", 40, 0, 120, &mut dice), service_fault("search", 40, 30, 120, &mut dice)];
    let proposals = fold(faults.concat());
    assert_eq!(
        texts(&proposals),
        ["HighErrorRate payments and 39 more on 10 pods", "HighErrorRate search and 39 more on 10 pods"]
    );
    assert_eq!(mixed(&proposals, &truth(&faults)), 0);
}

#[test]
fn the_same_service_an_hour_apart_is_two_symptoms() {
    let mut dice = Dice(3);
    let mut later = service_fault("payments", 12, 3600, 60, &mut dice);
    later.iter_mut().for_each(|alert| alert.id = format!("{} again", alert.id).into());
    let faults = [service_fault("payments", 12, 0, 60, &mut dice), later];
    let proposals = fold(faults.concat());
    assert_eq!((proposals.len(), mixed(&proposals, &truth(&faults))), (2, 0));
    assert_eq!(
        proposals.iter().map(|p| p.of.clone()).collect::<BTreeSet<_>>().len(),
        2,
        "each has an origin of its own"
    );
}

#[test]
fn a_zone_that_is_down_is_one_symptom_beside_a_service_that_is_ill_everywhere() {
    let mut dice = Dice(4);
    let mut zone = Vec::new();
    for n in 0..10 {
        let service = format!("svc-{n}");
        let of_it = service_fault(&service, 36, 0, 120, &mut dice);
        zone.extend(of_it.into_iter().filter(|alert| alert.labels.get("zone") == Some("b")));
    }
    let faults =
        [zone, service_fault("payments", 60, 0, 120, &mut dice), service_fault("search", 60, 0, 120, &mut dice)];
    let proposals = fold(faults.concat());
    assert_eq!(mixed(&proposals, &truth(&faults)), 0);
    assert!(
        texts(&proposals).contains(&"HighErrorRate and 119 more on 10 services in zone b"),
        "{:?}",
        texts(&proposals)
    );
}

#[test]
fn one_rule_on_many_pods_is_one_symptom() {
    let mut all: Vec<Seen> = (0..8)
        .map(|pod| {
            let pod = format!("checkout-{pod}");
            alert(
                &[("alertname", "CheckoutErrorRate"), ("service", "checkout"), ("pod", &pod), ("zone", "b")],
                pod.len() as i64,
            )
        })
        .collect();
    all.extend(service_fault("search", 12, 0, 60, &mut Dice(5)));
    let proposals = fold(all);
    assert!(texts(&proposals).contains(&"CheckoutErrorRate checkout on 8 pods"), "{:?}", texts(&proposals));
}

#[test]
fn what_is_inhibited_lies_beneath_what_inhibits_it() {
    let mut all = service_fault("search", 12, 0, 60, &mut Dice(6));
    let down = alert(&[("alertname", "DBDown"), ("service", "db"), ("severity", "critical")], 5);
    for pod in 0..5 {
        let mut quiet = alert(&[("alertname", "Slow"), ("service", "orders"), ("pod", &pod.to_string())], 20);
        (quiet.state, quiet.inhibited_by) = (AlertState::Inhibited, Arc::from([down.id.clone()]));
        all.push(quiet);
    }
    let mut silenced = alert(&[("alertname", "Disk"), ("service", "db")], 1);
    silenced.state = AlertState::Silenced;
    all.extend([down, silenced]);
    let proposals = fold(all);
    let db = proposals.iter().find(|p| p.text.contains("DBDown")).expect("a proposal");
    assert_eq!((db.alerts.len(), db.inhibited.len()), (1, 5));
    assert!(!db.is_rest, "what it inhibits does not make it a rest");
    assert!(db.why.contains(&"5 more inhibited by DBDown".to_owned()), "{:?}", db.why);
    assert_eq!(
        proposals.iter().map(|p| p.alerts.len() + p.inhibited.len()).sum::<usize>(),
        18,
        "the silenced one aside"
    );
}

#[test]
fn what_is_inhibited_from_elsewhere_lies_beneath_its_own_group() {
    let errors = |pod: &str| alert(&[("alertname", "Errors"), ("service", "cart"), ("pod", pod)], 0);
    let other = alert(&[("alertname", "Disk"), ("service", "db")], 4000);
    let quiet = Seen { state: AlertState::Inhibited, inhibited_by: Arc::from(["gone".into()]), ..errors("b") };
    let beneath: Vec<_> = fold(vec![errors("a"), other, quiet])
        .iter()
        .map(|proposal| (proposal.alerts[0].name().to_owned(), proposal.inhibited.len()))
        .collect();
    assert!(beneath.contains(&("Errors".to_owned(), 1)) && beneath.contains(&("Disk".to_owned(), 0)), "{beneath:?}");
}

/// 2,000 alerts in 40 groups: ten services with four rules each.
fn large() -> Vec<Vec<Seen>> {
    let mut dice = Dice(7);
    (0..10).map(|n| service_fault(&format!("svc-{n}"), 200, n * 20, 200, &mut dice)).collect()
}

#[test]
fn two_thousand_alerts_in_forty_groups_are_few_symptoms() {
    let faults = large();
    let proposals = fold(faults.concat());
    let groups: BTreeSet<_> = faults.iter().flatten().map(|alert| &alert.group).collect();
    assert_eq!((groups.len(), faults.concat().len()), (40, 2000));
    assert_eq!((proposals.len(), mixed(&proposals, &truth(&faults))), (10, 0), "{:?}", texts(&proposals));
}

#[test]
fn forty_groups_that_share_nothing_are_still_few_lines() {
    let one = |n: usize| {
        let (name, service, pod) = (format!("Rule{}", n % 40), format!("svc-{}", n % 40), format!("p-{n}"));
        alert(&[("alertname", &name), ("service", &service), ("pod", &pod)], n as i64 % 300)
    };
    let proposals = fold((0..2000).map(one).collect());
    assert_eq!(proposals.len(), MOST);
    let rest = proposals.last().expect("a rest");
    assert!(rest.is_rest && rest.text.ends_with("other alerts in 29 groups"), "{}", rest.text);
    assert!(split(rest).len() > 1);
}

#[test]
fn a_large_storm_does_not_make_the_small_faults_beside_it_coarse() {
    let mut dice = Dice(8);
    let one = |n: usize| {
        let (name, service) = (format!("Rule{}", n % 10), format!("svc-{:03}", n / 10));
        let (cluster, pod) = (format!("us-{}", n % 3), format!("p-{n}"));
        alert(&[("alertname", &name), ("service", &service), ("cluster", &cluster), ("pod", &pod)], n as i64 % 900)
    };
    let mut all: Vec<Seen> = (0..1000).map(one).collect();
    let small = ["redis", "payments"].map(|service| service_fault(service, 2, 600, 20, &mut dice));
    all.extend(small.concat());
    let proposals = fold(all);
    let of: Vec<&str> = proposals.iter().map(|p| p.of.as_str()).collect();
    for wanted in ["cluster=us-0", "service=redis", "service=payments"] {
        assert!(of.contains(&wanted), "{wanted} is not in {of:?}");
    }
}

#[test]
fn a_proposal_splits_by_its_strongest_difference_down_to_its_alerts() {
    let whole = fold(service_fault("payments", 24, 0, 90, &mut Dice(1))).remove(0);
    let parts = split(&whole);
    assert!(parts.len() > 1 && parts.len() <= MOST, "{:?}", texts(&parts));
    assert_eq!(parts.iter().map(|p| p.alerts.len()).sum::<usize>(), 24);
    let mut left = parts;
    for _ in 0..5 {
        left = left.iter().flat_map(split).collect();
    }
    assert!(left.iter().all(|p| p.alerts.len() == 1) && left.len() == 24, "{:?}", texts(&left));
    assert_eq!(left.iter().filter(|p| p.first).count(), 1);
}

/// Storms of every kind, with the order they came in.
fn storms() -> impl Strategy<Value = (Vec<Seen>, Vec<Seen>)> {
    let label = (0..4usize, 0..6usize, 0..3usize, 0..20usize, 0..7200i64, 0..5usize);
    prop::collection::vec(label, 0..120).prop_flat_map(|all| {
        let seen: Vec<Seen> = (all.iter().enumerate())
            .map(|(n, (name, service, zone, pod, second, state))| {
                let (name, service, zone) = (format!("R{name}"), format!("s{service}"), format!("z{zone}"));
                let pod = format!("p{pod}-{n}");
                let labels = [("alertname", &*name), ("service", &service), ("zone", &zone), ("pod", &pod)];
                let mut alert = alert(&labels, *second);
                if *state == 0 {
                    alert.state = AlertState::Inhibited;
                }
                alert
            })
            .collect();
        (Just(seen.clone()), Just(seen).prop_shuffle())
    })
}

proptest! {
    #[test]
    fn the_order_of_alerts_says_nothing((one, other) in storms()) {
        prop_assert_eq!(fold(one), fold(other));
    }

    #[test]
    fn each_alert_that_fires_is_in_one_proposal((seen, _) in storms()) {
        let firing = |seen: &[Seen]| {
            let mut ids: Vec<_> = seen.iter().filter(|a| a.state == AlertState::Firing).map(|a| a.id.clone()).collect();
            ids.sort();
            ids
        };
        let proposals = fold(seen.clone());
        let folded: Vec<Seen> = proposals.iter().flat_map(|p| p.alerts.clone()).collect();
        prop_assert_eq!(firing(&folded), firing(&seen));
        prop_assert!(proposals.len() <= MOST);
        prop_assert_eq!(proposals.iter().filter(|p| p.first).count(), usize::from(!folded.is_empty()));
        for whole in &proposals {
            let parts: Vec<Seen> = split(whole).into_iter().flat_map(|p| p.alerts).collect();
            prop_assert_eq!(firing(&parts), firing(&whole.alerts));
        }
    }

    #[test]
    fn faults_that_are_told_apart_stay_apart(seed in any::<u64>(), count in 2..6usize, at_once in any::<bool>()) {
        let mut dice = Dice(seed);
        let fault = |n: usize| {
            let size = 4 + dice.below(60);
            let begins = if at_once { 0 } else { n as i64 * 1800 };
            service_fault(&format!("svc-{n}"), size, begins, 120, &mut dice)
        };
        let faults: Vec<Vec<Seen>> = (0..count).map(fault).collect();
        let proposals = fold(faults.concat());
        prop_assert_eq!(mixed(&proposals, &truth(&faults)), 0, "{:?}", texts(&proposals));
        prop_assert!(proposals.len() <= count, "{:?}", texts(&proposals));
    }
}
