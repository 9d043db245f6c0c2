//! What came of asking a source, in words: which of its queries failed, and which gave nothing to show.

use std::sync::Arc;

use crate::{
    config::Config,
    dashboard::{Ask, Plan, QueryId},
    signal::{Data, Fault, Reading, alert_words},
    source::CheckRow,
};

/// Most names that stand in a row; the others are counted.
const NAMED: usize = 3;

/// How one source answered.
pub(super) struct Answered {
    pub(super) source: String,
    pub(super) kind: &'static str,
    pub(super) ms: u64,
    pub(super) items: usize,
    /// What failed, with the names of the panes and vitals that show it; `None` if all was answered.
    pub(super) error: Option<String>,
    /// The answer in a few words.
    pub(super) words: String,
}

impl Answered {
    /// Puts it in words; `plan` is what was asked for the panes and vitals of the configuration.
    pub(super) fn of(row: CheckRow, config: &Config, plan: &Plan) -> Self {
        let CheckRow { source, kind, queries, outcome, ms } = row;
        let shown_by = |id: &QueryId| shown_by(*id, config, plan);
        let failed: Vec<(&QueryId, &Fault)> =
            queries.iter().filter_map(|(id, outcome)| Some((id, outcome.as_ref().err()?))).collect();
        let answered = queries.len() - failed.len();
        let error = outcome.as_ref().err().map(|first| match failed.as_slice() {
            [(id, _), others @ ..] if answered > 0 || others.iter().any(|(_, fault)| *fault != first) => {
                let fail = if others.len() == 1 { "fails" } else { "fail" };
                let others: Vec<String> = others.iter().map(|(id, _)| shown_by(id)).collect();
                let others =
                    if others.is_empty() { String::new() } else { format!("; {} {fail} too", listed(&others)) };
                format!("{}: {first}{others}", shown_by(id))
            }
            _ => first.to_string(),
        });
        let notes = || {
            let said = queries.iter().filter_map(|(id, outcome)| Some((id, outcome.as_ref().ok()?)));
            let bare = |id: &QueryId, reading: &Reading| gives_nothing(*id, reading, plan);
            let bare = said.clone().filter(|(id, reading)| bare(id, reading)).map(|(id, _)| shown_by(id));
            let partial = said.filter(|(_, reading)| reading.is_partial()).map(|(id, _)| shown_by(id));
            let several = several_series(&queries, config, plan);
            let noted = [
                ("nothing came for", bare.collect::<Vec<_>>()),
                ("only a part came for", partial.collect()),
                ("more than one series came for", several),
            ];
            let noted = noted.into_iter().filter(|(_, names)| !names.is_empty());
            let noted = noted.map(|(what, names)| format!("; {what} {}", listed(&names)));
            noted.chain(unknown_severities(&queries)).collect::<String>()
        };
        let words = match &error {
            Some(error) if answered > 0 => format!("{answered} of {} ok; {error}{}", queries.len(), notes()),
            Some(error) => error.clone(),
            None => format!("ok{}", notes()),
        };
        Self { source, kind, ms, items: outcome.unwrap_or(0), error, words }
    }
}

/// The panes and vitals that show a query: `“Errors”`.
fn shown_by(id: QueryId, config: &Config, plan: &Plan) -> String {
    let vitals = config.vitals.iter().zip(&plan.vitals).filter(|(_, query)| **query == id);
    let vitals = vitals.map(|(vital, _)| vital.title.as_str());
    let panes = plan.panes.iter().filter(|pane| pane.queries.contains(&id)).map(|pane| pane.pane.title.as_str());
    let mut titles: Vec<String> = vitals.chain(panes).map(|title| format!("“{title}”")).collect();
    titles.dedup();
    if titles.is_empty() { "a query".to_owned() } else { listed(&titles) }
}

/// Whether there is nothing where numbers or rows were asked for. That there are no alerts, changes or lines is an answer.
fn gives_nothing(id: QueryId, reading: &Reading, plan: &Plan) -> bool {
    let asks_for_numbers = plan.query(id).is_some_and(|query| !matches!(query.ask, Ask::Alerts));
    asks_for_numbers && matches!(reading.data, Data::Series(_) | Data::Table(_)) && reading.data.items() == 0
}

/// What is said of words for severities that nobody knows, once a source.
fn unknown_severities(queries: &[(QueryId, Result<Arc<Reading>, Fault>)]) -> Option<String> {
    let answers = queries.iter().filter_map(|(_, outcome)| outcome.as_ref().ok());
    let mut warnings = answers.flat_map(|reading| &reading.warnings);
    let warning = warnings.find(|warning| warning.starts_with(alert_words::UNKNOWN_SEVERITY))?;
    Some(format!("; {warning}"))
}

/// The vitals whose query does not come down to one number, so that they cannot be known.
fn several_series(queries: &[(QueryId, Result<Arc<Reading>, Fault>)], config: &Config, plan: &Plan) -> Vec<String> {
    let has_several = |wanted: QueryId| {
        let mut of_it = queries.iter().filter(|(id, _)| *id == wanted);
        of_it.any(|(_, outcome)| {
            outcome.as_ref().is_ok_and(|reading| matches!(&reading.data, Data::Series(all) if all.len() > 1))
        })
    };
    let vitals = config.vitals.iter().zip(&plan.vitals).filter(|(_, query)| has_several(**query));
    vitals.map(|(vital, _)| format!("the vital “{}”", vital.title)).collect()
}

fn listed(names: &[String]) -> String {
    match names.len().saturating_sub(NAMED) {
        0 => crate::base::text::listed(names),
        more => format!("{} and {more} more", names[..NAMED].join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use std::{path::Path, sync::Arc};

    use jiff::Timestamp;

    use super::*;
    use crate::{
        config::load,
        signal::{FaultKind, Labels, Point, Series},
    };

    const CONFIG: &str = "[[source]]\nname = \"prom\"\ntype = \"prometheus\"\nurl = \"http://127.0.0.1:1\"\n\
        [[vital]]\ntitle = \"ok\"\nquery = \"a\"\nok = \"> 0\"\n\
        [[pane]]\ntitle = \"Errors\"\nquery = \"b\"\n[[pane]]\ntitle = \"Alerts\"\ntype = \"alerts\"\n";

    fn series(count: usize) -> Result<Data, Fault> {
        let one = |_| Series { name: "s".into(), labels: Labels::default(), points: vec![Point { t: 0, v: 1.0 }] };
        Ok(Data::Series((0..count).map(one).collect()))
    }

    /// Checks the words for what came of the vital, of the pane of a chart and of that of alerts.
    #[track_caller]
    fn check(outcomes: [Result<Data, Fault>; 3], words: &str, error: Option<&str>) {
        let (config, _) = load::parse(CONFIG, Path::new("stanch.toml")).expect("valid");
        let plan = Plan::of(&config);
        let at = Timestamp::UNIX_EPOCH;
        let reading = |data| Arc::new(Reading { at, data, warnings: Vec::new() });
        let ids: Vec<QueryId> = plan.queries().map(|(id, _)| id).collect();
        let queries: Vec<_> = ids.into_iter().zip(outcomes).map(|(id, came)| (id, came.map(reading))).collect();
        assert_eq!(queries.len(), 3);
        let outcome =
            queries.iter().find_map(|(_, came)| came.as_ref().err()).map_or(Ok(1), |fault| Err(fault.clone()));
        let row = CheckRow { source: "prom".into(), kind: "prometheus", queries, outcome, ms: 1 };
        let answered = Answered::of(row, &config, &plan);
        assert_eq!((answered.words.as_str(), answered.error.as_deref()), (words, error));
    }

    #[test]
    fn each_query_that_fails_or_gives_nothing_is_named() {
        let refused = || Err(Fault::new(FaultKind::BadQuery, "1:16: parse error"));
        let down = || Err(Fault::new(FaultKind::Refused, "nobody listens there"));
        check([series(1), series(5), series(0)], "ok", None);
        check([series(1), series(0), series(0)], "ok; nothing came for “Errors”", None);
        check([series(2), series(1), series(0)], "ok; more than one series came for the vital “ok”", None);
        check(
            [series(1), refused(), series(0)],
            "2 of 3 ok; “Errors”: query refused: 1:16: parse error",
            Some("“Errors”: query refused: 1:16: parse error"),
        );
        check(
            [refused(), series(0), down()],
            "1 of 3 ok; “ok”: query refused: 1:16: parse error; “Alerts” fails too; nothing came for “Errors”",
            Some("“ok”: query refused: 1:16: parse error; “Alerts” fails too"),
        );
        // Where all of it fails alike, it is the source.
        check([down(), down(), down()], "refused: nobody listens there", Some("refused: nobody listens there"));
    }
}
