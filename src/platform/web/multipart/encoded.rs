//! `application/x-www-form-urlencoded`, as the URL standard reads it, except that bytes which are
//! no UTF-8 are an error and not quietly replaced.

use futures_util::StreamExt;

use super::tap::State;
use super::{Form, Why};

/// An encoded byte takes three at most; the rest is for "&" and "=".
const PER_BYTE: usize = 3;

pub(super) async fn read(form: &mut Form) {
    let most = form.limits.text_bytes * PER_BYTE + form.limits.fields * 2;
    let mut body: Vec<u8> = Vec::new();
    let mut tap = form.tap.clone();
    while let Some(chunk) = tap.next().await {
        let Ok(chunk) = chunk else { break };
        let room = most - body.len();
        if chunk.len() > room {
            form.fail(Why::TextTooLong {
                max_bytes: form.limits.text_bytes,
            });
        }
        body.extend_from_slice(chunk.get(..room).unwrap_or(&chunk));
    }
    match tap.state() {
        State::TimedOut => form.fail(Why::TooSlow),
        State::Broken => form.fail(Why::BrokenOff),
        State::Open | State::Ended | State::Overflowed => {}
    }
    for pair in body.split(|b| *b == b'&').filter(|pair| !pair.is_empty()) {
        let mut halves = pair.splitn(2, |b| *b == b'=');
        let name = decode(halves.next().unwrap_or_default());
        let value = decode(halves.next().unwrap_or_default());
        form.add(&name, &value);
        if matches!(form.why, Some(Why::TooManyFields { .. })) {
            break;
        }
    }
}

/// "+" is a space, "%41" an "A"; a "%" that begins nothing is itself.
fn decode(text: &[u8]) -> Vec<u8> {
    let digit = |at: usize| text.get(at).and_then(|b| char::from(*b).to_digit(16));
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        let pair = if *byte == b'%' {
            digit(at + 1).zip(digit(at + 2))
        } else {
            None
        };
        at += if pair.is_some() { 3 } else { 1 };
        out.push(match (pair, byte) {
            (Some((high, low)), _) => (high * 16 + low) as u8,
            (None, b'+') => b' ',
            (None, byte) => *byte,
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decoding() {
        for (text, bytes) in [
            ("", &b""[..]),
            ("a+b%20c", b"a b c"),
            ("%C3%a4", "ä".as_bytes()),
            ("%", b"%"),
            ("%4", b"%4"),
            ("%zz%41", b"%zzA"),
            ("%%41", b"%A"),
            ("%00%ff", b"\0\xff"),
            ("ä", "ä".as_bytes()),
        ] {
            assert_eq!(decode(text.as_bytes()), bytes, "{text}");
        }
    }
}
