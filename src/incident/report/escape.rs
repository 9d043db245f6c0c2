//! Keeps text of strangers text, whatever it looks like, in every reader of Markdown.
//!
//! Two kinds of markup need two cures. What the parser reads (`*`, `[`, `<`, a leading `#`) gets a backslash. What
//! services link *after* parsing (`@someone`, `#123`, bare addresses, `$math$`) is beyond the reach of a backslash, and
//! a zero-width mark would be a lie; such words stand as code, which nobody links.

use crate::base::text;

/// Writes text so that it stays text. `starts` says that it begins a line, where more characters mean something.
pub(super) fn text(out: &mut String, text: &str, starts: bool) {
    let text = text::clipped(text, usize::MAX);
    if text.starts_with(char::is_whitespace) && !starts {
        space(out);
    }
    for (at, word) in text.split_whitespace().enumerate() {
        if at > 0 {
            space(out);
        }
        let (before, core, after) = parts(word);
        if links_itself(core) {
            escape(out, before, starts && at == 0);
            code(out, core);
            escape(out, after, false);
        } else {
            escape(out, word, starts && at == 0);
        }
    }
    if text.ends_with(char::is_whitespace) {
        space(out);
    }
}

/// One line of text as a chat takes it: nothing is marked up, and words that call someone or link somewhere stand as code.
pub(super) fn chat(text: &str) -> String {
    let text = text::clipped(text, usize::MAX);
    let mut out = String::new();
    for word in text.split_whitespace() {
        let (before, core, after) = parts(word);
        space(&mut out);
        // `<!channel>` calls everyone.
        if links_itself(core) || word.contains("<!") {
            out.push_str(before);
            code(&mut out, core);
            out.push_str(after);
        } else {
            out.push_str(word);
        }
    }
    out
}

/// Writes code on one line; backticks inside stay.
pub(super) fn code(out: &mut String, code: &str) {
    let code = text::clipped(code, usize::MAX);
    if code.trim().is_empty() {
        return;
    }
    if out.ends_with('`') {
        out.push(' '); // or the two runs of backticks would become one
    }
    let fence = "`".repeat(longest_run(&code) + 1);
    let pad = if code.starts_with(['`', ' ']) || code.ends_with(['`', ' ']) { " " } else { "" };
    out.push_str(&format!("{fence}{pad}{code}{pad}{fence}"));
}

/// Writes lines of code between fences, each line behind `indent`.
pub(super) fn block(out: &mut String, code: &str, indent: &str) {
    let code = text::block(code, usize::MAX);
    let fence = "`".repeat((longest_run(&code) + 1).max(3));
    out.push_str(&format!("{indent}{fence}\n"));
    for line in code.lines() {
        out.push_str(format!("{indent}{line}").trim_end());
        out.push('\n');
    }
    out.push_str(&format!("{indent}{fence}\n"));
}

/// A web address that can stand between parentheses, without a name or password in it; none for any other scheme.
pub(super) fn url(raw: &str) -> Option<String> {
    let raw = text::clipped(raw.trim(), usize::MAX);
    let (scheme, rest) = raw.split_once("://")?;
    if !matches!(scheme.to_ascii_lowercase().as_str(), "http" | "https") {
        return None;
    }
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(end);
    let host = authority.rsplit('@').next().unwrap_or_default();
    if host.is_empty() {
        return None;
    }
    // Brackets are part of a host, for IPv6, and elsewhere only the beginning of trouble.
    if !host.chars().all(|c| c.is_alphanumeric() || ".-_:[]".contains(c)) {
        return None;
    }
    let mut out = format!("{}://{host}", scheme.to_ascii_lowercase());
    let mut entity = false;
    for c in tail.chars() {
        match c {
            // Inside `(…)` these would end the address, or mean something to one reader or another.
            ' ' | '"' | '\'' | '(' | ')' | '<' | '>' | '[' | ']' | '\\' | '^' | '`' | '{' | '|' | '}' | '*' | '~' => {
                out.push_str(&format!("%{:02X}", u32::from(c)));
            }
            // Any other white space; there is no telling which byte was meant.
            c if c.is_whitespace() => out.push_str("%20"),
            // `&copy;` in an address is read as ©, so the semicolon goes.
            ';' if entity => out.push_str("%3B"),
            c => out.push(c),
        }
        entity = c == '&' || (entity && (c.is_ascii_alphanumeric() || c == '#'));
    }
    Some(out)
}

fn space(out: &mut String) {
    if !out.is_empty() && !out.ends_with([' ', '\n']) {
        out.push(' ');
    }
}

/// Escapes a word for the parser. It holds no white space.
fn escape(out: &mut String, word: &str, starts: bool) {
    let numbered = || {
        let digits = word.trim_start_matches(|c: char| c.is_ascii_digit());
        digits.len() < word.len() && (digits == "." || digits == ")")
    };
    let only = |c: char| word.chars().all(|other| other == c);
    let mut before = None;
    let mut chars = word.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|next| next.1);
        let special = match c {
            '\\' | '`' | '*' | '[' | ']' | '<' | '|' | '~' | '^' => true,
            // Within a name it means nothing, and names are full of it.
            '_' => !(before.is_some_and(char::is_alphanumeric) && next.is_some_and(char::is_alphanumeric)),
            '&' => next.is_some_and(|next| next.is_ascii_alphanumeric() || next == '#'),
            '#' => only('#') || (starts && at == 0),
            '>' => starts && at == 0,
            '-' | '+' | '=' | ':' => starts && at == 0 && only(c),
            '.' | ')' => starts && numbered(),
            _ => false,
        };
        if special {
            out.push('\\');
        }
        out.push(c);
        before = Some(c);
    }
}

/// A word without the brackets, quotes and full stops around it.
fn parts(word: &str) -> (&str, &str, &str) {
    let rest = word.trim_start_matches(['(', '[', '{', '<', '"', '\'']);
    let core = rest.trim_end_matches([')', ']', '}', '>', '"', '\'', '.', ',', ';', ':', '!', '?']);
    let (before, after) = (&word[..word.len() - rest.len()], &rest[core.len()..]);
    (before, core, after)
}

/// Whether some service would make a link, a mention or a formula of this word, whatever is escaped in it.
fn links_itself(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    let followed = |sign: char, by: fn(char) -> bool| {
        word.match_indices(sign).any(|(at, _)| word[at + sign.len_utf8()..].starts_with(by))
    };
    let issue = |(at, sign): (usize, &str)| {
        lower[at + sign.len()..].starts_with(|c: char| c.is_ascii_digit())
            && !lower[..at].ends_with(char::is_alphanumeric)
    };
    followed('@', |c| c.is_alphanumeric() || c == '_' || c == '-')
        || followed('#', |c| c.is_ascii_digit())
        || lower.match_indices("gh-").any(issue)
        || ["://", "www.", "mailto:", "$"].iter().any(|sign| lower.contains(sign))
}

fn longest_run(code: &str) -> usize {
    code.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(input: &str, expected: &str) {
        let mut out = String::new();
        text(&mut out, input, true);
        assert_eq!(out, expected);
    }

    #[test]
    fn plain_words_stay_readable() {
        check("checkout p99 > 1.2 s (was 0.2 s), 5xx at 3 %!", "checkout p99 > 1.2 s (was 0.2 s), 5xx at 3 %!");
        check("http_requests_total & co -> fine: a-b, 1.5", "http_requests_total & co -> fine: a-b, 1.5");
        check("-5 % of pods, #channel", "-5 % of pods, #channel");
    }

    #[test]
    fn markup_stays_text() {
        check("# not a heading #", r"\# not a heading \#");
        check("- no bullet", r"\- no bullet");
        check("12. no list", r"12\. no list");
        check("--- +++", r"\--- +++");
        check("> no quote", r"\> no quote");
        check("[x](y) ![i](j)", r"\[x\](y) !\[i\](j)");
        check("<script>&lt;&#x3c;", r"\<script>\&lt;\&#x3c;");
        check("**b** _e_ ~~s~~ `c` a|b", r"\*\*b\*\* \_e\_ \~\~s\~\~ \`c\` a\|b");
        check(r"a\", r"a\\");
    }

    #[test]
    fn what_links_itself_stands_as_code() {
        check("ask @bob, see #123.", "ask `@bob`, see `#123`.");
        check("(https://evil.example/x) www.evil.example", "(`https://evil.example/x`) `www.evil.example`");
        check("a@b.example shop/web#7 GH-9 $x$", "`a@b.example` `shop/web#7` `GH-9` `$x$`");
    }

    #[test]
    fn nobody_in_a_chat_is_called() {
        assert_eq!(chat("+ 5 % *now*, ask @here: #7"), "+ 5 % *now*, ask `@here`: `#7`");
        assert_eq!(chat("<!channel> fire"), "<`!channel`> fire");
    }

    #[test]
    fn code_survives_backticks() {
        let show = |text: &str| {
            let mut out = String::new();
            code(&mut out, text);
            out
        };
        assert_eq!(show("a`b"), "``a`b``");
        assert_eq!(show("`a``b`"), "``` `a``b` ```");
        assert_eq!(show(" "), "");
    }

    #[test]
    fn only_web_addresses_lead_anywhere() {
        #[track_caller]
        fn check(input: &str, expected: Option<&str>) {
            assert_eq!(url(input).as_deref(), expected);
        }
        check("https://a.example/x_y?q=(1)&z=a b", Some("https://a.example/x_y?q=%281%29&z=a%20b"));
        check("HTTP://u:secret@a.example", Some("http://a.example"));
        check("http://[::1]:9090/graph", Some("http://[::1]:9090/graph"));
        check("http://a.example/?a=1&copy;", Some("http://a.example/?a=1&copy%3B"));
        check("javascript://%0aalert(1)", None);
        check("javascript:alert(1)", None);
        check("data:text/html,x", None);
        check("http:///x", None);
        check("http://a b/x", None);
        check("https://a.example/[x]", Some("https://a.example/%5Bx%5D"));
        check("/d/abc", None);
    }
}
