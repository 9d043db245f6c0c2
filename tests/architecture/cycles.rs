//! The children of a module form no cycle, in any folder of the source.
//!
//! Whatever lies below one child and names whatever lies below another makes an edge. What the parent's own file defines
//! is free to all its children, and what it hands on with `use` is traced to the child that has it.

use std::collections::{BTreeMap, BTreeSet};

use crate::source::{Source, sources, within};

#[test]
fn children_form_no_cycle() {
    let found: Vec<_> = Graph::new(sources()).cycles().iter().map(told).collect();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

fn told(cycle: &Cycle) -> String {
    let parent = if cycle.parent.is_empty() { "the crate" } else { &cycle.parent };
    format!("in {parent}: {} name each other:\n  {}", cycle.children, cycle.edges.join("\n  "))
}

/// Children of one module, each of which leads to each other.
struct Cycle {
    parent: String,
    /// Their names in order, with spaces between.
    children: String,
    /// Where one names another.
    edges: Vec<String>,
}

/// Who names whom.
struct Graph {
    modules: BTreeSet<String>,
    /// What each module imports under which name.
    imports: BTreeMap<(String, String), String>,
    /// The modules that are imported with all that is in them.
    globs: BTreeMap<String, Vec<String>>,
    /// By parent: child, other child, and where.
    edges: BTreeMap<String, BTreeMap<(String, String), String>>,
}

impl Graph {
    fn new(sources: &[Source]) -> Self {
        let mut graph = Self {
            modules: sources.iter().flat_map(|source| with_parents(&source.module)).collect(),
            imports: BTreeMap::new(),
            globs: BTreeMap::new(),
            edges: BTreeMap::new(),
        };
        for named in sources.iter().flat_map(|source| &source.named) {
            // One that stands inside a file.
            graph.modules.insert(named.module.clone());
            match named.alias.as_deref() {
                Some("*") => graph.globs.entry(named.module.clone()).or_default().push(named.path.clone()),
                Some(alias) => {
                    graph.imports.insert((named.module.clone(), alias.to_owned()), named.path.clone());
                }
                None => {}
            }
        }
        for source in sources {
            for named in &source.named {
                let place = format!("{}:{}: {}", source.name, named.line, named.path);
                if let Some(module) = graph.owner(&named.module, &named.path, 0) {
                    graph.edge(&named.module, &module, place);
                }
            }
        }
        graph
    }

    /// The module that defines what a path leads to, if that is of this crate.
    fn owner(&self, module: &str, path: &str, depth: usize) -> Option<String> {
        let mut names: Vec<&str> = path.split("::").collect();
        let mut at = match names[0] {
            "crate" => {
                names.remove(0);
                String::new()
            }
            // A child, or what was imported.
            _ => module.to_owned(),
        };
        for (n, name) in names.iter().enumerate() {
            let child = within(&at, name);
            if self.modules.contains(&child) {
                at = child;
                continue;
            }
            let rest = || names[n + 1..].iter().fold(String::new(), |rest, name| format!("{rest}::{name}"));
            if depth > 8 {
                return None;
            }
            if let Some(from) = self.imports.get(&(at.clone(), (*name).to_owned())).filter(|from| *from != path) {
                return self.owner(&at, &format!("{from}{}", rest()), depth + 1);
            }
            // Of a foreign crate, or of the prelude.
            if n == 0 && names.len() == path.split("::").count() {
                return None;
            }
            let mut globs = self.globs.get(&at).into_iter().flatten();
            let through = globs.find_map(|from| {
                let inside = self.owner(&at, from, depth + 1)?;
                self.has(&inside, name)
                    .then(|| self.owner(&inside, &format!("crate::{inside}::{name}{}", rest()), depth + 1))
            });
            return through.flatten().or(Some(at));
        }
        Some(at)
    }

    /// Whether a module is known to have this name: a child, or something it imports.
    fn has(&self, module: &str, name: &str) -> bool {
        self.modules.contains(&within(module, name)) || self.imports.contains_key(&(module.to_owned(), name.to_owned()))
    }

    fn edge(&mut self, from: &str, to: &str, place: String) {
        let (from, to): (Vec<_>, Vec<_>) = (from.split("::").collect(), to.split("::").collect());
        let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
        if shared < from.len() && shared < to.len() && !to[shared].is_empty() && !from[shared].is_empty() {
            let edges = self.edges.entry(from[..shared].join("::")).or_default();
            edges.entry((from[shared].to_owned(), to[shared].to_owned())).or_insert(place);
        }
    }

    fn cycles(&self) -> Vec<Cycle> {
        let mut cycles = Vec::new();
        for (parent, edges) in &self.edges {
            for children in strong(edges.keys()) {
                let inside = |(a, b): &(String, String)| children.contains(a) && children.contains(b);
                let edges = edges.iter().filter(|(edge, _)| inside(edge));
                let edges = edges.map(|((a, b), place)| format!("{a} → {b}: {place}")).collect();
                let children: Vec<_> = children.into_iter().collect();
                cycles.push(Cycle { parent: parent.clone(), children: children.join(" "), edges });
            }
        }
        cycles
    }
}

fn with_parents(module: &str) -> impl Iterator<Item = String> {
    module.match_indices("::").map(|(at, _)| module[..at].to_owned()).chain([module.to_owned()])
}

/// The sets of more than one in which each leads to each other.
fn strong<'a>(edges: impl Iterator<Item = &'a (String, String)>) -> Vec<BTreeSet<String>> {
    let mut reach: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (from, to) in edges {
        reach.entry(from).or_default().insert(to);
        reach.entry(to).or_default();
    }
    let names: Vec<_> = reach.keys().copied().collect();
    for via in &names {
        let beyond = reach[via].clone();
        for from in &names {
            if reach[from].contains(via) {
                reach.entry(from).or_default().extend(&beyond);
            }
        }
    }
    let mut sets = BTreeSet::new();
    for name in &names {
        let both = names.iter().filter(|other| reach[name].contains(**other) && reach[**other].contains(name));
        let set: BTreeSet<String> = both.map(|name| (*name).to_owned()).collect();
        sets.extend((set.len() > 1).then_some(set));
    }
    sets.into_iter().collect()
}

/// The test that tests: what is an edge, and what is a cycle.
mod of_the_test {
    use super::*;
    use crate::source::read;

    /// The cycles of modules with this code, as parent and children.
    #[track_caller]
    fn check(modules: &[(&str, &str)], expected: &[(&str, &str)]) {
        let files = modules.iter().map(|(module, code)| read(format!("{module}.rs"), (*module).to_owned(), code).0);
        let found = Graph::new(&files.collect::<Vec<_>>()).cycles();
        let found: Vec<_> = found.iter().map(|cycle| (cycle.parent.as_str(), cycle.children.as_str())).collect();
        assert_eq!(found, expected, "{modules:?}");
    }

    #[test]
    fn children_that_name_each_other_form_a_cycle() {
        let a = ("m::a", "use super::b::B;");
        check(&[a, ("m::b", "")], &[]);
        check(&[a, ("m::b", "fn f(x: super::a::A) {}")], &[("m", "a b")]);
        check(&[a, ("m::b", "use crate::m::{c::C, d};"), ("m::c", "use super::a;"), ("m::d", "")], &[("m", "a b c")]);
        // What lies deeper counts for the child it is in.
        check(&[a, ("m::b", ""), ("m::b::deep", "use crate::m::a::A;")], &[("m", "a b")]);
        check(
            &[
                ("m::a::x", "use super::super::b::y::Y;"),
                ("m::b::y", "use crate::m::a::x::X;"),
                ("m::a", ""),
                ("m::b", ""),
            ],
            &[("m", "a b")],
        );
        check(&[("a", "use crate::b::B;"), ("b", "use crate::a::A;")], &[("", "a b")]);
    }

    #[test]
    fn what_a_parent_defines_is_free_and_what_it_hands_on_is_not() {
        let a = ("m::a", "use super::b::B;");
        check(&[("m", "mod a; mod b; pub struct X;"), a, ("m::b", "use super::X;")], &[]);
        check(&[("m", "mod a; mod b; pub use a::X;"), a, ("m::b", "use super::X;")], &[("m", "a b")]);
        check(&[("m", "pub use a::{X as Y};"), a, ("m::b", "fn f() { crate::m::Y::new() }")], &[("m", "a b")]);
        check(
            &[
                ("m", "pub use a::*;"),
                ("m::a", "pub use inner::X; use super::b::B;"),
                ("m::a::inner", ""),
                ("m::b", "use super::X;"),
            ],
            &[("m", "a b")],
        );
    }

    #[test]
    fn macros_and_attributes_count() {
        let a = ("m::a", "use super::b::B;");
        check(&[a, ("m::b", "fn f() { assert!(matches!(x, super::a::A::B)) }")], &[("m", "a b")]);
        check(&[a, ("m::b", "struct S { #[serde(with = \"super::a\")] x: f64 }")], &[("m", "a b")]);
    }

    #[test]
    fn tests_do_not_count() {
        let tests = "#[cfg(test)]\nmod tests { use crate::m::a::A; }";
        check(&[("m::a", "use super::b::B;"), ("m::b", tests)], &[]);
    }
}
