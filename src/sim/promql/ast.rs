//! What a query is made of, and which type each part has.

use super::pattern::Pattern;

/// A query, or a part of one.
#[derive(Clone, Debug)]
pub(crate) enum Expr {
    Number(f64),
    Text(String),
    Selector(Selector),
    Negated(Box<Expr>),
    Call { function: Function, args: Vec<Expr> },
    Aggregate { id: usize, op: Aggregation, grouping: Grouping, param: Option<Box<Expr>>, of: Box<Expr> },
    Binary { op: Op, returns_bool: bool, matching: Grouping, left: Box<Expr>, right: Box<Expr> },
}

/// The type of what an expression yields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Scalar,
    Text,
    Vector,
    Matrix,
}

impl Kind {
    /// The words Prometheus' messages have for it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Scalar => "scalar",
            Self::Text => "string",
            Self::Vector => "instant vector",
            Self::Matrix => "range vector",
        }
    }
}

impl Expr {
    pub fn kind(&self) -> Kind {
        match self {
            Self::Number(_) => Kind::Scalar,
            Self::Text(_) => Kind::Text,
            Self::Selector(selector) => selector.range_ms.map_or(Kind::Vector, |_| Kind::Matrix),
            Self::Negated(of) => of.kind(),
            Self::Call { function, .. } => function.returns(),
            Self::Aggregate { .. } => Kind::Vector,
            Self::Binary { left, right, .. } => match (left.kind(), right.kind()) {
                (Kind::Scalar, Kind::Scalar) => Kind::Scalar,
                _ => Kind::Vector,
            },
        }
    }
}

/// `name{label="value"}[range] offset 1m`.
#[derive(Clone, Debug)]
pub(crate) struct Selector {
    /// Tells it from the others of the query.
    pub id: usize,
    pub name: Option<String>,
    pub matchers: Vec<Matcher>,
    pub range_ms: Option<i64>,
    pub offset_ms: i64,
}

/// One condition on a label.
#[derive(Clone, Debug)]
pub(crate) struct Matcher {
    pub label: String,
    pub negated: bool,
    pub value: Matched,
}

#[derive(Clone, Debug)]
pub(crate) enum Matched {
    Equal(String),
    Regex(Pattern),
}

impl Matcher {
    pub fn accepts(&self, value: &str) -> bool {
        let meets = match &self.value {
            Matched::Equal(wanted) => wanted == value,
            Matched::Regex(pattern) => pattern.matches(value),
        };
        meets != self.negated
    }
}

/// Which labels count: for grouping `by`/`without`, for matching `on`/`ignoring`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Grouping {
    Only(Vec<String>),
    AllBut(Vec<String>),
}

impl Grouping {
    pub fn keeps(&self, label: &str) -> bool {
        match self {
            Self::Only(names) => names.iter().any(|name| name == label),
            Self::AllBut(names) => label != "__name__" && !names.iter().any(|name| name == label),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Aggregation {
    Sum,
    Avg,
    Min,
    Max,
    Count,
    TopK,
    BottomK,
}

impl Aggregation {
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "sum" => Self::Sum,
            "avg" => Self::Avg,
            "min" => Self::Min,
            "max" => Self::Max,
            "count" => Self::Count,
            "topk" => Self::TopK,
            "bottomk" => Self::BottomK,
            _ => return None,
        })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Op {
    Or,
    And,
    Unless,
    Equal,
    NotEqual,
    Greater,
    Less,
    AtLeast,
    AtMost,
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Power,
}

impl Op {
    /// Binds tighter the greater it is.
    pub fn precedence(self) -> u8 {
        match self {
            Self::Or => 1,
            Self::And | Self::Unless => 2,
            Self::Equal | Self::NotEqual | Self::Greater | Self::Less | Self::AtLeast | Self::AtMost => 3,
            Self::Add | Self::Subtract => 4,
            Self::Multiply | Self::Divide | Self::Modulo => 5,
            Self::Power => 6,
        }
    }

    pub fn is_comparison(self) -> bool {
        self.precedence() == 3
    }

    pub fn is_set(self) -> bool {
        self.precedence() < 3
    }
}

/// A function and its signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Function {
    Rate,
    Increase,
    Delta,
    Irate,
    Changes,
    Resets,
    OverTime(OverTime),
    HistogramQuantile,
    Math(Math),
    ClampMin,
    ClampMax,
    Clamp,
    Absent,
    Sort,
    SortDesc,
    Vector,
    Scalar,
    Time,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OverTime {
    Avg,
    Min,
    Max,
    Sum,
    Count,
    Last,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Math {
    Abs,
    Ceil,
    Floor,
    Round,
    Sqrt,
    Ln,
    Log2,
    Log10,
    Exp,
}

/// The functions, by the names they are called by.
pub(crate) const FUNCTIONS: [(&str, Function); 31] = [
    ("rate", Function::Rate),
    ("increase", Function::Increase),
    ("delta", Function::Delta),
    ("irate", Function::Irate),
    ("changes", Function::Changes),
    ("resets", Function::Resets),
    ("avg_over_time", Function::OverTime(OverTime::Avg)),
    ("min_over_time", Function::OverTime(OverTime::Min)),
    ("max_over_time", Function::OverTime(OverTime::Max)),
    ("sum_over_time", Function::OverTime(OverTime::Sum)),
    ("count_over_time", Function::OverTime(OverTime::Count)),
    ("last_over_time", Function::OverTime(OverTime::Last)),
    ("histogram_quantile", Function::HistogramQuantile),
    ("abs", Function::Math(Math::Abs)),
    ("ceil", Function::Math(Math::Ceil)),
    ("floor", Function::Math(Math::Floor)),
    ("round", Function::Math(Math::Round)),
    ("sqrt", Function::Math(Math::Sqrt)),
    ("ln", Function::Math(Math::Ln)),
    ("log2", Function::Math(Math::Log2)),
    ("log10", Function::Math(Math::Log10)),
    ("exp", Function::Math(Math::Exp)),
    ("clamp_min", Function::ClampMin),
    ("clamp_max", Function::ClampMax),
    ("clamp", Function::Clamp),
    ("absent", Function::Absent),
    ("sort", Function::Sort),
    ("sort_desc", Function::SortDesc),
    ("vector", Function::Vector),
    ("scalar", Function::Scalar),
    ("time", Function::Time),
];

/// What Prometheus has and this does not, so that it can be said.
pub(super) const KNOWN_ELSEWHERE: [&str; 40] = [
    "absent_over_time",
    "acos",
    "asin",
    "atan",
    "cos",
    "day_of_month",
    "day_of_week",
    "day_of_year",
    "days_in_month",
    "deg",
    "deriv",
    "histogram_avg",
    "histogram_count",
    "histogram_fraction",
    "histogram_sum",
    "holt_winters",
    "hour",
    "idelta",
    "label_join",
    "label_replace",
    "mad_over_time",
    "minute",
    "month",
    "predict_linear",
    "present_over_time",
    "quantile_over_time",
    "rad",
    "sgn",
    "sin",
    "sort_by_label",
    "stddev_over_time",
    "stdvar_over_time",
    "tan",
    "timestamp",
    "year",
    "quantile",
    "stddev",
    "stdvar",
    "group",
    "count_values",
];

impl Function {
    pub fn find(name: &str) -> Option<Self> {
        FUNCTIONS.iter().find(|(known, _)| *known == name).map(|(_, function)| *function)
    }

    pub fn returns(self) -> Kind {
        match self {
            Self::Scalar | Self::Time => Kind::Scalar,
            _ => Kind::Vector,
        }
    }

    /// The types of its arguments, and how many of them must be there.
    pub fn takes(self) -> (&'static [Kind], usize) {
        use Kind::{Matrix, Scalar, Vector};
        match self {
            Self::Rate | Self::Increase | Self::Delta | Self::Irate | Self::Changes | Self::Resets => (&[Matrix], 1),
            Self::OverTime(_) => (&[Matrix], 1),
            Self::HistogramQuantile => (&[Scalar, Vector], 2),
            Self::Math(Math::Round) => (&[Vector, Scalar], 1),
            Self::Math(_) | Self::Absent | Self::Sort | Self::SortDesc | Self::Scalar => (&[Vector], 1),
            Self::ClampMin | Self::ClampMax => (&[Vector, Scalar], 2),
            Self::Clamp => (&[Vector, Scalar, Scalar], 3),
            Self::Vector => (&[Scalar], 1),
            Self::Time => (&[], 0),
        }
    }
}
