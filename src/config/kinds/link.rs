//! Addresses at which the user interfaces of sources show a query, with absolute times: the same is seen there next week.

use super::Viewed;

/// Prometheus' own graph.
pub(super) fn prometheus_graph(viewed: &Viewed<'_>) -> String {
    let (_, end) = viewed.window.bounds(viewed.now);
    let mut url = format!("{}/graph?g0.expr=", viewed.url.trim_end_matches('/'));
    for byte in viewed.query.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => url.push(char::from(byte)),
            _ => url.push_str(&format!("%{byte:02X}")),
        }
    }
    let seconds = viewed.window.span.as_secs();
    let end = end.strftime("%Y-%m-%d%%20%H%%3A%M%%3A%S");
    format!("{url}&g0.tab=0&g0.range_input={seconds}s&g0.end_input={end}")
}
