//! The heatmap of the Angular days: where its buckets come from, and the unit of its axis.

use serde_json::{Value, json};

use super::{
    super::json::{at, text},
    put,
};

/// Options as a heatmap of today has them, where there are none yet.
pub(super) fn upgrade(panel: &mut Value) {
    if at(panel, "options").get("calculate").is_some() || panel.get("dataFormat").is_none() {
        return;
    }
    let axis = at(panel, "yAxis");
    let bound = match at(panel, "yBucketBound").as_str() {
        Some("lower") => "ge",
        Some("upper") => "le",
        _ => "auto",
    };
    let options = json!({
        "calculate": text(panel, "dataFormat").as_deref() != Some("tsbuckets"),
        "yAxis": {"unit": at(axis, "format"), "decimals": at(axis, "decimals")},
        "rowsFrame": {"layout": bound},
    });
    put(panel, "options", options);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_and_the_unit_are_taken_over() {
        let mut old =
            json!({"dataFormat": "tsbuckets", "yAxis": {"format": "s", "decimals": 1}, "yBucketBound": "lower"});
        upgrade(&mut old);
        let options = json!({"calculate": false, "yAxis": {"unit": "s", "decimals": 1}, "rowsFrame": {"layout": "ge"}});
        assert_eq!(at(&old, "options"), &options);
        let mut new = json!({"options": {"calculate": true}, "dataFormat": "tsbuckets"});
        upgrade(&mut new);
        assert_eq!(at(&new, "options"), &json!({"calculate": true}));
    }
}
