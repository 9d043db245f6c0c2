//! What a query is resolved with before it is asked: the stretch of time, how close its points are, the values of
//! variables.
//!
//! One way for all three, so that a pan, a zoom and a variable are the same kind of change.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use crate::signal::Window;

/// Columns that a chart is taken to have, however wide the terminal is: when that changes, nothing is asked anew.
const ASSUMED_COLUMNS: u64 = 180;
/// Points that fit into a column: a letter has two dots side by side.
const POINTS_A_COLUMN: u64 = 2;

/// What the panes show, as far as it changes what is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryContext {
    /// The stretch of time.
    pub window: Window,
    /// Seconds from one point to the next.
    pub step: u64,
    /// Values by name, without the `$`.
    pub variables: Arc<BTreeMap<String, String>>,
}

impl QueryContext {
    /// A window, without variables.
    pub fn of(window: Window) -> Self {
        Self { window, step: step_for(window.span), variables: Arc::default() }
    }

    /// The same for another window, variables included.
    #[must_use]
    pub fn over(&self, window: Window) -> Self {
        Self { window, step: step_for(window.span), ..self.clone() }
    }

    /// The same with more variables; one of a name that is there takes its place.
    #[must_use]
    pub fn with<'a>(mut self, variables: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let more = variables.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
        Arc::make_mut(&mut self.variables).extend(more);
        self
    }
}

/// A text with the values of the variables it names, as `$name` or `${name}`. A name that has no value stays as it is,
/// and what a value holds is not looked at again.
pub fn resolve(text: &str, context: &QueryContext) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let (name, length) = named(&rest[1..]).map_or(("", 1), |(name, length)| (name, 1 + length));
        out.push_str(context.variables.get(name).map_or(&rest[..length], String::as_str));
        rest = &rest[length..];
    }
    out + rest
}

/// The name at the beginning of a text, and how many bytes it takes there: `name` or `{name}`.
fn named(text: &str) -> Option<(&str, usize)> {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let name = |text: &'_ str| text.bytes().take_while(|byte| is_part(byte)).count();
    match text.strip_prefix('{') {
        Some(inner) => {
            let length = name(inner);
            inner[length..].starts_with('}').then(|| (&inner[..length], length + 2))
        }
        None => {
            let length = name(text);
            let is_name = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
            is_name.then(|| (&text[..length], length))
        }
    }
}

/// The finest step people use that gives no more points than fit into the width.
fn step_for(span: Duration) -> u64 {
    const STEPS: [u64; 20] =
        [1, 2, 3, 5, 10, 15, 20, 30, 60, 120, 180, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400];
    let least = span.as_secs().div_ceil(ASSUMED_COLUMNS * POINTS_A_COLUMN).max(1);
    STEPS.into_iter().find(|step| *step >= least).unwrap_or_else(|| least.next_multiple_of(86_400))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Window = Window::live(Duration::from_secs(3600));

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let context = QueryContext::of(HOUR).with([("job", "shop|db"), ("job2", "$job"), ("__interval", "30s")]);
        assert_eq!(resolve(text, &context), expected);
    }

    #[test]
    fn variables_take_the_place_of_their_names() {
        check("up", "up");
        check(r#"up{job=~"$job"}"#, r#"up{job=~"shop|db"}"#);
        check("${job}x $jobx", "shop|dbx $jobx");
        check("rate(up[$__interval])", "rate(up[30s])");
        check("$job2", "$job");
        check("$job$job", "shop|dbshop|db");
    }

    #[test]
    fn what_is_no_variable_stays() {
        for text in
            ["$", "$$", "a$", "${", "${}", "${job", "${job:csv}", "$1", "label_replace(x, \"$1\")", "[[job]]", "ü$ü"]
        {
            check(text, text);
        }
    }

    #[test]
    fn never_more_points_than_fit() {
        for minutes in 1..100_000_u64 {
            let span = Duration::from_secs(minutes * 60);
            assert!(span.as_secs() / step_for(span) <= 360, "{minutes} min");
        }
    }

    #[test]
    fn another_window_is_asked_with_the_same_variables() {
        let hour = QueryContext::of(HOUR).with([("job", "shop")]);
        let half = hour.over(Window::live(Duration::from_secs(1800)));
        assert_eq!((half.step, &half.variables), (5, &hour.variables));
    }
}
