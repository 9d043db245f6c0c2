//! The labels of a storm laid out for counting: each pair of name and value is a number, and each alert a list of them.

use std::collections::HashMap;

use super::Seen;

/// What a label says of an alert.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Class {
    /// What is broken: a service, a job.
    Service,
    /// The part of it: a pod, a node.
    Instance,
    /// Where that stands: a zone, a cluster.
    Place,
    /// What it is counted under: a namespace, an environment.
    Scope,
    /// The rule that fired.
    Name,
    /// Something of the team's own.
    Other,
    /// Who is told, how bad it is, who counted: nothing of what broke.
    Who,
}

impl Class {
    pub(super) fn of(name: &str) -> Self {
        match name {
            "service"
            | "app"
            | "application"
            | "component"
            | "job"
            | "deployment"
            | "workload"
            | "statefulset"
            | "daemonset"
            | "microservice"
            | "service_name"
            | "app_kubernetes_io_name"
            | "database"
            | "db"
            | "queue"
            | "topic"
            | "container" => Self::Service,
            "instance" | "pod" | "node" | "host" | "hostname" | "nodename" | "machine" | "device" | "server"
            | "replica" | "pod_name" | "node_name" => Self::Instance,
            "zone" | "availability_zone" | "az" | "region" | "cluster" | "datacenter" | "dc" | "rack" | "site" => {
                Self::Place
            }
            "namespace" | "kubernetes_namespace" | "environment" | "env" | "stage" => Self::Scope,
            "alertname" => Self::Name,
            "severity" | "priority" | "level" | "team" | "owner" | "receiver" | "prometheus" | "prometheus_replica"
            | "monitor" | "source" | "alertgroup" | "rule_group" | "runbook" | "runbook_url" | "page" => Self::Who,
            _ => Self::Other,
        }
    }

    /// The part that counts of the bits a value of this class tells: a service says more than a zone that is as rare.
    pub(super) fn weight(self) -> f64 {
        match self {
            Self::Service => 1.0,
            Self::Instance => 0.8,
            Self::Place | Self::Scope => 0.7,
            Self::Name => 0.6,
            Self::Other => 0.5,
            Self::Who => 0.0,
        }
    }

    /// Bits a value tells even when all that fires has it: there are other services and machines, and they are well.
    pub(super) fn at_least(self) -> f64 {
        match self {
            Self::Service | Self::Instance => 2.0,
            _ => 0.0,
        }
    }
}

pub(super) struct Name<'a> {
    pub(super) text: &'a str,
    pub(super) class: Class,
}

pub(super) struct Pair<'a> {
    /// The place of its name.
    pub(super) name: u32,
    pub(super) value: &'a str,
    /// How many alerts have it.
    pub(super) count: u32,
}

pub(super) struct Index<'a> {
    alerts: &'a [Seen],
    pub(super) names: Vec<Name<'a>>,
    pub(super) pairs: Vec<Pair<'a>>,
    /// The group of each alert, as a number.
    groups: Vec<u32>,
    /// How many alerts each group has.
    group_sizes: Vec<usize>,
    /// Where the pairs of each alert begin in `flat`; one more than there are alerts.
    starts: Vec<u32>,
    flat: Vec<u32>,
}

impl<'a> Index<'a> {
    /// Lays out alerts that are sorted by their start.
    pub(super) fn of(alerts: &'a [Seen]) -> Self {
        let mut index = Self {
            alerts,
            names: Vec::new(),
            pairs: Vec::new(),
            groups: Vec::with_capacity(alerts.len()),
            group_sizes: Vec::new(),
            starts: vec![0],
            flat: Vec::new(),
        };
        index.count_groups();
        let mut known = HashMap::<&str, u32>::new();
        let mut values: Vec<HashMap<&str, u32>> = Vec::new();
        // Alerts mostly have the same names in the same places.
        let mut before: Vec<u32> = Vec::new();
        for alert in alerts {
            for (at, (name, value)) in alert.labels.iter().filter(|(_, value)| !value.is_empty()).enumerate() {
                let guess = before.get(at).copied().filter(|guess| index.names[*guess as usize].text == name);
                let place = guess.unwrap_or_else(|| {
                    *known.entry(name).or_insert_with(|| {
                        index.names.push(Name { text: name, class: Class::of(name) });
                        values.push(HashMap::new());
                        index.names.len() as u32 - 1
                    })
                });
                match before.get_mut(at) {
                    Some(known) => *known = place,
                    None => before.push(place),
                }
                let pair = *values[place as usize].entry(value).or_insert_with(|| {
                    index.pairs.push(Pair { name: place, value, count: 0 });
                    index.pairs.len() as u32 - 1
                });
                index.pairs[pair as usize].count += 1;
                index.flat.push(pair);
            }
            index.starts.push(index.flat.len() as u32);
        }
        index
    }

    fn count_groups(&mut self) {
        let mut known = HashMap::<(&str, &str), u32>::new();
        // Alerts of a group mostly share its key, which tells without looking at it.
        let mut shared = HashMap::<(*const u8, *const u8), u32>::new();
        for alert in self.alerts {
            let place = *shared.entry((alert.source.as_ptr(), alert.group.as_ptr())).or_insert_with(|| {
                let next = known.len() as u32;
                *known.entry((&alert.source, &alert.group)).or_insert(next)
            });
            self.groups.push(place);
            self.group_sizes.resize(known.len(), 0);
            self.group_sizes[place as usize] += 1;
        }
    }

    /// The group of an alert, as a number.
    pub(super) fn group_of(&self, at: u32) -> u32 {
        self.groups[at as usize]
    }

    /// How many alerts a group has.
    pub(super) fn group_size(&self, group: u32) -> usize {
        self.group_sizes[group as usize]
    }

    /// The groups of these alerts, each once.
    pub(super) fn groups_of(&self, members: &[u32]) -> Vec<u32> {
        once(members.iter().map(|at| self.group_of(*at)))
    }

    /// The values of a label among these alerts, each once; those without it aside.
    pub(super) fn values_of(&self, members: &[u32], name: &str) -> Vec<u32> {
        let Some(name) = self.names.iter().position(|known| known.text == name) else { return Vec::new() };
        let of_it = |pair: &u32| self.pair(*pair).name as usize == name;
        once(members.iter().filter_map(|at| self.pairs_of(*at).iter().copied().find(of_it)))
    }

    pub(super) fn len(&self) -> usize {
        self.alerts.len()
    }

    pub(super) fn alert(&self, at: u32) -> &'a Seen {
        &self.alerts[at as usize]
    }

    /// The pairs of an alert.
    pub(super) fn pairs_of(&self, at: u32) -> &[u32] {
        &self.flat[self.starts[at as usize] as usize..self.starts[at as usize + 1] as usize]
    }

    pub(super) fn pair(&self, at: u32) -> &Pair<'a> {
        &self.pairs[at as usize]
    }

    pub(super) fn name_of(&self, pair: u32) -> &Name<'a> {
        &self.names[self.pair(pair).name as usize]
    }

    /// `service=payments`.
    pub(super) fn words(&self, pair: u32) -> String {
        format!("{}={}", self.name_of(pair).text, self.pair(pair).value)
    }

    /// Seconds between the starts of two alerts.
    pub(super) fn seconds(&self, from: u32, to: u32) -> i64 {
        self.alert(to).starts_at.as_second() - self.alert(from).starts_at.as_second()
    }
}

fn once(numbers: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut numbers: Vec<u32> = numbers.collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}
