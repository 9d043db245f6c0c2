//! The variables of a column, such as `${__field.labels.pod}`, in the name it is to be shown by.

use std::sync::LazyLock;

use fancy_regex::{Captures, Regex};

use super::{
    frame::{Cell, Field, Frame},
    js, naming,
};

/// Every way to write a variable: `$name`, `[[name:format]]`, `${name.path:format}`.
static VARIABLE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"\$(\w+)|\[\[(\w+?)(?::(\w+))?\]\]|\$\{(\w+)((?:\.[^:^{}\[\]]+|\["[^"]*"\]|\['[^']*'\]|\[[^\]"']*\])*)(?::([^}]+))?\}"#,
    )
    .ok()
});

/// Old ways to write a cell of the row.
static OLD_CELL: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\$\{__cell_(\d+)(.*?)\}|\[\[__cell_(\d+)(.*?)\]\]|\$__cell_(\d+)(\S*)").ok());

/// Fills in the variables `known` has a value for; all other text goes through `rest`, which knows those of dashboards.
///
/// `known` gets the name of a variable and the path behind it.
pub fn interpolate(
    text: &str,
    rest: &dyn Fn(&str) -> String,
    mut known: impl FnMut(&str, &[String]) -> Option<String>,
) -> String {
    let Some(variable) = VARIABLE.as_ref().filter(|_| text.contains("__")) else { return rest(text) };
    let (mut out, mut from, mut open) = (String::new(), 0, 0);
    while let Ok(Some(found)) = variable.captures_from_pos(text, from) {
        let Some(whole) = found.get(0).filter(|whole| whole.end() > from) else { break };
        from = whole.end();
        let path = path_of(found.get(5).map_or("", |path| path.as_str()));
        let name = found.get(1).or_else(|| found.get(2)).or_else(|| found.get(4)).map_or("", |name| name.as_str());
        if let Some(value) = known(name, &path) {
            out += &rest(text.get(open..whole.start()).unwrap_or_default());
            out += &value;
            open = whole.end();
        }
    }
    out + &rest(text.get(open..).unwrap_or_default())
}

/// Writes old names of a row's cells, `$__cell_0`, as they are written today: `${__data.fields[0]}`.
pub fn with_new_cells(text: &str) -> String {
    match OLD_CELL.as_ref() {
        Some(old) if text.contains("__cell_") => old
            .replace_all(text, |found: &Captures<'_, str>| {
                let part = |places: [usize; 3]| {
                    places.iter().find_map(|at| found.get(*at)).map_or(String::new(), |part| part.as_str().to_owned())
                };
                format!("${{__data.fields[{}]{}}}", part([1, 3, 5]), part([2, 4, 6]))
            })
            .into_owned(),
        _ => text.to_owned(),
    }
}

/// What `${__field…}` and `${__series…}` stand for; `None` where they stand for nothing.
///
/// `names` are those among all frames, `at` is where the frame stands among them and the column in it.
pub fn of_field(
    names: &naming::Names,
    frame: &mut Frame,
    at: (usize, usize),
    (name, path): (&str, &[String]),
) -> Option<String> {
    let (frame_at, column) = at;
    match (name, path) {
        ("__series", [what]) if what == "name" => Some(naming::frame_name(frame, Some(frame_at))),
        ("__field", [what]) if what == "displayName" => Some(names.of(frame_at, column, frame.fields.get_mut(column)?)),
        ("__field", [_, ..]) => Some(plain(frame.fields.get(column)?, path)),
        _ => None,
    }
}

fn plain(field: &Field, path: &[String]) -> String {
    let mut path = path.iter().map(String::as_str);
    match (path.next(), path.next(), path.next()) {
        (Some("name"), None, _) => field.name.clone(),
        (Some("labels" | "formattedLabels"), None, _) => naming::plain_labels(&field.labels),
        (Some("labels" | "formattedLabels"), Some("__values"), None) => {
            let mut values: Vec<&str> = field.labels.values().map(String::as_str).collect();
            values.sort_unstable();
            values.join(", ")
        }
        (Some("labels" | "formattedLabels"), Some(label), None) => field.labels.get(label).cloned().unwrap_or_default(),
        _ => String::new(),
    }
}

/// Which part of a cell as it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// All, with the unit.
    Whole,
    /// The text without prefix and suffix.
    Text,
}

/// Writes a cell as its field shows it.
pub type Show<'s> = dyn Fn(&Field, &Cell, Part) -> String + 's;

/// What `${__data…}` and `${__value…}` stand for in a row; `None` where they stand for nothing.
pub fn of_row(
    frame: &Frame,
    column: usize,
    row: usize,
    show: &Show<'_>,
    (name, path): (&str, &[String]),
) -> Option<String> {
    let cell = |field: &Field, how: Option<&str>| {
        let cell = field.cells.get(row).unwrap_or(&Cell::Null);
        match how {
            Some("numeric") if *cell == Cell::Null => js::number_text(f64::NAN),
            Some("numeric") => js::number_text(js::as_number(cell)),
            Some("raw") => js::cell_or_empty(cell),
            Some("text") if name == "__data" => show(field, cell, Part::Text),
            _ => show(field, cell, Part::Whole),
        }
    };
    let mut parts = path.iter().map(String::as_str);
    match (name, parts.next(), parts.next()) {
        ("__value", how, None) => Some(cell(frame.fields.get(column)?, how)),
        ("__data", Some("name"), None) => Some(frame.name.clone().unwrap_or_default()),
        ("__data", Some("refId"), None) => Some(frame.ref_id.clone().unwrap_or_default()),
        ("__data", Some("fields"), Some(wanted)) => {
            let fields = &frame.fields;
            let field = fields
                .iter()
                .find(|field| field.name == wanted)
                .or_else(|| fields.get(wanted.parse::<usize>().ok()?))
                .or_else(|| fields.iter().find(|field| field.config.display_name.as_deref() == Some(wanted)))
                .or_else(|| fields.iter().find(|field| field.labels.get("name").is_some_and(|name| name == wanted)));
            Some(field.map_or(String::new(), |field| cell(field, parts.next())))
        }
        ("__data", Some(_), _) => Some(String::new()),
        _ => None,
    }
}

/// The steps of a path: `.labels["a.b"][0]`.
fn path_of(written: &str) -> Vec<String> {
    let mut steps = Vec::new();
    let mut rest = written;
    while let Some(first) = rest.chars().next() {
        let (step, behind) = if first == '[' {
            let inner = rest.get(1..).unwrap_or_default();
            match inner.chars().next() {
                Some(quote @ ('"' | '\'')) => inner.get(1..).unwrap_or_default().split_once(&format!("{quote}]")[..]),
                _ => inner.split_once(']'),
            }
            .unwrap_or((inner, ""))
        } else {
            let inner = rest.strip_prefix('.').unwrap_or(rest);
            inner.split_at(inner.find(['.', '[']).unwrap_or(inner.len()))
        };
        steps.push(step.to_owned());
        rest = behind;
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frames() -> Vec<Frame> {
        let field = Field {
            name: "Value".to_owned(),
            labels: [("pod", "p$ns"), ("a.b", "c")].map(|(k, v)| (k.to_owned(), v.to_owned())).into(),
            cells: vec![Cell::Number(1.5)],
            ..Field::default()
        };
        vec![Frame { name: Some("n".to_owned()), fields: vec![field], ..Frame::default() }]
    }

    #[test]
    fn variables_of_a_field_are_filled_in() {
        let rest = |text: &str| text.replace("$ns", "prod");
        for (text, expected) in [
            ("${__field.labels.pod} in $ns", "p$ns in prod"),
            (r#"${__field.labels["a.b"]}"#, "c"),
            ("${__field.labels.none}-${__field.name}", "-Value"),
            ("${__field.labels}", r#"a.b="c", pod="p$ns""#),
            ("${__field.labels.__values}", "c, p$ns"),
            ("${__series.name} $__field ${__other.x}", "n $__field ${__other.x}"),
            ("${__field.displayName}", r#"{a.b="c", pod="p$ns"}"#),
        ] {
            let mut frames = frames();
            let names = naming::Names::among(&frames);
            let known = |name: &str, path: &[String]| of_field(&names, &mut frames[0], (0, 0), (name, path));
            assert_eq!(interpolate(text, &rest, known), expected);
        }
    }

    #[test]
    fn cells_of_a_row_are_filled_in() {
        let frames = frames();
        let show = |_: &Field, cell: &Cell, _: Part| format!("<{}>", js::cell_text(cell));
        for (text, expected) in [
            ("$__cell_0", "<1.5>"),
            ("${__cell_0}", "<1.5>"),
            ("${__data.fields[0].numeric} ${__data.fields.Value} ${__data.name}", "1.5 <1.5> n"),
            ("${__value.raw} ${__data.fields[9]}", "1.5 "),
        ] {
            let text = with_new_cells(text);
            let known = |name: &str, path: &[String]| of_row(&frames[0], 0, 0, &show, (name, path));
            assert_eq!(interpolate(&text, &str::to_owned, known), expected);
        }
    }
}
