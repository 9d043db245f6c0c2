//! What a panel of a dashboard needs to have asked, and what can come of it.

use super::{Failure, request::ExactTimes};
use crate::{
    config::SourceId,
    grafana::frame_json::QueryResult,
    signal::{Data, LogLine},
};

/// One request that panels need. Equal ones have equal answers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum PanelRequest {
    /// A query of a source that speaks PromQL.
    Exact {
        /// The source.
        source: SourceId,
        /// The query.
        query: String,
        /// The times it is asked for.
        times: ExactTimes,
    },
    /// Log lines of a Loki.
    Lines {
        /// The source.
        source: SourceId,
        /// The query.
        query: String,
        /// From when to when, in milliseconds.
        between: (i64, i64),
    },
    /// Queries that a Grafana asks for us.
    Frames {
        /// The Grafana.
        source: SourceId,
        /// What is posted there.
        body: String,
    },
}

/// An answer to one of them.
#[derive(Clone, Debug)]
pub(super) enum Came {
    Series(Data),
    Lines(Vec<LogLine>),
    Frames(Vec<QueryResult>),
}

/// What came of a request, with what a person should know about it.
pub(super) type CameOf = Result<(Came, Vec<String>), Failure>;

impl Came {
    /// How many numbers it has, about.
    pub(super) fn numbers(&self) -> usize {
        match self {
            Self::Series(Data::Series(series)) => series.iter().map(|series| series.points.len() + 8).sum(),
            Self::Series(_) => 0,
            // So large is a line, in numbers.
            Self::Lines(lines) => lines.len() * 32,
            Self::Frames(results) => {
                let frames = results.iter().flat_map(|result| &result.frames);
                frames.flat_map(|frame| &frame.fields).map(|field| field.cells.len() + 8).sum()
            }
        }
    }
}

impl PanelRequest {
    /// The source that is asked.
    pub(super) fn source(&self) -> SourceId {
        match self {
            Self::Exact { source, .. } | Self::Lines { source, .. } | Self::Frames { source, .. } => *source,
        }
    }
}
