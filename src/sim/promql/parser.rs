//! Reads a query by precedence climbing and checks the types, with messages worded as Prometheus words them.

use super::{
    Error,
    ast::{Aggregation, Expr, Function, Grouping, KNOWN_ELSEWHERE, Kind, Matched, Matcher, Op, Selector},
    lexer::{self, Token, Word},
    pattern::Pattern,
};

/// Longest query that is read, in bytes.
const MAX_LENGTH: usize = 4096;
/// Deepest nesting of parentheses and operators.
const MAX_DEPTH: u32 = 60;

/// Reads a query.
pub(crate) fn parse(query: &str) -> Result<Expr, Error> {
    if query.len() > MAX_LENGTH {
        return Err(Error::unsupported(0, format!("queries longer than {MAX_LENGTH} bytes")));
    }
    let mut parser = Parser { words: lexer::words(query)?, at: 0, end: query.len(), depth: 0, ids: 0 };
    if parser.words.is_empty() {
        return Err(Error::parse(0, "no expression found in input"));
    }
    let expr = parser.expr(0)?;
    match parser.words.get(parser.at) {
        None => Ok(expr),
        Some(token) if token.word == Word::Sign("@") => Err(Error::unsupported(token.at, "the @ modifier")),
        Some(token) => Err(Error::parse(token.at, format!("unexpected {}", token.word.quoted()))),
    }
}

/// `5s`, `1m30s`: a duration as it stands in queries and parameters.
pub(crate) fn parse_duration_ms(text: &str) -> Option<i64> {
    lexer::duration(text)
}

struct Parser {
    words: Vec<Token>,
    at: usize,
    /// The query's length, where what is missing at its end is missing.
    end: usize,
    depth: u32,
    ids: usize,
}

impl Parser {
    fn expr(&mut self, least: u8) -> Result<Expr, Error> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Error::unsupported(self.position(), "expressions nested this deeply"));
        }
        let at = self.position();
        let mut left = self.unary()?;
        while let Some(op) = self.operator().filter(|op| op.precedence() >= least.max(1)) {
            self.at += 1;
            let returns_bool = self.eat_name("bool");
            if returns_bool && !op.is_comparison() {
                return Err(Error::parse(at, "bool modifier can only be used on comparison operators"));
            }
            let matching = self.matching()?;
            // Power binds to the right, all others to the left.
            let right = self.expr(if op == Op::Power { op.precedence() } else { op.precedence() + 1 })?;
            check_operands(at, op, returns_bool, &left, &right)?;
            left = Expr::Binary { op, returns_bool, matching, left: left.into(), right: right.into() };
        }
        self.depth -= 1;
        Ok(left)
    }

    fn unary(&mut self) -> Result<Expr, Error> {
        let at = self.position();
        let negated = self.eat("-");
        if !negated && !self.eat("+") {
            return self.primary();
        }
        // A sign binds looser than a power: -2^2 is -4.
        let of = self.expr(Op::Power.precedence())?;
        match (of.kind(), negated, of) {
            (Kind::Scalar | Kind::Vector, true, Expr::Number(number)) => Ok(Expr::Number(-number)),
            (Kind::Scalar | Kind::Vector, true, of) => Ok(Expr::Negated(of.into())),
            (Kind::Scalar | Kind::Vector, false, of) => Ok(of),
            (kind, ..) => Err(Error::parse(
                at,
                format!(
                    "unary expression only allowed on expressions of type scalar or instant vector, got {:?}",
                    kind.words()
                ),
            )),
        }
    }

    fn primary(&mut self) -> Result<Expr, Error> {
        let at = self.position();
        let Some(token) = self.words.get(self.at).cloned() else {
            return Err(Error::parse(at, "unexpected end of input"));
        };
        self.at += 1;
        match token.word {
            Word::Number(number) => Ok(Expr::Number(number)),
            Word::Text(text) => Ok(Expr::Text(text)),
            Word::Sign("(") => {
                let inner = self.expr(0)?;
                self.close_parenthesis()?;
                if self.peek_sign("[") {
                    return Err(Error::unsupported(self.position(), "subqueries"));
                }
                Ok(inner)
            }
            Word::Sign("{") => {
                self.at -= 1;
                self.selector(None, at)
            }
            Word::Name(name) => self.named(name, at),
            other => Err(Error::parse(at, format!("unexpected {}", other.quoted()))),
        }
    }

    fn named(&mut self, name: String, at: usize) -> Result<Expr, Error> {
        let is_grouping = matches!(self.peek_name(), Some("by" | "without"));
        if !(self.peek_sign("(") || is_grouping) {
            return self.selector(Some(name), at);
        }
        if let Some(op) = Aggregation::parse(&name) {
            return self.aggregation(op, at);
        }
        let Some(function) = Function::find(&name) else {
            return Err(if KNOWN_ELSEWHERE.contains(&name.as_str()) {
                Error::unsupported(at, format!("{name}()"))
            } else {
                Error::parse(at, format!("unknown function with name {name:?}"))
            });
        };
        let args = self.arguments()?;
        check_arguments(at, &name, function, &args)?;
        if self.peek_sign("[") {
            return Err(Error::unsupported(self.position(), "subqueries"));
        }
        let args = args.into_iter().map(|(_, arg)| arg).collect();
        Ok(Expr::Call { function, args })
    }

    fn aggregation(&mut self, op: Aggregation, at: usize) -> Result<Expr, Error> {
        let mut grouping = self.grouping()?;
        let mut args: Vec<Expr> = self.arguments()?.into_iter().map(|(_, arg)| arg).collect();
        if grouping.is_none() {
            grouping = self.grouping()?;
        }
        let wanted = if matches!(op, Aggregation::TopK | Aggregation::BottomK) { 2 } else { 1 };
        if args.len() != wanted {
            let text = format!(
                "wrong number of arguments for aggregate expression provided, expected {wanted}, got {}",
                args.len()
            );
            return Err(Error::parse(at, text));
        }
        let Some(of) = args.pop() else {
            return Err(Error::parse(at, "no arguments for aggregate expression provided"));
        };
        if of.kind() != Kind::Vector {
            let text = format!("expected type instant vector in aggregation expression, got {}", of.kind().words());
            return Err(Error::parse(at, text));
        }
        let param = args.pop();
        if param.as_ref().is_some_and(|param| param.kind() != Kind::Scalar) {
            return Err(Error::parse(at, "expected type scalar in aggregation parameter"));
        }
        let grouping = grouping.unwrap_or(Grouping::Only(Vec::new()));
        Ok(Expr::Aggregate { id: self.id(), op, grouping, param: param.map(Box::new), of: of.into() })
    }

    fn grouping(&mut self) -> Result<Option<Grouping>, Error> {
        if self.eat_name("by") {
            Ok(Some(Grouping::Only(self.label_names("grouping opts")?)))
        } else if self.eat_name("without") {
            Ok(Some(Grouping::AllBut(self.label_names("grouping opts")?)))
        } else {
            Ok(None)
        }
    }

    fn matching(&mut self) -> Result<Grouping, Error> {
        let matching = if self.eat_name("on") {
            Grouping::Only(self.label_names("grouping opts")?)
        } else if self.eat_name("ignoring") {
            Grouping::AllBut(self.label_names("grouping opts")?)
        } else {
            Grouping::AllBut(Vec::new())
        };
        match self.peek_name() {
            Some(word @ ("group_left" | "group_right")) => Err(Error::unsupported(self.position(), word)),
            _ => Ok(matching),
        }
    }

    fn label_names(&mut self, place: &str) -> Result<Vec<String>, Error> {
        self.expect("(", place)?;
        let mut names = Vec::new();
        while !self.eat(")") {
            names.push(self.label_name(place)?);
            if !self.eat(",") && !self.peek_sign(")") {
                return Err(self.unexpected(place, "\",\" or \")\""));
            }
        }
        Ok(names)
    }

    fn label_name(&mut self, place: &str) -> Result<String, Error> {
        match self.words.get(self.at).map(|token| &token.word) {
            Some(Word::Name(name)) if !name.contains(':') => {
                let name = name.clone();
                self.at += 1;
                Ok(name)
            }
            _ => Err(self.unexpected(place, "label")),
        }
    }

    fn arguments(&mut self) -> Result<Vec<(usize, Expr)>, Error> {
        self.expect("(", "call")?;
        let mut args = Vec::new();
        while !self.peek_sign(")") {
            args.push((self.position(), self.expr(0)?));
            if !self.eat(",") {
                break;
            }
        }
        self.close_parenthesis()?;
        Ok(args)
    }

    fn selector(&mut self, name: Option<String>, at: usize) -> Result<Expr, Error> {
        let mut matchers = Vec::new();
        if self.eat("{") {
            const PLACE: &str = "label matching";
            while !self.eat("}") {
                matchers.push(self.matcher(PLACE)?);
                if !self.eat(",") && !self.peek_sign("}") {
                    return Err(self.unexpected(PLACE, "\",\" or \"}\""));
                }
            }
        }
        if name.is_none() && matchers.iter().all(|matcher| matcher.accepts("")) {
            return Err(Error::parse(at, "vector selector must contain at least one non-empty matcher"));
        }
        let mut selector = Selector { id: self.id(), name, matchers, range_ms: None, offset_ms: 0 };
        if self.eat("[") {
            selector.range_ms = Some(self.duration("duration")?);
            if self.peek_sign(":") {
                return Err(Error::unsupported(self.position(), "subqueries"));
            }
            self.expect("]", "matrix selector")?;
        }
        if self.eat_name("offset") {
            let sign = if self.eat("-") { -1 } else { 1 };
            selector.offset_ms = sign * self.duration("offset")?;
        }
        Ok(Expr::Selector(selector))
    }

    fn matcher(&mut self, place: &str) -> Result<Matcher, Error> {
        let label = self.label_name(place)?;
        let at = self.position();
        let sign = match self.words.get(self.at).map(|token| &token.word) {
            Some(Word::Sign(sign @ ("=" | "!=" | "=~" | "!~"))) => *sign,
            _ => return Err(self.unexpected(place, "label matching operator")),
        };
        self.at += 1;
        let Some(Word::Text(text)) = self.words.get(self.at).map(|token| token.word.clone()) else {
            return Err(self.unexpected(place, "string"));
        };
        self.at += 1;
        let value = if sign.ends_with('~') {
            Matched::Regex(Pattern::new(&text).map_err(|error| Error::parse(at, error))?)
        } else {
            Matched::Equal(text)
        };
        Ok(Matcher { label, negated: sign.starts_with('!'), value })
    }

    fn duration(&mut self, place: &str) -> Result<i64, Error> {
        match self.words.get(self.at).map(|token| &token.word) {
            Some(Word::Duration(ms)) if *ms > 0 => {
                let ms = *ms;
                self.at += 1;
                Ok(ms)
            }
            Some(Word::Duration(_)) => Err(Error::parse(self.position(), "duration must be greater than 0")),
            _ => Err(self.unexpected(place, "duration")),
        }
    }

    fn operator(&self) -> Option<Op> {
        Some(match &self.words.get(self.at)?.word {
            Word::Name(name) => match name.to_ascii_lowercase().as_str() {
                "or" => Op::Or,
                "and" => Op::And,
                "unless" => Op::Unless,
                _ => return None,
            },
            Word::Sign(sign) => match *sign {
                "==" => Op::Equal,
                "!=" => Op::NotEqual,
                ">" => Op::Greater,
                "<" => Op::Less,
                ">=" => Op::AtLeast,
                "<=" => Op::AtMost,
                "+" => Op::Add,
                "-" => Op::Subtract,
                "*" => Op::Multiply,
                "/" => Op::Divide,
                "%" => Op::Modulo,
                "^" => Op::Power,
                _ => return None,
            },
            _ => return None,
        })
    }

    fn id(&mut self) -> usize {
        self.ids += 1;
        self.ids
    }

    fn position(&self) -> usize {
        self.words.get(self.at).map_or(self.end, |token| token.at)
    }

    fn peek_sign(&self, sign: &str) -> bool {
        matches!(self.words.get(self.at), Some(Token { word: Word::Sign(found), .. }) if *found == sign)
    }

    fn peek_name(&self) -> Option<&str> {
        match self.words.get(self.at) {
            Some(Token { word: Word::Name(name), .. }) => Some(name),
            _ => None,
        }
    }

    fn eat(&mut self, sign: &str) -> bool {
        let found = self.peek_sign(sign);
        self.at += usize::from(found);
        found
    }

    fn eat_name(&mut self, wanted: &str) -> bool {
        let found = self.peek_name().is_some_and(|name| name.eq_ignore_ascii_case(wanted));
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, sign: &str, place: &str) -> Result<(), Error> {
        if self.eat(sign) { Ok(()) } else { Err(self.unexpected(place, &format!("\"{sign}\""))) }
    }

    fn close_parenthesis(&mut self) -> Result<(), Error> {
        if self.eat(")") {
            return Ok(());
        }
        match self.words.get(self.at) {
            None => Err(Error::parse(self.end, "unclosed left parenthesis")),
            Some(token) => Err(Error::parse(token.at, format!("unexpected {}", token.word.quoted()))),
        }
    }

    fn unexpected(&self, place: &str, wanted: &str) -> Error {
        let found = self.words.get(self.at).map_or("end of input".into(), |token| token.word.quoted());
        Error::parse(self.position(), format!("unexpected {found} in {place}, expected {wanted}"))
    }
}

fn check_operands(at: usize, op: Op, returns_bool: bool, left: &Expr, right: &Expr) -> Result<(), Error> {
    let kinds = [left.kind(), right.kind()];
    if kinds.iter().any(|kind| matches!(kind, Kind::Matrix | Kind::Text)) {
        return Err(Error::parse(at, "binary expression must contain only scalar and instant vector types"));
    }
    let scalars = kinds.iter().filter(|kind| **kind == Kind::Scalar).count();
    if op.is_set() && scalars > 0 {
        return Err(Error::parse(at, "set operator not allowed in binary scalar expression"));
    }
    if op.is_comparison() && scalars == 2 && !returns_bool {
        return Err(Error::parse(at, "comparisons between scalars must use BOOL modifier"));
    }
    Ok(())
}

fn check_arguments(at: usize, name: &str, function: Function, args: &[(usize, Expr)]) -> Result<(), Error> {
    let (kinds, needed) = function.takes();
    if args.len() < needed || args.len() > kinds.len() {
        let expected = if needed == kinds.len() { format!("{needed}") } else { format!("at least {needed}") };
        return Err(Error::parse(
            at,
            format!("expected {expected} argument(s) in call to {name:?}, got {}", args.len()),
        ));
    }
    for (kind, (at, arg)) in kinds.iter().zip(args) {
        if arg.kind() != *kind {
            let text =
                format!("expected type {} in call to function {name:?}, got {}", kind.words(), arg.kind().words());
            return Err(Error::parse(*at, text));
        }
    }
    Ok(())
}
