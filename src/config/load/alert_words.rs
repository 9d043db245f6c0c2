//! The words of a team for its alerts: `severity_label`, `severities`, `states`, `always_firing`.

use std::collections::BTreeMap;

use toml::Spanned;

use crate::{
    base::toml::{Fields, fields::quoted, types::found},
    signal::{
        AlertState, AlertWords, Severity,
        alert_words::{Standing, plain},
    },
};

const SEVERITIES: [(&str, Severity); 4] = [
    ("critical", Severity::Critical),
    ("warning", Severity::Warning),
    ("info", Severity::Info),
    ("none", Severity::None),
];

const STATES: [(&str, Standing); 5] = [
    ("firing", Standing::In(AlertState::Firing)),
    ("pending", Standing::In(AlertState::Pending)),
    ("inhibited", Standing::In(AlertState::Inhibited)),
    ("silenced", Standing::In(AlertState::Silenced)),
    ("ok", Standing::Well),
];

/// Where the severity is, what its words mean, and which alerts fire on purpose.
pub(super) fn severities(fields: &mut Fields<'_>, words: &mut AlertWords) {
    words.severity_label = fields.line("severity_label").map(Spanned::into_inner).unwrap_or_default();
    words.severities = meanings(fields, "severities", "{ P2 = \"critical\" }", &SEVERITIES);
    let always = fields.lines("always_firing", "[\"Watchdog\"]").map(Spanned::into_inner);
    words.always_firing = always.into_iter().flatten().map(Spanned::into_inner).collect();
}

/// What words for where an alert stands mean.
pub(super) fn states(fields: &mut Fields<'_>, words: &mut AlertWords) {
    words.states = meanings(fields, "states", "{ investigating = \"firing\", parked = \"ok\" }", &STATES);
}

/// A table of words and what each means.
fn meanings<T: Copy>(
    fields: &mut Fields<'_>,
    key: &'static str,
    such_as: &str,
    meanings: &[(&str, T)],
) -> BTreeMap<String, T> {
    let Some((table, _)) = fields.table(key, &format!("a table such as {such_as}")) else { return BTreeMap::new() };
    let mut known = BTreeMap::new();
    for (word, meaning) in table {
        let said = meaning.get_ref().as_str();
        match meanings.iter().find(|(meaning, _)| Some(*meaning) == said) {
            Some((_, meaning)) => drop(known.insert(plain(word.get_ref()), *meaning)),
            None => {
                let all: Vec<_> = meanings.iter().map(|(meaning, _)| *meaning).collect();
                let found = said.map_or_else(|| found(meaning.get_ref()), quoted);
                let key = format!("{key}.{}", word.get_ref());
                fields.error(&meaning.span(), format!("`{key}`: expected one of {}, found {found}", all.join(", ")));
            }
        }
    }
    known
}
