//! What a series is called: by the legend's pattern, or by its labels.

use std::collections::BTreeMap;

/// The legend that leaves it to what tells series apart.
pub(super) const AUTO: &str = "__auto";

/// The name of a series; empty where its labels are to tell.
pub(super) fn name(labels: &BTreeMap<String, String>, pattern: Option<&str>, expr: &str) -> String {
    let legend = match pattern {
        Some(AUTO) if !labels.is_empty() => String::new(),
        Some(AUTO | "") | None => by_labels(labels),
        Some(pattern) => filled_in(pattern, labels),
    };
    if legend == "{}" { expr.to_owned() } else { legend }
}

/// `metric{a="b", c="d"}`.
fn by_labels(labels: &BTreeMap<String, String>) -> String {
    let metric = labels.get("__name__").map(String::as_str);
    let mut pairs: Vec<String> = labels
        .iter()
        .filter(|(name, _)| *name != "__name__")
        .map(|(name, value)| format!("{name}={}", serde_json::Value::from(value.as_str())))
        .collect();
    if pairs.is_empty() {
        return metric.unwrap_or("{}").to_owned();
    }
    pairs.sort_unstable();
    format!("{}{{{}}}", metric.unwrap_or_default(), pairs.join(", "))
}

/// A pattern with the labels that stand in double braces.
fn filled_in(pattern: &str, labels: &BTreeMap<String, String>) -> String {
    let (mut out, mut rest) = (String::new(), pattern);
    while let Some(begin) = rest.find("{{") {
        let inner = &rest[begin + 2..];
        let Some(end) = inner.find("}}").filter(|end| *end > 0) else { break };
        out.push_str(&rest[..begin]);
        out.push_str(labels.get(inner[..end].trim()).map_or("", String::as_str));
        rest = &inner[end + 2..];
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_series() {
        let labels = |pairs: &[(&str, &str)]| pairs.iter().map(|(a, b)| ((*a).into(), (*b).into())).collect();
        let up = labels(&[("__name__", "up"), ("job", "a\"b"), ("az", "1")]);
        assert_eq!(name(&up, None, "up"), "up{az=\"1\", job=\"a\\\"b\"}");
        assert_eq!(name(&up, Some("{{ job }}-{{none}}-{{az}}}"), "up"), "a\"b--1}");
        assert_eq!(name(&up, Some("__auto"), "up"), "");
        assert_eq!(name(&labels(&[]), Some("__auto"), "sum(up)"), "sum(up)");
        assert_eq!(name(&labels(&[]), None, "sum(up)"), "sum(up)");
        assert_eq!(name(&labels(&[]), Some("all {{x}}"), "sum(up)"), "all ");
    }
}
