//! LogQL, as far as somebody must know what a query gives, or write a small one.
//!
//! Loki has two kinds of queries: one gives log lines, the other numbers made of them. Which one it is shows at its
//! beginning: lines come of a stream selector, `{app="shop"} |= "error"`, numbers of something around one,
//! `sum(rate({app="shop"}[1m]))`.

use super::Labels;

/// Labels that say which part of a system a line is of, the most telling first. Only the first of them that streams have
/// is asked for: with all of them a line that another replica wrote would be missing.
pub const SERVICE: [&str; 7] = ["service_name", "service", "app", "application", "container", "job", "namespace"];
/// The longest text that is searched for, in characters.
const MAX_TEXT: usize = 120;

/// Whether a query gives log lines rather than numbers.
pub fn asks_for_lines(query: &str) -> bool {
    beginning(query).starts_with('{')
}

/// The stream selector a query begins with, `{app="shop"}`; `None` when it does not begin with one or it has no end.
pub fn selector(query: &str) -> Option<&str> {
    let query = beginning(query);
    let mut quote = None;
    let mut escaped = false;
    for (at, c) in query.char_indices() {
        match (quote, c) {
            _ if at == 0 && c != '{' => return None,
            (Some(_), _) if escaped => escaped = false,
            (Some('"'), '\\') => escaped = true,
            (Some(open), _) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '`') => quote = Some(c),
            (None, '}') => return Some(&query[..=at]),
            (None, _) => {}
        }
    }
    None
}

/// How many lines a minute a query for lines gives of those that contain a text, as a query for one number. It gives nothing where
/// there are none.
pub fn count_of(lines: &str, text: &str) -> String {
    let lines = lines.trim();
    // An operator behind it would count for the filter alone, and a comment would swallow it.
    let apart = if lines.contains(['#', '\n']) { '\n' } else { ' ' };
    let filter = if text.is_empty() { String::new() } else { format!("{apart}|= {}", quoted(text)) };
    format!("sum(count_over_time({lines}{filter}{apart}[1m]))")
}

/// What lines with these labels have in common that the same service writes; `None` where no label says which that is.
pub fn of_service(labels: &Labels) -> Option<String> {
    let (name, value) =
        SERVICE.iter().find_map(|name| Some((name, labels.get(name).filter(|value| !value.is_empty())?)))?;
    Some(format!("{{{name}={}}}", quoted(value)))
}

/// A text between quotes.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// The part of a line that others which say the same have as well: the longest stretch without what a logger fills in.
pub fn steady_part(line: &str) -> &str {
    // Two spaces may have been a line break, and the end of a long line was cut off.
    let parts = line.split(|c: char| c.is_ascii_digit() || c == '…').flat_map(|part| part.split("  "));
    let mut best = "";
    for part in parts {
        let part = part.trim();
        if part.chars().count() > best.chars().count() {
            best = part;
        }
    }
    match best.char_indices().nth(MAX_TEXT) {
        Some((end, _)) => best[..end].trim_end(),
        None => best,
    }
}

/// A query without what says nothing in front of it: space, comments, brackets.
fn beginning(query: &str) -> &str {
    let mut rest = query.trim_start();
    loop {
        let shorter = match rest.strip_prefix('#') {
            Some(comment) => comment.split_once('\n').map_or("", |(_, behind)| behind),
            None => rest.strip_prefix('(').unwrap_or(rest),
        };
        let shorter = shorter.trim_start();
        if shorter.len() == rest.len() {
            return rest;
        }
        rest = shorter;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_or_numbers() {
        for lines in [
            r#"{app="shop"}"#,
            " \n{app=\"shop\"} |= \"sum(\"",
            "({app=\"a\"} | json)",
            "# sum of it\n# once more\n  {a=\"b\"}",
            "{",
        ] {
            assert!(asks_for_lines(lines), "{lines}");
        }
        for numbers in [
            r#"sum(rate({app="shop"}[1m]))"#,
            r#"(count_over_time({a="b"}[5m]))"#,
            "# {a=\"b\"}\nrate({a=\"b\"}[1m])",
            "vector(1)",
            "1 + 1",
            "",
            "# {",
        ] {
            assert!(!asks_for_lines(numbers), "{numbers}");
        }
    }

    #[test]
    fn a_selector_ends_where_it_is_closed() {
        assert_eq!(selector(r#"{app="}", b=~`}"`} |= "x""#), Some(r#"{app="}", b=~`}"`}"#));
        assert_eq!(selector(r#" ({a="\"}"} | json)"#), Some(r#"{a="\"}"}"#));
        assert_eq!(selector(r#"{a="b""#), None);
        assert_eq!(selector("rate({a=\"b\"}[1m])"), None);
    }

    #[test]
    fn lines_are_counted() {
        let query = count_of(r#"{app="shop"} | json"#, r#"no "route" \d"#);
        assert_eq!(query, r#"sum(count_over_time({app="shop"} | json |= "no \"route\" \\d" [1m]))"#);
        assert_eq!(count_of("{a=\"b\"}", ""), "sum(count_over_time({a=\"b\"} [1m]))");
    }

    #[test]
    fn what_a_service_writes_is_found_by_its_most_telling_label() {
        let of = |pairs: &[(&str, &str)]| of_service(&Labels::of(pairs.iter().copied()));
        assert_eq!(
            of(&[("job", "k8s"), ("service", "ch\"eck"), ("pod", "x-1")]).as_deref(),
            Some(r#"{service="ch\"eck"}"#)
        );
        assert_eq!(of(&[("pod", "x-1"), ("app", "")]), None);
    }

    #[test]
    fn the_steady_part_of_a_line_has_no_numbers() {
        assert_eq!(steady_part("2026-11-22T03:05:00Z request 17 timed out after 30001 ms"), "timed out after");
        assert_eq!(steady_part("pool exhausted"), "pool exhausted");
        assert_eq!(steady_part(&"x".repeat(500)).len(), 120);
        assert_eq!(steady_part("12 34"), "");
    }
}
