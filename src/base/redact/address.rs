//! What of an address a stranger may read: its form, not what may be a secret in it. A hook has its token in the path,
//! other servers have one in a parameter of any name.

use std::borrow::Cow;

use super::{HIDDEN, MIN_SECRET};

/// Parameters whose values say what is asked, not by whom.
const OPEN_PARAMETERS: [&str; 26] = [
    "active",
    "dedup",
    "direction",
    "end",
    "filter",
    "format",
    "from",
    "inhibited",
    "interval",
    "limit",
    "match[]",
    "max_source_resolution",
    "offset",
    "page",
    "partial_response",
    "per_page",
    "query",
    "receiver",
    "silenced",
    "since",
    "start",
    "step",
    "time",
    "timeout",
    "to",
    "until",
];

/// What comes in a path behind one of these is a secret, however it looks.
const TELLING_SEGMENTS: [&str; 6] = ["apikey", "key", "password", "secret", "token", "tokens"];

/// What parts one parameter from the next, also where an address is quoted in JSON, in HTML or in another address.
const BETWEEN_PARAMETERS: [&str; 5] = ["&amp;", "&", "\\u0026", "%26", "#"];

/// A text with the secrets of every address and path in it replaced: parts of paths that look like one, and what
/// parameters hold unless it is known to be harmless.
pub fn without_secrets_of_addresses(text: &str) -> String {
    let ends_word = |c: char| c.is_whitespace() || "\"'`<>|".contains(c);
    text.split_inclusive(ends_word).fold(String::with_capacity(text.len()), |out, word| {
        let end = word.char_indices().next_back().filter(|(_, last)| ends_word(*last)).map_or(word.len(), |(at, _)| at);
        out + &address(&word[..end]) + &word[end..]
    })
}

/// A path with what looks like a secret in it replaced.
pub fn shown_path(path: &str) -> String {
    let mut before = "";
    let shown = path.split('/').map(|segment| {
        let hides = is_secret_segment(before, segment);
        before = segment;
        if hides { HIDDEN } else { segment }
    });
    shown.collect::<Vec<_>>().join("/")
}

/// The secrets in the path of an address, and those of its parameters that look like one.
pub fn secrets_by_look(address: &str) -> Vec<&str> {
    let (path, query) = split_query(address);
    let segments: Vec<&str> = path_of(path).1.split('/').collect();
    let before = [""].into_iter().chain(segments.iter().copied());
    let in_path = before.zip(&segments).filter(|(before, segment)| is_secret_segment(before, segment));
    let values = query.unwrap_or_default().split(['&', '#']).filter_map(|pair| pair.split_once('='));
    let values = values.filter(|(name, value)| !is_open(name) && looks_secret(value)).map(|(_, value)| value);
    in_path.map(|(_, segment)| *segment).chain(values).collect()
}

/// A text as it stands in an address, and as it is meant if that is something else.
pub fn spellings(part: &str) -> impl Iterator<Item = String> {
    let decoded = percent_decoded(part);
    let other = Some(decoded.into_owned()).filter(|decoded| decoded != part);
    [part.to_owned()].into_iter().chain(other)
}

fn percent_decoded(part: &str) -> Cow<'_, str> {
    if !part.contains('%') {
        return Cow::Borrowed(part);
    }
    let (mut bytes, mut rest) = (Vec::with_capacity(part.len()), part.as_bytes());
    while let [first, behind @ ..] = rest {
        let digits = behind.get(..2).filter(|_| *first == b'%').and_then(|digits| std::str::from_utf8(digits).ok());
        let code = digits.filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        let code = code.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(code.unwrap_or(*first));
        rest = if code.is_some() { &behind[2..] } else { behind };
    }
    Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())
}

/// A word of a text, which may be an address.
fn address(word: &str) -> String {
    let (path, query) = split_query(word);
    let (host, path) = path_of(path);
    let path = if path.contains('/') { shown_path(path) } else { path.to_owned() };
    let query = query.map(|query| format!("{}{}", &query[..1], parameters(&query[1..])));
    format!("{host}{path}{}", query.unwrap_or_default())
}

/// What stands before the parameters, and they with the sign that begins them. A `#` begins some in a whole address only.
fn split_query(word: &str) -> (&str, Option<&str>) {
    let at = word.find('?').or_else(|| word.find('#').filter(|_| word.contains("://")));
    at.map_or((word, None), |at| (&word[..at], Some(&word[at..])))
}

/// Scheme and host, and the path behind them, which is all there is of a path.
fn path_of(address: &str) -> (&str, &str) {
    let host = address.find("://").map_or(0, |at| at + "://".len());
    let at = if host == 0 { 0 } else { address[host..].find('/').map_or(address.len(), |at| host + at) };
    address.split_at(at)
}

fn parameters(query: &str) -> String {
    let between = |query: &str| BETWEEN_PARAMETERS.into_iter().find(|sign| query.starts_with(sign));
    let (mut out, mut rest) = (String::new(), query);
    loop {
        let end = rest.char_indices().map(|(at, _)| at).find(|at| between(&rest[*at..]).is_some());
        out += &parameter(&rest[..end.unwrap_or(rest.len())]);
        let Some((end, sign)) = end.and_then(|end| Some((end, between(&rest[end..])?))) else { return out };
        out += sign;
        rest = &rest[end + sign.len()..];
    }
}

fn parameter(pair: &str) -> String {
    match pair.split_once('=') {
        Some((_, "")) => pair.to_owned(),
        Some((name, _)) if is_open(name) => pair.to_owned(),
        Some((name, _)) => format!("{name}={HIDDEN}"),
        None if looks_secret(pair) => HIDDEN.to_owned(),
        None => pair.to_owned(),
    }
}

fn is_open(name: &str) -> bool {
    OPEN_PARAMETERS.contains(&&*percent_decoded(name))
}

fn is_secret_segment(before: &str, segment: &str) -> bool {
    let before = before.to_ascii_lowercase().replace(['-', '_'], "");
    let is_told = TELLING_SEGMENTS.contains(&before.as_str()) && segment.len() >= MIN_SECRET;
    segment != HIDDEN && (is_told || looks_secret(segment))
}

/// Whether a text looks as no word does: long, of letters and digits without order.
pub(super) fn looks_secret(text: &str) -> bool {
    let text = percent_decoded(text);
    let count = |is: fn(&char) -> bool| text.chars().filter(is).count();
    let (all, digits) = (count(char::is_ascii_alphanumeric), count(char::is_ascii_digit));
    (all >= 32 && digits >= 6) || text.split(|c: char| !c.is_ascii_alphanumeric()).any(is_random)
}

/// Whether letters and digits without anything between them are too many, or change too often, for a word.
fn is_random(run: &str) -> bool {
    let bytes = run.as_bytes();
    let has = |is: fn(&u8) -> bool| bytes.iter().any(is);
    let turns = bytes.windows(2).filter(|pair| pair[0].is_ascii_digit() != pair[1].is_ascii_digit()).count();
    let letters_in_one_word = match (has(u8::is_ascii_uppercase), has(u8::is_ascii_lowercase)) {
        (true, true) => 20,
        (true, false) => 16,
        (false, true) => 24,
        // A number.
        (false, false) => 16,
    };
    match run.len() {
        0..10 => false,
        10..16 => turns >= 3,
        long => turns >= 2 || (turns == 0 && long >= letters_in_one_word),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(without_secrets_of_addresses(text), expected);
    }

    #[test]
    fn a_token_in_a_path_is_hidden_and_the_way_to_it_is_not() {
        check(
            "POST https://hooks.example/services/T01AB/B02CD/aB3dE5fG7hI9jK1lM3nO5pQ7: 404",
            "POST https://hooks.example/services/T01AB/B02CD/*** 404",
        );
        check(
            "https://hooks.example/services/T000/B000/XXXXXXXXXXXXXXXXXXXXXXXX",
            "https://hooks.example/services/T000/B000/***",
        );
        check("http://x/api/token/s3cret/alerts", "http://x/api/token/***/alerts");
        check("/bot123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc/send", "/***/send");
        check("http://x/webhook/0b8f7c1e-3d52-4c8e-9a51-6f2b7d90aa13/in", "http://x/webhook/***/in");
        check(r"https:\/\/x\/hook\/9f86d081884c7d659a2feaa0c55ad015", r"https:\/\/x\/hook\/***");
        check("http://x/%61B3dE5fG7hI9jK1l", "http://x/***");
    }

    #[test]
    fn parameters_show_what_is_asked_and_nothing_else() {
        check(
            "http://x/api/v1/query_range?query=up&start=1795357455&team=s3cret&match%5B%5D=up#s3cret=1",
            "http://x/api/v1/query_range?query=up&start=1795357455&team=***&match%5B%5D=up#s3cret=***",
        );
        check(
            "GET /feed?who=s3cret&amp;limit=5 \"?a=s3cret\\u0026b=s3cret\"",
            "GET /feed?who=***&amp;limit=5 \"?a=***\\u0026b=***\"",
        );
        check("http://x/?aB3dE5fG7hI9jK1l http://x/#aB3dE5fG7hI9jK1l", "http://x/?*** http://x/#***");
        check("http://x/?a=&b=***", "http://x/?a=&b=***");
    }

    #[test]
    fn words_of_paths_and_queries_stay() {
        for text in [
            "http://prometheus-k8s.monitoring.svc.cluster.local:9090/api/v1/query_range",
            "https://grafana.example/d/checkout-service/2026-11-22-0312-checkout-5xx",
            "/usr/local/share/kube-prometheus-stack-alertmanager/config-v1beta1.yaml",
            "query = \"sum(rate(http_requests_total{code=~\\\"5..\\\",job=~\\\"a?b\\\"}[5m])) / sum(rate(up[5m])) > 0.5\"",
            "node_filesystem_avail_bytes/node_filesystem_size_bytes # how full",
            "file:/run/secrets/prometheus-password",
            "- zone: America/Argentina/Buenos_Aires, 2026-11-22T03:14:05.123Z, /proc/12345/fd/17\n\n",
            "",
        ] {
            check(text, text);
        }
    }

    #[test]
    fn what_is_hidden_in_an_address_is_known_elsewhere() {
        let found = secrets_by_look("https://x/hook/aB3dE5fG7hI9jK1l/in?team=shop&to=1&k=9f86d081884c7d659a2f#x");
        assert_eq!(found, ["aB3dE5fG7hI9jK1l", "9f86d081884c7d659a2f"]);
        assert_eq!(secrets_by_look("api/token/s3cret"), ["s3cret"]);
        assert!(secrets_by_look("sum(rate(up{job=~\"a?b\"}[5m])) / 2").is_empty());
    }

    #[test]
    fn what_is_percent_encoded_has_two_spellings() {
        let both = |part| spellings(part).collect::<Vec<_>>();
        assert_eq!(both("a%2Fb%C3%A4%"), ["a%2Fb%C3%A4%", "a/bä%"]);
        assert_eq!(both("a%+fb+c"), ["a%+fb+c"]);
    }
}
