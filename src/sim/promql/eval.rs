//! Computes a query at a time, or over a range of times.

use std::{cell::RefCell, collections::HashMap, rc::Rc};

use super::{
    super::store::{Labels, SeriesId, Store},
    Error,
    ast::{Aggregation, Expr, Function, Grouping, Kind, Matched, Math, Selector},
    functions, matching,
    value::{Point, Track, Value},
};

/// Computes queries over a store. Use a new one for each query: it remembers which series the query's selectors pick.
pub(crate) struct Evaluator<'a> {
    store: &'a Store,
    picked: RefCell<HashMap<usize, Rc<[SeriesId]>>>,
    groups: RefCell<HashMap<(usize, Labels), Labels>>,
}

impl<'a> Evaluator<'a> {
    pub fn new(store: &'a Store) -> Self {
        Self { store, picked: RefCell::default(), groups: RefCell::default() }
    }

    /// The query's value at a time.
    pub fn at(&self, expr: &Expr, time_ms: i64) -> Result<Value, Error> {
        match expr {
            Expr::Text(text) => Ok(Value::Text(text.clone())),
            Expr::Selector(selector) if selector.range_ms.is_some() => {
                Ok(Value::Matrix(self.ranges(selector, time_ms)))
            }
            _ if expr.kind() == Kind::Scalar => Ok(Value::Scalar(self.scalar(expr, time_ms)?)),
            _ => {
                let points = self.vector(expr, time_ms)?;
                distinct(&points)?;
                Ok(Value::Vector(points))
            }
        }
    }

    /// The query's value at each step, as series sorted by their labels.
    pub fn over(&self, expr: &Expr, from_ms: i64, to_ms: i64, step_ms: i64) -> Result<Vec<Track>, Error> {
        let mut tracks: HashMap<Labels, Vec<(i64, f64)>> = HashMap::new();
        let mut time = from_ms;
        while time <= to_ms {
            match self.at(expr, time)? {
                Value::Scalar(value) => tracks.entry(Labels::default()).or_default().push((time, value)),
                Value::Vector(points) => {
                    for Point { labels, value } in points {
                        tracks.entry(labels).or_default().push((time, value));
                    }
                }
                Value::Text(_) | Value::Matrix(_) => {}
            }
            time += step_ms.max(1);
        }
        let mut tracks: Vec<_> = tracks.into_iter().map(|(labels, values)| Track { labels, values }).collect();
        tracks.sort_by(|a, b| a.labels.cmp(&b.labels));
        Ok(tracks)
    }

    fn scalar(&self, expr: &Expr, time_ms: i64) -> Result<f64, Error> {
        Ok(match expr {
            Expr::Number(number) => *number,
            Expr::Negated(of) => -self.scalar(of, time_ms)?,
            Expr::Binary { op, left, right, .. } => {
                matching::number(*op, self.scalar(left, time_ms)?, self.scalar(right, time_ms)?)
            }
            Expr::Call { function: Function::Time, .. } => time_ms as f64 / 1000.0,
            Expr::Call { function: Function::Scalar, args } => match args.first() {
                Some(of) => match self.vector(of, time_ms)?.as_slice() {
                    [only] => only.value,
                    _ => f64::NAN,
                },
                None => f64::NAN,
            },
            _ => return Err(Error::Execution("a scalar was expected".into())),
        })
    }

    fn vector(&self, expr: &Expr, time_ms: i64) -> Result<Vec<Point>, Error> {
        match expr {
            Expr::Selector(selector) => Ok(self.instant(selector, time_ms)),
            Expr::Negated(of) => Ok(bare(self.vector(of, time_ms)?, |value| -value)),
            Expr::Call { function, args } => self.call(*function, args, time_ms),
            Expr::Aggregate { id, op, grouping, param, of } => {
                let param = param.as_ref().map(|param| self.scalar(param, time_ms)).transpose()?;
                Ok(self.aggregate(*id, *op, grouping, param, self.vector(of, time_ms)?))
            }
            Expr::Binary { op, returns_bool, matching, left, right } => match (left.kind(), right.kind()) {
                (Kind::Scalar, _) => {
                    let left = self.scalar(left, time_ms)?;
                    let points = self.vector(right, time_ms)?;
                    Ok(matching::with_number(*op, *returns_bool, points, |value| (left, value)))
                }
                (_, Kind::Scalar) => {
                    let right = self.scalar(right, time_ms)?;
                    let points = self.vector(left, time_ms)?;
                    Ok(matching::with_number(*op, *returns_bool, points, |value| (value, right)))
                }
                _ => matching::vectors(
                    *op,
                    *returns_bool,
                    matching,
                    self.vector(left, time_ms)?,
                    self.vector(right, time_ms)?,
                ),
            },
            Expr::Number(_) | Expr::Text(_) => Err(Error::Execution("an instant vector was expected".into())),
        }
    }

    fn call(&self, function: Function, args: &[Expr], time_ms: i64) -> Result<Vec<Point>, Error> {
        let scalar = |at: usize, default: f64| args.get(at).map_or(Ok(default), |arg| self.scalar(arg, time_ms));
        let vector = |at: usize| args.get(at).map_or(Ok(Vec::new()), |arg| self.vector(arg, time_ms));
        if let Some(Expr::Selector(selector @ Selector { range_ms: Some(range_ms), .. })) = args.first() {
            let end = time_ms - selector.offset_ms;
            let keeps_name = function == Function::OverTime(super::ast::OverTime::Last);
            let tracks = self.picked(selector);
            let points = tracks.iter().filter_map(|id| {
                let samples: Vec<_> = self.store.between(*id, end - range_ms, end).collect();
                let value = functions::over_range(function, &samples, end - range_ms, end)?;
                let labels = if keeps_name { self.store.labels(*id) } else { self.store.bare_labels(*id) };
                Some(Point { labels: labels.clone(), value })
            });
            return Ok(points.collect());
        }
        Ok(match function {
            Function::HistogramQuantile => functions::histogram_quantile(scalar(0, f64::NAN)?, vector(1)?),
            Function::Math(math) => {
                let nearest = scalar(1, 1.0)?;
                bare(vector(0)?, |value| mathematics(math, value, nearest))
            }
            Function::ClampMin => clamped(vector(0)?, scalar(1, f64::NAN)?, f64::INFINITY),
            Function::ClampMax => clamped(vector(0)?, f64::NEG_INFINITY, scalar(1, f64::NAN)?),
            Function::Clamp => clamped(vector(0)?, scalar(1, f64::NAN)?, scalar(2, f64::NAN)?),
            Function::Vector => vec![Point { labels: Labels::default(), value: scalar(0, f64::NAN)? }],
            Function::Sort => sorted(vector(0)?, false),
            Function::SortDesc => sorted(vector(0)?, true),
            Function::Absent => match vector(0)?.is_empty() {
                true => vec![Point { labels: args.first().map(absent_labels).unwrap_or_default(), value: 1.0 }],
                false => Vec::new(),
            },
            _ => return Err(Error::Execution("a range vector was expected".into())),
        })
    }

    fn aggregate(
        &self,
        id: usize,
        op: Aggregation,
        grouping: &Grouping,
        param: Option<f64>,
        points: Vec<Point>,
    ) -> Vec<Point> {
        let mut order = Vec::new();
        let mut groups: HashMap<Labels, Vec<Point>> = HashMap::new();
        for point in points {
            let key = self.group_of(id, grouping, &point.labels);
            if !groups.contains_key(&key) {
                order.push(key.clone());
            }
            groups.entry(key).or_default().push(point);
        }
        let mut out = Vec::new();
        for key in order {
            let mut members = groups.remove(&key).unwrap_or_default();
            let values = || members.iter().map(|point| point.value);
            let count = members.len() as f64;
            let value = match op {
                Aggregation::Sum => values().sum(),
                Aggregation::Avg => values().sum::<f64>() / count,
                Aggregation::Count => count,
                Aggregation::Min => functions::least(values()),
                Aggregation::Max => -functions::least(values().map(|value| -value)),
                Aggregation::TopK | Aggregation::BottomK => {
                    members = sorted(members, op == Aggregation::TopK);
                    members.truncate(param.unwrap_or(0.0).max(0.0) as usize);
                    out.append(&mut members);
                    continue;
                }
            };
            out.push(Point { labels: key, value });
        }
        out
    }

    fn group_of(&self, id: usize, grouping: &Grouping, labels: &Labels) -> Labels {
        let mut known = self.groups.borrow_mut();
        let group = known.entry((id, labels.clone())).or_insert_with(|| labels.filtered(|name| grouping.keeps(name)));
        group.clone()
    }

    fn instant(&self, selector: &Selector, time_ms: i64) -> Vec<Point> {
        let at = time_ms - selector.offset_ms;
        let picked = self.picked(selector);
        let points = picked
            .iter()
            .filter_map(|id| Some(Point { labels: self.store.labels(*id).clone(), value: self.store.at(*id, at)? }));
        points.collect()
    }

    fn ranges(&self, selector: &Selector, time_ms: i64) -> Vec<Track> {
        let end = time_ms - selector.offset_ms;
        let from = end - selector.range_ms.unwrap_or(0);
        let picked = self.picked(selector);
        let tracks = picked.iter().map(|id| Track {
            labels: self.store.labels(*id).clone(),
            values: self.store.between(*id, from, end).collect(),
        });
        tracks.filter(|track| !track.values.is_empty()).collect()
    }

    fn picked(&self, selector: &Selector) -> Rc<[SeriesId]> {
        let mut known = self.picked.borrow_mut();
        let pick = || {
            let mut ids = self.store.named(selector.name.as_deref());
            ids.retain(|id| {
                let labels = self.store.labels(*id);
                selector.matchers.iter().all(|matcher| matcher.accepts(labels.get(&matcher.label)))
            });
            ids.into()
        };
        known.entry(selector.id).or_insert_with(pick).clone()
    }
}

fn bare(points: Vec<Point>, change: impl Fn(f64) -> f64) -> Vec<Point> {
    let points = points.into_iter();
    points.map(|point| Point { labels: matching::without_name(&point.labels), value: change(point.value) }).collect()
}

fn clamped(points: Vec<Point>, least: f64, most: f64) -> Vec<Point> {
    if least > most {
        return Vec::new();
    }
    if least.is_nan() || most.is_nan() {
        return bare(points, |_| f64::NAN);
    }
    bare(points, |value| if value.is_nan() { value } else { value.max(least).min(most) })
}

fn sorted(mut points: Vec<Point>, descending: bool) -> Vec<Point> {
    // NaN stands last either way.
    points.sort_by(|a, b| match (a.value.is_nan(), b.value.is_nan()) {
        (false, false) if descending => b.value.total_cmp(&a.value),
        (false, false) => a.value.total_cmp(&b.value),
        (a, b) => a.cmp(&b),
    });
    points
}

fn mathematics(math: Math, value: f64, nearest: f64) -> f64 {
    match math {
        Math::Abs => value.abs(),
        Math::Ceil => value.ceil(),
        Math::Floor => value.floor(),
        // Halves go up, as Prometheus rounds.
        Math::Round => (value / nearest + 0.5).floor() * nearest,
        Math::Sqrt => value.sqrt(),
        Math::Ln => value.ln(),
        Math::Log2 => value.log2(),
        Math::Log10 => value.log10(),
        Math::Exp => value.exp(),
    }
}

/// The labels that the plain matchers of a selector promise.
fn absent_labels(expr: &Expr) -> Labels {
    let Expr::Selector(selector) = expr else { return Labels::default() };
    Labels::of(selector.matchers.iter().filter(|matcher| !matcher.negated).filter_map(|matcher| match &matcher.value {
        Matched::Equal(value) => Some((&matcher.label, value)),
        Matched::Regex(_) => None,
    }))
}

fn distinct(points: &[Point]) -> Result<(), Error> {
    let mut seen = std::collections::HashSet::new();
    match points.iter().all(|point| seen.insert(&point.labels)) {
        true => Ok(()),
        false => Err(Error::Execution("vector cannot contain metrics with the same labelset".into())),
    }
}
