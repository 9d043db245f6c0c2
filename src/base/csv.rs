//! Columns of numbers over time as CSV: a first line of names, then a line for each time.
//!
//! Quotes go by RFC 4180. What is wrong is said with line and column (the field, and where in the line it begins).

use std::{borrow::Cow, fmt};

/// A table of numbers over time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// The names of the columns behind the time, byte for byte.
    pub names: Vec<String>,
    /// The times, in milliseconds since the Unix epoch, in the order of the lines.
    pub times: Vec<i64>,
    /// Of each column the place of a time in `times`, and the number; a gap is left out.
    pub columns: Vec<Vec<(u32, f64)>>,
}

/// What cannot be read, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Counted from 1.
    pub line: usize,
    /// The character of the line, counted from 1.
    pub column: usize,
    /// What is wrong, and what is wanted.
    pub what: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.what)
    }
}

/// Reads a table, the first column of which is called `time` and holds seconds since the Unix epoch.
pub fn read(text: &str) -> Result<Table, Mistake> {
    let mut reader = Reader { rest: text.strip_prefix('\u{feff}').unwrap_or(text), line: 1, column: 1 };
    let mut table = Table::default();
    let mut field = reader.field()?;
    if field.text.trim() != "time" {
        let what = format!("the first column must be called `time`, and is called `{}`", shown(&field.text));
        return Err(field.mistake(what));
    }
    while !field.is_last {
        field = reader.field()?;
        table.names.push(field.text.clone().into_owned());
    }
    table.columns.resize_with(table.names.len(), Vec::new);
    while !reader.rest.is_empty() {
        let mut field = reader.field()?;
        if field.is_last && field.text.is_empty() {
            continue;
        }
        let row = u32::try_from(table.times.len()).map_err(|_| field.mistake("there are too many lines"))?;
        table.times.push(field.milliseconds()?);
        for column in &mut table.columns {
            if field.is_last {
                return Err(field.mistake(format!("the line ends here; {} names stand above", table.names.len())));
            }
            field = reader.field()?;
            column.extend(field.number()?.map(|number| (row, number)));
        }
        if !field.is_last {
            let what = format!("a field too many; {} names stand above, and a time", table.names.len());
            return Err(reader.field()?.mistake(what));
        }
    }
    Ok(table)
}

/// The start of a text, for a message.
fn shown(text: &str) -> String {
    text.chars().take(40).collect()
}

/// A field, and where it begins.
struct Field<'a> {
    text: Cow<'a, str>,
    line: usize,
    column: usize,
    /// Whether its line ends behind it.
    is_last: bool,
}

impl Field<'_> {
    fn mistake(&self, what: impl Into<String>) -> Mistake {
        Mistake { line: self.line, column: self.column, what: what.into() }
    }

    /// A number; `None` where nothing stands, or what stands is no number by name.
    fn number(&self) -> Result<Option<f64>, Mistake> {
        match self.text.trim() {
            "" => Ok(None),
            text => match text.parse::<f64>() {
                Ok(number) => Ok(number.is_finite().then_some(number)),
                Err(_) => Err(self.mistake(format!("`{}` is no number; a gap is an empty field", shown(text)))),
            },
        }
    }

    fn milliseconds(&self) -> Result<i64, Mistake> {
        /// The year 9999: what is later was given in another unit.
        const LATEST: f64 = 253_402_300_799.0;
        let text = self.text.trim();
        match text.parse::<f64>() {
            Ok(seconds) if seconds.abs() <= LATEST => Ok((seconds * 1000.0).round() as i64),
            Ok(_) => Err(self.mistake(format!("the time `{}` is not in seconds since 1970", shown(text)))),
            Err(_) => Err(self.mistake(format!("`{}` is no time; seconds since 1970 are wanted", shown(text)))),
        }
    }
}

/// Reads field by field.
struct Reader<'a> {
    rest: &'a str,
    line: usize,
    column: usize,
}

impl<'a> Reader<'a> {
    fn field(&mut self) -> Result<Field<'a>, Mistake> {
        let (line, column) = (self.line, self.column);
        let text = match self.rest.strip_prefix('"') {
            Some(quoted) => {
                self.advance(1);
                self.quoted(quoted).ok_or_else(|| Mistake {
                    line,
                    column,
                    what: "a quote opens and does not close".into(),
                })?
            }
            None => {
                let length = self.rest.find([',', '\n']).unwrap_or(self.rest.len());
                let text = &self.rest[..length];
                self.advance(length);
                Cow::Borrowed(text.strip_suffix('\r').unwrap_or(text))
            }
        };
        if self.rest.starts_with("\r\n") {
            self.advance(1);
        }
        let is_last = !self.rest.starts_with(',');
        match self.rest.chars().next() {
            Some(',') => self.advance(1),
            Some('\n') => (self.rest, self.line, self.column) = (&self.rest[1..], self.line + 1, 1),
            None => {}
            Some(_) => {
                let what = "something stands behind a closed quote; a quote within a field is written twice".into();
                return Err(Mistake { line: self.line, column: self.column, what });
            }
        }
        Ok(Field { text, line, column, is_last })
    }

    /// What stands up to the quote that closes; `None` where none does.
    fn quoted(&mut self, text: &'a str) -> Option<Cow<'a, str>> {
        let mut whole = Cow::Borrowed("");
        let mut rest = text;
        loop {
            let length = rest.find('"')?;
            let (part, behind) = (&rest[..length], &rest[length + 1..]);
            whole += part;
            self.advance(length + 1);
            self.line += part.matches('\n').count();
            match behind.strip_prefix('"') {
                None => return Some(whole),
                Some(behind) => {
                    whole += "\"";
                    self.advance(1);
                    rest = behind;
                }
            }
        }
    }

    fn advance(&mut self, bytes: usize) {
        let (passed, rest) = self.rest.split_at(bytes);
        self.column += passed.chars().count();
        self.rest = rest;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_kept_byte_for_byte_and_empty_fields_are_gaps() {
        let text = "time,\"cpu{service=\"\"a,b\"\"}\",  mem \r\n1700000000,1.5,\r\n\n1700000001.5,NaN,-2e3";
        let table = read(text).expect("a table");
        assert_eq!(table.names, ["cpu{service=\"a,b\"}", "  mem "]);
        assert_eq!(table.times, [1_700_000_000_000, 1_700_000_001_500]);
        assert_eq!(table.columns, [vec![(0, 1.5)], vec![(1, -2000.0)]]);
        assert_eq!(read("time\n1\n").expect("a table").times, [1000]);
        assert_eq!(read("time,a\n1,").expect("a table").columns, [vec![]]);
    }

    #[test]
    fn mistakes_are_said_with_line_and_column() {
        let check = |text: &str, expected: &str| {
            let mistake = read(text).expect_err(text).to_string();
            assert!(mistake.starts_with(expected), "{text}: {mistake}");
        };
        check("", "1:1: the first column must be called `time`");
        check("when,a\n", "1:1: the first column must be called `time`, and is called `when`");
        check("time,a\n1,2\n2,x\n", "3:3: `x` is no number");
        check("time,a,b\n1,2\n", "2:3: the line ends here; 2 names");
        check("time,a\n1,2,3\n", "2:5: a field too many");
        check("time,a\nnoon,2\n", "2:1: `noon` is no time");
        check("time,a\n1700000000000,2\n", "2:1: the time `1700000000000` is not in seconds");
        check("time,\"a\n1,2\n", "1:6: a quote opens and does not close");
        check("time,\"a\"b\n1,2\n", "1:9: something stands behind a closed quote");
    }
}
