//! The words of JSON (RFC 8259) as they stand in a text: strings, numbers, names, signs.

use std::borrow::Cow;

use crate::readers::limits::Bytes;

/// What ends a run of characters in a string: a quote, a backslash, and what may not stand there.
static AFTER_RUN: Bytes = Bytes::of(
    b"\"\\\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\
      \x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f",
);

/// A place in a JSON text.
pub(super) struct Words<'a> {
    text: &'a str,
    at: usize,
}

/// The text is no JSON here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Malformed;

impl<'a> Words<'a> {
    pub(super) const fn of(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The first byte of the next word; `None` at the end of the text.
    pub(super) fn next(&mut self) -> Option<u8> {
        while let Some(byte) = self.byte() {
            if !matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
                return Some(byte);
            }
            self.at += 1;
        }
        None
    }

    /// Goes past a sign, where it is the next word.
    pub(super) fn takes(&mut self, sign: u8) -> bool {
        let is_next = self.next() == Some(sign);
        self.at += usize::from(is_next);
        is_next
    }

    /// `true`, `false` or `null`.
    pub(super) fn name(&mut self, name: &'static str) -> Result<(), Malformed> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        if !rest.starts_with(name) {
            return Err(Malformed);
        }
        self.at += name.len();
        Ok(())
    }

    /// A number, as it is written.
    pub(super) fn number(&mut self) -> Result<&'a str, Malformed> {
        let from = self.at;
        self.skip(b"-");
        if !self.skip(b"0") {
            self.digits()?;
        }
        if self.skip(b".") {
            self.digits()?;
        }
        if self.skip(b"eE") {
            self.skip(b"+-");
            self.digits()?;
        }
        self.text.get(from..self.at).ok_or(Malformed)
    }

    fn skip(&mut self, any: &[u8]) -> bool {
        let is_one = self.byte().is_some_and(|byte| any.contains(&byte));
        self.at += usize::from(is_one);
        is_one
    }

    fn digits(&mut self) -> Result<(), Malformed> {
        let from = self.at;
        while self.byte().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at > from {
            Ok(())
        } else {
            Err(Malformed)
        }
    }

    /// A string, from its quote on; copied only where something in it is escaped.
    pub(super) fn string(&mut self) -> Result<Cow<'a, str>, Malformed> {
        if !self.skip(b"\"") {
            return Err(Malformed);
        }
        let first = self.run()?;
        if self.skip(b"\"") {
            return Ok(Cow::Borrowed(first));
        }
        let mut text = first.to_owned();
        while self.skip(b"\\") {
            text.push(self.escaped()?);
            text.push_str(self.run()?);
        }
        if self.skip(b"\"") {
            Ok(Cow::Owned(text))
        } else {
            Err(Malformed)
        }
    }

    /// Characters up to a quote, a backslash, or one that may not stand in a string.
    fn run(&mut self) -> Result<&'a str, Malformed> {
        let rest = self.text.get(self.at..).ok_or(Malformed)?;
        let length = rest
            .bytes()
            .position(|byte| AFTER_RUN.has(byte))
            .ok_or(Malformed)?;
        self.at += length;
        rest.get(..length).ok_or(Malformed)
    }

    /// What follows a backslash.
    fn escaped(&mut self) -> Result<char, Malformed> {
        let letter = self.byte().ok_or(Malformed)?;
        self.at += 1;
        Ok(match letter {
            b'"' | b'\\' | b'/' => char::from(letter),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let unit = self.unit()?;
                let pair = (0xd800..0xdc00).contains(&unit);
                let low = if pair && self.skip(b"\\") && self.skip(b"u") {
                    Some(self.unit()?)
                } else {
                    None
                };
                let mut decoded = char::decode_utf16([unit].into_iter().chain(low));
                match (decoded.next(), decoded.next()) {
                    (Some(Ok(c)), None) => c,
                    _ => return Err(Malformed),
                }
            }
            _ => return Err(Malformed),
        })
    }

    /// Four hexadecimal digits.
    fn unit(&mut self) -> Result<u16, Malformed> {
        let digits = self.text.get(self.at..self.at + 4).ok_or(Malformed)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(Malformed);
        }
        self.at += 4;
        u16::from_str_radix(digits, 16).map_err(|_| Malformed)
    }
}
