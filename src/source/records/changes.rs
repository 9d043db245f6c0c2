//! Records as changes.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::{super::times, first, skipped, text, web};
use crate::signal::{Change, ChangeKind, Fault, FaultKind};

/// Most changes.
const MAX_CHANGES: usize = 500;

/// Records as changes; those without a title or a time are left out.
#[derive(Default)]
pub(super) struct ChangesReader {
    changes: Vec<Change>,
    /// How many records there are.
    found: usize,
    /// How many of them are left out.
    skipped: usize,
}

impl ChangesReader {
    pub(super) fn add(&mut self, record: &Value) {
        self.found += 1;
        match record.as_object().and_then(change) {
            Some(change) => self.changes.push(change),
            None => self.skipped += 1,
        }
        if self.changes.len() >= 4 * MAX_CHANGES {
            self.keep_the_newest();
        }
    }

    /// The newest first.
    pub(super) fn read(mut self, warnings: &mut Vec<String>) -> Result<Vec<Change>, Fault> {
        let Self { found, skipped: left_out, .. } = self;
        if left_out == found && found > 0 {
            return Err(Fault::new(FaultKind::Malformed, format!("none of {found} records has both `title` and `at`")));
        }
        skipped(left_out, "without `title` or `at`", warnings);
        self.keep_the_newest();
        Ok(self.changes)
    }

    /// Of those that are the same one, the newest.
    fn keep_the_newest(&mut self) {
        self.changes.sort_by(|a, b| (b.at, &b.id).cmp(&(a.at, &a.id)));
        let mut known = HashSet::new();
        self.changes.retain(|change| known.insert(change.id.clone()));
        self.changes.truncate(MAX_CHANGES);
    }
}

fn change(fields: &Map<String, Value>) -> Option<Change> {
    let at = first(fields, &["at", "time", "finished_at", "deployed_at", "created_at"]).and_then(times::of_value)?;
    let service = text(fields, &["service", "app"]);
    let version = text(fields, &["version", "revision", "tag"]);
    let made_up = || Some(format!("{} {}", service.as_deref()?, version.as_deref()?));
    let title = text(fields, &["title", "name", "text", "summary"]).or_else(made_up)?;
    Some(Change {
        id: text(fields, &["id"]).unwrap_or_else(|| format!("{title} {at}")),
        kind: ChangeKind::parse(&text(fields, &["kind", "type"]).unwrap_or_default()),
        who: text(fields, &["who", "by", "user", "author"]),
        undo: text(fields, &["undo"]),
        url: web(fields, &["url", "link"]),
        title,
        service,
        version,
        at,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{config::Shape, signal::Data, source::records::tests::data};

    #[test]
    fn changes_newest_first() {
        let (data, warnings) = data(
            r#"[{"id":"1","title":"checkout v1","at":"2026-11-22T13:00:00Z","kind":"flag","undo":"flip it"},
                {"service":"checkout","version":"v2","finished_at":1795356000,"by":"ann"},
                {"title":"undated"}]"#,
            Shape::Changes,
        );
        let Data::Changes(changes) = data else { panic!("{data:?}") };
        assert_eq!(warnings, ["left out 1 records without `title` or `at`"]);
        let told: Vec<_> =
            changes.iter().map(|c| (c.title.as_str(), c.kind, c.who.as_deref(), c.undo.as_deref())).collect();
        assert_eq!(
            told,
            [
                ("checkout v2", ChangeKind::Deploy, Some("ann"), None),
                ("checkout v1", ChangeKind::Flag, None, Some("flip it")),
            ]
        );
    }
}
