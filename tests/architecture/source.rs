//! The source as tokens: which files there are, and what each of them names.
//!
//! Comments and strings are no tokens, and tests are taken out. What stands inside a macro is read like everything else.
//! Types are not known: a method is not traced to where it is defined.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    sync::LazyLock,
};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// A source file without its tests.
pub struct Source {
    /// From the root of the repository.
    pub name: String,
    /// Its module: `ui::pane::alerts`.
    pub module: String,
    /// What it names.
    pub named: Vec<Named>,
    /// Whose methods it defines.
    pub impls: Vec<Named>,
    /// How many of its lines hold code.
    pub lines: usize,
}

/// A path that is named, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct Named {
    /// From `crate`, or from another crate.
    pub path: String,
    pub line: usize,
    /// The module it stands in.
    pub module: String,
    /// The name it has there, where it is imported; `*` for all that is in it.
    pub alias: Option<String>,
}

/// All files under `src` but those that are tests.
pub fn sources() -> &'static [Source] {
    static SOURCES: LazyLock<Vec<Source>> = LazyLock::new(read_all);
    &SOURCES
}

fn read_all() -> Vec<Source> {
    let mut sources = Vec::new();
    let mut tests = Vec::new();
    for path in rust_files(&root().join("src")) {
        let name = shown(&path);
        let module = name.trim_start_matches("src/").trim_end_matches(".rs").replace('/', "::");
        let module = if matches!(module.as_str(), "lib" | "main") { String::new() } else { module };
        let text = fs::read_to_string(&path).expect("a file");
        let (source, only_tests) = read(name, module, &text);
        sources.push(source);
        tests.extend(only_tests);
    }
    sources.retain(|source| !tests.iter().any(|test| begins(&source.module, test)));
    sources
}

/// A file from its text, and its modules that are for tests only.
pub fn read(name: String, module: String, text: &str) -> (Source, Vec<String>) {
    let tokens: TokenStream = text.parse().unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut reader = Reader::default();
    reader.tokens(&module, tokens.into_iter().collect());
    let Reader { named, impls, lines, tests } = reader;
    let named = with_imports(named);
    (Source { name, module, named, impls, lines: lines.len() }, tests)
}

/// Paths that begin with an imported name begin where that was imported from.
fn with_imports(mut named: Vec<Named>) -> Vec<Named> {
    let alias = |named: &Named| Some(((named.module.clone(), named.alias.clone()?), named.path.clone()));
    let imports: BTreeMap<_, _> = named.iter().filter_map(alias).collect();
    for named in named.iter_mut().filter(|named| named.alias.is_none()) {
        let (first, rest) = named.path.split_once("::").unwrap_or((&named.path, ""));
        if let Some(from) = imports.get(&(named.module.clone(), first.to_owned())) {
            named.path = format!("{from}::{rest}");
        }
    }
    named
}

#[derive(Default)]
struct Reader {
    named: Vec<Named>,
    impls: Vec<Named>,
    lines: BTreeSet<usize>,
    tests: Vec<String>,
}

impl Reader {
    fn tokens(&mut self, module: &str, tokens: Vec<TokenTree>) {
        let mut at = 0;
        while at < tokens.len() {
            let rest = &tokens[at..];
            if let Some(attribute) = attribute(rest) {
                let words = attribute.to_string().replace(' ', "");
                match words.as_str() {
                    "cfg(test)" => at += self.test_item(module, rest),
                    doc if doc.starts_with("doc=") => at += if is_punct(&rest[1], '!') { 3 } else { 2 },
                    _ => {
                        self.paths_in_words(module, attribute);
                        at += self.token(module, rest);
                    }
                }
                continue;
            }
            at += match &rest[0] {
                TokenTree::Ident(word) if word == "use" => self.imports(module, rest),
                TokenTree::Ident(word) if word == "mod" && is_group(rest.get(2), Delimiter::Brace) => {
                    let inner = within(module, &rest[1].to_string());
                    rest[..2].iter().for_each(|token| self.line(token));
                    self.group(&inner, &rest[2]);
                    3
                }
                TokenTree::Ident(word) if word == "impl" => {
                    self.implementation(module, rest);
                    self.token(module, rest)
                }
                TokenTree::Ident(_) => self.path(module, rest),
                _ => self.token(module, rest),
            };
        }
    }

    /// One token, and what is in it.
    fn token(&mut self, module: &str, rest: &[TokenTree]) -> usize {
        self.line(&rest[0]);
        self.group(module, &rest[0]);
        1
    }

    fn group(&mut self, module: &str, token: &TokenTree) {
        if let TokenTree::Group(group) = token {
            self.lines.extend([group.span_open().start().line, group.span_close().start().line]);
            self.tokens(module, group.stream().into_iter().collect());
        }
    }

    fn line(&mut self, token: &TokenTree) {
        self.lines.insert(token.span().start().line);
    }

    fn name(&mut self, module: &str, path: String, line: usize, alias: Option<String>) {
        let path = absolute(module, &path);
        self.named.push(Named { path, line, module: module.to_owned(), alias });
    }

    /// A path of more than one name.
    fn path(&mut self, module: &str, rest: &[TokenTree]) -> usize {
        let (path, taken) = chain(rest);
        rest[..taken].iter().for_each(|token| self.line(token));
        if path.contains("::") {
            self.name(module, path, rest[0].span().start().line, None);
        }
        taken
    }

    /// Paths in the words of an attribute: `#[serde(with = "super::float")]`.
    fn paths_in_words(&mut self, module: &str, attribute: TokenStream) {
        for token in attribute {
            match token {
                TokenTree::Group(group) => self.paths_in_words(module, group.stream()),
                TokenTree::Literal(word) => {
                    let text = word.to_string();
                    let path = text.trim_matches('"');
                    let is_path = |c: char| c.is_alphanumeric() || matches!(c, '_' | ':');
                    if path.contains("::") && path.chars().all(is_path) {
                        self.name(module, path.to_owned(), word.span().start().line, None);
                    }
                }
                _ => {}
            }
        }
    }

    /// `use a::{b, c as d};`
    fn imports(&mut self, module: &str, rest: &[TokenTree]) -> usize {
        let end = rest.iter().position(|token| is_punct(token, ';')).unwrap_or(rest.len() - 1);
        self.line(&rest[0]);
        self.tree(module, "", &rest[1..end]);
        end + 1
    }

    fn tree(&mut self, module: &str, before: &str, tokens: &[TokenTree]) {
        for tokens in tokens.split(|token| is_punct(token, ',')).filter(|tokens| !tokens.is_empty()) {
            let (path, taken) = chain(tokens);
            tokens.iter().for_each(|token| self.line(token));
            let path = match path.strip_suffix("::self").or((path == "self").then_some("")) {
                Some(above) if !before.is_empty() => format!("{before}::{above}").trim_end_matches("::").to_owned(),
                _ if before.is_empty() => path,
                _ => format!("{before}::{path}").trim_end_matches("::").to_owned(),
            };
            let line = tokens[0].span().start().line;
            let rest = &tokens[taken..];
            match rest.last() {
                Some(TokenTree::Group(group)) => {
                    self.lines.insert(group.span_close().start().line);
                    self.tree(module, &path, &group.stream().into_iter().collect::<Vec<_>>());
                }
                Some(TokenTree::Punct(star)) if star.as_char() == '*' => {
                    self.name(module, path, line, Some("*".into()));
                }
                Some(alias) => self.name(module, path, line, Some(alias.to_string())),
                None => {
                    let alias = path.rsplit("::").next().unwrap_or_default().to_owned();
                    self.name(module, path, line, Some(alias));
                }
            }
        }
    }

    /// `impl Trait for a::Type { … }`
    fn implementation(&mut self, module: &str, rest: &[TokenTree]) {
        let Some(body) = rest.iter().position(|token| is_group(Some(token), Delimiter::Brace)) else { return };
        let mut head = &rest[1..body];
        let is = |token: &TokenTree, word: &str| matches!(token, TokenTree::Ident(ident) if ident == word);
        if let Some(at) = head.iter().position(|token| is(token, "where")) {
            head = &head[..at];
        }
        if let Some(at) = head.iter().position(|token| is(token, "for")) {
            head = &head[at + 1..];
        } else if head.first().is_some_and(|token| is_punct(token, '<')) {
            head = &head[after_generics(head)..];
        }
        // `&mut Type`
        let is_name = |token: &TokenTree| matches!(token, TokenTree::Ident(ident) if ident != "mut" && ident != "dyn");
        let head = &head[head.iter().position(is_name).unwrap_or(0)..];
        if !head.is_empty() {
            let (path, line) = (chain(head).0, rest[0].span().start().line);
            self.impls.push(Named { path, line, module: module.to_owned(), alias: None });
        }
    }

    /// An item that is only for tests, from its attribute on.
    fn test_item(&mut self, module: &str, rest: &[TokenTree]) -> usize {
        let mut at = 0;
        while attribute(&rest[at..]).is_some() {
            at += 2;
        }
        let words: Vec<_> = rest[at..].iter().take(3).map(ToString::to_string).collect();
        if let [word, name, end] = words.as_slice()
            && (word.as_str(), end.as_str()) == ("mod", ";")
        {
            self.tests.push(within(module, name));
        }
        let is_import = words.first().is_some_and(|word| word == "use");
        let ends = |token: &TokenTree| is_punct(token, ';') || !is_import && is_group(Some(token), Delimiter::Brace);
        at + rest[at..].iter().position(ends).map_or(rest.len() - at, |end| end + 1)
    }
}

/// The inside of `#[…]` or `#![…]`, if one begins here.
fn attribute(rest: &[TokenTree]) -> Option<TokenStream> {
    if !is_punct(rest.first()?, '#') {
        return None;
    }
    let inner = rest.get(1).filter(|token| !is_punct(token, '!')).or(rest.get(2))?;
    match inner {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket => Some(group.stream()),
        _ => None,
    }
}

/// `a::b::c` at the start, and how many tokens that is; ends before what is no name.
fn chain(rest: &[TokenTree]) -> (String, usize) {
    let (mut path, mut at) = (String::new(), 0);
    // `::a`
    while rest.get(at).is_some_and(|token| is_punct(token, ':')) {
        at += 1;
    }
    while let Some(TokenTree::Ident(name)) = rest.get(at) {
        path += &name.to_string();
        at += 1;
        let goes_on = rest.get(at..at + 2).is_some_and(|two| two.iter().all(|token| is_punct(token, ':')));
        if !goes_on {
            break;
        }
        at += 2;
        if matches!(rest.get(at), Some(TokenTree::Ident(_))) {
            path += "::";
        }
    }
    (path, at)
}

fn after_generics(head: &[TokenTree]) -> usize {
    let mut depth = 0;
    for (at, token) in head.iter().enumerate() {
        depth += i32::from(is_punct(token, '<'));
        depth -=
            i32::from(is_punct(token, '>') && !at.checked_sub(1).is_some_and(|before| is_punct(&head[before], '-')));
        if depth == 0 {
            return at + 1;
        }
    }
    head.len()
}

fn is_punct(token: &TokenTree, c: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == c)
}

fn is_group(token: Option<&TokenTree>, delimiter: Delimiter) -> bool {
    matches!(token, Some(TokenTree::Group(group)) if group.delimiter() == delimiter)
}

/// A path as it is written in a module, from `crate` on if it says where it begins.
fn absolute(module: &str, path: &str) -> String {
    let mut from: Vec<&str> = module.split("::").filter(|name| !name.is_empty()).collect();
    let mut names = path.split("::").peekable();
    if !matches!(names.peek(), Some(&"super" | &"self")) {
        return path.to_owned();
    }
    while let Some(name) = names.next_if(|name| matches!(*name, "super" | "self")) {
        if name == "super" {
            from.pop();
        }
    }
    ["crate"].into_iter().chain(from).chain(names).collect::<Vec<_>>().join("::")
}

/// A name in a module.
pub fn within(module: &str, name: &str) -> String {
    if module.is_empty() { name.to_owned() } else { format!("{module}::{name}") }
}

/// Whether a path is another one, or goes on from it.
pub fn begins(path: &str, with: &str) -> bool {
    path.strip_prefix(with).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

pub fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        // The fuzz targets are a package of their own, with their own build folder.
        if path.is_dir() && !path.ends_with("target") {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|end| end == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

pub fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).to_string_lossy().into_owned()
}
