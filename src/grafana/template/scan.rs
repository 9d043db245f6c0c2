//! Where the variables of a text are.

/// Longest path or format of a variable, in bytes.
const MAX_LENGTH: usize = 500;

/// A part of a text.
#[derive(Debug, PartialEq)]
pub(super) enum Piece<'a> {
    /// Just text.
    Text(&'a str),
    /// A variable.
    Variable {
        /// All of it, as it stands there.
        written: &'a str,
        name: &'a str,
        /// What of its value is meant: `text`, or a number.
        path: Option<&'a str>,
        /// Its format, with arguments: `date:iso`.
        format: Option<&'a str>,
    },
}

impl<'a> Piece<'a> {
    pub(super) fn written(&self) -> &'a str {
        match self {
            Self::Text(written) | Self::Variable { written, .. } => written,
        }
    }
}

/// The parts of a text, in order.
pub(super) fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        // A variable may begin at any of these.
        let begins = rest.char_indices().filter(|(_, c)| matches!(c, '$' | '['));
        let found = begins.map(|(at, _)| at).find_map(|at| variable(&rest[at..]).map(|piece| (at, piece)));
        match found {
            Some((0, piece)) => {
                rest = &rest[piece.written().len()..];
                Some(piece)
            }
            Some((at, _)) => {
                let (text, behind) = rest.split_at(at);
                rest = behind;
                Some(Piece::Text(text))
            }
            None => Some(Piece::Text(std::mem::take(&mut rest))),
        }
    })
}

/// How many bytes of a text are of a name.
fn name_length(text: &str) -> usize {
    text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count()
}

/// Where the first of some signs is. Not looked for far: a text may be made of nothing but beginnings.
fn place(text: &str, signs: &[u8]) -> Option<usize> {
    text.bytes().take(MAX_LENGTH).position(|byte| signs.contains(&byte))
}

/// The variable a text begins with.
fn variable(text: &str) -> Option<Piece<'_>> {
    if let Some(inner) = text.strip_prefix("[[") {
        let (name, mut rest) = inner.split_at(name_length(inner));
        let mut format = None;
        if let Some(behind) = rest.strip_prefix(':') {
            let (own, after) = behind.split_at(name_length(behind));
            (format, rest) = (Some(own), after);
        }
        let rest = rest.strip_prefix("]]")?;
        let written = &text[..text.len() - rest.len()];
        let is_one = !name.is_empty() && format != Some("");
        return is_one.then_some(Piece::Variable { written, name, path: None, format });
    }
    if let Some(inner) = text.strip_prefix("${") {
        return braced(text, inner);
    }
    let inner = text.strip_prefix('$')?;
    let length = name_length(inner);
    let written = &text[..=length];
    (length > 0).then(|| Piece::Variable { written, name: &inner[..length], path: None, format: None })
}

/// `${name}`, `${name.path}`, `${name["path"]}`, each with `:format`.
fn braced<'a>(text: &'a str, inner: &'a str) -> Option<Piece<'a>> {
    let length = name_length(inner);
    let (name, mut rest) = inner.split_at(length);
    let from = rest;
    loop {
        let taken = match rest.bytes().next()? {
            b'.' => place(&rest[1..], b":^{}[]").filter(|length| *length > 0)? + 1,
            b'[' => place(rest, b"]")? + 1,
            _ => break,
        };
        rest = &rest[taken..];
    }
    let path = &from[..from.len() - rest.len()];
    let path = path.trim_start_matches(['.', '[', '"', '\'']).trim_end_matches(['"', '\'', ']']);
    let format = match rest.strip_prefix(':') {
        Some(format) => {
            let end = place(format, b"}").filter(|end| *end > 0)?;
            rest = &format[end..];
            Some(&format[..end])
        }
        None => None,
    };
    let rest = rest.strip_prefix('}')?;
    let written = &text[..text.len() - rest.len()];
    let path = (!path.is_empty()).then_some(path);
    (length > 0).then_some(Piece::Variable { written, name, path, format })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_fall_into_pieces() {
        let found: Vec<_> = pieces("a $b ${c.d:e:f} [[g:h]] [x] ${} $1 ü$ü").collect();
        let variable = |written, name, path, format| Piece::Variable { written, name, path, format };
        let expected = [
            Piece::Text("a "),
            variable("$b", "b", None, None),
            Piece::Text(" "),
            variable("${c.d:e:f}", "c", Some("d"), Some("e:f")),
            Piece::Text(" "),
            variable("[[g:h]]", "g", None, Some("h")),
            Piece::Text(" [x] ${} "),
            variable("$1", "1", None, None),
            Piece::Text(" ü$ü"),
        ];
        assert_eq!(found, expected);
        let whole: String = pieces("$$a[[b]]${").map(|piece| piece.written()).collect();
        assert_eq!(whole, "$$a[[b]]${");
    }
}
