//! The Dutch citizen service number (burgerservicenummer, BSN).

use core::fmt;

use serde::Serialize;
use zeroize::Zeroize;

/// OID of the BSN as an identification system (HL7 Netherlands).
pub const BSN_OID: &str = "2.16.840.1.113883.2.4.6.3";

/// Numbers that are published for tests: fictitious, all of them.
pub const TEST_BSNS: [&str; 13] = [
    "555555914",
    "999900006",
    "999900444",
    "999900456",
    "999901163",
    "999910942",
    "999911016",
    "999911120",
    "999990068",
    "999990238",
    "012345672",
    "900186021",
    "123456782",
];

/// A BSN that passed the eleven-test: always nine digits, leading zero included.
///
/// It has no `Display` and its `Debug` hides the number, so that it cannot slip
/// into a diagnostic. [`Bsn::reveal`] is the one way out, easy to search for.
///
/// The digits stand on the heap: a value that is moved about leaves a copy on the stack at
/// every place it was, and there nothing wipes it.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Bsn(Box<[u8; 9]>);

impl Drop for Bsn {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl Bsn {
    /// Reads a BSN as typed, scanned or received.
    ///
    /// Accepts eight digits (the leading zero was lost) and the separators
    /// people use: spaces, dots and hyphens between digits.
    ///
    /// # Errors
    /// Says which rule the text breaks; never contains the text.
    pub fn parse(text: &str) -> Result<Self, BsnError> {
        let mut digits = Box::new([0_u8; 9]);
        let mut count = 0_usize;
        for ch in text.trim().chars() {
            match ch {
                '0'..='9' => {
                    let slot = digits.get_mut(count).ok_or(BsnError::Length)?;
                    *slot = ch as u8 - b'0';
                    count += 1;
                }
                ' ' | '.' | '-' | '\u{a0}' | '\u{202f}' => {}
                _ => return Err(BsnError::NotDigits),
            }
        }
        match count {
            9 => {}
            8 => digits.rotate_right(1),
            _ => return Err(BsnError::Length),
        }
        if *digits == [0; 9] {
            return Err(BsnError::Zero);
        }
        let weights = [9_i32, 8, 7, 6, 5, 4, 3, 2, -1];
        let sum: i32 = digits
            .iter()
            .zip(weights)
            .map(|(d, w)| i32::from(*d) * w)
            .sum();
        if sum % 11 != 0 {
            return Err(BsnError::ElevenTest);
        }
        for digit in digits.iter_mut() {
            *digit += b'0';
        }
        Ok(Self(digits))
    }

    /// The nine digits. For the wire, the banner and the sealed log only.
    #[must_use]
    pub fn reveal(&self) -> &str {
        // Digits only, by construction.
        core::str::from_utf8(self.0.as_slice()).unwrap_or_default()
    }
}

impl fmt::Debug for Bsn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Bsn(hidden)")
    }
}

/// Why a text is not a BSN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BsnError {
    /// Something else than digits and separators: probably a typing error.
    NotDigits,
    /// Not eight or nine digits.
    Length,
    /// Nine zeros: a placeholder, no person.
    Zero,
    /// The eleven-test fails: a digit is wrong or two were swapped.
    ElevenTest,
}

impl fmt::Display for BsnError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotDigits => "a BSN consists of digits only",
            Self::Length => "a BSN has nine digits",
            Self::Zero => "nine zeros are no BSN",
            Self::ElevenTest => "this number fails the eleven-test: check it for a typing error",
        })
    }
}

impl std::error::Error for BsnError {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_fieldtest_numbers_pass() {
        for text in TEST_BSNS {
            assert!(
                Bsn::parse(text).is_ok_and(|bsn| bsn.reveal() == text),
                "a listed test BSN must pass: {text}"
            );
        }
    }

    #[test]
    fn a_lost_leading_zero_is_restored() {
        assert_eq!(Bsn::parse("12345672").unwrap().reveal(), "012345672");
    }

    #[test]
    fn separators_are_allowed_and_letters_are_not() {
        assert_eq!(Bsn::parse("9999 00 006").unwrap().reveal(), "999900006");
        assert_eq!(Bsn::parse("99990000a"), Err(BsnError::NotDigits));
    }

    #[test]
    fn nine_zeros_are_refused() {
        assert_eq!(Bsn::parse("000000000"), Err(BsnError::Zero));
        assert_eq!(Bsn::parse("00000000"), Err(BsnError::Zero));
    }

    #[test]
    fn debug_never_shows_the_number() {
        assert!(!format!("{:?}", Bsn::parse("999900006").unwrap()).contains("9999"));
    }

    proptest! {
        #[test]
        fn changing_one_digit_is_always_found(at in 0_usize..9, to in 0_u8..10) {
            let mut digits: Vec<u8> = b"999900006".to_vec();
            let changed = digits[at] != b'0' + to;
            digits[at] = b'0' + to;
            let text = String::from_utf8(digits).unwrap();
            prop_assert_eq!(Bsn::parse(&text).is_err(), changed);
        }

        #[test]
        fn any_text_is_answered_without_panic(text in ".{0,40}") {
            let _ = Bsn::parse(&text);
        }
    }
}
