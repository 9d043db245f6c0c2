//! The regular expressions of label matchers, always anchored at both ends.
//!
//! A small backtracking matcher: literals, `.`, classes, groups, `|`, `* + ?` and `{n,m}`, `\d \w \s`. What RE2 has beyond that is
//! refused by name. The steps are counted, so that no expression can keep the server busy.

/// A compiled expression.
#[derive(Clone, Debug)]
pub(crate) struct Pattern(Choice);

/// Any of these may match.
type Choice = Vec<Vec<Piece>>;

#[derive(Clone, Debug)]
struct Piece {
    atom: Atom,
    least: u32,
    most: u32,
}

#[derive(Clone, Debug)]
enum Atom {
    Any,
    Char(char),
    Class { negated: bool, ranges: Vec<(char, char)> },
    Group(Choice),
}

/// More than this and the expression counts as not matching.
const MAX_STEPS: u32 = 100_000;
/// Groups inside groups.
const MAX_DEPTH: u32 = 20;

impl Pattern {
    /// Compiles an expression; the error says what is wrong with it.
    pub fn new(text: &str) -> Result<Self, String> {
        let mut reader = Reader { chars: text.chars().collect(), at: 0 };
        let choice = reader.choice(0)?;
        match reader.peek() {
            None => Ok(Self(choice)),
            Some(_) => Err(format!("error parsing regexp: unexpected ): `{text}`")),
        }
    }

    /// Whether the whole text matches.
    pub fn matches(&self, text: &str) -> bool {
        let text: Vec<char> = text.chars().collect();
        let mut steps = 0;
        choice(&self.0, &text, 0, &mut steps, &mut |end, _| end == text.len())
    }
}

type Rest<'a> = &'a mut dyn FnMut(usize, &mut u32) -> bool;

fn choice(any: &Choice, text: &[char], at: usize, steps: &mut u32, rest: Rest<'_>) -> bool {
    any.iter().any(|pieces| sequence(pieces, text, at, steps, rest))
}

fn sequence(pieces: &[Piece], text: &[char], at: usize, steps: &mut u32, rest: Rest<'_>) -> bool {
    match pieces.split_first() {
        None => rest(at, steps),
        Some((first, more)) => {
            repeat(first, 0, text, at, steps, &mut |end, steps| sequence(more, text, end, steps, rest))
        }
    }
}

fn repeat(piece: &Piece, done: u32, text: &[char], at: usize, steps: &mut u32, rest: Rest<'_>) -> bool {
    *steps += 1;
    if *steps > MAX_STEPS {
        return false;
    }
    if done < piece.most {
        let again = atom(&piece.atom, text, at, steps, &mut |end, steps| {
            // A round that consumed nothing would go on for ever.
            (end > at || done < piece.least) && repeat(piece, done + 1, text, end, steps, rest)
        });
        if again {
            return true;
        }
    }
    done >= piece.least && rest(at, steps)
}

fn atom(atom: &Atom, text: &[char], at: usize, steps: &mut u32, rest: Rest<'_>) -> bool {
    let next = text.get(at);
    let one = match atom {
        Atom::Group(any) => return choice(any, text, at, steps, rest),
        Atom::Any => next.is_some_and(|c| *c != '\n'),
        Atom::Char(wanted) => next == Some(wanted),
        Atom::Class { negated, ranges } => {
            next.is_some_and(|c| ranges.iter().any(|(from, to)| (from..=to).contains(&c)) != *negated)
        }
    };
    one && rest(at + 1, steps)
}

struct Reader {
    chars: Vec<char>,
    at: usize,
}

impl Reader {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn eat(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    fn next(&mut self, what: &str) -> Result<char, String> {
        let next = self.peek().ok_or_else(|| format!("error parsing regexp: missing {what}"))?;
        self.at += 1;
        Ok(next)
    }

    fn choice(&mut self, depth: u32) -> Result<Choice, String> {
        if depth > MAX_DEPTH {
            return Err("error parsing regexp: expression nests too deeply".into());
        }
        let mut any = vec![self.sequence(depth)?];
        while self.eat('|') {
            any.push(self.sequence(depth)?);
        }
        Ok(any)
    }

    fn sequence(&mut self, depth: u32) -> Result<Vec<Piece>, String> {
        let mut pieces = Vec::new();
        while let Some(next) = self.peek().filter(|c| !matches!(c, '|' | ')')) {
            self.at += 1;
            let atom = match next {
                '(' => {
                    if self.eat('?') && !self.eat(':') {
                        return Err("unsupported in the simulator: (?…) other than (?:…)".into());
                    }
                    let any = self.choice(depth + 1)?;
                    if self.next("closing )")? != ')' {
                        return Err("error parsing regexp: missing closing )".into());
                    }
                    Atom::Group(any)
                }
                '[' => self.class()?,
                '.' => Atom::Any,
                '\\' => self.escape()?,
                // Matchers are anchored anyway.
                '^' | '$' => continue,
                '*' | '+' | '?' => {
                    return Err(format!("error parsing regexp: missing argument to repetition operator: `{next}`"));
                }
                other => Atom::Char(other),
            };
            let (least, most) = self.repetition()?;
            pieces.push(Piece { atom, least, most });
        }
        Ok(pieces)
    }

    fn repetition(&mut self) -> Result<(u32, u32), String> {
        let range = match self.peek() {
            Some('*') => (0, u32::MAX),
            Some('+') => (1, u32::MAX),
            Some('?') => (0, 1),
            Some('{') => {
                let rest: String = self.chars[self.at..].iter().take_while(|c| **c != '}').skip(1).collect();
                let (from, to) = rest.split_once(',').unwrap_or((&rest, &rest));
                let number = |text: &str| text.parse::<u32>().map_err(|_| "error parsing regexp: bad repetition");
                self.at += rest.chars().count() + 1;
                (number(from)?, if to.is_empty() { u32::MAX } else { number(to)? })
            }
            _ => return Ok((1, 1)),
        };
        self.at += 1;
        // Lazy or greedy makes no difference to whether an anchored expression matches.
        self.eat('?');
        Ok(range)
    }

    fn escape(&mut self) -> Result<Atom, String> {
        let class = |negated, ranges: &[(char, char)]| Atom::Class { negated, ranges: ranges.to_vec() };
        Ok(match self.next("character after \\")? {
            'd' => class(false, &DIGIT),
            'D' => class(true, &DIGIT),
            'w' => class(false, &WORD),
            'W' => class(true, &WORD),
            's' => class(false, &SPACE),
            'S' => class(true, &SPACE),
            'n' => Atom::Char('\n'),
            't' => Atom::Char('\t'),
            other if other.is_alphanumeric() => return Err(format!("unsupported in the simulator: \\{other}")),
            other => Atom::Char(other),
        })
    }

    fn class(&mut self) -> Result<Atom, String> {
        let negated = self.eat('^');
        let mut ranges = Vec::new();
        loop {
            let from = match self.next("closing ]")? {
                ']' if !ranges.is_empty() => return Ok(Atom::Class { negated, ranges }),
                '\\' => match self.escape()? {
                    Atom::Char(c) => c,
                    Atom::Class { negated: false, ranges: more } => {
                        ranges.extend(more);
                        continue;
                    }
                    _ => return Err("unsupported in the simulator: a negated class in a class".into()),
                },
                other => other,
            };
            let is_range = self.peek() == Some('-') && self.chars.get(self.at + 1).is_some_and(|c| *c != ']');
            let to = if is_range {
                self.at += 1;
                self.next("closing ]")?
            } else {
                from
            };
            if to < from {
                return Err(format!("error parsing regexp: invalid character class range: `{from}-{to}`"));
            }
            ranges.push((from, to));
        }
    }
}

const DIGIT: [(char, char); 1] = [('0', '9')];
const WORD: [(char, char); 4] = [('0', '9'), ('a', 'z'), ('A', 'Z'), ('_', '_')];
const SPACE: [(char, char); 2] = [(' ', ' '), ('\t', '\r')];

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, yes: &[&str], no: &[&str]) {
        let compiled = Pattern::new(pattern).unwrap_or_else(|e| panic!("{pattern}: {e}"));
        yes.iter().for_each(|text| assert!(compiled.matches(text), "{pattern} should match {text:?}"));
        no.iter().for_each(|text| assert!(!compiled.matches(text), "{pattern} should not match {text:?}"));
    }

    #[test]
    fn whole_texts_only() {
        check("5..", &["500", "503"], &["50", "5000", "200"]);
        check("", &[""], &["a"]);
        check(".*", &["", "anything"], &[]);
        check(".+", &["x"], &[""]);
        check("edge|checkout", &["edge", "checkout"], &["edg", "edgecheckout"]);
        check("checkout-(f41d|6b9c)-[0-9]+", &["checkout-f41d-12"], &["checkout-f41d-", "checkout-f41d-1x"]);
        check(r"v2\.3\.\d", &["v2.3.1"], &["v2x3x1"]);
        check("a{2,3}b?", &["aa", "aaab"], &["a", "aaaa"]);
        check("[^a-c]x", &["dx"], &["ax", "x"]);
        check("^(?:a|b*)c$", &["ac", "bbc", "c"], &["abc"]);
        check("(a*)*b", &["b", "aab"], &["a"]);
    }

    #[test]
    fn no_expression_runs_for_ever() {
        check("(a*)*(a*)*(a*)*b", &[], &[&"a".repeat(60)]);
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (pattern, word) in
            [("(", "missing"), ("a)", ")"), ("*", "repetition"), ("[a", "]"), ("(?i)a", "unsupported")]
        {
            let error = Pattern::new(pattern).expect_err(pattern);
            assert!(error.contains(word), "{pattern}: {error}");
        }
    }
}
