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

    /// How much a value of it tells, against others that are as rare.
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
    /// Where the pairs of each alert begin in `flat`; one more than there are alerts.
    starts: Vec<u32>,
    flat: Vec<u32>,
}

impl<'a> Index<'a> {
    /// Of alerts that are sorted already.
    pub(super) fn of(alerts: &'a [Seen]) -> Self {
        let mut index = Self { alerts, names: Vec::new(), pairs: Vec::new(), starts: vec![0], flat: Vec::new() };
        let mut known = HashMap::<&str, (u32, HashMap<&str, u32>)>::new();
        for alert in alerts {
            for (name, value) in alert.labels.iter().filter(|(_, value)| !value.is_empty()) {
                let (place, values) = known.entry(name).or_insert_with(|| {
                    index.names.push(Name { text: name, class: Class::of(name) });
                    (index.names.len() as u32 - 1, HashMap::new())
                });
                let pair = *values.entry(value).or_insert_with(|| {
                    index.pairs.push(Pair { name: *place, value, count: 0 });
                    index.pairs.len() as u32 - 1
                });
                index.pairs[pair as usize].count += 1;
                index.flat.push(pair);
            }
            index.starts.push(index.flat.len() as u32);
        }
        index
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
