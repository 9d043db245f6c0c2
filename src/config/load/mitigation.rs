//! `[[mitigation]]`: a command of the team's own that may stop the bleeding.

use std::time::Duration;

use toml::Spanned;

use super::{Place, source::run};
use crate::{base::toml::Fields, config::Command, incident::MitigationKind};

const KINDS: [(&str, MitigationKind); 8] = [
    ("rollback", MitigationKind::Rollback),
    ("flag_off", MitigationKind::FlagOff),
    ("failover", MitigationKind::Failover),
    ("drain", MitigationKind::Drain),
    ("scale", MitigationKind::Scale),
    ("shed", MitigationKind::Shed),
    ("restart", MitigationKind::Restart),
    ("other", MitigationKind::Other),
];

/// Reads one `[[mitigation]]`; answers its name too.
pub(super) fn mitigation(mut fields: Fields<'_>, place: &Place<'_>) -> (Command, Option<Spanned<String>>) {
    let name = fields.line("name");
    match &name {
        Some(name) => fields.named(name.get_ref()),
        None if !fields.has("name") => fields.missing("name", "the name to type before it runs"),
        None => {}
    }
    let title = name.as_ref().map(|name| name.get_ref().clone()).unwrap_or_default();
    let text = fields.line("text").map(Spanned::into_inner);
    let kind = fields.word("kind", &KINDS).map(Spanned::into_inner);
    let said = format!("{title} {}", text.as_deref().unwrap_or_default());
    let reversible = fields.boolean("reversible");
    let by_kind = || kind.map_or_else(|| MitigationKind::reversible_by_words(&said), |kind| Some(kind.is_reversible()));
    let command = Command {
        kind: kind.unwrap_or_else(|| MitigationKind::guess(&said)),
        reversible: reversible.or_else(by_kind),
        text: text.clone().unwrap_or_else(|| title.clone()),
        argv: run(&mut fields, place),
        timeout: fields
            .duration("timeout", Duration::from_secs(1), Duration::from_secs(86_400))
            .unwrap_or(Duration::from_secs(300)),
        name: title,
    };
    fields.finish(&[]);
    (command, name)
}
