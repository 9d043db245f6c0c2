//! A small, honest part of PromQL: what it knows it computes as Prometheus 2.42 does, what it does not know it refuses.
//!
//! Known: selectors with all four matchers, `offset`, ranges; the functions in [`ast::FUNCTIONS`]; `sum avg min max count
//! topk bottomk` with `by` and `without`; arithmetic, comparisons (`bool` too) and set operators, one to one, with `on` and
//! `ignoring`. Refused by name: subqueries, `@`, `group_left` and `group_right`, native histograms, other functions.
//!
//! <https://prometheus.io/docs/prometheus/2.42/querying/basics/>

mod ast;
mod eval;
mod functions;
mod lexer;
mod matching;
mod parser;
pub(super) mod pattern;
mod value;

pub(super) use ast::{Expr, Kind};
pub(super) use eval::Evaluator;
pub(super) use parser::{parse, parse_duration_ms};
pub(super) use value::{Track, Value};

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Error {
    /// The query cannot be read; `at` counts bytes from 0.
    Parse { at: usize, text: String },
    /// The query can be read and not be computed.
    Execution(String),
}

impl Error {
    fn parse(at: usize, text: impl Into<String>) -> Self {
        Self::Parse { at, text: text.into() }
    }

    fn unsupported(at: usize, what: impl std::fmt::Display) -> Self {
        Self::parse(at, format!("unsupported in the simulator: {what}"))
    }
}

#[cfg(test)]
mod tests;
