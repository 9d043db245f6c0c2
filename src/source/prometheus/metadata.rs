//! Which labels, values and series there are.

use serde_json::value::RawValue;

use super::{
    super::{
        Failure,
        client::Content,
        decoding::decoding,
        request::Metadata,
        wire::{self, Interner, Pairs, Text},
    },
    Prometheus,
    decode::Envelope,
    rules,
};
use crate::signal::{Column, Data, Fault, Series, Table};

/// Most names, values or series that are kept of one answer.
const MAX_NAMES: usize = 100_000;
/// The longest name or value that is kept, in bytes.
const MAX_LENGTH: usize = 1024;

/// Where something is asked for, and with which parameters.
pub(in super::super) type Asking = (String, Vec<(&'static str, String)>);

impl Prometheus {
    pub(super) async fn metadata(&self, what: &Metadata, between: (i64, i64)) -> Result<Content, Failure> {
        let (path, parameters) = asking(what, between);
        let parameters: Vec<(&str, &str)> = parameters.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let body = self.ask(&path, &parameters).await?;
        Ok(decoding(body, decoder(what)).await?)
    }
}

/// How it is asked for.
pub(in super::super) fn asking(what: &Metadata, (start, end): (i64, i64)) -> Asking {
    let (path, selector) = match what {
        Metadata::LabelNames(selector) => ("/api/v1/labels".to_owned(), selector.as_deref()),
        Metadata::LabelValues(label, selector) => (format!("/api/v1/label/{label}/values"), selector.as_deref()),
        Metadata::Series(selector) => ("/api/v1/series".to_owned(), Some(selector.as_str())),
        Metadata::AlertRules => return ("/api/v1/rules".to_owned(), vec![("type", "alert".to_owned())]),
        Metadata::LokiLabels => ("/loki/api/v1/labels".to_owned(), None),
        Metadata::LokiLabelValues(label, selector) => {
            (format!("/loki/api/v1/label/{label}/values"), selector.as_deref())
        }
    };
    // Loki counts nanoseconds.
    let (scale, matching) = match what {
        Metadata::LokiLabels | Metadata::LokiLabelValues(..) => (1_000_000_000, "query"),
        _ => (1, "match[]"),
    };
    let (start, end) = (start.saturating_mul(scale).to_string(), end.saturating_mul(scale).to_string());
    let mut parameters = vec![("start", start), ("end", end)];
    parameters.extend(selector.map(|selector| (matching, selector.to_owned())));
    (path, parameters)
}

/// What reads the answer.
pub(in super::super) fn decoder(what: &Metadata) -> fn(&[u8]) -> Result<Content, Fault> {
    match what {
        Metadata::Series(_) => series,
        Metadata::AlertRules => rules::decode,
        _ => names,
    }
}

fn names(body: &[u8]) -> Result<Content, Fault> {
    let text = wire::text_of(body);
    let (data, warnings) = Envelope::open(&text)?;
    let all: Option<Vec<Text<'_>>> = wire::decode(data, "a list of names")?;
    let all = all.unwrap_or_default();
    let dropped = all.len().saturating_sub(MAX_NAMES);
    let scrubbed =
        |name: Text<'_>| vec![crate::base::text::clipped(&crate::base::text::line(&name.0), MAX_LENGTH).into_owned()];
    let rows = all.into_iter().take(MAX_NAMES).map(scrubbed).collect();
    let columns = vec![Column { name: "name".into(), numeric: false }];
    Ok((Data::Table(Table { columns, rows, dropped, ..Table::default() }), warnings))
}

fn series(body: &[u8]) -> Result<Content, Fault> {
    let text = wire::text_of(body);
    let (data, mut warnings) = Envelope::open(&text)?;
    let all: Option<Vec<&RawValue>> = wire::decode(data, "a list of series")?;
    let all = all.unwrap_or_default();
    if all.len() > MAX_NAMES {
        warnings.push(format!("showing {MAX_NAMES} of {} series", all.len()));
    }
    let mut interner = Interner::of_series();
    let mut out = Vec::new();
    for one in all.into_iter().take(MAX_NAMES) {
        let pairs: Pairs<'_> = wire::decode(one.get(), "the labels of a series")?;
        out.push(Series { name: "".into(), labels: interner.labels(&pairs), points: Vec::new() });
    }
    Ok((Data::Series(out), warnings))
}
