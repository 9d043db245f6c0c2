//! Changes what the cells of columns are.

use serde_json::Value;

use super::{
    super::{
        frame::{Cell, Field, FieldKind, Frame},
        js,
        json::{at, list, text},
        matcher::{self, Matcher},
        naming::{self, Names},
    },
    Outcome, dates,
};

/// Converts the columns named in `conversions`; what cannot be converted becomes nothing.
pub fn convert_field_type(options: &Value, mut frames: Vec<Frame>) -> Outcome {
    for conversion in list(options, "conversions") {
        let Some(target) = text(conversion, "targetField").filter(|target| !target.is_empty()) else { continue };
        let format = text(conversion, "dateFormat").filter(|format| !format.is_empty());
        let kind = at(conversion, "destinationType").as_str();
        if matches!(kind, Some("enum")) {
            return None;
        }
        each(&Matcher::name(&target), &mut frames, |field| match kind.map(matcher::kind_of) {
            Some(FieldKind::Time) => to_time(field, format.as_deref()),
            Some(FieldKind::Number) => to_number(field),
            Some(FieldKind::Text) => to_text(field, format.as_deref().unwrap_or_default()),
            Some(FieldKind::Boolean) => {
                field.kind = FieldKind::Boolean;
                change(field, |cell| Cell::Boolean(is_something(cell)));
            }
            Some(FieldKind::Frame | FieldKind::Other) | None => {}
        });
    }
    Some(frames)
}

fn each(matcher: &Matcher, frames: &mut [Frame], mut change: impl FnMut(&mut Field)) {
    let names = Names::among(frames);
    for (at, frame) in frames.iter_mut().enumerate() {
        for column in 0..frame.fields.len() {
            if matcher.fits(&names, frame, at, column)
                && let Some(field) = frame.fields.get_mut(column)
            {
                change(field);
            }
        }
    }
}

fn change(field: &mut Field, new: impl Fn(&Cell) -> Cell) {
    for cell in &mut field.cells {
        *cell = new(cell);
    }
}

fn is_something(cell: &Cell) -> bool {
    match cell {
        Cell::Null => false,
        Cell::Number(value) => *value != 0.0 && !value.is_nan(),
        Cell::Text(text) => !text.is_empty(),
        Cell::Boolean(yes) => *yes,
        Cell::Frame(..) => true,
    }
}

fn to_time(field: &mut Field, format: Option<&str>) {
    let numbers = matches!(field.cells.first(), Some(Cell::Number(_)));
    let was_time = std::mem::replace(&mut field.kind, FieldKind::Time) == FieldKind::Time;
    let seconds = format == Some("X");
    if numbers && (was_time || !seconds) {
        return;
    }
    let first = field.cells.iter().find(|cell| **cell != Cell::Null).cloned();
    let scale = if seconds && matches!(first, Some(Cell::Number(_))) { 1000.0 } else { 1.0 };
    let iso = matches!(&first, Some(Cell::Text(text)) if is_iso(text));
    change(field, |cell| {
        let time = match cell {
            _ if !is_something(cell) => None,
            Cell::Text(text) if iso => text.parse::<jiff::Timestamp>().ok().map(|time| time.as_millisecond() as f64),
            Cell::Text(text) => dates::read(text, format),
            other => Some(js::as_number(other).trunc()),
        };
        time.filter(|time| time.is_finite()).map_or(Cell::Null, |time| Cell::Number(time * scale))
    });
}

/// Whether a text is a whole time with its offset from UTC.
fn is_iso(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.get(10) == Some(&b'T') && bytes.get(4) == Some(&b'-') && text.parse::<jiff::Timestamp>().is_ok()
}

fn to_number(field: &mut Field) {
    field.kind = FieldKind::Number;
    change(field, |cell| {
        let number = match cell {
            Cell::Text(text) if text.is_empty() => f64::NAN,
            Cell::Text(text) => js::to_number(&text.replace(',', "")),
            Cell::Null => f64::NAN,
            other => js::as_number(other),
        };
        if number.is_finite() { Cell::Number(number) } else { Cell::Null }
    });
}

fn to_text(field: &mut Field, format: &str) {
    let kind = std::mem::replace(&mut field.kind, FieldKind::Text);
    change(field, |cell| {
        let text = match (kind, cell) {
            (FieldKind::Time, cell) => dates::written(cell.number().unwrap_or(f64::NAN), format),
            (FieldKind::Text | FieldKind::Other, Cell::Text(text)) => Value::from(text.as_ref()).to_string(),
            (_, cell) => js::cell_text(cell),
        };
        Cell::Text(text.into())
    });
}

/// Writes a column of times by a format.
pub fn format_time(options: &Value, mut frames: Vec<Frame>) -> Vec<Frame> {
    let wanted = text(options, "timeField").unwrap_or_default();
    let format = text(options, "outputFormat").unwrap_or_default();
    naming::settle_all(&mut frames);
    for field in frames.iter_mut().flat_map(|frame| &mut frame.fields) {
        if field.shown_name.as_ref() == Some(&wanted) {
            to_text(field, &format);
        }
    }
    frames
}

/// Changes the letters of a column of texts.
pub fn format_string(options: &Value, mut frames: Vec<Frame>) -> Vec<Frame> {
    let target = text(options, "stringField").unwrap_or_default();
    let how = text(options, "outputFormat").unwrap_or_else(|| "Upper Case".to_owned());
    let place = |key: &str| match at(options, key) {
        Value::Null => None,
        place => Some(js::as_number(&matcher::cell(place)).clamp(0.0, 1e9) as usize),
    };
    let (start, end) = (place("substringStart"), place("substringEnd"));
    each(&Matcher::name(&target), &mut frames, |field| {
        field.kind = FieldKind::Text;
        change(field, |cell| match cell {
            Cell::Null => Cell::Null,
            other => {
                formatted(&js::cell_text(other), &how, start, end).map_or(Cell::Null, |text| Cell::Text(text.into()))
            }
        });
    });
    frames
}

fn formatted(text: &str, how: &str, start: Option<usize>, end: Option<usize>) -> Option<String> {
    let words = |glue: &str| text.split(' ').map(capitalized).collect::<Vec<_>>().join(glue);
    Some(match how {
        "Upper Case" => text.to_uppercase(),
        "Lower Case" => text.to_lowercase(),
        "Sentence Case" => first_changed(text, |first| first.to_uppercase().collect()),
        "Title Case" => words(" "),
        "Pascal Case" => words(""),
        "Camel Case" => first_changed(&words(""), |first| first.to_lowercase().collect()),
        "Snake Case" => text.to_lowercase().replace(' ', "_"),
        "Kebab Case" => text.to_lowercase().replace(' ', "-"),
        "Trim" => text.trim().to_owned(),
        "Substring" => {
            let len = text.chars().count();
            let (start, end) = (start.unwrap_or(0).min(len), end.unwrap_or(len).min(len));
            text.chars().skip(start.min(end)).take(start.abs_diff(end)).collect()
        }
        _ => return None,
    })
}

fn capitalized(word: &str) -> String {
    first_changed(&word.to_lowercase(), |first| first.to_uppercase().collect())
}

fn first_changed(text: &str, change: impl Fn(char) -> String) -> String {
    let mut rest = text.chars();
    rest.next().map_or_else(String::new, |first| change(first) + rest.as_str())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::check;

    #[test]
    fn cells_are_converted() {
        check::all(&[
            (
                "convertFieldType",
                "table",
                json!({"conversions": [{"targetField": "cpu", "destinationType": "string"}, {"targetField": "pod", "destinationType": "boolean"}, {"targetField": "ns", "destinationType": "number"}]}),
                "A> pod:b true,true,true,false | ns:n -,-,-,- | cpu:s 1,2,3.5,0 | mem:n 10,NaN,30,40",
            ),
            (
                "convertFieldType",
                "table",
                json!({"conversions": [{"targetField": "cpu", "destinationType": "time", "dateFormat": "X"}]}),
                "A> pod:s a,b,a,- | ns:s x,x,y,y | cpu:t 1000,2000,3000,- | mem:n 10,NaN,30,40",
            ),
            (
                "formatTime",
                "series",
                json!({"timeField": "Time", "outputFormat": "HH:mm:ss.SSS"}),
                "A> Time:s 00:00:01.000,00:00:02.000,00:00:03.000 | a:n 1,2,- // B> Time:s 00:00:02.000,00:00:03.000 | b:n 5,NaN",
            ),
            (
                "formatString",
                "table",
                json!({"stringField": "ns", "outputFormat": "Upper Case"}),
                "A> pod:s a,b,a,- | ns:s X,X,Y,Y | cpu:n 1,2,3.5,0 | mem:n 10,NaN,30,40",
            ),
        ]);
    }
}
