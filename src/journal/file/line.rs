//! One line of a journal, to bytes and back.
//!
//! Pure. The checksum covers the bytes as they stand, so a line is trusted only if it is exactly what was written.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    base::text,
    incident::{
        Id,
        event::{Entry, Event},
    },
};

/// The format this version writes: major, minor.
pub const FORMAT: (u32, u32) = (1, 0);

/// `,"crc":"01234567"}`
const SEAL: usize = 18;

/// The first line of a part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// `major.minor`.
    pub format: String,
    /// The incident's id.
    #[serde(default)]
    pub incident: String,
    /// The time at which this part was begun.
    #[serde(default)]
    pub created: Timestamp,
    /// Program and version that began it.
    #[serde(default)]
    pub writer: String,
    /// The part it continues.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<After>,
}

/// Where a part takes up the log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct After {
    /// The part before.
    pub file: String,
    /// The last number given there.
    pub seq: u64,
}

impl Header {
    /// A header as this version writes it.
    pub fn new(incident: &str, created: Timestamp, after: Option<After>) -> Self {
        Self {
            format: format!("{}.{}", FORMAT.0, FORMAT.1),
            incident: incident.to_owned(),
            created,
            writer: concat!("stanch ", env!("CARGO_PKG_VERSION")).to_owned(),
            after,
        }
    }

    /// Whether only a newer version may append.
    pub fn is_newer(&self) -> bool {
        let major = self.format.split('.').next().and_then(|text| text.parse::<u32>().ok());
        major.is_none_or(|major| major > FORMAT.0)
    }
}

/// Why a line cannot be trusted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    /// Its end is not a checksum.
    #[error("has no checksum")]
    NoChecksum,
    /// Its checksum is that of other bytes.
    #[error("does not match its checksum")]
    BadChecksum,
    /// It is whole, but not what belongs there.
    #[error("is not a journal line: {0}")]
    Misshapen(String),
    /// Its number was given before.
    #[error("has number {found}, which is not above {last}")]
    OutOfOrder {
        /// The number that the line has.
        found: u64,
        /// The highest number before it.
        last: u64,
    },
}

/// Adds the line of an entry to `out`.
pub fn encode(
    out: &mut Vec<u8>,
    seq: u64,
    id: Id,
    at: Timestamp,
    by: &str,
    event: &Event,
) -> Result<(), serde_json::Error> {
    #[derive(Serialize)]
    struct Line<'a> {
        seq: u64,
        id: Id,
        at: String,
        by: &'a str,
        event: &'a Event,
    }
    seal(out, &Line { seq, id, at: format!("{at:.3}"), by, event })
}

/// Adds the line of a header to `out`.
pub fn encode_header(out: &mut Vec<u8>, header: &Header) -> Result<(), serde_json::Error> {
    seal(out, header)
}

/// Reads the line of an entry; without its newline. Its words are scrubbed, the line stays as it is.
pub fn decode(line: &[u8]) -> Result<Entry, Damage> {
    check(line)?;
    Entry::from_json(line).map_err(misshapen)
}

/// Reads a header. A newer format is believed without a checksum, because what seals it is for that format to say.
pub fn decode_header(line: &[u8]) -> Result<Header, Damage> {
    let mut header = serde_json::from_slice::<Header>(line).map_err(misshapen);
    if !header.as_ref().is_ok_and(Header::is_newer) {
        check(line)?;
    }
    if let Ok(header) = &mut header {
        header.format = text::line(&header.format).into_owned();
    }
    header
}

/// The error may hold words of the line.
fn misshapen(error: serde_json::Error) -> Damage {
    Damage::Misshapen(text::line(&error.to_string()).into_owned())
}

fn seal(out: &mut Vec<u8>, value: &impl Serialize) -> Result<(), serde_json::Error> {
    let start = out.len();
    serde_json::to_writer(&mut *out, value)?;
    out.pop(); // the closing brace
    let crc = crc32c::crc32c(&out[start..]);
    out.extend_from_slice(format!(",\"crc\":\"{crc:08x}\"}}\n").as_bytes());
    Ok(())
}

/// Whether a line is exactly what was written.
pub fn is_whole(line: &[u8]) -> bool {
    check(line).is_ok()
}

fn check(line: &[u8]) -> Result<(), Damage> {
    let (body, seal) = line.split_at_checked(line.len().wrapping_sub(SEAL)).ok_or(Damage::NoChecksum)?;
    let digits = seal.strip_prefix(b",\"crc\":\"").and_then(|rest| rest.strip_suffix(b"\"}"));
    let digits = digits.ok_or(Damage::NoChecksum)?;
    // Compared as written: upper-case digits would be a flipped bit that goes unnoticed.
    let expected = format!("{:08x}", crc32c::crc32c(body));
    if digits == expected.as_bytes() { Ok(()) } else { Err(Damage::BadChecksum) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line() -> Vec<u8> {
        let mut out = Vec::new();
        let event = Event::Noted { text: "pods \"restart\"\nén masse".into(), when: None };
        let at = "2026-11-22T03:14:05.123987Z".parse().expect("a time");
        encode(&mut out, 12, Id::small(7), at, "alice@host", &event).expect("a line");
        out
    }

    #[test]
    fn the_line_is_as_the_contract_says() {
        let text = String::from_utf8(line()).expect("text");
        let body = r#"{"seq":12,"id":"00000000-0000-0000-0000-000000000007","at":"2026-11-22T03:14:05.123Z","by":"alice@host","event":{"kind":"noted","text":"pods \"restart\"\nén masse"}"#;
        assert_eq!(text, format!("{body},\"crc\":\"{:08x}\"}}\n", crc32c::crc32c(body.as_bytes())));
        // The check value of CRC-32C, so that other programs can compute it.
        assert_eq!(crc32c::crc32c(b"123456789"), 0xe306_9283);
    }

    #[test]
    fn any_flipped_bit_is_noticed() {
        let mut good = line();
        good.pop();
        assert!(decode(&good).is_ok());
        for bit in 0..good.len() * 8 {
            let mut bad = good.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            assert!(decode(&bad).is_err(), "bit {bit}: {}", String::from_utf8_lossy(&bad));
        }
    }

    #[test]
    fn short_lines_are_no_lines() {
        for line in ["", "{}", ",\"crc\":\"00000000\"}"] {
            assert!(decode(line.as_bytes()).is_err(), "{line}");
        }
    }

    #[test]
    fn what_is_said_of_a_line_is_harmless() {
        let mut line = "{\"seq\":\"a\u{9b}31m\u{202e}\"".as_bytes().to_vec();
        let crc = crc32c::crc32c(&line);
        line.extend_from_slice(format!(",\"crc\":\"{crc:08x}\"}}").as_bytes());
        let damage = decode(&line).expect_err("no entry").to_string();
        assert!(damage.contains("is not a journal line") && !damage.contains(['\u{9b}', '\u{202e}']), "{damage}");
        let header = decode_header("{\"format\":\"9\u{202e}\"}".as_bytes()).expect("a newer header");
        assert_eq!(header.format, "9");
    }

    #[track_caller]
    fn check_format(format: &str, newer: bool) {
        let header = Header { format: format.into(), ..Header::new("x", Timestamp::UNIX_EPOCH, None) };
        assert_eq!(header.is_newer(), newer, "{format}");
    }

    #[test]
    fn only_a_newer_major_format_is_newer() {
        check_format("1.0", false);
        check_format("1.7", false);
        check_format("2.0", true);
        check_format("2", true);
        check_format("next", true);
    }
}
