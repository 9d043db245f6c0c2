//! Records as changes.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::{misread::Misread, skipped, text, web};
use crate::signal::{Change, ChangeKind, Fault, FaultKind};

/// Most changes.
const MAX_CHANGES: usize = 500;

/// Records as changes; those without a title or a time are left out.
pub(super) struct ChangesReader {
    now: Timestamp,
    changes: Vec<Change>,
    /// How many records there are.
    found: usize,
    /// How many of them are left out because they lack something.
    skipped: usize,
    /// How many are the same as a newer one.
    repeated: usize,
    misread: Misread,
}

impl ChangesReader {
    pub(super) fn new(now: Timestamp) -> Self {
        Self { now, changes: Vec::new(), found: 0, skipped: 0, repeated: 0, misread: Misread::default() }
    }

    pub(super) fn add(&mut self, record: &Value) {
        self.found += 1;
        let misread = self.misread.count();
        match record.as_object().and_then(|fields| change(fields, self.now, &mut self.misread)) {
            Some(change) => self.changes.push(change),
            None if self.misread.count() > misread => {}
            None => self.skipped += 1,
        }
        if self.changes.len() >= 4 * MAX_CHANGES {
            self.keep_the_newest();
        }
    }

    /// The newest first.
    pub(super) fn read(mut self, warnings: &mut Vec<String>) -> Result<Vec<Change>, Fault> {
        let Self { found, skipped: lacking, .. } = self;
        let misread = self.misread.words();
        if self.changes.is_empty() && found > 0 {
            let why = misread.unwrap_or_else(|| format!("none of {found} records has both `title` and `at`"));
            return Err(Fault::new(FaultKind::Malformed, why));
        }
        skipped(lacking, "without `title` or `at`", warnings);
        if let Some(misread) = misread {
            skipped(self.misread.count(), &format!("because {misread}"), warnings);
        }
        self.keep_the_newest();
        let told = found - lacking - self.misread.count() - self.repeated;
        if told > self.changes.len() {
            warnings.push(format!("showing the newest {} of {told} changes", self.changes.len()));
        }
        tell_apart(&mut self.changes);
        Ok(self.changes)
    }

    /// Of those that are the same one, the newest.
    fn keep_the_newest(&mut self) {
        self.changes.sort_by(|a, b| (b.at, &b.id).cmp(&(a.at, &a.id)));
        let (mut known, before) = (HashSet::new(), self.changes.len());
        self.changes.retain(|change| known.insert(identity(change)));
        self.repeated += before - self.changes.len();
        self.changes.truncate(MAX_CHANGES);
    }
}

/// What makes two records the same change. Many tools count anew for each service.
fn identity(change: &Change) -> (String, &'static str, String) {
    (change.id.clone(), change.kind.word(), change.service.as_ref().unwrap_or(&change.title).clone())
}

/// Gives changes that have one id, and are not the same, an id each.
fn tell_apart(changes: &mut [Change]) {
    let mut of_id = HashMap::<String, usize>::new();
    changes.iter().for_each(|change| *of_id.entry(change.id.clone()).or_default() += 1);
    for change in changes {
        if of_id.get(&change.id).is_some_and(|count| *count > 1) {
            let (id, kind, of) = identity(change);
            change.id = format!("{id} {kind} {of}");
        }
    }
}

fn change(fields: &Map<String, Value>, now: Timestamp, misread: &mut Misread) -> Option<Change> {
    let service = text(fields, &["service", "app"]);
    let version = text(fields, &["version", "revision", "tag"]);
    let made_up = || Some(format!("{} {}", service.as_deref()?, version.as_deref()?));
    let title = text(fields, &["title", "name", "text", "summary"]).or_else(made_up)?;
    let at = misread.time(fields, &["at", "time", "finished_at", "deployed_at", "created_at"], now)?;
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
    use crate::{
        config::Shape,
        signal::Data,
        source::records::tests::{data, read_at},
    };

    #[test]
    fn changes_newest_first() {
        let (data, warnings) = data(
            r#"[{"id":"1","title":"checkout v1","at":"2026-11-22T13:00:00Z","kind":"flag","undo":"flip it"},
                {"service":"checkout","version":"v2","finished_at":1795356000,"by":"ann"},
                {"title":"undated"}]"#,
            Shape::Changes,
        );
        let Data::Changes(changes) = data else { panic!("{data:?}") };
        assert_eq!(warnings, ["left out 1 record without `title` or `at`"]);
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

    fn changes(json: &str) -> (Vec<(String, String)>, Vec<String>) {
        let (data, warnings) = data(json, Shape::Changes);
        let Data::Changes(changes) = data else { panic!("{data:?}") };
        (changes.into_iter().map(|change| (change.id, change.title)).collect(), warnings)
    }

    #[test]
    fn one_id_of_several_services_is_several_changes() {
        let (told, warnings) = changes(
            r#"[{"id":1,"service":"a","title":"a v1","at":1795356003},{"id":1,"service":"b","title":"b v1","at":1795356002},
                {"id":1,"title":"c v1","at":1795356001},{"id":1,"title":"d v1","at":1795356000},{"id":2,"title":"e","at":1795355000}]"#,
        );
        let titles: Vec<&str> = told.iter().map(|(_, title)| title.as_str()).collect();
        assert_eq!((titles, warnings.len()), (vec!["a v1", "b v1", "c v1", "d v1", "e"], 0));
        let ids: HashSet<&str> = told.iter().map(|(id, _)| id.as_str()).collect();
        assert_eq!((ids.len(), ids.contains("2")), (5, true), "{ids:?}");
    }

    #[test]
    fn the_newest_word_on_a_change_counts() {
        let (told, _) = changes(
            r#"[{"id":1,"service":"a","title":"a v1 begun","at":1795356000},{"id":1,"service":"a","title":"a v1 done","at":1795356009}]"#,
        );
        assert_eq!(told, [("1".to_owned(), "a v1 done".to_owned())]);
    }

    #[test]
    fn times_that_are_not_understood_are_quoted() {
        let (told, warnings) = changes(
            r#"[{"title":"a","at":"2026-11-22 13:00:00 +0000 UTC"},{"title":"b","at":"yesterday"},{"title":"c","at":"at noon"}]"#,
        );
        assert_eq!(told.len(), 1);
        assert_eq!(warnings, ["left out 2 records because 2 times are not understood, such as “yesterday”"]);
        let fault = read_at(r#"[{"title":"b","at":"yesterday"}]"#, Shape::Changes, "2026-11-22T14:00:00Z");
        assert_eq!(fault.expect_err("no time").detail, "a time is not understood: “yesterday”");
    }

    #[test]
    fn of_very_many_it_is_said_how_many_there_are() {
        let all = (0..MAX_CHANGES * 5).map(|n| format!(r#"{{"title":"t{n}","at":{}}}"#, 1_795_000_000 + n));
        let (told, warnings) = changes(&format!("[{}]", all.collect::<Vec<_>>().join(",")));
        assert_eq!(told.len(), MAX_CHANGES);
        assert_eq!(warnings, ["showing the newest 500 of 2500 changes"]);
    }
}
