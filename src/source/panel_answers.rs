//! What panels of dashboards ask of a source, and what its answers say to them.

use std::collections::BTreeMap;

use super::request::ExactTimes;
use crate::{
    grafana::{
        data_source::DataSource,
        evaluate::Outcome,
        plan::PanelQuery,
        prometheus::{Answered, Points},
    },
    signal::{Data, Series},
};

/// Whether a query goes to Prometheus at all.
pub(super) fn asks(query: &PanelQuery) -> bool {
    query.source == DataSource::Prometheus && !query.is_hidden && query.error.is_none()
}

/// The times it is asked for.
pub(super) fn times(query: &PanelQuery) -> ExactTimes {
    match query.is_instant {
        true => ExactTimes::At(query.range.to),
        false => ExactTimes::Range { start: query.range.from, end: query.range.to, step: query.step as u64 },
    }
}

/// What an answer says to a panel.
pub(super) fn answered(data: Data, times: ExactTimes) -> Outcome {
    let Data::Series(series) = data else { return Err("it does not answer with numbers".into()) };
    let points = |series: Series| Points {
        labels: series
            .labels
            .iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect::<BTreeMap<_, _>>(),
        points: series.points.into_iter().map(|point| (point.t, point.v)).collect(),
    };
    let is_instant = matches!(times, ExactTimes::At(_));
    Ok(Answered { series: series.into_iter().map(points).collect(), is_instant })
}
