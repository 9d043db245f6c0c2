//! Paths below the address of a source. One may come from a board or a journal that somebody else wrote, and goes out
//! with this person's credentials: it must not lead elsewhere.

/// Why a path does not stay below the address it is put to, in words that read after it; `None` if it stays. What
/// follows its `?` is of no concern.
pub fn why_not_below(path: &str) -> Option<&'static str> {
    let (path, _) = path.split_once('?').unwrap_or((path, ""));
    if path.contains('\\') {
        return Some("has a backslash");
    }
    // Readers of addresses drop line breaks and tabs, and what was apart comes together.
    if path.contains(char::is_control) {
        return Some("has a control character");
    }
    if path.starts_with("//") || has_scheme(path) {
        return Some("is an address of its own");
    }
    goes_up(path).then_some("leads out of the source's address")
}

fn has_scheme(path: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    path.split_once("://").is_some_and(|(scheme, _)| !scheme.is_empty() && scheme.chars().all(is_part))
}

/// Whether a segment means the one above, however often it is encoded: a server behind a proxy decodes once more.
fn goes_up(path: &str) -> bool {
    let mut path = path.as_bytes().to_vec();
    loop {
        let mut segments = path.split(|byte| matches!(byte, b'/' | b'\\'));
        // What some servers take for the parameters of a segment, they take off: `..;x`.
        if segments.any(|segment| segment.split(|byte| *byte == b';').next() == Some(b"..")) {
            return true;
        }
        let decoded = decoded(&path);
        if decoded.len() == path.len() {
            return false;
        }
        path = decoded;
    }
}

/// A path with its `%2e` taken for what they stand for, once.
fn decoded(path: &[u8]) -> Vec<u8> {
    let digit = |at: usize| path.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let (mut out, mut at) = (Vec::with_capacity(path.len()), 0);
    while let Some(byte) = path.get(at) {
        match (byte, digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                at += 3;
            }
            _ => {
                out.push(*byte);
                at += 1;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stays_below() {
        for path in [
            "",
            "/api/v1/query",
            "a/./b",
            "a b/ü",
            "group%2Fproject/jobs",
            "v1..v2/..x/x../...",
            "deploys?since=../..&to=http://x\\y",
            "100%/5%2",
            "time/12:30://x",
        ] {
            assert_eq!(why_not_below(path), None, "{path}");
        }
    }

    #[test]
    fn what_leads_elsewhere() {
        const OUT: &str = "leads out of the source's address";
        for (path, expected) in [
            ("../../../echo/admin/delete?id=1", OUT),
            ("a/..", OUT),
            ("%2e%2e/x", OUT),
            ("a/.%2E/x", OUT),
            ("a%2f..%2fx", OUT),
            ("a%5c..%5cx", OUT),
            ("%252e%252e/x", OUT),
            ("%25252e%25252e%25252fx", OUT),
            ("..;/x", OUT),
            ("%2e%2e%3bx=1/x", OUT),
            ("a\\..\\x", "has a backslash"),
            (".\t./x", "has a control character"),
            (".\n./x", "has a control character"),
            ("//evil.example/x", "is an address of its own"),
            ("https://evil.example/x", "is an address of its own"),
        ] {
            assert_eq!(why_not_below(path), Some(expected), "{path}");
        }
    }
}
