//! What Loki says is wrong, in words for who has to do something about it. It says it in plain text.

use super::super::Failure;
use crate::signal::{Fault, FaultKind};

/// The failure of any question.
pub(super) fn of(failure: Failure, has_tenant: bool) -> Failure {
    let Fault { kind, detail } = &failure.fault;
    let says = |words: &str| detail.contains(words);
    let (kind, detail) = match kind {
        FaultKind::Unauthorized if says("no org id") => {
            let why = match has_tenant {
                true => "this Loki did not get the tenant; does a proxy on the way leave X-Scope-OrgID out?",
                false => {
                    "this Loki has several tenants; say whose lines are meant by `tenant = \"…\"` in its [[source]]"
                }
            };
            (FaultKind::Unauthorized, why.to_owned())
        }
        FaultKind::NotFound => (FaultKind::NotFound, format!("{detail}; is it a Loki?")),
        FaultKind::Status(503) if says("not ready") || says("not Running") => {
            (FaultKind::Status(503), format!("this Loki is not ready yet: {detail}"))
        }
        FaultKind::BadQuery => (FaultKind::BadQuery, of_query(detail)),
        // A tenant's limits, and a queue that is full.
        FaultKind::Status(500..) if says("too many outstanding requests") => {
            (FaultKind::TooManyRequests(failure.retry_after), detail.clone())
        }
        _ => return failure,
    };
    Failure { fault: Fault::new(kind, detail), ..failure }
}

/// Said of a query for lines where only numbers can be shown.
const WANTS_NUMBERS: &str =
    "it gives log lines where numbers are needed, as of sum(count_over_time({app=\"shop\"}[1m]))";

/// The failure of a question for numbers.
pub(super) fn of_numbers(failure: Failure) -> Failure {
    if failure.fault.kind == FaultKind::Malformed && failure.fault.detail.starts_with("log lines;") {
        return Failure { fault: Fault::new(FaultKind::BadQuery, WANTS_NUMBERS), ..failure };
    }
    failure
}

fn of_query(detail: &str) -> String {
    if detail.contains("at least one regexp or equality matcher") {
        return "this would be every line there is; at least one label needs a value that is not empty, as in \
                {app=\"shop\"} or {app=~\".+\"}"
            .to_owned();
    }
    if let Some((_, limits)) = detail.split_once("the query time range exceeds the limit (") {
        let limit = limits.rsplit("limit: ").next().unwrap_or_default().trim_end_matches(')');
        return format!("the time shown is longer than this Loki looks back at once ({limit}); show less of it");
    }
    if detail.contains("exceeded maximum resolution") {
        return "the time shown has too many points for this Loki; show less of it".to_owned();
    }
    if detail.contains("log queries are not supported as an instant query") {
        return WANTS_NUMBERS.to_owned();
    }
    // It writes `parse error : ` where it knows no place.
    detail.replace("parse error : ", "parse error: ")
}

/// How many lines this server gives at once, if it says that more were asked for.
pub(super) fn most_lines(fault: &Fault) -> Option<u16> {
    let (_, limits) = fault.detail.split_once("max entries limit per query exceeded")?;
    let most = limits.rsplit('>').next()?.trim().trim_end_matches(')').trim();
    most.parse().ok().filter(|most| *most > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(kind: FaultKind, said: &str, expected: &str) {
        assert_eq!(of(Fault::new(kind, said).into(), false).fault.to_string(), expected);
    }

    #[test]
    fn what_loki_says_becomes_what_to_do() {
        check(
            FaultKind::Unauthorized,
            "none are configured: no org id",
            "401 not signed in: check the credentials: this Loki has several tenants; say whose lines are meant by \
             `tenant = \"…\"` in its [[source]]",
        );
        check(
            FaultKind::BadQuery,
            "parse error : queries require at least one regexp or equality matcher that does not have an \
             empty-compatible value. For instance, app=~\".*\" does not meet this requirement, but app=~\".+\" will",
            "query refused: this would be every line there is; at least one label needs a value that is not empty, as in \
             {app=\"shop\"} or {app=~\".+\"}",
        );
        check(
            FaultKind::BadQuery,
            "the query time range exceeds the limit (query length: 9600h0m0s, limit: 30d1h)",
            "query refused: the time shown is longer than this Loki looks back at once (30d1h); show less of it",
        );
        check(
            FaultKind::BadQuery,
            "parse error at line 1, col 12: syntax error: unexpected $end, expecting } or ,",
            "query refused: parse error at line 1, col 12: syntax error: unexpected $end, expecting } or ,",
        );
        check(
            FaultKind::BadQuery,
            "parse error : stage '|~ \"(\"' : error parsing regexp: missing closing ): `(`",
            "query refused: parse error: stage '|~ \"(\"' : error parsing regexp: missing closing ): `(`",
        );
        check(
            FaultKind::Status(503),
            "Ingester not ready: waiting for 15s after being ready",
            "server error 503: this Loki is not ready yet: Ingester not ready: waiting for 15s after being ready",
        );
        check(
            FaultKind::Status(500),
            "too many outstanding requests",
            "429 too many requests: too many outstanding requests",
        );
        check(FaultKind::Refused, "nobody listens there", "refused: nobody listens there");
    }

    #[test]
    fn a_server_says_how_many_lines_it_gives() {
        let of = |said: &str| most_lines(&Fault::new(FaultKind::BadQuery, said));
        let said = "max entries limit per query exceeded, limit > max_entries_limit_per_query (100000 > 5000)";
        assert_eq!(of(said), Some(5000));
        assert_eq!(of("parse error"), None);
    }
}
