//! What a server says of its answer beside the numbers.

use super::super::wire::{self, Text};
use crate::signal::reading::PARTIAL;

/// What the server says of its answer, above all that it is not whole. VictoriaMetrics has a field for that; Thanos, promxy
/// and remote storage name in their warnings who did not answer, where those of a query itself begin with `PromQL`.
pub(super) fn remarks(
    warnings: Option<&[Text<'_>]>,
    infos: Option<&[Text<'_>]>,
    is_partial: Option<bool>,
) -> Vec<String> {
    let is_of_query = |text: &Text<'_>| text.0.trim_start().starts_with("PromQL");
    let (of_query, of_storage): (Vec<_>, Vec<_>) =
        warnings.unwrap_or_default().iter().partition(|text| is_of_query(text));
    let others = of_query.into_iter().chain(infos.unwrap_or_default()).map(|text| text.0.as_ref());
    let mut told = wire::warnings(others);
    let missing = wire::warnings(of_storage.into_iter().map(|text| text.0.as_ref()));
    if is_partial == Some(true) || !missing.is_empty() {
        let why = if missing.is_empty() { "part of its storage did not answer".to_owned() } else { missing.join("; ") };
        told.insert(0, format!("{PARTIAL}: {why}"));
    }
    told
}

#[cfg(test)]
mod tests {
    use super::super::decode;
    use crate::signal::{Data, Reading};

    #[track_caller]
    fn check_told(around: &str, expected: &[&str]) {
        for data in [r#"{"resultType":"matrix","result":[]}"#, r#"{"result":[],"resultType":"matrix"}"#] {
            let body = format!(r#"{{"status":"success","data":{data},{around}}}"#);
            let (_, warnings) = decode::answer(body.as_bytes()).expect("a reading").told();
            assert_eq!(warnings, expected, "{body}");
        }
    }

    #[test]
    fn an_answer_that_is_not_whole_is_told_as_such() {
        check_told(r#""isPartial":true"#, &["partial answer: part of its storage did not answer"]);
        check_told(r#""isPartial":false"#, &[]);
        check_told(r#""isPartial":null,"warnings":null"#, &[]);
        check_told(
            r#""warnings":["PromQL warning: no","receive series from store-1: unavailable"]"#,
            &["partial answer: receive series from store-1: unavailable", "PromQL warning: no"],
        );
        let reading = |warnings: &[&str]| Reading {
            at: jiff::Timestamp::UNIX_EPOCH,
            data: Data::Number(1.0),
            warnings: warnings.iter().map(|&warning| warning.to_owned()).collect(),
        };
        assert!(reading(&["x", "partial answer: y"]).is_partial() && !reading(&["a partial answer"]).is_partial());
    }
}
