//! Operators between vectors and numbers, one to one.

use std::collections::{HashMap, HashSet};

use super::{
    super::store::Labels,
    Error,
    ast::{Grouping, Op},
    value::Point,
};

/// An operator between two numbers; a comparison yields 1 or 0.
pub(super) fn number(op: Op, a: f64, b: f64) -> f64 {
    let truth = |truth: bool| f64::from(u8::from(truth));
    match op {
        Op::Add => a + b,
        Op::Subtract => a - b,
        Op::Multiply => a * b,
        Op::Divide => a / b,
        Op::Modulo => a % b,
        Op::Power => a.powf(b),
        Op::Equal => truth(a == b),
        Op::NotEqual => truth(a != b),
        Op::Greater => truth(a > b),
        Op::Less => truth(a < b),
        Op::AtLeast => truth(a >= b),
        Op::AtMost => truth(a <= b),
        Op::Or | Op::And | Op::Unless => f64::NAN,
    }
}

/// An operator between each point and a number; `sides` puts them in order.
pub(super) fn with_number(
    op: Op,
    returns_bool: bool,
    points: Vec<Point>,
    sides: impl Fn(f64) -> (f64, f64),
) -> Vec<Point> {
    let keeps = op.is_comparison() && !returns_bool;
    let points = points.into_iter().filter_map(|point| {
        let (a, b) = sides(point.value);
        let value = number(op, a, b);
        match keeps {
            true => (value == 1.0).then_some(point),
            false => Some(Point { labels: without_name(&point.labels), value }),
        }
    });
    points.collect()
}

/// An operator between the points of two vectors whose labels match.
pub(super) fn vectors(
    op: Op,
    returns_bool: bool,
    matching: &Grouping,
    left: Vec<Point>,
    right: Vec<Point>,
) -> Result<Vec<Point>, Error> {
    let key = |point: &Point| point.labels.filtered(|name| matching.keeps(name));
    if op.is_set() {
        return Ok(sets(op, left, right, key));
    }
    let mut partners: HashMap<Labels, Point> = HashMap::new();
    for point in right {
        let group = key(&point);
        if let Some(other) = partners.insert(group.clone(), point.clone()) {
            return Err(Error::Execution(format!(
                "found duplicate series for the match group {group} on the right hand-side of the operation: [{}, {}];\
                 many-to-many matching not allowed: matching labels must be unique on one side",
                point.labels, other.labels
            )));
        }
    }
    let keeps = op.is_comparison() && !returns_bool;
    let mut used = HashSet::new();
    let mut out = Vec::new();
    for point in left {
        let group = key(&point);
        let Some(partner) = partners.get(&group) else { continue };
        let value = number(op, point.value, partner.value);
        if keeps && value != 1.0 {
            continue;
        }
        if !used.insert(group.clone()) {
            let text = "multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)";
            return Err(Error::Execution(text.into()));
        }
        let labels = match (keeps, matching) {
            (false, _) => group,
            (true, Grouping::Only(_)) => group,
            (true, Grouping::AllBut(names)) => point.labels.filtered(|name| !names.iter().any(|known| known == name)),
        };
        out.push(Point { labels, value: if keeps { point.value } else { value } });
    }
    Ok(out)
}

/// The labels without the metric's name, which no longer holds for a computed value.
pub(super) fn without_name(labels: &Labels) -> Labels {
    labels.filtered(|name| name != "__name__")
}

fn sets(op: Op, mut left: Vec<Point>, right: Vec<Point>, key: impl Fn(&Point) -> Labels) -> Vec<Point> {
    let keys = |points: &[Point]| -> HashSet<Labels> { points.iter().map(&key).collect() };
    match op {
        Op::Or => {
            let known = keys(&left);
            left.extend(right.into_iter().filter(|point| !known.contains(&key(point))));
        }
        Op::And => {
            let wanted = keys(&right);
            left.retain(|point| wanted.contains(&key(point)));
        }
        _ => {
            let unwanted = keys(&right);
            left.retain(|point| !unwanted.contains(&key(point)));
        }
    }
    left
}
