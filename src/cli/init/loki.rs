//! A Loki that the environment names. There is no source of its kind, but its answers are JSON over HTTP: what reads them
//! stands in what is written, commented out, since nobody knows which labels its streams have.

#![expect(clippy::disallowed_methods, reason = "the environment names servers")]

use std::env;

use super::places::Place;
use crate::base::toml::quoted;

/// The variable that logcli goes by.
const VARIABLE: &str = "LOKI_ADDR";

/// The Loki that the environment names.
pub fn named() -> Option<Place> {
    let url = env::var(VARIABLE).ok().filter(|url| !url.trim().is_empty())?;
    Some(Place::of(&url, Some(format!("${VARIABLE}"))))
}

/// A source and a pane that read its log lines.
pub fn lines(place: &Place) -> String {
    let url = quoted(&format!("{}/loki/api/v1", place.url));
    format!(
        r##"# A Loki is at {}.
# Its log lines can be read over http with a jq filter. Take the `#` from the lines below, and
# put labels of yours in the place of `app="shop"`.
#[[source]]
#name = "loki"
#type = "http"
#url = {url}
#as = "logs"
#jq = """
#.data.result[] | .stream as $labels | .values[]
#| {{ time: .[0], line: .[1], level: ($labels.level // $labels.detected_level), labels: $labels }}"""
#
#[[pane]]
#title = "Logs of shop"
#source = "loki"
#type = "logs"
#query = 'query_range?limit=200&query={{app="shop"}}'

"##,
        place.shown()
    )
}
