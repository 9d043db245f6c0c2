//! Names that must be there, and names that must not be there twice.

use std::collections::HashMap;

use toml::Spanned;

use super::source::Declared;
use crate::{
    base::toml::{Diagnostics, fields::quoted},
    config::kinds::AlertOrigin,
};

/// Reports every name that an earlier one of the same kind has.
pub(super) fn unique<'n>(what: &str, names: impl IntoIterator<Item = &'n Spanned<String>>, to: &Diagnostics<'_>) {
    let mut seen: HashMap<&str, &Spanned<String>> = HashMap::new();
    for name in names {
        match seen.get(name.get_ref().as_str()) {
            Some(first) => {
                let first = to.line_of(&first.span());
                to.error(
                    &name.span(),
                    format!("two {what} are called {}; the other is on {first}", quoted(name.get_ref())),
                );
            }
            None => drop(seen.insert(name.get_ref(), name)),
        }
    }
}

/// The sources a file declares, for looking up names.
pub(super) struct Sources<'a> {
    pub declared: &'a [Declared],
    pub to: &'a Diagnostics<'a>,
}

impl<'a> Sources<'a> {
    /// The source of this name; reports one that is not there. `by` is who names it.
    pub fn find(&self, name: &Spanned<String>, by: &str) -> Option<&'a Declared> {
        let is_it = |one: &&Declared| one.name.as_ref().is_some_and(|known| known.get_ref() == name.get_ref());
        let found = self.declared.iter().find(is_it);
        if found.is_none() {
            let names = self.declared.iter().filter_map(|one| one.name.as_ref());
            let mut known: Vec<&str> = names.map(|name| name.get_ref().as_str()).collect();
            known.dedup();
            let hint = self.to.did_you_mean(name.get_ref(), &known);
            let known = match known.len() {
                0 => "there are no sources".to_owned(),
                1..=12 => format!("sources: {}", known.join(", ")),
                more => format!("there are {more} sources"),
            };
            let message =
                format!("{by} names the source {}, which does not exist{hint} ({known})", quoted(name.get_ref()));
            self.to.error(&name.span(), message);
        }
        found
    }

    /// The only source there is.
    pub fn only(&self) -> Option<&'a Declared> {
        match self.declared {
            [one] => Some(one),
            _ => None,
        }
    }

    /// Checks each `behind`: the source is there, and is another one.
    pub fn check_behind(&self) {
        for one in self.declared {
            let Some(behind) = &one.behind else { continue };
            let by =
                one.name.as_ref().map_or("a source".to_owned(), |name| format!("`behind` of `{}`", name.get_ref()));
            let Some(found) = self.find(behind, &by) else { continue };
            if std::ptr::eq(found, one) {
                self.to
                    .error(&behind.span(), format!("{by} names itself; expected the source it gets its alerts from"));
            } else if let Some(kind) = one.kind.filter(|kind| kind.alerts == AlertOrigin::Evaluated) {
                let message = format!(
                    "{by}: a {} source makes its alerts itself; `behind` is for those that pass alerts on",
                    kind.name
                );
                self.to.error(&behind.span(), message);
            }
        }
    }
}
