//! Addresses that the terminal makes clickable (OSC 8): those the application names, where they stand on the screen.
//!
//! Nothing else is linked, however much it looks like an address. One that is cut on the screen, or goes on in the next line,
//! leads to the whole of it. A terminal is not asked whether it takes them: what it calls itself tells.
#![expect(clippy::disallowed_methods, reason = "what the terminal can do stands in the environment")]

use std::{env, io::Write, ops::Range, sync::Arc};

use ratatui::{
    buffer::{Buffer, Cell},
    layout::Rect,
};

/// Longest address that is linked, in bytes: terminals pass over longer ones.
const LONGEST: usize = 2083;

/// Part of an address on a line of the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Link {
    y: u16,
    x: Range<u16>,
    to: Arc<str>,
}

/// What a cell is taken to show that is to be painted again: no text has it, because it is no character.
const NOTHING_SHOWN: &str = "\u{fffff}";

/// Whether this terminal takes links; `wished` is what the configuration says.
pub fn are_taken(wished: Option<bool>) -> bool {
    wished.unwrap_or_else(|| {
        let is_in_tmux = env::var_os("TMUX").is_some();
        are_taken_by(&env::var("TERM").unwrap_or_default(), is_in_tmux)
    })
}

/// Those that are known to take them, or to pass over them without a trace.
fn are_taken_by(term: &str, is_in_tmux: bool) -> bool {
    const KNOWN: [&str; 11] =
        ["xterm", "tmux", "alacritty", "foot", "kitty", "ghostty", "wezterm", "konsole", "vte", "iterm", "contour"];
    is_in_tmux || KNOWN.iter().any(|known| term.starts_with(known))
}

/// Keeps the links of a patch. Cells that led elsewhere before are taken for not shown yet.
pub(super) fn renew(links: &mut Vec<Link>, shown: &mut Buffer, patch: &Buffer, addresses: &[String]) {
    let new = Link::all_in(patch, addresses);
    let old: Vec<Link> = links.extract_if(.., |link| link.is_within(patch.area)).collect();
    let moved = new.iter().filter(|link| !old.contains(link)).chain(old.iter().filter(|link| !new.contains(link)));
    for link in moved {
        for cell in link.cells_of(shown) {
            cell.set_symbol(NOTHING_SHOWN);
        }
    }
    links.extend(new);
}

impl Link {
    /// Where the addresses stand in a patch.
    fn all_in(patch: &Buffer, addresses: &[String]) -> Vec<Self> {
        let addresses: Vec<&String> = addresses.iter().filter(|address| is_fit(address)).collect();
        let mut links: Vec<Self> = Vec::new();
        if addresses.is_empty() {
            return links;
        }
        for at in patch.area.positions().filter(|at| patch[*at].symbol() == "h") {
            if links.iter().any(|link| link.has(at.x, at.y)) {
                continue;
            }
            let run = run(patch, at.x, at.y);
            let mut begun = addresses.iter().filter(|address| address.starts_with(&run)).peekable();
            let Some(first) =
                begun.peek().copied().filter(|_| run.starts_with("http://") || run.starts_with("https://"))
            else {
                continue;
            };
            let to = begun.clone().find(|address| ***address == run);
            let is_only_one = begun.all(|address| address == first);
            if let Some(to) = to.or(Some(first).filter(|_| is_only_one))
                && let Some(lines) = lines(patch, at.x, at.y, run.len() as u16, to)
            {
                let to: Arc<str> = to.as_str().into();
                links.extend(lines.into_iter().map(|(y, x)| Self { y, x, to: Arc::clone(&to) }));
            }
        }
        links
    }

    pub fn has(&self, x: u16, y: u16) -> bool {
        self.y == y && self.x.contains(&x)
    }

    fn is_within(&self, area: Rect) -> bool {
        area.intersects(Rect { x: self.x.start, y: self.y, width: self.x.len() as u16, height: 1 })
    }

    /// The cells of it, as far as a buffer has them.
    fn cells_of<'b>(&self, buf: &'b mut Buffer) -> &'b mut [Cell] {
        let (area, x) = (buf.area, self.x.start..self.x.end.min(buf.area.right()));
        if self.y >= area.bottom() || x.is_empty() {
            return &mut [];
        }
        let at = buf.index_of(x.start, self.y);
        &mut buf.content[at..at + x.len()]
    }

    /// Has what is written from now on lead there.
    pub fn begin(&self, out: &mut impl Write) {
        let _ = write!(out, "\x1b]8;;{}\x1b\\", self.to);
    }

    /// Has what is written from now on lead nowhere.
    pub fn end(out: &mut impl Write) {
        let _ = out.write_all(b"\x1b]8;;\x1b\\");
    }
}

/// An address for a browser, without anything that a terminal could take for something else.
fn is_fit(address: &str) -> bool {
    let is_web = address.starts_with("http://") || address.starts_with("https://");
    is_web && address.len() <= LONGEST && address.bytes().all(|byte| byte.is_ascii_graphic())
}

/// What stands from a cell on, up to the first that is no part of an address.
fn run(patch: &Buffer, x: u16, y: u16) -> String {
    let cells = (x..patch.area.right()).map(|x| patch[(x, y)].symbol());
    cells.take_while(|symbol| symbol.len() == 1 && symbol.as_bytes()[0].is_ascii_graphic()).collect()
}

/// The lines on which an address stands that begins here with so many letters; nothing when it is not this address.
fn lines(patch: &Buffer, x: u16, y: u16, letters: u16, address: &str) -> Option<Vec<(u16, Range<u16>)>> {
    let mut lines = vec![(y, x..x + letters)];
    let mut rest = &address[usize::from(letters)..];
    let mut end = x + letters;
    for y in y + 1.. {
        let is_cut = end < patch.area.right() && patch[(end, y - 1)].symbol() == "…";
        if rest.is_empty() || is_cut {
            break;
        }
        // It goes on below its beginning, or it is another one.
        let more = if y < patch.area.bottom() { run(patch, x, y) } else { String::new() };
        rest = rest.strip_prefix(more.as_str()).filter(|_| !more.is_empty())?;
        end = x + more.len() as u16;
        lines.push((y, x..end));
    }
    Some(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminals_that_are_not_known_to_take_links_get_none() {
        for (term, tmux, expected) in [
            ("xterm-256color", false, true),
            ("xterm-kitty", false, true),
            ("tmux-256color", true, true),
            ("screen-256color", true, true),
            ("screen-256color", false, false),
            ("linux", false, false),
            ("dumb", false, false),
            ("vt100", false, false),
            ("", false, false),
        ] {
            assert_eq!(are_taken_by(term, tmux), expected, "{term}");
        }
        assert!(are_taken(Some(true)) && !are_taken(Some(false)));
    }

    #[track_caller]
    fn check(lines: &[&str], addresses: &[&str], expected: &[(u16, &str, &str)]) {
        let patch = Buffer::with_lines(lines.iter().copied());
        let addresses: Vec<String> = addresses.iter().map(|address| (*address).to_owned()).collect();
        let found = Link::all_in(&patch, &addresses);
        let shown = |link: &Link| link.x.clone().map(|x| patch[(x, link.y)].symbol()).collect::<String>();
        let found: Vec<_> = found.iter().map(|link| (link.y, shown(link), link.to.to_string())).collect();
        let expected: Vec<_> = expected.iter().map(|(y, on, to)| (*y, (*on).to_owned(), (*to).to_owned())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn what_is_named_is_linked_where_it_stands() {
        let known = ["https://wiki.example/errors", "http://grafana/d/1"];
        check(
            &["runbook https://wiki.example/errors", "see http://grafana/d/1 or http://grafana/d/12"],
            &known,
            &[(0, known[0], known[0]), (1, known[1], known[1])],
        );
        check(&["a https://wiki.exam…"], &known, &[(0, "https://wiki.exam", known[0])]);
        check(
            &["| https://wiki.ex |", "| ample/errors    |"],
            &known,
            &[(0, "https://wiki.ex", known[0]), (1, "ample/errors", known[0])],
        );
        check(&["https://wiki.ex is down"], &known, &[]);
        check(&["https://wiki.exam…"], &["https://wiki.example/a", "https://wiki.example/b"], &[]);
        check(&["https://elsewhere/"], &known, &[]);
        check(&["https://wiki.example/errors"], &[], &[]);
    }

    #[test]
    fn what_looks_the_same_and_leads_elsewhere_is_painted_again() {
        let patch = Buffer::with_lines(["a https://wiki.exam… b"]);
        let (mut shown, mut links) = (patch.clone(), Vec::new());
        let to = |address: &str| vec![format!("https://wiki.example/{address}")];
        renew(&mut links, &mut shown, &patch, &to("errors"));
        let is_new = |shown: &Buffer| (0..22).filter(|x| shown[(*x, 0)] != patch[(*x, 0)]).collect::<Vec<u16>>();
        assert_eq!(is_new(&shown), (2..19).collect::<Vec<_>>(), "nothing was a link before");
        let mut shown = patch.clone();
        renew(&mut links, &mut shown, &patch, &to("errors"));
        assert!(is_new(&shown).is_empty());
        renew(&mut links, &mut shown, &patch, &to("latency"));
        assert_eq!(is_new(&shown).len(), 17);
        assert_eq!(links.len(), 1);
        let mut shown = patch.clone();
        renew(&mut links, &mut shown, &patch, &[]);
        assert_eq!((is_new(&shown).len(), links.len()), (17, 0), "what is a link no more is painted again, too");
    }

    #[test]
    fn what_could_be_more_than_an_address_is_none() {
        for address in ["ftp://a/b", "javascript:x", "http://a/\u{7}b", "http://a/\u{1b}\\", "http://a b", "http://ä/"]
        {
            check(&[address], &[address], &[]);
        }
    }
}
