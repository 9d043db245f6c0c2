//! The body of an answer while it comes: read by who decodes it, and gone once it was read.
//!
//! A storm of alerts is many times as large as what is kept of it, so it is never there as a whole.

use std::io::{self, Read};

use serde::de::DeserializeSeed;
use tokio::sync::mpsc;

use super::{repair, wire};
use crate::signal::Fault;

/// How much of the beginning is kept to be quoted, in bytes.
const BEGINNING: usize = 256;

/// A body, as text: what is no UTF-8, and half a surrogate pair, is replaced on the way.
pub(super) struct StreamingBody {
    /// What came last, and how much of it was read.
    piece: Vec<u8>,
    at: usize,
    /// The first bytes of a letter or of an escape whose others have yet to come.
    cut: Vec<u8>,
    more: Option<mpsc::Receiver<Vec<u8>>>,
    beginning: Vec<u8>,
    bytes: usize,
}

impl StreamingBody {
    /// What has come already, and what will. Reading waits for it: not for threads that serve others.
    pub(super) fn new(come: Vec<u8>, more: Option<mpsc::Receiver<Vec<u8>>>) -> Self {
        let come = if come.starts_with(repair::MARK) { come[repair::MARK.len()..].to_vec() } else { come };
        let beginning = come[..come.len().min(BEGINNING)].to_vec();
        let mut new = Self { piece: Vec::new(), at: 0, cut: Vec::new(), more, beginning, bytes: 0 };
        new.put(come);
        new
    }

    /// Decodes JSON; `what` names what was expected: `a list of alerts`.
    pub(super) fn decode<S: DeserializeSeed<'static>>(mut self, seed: S, what: &str) -> Result<S::Value, Fault> {
        let mut json = serde_json::Deserializer::from_reader(&mut self);
        let decoded = seed.deserialize(&mut json).and_then(|value| json.end().map(|()| value));
        decoded.map_err(|error| {
            let begins = String::from_utf8_lossy(&self.beginning);
            wire::malformed(begins.trim(), self.bytes, what, &error)
        })
    }

    fn put(&mut self, new: Vec<u8>) {
        self.bytes += new.len();
        let mut piece = std::mem::take(&mut self.cut);
        if piece.is_empty() {
            piece = new;
        } else {
            piece.extend(new);
        }
        if std::str::from_utf8(&piece).is_err() {
            self.cut = piece.split_off(piece.len() - cut_off(&piece));
            if std::str::from_utf8(&piece).is_err() {
                piece = String::from_utf8_lossy(&piece).into_owned().into_bytes();
            }
        }
        let settled = repair::surrogates(&mut piece, true);
        let mut cut = piece.split_off(settled);
        if !cut.is_empty() {
            cut.append(&mut self.cut);
            self.cut = cut;
        }
        (self.piece, self.at) = (piece, 0);
    }

    /// Waits for more; whether there is any.
    #[cold]
    fn refill(&mut self) -> bool {
        while self.at == self.piece.len() {
            match self.more.as_mut().and_then(mpsc::Receiver::blocking_recv) {
                Some(piece) => self.put(piece),
                None if self.cut.is_empty() => return false,
                None => {
                    let mut cut = std::mem::take(&mut self.cut);
                    repair::surrogates(&mut cut, false);
                    (self.piece, self.at) = (String::from_utf8_lossy(&cut).into_owned().into_bytes(), 0);
                }
            }
        }
        true
    }
}

impl Read for StreamingBody {
    #[inline]
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.at == self.piece.len() && !self.refill() {
            return Ok(0);
        }
        // The decoder wants one byte at a time.
        if let ([first], Some(byte)) = (&mut *into, self.piece.get(self.at)) {
            *first = *byte;
            self.at += 1;
            return Ok(1);
        }
        let read = (&self.piece[self.at..]).read(into)?;
        self.at += read;
        Ok(read)
    }
}

/// How many bytes at the end begin a letter that goes on.
fn cut_off(piece: &[u8]) -> usize {
    let last = piece.iter().rev().take(3).position(|byte| byte & 0b1100_0000 != 0b1000_0000);
    let Some(behind) = last else { return 0 };
    let length = match piece[piece.len() - 1 - behind] {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => 1,
    };
    if behind + 1 < length { behind + 1 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(body: &[u8], pieces_of: usize) {
        let (sender, more) = mpsc::channel(body.len() + 1);
        let mut pieces = body.chunks(pieces_of).map(<[u8]>::to_vec);
        let mut streaming = StreamingBody::new(pieces.next().unwrap_or_default(), Some(more));
        pieces.for_each(|piece| sender.try_send(piece).expect("room"));
        drop(sender);
        let mut text = String::new();
        streaming.read_to_string(&mut text).expect("text");
        assert_eq!(text, String::from_utf8_lossy(body), "in pieces of {pieces_of}");
        assert_eq!(streaming.bytes, body.len());
    }

    #[test]
    fn half_a_surrogate_pair_is_replaced_wherever_a_body_is_cut() {
        let body = br#"["\\udcff","\udcff\ud83d\ude00\ud83d"]"#;
        for pieces_of in 1..body.len() {
            let (sender, more) = mpsc::channel(body.len() + 1);
            body.chunks(pieces_of).for_each(|piece| sender.try_send(piece.to_vec()).expect("room"));
            drop(sender);
            let streaming = StreamingBody::new(Vec::new(), Some(more));
            let read = streaming.decode(std::marker::PhantomData::<Vec<String>>, "texts").expect("texts");
            assert_eq!(read, ["\\udcff", "\u{fffd}\u{1f600}\u{fffd}"], "in pieces of {pieces_of}");
        }
    }

    #[test]
    fn letters_are_whole_wherever_a_body_is_cut() {
        let whole = "a€ü😀 日本\n".as_bytes();
        let broken = b"\xff\xf0\x9f\x98 \xe2\x82x\xc3\x80\x80\x80\xf0\x9f";
        for pieces_of in 1..6 {
            check(whole, pieces_of);
            check(broken, pieces_of);
            check(b"", pieces_of);
        }
    }
}
